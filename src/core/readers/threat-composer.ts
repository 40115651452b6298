import type { ThreatStatus } from "../domain/threat.ts";
import { shortDigest } from "../domain/threat-id.ts";
import type {
  ModelControl,
  ModelDiagram,
  ModelPassage,
  ModelThreat,
  ReadModel,
  ThreatModel,
} from "../domain/threat-model.ts";
import { emptyModel } from "../domain/threat-model.ts";
import { isSubstantive } from "../text/placeholders.ts";
import { type Cursor, openForeign } from "./cursor.ts";
import { finishForeign, threatIdOf, unreadable } from "./foreign.ts";
import { known } from "./known.ts";
import type { ModelReader } from "./reader.ts";
import { topLevelKeys } from "./top-level-keys.ts";
import { ratingOf, riskLevelOf, strideOf } from "./words.ts";

/**
 * AWS Threat Composer, schema 1. Threats are statements with metadata; diagrams are images inside the file, so elements
 * cannot be counted. A threat without a status has not been resolved. Source: `schemas/threat-composer-v1.schema.json`
 * of awslabs/threat-composer.
 */
export const reader: ModelReader = {
  name: "threat-composer",
  wants: (path) => /\.json$/i.test(path),
  recognises: (path, text) => {
    const keys = topLevelKeys(text);
    const own = ["applicationInfo", "mitigationLinks", "assumptionLinks", "threats", "mitigations"].filter((key) =>
      keys.has(key),
    ).length;
    return keys.has("applicationInfo") || (keys.has("schema") && own >= 2) || (/\.tc\.json$/i.test(path) && own >= 1);
  },
  read,
};

function read(path: string, text: string): ReadModel {
  const opened = openForeign(path, text);
  if ("problem" in opened) return unreadable("threat-composer", opened.problem);
  const { root } = opened;
  const mitigations = root.at("mitigations").items();
  const controls = mitigations.map(controlOf);
  const ids = new Set(controls.map(({ id }) => id));
  const links = new Map<string, string[]>();
  for (const link of root.at("mitigationLinks").items()) {
    const [control, threat] = [link.at("mitigationId").text(), link.at("linkedId").text()];
    if (control !== undefined && threat !== undefined && ids.has(control))
      links.set(threat, [...(links.get(threat) ?? []), control]);
  }
  const threats = root
    .at("threats")
    .items()
    .map((threat) => threatOf(threat, links));
  const model: ThreatModel = {
    ...emptyModel("threat-composer", [path]),
    system: known({
      name: root.at("applicationInfo", "name").stated(),
      description:
        root.at("applicationInfo", "description").stated() ?? root.at("architecture", "description").stated(),
      users: [],
      data: assetsOf(root),
      links: [],
    }),
    diagrams: diagramsOf(root),
    threats,
    controls,
    passages: passagesOf(root, mitigations),
    notCarried: ["stories", "documentation"],
    uncounted: ["components", "flows", "boundaries"],
  };
  return finishForeign("threat-composer", model, []);
}

function metadata(part: Cursor, key: string): string[] {
  return part
    .at("metadata")
    .items()
    .filter((entry) => entry.at("key").text()?.toLowerCase() === key)
    .flatMap((entry) => entry.at("value").texts());
}

function controlOf(mitigation: Cursor): ModelControl {
  const title = mitigation.at("content").text() ?? "";
  const status = mitigation.at("status").text();
  return known({
    id: mitigation.at("id").text() ?? `C-${shortDigest(title, 12)}`,
    title,
    status:
      status === "mitigationResolved"
        ? ("implemented" as const)
        : status === undefined || status === "mitigationResolvedWillNotAction"
          ? undefined
          : ("proposed" as const),
    evidence: [],
    place: mitigation.place(),
  });
}

const statuses: Readonly<Record<string, ThreatStatus>> = {
  threatIdentified: "open",
  threatResolved: "mitigated",
  threatResolvedNotUseful: "not-applicable",
};

function threatOf(threat: Cursor, links: ReadonlyMap<string, readonly string[]>): ModelThreat {
  const own = threat.at("id").text();
  const action = threat.at("threatAction").text();
  const statement =
    threat.at("statement").text() ??
    ["threatSource", "prerequisites", "threatAction", "threatImpact"]
      .flatMap((key) => threat.at(key).text() ?? [])
      .join(" ");
  const priority = metadata(threat, "priority")[0];
  const impact = metadata(threat, "impact")[0];
  const likelihood = metadata(threat, "likelihood")[0];
  const status = threat.at("status").text();
  const title = action ?? (statement === "" ? "threat without a statement" : statement.slice(0, 160));
  return known({
    id: threatIdOf(own, statement),
    title,
    description: statement === "" ? undefined : statement,
    element: threat.at("impactedAssets").texts()[0],
    stride: [...new Set(metadata(threat, "stride").flatMap(strideOf))],
    impact: impact === undefined ? undefined : ratingOf(impact),
    likelihood: likelihood === undefined ? undefined : ratingOf(likelihood),
    risk: priority === undefined ? undefined : riskLevelOf(priority),
    riskStated: priority,
    status: statuses[status ?? ""] ?? "open",
    statusStated: status,
    controls: [...(links.get(own ?? "") ?? [])],
    place: threat.place(),
  });
}

function diagramsOf(root: Cursor): ModelDiagram[] {
  return (["architecture", "dataflow"] as const).flatMap((kind): ModelDiagram[] => {
    const part = root.at(kind);
    const image = part.at("image");
    if (image.text() === undefined) return [];
    return [{ kind: "image", isDataFlow: kind === "dataflow", hasBoundaries: false, place: image.place() }];
  });
}

/** Assets that threats name, once each: the nearest thing to a data inventory. */
function assetsOf(root: Cursor): ThreatModel["system"]["data"] {
  const found = new Map<string, ThreatModel["system"]["data"][number]>();
  for (const threat of root.at("threats").items()) {
    for (const asset of threat.at("impactedAssets").items()) {
      const name = asset.text();
      if (name !== undefined && !found.has(name.toLowerCase()))
        found.set(name.toLowerCase(), { name, place: asset.place() });
    }
  }
  return [...found.values()];
}

function passagesOf(root: Cursor, mitigations: readonly Cursor[]): ModelPassage[] {
  const found: ModelPassage[] = [];
  const description = root.at("applicationInfo", "description");
  const architecture = root.at("architecture", "description");
  const assumptions = root.at("assumptions").items().length;
  if (
    isSubstantive(description.text(), 10) &&
    (isSubstantive(architecture.text(), 10) || assumptions > 0 || root.at("architecture", "image").text() !== undefined)
  )
    found.push({
      deliverable: "context",
      strength: "full",
      what: "a description with architecture or assumptions",
      place: description.place(),
    });
  const flow = root.at("dataflow", "description");
  if (isSubstantive(flow.text(), 10))
    found.push({ deliverable: "dfd", strength: "part", what: "flows told in prose", place: flow.place() });
  const parts = architecture.text()?.match(/^[ \t]{0,8}[-*+][ \t]+\S/gm)?.length ?? 0;
  if (parts > 1 && isSubstantive(architecture.text(), 10))
    found.push({
      deliverable: "dfd",
      strength: "part",
      what: "components told in a list",
      place: architecture.place(),
    });
  const tested = mitigations.find((mitigation) =>
    /\b(test|scan|verif|validat|audit|review|monitor)/i.test(
      `${mitigation.at("content").text() ?? ""} ${metadata(mitigation, "comments").join(" ")}`,
    ),
  );
  if (tested !== undefined)
    found.push({
      deliverable: "validation",
      strength: "part",
      what: "tests, scans or reviews among the mitigations",
      place: tested.place(),
    });
  return found;
}
