import type { ThreatRule } from "../domain/rules.ts";
import type { StrideLetter } from "../domain/stride.ts";
import type { ModelThreat } from "../domain/threat-model.ts";
import { type GeneralDraft, generalDrafts, plainDraft } from "./general.ts";

/** A threat that asks for work, with the rule of the library that speaks of it. */
export interface Work {
  readonly threat: ModelThreat;
  readonly rule: ThreatRule | undefined;
  /** The element as a sentence names it. */
  readonly name: string;
}

/** How a control is shown to work: the library's test, or what its own words ask for. */
export function checkOf(title: string, work: Work | undefined): { kind: string; how: string } {
  const quoted = shortened(
    title
      .replace(/\s+/g, " ")
      .trim()
      .replace(/[.;\s]+$/, ""),
    300,
  );
  if (/\b(review(s|ed)?|training|process|procedure|policy|contract|agreement|awareness|drill)\b/i.test(title))
    return { kind: "review", how: `Look in each review of this model for evidence that this is done: ${quoted}.` };
  if (/\b(scan(s|ned|ning)?|dependabot|sast|dast|linter?|static analysis)\b/i.test(title))
    return {
      kind: "scan",
      how: `The scan runs on every change, fails on a finding, and its last result is kept: ${quoted}.`,
    };
  if (work?.rule !== undefined) return { kind: "automated-test", how: (work.rule.test ?? work.rule.acceptance).trim() };
  const general = generalOf(work?.threat.stride ?? []);
  return {
    kind: "automated-test",
    how: `${general.test(work?.name ?? "the system")} What is checked: ${quoted}.`,
  };
}

/** What holds for any threat of the category. */
export function generalOf(stride: readonly StrideLetter[]): GeneralDraft {
  const [letter] = stride;
  return letter === undefined ? plainDraft : generalDrafts[letter];
}

/** A text at most `most` characters long, cut between whole characters. */
export function shortened(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1).replace(/[\ud800-\udbff]$/, "")}…`;
}
