import type { CodeLine } from "../code-line.ts";
import { secretWords } from "../data-words.ts";
import { declaredIn } from "../declaration.ts";
import type { Detector, Sighting } from "../detector.ts";
import { type CodeHunk, type InspectedFile, withoutBlanks } from "../inspected-file.ts";
import type { Language } from "../language.ts";
import { otherSide } from "../patch.ts";
import { newLineOf } from "../place-of-line.ts";
import { phraseOf } from "../words.ts";

/*
 * What stands on a function to say who may call it: annotations of Java and Kotlin, attributes of .NET, the types of
 * arguments by which Rust frameworks demand a caller. The name alone does not tell: another role in the brackets is
 * another decision. And what stands on a credential to say how long or of which form it must be.
 */

/** Annotations and attributes about access, by the words that frameworks and projects name them with. */
const markName =
  "(?:\\w{0,40}(?:Permission|Permissions|PermissionRequired|Authori[sz]e|Authori[sz]ed|Authori[sz]ation|Authenticated|Policy|RolesAllowed|Secured|Scopes?|Roles?|RequiresAuthentication|RequiresUser|AccessControl|RequireAuth|ApiKey)\\w{0,40}|DenyAll|PermitAll|AnonymousAllowed|AllowAnonymous\\w{0,20}|PreFilter|PostFilter|CrossOrigin|(?:Validate|AutoValidate|Ignore|Require)Anti[fF]orgery\\w{0,20}|(?:Enable|Disable)(?:Cors|RateLimiting)|RateLimit\\w{0,20}|RequestSizeLimit|DisableRequestSizeLimit|Require[A-Z]\\w{2,40}|(?:Service|Type)Filter)";
const annotation = new RegExp(`@(${markName})\\b(?!\\.)`);
const attribute = new RegExp(`^\\[(?:\\w+:\\s*)?(${markName})\\b`);
/** Attributes of those names that say something else. */
const otherMark =
  /^(?:EqualsAndHashCode|\w*(?:ModelBinder|JsonProperty)\w*|ApiKeyName|IgnorePolicy|Enable\w*(?:Configuration|Scheduling)|ConfigurationPropertiesScan|(?:Step|Job|View|Request|Session|Application|Singleton|Prototype|Custom|Refresh|Transaction|Test|Aria|Cache|Retry|Lifecycle|Retention|Message|Vary)\w*(?:Scope|Role|Policy|Scoped)\w*|Scope|Scoped|\w*Scoped|RequireContext|RequireNonNull|RequiredArgsConstructor|Required\w*)$/;
/** A filter of .NET says what it is by the type that it names. */
const filterName = /Auth|Permission|Tenant|Role|Key|Limit|Captcha|Csrf|Forgery|Access|Admin|Owner|Require/;

/** Types of arguments that a Rust handler can only have for a caller who is known. */
const extractor =
  /\b_\w*:\s*&?(?:\w+::)*(User|Account|Session|Principal|Member|Admin)\b(?!::)|\b\w+:\s*&?(?:mut\s+)?(?:\w+::)*((?:\w*(?:Authenticated|LoggedIn|Authorized|Verified)\w*|AuthUser\w*|CurrentUser|AdminUser|\w*(?:Auth|Admin|Owner|User|Session|Token|Permission|Role)Guard|\w*Claims|BearerAuth|BasicAuth|ApiKey\w*|Identity|UserSession|\w+UserView|Client\w*Auth\w*|permissions::\w+|\w*Permissions?))\b(?!::)/;

interface Mark {
  readonly name: string;
  /** The whole of it, without blanks. */
  readonly text: string;
  readonly line: CodeLine;
}

function markOn(line: CodeLine, language: Language): Mark | undefined {
  const { code } = line;
  if (line.isImport || code === "") return undefined;
  if (language === "rust") {
    if (!/\bfn\b|^\w+:\s*[\w:<]+.*,$/.test(code)) return undefined;
    const type = extractor
      .exec(code)
      ?.slice(1)
      .find((group) => group !== undefined);
    return type === undefined ? undefined : { name: type, text: type, line };
  }
  const name = (language === "csharp" ? attribute : annotation).exec(code)?.[1];
  if (name === undefined || otherMark.test(name)) return undefined;
  if (/^(?:Service|Type)Filter$/.test(name) && !filterName.test(code.slice(name.length))) return undefined;
  return { name, text: withoutBlanks(code.slice(0, 240)), line };
}

const languages: ReadonlySet<Language> = new Set(["java", "kotlin", "scala", "csharp", "rust"]);
/** Further marks and continued arguments between a mark and what it stands on. */
const betweenMarks = /^(?:@|\[|#\[|["'{}(),]|\w+\s*=\s*["'{\w])/;

/** What a mark stands on is there before and after: a new function is a new way in, and one that went needs no check. */
function standsOnKept(hunk: CodeHunk, { line, text }: Mark, kept: ReadonlySet<string>): boolean {
  if (line.code.includes("fn ")) return kept.has(declaredIn(line.code, "rust")?.name ?? "");
  const index = hunk.lines.indexOf(line);
  for (const next of hunk.lines.slice(index + 1, index + 14)) {
    if (next.code === "" || (next.kind !== line.kind && next.kind !== "context")) continue;
    if (next.kind !== "context" && betweenMarks.test(next.code) && withoutBlanks(next.code) !== text) continue;
    if (next.kind === "context") return true;
    const declared = /\b(?:class|interface|record|fun|void|Task|\w+[>\])]?)\s+(\w+)\s*(?:<[^>]{0,40}>)?\s*[({:]/.exec(
      next.code,
    )?.[1];
    return declared !== undefined && kept.has(declared);
  }
  return false;
}

/** Names that the other side declares as well. */
function declaredOn(file: InspectedFile, side: "added" | "removed"): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { lines } of file.hunks) {
    for (const line of lines) {
      if (line.kind !== side && line.kind !== "context") continue;
      const name =
        declaredIn(line.code, file.language)?.name ??
        /\b(?:class|interface|record|fun|void|Task|\w+[>\])]?)\s+(\w+)\s*(?:<[^>]{0,40}>)?\s*[({:]/.exec(
          line.code,
        )?.[1];
      if (name !== undefined) names.add(name);
    }
  }
  return names;
}

function inspectMarks(file: InspectedFile): Sighting[] {
  const found: Sighting[] = [];
  const telling = { added: new Set(file.added), removed: new Set(file.removed) };
  const all = (side: "added" | "removed"): Mark[] =>
    file.hunks.flatMap(({ lines }) =>
      lines
        .filter((line) => line.kind === side && telling[side].has(line))
        .flatMap((line) => markOn(line, file.language) ?? []),
    );
  const marks = { added: all("added"), removed: all("removed") };
  if (marks.added.length + marks.removed.length === 0) return [];
  const names = { added: declaredOn(file, "added"), removed: declaredOn(file, "removed") };
  for (const side of ["added", "removed"] as const) {
    const other = otherSide(side);
    const left = new Map<string, number>();
    for (const { text } of marks[other]) left.set(text, (left.get(text) ?? 0) + 1);
    for (const mark of marks[side]) {
      const same = left.get(mark.text) ?? 0;
      if (same > 0) {
        left.set(mark.text, same - 1);
        continue;
      }
      const hunk = file.hunks.find(({ lines }) => lines.includes(mark.line));
      const isChanged = hunk?.lines.some(
        (line) => line.kind === other && markOn(line, file.language)?.name === mark.name,
      );
      if (!hunk || (!isChanged && !standsOnKept(hunk, mark, names[other]))) continue;
      // One that only says something else is told once, at the new line.
      if (isChanged && side === "removed") continue;
      const at = newLineOf(hunk, mark.line);
      found.push({
        what: isChanged ? "changed" : side,
        path: file.path,
        ...(at === undefined ? {} : { line: at }),
        name: mark.name,
        evidence: mark.line.text,
      });
    }
  }
  return found;
}

/** Bean Validation, data annotations of .NET, tags of Go: what a value must be like. */
const constraint =
  /^@(?:Size|Length|Pattern|NotBlank|NotEmpty|Min|Max|field:\w+)\b|^\[(?:MinLength|MaxLength|StringLength|RegularExpression|Length)\b|^#\[validate\(|`[^`]*\b(?:validate|binding|valid):"/;

/** A demand on a password or a token that came, went or changed: the next declaration is named for a credential. */
function inspectConstraints(file: InspectedFile): Sighting[] {
  const found: Sighting[] = [];
  const telling = new Set([...file.added, ...file.removed]);
  const shared = new Set(file.removed.map(({ code }) => withoutBlanks(code)));
  for (const hunk of file.hunks) {
    for (const [index, line] of hunk.lines.entries()) {
      if (line.kind === "context" || !telling.has(line) || !constraint.test(line.code)) continue;
      if (line.kind === "removed" && hunk.lines.some((other) => other.kind === "added" && constraint.test(other.code)))
        continue;
      if (line.kind === "added" && shared.has(withoutBlanks(line.code))) continue;
      const on = line.code.startsWith("`") || /^\w+\s/.test(line.code) ? line : nextDeclared(hunk, index);
      // The whole field is new or gone: that is told as a field.
      if (!on || (on.kind !== "context" && on !== line)) continue;
      const name = /(\w+)\s*(?:[;=:{]|$)/.exec(on.code.replace(/`[^`]*`/, "").replace(/\s\*?[\w.]+$/, ""))?.[1];
      if (name === undefined || secretWords(phraseOf(name)) === undefined) continue;
      const at = newLineOf(hunk, line);
      if (at === undefined) continue;
      found.push({ what: "credential-form", path: file.path, line: at, name, evidence: line.text });
    }
  }
  return found;
}

function nextDeclared(hunk: CodeHunk, index: number): CodeLine | undefined {
  return hunk.lines.slice(index + 1, index + 6).find(({ code }) => code !== "" && !/^[@[#]/.test(code));
}

function inspectFile(file: InspectedFile): Sighting[] {
  if (file.role !== "production" || file.file.status === "added") return [];
  return [
    ...(languages.has(file.language) ? inspectMarks(file) : []),
    ...(languages.has(file.language) || file.language === "go" ? inspectConstraints(file) : []),
  ];
}

export const detector: Detector = {
  name: "accessMarks",
  sees: ["changed", "added", "removed", "credential-form"],
  inspect: (files) => files.flatMap(inspectFile),
};
