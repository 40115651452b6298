import { ownClassificationPath, policyPath } from "../../core/domain/policy.ts";
import type { NotInspected } from "../../core/domain/problem.ts";
import type { FileReading, OwnRuleTexts, PolicyTexts } from "../../core/domain/snapshot.ts";
import { limits } from "../../core/text/limits.ts";
import { TryAgainLater } from "../failures.ts";
import type { GitHubClient, GraphqlError } from "./client.ts";
import { lookAtEntry, type RepositoryName, readBlob } from "./files.ts";
import { ownRuleFolders } from "./fragments.ts";
import { refusalIn } from "./partial.ts";
import type { BranchAnswer, FirstLook } from "./shapes.ts";
import { filesIn, readTexts } from "./texts.ts";

type PolicyFile = PolicyTexts["repository"];

/** The name of the repository that holds an organisation's own files. */
export const organisationRepository = ".github";

/** What the operator says of the organisation's policy, and what earlier evaluations saw. */
export interface OrganisationPolicyKnowledge {
  /**
   * `seen`: used where it is seen. `required`: nothing is judged without it. `none`: the operator answers for there being
   * none, and nothing is said where it is not seen.
   */
  readonly demand: "seen" | "required" | "none";
  /** Whether an earlier evaluation saw one for this owner. */
  readonly wasSeen?: (owner: string) => Promise<boolean>;
}

/** What of GitHub's answer says which policies there are. */
export interface PolicyLook {
  readonly repository: Pick<FirstLook["repository"], "name" | "isPrivate" | "owner" | "defaultBranchRef">;
  readonly organisationPolicy?: FirstLook["organisationPolicy"];
}

/**
 * The policy files, from the heads of default branches alone: never from the head or the base of a pull request (H013).
 * In the organisation's own `.github` repository the file is the organisation's policy, not one of that repository.
 */
export async function policyTexts(
  client: GitHubClient,
  look: PolicyLook,
  errors: readonly GraphqlError[],
  knowledge: OrganisationPolicyKnowledge = { demand: "seen" },
): Promise<PolicyTexts> {
  const { repository } = look;
  const owner = repository.owner.login;
  const here: RepositoryName = { owner, name: repository.name };
  const own = await readPolicy(client, here, repository.defaultBranchRef, errors, ["repository", "defaultBranchRef"]);
  if (repository.owner.__typename !== "Organization") return { repository: own };
  if (repository.name === organisationRepository) {
    const isPrivate = repository.isPrivate;
    return { organisation: { ...own, isPrivate }, repository: { path: policyPath, reading: { outcome: "absent" } } };
  }
  const there: RepositoryName = { owner, name: organisationRepository };
  const branch = look.organisationPolicy?.defaultBranchRef;
  const found = await readPolicy(client, there, branch, errors, ["organisationPolicy"]);
  if (found.reading.outcome !== "absent" || look.organisationPolicy) {
    const { isPrivate } = look.organisationPolicy ?? {};
    return { organisation: { ...found, ...(isPrivate === undefined ? {} : { isPrivate }) }, repository: own };
  }
  const organisation = { path: policyPath, reading: await notShown(client, there, knowledge) };
  return { organisation, repository: own };
}

/**
 * GitHub answers "not found" for a repository that is not there and for a private one that our token does not reach
 * (https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api#404-not-found-for-an-existing-resource).
 * An installation on all repositories would reach it, so there it is not there. Otherwise nobody can tell: a lock that is
 * not seen must not pass for one that is not set.
 */
async function notShown(
  client: GitHubClient,
  { owner, name }: RepositoryName,
  { demand, wasSeen }: OrganisationPolicyKnowledge,
): Promise<FileReading> {
  if (demand === "none") return { outcome: "absent" };
  const coverage = await client.identity.coverage?.();
  const place = `${owner}/${name}`;
  if (coverage === "all" && demand !== "required") return { outcome: "absent" };
  const what = `The policy of the organisation ${owner} is not shown to us:`;
  const needs = `Contents: read on ${place}; an owner of ${owner} adds that repository to those that Threatgate is installed on`;
  if (demand === "required") {
    return { outcome: "denied", needs, why: `${what} this service judges nothing without it.` };
  }
  if (await wasSeen?.(owner)) {
    return {
      outcome: "denied",
      needs,
      why: `${what} it was seen before, and what it locks must not be judged without.`,
    };
  }
  const why = `UNKNOWN: whether ${owner} has a policy for all its repositories. GitHub does not show us ${place}, which may not exist, or may be private and not covered.`;
  return { outcome: "unseen", why, next: nextFor(client, owner, place) };
}

function nextFor({ identity: { door } }: GitHubClient, owner: string, place: string): string {
  if (door === "app") {
    return `If there is one, an owner of ${owner} adds ${place} to the repositories that Threatgate is installed on. If there is none, the operator sets ORGANISATION_POLICY=none.`;
  }
  const token = door === "action" ? "The workflow's own token reaches this repository only: give" : "Give";
  return `${token} a token that may read ${place}, or set ORGANISATION_POLICY=none where there is no such policy.`;
}

async function readPolicy(
  client: GitHubClient,
  repository: RepositoryName,
  branch: BranchAnswer | null | undefined,
  errors: readonly GraphqlError[],
  part: readonly string[],
): Promise<PolicyFile> {
  const refusal = refusalIn(errors, part);
  if (refusal?.kind === "denied") {
    const needs = `Contents: read on ${repository.owner}/${repository.name}`;
    return { path: policyPath, reading: { outcome: "denied", needs } };
  }
  if (!branch) return { path: policyPath, reading: { outcome: "absent" } };
  const commit = branch.target?.oid;
  if (!commit)
    throw new TryAgainLater(`GitHub did not show the default branch of ${repository.owner}/${repository.name}.`);
  const rules = await ownRulesOf(client, repository, commit, branch);
  const reading = await readingOf(client, repository, branch);
  return { path: policyPath, commit, reading, ...(rules ? { rules } : {}) };
}

/** Rules of one commit do not change: those of as many commits are remembered, so that they cost no request each time. */
const mostRemembered = 100;
const remembered = new Map<string, OwnRuleTexts>();

/** The rule files beside a policy, if there are any: their names came with the first look, their texts cost a request. */
async function ownRulesOf(
  client: GitHubClient,
  repository: RepositoryName,
  commit: string,
  { target }: BranchAnswer,
): Promise<OwnRuleTexts | undefined> {
  const paths: string[] = [];
  const notRead: NotInspected[] = [];
  for (const kind of ["changeRules", "threatRules"] as const) {
    const listed = filesIn(target?.[kind]?.object?.entries ?? [], ownRuleFolders[kind])
      .filter(isRuleFile)
      .sort();
    paths.push(...listed.slice(0, limits.ownRules));
    notRead.push(...listed.slice(limits.ownRules).map((path) => ({ path, reason: "there are too many" })));
  }
  if (target?.classification?.type === "blob") paths.push(ownClassificationPath);
  if (paths.length === 0) return undefined;
  const key = `${client.address.rest} ${repository.owner}/${repository.name}@${commit}`;
  const known = remembered.get(key);
  if (known) return known;
  const texts = await readTexts(client, repository, commit, paths);
  const rules = { files: texts.texts, notRead: [...notRead, ...texts.notRead] };
  remembered.set(key, rules);
  for (const oldest of remembered.keys()) {
    if (remembered.size <= mostRemembered) break;
    remembered.delete(oldest);
  }
  return rules;
}

function isRuleFile(path: string): boolean {
  return /\.ya?ml$/.test(path);
}

async function readingOf(client: GitHubClient, repository: RepositoryName, branch: BranchAnswer): Promise<FileReading> {
  const first = lookAtEntry(branch.target?.file, limits.policyBytes);
  const look = first.found === "elsewhere" ? await readBlob(client, repository, first.blob, limits.policyBytes) : first;
  switch (look.found) {
    case "text":
      return { outcome: "present", text: look.text };
    case "nothing":
      return { outcome: "absent" };
    case "refused":
      return { outcome: "refused", why: look.why };
    case "elsewhere":
      return { outcome: "failed", why: "GitHub gave only a part of it" };
  }
}
