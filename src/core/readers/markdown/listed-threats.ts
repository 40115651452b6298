import { isSubstantive } from "../../text/placeholders.ts";
import type { Entry } from "./entries.ts";
import { entryText, nestedMitigation } from "./labelled-threats.ts";
import type { RawThreat } from "./raw-threat.ts";
import { allSections, entriesOf, type Section } from "./sections.ts";
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
  const last = (said.split(/(?<=[.!?])\s+/).at(-1) ?? "").replace(/threat[- ]model(l?ing|s)?/gi, "");
  if (
    /\b(?:attackers?|adversar(?:y|ies)) (?:may|can|could|might|will|would)\b.{0,60}\bfollowing (?:actions?|attacks?|things)\s?:\s*$/i.test(
      last,
    )
  )
    return true;
  return (
    /:\s*$/.test(last) &&
    /\b(threats?|attacks?|risks)\b/i.test(last) &&
    /\b(include|includes|are|following|identified|considered|consider|such as|from)\b/i.test(last) &&
    !/\b(mitigat\w*|protect\w*|prevent\w*|defend\w*|against|out of scope|not (in|consider\w*|address\w*|part|protect\w*)|assum\w*|excluded|actors?|agents?)\b/i.test(
      last,
    )
  );
}

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
      title: entry.label ?? entry.text,
      ...(entry.label === undefined || entry.text === "" ? {} : { description: entry.text }),
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

/** A heading that says no more than "threats", and a list of sentences: each is one, with nothing said of it but itself. */
function listedThreats(section: Section): RawThreat[] {
  if (!isPlainThreatHeading(section.title) || section.children.length > 0) return [];
  const items = entriesOf(section).filter(({ isItem }) => isItem);
  const answers = entriesOf(section).some(
    ({ label }) => label !== undefined && (isMitigationTitle(label) || categoryOf(label) !== undefined),
  );
  return items.length < 2 || answers ? [] : items.flatMap(announcedThreat);
}
