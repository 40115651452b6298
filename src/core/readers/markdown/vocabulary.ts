import type { StrideLetter } from "../../domain/stride.ts";
import { strideByName } from "../words.ts";

/*
 * The words by which people name the parts of a threat model in headings and labels. Collected from how public models
 * are written; a word alone never makes a deliverable, what stands under it does.
 */

function words(text: string): number {
  return text.trim().split(/\s+/).length;
}

/** The one STRIDE category that a heading or label names: "Spoofing", "S — Spoofing", "Denial of Service (DoS)". */
export function categoryOf(title: string): StrideLetter | undefined {
  if (words(title) > 7 || /threat[- ]?\d|mitigation|\bfrom\b|\bvia\b|\bof (?!service|privilege|info)/i.test(title))
    return undefined;
  const letters = strideByName(title);
  return letters.length === 1 ? letters[0] : undefined;
}

/** Whether a short line is nothing but the name of a STRIDE category, as some write instead of a heading. */
export function isCategoryName(line: string): boolean {
  return (
    line.length <= 40 &&
    words(line) <= 4 &&
    !/[.;,]$/.test(line) &&
    categoryOf(line) !== undefined &&
    /^[\p{Lu}]/u.test(line)
  );
}

/** Headings and labels over what is done against threats. */
export function isMitigationTitle(title: string): boolean {
  return /mitigat|countermeasure|\bcontrols?\b|remediation|safeguard|how to prevent|defen[cs]es?\b|recommended (action|mitigation)|what (are|will|do) we (going to )?do about|suggested (fix|solution)|protection|security measures?|response|대응|contramedida|mitiga[cç]/i.test(
    title,
  );
}

/** Labels over one threat or a list of threats. */
export function isThreatLabel(label: string): boolean {
  return /^(?:(?:potential|possible|identified|main|key|example|concrete) )?(?:threats?|risks?|attacks?|threat scenarios?|attack scenarios?|scenarios?|abuse cases?|vulnerabilit(?:y|ies)|threat description|example attacks?)(?:[ #-]*[A-Za-z]{0,8}[-_.]?\d{1,4}(?:[-_.]\w{1,8})*)?$/i.test(
    label.trim(),
  );
}

/** Headings over a list of threats. */
export function isThreatHeading(title: string): boolean {
  if (
    /threat (actors?|agents?|intelligence|model(l?ing)? (notes|process|method|scope|team))|attackers?\b|adversar|attack surfaces?|capabilit|motivation|controls? summary/i.test(
      title,
    )
  )
    return false;
  return /\bthreats?\b|\battacks?\b|\babuse cases?|\bmisuse|what (can|could) go wrong|stride|vulnerabilit|failure (modes|cases)|risk (register|list|catalog|analysis)|amea[cç]as|위협/i.test(
    title,
  );
}

/** Headings under which nothing is a threat, whatever it looks like. */
export function isOtherHeading(title: string): boolean {
  return /^(table of contents|contents|toc|introduction|overview|background|references?|glossary|terminology|definitions?|abbreviations|appendix|conclusion|summary|changelog|change history|revision history|document (status|information|history)|status of this document|metadata|acknowledg|related (work|documents|projects.*)|see also|methodology|process|tools?|assumptions?.*|(non-?)?goals?|scope|out of scope|in scope|actors?|roles?.*|personas?|users?.*|(protected )?assets?.*|data (inventory|types|dictionary)|security links|additional (considerations|concerns|notes).*|threat (actors?|agents?).*|attackers?.*|adversar.*|entry ?points?|attack surfaces?.*|trust (boundaries|zones|levels).*|external dependencies|components?|architecture.*|system (overview|description|context)|data flows?.*|project .*|ecosystem|roadmap|case studies.*|communication channels|secure development practices|security issue (resolution|response).*|notes?)$/i.test(
    title.trim(),
  );
}

/** Kinds of headings that say something of the system. */
export function isDescriptionHeading(title: string): boolean {
  return /^(.*\b)?(overview|introduction|background|purpose|description|about|abstract|context|what (is|are|it is)\b.*|what (are we|we are) (working on|building)|system|product|application|service|summary|business|visão geral|introdução|descrição|개요|소개)\b/i.test(
    title,
  );
}

export function isUserHeading(title: string): boolean {
  return (
    /\b(actors?|roles?|personas?|users?|user categories|stakeholders?|target audience|callers?|participants?|external (entities|systems|actors)|atores|usu[aá]rios)\b/i.test(
      title,
    ) && !/threat actors?|attack|adversar|user stor/i.test(title)
  );
}

export function isAssetHeading(title: string): boolean {
  return /\bassets?\b|\bdata (inventory|types?|classification|dictionary|sensitivity|assets)\b|what we protect|crown jewels|\bativos\b/i.test(
    title,
  );
}

export function isScopeHeading(title: string): boolean {
  return /\bscope\b|\b(non-?)?goals\b|\bassumptions?\b|\bobjectives?\b|intended use|use cases?|limitations/i.test(
    title,
  );
}

export function isBoundaryHeading(title: string): boolean {
  return /trust (boundar|zone|domain|level)|\bboundaries\b|security zones|network zones/i.test(title);
}

export function isFlowHeading(title: string): boolean {
  return /data[- ]?flows?|\bdfd\b|\bflows?\b|fluxo de dados|asset flows|데이터 ?흐름/i.test(title);
}

export function isArchitectureHeading(title: string): boolean {
  return /architecture|diagram|design|components?|deployment|topology|overview|arquitetura/i.test(title);
}
