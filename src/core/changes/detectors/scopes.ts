import { type CodeLine, indentOf } from "../code-line.ts";
import { declaredIn } from "../declaration.ts";
import type { Detector, Sighting } from "../detector.ts";
import type { CodeHunk, InspectedFile } from "../inspected-file.ts";
import { asksCaller } from "../persons-asked.ts";
import { recordFiltersIn } from "../record-filters.ts";
import { scopedLookupsIn } from "../scoped-lookups.ts";

/*
 * Whose records a query gives: the condition on an owner, a tenant or a state of publication inside a query that stood
 * before and stands on. Every new query has conditions; one that an existing query gains or loses changes who sees what.
 */

/** Where a query begins or goes on, in the object mappers of the four languages. */
const query =
  /\.(?:filter|exclude|get|filter_by|get_or_404|where|not|or|find|find_by!?|findOne|findFirst|findUnique|findMany|findAll|findBy|findByPk|findById|findOneBy|findOneOrFail|findOneByOrFail|findOrCreate|findAndCount|findAndCountAll|findAndCountBy|findFirstOrThrow|findUniqueOrThrow|findOneAndUpdate|findOneAndDelete|findByIdAndUpdate|updateOne|deleteOne|updateMany|deleteMany|createQueryBuilder|joins|merge|scoped|andWhere|orWhere|whereHas|select_related|get_queryset|aggregate|count|exists)\b\s*[({]|(?:->|::)(?:where|orWhere|andWhere|whereHas|whereIn|whereNull|whereNotNull|find|first|findOrFail|findOneBy|findBy|query)\w*\(|\bobjects\.\w+\(|(?:_set|\.query)\.all\(\)|=\s*\w+\(\s*(?:self\.)?request\.user\b|\bwhere:\s*\{|\bget_object_or_404\(|\bscope\s+:\w+/;

/** What a condition is on that decides who sees a record, as columns and relations are named. */
const subjects =
  "(?:user|owner|owned_by|author|creator|created_by|member|membership|account|customer|tenant|site|organi[sz]ation|org|workspace|space|realm|institution|team|company|household|group)(?:s|_?id|_?uid|_?uuid|_?slug|Id|Uid|UUID)?|(?:owner|created|author)(?:Id|By|ById)|(?:is_?)?(?:public|private|published|visible|hidden|draft|internal|confidential|approved|active|archived|deleted|disabled|suspended|banned|blocked)|(?:deleted|removed|archived|published|disabled|suspended|revoked|expires|banned)_?(?:at|on|At)|visibility|access|role|permission|shared|share_?id";
/** `user=`, `workspace__slug=`, `userId:`, `'user_id',`, `user: current_user` as a key of a condition. */
const condition = new RegExp(
  `(?:^|[^\\w.>$-])["'\`]?(?:[\\w]{1,40}(?:__|\\.))?(${subjects})(?:__\\w{1,30})?["'\`]?\\s*(?:=(?!=|>)|=>|:(?!:)|,\\s*(?:["'][=<>!]+["'],\\s*)?[\\w$"'(]|IS\\s+(?:NOT\\s+)?NULL\\b)`,
  "g",
);
/** Relations that hold only what is the caller's: `current_user.orders`, `request.user.teams`. */
const own =
  /(?<![\w$])(current_\w{1,20}|currentUser|request\.user|req\.user|ctx\.user|auth\(\)->user\(\)|Auth::user\(\)|\$user|\$request->user\(\))(?:\.|->)\w{2,40}(?:\(\))?(?:\.|->)(?:find|where|get|first|all|filter)\w*!?\(/g;
/** A query of its own name, for the caller: `orders_of(request.user, …)`. */
const forCaller = /=\s*\w+\(\s*(?:self\.)?(request\.user)\b/g;
/** `{ id, userId }`: a condition whose value has its name. */
const shorthand =
  /[{,]\s*((?:user|owner|author|creator|account|customer|tenant|organi[sz]ation|org|workspace|space|realm|institution|team|company|member)_?[iI]d|createdBy|created_by)\s*(?=[,}])/g;
/** Named selections of what somebody may see. */
const selection =
  /(?:\.|->|::|\bscope\s+:)(accessible_by|managed_by|visible_(?:to|for|by)|viewable_by|readable_by|editable_by|owned_by|for_user|for_current_user|for_tenant|belonging_to|permitted_for|restrict|policy_scope|visibleTo|visibleFor|accessibleBy|forUser|ownedBy|withoutGlobalScopes?|unscoped|default_scope|with_?[tT]rashed|with_?[dD]eleted|published|only_active|scopeVisible|scopeUserViewable)\b/g;

/** A line that ends so is gone on with by the next one. */
const goesOn = /[([{,.\\]$|(?:&&|\|\||\band|\bor|->)$/;
/** What a line that goes on begins with. */
const continues = /^(?:\.|->|&&|\|\||\?\.|[)\]}]|and\b|or\b)/;
/** No statement takes more lines than this. */
const longestStatement = 30;

interface Statement {
  readonly lines: readonly CodeLine[];
  readonly isQuery: boolean;
}

/** The statements of one side of a hunk: lines that brackets and dots hold together. */
function statementsOf(hunk: CodeHunk, side: "added" | "removed"): readonly Statement[] {
  const statements: Statement[] = [];
  let lines: CodeLine[] = [];
  let open = 0;
  const end = (): void => {
    if (lines.length > 0) statements.push({ lines, isQuery: lines.some(({ code }) => query.test(code)) });
    lines = [];
    open = 0;
  };
  for (const line of hunk.lines) {
    if ((line.kind !== "context" && line.kind !== side) || line.code === "" || line.isImport) continue;
    const isPart = open > 0 || continues.test(line.code) || goesOn.test(lines.at(-1)?.code ?? "");
    if (!isPart || lines.length >= longestStatement) end();
    lines.push(line);
    // What opens a body of its own ends with the line.
    if (/(?:\bdo(?:\s*\|[^|]*\|)?|[{:])$/.test(line.code) && !query.test(line.code) && !goesOnInCall(line.code)) end();
    else open = Math.max(0, open + depthOf(line.code));
  }
  end();
  return statements;
}

function goesOnInCall(code: string): boolean {
  return /[([,]\s*\{$|:\s*\{$/.test(code);
}

function depthOf(code: string): number {
  let depth = 0;
  for (const character of code) depth += "([{".includes(character) ? 1 : ")]}".includes(character) ? -1 : 0;
  return depth;
}

/** Relations that are loaded with a record, by their names alone: they choose none. */
const loadsWith =
  /(?:\.|->|::)(?:joinWith|with|includes?|preload|eager_load|prefetch_related|select_related|load)\((?:\s*\[)?\s*["':][\w.]{1,60}["']?(?:\s*,\s*["':][\w.]{1,60}["']?){0,12}(?:\s*\])?\s*\)/g;
/** `person => …`: a parameter, where a key has a quote or a colon. */
const arrow = /^[^"'`:]*=>$/;

/** The conditions of a statement that say whose a record is. */
function conditionsOf({ lines }: Statement): ReadonlyMap<string, CodeLine> {
  const found = new Map<string, CodeLine>();
  for (const line of lines) {
    for (const pattern of [condition, shorthand, own, forCaller, selection])
      for (const [whole, name] of line.code.replace(loadsWith, "").matchAll(pattern)) {
        if (pattern === condition && arrow.test(whole)) continue;
        const key = pattern === condition || pattern === shorthand ? bare(name ?? whole) : (name ?? whole);
        if (!found.has(key)) found.set(key, line);
      }
  }
  return found;
}

function bare(name: string): string {
  return name.toLowerCase().replaceAll("_", "");
}

/** What one query asks for, in the braces of its condition: `where: { id, orderId }`. */
const asked = /\bwhere:\s*\{([^{}]{2,300})/;
const askedAlone = /\.(?:find|delete)\w{0,20}\(\s*\{([^{}]{2,300})\}/;
const byItself = /(?:^|[,{\s])(?:id|_id|uuid|slug|key|code)\s*(?:[,:}]|$)/;
const ofParent = /(?:^|,)\s*(\w{2,40}Id)\s*(?:,|:|$)/g;

/** What a record must belong to, where it is asked for by itself as well: an identifier that others guess is not enough. */
function parentsOf({ lines }: Statement): ReadonlySet<string> | undefined {
  const code = lines.map((line) => line.code).join(" ");
  const inside = (asked.exec(code) ?? askedAlone.exec(code))?.[1];
  if (inside === undefined || !byItself.test(inside)) return undefined;
  return new Set([...inside.matchAll(ofParent)].map(([, name]) => name ?? ""));
}

function parentOtherwise(file: InspectedFile, before: Statement, after: Statement): Sighting | undefined {
  const [old, now] = [parentsOf(before), parentsOf(after)];
  if (file.language !== "javascript" || old === undefined || now === undefined) return undefined;
  const name = [...now].find((one) => !old.has(one)) ?? [...old].find((one) => !now.has(one));
  const line = after.lines.find(({ kind }) => kind === "added");
  if (name === undefined || line?.newLine === undefined) return undefined;
  return { what: "changed", path: file.path, line: line.newLine, name, evidence: line.text };
}

/** Two statements are one before and after: they share a line, or begin alike. */
function beginning(statement: Statement): string {
  const code = statement.lines[0]?.code ?? "";
  return /^[\w$.>@:\s-]{3,60}?=(?!=)/.exec(code)?.[0].replace(/\s+/g, "") ?? code.slice(0, 24);
}

function counterpart(statement: Statement, others: readonly Statement[]): Statement | undefined {
  const context = new Set(statement.lines.filter(({ kind }) => kind === "context"));
  return (
    others.find(({ lines }) => lines.some((line) => context.has(line))) ??
    others.find((other) => beginning(other) === beginning(statement))
  );
}

/** A query that is put together step by step goes on with this line. */
const step =
  /^(?:return\s+)?\$?(?:this->|self\.)?(\w{0,30}(?:[qQ]uery|qb|[qQ]uery_?[sS]et|qs|[sS]cope|[bB]uilder|[rR]elation))(?:\s*=\s*\$?(?:this->|self\.)?\1)?(?:\.|->)(?:filter|exclude|where|andWhere|orWhere|whereHas|whereIn|whereNull|not|merge|join|leftJoin|innerJoin)\w*\(/;
const named = new RegExp(
  `["'](?:\\w{1,30}\\.)?(${subjects})["']|(?:^|[^\\w.>$-])(?:\\w{1,40}__)?(${subjects})(?:__\\w{1,30})?\\s*(?:=(?!=|>)|=>|:(?!:))`,
);

function subjectOn(code: string): string | undefined {
  return named
    .exec(code)
    ?.slice(1)
    .find((group) => group !== undefined);
}

/** A step that came to, or went from, a query that is built in a function which stood before. */
function stepsIn(file: InspectedFile, hunk: CodeHunk): Sighting | undefined {
  const telling = new Set([...file.added, ...file.removed]);
  const gone = new Set(hunk.lines.filter(({ kind }) => kind === "removed").map(({ code }) => step.exec(code)?.[1]));
  const stood = hunk.lines.some(({ kind, code }) => kind === "context" && step.test(code)) || gone.size > 1;
  let isNew = false;
  for (const [index, line] of hunk.lines.entries()) {
    if (declaredIn(line.code, file.language)?.kind === "function") isNew = line.kind === "added";
    if (line.kind !== "added" || isNew || !stood || line.newLine === undefined) continue;
    if (!telling.has(line) || !step.test(line.code)) continue;
    const name = subjectOn(line.code) ?? subjectOn(hunk.lines[index + 1]?.code ?? "");
    if (name !== undefined) return { what: "changed", path: file.path, line: line.newLine, name, evidence: line.text };
  }
  return undefined;
}

function inspectFile(file: InspectedFile): Sighting[] {
  if (file.role !== "production" || !languages.has(file.language)) return [];
  const found: Sighting[] = [];
  for (const hunk of file.hunks) {
    const before = statementsOf(hunk, "removed").filter(({ isQuery }) => isQuery);
    const after = statementsOf(hunk, "added").filter(({ isQuery }) => isQuery);
    for (const statement of after) {
      if (!isChanged(statement, "added")) {
        const gone = before.find((other) => isChanged(other, "removed") && shares(statement, other));
        if (!gone) continue;
      }
      const earlier = counterpart(statement, before);
      if (!earlier) continue;
      const sighting =
        difference(file, earlier, statement) ??
        parentOtherwise(file, earlier, statement) ??
        otherFor(file, hunk, statement);
      if (sighting) found.push(sighting);
    }
    const narrowed = stepsIn(file, hunk);
    if (narrowed) found.push(narrowed);
  }
  return found;
}

const languages: ReadonlySet<string> = new Set(["javascript", "python", "ruby", "php"]);

function isChanged({ lines }: Statement, kind: CodeLine["kind"]): boolean {
  return lines.some((line) => line.kind === kind);
}

function shares(statement: Statement, other: Statement): boolean {
  return statement.lines.some((line) => other.lines.includes(line));
}

function difference(file: InspectedFile, before: Statement, after: Statement): Sighting | undefined {
  const old = conditionsOf(before);
  const now = conditionsOf(after);
  for (const [name, line] of now) {
    if (!old.has(name) && line.kind === "added" && line.newLine !== undefined)
      return { what: "changed", path: file.path, line: line.newLine, name, evidence: line.text };
  }
  for (const [name, line] of old) {
    if (now.has(name) || line.kind !== "removed" || line.oldLine === undefined) continue;
    const place = after.lines.find(({ newLine }) => newLine !== undefined);
    return {
      what: "changed",
      path: file.path,
      ...(place?.newLine === undefined ? { baseLine: line.oldLine } : { line: place.newLine }),
      name,
      evidence: line.text,
    };
  }
  return undefined;
}

/** A branch that only some callers take. */
const callerBranch = /^(?:\}?\s*(?:else\s+)?(?:if|elif|elsif|unless))\b/;
/** So far above is the branch looked for. */
const farthestBranch = 12;

/** What a query gives to some callers alone changed, whatever it is about: it stands in a branch that asks who calls. */
function otherFor(file: InspectedFile, hunk: CodeHunk, { lines }: Statement): Sighting | undefined {
  const line = lines.find(({ kind }) => kind === "added");
  if (line?.newLine === undefined || !/\.(?:filter|exclude|where)\w*\(/.test(line.code)) return undefined;
  const indent = indentOf(line);
  const above = hunk.lines.slice(Math.max(0, hunk.lines.indexOf(line) - farthestBranch), hunk.lines.indexOf(line));
  const around = above.findLast((one) => one.kind !== "removed" && one.code !== "" && indentOf(one) < indent);
  if (around?.kind !== "context" || !callerBranch.test(around.code) || !asksCaller.test(around.code)) return undefined;
  return { what: "changed", path: file.path, line: line.newLine, name: "caller", evidence: line.text };
}

export const detector: Detector = {
  name: "scopes",
  sees: ["changed"],
  inspect: (files) =>
    files.flatMap((file) => [...inspectFile(file), ...recordFiltersIn(file), ...scopedLookupsIn(file)]),
};
