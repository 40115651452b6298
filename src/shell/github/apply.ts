import type { IssuePlace } from "../../core/domain/desired.ts";
import type { Observed } from "../../core/domain/observed.ts";
import type { IssueStep, Plan, Step, StepResult } from "../../core/domain/plan.ts";
import type { Snapshot } from "../../core/domain/snapshot.ts";
import type { Subject } from "../event.ts";
import { Gone } from "../failures.ts";
import type { IssueTracker, MayWrite, Posts, Says } from "../ports.ts";
import { CheckRuns } from "./check-runs.ts";
import { type Call, type GitHubClient, read } from "./client.ts";
import { Conversation } from "./conversation.ts";
import type { Own, OwnThread } from "./observed.ts";
import { refusalIn } from "./partial.ts";
import { headQuery } from "./query.ts";
import { ReviewPosts } from "./review-posts.ts";
import { headShape } from "./shapes.ts";
import { type GitHubSource, pullRequestOf } from "./source.ts";
import type { StepOf, Target } from "./steps.ts";

/** How the pull request stands right before something is written into its conversation. */
type Standing = { readonly open: true } | { readonly open: false; readonly why: string };

/** Our posts on GitHub. */
export class GitHubPosts implements Posts {
  readonly #client: GitHubClient;
  readonly #source: GitHubSource;
  readonly #tracker: IssueTracker | undefined;
  readonly #checkRuns: CheckRuns;
  readonly #reviews: ReviewPosts;
  readonly #conversation: Conversation;
  #own: Own | undefined;
  /** The run that shows that we are at it, and the commit that it is on. */
  #begun: { readonly head: string; readonly id: Promise<number | undefined> } | undefined;
  #applies = false;
  /** GitHub's id of the repository; known where issues stand elsewhere. */
  #repositoryId: number | undefined;

  constructor(client: GitHubClient, source: GitHubSource, tracker?: IssueTracker) {
    this.#client = client;
    this.#source = source;
    this.#tracker = tracker;
    this.#checkRuns = new CheckRuns(client);
    this.#reviews = new ReviewPosts(client);
    this.#conversation = new Conversation(client);
  }

  /** What the first look showed of our posts; a snapshot that another process read is looked up anew. */
  async observed(subject: Subject, snapshot: Snapshot, issuesIn: IssuePlace | undefined): Promise<Observed> {
    this.#own = this.#source.ownOf(snapshot) ?? (await this.#source.readOwn(subject, snapshot));
    const { observed } = this.#own;
    if (!issuesIn) return observed;
    const { owner, name, id } = snapshot.repository;
    this.#repositoryId = id;
    const repository = { owner, name, ...(id === undefined ? {} : { id }) };
    const issues = await this.#tracker?.observed?.(repository, issuesIn);
    if (issues && !("unseen" in issues)) return { ...observed, issues };
    return { ...observed, issues: [], issuesUnseen: issues?.unseen ?? "no issue tracker is connected" };
  }

  /** Never throws: the verdict that follows is what counts. */
  async begin(subject: Subject, head: string, says: Says | undefined): Promise<void> {
    if (this.#applies || this.#begun !== undefined) return;
    const { owner, repository, number } = pullRequestOf(subject);
    const target = { owner, name: repository, number, head };
    this.#begun = {
      head,
      id: this.#beginCheck(target, pullRequestOf(subject).repositoryId, says).catch(() => undefined),
    };
    await this.#begun.id;
  }

  async #beginCheck(
    target: Target,
    repositoryId: number | undefined,
    says: Says | undefined,
  ): Promise<number | undefined> {
    const standing = await this.#standingOf(target, repositoryId);
    return standing.open ? this.#checkRuns.begin(target, "threat-model", says) : undefined;
  }

  /**
   * Carries out the steps in order. The check goes to the commit that was judged. Nobody is notified any more once the
   * head has moved or the pull request is closed: those steps are superseded (H010, H042). Throws the failures of
   * failures.ts; then the next evaluation sees what was done and does the rest.
   */
  async apply(subject: Subject, plan: Plan, mayWrite: MayWrite): Promise<readonly StepResult[]> {
    this.#applies = true;
    if (plan.steps.length === 0) return [];
    const { owner, repository, number } = pullRequestOf(subject);
    const target: Target = { owner, name: repository, number, head: plan.head };
    const results = new Map<Step, StepResult>();
    let standing: Standing | undefined;
    for (const step of plan.steps) {
      if (results.has(step)) continue;
      if (!(await mayWrite(step))) {
        results.set(step, { step, outcome: "superseded", why: "a later evaluation has begun" });
        continue;
      }
      if (step.do === "create-check-run" || step.do === "update-check-run") {
        const written = await this.#writeCheckRun(target, step);
        results.set(step, written.result);
        if (written.isHead) standing ??= { open: true };
        continue;
      }
      if (isIssueStep(step)) {
        results.set(step, await this.#writeIssue(target, step, plan));
        continue;
      }
      standing ??= await this.#standingOf(target, pullRequestOf(subject).repositoryId);
      if (!standing.open) results.set(step, { step, outcome: "superseded", why: standing.why });
      else if (isThreadStep(step)) await this.#resolveThreads(plan, results);
      else results.set(step, await this.#write(target, step));
    }
    return plan.steps.map((step) => results.get(step) ?? { step, outcome: "skipped", why: "the step was not reached" });
  }

  async #writeCheckRun(target: Target, step: StepOf<"create-check-run" | "update-check-run">) {
    const isBegun = step.checkRun.name === "threat-model" && this.#begun?.head === target.head;
    const begun = isBegun ? await this.#begun?.id : undefined;
    if (begun !== undefined) return this.#checkRuns.update(target, { ...step, do: "update-check-run", id: begun }, 0);
    if (step.do === "create-check-run") return this.#checkRuns.create(target, step);
    return this.#checkRuns.update(target, step, this.#own?.annotations.get(step.id) ?? 0);
  }

  async #writeIssue({ owner, name }: Target, step: IssueStep, plan: Plan): Promise<StepResult> {
    const { issuesIn, issuesUnseen } = plan;
    if (issuesUnseen !== undefined) return { step, outcome: "skipped", why: issuesUnseen };
    if (!this.#tracker) return { step, outcome: "skipped", why: "no issue tracker is connected" };
    const id = this.#repositoryId;
    return this.#tracker.apply({ owner, name, ...(id === undefined ? {} : { id }) }, step, issuesIn);
  }

  #write(target: Target, step: Exclude<Step, IssueStep | ThreadStep | CheckRunStep>): Promise<StepResult> {
    switch (step.do) {
      case "create-review":
        return this.#reviews.create(target, step);
      case "update-summary":
        return this.#conversation.updateSummary(target, step);
      case "minimize-review":
        return this.#conversation.minimize(target, step);
      case "update-comment":
        return this.#conversation.updateComment(target, step);
      case "request-review":
        return this.#conversation.requestReview(target, step);
    }
  }

  /** All threads of a plan go in one request, at the place of the first. */
  async #resolveThreads(plan: Plan, results: Map<Step, StepResult>): Promise<void> {
    const known: ReadonlyMap<string, OwnThread> = this.#own?.threads ?? new Map();
    const done = await this.#conversation.threads(plan.steps.filter(isThreadStep), known);
    for (const result of done) results.set(result.step, result);
  }

  async #standingOf(target: Target, repositoryId: number | undefined): Promise<Standing> {
    const call: Call = { what: "look where the pull request stands", needs: "Pull requests: read", kind: "read" };
    const { document, variables } = headQuery(target);
    const answer = await this.#client.graphql(document, variables, call);
    const refusal = refusalIn(answer.errors, ["repository"]);
    if (refusal) throw refusal.asFailure(call.what, call.needs);
    const { databaseId, pullRequest } = read(headShape, answer.data, call.what).repository;
    if (repositoryId !== undefined && databaseId !== repositoryId)
      throw new Gone("Another repository has this name now.");
    if (pullRequest.state !== "OPEN") return { open: false, why: "the pull request is closed" };
    if (pullRequest.headRefOid !== target.head) {
      return { open: false, why: `the head is ${pullRequest.headRefOid} now, and ${target.head} was judged` };
    }
    return { open: true };
  }
}

type ThreadStep = StepOf<"resolve-thread" | "unresolve-thread">;
type CheckRunStep = StepOf<"create-check-run" | "update-check-run">;

function isThreadStep(step: Step): step is ThreadStep {
  return step.do === "resolve-thread" || step.do === "unresolve-thread";
}

function isIssueStep(step: Step): step is IssueStep {
  switch (step.do) {
    case "create-issue":
    case "update-issue":
    case "close-issue":
    case "reopen-issue":
    case "comment-issue":
      return true;
    default:
      return false;
  }
}
