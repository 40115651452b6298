import { z } from "zod";
import type { Snapshot } from "../../core/domain/snapshot.ts";
import { type Call, type GitHubClient, read } from "./client.ts";
import type { RepositoryName } from "./files.ts";

const shape = z.object({
  tree: z.array(z.object({ path: z.string(), type: z.string() })),
  truncated: z.boolean(),
});

/** What of a snapshot the whole tree brings. */
export type Tree = Pick<Snapshot, "headPaths" | "headPathsComplete">;

/**
 * Every path of a commit in one request. GitHub lists at most 100,000 entries and 7 MB, and says so where it cut: then the
 * paths are some of them, and not complete. https://docs.github.com/rest/git/trees#get-a-tree
 */
export async function readTree(client: GitHubClient, { owner, name }: RepositoryName, commit: string): Promise<Tree> {
  const call: Call = { what: "list the files of the head commit", needs: "Contents: read", kind: "read" };
  const parameters = { owner, repo: name, tree_sha: commit, recursive: "1" };
  const answer = await client.rest("GET /repos/{owner}/{repo}/git/trees/{tree_sha}", parameters, call);
  const { tree, truncated } = read(shape, answer.data, call.what);
  const files = tree.filter(({ type }) => type === "blob");
  return { headPaths: files.map(({ path }) => path), headPathsComplete: !truncated };
}

/** Told where the tree was cut: what was not seen is not taken for absent. */
export const cutTree = {
  path: "/",
  reason:
    "GitHub lists only a part of so large a repository; a model at an unusual place is found when the policy names it under systems",
};
