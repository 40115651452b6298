/** The three words in which impact and likelihood are given (UKHSA threat-modelling deliverables, risk assessment). */
export const ratings = ["low", "medium", "high"] as const;
export type Rating = (typeof ratings)[number];

/** Overall risk, lowest first. `note` never asks for anything. */
export const riskLevels = ["note", "low", "medium", "high", "critical"] as const;
export type RiskLevel = (typeof riskLevels)[number];

const matrix: Readonly<Record<Rating, Readonly<Record<Rating, RiskLevel>>>> = {
  high: { low: "medium", medium: "high", high: "critical" },
  medium: { low: "low", medium: "medium", high: "high" },
  low: { low: "note", medium: "low", high: "medium" },
};

/** Overall risk from impact and likelihood: the 3×3 matrix of the OWASP Risk Rating Methodology. */
export function riskOf(impact: Rating, likelihood: Rating): RiskLevel {
  return matrix[impact][likelihood];
}

/** True when `risk` is at least as high as `threshold`. */
export function atLeast(risk: RiskLevel, threshold: RiskLevel): boolean {
  return riskLevels.indexOf(risk) >= riskLevels.indexOf(threshold);
}
