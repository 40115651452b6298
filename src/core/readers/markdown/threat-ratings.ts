import { type Rating, type RiskLevel, riskOf } from "../../domain/risk.ts";
import { isPlaceholder, wordsIn } from "../../text/placeholders.ts";
import { ratingOf, riskLevelOf } from "../words.ts";
import { columnsOf } from "./columns.ts";
import type { RawThreat } from "./raw-threat.ts";

/** A table whose column of impact or likelihood rates most rows: assets, mostly. */
export function ratesItsRows(table: {
  readonly header: readonly string[];
  readonly rows: readonly { readonly cells: readonly string[] }[];
}): boolean {
  const columns = columnsOf(table.header);
  return columns.some((kind, index) => {
    const ofAssets = /^\W*(?:data )?(?:sensitivity|criticality|value|importance)\W*$/i.test(table.header[index] ?? "");
    if (kind !== "impact" && kind !== "likelihood" && !ofAssets) return false;
    const right = table.rows.filter(({ cells }) => ratingOf(rated(cells[index]) ?? "") !== undefined).length;
    return right >= 2 && right * 2 > table.rows.length;
  });
}

/** Whether most rows of a register are rated. */
export function isRatedRegister(rows: readonly RawThreat[]): boolean {
  const rated = rows.filter(
    ({ impact, likelihood, risk }) =>
      riskLevelOf(`${risk ?? ""}`) !== undefined ||
      (ratingOf(impact ?? "") !== undefined && ratingOf(likelihood ?? "") !== undefined),
  );
  return rows.length >= 2 && rated.length * 2 > rows.length;
}

/** The rating at the head of a field: all of a short one, else what stands before a dash, a bracket or a comma. */
export function rated(text: string | undefined): string | undefined {
  if (text === undefined || wordsIn(text) <= 4) return text;
  const lead = /^[^\u2013\u2014(:;,.]{1,40}?(?=\s[-\u2013\u2014]\s|\s?\(|[:;,.\u2013\u2014])/.exec(
    text.replace(/[*_`]/g, ""),
  )?.[0];
  return lead !== undefined && wordsIn(lead) <= 3 ? lead : undefined;
}

/**
 * The overall rating of a threat in the document's own words; where no other is stated, the grade of its impact when no
 * likelihood stands beside it, and what is left after mitigation.
 */
export function statedRisk(raw: RawThreat): string | undefined {
  const own = raw.risk !== undefined && wordsIn(raw.risk) <= 6 ? raw.risk : rated(raw.risk);
  const rates = own !== undefined && !isPlaceholder(own);
  // "Risk: the model reveals private data" says what may happen: a rating beside it rates.
  if (rates && (riskLevelOf(own) !== undefined || /\d/.test(own))) return own;
  const severity = raw.likelihood === undefined ? rated(raw.impact) : undefined;
  if (severity !== undefined && /^\W*(critical|high|medium|moderate|low)\W*$/i.test(severity)) return severity;
  const left = rated(raw.residual);
  if (left !== undefined && riskLevelOf(left) !== undefined) return left;
  return rates && wordsIn(own) <= 3 && own === raw.risk ? own : undefined;
}

/** The overall risk: the stated one, else that of impact and likelihood. */
export function riskFrom(
  stated: string | undefined,
  impact: Rating | undefined,
  likelihood: Rating | undefined,
): RiskLevel | undefined {
  const level = stated === undefined ? undefined : riskLevelOf(stated);
  if (level !== undefined) return level;
  return impact === undefined || likelihood === undefined ? undefined : riskOf(impact, likelihood);
}
