import type { RiskLevel } from "../domain/risk.ts";
import type { Question, Threat } from "../domain/threat.ts";

/* What a report of many elements says once instead of once for each of them. */

/** One threat on all elements that suffer it at the same risk. */
export interface ThreatGroup {
  readonly title: string;
  readonly risk: RiskLevel;
  readonly threats: readonly Threat[];
}

/** Threats by their words and risk, in the order in which each came first. */
export function byTitle(threats: readonly Threat[]): readonly ThreatGroup[] {
  const groups = Map.groupBy(threats, ({ title, risk }) => `${risk} ${title}`);
  return [...groups.values()].flatMap((of) => {
    const [first] = of;
    return first ? [{ title: first.title, risk: first.risk, threats: of }] : [];
  });
}

/** One question, and the names of those it is asked of, each once. */
export interface QuestionGroup {
  readonly names: readonly string[];
  /** The question without the element that it is asked of: `is it closed?` */
  readonly words: string;
}

/** Questions by their words, in the order in which each came first. */
export function byWords(questions: readonly Question[]): readonly QuestionGroup[] {
  const wordsOf = ({ asks, element }: Question): string =>
    asks.startsWith(`${element.name}: `) ? asks.slice(element.name.length + 2) : asks;
  return [...Map.groupBy(questions, wordsOf)].map(([words, of]) => ({
    words,
    names: distinctNames(of.map(({ element }) => element)),
  }));
}

/** Names of elements, each once: a model may call several parts the same. */
export function distinctNames(elements: readonly { readonly name: string }[]): readonly string[] {
  return [...new Set(elements.map(({ name }) => name))];
}

/** The first names, and how many more there are: `a, b and 4 more`. Shown by the caller's own means. */
export function firstOf<Part>(
  parts: readonly Part[],
  most: number,
): { readonly shown: readonly Part[]; readonly more: string } {
  const shown = parts.slice(0, most);
  return { shown, more: parts.length > shown.length ? ` and ${parts.length - shown.length} more` : "" };
}

/** What is said once of the threats of which nobody says whether they are answered. */
export function unsureWords(threats: readonly Threat[]): string | undefined {
  const unsure = threats.filter(({ status }) => status === "unknown").length;
  if (unsure === 0) return undefined;
  return unsure === threats.length
    ? "Nobody says of any of these threats whether it is answered already"
    : "? means: nobody says whether it is answered already";
}
