import type { CodeLine } from "./code-line.ts";
import type { Sighting } from "./detector.ts";
import { type CodeHunk, type InspectedFile, withoutBlanks } from "./inspected-file.ts";
import type { Language } from "./language.ts";
import { otherSide } from "./patch.ts";
import { newLineOf } from "./place-of-line.ts";

/*
 * Whose records a query returns: the part of a condition that holds it to the caller, the owner, the tenant or to what is
 * visible. A query that loses or gains such a part gives other people other records. Whole new queries are no news here:
 * they come with the way in that asks them.
 */

const languages: ReadonlySet<Language> = new Set(["go", "java", "kotlin", "scala", "csharp", "rust", "sql"]);

/** Names of columns and fields that say whose a record is, or who may see it. */
const subject =
  "(?:user|owner|tenant|org|organi[sz]ation|workspace|space|realm|team|account|customer|creator|author|member|company|store|household|recipient)(?:_?(?:id|uuid|uid|key)s?|\\.id)|created_?by(?:_?id)?|owned_?by|visibility|is_?(?:public|private|hidden)|tenant|access_?(?:level|teams?)|share_?(?:code|token)";

/** Text of SQL that compares such a column: `WHERE id = $1 AND owner_id = $2`, `user_id=? AND` on a line of its own. */
const inSql = new RegExp(
  String.raw`(?:\b(?:where|and|or|on)\s+\(?(?:not\s+)?|^\(?)(?:["'\x60]?\w{1,40}["'\x60]?\.)?["'\x60\[]?(${subject})["'\x60\]]?\s{0,3}(?:=|<>|!=|in\b|is\b|==)`,
  "i",
);
/** Calls by which object mappers ask for records. */
const asks =
  /\.(?:Where|where|filter|Filter|FirstOrDefault\w*|First\w*|SingleOrDefault\w*|Single\w*|AnyAsync|Any|AllAsync|CountAsync|Count|LongCount\w*|HasQueryFilter|and_where|And|Or|Find\w*|find\w*|eq|Eq|setFilter|filter_by|List\w*|Exist\w*|query\w*|Query\w*)\(/;
/** A comparison of such a field: `o.StoreId == storeId`, `"owner_id": me`, `OrgId.eq(org)`. */
const compared = new RegExp(
  String.raw`\b(${subject})\b["'\x60]?\s{0,3}(?:==|!=|=|:|,|\.(?:eq|ne|equals|Equals|is_in|eq_any|contains|Contains)\()`,
  "i",
);
const dotted = new RegExp(String.raw`[.:](${subject})\b`, "i");
/** A filter by a mark that says who may see a record: `.retain(|note| !note.private)`, `.Where(x => x.IsPublic)`. */
const marked =
  /\.(?:Where|where|filter|Filter|retain|RemoveAll|removeIf|DeleteFunc|First\w*|Single\w*|Any\w*|Count\w*|HasQueryFilter)\(.{0,80}?(?:=>|->|\|)\s*!?\s*\w{1,30}(?:\.\w{1,30}){0,2}[.](?:is_?)?(private|public|hidden|published|visible|deleted|archived|draft|internal|confidential|approved|disabled|suspended|revoked|unlisted|encrypted|locked)\b/i;
/** What takes from a list where it stands. */
const takesAway = /\.(?:retain|RemoveAll|removeIf|DeleteFunc)\(/;
/** Finders whose name is the query. https://docs.spring.io/spring-data/jpa/reference/jpa/query-methods.html */
const named =
  /\b(?:find|get|exists|count|delete|list|fetch|read|load|query|remove)\w{0,60}(?:By|And)((?:User|Owner|Tenant|Org|Organi[sz]ation|Workspace|Team|Account|Customer|Creator|Author|Member|Company|Store)(?:_?(?:Id|ID|Uuid|Username|Name|s))?|CreatedBy\w{0,10}|Visibility|Public)(?=[A-Z(_]|\b)/;

/** The name that holds the query on a line to somebody; undefined where none does. */
function scopeOn(code: string, language: Language): string | undefined {
  if (/^(?:[})\]]|case\b|return nil)/.test(code) && code.length < 12) return undefined;
  const isText =
    language === "sql" || /["'`]/.test(code) || /^\(?[\w."`[\]]{1,60}\s{0,3}(?:=|<>|!=|in\b|is\b)/i.test(code);
  const sql = isText && (language === "sql" || isQueryText(code)) ? inSql.exec(code)?.[1] : undefined;
  if (sql !== undefined) return sql;
  const finder = named.exec(code)?.[1];
  if (finder !== undefined) return finder;
  const mark = marked.exec(code)?.[1];
  if (mark !== undefined) return mark;
  if (!asks.test(code)) return undefined;
  return compared.exec(code)?.[1] ?? (/==|!=|\.eq\(|=>/.test(code) ? dotted.exec(code)?.[1] : undefined);
}

/** A placeholder or a word of SQL: `user_id = 5` alone is an assignment. */
function isQueryText(code: string): boolean {
  return /\b(?:select|from|where|join|update|delete)\b|(?:=|in|<>|!=)\s{0,3}\(?\s?(?:\$\d|\?|@\w|:\w|%s|%d|any\b|\w+\.\w+)/i.test(
    code,
  );
}

/** A query on any line of a side: without one there, the condition came or went with the whole query. */
const query =
  /\.(?:Where|where|filter|Filter|FirstOrDefault\w*|SingleOrDefault\w*|AnyAsync|CountAsync|HasQueryFilter|findBy\w*|find|Find|First|Get|setFilter|eq|query\w*|Query\w*|Exec\w*|List\w*|prepare|Select)\(|@Query\(|\b(?:select|update|delete\s+from|where|from|join)\b.*|sqlx::|\b(?:find|get|exists|count|delete|list|fetch)\w{0,60}By[A-Z]\w*\(/i;

interface Scoped {
  readonly line: CodeLine;
  readonly scope: string;
}

function scopedLines(
  hunk: CodeHunk,
  telling: ReadonlySet<CodeLine>,
  side: "added" | "removed",
  language: Language,
): Scoped[] {
  const found: Scoped[] = [];
  for (const line of hunk.lines) {
    if (line.kind !== side || !telling.has(line) || line.isImport) continue;
    const scope = scopeOn(line.code, language);
    if (scope !== undefined) found.push({ line, scope });
  }
  return found;
}

function plain(scope: string): string {
  return scope.toLowerCase().replaceAll("_", "");
}

/** Every name of a side, so that a condition that was only reworded is known. */
function sayingOf(hunk: CodeHunk, side: "added" | "removed"): string {
  return hunk.lines
    .filter((line) => line.kind === side)
    .map(({ code }) => withoutBlanks(code).toLowerCase().replaceAll("_", ""))
    .join("\n");
}

/**
 * Places in the languages with types and in SQL where a query that stays gains or loses a condition on whose a record is: one for
 * each hunk, at the new line, or at the line that stands where the condition was.
 */
export function recordFiltersIn(file: InspectedFile): readonly Sighting[] {
  if (file.role !== "production" || !languages.has(file.language) || file.file.status === "added") return [];
  const telling = new Set([...file.added, ...file.removed]);
  const found: Sighting[] = [];
  for (const hunk of file.hunks) {
    if (!hunk.lines.some((line) => telling.has(line))) continue;
    const fresh = onlyOn(hunk, telling, "added", file.language) ?? onlyOn(hunk, telling, "removed", file.language);
    if (!fresh) continue;
    const at = newLineOf(hunk, fresh.line);
    const shared = { what: "changed", path: file.path, name: fresh.scope, evidence: fresh.line.text };
    found.push(at === undefined ? shared : { ...shared, line: at });
  }
  return found;
}

/** The first condition of a side that the other side does not know, in a query that both have. */
function onlyOn(
  hunk: CodeHunk,
  telling: ReadonlySet<CodeLine>,
  side: "added" | "removed",
  language: Language,
): Scoped | undefined {
  const scoped = scopedLines(hunk, telling, side, language);
  if (scoped.length === 0) return undefined;
  const other = otherSide(side);
  const said = sayingOf(hunk, other);
  const isKept = changesQuery(hunk, other);
  const asked = new Set(hunk.lines.map(({ kind, code }) => (kind === other ? finderCall.exec(code)?.[1] : undefined)));
  return scoped.find(
    ({ line, scope }) =>
      asksSame(line.code, asked) &&
      (isKept || /HasQueryFilter|setFilter\(/.test(line.code) || takesAway.test(line.code) || goesOn(hunk, line)) &&
      !said.includes(plain(scope)),
  );
}

/** A call of a finder, with what is asked: `orders.findByOwnerId(` asks `orders`. */
const finderCall =
  /([A-Za-z_]\w{0,60})(?:\(\))?\.(?:find|get|exists|count|delete|list|fetch|read|load|query|remove)\w{0,80}\(/;

/** A finder whose name is the condition: what it asks was asked by another one before, or the finder itself is declared here. */
function asksSame(code: string, before: ReadonlySet<string | undefined>): boolean {
  const asked = named.test(code) ? finderCall.exec(code)?.[1] : undefined;
  return asked === undefined || before.has(asked);
}

/** Whether the same query stands on the other side too: changed there, or around the line that came or went alone. */
function changesQuery(hunk: CodeHunk, other: "added" | "removed"): boolean {
  const opposite = hunk.lines.filter((line) => line.kind === other && line.code !== "");
  if (opposite.length > 0) return opposite.some((line) => query.test(line.code));
  return hunk.lines.some((line) => line.kind === "context" && query.test(line.code));
}

/** A further link of a chain or condition whose line above stays. */
function goesOn(hunk: CodeHunk, line: CodeLine): boolean {
  if (!/^(?:\.|&&|\|\||and\b|or\b)/i.test(line.code)) return false;
  return hunk.lines[hunk.lines.indexOf(line) - 1]?.kind === "context";
}
