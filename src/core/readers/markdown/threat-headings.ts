import { isSubstantive, wordsIn } from "../../text/placeholders.ts";
import { columnsOf } from "./columns.ts";
import { answeredItems, named as namedBy, namesOf, nestedMitigation, ratedThreats } from "./labelled-threats.ts";
import { announcedThreats } from "./listed-threats.ts";
import { type RawThreat, splitId } from "./raw-threat.ts";
import { allEntries, entriesOf, type Section, textOf } from "./sections.ts";
import { readTable } from "./threat-tables.ts";
import { threatsInTwoColumns, twoColumnLabels } from "./two-column-threats.ts";
import {
  categoryOf,
  isAnsweredList,
  isCatalogueHeading,
  isFieldLabel,
  isMitigationTitle,
  isThreatHeading,
  saysMoreThanCategory,
} from "./vocabulary.ts";

/* Telling a heading that is one threat from one that holds a list of them. */

/** "T1.2: Tampering — injected packets" with its fields below: one threat that names its category, not a list of them. */
export function isOneThreat(section: Section): boolean {
  const labels = [
    ...entriesOf(section).flatMap(({ label }) => label ?? []),
    ...twoColumnLabels(section).map(([label]) => label),
  ];
  const named = labels.filter(isFieldLabel).length;
  const rest = splitId(section.title)?.rest;
  if (rest !== undefined && named >= 1 && wordsIn(rest) >= 4 && saysMoreThanCategory(rest)) return true;
  const rated = entriesOf(section).filter(({ label }) =>
    /^(description|likelihood|impact|probability|severity)$/i.test(label ?? ""),
  ).length;
  return (splitId(section.title) !== undefined && named >= 2) || (rated >= 2 && !/^\W*[STRIDE]\W/.test(section.title));
}

/**
 * Whether a heading is one threat: its body has the fields of a threat, or it stands in a list of threats and says
 * something that is neither a list of sections nor a note about the document.
 */
export function looksLikeThreat(section: Section, inThreats: boolean): boolean {
  const categories = entriesOf(section).filter(({ label }) => label !== undefined && categoryOf(label) !== undefined);
  if (categories.length >= 3 || answersByCategory(section) || threatsInTwoColumns(section).length > 0) return false;
  if (isCatalogueHeading(section.title) || announcedThreats(section).length > 0) return false;
  if (isCalledThreat(section.title) && !tabulatesThreats(section)) return isSubstantive(textOf(section), 8);
  if (isAnsweredList(section.title) && splitId(section.title) === undefined) return false;
  if (inThreats && namedAttacks(section).length > 0) return false;
  if (listsThreats(section) || (splitId(section.title) === undefined && tabulatesThreats(section))) return false;
  const labels = new Set(
    allEntries(section).flatMap(({ label }) =>
      label !== undefined && isFieldLabel(label) ? [label.toLowerCase()] : [],
    ),
  );
  const rows = twoColumnLabels(section);
  const fields =
    labels.size +
    rows.filter(([label]) => isFieldLabel(label)).length +
    (tabulatedAnswers(section) === undefined ? 0 : 1);
  // A heading that names an attacker tells who attacks, not what happens.
  if (
    /\b(attacker|adversary|insider|malicious (internal )?user)s?\b/i.test(section.title) &&
    splitId(section.title) === undefined &&
    fields < 2
  )
    return false;
  if (splitId(section.title) !== undefined && (inThreats || fields > 0)) return true;
  const hasMitigation =
    [...labels].some(isMitigationTitle) || section.children.some(({ title }) => isMitigationTitle(title));
  if (fields >= 2 || (fields >= 1 && inThreats) || (hasMitigation && inThreats))
    return section.children.every(({ title }) => isMitigationTitle(title) || !isThreatHeading(title));
  if (!inThreats || section.children.length > 0 || isGroup(section)) return false;
  return (
    section.level >= 3 && section.blocks.every(({ kind }) => kind === "entries") && isSubstantive(textOf(section), 8)
  );
}

/** Items that each name an attack before they tell it: "Freeze attack: go on sending an old bundle". */
export function namedAttacks(section: Section): RawThreat[] {
  const items = entriesOf(section).filter(({ isItem }) => isItem);
  const named = items.filter(({ label }) => label !== undefined && /\w \(?attacks?\)?$/i.test(label));
  if (named.length === 0 || named.length * 2 < items.length) return [];
  return items
    .filter(({ label, text }) => isSubstantive(`${label ?? ""} ${text}`, 3))
    .map((item) => {
      const mitigation = nestedMitigation(item);
      return { ...namedBy(item), stride: [], ...(mitigation === undefined ? {} : { mitigation }), line: item.line };
    });
}

/** "Threat: forged origin": a heading that says of itself that it is one. */
function isCalledThreat(title: string): boolean {
  return /^(?:threat|attack|abuse case)\s?:\s\S/i.test(title);
}

/** Items that are each named by a STRIDE category and have their answer under them: as many threats, however few. */
export function answersByCategory(section: Section): boolean {
  const items = entriesOf(section).filter(({ isItem }) => isItem);
  return (
    items.length > 0 &&
    items.every(
      (item) =>
        item.label !== undefined && categoryOf(item.label) !== undefined && nestedMitigation(item) !== undefined,
    )
  );
}

/** What a table under a numbered heading says is done, where it says nothing of what may happen: "Property | Mitigation". */
export function tabulatedAnswers(section: Section): string | undefined {
  if (splitId(section.title) === undefined) return undefined;
  for (const block of section.blocks) {
    if (block.kind !== "table" || block.header.length < 2) continue;
    const columns = columnsOf(block.header);
    const column = columns.indexOf("mitigation");
    if (column === -1 || columns.includes("threat") || columns.includes("stride")) continue;
    const told = block.rows.map(({ cells }) => cells[column] ?? "").filter((cell) => isSubstantive(cell));
    if (told.length > 0) return told.join("\n");
  }
  return undefined;
}

/** A table of several threats: the heading over it is none of them. */
function tabulatesThreats(section: Section): boolean {
  return section.blocks.some((block) => {
    if (block.kind !== "table" || block.header.length < 2) return false;
    const reading = readTable(block, section, []);
    return reading.kind === "threats" && reading.threats.length >= 2;
  });
}

/** Labels that only a threat carries: parts of a system have descriptions, controls and owners too. */
const ofThreatsAlone =
  /^(?:threats?|attack(?:s|er|ers)?(?: vectors?| path)?|(?:business )?impact|likelihood|probability|severity|(?:residual )?risk(?: level| rating| score)?|stride.*|consequences?|scenario|exploit.*|mitigations?)$/i;

/** Whether a heading under the parts of a system tells a threat all the same. */
export function tellsThreat(section: Section): boolean {
  const labels = [
    ...allEntries(section).flatMap(({ label }) => label ?? []),
    ...twoColumnLabels(section).map(([label]) => label),
  ];
  return labels.some((label) => ofThreatsAlone.test(label.trim()));
}

/** "Network attacks" over nothing but a list, or kinds with examples: kinds of attacks, not one of them. */
function isGroup(section: Section): boolean {
  const entries = entriesOf(section);
  return (
    /\b(attacks|threats|risks|scenarios|vectors|vulnerabilities)$/i.test(section.title) &&
    entries.length >= 3 &&
    entries.every(
      ({ isItem, entries: nested }) =>
        isItem && !nested.some(({ label }) => isFieldLabel(label ?? "") || isMitigationTitle(label ?? "")),
    )
  );
}

/** Several statements with the label "Threat", or a label over a list of them, inside a heading that names what they concern. */
export function listsThreats(section: Section): boolean {
  const entries = entriesOf(section);
  if (entries.filter(({ label, text }) => /^threat$/i.test(label ?? "") && text !== "").length >= 2) return true;
  if (entries.some(({ label, text }) => /^finding$/i.test(label ?? "") && isSubstantive(text, 2))) return true;
  if (entries.some((entry) => /^threats?$/i.test(entry.label ?? "") && namesOf(entry).length >= 2)) return true;
  if (ratedThreats(entries) >= 2 || answeredItems(entries, []).length >= 2) return true;
  return entries.some(
    ({ label, entries }) =>
      label !== undefined &&
      /^((potential|possible|identified|main|key) )?(threats?|risks|attacks|attack vectors|(defends?|guards?|protects) against)$/i.test(
        label,
      ) &&
      entries.filter(({ isItem }) => isItem).length >= 2,
  );
}
