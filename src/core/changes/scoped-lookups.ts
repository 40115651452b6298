import type { CodeLine } from "./code-line.ts";
import { declaredIn } from "./declaration.ts";
import type { Sighting } from "./detector.ts";
import type { CodeHunk, InspectedFile } from "./inspected-file.ts";
import { programmingLanguages } from "./language.ts";
import { placeOf } from "./place-of-line.ts";
import { wordsOf } from "./words.ts";

/*
 * Records that are looked up within what somebody owns, where any would do before, or the other way round: `labelById(id)` becomes
 * `labelOfShopById(shop, id)`. The names of both calls and what they are given say so; nothing of the query need stand in the change.
 */

const verbs = wordsIn(
  "get find load fetch read list query delete remove update exists count retrieve lookup select search first",
);
const joining = wordsIn("of for in by from and with within id ids");
const owners = wordsIn(
  "repo repository user org organisation organization project team tenant account owner workspace company customer member " +
    "group site store space person caller merchant vendor school provider",
);

function wordsIn(list: string): ReadonlySet<string> {
  return new Set(list.split(" "));
}

/** No run of changed lines holds more calls that are worth comparing. */
const mostCalls = 40;
const call = /\b([A-Za-z_]\w{3,80})\(/g;

interface Call {
  readonly line: CodeLine;
  readonly words: readonly string[];
  readonly given: number;
}

/** How many things a call is given, as far as its line tells; nested calls and texts with commas count once. */
function givenFrom(code: string, open: number): number {
  let depth = 0;
  let given = code[open + 1] === ")" ? 0 : 1;
  for (let at = open; at < code.length; at++) {
    const character = code[at] ?? "";
    if ("([{".includes(character)) depth++;
    else if (")]}".includes(character) && --depth === 0) return given;
    else if (character === "," && depth === 1) given++;
  }
  return given;
}

function callsOn(
  hunk: CodeHunk,
  telling: ReadonlySet<CodeLine>,
  side: "added" | "removed",
  file: InspectedFile,
): Call[] {
  const found: Call[] = [];
  for (const line of hunk.lines) {
    if (line.kind !== side || !telling.has(line) || line.isImport || declaredIn(line.code, file.language)) continue;
    for (const match of line.code.matchAll(call)) {
      const words = wordsOf(match[1] ?? "");
      if (!verbs.has(words[0] ?? "")) continue;
      found.push({ line, words, given: givenFrom(line.code, match.index + match[0].length - 1) });
      if (found.length >= mostCalls) return found;
    }
  }
  return found;
}

/** The owner that the longer name has beyond the shorter one; undefined where they differ in anything else. */
function ownerBeyond(longer: readonly string[], shorter: readonly string[]): string | undefined {
  let at = 0;
  const beyond: string[] = [];
  for (const word of longer) {
    if (word === shorter[at]) at++;
    else beyond.push(word);
  }
  if (at < shorter.length || beyond.some((word) => !joining.has(word) && !owners.has(word))) return undefined;
  return beyond.find((word) => owners.has(word) && !shorter.includes(word));
}

/** A query over all records of a type, and one that goes on from what was narrowed before: `Note.objects.filter(`, `notes.filter(`. */
const overAll =
  /^([\w@$]{1,40})\s*=\s*[A-Z]\w{1,60}(?:\.objects|::query\(\))?(?:\.|::|->)((?:filter|where|exclude|find_by)\(.{1,200})$/;
const overSome =
  /^([\w@$]{1,40})\s*=\s*(?:self\.)?(?:\w{0,20}(?:qs|query|queryset|query_set|scope|scoped)|\$\w{0,20}(?:query|scope)|(?:super\(\)|self)\.get_queryset\(\)|policy_scope\([\w:]{1,60}\))(?:\.|->)((?:filter|where|exclude|find_by)\(.{1,200})$/;

/** The same question, asked of all records where it was asked of some, or the other way round. */
function askedOfOthers(hunk: CodeHunk, telling: ReadonlySet<CodeLine>): CodeLine | undefined {
  const said = (kind: CodeLine["kind"], form: RegExp): Map<string, CodeLine> => {
    const found = new Map<string, CodeLine>();
    for (const line of hunk.lines) {
      const [, name, question] = (line.kind === kind && telling.has(line) && form.exec(line.code)) || [];
      if (name !== undefined && question !== undefined) found.set(`${name} ${question}`, line);
    }
    return found;
  };
  for (const [before, after] of [[overAll, overSome] as const, [overSome, overAll] as const]) {
    const gone = said("removed", before);
    if (gone.size === 0) continue;
    for (const [question, line] of said("added", after)) if (gone.has(question)) return line;
  }
  return undefined;
}

/** Look-ups of one file that are held to an owner now and were not, or no longer are. */
export function scopedLookupsIn(file: InspectedFile): Sighting[] {
  if (file.role !== "production" || !programmingLanguages.has(file.language)) return [];
  const telling = new Set([...file.added, ...file.removed]);
  const found: Sighting[] = [];
  for (const hunk of file.hunks) {
    const other = askedOfOthers(hunk, telling);
    if (other) {
      const name = file.path.slice(file.path.lastIndexOf("/") + 1);
      found.push({ what: "changed", path: file.path, ...placeOf(hunk, other), name, evidence: other.text });
      continue;
    }
    const gone = callsOn(hunk, telling, "removed", file);
    if (gone.length === 0) continue;
    for (const now of callsOn(hunk, telling, "added", file)) {
      const owner = gone
        .map((before) =>
          now.given > before.given
            ? ownerBeyond(now.words, before.words)
            : now.given < before.given
              ? ownerBeyond(before.words, now.words)
              : undefined,
        )
        .find((one) => one !== undefined);
      if (owner === undefined) continue;
      found.push({
        what: "changed",
        path: file.path,
        ...placeOf(hunk, now.line),
        name: owner,
        evidence: now.line.text,
      });
      break;
    }
  }
  return found;
}
