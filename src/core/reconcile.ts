import {
  type Desired,
  type DesiredCheckRun,
  type DesiredIssue,
  type DesiredLineComment,
  type DesiredReview,
  issueDigest,
  withDueOf,
} from "./domain/desired.ts";
import { nameInMarker, readMarker, writeMarker } from "./domain/marker.ts";
import type { Observed } from "./domain/observed.ts";
import type { Plan, Step } from "./domain/plan.ts";
import { shortDigest } from "./domain/threat-id.ts";
import { exceeds } from "./text/limits.ts";

type Thread = Observed["threads"][number];
type Summary = Observed["summaries"][number];

/**
 * What must be written so that GitHub shows `desired` where it now shows `observed`, for the commit `head`. Pure, and
 * idempotent: once the steps are done and observed again, the plan is empty. It touches only what `observed` holds,
 * which is ours by marker and by account; what people answered, resolved or closed stays theirs. At most one step of
 * a plan is a created text of the conversation.
 * @param lastRecord digest of the repository's last record, which a check that is written anyway states; empty for none
 */
export function reconcile(desired: Desired, observed: Observed, head: string, lastRecord = ""): Plan {
  const steps: Step[] = [];
  for (const checkRun of [desired.checkRun, desired.policyCheckRun]) {
    if (checkRun) steps.push(...checkRunSteps(checkRun, observed, head).map((step) => stating(step, lastRecord)));
  }
  steps.push(...conversationSteps(desired, observed));
  steps.push(...reviewRequestSteps(desired, observed));
  steps.push(...issueSteps(desired.issues, observed));
  return {
    head,
    steps,
    ...(desired.issuesIn ? { issuesIn: desired.issuesIn } : {}),
    ...(observed.issuesUnseen === undefined ? {} : { issuesUnseen: observed.issuesUnseen }),
  };
}

/**
 * The `external_id` of a check run: a digest of what it says about `head`, and one of its annotations alone. They are
 * apart because GitHub appends the annotations of an update to those that are there: "Each time you update the check
 * run, annotations are appended". https://docs.github.com/rest/checks/runs#update-a-check-run
 */
export function externalIdOf(checkRun: DesiredCheckRun, head: string): string {
  const { name, conclusion, title, summary, text = "", annotations } = checkRun;
  const says = shortDigest(JSON.stringify([head, name, conclusion, title, summary, text]), 26);
  return `${says}.${annotationsDigest(annotations)}`;
}

function annotationsDigest(annotations: DesiredCheckRun["annotations"]): string {
  const fields = annotations.map((a) => [a.path, a.start_line, a.end_line, a.annotation_level, a.title, a.message]);
  return shortDigest(JSON.stringify(fields), 13);
}

/** GitHub's limit for the text of a check run. https://docs.github.com/rest/checks/runs#create-a-check-run */
const mostText = 65_535;

/**
 * A step on a check run that also says which record came before: who holds GitHub's checks can tell a chain of records that
 * was cut, replaced or begun anew. It is no part of what the check says, so that a new record alone rewrites no check.
 */
function stating(step: Step, lastRecord: string): Step {
  if (lastRecord === "" || (step.do !== "create-check-run" && step.do !== "update-check-run")) return step;
  const { checkRun } = step;
  const line = `<sub>Record of this repository before this one: \`${lastRecord}\`</sub>`;
  const text = checkRun.text === undefined ? line : `${checkRun.text}\n\n${line}`;
  return exceeds(text, mostText) ? step : { ...step, checkRun: { ...checkRun, text } };
}

function checkRunSteps(checkRun: DesiredCheckRun, observed: Observed, head: string): Step[] {
  const externalId = externalIdOf(checkRun, head);
  const latest = observed.checkRuns.find((run) => run.name === checkRun.name);
  if (!latest) return [{ do: "create-check-run", checkRun, externalId }];
  if (latest.conclusion === checkRun.conclusion && latest.externalId === externalId) return [];

  // One that is still in progress has no annotations yet: it can take them all.
  if (latest.conclusion === null) return [{ do: "update-check-run", id: latest.id, checkRun, externalId }];
  const sameAnnotations = latest.externalId.split(".")[1] === annotationsDigest(checkRun.annotations);
  if (sameAnnotations) {
    return [{ do: "update-check-run", id: latest.id, checkRun: { ...checkRun, annotations: [] }, externalId }];
  }
  return [{ do: "create-check-run", checkRun, externalId }];
}

function conversationSteps(desired: Desired, observed: Observed): Step[] {
  const { review } = desired;
  if (review === "leave") return [];
  const [first, ...duplicates] = observed.summaries;
  const steps: Step[] = [];

  if ("ask" in review) {
    const known = new Set(observed.threads.map((thread) => thread.fingerprint));
    const comments = onePerQuestion(review.ask.comments);
    const fresh = comments.filter((comment) => !known.has(comment.fingerprint));
    if (!first) {
      steps.push({ do: "create-review", body: review.ask.summary, comments: fresh });
    } else {
      steps.push(...summarySteps(first, `${review.ask.summary}${foldedQuestions(first.body)}`));
      if (fresh.length > 0) steps.push({ do: "create-review", body: linkToFirst(first, desired), comments: fresh });
    }
    steps.push(...threadSteps({ ...review.ask, comments }, observed.threads));
  } else {
    if (first) steps.push(...summarySteps(first, review.settled));
    steps.push(...threadSteps({ summary: review.settled, comments: [] }, observed.threads));
  }

  for (const duplicate of duplicates) {
    if (!first) break;
    steps.push({
      do: "minimize-review",
      nodeId: duplicate.nodeId,
      id: duplicate.id,
      body: linkToFirst(first, desired),
    });
  }
  return steps;
}

function summarySteps(first: Summary, body: string): Step[] {
  return sameText(first.body, body) ? [] : [{ do: "update-summary", id: first.id, body }];
}

/**
 * The questions below a body, each after a rule and under its marker: GitHub took them at no place of the diff, so they
 * were written there, and an edit of the summary must not lose them. Our own texts hold no other marker (H038).
 */
function foldedQuestions(body: string): string {
  return /\n\n---\n\n<!-- threatgate:1 question [^\n]*-->[\s\S]*$/.exec(normalised(body))?.[0] ?? "";
}

/** One line that leads to the summary: the body of a later review, and of a duplicate. */
function linkToFirst(first: Summary, desired: Desired): string {
  const marked = readMarker(first.body);
  const marker =
    marked?.kind === "summary" ? `${writeMarker({ kind: "further", pullRequest: marked.pullRequest })}\n` : "";
  return `${marker}Belongs to the [threat model summary](${desired.pullRequestUrl ?? ""}#pullrequestreview-${first.id}).`;
}

function threadSteps(ask: DesiredReview, threads: readonly Thread[]): Step[] {
  const standing = new Set([...ask.comments.map((comment) => comment.fingerprint), ...(ask.alsoOpen ?? [])]);
  const bodies = new Map(ask.comments.map((comment) => [comment.fingerprint, comment.body]));
  const keepers = keeperOfEachQuestion(threads);
  const steps: Step[] = [];
  for (const thread of threads) {
    if (thread.answered) continue;
    const { nodeId, fingerprint, comment } = thread;
    const stands = standing.has(fingerprint) && keepers.get(fingerprint) === thread;
    if (!stands) {
      if (!thread.isResolved) steps.push({ do: "resolve-thread", nodeId, fingerprint });
      continue;
    }
    // Resolved, and by nobody else: we did it when the question was gone, and now it is back.
    if (thread.isResolved) steps.push({ do: "unresolve-thread", nodeId, fingerprint });
    const body = bodies.get(fingerprint);
    if (comment && body !== undefined && !sameText(comment.body, body)) {
      steps.push({ do: "update-comment", id: comment.id, fingerprint, body });
    }
  }
  return steps;
}

/** Two evaluations at once may have started two threads of one question: the answered one stays, else the oldest open one. */
function keeperOfEachQuestion(threads: readonly Thread[]): ReadonlyMap<string, Thread> {
  const keepers = new Map<string, Thread>();
  const rank = (thread: Thread): number => (thread.answered ? 2 : thread.isResolved ? 0 : 1);
  for (const thread of threads) {
    const keeper = keepers.get(thread.fingerprint);
    if (!keeper || rank(thread) > rank(keeper)) keepers.set(thread.fingerprint, thread);
  }
  return keepers;
}

function onePerQuestion(comments: readonly DesiredLineComment[]): DesiredLineComment[] {
  const seen = new Map<string, DesiredLineComment>();
  for (const comment of comments) {
    if (!seen.has(comment.fingerprint)) seen.set(comment.fingerprint, comment);
  }
  return [...seen.values()];
}

function reviewRequestSteps(desired: Desired, observed: Observed): Step[] {
  // GitHub compares logins and slugs without regard to case.
  const asked = new Set(
    [...observed.requestedTeams, ...observed.requestedUsers, ...observed.reviewedBy].map((name) => name.toLowerCase()),
  );
  const notYet = (names: readonly string[]) => [...new Set(names)].filter((name) => !asked.has(name.toLowerCase()));
  const teams = notYet(desired.reviewers.teams);
  const users = notYet(desired.reviewers.users);
  return teams.length + users.length > 0 ? [{ do: "request-review", teams, users }] : [];
}

function issueSteps(issues: readonly DesiredIssue[], observed: Observed): Step[] {
  const steps: Step[] = [];
  const done = new Set<string>();
  for (const issue of issues) {
    const name = nameInMarker(issue.threat);
    if (done.has(name)) continue;
    done.add(name);
    const there = observed.issues
      .filter((candidate) => nameInMarker(candidate.threat) === name)
      .sort((a, b) => a.number - b.number);
    const keeper = there.find((candidate) => candidate.state === "open") ?? there[0];
    if (!keeper) {
      if (issue.state === "open") steps.push({ do: "create-issue", issue });
      continue;
    }
    steps.push(...issueStep(issue, keeper));
    for (const duplicate of there) {
      if (duplicate === keeper || duplicate.state === "closed") continue;
      const because = `Duplicate of ${keeper.name ?? `#${keeper.number}`}.`;
      steps.push({ do: "close-issue", number: duplicate.number, issue: { ...issue, state: "closed", because } });
    }
  }
  return steps;
}

function issueStep(wanted: DesiredIssue, there: Observed["issues"][number]): Step[] {
  const { number } = there;
  const issue = there.state === "open" ? { ...wanted, body: withDueOf(there.body, wanted.body) } : wanted;
  if (issue.state === "orphaned") {
    const isToSay = there.state === "open" && there.answeredClosing === false && issue.whenOrphaned !== undefined;
    return isToSay ? [{ do: "comment-issue", number, threat: issue.threat, body: issue.whenOrphaned ?? "" }] : [];
  }
  if (issue.state === "closed") return there.state === "open" ? [{ do: "close-issue", number, issue }] : [];
  if (there.state === "open") {
    return isSaid(issue, there) ? [] : [{ do: "update-issue", number, issue }];
  }
  if (there.closedByUs) return [{ do: "reopen-issue", number, issue }];
  // A person closed it. Said once what would make it true, then left alone; where we cannot tell, we say nothing.
  if (there.answeredClosing === false && issue.whenClosedByHand !== undefined) {
    return [{ do: "comment-issue", number, threat: issue.threat, body: issue.whenClosedByHand }];
  }
  return [];
}

function isSaid(issue: DesiredIssue, there: Observed["issues"][number]): boolean {
  if (there.digest !== undefined) return there.digest === issueDigest(issue);
  return there.title.trim() === issue.title.trim() && sameText(there.body, issue.body);
}

/** GitHub stores CRLF for what a person edits in the browser and drops white space at the end; nothing else is ignored. */
function sameText(one: string, other: string): boolean {
  return normalised(one) === normalised(other);
}

function normalised(text: string): string {
  return text.replaceAll("\r\n", "\n").trimEnd();
}
