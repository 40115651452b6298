import type {
  Classification,
  ClassificationRules,
  ClassRule,
  KnownSystemFact,
  RiskClass,
} from "../domain/classification.ts";
import { riskClasses } from "../domain/classification.ts";
import type { Policy } from "../domain/policy.ts";
import { isAtLeastAsStrict } from "../domain/policy-strictness.ts";
import { showPlace } from "../domain/problem.ts";
import type { ThreatModel } from "../domain/threat-model.ts";
import { type FoundFact, questionOf, systemFacts } from "./system-facts.ts";

/** What one system is classified by. */
export interface ClassifyInput {
  /** The model as the change leaves it, and as it was. */
  readonly head?: ThreatModel;
  readonly base?: ThreatModel;
  /** The class that the policy gives the system; absent where it gives none. */
  readonly stated?: RiskClass;
  readonly policy: Policy;
}

/**
 * Classifies a system and says what follows. The policy's own word wins. Otherwise the class is the highest of all rules
 * whose facts are stated; facts that nobody stated are asked where they could change it, and leave the system in the
 * class named `otherwise`, or above. A change cannot lower the class that it is judged by: of the model before and after
 * it the higher class counts, and without a model before nothing lower than `otherwise`.
 * @throws Error when the rules cannot be evaluated.
 */
export function classify(input: ClassifyInput, rules: ClassificationRules): Classification {
  const facts = systemFacts(input.head, rules);
  const now = classOf(facts, rules);
  const before = input.base ? classOf(systemFacts(input.base, rules), rules) : undefined;
  const decided = decide(input, now, before, rules);
  return {
    ...decided,
    facts: facts.map(({ fact, answers, stated }) => ({ fact, answers, stated })),
    regulations: regulationsOf(facts, rules),
    questions: questionsOf(facts, input.stated === undefined ? now.missing : [], rules),
    ...consequencesOf(decided.riskClass, input.policy, rules),
  };
}

type Decided = Pick<Classification, "riskClass" | "decidedBy" | "because" | "rule">;

interface ClassNow {
  readonly riskClass: RiskClass;
  /** The rule that decided, and the facts it rests on. */
  readonly by?: { readonly rule: ClassRule; readonly facts: readonly KnownSystemFact[] };
  /** Facts that nobody stated and that could raise the class, or make it lower than it is. */
  readonly missing: readonly string[];
}

function decide(
  { stated, head }: ClassifyInput,
  now: ClassNow,
  before: ClassNow | undefined,
  rules: ClassificationRules,
): Decided {
  if (stated !== undefined)
    return { riskClass: stated, decidedBy: "policy", because: `The policy puts this system into class ${stated}.` };
  if (!head && !before) {
    const because = `No model says what it is exposed to and what it holds; until one does the class is ${now.riskClass}.`;
    return { riskClass: now.riskClass, decidedBy: "unknown", because };
  }
  const floor = before?.riskClass ?? rules.otherwise;
  if (isHigher(floor, now.riskClass)) {
    const because =
      before === undefined
        ? `There was no model before this change, and a new one cannot lower the class by its own word.`
        : `The model before this change says so (${reasonOf(before)}), and a change cannot lower the class it is judged by.`;
    return {
      riskClass: floor,
      decidedBy: before?.by ? "rules" : "unknown",
      because,
      ...(before?.by && { rule: before.by.rule.id }),
    };
  }
  if (!now.by) {
    const asks = now.missing.map((fact) => `\`${fact}\``).join(", ");
    return {
      riskClass: now.riskClass,
      decidedBy: now.missing.length > 0 ? "unknown" : "rules",
      because:
        now.missing.length > 0
          ? `The model does not state ${asks}; until it does the class is ${now.riskClass}.`
          : `No rule asks for more, and none allows for less.`,
    };
  }
  return {
    riskClass: now.riskClass,
    decidedBy: "rules",
    because: `${sentence(now.by.rule.because)} (${reasonOf(now)}).`,
    rule: now.by.rule.id,
  };
}

/** The facts that decided, with their places: `exposure: internet, threat-model.yaml:8`. */
function reasonOf({ by }: ClassNow): string {
  if (!by) return "too little was stated";
  return by.facts
    .map(({ fact, answers, stated }) => {
      const [first] = stated;
      return `${fact}: ${answers.join(" and ")}${first ? `, ${showPlace(first.place)}` : ""}`;
    })
    .join("; ");
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1).replace(/[.\s]+$/, "")}`;
}

function isHigher(one: RiskClass, other: RiskClass): boolean {
  return riskClasses.indexOf(one) > riskClasses.indexOf(other);
}

function classOf(facts: readonly FoundFact[], rules: ClassificationRules): ClassNow {
  const known = new Map(facts.map((fact) => [fact.fact, fact]));
  const judged = rules.rules.map((rule) => ({ rule, ...holds(rule, known) }));
  const held = judged.filter(({ is }) => is === "yes");
  let by: (typeof held)[number] | undefined;
  for (const one of held) if (!by || isHigher(one.rule.class, by.rule.class)) by = one;
  const lowerOnly = by !== undefined && isHigher(rules.otherwise, by.rule.class);
  const undecided = judged.filter(({ is, rule }) => {
    if (is !== "not stated") return false;
    return by === undefined || isHigher(rule.class, by.rule.class);
  });
  const missing = rules.facts
    .map(({ fact }) => fact)
    .filter((fact) => undecided.some((one) => one.missing.includes(fact)));
  // A class below the usual one is earned: while a rule for a higher class is open, it is not given.
  if (!by || (lowerOnly && undecided.length > 0)) return { riskClass: rules.otherwise, missing };
  return { riskClass: by.rule.class, by: { rule: by.rule, facts: by.facts }, missing };
}

/** Three-valued: a fact with another answer makes it no, whatever is missing; a missing one leaves it open. */
function holds(
  rule: ClassRule,
  known: ReadonlyMap<string, FoundFact>,
): { is: "yes" | "no" | "not stated"; facts: readonly KnownSystemFact[]; missing: readonly string[] } {
  const facts: KnownSystemFact[] = [];
  const missing: string[] = [];
  for (const [name, wanted] of Object.entries(rule.when)) {
    const fact = known.get(name);
    if (!fact || fact.answers.length === 0) missing.push(name);
    else if (fact.answers.some((answer) => wanted.includes(answer))) facts.push(fact);
    else return { is: "no", facts: [fact], missing: [] };
  }
  return missing.length > 0 ? { is: "not stated", facts, missing } : { is: "yes", facts, missing };
}

function questionsOf(facts: readonly FoundFact[], missing: readonly string[], rules: ClassificationRules) {
  const unknown = new Map(facts.map((fact) => [fact.fact, fact]));
  // Laws bring requirements whatever the class is.
  const wanted = new Set([...missing, ...(rules.regulations.length > 0 ? ["regulation"] : [])]);
  return rules.facts
    .filter(({ fact }) => wanted.has(fact) && (unknown.get(fact)?.answers.length ?? 0) === 0)
    .map((fact) => questionOf(fact, unknown.get(fact.fact)?.notUnderstood));
}

function regulationsOf(facts: readonly FoundFact[], rules: ClassificationRules): Classification["regulations"] {
  const stated = facts.find(({ fact }) => fact === "regulation");
  return rules.regulations.flatMap(({ id, name }) => {
    const index = stated?.answers.indexOf(id) ?? -1;
    const place = stated?.stated[index]?.place;
    return index < 0 ? [] : [{ id, name, ...(place && { place }) }];
  });
}

/**
 * What a class decides, where the policy does not say so itself: an explicit setting is its writer's word. Under a lock of the
 * organisation it only tightens: the class follows from what stands in the repository, its model and its policy (H019).
 */
function consequencesOf(
  riskClass: RiskClass,
  policy: Policy,
  rules: ClassificationRules,
): Pick<Classification, "threshold" | "architect" | "approvers"> {
  const given = rules.classes.find((one) => one.class === riskClass);
  const isOwn = (key: string): boolean => {
    const from = policy.origins[key]?.from ?? "default";
    // The standard's own preset says no more than the defaults do.
    return from === "preset" ? policy.preset !== "ukhsa" : from !== "default";
  };
  const mayDecide = (key: string, mine: unknown, theirs: unknown): boolean =>
    !isOwn(key) && (policy.origins[key]?.locked !== true || isAtLeastAsStrict(key, mine, theirs));
  const approvers = { ...policy.acceptance.approvers };
  for (const risk of ["low", "medium", "high", "critical"] as const) {
    const roles = given?.approvers?.[risk];
    if (roles && mayDecide(`acceptance.approvers.${risk}`, roles, approvers[risk])) approvers[risk] = roles;
  }
  const { riskThreshold } = policy;
  const threshold = given?.threshold ?? riskThreshold;
  return {
    threshold: mayDecide("riskThreshold", threshold, riskThreshold) ? threshold : riskThreshold,
    architect: given?.architect ?? "from-high",
    approvers,
  };
}

/** The policy as it holds for one system: what its class decides in place of the defaults. */
export function policyFor(policy: Policy, classification: Classification | undefined): Policy {
  if (!classification) return policy;
  const { threshold, approvers } = classification;
  return { ...policy, riskThreshold: threshold, acceptance: { ...policy.acceptance, approvers } };
}
