import { isSubstantive } from "../../text/placeholders.ts";
import { columnsOf } from "./columns.ts";
import { entryText } from "./labelled-threats.ts";
import type { RawThreat } from "./raw-threat.ts";
import { allEntries, allSections, type Section } from "./sections.ts";
import { isMitigationTitle } from "./vocabulary.ts";

/** Headings whose statements answer threats, wherever the threats themselves are told. */
const answering =
  /\b(requirements?|recommendations?|controls?|mitigations?|countermeasures?|hardening|remediation|safeguards?|roadmap|treatment)\b/i;
const namesAnswered =
  /^(threats?|risks?)( ids?)? (mitigated|addressed|covered|countered)$|^(mitigates|addresses|covers|counters|threats?|threat ids?|related threats?)$/i;
const mostAnswers = 3;

/**
 * The threats with what answers them in another part of the document, whichever names the other by its number. A threat
 * that has its mitigation beside it keeps that.
 */
export function answeredElsewhere(top: Section, threats: readonly RawThreat[]): RawThreat[] {
  return namingControls(top, namedByAnswers(top, threats));
}

/**
 * Threats whose ids an answer names: a requirement, a table of controls with a column of ids. Only ids of the author's own
 * with a figure in them are looked for.
 */
function namedByAnswers(top: Section, threats: readonly RawThreat[]): readonly RawThreat[] {
  const wanted = new Map<string, string[]>();
  for (const { id, mitigation } of threats)
    if (id !== undefined && mitigation === undefined && /[A-Za-z].{0,20}\d/.test(id)) wanted.set(id.toUpperCase(), []);
  if (wanted.size === 0) return threats;
  const add = (where: string, answer: string): void => {
    if (!isSubstantive(answer)) return;
    for (const word of new Set(where.toUpperCase().match(/[A-Z][A-Z0-9]{0,15}(?:[-_.]?[A-Z0-9]{1,8}){0,4}/g) ?? [])) {
      const answers = wanted.get(word);
      if (answers !== undefined && answers.length < mostAnswers && !answers.includes(answer)) answers.push(answer);
    }
  };
  walk(top, false, add);
  return threats.map((threat) => {
    const answers = wanted.get(threat.id?.toUpperCase() ?? "") ?? [];
    return answers.length === 0 || threat.mitigation !== undefined
      ? threat
      : { ...threat, mitigation: answers.join(" ") };
  });
}

/** Threats that name their controls by number: "…; enforced by M-03", where a table lists the controls so numbered. */
function namingControls(top: Section, threats: readonly RawThreat[]): RawThreat[] {
  const controls = numberedControls(top);
  if (controls.size === 0) return [...threats];
  return threats.map((threat) => {
    if (threat.mitigation !== undefined) return threat;
    const words = `${threat.title} ${threat.description ?? ""}`.match(numberedWord) ?? [];
    const named = [...new Set(words)].flatMap((word) => controls.get(word.toUpperCase()) ?? []);
    return named.length === 0 ? threat : { ...threat, mitigation: named.slice(0, mostAnswers).join(" ") };
  });
}

const numberedWord = /\b[A-Z]{1,6}-?\d{1,3}\b/gi;

/** The controls that tables list by numbers of their own: a column of ids and one of what is done. */
function numberedControls(top: Section): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const block of allSections(top).flatMap(({ blocks }) => blocks)) {
    if (block.kind !== "table") continue;
    const columns = columnsOf(block.header);
    const [id, answer] = [columns.indexOf("id"), columns.indexOf("mitigation")];
    if (id === -1 || answer === -1 || columns.includes("threat")) continue;
    for (const { cells } of block.rows) {
      const number = (cells[id] ?? "").replace(/[*_`\s]/g, "");
      const told = cells[answer] ?? "";
      if (/^[A-Z]{1,6}-?\d{1,3}$/i.test(number) && isSubstantive(told)) found.set(number.toUpperCase(), told);
    }
  }
  return found;
}

function walk(section: Section, under: boolean, add: (where: string, answer: string) => void): void {
  const isAnswer = under || (section.level > 1 && (isMitigationTitle(section.title) || answering.test(section.title)));
  if (isAnswer) add(section.title, section.title);
  for (const block of section.blocks) if (block.kind === "table") answersInTable(block, isAnswer, add);
  if (isAnswer)
    for (const entry of allEntries(section)) {
      if (entry.label !== undefined && namesAnswered.test(entry.label)) add(entryText(entry), section.title);
      else add(entryText(entry), entryText(entry));
    }
  for (const child of section.children) walk(child, isAnswer, add);
}

function answersInTable(
  table: { readonly header: readonly string[]; readonly rows: readonly { readonly cells: readonly string[] }[] },
  under: boolean,
  add: (where: string, answer: string) => void,
): void {
  const columns = columnsOf(table.header);
  const named = columns.findIndex((kind) => kind === "threats-named" || kind === "id" || kind === "threat");
  const answer = columns.indexOf("mitigation");
  const isList = columns.includes("threats-named") || under;
  if (named === -1 || answer === -1 || !isList) return;
  for (const { cells } of table.rows) add(cells[named] ?? "", cells[answer] ?? "");
}
