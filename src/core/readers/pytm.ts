import type { Problem } from "../domain/problem.ts";
import type { ElementKind } from "../domain/stride.ts";
import type { ModelBoundary, ModelElement, ModelFlow, ReadModel, ThreatModel } from "../domain/threat-model.ts";
import { emptyModel } from "../domain/threat-model.ts";
import { type Cursor, openForeign } from "./cursor.ts";
import { elementsDiagram, finishForeign, unreadable } from "./foreign.ts";
import { known } from "./known.ts";
import { readPytmScript } from "./pytm-script.ts";
import type { ModelReader } from "./reader.ts";
import { topLevelKeys } from "./top-level-keys.ts";

/**
 * OWASP pytm: its JSON, and what a script states outright. A script is never run; what it computes is not seen, and a
 * problem says so. Threats exist only when the tool runs, so none are in the file.
 */
export const reader: ModelReader = {
  name: "pytm",
  wants: (path) => /\.(json|py)$/i.test(path),
  recognises: (path, text) => {
    if (/\.py$/i.test(path)) return /^[ \t]*(from[ \t]+pytm(\.\w+)?[ \t]+import|import[ \t]+pytm)\b/m.test(text);
    const keys = topLevelKeys(text);
    if (!keys.has("flows") || !keys.has("elements")) return false;
    return /"__class__"\s*:/.test(text) || (keys.has("boundaries") && ownType.test(text));
  },
  read: (path, text) => (/\.py$/i.test(path) ? readScript(path, text) : readJsonForm(path, text)),
};

/** Classes that only pytm calls so, in the shorter form of its examples, which a script of theirs turns into a model. */
const ownType = /"type"\s*:\s*"(?:Datastore|ExternalEntity|Lambda|Server|LLM)"/;

/** Kinds by pytm's class names; unknown classes are processes, as in pytm. */
export function kindOfClass(name: string): ElementKind {
  if (/^(Actor|ExternalEntity)$/.test(name)) return "external";
  return name === "Datastore" ? "store" : "process";
}

const shared = {
  notCarried: ["stride", "risk", "stories", "validation", "documentation"],
  uncounted: ["threats", "mitigations", "open"],
} as const;

function readJsonForm(path: string, text: string): ReadModel {
  const opened = openForeign(path, text);
  if ("problem" in opened) return unreadable("pytm", opened.problem);
  const { root } = opened;
  const boundaries: ModelBoundary[] = root
    .at("boundaries")
    .items()
    .map((boundary) => {
      const name = boundary.at("name").text() ?? "";
      return known({ id: name, name, parent: boundaryOf(boundary), place: boundary.place() });
    });
  const zones = new Set(boundaries.map(({ name }) => name));
  const elements = root
    .at("elements")
    .items()
    .filter(
      (element) =>
        classOf(element) !== "Boundary" &&
        !zones.has(element.at("name").text() ?? "") &&
        classOf(element) !== "Dataflow",
    )
    .map((element): ModelElement => {
      const name = element.at("name").text() ?? "";
      return known({
        id: name,
        name,
        kind: kindOfClass(classOf(element)),
        technology: element.at("OS").text() ?? element.at("os").text(),
        boundary: boundaryOf(element),
        data: element.at("data").texts(),
        files: element.at("sourceFiles").texts(),
        facts: [],
        place: element.place(),
      });
    });
  const flows = root
    .at("flows")
    .items()
    .map((flow): ModelFlow => {
      const from = named(flow.at("source")) ?? "";
      const to = named(flow.at("sink")) ?? named(flow.at("target")) ?? "";
      const name = flow.at("name").text() ?? flow.at("description").text();
      return known({
        id: name ?? `${from} -> ${to}`,
        name,
        from,
        to,
        data: flow.at("data").texts(),
        protocol: flow.at("protocol").text(),
        facts: [],
        place: flow.place(),
      });
    });
  const model: ThreatModel = {
    ...emptyModel("pytm", [path]),
    ...shared,
    system: known({
      name: root.at("name").stated(),
      description: root.at("description").stated(),
      users: [],
      data: root
        .at("data")
        .items()
        .map((data) =>
          known({
            name: data.at("name").text() ?? "",
            classification: data
              .at("classification")
              .text()
              ?.replace(/^Classification\./, ""),
            place: data.place(),
          }),
        ),
      links: [],
    }),
    elements,
    flows,
    boundaries,
    diagrams: elementsDiagram({ flows, boundaries }),
  };
  return finishForeign("pytm", model, [unseenThreats(path)]);
}

function classOf(part: Cursor): string {
  return part.at("__class__").text() ?? part.at("type").text() ?? "";
}

function boundaryOf(part: Cursor): string | undefined {
  return named(part.at("inBoundary")) ?? named(part.at("boundary"));
}

/** A reference by name; pytm writes the text `None` for nothing. */
function named(cursor: Cursor): string | undefined {
  const name = cursor.text() ?? cursor.at("name").text();
  return name === "None" ? undefined : name;
}

function readScript(path: string, text: string): ReadModel {
  const script = readPytmScript(path, text);
  const model: ThreatModel = {
    ...emptyModel("pytm", [path]),
    ...shared,
    ...script,
    diagrams: elementsDiagram(script),
  };
  const notRun: Problem = {
    path,
    severity: "warning",
    what: "The script is read line by line and never run: what it computes is not seen.",
    hint: "Commit the JSON that pytm writes beside it (`--json`) to have all of it read.",
  };
  return finishForeign("pytm", model, [notRun, unseenThreats(path)]);
}

function unseenThreats(path: string): Problem {
  return {
    path,
    severity: "warning",
    what: "pytm works out threats only when it runs; this file holds none.",
    hint: "Put the threats that matter, with their controls, into threat-model.yaml beside it.",
  };
}
