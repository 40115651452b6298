import { ownRulesFolder, policyPath } from "./domain/policy.ts";
import type { FileReading, OwnRuleTexts, PolicyText, PolicyTexts, Snapshot } from "./domain/snapshot.ts";

/*
 * What a pull request makes of the policy: the texts as they would be read from the default branch after the merge. Nothing
 * is judged by them but to say what would change.
 */

/** Whether a pull request touches the policy file or the rules beside it. */
export function changesPolicy({ files }: Pick<Snapshot, "files">): boolean {
  return files.some((file) => isOfPolicy(file.filename) || isOfPolicy(file.previous_filename ?? ""));
}

/** Whether a path is that of the policy or of a rule beside it. */
export function isOfPolicy(path: string): boolean {
  return path === policyPath || isOwnRule(path);
}

function isOwnRule(path: string): boolean {
  return path.startsWith(`${ownRulesFolder}/`) && /\.ya?ml$/.test(path);
}

/** Whether the pull request is one of the repository that holds the organisation's own policy. */
export function isOrganisationsOwn({ policy, repository }: Pick<Snapshot, "policy" | "repository">): boolean {
  return policy.organisation !== undefined && repository.name.toLowerCase() === ".github";
}

/** The text of the policy file at the head: `absent` when the pull request takes it away, undefined when it was not read. */
export function headPolicy(snapshot: Snapshot): FileReading | undefined {
  const file = snapshot.files.find(
    ({ filename, previous_filename }) => filename === policyPath || previous_filename === policyPath,
  );
  if (!file) return ownText(snapshot).reading;
  if (file.status === "removed" || file.filename !== policyPath) return { outcome: "absent" };
  const text = snapshot.models.find(({ path }) => path === policyPath)?.text;
  return text === undefined ? undefined : { outcome: "present", text };
}

/** The policy of this repository after the merge, with the rules beside it; undefined when its text was not read. */
export function policyAfterMerge(snapshot: Snapshot): PolicyText | undefined {
  const reading = headPolicy(snapshot);
  if (reading === undefined) return undefined;
  const { rules: before, ...text } = ownText(snapshot);
  const rules = rulesAfterMerge(before, snapshot);
  return { ...text, reading, ...(rules.files.length + rules.notRead.length > 0 ? { rules } : {}) };
}

/** All policy texts of a repository with another text of the one that a pull request changes. */
export function withPolicyText(texts: PolicyTexts, after: PolicyText, isOrganisation: boolean): PolicyTexts {
  return isOrganisation ? { ...texts, organisation: after } : { ...texts, repository: after };
}

function ownText(snapshot: Pick<Snapshot, "policy" | "repository">): PolicyText {
  const { organisation, repository } = snapshot.policy;
  return isOrganisationsOwn(snapshot) && organisation ? organisation : repository;
}

function rulesAfterMerge(before: OwnRuleTexts | undefined, snapshot: Snapshot): OwnRuleTexts {
  const files = new Map((before?.files ?? []).map((file) => [file.path, file]));
  const notRead = [...(before?.notRead ?? [])];
  for (const { filename, previous_filename: former, status } of snapshot.files) {
    if (former !== undefined) files.delete(former);
    if (!isOwnRule(filename)) continue;
    files.delete(filename);
    if (status === "removed") continue;
    const read = snapshot.models.find(({ path }) => path === filename);
    if (read) files.set(filename, read);
    else notRead.push({ path: filename, reason: "its new text could not be read" });
  }
  return { files: [...files.values()].toSorted((one, other) => (one.path < other.path ? -1 : 1)), notRead };
}
