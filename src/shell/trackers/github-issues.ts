import { z } from "zod";
import type { DesiredIssue } from "../../core/domain/desired.ts";
import { type Marked, nameInMarker, readMarker } from "../../core/domain/marker.ts";
import type { IssueStep, StepResult } from "../../core/domain/plan.ts";
import { Gone, TryAgainLater, Uncertain } from "../failures.ts";
import type { IssueTracker } from "../ports.ts";
import type { CodeHost, Tracker, TrackerCall } from "./tracker.ts";

/** Issues on GitHub itself, each with the label by which ours are found again. */
export const tracker = { name: "github", open: (host: CodeHost) => new GitHubIssues(host) } satisfies Tracker;

/** The label of every issue of a threat. */
const label = { name: "threat-model", color: "5319e7", description: "A threat of the threat model that needs work" };

interface Repository {
  readonly owner: string;
  readonly name: string;
}

/** Statuses that say that this repository takes no issues, or not this one: told once, not tried for ever (H091). */
const refusals = [403, 404, 410, 422];

class GitHubIssues implements IssueTracker {
  readonly #host: CodeHost;
  /** Repositories whose label is known to be there. */
  readonly #labelled = new Set<string>();

  constructor(host: CodeHost) {
    this.#host = host;
  }

  async apply(repository: Repository, step: IssueStep): Promise<StepResult> {
    switch (step.do) {
      case "create-issue":
        return this.#create(repository, step);
      case "update-issue":
        return this.#edit(repository, step, step.number, { title: step.issue.title, body: step.issue.body });
      case "close-issue":
        return this.#close(repository, step);
      case "reopen-issue":
        return this.#reopen(repository, step);
      case "comment-issue":
        return this.#comment(repository, step, step.number, step.body);
    }
  }

  async #create(repository: Repository, step: Extract<IssueStep, { do: "create-issue" }>): Promise<StepResult> {
    const unlabelled = await this.#ensureLabel(repository);
    if (unlabelled) return { step, outcome: "skipped", why: unlabelled };
    const { title, body, labels } = step.issue;
    const parameters = { ...named(repository), title, body, labels: [...new Set([label.name, ...labels])] };
    const call = writing("open an issue", "once");
    for (const isSecond of [false, true]) {
      try {
        const answer = await this.#host.rest("POST /repos/{owner}/{repo}/issues", parameters, call);
        return resultOf(step, answer, "issues cannot be opened here");
      } catch (error) {
        if (!(error instanceof Uncertain)) throw error;
        const there = await this.#find(repository, step.issue);
        if (there) return { step, outcome: "done", reference: there };
        if (isSecond) throw error;
      }
    }
    throw new TryAgainLater("An issue could not be opened.");
  }

  async #close(repository: Repository, step: Extract<IssueStep, { do: "close-issue" }>): Promise<StepResult> {
    const changes = { state: "closed", state_reason: "completed" };
    const closed = await this.#edit(repository, step, step.number, changes);
    return this.#say(repository, closed, step.number, step.issue);
  }

  async #reopen(repository: Repository, step: Extract<IssueStep, { do: "reopen-issue" }>): Promise<StepResult> {
    const changes = { state: "open", title: step.issue.title, body: step.issue.body };
    const opened = await this.#edit(repository, step, step.number, changes);
    return this.#say(repository, opened, step.number, step.issue);
  }

  /** Says why, once. A reason that may have been lost is not said again: the state of the issue tells the rest. */
  async #say(repository: Repository, result: StepResult, number: number, issue: DesiredIssue): Promise<StepResult> {
    if (result.outcome !== "done" || issue.because === undefined) return result;
    const parameters = { ...named(repository), issue_number: number, body: issue.because };
    try {
      await this.#host.rest(commentRoute, parameters, writing("comment on an issue", "once"));
    } catch (error) {
      if (!(error instanceof Uncertain)) throw error;
    }
    return result;
  }

  async #edit(
    repository: Repository,
    step: IssueStep,
    number: number,
    changes: Readonly<Record<string, string>>,
  ): Promise<StepResult> {
    const parameters = { ...named(repository), issue_number: number, ...changes };
    const route = "PATCH /repos/{owner}/{repo}/issues/{issue_number}";
    const answer = await this.#host.rest(route, parameters, writing("edit an issue", "repeatable"));
    return resultOf(step, answer, `issue #${number} cannot be edited`);
  }

  async #comment(repository: Repository, step: IssueStep, number: number, body: string): Promise<StepResult> {
    const parameters = { ...named(repository), issue_number: number, body };
    for (const isSecond of [false, true]) {
      try {
        const answer = await this.#host.rest(commentRoute, parameters, writing("comment on an issue", "once"));
        return resultOf(step, answer, `issue #${number} takes no comments`);
      } catch (error) {
        if (!(error instanceof Uncertain)) throw error;
        if (await this.#hasComment(repository, number, body)) return { step, outcome: "done" };
        if (isSecond) throw error;
      }
    }
    throw new TryAgainLater("A comment could not be written.");
  }

  /** Makes the label when it is missing; the reason when it cannot be made. Without it an issue would not be found again. */
  async #ensureLabel(repository: Repository): Promise<string | undefined> {
    const key = `${repository.owner}/${repository.name}`;
    if (this.#labelled.has(key)) return undefined;
    const call = writing("make a label", "repeatable");
    const answer = await this.#host.rest("POST /repos/{owner}/{repo}/labels", { ...named(repository), ...label }, call);
    // 422 is GitHub's answer when the label is there already.
    if (answer.status >= 400 && answer.status !== 422) {
      return `the label "${label.name}" cannot be made: ${reasonOf(answer.status, answer.data)}`;
    }
    this.#labelled.add(key);
    return undefined;
  }

  /** The address of our issue of this threat, when it is among the newest. */
  async #find(repository: Repository, issue: DesiredIssue): Promise<string | undefined> {
    await this.#host.wait(1000);
    const wanted = readMarker(issue.body) ?? { kind: "issue", threat: nameInMarker(issue.threat) };
    const { data } = await this.#host.graphql(newestIssues, { ...repository, label: label.name }, reading);
    const parsed = issuesShape.safeParse(data);
    if (!parsed.success) throw new TryAgainLater("GitHub's answer when asked for our issues was not whole.");
    const { nodes } = parsed.data.repository.issues;
    return nodes.find((node) => node.viewerDidAuthor && isSame(readMarker(node.body), wanted))?.url;
  }

  async #hasComment(repository: Repository, number: number, body: string): Promise<boolean> {
    await this.#host.wait(1000);
    const wanted = readMarker(body);
    const { data } = await this.#host.graphql(latestComments, { ...repository, number }, reading);
    const parsed = commentsShape.safeParse(data);
    if (!parsed.success) throw new TryAgainLater("GitHub's answer when asked for the comments was not whole.");
    const { nodes } = parsed.data.repository.issue.comments;
    return nodes.some(
      (node) => node.viewerDidAuthor && (wanted ? isSame(readMarker(node.body), wanted) : node.body === body),
    );
  }
}

const commentRoute = "POST /repos/{owner}/{repo}/issues/{issue_number}/comments";

const newestIssues = `query NewestIssues($owner: String!, $name: String!, $label: String!) {
  repository(owner: $owner, name: $name) {
    issues(first: 50, labels: [$label], states: [OPEN, CLOSED], orderBy: { field: CREATED_AT, direction: DESC }) { nodes { body url viewerDidAuthor } }
  }
}`;

const latestComments = `query LatestComments($owner: String!, $name: String!, $number: Int!) {
  repository(owner: $owner, name: $name) { issue(number: $number) { comments(last: 20) { nodes { body viewerDidAuthor } } } }
}`;

/** The documents that are sent, for checking them against GitHub's schema. */
export const documents = { newestIssues, latestComments };

const post = z.object({ body: z.string(), url: z.string().optional(), viewerDidAuthor: z.boolean() });
const issuesShape = z.object({ repository: z.object({ issues: z.object({ nodes: z.array(post) }) }) });
const commentsShape = z.object({
  repository: z.object({ issue: z.object({ comments: z.object({ nodes: z.array(post) }) }) }),
});

const reading: TrackerCall = { what: "look for our own issues", needs: "Issues: read", kind: "read" };

function writing(what: string, kind: "repeatable" | "once"): TrackerCall {
  return { what, needs: "Issues: write", kind, createsContent: kind === "once", accepts: refusals };
}

function named(repository: Repository): { owner: string; repo: string } {
  return { owner: repository.owner, repo: repository.name };
}

function resultOf(step: IssueStep, answer: { status: number; data: unknown }, otherwise: string): StepResult {
  if (answer.status < 300) {
    const reference = z.object({ html_url: z.string() }).safeParse(answer.data);
    return { step, outcome: "done", ...(reference.success ? { reference: reference.data.html_url } : {}) };
  }
  return { step, outcome: "skipped", why: `${otherwise}: ${reasonOf(answer.status, answer.data)}` };
}

function reasonOf(status: number, data: unknown): string {
  if (status === 410) return "issues are disabled";
  const parsed = z.object({ message: z.string() }).safeParse(data);
  const said = parsed.success ? parsed.data.message.replace(/\s+/g, " ").slice(0, 200) : "no reason given";
  if (/archived/i.test(said)) throw new Gone("The repository is archived.");
  return `${said} (${status})`;
}

function isSame(one: Marked | undefined, other: Marked): boolean {
  if (one === undefined) return false;
  if (one.kind === "issue" || one.kind === "closing") return one.kind === other.kind && one.threat === other.threat;
  return false;
}
