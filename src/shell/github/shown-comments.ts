import { z } from "zod";
import { readMarker } from "../../core/domain/marker.ts";
import type { ShownComment } from "../ports.ts";
import { accountOf } from "./accounts.ts";
import { type Call, type GitHubClient, read } from "./client.ts";
import type { RepositoryName } from "./files.ts";
import { refusalIn } from "./partial.ts";
import { accountShape } from "./shapes.ts";

/*
 * The comments of a pull request that we answered with a change of the model. GitHub wraps each comment of a thread in a
 * review of its own, which is how the latest ones are found without reading all threads.
 */

const document = `query Shown($owner: String!, $name: String!, $number: Int!) {
  repository(owner: $owner, name: $name) { pullRequest(number: $number) {
    comments(last: 100) { nodes { ...Said } }
    reviews(last: 100) { nodes { comments(first: 3) { nodes { ...Said } } } }
  } }
}
fragment Said on Comment {
  ... on IssueComment { fullDatabaseId url }
  ... on PullRequestReviewComment { fullDatabaseId url }
  body createdAt lastEditedAt viewerDidAuthor author { ...Account } editor { login }
}
fragment Account on Actor {
  __typename login
  ... on User { databaseId } ... on Bot { databaseId } ... on Mannequin { databaseId } ... on Organization { databaseId }
}`;

/** The document that is sent, for checking it against GitHub's schema. */
export const documents = { shown: document };

/** GitHub writes 64-bit ids as texts. */
const bigId = z.union([z.string().regex(/^\d{1,16}$/), z.number()]).transform(Number);

const saidShape = z.object({
  fullDatabaseId: bigId.nullish(),
  url: z.string(),
  body: z.string(),
  createdAt: z.string(),
  lastEditedAt: z.string().nullish(),
  viewerDidAuthor: z.boolean(),
  author: accountShape.nullish(),
  editor: z.object({ login: z.string() }).nullish(),
});
type Said = z.infer<typeof saidShape>;

const listOf = <Node extends z.ZodType>(node: Node) => z.object({ nodes: z.array(node.nullable()).nullish() });
const shape = z.object({
  repository: z.object({
    pullRequest: z.object({ comments: listOf(saidShape), reviews: listOf(z.object({ comments: listOf(saidShape) })) }),
  }),
});

const reading: Call = { what: "read the conversation", needs: "Pull requests: read", kind: "read" };

/** Oldest first. A reply of ours that somebody else edited shows nothing any more (H039). */
export async function shownComments(
  client: GitHubClient,
  { owner, name }: RepositoryName,
  number: number,
): Promise<readonly ShownComment[]> {
  const answer = await client.graphql(document, { owner, name, number }, reading);
  const refusal = refusalIn(answer.errors, ["repository"]);
  if (refusal) throw refusal.asFailure(reading.what, reading.needs);
  const { comments, reviews } = read(shape, answer.data, reading.what).repository.pullRequest;
  const all = [...nodesOf(comments), ...nodesOf(reviews).flatMap((review) => nodesOf(review.comments))];
  const replies = new Map(all.flatMap((said) => shownBy(said)));
  return all
    .flatMap((said) => {
      const shown =
        said.fullDatabaseId === null || said.viewerDidAuthor ? undefined : replies.get(said.fullDatabaseId ?? 0);
      if (!shown) return [];
      const { body, url, createdAt: at, lastEditedAt, author } = said;
      const isEdited = lastEditedAt !== null && lastEditedAt !== undefined;
      return [{ body, url, at, isEdited, shown, ...(author ? { author: accountOf(author) } : {}) }];
    })
    .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}

/** The comment that a post of ours answers, and what it showed. */
function shownBy({ body, viewerDidAuthor, author, editor }: Said): [number, ShownComment["shown"]][] {
  const marked = readMarker(body);
  if (!viewerDidAuthor || marked?.kind !== "reply" || !marked.shown) return [];
  return editor && editor.login !== author?.login ? [] : [[marked.comment, marked.shown]];
}

function nodesOf<Node>(found: { readonly nodes?: readonly (Node | null)[] | null | undefined }): Node[] {
  return (found.nodes ?? []).filter((node) => node !== null);
}
