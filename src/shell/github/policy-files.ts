import { policyPath } from "../../core/domain/policy.ts";
import type { FileReading, PolicyTexts } from "../../core/domain/snapshot.ts";
import { limits } from "../../core/text/limits.ts";
import { TryAgainLater } from "../failures.ts";
import type { GitHubClient, GraphqlError } from "./client.ts";
import { lookAtEntry, type RepositoryName, readBlob } from "./files.ts";
import { refusalIn } from "./partial.ts";
import type { BranchAnswer, FirstLook } from "./shapes.ts";

type PolicyFile = PolicyTexts["repository"];

/** The name of the repository that holds an organisation's own files. */
export const organisationRepository = ".github";

/**
 * The policy files, from the heads of default branches alone: never from the head or the base of a pull request (H013).
 * In the organisation's own `.github` repository the file is the organisation's policy, not one of that repository.
 */
export async function policyTexts(
  client: GitHubClient,
  look: FirstLook,
  errors: readonly GraphqlError[],
): Promise<PolicyTexts> {
  const { repository } = look;
  const owner = repository.owner.login;
  const here: RepositoryName = { owner, name: repository.name };
  const own = await readPolicy(client, here, repository.defaultBranchRef, errors, ["repository", "defaultBranchRef"]);
  if (repository.owner.__typename !== "Organization") return { repository: own };
  if (repository.name === organisationRepository) {
    return { organisation: own, repository: { path: policyPath, reading: { outcome: "absent" } } };
  }
  const there: RepositoryName = { owner, name: organisationRepository };
  const branch = look.organisationPolicy?.defaultBranchRef;
  return { organisation: await readPolicy(client, there, branch, errors, ["organisationPolicy"]), repository: own };
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
  return { path: policyPath, commit, reading: await readingOf(client, repository, branch) };
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
