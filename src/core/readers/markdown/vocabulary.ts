import type { StrideLetter } from "../../domain/stride.ts";
import { strideByName } from "../words.ts";
import { speaksOf } from "./languages.ts";

/*
 * The words by which people name the parts of a threat model in headings and labels. Collected from how public models
 * are written; a word alone never makes a deliverable, what stands under it does.
 */

function words(text: string): number {
  return text.trim().split(/\s+/).length;
}

/** The one STRIDE category that a heading or label names: "Spoofing", "S — Spoofing", "Denial of Service (DoS)". */
export function categoryOf(title: string): StrideLetter | undefined {
  // What stands in brackets translates or abbreviates the name; signs before it only decorate.
  const bare = title.replace(/\([^()]{0,80}\)/g, " ").replace(/^[^\p{L}\p{N}]+/u, "");
  const name = strideByName(bare).length > 0 ? bare : title;
  if (
    words(name) > 7 ||
    isInstruction(name) ||
    /(?:threat|risk)[- ]?\d|mitigation|\bfrom\b|\bvia\b|\bof (?!service|privilege|info)/i.test(name)
  )
    return undefined;
  const letters = strideByName(name);
  return letters.length === 1 ? letters[0] : undefined;
}

/** "Enable MAC spoof filtering", "Avoid information disclosure": what to do, not what happens. */
export function isInstruction(title: string): boolean {
  return /^\W*(enable|disable|use|avoid|restrict|verify|ensure|prevent|protect|implement|require|configure|limit|block|detect|stop|reduce)\b/i.test(
    title,
  );
}

/** "Tampering with the audit log": a category and what happens, not the category's name alone. */
export function saysMoreThanCategory(title: string): boolean {
  return /\b(of|with|by|via|through|from|to|on|in|against|the|an?)\b(?! (service|privileges?|information)\b)/i.test(
    title,
  );
}

/** Whether a short line is nothing but the name of a STRIDE category, as some write instead of a heading. */
export function isCategoryName(line: string): boolean {
  return (
    line.length <= 40 &&
    words(line) <= 4 &&
    !/[.;,]$/.test(line) &&
    !/\b(?:in|on|against|by|through|to)\b/i.test(line) &&
    categoryOf(line) !== undefined &&
    /^[\p{Lu}]/u.test(line)
  );
}

/** Labels that stand inside one threat: what it is, how bad, what is done against it. */
export function isFieldLabel(label: string): boolean {
  if (words(label) > 4) return false;
  if (
    /^(attack(er|s)?( vectors?| path)?|impact|likelihood|probability|severity|(residual |overall |inherent )?risk( level| rating| score)?|category|categories|stride.*|status|mitigations?( status)?|(possible |suggested |recommended |proposed |current |existing )?(mitigations?|controls?)( strateg(y|ies))?|controls?|countermeasures?|description|threat|threat agents?|affected.*|consequences?|priority|cvss.*|weakness|(possible |potential )?outcomes?|recommendations?|preconditions?|vector|detection|scenario|how( it works)?|defen[cs]es?|safeguards?|protections?|fix(es)?|solution|prevention|justification)$/i.test(
      label,
    )
  )
    return true;
  return (["threat", "mitigation", "impact", "likelihood", "risk"] as const).some((concept) =>
    speaksOf(concept, label),
  );
}

/** A title without the fields that some tools put behind it: "Forged token [State: Mitigated] [Priority: High]". */
export function withoutTags(title: string): string {
  return title.replace(/\s*\[[A-Za-z ]{2,20}: [^\][]{1,60}\]/g, "").trim();
}

/** Headings and labels over what is done against threats. */
export function isMitigationTitle(stated: string): boolean {
  const title = withoutTags(stated);
  if (/^(fix|fixes|solution|prevention|how to (fix|prevent|mitigate))( it| this)?$/i.test(title.trim())) return true;
  if (/^(protection|control|defen[cs]e|measure|response)s? \d{1,2}$/i.test(title.trim())) return true;
  if (/control[- ]planes?\b/i.test(title) && !/mitigat/i.test(title)) return false;
  if (
    /mitigat|counter-?measure|remediation|safeguard|how to prevent|recommended action|what (are|will|do) we (going to )?do about|suggested (fix|solution)|security measures?|대응|contramedida|mitiga[cç]/i.test(
      title,
    )
  )
    return true;
  if (/^what (?!can|could|they|it|the attackers?|attackers?|an? )[\w. -]{2,30} (does|do)$/i.test(title.trim()))
    return true;
  if (
    /\b(?:broken|missing|weak|insufficient|improper|inadequate|lack of|bypass\w{0,3}|circumvent\w{0,3})\b/i.test(title)
  )
    return false;
  if (speaksOf("mitigation", title) && !/\bno\b|\bsin\b|\bohne\b/i.test(title)) return true;
  return words(title) <= 4 && /\bcontrols?\b|\bdefen[cs]es?\b|\bprotections?$|^responses?$/i.test(title);
}

/** Headings over threats together with what answers each: "Attack vectors and controls", "Threats & mitigations". */
export function isAnsweredList(title: string): boolean {
  return /^(?:[\w-]+ ){0,2}(threats?|attacks?|attack vectors?|abuse cases?|risks?) ?(,|&|\/|\band\b) ?[\w ]{0,30}(controls?|mitigations?|countermeasures?|defen[cs]es?|safeguards?)$/i.test(
    title.trim(),
  );
}

/** Labels over one threat or a list of threats. */
export function isThreatLabel(label: string): boolean {
  if (words(label) <= 3 && speaksOf("threat", label)) return true;
  return /^(?:(?:potential|possible|identified|main|key|example|concrete) )?(?:(?:defends?|defended|guards?|protects|protected) against|threats?|risks?|attacks?|threat scenarios?|attack scenarios?|scenarios?|abuse cases?|vulnerabilit(?:y|ies)|threat description|example attacks?|finding)(?:[ #-]*[A-Za-z]{0,8}[-_.]?\d{1,4}(?:[-_.]\w{1,8})*)?$/i.test(
    label.trim(),
  );
}

/** Headings over a list of threats. "Threat model" itself names a document, not a list. */
export function isThreatHeading(title: string): boolean {
  if (
    /threat (actors?|agents?|intelligence)|attackers?\b|adversar|(attack|threat) surfaces?|capabilit|motivation|controls? summary|vulnerabilit(y|ies) (response|disclosure|management|handling|report|process|scan)|(report(ing|ed)?|past|known|previous|historical|prior|disclos(e|ed|ing)|fixed) (a )?(security )?vulnerabilit|\bcve-?\d|responsible disclosure/i.test(
      title,
    )
  )
    return false;
  const rest = title.replace(/\bthreat[- ]?model(l?ing|s)?\b/gi, "");
  if (
    speaksOf("threat", rest) &&
    !/modell?ierung|modelado|modelo de|mod[eé]lisation|mod[eè]le de|modelagem/i.test(rest)
  )
    return true;
  return /\bthreats?\b|\battacks?\b|\babuse cases?|\bmisuse|what (can|could) go wrong|\bstride\b|vulnerabilit|failure (modes|cases)|risk (register|list|catalog|analysis)|amea[cç]as|위협/i.test(
    rest,
  );
}

/** A heading that names a list of threats and nothing else: "Threats", "Main threats", "Attack scenarios". */
export function isPlainThreatHeading(title: string): boolean {
  if (/\b(not|out of scope|excluded|non-?threats?|model|landscape|categor|actor|taxonomy|sources?)/i.test(title))
    return false;
  if (words(title) <= 3 && speaksOf("threat", title)) return true;
  return /^(?:list of )?(?:(?:the|main|key|top|major|primary|known|potential|possible|identified|security|specific|considered|in[- ]scope|example|common|notable|relevant|expected|likely|anticipated|high[- ]signal|current) )*(threats?|attacks?|attack (vectors?|scenarios?|techniques?)|threat (scenarios?|classes|list|catalog(ue)?|vectors?)|abuse cases?|misuse cases?|security (concerns|risks|issues)|concerns|risks|attacker goals)( (considered|identified|addressed|in scope|list|(and|&) (their )?coverage|we (consider|address|defend against)))?$/i.test(
    title.replace(/\s*\([^()]{0,40}\)\s*$/, "").trim(),
  );
}

/** The rating that a heading carries: "Spoofing — Severity: Critical", "[High] Open port", "Open port (Medium)". */
export function riskInTitle(title: string): string | undefined {
  const level = "(critical|high|medium|moderate|low)";
  return (
    new RegExp(`\\b(?:severity|risk|priority|rating)\\s*[:=\u2013-]\\s*${level}\\b`, "i").exec(title)?.[1] ??
    new RegExp(`^\\W{0,4}[[(]${level}[\\])]`, "i").exec(title)?.[1] ??
    new RegExp(`[[(]\\W{0,2}was ${level}\\b[^\\])]{0,30}[\\])]\\W{0,2}$`, "i").exec(title)?.[1] ??
    new RegExp(`[[(]${level}(?: risk| severity| priority)?[\\])]\\W{0,2}$`, "i").exec(title)?.[1]
  );
}

/** Headings that speak of threats at all, the words "threat model" included. */
export function mentionsThreats(title: string): boolean {
  return isThreatHeading(title) || /threat[- ]?(model|analysis|assessment)/i.test(title);
}

/** "User enumeration", "Role confusion": what happens to the users, not who they are. */
const namesHarm =
  /\b(?:enumeration|escalation|impersonation|spoofing|tampering|manipulation|confusion|compromise|takeover|exfiltration|leak(?:s|age)?|theft|abuse|misuse|hijack(?:ing)?|poisoning|injection|bypass|forgery|disclosure)$/i;

/** Headings under which nothing is a threat, whatever it looks like. */
export function isOtherHeading(title: string): boolean {
  if (namesHarm.test(title.trim())) return false;
  if (
    words(title) <= 5 &&
    (["other", "scope", "overview", "user", "asset", "boundary", "flow", "architecture"] as const).some((concept) =>
      speaksOf(concept, title),
    ) &&
    !speaksOf("threat", title)
  )
    return true;
  return /^(table of contents|contents|toc|introduction|overview|background|references?|glossary|terminology|definitions?|abbreviations|appendix|conclusion|summary|changelog|change history|revision history|document (status|information|history)|status of this document|metadata|acknowledg|related (work|documents|projects.*)|see also|what .{1,40} means?\b.{0,20}|methodology|process|tools?|assumptions?.*|(non-?)?goals?|scope|out of scope|in scope|actors?|roles?.*|personas?|users?.*|(protected )?assets?.*|data (inventory|types|dictionary)|security links|additional (considerations|concerns|notes).*|threat (actors?|agents?|types?|categories|(risk )?ratings?).*|attackers?.*|adversar.*|entry ?points?|attack surfaces?.*|trust (boundaries|zones|levels).*|external dependencies|components?|architecture.*|system (overview|description|context)|data flows?.*|project .*|ecosystem|roadmap|case studies.*|communication channels|secure development practices|security issue (resolution|response).*|notes?|(accepted |remaining )?residual risks?|follow-?ups?( (issues|items|actions|work))?|(document )?(maintenance|review (history|schedule|triggers)))$/i.test(
    title.trim(),
  );
}

/** Headings over tests: what is listed there by category or number examines the product. */
export function isTestHeading(title: string): boolean {
  return /\btest (?:cases?|plans?|matrix|scenarios?|procedures?|requirements?|checklists?)\b|^(?:security )?test(?:s|ing)\b/i.test(
    title,
  );
}

/**
 * Headings over what repeats or explains the threats without listing them: a mapping onto somebody's catalogue, how risk
 * is scored, a story of one attack.
 */
export function isCatalogueHeading(title: string): boolean {
  return /\b(compliance|regulatory|framework|standards?) mapping|\bmapping (to|onto|of)\b|^(owasp|cis|nist|iso|mitre|pci|soc ?2|gdpr|hipaa)\b(?!.*\b(threats?|risks?|attacks?)\b)|\bwalk-?throughs?\b|case stud(y|ies)|\b(threat|attack) chains?\b|\b(attack|threat) examples?\W{0,2}$|\b(risk|severity|likelihood|impact|threat)? ?(scoring|scaling|scale|(?<!\b(?:exit|entry|success|acceptance) )criteria|rating (scale|method\w*|criteria)|legend|definitions?)$/i.test(
    title,
  );
}

/** Headings over threats that the document leaves to others: "Out-of-scope threats", "What is not a vulnerability". */
export function isExcludedHeading(title: string): boolean {
  return /\bout[- ]of[- ]scope\b|\bnot in scope\b|\bnon-?(issues|threats|defen[cs]es)\b|\b(not|never) (a |an |considered )?(vulnerabilit|threat|in scope|covered|modell?ed)|\bexcluded (threats|risks|attacks)\b|\bdismissed\b|\bfalse positives?\b|\b(past|previous|historical|prior) (security )?(vulnerabilit|issues|advisories|cves)|^follow-?ups?\b|^(?:security )?incident (?:response|handling|management)\b/i.test(
    title,
  );
}

/** Headings over who attacks: what stands under them is nobody's threat, however it is numbered. */
export function isActorHeading(title: string): boolean {
  const isForeign =
    /\b(?:angreifer|bedrohungsakteure?|t[aä]ter|atacantes?|agresores|attaquants?|acteurs? (?:malveillants?|de (?:la )?menaces?)|attaccanti|aanvallers?)/i;
  if (words(title) <= 4 && isForeign.test(title)) return true;
  return /^(?:(?:potential|relevant|considered|assumed) )?(?:(?:threat|malicious) (?:actors?|agents?|sources?)|attackers?|adversar(?:y|ies))(?: (?:profiles?|models?|classes|types|tiers|capabilities|personas?))?$/i.test(
    title.trim(),
  );
}

/** Headings over what the system is and does. */
export function isDescriptionHeading(title: string): boolean {
  if (words(title) <= 5 && speaksOf("overview", title)) return true;
  return /^(\S+ ){0,3}(overview|introduction|background|purpose|description|abstract|executive summary|context|visão geral|introdução|descrição|개요|소개)$|^about\b|^(what (is|are|it is)\b.*|what [\w-]{2,30} is$|security (philosophy|model|claim|posture|approach)\b.*|what (are we|we are) (working on|building)\??)|^(the )?(system|product|application|service|project)( (overview|description|context|summary|purpose|design|under \w+))?$|^(overview|introduction|background|purpose|context)\b|^(the )?(system|application|product|service|project) (&|and |overview|architecture)/i.test(
    title,
  );
}

/** Headings over the people and systems that use it. */
export function isUserHeading(title: string): boolean {
  if (words(title) > 5 || /threat|attack|adversar|user stor|affected|malicious|internal user|restricted/i.test(title))
    return false;
  if (speaksOf("user", title)) return true;
  return /\b(actors?|roles?|personas?|users?|user categories|stakeholders?|target audience|callers?|participants?|external (entities|systems|actors)|atores|usu[aá]rios)\b/i.test(
    title,
  );
}

export function isAssetHeading(title: string): boolean {
  if (/^(threat|risk|attack)\b|\b(exposure|leak\w{0,4}|disclosure|theft|loss|exfiltration) of\b/i.test(title))
    return false;
  if (speaksOf("asset", title)) return true;
  return /\bassets?\b|\bsensitive data\b|\bdata (inventory|types?|classification|dictionary|sensitivity|assets)\b|what we protect|crown jewels|\bativos\b/i.test(
    title,
  );
}

export function isScopeHeading(title: string): boolean {
  if (speaksOf("scope", title)) return true;
  return /\bscope\b|\b(non-?)?goals\b|\bassumptions?\b|\bobjectives?\b|intended use|\buse cases?|limitations/i.test(
    title,
  );
}

export function isBoundaryHeading(title: string): boolean {
  if (speaksOf("boundary", title)) return true;
  return /trust (boundar|zone|domain|level)|trust(ed)? comput(ing|e) base|\bboundaries\b|security zones|network zones/i.test(
    title,
  );
}

export function isFlowHeading(title: string): boolean {
  if (/\b(attack|kill|user|work) ?flows?\b/i.test(title)) return false;
  if (speaksOf("flow", title)) return true;
  return /data[- ]?flows?|\bdfd\b|\bflows?\b|fluxo de dados|asset flows|데이터 ?흐름/i.test(title);
}

export function isArchitectureHeading(title: string): boolean {
  if (speaksOf("architecture", title)) return true;
  return /architecture|diagram|design|components?|deployment|topology|overview|arquitetura/i.test(title);
}

/** Headings over the parts of a system: what stands below them with an id is a part, not a threat. */
export function isPartsHeading(title: string): boolean {
  return (
    words(title) <= 5 &&
    !isThreatHeading(title) &&
    (isBoundaryHeading(title) ||
      isAssetHeading(title) ||
      isFlowHeading(title) ||
      /^(?:\S+ )?(?:components?|entry ?points?|interfaces?|external (?:entities|dependencies)|data stores?)$/i.test(
        title.trim(),
      ))
  );
}
