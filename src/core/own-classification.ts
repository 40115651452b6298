import { compileClassification } from "./classify/system-facts.ts";
import { type ClassificationRules, classificationRulesSchema } from "./domain/classification.ts";
import type { Place, Problem } from "./domain/problem.ts";
import type { Rules } from "./domain/rules.ts";
import type { FileText } from "./domain/snapshot.ts";
import { readCheckedYaml } from "./text/checked-yaml.ts";
import { limits } from "./text/limits.ts";
import { suggestionFor } from "./text/suggestion.ts";

/*
 * An organisation's own way of classifying its systems. It takes the place of the rules that ship, whole: a class is one
 * judgement, and half of ours with half of theirs would be neither. A file with a fault is told, and ours stay in force.
 */

/** The rules of a `classification.yml`, or what is wrong with it. */
export type OwnClassification =
  | { readonly classification: ClassificationRules; readonly problems: readonly [] }
  | { readonly classification?: undefined; readonly problems: readonly Problem[] };

const examples: Readonly<Record<string, string>> = {
  source: "source: Fernhill information security policy, section 4",
  facts:
    'facts: [{ fact: exposure, asks: "Who can reach it?", answers: [{ answer: internet, means: anybody, words: ["\\\\binternet\\\\b"] }, …] }]',
  rules: "rules: [{ id: on-the-internet, when: { exposure: [internet] }, class: high, because: anybody can reach it }]",
  "rules.class": "class: high",
  "rules.when": "when: { exposure: [internet], data: [personal] }",
  otherwise: "otherwise: medium",
  classes:
    "classes: [{ class: high, architect: always }, { class: medium, architect: from-high }, { class: low, architect: never }]",
  "classes.architect": "architect: from-high",
  "classes.threshold": "threshold: medium",
};

/** Reads a `classification.yml`. `where` is its path as messages name it. Every fault is told, with its line. */
export function readClassification({ text }: FileText, where: string, shipped: Rules): OwnClassification {
  const checked = readCheckedYaml(where, text, classificationRulesSchema, { examples }, { bytes: limits.ownRuleBytes });
  if (!("value" in checked)) return { problems: checked.problems };
  const { value, document } = checked;
  const at = (...key: (string | number)[]): Place => ({ path: where, line: document.lineOf(key) ?? 1 });
  const problems = [...unknownFacts(value, shipped, at), ...unknownThemes(value, shipped, at)];
  try {
    compileClassification(value);
  } catch (fault) {
    const why = fault instanceof Error ? fault.message : String(fault);
    problems.push(
      faultOf(
        at("facts"),
        `An expression under \`words\` cannot be used: ${why.slice(0, 200)}`,
        "Expressions are in RE2 syntax.",
      ),
    );
  }
  return problems.length > 0 ? { problems } : { classification: value, problems: [] };
}

type At = (...key: (string | number)[]) => Place;

function unknownFacts({ facts }: ClassificationRules, shipped: Rules, at: At): Problem[] {
  const known = shipped.facts.map(({ fact }) => fact);
  return facts.flatMap(({ answers }, index) =>
    answers.flatMap(({ facts: named }, number) =>
      named
        .filter((fact) => !known.includes(fact))
        .map((fact) => {
          const near = suggestionFor(fact, known);
          const hint = near ? `Did you mean \`${near}\`?` : "Answers rest on the facts in `rules/facts.yml` only.";
          return faultOf(at("facts", index, "answers", number), `There is no fact \`${fact}\`.`, hint);
        }),
    ),
  );
}

/** A law whose requirements are named by a field that the catalogue of evidence themes has not would bring none, silently. */
function unknownThemes({ regulations }: ClassificationRules, { themes }: Rules, at: At): Problem[] {
  const known = [...new Set((themes ?? []).flatMap((theme) => Object.keys(theme)))].filter(
    (field) => field !== "id" && field !== "name",
  );
  return regulations.flatMap(({ id, themes: field }, index) =>
    typeof field !== "string" || known.includes(field)
      ? []
      : [
          faultOf(
            at("regulations", index),
            `\`${id}\` takes its requirements from \`${field}\`, which the catalogue of evidence themes does not have.`,
            "Give the requirements of each theme yourself, or name a field of the catalogue.",
            "themes: { AUTHN: ['4.2'] }",
          ),
        ],
  );
}

function faultOf(place: Place, what: string, hint: string, example?: string): Problem {
  return { ...place, severity: "error", what, hint, ...(example === undefined ? {} : { example }) };
}
