import type { PolicyTexts, PropertiesReading } from "../../core/domain/snapshot.ts";
import { type GitHubClient, read } from "./client.ts";
import type { RepositoryName } from "./files.ts";
import { refusalIn } from "./partial.ts";
import { type OrganisationPolicyKnowledge, policyTexts } from "./policy-files.ts";
import { readProperties } from "./properties.ts";
import { policyQuery } from "./query.ts";
import { policyLookShape } from "./shapes.ts";

/** What decides which settings hold for a repository, as GitHub shows it now. */
export interface RepositoryPolicyReading {
  readonly texts: PolicyTexts;
  readonly owner: string;
  readonly name: string;
  readonly isPrivate: boolean;
  /** Head of the default branch; absent where there is no commit. */
  readonly commit?: string;
  /** Reads the custom properties, for a policy that depends on them. */
  properties(): Promise<PropertiesReading>;
}

/** Reads the policies of a repository and its owner, without a pull request. Throws only the three kinds of failures.ts. */
export async function readRepositoryPolicy(
  client: GitHubClient,
  repository: RepositoryName,
  knowledge?: OrganisationPolicyKnowledge,
): Promise<RepositoryPolicyReading> {
  const call = { what: "read the policy of the repository", needs: "Contents: read", kind: "read" } as const;
  const { document, variables } = policyQuery(repository);
  const { data, errors } = await client.graphql(document, variables, call);
  const missing = errors.filter(({ path }) => path.length === 1);
  const refusal = data["repository"] ? undefined : refusalIn(missing, ["repository"]);
  if (refusal) throw refusal.asFailure(call.what, call.needs);
  const look = read(policyLookShape, data, call.what);
  const place = { owner: look.repository.owner.login, name: look.repository.name };
  const texts = await policyTexts(client, look, errors, knowledge);
  const commit = look.repository.defaultBranchRef?.target?.oid;
  const facts = { isPrivate: look.repository.isPrivate, ...(commit === undefined ? {} : { commit }) };
  return { texts, ...place, ...facts, properties: () => readProperties(client, place) };
}
