import { z } from "zod";
import type { StepResult } from "../../core/domain/plan.ts";
import type { Call, GitHubClient } from "./client.ts";
import type { OwnThread } from "./observed.ts";
import { aliases } from "./query.ts";
import { named, refusals, resultOf, type StepOf, type Target } from "./steps.ts";

/** The steps that change what is already there of ours in a conversation, or ask somebody into it. */
export type ConversationStep = StepOf<
  "update-summary" | "minimize-review" | "resolve-thread" | "unresolve-thread" | "update-comment" | "request-review"
>;

type ThreadStep = StepOf<"resolve-thread" | "unresolve-thread">;

const editing: Call = { what: "edit our review", needs: "Pull requests: write", kind: "repeatable", accepts: refusals };
const asking: Call = { ...editing, what: "ask for a review", createsContent: true };

/** Edits, hides and resolves our own posts. Each may be done twice without harm. */
export class Conversation {
  readonly #client: GitHubClient;

  constructor(client: GitHubClient) {
    this.#client = client;
  }

  async updateSummary(target: Target, step: StepOf<"update-summary">): Promise<StepResult> {
    return resultOf(step, await this.#putBody(target, step.id, step.body), "the summary could not be edited");
  }

  async updateComment(target: Target, step: StepOf<"update-comment">): Promise<StepResult> {
    const route = "PATCH /repos/{owner}/{repo}/pulls/comments/{comment_id}";
    const parameters = { ...named(target), comment_id: step.id, body: step.body };
    return resultOf(step, await this.#client.rest(route, parameters, editing), "the comment could not be edited");
  }

  /** A submitted review cannot be deleted: its body becomes a link to the first summary, and it is hidden. */
  async minimize(target: Target, step: StepOf<"minimize-review">): Promise<StepResult> {
    const edited = await this.#putBody(target, step.id, step.body);
    if (edited.status >= 400) return resultOf(step, edited, "the duplicate summary could not be edited");
    const { document } = hideMutation([{ hide: "DUPLICATE" }]);
    const answer = await this.#client.graphql(document, { m0: step.nodeId }, editing);
    return answer.data.m0
      ? resultOf(step, edited, "")
      : refusedBy(step, answer.errors, "the duplicate summary could not be hidden");
  }

  /**
   * Resolves and reopens threads, all in one request. GitHub lets an App resolve threads only with write access to
   * contents, which we do not ask for: then our own comment is hidden as outdated, or shown again, to the same end.
   */
  async threads(steps: readonly ThreadStep[], known: ReadonlyMap<string, OwnThread>): Promise<StepResult[]> {
    const results = new Map<ThreadStep, StepResult>();
    const mayTry = steps.filter((step) => known.get(step.nodeId)?.mayResolve !== false);
    if (mayTry.length > 0) {
      const { document } = threadsMutation(mayTry);
      const answer = await this.#client.graphql(document, idsOf(mayTry.map((step) => step.nodeId)), editing);
      for (const [index, step] of mayTry.entries()) {
        if (answer.data[`m${index}`]) results.set(step, { step, outcome: "done" });
        else results.set(step, refusedBy(step, answer.errors, "the thread could not be resolved", `m${index}`));
      }
    }
    const left = steps.filter((step) => results.get(step)?.outcome !== "done" && known.has(step.nodeId));
    if (left.length > 0) {
      const { document } = hideMutation(
        left.map((step) => ({ hide: step.do === "resolve-thread" ? "OUTDATED" : undefined })),
      );
      const ids = idsOf(left.map((step) => known.get(step.nodeId)?.comment ?? ""));
      const answer = await this.#client.graphql(document, ids, editing);
      for (const [index, step] of left.entries()) {
        if (answer.data[`m${index}`]) results.set(step, { step, outcome: "done", reference: "hidden, not resolved" });
        else if (!results.has(step))
          results.set(step, refusedBy(step, answer.errors, "the comment could not be hidden", `m${index}`));
      }
    }
    return steps.map((step) => results.get(step) ?? { step, outcome: "skipped", why: "the thread is not known" });
  }

  /** Asks teams and people for a review; when GitHub refuses them together, each is asked alone. */
  async requestReview(target: Target, step: StepOf<"request-review">): Promise<StepResult> {
    const together = await this.#ask(target, step.teams, step.users);
    const names = [...step.teams, ...step.users];
    if (together.status < 300 || names.length <= 1 || together.status !== 422) {
      return resultOf(step, together, `${names.join(", ")} cannot be asked for a review`);
    }
    const refused: string[] = [];
    for (const team of step.teams) if ((await this.#ask(target, [team], [])).status >= 400) refused.push(team);
    for (const user of step.users) if ((await this.#ask(target, [], [user])).status >= 400) refused.push(user);
    if (refused.length < names.length)
      return { step, outcome: "done", reference: `not asked: ${refused.join(", ") || "nobody"}` };
    return resultOf(step, together, `${names.join(", ")} cannot be asked for a review`);
  }

  #ask(target: Target, teams: readonly string[], users: readonly string[]) {
    const route = "POST /repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers";
    const parameters = { ...named(target), pull_number: target.number, reviewers: users, team_reviewers: teams };
    return this.#client.rest(route, parameters, asking);
  }

  #putBody(target: Target, review: number, body: string) {
    const route = "PUT /repos/{owner}/{repo}/pulls/{pull_number}/reviews/{review_id}";
    return this.#client.rest(route, { ...named(target), pull_number: target.number, review_id: review, body }, editing);
  }
}

/** One document that resolves and reopens threads, each under a name of its own. */
export function threadsMutation(steps: readonly { readonly do: "resolve-thread" | "unresolve-thread" }[]): {
  readonly document: string;
} {
  return mutation(
    steps.map((step, index) => {
      const field = step.do === "resolve-thread" ? "resolveReviewThread" : "unresolveReviewThread";
      return `m${index}: ${field}(input: { threadId: $m${index} }) { thread { isResolved } }`;
    }),
  );
}

/** One document that hides comments or reviews for a reason, or shows them again where there is none. */
export function hideMutation(posts: readonly { readonly hide: "OUTDATED" | "DUPLICATE" | undefined }[]): {
  readonly document: string;
} {
  return mutation(
    posts.map(({ hide }, index) =>
      hide === undefined
        ? `m${index}: unminimizeComment(input: { subjectId: $m${index} }) { unminimizedComment { isMinimized } }`
        : `m${index}: minimizeComment(input: { subjectId: $m${index}, classifier: ${hide} }) { minimizedComment { isMinimized } }`,
    ),
  );
}

function mutation(fields: readonly string[]): { readonly document: string } {
  const ids = aliases("m", fields.length).map((name) => `$${name}: ID!`);
  return { document: `mutation Posts(${ids.join(", ")}) {\n  ${fields.join("\n  ")}\n}` };
}

function idsOf(ids: readonly string[]): Record<string, string> {
  return Object.fromEntries(ids.map((id, index) => [`m${index}`, id]));
}

const pathShape = z.array(z.union([z.string(), z.number()]));

function refusedBy<Step extends ConversationStep>(
  step: Step,
  errors: readonly { readonly path: readonly (string | number)[]; readonly message: string }[],
  otherwise: string,
  alias?: string,
): StepResult {
  const own = errors.find((error) => alias === undefined || pathShape.parse(error.path)[0] === alias) ?? errors[0];
  return { step, outcome: "skipped", why: `${otherwise}: ${own?.message.slice(0, 200) ?? "GitHub gave no reason"}` };
}
