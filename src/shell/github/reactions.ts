import { z } from "zod";
import { readMarker } from "../../core/domain/marker.ts";
import { type Call, type GitHubClient, read } from "./client.ts";
import type { RepositoryName } from "./files.ts";

/** The first comments of a pull request's threads with their reactions: some ten points of GitHub's limit. */
const reactionsDocument = `query Reactions($owner: String!, $name: String!, $number: Int!) {
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) {
      reviewThreads(first: 100) {
        nodes { comments(first: 1) { nodes { viewerDidAuthor body reactionGroups { content reactors(first: 1) { totalCount } } } } }
      }
    }
  }
}`;

/** The document that is sent, for checking it against GitHub's schema. */
export const documents = { reactionsDocument };

const commentShape = z.object({
  viewerDidAuthor: z.boolean(),
  body: z.string(),
  reactionGroups: z.array(z.object({ content: z.string(), reactors: z.object({ totalCount: z.number() }) })).nullish(),
});
const answerShape = z.object({
  repository: z.object({
    pullRequest: z
      .object({
        reviewThreads: z.object({ nodes: z.array(z.object({ comments: z.object({ nodes: z.array(commentShape) }) })) }),
      })
      .nullish(),
  }),
});

/** https://docs.github.com/graphql/reference/enums#reactioncontent; laughing and eyes say neither. */
const likes: ReadonlySet<string> = new Set(["THUMBS_UP", "HEART", "HOORAY", "ROCKET"]);
const dislikes: ReadonlySet<string> = new Set(["THUMBS_DOWN", "CONFUSED"]);

/** How people reacted to the questions that we asked on a pull request, by the question's fingerprint. */
export async function reactionsOf(
  client: GitHubClient,
  { owner, name }: RepositoryName,
  number: number,
): Promise<readonly { readonly fingerprint: string; readonly liked: number; readonly disliked: number }[]> {
  const call: Call = { what: "count reactions to our questions", needs: "Pull requests: read", kind: "read" };
  const { data } = await client.graphql(reactionsDocument, { owner, name, number }, call);
  const threads = read(answerShape, data, call.what).repository.pullRequest?.reviewThreads.nodes ?? [];
  return threads.flatMap(({ comments: { nodes } }) => {
    const [first] = nodes;
    const marked = first?.viewerDidAuthor ? readMarker(first.body) : undefined;
    if (!first || marked?.kind !== "question") return [];
    const sum = (of: ReadonlySet<string>): number =>
      (first.reactionGroups ?? [])
        .filter(({ content }) => of.has(content))
        .reduce((all, { reactors }) => all + reactors.totalCount, 0);
    return [{ fingerprint: marked.fingerprint, liked: sum(likes), disliked: sum(dislikes) }];
  });
}
