import { z } from "zod";
import { type Call, type GitHubClient, read } from "./client.ts";
import type { RepositoryName } from "./files.ts";

const repositoryShape = z.object({ default_branch: z.string() });
const pullsShape = z.array(z.object({ number: z.number().int(), merged_at: z.string().nullish() }));

/**
 * The pull request that was merged last to the default branch, among the hundred closed ones that changed last; undefined
 * where there is none. Two requests. https://docs.github.com/rest/pulls/pulls#list-pull-requests
 */
export async function lastMergeOf(client: GitHubClient, { owner, name }: RepositoryName): Promise<number | undefined> {
  const look: Call = { what: "look at the repository", needs: "Metadata: read", kind: "read" };
  const repository = await client.rest("GET /repos/{owner}/{repo}", { owner, repo: name }, look);
  const { default_branch: base } = read(repositoryShape, repository.data, look.what);
  const list: Call = { what: "list merged pull requests", needs: "Pull requests: read", kind: "read" };
  const order = { state: "closed", base, sort: "updated", direction: "desc", per_page: 100 };
  const answer = await client.rest("GET /repos/{owner}/{repo}/pulls", { owner, repo: name, ...order }, list);
  let last: { readonly number: number; readonly at: number } | undefined;
  for (const { number, merged_at: at } of read(pullsShape, answer.data, list.what)) {
    if (at && (last === undefined || Date.parse(at) > last.at)) last = { number, at: Date.parse(at) };
  }
  return last?.number;
}
