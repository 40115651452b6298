import type { Confidence } from "../domain/change.ts";
import type { Fact } from "../domain/fact.ts";
import type { ChangeRule } from "../domain/rules.ts";

/** What one rule saw at one place, before the change is judged as a whole. */
export interface Candidate {
  readonly rule: ChangeRule;
  readonly path: string;
  readonly line?: number;
  readonly baseLine?: number;
  /** The name people know the thing by. */
  readonly name: string;
  /** Values for the rule's title template, `name` and `type` among them. */
  readonly values: ReadonlyMap<string, string>;
  readonly evidence: string;
  readonly confidence: Confidence;
  readonly facts: readonly Fact[];
  /** Whether the file is new with this change. */
  readonly inNewFile?: boolean;
}

/** The longest evidence that is kept: one line, cut at a character. */
const longestEvidence = 200;

/** One line of evidence without control characters, at most 200 characters. */
export function evidenceOf(text: string): string {
  const line = text.replace(/[\u0000-\u001f\u007f\u2028\u2029]+/g, " ").trim();
  const characters = Array.from(line);
  return characters.length > longestEvidence ? `${characters.slice(0, longestEvidence - 1).join("")}…` : line;
}

/** Fills `{name}` and other values in braces into a template; a value that is not known becomes nothing. */
export function fillTemplate(template: string, values: ReadonlyMap<string, string>): string {
  return template
    .replace(/\{([\w.-]{1,80})\}/g, (_, key: string) => values.get(key) ?? "")
    .replace(/``|\(\s*\)|\s+(?=[,.;:])/g, "")
    .replace(/\s{2,}/g, " ")
    .trim();
}
