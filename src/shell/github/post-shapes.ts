import { z } from "zod";
import { listOf } from "./answer-lists.ts";

/* The shapes of what is posted on a pull request and in issues, as GitHub shows it: among it we find our own (see shapes.ts). */

/** GitHub writes 64-bit ids as texts. */
const bigId = z.union([z.string().regex(/^\d{1,16}$/), z.number()]).transform(Number);

export const postShape = z.object({
  id: z.string(),
  fullDatabaseId: bigId.nullish(),
  viewerDidAuthor: z.boolean(),
  isMinimized: z.boolean().optional(),
  state: z.string(),
  body: z.string(),
  author: z.object({ login: z.string() }).nullish(),
  commit: z.object({ oid: z.string() }).nullish(),
});
export type PostAnswer = z.infer<typeof postShape>;

export const threadShape = z.object({
  id: z.string(),
  isResolved: z.boolean(),
  viewerCanResolve: z.boolean().optional(),
  viewerCanUnresolve: z.boolean().optional(),
  resolvedBy: z.object({ login: z.string() }).nullish(),
  comments: z.object({
    totalCount: z.number(),
    nodes: z
      .array(
        z
          .object({
            id: z.string(),
            fullDatabaseId: bigId.nullish(),
            state: z.string().optional(),
            viewerDidAuthor: z.boolean(),
            isMinimized: z.boolean().optional(),
            minimizedReason: z.string().nullish(),
            body: z.string(),
            url: z.string().optional(),
          })
          .nullable(),
      )
      .nullish(),
  }),
});
export type ThreadAnswer = z.infer<typeof threadShape>;

export const issueShape = z.object({
  number: z.number().int(),
  title: z.string(),
  body: z.string(),
  state: z.string(),
  viewerDidAuthor: z.boolean(),
  timelineItems: listOf(
    z.object({ actor: z.object({ __typename: z.string().optional(), login: z.string() }).nullish() }),
  ).nullish(),
  comments: listOf(z.object({ viewerDidAuthor: z.boolean(), body: z.string() })).nullish(),
});
export type IssueAnswer = z.infer<typeof issueShape>;

const ownReview = z.object({
  id: z.string(),
  fullDatabaseId: bigId.nullish(),
  viewerDidAuthor: z.boolean(),
  state: z.string(),
  body: z.string(),
  url: z.string().optional(),
  commit: z.object({ oid: z.string() }).nullish(),
  comments: listOf(z.object({ body: z.string() })).nullish(),
});
export type OwnReviewAnswer = z.infer<typeof ownReview>;

/** The answer to `ownReviewsQuery`. */
export const ownReviewsShape = z.object({
  repository: z.object({ pullRequest: z.object({ id: z.string(), reviews: listOf(ownReview) }) }),
});
