/** The metrics of a vector, by their short names. */
export type Metrics = ReadonlyMap<string, string>;

type Weights = Readonly<Record<string, number>>;

/* Numerical values: CVSS v3.1 specification, section 7.4. Version 3.0 has the same. */
const attackVector: Weights = { N: 0.85, A: 0.62, L: 0.55, P: 0.2 };
const attackComplexity: Weights = { L: 0.77, H: 0.44 };
const privileges: Weights = { N: 0.85, L: 0.62, H: 0.27 };
const privilegesAcross: Weights = { N: 0.85, L: 0.68, H: 0.5 };
const interaction: Weights = { N: 0.85, R: 0.62 };
const loss: Weights = { H: 0.56, L: 0.22, N: 0 };
const requirement: Weights = { X: 1, H: 1.5, M: 1, L: 0.5 };
const exploitCode: Weights = { X: 1, H: 1, F: 0.97, P: 0.94, U: 0.91 };
const remediation: Weights = { X: 1, U: 1, W: 0.97, T: 0.96, O: 0.95 };
const confidence: Weights = { X: 1, C: 1, R: 0.96, U: 0.92 };

/** Metrics without which there is no score. */
const base = ["AV", "AC", "PR", "UI", "S", "C", "I", "A"];
const environmental = ["CR", "IR", "AR", ...base.map((metric) => `M${metric}`)];

/**
 * The score of a CVSS v3.0 or v3.1 vector, 0 to 10 with one decimal: environmental where such metrics are given, else
 * temporal, else base. Undefined when a base metric is missing or a value is none of the specification's. Source: CVSS
 * v3.1 specification, sections 7.1 to 7.3, and Appendix A for the rounding.
 */
export function cvss3Score(metrics: Metrics, version: "3.0" | "3.1"): number | undefined {
  if (!base.every((metric) => metrics.has(metric))) return undefined;
  const isEnvironmental = environmental.some((metric) => (metrics.get(metric) ?? "X") !== "X");
  const value = (metric: string, weights: Weights): number => {
    const own = metrics.get(metric) ?? "X";
    const modified = isEnvironmental ? (metrics.get(`M${metric}`) ?? "X") : "X";
    return weights[modified === "X" ? own : modified] ?? Number.NaN;
  };
  const scope = (isEnvironmental && (metrics.get("MS") ?? "X") !== "X" ? metrics.get("MS") : metrics.get("S")) ?? "";
  if (scope !== "U" && scope !== "C") return undefined;
  const isChanged = scope === "C";
  const kept = (["C", "I", "A"] as const).map((metric) => {
    const weight = isEnvironmental ? (requirement[metrics.get(`${metric}R`) ?? "X"] ?? Number.NaN) : 1;
    return 1 - value(metric, loss) * weight;
  });
  const lost = 1 - kept.reduce((product, one) => product * one, 1);
  const subscore = isEnvironmental ? Math.min(lost, 0.915) : lost;
  // Version 3.1 changed the modified impact alone.
  const curve = isEnvironmental && version === "3.1" ? (subscore * 0.9731 - 0.02) ** 13 : (subscore - 0.02) ** 15;
  const impact = isChanged ? 7.52 * (subscore - 0.029) - 3.25 * curve : 6.42 * subscore;
  const exploitability =
    8.22 *
    value("AV", attackVector) *
    value("AC", attackComplexity) *
    value("PR", isChanged ? privilegesAcross : privileges) *
    value("UI", interaction);
  const temporal =
    (exploitCode[metrics.get("E") ?? "X"] ?? Number.NaN) *
    (remediation[metrics.get("RL") ?? "X"] ?? Number.NaN) *
    (confidence[metrics.get("RC") ?? "X"] ?? Number.NaN);
  if (Number.isNaN(impact) || Number.isNaN(exploitability) || Number.isNaN(temporal)) return undefined;
  if (impact <= 0) return 0;
  const sum = (impact + exploitability) * (isChanged ? 1.08 : 1);
  return roundedUp(roundedUp(Math.min(sum, 10)) * temporal);
}

/** The smallest number with one decimal that is not less, by integers, so that every machine agrees. */
function roundedUp(value: number): number {
  const whole = Math.round(value * 100_000);
  return whole % 10_000 === 0 ? whole / 100_000 : (Math.floor(whole / 10_000) + 1) / 10;
}
