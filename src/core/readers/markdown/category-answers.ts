import type { StrideLetter } from "../../domain/stride.ts";
import type { RawThreat } from "./raw-threat.ts";
import { isCategoryName } from "./vocabulary.ts";

type Threats = readonly RawThreat[];

/** As many rows that name a category and nothing else make a table of answers; fewer may be threats told in a word. */
const fewestAnswers = 4;
/** As many threats of three categories as make it plain that the rows answer those. */
const fewestSorted = 6;

/**
 * Takes a table that says what is done against each category of STRIDE ("Tampering | Signed releases …") for the answer
 * to the threats that the document sorts by them, not for threats of its own.
 */
export function answeredByCategory(
  told: Threats,
  tables: readonly Threats[],
): { readonly told: Threats; readonly tables: readonly Threats[] } {
  const others = tables.filter((table) => !answersCategories(table));
  if (others.length === tables.length || !sortsThreats([...told, ...others.flat()])) return { told, tables };
  const answers = new Map<StrideLetter, string>();
  for (const { stride, mitigation } of tables.filter(answersCategories).flat())
    for (const letter of stride) if (mitigation !== undefined) answers.set(letter, mitigation);
  const answered = (threat: RawThreat): RawThreat => {
    const [letter] = threat.stride;
    const mitigation = letter === undefined ? undefined : answers.get(letter);
    return threat.mitigation !== undefined || mitigation === undefined ? threat : { ...threat, mitigation };
  };
  return { told: told.map(answered), tables: others.map((table) => table.map(answered)) };
}

function answersCategories(table: Threats): boolean {
  return (
    table.length >= fewestAnswers &&
    new Set(table.flatMap(({ stride }) => stride)).size === table.length &&
    table.every(
      ({ id, title, description, mitigation }) =>
        id === undefined && isCategoryName(title) && description === undefined && mitigation !== undefined,
    )
  );
}

function sortsThreats(threats: Threats): boolean {
  const sorted = threats.filter(({ stride }) => stride.length === 1);
  return sorted.length >= fewestSorted && new Set(sorted.flatMap(({ stride }) => stride)).size >= 3;
}
