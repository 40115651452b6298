import { isSubstantive, wordsIn } from "../../text/placeholders.ts";
import { entriesOf, type Section } from "./sections.ts";
import { twoColumnLabels } from "./two-column-threats.ts";
import { isAnsweredList, isInstruction, isMitigationTitle, riskInTitle } from "./vocabulary.ts";

/* Telling by what stands side by side under one heading that each of it is a threat. */

/** A catalogue most of whose entries are told as they concern this system; one that is checked off entry by entry is not. */
export function tellsItsOwn({ children }: Section): boolean {
  return children.filter(answersARisk).length * 2 > children.length;
}

/** Whether a heading tells under labels both the risk and its answer: a threat, whatever it is called. */
export function answersARisk(section: Section): boolean {
  const labels = [
    ...entriesOf(section).flatMap(({ label }) => label ?? []),
    ...twoColumnLabels(section).map(([label]) => label),
  ];
  return labels.some((label) => /^(?:threat|risk|attack)$/i.test(label)) && labels.some(isMitigationTitle);
}

/** Two headings or more side by side that each carry a rating: "Open redirect (Medium)", "No lockout (was High, fixed)". */
export function listsRated(section: Section): boolean {
  return section.children.filter(isRatedStatement).length >= 2;
}

/**
 * Three headings or more side by side, most of all, that each have "Mitigations:" under them: the parts of a document
 * that is nothing but threats. Parts of a system list their threats too, and are not meant.
 */
export function listsAnswered({ children }: Section): boolean {
  const answered = children.filter(isAnswered).length;
  return answered >= 3 && answered * 2 > children.length;
}

export function isAnswered(section: Section): boolean {
  if (section.children.some(({ title }) => isMitigationTitle(title) && !isAnsweredList(title))) return true;
  const entries = entriesOf(section);
  if (entries.some(({ label }) => /^(?:threats?|risks?|attacks?)$/i.test(label ?? ""))) return false;
  return entries.some(
    ({ label, text, entries: nested }) =>
      label !== undefined &&
      isMitigationTitle(label) &&
      !/^controls?$/i.test(label) &&
      (isSubstantive(text) || nested.length > 0),
  );
}

export function isRatedStatement({ title, blocks }: Section): boolean {
  return riskInTitle(title) !== undefined && wordsIn(title) >= 4 && !isInstruction(title) && blocks.length > 0;
}
