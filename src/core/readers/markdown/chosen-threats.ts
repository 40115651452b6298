import type { RawThreat } from "./raw-threat.ts";
import { normalised } from "./same-threats.ts";
import { allSections, type Section } from "./sections.ts";

/* Choosing among the places of a document that look as if they listed threats. */

/** As many numbered threats as make it the document's way to number them. */
const fewestNumbered = 5;

/** As many threats of five categories as make it the document's way to sort them by STRIDE. */
const fewestSorted = 6;

/**
 * Leaves out what is told beside the threats: a list that names the headings they stand under, and, where a document
 * numbers most of them or sorts them by STRIDE, what has neither number nor category. Tables and lists without answers
 * name what the threats are about; scenarios play through nearly all of them. What stands under a heading with a number
 * of its own belongs to that.
 */
export function chosenThreats(top: Section, threats: readonly RawThreat[]): RawThreat[] {
  const headings = new Set(allSections(top).map(({ title }) => normalised(title)));
  const listed = without(top, threats, ({ kind, told }) => namesHeadings(kind, told, headings));
  const marksMost = numbersAtLeast(listed, 1 / 2) || sortsAtLeast(listed, 1 / 3);
  if (!marksMost) return listed;
  const told = without(top, listed, (group) => !isMarked(group) && !isAnswered(group));
  const marksNearlyAll = numbersAtLeast(told, 4 / 5) || sortsAtLeast(told, 7 / 10);
  return marksNearlyAll ? without(top, told, (group) => !isMarked(group) && group.kind !== "table") : told;
}

/** Scenarios told beside long tables of numbered or categorised threats play those through; they are no further ones. */
export function withoutStories(told: readonly RawThreat[], rows: readonly RawThreat[]): readonly RawThreat[] {
  const isStory = ({ id, stride, risk, impact }: RawThreat): boolean =>
    id === undefined && stride.length === 0 && risk === undefined && impact === undefined;
  const sorted = rows.filter(({ id, stride }) => id !== undefined && stride.length > 0).length;
  return sorted >= 10 && sorted >= 3 * told.length && told.every(isStory) ? [] : told;
}

/** The threats without those of the places that are set aside; a document that has no others keeps them all. */
function without(top: Section, threats: readonly RawThreat[], isAside: (group: Group) => boolean): RawThreat[] {
  const aside = new Set(
    groupsOf(top, threats)
      .filter(isAside)
      .flatMap(({ told }) => told),
  );
  return aside.size === threats.length ? [...threats] : threats.filter((threat) => !aside.has(threat));
}

/** Whether what stands in a place has a number of its own, or is sorted by STRIDE. */
function isMarked({ told }: Group): boolean {
  return told.some(isNumbered) || told.filter(({ stride }) => stride.length > 0).length * 2 > told.length;
}

function isAnswered({ told }: Group): boolean {
  return told.some(({ mitigation }) => mitigation !== undefined);
}

function numbersAtLeast(threats: readonly RawThreat[], share: number): boolean {
  const numbered = threats.filter(isNumbered).length;
  return numbered >= fewestNumbered && numbered >= share * threats.length;
}

function sortsAtLeast(threats: readonly RawThreat[], share: number): boolean {
  const sorted = threats.filter(({ stride }) => stride.length > 0);
  return (
    sorted.length >= fewestSorted &&
    sorted.length >= share * threats.length &&
    new Set(sorted.flatMap(({ stride }) => stride)).size >= 5
  );
}

function isNumbered({ id }: RawThreat): boolean {
  return id !== undefined && !/^\W*\d+\W*$/.test(id);
}

/** "Threat categories: 1. Governance attacks …", where most items are headings of the document: its contents. */
function namesHeadings(kind: Group["kind"], told: readonly RawThreat[], headings: ReadonlySet<string>): boolean {
  if (kind === "headings" || told.some(({ mitigation }) => mitigation !== undefined)) return false;
  return told.length >= 2 && told.filter(({ title }) => headings.has(normalised(title))).length * 3 >= told.length * 2;
}

/** The threats that stand in one place. */
interface Group {
  readonly kind: "table" | "headings" | "statements";
  readonly told: readonly RawThreat[];
}

function groupsOf(top: Section, threats: readonly RawThreat[]): readonly Group[] {
  const placed = places(top);
  const groups = new Map<string, { readonly kind: Group["kind"]; readonly told: RawThreat[] }>();
  for (const threat of threats) {
    const { kind, line } = placeOf(threat, placed);
    const key = `${kind} ${line}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { kind, told: [threat] });
    else group.told.push(threat);
  }
  return [...groups.values()];
}

interface Placed {
  readonly line: number;
  readonly parent: number;
  readonly tables: readonly { readonly line: number; readonly rows: ReadonlySet<number> }[];
}

/** The headings in the order of the document, with the lines of their tables. */
function places(top: Section): readonly Placed[] {
  const found: Placed[] = [];
  const walk = (section: Section, parent: number): void => {
    found.push({
      line: section.line,
      parent,
      tables: section.blocks.flatMap((block) =>
        block.kind === "table" ? [{ line: block.line, rows: new Set(block.rows.map(({ line }) => line)) }] : [],
      ),
    });
    for (const child of section.children) walk(child, section.line);
  };
  walk(top, 0);
  return found.toSorted((one, other) => one.line - other.line);
}

/** What a threat stands in: its table, the heading over its own, or the section of a statement; with the line of it. */
function placeOf(
  { line }: RawThreat,
  placed: readonly Placed[],
): { readonly kind: Group["kind"]; readonly line: number } {
  const section = placed[lastAt(placed, line)];
  if (section === undefined) return { kind: "statements", line: 0 };
  const table = section.tables.find(({ rows }) => rows.has(line));
  if (table !== undefined) return { kind: "table", line: table.line };
  return section.line === line
    ? { kind: "headings", line: section.parent }
    : { kind: "statements", line: section.line };
}

/** The place of the last heading at a line or before it: by halves, since a document may have as many threats as headings. */
function lastAt(placed: readonly Placed[], line: number): number {
  let [low, high] = [0, placed.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((placed[middle]?.line ?? 0) <= line) low = middle;
    else high = middle - 1;
  }
  return low;
}
