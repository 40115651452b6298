import { type CodeLine, indentOf } from "../code-line.ts";
import { type Declaration, declaredIn } from "../declaration.ts";
import type { Detector, Sighting } from "../detector.ts";
import type { InspectedFile } from "../inspected-file.ts";
import { harmlessWords, subjects } from "../telling-names.ts";
import { ambiguousWords } from "../vocabulary.ts";
import { phraseOf, wordsOf } from "../words.ts";

/*
 * New functions and types whose name says that they deal with security. A renamed or moved one is no news: its words
 * stood in a removed declaration too.
 */

/** Languages that can run a text as a program. */
const runsText: ReadonlySet<string> = new Set(["javascript", "python", "ruby", "php", "shell"]);

/** Files that read a language: their tokens are words. */
const readingText =
  /(^|\/)(?:\w*(?:pars|lex|token(?:iz|is)e|syntax|grammar)\w*|tokens?\.(?:rs|go|java|kt|cs))(\/|\.|$)|(^|\/)(?:ast|compiler)\//i;

/** Only as the last word of a name: `pushToken` holds one, `tokenCount` does not. */
const credentialNames = /(token|secret|password|api_?key|private_?key|signing_?key|credentials?)$/i;
/** A kind of value that is a secret, beside the kinds that are none: `SecretInput` beside `StringInput`. */
const secretKinds = /^(Secret|Password|Credentials?)(?:Input|Field|Value|Property|Parameter|Param)$/;
/** Tokens of a text, and what ends a task. */
const noCredential = /(?:J|Json|Syntax|Cancellation|Parser|Lexer|Xml|Change|Continuation|Sync|Page|Next)Token$/;

/** A new file whose lines stood elsewhere before is an old thing under another name; what is new inside is still seen. */
function isMostlyMoved(file: InspectedFile): boolean {
  return file.file.status === "added" && file.added.length * 4 < file.allAdded.length;
}

/** A body shorter than this is too little to know again. */
const shortestBody = 5;
const longestBody = 80;

/** A function whose lines stood elsewhere before: taken out of another one, it is an old thing under a name. */
function isTakenOut({ allAdded }: InspectedFile, index: number, telling: ReadonlySet<CodeLine>): boolean {
  const declared = allAdded[index];
  const indent = declared ? indentOf(declared) : 0;
  let [all, moved] = [0, 0];
  for (const line of allAdded.slice(index + 1, index + 1 + longestBody)) {
    if (indentOf(line) <= indent && /^[\w@]/.test(line.code)) break;
    if (line.code.length < shortestTelling) continue;
    all++;
    if (!telling.has(line)) moved++;
  }
  return all >= shortestBody && moved * 3 >= all * 2;
}

/** Brackets and single words stand everywhere. */
const shortestTelling = 6;

/** What a class of errors is made from: it says that something was refused, and refuses nothing. */
const errorType = /(?:\bextends\s+|[(:<]\s*)[\w.:\\]{0,80}(?:Error|Exception)\b|\((?:exc|exceptions?|errors?)\./;
/** Where people are sent to sign in, and what is read there: an address, no sign-in. */
const addressOfSignIn =
  /(?:log_?in|log_?out|sign_?in|sign_?up|sign_?out|session|auth)\w{0,20}?_?(?:url|uri|path|route|page|link|redirect)s?$/i;

function inspectFile(file: InspectedFile, gone: ReadonlySet<string>): Sighting[] {
  const found: Sighting[] = [];
  if (file.role !== "production") return found;
  const stands = namesThatStand(file);
  const replaced = replacedDeclarations(file);
  const telling = new Set(file.added);
  for (const [index, line] of file.allAdded.entries()) {
    if (line.isImport || line.newLine === undefined || !telling.has(line)) continue;
    const declared = declaredIn(line.code, file.language);
    if (!declared || stands.has(declared.name) || gone.has(declared.name) || gone.has(sameWords(declared.name)))
      continue;
    // A migration is a class named for what it does once; its tables and columns are seen elsewhere.
    if (declared.kind === "type" && /migrat/i.test(file.path)) continue;
    if (declared.kind === "type" && isMostlyMoved(file)) continue;
    const phrase = phraseOf(declared.name);
    const kindOfSecret = declared.kind === "type" ? secretKinds.exec(declared.name)?.[1] : undefined;
    if (kindOfSecret === undefined && harmlessWords(phrase) !== undefined) continue;
    if (declared.kind === "type" && errorType.test(line.code)) continue;
    for (const [what, words] of subjects) {
      const word = what === "credential" ? (kindOfSecret ?? credentialIn(declared.name, file)) : words(phrase);
      if (word === undefined) continue;
      if (what === "authentication" && addressOfSignIn.test(declared.name)) break;
      // A module of Ruby only holds what is named inside it.
      if (what === "upload" && /^module\s/.test(line.code)) break;
      if (what === "upload" && callsTheService.test(file.path)) break;
      if (word === "mime type" && !takesIn.test(declared.name) && !judgesFiles.test(declared.name)) break;
      // Where the language runs no text, what is evaluated is an expression of the program's own.
      if (word === "eval" && !runsText.has(file.language)) break;
      if (declared.kind === "function" && isTakenOut(file, index, telling)) break;
      if (replaced.some((other) => isRenamed(other, declared, line.code, words))) break;
      found.push({
        what,
        path: file.path,
        line: line.newLine,
        name: declared.name,
        attributes: { kind: declared.kind, word },
        evidence: line.text,
        ...(isWeak(what, declared, line.code, word) ? { confidence: "low" as const } : {}),
      });
      break;
    }
  }
  return found;
}

/** What unchanged lines of the file declare: a second form of it, such as the expression of a property, is no new thing. */
function namesThatStand(file: InspectedFile): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { lines } of file.hunks) {
    for (const { kind, code } of lines) {
      const name = kind === "context" ? declaredIn(code, file.language)?.name : undefined;
      if (name !== undefined) names.add(name);
    }
  }
  return names;
}

interface Replaced extends Declaration {
  readonly code: string;
}

/** Declarations of a file that went, whose names no line of it declares any more. */
function replacedDeclarations(file: InspectedFile): readonly Replaced[] {
  const declared = (code: string): Replaced | undefined => {
    const one = declaredIn(code, file.language);
    return one && { ...one, code };
  };
  const kept = new Set(file.allAdded.map(({ code }) => declaredIn(code, file.language)?.name));
  return file.removed.flatMap(({ code }) => declared(code) ?? []).filter(({ name }) => !kept.has(name));
}

/** Letters by which two forms of a word are known as one: `Tracer` and `Traces`. */
const stem = 4;

/**
 * One name gave way to another of the same kind of thing: it was about the same before, shares a word with the new one, and nothing
 * else of its line changed.
 */
function isRenamed(
  before: Replaced,
  now: Declaration,
  code: string,
  words: (phrase: string) => string | undefined,
): boolean {
  if (before.kind !== now.kind || before.code.replace(before.name, "") !== code.replace(now.name, "")) return false;
  if (isRespelled(before.name, now.name)) return true;
  if (words(phraseOf(before.name)) === undefined) return false;
  const stems = new Set(wordsOf(before.name).map((word) => word.slice(0, stem)));
  return wordsOf(now.name).some((word) => word.length >= stem && stems.has(word.slice(0, stem)));
}

/** The same name but for a letter or two in one place: `sanitse_id` and `sanitise_id`. */
function isRespelled(one: string, other: string): boolean {
  const most = Math.min(one.length, other.length);
  let before = 0;
  while (before < most && one[before] === other[before]) before++;
  let behind = 0;
  while (behind < most - before && one.at(-1 - behind) === other.at(-1 - behind)) behind++;
  return Math.max(one.length, other.length) - before - behind <= 2 && before + behind >= stem;
}

/** The words of a name in one order: `PasswordReset` and `ResetPassword` are one thing under two names. */
function sameWords(name: string): string {
  return phraseOf(name).trim().split(" ").sort().join(" ");
}

/** The word by which a name ends on a credential; undefined where the tokens of such a file or name are words of a text. */
function credentialIn(name: string, { path }: InspectedFile): string | undefined {
  return readingText.test(path) || noCredential.test(name) ? undefined : credentialNames.exec(name)?.[1];
}

/** Takes something in, or is the place that does. */
const takesIn = /upload|save|store|create|add|receive|accept|import|ingest|controller|view|handler/i;

/** What goes from one program to another. */
const ofMessages =
  /event|message|msg|queue|topic|stream|kafka|rabbit|amqp|mqtt|nats|sns|sqs|pub_?sub|redis|bus|webhook|notif/i;

/** Reads a record by its number. */
const readsOne = /^(?:get|find|list|load|fetch)_?\w*(?:By|_by_)_?ids?$/i;

/** Decides which kinds of files come in. */
const judgesFiles = /valid|allow|accept|check|verif|detect|sniff|guess|restrict|block|reject|permit/i;

/** A client that calls the service hands files over; the service takes them in. */
const callsTheService = /(^|\/)(?:[\w-]*[a-z-])?client\/|Client\.(?:java|kt|cs|php|ts|rb)$|_client\.(?:py|rb|go|rs)$/;

/** What types are named that hold values and decide nothing. */
const shapes =
  /(?:Request|Response|Result|Payload|Params|Parameters|Options|Props|State|Status|Kind|Type|Data|Info|Details|Summary|Metrics|Stats|Event|Schema|Serializer)s?$/;

/** A shape without behaviour, or a word that is often another thing. */
function isWeak(what: string, { kind, name }: Declaration, code: string, word: string): boolean {
  const isQuestion =
    /^(is|has|get|to|as|from|parse|transform|map|format|convert|serialize|normali[sz]e)(_|[A-Z])/.test(name) &&
    what !== "authentication" &&
    what !== "credential";
  if (isQuestion && what !== "authorization") return true;
  if (kind === "type" && shapes.test(name)) return true;
  if (readsOne.test(name)) return true;
  // `setResultConsumer` hands a function over; no message goes anywhere by it.
  if (what === "messaging" && /^(?:set|with)[A-Z]/.test(name)) return true;
  // An editor publishes pages: what is published says whether a message goes out.
  if (word === "publisher" && !ofMessages.test(name)) return true;
  // What is done with an attachment that was taken in long ago is no way in for files.
  if (word === "attachment" && !takesIn.test(name)) return true;
  return ambiguousWords.has(word) || (kind === "type" && /^(type|interface)\b|\b(interface|enum|record)\b/.test(code));
}

export const detector: Detector = {
  name: "declarations",
  sees: subjects.map(([what]) => what),
  inspect(files) {
    const gone = new Set<string>();
    for (const file of files) {
      for (const line of file.removed) {
        const declared = declaredIn(line.code, file.language);
        if (declared) gone.add(declared.name).add(sameWords(declared.name));
      }
    }
    return files.flatMap((file) => inspectFile(file, gone));
  },
};
