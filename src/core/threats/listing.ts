import { atLeast, type RiskLevel, ratings, riskLevels } from "../domain/risk.ts";
import type { ThreatRule } from "../domain/rules.ts";
import { type GroupedFacts, groupedFacts, type MissingFact } from "./checklist.ts";
import type { CompiledRules } from "./compile.ts";
import { outcomeOf, type Subject } from "./derive.ts";

/** An element, flow or boundary of a model with all that is known of it. */
export interface ModelSubject {
  readonly subject: Subject;
  /** False for what nobody would be asked about one by one. */
  readonly asked: boolean;
  /** True for an element whose connections the model draws: what protects them is asked of the flows. */
  readonly carried: boolean;
}

/** What is listed and asked of all elements of one type of which the same facts are known. */
export interface Listing {
  /** Rules whose threats are there, answered or not, by what is stated. */
  readonly decided: readonly ThreatRule[];
  /** The first of those of which nobody said whether they are answered; the rest waits for the question. */
  readonly unknown: readonly ThreatRule[];
  readonly asks: GroupedFacts | undefined;
}

/** Threats listed for an element although nobody said whether they are answered. */
const mostUnknown = 3;

/** Listings remembered for one set of rules, so that a service that runs for months stays small. */
const mostRemembered = 5_000;
const remembered = new WeakMap<CompiledRules, Map<string, Listing>>();

/**
 * What is listed and asked of an element. It rests on its type and on the values of its facts, not on where they are stated:
 * elements alike are judged once.
 */
export function listingOf(of: ModelSubject, compiled: CompiledRules): Listing {
  const listings = remembered.get(compiled) ?? new Map<string, Listing>();
  remembered.set(compiled, listings);
  const key = keyOf(of);
  const known = listings.get(key);
  if (known !== undefined) return known;
  const fresh = judged(of, compiled);
  if (listings.size >= mostRemembered) listings.clear();
  listings.set(key, fresh);
  return fresh;
}

function keyOf({ subject: { element, facts }, asked, carried }: ModelSubject): string {
  const values: string[] = [];
  for (const { fact, is } of facts.values()) values.push(`${fact} ${is}`);
  return `${element.type} ${asked} ${carried} ${values.sort().join()}`;
}

function judged({ subject, asked, carried }: ModelSubject, compiled: CompiledRules): Listing {
  const decided: ThreatRule[] = [];
  const unknown: Unknown[] = [];
  const missing: MissingFact[] = [];
  for (const rule of compiled.ofModel(subject.element.type, carried)) {
    const outcome = outcomeOf(rule, subject.facts);
    if (outcome === undefined) continue;
    missing.push(...outcome.missing.filter(isWorthAsking));
    if (outcome.is === "undecided") continue;
    if (outcome.missing.length === 0) decided.push(rule);
    else if (asked && atLeast(outcome.risk, "medium")) unknown.push({ rule, risk: outcome.risk });
  }
  return {
    decided,
    unknown: unknown
      .sort(gravestFirst)
      .slice(0, mostUnknown)
      .map(({ rule }) => rule),
    asks: asked ? groupedFacts(missing, compiled) : undefined,
  };
}

interface Unknown {
  readonly rule: ThreatRule;
  readonly risk: RiskLevel;
}

/**
 * Which of the threats that nobody answered are shown: the highest risk, then what the library holds to be the greater
 * harm and the likelier, then what is particular to fewer kinds of element (it says more about this one than what every
 * kind shares), then by id.
 */
function gravestFirst(one: Unknown, other: Unknown): number {
  return (
    riskLevels.indexOf(other.risk) - riskLevels.indexOf(one.risk) ||
    ratings.indexOf(other.rule.impact) - ratings.indexOf(one.rule.impact) ||
    ratings.indexOf(other.rule.likelihood) - ratings.indexOf(one.rule.likelihood) ||
    one.rule.appliesTo.elements.length - other.rule.appliesTo.elements.length ||
    (one.rule.id < other.rule.id ? -1 : 1)
  );
}

/**
 * A whole model is asked only for what could be a medium risk or more. A model draws its boundaries; where it draws
 * none, nobody is asked flow by flow.
 */
function isWorthAsking({ fact, risk }: MissingFact): boolean {
  return fact !== "crosses-boundary" && atLeast(risk, "medium");
}
