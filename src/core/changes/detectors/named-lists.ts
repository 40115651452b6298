import type { CodeLine } from "../code-line.ts";
import { declaredIn } from "../declaration.ts";
import type { Detector, Sighting } from "../detector.ts";
import type { InspectedFile } from "../inspected-file.ts";
import type { Language } from "../language.ts";
import { ownPlaceOf } from "../place-of-line.ts";
import { phraseOf, vocabulary } from "../words.ts";

/*
 * One more entry, or one less, of a list whose name says that it decides: what may pass, what is refused, what is shown to everybody.
 * The entry says nothing by itself; the name stands where the list opens, above it or in git's heading of the hunk. And conditions
 * that ask such a list and refuse what does not stand on it, or what does.
 */

/** Where a list opens, with its name. */
const opening =
  /^(?:(?:export|const|let|var|static|readonly|private|public|protected)\s+)*(?:self\.|this\.)?["']?([A-Za-z_][\w-]{2,60})["']?\s*(?::[^=]{1,60})?(?:=|:)\s*(?:new\s+)?(?:(?:[\w.]{0,40}|["'].{0,3}["']\.join)[[({]){1,3}\s*$/;
/** The same in Java, Kotlin, C#, Go, Rust, Ruby and PHP: what says how a name may be used, its type, the name, and what is given to it. */
const given = String.raw`^(?:(?:pub(?:\([^)]{0,20}\))?|public|private|protected|internal|static|final|readonly|const|val|var|let|companion|array|immutable)\s+)*(?:[\w<>[\],.?&'; ]{1,80}\s+)?[$@]?([A-Za-z_]\w{3,60})\s*(?::\s*[^=]{1,60})?(?::=|=>?)\s*`;
/** What makes a list or a set, in front of its bracket. */
const maker = [
  // Java, C#
  String.raw`new\s+[\w<>[\], ]{0,60}`,
  String.raw`(?:Immutable)?(?:Set|List|Arrays)\.(?:of|asList|new)`,
  String.raw`Collections\.unmodifiable\w+\(\w+\.\w+`,
  // Kotlin
  "(?:mutable|immutable)?(?:setOf|listOf|SetOf|ListOf|hashSetOf|arrayOf)",
  // Go
  String.raw`\[\][\w.]+`,
  String.raw`map\[\w+\][\w{}]+`,
  // Rust
  "vec!",
  "&",
  // PHP, Ruby
  "array",
  "%[wi]",
].join("|");
const openingCompiled = new RegExp(String.raw`${given}(?:${maker})?\s*[[({]\s*$`);
/** A list that stands on one line, with its name. */
const whole = new RegExp(String.raw`${given}(?:(?:${maker})\s*[[({]|\[|\{\s*["'])(.{2,300})[\])}],?(?:\.freeze)?;?$`);
/** The same in JavaScript and Python, or the part of it under one key: `allowedTags["a"] = ["href"];`. */
const wholeScript =
  /^(?:(?:export|const|let|var|static|readonly|private|public|protected)\s+)*(?:self\.|this\.)?["']?([A-Za-z_][\w-]{2,60})["']?(?:\[["'][\w-]{1,40}["']\])?\s*(?::\s*[^=[]{1,60})?[=:]\s*(?:new\s+Set\(|frozenset\(|set\()?[[({](["'`].{2,300}["'`])[\])}]{1,2}[;,]?$/;
/** The list under one key; and what a list is of where it surely decides: `allowedTypes` are as often those of a form. */
const keyed = /^[\w.]{3,60}\[["']/;
const protecting =
  /tags?$|attr|scheme|protocol|origin|hosts?$|domain|extension|mime|role|permission|ips?$|addresses$|route|paths?$|endpoint|header|method/i;
/** What lists are named for that refuse or let pass. */
const refusingWords = [
  "allow",
  "allowlist",
  "allow list",
  "permitted",
  "trusted",
  "forbidden",
  "block(?:ed)?",
  "blocklist",
  "disallow",
  "denied",
  "denylist",
  "deny list",
  "prohibited",
  "dangerous",
  "restricted",
  "banned",
  "reserved",
  "whitelist",
  "white list",
  "blacklist",
  "black list",
];
const refusing = vocabulary(refusingWords);
/** Names of lists that decide: those, and what mostly means something else where a condition asks for it, as `publicKeys` does. */
const deciding = vocabulary([
  ...refusingWords,
  "authori[sz]ed",
  "safe",
  "unsafe",
  "exempt",
  "excluded? from auth",
  "public",
  "unauthenticated",
  "anonymous",
  "exposed",
  "sensitive",
  "cors",
]);
/** Directives of a content security policy, and lists of them: https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Content-Security-Policy */
const policy =
  /^(?:default|script|style|img|connect|frame|font|media|object|worker|form|manifest|child|base)-?(?:src|ancestors|action|uri)(?:-?(?:elem|attr))?$|(?:^|_)csp(?:_|$|[A-Z])|[a-z]Csp(?:$|[A-Z])|content_?security_?policy/i;
/** Names of lists that say who may do what; a table of rights is often named for nothing else. */
const granting =
  /(?:^|_|(?<=[a-z]))(?:(?:permission|authentication|throttle)_classes|authentication_backends|password_hashers|password_validators|auth_pipeline|permissions?|privileges?|grants?|capabilities|admins?|superusers?|moderators?)(?:$|_|(?=[A-Z]))/i;
/** Lists of these decide on a page or in a build, not on access. */
const elsewhere =
  /^err|error|exception|extension_?names?|eslint|lint|css|class_?names?|colou?rs?|fonts?|locales?|languages?|currenc|countr|options?$|props?$|charac|chars?$/i;
/** One entry on a line of its own, one that is an expression, and one that says what it is given: `"202": ["appointments"],`. */
const entry = /^["'`]([^"'`]{2,120})["'`](?:\s*:\s*[[({"'`\w].{0,160})?,?$|^\/\^?(\S{3,160})\/[a-z]{0,4},?$/;
/** An entry of several values: it says who gets what only in a list of rights. */
const assignment = /^["'`][^"'`]{2,120}["'`]\s*:/;
/** A right with what people read of it, as models of Django declare it: `("view_order", "Can view orders"),`. */
const rightEntry = /^\(\s*["'][\w.]{2,80}["']\s*,.{0,200}\),?$/;
/** What people read is no name of anything. */
const prose = /^["'`]\S+ \S+ \S+ \S/;
/** The same where an entry may have a value, or be a constant. */
const entryCompiled =
  /^(?:["'`]([^"'`]{2,120})["'`]|:\w{2,60}|[A-Z]\w{2,60}(?:(?:\.|::)\w{2,60}){0,3})(?:\.(?:to_string|into|to_owned)\(\))?(?:\s*(?::|=>)\s*(?:true|struct\{\}|\{\}|1))?,?$/;
/** An entry of a list of bare words in Ruby: `%w[a b]`. */
const bareWord = /^[\w.*@:/-]{2,120}$/;
const wordList = /%[wi]\s*[[({]$/;
/** So far above is the opening looked for. */
const reach = 60;
/** Arguments that hold the list of a call without saying what it is for: `ALLOWED_HOSTS = setting("…", default=",".join([`. */
const anonymous = /^(?:default|defaults?_?value|value|values|items|initial|factory)$/;
/** So many brackets without a name may stand around an entry. */
const mostBrackets = 3;
/** Classes that decide, each on a line of its own. */
const classAlone = /^(?:\w{1,60}\.){0,4}[A-Z]\w{2,80},?$/;

/** A condition that asks a list for what it was given. */
const asked =
  /\bslices\.Contains\((?:\w+\.)*(\w{4,60}),|\b(?:\w{1,60}(?:\.|::|->))*(\w{4,60})(?:\(\))?\.(?:contains|Contains|ContainsKey|containsKey|includes?\??|include\?|has|member\?|contains_key|exists|indexOf|any\?)\(|\bin_array\([^,]{1,80},\s*(?:\$?\w+(?:->|::))*\$?(\w{4,60})|(?:!?\bin\b|\bnot in)\s+(?:\w+\.)*(\w{4,60})\b/;
const branch =
  /^(?:\}?\s*(?:else\s+|elsif\s+|elif\s+))?(?:if|elif|elsif|unless|guard|when)\b|^(?:raise|throw|return|abort|fail)\b.*\b(?:if|unless)\b/;
/** What does not stand on the list gives way to something else: `const by = ALLOWED_FIELDS.includes(given) ? given : "name"`. */
const chosen =
  /^(?:const|let|var)\s+\w+(?:\s*:[^=]{1,60})?\s*=\s*[\w.]{4,80}\.(?:includes|has)\(\s*([\w.]{1,60})\s*\)(.{0,80})$/;
const refusal =
  /\b(?:throw|raise|abort|halt|reject|bail!?|panic|deny)\b|\breturn\b.{0,120}(?:\b[eE]rr\w*|[eE]rror|\b40[0134]\b|NotFound|BadRequest|Unauthorized|Forbid|Denied|\bfalse\b|\bFalse\b|\bnil\b|\bnull\b)|\bhead\s+:|\bfail\(/;
/** The refusal follows within so many lines of the condition. */
const near = 4;

/** Some part of every such name, for looking at no line that holds none. */
const hint =
  /allow|permi|trust|safe|forbid|block|den(?:y|ied)|prohibit|danger|restrict|bann|reserv|exempt|exclu|public(?!\s)|anonym|unauth|expos|sensitiv|white|black|privil|grant|capab|admin|superuser|moderat/i;

/** The name of the list that a line is an entry of. */
function listAround(
  lines: readonly CodeLine[],
  index: number,
  heading: string,
  isCompiled: boolean,
): string | undefined {
  const opens = isCompiled ? openingCompiled : opening;
  const side = lines[index]?.kind;
  let [depth, brackets] = [0, 0];
  for (const { code, kind } of lines.slice(Math.max(0, index - reach), index).reverse()) {
    if (kind !== "context" && kind !== side) continue;
    if (/^[\])}]/.test(code)) depth++;
    const name = opens.exec(code)?.[1];
    if (name !== undefined || /[[({]$/.test(code)) {
      if (depth > 0) depth--;
      else if (name !== undefined && !anonymous.test(name)) return name;
      else if (++brackets > mostBrackets || /^(?:def|class|function|if|for|while|with|return)\b/.test(code))
        return undefined;
    }
  }
  return opens.exec(heading.trim())?.[1];
}

function decides(name: string | undefined): name is string {
  return name !== undefined && deciding(phraseOf(name)) !== undefined && !elsewhere.test(name);
}

/** A list on one added line that stood before as well, with other entries. */
function isOtherwise(lines: readonly CodeLine[], line: CodeLine, name: string, form: RegExp): boolean {
  const entriesOf = (code: string): string =>
    [...code.matchAll(/[\w.*/:-]{2,80}/g)]
      .map(([one]) => one)
      .sort()
      .join(" ");
  const before = lines.find(({ kind, code }) => kind === "removed" && form.exec(code)?.[1] === name);
  return before !== undefined && entriesOf(before.code) !== entriesOf(line.code);
}

/** What a list on one line held before it was spread over several. */
function entriesBefore(lines: readonly CodeLine[], kind: CodeLine["kind"]): string {
  return lines
    .filter((line) => line.kind !== "context" && line.kind !== kind && whole.test(line.code))
    .map(({ code }) => code)
    .join(" ");
}

/** Whether a text holds an entry as a word of its own. */
function holdsEntry(text: string, code: string): boolean {
  const name = code.replace(/^["'`:]|["'`]?,?$/g, "");
  return name !== "" && text.split(/[\s,"'`[\](){}]+/).includes(name);
}

/** The list that a condition asks before it refuses. */
function askedAndRefused(lines: readonly CodeLine[], index: number): string | undefined {
  const line = lines[index];
  const choice = chosen.exec(line?.code ?? "");
  if (line === undefined || !(choice || branch.test(line.code))) return undefined;
  const name = asked
    .exec(line.code)
    ?.slice(1)
    .find((group) => group !== undefined);
  if (!decides(name) || refusing(phraseOf(name)) === undefined) return undefined;
  if (choice) {
    const next = lines.slice(index + 1).find(({ kind }) => kind === line.kind)?.code ?? "";
    const [, given = "", rest = ""] = choice;
    return `${rest}${next}`.replaceAll(" ", "").startsWith(`?${given}`) ? name : undefined;
  }
  let seen = 0;
  for (const { kind, code } of lines.slice(index)) {
    if ((kind !== line.kind && kind !== "context") || code === "") continue;
    if (refusal.test(code)) return name;
    if (++seen > near) return undefined;
  }
  return undefined;
}

const compiled: ReadonlySet<Language> = new Set(["java", "kotlin", "scala", "csharp", "go", "rust", "ruby", "php"]);

/** An entry that names a type of the program, by its form. */
const typeEntry = /^["'`]([A-Z][A-Za-z0-9]{3,80})["'`],?$/;

/** Types that come or go with the change, by their declarations and by the files that are named for them: their entry only follows. */
function typesOfChange(files: readonly InspectedFile[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { path, file, added, removed, language } of files) {
    const fileName = path.slice(path.lastIndexOf("/") + 1);
    if (file.status === "added" || file.status === "removed") names.add(fileName.replace(/\..*$/, ""));
    for (const { code } of [...added, ...removed]) {
      const declared = declaredIn(code, language);
      if (declared?.kind === "type") names.add(declared.name);
    }
  }
  return names;
}

function inspectFile(file: InspectedFile, types: ReadonlySet<string>): Sighting[] {
  const isCompiled = compiled.has(file.language);
  if (file.role !== "production" || !(isCompiled || file.language === "javascript" || file.language === "python"))
    return [];
  const telling = new Set([...file.added, ...file.removed]);
  const isEntry = isCompiled ? entryCompiled : entry;
  const found: Sighting[] = [];
  const told = new Set<string>();
  const tell = (what: "entry" | "asked", name: string, line: CodeLine): void => {
    if (told.has(name)) return;
    told.add(name);
    found.push({ what, path: file.path, ...ownPlaceOf(line), name, evidence: line.text });
  };
  for (const { lines, heading } of file.hunks) {
    if (isCompiled && !hint.test(heading) && !lines.some(({ code }) => hint.test(code))) continue;
    const before = { added: entriesBefore(lines, "added"), removed: entriesBefore(lines, "removed") };
    const hasWordList = file.language === "ruby" && lines.some(({ code }) => wordList.test(code));
    for (const [index, line] of lines.entries()) {
      if (line.kind === "context" || !telling.has(line) || holdsEntry(before[line.kind], line.code)) continue;
      const isWord = hasWordList && bareWord.test(line.code);
      const isClass = !isCompiled && classAlone.test(line.code);
      const isRight = file.language === "python" && rightEntry.test(line.code);
      if (isClass || isRight || isWord || isEntry.test(line.code)) {
        if (types.has(typeEntry.exec(line.code)?.[1] ?? "")) continue;
        const name = prose.test(line.code) ? undefined : listAround(lines, index, heading, isCompiled);
        if (name !== undefined && !isClass && policy.test(name)) tell("entry", name, line);
        if (name === undefined || elsewhere.test(name) || (isClass && !/_classes$/i.test(name))) continue;
        if (isRight && !/permissions$/i.test(name)) continue;
        if (
          granting.test(name) ||
          (deciding(phraseOf(name)) !== undefined && (isCompiled || !assignment.test(line.code)))
        )
          tell("entry", name, line);
        continue;
      }
      if (!hint.test(line.code)) continue;
      const form = isCompiled ? whole : wholeScript;
      const name = line.kind === "added" ? form.exec(line.code)?.[1] : undefined;
      const isSure = isCompiled || (name !== undefined && (keyed.test(line.code) || protecting.test(name)));
      if (isSure && decides(name) && isOtherwise(lines, line, name, form)) tell("entry", name, line);
      const list = askedAndRefused(lines, index);
      if (list !== undefined && !asksAlready(file, line, list)) tell("asked", list, line);
    }
  }
  return found;
}

/** The other side asks the same list as well: the line was only reworded. */
function asksAlready(file: InspectedFile, line: CodeLine, list: string): boolean {
  const opposite = line.kind === "added" ? file.removed : file.allAdded;
  return opposite.some(({ code }) => code.includes(list) && branch.test(code));
}

export const detector: Detector = {
  name: "namedLists",
  sees: ["entry", "asked"],
  inspect(files) {
    const types = typesOfChange(files);
    return files.flatMap((file) => inspectFile(file, types));
  },
};
