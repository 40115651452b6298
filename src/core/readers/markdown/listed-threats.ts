import { isSubstantive } from "../../text/placeholders.ts";
import type { Entry } from "./entries.ts";
import { entryText, named, nestedMitigation } from "./labelled-threats.ts";
import { type RawThreat, splitId } from "./raw-threat.ts";
import { allEntries, allSections, entriesOf, type Section, textOf } from "./sections.ts";
import { categoryOf, isFieldLabel, isMitigationTitle, isOtherHeading, isPlainThreatHeading } from "./vocabulary.ts";

/** "The threats at this level include:" and a list, in a section of any name. */
export function announcedThreats(section: Section): RawThreat[] {
  const found: RawThreat[] = [];
  let announced = false;
  for (const entry of entriesOf(section)) {
    if (!entry.isItem) {
      const said = entry.label !== undefined && entry.text === "" ? `${entry.label}:` : entry.text;
      announced = announcesThreats(said);
      if (announced) found.push(...entry.entries.flatMap(announcedThreat));
    } else if (announced) found.push(...announcedThreat(entry));
  }
  return found.length >= 2 ? found : [];
}

function announcesThreats(said: string): boolean {
  const stated = said.split(/(?<=[.!?])\s+/).at(-1) ?? "";
  if (partsOfModel.test(stated)) return true;
  const last = stated.replace(/threat[- ]model(l?ing|s)?/gi, "");
  if (attackersMay.test(last)) return true;
  return (
    /:\s*$/.test(last) && /\b(threats?|attacks?|risks)\b/i.test(last) && announces.test(last) && !ofOthers.test(last)
  );
}

/** "An attacker may perform one or more of the following actions:" */
const attackersMay =
  /\b(?:attackers?|adversar(?:y|ies)) (?:may|can|could|might|will|would)\b.{0,60}\bfollowing (?:actions?|attacks?|things)\s?:\s*$/i;
/** "The following are the parts of the ferry's threat model:" */
const partsOfModel = /\bfollowing (?:are|is)\b(?! not\b).{1,60}\bthreat[- ]model\s?:\s*$/i;
const announces = /\b(include|includes|are|following|identified|considered|consider|such as|from)\b/i;
/** Sentences about defences, assumptions, attackers or what is left out announce lists of those. */
const ofOthers =
  /\b(mitigat\w*|protect\w*|prevent\w*|defend\w*|against|out of scope|not (in|consider\w*|address\w*|part|protect\w*)|assum\w*|excluded|actors?|agents?)\b/i;

/** "Malformed payload: covered by decode checks": what follows the colon is the answer. */
const saysWhatAnswers =
  /^\W{0,3}(?:is |are )?(?:covered|mitigated|addressed|handled|prevented|blocked|stopped|defended|caught|limited) (?:by|with|through)\b/i;

function announcedThreat(entry: Entry): RawThreat[] {
  if (entry.label !== undefined && (isMitigationTitle(entry.label) || isFieldLabel(entry.label))) return [];
  if (!isSubstantive(entryText(entry), 2)) return [];
  const answered = entry.label !== undefined && saysWhatAnswers.test(entry.text);
  const mitigation = nestedMitigation(entry) ?? (answered ? entry.text : undefined);
  return [
    {
      ...(mitigation === undefined ? {} : { mitigation }),
      ...named(entry),
      stride: [],
      line: entry.line,
    },
  ];
}

/**
 * The last resort where nothing else is a threat: a list that a sentence announces, or a heading
 * that says no more than "threats". Beside threats that
 * are told with more than a line, such a list sums up.
 */
export function threatsInPlainLists(top: Section): RawThreat[] {
  return allSections(top).flatMap((section) => {
    const announced = section.level > 0 && !isOtherHeading(section.title) ? announcedThreats(section) : [];
    return announced.length > 0 || section.level <= 1 ? announced : listedThreats(section);
  });
}

/** Lists of a document under headings of one name: as many make it the document's way to list its threats. */
const fewestLists = 3;
/** A list with more categories among its names sorts its items by STRIDE, and is read as such. */
const mostCategories = 2;

/**
 * The lists under headings such as "Attack vectors" that a document repeats from part to part, whatever else it tells as
 * threats; each is answered by the heading "Mitigations" after it.
 */
export function threatsInRepeatedLists(top: Section): RawThreat[] {
  const byTitle = new Map<string, RawThreat[][]>();
  for (const { children } of allSections(top))
    for (const [index, section] of children.entries()) {
      const listed = listedThreats(section, mostCategories);
      if (listed.length === 0) continue;
      const next = children[index + 1];
      const answer = next !== undefined && isMitigationTitle(next.title) ? textOf(next, true) : "";
      const threats = answer === "" ? listed : listed.map((threat) => ({ mitigation: answer, ...threat }));
      const lists = byTitle.get(section.title.toLowerCase());
      if (lists === undefined) byTitle.set(section.title.toLowerCase(), [threats]);
      else lists.push(threats);
    }
  return [...byTitle.values()].filter((lists) => lists.length >= fewestLists).flat(2);
}

/** A heading that says no more than "threats", and a list of sentences: each is one, with nothing said of it but itself. */
function listedThreats(section: Section, mayNameCategories = 0): RawThreat[] {
  if (!isPlainThreatHeading(section.title) || section.children.length > 0) return [];
  const items = entriesOf(section).filter(({ isItem }) => isItem);
  const labels = entriesOf(section).flatMap(({ label }) => label ?? []);
  const categories = new Set(labels.flatMap((label) => categoryOf(label) ?? []));
  const isPlain = !labels.some(isMitigationTitle) && categories.size <= mayNameCategories;
  return items.length >= 2 && isPlain ? items.flatMap(announcedThreat) : [];
}

/** What is said of an attack or an attacker once it is judged: "Mitigated.", "Not protected by …", "Out of scope". */
const judgement =
  /\b(?:mitigated|protect(?:ed|s) against|protected|prevented|defended|eliminated|detected|detectable|out of scope|in scope)\b/i;
const judgedWell =
  /^\W*(?:fully |mostly |partially |partly )?(?:mitigated|protected|prevented|defended|eliminated|detected)\b/i;

/**
 * In a document without other threats, the attackers or attacks that it goes through one by one, saying of most what is
 * done against them under a heading of its own.
 */
export function answeredAttackers(top: Section): RawThreat[] {
  for (const section of allSections(top)) {
    if (section.level < 2 || !goesThroughAttackers(section.title)) continue;
    const told = section.children.map(attackerOfHeading);
    const judged = told.filter(
      ({ description, mitigation }) => mitigation !== undefined || judgement.test(description ?? ""),
    );
    if (told.length >= 3 && judged.length * 3 >= told.length * 2) return told;
  }
  return [];
}

/** "Mitigation: both ends authenticate": what is done against the attacker whose heading it stands under. */
function isAnswerToIt(entry: Entry): boolean {
  return entry.label !== undefined && isMitigationTitle(entry.label) && isSubstantive(entryText(entry), 3);
}

function goesThroughAttackers(title: string): boolean {
  return /\b(?:attackers?|adversar(?:y|ies))\b/i.test(title) && title.trim().split(/\s+/).length <= 5;
}

function attackerOfHeading(section: Section): RawThreat {
  const answer = allEntries(section).find((entry) => judgedWell.test(entry.label ?? entry.text) || isAnswerToIt(entry));
  return {
    title: splitId(section.title)?.rest ?? section.title,
    description: textOf(section, true),
    stride: [],
    ...(answer === undefined ? {} : { mitigation: entryText(answer) }),
    line: section.line,
  };
}
