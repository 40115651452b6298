import { z } from "zod";
import type { Committing } from "../../core/domain/command.ts";
import { readMarker } from "../../core/domain/marker.ts";
import type { Account } from "../../core/domain/snapshot.ts";
import type { CommentName } from "../event.ts";
import { Gone } from "../failures.ts";
import type { BranchCommit, CommentReading, CommitResult, Conversation, Reaction, ShownComment } from "../ports.ts";
import { accountOf } from "./accounts.ts";
import { messageOf } from "./answers.ts";
import { type Call, type GitHubClient, read } from "./client.ts";
import { commitOnBranch } from "./commits.ts";
import type { RepositoryName } from "./files.ts";
import { refusalIn } from "./partial.ts";
import { accountShape } from "./shapes.ts";
import { shownComments } from "./shown-comments.ts";
import { named, refusals } from "./steps.ts";

/** GitHub writes 64-bit ids as texts. */
const bigId = z.union([z.string().regex(/^\d{1,16}$/), z.number()]).transform(Number);
const said = z.object({ fullDatabaseId: bigId.nullish(), viewerDidAuthor: z.boolean(), body: z.string() });
const list = <Node extends z.ZodType>(node: Node) => z.object({ nodes: z.array(node.nullable()).nullish() });

const pullRequest = z.object({
  number: z.number(),
  state: z.string(),
  repository: z.object({ databaseId: z.number().nullish() }),
  comments: list(said),
  reviews: list(z.object({ comments: list(said) })),
});

const commentShape = z.object({
  __typename: z.string(),
  fullDatabaseId: bigId,
  body: z.string(),
  url: z.string(),
  createdAt: z.string(),
  lastEditedAt: z.string().nullish(),
  viewerDidAuthor: z.boolean(),
  author: accountShape.nullish(),
  replyTo: z.object({ fullDatabaseId: bigId.nullish() }).nullish(),
  pullRequest: pullRequest.nullish(),
  threadIn: pullRequest.nullish(),
});

/**
 * One comment, its pull request, and what we said there lately: our answer to it is among that. GitHub wraps each comment
 * of a thread in a review of its own, which is how the latest ones are found without reading all threads.
 */
const document = `query Comment($id: ID!) {
  node(id: $id) {
    __typename
    ... on IssueComment { fullDatabaseId body url createdAt lastEditedAt viewerDidAuthor author { ...Account } pullRequest { ...Talk } }
    ... on PullRequestReviewComment { fullDatabaseId body url createdAt lastEditedAt viewerDidAuthor author { ...Account } replyTo { fullDatabaseId } threadIn: pullRequest { ...Talk } }
  }
}
fragment Talk on PullRequest {
  number state repository { databaseId }
  comments(last: 50) { nodes { fullDatabaseId viewerDidAuthor body } }
  reviews(last: 50) { nodes { comments(first: 3) { nodes { fullDatabaseId viewerDidAuthor body } } } }
}
fragment Account on Actor {
  __typename login
  ... on User { databaseId } ... on Bot { databaseId } ... on Mannequin { databaseId } ... on Organization { databaseId }
}`;

const contents = { seen: "EYES", done: "THUMBS_UP", refused: "CONFUSED" } as const satisfies Record<Reaction, string>;

const reading: Call = { what: "read the comment", needs: "Pull requests: read", kind: "read" };
const asking: Call = { what: "read who may write here", needs: "Metadata: read", kind: "read", accepts: [404] };
const reacting: Call = { what: "react to the comment", needs: "Pull requests: write", kind: "repeatable" };
const replying: Call = {
  what: "answer the comment",
  needs: "Pull requests: write",
  kind: "once",
  createsContent: true,
  accepts: refusals,
};
const editing: Call = { ...replying, kind: "repeatable", createsContent: false };

const permissionShape = z.object({ permission: z.string(), user: z.object({ id: z.number() }).nullish() });

/** How answers get onto the branch: whether the installation allows it, and a client that may then write there. */
export interface BranchAccess {
  granted(): Promise<Committing>;
  client(): GitHubClient;
}

const readOnly: BranchAccess = {
  granted: async () => ({ possible: false, why: "This App may read the files of the repository and not write them." }),
  client: () => {
    throw new Error("no client may write here");
  },
};

/** Talks in one pull request of one repository on GitHub. */
export class GitHubConversation implements Conversation {
  readonly #client: GitHubClient;
  readonly #branch: BranchAccess;
  readonly #place: RepositoryName;
  readonly #number: number;
  readonly #repositoryId: number | undefined;

  constructor(
    client: GitHubClient,
    place: RepositoryName,
    number: number,
    repositoryId?: number,
    branch: BranchAccess = readOnly,
  ) {
    this.#client = client;
    this.#branch = branch;
    this.#place = place;
    this.#number = number;
    this.#repositoryId = repositoryId;
  }

  async read(comment: CommentName): Promise<CommentReading | undefined> {
    const answer = await this.#client.graphql(document, { id: comment.nodeId }, reading);
    const refusal = refusalIn(answer.errors, ["node"]);
    if (refusal?.kind === "absent" || (!refusal && answer.data["node"] === null)) return undefined;
    if (refusal) throw refusal.asFailure(reading.what, reading.needs);
    const found = read(commentShape, answer.data["node"], reading.what);
    const { author, replyTo } = found;
    const at = found.pullRequest ?? found.threadIn;
    if (!at || at.number !== this.#number || found.fullDatabaseId !== comment.id) return undefined;
    if (this.#repositoryId !== undefined && at.repository.databaseId !== this.#repositoryId) return undefined;
    const lately = [...nodesOf(at.comments), ...nodesOf(at.reviews).flatMap((review) => nodesOf(review.comments))];
    const reply = lately.find(({ body, viewerDidAuthor }) => viewerDidAuthor && isReplyTo(body, comment.id));
    const threadStart = replyTo?.fullDatabaseId;
    return {
      body: found.body,
      url: found.url,
      at: found.createdAt,
      isEdited: found.lastEditedAt !== null && found.lastEditedAt !== undefined,
      isOurs: found.viewerDidAuthor,
      isOpen: at.state === "OPEN",
      ...(author ? { author: accountOf(author) } : {}),
      ...(threadStart ? { threadStart } : {}),
      ...(reply?.fullDatabaseId ? { reply: { id: reply.fullDatabaseId, body: reply.body } } : {}),
    };
  }

  /** By the account's id, so that a login that changed hands in between gives nobody another's right. */
  async mayWrite({ login, id }: Account): Promise<boolean> {
    const route = "GET /repos/{owner}/{repo}/collaborators/{username}/permission";
    const answer = await this.#client.rest(route, { ...named(this.#place), username: login }, asking);
    if (answer.status === 404) return false;
    const { permission, user } = read(permissionShape, answer.data, asking.what);
    if (id === undefined || user?.id !== id) return false;
    return permission === "write" || permission === "admin";
  }

  async react({ nodeId }: CommentName, reaction: Reaction, insteadOf?: Reaction): Promise<void> {
    const change = (does: string, which: Reaction) =>
      `${does}Reaction(input: { subjectId: $id, content: ${contents[which]} }) { reaction { content } }`;
    const both = [`added: ${change("add", reaction)}`, ...(insteadOf ? [`taken: ${change("remove", insteadOf)}`] : [])];
    // A locked conversation takes no reaction; that is not worth a word.
    await this.#client.graphql(`mutation React($id: ID!) {\n  ${both.join("\n  ")}\n}`, { id: nodeId }, reacting);
  }

  async reply(comment: CommentName, { reply, threadStart }: CommentReading, body: string): Promise<boolean> {
    if (reply?.body === body) return true;
    const inThread = comment.where === "thread";
    const place = named(this.#place);
    if (reply) {
      const route = inThread
        ? "PATCH /repos/{owner}/{repo}/pulls/comments/{comment_id}"
        : "PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}";
      return this.#isTaken(route, { ...place, comment_id: reply.id, body }, editing);
    }
    if (!inThread) {
      const route = "POST /repos/{owner}/{repo}/issues/{issue_number}/comments";
      return this.#isTaken(route, { ...place, issue_number: this.#number, body }, replying);
    }
    const route = "POST /repos/{owner}/{repo}/pulls/{pull_number}/comments/{comment_id}/replies";
    // Only the first comment of a thread can be replied to.
    const parameters = { ...place, pull_number: this.#number, comment_id: threadStart ?? comment.id, body };
    return this.#isTaken(route, parameters, replying);
  }

  committing(): Promise<Committing> {
    return this.#branch.granted();
  }

  shown(): Promise<readonly ShownComment[]> {
    return shownComments(this.#client, this.#place, this.#number);
  }

  commit(commit: BranchCommit, asked: CommentReading): Promise<CommitResult> {
    const place = {
      ...this.#place,
      number: this.#number,
      mark: asked.url,
      ...(this.#repositoryId === undefined ? {} : { repositoryId: this.#repositoryId }),
    };
    return commitOnBranch(this.#branch.client(), place, commit);
  }

  /** False where GitHub refuses, as in a locked conversation; an archived repository leaves nothing to do. */
  async #isTaken(route: string, parameters: Readonly<Record<string, unknown>>, call: Call): Promise<boolean> {
    const answer = await this.#client.rest(route, parameters, call);
    if (answer.status < 400) return true;
    if (/\barchived\b/i.test(messageOf(answer.data))) throw new Gone("The repository is archived.");
    return false;
  }
}

function isReplyTo(body: string, comment: number): boolean {
  const marked = readMarker(body);
  return marked?.kind === "reply" && marked.comment === comment;
}

function nodesOf<Node>(found: { readonly nodes?: readonly (Node | null)[] | null | undefined }): Node[] {
  return (found.nodes ?? []).filter((node) => node !== null);
}
