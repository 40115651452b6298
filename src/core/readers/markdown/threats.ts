import type { ModelControl, ModelPassage, ModelThreat, ModelValidation } from "../../domain/threat-model.ts";
import { isPlaceholder, isSubstantive, namesTest } from "../../text/placeholders.ts";
import { answeredByCategory } from "./category-answers.ts";
import { chosenThreats, withoutStories } from "./chosen-threats.ts";
import { answeredElsewhere } from "./cross-references.ts";
import { entryText } from "./labelled-threats.ts";
import { answeredAttackers, threatsInPlainLists, threatsInRepeatedLists } from "./listed-threats.ts";
import { idsOf, modelThreat, testedControls } from "./model-threats.ts";
import { type RawThreat, withAnswerInside, withAnswersAfterArrows, withLettersOfIds } from "./raw-threat.ts";
import { bareId, mergeSame, normalised, toldOnce, withoutRegister } from "./same-threats.ts";
import { allSections, entriesOf, type Section } from "./sections.ts";
import { testsApart } from "./test-tables.ts";
import { isRatedRegister, ratesItsRows } from "./threat-ratings.ts";
import { threatsInSections } from "./threat-sections.ts";
import { readTable } from "./threat-tables.ts";
import { categoryOf, isMitigationTitle } from "./vocabulary.ts";

/** The threats of a document with what is tied to them. */
export interface ThreatsFound {
  readonly threats: readonly ModelThreat[];
  readonly controls: readonly ModelControl[];
  readonly validations: readonly ModelValidation[];
  readonly passages: readonly ModelPassage[];
  /** True when threats are there in a form that cannot be counted, such as a matrix. */
  readonly uncountable: boolean;
}

/** Reads threats from headings, labels, lists and tables; the same threat told twice is one. */
export function threatsIn(top: Section, path: string): ThreatsFound {
  const toldInSections = toldOnce(withRepeatedLists(top, threatsInSections(top)));
  const allTables: ThreatTable[] = [];
  const registers: RawThreat[] = [];
  const passages: ModelPassage[] = [];
  let matrix: number | undefined;
  let ratedAssets: number | undefined;
  const walk = (section: Section, stride: readonly RawThreat["stride"][number][]): void => {
    const category = categoryOf(section.title);
    const here = category === undefined ? stride : [category];
    for (const block of section.blocks) {
      if (block.kind !== "table") continue;
      const reading = readTable(block, section, here);
      if (reading.kind === "threats")
        allTables.push({
          threats: withoutRegister(section.title, reading.threats, toldInSections),
          answer: answerBeside(section),
          title: section.title,
        });
      else if (reading.kind === "register") registers.push(...reading.threats);
      else if (reading.kind === "matrix") matrix ??= block.line;
      else if (ratesItsRows(block)) ratedAssets ??= block.line;
    }
    for (const child of section.children) walk(child, here);
  };
  walk(top, []);
  const answered = answeredTables(withoutSummaries(allTables, toldInSections));
  const byCategory = answeredByCategory(withoutStories(toldInSections, answered.flat()), answered);
  const inSections = byCategory.told;
  const tables = byCategory.tables.filter((table) => !sumsUp(table, inSections));
  if (inSections.length + tables.length === 0) tables.push(registers);
  else if (isRatedRegister(registers))
    passages.push({
      deliverable: "risk",
      strength: "full",
      what: "a register of rated risks",
      place: { path, line: registers[0]?.line ?? 1 },
    });
  if (ratedAssets !== undefined)
    passages.push({
      deliverable: "risk",
      strength: "part",
      what: "a rating of something else than the threats",
      place: { path, line: ratedAssets },
    });
  if (matrix !== undefined)
    passages.push({
      deliverable: "stride",
      strength: "full",
      what: "a matrix of STRIDE categories and components",
      place: { path, line: matrix },
    });
  const told = toldOrListed(top, inSections, tables.flat().length);
  const chosen = chosenThreats(top, mergeSame(told, tables));
  const apart = testsApart(top, answeredElsewhere(top, chosen), path);
  const merged = withAnswersAfterArrows(withLettersOfIds(apart.threats), linesOfAnswers(top)).map(withAnswerInside);
  const tests = merged.some(({ test }) => isSubstantive(test) || namesTest(test));
  const ids = idsOf(merged);
  const threats = merged.map((threat, index) => modelThreat(threat, ids[index] ?? "", path, tests));
  const tickets = merged.filter(({ ticket }) => ticket !== undefined && !isPlaceholder(ticket));
  if (tickets.length > 0)
    passages.push({
      deliverable: "stories",
      strength: "part",
      what: "work items named beside threats",
      place: { path, line: tickets[0]?.line ?? 1 },
    });
  const demanding = merged.filter(
    ({ description, mitigation }) => mitigation === undefined && demands.test(description ?? ""),
  );
  if (demanding.length * 2 > merged.length)
    passages.push({
      deliverable: "controls",
      strength: "part",
      what: "what must hold, said inside the threats",
      place: { path, line: demanding[0]?.line ?? 1 },
    });
  const tested = tests ? testedControls(merged, threats, path) : { controls: [], validations: [] };
  return {
    threats,
    controls: [...tested.controls, ...apart.controls],
    validations: [...tested.validations, ...apart.validations],
    passages,
    uncountable: matrix !== undefined && threats.length === 0 && allSections(top).length > 0,
  };
}

/** The lines of the lists under headings such as "Threats and mitigations". */
function linesOfAnswers(top: Section): ReadonlySet<number> {
  const sections = allSections(top).filter(({ title }) => isMitigationTitle(title));
  return new Set(sections.flatMap((section) => entriesOf(section).map(({ line }) => line)));
}

/** The threats told in sections with those of lists that the document repeats, in its order. */
function withRepeatedLists(top: Section, told: readonly RawThreat[]): RawThreat[] {
  const lines = new Set(told.map(({ line }) => line));
  const listed = threatsInRepeatedLists(top).filter(({ line }) => !lines.has(line));
  return [...told, ...listed].toSorted((one, other) => one.line - other.line);
}

/** Plain lists are the last resort: where nothing else is a threat, or one or two statements beside a list of many. */
function toldOrListed(top: Section, told: readonly RawThreat[], rows: number): readonly RawThreat[] {
  if (rows > 0 || told.length > 2) return told;
  const plain = threatsInPlainLists(top);
  const listed = told.length + plain.length === 0 ? answeredAttackers(top) : plain;
  return told.length === 0 || listed.length >= 3 * told.length ? listed : told;
}

/** What stands under a label such as "Mitigations:" beside a table of the same section. */
function answerBeside(section: Section): string | undefined {
  const answers = entriesOf(section).filter(({ label }) => label !== undefined && isMitigationTitle(label));
  const text = answers.map((entry) => [entry.text, ...entry.entries.map(entryText)].join(" ").trim()).join(" ");
  return isSubstantive(text) ? text : undefined;
}

/** A table of threats with the title it stands under and what is said beside it. */
interface ThreatTable {
  readonly title: string;
  readonly threats: readonly RawThreat[];
  readonly answer: string | undefined;
}

/**
 * Tables whose sections each say what is done against their rows: two or more make it a way of writing, and what is
 * said is said of every row. A single list beside all the threats is tied to none of them.
 */
function answeredTables(tables: readonly ThreatTable[]): (readonly RawThreat[])[] {
  const isHabit = tables.filter(({ answer }) => answer !== undefined).length >= 2;
  return tables.map(({ threats, answer }) =>
    !isHabit || answer === undefined
      ? threats
      : threats.map((threat) => (threat.mitigation === undefined ? { ...threat, mitigation: answer } : threat)),
  );
}

/**
 * The tables without what a summary or a matrix tells again in other words: rows that name none of the threats told
 * elsewhere by number or title, where those are twice as many at least; as many, where it says what of them is covered.
 */
function withoutSummaries(tables: readonly ThreatTable[], told: readonly RawThreat[]): readonly ThreatTable[] {
  const all = tables.reduce((sum, { threats }) => sum + threats.length, told.length);
  const isSummary = ({ title, threats }: ThreatTable): boolean => {
    const goesOver = /\bcoverage\b|\btraceability\b/i.test(title);
    const names = goesOver || /\bsummary\b|\bat a glance\b|\bheat ?map\b|\bmatrix\b/i.test(title);
    return names && all >= (goesOver ? 2 : 3) * threats.length;
  };
  const elsewhere = [...told, ...tables.filter((table) => !isSummary(table)).flatMap(({ threats }) => threats)];
  if (elsewhere.length === 0) return tables;
  const ids = new Set(elsewhere.flatMap(({ id }) => bareId(id)?.toLowerCase() ?? []));
  const titles = new Set(told.map(({ title }) => normalised(title)));
  const names = ({ id, title }: RawThreat): boolean =>
    ids.has(bareId(id)?.toLowerCase() ?? "") || titles.has(normalised(title));
  return tables.map((table) => (isSummary(table) ? { ...table, threats: table.threats.filter(names) } : table));
}

/** One row for each category, without ids, above sections that tell the threats of the categories one by one. */
function sumsUp(table: readonly RawThreat[], told: readonly RawThreat[]): boolean {
  const letters = table.flatMap(({ id, stride }) => (id === undefined && stride.length === 1 ? stride : []));
  const isSummary = table.length >= 3 && table.length <= 6 && new Set(letters).size === table.length;
  return isSummary && told.length >= 6 && new Set(told.flatMap(({ stride }) => stride)).size >= 3;
}

/** A threat told in prose that says what is to be done about it. */
const demands = /\b(must|shall|needs? to|has to|have to|is required to|are required to|is enforced|are enforced)\b/i;
