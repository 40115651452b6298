import type { StrideLetter } from "../../domain/stride.ts";
import { isPlaceholder, isSubstantive } from "../../text/placeholders.ts";
import { ratingOf, statusOf, strideByName, strideOf } from "../words.ts";
import { type ColumnKind, columnsOf } from "./columns.ts";
import { speaksOf } from "./languages.ts";
import { isBareId, leadingCategory, type RawThreat, splitId } from "./raw-threat.ts";
import type { Block, Section } from "./sections.ts";
import { tellsFields } from "./two-column-threats.ts";
import {
  categoryOf,
  isCatalogueHeading,
  isCategoryName,
  isExcludedHeading,
  isMitigationTitle,
  isPartsHeading,
  isThreatHeading,
} from "./vocabulary.ts";

type Table = Extract<Block, { kind: "table" }>;

/** What a table of the document is, as far as threats go. */
export type TableReading =
  | { readonly kind: "threats"; readonly threats: readonly RawThreat[] }
  /** Rows that rate risks which the threats of the document do not repeat. */
  | { readonly kind: "register"; readonly threats: readonly RawThreat[] }
  /** STRIDE categories against components: one cell a threat, not counted. */
  | { readonly kind: "matrix" }
  | { readonly kind: "other" };

/** Reads one table under a section; `stride` is the category of the headings above it. */
export function readTable(table: Table, section: Section, stride: readonly StrideLetter[]): TableReading {
  if (isMatrix(table)) return { kind: "matrix" };
  if (isExcludedHeading(section.title) || tellsFields(table)) return { kind: "other" };
  if (
    table.header.some((cell) =>
      /^\W*(definition|meaning|property violated|(violated|security) property|count|total|question|propiedad de seguridad( violada)?|propriedade (de seguran[cç]a|violada)|verletzte (eigenschaft|schutzziele?)|propri[eé]t[eé] (viol[eé]e|de s[eé]curit[eé]))s?\W*$/i.test(
        cell,
      ),
    )
  )
    return { kind: "other" };
  if (/controls? (summary|overview|list)|control families/i.test(section.title)) return { kind: "other" };
  const columns = columnsIn(table);
  // Parts of the system with a column of what threatens each of them list the parts.
  if (isPartsHeading(section.title) && !columns.some((kind) => saysOfThreats.has(kind))) return { kind: "other" };
  if (countsThreats(table, columns)) return { kind: "other" };
  const has = (kind: ColumnKind): boolean => columns.includes(kind);
  if (namesOnlyRisks(table, columns)) return riskRegister(table, columns, section);
  const named =
    has("threat") || (holdsCategories(table, columns) && (has("description") || has("mitigation") || has("element")));
  const rated = has("likelihood") || has("impact") || has("risk");
  if (isCatalogueHeading(section.title) && !(has("threat") && rated)) return { kind: "other" };
  const judged =
    has("mitigation") || has("impact") || has("likelihood") || has("status") || has("stride") || has("risk");
  const under = isThreatHeading(section.title) || stride.length > 0;
  const described = has("description") && (has("mitigation") || has("risk") || has("likelihood")) && under;
  const lists = table.rows.some(({ cells, line }) => severalInOne(cells, line, stride) !== undefined);
  const telling =
    has("threat") &&
    has("description") &&
    table.header.some((cell) => /threat|attack|compromise|vulnerab|abuse|misuse|weakness|scenario/i.test(cell));
  const numbered = has("threat") && numbersItsRows(table, columns);
  if (!((named && (judged || (under && columns.length > 1))) || described || telling || lists || numbered))
    return riskRegister(table, columns, section);
  const status = statusOfHeading(section.title);
  const threats = table.rows
    .flatMap(
      ({ cells, line }) =>
        severalInOne(cells, line, stride) ??
        rowThreat(cells, line, columns, categoryInBrackets(cells, table.header) ?? stride),
    )
    .map((threat) => (threat.status === undefined && status !== undefined ? { ...threat, status } : threat));
  return threats.length === 0 ? { kind: "other" } : { kind: "threats", threats };
}

/** Whether its threats stand in a column such as "Risk description" alone: such rows rate what is told elsewhere. */
function namesOnlyRisks(table: Table, columns: readonly ColumnKind[]): boolean {
  const named = table.header.filter((_, index) => columns[index] === "threat");
  return named.length > 0 && named.every((cell) => /^\W*risk (?:description|title|name)\W*$/i.test(cell));
}

const saysOfThreats: ReadonlySet<ColumnKind> = new Set([
  "mitigation",
  "likelihood",
  "impact",
  "risk",
  "status",
  "stride",
]);

/** Three rows or more, each with a number of the author's own: "T-07". */
function numbersItsRows(table: Table, columns: readonly ColumnKind[]): boolean {
  return numbersRows(table, columns.indexOf("id"));
}

function numbersRows({ rows }: Table, column: number): boolean {
  return column !== -1 && rows.length >= 3 && rows.every(({ cells }) => isBareId(cells[column] ?? ""));
}

/** The columns by their headers, and one without a telling header by its cells: nothing but letters of STRIDE. */
function columnsIn(table: Table): ColumnKind[] {
  const columns = withAnswers(table, withIssues(table, columnsOf(table.header)));
  if (columns.includes("stride")) return columns;
  const letters = columns.findIndex((kind, index) => {
    if (kind !== "other" || (table.header[index] ?? "").trim().length > 8) return false;
    const cells = table.rows.map(({ cells: row }) => (row[index] ?? "").trim()).filter((cell) => cell !== "");
    return cells.length >= 2 && cells.every((cell) => cell.length <= 11 && strideOf(cell).length > 0);
  });
  return columns.map((kind, index) => (index === letters ? "stride" : kind));
}

/** "Issue" over sentences in a table without a column of threats: what is wrong, not the number of a work item. */
function withIssues(table: Table, columns: readonly ColumnKind[]): ColumnKind[] {
  const issue = table.header.findIndex((cell) => /^\W*issues?\W*$/i.test(cell));
  const told = table.rows.filter(({ cells }) => isSubstantive(cells[issue] ?? "", 5)).length;
  if (issue === -1 || columns.includes("threat") || told * 2 <= table.rows.length) return [...columns];
  return columns.map((kind, index) => (index === issue ? "threat" : kind));
}

/**
 * A table of threats without a column of mitigations may tell them in the one on their status ("Mitigation status: keys are
 * rotated weekly, a test is planned"), or in the notes beside a status that says they are mitigated.
 */
function withAnswers(table: Table, columns: readonly ColumnKind[]): ColumnKind[] {
  if (columns.includes("mitigation") || !columns.includes("threat")) return [...columns];
  const told = (index: number): number => table.rows.filter(({ cells }) => isSubstantive(cells[index] ?? "", 5)).length;
  const answers = columns.findIndex(
    (kind, index) =>
      kind === "status" &&
      /mitigat|control|treatment/i.test(table.header[index] ?? "") &&
      told(index) * 2 > table.rows.length,
  );
  if (answers !== -1) return columns.map((kind, index) => (index === answers ? "mitigation" : kind));
  const status = columns.indexOf("status");
  const isMitigated = table.rows.some(({ cells }) => statusOf(cells[status] ?? "") === "mitigated");
  const notes = table.header.findIndex((cell) => /^\W*(?:notes?|comments?|rationale|details)\W*$/i.test(cell));
  if (status === -1 || !isMitigated || notes === -1 || told(notes) * 2 <= table.rows.length) return [...columns];
  return columns.map((kind, index) => (index === notes ? "mitigation" : kind));
}

/** "Threats: 3, 5, 2": how many there are of a kind, not which. */
function countsThreats(table: Table, columns: readonly ColumnKind[]): boolean {
  const column = columns.indexOf("threat");
  if (column === -1 || table.rows.length === 0) return false;
  return table.rows.every(({ cells }) => /^\W{0,6}\d{1,4}\W{0,6}$/.test(cells[column] ?? ""));
}

/** A column named "category" may hold anything: one with STRIDE in its header or its cells names threats. */
function holdsCategories(table: Table, columns: readonly ColumnKind[]): boolean {
  const column = columns.indexOf("stride");
  if (column === -1) return false;
  if (/stride|threat|attack/i.test(table.header[column] ?? "")) return true;
  return table.rows.some(({ cells }) => strideOf(cells[column] ?? "").length > 0);
}

/** A heading that sorts threats by status: "Unmitigated Exposures", "Mitigated threats", "Accepted risks". */
function statusOfHeading(title: string): string | undefined {
  return /\b(un-?mitigated|not mitigated|open|mitigated|accepted|closed|resolved)\b(?= (threats?|risks?|exposures?|findings?|issues?|attacks?))/i.exec(
    title,
  )?.[1];
}

/** A table whose only name for a row is "Risk": rated risks beside the threats. */
function riskRegister(table: Table, columns: readonly ColumnKind[], section: Section): TableReading {
  const risk = table.header.findIndex(namesRisks);
  const rated = columns.includes("likelihood") || columns.includes("impact");
  const severity = columns.some((kind, index) => kind === "risk" && index !== risk);
  const answered = columns.some((kind, index) => kind === "mitigation" && index !== risk) && tellsRisks(table, risk);
  const numbered = numbersRows(table, 0) && tellsRisks(table, risk);
  if (risk === -1 || !(rated || severity || answered || numbered) || (isMitigationTitle(section.title) && !severity))
    return { kind: "other" };
  const asThreat = columns.map((kind, index): ColumnKind => (index === risk ? "threat" : kind));
  const threats = table.rows.flatMap(({ cells, line }) => rowThreat(cells, line, asThreat, []));
  return threats.length === 0 ? { kind: "other" } : { kind: "register", threats };
}

/** "Risk", "Research risk", "Risiko": a column of what may happen; "Residual risk" says what is left of it. */
function namesRisks(header: string): boolean {
  const name = header.replace(/[^\p{L}\s-]/gu, "").trim();
  if (/^(?:residual|remaining|open|accepted|overall|inherent|current|total|initial|final) /i.test(name)) return false;
  return (
    /^(?:[a-z-]{1,20} )?risks?(?: description| title)?$/i.test(name) ||
    (/^\p{L}{3,12}$/u.test(name) && speaksOf("risk", name) && !/^(?:severidad|schwere|gravit)/i.test(name))
  );
}

/** Whether most cells of a column of risks say what may happen instead of how bad it is. */
function tellsRisks(table: Table, column: number): boolean {
  const told = table.rows.filter(({ cells }) => {
    const cell = cells[column] ?? "";
    return isSubstantive(cell, 2) && ratingOf(cell) === undefined;
  });
  return told.length >= 2 && told.length * 2 > table.rows.length;
}

/** STRIDE categories down the first column and several columns that are no fields of a threat. */
function isMatrix(table: Table): boolean {
  if (table.header.length < 4) return false;
  const categories = table.rows.filter(({ cells }) => categoryOf(cells[0] ?? "") !== undefined).length;
  const fields = columnsOf(table.header.slice(1)).filter(
    (kind) => kind === "threat" || kind === "description" || kind === "risk",
  ).length;
  const across = table.header.slice(1).filter((cell) => strideOf(cell).length > 0).length;
  return (categories >= 4 && fields === 0) || (across >= 5 && categories === 0);
}

/** "Forged cookie (S)" in a column whose header speaks of STRIDE. */
function categoryInBrackets(cells: readonly string[], header: readonly string[]): StrideLetter[] | undefined {
  const column = header.findIndex((cell) => /stride/i.test(cell));
  const letters = /\(([STRIDE](?:\s?[,/+]\s?[STRIDE]){0,5})\)\W*$/.exec(cells[column] ?? "")?.[1];
  return letters === undefined ? undefined : strideOf(letters);
}

/** A row of a category whose cell lists several threats by their ids, a line each; undefined for other rows. */
function severalInOne(cells: readonly string[], line: number, above: readonly StrideLetter[]): RawThreat[] | undefined {
  const category = categoryOf(cells[0] ?? "");
  const stride = category === undefined ? above : [category];
  if (stride.length === 0) return undefined;
  for (const cell of cells.slice(category === undefined ? 0 : 1)) {
    const lines = cell.split("\n").flatMap((text) => splitId(text.trim()) ?? []);
    if (lines.length >= 2)
      return lines.filter(({ rest }) => isSubstantive(rest)).map(({ id, rest }) => ({ id, title: rest, stride, line }));
  }
  return undefined;
}

const noThreat = /^\s*[-\u2013\u2014]+\s*$|^\W*(?:not (?:\w{1,12} )?applicable|none (?:identified|known))\b/i;

/** "STRIDE:E / CWE-306": the category among other schemes. */
const strideTag = /\bSTRIDE\s*[:=-]\s*([STRIDE](?:\s?[,/+]\s?[STRIDE]){0,5})(?![A-Za-z])/;

function rowThreat(
  cells: readonly string[],
  line: number,
  columns: readonly ColumnKind[],
  above: readonly StrideLetter[],
): RawThreat[] {
  // A dash for the threat, or that none applies, says that there is none.
  if (columns.some((kind, index) => kind === "threat" && noThreat.test(cells[index] ?? ""))) return [];
  const all = (kind: ColumnKind): string[] =>
    cells.filter((cell, index) => columns[index] === kind && cell.trim() !== "" && !/^[-–—]+$/.test(cell.trim()));
  const first = (kind: ColumnKind): string | undefined => all(kind)[0];
  const [lead, ...others] = all("threat");
  const isNumbered = lead !== undefined && first("id") === undefined && isBareId(lead);
  const names = isNumbered ? others : lead === undefined ? [] : [lead, ...others];
  const description = [...names.slice(1), ...all("description")].join(" ") || undefined;
  const about = first("element");
  const inGeneral =
    first("stride") === undefined || about === undefined ? first("stride") : `${about}: ${first("stride")}`;
  // "Spoofing | A copied ticket is shown": the first names the category, what follows the threat.
  const sorts = first("stride") === undefined && description !== undefined && isCategoryName(names[0] ?? "");
  const title = (sorts ? (names[1] ?? description) : names[0]) ?? description ?? inGeneral ?? lead;
  const says = title !== undefined && (!isPlaceholder(title) || isSubstantive(description, 3));
  if (title === undefined || !says || cells.filter((cell) => cell.trim() !== "").length < 2) return [];
  const category = first("stride") ?? (sorts ? names[0] : undefined);
  const tagged = cells.flatMap((cell) => strideTag.exec(cell)?.[1] ?? []);
  const named = strideOf(category ?? "").length > 0 ? strideOf(category ?? "") : strideOf(tagged[0] ?? "");
  const byTitle =
    named.length > 0 || above.length > 0
      ? []
      : categoryOf(title) !== undefined
        ? strideByName(title)
        : leadingCategory(title);
  const split = splitId(title);
  const id = isNumbered ? lead : (first("id") ?? split?.id);

  return [
    {
      ...(id === undefined ? {} : { id: id.replace(/\s+/g, "-") }),
      title: split !== undefined && split.rest !== "" ? split.rest : title,
      ...(description === undefined || description === title ? {} : { description }),
      stride: named.length > 0 ? named : above.length > 0 ? above : byTitle,
      ...field("element", first("element")),
      ...field("impact", first("impact")),
      ...field("likelihood", first("likelihood")),
      ...field("risk", first("risk")),
      ...field("status", first("status")),
      ...field("mitigation", all("mitigation").join(" ") || undefined),
      ...field("test", first("test")),
      ...field("ticket", first("ticket")),
      line,
    },
  ];
}

function field<Name extends string>(name: Name, value: string | undefined): { readonly [Key in Name]?: string } {
  return (value === undefined ? {} : { [name]: value }) as { readonly [Key in Name]?: string };
}
