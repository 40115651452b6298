import { type StrideLetter, strideLetters } from "../../domain/stride.ts";
import { isSubstantive } from "../../text/placeholders.ts";
import { strideByName } from "../words.ts";
import { isInstruction } from "./vocabulary.ts";

/** A threat as the document states it, before its words are mapped onto ours. */
export interface RawThreat {
  readonly id?: string;
  readonly title: string;
  readonly description?: string;
  readonly stride: readonly StrideLetter[];
  readonly element?: string;
  readonly impact?: string;
  readonly likelihood?: string;
  readonly risk?: string;
  /** The risk that is left after what was done: the rating where no other is stated. */
  readonly residual?: string;
  readonly status?: string;
  readonly mitigation?: string;
  readonly test?: string;
  readonly testResult?: string;
  readonly ticket?: string;
  readonly line: number;
}

const idPattern =
  /^((?:(?:threat|risk|attack|finding|abuse case|scenario)(?: (?:id|no|number)\b\.?)?|stride|[A-Za-z]{1,12})?[ #_.-]{0,2}(?:[A-Z]{1,12}[-_]){0,3}[A-Z]{0,3}\d{1,4}(?:[-_.][A-Za-z0-9]{1,8}){0,3})\s*(?:[:.)–—-]|\s[-–—]\s|\s\|\s)\s*(.*)$/is;

/** "Threat ID: CORE-001", "Threat RUN-3": a heading that is nothing but the number of the threat below it. */
const onlyId = /^\W{0,4}threat (?:id|number|no\.?)?[:\s#]{0,4}([A-Z]{0,12}[-_.]?(?:[A-Z]{1,8}[-_.])?\d{1,4})\W{0,4}$/i;

/** Splits "Threat-01-S - Spoofing of …" or "T3: …" into the author's id and the rest; undefined where there is no id. */
export function splitId(text: string): { readonly id: string; readonly rest: string } | undefined {
  const bare = onlyId.exec(text.slice(0, 60))?.[1];
  if (bare !== undefined && /[A-Z]/i.test(bare)) return { id: bare, rest: "" };
  const match = idPattern.exec(text.slice(0, 300));
  const id = match?.[1]
    ?.trim()
    .replace(/^(threat|risk|attack|finding|abuse case|scenario) (?:id|no|number)\b\.?/i, "$1")
    .replace(/^(?:threat|risk|attack|finding|abuse case|scenario)\s+(?=\S*[A-Za-z])/i, "");
  if (
    match === null ||
    id === undefined ||
    id === "" ||
    /^\d+$/.test(id) ||
    /^(?!threat|risk|attack|finding|stride|abuse|scenario)[A-Za-z]+ /i.test(id) ||
    /^(20\d\d|CVE|RFC|CWE|ISO)/i.test(id)
  )
    return undefined;
  return { id: id.replace(/\s+/g, "-"), rest: text.slice(match[0].length - (match[2]?.length ?? 0)).trim() };
}

/** Whether a cell holds nothing but an author's number for a threat: "T-B4", "S1", "AUTH-003". */
export function isBareId(text: string): boolean {
  return /^[*_`\s]{0,4}[A-Z]{1,8}[-_.]?(?:[A-Z]{1,6}[-_.]?)?\d{1,4}[*_`\s]{0,4}$/.test(text);
}

/** "Not mitigated", "None currently": a field on mitigations that says there is none. */
export function deniesMitigation(text: string): boolean {
  return /^\W*(not mitigated|unmitigated|none\b|no mitigation|cannot be mitigated|can not be mitigated|not implemented)/i.test(
    text,
  );
}

/** The one category whose name begins a title: "Tampering with the audit log", "Denial of service by a flood". */
export function leadingCategory(title: string): StrideLetter[] {
  const lead = title.trim().split(/\s+/).slice(0, 3).join(" ");
  const letters = isInstruction(lead) ? [] : strideByName(lead);
  return letters.length === 1 ? letters : [];
}

/**
 * Threats numbered by the initials of STRIDE ("S1", "T-2", "E3"): most ids are such, four of the letters occur, and no
 * category that is stated says otherwise. Each threat without a category then has the one of its id.
 */
export function withLettersOfIds(threats: readonly RawThreat[]): RawThreat[] {
  const letterOf = ({ id }: RawThreat): StrideLetter | undefined =>
    strideLetters.find((letter) => letter === /^[*_`\s]*([STRIDE])-?\d{1,2}[*_`\s]*$/.exec(id ?? "")?.[1]);
  const numbered = threats.filter((threat) => letterOf(threat) !== undefined);
  const letters = new Set(numbered.map(letterOf));
  const contradicts = numbered.some((threat) => {
    const letter = letterOf(threat);
    return threat.stride.length > 0 && letter !== undefined && !threat.stride.includes(letter);
  });
  if (numbered.length * 2 <= threats.length || letters.size < 4 || contradicts) return [...threats];
  return threats.map((threat) => {
    const letter = letterOf(threat);
    return threat.stride.length > 0 || letter === undefined ? threat : { ...threat, stride: [letter] };
  });
}

/** "A clerk prints spare tickets. Mitigation: prints are numbered." */
const answerInside = /^([\s\S]*?[.;!?)])\s+(?:mitigations?|countermeasures?|controls?|safeguards?)\s?:\s+(\S[\s\S]*)$/i;

/** "Spare tickets are printed → prints are numbered": one arrow, which leads to the answer. */
const answerAfterArrow = /^([^\u2192\u21d2]{4,300})\s(?:\u2192|\u21d2)\s([^\u2192\u21d2]{4,4000})$/;

/**
 * The threats that a list "Threats and mitigations" tells with an arrow to what is done, most of those on its lines;
 * elsewhere an arrow leads from one step of an attack to the next.
 */
export function withAnswersAfterArrows(threats: readonly RawThreat[], lines: ReadonlySet<number>): RawThreat[] {
  const listed = threats.filter(({ line, mitigation }) => mitigation === undefined && lines.has(line));
  const split = new Map(
    listed.flatMap((threat) => {
      const [, title, mitigation] = answerAfterArrow.exec(threat.title) ?? [];
      return title === undefined || mitigation === undefined ? [] : [[threat, { title, mitigation }] as const];
    }),
  );
  if (split.size < 3 || split.size * 3 < listed.length * 2) return [...threats];
  return threats.map((threat) => ({ ...threat, ...split.get(threat) }));
}

/** A threat that says in one paragraph what may happen and, after a word such as "Mitigation:", what is done. */
export function withAnswerInside(threat: RawThreat): RawThreat {
  const [, said, mitigation] =
    threat.mitigation === undefined ? (answerInside.exec(threat.description ?? "") ?? []) : [];
  if (said === undefined || mitigation === undefined || !isSubstantive(mitigation)) return threat;
  return { ...threat, description: said, mitigation };
}

/** The category letter that ends an id such as `Threat-01-S` or starts one such as `STRIDE-SPOOF-1`. */
export function strideOfId(id: string): StrideLetter[] {
  const last = /^threat-\d{1,3}-([STRIDE])$/i.exec(id)?.[1]?.toUpperCase();
  return last === undefined ? [] : [last as StrideLetter];
}
