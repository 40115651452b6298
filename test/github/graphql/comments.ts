import type { PullRequest, Repository } from "../world.ts";
import { issueCommentShape } from "./issues.ts";
import { pullRequestShape } from "./pull-requests.ts";
import { threadCommentShape } from "./reviews.ts";
import type { Context, Shape } from "./shape.ts";

/** The comment of a pull request that a global id stands for: of its conversation, or of a thread. */
export function commentShapeIn(
  context: Context,
  repository: Repository,
  pull: PullRequest,
  named: { readonly kind: string; readonly key: string } | undefined,
): Shape | undefined {
  const pullRequest = () => pullRequestShape(context, repository, pull);
  if (named?.kind === "IssueComment") {
    const comment = pull.comments.find((one) => String(one.id) === named.key);
    return comment && { ...issueCommentShape(context, repository, pull, comment), pullRequest };
  }
  if (named?.kind !== "PullRequestReviewComment") return undefined;
  for (const thread of pull.threads) {
    const comment = thread.comments.find((one) => String(one.id) === named.key);
    if (comment) return { ...threadCommentShape(context, repository, pull, thread, comment), pullRequest };
  }
  return undefined;
}
