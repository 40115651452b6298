import type {
  ModelBoundary,
  ModelControl,
  ModelFormat,
  ModelPassage,
  ReadModel,
  Stated,
  ThreatModel,
} from "../domain/threat-model.ts";
import { emptyModel } from "../domain/threat-model.ts";
import { isSubstantive } from "../text/placeholders.ts";
import { type Cursor, openForeign } from "./cursor.ts";
import { elementsDiagram, finishForeign, uncountedStatus, unreadable } from "./foreign.ts";
import { elementOf, first, flowOf, idOf, nameOf } from "./generic-parts.ts";
import { addControl, threatOf } from "./generic-threats.ts";
import { known } from "./known.ts";
import { topLevelKeys } from "./top-level-keys.ts";

/*
 * YAML and JSON models in schemas of single projects: parts are found by the usual names of their keys. What has no usual
 * name is not guessed at.
 */

const partKeys = {
  elements: /^(elements|nodes|components|processes|services|assets_technical|data_?stores|external_?entities|actors)$/i,
  flows: /^(data_?flows|flows|connections|edges|interactions)$/i,
  boundaries: /^(boundaries|trust_?boundaries|trust_?zones|zones)$/i,
  threats: /^(threats|risks|attacks|abuse_?cases|findings|threat_?list)$/i,
  controls: /^(mitigations|controls|counter_?measures|safeguards)$/i,
};

/** Whether the top-level keys are those of a threat model: threats, or flows between elements, or security properties. */
export function looksLikeModel(path: string, text: string): boolean {
  const keys = [...topLevelKeys(text)];
  const has = (pattern: RegExp): boolean => keys.some((key) => pattern.test(key));
  if (keys.includes("openapi") || keys.includes("swagger") || keys.includes("apiVersion") || keys.includes("jobs"))
    return false;
  const named = /threat|stride|attack/i.test(path) || /threat[-_ ]?model/i.test(text.slice(0, 2_000));
  if (has(partKeys.threats))
    return named || has(partKeys.controls) || has(partKeys.flows) || has(partKeys.boundaries) || keys.includes("scope");
  if (has(partKeys.flows) && (has(partKeys.elements) || has(partKeys.boundaries)))
    return named || has(partKeys.boundaries);
  return (
    named &&
    has(
      /^(adversar\w*|attackers?|properties|security_?properties|trust_?\w+|dispositions|scope|assumptions|stride|assets)$/i,
    )
  );
}

/** Reads a YAML or JSON model of no known schema. */
export function readGeneric(
  format: Extract<ModelFormat, "other-yaml" | "other-json">,
  path: string,
  text: string,
): ReadModel {
  const opened = openForeign(path, text);
  if ("problem" in opened) return unreadable(format, opened.problem);
  const { root } = opened;
  const part = (pattern: RegExp): (readonly [string | undefined, Cursor])[] =>
    root
      .entries()
      .filter(([key]) => pattern.test(key))
      .flatMap(([, value]) => value.named());
  const elements = root
    .entries()
    .filter(([key]) => partKeys.elements.test(key))
    .flatMap(([key, value]) => value.named().map(([name, element]) => elementOf(name, element, key)));
  const boundaries = part(partKeys.boundaries).map(([name, boundary]): ModelBoundary => {
    const id = idOf(boundary) ?? name ?? nameOf(boundary) ?? boundary.text() ?? "";
    return known({
      id,
      name: nameOf(boundary) ?? name ?? id,
      parent: boundary.at("parent").text(),
      place: boundary.place(),
    });
  });
  const members = new Map(
    part(partKeys.boundaries).flatMap(([name, boundary]) =>
      boundary
        .at("members")
        .texts()
        .map((member) => [member, idOf(boundary) ?? name ?? nameOf(boundary) ?? ""] as const),
    ),
  );
  const flows = part(partKeys.flows).map(([name, flow]) => flowOf(name, flow));
  const controls = new Map<string, ModelControl>();
  for (const [name, control] of part(partKeys.controls)) addControl(name, control, controls);
  const threats = part(partKeys.threats).map(([name, threat]) => threatOf(name, threat, controls));
  const model: ThreatModel = {
    ...emptyModel(format, [path]),
    system: systemOf(root),
    elements: elements.map((element) => {
      const boundary = element.boundary ?? members.get(element.id);
      return boundary === undefined ? element : { ...element, boundary };
    }),
    flows,
    boundaries,
    diagrams: elementsDiagram({ flows, boundaries }),
    threats,
    controls: [...controls.values()],
    documentation: documentationOf(root),
    passages: passagesOf(root),
    uncounted: [
      ...(elements.length === 0 ? (["components"] as const) : []),
      ...(flows.length === 0 ? (["flows"] as const) : []),
      ...(boundaries.length === 0 ? (["boundaries"] as const) : []),
      ...(threats.length === 0 && !root.entries().some(([key]) => partKeys.threats.test(key)) && elements.length === 0
        ? (["threats", "mitigations"] as const)
        : []),
      ...uncountedStatus(threats),
    ],
  };
  return finishForeign(format, model, []);
}

function systemOf(root: Cursor): ThreatModel["system"] {
  const scope = root.at("scope");
  const users = first(root, "users", "actors", "roles", "caller_roles", "personas");
  const assets = first(scope, "assets", "data") ?? first(root, "assets", "data");
  return known({
    name: first(root, "name", "title", "project", "system")?.stated(),
    description:
      first(root, "description", "summary", "overview")?.stated() ?? first(scope, "description", "summary")?.stated(),
    owner: root.at("owner").stated(),
    users: (users?.named() ?? []).flatMap(([name, user]): Stated[] => {
      const text = nameOf(user) ?? name ?? user.text() ?? idOf(user);
      return text === undefined ? [] : [{ text, place: user.place() }];
    }),
    data: (assets?.named() ?? []).flatMap(([name, asset]) => {
      const text = nameOf(asset) ?? name ?? asset.text() ?? idOf(asset);
      return text === undefined
        ? []
        : [
            known({
              name: text,
              classification: first(asset, "classification", "sensitivity")?.text(),
              place: asset.place(),
            }),
          ];
    }),
    links: [],
  });
}

function documentationOf(root: Cursor): ThreatModel["documentation"] {
  const authors = first(root, "authors", "author", "editors", "contributors");
  const reviewers = first(root, "reviewers", "reviewer", "approved_by", "reviewed_by");
  const people = (cursor: Cursor | undefined): Stated[] => {
    const one = cursor?.stated();
    if (one !== undefined) return [one];
    return (cursor?.items() ?? []).flatMap((item) => item.stated() ?? item.at("name").stated() ?? []);
  };
  return known({
    owner: root.at("owner").stated(),
    authors: people(authors),
    date: first(root, "date", "updated", "last_updated", "reviewed_at", "lastModified")?.stated(),
    version: first(root, "version", "revision", "document_version", "status")?.stated(),
    reviewers: people(reviewers),
  });
}

/** Keys that speak to a deliverable in a shape that is not known. */
function passagesOf(root: Cursor): ModelPassage[] {
  const found: ModelPassage[] = [];
  const keys = root.entries();
  const add = (
    deliverable: ModelPassage["deliverable"],
    pattern: RegExp,
    strength: ModelPassage["strength"],
    what: string,
  ): void => {
    const hit = keys.find(
      ([key, value]) => pattern.test(key) && (value.named().length > 0 || isSubstantive(value.text(), 5)),
    );
    if (hit !== undefined)
      found.push({ deliverable, strength, what: `${what} under \`${hit[0]}\``, place: hit[1].place() });
  };
  const scoped =
    root.at("scope").entries().length > 0 || keys.some(([key]) => /^(scope|out_of_scope|assumptions)$/i.test(key));
  const described =
    keys.some(([key]) => /^(adversar\w*|attackers?|roles|caller_roles|users|actors|trust\w*)$/i.test(key)) ||
    root.at("scope", "attackers").items().length > 0;
  const place = root.at("scope").place();
  if (scoped && described)
    found.push({ deliverable: "context", strength: "full", what: "scope with roles or attackers", place });
  add("controls", /^(properties|security_properties|guarantees|requirements)$/i, "part", "properties");
  add("risk", /^(dispositions|severity\w*|risk_\w+|calibration\w*)$/i, "part", "how findings are rated");
  add("stories", /^(requirements|security_requirements|abuse_cases|user_stories|stories)$/i, "part", "requirements");
  add("validation", /^(tests|validation|verification|test_plan)$/i, "part", "tests");
  return found;
}
