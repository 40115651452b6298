import { cvss3Score, type Metrics } from "./cvss-3.ts";
import { cvss4Score } from "./cvss-4.ts";
import { type Rating, type RiskLevel, riskOf } from "./risk.ts";

/** A rating in another scale than ours, brought onto ours. The words of the file are kept beside it by whoever reads it. */
export interface StatedRating {
  readonly scale: "CVSS 3.0" | "CVSS 3.1" | "CVSS 4.0" | "OWASP Risk Rating" | "5×5";
  readonly risk: RiskLevel;
  /** Given where the scale tells them apart; CVSS does not. */
  readonly impact?: Rating;
  readonly likelihood?: Rating;
  /** The number in the scale itself: a CVSS score, the product of a 5×5 matrix. */
  readonly score?: number;
}

/** Longer texts are no ratings. */
const longest = 400;

/**
 * Reads a rating written in CVSS (a vector of version 3.0, 3.1 or 4.0), in OWASP Risk Rating (a vector of its factors,
 * `SL:6/M:4/…`), or in a 5×5 matrix (`likelihood 4/5, impact 5/5`, `4x5`, `20/25`). Undefined when the text is none of
 * these, or says something that its scale does not know: a wrong vector rates nothing.
 */
export function statedRating(text: string): StatedRating | undefined {
  if (text.length > longest) return undefined;
  return cvssRating(text) ?? owaspRating(text) ?? matrixRating(text);
}

/** The qualitative severity scale of CVSS, the same in v3.1 (section 5) and v4.0 (section 6). */
export function riskOfCvss(score: number): RiskLevel {
  if (score >= 9) return "critical";
  if (score >= 7) return "high";
  if (score >= 4) return "medium";
  return score > 0 ? "low" : "note";
}

function cvssRating(text: string): StatedRating | undefined {
  const found = /CVSS:(3\.0|3\.1|4\.0)\/([A-Z:/]+)/i.exec(text);
  const [, version = "", vector = ""] = found ?? [];
  const metrics = metricsOf(vector.toUpperCase(), /^[A-Z]$/);
  if (!found || !metrics) return undefined;
  const score = version === "4.0" ? cvss4Score(metrics) : cvss3Score(metrics, version === "3.0" ? "3.0" : "3.1");
  if (score === undefined) return undefined;
  return {
    scale: version === "4.0" ? "CVSS 4.0" : version === "3.0" ? "CVSS 3.0" : "CVSS 3.1",
    risk: riskOfCvss(score),
    score,
  };
}

/** `AV:N/AC:L` as a map; undefined when a part is no metric with its value, or one is given twice. */
function metricsOf(vector: string, value: RegExp): Metrics | undefined {
  const metrics = new Map<string, string>();
  for (const part of vector.replace(/\/+$/, "").split("/")) {
    const [metric = "", stated = "", ...more] = part.split(":");
    if (metric === "" || !value.test(stated) || more.length > 0 || metrics.has(metric)) return undefined;
    metrics.set(metric, stated);
  }
  return metrics;
}

/*
 * OWASP Risk Rating Methodology: threat agent (skill level, motive, opportunity, size), vulnerability (ease of discovery,
 * ease of exploit, awareness, intrusion detection), technical impact (loss of confidentiality, integrity, availability,
 * accountability), business impact (financial damage, reputation damage, non-compliance, privacy violation).
 */
const likelihoodFactors = ["SL", "M", "O", "S", "ED", "EE", "A", "ID"];
const technicalFactors = ["LC", "LI", "LAV", "LAC"];
const businessFactors = ["FD", "RD", "NC", "PV"];

/** Steps 2 to 4 of the methodology: means of the factors, 0 to 9; business impact counts where it is known. */
function owaspRating(text: string): StatedRating | undefined {
  const vector = /\bSL:\d(?:\/[A-Z]{1,3}:\d)+/i.exec(text)?.[0];
  const factors = vector === undefined ? undefined : metricsOf(vector.toUpperCase(), /^\d$/);
  if (!factors) return undefined;
  const known = [...likelihoodFactors, ...technicalFactors, ...businessFactors];
  if ([...factors.keys()].some((factor) => !known.includes(factor))) return undefined;
  const likelihood = meanOf(likelihoodFactors, factors);
  const impact = meanOf(businessFactors, factors) ?? meanOf(technicalFactors, factors);
  if (likelihood === undefined || impact === undefined) return undefined;
  const rated = { impact: ratingOfMean(impact), likelihood: ratingOfMean(likelihood) };
  return { scale: "OWASP Risk Rating", risk: riskOf(rated.impact, rated.likelihood), ...rated };
}

function meanOf(names: readonly string[], factors: Metrics): number | undefined {
  const values = names.flatMap((name) => factors.get(name) ?? []).map(Number);
  return values.length < names.length ? undefined : values.reduce((sum, one) => sum + one, 0) / values.length;
}

/** 0 to below 3 low, to below 6 medium, to 9 high (OWASP Risk Rating Methodology, step 4). */
function ratingOfMean(mean: number): Rating {
  return mean < 3 ? "low" : mean < 6 ? "medium" : "high";
}

/**
 * A 5×5 matrix. No standard fixes its bands; these are the usual ones: 1 to 4 low, 5 to 9 medium, 10 to 16 high, 17 to 25
 * critical, and of each axis 1 and 2 low, 3 medium, 4 and 5 high.
 */
function matrixRating(text: string): StatedRating | undefined {
  const likelihood = /\b(?:likelihood|probability)[ :=]{0,3}([1-5])(?: ?\/ ?5)?(?![\d.])/i.exec(text)?.[1];
  const impact = /\b(?:impact|severity|consequence)[ :=]{0,3}([1-5])(?: ?\/ ?5)?(?![\d.])/i.exec(text)?.[1];
  if (likelihood !== undefined && impact !== undefined)
    return {
      ...productRating(Number(likelihood) * Number(impact)),
      impact: ratingOfFive(Number(impact)),
      likelihood: ratingOfFive(Number(likelihood)),
    };
  const [, one, other] = /^\W{0,3}([1-5]) ?[x×*] ?([1-5])\W{0,3}$/i.exec(text) ?? [];
  // Which of two bare numbers is the impact nobody can tell; their product is the same.
  if (one !== undefined && other !== undefined) return productRating(Number(one) * Number(other));
  const product = /^\W{0,3}(\d{1,2}) ?\/ ?25\W{0,3}$/.exec(text)?.[1];
  return product === undefined || Number(product) < 1 || Number(product) > 25
    ? undefined
    : productRating(Number(product));
}

function productRating(score: number): StatedRating {
  const risk = score >= 17 ? "critical" : score >= 10 ? "high" : score >= 5 ? "medium" : "low";
  return { scale: "5×5", risk, score };
}

/** A step of a five-step scale in our three words: 1 and 2 low, 3 medium, 4 and 5 high. */
export function ratingOfFive(step: number): Rating {
  return step <= 2 ? "low" : step === 3 ? "medium" : "high";
}
