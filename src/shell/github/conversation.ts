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
    const answer = await this.#client.graphql(
      mutationOf([{ does: "hide as duplicate" }]),
      { m0: step.nodeId },
      editing,
    );
    return answer.data.m0
      ? resultOf(step, edited, "")
      : refusedBy(step, answer.errors, "the duplicate summary could not be hidden");
  }

  /**
   * Resolves and reopens threads, all in one request. GitHub lets an App resolve threads only with write access to
   * contents, which we do not ask for: then our own comment is hidden as outdated, and shown again, to the same end.
   */
  async threads(steps: readonly ThreadStep[], known: ReadonlyMap<string, OwnThread>): Promise<StepResult[]> {
    const first = await this.#mutate(steps.flatMap((step) => mutationsFor(step, known.get(step.nodeId))));
    const refused = steps.filter((step) => first.get(step)?.outcome === "skipped" && step.do === "resolve-thread");
    const hiding = refused.flatMap((step) => hideInstead(step, known.get(step.nodeId)));
    const second = hiding.length > 0 ? await this.#mutate(hiding) : new Map<ThreadStep, StepResult>();
    return steps.map((step) => second.get(step) ?? first.get(step) ?? { step, outcome: "done" });
  }

  async #mutate(mutations: readonly ThreadMutation[]): Promise<Map<ThreadStep, StepResult>> {
    const results = new Map<ThreadStep, StepResult>();
    if (mutations.length === 0) return results;
    const ids = Object.fromEntries(mutations.map(({ id }, index) => [`m${index}`, id]));
    const answer = await this.#client.graphql(mutationOf(mutations), ids, editing);
    for (const [index, { step, does }] of mutations.entries()) {
      const alias = `m${index}`;
      if (!answer.data[alias])
        results.set(step, refusedBy(step, answer.errors, "the thread could not be changed", alias));
      else if (!results.has(step)) results.set(step, { step, outcome: "done", reference: does });
    }
    return results;
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

/** What can be done with a thread or the comment that began it. */
const fields = {
  resolve: "resolveReviewThread(input: { threadId: $id }) { thread { isResolved } }",
  unresolve: "unresolveReviewThread(input: { threadId: $id }) { thread { isResolved } }",
  hide: "minimizeComment(input: { subjectId: $id, classifier: OUTDATED }) { minimizedComment { isMinimized } }",
  show: "unminimizeComment(input: { subjectId: $id }) { unminimizedComment { isMinimized } }",
  "hide as duplicate":
    "minimizeComment(input: { subjectId: $id, classifier: DUPLICATE }) { minimizedComment { isMinimized } }",
} as const;

type Field = keyof typeof fields;

interface ThreadMutation {
  readonly step: ThreadStep;
  readonly does: Field;
  readonly id: string;
}

function mutationsFor(step: ThreadStep, thread: OwnThread | undefined): ThreadMutation[] {
  const { nodeId } = step;
  if (step.do === "resolve-thread") {
    if (thread?.mayResolve === false) return hideInstead(step, thread);
    return [{ step, does: "resolve", id: nodeId }];
  }
  if (!thread) return [{ step, does: "unresolve", id: nodeId }];
  return [
    ...(thread.isHidden ? [{ step, does: "show" as const, id: thread.comment }] : []),
    ...(thread.isResolved ? [{ step, does: "unresolve" as const, id: nodeId }] : []),
  ];
}

function hideInstead(step: ThreadStep, thread: OwnThread | undefined): ThreadMutation[] {
  return thread ? [{ step, does: "hide", id: thread.comment }] : [];
}

/** One document of several mutations, each under a name of its own (`m0`, `m1` …) and with a variable of that name. */
export function mutationOf(mutations: readonly { readonly does: Field }[]): string {
  const ids = aliases("m", mutations.length).map((name) => `$${name}: ID!`);
  const asked = mutations.map(({ does }, index) => `m${index}: ${fields[does].replace("$id", `$m${index}`)}`);
  return `mutation Posts(${ids.join(", ")}) {\n  ${asked.join("\n  ")}\n}`;
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
