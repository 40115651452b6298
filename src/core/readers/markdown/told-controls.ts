import { allEntries, allSections, type Section } from "./sections.ts";
import { isExcludedHeading } from "./vocabulary.ts";

/** Verbs of doing something against an attack, in the forms that say it is done. */
const acts =
  /\b(?:mitigat(?:e[sd]?|ing|ions?)|prevent(?:s|ed|ing)?|protect(?:s|ed|ing)?|defends?|defended|defending|guards? against|enforc(?:es?|ed|ing)|rejects?|restricts?|sanitiz(?:es?|ed|ing)|validates|verifies|authenticates|isolates|rate[- ]limit(?:s|ed|ing)?|harden(?:s|ed|ing)|sandbox(?:es|ed|ing)?|never (?:stored?|logged?|leaves?|sent)|(?:is|are|be|been) (?:always |first |then |never )?(?:encrypted|signed|hashed|isolated|authenticated|validated|verified|rejected|restricted|limited|checked|blocked|stripped|redacted))\b/i;
/** What is asked, supposed or denied is not done. */
const onlyConsidered =
  /\?\s*$|\b(?:cannot|can ?not|can't|does not|doesn't|do not|don't|did not|is not|isn't|are not|aren't|not be|unable to|fails? to|without|attackers?|adversar(?:y|ies)|malicious|out of scope)\b/i;
/** "Mitigations for these threats include …": one such sentence says it of itself. */
const names =
  /^\W{0,4}(?:the |our |current |main )?(?:mitigations?|countermeasures?|defen[cs]es?) (?:for|against|include|are|is|consist)\b/i;
const fewest = 6;

/**
 * The line of the first of several statements of a document that say what is done against attacks, though no heading,
 * label or column says so; undefined where there are fewer than six, which may be chance.
 */
export function controlsToldIn(top: Section): number | undefined {
  let first: number | undefined;
  let told = 0;
  for (const section of allSections(top)) {
    if (isExcludedHeading(section.title)) continue;
    for (const { label, text, line } of allEntries(section)) {
      for (const sentence of `${label ?? ""} ${text}`.split(/(?<=[.!?;])\s+/)) {
        if (names.test(sentence)) return line;
        if (!acts.test(sentence) || onlyConsidered.test(sentence)) continue;
        told++;
        first ??= line;
      }
    }
  }
  return told >= fewest ? first : undefined;
}
