import type { Metrics } from "./cvss-3.ts";
import { macroVectorScores } from "./cvss-4-scores.ts";

/*
 * CVSS v4.0 scores by interpolation between sets of vectors that experts hold equal. Source: CVSS v4.0 specification (FIRST,
 * document version 1.2), section 8: equivalence classes in tables 24 to 30, the steps in 8.3.
 */

/** Values of each metric from the gravest to the mildest; its place in the list is its severity level. */
const levels: Readonly<Record<string, string>> = {
  AV: "NALP",
  PR: "NLH",
  UI: "NPA",
  AC: "LH",
  AT: "NP",
  VC: "HLN",
  VI: "HLN",
  VA: "HLN",
  SC: "SHLN",
  SI: "SHLN",
  SA: "SHLN",
  CR: "HML",
  IR: "HML",
  AR: "HML",
  E: "APU",
};

const required = ["AV", "AC", "AT", "PR", "UI", "VC", "VI", "VA", "SC", "SI", "SA"];

/** The gravest vectors of each level of an equivalence class, as `metric:value` pairs. */
const gravest = {
  1: ["AV:N PR:N UI:N", "AV:A PR:N UI:N|AV:N PR:L UI:N|AV:N PR:N UI:P", "AV:P PR:N UI:N|AV:A PR:L UI:P"],
  2: ["AC:L AT:N", "AC:H AT:N|AC:L AT:P"],
  4: ["SC:H SI:S SA:S", "SC:H SI:H SA:H", "SC:L SI:L SA:L"],
} as const;

/** The same for EQ3 and EQ6 together, by their two levels. */
const gravestTogether: Readonly<Record<string, string>> = {
  "00": "VC:H VI:H VA:H CR:H IR:H AR:H",
  "01": "VC:H VI:H VA:L CR:M IR:M AR:H|VC:H VI:H VA:H CR:M IR:M AR:M",
  "10": "VC:L VI:H VA:H CR:H IR:H AR:H|VC:H VI:L VA:H CR:H IR:H AR:H",
  "11": "VC:L VI:H VA:L CR:H IR:M AR:H|VC:L VI:H VA:H CR:H IR:M AR:M|VC:H VI:L VA:H CR:M IR:H AR:M|VC:H VI:L VA:L CR:M IR:H AR:H|VC:L VI:L VA:H CR:H IR:H AR:M",
  "21": "VC:L VI:L VA:L CR:H IR:H AR:H",
};

/** How many steps of severity the vectors of a level span. */
const depths = { 1: [1, 4, 5], 2: [1, 2], 4: [6, 5, 4] } as const;
const depthsTogether: Readonly<Record<string, number>> = { "00": 7, "01": 6, "10": 8, "11": 8, "21": 10 };

/**
 * The score of a CVSS v4.0 vector, 0 to 10 with one decimal, threat and environmental metrics included where they are
 * given. Undefined when a base metric is missing or a value is none of the specification's.
 */
export function cvss4Score(metrics: Metrics): number | undefined {
  const value = (metric: string): string => effective(metric, metrics);
  const isKnown = (metric: string) => levelOf(metric, value(metric)) >= 0 && isAllowed(metric, metrics);
  if (!required.every((metric) => metrics.has(metric)) || !Object.keys(levels).every(isKnown)) return undefined;
  if (["VC", "VI", "VA", "SC", "SI", "SA"].every((metric) => value(metric) === "N")) return 0;
  const eq = classesOf(value);
  const score = scoreOf(eq);
  if (score === undefined) return undefined;
  const [eq1, eq2, eq3, eq4, eq5, eq6] = eq;
  const together = `${eq3}${eq6}`;
  const shares: number[] = [];
  const add = (lower: number | undefined, distance: number, depth: number): void => {
    if (lower !== undefined) shares.push(((score - lower) * distance) / depth);
  };
  add(scoreOf([eq1 + 1, eq2, eq3, eq4, eq5, eq6]), distanceTo(gravest[1][eq1], value), depths[1][eq1] ?? 1);
  add(scoreOf([eq1, eq2 + 1, eq3, eq4, eq5, eq6]), distanceTo(gravest[2][eq2], value), depths[2][eq2] ?? 1);
  add(lowerTogether(eq), distanceTo(gravestTogether[together], value), depthsTogether[together] ?? 1);
  add(scoreOf([eq1, eq2, eq3, eq4 + 1, eq5, eq6]), distanceTo(gravest[4][eq4], value), depths[4][eq4] ?? 1);
  add(scoreOf([eq1, eq2, eq3, eq4, eq5 + 1, eq6]), 0, 1);
  const mean = shares.length === 0 ? 0 : shares.reduce((sum, share) => sum + share, 0) / shares.length;
  return Math.round(Math.min(10, Math.max(0, score - mean)) * 10) / 10;
}

type Classes = readonly [number, number, number, number, number, number];

/** A modified metric stands for the base metric; what is not defined counts as the gravest (table 13 and 14). */
function effective(metric: string, metrics: Metrics): string {
  const modified = metrics.get(`M${metric}`) ?? "X";
  const own = modified === "X" ? (metrics.get(metric) ?? "X") : modified;
  return own === "X" ? (levels[metric]?.charAt(0) ?? "") : own;
}

/** `S` (safety) is a value of modified metrics of integrity and availability of subsequent systems alone. */
function isAllowed(metric: string, metrics: Metrics): boolean {
  if (metric === "SC") return effective(metric, metrics) !== "S";
  return !metric.startsWith("S") || metrics.get(metric) !== "S";
}

function levelOf(metric: string, value: string): number {
  return value.length === 1 ? (levels[metric] ?? "").indexOf(value) : -1;
}

function classesOf(value: (metric: string) => string): Classes {
  const easy = ["AV", "PR", "UI"].filter((metric) => value(metric) === "N").length;
  const high = (...metrics: string[]) => metrics.some((metric) => value(metric) === "H");
  const safety = value("SI") === "S" || value("SA") === "S";
  const needed = (["C", "I", "A"] as const).some((one) => value(`${one}R`) === "H" && value(`V${one}`) === "H");
  return [
    easy === 3 ? 0 : easy > 0 && value("AV") !== "P" ? 1 : 2,
    value("AC") === "L" && value("AT") === "N" ? 0 : 1,
    value("VC") === "H" && value("VI") === "H" ? 0 : high("VC", "VI", "VA") ? 1 : 2,
    safety ? 0 : high("SC", "SI", "SA") ? 1 : 2,
    levelOf("E", value("E")),
    needed ? 0 : 1,
  ];
}

function scoreOf([eq1, eq2, eq3, eq4, eq5, eq6]: Classes): number | undefined {
  if (eq4 > 2 || eq5 > 2) return undefined;
  const score = macroVectorScores[`${eq1}${eq2}${eq3}${eq6}`]?.split(" ")[eq4 * 3 + eq5];
  return score === undefined ? undefined : Number(score);
}

/** EQ3 and EQ6 step down together; where there are two ways the higher score counts. */
function lowerTogether([eq1, eq2, eq3, eq4, eq5, eq6]: Classes): number | undefined {
  const deeper = scoreOf([eq1, eq2, eq3 + 1, eq4, eq5, eq6]);
  const milder = scoreOf([eq1, eq2, eq3, eq4, eq5, eq6 + 1]);
  if (eq3 === 0 && eq6 === 0)
    return deeper === undefined || milder === undefined ? (deeper ?? milder) : Math.max(deeper, milder);
  if (eq3 === 1 && eq6 === 0) return milder;
  return eq6 === 1 ? deeper : undefined;
}

/** Steps from the first of the gravest vectors that is nowhere milder than this one. */
function distanceTo(vectors: string | undefined, value: (metric: string) => string): number {
  for (const vector of (vectors ?? "").split("|")) {
    const steps = vector.split(" ").map((pair) => {
      const [metric = "", from = ""] = pair.split(":");
      return levelOf(metric, value(metric)) - levelOf(metric, from);
    });
    if (steps.every((step) => step >= 0)) return steps.reduce((sum, step) => sum + step, 0);
  }
  return 0;
}
