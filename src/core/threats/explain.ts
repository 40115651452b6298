import type { Fact } from "../domain/fact.ts";
import type { Rules, ThreatRule } from "../domain/rules.ts";
import type { Unlisted } from "../domain/threat.ts";
import type { ThreatModel } from "../domain/threat-model.ts";
import type { ExplainedElement } from "../domain/threat-report.ts";
import { applies, mitigation } from "./applies.ts";
import { type CompiledRules, compileRules, isAboutAnAct, isAboutConnections } from "./compile.ts";
import { factIn } from "./conditions.ts";
import type { Subject } from "./derive.ts";
import { elicitModel, modelSubjects, notKnownToBeThere } from "./elicit-model.ts";

/**
 * Explains an element of a model, or the one that a threat is about. `wanted` is the id or name of an element or flow, or
 * the id of a derived threat or a prefix of it. Undefined when nothing in the model is meant by it, or more than one
 * thing is.
 * @throws Error when a rule cannot be evaluated (see compileRules).
 */
export function explainModel(
  model: ThreatModel,
  rules: Rules,
  wanted: string,
  now?: string,
): ExplainedElement | undefined {
  const compiled = compileRules(rules);
  const { threats, questions } = elicitModel(model, rules, now);
  const meant = wanted.trim().toLowerCase();
  const byThreat = threats.filter(({ id }) => meant.length > "t-".length && id.toLowerCase().startsWith(meant));
  const ids = new Set(byThreat.map(({ element }) => element.id));
  const found = modelSubjects(model, compiled).filter(({ subject: { element } }) =>
    ids.size > 0 ? ids.has(element.id) : [element.id, element.name].some((name) => name.toLowerCase() === meant),
  );
  const [only, ...others] = found;
  if (!only || others.length > 0 || ids.size > 1) return undefined;
  const { subject, carried } = only;
  const own = threats.filter(
    ({ element }) => element.id === subject.element.id && element.type === subject.element.type,
  );
  const question = questions.find(({ element }) => element.id === subject.element.id);
  const listed = new Set(own.map(({ rule }) => rule));
  const absent = notKnownToBeThere(model).get(subject.element.id);
  const all = compiled.ofType.get(subject.element.type) ?? [];
  return {
    element: subject.element,
    facts: [...subject.facts.values()].sort((one, other) => (one.fact < other.fact ? -1 : 1)),
    threats: own,
    ...(question && { question }),
    unlisted: all
      .filter((rule) => !listed.has(rule.id))
      .map((rule) => (absent ? ofAbsent(rule, absent) : inModel(rule, subject, carried))),
  };
}

/** Nothing threatens what is not there, or not known to be. */
function ofAbsent(rule: ThreatRule, fact: Fact): Unlisted {
  return unlisted(rule, fact.is === "no" ? "does-not-apply" : "not-stated", [fact]);
}

function inModel(rule: ThreatRule, subject: Subject, carried: boolean): Unlisted {
  if (isAboutAnAct(rule)) return unlisted(rule, "of-changes", []);
  if (carried && isAboutConnections(rule)) return unlisted(rule, "of-flows", []);
  return unlistedOf(rule, subject);
}

/** Why a rule that was considered for an element lists no threat. */
function unlistedOf(rule: ThreatRule, { facts }: Subject): Unlisted {
  const verdict = applies(rule, facts);
  if (verdict.is === "no") return unlisted(rule, "does-not-apply", verdict.decided);
  const missing = verdict.is === "not stated" ? verdict.missing : mitigation(rule, facts).missing;
  if (missing.length === 0) return unlisted(rule, "behind", verdict.decided);
  return unlisted(
    rule,
    "not-stated",
    missing.map((name) => factIn(facts, name)),
  );
}

function unlisted({ id, title, stride }: ThreatRule, because: Unlisted["because"], facts: readonly Fact[]): Unlisted {
  return { rule: id, title, stride, because, facts };
}

/**
 * Why the other rules for a changed element say nothing here. `asked` are those that its changes ask; what is not among
 * them the changes do not touch, unless a fact rules it out anyway.
 */
export function unlistedOfChange(
  subject: Subject,
  asked: ReadonlySet<ThreatRule>,
  listed: ReadonlySet<string>,
  compiled: CompiledRules,
): readonly Unlisted[] {
  return (compiled.ofType.get(subject.element.type) ?? []).flatMap((rule): Unlisted[] => {
    if (listed.has(rule.id)) return [];
    const found = unlistedOf(rule, subject);
    if (asked.has(rule) || found.because === "does-not-apply") return [found];
    return [unlisted(rule, "not-touched", [])];
  });
}
