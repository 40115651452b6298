import type { Problem } from "../domain/problem.ts";
import { showPlace } from "../domain/problem.ts";
import type { ThreatStatus } from "../domain/threat.ts";
import { shortDigest } from "../domain/threat-id.ts";
import type { ModelDocumentation, ModelSystem, ModelThreat, Stated, ThreatModel } from "../domain/threat-model.ts";
import { contradictions } from "./contradictions.ts";
import { isDrawing, underIdsOf } from "./drawn-names.ts";
import { quote } from "./native-faults.ts";

/** One model out of several files, and where they contradict each other. */
export interface Merged {
  readonly model: ThreatModel;
  readonly problems: readonly Problem[];
}

/**
 * Joins the models of several files of one system. Parts with the same id are one part; what the first file leaves out is
 * filled in from the next. Our own file comes first and wins, because answers are written there; every contradiction is told.
 */
export function mergeModels(models: readonly [ThreatModel, ...ThreatModel[]]): Merged {
  const rank = (model: ThreatModel): number => (model.format === "native" ? 0 : isDrawing(model) ? 2 : 1);
  const sorted = [...models].sort((left, right) => rank(left) - rank(right));
  const [first = models[0], ...others] = sorted;
  let model = first;
  const problems: Problem[] = [];
  for (const other of others) {
    const isBeside = isDrawing(other) && !isDrawing(first);
    model = mergeTwo(model, isBeside ? underIdsOf(model, other) : other, problems);
  }
  return { model, problems };
}

function formatsOf({ formats, files, format }: ThreatModel): NonNullable<ThreatModel["formats"]> {
  return formats ?? files.map((path) => ({ path, format }));
}

function mergeTwo(main: ThreatModel, other: ThreatModel, problems: Problem[]): ThreatModel {
  problems.push(...contradictions(main, other));
  const joined: ThreatModel = {
    format: main.format,
    files: [...new Set([...main.files, ...other.files])],
    formats: [...formatsOf(main), ...formatsOf(other)],
    system: mergeSystem(main.system, other.system),
    elements: byId(main.elements, other.elements, (ours, theirs) => ({
      ...theirs,
      ...ours,
      data: union(ours.data, theirs.data),
      files: union(ours.files, theirs.files),
      facts: [...ours.facts, ...theirs.facts.filter(({ fact }) => !ours.facts.some((known) => known.fact === fact))],
    })),
    flows: byId(main.flows, other.flows, (ours, theirs) => ({
      ...theirs,
      ...ours,
      data: union(ours.data, theirs.data),
    })),
    boundaries: byId(main.boundaries, other.boundaries, (ours, theirs) => ({ ...theirs, ...ours })),
    diagrams: [...main.diagrams, ...other.diagrams],
    threats: mergeThreats(main, other, problems),
    controls: byId(main.controls, other.controls, (ours, theirs) => ({
      ...theirs,
      ...ours,
      evidence: union(ours.evidence, theirs.evidence),
    })),
    stories: byId(main.stories, other.stories, (ours, theirs) => ({ ...theirs, ...ours })),
    validations: byId(main.validations, other.validations, (ours, theirs) => ({ ...theirs, ...ours })),
    acceptances: [...main.acceptances, ...other.acceptances],
    reviews: [...main.reviews, ...other.reviews],
    ...((main.requirements ?? other.requirements) && {
      requirements: [...(main.requirements ?? []), ...(other.requirements ?? [])],
    }),
    documentation: mergeDocumentation(main.documentation, other.documentation),
    ...((main.questionnaire ?? other.questionnaire) && {
      questionnaire: [...(main.questionnaire ?? []), ...(other.questionnaire ?? [])],
    }),
    passages: [...main.passages, ...other.passages],
    drafts: union(main.drafts, other.drafts),
    imports: [...main.imports, ...other.imports],
    notCarried: main.notCarried.filter((deliverable) => other.notCarried.includes(deliverable)),
    uncounted: [],
  };
  return { ...joined, uncounted: stillUncounted(main, other, joined) };
}

/** A kind stays uncountable while no file gave a part of it. */
function stillUncounted(main: ThreatModel, other: ThreatModel, joined: ThreatModel): ThreatModel["uncounted"] {
  const counts = {
    components: joined.elements.length,
    flows: joined.flows.length,
    boundaries: joined.boundaries.length,
    threats: joined.threats.length,
    mitigations: joined.threats.filter((threat) => threat.controls.length > 0 || threat.mitigation !== undefined)
      .length,
    open: joined.threats.filter((threat) => threat.status !== "unknown").length,
  };
  return [...new Set([...main.uncounted, ...other.uncounted])].filter((kind) => counts[kind] === 0);
}

function union(ours: readonly string[], theirs: readonly string[]): string[] {
  return [...new Set([...ours, ...theirs])];
}

function byId<Part extends { readonly id: string }>(
  ours: readonly Part[],
  theirs: readonly Part[],
  join: (ours: Part, theirs: Part) => Part,
): Part[] {
  const other = new Map(theirs.map((part) => [part.id, part]));
  const joined = ours.map((part) => {
    const same = other.get(part.id);
    other.delete(part.id);
    return same === undefined ? part : join(part, same);
  });
  return [...joined, ...other.values()];
}

function stated(ours: readonly Stated[], theirs: readonly Stated[]): Stated[] {
  const known = new Set(ours.map(({ text }) => text.toLowerCase()));
  return [...ours, ...theirs.filter(({ text }) => !known.has(text.toLowerCase()))];
}

function mergeSystem(ours: ModelSystem, theirs: ModelSystem): ModelSystem {
  const names = new Set(ours.data.map(({ name }) => name.toLowerCase()));
  return {
    ...theirs,
    ...ours,
    users: stated(ours.users, theirs.users),
    data: [...ours.data, ...theirs.data.filter(({ name }) => !names.has(name.toLowerCase()))],
    links: stated(ours.links, theirs.links),
    ...((ours.regulations ?? theirs.regulations) && {
      regulations: stated(ours.regulations ?? [], theirs.regulations ?? []),
    }),
  };
}

function mergeDocumentation(ours: ModelDocumentation, theirs: ModelDocumentation): ModelDocumentation {
  return {
    ...theirs,
    ...ours,
    authors: stated(ours.authors, theirs.authors),
    reviewers: stated(ours.reviewers, theirs.reviewers),
  };
}

function mergeThreats(main: ThreatModel, other: ThreatModel, problems: Problem[]): ModelThreat[] {
  const mainIsOwn = main.format === "native";
  const remaining = new Set(other.threats);
  const byId = new Map(other.threats.map((threat) => [threat.id, threat]));
  const byTitle = new Map(other.threats.map((threat) => [titleKey(threat), threat]));
  const merged = main.threats.map((ours) => {
    const candidates = [byId.get(ours.id), byTitle.get(titleKey(ours))];
    const theirs = candidates.find(
      (one) => one !== undefined && remaining.has(one) && isSameThreat(ours, one, mainIsOwn),
    );
    if (theirs === undefined) return ours;
    remaining.delete(theirs);
    return mergeThreat(ours, theirs, mainIsOwn, problems);
  });
  const taken = new Map(merged.map((threat) => [threat.id, threat]));
  for (const threat of remaining) {
    const same = taken.get(threat.id);
    const id =
      same === undefined
        ? threat.id
        : `${threat.id.slice(0, 50)}-${shortDigest(`${threat.title}\u0000${threat.place.path}`, 8)}`;
    if (same !== undefined) {
      problems.push({
        path: threat.place.path,
        ...(threat.place.line === undefined ? {} : { line: threat.place.line }),
        severity: "warning",
        what: `The id ${quote(threat.id)} names another threat at ${showPlace(same.place)}.`,
        hint: `Give one of them another id. Until then this one is known as ${quote(id)}.`,
      });
    }
    taken.set(id, threat);
    merged.push({ ...threat, id });
  }
  return merged;
}

function normalised(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}

function titleKey(threat: ModelThreat): string {
  return `${threat.element ?? ""}\u0000${normalised(threat.title)}`;
}

/** Our own file speaks of a threat by its id alone; two other files must agree on the title too. */
function isSameThreat(ours: ModelThreat, theirs: ModelThreat, mainIsOwn: boolean): boolean {
  const sameTitle = normalised(ours.title) === normalised(theirs.title);
  if (ours.id === theirs.id) return mainIsOwn || sameTitle;
  return sameTitle && normalised(ours.title) !== "" && ours.element === theirs.element;
}

/** Strictest first: of two files that disagree, and neither is ours, the less settled status holds. */
const strictness: readonly ThreatStatus[] = ["open", "unknown", "accepted", "not-applicable", "mitigated"];

function mergeThreat(ours: ModelThreat, theirs: ModelThreat, mainIsOwn: boolean, problems: Problem[]): ModelThreat {
  const oursStated = ours.statusStated !== undefined;
  const theirsStated = theirs.status !== "unknown";
  const disagree = oursStated && theirsStated && ours.status !== theirs.status;
  const stricter = strictness.indexOf(ours.status) <= strictness.indexOf(theirs.status) ? ours.status : theirs.status;
  const status = !oursStated && theirsStated ? theirs.status : disagree && !mainIsOwn ? stricter : ours.status;
  const tell = (what: string, first: string, second: string): void => {
    problems.push({
      path: theirs.place.path,
      ...(theirs.place.line === undefined ? {} : { line: theirs.place.line }),
      severity: "warning",
      what: `Threat ${quote(ours.id)} has the ${what} ${quote(second)} here and ${quote(first)} at ${showPlace(ours.place)}.`,
      hint: mainIsOwn
        ? "threat-model.yaml holds; bring the other file in line."
        : "The stricter one holds; bring the files in line.",
    });
  };
  if (disagree) tell("status", ours.status, theirs.status);
  for (const field of ["impact", "likelihood"] as const) {
    const [first, second] = [ours[field], theirs[field]];
    if (first !== undefined && second !== undefined && first !== second) tell(field, first, second);
  }
  return {
    ...theirs,
    ...ours,
    title: ours.title === ours.id ? theirs.title : ours.title,
    stride: ours.stride.length > 0 ? ours.stride : theirs.stride,
    controls: union(ours.controls, theirs.controls),
    status,
  };
}
