import type { ElementType } from "../domain/element-type.ts";
import { atLeast } from "../domain/risk.ts";
import type { ThreatRule } from "../domain/rules.ts";
import { type StrideLetter, strideNames, strideOfKind } from "../domain/stride.ts";
import { shortDigest } from "../domain/threat-id.ts";
import type { ModelControl, ModelElement, ModelThreat, ThreatModel } from "../domain/threat-model.ts";
import { isPlaceholder, isSubstantive } from "../text/placeholders.ts";
import { checkOf, generalOf, shortened, type Work } from "./check-of-control.ts";
import { compileLibrary } from "./library.ts";

/** What the repository's own history says of the model's files. */
export interface ModelHistory {
  /** Who wrote most of them. */
  readonly owner?: string;
  /** Day of their last change. */
  readonly updated?: string;
}

export interface DraftedControl {
  readonly id: string;
  readonly title: string;
  readonly status?: "proposed" | "implemented";
}

export interface DraftedStory {
  readonly id: string;
  readonly threats: readonly string[];
  readonly as: string;
  readonly need: string;
  readonly so: string;
  readonly acceptance: readonly string[];
}

export interface DraftedValidation {
  readonly id: string;
  readonly control: string;
  readonly kind: string;
  readonly how: string;
}

/** Texts that would fill what a model lacks. Nothing in it is a claim: every id in `drafts` waits for a person. */
export interface Drafts {
  readonly owner?: string;
  readonly updated?: string;
  readonly controls: readonly DraftedControl[];
  /** Which drafted controls answer which threat of the team. */
  readonly answers: readonly { readonly threat: ModelThreat; readonly controls: readonly string[] }[];
  readonly stories: readonly DraftedStory[];
  readonly validations: readonly DraftedValidation[];
  /** Every id above, and `system.owner`, `system.updated`. */
  readonly drafts: readonly string[];
  /** How many stories rest on a rule of the library; the others are general. */
  readonly fromLibrary: number;
  /** What only people can say, as questions. */
  readonly questions: readonly string[];
  /** What was not drafted, and why. */
  readonly notDrafted: readonly string[];
}

const reference = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/**
 * Drafts what is missing: a story for each threat that asks for one, a control for each mitigation that is only a text and
 * for each open threat that the library knows, a validation for each control, owner and date from the history. Missing
 * STRIDE categories become questions. The same model gives the same drafts, and a model that holds them gives none.
 */
export function draftMissing(
  model: ThreatModel,
  rules: readonly ThreatRule[],
  typeOf: (element: ModelElement) => ElementType,
  history: ModelHistory,
): Drafts {
  const library = compileLibrary(rules);
  const elements = new Map<string, ModelElement>();
  for (const element of model.elements) {
    elements.set(element.id.toLowerCase(), element);
    if (!elements.has(element.name.toLowerCase())) elements.set(element.name.toLowerCase(), element);
  }
  const work = model.threats.filter(isWork).map((threat): Work => {
    const element = elements.get(threat.element?.toLowerCase() ?? "");
    const rule = library.match(threat, element === undefined ? undefined : typeOf(element));
    const name = quotedName(element?.name ?? threat.element);
    return { threat, rule, name };
  });
  const notDrafted: string[] = [];
  const { controls, answers } = controlsFor(model, work);
  const stories = storiesFor(model, work);
  const validations = validationsFor(model, controls, work, notDrafted);
  const { documentation, system } = model;
  const owner =
    said(system.owner?.text) || said(documentation.owner?.text) || documentation.authors.some(({ text }) => said(text))
      ? undefined
      : history.owner;
  const dated =
    said(documentation.date?.text) ||
    said(documentation.version?.text) ||
    documentation.reviewers.some(({ text }) => said(text));
  const updated = dated ? undefined : history.updated;
  const low = model.threats.filter((threat) => asksForNothing(threat)).length;
  if (low > 0)
    notDrafted.push(
      low === 1
        ? "1 threat is accepted, not applicable or of low risk: no story was drafted for it."
        : `${low} threats are accepted, not applicable or of low risk: no story was drafted for them.`,
    );
  return {
    ...(owner === undefined ? {} : { owner }),
    ...(updated === undefined ? {} : { updated }),
    controls,
    answers,
    stories: stories.map(({ story }) => story),
    validations,
    drafts: [
      ...(owner === undefined ? [] : ["system.owner"]),
      ...(updated === undefined ? [] : ["system.updated"]),
      ...controls.map(({ id }) => id),
      ...stories.map(({ story }) => story.id),
      ...validations.map(({ id }) => id),
    ],
    fromLibrary: stories.filter(({ rule }) => rule !== undefined).length,
    questions: questionsFor(model),
    notDrafted,
  };
}

function said(text: string | undefined): boolean {
  return text !== undefined && text !== "" && !isPlaceholder(text);
}

/** Threats that ask for work: neither settled nor of low risk. One that nobody rated might be of any risk. */
function isWork(threat: ModelThreat): boolean {
  return !asksForNothing(threat) && !isPlaceholder(threat.title) && reference.test(threat.id);
}

function asksForNothing({ status, risk }: ModelThreat): boolean {
  return status === "accepted" || status === "not-applicable" || (risk !== undefined && !atLeast(risk, "medium"));
}

function quotedName(name: string | undefined): string {
  const plain = name?.replace(/\s+/g, " ").trim() ?? "";
  return plain === "" || plain.length > 80 ? "the system" : plain;
}

function controlsFor(model: ThreatModel, work: readonly Work[]): Pick<Drafts, "controls" | "answers"> {
  const taken = new Set(model.controls.map(({ id }) => id));
  const byTitle = new Map(model.controls.map(({ id, title }) => [key(title), id]));
  const controls: DraftedControl[] = [];
  const answers: { threat: ModelThreat; controls: string[] }[] = [];
  for (const { threat, rule } of work) {
    if (threat.controls.some((id) => taken.has(id))) continue;
    const own = isSubstantive(threat.mitigation) ? threat.mitigation.replace(/\s+/g, " ").trim() : undefined;
    const title = own ?? (threat.status === "mitigated" ? undefined : rule?.countermeasure.trim());
    if (title === undefined) continue;
    const same = byTitle.get(key(title));
    const id = same ?? freeId("C", threat.id, taken);
    answers.push({ threat, controls: [id] });
    if (same !== undefined) continue;
    byTitle.set(key(title), id);
    const status =
      own === undefined || threat.status === "open"
        ? "proposed"
        : threat.status === "mitigated"
          ? "implemented"
          : undefined;
    controls.push({
      id,
      title: shortened(status === "implemented" ? asDone(title) : title, 500),
      ...(status === undefined ? {} : { status }),
    });
  }
  return { controls, answers };
}

/** "Must be encrypted at rest" of a control that is in place already: "Encrypted at rest". */
function asDone(title: string): string {
  const rest = title.replace(
    /^(?:(?:it|this|they) )?(?:must|should|shall|needs? to|has to|have to) (?:be )?(?=\p{L})/iu,
    "",
  );
  return rest === title ? title : `${rest.charAt(0).toUpperCase()}${rest.slice(1)}`;
}

function key(title: string): string {
  return title.replace(/\s+/g, " ").trim().toLowerCase();
}

function storiesFor(
  model: ThreatModel,
  work: readonly Work[],
): { story: DraftedStory; rule: ThreatRule | undefined }[] {
  const told = new Set(model.stories.flatMap(({ threats }) => threats));
  const taken = new Set(model.stories.map(({ id }) => id));
  return work
    .filter(({ threat }) => !told.has(threat.id))
    .map(({ threat, rule, name }) => {
      const id = freeId("S", threat.id, taken);
      const threats = [threat.id];
      if (rule !== undefined) {
        const { as, need, so, acceptance } = rule.story;
        return { rule, story: { id, threats, as, need, so, acceptance } };
      }
      const general = generalOf(threat.stride);
      const wanted =
        isSubstantive(threat.mitigation, 4) && threat.mitigation.length <= 300
          ? sentenceStart(threat.mitigation)
          : undefined;
      return {
        rule,
        story: {
          id,
          threats,
          as: `the team that runs ${name}`,
          need: general.need(name),
          so: `this is prevented: ${shortened(threat.title.replace(/\s+/g, " ").trim(), 300)}`,
          acceptance: [
            ...(wanted === undefined ? [] : [`In place and tried out: ${wanted}.`]),
            ...general.acceptance(name),
          ],
        },
      };
    });
}

function sentenceStart(text: string): string {
  return text
    .replace(/\s+/g, " ")
    .trim()
    .replace(/[.;\s]+$/, "");
}

function validationsFor(
  model: ThreatModel,
  drafted: readonly DraftedControl[],
  work: readonly Work[],
  notDrafted: string[],
): DraftedValidation[] {
  const tested = new Set(model.validations.flatMap(({ control }) => control ?? []));
  const taken = new Set(model.validations.map(({ id }) => id));
  const controls: readonly Pick<ModelControl, "id" | "title">[] = [...model.controls, ...drafted];
  const found: DraftedValidation[] = [];
  for (const { id, title } of controls) {
    if (tested.has(id) || isPlaceholder(title)) continue;
    if (!reference.test(id)) {
      notDrafted.push(
        `No validation was drafted for a control whose id cannot stand in threat-model.yaml: ${shortened(id, 80)}.`,
      );
      continue;
    }
    const answered = work.find(({ threat }) => threat.controls.includes(id) || `C-${threat.id}` === id);
    found.push({ id: freeId("V", id, taken), control: id, ...checkOf(title, answered) });
  }
  return found;
}

/** `S-T-1` for threat `T-1`: people see what belongs together. */
function freeId(letter: "C" | "S" | "V", of: string, taken: Set<string>): string {
  const whole = `${letter}-${of}`;
  let id = reference.test(whole) ? whole : `${letter}-${shortDigest(of, 12)}`;
  if (taken.has(id)) id = `${letter}-${shortDigest(`${letter}\u0000${of}`, 12)}`;
  taken.add(id);
  return id;
}

/** For each element the categories usual for its kind of which no threat speaks: asked, never claimed. */
function questionsFor(model: ThreatModel): string[] {
  const spoken = new Map<string, Set<StrideLetter>>();
  for (const { element, stride } of model.threats) {
    const name = element?.toLowerCase() ?? "";
    const letters = spoken.get(name) ?? new Set();
    for (const letter of stride) letters.add(letter);
    spoken.set(name, letters);
  }
  return model.elements.flatMap(({ id, name, kind }) => {
    const left = strideOfKind[kind].filter(
      (letter) =>
        spoken.get(id.toLowerCase())?.has(letter) !== true && spoken.get(name.toLowerCase())?.has(letter) !== true,
    );
    if (left.length === 0) return [];
    const names = left.map((letter) => `${strideNames[letter]} (${letter})`).join(", ");
    return [`${quotedName(name)}: what about ${names}?`];
  });
}
