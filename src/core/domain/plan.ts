import type { DesiredCheckRun, DesiredIssue, DesiredLineComment, IssuePlace } from "./desired.ts";

/** One write. Each names what it touches, so that a plan can be read, stored and compared before it is done. */
export type Step =
  | { readonly do: "create-check-run"; readonly checkRun: DesiredCheckRun; readonly externalId: string }
  | {
      readonly do: "update-check-run";
      readonly id: number;
      readonly checkRun: DesiredCheckRun;
      readonly externalId: string;
    }
  | { readonly do: "create-review"; readonly body: string; readonly comments: readonly DesiredLineComment[] }
  | { readonly do: "update-summary"; readonly id: number; readonly body: string }
  | { readonly do: "minimize-review"; readonly nodeId: string; readonly id: number; readonly body: string }
  | { readonly do: "resolve-thread"; readonly nodeId: string; readonly fingerprint: string }
  | { readonly do: "unresolve-thread"; readonly nodeId: string; readonly fingerprint: string }
  /** Edits the first comment of an own thread that nobody answered. */
  | { readonly do: "update-comment"; readonly id: number; readonly fingerprint: string; readonly body: string }
  | { readonly do: "request-review"; readonly teams: readonly string[]; readonly users: readonly string[] }
  | { readonly do: "create-issue"; readonly issue: DesiredIssue }
  | { readonly do: "update-issue"; readonly number: number; readonly issue: DesiredIssue }
  | { readonly do: "close-issue"; readonly number: number; readonly issue: DesiredIssue }
  /** Reopens, says `issue.because` once, and brings title and body up to date. */
  | { readonly do: "reopen-issue"; readonly number: number; readonly issue: DesiredIssue }
  /** Answers, once, a person who closed the issue while the model still holds the threat open. */
  | { readonly do: "comment-issue"; readonly number: number; readonly threat: string; readonly body: string };

/** The steps that an issue tracker carries out. */
export type IssueStep = Extract<
  Step,
  { readonly do: "create-issue" | "update-issue" | "close-issue" | "reopen-issue" | "comment-issue" }
>;

/** What must be done so that GitHub shows what it should. An empty plan means that it already does. */
export interface Plan {
  readonly head: string;
  /** Where its issue steps are done; absent: on GitHub. */
  readonly issuesIn?: IssuePlace;
  /** Why its issue steps are not done: each is then skipped with these words. */
  readonly issuesUnseen?: string;
  readonly steps: readonly Step[];
}

/** What became of one step. `skipped` carries a reason that the check can say (issues disabled, conversation locked). */
export type StepResult =
  | { readonly step: Step; readonly outcome: "done"; readonly reference?: string }
  | { readonly step: Step; readonly outcome: "skipped"; readonly why: string }
  | { readonly step: Step; readonly outcome: "superseded"; readonly why: string };

/** A plan in plain words, one line a step, for dry runs and logs. The texts are as raw as their sources: escape them to show them. */
export function tell(plan: Plan): string[] {
  return plan.steps.map(tellStep);
}

function tellStep(step: Step): string {
  switch (step.do) {
    case "create-check-run":
      return `create check ${step.checkRun.name}: ${step.checkRun.conclusion}, "${step.checkRun.title}"`;
    case "update-check-run":
      return `update check ${step.checkRun.name}: ${step.checkRun.conclusion}, "${step.checkRun.title}"`;
    case "create-review":
      return `create a review with ${step.comments.length} line comment${step.comments.length === 1 ? "" : "s"}`;
    case "update-summary":
      return `edit the summary of review ${step.id}`;
    case "minimize-review":
      return `minimise the duplicate summary of review ${step.id}`;
    case "resolve-thread":
      return `resolve the thread of ${step.fingerprint}`;
    case "unresolve-thread":
      return `open the thread of ${step.fingerprint} again`;
    case "update-comment":
      return `edit the line comment of ${step.fingerprint}`;
    case "request-review":
      return `ask for review: ${[...step.teams.map((team) => `team ${team}`), ...step.users.map((user) => `@${user}`)].join(", ")}`;
    case "create-issue":
      return `open issue "${step.issue.title}"`;
    case "update-issue":
      return `update issue #${step.number} "${step.issue.title}"`;
    case "close-issue":
      return `close issue #${step.number} "${step.issue.title}"`;
    case "reopen-issue":
      return `reopen issue #${step.number} "${step.issue.title}"`;
    case "comment-issue":
      return `answer the closing of issue #${step.number}`;
  }
}
