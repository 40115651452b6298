import type { RawThreat } from "./raw-threat.ts";
import type { Section } from "./sections.ts";

/* Choosing among the places of a document that look as if they listed threats. */

/** As many numbered threats as make it the document's way to number them. */
const fewestNumbered = 5;

/**
 * Leaves out what is told beside the threats of a document that numbers most of them, or sorts them by STRIDE: lists and tables none of whose
 * statements has a number, a category or an answer name what the threats are about, or tell them in other words. What
 * stands under a heading with a number of its own belongs to that.
 */
export function chosenThreats(top: Section, threats: readonly RawThreat[]): RawThreat[] {
  if (!numbersMost(threats) && !sortsByCategory(threats)) return [...threats];
  const placed = places(top);
  const groups = new Map<string, RawThreat[]>();
  for (const threat of threats) {
    const place = placeOf(threat, placed);
    const group = groups.get(place);
    if (group === undefined) groups.set(place, [threat]);
    else group.push(threat);
  }
  const aside = new Set([...groups.values()].filter(isAside).flat());
  return threats.filter((threat) => !aside.has(threat));
}

function numbersMost(threats: readonly RawThreat[]): boolean {
  const numbered = threats.filter(isNumbered).length;
  return numbered >= fewestNumbered && numbered * 2 >= threats.length;
}

/** Six or more with a category, of five categories or all: the lists by part beside them led to those. */
function sortsByCategory(threats: readonly RawThreat[]): boolean {
  const sorted = threats.filter(({ stride }) => stride.length > 0);
  return (
    sorted.length >= 6 &&
    sorted.length * 3 >= threats.length &&
    new Set(sorted.flatMap(({ stride }) => stride)).size >= 5
  );
}

function isNumbered({ id }: RawThreat): boolean {
  return id !== undefined && !/^\W*\d+\W*$/.test(id);
}

function isAside(group: readonly RawThreat[]): boolean {
  if (group.some((threat) => isNumbered(threat) || threat.mitigation !== undefined)) return false;
  return group.filter(({ stride }) => stride.length > 0).length * 2 <= group.length;
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

/** What a threat stands in: its table, the heading over its own, or the section of a statement. */
function placeOf({ line }: RawThreat, placed: readonly Placed[]): string {
  const section = placed[lastAt(placed, line)];
  if (section === undefined) return "";
  const table = section.tables.find(({ rows }) => rows.has(line));
  if (table !== undefined) return `table ${table.line}`;
  return section.line === line ? `headings ${section.parent}` : `section ${section.line}`;
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
