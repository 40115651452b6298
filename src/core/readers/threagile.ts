import type { ElementKind } from "../domain/stride.ts";
import type {
  ModelBoundary,
  ModelElement,
  ModelFlow,
  ModelPassage,
  ReadModel,
  Stated,
  ThreatModel,
} from "../domain/threat-model.ts";
import { emptyModel } from "../domain/threat-model.ts";
import { type Cursor, openForeign } from "./cursor.ts";
import { elementsDiagram, finishForeign, statedFacts, unreadable } from "./foreign.ts";
import { known } from "./known.ts";
import { textOfHtml } from "./markdown/html.ts";
import type { ModelReader } from "./reader.ts";
import { identified, tracked } from "./threagile-threats.ts";
import { topLevelKeys } from "./top-level-keys.ts";

/**
 * Threagile. Threats are the individually identified risks and the tracked ones; what its engine works out when run is
 * not in the file. Source: `support/schema.json` of Threagile/threagile.
 */
export const reader: ModelReader = {
  name: "threagile",
  wants: (path) => /\.(ya?ml|json)$/i.test(path),
  recognises: (_path, text) => {
    const keys = topLevelKeys(text);
    return (
      keys.has("threagile_version") ||
      (keys.has("technical_assets") && (keys.has("data_assets") || keys.has("trust_boundaries")))
    );
  },
  read,
};

function read(path: string, text: string): ReadModel {
  const opened = openForeign(path, text);
  if ("problem" in opened) return unreadable("threagile", opened.problem);
  const { root } = opened;
  const dataNames = new Map(
    root
      .at("data_assets")
      .named()
      .map(([name, asset]) => [asset.at("id").text() ?? name ?? "", name ?? ""] as const),
  );
  const boundaryOf = boundariesByAsset(root);
  const elements: ModelElement[] = [];
  const flows: ModelFlow[] = [];
  for (const [name, asset] of root.at("technical_assets").named()) {
    const element = elementOf(name, asset, dataNames, boundaryOf);
    elements.push(element);
    for (const [title, link] of asset.at("communication_links").named())
      flows.push(flowOf(element.id, title ?? link.at("title").text(), link, dataNames));
  }
  const boundaries = boundariesOf(root);
  const threats = [...identified(root), ...tracked(root)];
  const author = root.at("author", "name").stated();
  const checkers = new Set<string>();
  const model: ThreatModel = {
    ...emptyModel("threagile", [path]),
    system: systemOf(root),
    elements,
    flows,
    boundaries,
    diagrams: elementsDiagram({ flows, boundaries }),
    threats,
    documentation: known({
      owner: author,
      authors: [
        ...(author === undefined ? [] : [author]),
        ...root
          .at("contributors")
          .items()
          .flatMap((one) => one.at("name").stated() ?? []),
      ],
      date: root.at("date").stated(),
      reviewers: root
        .at("risk_tracking")
        .entries()
        .flatMap(([, entry]): Stated[] => {
          const by = entry.at("checked_by").stated();
          if (by === undefined || checkers.has(by.text)) return [];
          checkers.add(by.text);
          return [by];
        }),
    }),
    passages: passagesOf(root),
    uncounted: [],
  };
  return finishForeign("threagile", model, []);
}

const kinds: Readonly<Record<string, ElementKind>> = {
  "external-entity": "external",
  process: "process",
  datastore: "store",
};

function elementOf(
  name: string | undefined,
  asset: Cursor,
  dataNames: ReadonlyMap<string, string>,
  boundaryOf: ReadonlyMap<string, string>,
): ModelElement {
  const id = asset.at("id").text() ?? name ?? "";
  const place = asset.place();
  const held = [...asset.at("data_assets_stored").texts(), ...asset.at("data_assets_processed").texts()];
  const encryption = asset.at("encryption").text();
  const kind = kinds[asset.at("type").text() ?? ""] ?? "process";
  return known({
    id,
    name: name ?? asset.at("title").text() ?? id,
    kind,
    technology: asset.at("technology").text() ?? asset.at("technologies").texts()[0],
    boundary: boundaryOf.get(id),
    data: [...new Set(held)].map((data) => dataNames.get(data) ?? data),
    files: [],
    facts: statedFacts(place, {
      "internet-facing": asset.at("internet").flag(),
      "multi-tenant": asset.at("multi_tenant").flag(),
      "encrypted-at-rest": kind !== "store" || encryption === undefined ? undefined : encryption !== "none",
    }),
    place,
  });
}

function flowOf(
  from: string,
  title: string | undefined,
  link: Cursor,
  dataNames: ReadonlyMap<string, string>,
): ModelFlow {
  const place = link.place();
  const to = link.at("target").text() ?? "";
  const authentication = link.at("authentication").text();
  const protocol = link.at("protocol").text();
  const moved = [...link.at("data_assets_sent").texts(), ...link.at("data_assets_received").texts()];
  return known({
    id: `${from}>${(title ?? to).toLowerCase().replace(/[^a-z0-9]+/g, "-")}`,
    name: title,
    from,
    to,
    data: [...new Set(moved)].map((data) => dataNames.get(data) ?? data),
    protocol,
    facts: statedFacts(place, {
      authenticated: authentication === undefined ? undefined : authentication !== "none",
      "encrypted-in-transit": protocol === undefined ? undefined : encryptedProtocol(protocol, link.at("vpn").flag()),
    }),
    place,
  });
}

/** Protocols that Threagile's own rules count as encrypted; undefined where the name does not say. */
function encryptedProtocol(protocol: string, vpn: boolean | undefined): boolean | undefined {
  if (
    vpn === true ||
    /-encrypted$|^(https|wss|reverse-proxy-web-protocol-encrypted|ssh|sftp|scp|ldaps|smtp-encrypted|pop3-encrypted|imap-encrypted|ftps|mqtts?-encrypted|iiop-encrypted|jrmp-encrypted)$/.test(
      protocol,
    )
  )
    return true;
  if (
    /^(http|ws|ftp|ldap|jdbc|odbc|nosql-access-protocol|sql-access-protocol|smtp|pop3|imap|mqtt|jms|nfs|smb|iiop|jrmp|xmpp)$/.test(
      protocol,
    )
  )
    return false;
  return undefined;
}

function boundariesByAsset(root: Cursor): Map<string, string> {
  const found = new Map<string, string>();
  for (const [name, boundary] of root.at("trust_boundaries").named())
    for (const asset of boundary.at("technical_assets_inside").texts())
      found.set(asset, boundary.at("id").text() ?? name ?? "");
  return found;
}

function boundariesOf(root: Cursor): ModelBoundary[] {
  const parents = new Map<string, string>();
  const all = root.at("trust_boundaries").named();
  for (const [name, boundary] of all)
    for (const nested of boundary.at("trust_boundaries_nested").texts())
      parents.set(nested, boundary.at("id").text() ?? name ?? "");
  return all.map(([name, boundary]) => {
    const id = boundary.at("id").text() ?? name ?? "";
    return known({ id, name: name ?? id, parent: parents.get(id), place: boundary.place() });
  });
}

/** What the system is: in one text, or in an overview of the business and one of the technology. */
function descriptionOf(root: Cursor): Stated | undefined {
  const whole =
    root.at("application_description", "description").stated() ?? root.at("application_description").stated();
  if (whole !== undefined) return { ...whole, text: textOfHtml(whole.text) };
  const overviews = ["business_overview", "technical_overview"].flatMap(
    (field) => root.at(field, "description").stated() ?? [],
  );
  const [first] = overviews;
  if (first === undefined) return undefined;
  return { ...first, text: [...new Set(overviews.map(({ text }) => textOfHtml(text)))].join("\n") };
}

function systemOf(root: Cursor): ThreatModel["system"] {
  return known({
    name: root.at("title").stated(),
    description: descriptionOf(root),
    owner: root.at("author", "name").stated(),
    users: [],
    data: root
      .at("data_assets")
      .named()
      .map(([name, asset]) =>
        known({
          name: name ?? asset.at("id").text() ?? "",
          classification: asset.at("confidentiality").text(),
          place: asset.place(),
        }),
      ),
    links: [],
    criticality: root.at("business_criticality").stated(),
  });
}

function passagesOf(root: Cursor): ModelPassage[] {
  const found: ModelPassage[] = [];
  const abuse = [...root.at("abuse_cases").entries(), ...root.at("security_requirements").entries()];
  const [first] = abuse;
  if (first !== undefined)
    found.push({
      deliverable: "stories",
      strength: "part",
      what: "abuse cases and security requirements",
      place: first[1].place(),
    });
  const checked = root
    .at("risk_tracking")
    .entries()
    .find(([, entry]) => entry.at("checked_by").text() !== undefined);
  if (checked !== undefined)
    found.push({ deliverable: "validation", strength: "part", what: "who checked a risk", place: checked[1].place() });
  const rated = root
    .at("data_assets")
    .named()
    .find(([, asset]) => asset.at("confidentiality").text() !== undefined);
  if (rated !== undefined)
    found.push({ deliverable: "risk", strength: "part", what: "ratings of the data", place: rated[1].place() });
  return found;
}
