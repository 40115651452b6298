import { subjectsOf } from "../bearing/subjects.ts";
import type { CodeLine } from "../code-line.ts";
import type { Detector, Sighting } from "../detector.ts";
import type { CodeHunk, InspectedFile } from "../inspected-file.ts";
import { programmingLanguages } from "../language.ts";
import { asksCaller } from "../persons-asked.ts";
import { placeOf } from "../place-of-line.ts";

/*
 * Terms that a condition gained or lost, where the rest of it stands: `if editable` becomes `if editable && !encrypted`. Who
 * passes, or what is shown, is decided by one thing more or less than before. What the term is about is told by its names.
 */

/** A condition, and what of the line it tests. */
const tested =
  /^(?:\}?\s*(?:else\s+)?)?(?:if|elif|elsif|unless|while|guard|when|case|return|assert)\b\s*\(?(.{3,400}?)\)?\s*(?:[{:;]|\bthen\b)?$|^(?:(?:let|const|var|val|final|auto|bool|\w+)\s+)?[\w.$]{1,60}\s*:?=\s*(.{3,400}?);?$/;
/** What joins the terms of a condition. */
const joint = /\s*(?:&&|\|\||\band\b|\bor\b|\bAND\b|\bOR\b)\s*/;
/** A line that is one more term of a condition which began above. */
const furtherTerm = /^(?:&&|\|\||and\b|or\b)\s*(.{3,200}?)(?:\)?\s*[{:;]?)$/;

/** What a term must be about to decide on access; the first kind is sure, the second a hint. */
const sure = new Set([
  "permission",
  "sharing",
  "authorization-phrase",
  "authentication-phrase",
  "cryptography",
  "cryptography-phrase",
  "secret-phrase",
  "access-column-phrase",
]);
const hinted = new Set(["state", "group", "credential"]);
/** Names that say what may still be done with a record. */
const changeable = /\b\w*(?:editable|read_?only|readOnly|immutable|frozen|protected|encrypt\w*)\b/i;
/** Whether something is there at all decides nothing about who may. */
const presence =
  /^!?\(?[\w.$]+(?:\(\))?\)?$|(?:[!=]==?|\bis(?:\s+not)?)\s*(?:null|nil|None|undefined|""|'')|\b(?:len|length|count|size|isEmpty|is_some|is_none|ok|err)\b/;
/** Asks a list of what passes or is refused. */
const asksList = /\b\w{0,30}(?:allow|deny|block|white|black|ban)_?list\w{0,20}\b/i;
/** Whether a list holds anything, or is there. */
const isThere = /\b(?:null|nil|None|undefined|len|length|count|size|isEmpty|empty|present|any)\b|""|''/;
/** A flag that a record carries: `!order.private`, `user.isAdmin()`. */
const flag =
  /^!?\(?[\w.$[\]]*[.>_](?:is_?|has_?|can_?|may_?)?\w{3,40}(?:\(\))?\)?$|^!?(?:is|has|can|may)_?\w{3,40}(?:\(\))?$/;

function termsOn(code: string): readonly string[] | undefined {
  const found = tested.exec(code);
  const condition = found?.[1] ?? (joint.test(found?.[2] ?? "") ? found?.[2] : undefined);
  if (condition === undefined) return undefined;
  return condition.split(joint).map(bare).filter(Boolean);
}

function bare(term: string): string {
  const text = term.replace(/\s+/g, "").replace(/^[([]+|[;{]+$/g, "");
  // A bracket of the whole condition that stands at the end, or one of a call that the end of the condition took.
  const missing = depthOf(text);
  return missing < 0
    ? text.replace(/[)\]]+$/, (end) => end.slice(0, missing))
    : text + ")".repeat(Math.min(missing, 4));
}

function depthOf(text: string): number {
  let depth = 0;
  for (const character of text) depth += "([".includes(character) ? 1 : ")]".includes(character) ? -1 : 0;
  return depth;
}

/** A setting that is asked for by its name: `config.get("DISABLE_AUTH")`. */
const setting =
  /(?:config|settings|environ|env|getenv|flags?|features?)\b[\w.>()-]{0,30}[([]["']([\w.-]{3,60})["'][)\]]/i;
/** What a switch of a control is named for. */
const switched = new Set(["authorization-phrase", "authentication-phrase", "cryptography-phrase", "permission"]);

/** How sure it is that a term decides on access; undefined where it does not. */
function weightOf(term: string): "medium" | "low" | undefined {
  const subjects = [...subjectsOf(term.replace(/(["'`])(?:\\.|(?!\1)[^\\])*\1/g, '""'))];
  const isFlag = flag.test(term);
  const name = setting.exec(term)?.[1];
  if (name !== undefined && [...subjectsOf(name)].some((one) => switched.has(one))) return "medium";
  if (presence.test(term) && !isFlag) return undefined;
  if (isFlag && (changeable.test(term) || subjects.some((one) => sure.has(one)))) return "medium";
  return subjects.some((one) => sure.has(one) || hinted.has(one)) ? "low" : undefined;
}

interface Term {
  readonly line: CodeLine;
  readonly text: string;
  readonly confidence: "medium" | "low";
}

/** A term that only one of two versions of a condition has; undefined where they share nothing else, or differ in more. */
function onlyIn(one: readonly string[], other: readonly string[], line: CodeLine): Term | undefined {
  const known = new Set(other);
  const more = one.filter((term) => !known.has(term));
  const kept = new Set(one);
  if (more.length === 0 || more.length === one.length || other.some((term) => !kept.has(term))) return undefined;
  for (const text of more) {
    const confidence = weightOf(text);
    if (confidence !== undefined) return { line, text, confidence };
  }
  // Beside a question about the caller, or to a list of what passes, every other term decides, whatever it is about.
  const [first] = more;
  if (first === undefined) return undefined;
  const stands = (question: RegExp): boolean => one.some((term) => known.has(term) && question.test(term));
  if (stands(asksCaller) ? !presence.test(first) : stands(asksList) && !isThere.test(first))
    return { line, text: first, confidence: "medium" };
  return undefined;
}

/** Conditions that went, before the ones that took their place: no run of changed lines holds more that are alike. */
const mostEarlier = 20;

/** What a line ends in, and the next one begins with, where a condition takes several. */
const goesOn = /(?:&&|\|\||[=(]|\band|\bor)$/;
const continues = /^(?:&&|\|\||and\b|or\b)/;
/** No condition is read further. */
const longestCondition = 8;

/** A condition that begins on a line, with the lines of the same side that it goes on with. */
function wholeCondition(lines: readonly CodeLine[], index: number): string {
  const first = lines[index];
  let code = first?.code ?? "";
  for (const next of lines.slice(index + 1, index + longestCondition)) {
    if (next.kind !== first?.kind || !(goesOn.test(code) || continues.test(next.code))) break;
    code = `${code} ${next.code}`;
  }
  return code;
}

/** Of the conditions in one run of changed lines, the first that differs in a term from one that stood there. */
function changedIn(hunk: CodeHunk, telling: ReadonlySet<CodeLine>): Term | undefined {
  let earlier: (readonly string[])[] = [];
  for (const [index, line] of hunk.lines.entries()) {
    if (line.kind === "context") earlier = [];
    if (line.kind === "context" || line.isImport || !telling.has(line)) continue;
    const terms = termsOn(wholeCondition(hunk.lines, index));
    if (terms === undefined) continue;
    if (line.kind === "removed") {
      if (earlier.length < mostEarlier) earlier.push(terms);
      continue;
    }
    for (const before of earlier) {
      const found = onlyIn(terms, before, line) ?? onlyIn(before, terms, line);
      if (found) return found;
    }
  }
  return undefined;
}

/** A term on a line of its own, in a condition whose other lines stay. */
function furtherIn(hunk: CodeHunk, telling: ReadonlySet<CodeLine>): Term | undefined {
  for (const [index, line] of hunk.lines.entries()) {
    if (line.kind === "context" || !telling.has(line)) continue;
    const text = furtherTerm.exec(line.code)?.[1];
    if (text === undefined || hunk.lines[index - 1]?.kind !== "context") continue;
    const confidence = weightOf(bare(text));
    if (confidence !== undefined) return { line, text, confidence };
  }
  return undefined;
}

function inspectFile(file: InspectedFile): Sighting[] {
  if (file.role !== "production" || !programmingLanguages.has(file.language)) return [];
  const telling = new Set([...file.added, ...file.removed]);
  return file.hunks.flatMap((hunk): Sighting[] => {
    const term = changedIn(hunk, telling) ?? furtherIn(hunk, telling);
    if (!term) return [];
    const shared = { what: "changed", path: file.path, name: term.text.slice(0, 80), evidence: term.line.text };
    return [{ ...shared, ...placeOf(hunk, term.line), confidence: term.confidence }];
  });
}

export const detector: Detector = {
  name: "terms",
  sees: ["changed"],
  inspect: (files) => files.flatMap(inspectFile),
};
