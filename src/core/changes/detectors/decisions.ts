import type { CodeLine } from "../code-line.ts";
import { secretWords } from "../data-words.ts";
import { declaredIn } from "../declaration.ts";
import type { Detector, Sighting } from "../detector.ts";
import { type CodeHunk, type InspectedFile, withoutBlanks } from "../inspected-file.ts";
import { type Language, programmingLanguages } from "../language.ts";
import { newLineOf, placeOf } from "../place-of-line.ts";
import { ambiguousWords, authenticationWords, authorizationWords, cryptographyWords } from "../vocabulary.ts";
import { phraseOf, vocabulary } from "../words.ts";

/*
 * Changes inside code that is already known to decide about identity, permission or protection: the lines themselves say
 * nothing special, the function or file around them does. A change of wording (only texts in quotes differ) is none.
 */

const around = vocabulary([
  "middleware",
  "filter chain",
  "rate limit",
  "throttle",
  "throttler",
  "throttling",
  "rate limiter",
  "rate limiting",
  "client ip",
  "remote ip",
  "validate token",
  "check access",
  "sandbox",
  "sanitize",
  "allow list",
  "block list",
  "safe url",
  "safe redirect",
  "safe path",
  "allowed url",
  "private ip",
  "private address",
  "ssrf",
  "secure filename",
  "before request",
]);

/** The security word in a name of a function, type or file; undefined when it has none. */
function wordIn(name: string): string | undefined {
  const phrase = phraseOf(name);
  // A bank authorises a payment; that is no right of a caller.
  const rights = / (?:pay|payment|card|wallet|charge|capture)s? /.test(phrase) ? undefined : authorizationWords(phrase);
  const word = authenticationWords(phrase) ?? rights ?? cryptographyWords(phrase) ?? around(phrase);
  return word === undefined || ambiguousWords.has(word) ? undefined : word;
}

/** Words that make a function one that shows, formats or describes. */
const showing = vocabulary([
  "render",
  "format",
  "label",
  "title",
  "message",
  "html",
  "view",
  "icon",
  "display",
  "describe",
  "log",
  "to string",
  "error",
  "translate",
  "index",
  "stub",
  "mock",
  "fake",
  "migration",
]);

const control =
  /^(?:\}?\s*else\s+)?(?:if|elif|elsif|unless|when|while|switch|case|guard|match|return|raise|throw|abort|reject|assert|for)\b|\?\s.*:|&&|\|\||\b(?:and|or|not)\b/;
const call = /[\w\])>]\s*\(|=>|->|:=|=/;

/**
 * A line without the contents of its strings and numbers, and with comparisons of one strictness: two that are equal differ
 * only in wording. In PHP a strict comparison is another one: `"0e1" == "0e2"` holds.
 */
function withoutTexts(code: string, language: Language): string {
  const bare = withoutBlanks(code.replace(/(["'`])(?:\\.|(?!\1)[^\\])*\1/g, '""').replace(/\b\d+\b/g, "0"));
  return language === "javascript" ? bare.replace(/([!=]=)=/g, "$1") : bare;
}

/** Lines of a side of a hunk that say something new, whatever their texts and numbers are. */
function substance(
  hunk: CodeHunk,
  telling: ReadonlySet<CodeLine>,
  side: "added" | "removed",
  language: Language,
): readonly CodeLine[] {
  const opposite = new Set<string>();
  for (const line of hunk.lines) {
    if (line.kind !== "context" && line.kind !== side && line.code !== "")
      opposite.add(withoutTexts(line.code, language));
  }
  return hunk.lines.filter(
    (line) =>
      line.kind === side &&
      telling.has(line) &&
      !line.isImport &&
      line.code.length > 8 &&
      // Of which types another one is made says nothing of what is decided inside.
      !(language === "python" && /^class\s/.test(line.code)) &&
      (control.test(line.code) || call.test(line.code)) &&
      !opposite.has(withoutTexts(line.code, language)) &&
      !/\b(?:log|logger|logging|console|Log|println|printf|print|puts|debug|warn|info|trace)\b[\w.]*\s*[(!]/.test(
        line.code,
      ),
  );
}

/** Lines that choose between ways. */
const branch = /^(?:\}?\s*else\s+)?(?:if|elif|elsif|unless|while|switch|case|when|guard|match|for|raise|throw|abort)\b/;
/** So many lines of substance in one function are no touch-up. */
const enoughLines = 2;

/** Functions that only answer yes or no: every term of theirs decides. */
const predicate =
  /^(?:is|can|may|has|should|allow|allows|allowed|check|verify|validate|ensure|require)(?:_|(?=[A-Z]))|^authori[sz]e[ds]?$|\?$/;
const decision =
  /^return\b|&&|\|\||[!=]==?|\.(?:includes|include\?|some|any|every|startsWith|start_with\?|endsWith)\b|\bin\b|\band\b|\bor\b/;
/** The answer of a function that only says yes or no. */
const verdict = /^return\s+(?:true|false|True|False)\b/;
/** A condition on which way in a request takes. */
const wayIn =
  /^(?:(?:\}?\s*(?:else\s+)?(?:if|elif|elsif|unless|return|when|and|or)|&&|\|\|)\b.{0,120}|^)\b(?:request|req|ctx|c|self|this|\$request)(?:\.|->)(?:endpoint|path|method|url|originalUrl|path_info|blueprint|route|fullpath|getPathInfo|is|routeIs|nextUrl|headers?|content_type)\b|\b(?:controller_name|action_name|params\[:action\])\b/;
/** A condition on where the program runs. */
const whereItRuns =
  /^(?:\}?\s*(?:else\s+)?(?:if|elif|elsif|unless))\b.{0,120}\b(?:process\.env|import\.meta\.env|os\.environ|os\.getenv|Rails\.env|app\.debug|settings\.[A-Z]|env\.[A-Z]|ENV\[|NODE_ENV|is_?(?:dev|prod|local|test)\w*|DEBUG)\b/i;
/** The rest is left out. */
const passes =
  /^(?:return;?|return\s+(?:next\(.*\)|True|true|nil|None|\$next\(.*\)|await\s+next\(.*\)|super\b.*);?|next\(\);?|pass)$/;

/** Some ways in newly pass by what the function asks of all others, or no longer do. */
function exempts(hunk: CodeHunk, telling: ReadonlySet<CodeLine>): boolean {
  for (const [index, line] of hunk.lines.entries()) {
    if (line.kind === "context" || !telling.has(line) || !passes.test(line.code)) continue;
    const above = hunk.lines.slice(Math.max(0, index - 5), index).filter(({ kind }) => kind === line.kind);
    if (above.some(({ code }) => wayIn.test(code) || whereItRuns.test(code))) return true;
  }
  return hunk.lines.some(
    (line) => line.kind === "added" && telling.has(line) && wayIn.test(line.code) && passes.test(afterColon(line.code)),
  );
}

/** A new condition under which the rest of a function is left out, or one that went; whether anything is there at all is none. */
function leavesEarly(hunk: CodeHunk, telling: ReadonlySet<CodeLine>): CodeLine | undefined {
  for (const [index, line] of hunk.lines.entries()) {
    if (line.kind === "context" || !telling.has(line) || !passes.test(line.code)) continue;
    const above = hunk.lines[index - 1];
    if (above?.kind === line.kind && /^(?:if|unless)\b/.test(above.code) && !absence.test(above.code)) return above;
  }
  return undefined;
}

/** What stands behind a condition on the same line. */
function afterColon(code: string): string {
  return /[:){]\s*((?:return|next)\b[^:{}]{0,60})\}?$/.exec(code)?.[1]?.trim() ?? "";
}

/** An account is looked up: by what, decides who somebody is taken for. */
const lookup =
  /\b(?:User|Account|Member|Identity|Person|Customer|Admin)\w{0,20}(?:::|\.)(?:objects\.)?(?:where|find|find_by|find_or_create_by|firstOrCreate|firstWhere|first|findOne|findBy\w*|findUnique|findFirst|get|get_or_create|filter|filter_by|query|upsert|update_or_create|create)\w*!?\(|\b(?:prisma|db|tx|query|queries|repo\w{0,10}|store|models?)\.(?:user|account|member|identity)\w{0,20}\.(?:find\w*|upsert|create)\(/;

/** Conditions that turn on an identity, a credential or a permission. */
const condition =
  /^(?:(?:\}?\s*else\s+)?(?:if|elif|elsif|unless|while|guard|when|case)\b|return\b(?=.*(?:&&|\|\||[!=]=|\b(?:and|or|not)\b)))(.{3,300})/;

/** A look-up of an account that another one took the place of: what it asks for differs, be it one word in quotes. */
function lookupChanged(hunk: CodeHunk, telling: ReadonlySet<CodeLine>): CodeLine | undefined {
  const looks = (kind: CodeLine["kind"]): CodeLine | undefined =>
    hunk.lines.find((line) => line.kind === kind && telling.has(line) && lookup.test(line.code));
  return looks("removed") === undefined ? undefined : looks("added");
}

/** Asks a question, or compares: what such a line returns is a yes or a no. */
const answer = /^return\b.*(?:[!=]==?|&&|\|\||\b(?:is|has|can|may|should|allows?|check|verify)(?:_|(?=[A-Z]))\w*\()/;

/** A function answered a question before and answers it otherwise now. */
function answersOtherwise(added: readonly CodeLine[], removed: readonly CodeLine[]): boolean {
  return added.some(({ code }) => answer.test(code)) && removed.some(({ code }) => answer.test(code));
}

/** Languages whose refusals the next expression knows. */
const scripts: ReadonlySet<Language> = new Set(["javascript", "python"]);
/** Refuses, in the ways of Express, Fastify, Koa and of exceptions. */
const refusal =
  /^(?:return\s+)?(?:next\(\s*(?:["'`]|new\s+\w|\w*[eE]rr|create\w*Error|Boom\.)|throw\b|raise\b|reject\(|abort\(|(?:res|reply|ctx|response)\.(?:status\(\s*4|sendStatus\(\s*4|throw\())/;
/** Whether there is anything to ask about at all. */
const absence =
  /^(?:\}?\s*else\s+)?(?:if|elif)\s*\(?\s*(?:!|not\s+)[\w.?]{1,60}\)?\s*[{:]?$|(?:[!=]==?|\bis)\s*(?:null|undefined|None)\b/;

/** In code about identity or rights a refusal went that no other took the place of, or one came that hangs on more than presence. */
function refusesOtherwise(hunk: CodeHunk, telling: ReadonlySet<CodeLine>): CodeLine | undefined {
  const refuses = (kind: CodeLine["kind"]): CodeLine | undefined =>
    hunk.lines.find((line) => line.kind === kind && telling.has(line) && refusal.test(line.code));
  const [came, went] = [refuses("added"), refuses("removed")];
  if (went !== undefined && came === undefined) return went;
  if (came === undefined || went !== undefined) return undefined;
  const above = hunk.lines
    .slice(0, hunk.lines.indexOf(came))
    .findLast(({ kind, code }) => kind !== "removed" && branch.test(code));
  return above?.kind === "added" && !absence.test(above.code) ? above : undefined;
}

function inspectFile(file: InspectedFile): Sighting[] {
  if (file.role !== "production" || !programmingLanguages.has(file.language)) return [];
  const telling = new Set([...file.added, ...file.removed]);
  const fileName = file.path.slice(file.path.lastIndexOf("/") + 1).replace(/\.[^.]*$/, "");
  const fileWord = showing(phraseOf(fileName)) === undefined ? wordIn(fileName) : undefined;
  const folder = file.path.split("/").slice(-3, -1).join(" ");
  const placeWord = authenticationWords(phraseOf(`${fileName.replace(/^passport/, "auth")} ${folder}`));
  const folderWord = fileWord ?? wordIn(file.path.split("/").at(-2) ?? "");
  const found: Sighting[] = [];
  for (const hunk of file.hunks) {
    const added = substance(hunk, telling, "added", file.language);
    const removed = substance(hunk, telling, "removed", file.language);
    const lookedUp = placeWord === undefined ? undefined : lookupChanged(hunk, telling);
    if (lookedUp?.newLine !== undefined)
      found.push({ what: "lookup", path: file.path, line: lookedUp.newLine, name: fileName, evidence: lookedUp.text });
    const first = added[0] ?? removed[0];
    if (!first) continue;
    const at = newLineOf(hunk, first);
    const name = enclosing(hunk, first, file) ?? "";
    const word = name !== "" && showing(phraseOf(name)) === undefined ? wordIn(name) : undefined;
    const shared = { path: file.path, ...(at === undefined ? {} : { line: at }), evidence: first.text };
    if (word !== undefined) {
      // The function alone says little: half of its lines have nothing to do with what it is named for.
      const decides =
        (predicate.test(name) && added.some((line) => decision.test(line.code)) && removed.length > 0) ||
        (predicate.test(name) && added.some((line) => verdict.test(line.code))) ||
        exempts(hunk, telling) ||
        [...added, ...removed].some((line) => branch.test(line.code) && subjectOf(line.code) !== undefined);
      const weak = !decides || (added.length + removed.length < enoughLines && !exempts(hunk, telling));
      found.push({ what: "inside", name, attributes: { word }, ...shared, ...(weak ? { confidence: "low" } : {}) });
    }
    if (folderWord !== undefined) {
      const attributes = { word: folderWord };
      const refused = scripts.has(file.language) ? refusesOtherwise(hunk, telling) : undefined;
      const line = refused && newLineOf(hunk, refused);
      const place = { path: file.path, ...(line === undefined ? {} : { line }) };
      if (refused) found.push({ what: "inside", name: name || fileName, attributes, ...place, evidence: refused.text });
      const isAboutRights = authorizationWords(phraseOf(fileName)) !== undefined;
      const left = isAboutRights ? leavesEarly(hunk, telling) : undefined;
      if (left)
        found.push({
          what: "inside",
          name: name || fileName,
          attributes,
          path: file.path,
          ...placeOf(hunk, left),
          evidence: left.text,
        });
      const isKnown = word === undefined && name !== "" && scripts.has(file.language);
      if (isKnown && answersOtherwise(added, removed)) found.push({ what: "inside", name, attributes, ...shared });
    }
    if (word === undefined && fileWord !== undefined)
      found.push({ what: "file", name: fileName, attributes: { word: fileWord }, ...shared });
    for (const line of added) {
      const tested = condition.exec(line.code)?.[1];
      const subject = tested === undefined ? undefined : subjectOf(tested);
      if (subject === undefined || line.newLine === undefined) continue;
      found.push({ what: "condition", path: file.path, line: line.newLine, name: subject, evidence: line.text });
      break;
    }
  }
  return found;
}

/** The identifier of a condition that names an identity, a credential or a permission. */
function subjectOf(tested: string): string | undefined {
  const bare = tested.replace(/(["'`])(?:\\.|(?!\1)[^\\])*\1/g, '""');
  for (const [identifier] of bare.matchAll(/[A-Za-z_]\w{2,60}/g)) {
    const phrase = phraseOf(identifier);
    if (secretWords(phrase) ?? authenticationWords(phrase) ?? authorizationWords(phrase)) return identifier;
  }
  return undefined;
}

/** The name of the function or type around a line: the nearest one declared above it, or git's heading of the hunk. */
function enclosing(hunk: CodeHunk, line: CodeLine, file: InspectedFile): string | undefined {
  let name = declaredIn(hunk.heading.trim(), file.language)?.name;
  for (const other of hunk.lines) {
    if (other === line) break;
    if (other.kind === "removed") continue;
    name = declaredIn(other.code, file.language)?.name ?? name;
  }
  return declaredIn(line.code, file.language)?.name ?? name;
}

export const detector: Detector = {
  name: "decisions",
  sees: ["inside", "file", "condition", "lookup"],
  inspect: (files) => files.flatMap(inspectFile),
};
