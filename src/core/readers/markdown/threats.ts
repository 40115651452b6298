import { type Rating, type RiskLevel, riskOf } from "../../domain/risk.ts";
import { shortDigest } from "../../domain/threat-id.ts";
import type { ModelControl, ModelPassage, ModelThreat, ModelValidation } from "../../domain/threat-model.ts";
import { isPlaceholder, isSubstantive, wordsIn } from "../../text/placeholders.ts";
import { known } from "../known.ts";
import { ratingOf, riskLevelOf, statusOf } from "../words.ts";
import type { RawThreat } from "./raw-threat.ts";
import { allSections, type Section } from "./sections.ts";
import { threatsInSections } from "./threat-sections.ts";
import { readTable } from "./threat-tables.ts";
import { categoryOf } from "./vocabulary.ts";

/** The threats of a document with what is tied to them. */
export interface ThreatsFound {
  readonly threats: readonly ModelThreat[];
  readonly controls: readonly ModelControl[];
  readonly validations: readonly ModelValidation[];
  readonly passages: readonly ModelPassage[];
  /** True when threats are there in a form that cannot be counted, such as a matrix. */
  readonly uncountable: boolean;
}

/** Reads threats from headings, labels, lists and tables; the same threat told twice is one. */
export function threatsIn(top: Section, path: string): ThreatsFound {
  const raw: RawThreat[] = [...threatsInSections(top)];
  const registers: RawThreat[] = [];
  const passages: ModelPassage[] = [];
  let matrix: number | undefined;
  const walk = (section: Section, stride: readonly RawThreat["stride"][number][]): void => {
    const category = categoryOf(section.title);
    const here = category === undefined ? stride : [category];
    for (const block of section.blocks) {
      if (block.kind !== "table") continue;
      const reading = readTable(block, section, here);
      if (reading.kind === "threats") raw.push(...reading.threats);
      else if (reading.kind === "register") registers.push(...reading.threats);
      else if (reading.kind === "matrix") matrix ??= block.line;
    }
    for (const child of section.children) walk(child, here);
  };
  walk(top, []);
  if (raw.length === 0) raw.push(...registers);
  else if (isRatedRegister(registers))
    passages.push({
      deliverable: "risk",
      strength: "full",
      what: "a register of rated risks",
      place: { path, line: registers[0]?.line ?? 1 },
    });
  if (matrix !== undefined)
    passages.push({
      deliverable: "stride",
      strength: "full",
      what: "a matrix of STRIDE categories and components",
      place: { path, line: matrix },
    });
  const merged = mergeSame(raw);
  const tests = merged.some(({ test }) => isSubstantive(test));
  const threats = merged.map((threat) => modelThreat(threat, path, tests));
  const tickets = merged.filter(({ ticket }) => ticket !== undefined && !isPlaceholder(ticket));
  if (tickets.length > 0)
    passages.push({
      deliverable: "stories",
      strength: "part",
      what: "work items named beside threats",
      place: { path, line: tickets[0]?.line ?? 1 },
    });
  return {
    threats,
    ...(tests ? testedControls(merged, threats, path) : { controls: [], validations: [] }),
    passages,
    uncountable: matrix !== undefined && threats.length === 0 && allSections(top).length > 0,
  };
}

function isRatedRegister(rows: readonly RawThreat[]): boolean {
  const rated = rows.filter(
    ({ impact, likelihood, risk }) =>
      riskLevelOf(`${risk ?? ""}`) !== undefined ||
      (ratingOf(impact ?? "") !== undefined && ratingOf(likelihood ?? "") !== undefined),
  );
  return rows.length >= 2 && rated.length * 2 > rows.length;
}

function normalised(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}

/** Two forms of one list (headings and a summary table) are joined by title; rows of one table never are. */
function mergeSame(raw: readonly RawThreat[]): RawThreat[] {
  const merged: RawThreat[] = [];
  const byTitle = new Map<string, number>();
  for (const threat of raw) {
    const key = normalised(threat.title);
    const index = byTitle.get(key);
    const same = index === undefined ? undefined : merged[index];
    if (same !== undefined && index !== undefined && Math.abs(same.line - threat.line) > 1 && agree(same, threat))
      merged[index] = { ...threat, ...same };
    else {
      if (!byTitle.has(key)) byTitle.set(key, merged.length);
      merged.push(threat);
    }
  }
  return merged;
}

/** No field that both state differs, so they are one threat told in two places. */
function agree(one: RawThreat, other: RawThreat): boolean {
  if (one.id !== undefined && other.id !== undefined && one.id !== other.id) return false;
  if (one.element !== undefined && other.element !== undefined && one.element !== other.element) return false;
  if (one.stride.length > 0 && other.stride.length > 0 && one.stride.join("") !== other.stride.join("")) return false;
  return (
    one.description === undefined ||
    other.description === undefined ||
    normalised(one.description) === normalised(other.description)
  );
}

function modelThreat(raw: RawThreat, path: string, withControls: boolean): ModelThreat {
  const impact = raw.impact === undefined || wordsIn(raw.impact) > 4 ? undefined : ratingOf(raw.impact);
  const likelihood = raw.likelihood === undefined || wordsIn(raw.likelihood) > 4 ? undefined : ratingOf(raw.likelihood);
  const stated = raw.risk !== undefined && wordsIn(raw.risk) <= 6 && !isPlaceholder(raw.risk) ? raw.risk : undefined;
  const answer = answerOf(raw);
  return known({
    id: idOf(raw),
    title: raw.title.slice(0, 500),
    description: raw.description,
    element: raw.element,
    stride: [...raw.stride],
    impact,
    likelihood,
    risk: riskFrom(stated, impact, likelihood),
    riskStated: stated,
    status: answer.status,
    statusStated: answer.stated,
    controls: withControls && answer.mitigation !== undefined ? [controlId(answer.mitigation)] : [],
    mitigation: answer.mitigation,
    place: { path, line: raw.line },
  });
}

function riskFrom(
  stated: string | undefined,
  impact: Rating | undefined,
  likelihood: Rating | undefined,
): RiskLevel | undefined {
  const level = stated === undefined ? undefined : riskLevelOf(stated);
  if (level !== undefined) return level;
  return impact === undefined || likelihood === undefined ? undefined : riskOf(impact, likelihood);
}

/** An author's id that fits ours is kept; otherwise one is derived from title and element, never from the position. */
function idOf(raw: RawThreat): string {
  const own = raw.id?.replace(/[*_`]/g, "").trim();
  if (own !== undefined && /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(own) && !/^\d+$/.test(own)) return own;
  return `T-${shortDigest(`${raw.element ?? ""}\u0000${normalised(raw.title)}`, 12)}`;
}

function controlId(mitigation: string): string {
  return `C-${shortDigest(normalised(mitigation), 12)}`;
}

/** Status and mitigation together: "Not Mitigated" in a mitigation cell is a status, not a mitigation. */
function answerOf(raw: RawThreat): {
  readonly status: ModelThreat["status"];
  readonly stated: string | undefined;
  readonly mitigation: string | undefined;
} {
  const text = raw.mitigation?.trim();
  const isShort = text !== undefined && wordsIn(text) <= 5;
  const byText = isShort ? statusOf(text) : undefined;
  const denial =
    text !== undefined &&
    /^\W*(not mitigated|unmitigated|none\b|no mitigation|cannot be mitigated|can not be mitigated|not implemented)/i.test(
      text,
    );
  const impossible = text !== undefined && /\b(cannot|can ?not) be (fully )?mitigated\b/i.test(text.slice(0, 200));
  const mitigation =
    text === undefined || denial || impossible || isPlaceholder(text) || (byText !== undefined && isShort)
      ? undefined
      : text;
  const own = raw.status === undefined ? undefined : statusOf(raw.status);
  if (own !== undefined) return { status: own, stated: raw.status, mitigation };
  if (denial) return { status: "open", stated: text, mitigation };
  if (byText !== undefined) return { status: byText, stated: text, mitigation };
  return { status: "unknown", stated: raw.status, mitigation };
}

/** Where a document names tests beside its threats, each mitigation is a control, and each test its validation. */
function testedControls(
  raw: readonly RawThreat[],
  threats: readonly ModelThreat[],
  path: string,
): { readonly controls: readonly ModelControl[]; readonly validations: readonly ModelValidation[] } {
  const controls = new Map<string, ModelControl>();
  const validations = new Map<string, ModelValidation>();
  for (const [index, { mitigation, status, place }] of threats.entries()) {
    if (mitigation === undefined) continue;
    const id = controlId(mitigation);
    controls.set(id, {
      id,
      title: mitigation.slice(0, 300),
      ...(status === "mitigated" ? { status: "implemented" as const } : {}),
      evidence: [],
      place,
    });
    const test = raw[index]?.test;
    if (!isSubstantive(test)) continue;
    const name = `V-${shortDigest(`${id}\u0000${test}`, 12)}`;
    validations.set(name, { id: name, control: id, how: test, place: { path, line: place.line ?? 1 } });
  }
  return { controls: [...controls.values()], validations: [...validations.values()] };
}
