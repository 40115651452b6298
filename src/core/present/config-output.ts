import type { Policy } from "../domain/policy.ts";
import { type Problem, showPlace } from "../domain/problem.ts";

/** What the policy files of a repository say together, as `effectivePolicy` gives it. */
export interface ConfigInput {
  readonly policy: Policy;
  readonly problems: readonly Problem[];
  readonly advice?: readonly Problem[];
  readonly usable: boolean;
  readonly ignored: readonly string[];
}

/** The JSON of `threatgate config`: every key with its value and origin. */
export interface ConfigOutput {
  readonly schemaVersion: 1;
  readonly usable: boolean;
  readonly settings: readonly {
    readonly key: string;
    readonly value: unknown;
    readonly from: string;
    readonly where?: string;
    readonly locked: boolean;
  }[];
  readonly ignored: readonly string[];
  readonly problems: readonly Problem[];
}

export function configOutput({ policy, problems, advice = [], usable, ignored }: ConfigInput): ConfigOutput {
  const settings = Object.entries(policy.origins)
    .map(([key, origin]) => ({
      key,
      value: origin.hidden ? "set by the organisation" : valueAt(policy, key),
      from: origin.from,
      ...(origin.place && !origin.hidden ? { where: showPlace(origin.place) } : {}),
      locked: origin.locked,
    }))
    .toSorted((one, other) => (one.key < other.key ? -1 : 1));
  return { schemaVersion: 1, usable, settings, ignored, problems: [...problems, ...advice] };
}

/** What `threatgate config` prints. */
export function configText(input: ConfigInput): string {
  const { settings, ignored, problems, usable } = configOutput(input);
  const width = Math.max(...settings.map(({ key }) => key.length));
  const lines = settings.map(({ key, value, from, where, locked }) => {
    const origin = `${from}${where === undefined ? "" : ` ${where}`}${locked ? ", locked" : ""}`;
    return `${key.padEnd(width)}  ${JSON.stringify(value).padEnd(28)} ${origin}`;
  });
  if (ignored.length > 0) lines.push("", ...ignored.map((sentence) => `ignored: ${sentence}`));
  for (const problem of problems)
    lines.push("", `${problem.severity} ${showPlace(problem)}: ${problem.what}`, `  ${problem.hint}`);
  if (!usable) lines.push("", "This policy cannot be used until the problems are mended.");
  return `${lines.map((line) => line.replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, " ")).join("\n")}\n`;
}

function valueAt(policy: Policy, key: string): unknown {
  if (key.startsWith("rules.")) return policy.rules[key.slice("rules.".length)] ?? null;
  let value: unknown = policy;
  for (const part of key.split(".")) {
    if (typeof value !== "object" || value === null) return value;
    value = (value as Readonly<Record<string, unknown>>)[part];
  }
  return value ?? null;
}
