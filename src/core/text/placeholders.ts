/*
 * Telling what somebody wrote from what only fills a space (H076): "TBD", an untouched template, one word, a tool's own
 * default text. Readers drop such texts; the judgement of deliverables names them.
 */

const fillers = new Set([
  "",
  "na",
  "tbd",
  "tba",
  "tbc",
  "todo",
  "fixme",
  "wip",
  "none",
  "nil",
  "null",
  "undefined",
  "unknown",
  "empty",
  "x",
  "xx",
  "xxx",
  "person",
  "name",
  "date",
  "mmddyyyy",
  "yyyymmdd",
  "ddmmyyyy",
  "placeholder",
  "coming soon",
  "work in progress",
  "not available",
  "not yet",
  "see above",
  "see below",
  "same as above",
  "as above",
  "data goes here",
  "text goes here",
]);

/** Texts that tools put into a field which nobody has filled. */
const toolDefaults = [
  // OWASP Threat Dragon, versions 1 and 2
  "provide mitigation for this threat or a reason if status is n/a",
  "provide a description for this threat",
  "mitigation or prevention for the threat",
  "mitigation or prevention for this threat",
  "provide remediation for this threat",
  "a new generic threat",
  "new generic threat",
  "new stride threat",
  "new cia threat",
  "new die threat",
  "new linddun threat",
  "new plot4ai threat",
];

const fillerStart =
  /^(tbd|tba|tbc|todo|fixme|to be (written|done|determined|defined|decided|completed|confirmed|added|described|provided)|lorem ipsum|@@|(insert|add|enter|put|write|fill in|describe|provide) [^.]{0,60}\bhere\b|your [^.]{0,40} here|replace (this|me)|<!--)/;

function bare(text: string): string {
  return text
    .toLowerCase()
    .replace(/[*_`~"'“”‘’()[\]{}<>.…,:;!?/\\|#–—-]+/g, " ")
    .replace(/\s+/g, " ")
    .trim();
}

/** True when the text says nothing: empty, "TBD", "N/A", a template's slot in brackets, a tool's default. */
export function isPlaceholder(text: string): boolean {
  const trimmed = text.trim();
  if (trimmed.length > 400) return false;
  const lower = trimmed.toLowerCase();
  if (/^(<[^<>]{1,200}>|\[[^[\]]{1,200}\]|\{\{?[^{}]{1,200}\}?\})$/.test(lower) && !/^<https?:/.test(lower))
    return true;
  if (fillerStart.test(lower)) return true;
  if (toolDefaults.some((text) => lower.startsWith(text))) return true;
  const words = bare(trimmed);
  return fillers.has(words) || fillers.has(words.replaceAll(" ", ""));
}

/** Number of words; a character of a script that writes without spaces counts as half a word. */
export function wordsIn(text: string): number {
  const unspaced = text.match(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/gu)?.length ?? 0;
  const spaced = text.replace(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/gu, " ");
  return (spaced.match(/[\p{L}\p{N}][\p{L}\p{N}'’_-]*/gu)?.length ?? 0) + Math.floor(unspaced / 2);
}

/** True when the text is a statement: no placeholder and at least `words` words (two unless told). */
export function isSubstantive(text: string | undefined, words = 2): text is string {
  return text !== undefined && !isPlaceholder(text) && wordsIn(text) >= words;
}

/** True for the name of a test: one word, but one that leads to it (`refuses_expired_tokens`, `auth/login.test.ts`, `LoginTest`). */
export function namesTest(text: string | undefined): text is string {
  const name = text?.replace(/[`*]/g, "").trim() ?? "";
  if (name.length < 6 || name.length > 200 || !/^[A-Za-z][\w./:#-]*$/.test(name) || isPlaceholder(name)) return false;
  return /_\w|::|\/|\w_$|\.\w{1,5}$/.test(name) || /^test[A-Z]|[a-z]Tests?$/.test(name);
}
