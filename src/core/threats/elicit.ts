import type { Change } from "../domain/change.ts";
import type { Place } from "../domain/problem.ts";
import type { Rules, ThreatRule } from "../domain/rules.ts";
import type { Checklist, Question, Threat, Unlisted } from "../domain/threat.ts";
import type { ThreatModel } from "../domain/threat-model.ts";
import { type Asked, answersOf, askedOf, idsOf } from "./answers.ts";
import { askedBy, namesChange } from "./applies.ts";
import { groupedFacts, highestFirst, type MissingFact, questionOf } from "./checklist.ts";
import { type CompiledRules, compileRules } from "./compile.ts";
import { crossingsOf } from "./crossings.ts";
import { outcomeOf, type Subject, threatOf, withAnswer } from "./derive.ts";
import { elementOfChange } from "./element-of-change.ts";
import { unlistedOfChange } from "./explain.ts";
import { factsOfName, factTable, sourcesOfElement } from "./facts.ts";
import { type Profile, profileOf } from "./profile.ts";
import { type FormerIds, formerIds } from "./renames.ts";

export { elicitModel } from "./elicit-model.ts";
export { threatsOutput } from "./threats-output.ts";

/** What threats are derived from for one pull request. `now` is the snapshot's: it ends acceptances. */
export interface ElicitInput {
  readonly changes: readonly Change[];
  readonly model?: ThreatModel;
  /** The model as it was before the change: an element that only changed its id keeps its answers. */
  readonly base?: ThreatModel;
  /** Whether anybody can read the repository. */
  readonly isPublic: boolean;
  readonly now: string;
}

/** The threats of the changed elements, answered ones included, and what is still asked of each significant change. */
export interface Elicited {
  readonly threats: readonly Threat[];
  readonly checklists: readonly Checklist[];
}

/** Threats that a change falls back on when the library has none for the letters it touches. */
const mostFallbacks = 2;

/** All changes that concern one element, in the order they came. */
interface Concern {
  readonly subject: Subject;
  /** Indexes of its significant changes. */
  readonly indexes: readonly number[];
}

/**
 * The STRIDE checklist of each significant change: the threats of the changed element, highest first. What the change,
 * the other changes of the same element or the model already answer is credited with its place and not asked. What
 * depends on facts that nobody stated becomes one question for the element. A threat is asked once, on the first change
 * that touches it. Pure, and in the same order for the same input.
 * @throws Error when a rule cannot be evaluated (see compileRules).
 */
export function elicit(input: ElicitInput, rules: Rules): Elicited {
  const { own } = rules;
  if (!own) return elicitBy(input, rules, true);
  // A change that an own rule saw and own threats name is theirs alone; what the shipped threats say of all others stands.
  const ownChanges = new Set(own.changes.map(({ id }) => id));
  const isOwnAffair = ({ rule }: Change) => ownChanges.has(rule) && own.threats.some((one) => namesChange(one, rule));
  // Nor may an own rule state a fact to a shipped threat: it could answer it.
  const forShipped = input.changes.map((one) =>
    ownChanges.has(one.rule) ? { ...one, facts: [], significant: one.significant && !isOwnAffair(one) } : one,
  );
  return together(elicitBy({ ...input, changes: forShipped }, rules, true), elicitBy(input, own, false));
}

/** What two sets of rules say of the same changes, as one list. */
function together(one: Elicited, other: Elicited): Elicited {
  const lists = new Map(one.checklists.map((list) => [list.change, list]));
  for (const more of other.checklists) {
    const known = lists.get(more.change);
    const joined = known && {
      ...known,
      threats: highestFirst([...known.threats, ...more.threats]),
      questions: [...known.questions, ...more.questions],
      credited: [...known.credited, ...more.credited],
      unlisted: [...(known.unlisted ?? []), ...(more.unlisted ?? [])],
    };
    lists.set(more.change, joined ?? more);
  }
  return {
    threats: highestFirst([...one.threats, ...other.threats]),
    checklists: [...lists.values()].sort((a, b) => a.change - b.change),
  };
}

/** `fallsBack`: whether a change for which there is no threat at all is met with the highest of its element. */
function elicitBy(input: ElicitInput, rules: Rules, fallsBack: boolean): Elicited {
  const compiled = compileRules(rules);
  const profile = profileOf(input.model, input.isPublic);
  const drafts = concernsOf(input, compiled, profile).map((concern) => draftOf(concern, input, compiled, fallsBack));
  const former: FormerIds = input.model ? formerIds(input.base, input.model) : new Map();
  const asked = (threat: Threat): Asked => askedOf(threat, former);
  const ids = [...new Set(drafts.flatMap((draft) => draft.derived.flatMap(({ threat }) => idsOf(asked(threat)))))];
  const answer = input.model ? answersOf(input.model, ids, input.now) : () => undefined;
  const threats: Threat[] = [];
  const checklists: Checklist[] = [];
  const seen = new Set<string>();
  for (const draft of drafts) {
    // An element whose type the model leaves open may be met under two types: what both raise is one threat.
    const fresh = draft.derived.filter(({ threat }) => !seen.has(threat.id));
    for (const { threat } of fresh) seen.add(threat.id);
    const settled = fresh.map((derived) => ({
      ...derived,
      threat: withAnswer(derived.threat, answer(asked(derived.threat))),
    }));
    threats.push(...settled.map(({ threat }) => threat));
    for (const index of draft.concern.indexes) {
      const here = settled.filter((derived) => derived.change === index).map(({ threat }) => threat);
      const question = index === draft.concern.indexes[0] ? draft.question : undefined;
      checklists.push({
        change: index,
        threats: highestFirst(here.filter((threat) => threat.status === "open")),
        questions: question ? [question] : [],
        // Said once, with the element's first change.
        unlisted: index === draft.concern.indexes[0] ? draft.unlisted : [],
        credited: highestFirst(here.filter((threat) => threat.status !== "open")).map((threat) => ({
          title: threat.title,
          where: threat.statusPlace ?? threat.place,
        })),
      });
    }
  }
  return { threats: highestFirst(threats), checklists: checklists.sort((a, b) => a.change - b.change) };
}

function concernsOf(input: ElicitInput, compiled: CompiledRules, profile: Profile): readonly Concern[] {
  const crossings = input.model && crossingsOf(input.model);
  const groups = new Map<
    string,
    { concerned: ReturnType<typeof elementOfChange>; indexes: number[]; changes: Change[] }
  >();
  for (const [index, change] of input.changes.entries()) {
    const concerned = elementOfChange(change, input.model);
    // A model may describe one element that changes of several types concern; each type has its own threats.
    const key = `${concerned.element.type}\u0000${concerned.element.id}`;
    const group = groups.get(key) ?? { concerned, indexes: [], changes: [] };
    groups.set(key, group);
    // A change that is not significant asks nothing, but what it states is still known.
    group.changes.push(change);
    if (change.significant) group.indexes.push(index);
  }
  return [...groups.values()]
    .filter((group) => group.indexes.length > 0)
    .map(({ concerned, indexes, changes }) => {
      const { element, modelled } = concerned;
      const [first] = changes;
      const changed: Place = { path: first?.path ?? "", ...(first?.line !== undefined && { line: first.line }) };
      const place = modelled?.place ?? changed;
      const stated = changes.flatMap((change) => change.facts);
      const ofModel =
        modelled && input.model && crossings ? sourcesOfElement(modelled, input.model, crossings, compiled) : [];
      const named = changes.flatMap((change) => factsOfName(change.element.name, changed, compiled));
      const facts = factTable([stated, ...ofModel, profile.facts(element.type), named], compiled);
      return { subject: { element, facts, place }, indexes };
    });
}

/** A threat with the index of the change that asks it. */
interface AskedThreat {
  readonly change: number;
  readonly threat: Threat;
}

interface Draft {
  readonly concern: Concern;
  readonly derived: readonly AskedThreat[];
  readonly question: Question | undefined;
  readonly unlisted: readonly Unlisted[];
}

/** Everything the library has to say of one concern, before the model's answers. */
function draftOf(concern: Concern, input: ElicitInput, compiled: CompiledRules, fallsBack: boolean): Draft {
  const { subject, indexes } = concern;
  const candidates = compiled.ofType.get(subject.element.type) ?? [];
  let derived: AskedThreat[] = [];
  const missing: MissingFact[] = [];
  const asked = new Set<ThreatRule>();
  for (const index of indexes) {
    const change = input.changes[index];
    if (!change) continue;
    for (const rule of askedBy(change, candidates)) {
      if (asked.has(rule)) continue;
      asked.add(rule);
      const outcome = outcomeOf(rule, subject.facts);
      if (outcome?.is === "there")
        derived.push({ change: index, threat: threatOf(rule, subject, placeOf(change, subject)) });
      if (outcome?.is === "undecided") missing.push(...outcome.missing);
    }
  }
  const question = questionOf(subject.element, questionPlace(concern, input), groupedFacts(missing, compiled));
  const [first] = indexes;
  if (fallsBack && derived.length === 0 && !question && first !== undefined) {
    const place = placeOf(input.changes[first], subject);
    derived = fallback(candidates, subject, place).map((threat) => ({ change: first, threat }));
  }
  const listed = new Set(derived.map(({ threat }) => threat.rule));
  return { concern, derived, question, unlisted: unlistedOfChange(subject, asked, listed, compiled) };
}

/** A significant change is never met with silence: the highest threats of its element stand in, whatever their letter. */
function fallback(candidates: readonly ThreatRule[], subject: Subject, place: Place): readonly Threat[] {
  const threats: Threat[] = [];
  for (const rule of candidates) {
    if (rule.appliesTo.changes) continue;
    if (outcomeOf(rule, subject.facts)?.is === "there") threats.push(threatOf(rule, subject, place));
  }
  return highestFirst(threats).slice(0, mostFallbacks);
}

function placeOf(change: Change | undefined, subject: Subject): Place {
  if (!change) return subject.place;
  return { path: change.path, ...(change.line !== undefined && { line: change.line }) };
}

function questionPlace(concern: Concern, input: ElicitInput): Place {
  return placeOf(input.changes[concern.indexes[0] ?? -1], concern.subject);
}
