import { z } from "zod";
import { ruleModes } from "./change.ts";
import { roleSchema } from "./classification.ts";
import { type Scanner, scanners } from "./evidence.ts";
import type { Place } from "./problem.ts";

/** The path of a policy in a repository; the organisation's stands at the same path in its `.github` repository. */
export const policyPath = ".github/threatgate.yml";

/** The folder of rules of one's own beside the policy: `changes/<id>.yml` and `threats/<id>.yml` below it. */
export const ownRulesFolder = ".github/threatgate";

/** How an organisation classifies its systems, in place of the rules that ship. Read from its `.github` repository alone. */
export const ownClassificationPath = `${ownRulesFolder}/classification.yml`;

export const modes = ["observe", "advise", "enforce"] as const;
/** How far Threatgate may go on a repository. */
export type Mode = (typeof modes)[number];

const thresholds = ["low", "medium", "high", "critical"] as const;
const riskClasses = ["low", "medium", "high"] as const;

const login = z
  .string()
  .max(100)
  .regex(/^[A-Za-z0-9][A-Za-z0-9-]*(#\d+)?$/, "a GitHub login, or login#numeric-id");
const slug = z
  .string()
  .max(100)
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, "a team slug without the organisation");
/** Jira's form of a project key, with room for sites that allow more than ten characters. */
const projectKey = z
  .string()
  .max(50)
  .regex(/^[A-Z][A-Z0-9_]+$/, "the key of a Jira project, such as SHOP");
const issueType = z
  .string()
  .max(60)
  .regex(/^[^\p{C}]+$/u, "the name of a type of issue in Jira, such as Task");
const glob = z.string().min(1).max(256);
const globs = z.array(glob).max(200);

/** One system: what one threat model covers. */
const systemSchema = z.strictObject({
  name: z.string().min(1).max(100),
  paths: globs.optional(),
  model: z.union([glob, globs]).optional(),
  repositories: z.array(z.string().max(200)).max(200).optional(),
  /** The repository that holds the model, where the system lies in several; its owner must be the same. */
  repository: z
    .string()
    .max(200)
    .regex(/^([A-Za-z0-9-]+\/)?[A-Za-z0-9._-]+$/, "the name of a repository, or owner/name")
    .optional(),
  riskClass: z.enum(riskClasses).optional(),
});

const shared = {
  mode: z.enum(modes).optional(),
  preset: z.enum(["ukhsa", "cra", "nis2", "minimal"]).optional(),
  architects: z
    .strictObject({ teams: z.array(slug).max(20).optional(), users: z.array(login).max(50).optional() })
    .optional(),
  peers: z
    .strictObject({ teams: z.array(slug).max(20).optional(), users: z.array(login).max(50).optional() })
    .optional(),
  systems: z.array(systemSchema).max(200).optional(),
  riskThreshold: z.enum(thresholds).optional(),
  currency: z
    .strictObject({
      green: z.number().int().min(1).max(3650).optional(),
      amber: z.number().int().min(1).max(3650).optional(),
      review: z.number().int().min(1).max(3650).optional(),
    })
    .optional(),
  /** In `enforce`, whether missing and partial deliverables and AMBER fail or only warn. */
  incomplete: z.enum(["warn", "fail"]).optional(),
  rules: z.record(z.string().max(100), z.enum([...ruleModes, "off"])).optional(),
  acceptance: z
    .strictObject({
      maxDays: z.number().int().min(1).max(3650).optional(),
      approvers: z.partialRecord(z.enum(thresholds), z.array(roleSchema)).optional(),
    })
    .optional(),
  publish: z.strictObject({ issues: z.boolean().optional(), openThreats: z.boolean().optional() }).optional(),
  paths: z.strictObject({ ignore: globs.optional() }).optional(),
  tracker: z.enum(["github", "jira"]).optional(),
  /** Where in Jira issues go; the site and its credentials belong to whoever runs Threatgate. */
  jira: z.strictObject({ project: projectKey.optional(), issueType: issueType.optional() }).optional(),
  /** Alerts of which of GitHub's features are held against the model, where the App may read them. */
  scanners: z.array(z.enum(scanners)).max(scanners.length).optional(),
  /** The label that makes an issue an incident. */
  incidents: z.strictObject({ label: z.string().min(1).max(50).optional() }).optional(),
  onboarding: z.enum(["none", "issue", "pull-request"]).optional(),
  /** Whether rules that stand in the repository itself are used; an organisation's own rules always are. */
  repositoryRules: z.enum(["ignore", "use"]).optional(),
  /** Whether an approval stands for its commit alone, or while nothing that matters has changed since. */
  approvals: z.enum(["commit", "unchanged"]).optional(),
};

/** What a repository may write in its own policy file. */
export const repositoryPolicySchema = z.strictObject({ version: z.literal(1), ...shared });

/** A value of a custom property, or several of which one must be there. GitHub writes `true` and `false` as texts. */
const propertyValue = z.union([z.string().max(200), z.boolean(), z.array(z.string().max(200)).min(1).max(50)]);

/** What an organisation may write: the same, with locks and overrides by repository name and custom property. */
export const organisationPolicySchema = z.strictObject({
  version: z.literal(1),
  ...shared,
  repositories: z
    .array(
      z.strictObject({
        match: z.union([glob, globs]).optional(),
        properties: z.record(z.string().max(100), propertyValue).optional(),
        ...shared,
      }),
    )
    .max(200)
    .optional(),
  locked: z.array(z.string().max(100)).max(50).optional(),
});

export type RepositoryPolicy = z.infer<typeof repositoryPolicySchema>;
export type OrganisationPolicy = z.infer<typeof organisationPolicySchema>;

/** A system as the policy in force describes it. */
export interface PolicySystem {
  readonly name: string;
  /** Globs of the paths it covers; empty means the whole repository. */
  readonly paths: readonly string[];
  /** Globs of its model files; empty means found by name. */
  readonly model: readonly string[];
  /** Name of the other repository of the same owner that holds the model; absent where the model stands in this one. */
  readonly repository?: string;
  /** Absent where the policy leaves it to the classification. */
  readonly riskClass?: (typeof riskClasses)[number];
}

/** Where the value of a key came from. */
export interface Origin {
  readonly from: "default" | "preset" | "organisation" | "repository" | "option";
  readonly place?: Place;
  /** True when the organisation locks the key. */
  readonly locked: boolean;
  /** Set where the value stands in a private repository and would be shown in a public one: then only whose it is is said. */
  readonly hidden?: true;
}

/** The policy in force for one repository: every key has a value and an origin. */
export interface Policy {
  readonly mode: Mode;
  readonly preset: "ukhsa" | "cra" | "nis2" | "minimal";
  readonly architects: { readonly teams: readonly string[]; readonly users: readonly string[] };
  readonly peers: { readonly teams: readonly string[]; readonly users: readonly string[] };
  readonly systems: readonly PolicySystem[];
  readonly riskThreshold: (typeof thresholds)[number];
  readonly currency: { readonly green: number; readonly amber: number; readonly review: number };
  readonly incomplete: "warn" | "fail";
  readonly rules: Readonly<Record<string, (typeof ruleModes)[number] | "off">>;
  readonly acceptance: {
    readonly maxDays: number;
    readonly approvers: Readonly<Partial<Record<(typeof thresholds)[number], readonly string[]>>>;
  };
  readonly publish: { readonly issues: boolean; readonly openThreats: boolean };
  readonly paths: { readonly ignore: readonly string[] };
  readonly tracker: "github" | "jira";
  /** `project` is absent where nobody named one: then nothing goes to Jira. */
  readonly jira: { readonly project?: string; readonly issueType: string };
  readonly scanners: readonly Scanner[];
  readonly incidents: { readonly label: string };
  readonly onboarding: "none" | "issue" | "pull-request";
  readonly repositoryRules: "ignore" | "use";
  readonly approvals: "commit" | "unchanged";
  /** Origin of each key, by dotted name. */
  readonly origins: Readonly<Record<string, Origin>>;
}
