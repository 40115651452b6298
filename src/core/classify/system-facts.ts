import type { ClassificationRules, KnownSystemFact, SystemFact, SystemQuestion } from "../domain/classification.ts";
import type { Place } from "../domain/problem.ts";
import type { ThreatModel } from "../domain/threat-model.ts";
import { compileExpression, type Expression } from "../text/expressions.ts";

/** What is known of one fact of a system, and what somebody answered that nobody can read. */
export interface FoundFact extends KnownSystemFact {
  readonly notUnderstood?: string;
}

/** A text of the model that may state a fact. `settles` is false for names, of which it means nothing to be unknown. */
interface Statement {
  readonly text: string;
  readonly place: Place;
  readonly settles: boolean;
}

/** Longer texts are prose: a word in them states nothing. */
const longest = 300;

/**
 * Finds every fact of the classification in a model: from `system`, from its data, from facts of elements, and from
 * answers of the questionnaire. What denies a word ("not public") does not state it. Where several answers are stated
 * the gravest counts, because a system is what its most exposed part is.
 */
export function systemFacts(model: ThreatModel | undefined, rules: ClassificationRules): readonly FoundFact[] {
  const compiled = compileClassification(rules);
  return compiled.map((fact) => (model ? find(fact, model) : { fact: fact.definition.fact, answers: [], stated: [] }));
}

interface CompiledAnswer {
  readonly answer: string;
  readonly words: readonly Expression[];
  readonly facts: readonly string[];
  readonly alone: boolean;
}

interface CompiledFact {
  readonly definition: SystemFact;
  readonly answers: readonly CompiledAnswer[];
}

const compiledRules = new WeakMap<ClassificationRules, readonly CompiledFact[]>();

/** @throws Error with the pattern when one is not valid: a classification that cannot be evaluated is an error. */
export function compileClassification(rules: ClassificationRules): readonly CompiledFact[] {
  const known = compiledRules.get(rules);
  if (known) return known;
  const fresh = rules.facts.map((definition) => ({
    definition,
    answers: definition.answers.map(({ answer, words, facts, alone }) => ({
      answer,
      words: words.map((pattern) => compileExpression(`(?i)${pattern}`)),
      facts,
      alone,
    })),
  }));
  compiledRules.set(rules, fresh);
  return fresh;
}

function find({ definition, answers }: CompiledFact, model: ThreatModel): FoundFact {
  const { fact, several } = definition;
  const statements = statementsOf(fact, model);
  const found = new Map<string, { text: string; place: Place }>();
  const add = (answer: string, text: string, place: Place): void => {
    if (!found.has(answer)) found.set(answer, { text, place });
  };
  let notUnderstood: string | undefined;
  for (const { text, place, settles } of statements) {
    const meant = meaningsOf(text, answers, several);
    for (const answer of meant) add(answer, text, place);
    if (meant.length === 0 && settles) notUnderstood ??= text;
  }
  for (const { answer, facts } of answers) {
    for (const name of facts) {
      const stated = statedByElement(name, model);
      if (stated) add(answer, name, stated);
    }
  }
  const held = answers.filter(({ answer }) => found.has(answer));
  const counted = several ? held.filter(({ answer }) => answer !== "none" || held.length === 1) : held.slice(0, 1);
  const [gravest] = counted;
  const isSettled = notUnderstood === undefined || several || gravest?.alone === true;
  if (!gravest || !isSettled)
    return { fact, answers: [], stated: [], ...(notUnderstood !== undefined && { notUnderstood }) };
  return {
    fact,
    answers: counted.map(({ answer }) => answer),
    stated: counted.flatMap(({ answer }) => found.get(answer) ?? []),
  };
}

/** Answers that a text gives: by name, or by words that it does not deny. Of one-valued facts the gravest alone. */
function meaningsOf(text: string, answers: readonly CompiledAnswer[], several: boolean): readonly string[] {
  if (text.length > longest) return [];
  const plain = text.trim().toLowerCase();
  const exact = answers.find(({ answer }) => answer === plain);
  if (exact) return [exact.answer];
  const affirmed = withoutDenials(text);
  const meant = answers.filter(({ words }) => words.some((word) => word.find(affirmed) !== undefined));
  return (several ? meant : meant.slice(0, 1)).map(({ answer }) => answer);
}

/** A text without what it denies: from "not", "no" or "without" to the end of the clause. */
function withoutDenials(text: string): string {
  return text.replace(/\b(?:not|no|never|without|non)\b[^,;.()]*/gi, " ");
}

/** Texts of the model that may state a fact. Facts of an organisation's own are stated in the questionnaire alone. */
function statementsOf(fact: string, model: ThreatModel): readonly Statement[] {
  const { system } = model;
  const answered = (model.questionnaire ?? []).flatMap(({ fact: asked, element, answer, place }): Statement[] =>
    asked === fact && element === undefined && answer !== undefined ? [{ text: answer, place, settles: true }] : [],
  );
  if (fact === "data") {
    const own = system.data.map(({ name, classification, place }): Statement => {
      return { text: classification ?? name, place, settles: classification !== undefined };
    });
    const known = new Set(system.data.map(({ name }) => name.toLowerCase()));
    const held = [...model.elements, ...model.flows].flatMap(({ data, place }) =>
      data
        .filter((name) => !known.has(name.toLowerCase()))
        .map((name): Statement => ({ text: name, place, settles: false })),
    );
    // An entry without a class says nothing certain of the whole: the least grave answers need all entries.
    const open = system.data.filter(({ classification }) => classification === undefined);
    return [
      ...answered,
      ...own,
      ...held,
      ...open.map(({ place }): Statement => ({ text: "", place, settles: answered.length === 0 })),
    ];
  }
  const stated = fact === "exposure" ? [system.exposure] : fact === "criticality" ? [system.criticality] : [];
  const several = fact === "regulation" ? (system.regulations ?? []) : [];
  return [
    ...answered,
    ...[...stated, ...several].flatMap((one): Statement[] => (one ? [{ ...one, settles: true }] : [])),
  ];
}

function statedByElement(name: string, model: ThreatModel): Place | undefined {
  for (const { facts, place } of [...model.elements, ...model.flows]) {
    const stated = facts.find(({ fact, is }) => fact === name && is === "yes");
    if (stated) return stated.where ?? place;
  }
  return undefined;
}

/** The question that asks for a fact. */
export function questionOf({ fact, asks, answers }: SystemFact, notUnderstood: string | undefined): SystemQuestion {
  return {
    fact,
    asks,
    choices: answers.map(({ answer, means }) => ({ answer, means })),
    ...(notUnderstood !== undefined && notUnderstood !== "" && { notUnderstood }),
  };
}
