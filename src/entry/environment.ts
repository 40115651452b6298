import { createPrivateKey } from "node:crypto";
import { readFileSync } from "node:fs";
import { z } from "zod";
import type { JiraSettings } from "../shell/trackers/jira/site.ts";
import { jiraFaults, jiraSettings, jiraVariables } from "./jira.ts";
import { organisationPolicyDemands } from "./organisation-policy.ts";
import { type SignInSettings, signInFaults, signInSettings, signInVariables } from "./sign-in-settings.ts";

/** The settings of the service, checked once at the start. */
export interface Environment {
  readonly appId: number;
  /** PEM keys, the first one in use; several during rotation. */
  readonly privateKeys: readonly string[];
  readonly webhookSecrets: readonly string[];
  readonly githubApiUrl: string;
  readonly githubGraphqlUrl: string | undefined;
  /** PostgreSQL address; absent: the embedded database in `dataDir`. */
  readonly databaseUrl: string | undefined;
  readonly dataDir: string;
  readonly port: number;
  readonly host: string;
  readonly metricsPort: number | undefined;
  readonly publicUrl: string | undefined;
  readonly logLevel: string;
  /** Evaluations that one person may cause within an hour in one installation. */
  readonly evaluationsPerPerson: number;
  /** Seconds before a job that failed is tried again; twice as long each time. */
  readonly retrySeconds: number;
  /** Seconds between two sweeps for what was missed and what time has changed. */
  readonly sweepSeconds: number;
  /** Days for which evaluations and the audit are kept. */
  readonly keepRecordsDays: number;
  /** Days for which the ids of deliveries are kept. */
  readonly keepDeliveriesDays: number;
  /** Days after which the data of a repository are erased that the App was taken from. */
  readonly eraseAfterDays: number;
  /** What is done where an organisation's policy is not seen: say so, judge nothing, or nothing. */
  readonly organisationPolicy: (typeof organisationPolicyDemands)[number];
  /** Jira, where issues may go there. */
  readonly jira: JiraSettings | undefined;
  /** What people sign in to the dashboard with; absent: it is off. */
  readonly signIn: SignInSettings | undefined;
}

/** The environment cannot be used; the message names every variable at fault on one line. */
export class WrongEnvironment extends Error {
  override readonly name = "WrongEnvironment";
}

/** A whole number within bounds, told in these words where it is none. */
function whole(least: number, most: number): z.ZodCoercedNumber {
  const error = `is a whole number from ${least} to ${most}`;
  return z.coerce.number({ error }).int(error).min(least, error).max(most, error);
}

const port = whole(0, 65_535);
const days = whole(1, 36_500);
const address = z.url({ protocol: /^https?$/, error: "is an address that begins with https:// or http://" });
const logLevels = ["fatal", "error", "warn", "info", "debug", "trace", "silent"] as const;

const schema = z.object({
  APP_ID: z.coerce
    .number({ error: "is the numeric id of the GitHub App" })
    .int()
    .positive("is the numeric id of the GitHub App"),
  PRIVATE_KEY: z.string({ error: "holds the App's private key (PEM, or base64 of it)" }).min(1),
  WEBHOOK_SECRET: z.string({ error: "is the App's webhook secret, at least 32 characters" }).min(1),
  GITHUB_API_URL: address.default("https://api.github.com"),
  GITHUB_GRAPHQL_URL: address.optional(),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, "is a PostgreSQL address")
    .optional(),
  DATA_DIR: z.string().min(1).default("data"),
  PORT: port.default(3000),
  HOST: z.string().min(1).default("0.0.0.0"),
  METRICS_PORT: port.optional(),
  PUBLIC_URL: address.optional(),
  ORGANISATION_POLICY: z
    .enum(organisationPolicyDemands, `is one of ${organisationPolicyDemands.join(", ")}`)
    .default("seen"),
  JIRA_URL: jiraVariables.JIRA_URL.optional(),
  JIRA_EMAIL: jiraVariables.JIRA_EMAIL.optional(),
  JIRA_API_TOKEN: jiraVariables.JIRA_API_TOKEN.optional(),
  JIRA_OWNERS: jiraVariables.JIRA_OWNERS.optional(),
  EVALUATIONS_PER_PERSON: whole(1, 10_000).default(100),
  GITHUB_CLIENT_ID: signInVariables.GITHUB_CLIENT_ID.optional(),
  GITHUB_CLIENT_SECRET: signInVariables.GITHUB_CLIENT_SECRET.optional(),
  SESSION_SECRET: signInVariables.SESSION_SECRET.optional(),
  RETRY_SECONDS: whole(1, 3600).default(5),
  SWEEP_SECONDS: whole(1, 86_400).default(600),
  KEEP_RECORDS_DAYS: days.default(730),
  KEEP_DELIVERIES_DAYS: days.min(4, "is at least 4: GitHub redelivers for three days").default(30),
  ERASE_AFTER_DAYS: whole(0, 36_500).default(30),
  LOG_LEVEL: z.enum(logLevels, `is one of ${logLevels.join(", ")}`).default("info"),
});

/** Values that are known to everybody and must never protect anything; Probot falls back to the first. */
const knownSecrets = new Set(["development", "secret", "changeme"]);

/**
 * Reads the environment of the service. `NAME_FILE` names a file that holds the value of `NAME`.
 * Throws WrongEnvironment with everything that is missing or wrong, never with a value.
 */
export function readEnvironment(variables: Readonly<Record<string, string | undefined>>): Environment {
  const faults: string[] = [];
  const given: Record<string, string> = {};
  for (const name of Object.keys(schema.shape)) {
    const value = settingOf(name, variables, faults);
    if (value !== undefined && value !== "") given[name] = value;
  }
  const checked = schema.safeParse(given);
  if (!checked.success) {
    for (const issue of checked.error.issues) {
      const name = String(issue.path[0]);
      // What a file was to hold is not missing as well: the file is what is wrong.
      if (given[name] === undefined && faults.includes(unreadable(name))) continue;
      faults.push(given[name] === undefined ? `${name} is missing: it ${issue.message}` : `${name} ${issue.message}`);
    }
  }
  if (checked.success) faults.push(...jiraFaults(checked.data), ...signInFaults(checked.data));
  const secrets = split(given["WEBHOOK_SECRET"]);
  for (const secret of secrets) {
    if (knownSecrets.has(secret)) faults.push("WEBHOOK_SECRET is a word that everybody knows");
    else if (secret.length < 32) faults.push("WEBHOOK_SECRET is shorter than 32 characters");
  }
  const keys = split(given["PRIVATE_KEY"]).map(pemOf);
  if (keys.some((key) => key === undefined)) faults.push("PRIVATE_KEY is not a private key (PEM, or base64 of it)");
  if (["APP_ID", "PRIVATE_KEY", "WEBHOOK_SECRET"].every((name) => given[name] === undefined)) {
    faults.push("to register an App from here, set METRICS_PORT and PUBLIC_URL instead, and open /setup on that port");
  }
  if (faults.length > 0 || !checked.success) {
    throw new WrongEnvironment(`Threatgate cannot start: ${[...new Set(faults)].join("; ")}. See docs/operation.md.`);
  }
  const settings = checked.data;
  return {
    appId: settings.APP_ID,
    privateKeys: keys.filter((key) => key !== undefined),
    webhookSecrets: secrets,
    githubApiUrl: settings.GITHUB_API_URL.replace(/\/$/, ""),
    githubGraphqlUrl: settings.GITHUB_GRAPHQL_URL,
    databaseUrl: settings.DATABASE_URL,
    dataDir: settings.DATA_DIR,
    port: settings.PORT,
    host: settings.HOST,
    metricsPort: settings.METRICS_PORT,
    publicUrl: settings.PUBLIC_URL?.replace(/\/$/, ""),
    logLevel: settings.LOG_LEVEL,
    evaluationsPerPerson: settings.EVALUATIONS_PER_PERSON,
    retrySeconds: settings.RETRY_SECONDS,
    sweepSeconds: settings.SWEEP_SECONDS,
    keepRecordsDays: settings.KEEP_RECORDS_DAYS,
    keepDeliveriesDays: settings.KEEP_DELIVERIES_DAYS,
    eraseAfterDays: settings.ERASE_AFTER_DAYS,
    organisationPolicy: settings.ORGANISATION_POLICY,
    jira: jiraSettings(settings),
    signIn: signInSettings(settings),
  };
}

/** What a service without an App needs to have one registered. */
export interface SetUpEnvironment extends Pick<Environment, "githubApiUrl" | "dataDir" | "port" | "host" | "logLevel"> {
  readonly metricsPort: number;
  readonly publicUrl: string;
}

/**
 * The settings for registering an App; undefined where nobody asks for that: it takes the operator's port, and the address
 * under which GitHub reaches the service.
 */
export function readSetUp(variables: Readonly<Record<string, string | undefined>>): SetUpEnvironment | undefined {
  const wanted = schema.pick({
    GITHUB_API_URL: true,
    DATA_DIR: true,
    PORT: true,
    HOST: true,
    METRICS_PORT: true,
    PUBLIC_URL: true,
    LOG_LEVEL: true,
  });
  const faults: string[] = [];
  const given: Record<string, string> = {};
  for (const name of Object.keys(wanted.shape)) {
    const value = settingOf(name, variables, faults);
    if (value !== undefined && value !== "") given[name] = value;
  }
  const checked = wanted.safeParse(given);
  if (faults.length > 0 || !checked.success) return undefined;
  const { METRICS_PORT: metricsPort, PUBLIC_URL: publicUrl, ...settings } = checked.data;
  if (metricsPort === undefined || publicUrl === undefined) return undefined;
  return {
    githubApiUrl: settings.GITHUB_API_URL.replace(/\/$/, ""),
    dataDir: settings.DATA_DIR,
    port: settings.PORT,
    host: settings.HOST,
    logLevel: settings.LOG_LEVEL,
    metricsPort,
    publicUrl: publicUrl.replace(/\/$/, ""),
  };
}

/** Where the service keeps its data: for what an operator does beside it, without the App's credentials. */
export function readStorage(
  variables: Readonly<Record<string, string | undefined>>,
): Pick<Environment, "databaseUrl" | "dataDir"> {
  const faults: string[] = [];
  const databaseUrl = settingOf("DATABASE_URL", variables, faults) || undefined;
  const dataDir = settingOf("DATA_DIR", variables, faults) || undefined;
  const checked = schema.pick({ DATABASE_URL: true, DATA_DIR: true }).safeParse({
    ...(databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl }),
    ...(dataDir === undefined ? {} : { DATA_DIR: dataDir }),
  });
  if (faults.length > 0 || !checked.success) {
    throw new WrongEnvironment(
      `${[...faults, ...(checked.success ? [] : ["DATABASE_URL is a PostgreSQL address"])].join("; ")}.`,
    );
  }
  return { databaseUrl: checked.data.DATABASE_URL, dataDir: checked.data.DATA_DIR };
}

function settingOf(
  name: string,
  variables: Readonly<Record<string, string | undefined>>,
  faults: string[],
): string | undefined {
  const file = variables[`${name}_FILE`];
  if (file === undefined || file === "") return variables[name];
  try {
    return readFileSync(file, "utf8").trim();
  } catch {
    faults.push(unreadable(name));
    return undefined;
  }
}

function unreadable(name: string): string {
  return `${name}_FILE names a file that cannot be read`;
}

function split(value: string | undefined): string[] {
  return (value ?? "")
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

function pemOf(value: string): string | undefined {
  const text = value.includes("-----BEGIN")
    ? value.replaceAll("\\n", "\n")
    : Buffer.from(value, "base64").toString("utf8");
  try {
    createPrivateKey(text);
    return text;
  } catch {
    return undefined;
  }
}
