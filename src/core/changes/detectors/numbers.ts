import { type CodeLine, indentOf } from "../code-line.ts";
import type { Detector, Sighting } from "../detector.ts";
import { type CodeHunk, type InspectedFile, withoutBlanks } from "../inspected-file.ts";
import { programmingLanguages } from "../language.ts";

/*
 * One number gives way to another, and nothing else of the line changes: how much chance a code holds, how long a session
 * lives, how many tries are allowed. What the number is about stands on its line or just above.
 */

/** Sources of chance, with a length. */
const random =
  /\b(?:SecureRandom\.\w+|secrets\.(?:token_\w+|randbelow|choice)|Str::random|str_random|random_bytes|randomBytes|get_random_string|nanoid|customAlphabet|crypto\.randomInt|random_string|randomString|token_(?:hex|urlsafe|bytes)|urandom)\s*\(/;
/** What lives for a time or is tried so often. */
const credential =
  /token(?!iz)|session|cookie|\botp|totp|password|passcode|invit|reset|magic_?link|verification|signed|jwt|login|sign_?in|remember|csrf|nonce|lockout/i;
/** What a mapper of objects calls its connection. */
const storeSession =
  /\bdb\.session\b|\bsession\.(?:query|add|execute|commit|scalars?|get|flush|merge)\b|\b\w*Session\(\)/g;
/** Says that something ends; and says only how long something takes. */
const ends = /expir|ttl\b|lifetime|max_?age|valid_?(?:for|until|ity)/i;
const lasts = /time_?out|(?:add|sub)?(?:seconds|minutes|hours|days|weeks|months|years)\b|duration|since|ago\b/i;
const tries = /(?:max|limit)\w*(?:attempts|tries|failures)|attempts|tries\b|retries_left|failed/i;
const limiter = /rate_?limit|throttl|limiter|ratelimit|slow_?down|brute_?force/i;
const bound =
  /\b\w*(?:limit|max|points|requests|window|duration|per|interval|period|burst|rate|hits)\w*\b\W{1,8}\d|\d\s*[,/]\s*["'`]?\d?\s*(?:s|m|h|d|sec|min|hour|day)|\(\s*\d+\s*,\s*\d+/i;
/** So many lines above still say what a number is about, and so many below. */
const reach = 6;
const below = 3;

/** A number that may be set from outside: `process.env.LIMIT || 30`, `Number(process.env.LIMIT ?? 30)`, `int(os.getenv("LIMIT", 30))`. */
const settable =
  /(?:\b(?:Number|parseInt|parseFloat|int|float)\(\s*)?(?:\bprocess\.env\.\w{1,60}\s*(?:\|\||\?\?)\s*|\bos\.(?:getenv|environ\.get)\(\s*["']\w{1,60}["']\s*,\s*)["']?\d[\d_.]*["']?(?:,\s*10)?\){0,2}/g;

/** A line with each number, or product of numbers, as `0`, and each unit of time as one. */
function withoutNumbers(code: string): string {
  return (
    code
      .replace(/\b\d[\d_.]*\b(?:\s*\*\s*\d[\d_.]*\b)*/g, "0")
      .replace(/\b(?:seconds|minutes|hours|days|weeks|months|years)\b/g, "hours")
      // `AddDays` of .NET, `plusDays` and `ofDays` of Java, `time.Hour` of Go
      .replace(/\b(Add|From|plus|minus|of)(?:Seconds|Minutes|Hours|Days|Weeks|Months|Years)\b/g, "$1Hours")
      .replace(/\btime\.(?:Second|Minute|Hour)\b/g, "time.Hour")
  );
}

function whatOf(line: CodeLine, near: readonly CodeLine[], place: string): string | undefined {
  const { code } = line;
  if (random.test(code)) return "random";
  const around = `${place}\n${near.map((other) => other.code).join("\n")}`.replace(storeSession, "");
  if (limiter.test(code) || (limiter.test(around) && bound.test(code))) return "limit";
  if (ends.test(code) && (credential.test(code) || credential.test(around))) return "lifetime";
  const key = keyAround(line, near);
  if (key !== undefined && plainKey.test(code) && ends.test(key) && credential.test(key)) return "lifetime";
  if (lasts.test(code) && (credential.test(code) || credential.test(place))) return "lifetime";
  if (tries.test(code) && (credential.test(code) || credential.test(around))) return "lifetime";
  return undefined;
}

/** A key that says nothing by itself: what it is the value of stands where its object opens. */
const plainKey = /^["']?(?:default|value|amount|ms|milliseconds|seconds|minutes|hours|days)["']?\s*:/i;

/** The name of the object that a line stands in: `sessionMaxAge: {` above `default: 3600,`. */
function keyAround(line: CodeLine, near: readonly CodeLine[]): string | undefined {
  const indent = indentOf(line);
  const above = near.filter((other) => (other.newLine ?? 0) < (line.newLine ?? 0));
  const opening = above.findLast((other) => other.code !== "" && indentOf(other) < indent);
  return /^["']?(\w{3,60})["']?\s*[:=]\s*\{$/.exec(opening?.code ?? "")?.[1];
}

/** The lines of the new text just above a line and below it. */
function linesNear(hunk: CodeHunk, index: number): readonly CodeLine[] {
  const stands = ({ kind }: CodeLine): boolean => kind !== "removed";
  const above = hunk.lines.slice(Math.max(0, index - 2 * reach), index).filter(stands);
  return [
    ...above.slice(-reach),
    ...hunk.lines
      .slice(index + 1, index + 1 + reach)
      .filter(stands)
      .slice(0, below),
  ];
}

function inspectHunk(file: InspectedFile, hunk: CodeHunk): Sighting[] {
  const gone = new Map<string, CodeLine>();
  for (const line of hunk.lines) {
    if (line.kind === "removed" && /\d/.test(line.code)) gone.set(withoutNumbers(line.code), line);
  }
  if (gone.size === 0) return [];
  const name = file.path.slice(file.path.lastIndexOf("/") + 1);
  const found: Sighting[] = [];
  for (const [index, line] of hunk.lines.entries()) {
    if (line.kind !== "added" || line.newLine === undefined || !/\d/.test(line.code)) continue;
    const before = gone.get(withoutNumbers(line.code)) ?? gone.get(withoutNumbers(line.code.replace(settable, "0")));
    if (before === undefined || withoutBlanks(before.code) === withoutBlanks(line.code)) continue;
    const what = whatOf(line, linesNear(hunk, index), `${name} ${hunk.heading}`);
    if (what === undefined) continue;
    found.push({ what, path: file.path, line: line.newLine, name, evidence: line.text });
  }
  return found;
}

function inspectFile(file: InspectedFile): Sighting[] {
  if (file.role !== "production" || !programmingLanguages.has(file.language)) return [];
  return file.hunks.flatMap((hunk) => inspectHunk(file, hunk));
}

export const detector: Detector = {
  name: "numbers",
  sees: ["random", "limit", "lifetime"],
  inspect: (files) => files.flatMap(inspectFile),
};
