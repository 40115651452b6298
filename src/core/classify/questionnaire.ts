import { Document, isSeq, visit } from "yaml";
import type { SystemQuestion } from "../domain/classification.ts";
import type { FactDefinition } from "../domain/rules.ts";
import type { Question } from "../domain/threat.ts";
import type { ThreatModel } from "../domain/threat-model.ts";

/** One entry of the section `questionnaire` of a model. */
export interface QuestionnaireEntry {
  readonly fact: string;
  readonly element?: string;
  readonly asks: string;
  readonly choices: readonly string[];
  readonly answer: "not stated";
}

/** Elements asked about in one go: who is asked more answers nothing. Those with the gravest threats come first. */
const mostElements = 10;

/**
 * The questions that a model leaves open and does not hold yet: first those of the system, then one entry for each fact
 * of the elements, in the order given, of ten elements at most.
 */
export function questionnaireEntries(
  ofSystem: readonly SystemQuestion[],
  ofElements: readonly Question[],
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
  const elements = ofElements
    .filter(({ element }) => named.has(element.id))
    .slice(0, mostElements)
    .flatMap(({ element, facts: missing }) =>
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
