import { Document, isSeq, visit } from "yaml";
import type { SystemQuestion } from "../domain/classification.ts";
import { inUseFact } from "../domain/fact.ts";
import { riskLevels } from "../domain/risk.ts";
import type { FactDefinition } from "../domain/rules.ts";
import type { Question, Threat } from "../domain/threat.ts";
import type { ThreatModel } from "../domain/threat-model.ts";

/** One entry of the section `questionnaire` of a model. */
export interface QuestionnaireEntry {
  readonly fact: string;
  readonly element?: string;
  readonly asks: string;
  readonly choices: readonly string[];
  readonly answer: "not stated";
}

/** Elements asked about in one go, those with the gravest threats: who is asked more answers nothing. */
const mostElements = 6;

/**
 * The questions that a model leaves open and does not hold yet: first those of the system, then one entry for each fact
 * of the elements, of six elements at most: of those whose threats weigh most.
 */
export function questionnaireEntries(
  ofSystem: readonly SystemQuestion[],
  ofElements: readonly Question[],
  threats: readonly Threat[],
  model: ThreatModel,
  facts: readonly FactDefinition[],
): readonly QuestionnaireEntry[] {
  const held = new Set((model.questionnaire ?? []).map(({ fact, element }) => `${element ?? ""}\u0000${fact}`));
  const asks = new Map(facts.map(({ fact, asks: question }) => [fact, question]));
  const named = new Set([...model.elements, ...model.flows].map(({ id }) => id).filter(isReference));
  const system = ofSystem.map(
    ({ fact, asks: question, choices }): QuestionnaireEntry => ({
      fact,
      asks: question,
      choices: choices.map(({ answer }) => answer),
      answer: "not stated",
    }),
  );
  const weights = weightsOf(threats);
  const weightOf = ({ element: { id } }: Question): number => weights.get(id) ?? 0;
  const asked = ofElements
    .filter(({ element }) => named.has(element.id))
    .toSorted((one, other) => weightOf(other) - weightOf(one));
  // What may not be there at all is decided first, and takes no other element's place.
  const isOfPresence = (question: Question): boolean => question.facts.includes(inUseFact);
  const elements = [
    ...asked.filter(isOfPresence).slice(0, mostElements),
    ...asked.filter((one) => !isOfPresence(one)).slice(0, mostElements),
  ].flatMap(({ element, facts: missing }) =>
    missing.map(
      (fact): QuestionnaireEntry => ({
        fact,
        element: element.id,
        asks: asks.get(fact) ?? fact,
        choices: ["yes", "no"],
        answer: "not stated",
      }),
    ),
  );
  return [...system, ...elements].filter(({ fact, element }) => !held.has(`${element ?? ""}\u0000${fact}`));
}

/** What the threats of each element weigh together: one of high risk as much as four of medium risk. */
function weightsOf(threats: readonly Threat[]): ReadonlyMap<string, number> {
  const weights = new Map<string, number>();
  for (const { element, risk, status } of threats)
    if (status === "open" || status === "unknown")
      weights.set(element.id, (weights.get(element.id) ?? 0) + 4 ** riskLevels.indexOf(risk));
  return weights;
}

function isReference(id: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(id);
}

/** The section as YAML, to stand at the top level of a `threat-model.yaml`; empty when nothing is to be asked. */
export function questionnaireYaml(entries: readonly QuestionnaireEntry[]): string {
  if (entries.length === 0) return "";
  const document = new Document({ questionnaire: entries });
  visit(document, {
    Pair: (_, { key, value }) => {
      if (String(key) === "choices" && isSeq(value)) value.flow = true;
    },
  });
  return document.toString({ lineWidth: 110, flowCollectionPadding: false });
}
