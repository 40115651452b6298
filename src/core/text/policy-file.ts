import {
  type Mode,
  modes,
  type OrganisationPolicy,
  organisationPolicySchema,
  policyPath,
  type RepositoryPolicy,
  repositoryPolicySchema,
} from "../domain/policy.ts";
import type { Settings } from "../domain/policy-layers.ts";
import { presets } from "../domain/policy-presets.ts";
import { flattenPolicy } from "../domain/policy-strictness.ts";
import type { Problem } from "../domain/problem.ts";
import type { FileReading } from "../domain/snapshot.ts";
import { type CheckedYaml, readCheckedYaml } from "./checked-yaml.ts";
import { compileGlobs } from "./globs.ts";
import { limits } from "./limits.ts";
import { suggestionFor } from "./suggestion.ts";
import type { YamlDocument } from "./yaml.ts";

/** What reading one file gave: its settings, or why there are none. */
export interface PolicyFile {
  readonly document?: YamlDocument;
  readonly path: string;
  readonly organisation?: OrganisationPolicy;
  readonly repository?: RepositoryPolicy;
  readonly problems: readonly Problem[];
  /** What can be used and had better be written otherwise: told where the policy is looked at, not in every check. */
  readonly advice?: readonly Problem[];
  /** The mode that must be reckoned with although the file is not usable. */
  readonly feared?: Mode;
}

const examples: Readonly<Record<string, string>> = {
  version: "version: 1",
  mode: "mode: advise",
  preset: "preset: ukhsa",
  architects: "architects: {teams: [security-architects]}",
  "architects.teams": "teams: [security-architects]",
  "architects.users": 'users: ["dana#583231"]',
  peers: "peers: {teams: [developers]}",
  "peers.teams": "teams: [developers]",
  "peers.users": 'users: ["lee#583232"]',
  systems: "systems: [{name: shop, paths: [shop/**], model: shop/threat-model.yaml}]",
  "systems.name": "name: shop",
  "systems.paths": "paths: [shop/**]",
  "systems.model": "model: shop/threat-model.yaml",
  "systems.repositories": "repositories: [shop-*]",
  "systems.repository": "repository: payments",
  "systems.riskClass": "riskClass: high",
  riskThreshold: "riskThreshold: high",
  currency: "currency: {green: 30, amber: 60, review: 365}",
  "currency.green": "green: 30",
  "currency.amber": "amber: 60",
  "currency.review": "review: 365",
  incomplete: "incomplete: warn",
  rules: "rules: {new-bucket: block}",
  acceptance: "acceptance: {maxDays: 180}",
  "acceptance.maxDays": "maxDays: 180",
  "acceptance.approvers": "approvers: {high: [security-architect]}",
  "acceptance.approvers.low": "low: [security-architect, product-owner]",
  "acceptance.approvers.medium": "medium: [security-architect]",
  "acceptance.approvers.high": "high: [security-architect]",
  "acceptance.approvers.critical": "critical: [security-architect]",
  publish: "publish: {issues: true}",
  "publish.issues": "issues: true",
  "publish.openThreats": "openThreats: false",
  paths: "paths: {ignore: [vendor/**]}",
  "paths.ignore": "ignore: [vendor/**]",
  tracker: "tracker: github",
  jira: "jira: {project: SHOP, issueType: Task}",
  "jira.project": "project: SHOP",
  "jira.issueType": "issueType: Task",
  scanners: "scanners: [code-scanning, dependabot]",
  incidents: "incidents: {label: security-incident}",
  "incidents.label": "label: security-incident",
  onboarding: "onboarding: issue",
  repositoryRules: "repositoryRules: use",
  approvals: "approvals: unchanged",
  repositories: "repositories: [{match: payments-*, mode: enforce}]",
  "repositories.match": "match: payments-*",
  "repositories.properties": "properties: {criticality: high}",
  locked: "locked: [mode, riskThreshold]",
};

const organisationOnly = `Only the organisation's policy has it: move it to \`${policyPath}\` of the organisation's \`.github\` repository, or delete it.`;

/** Reads one file; the ways in which that can end are kept apart (H016). */
export function readPolicyFile(
  file: { readonly path: string; readonly reading: FileReading },
  whose: "organisation" | "repository",
): PolicyFile {
  const { path, reading } = file;
  const unread = (what: string, hint: string): PolicyFile => ({
    path,
    problems: [{ path, severity: "error", what, hint }],
    // What an unread file asks for is not known, so the strictest is reckoned with.
    feared: "enforce",
  });
  switch (reading.outcome) {
    case "absent":
      return { path, problems: [] };
    case "denied":
      return unread(reading.why ?? "The policy may not be read.", `Grant this permission: ${reading.needs}.`);
    case "unseen":
      // Not known is neither there nor absent: what is known stands, and what is not is said wherever the verdict is.
      return { path, problems: [{ path, severity: "warning", what: reading.why, hint: reading.next }] };
    case "failed":
      return unread(
        `The policy could not be read this time: ${reading.why}.`,
        "It is tried again; push or comment `/threat recheck` to try now.",
      );
    case "refused":
      return unread(
        `The policy is not read: ${reading.why}.`,
        "Make it a plain text file of at most 1 MiB at this path.",
      );
    case "present":
      return whose === "organisation" ? readOrganisation(path, reading.text) : readRepository(path, reading.text);
  }
}

function readOrganisation(path: string, text: string): PolicyFile {
  const checked = readCheckedYaml(path, text, organisationPolicySchema, { examples }, { bytes: limits.policyBytes });
  if (!("value" in checked)) return broken(path, text, checked);
  const problems = [
    ...globProblems(path, checked.value, checked.document),
    ...lockProblems(path, checked.value, checked.document),
    ...namelessProblems(path, checked.value, checked.document),
  ];
  return {
    path,
    document: checked.document,
    organisation: checked.value,
    problems,
    advice: unpinned(path, checked.value, checked.document),
    ...(problems.length > 0 && { feared: checked.value.mode ?? "advise" }),
  };
}

function readRepository(path: string, text: string): PolicyFile {
  const words = { examples, elsewhere: { locked: organisationOnly, repositories: organisationOnly } };
  const checked = readCheckedYaml(path, text, repositoryPolicySchema, words, { bytes: limits.policyBytes });
  if (!("value" in checked)) return broken(path, text, checked);
  return {
    path,
    document: checked.document,
    repository: checked.value,
    problems: globProblems(path, checked.value, checked.document),
    advice: unpinned(path, checked.value, checked.document),
  };
}

/**
 * A file that is there but cannot be used. A typo must not open the gate, so any mention of `enforce` counts, and so
 * does a mode that is none: whoever wrote `mode: enforced` did not mean to be only advised.
 */
function broken(path: string, text: string, checked: CheckedYaml<unknown>): PolicyFile {
  const code = text.slice(0, limits.policyBytes).replace(/(^|\s)#.*$/gm, "");
  const plain = modes.find((mode) => new RegExp(`^mode:\\s*["']?${mode}["']?\\s*$`, "m").test(code));
  const isUnclear = plain === undefined && /^["']?mode["']?\s*:/m.test(code);
  const feared = isUnclear || /\benforce\b/i.test(code) ? "enforce" : plain;
  return { path, problems: checked.problems, ...(feared && { feared }) };
}

function globProblems(path: string, file: RepositoryPolicy | OrganisationPolicy, document: YamlDocument): Problem[] {
  const problems: Problem[] = [];
  let count = 0;
  const check = (steps: readonly (string | number)[], patterns: string | readonly string[] | undefined) => {
    const list = typeof patterns === "string" ? [patterns] : (patterns ?? []);
    count += list.length;
    for (const { pattern, why } of compileGlobs(list).refused) {
      const at = typeof patterns === "string" ? steps : [...steps, list.indexOf(pattern)];
      const line = document.lineOf(at);
      const shownPattern = pattern.length > 60 ? `${pattern.slice(0, 60)}…` : pattern;
      problems.push({
        path,
        ...(line !== undefined && { line }),
        severity: "error",
        what: `The pattern \`${shownPattern}\` cannot be used: ${why}.`,
        hint: "Patterns are paths from the repository's root with `*`, `**`, `?` and `{a,b}`.",
        example: "ignore: [vendor/**]",
      });
    }
  };
  const checkSettings = (at: readonly (string | number)[], settings: Settings) => {
    check([...at, "paths", "ignore"], settings.paths?.ignore);
    for (const [index, system] of (settings.systems ?? []).entries()) {
      check([...at, "systems", index, "paths"], system.paths);
      check([...at, "systems", index, "model"], system.model);
      check([...at, "systems", index, "repositories"], system.repositories);
    }
  };
  checkSettings([], file);
  for (const [index, override] of ("repositories" in file ? (file.repositories ?? []) : []).entries()) {
    check(["repositories", index, "match"], override.match);
    checkSettings(["repositories", index], override);
  }
  if (count > limits.globs) {
    problems.push({
      path,
      severity: "error",
      what: `The policy holds ${count} patterns; at most ${limits.globs} are used.`,
      hint: "Join patterns with `**` or `{a,b}`.",
    });
  }
  return problems;
}

/** People named by their login alone: whoever takes the name after a renaming may be taken for them (H031). */
function unpinned(path: string, file: RepositoryPolicy | OrganisationPolicy, document: YamlDocument): Problem[] {
  const all = [
    { at: [] as (string | number)[], settings: file as Settings },
    ...("repositories" in file ? (file.repositories ?? []) : []).map((settings, index) => ({
      at: ["repositories", index],
      settings,
    })),
  ];
  return all.flatMap(({ at, settings }) =>
    (["architects", "peers"] as const).flatMap((group) =>
      (settings[group]?.users ?? []).flatMap((login, index): Problem[] => {
        if (login.includes("#")) return [];
        const line = document.lineOf([...at, group, "users", index]);
        return [
          {
            path,
            ...(line !== undefined && { line }),
            severity: "warning",
            what: `\`${login}\` is named by the login alone.`,
            hint: "Should the account be renamed, somebody else may take the name. The App goes by whose it was when it first read the policy; the Action and the command line remember nothing. Add the numeric id, which `gh api users/LOGIN --jq .id` shows.",
            example: `users: ["${login}#583231"]`,
          },
        ];
      }),
    ),
  );
}

/** Settings for repositories that are not named would hold for none, or for all: nobody can tell which was meant. */
function namelessProblems(path: string, file: OrganisationPolicy, document: YamlDocument): Problem[] {
  return (file.repositories ?? []).flatMap(({ match, properties }, index): Problem[] => {
    if (match !== undefined || Object.keys(properties ?? {}).length > 0) return [];
    const line = document.lineOf(["repositories", index]);
    return [
      {
        path,
        ...(line !== undefined && { line }),
        severity: "error",
        what: "This entry of `repositories` does not say which repositories it is for.",
        hint: "Give `match` (patterns of names), `properties` (custom properties and their values), or both.",
        example: "repositories: [{match: payments-*, properties: {criticality: high}, mode: enforce}]",
      },
    ];
  });
}

/** A lock on a key that does not exist would protect nothing, and nobody would notice. */
function lockProblems(path: string, file: OrganisationPolicy, document: YamlDocument): Problem[] {
  const known = [...flattenPolicy(presets.ukhsa).keys()].flatMap((key) =>
    key.split(".").map((_, index, parts) => parts.slice(0, index + 1).join(".")),
  );
  const all = [...new Set([...known, "rules"])];
  return (file.locked ?? []).flatMap((key, index): Problem[] => {
    if (all.includes(key) || key.startsWith("rules.")) return [];
    const line = document.lineOf(["locked", index]);
    const near = suggestionFor(key, all);
    return [
      {
        path,
        ...(line !== undefined && { line }),
        severity: "error",
        what: `\`${key}\` cannot be locked, because it is not a setting.`,
        hint: near ? `Did you mean \`${near}\`?` : "Lock settings by their dotted names.",
        example: "locked: [mode, riskThreshold]",
      },
    ];
  });
}
