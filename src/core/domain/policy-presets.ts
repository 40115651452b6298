import type { Policy } from "./policy.ts";

/** The values of every setting before anybody says anything. Lists are empty where only the organisation can know. */
export type PolicyValues = Omit<Policy, "origins">;

/**
 * The defaults. Source of the figures: UKHSA threat-modelling standard, indicator TM-1 (30 and 60 days) and "at least
 * once a year"; stories are asked from medium risk on (deliverable 6, "each high or medium risk"); an accepted risk has
 * a time limit, is reviewed yearly, and is approved by level (`exceptions.md`: high and critical are looked at
 * quarterly, so nothing is accepted for longer than a year, and only the security architect decides above low).
 */
const ukhsa: PolicyValues = {
  mode: "advise",
  preset: "ukhsa",
  architects: { teams: [], users: [] },
  peers: { teams: [], users: [] },
  systems: [],
  riskThreshold: "high",
  currency: { green: 30, amber: 60, review: 365 },
  incomplete: "warn",
  rules: {},
  acceptance: {
    maxDays: 365,
    approvers: {
      low: ["security-architect", "product-owner"],
      medium: ["security-architect"],
      high: ["security-architect"],
      critical: ["security-architect"],
    },
  },
  publish: { issues: false, openThreats: false },
  paths: { ignore: [] },
  tracker: "github",
  jira: { issueType: "Task" },
  scanners: ["code-scanning", "secret-scanning", "dependabot"],
  incidents: { label: "security-incident" },
  onboarding: "none",
  repositoryRules: "ignore",
  approvals: "commit",
};

/** Sets of values by name. Each is the default but for what its law or use asks. */
export const presets: Readonly<Record<Policy["preset"], PolicyValues>> = {
  ukhsa,
  // Regulation (EU) 2024/2847, Article 13(3) and (7): the risk assessment is complete, documented and kept up to date.
  cra: { ...ukhsa, preset: "cra", riskThreshold: "medium", incomplete: "fail" },
  // Implementing Regulation (EU) 2024/2690, 2.1.2(j) and 2.1.4: reasons for accepted residual risk, reviewed at least yearly.
  nis2: { ...ukhsa, preset: "nis2", riskThreshold: "medium", acceptance: { ...ukhsa.acceptance, maxDays: 180 } },
  // For a first look: twice the time, and only what is critical counts.
  minimal: {
    ...ukhsa,
    preset: "minimal",
    riskThreshold: "critical",
    currency: { green: 60, amber: 120, review: 365 },
  },
};
