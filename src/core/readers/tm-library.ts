import type { Rating } from "../domain/risk.ts";
import { riskOf } from "../domain/risk.ts";
import type { ElementKind } from "../domain/stride.ts";
import type { ModelControl, ModelElement, ModelThreat, ReadModel, ThreatModel } from "../domain/threat-model.ts";
import { emptyModel } from "../domain/threat-model.ts";
import { type Cursor, openForeign } from "./cursor.ts";
import { elementsDiagram, finishForeign, statedFacts, threatIdOf, unreadable } from "./foreign.ts";
import { known } from "./known.ts";
import { readMermaid } from "./markdown/mermaid.ts";
import type { ModelReader } from "./reader.ts";
import { topLevelKeys } from "./top-level-keys.ts";
import { ratingOf, riskLevelOf } from "./words.ts";

/**
 * OWASP Threat Model Library, 1.0. Threats carry no status: one is open while no control for it is active. Risks stand
 * beside the threats and name them. Source: `threat-model.schema.json` of OWASP/www-project-threat-model-library.
 */
export const reader: ModelReader = {
  name: "tm-library",
  wants: (path) => /\.json$/i.test(path),
  recognises: (_path, text) => {
    const keys = topLevelKeys(text);
    const own = ["trust_zones", "trust_boundaries", "data_flows", "data_stores", "data_sets", "threat_personas"].filter(
      (key) => keys.has(key),
    );
    return own.length >= 2 || (keys.has("$schema") && /threat-model-library/i.test(text.slice(0, 2_000)));
  },
  read,
};

function read(path: string, text: string): ReadModel {
  const opened = openForeign(path, text);
  if ("problem" in opened) return unreadable("tm-library", opened.problem);
  const { root } = opened;
  const elements = [
    ...parts(root, "components", "process"),
    ...parts(root, "data_stores", "store"),
    ...parts(root, "actors", "external"),
  ];
  const flows = root
    .at("data_flows")
    .items()
    .map((flow) => {
      const place = flow.place();
      return known({
        id: flow.at("symbolic_name").text() ?? flow.at("title").text() ?? "",
        name: flow.at("title").text(),
        from: flow.at("source", "object").text() ?? "",
        to: flow.at("destination", "object").text() ?? "",
        data: [],
        facts: statedFacts(place, {
          "encrypted-in-transit": flow.at("encrypted").flag(),
          "confidential-data": flow.at("has_sensitive_data").flag(),
        }),
        place,
      });
    });
  const boundaries = root
    .at("trust_boundaries")
    .items()
    .map((boundary) => {
      const name = `${boundary.at("trust_zone_a").text() ?? "?"} | ${boundary.at("trust_zone_b").text() ?? "?"}`;
      return { id: boundary.at("symbolic_name").text() ?? name, name, place: boundary.place() };
    });
  const controls = root.at("controls").items().map(controlOf);
  const threats = threatsOf(root);
  const model: ThreatModel = {
    ...emptyModel("tm-library", [path]),
    system: systemOf(root),
    elements,
    flows,
    boundaries,
    diagrams: [...elementsDiagram({ flows, boundaries }), ...drawings(root)],
    threats,
    controls,
    documentation: known({
      authors: root
        .at("authors")
        .items()
        .flatMap((author) => author.at("name").stated() ?? author.stated() ?? []),
      date: root.at("reviewed_at").stated() ?? root.at("released_at").stated(),
      version: root.at("version").stated(),
      reviewers: [],
    }),
    notCarried: ["stories"],
  };
  return finishForeign("tm-library", model, []);
}

/** Data sets and their encryption, by the store that holds them. */
function placements(root: Cursor): Map<string, { name: string; encrypted: boolean | undefined }[]> {
  const found = new Map<string, { name: string; encrypted: boolean | undefined }[]>();
  for (const set of root.at("data_sets").items()) {
    const name = set.at("title").text() ?? set.at("symbolic_name").text() ?? "";
    for (const placement of set.at("placements").items()) {
      const store = placement.at("data_store").text() ?? "";
      const held = found.get(store) ?? [];
      held.push({ name, encrypted: placement.at("encrypted").flag() });
      found.set(store, held);
    }
  }
  return found;
}

function parts(root: Cursor, key: string, kind: ElementKind): ModelElement[] {
  const placed = placements(root);
  return root
    .at(key)
    .items()
    .map((part) => {
      const id = part.at("symbolic_name").text() ?? part.at("title").text() ?? "";
      const held = placed.get(id) ?? [];
      const encrypted = held.flatMap((one) => one.encrypted ?? []);
      const place = part.place();
      return known({
        id,
        name: part.at("title").text() ?? id,
        kind,
        technology: part.at("product").text() ?? part.at("type").text(),
        boundary: part.at("trust_zone").text(),
        data: [...new Set(held.map(({ name }) => name))],
        files: [],
        facts: statedFacts(place, {
          "encrypted-at-rest": kind !== "store" || encrypted.length === 0 ? undefined : encrypted.every(Boolean),
        }),
        place,
      });
    });
}

function systemOf(root: Cursor): ThreatModel["system"] {
  const links = ["repo_link", "release_docs_link", "docs_link"].flatMap((key) => root.at(key).stated() ?? []);
  return known({
    name: root.at("scope", "title").stated() ?? root.at("title").stated(),
    description: root.at("scope", "description").stated() ?? root.at("description").stated(),
    users: root
      .at("actors")
      .items()
      .flatMap((actor) => actor.at("title").stated() ?? []),
    data: root
      .at("data_sets")
      .items()
      .map((set) =>
        known({
          name: set.at("title").text() ?? set.at("symbolic_name").text() ?? "",
          classification: set.at("data_sensitivity").texts().join(", ") || undefined,
          place: set.place(),
        }),
      ),
    links,
    exposure: root.at("scope", "exposure").stated(),
    criticality: root.at("scope", "business_criticality").stated(),
  });
}

function drawings(root: Cursor): ThreatModel["diagrams"] {
  return root
    .at("diagrams")
    .items()
    .flatMap((diagram) => {
      const source = diagram.at("source").text();
      const type = diagram.at("type").text()?.toLowerCase();
      if (source === undefined || (type !== "mermaid" && type !== "plantuml")) return [];
      const drawn = type === "mermaid" ? readMermaid(source.replace(/;\s*/g, "\n")) : undefined;
      const hasBoundaries =
        drawn === undefined ? /\b(package|boundary|rectangle|node)\b/.test(source) : drawn.boundaries.length > 0;
      return [{ kind: type, isDataFlow: hasBoundaries, hasBoundaries, place: diagram.place() } as const];
    });
}

/** A control is in place only when it is active; every other status is a plan or a proposal. */
function controlOf(control: Cursor): ModelControl {
  const status = control.at("status").text();
  return known({
    id: control.at("symbolic_name").text() ?? control.at("title").text() ?? "",
    title: control.at("title").text() ?? "",
    status:
      status === undefined || /retired|rejected|removed/i.test(status)
        ? undefined
        : isActive(status)
          ? ("implemented" as const)
          : ("proposed" as const),
    evidence: [],
    place: control.place(),
  });
}

function isActive(status: string | undefined): boolean {
  return status !== undefined && /^(active|verified|implemented)$/i.test(status);
}

const likelihoods: Readonly<Record<string, Rating>> = {
  rare: "low",
  unlikely: "low",
  possible: "medium",
  likely: "high",
  almost_certain: "high",
  certain: "high",
};
const impacts: Readonly<Record<string, Rating>> = {
  insignificant: "low",
  negligible: "low",
  minor: "low",
  moderate: "medium",
  major: "high",
  severe: "high",
  catastrophic: "high",
};

/** Controls or risks by the threats that they name. */
function byThreat(parts: readonly Cursor[]): Map<string, Cursor[]> {
  const found = new Map<string, Cursor[]>();
  for (const part of parts) {
    for (const threat of part.at("threats").texts()) {
      const naming = found.get(threat) ?? [];
      naming.push(part);
      found.set(threat, naming);
    }
  }
  return found;
}

function threatsOf(root: Cursor): ModelThreat[] {
  const controls = byThreat(root.at("controls").items());
  const risks = byThreat(root.at("risks").items());
  return root
    .at("threats")
    .items()
    .map((threat) => {
      const own = threat.at("symbolic_name").text();
      const title = threat.at("title").text() ?? own ?? "threat";
      const answering = controls.get(own ?? "") ?? [];
      const risk = risks.get(own ?? "")?.[0];
      const impact = risk?.at("impact").text();
      const likelihood = risk?.at("likelihood").text();
      const rated = {
        impact: impact === undefined ? undefined : (impacts[impact] ?? ratingOf(impact)),
        likelihood: likelihood === undefined ? undefined : (likelihoods[likelihood] ?? ratingOf(likelihood)),
      };
      const level = risk?.at("level").text();
      const active = answering.some((control) => isActive(control.at("status").text()));
      return known({
        id: threatIdOf(own, title),
        title,
        description: threat.at("description").text(),
        element: threat.at("component").text() ?? threat.at("components").texts()[0],
        stride: [],
        ...rated,
        risk:
          (level === undefined ? undefined : riskLevelOf(level)) ??
          (rated.impact === undefined || rated.likelihood === undefined
            ? undefined
            : riskOf(rated.impact, rated.likelihood)),
        riskStated: level ?? risk?.at("score").text(),
        status: active ? ("mitigated" as const) : ("open" as const),
        controls: answering.flatMap((control) => control.at("symbolic_name").text() ?? []),
        place: threat.place(),
      });
    });
}
