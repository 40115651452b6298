import { Document, isScalar, isSeq, visit } from "yaml";
import type { Assessment, SystemAssessment } from "../domain/assessment.ts";
import type { Threat } from "../domain/threat.ts";
import { fittingId } from "../domain/threat-id.ts";
import { plainLine, plainLines } from "./markdown.ts";
import { openThreats, type PresentedChange, significantChanges } from "./standing.ts";

/** A text to put into a native model: the elements, threats, controls, stories and validations that it lacks. */
export interface ModelDraft {
  /** The file it belongs into. */
  readonly file: string;
  /** Whether it is a whole file, or goes under the keys of the same names of a file that is there. */
  readonly isWhole: boolean;
  /** Whether the system has no model at all: then the text holds only the part of it that the change concerns. */
  readonly isFirst: boolean;
  readonly yaml: string;
}

interface DraftedElement {
  readonly id: string;
  readonly type: string;
  readonly name: string;
  readonly files: string[];
  readonly facts?: Readonly<Record<string, string>>;
}

/** Threats that one draft holds at most; the rest follows once these are in the model. */
const most = 30;

/**
 * Drafts what would complete the models for the open changes, in our own format, for each system one text. Everything in
 * it is listed under `drafts`, so that it counts as partial until a person has confirmed it. Empty when nothing is open.
 */
export function draftModels(assessment: Assessment): ModelDraft[] {
  const open = significantChanges(assessment).filter((change) => change.open);
  const drafts: ModelDraft[] = [];
  for (const system of assessment.systems) {
    const draft = draftOf(
      system,
      open.filter((change) => system.changes.includes(change.index)),
      assessment.subject.repository.split("/").at(-1) ?? "",
    );
    if (draft) drafts.push(draft);
  }
  return drafts;
}

function draftOf(
  system: SystemAssessment,
  changes: readonly PresentedChange[],
  repository: string,
): ModelDraft | undefined {
  // What stands in a model that could not be read is not known: a text to put into it might be there already.
  if (system.home?.unknown) return undefined;
  const threats = newThreats(system, changes).slice(0, most);
  const elements = newElements(system, changes, threats, repository);
  if (threats.length + elements.length === 0) return undefined;
  const native =
    system.model?.format === "native" ? system.modelFiles.find((file) => /\.ya?ml$/.test(file)) : undefined;
  const isWhole = native === undefined && !system.home?.isWithheld;
  const name = system.modelFiles.length === 0 ? plainLine(system.name, 200) : "";
  const parts = {
    ...(isWhole ? { schemaVersion: 1 } : {}),
    ...(isWhole && name !== "" ? { system: { name } } : {}),
    ...(elements.length > 0 ? { elements } : {}),
    ...(threats.length > 0 ? answersOf(threats) : {}),
    drafts: [...elements.map((element) => element.id), ...threats.flatMap((threat) => idsOf(threat))],
  };
  const yaml = written(parts);
  return { file: native ?? besideOf(system), isWhole, isFirst: system.modelFiles.length === 0 && !system.home, yaml };
}

/** Short lists of ids and paths stand on one line; criteria, which are sentences, each on their own. */
function written(parts: object): string {
  const document = new Document(parts, { aliasDuplicateObjects: false });
  visit(document, {
    Pair: (_, { key, value }) => {
      const isOfSentences = isScalar(key) && key.value === "acceptance";
      if (!isSeq(value) || isOfSentences || value.items.length > 5) return;
      if (value.items.every((item) => isScalar(item))) value.flow = true;
    },
  });
  return document.toString({ lineWidth: 100, flowCollectionPadding: false });
}

/** Our file beside a model of another format, which cannot carry all of this. */
function besideOf(system: SystemAssessment): string {
  const folder = system.modelFiles[0]?.split("/").slice(0, -1) ?? (system.home ? [system.home.repository] : []);
  return [...folder, "threat-model.yaml"].join("/");
}

/** A path as the model names it: one that stands in another repository says of which repository a file is. */
function fileName({ home }: SystemAssessment, repository: string, path: string): string {
  return plainLine(home ? `${repository}/${path}` : path, 500) || ".";
}

function newThreats(system: SystemAssessment, changes: readonly PresentedChange[]): Threat[] {
  const known = new Set(system.model?.threats.map((threat) => threat.id));
  const threats = new Map<string, Threat>();
  for (const threat of changes.flatMap((change) => openThreats(change.checklist))) {
    if (!known.has(threat.id)) threats.set(threat.id, threat);
  }
  return [...threats.values()];
}

function newElements(
  system: SystemAssessment,
  changes: readonly PresentedChange[],
  threats: readonly Threat[],
  repository: string,
): DraftedElement[] {
  const known = new Set(system.model?.elements.map((element) => element.id));
  const elements = new Map<string, DraftedElement>();
  for (const { change, checklist } of changes) {
    const element = checklist?.threats[0]?.element ?? checklist?.questions[0]?.element;
    if (!element || known.has(element.id) || elements.size >= most) continue;
    // An element whose threats did not fit into this draft waits for the next one with them.
    if (checklist && checklist.threats.length > 0 && !checklist.threats.some((threat) => threats.includes(threat)))
      continue;
    const id = fittingId(element.id);
    const stated = change.facts.filter((fact) => fact.is !== "not stated").map((fact) => [fact.fact, fact.is] as const);
    const files = new Set([...(elements.get(id)?.files ?? []), fileName(system, repository, change.path)]);
    const facts = { ...elements.get(id)?.facts, ...Object.fromEntries(stated) };
    elements.set(id, {
      id,
      type: element.type,
      name: plainLine(element.name, 200) || id,
      files: [...files],
      ...(Object.keys(facts).length > 0 ? { facts } : {}),
    });
  }
  return [...elements.values()];
}

function answersOf(threats: readonly Threat[]) {
  return {
    threats: threats.map((threat) =>
      filled({
        id: fittingId(threat.id),
        element: fittingId(threat.element.id),
        stride: threat.stride,
        title: plainLine(threat.title, 300),
        impact: threat.impact,
        likelihood: threat.likelihood,
        status: "open",
        controls: [partId("C", threat)],
      }),
    ),
    controls: threats.map((threat) => ({
      id: partId("C", threat),
      title: plainLine(threat.countermeasure, 400) || fittingId(threat.id),
      status: "proposed",
    })),
    stories: threats.map((threat) =>
      filled({
        id: partId("S", threat),
        threats: [fittingId(threat.id)],
        as: plainLine(threat.story.as, 300),
        need: plainLines(threat.story.need),
        so: plainLines(threat.story.so),
        acceptance: threat.story.acceptance.map(plainLines).filter((criterion) => criterion !== ""),
      }),
    ),
    validations: threats.map((threat) =>
      filled({
        id: partId("V", threat),
        control: partId("C", threat),
        kind: "automated-test",
        how: plainLines(threat.acceptanceTest),
      }),
    ),
  };
}

/** Without the fields that hold nothing: an empty text is a fault in a model, a missing one is not. */
function filled(
  part: Readonly<Record<string, string | readonly string[]>>,
): Record<string, string | readonly string[]> {
  return Object.fromEntries(Object.entries(part).filter(([, value]) => value.length > 0));
}

function idsOf(threat: Threat): string[] {
  return [fittingId(threat.id), partId("C", threat), partId("S", threat), partId("V", threat)];
}

/** `C-7c1e2q…` beside `T-7c1e2q…`: people see what belongs together. */
function partId(letter: "C" | "S" | "V", threat: Threat): string {
  return fittingId(`${letter}-${threat.id.replace(/^T-/, "")}`);
}
