import { z } from "zod";
import type { CommentName, MergeGroupName, Subject, WakeUp } from "../event.ts";
import { evidenceEvents, peopleEvents, releaseEvents } from "./notices.ts";

/*
 * A webhook is only a wake-up: it names a pull request, and whatever is judged is read from GitHub afterwards. A payload
 * that does not fit its event is ignored (H009), and so is everything that another App or we ourselves caused and that
 * changes no verdict, before any request is made (H088).
 */

/** Who we are, as far as events tell our own from others'. */
export interface EventContext {
  readonly appId: number;
}

const repository = z.object({
  id: z.number().int().positive(),
  name: z.string().min(1).max(100),
  owner: z.object({ login: z.string().min(1).max(100) }),
});

const number = z.number().int().positive();

/** Who did it; every event of an App has one. */
const senderEvent = z.object({ sender: z.object({ id: number }) });

/** What every event of an installed App carries. */
const place = { repository, installation: z.object({ id: z.number().int().positive() }) };

const pullRequestEvent = z.object({
  ...place,
  action: z.string(),
  pull_request: z.object({
    number,
    updated_at: z.string().max(40).optional(),
    merged: z.boolean().nullish(),
    head: z.object({ sha: z.string() }).optional(),
  }),
  changes: z.object({ base: z.unknown() }).partial().optional(),
});

const reviewEvent = z.object({
  ...place,
  action: z.string(),
  review: z.object({ user: z.object({ type: z.string() }).nullish() }),
  pull_request: z.object({ number, updated_at: z.string().max(40).optional() }),
});

const related = z.array(z.object({ number, base: z.object({ repo: z.object({ id: z.number() }) }) })).max(100);
const app = z.object({ id: z.number() });

const checkRunEvent = z.object({
  ...place,
  action: z.string(),
  check_run: z.object({ app, external_id: z.string().max(200).nullish(), pull_requests: related }),
});

const checkSuiteEvent = z.object({
  ...place,
  action: z.string(),
  check_suite: z.object({ app, pull_requests: related }),
});

const comment = z.object({
  id: number,
  node_id: z.string().min(1).max(200),
  body: z.string().max(300_000),
  user: z.object({ type: z.string() }).nullish(),
});

const issueCommentEvent = z.object({
  ...place,
  action: z.string(),
  issue: z.object({ number, pull_request: z.object({}).optional() }),
  comment,
});

const threadCommentEvent = z.object({ ...place, action: z.string(), pull_request: z.object({ number }), comment });

const commitId = z.string().regex(/^([0-9a-f]{40}|[0-9a-f]{64})$/);

const mergeGroupEvent = z.object({
  ...place,
  action: z.string(),
  merge_group: z.object({
    head_sha: commitId,
    base_sha: commitId,
    head_ref: z.string().max(1000),
    base_ref: z.string().startsWith("refs/heads/").max(1000),
  }),
});

type Handler = (payload: unknown, context: EventContext) => readonly Woken[];
type Woken = {
  readonly action: string;
  readonly subject: Omit<Extract<Subject, { kind: "pull-request" }>, "kind">;
  readonly comment?: CommentName;
  readonly group?: MergeGroupName;
  readonly pushed?: string;
};

/** Actions on a pull request after which its verdict may be another. `edited` counts only when the base changed. */
const pullRequestActions = new Set([
  "opened",
  "reopened",
  "synchronize",
  "edited",
  "ready_for_review",
  "converted_to_draft",
  "closed",
]);

/** Those whose sender made the head what it is: GitHub names whoever pushed as the sender of `synchronize`. */
const pushingActions = new Set(["opened", "synchronize"]);

const reviewActions = new Set(["submitted", "edited", "dismissed"]);

const handlers: ReadonlyMap<string, Handler> = new Map<string, Handler>([
  ["pull_request", onPullRequest],
  ["pull_request_review", onReview],
  ["check_run", onCheckRun],
  ["check_suite", onCheckSuite],
  ["issue_comment", onIssueComment],
  ["pull_request_review_comment", onThreadComment],
  ["merge_group", onMergeGroup],
]);

/** The events that mean anything to us: those that `app.full.yml` subscribes to, and no others. */
export const handledEvents: ReadonlySet<string> = new Set([
  ...handlers.keys(),
  ...peopleEvents,
  ...evidenceEvents,
  ...releaseEvents,
]);

/** The pull requests that a delivery asks to look at; none for what it does not concern. Never throws. */
export function wakeUpsOf(event: string, delivery: string, payload: unknown, context: EventContext): WakeUp[] {
  const woken = handlers.get(event)?.(payload, context) ?? [];
  const sender = senderEvent.safeParse(payload);
  return woken.map(({ action, subject, comment: asks, group, pushed }) => ({
    id: delivery,
    why: `${event}.${action}`,
    subject: { kind: "pull-request", ...subject },
    ...(asks === undefined ? {} : { comment: asks }),
    ...(group === undefined ? {} : { group }),
    ...(pushed === undefined ? {} : { pushed }),
    ...(sender.success ? { author: sender.data.sender.id } : {}),
  }));
}

function onPullRequest(payload: unknown): readonly Woken[] {
  const parsed = pullRequestEvent.safeParse(payload);
  if (!parsed.success) return [];
  const { action, pull_request, changes } = parsed.data;
  if (!pullRequestActions.has(action)) return [];
  if (action === "edited" && changes?.base === undefined) return [];
  // Nothing is written to a pull request that was closed without a merge (H010).
  if (action === "closed" && pull_request.merged !== true) return [];
  const head = commitId.safeParse(pull_request.head?.sha);
  const pushed = pushingActions.has(action) && head.success ? { pushed: head.data } : {};
  return [{ action, subject: subjectOf(parsed.data, pull_request.number, pull_request.updated_at), ...pushed }];
}

function onReview(payload: unknown): readonly Woken[] {
  const parsed = reviewEvent.safeParse(payload);
  if (!parsed.success) return [];
  const { action, review, pull_request } = parsed.data;
  // A review by an App, our own included, never counts as an approval (H023).
  if (!reviewActions.has(action) || review.user?.type === "Bot") return [];
  return [{ action, subject: subjectOf(parsed.data, pull_request.number, pull_request.updated_at) }];
}

function onCheckRun(payload: unknown, { appId }: EventContext): readonly Woken[] {
  const parsed = checkRunEvent.safeParse(payload);
  if (!parsed.success) return [];
  const { action, check_run } = parsed.data;
  if (action !== "rerequested" || check_run.app.id !== appId) return [];
  const named = numbersIn(check_run.pull_requests, parsed.data.repository.id);
  // GitHub names no pull requests from forks here; our own run carries the number in its external id.
  const numbers = named.length > 0 ? named : numberInExternalId(check_run.external_id ?? "");
  return numbers.map((each) => ({ action, subject: subjectOf(parsed.data, each) }));
}

function onCheckSuite(payload: unknown, { appId }: EventContext): readonly Woken[] {
  const parsed = checkSuiteEvent.safeParse(payload);
  if (!parsed.success) return [];
  const { action, check_suite } = parsed.data;
  if (action !== "rerequested" || check_suite.app.id !== appId) return [];
  const numbers = numbersIn(check_suite.pull_requests, parsed.data.repository.id);
  return numbers.map((each) => ({ action, subject: subjectOf(parsed.data, each) }));
}

function onIssueComment(payload: unknown): readonly Woken[] {
  const parsed = issueCommentEvent.safeParse(payload);
  if (!parsed.success) return [];
  const { action, issue, comment: said } = parsed.data;
  if (action !== "created" || issue.pull_request === undefined || !mayHoldCommand(said)) return [];
  const asks = { id: said.id, nodeId: said.node_id, where: "conversation" } as const;
  return [{ action, subject: subjectOf(parsed.data, issue.number), comment: asks }];
}

function onThreadComment(payload: unknown): readonly Woken[] {
  const parsed = threadCommentEvent.safeParse(payload);
  if (!parsed.success) return [];
  const { action, pull_request, comment: said } = parsed.data;
  if (action !== "created" || !mayHoldCommand(said)) return [];
  const asks = { id: said.id, nodeId: said.node_id, where: "thread" } as const;
  return [{ action, subject: subjectOf(parsed.data, pull_request.number), comment: asks }];
}

/** The last pull request of the group stands in the name of its branch; only to name the work, never to judge by. */
function onMergeGroup(payload: unknown): readonly Woken[] {
  const parsed = mergeGroupEvent.safeParse(payload);
  if (!parsed.success || parsed.data.action !== "checks_requested") return [];
  const { head_sha: head, base_sha: base, head_ref, base_ref } = parsed.data.merge_group;
  const last = /\/pr-([1-9]\d{0,14})-[0-9a-f]{40,64}$/.exec(head_ref)?.[1];
  if (last === undefined) return [];
  const group = { head, base, branch: base_ref.slice("refs/heads/".length) };
  return [{ action: "checks_requested", subject: subjectOf(parsed.data, Number(last)), group }];
}

/** Comments by people in which a line begins as a command does; whether one counts is decided when it is read again. */
export function mayHoldCommand({ body, user }: Pick<z.infer<typeof comment>, "body" | "user">): boolean {
  return user?.type !== "Bot" && /^\/threat\b/im.test(body);
}

function numbersIn(pullRequests: z.infer<typeof related>, repositoryId: number): number[] {
  const here = pullRequests.filter((pullRequest) => pullRequest.base.repo.id === repositoryId);
  return [...new Set(here.map((pullRequest) => pullRequest.number))].slice(0, 10);
}

function subjectOf(
  event: { readonly repository: z.infer<typeof repository>; readonly installation: { readonly id: number } },
  pullRequest: number,
  updatedAt?: string,
): Woken["subject"] {
  return {
    owner: event.repository.owner.login,
    repository: event.repository.name,
    number: pullRequest,
    installation: event.installation.id,
    repositoryId: event.repository.id,
    ...(updatedAt === undefined || Number.isNaN(Date.parse(updatedAt)) ? {} : { updatedAt }),
  };
}

const numbered = /^(.*)@([1-9]\d{0,14})$/s;

/** The external id of a check run on GitHub: the plan's own, and the number of the pull request it was judged for. */
export function writeExternalId(externalId: string, pullRequest: number): string {
  return `${externalId}@${pullRequest}`;
}

/** The plan's own part of it. */
export function readExternalId(written: string): string {
  return numbered.exec(written)?.[1] ?? written;
}

function numberInExternalId(written: string): number[] {
  const found = numbered.exec(written)?.[2];
  return found === undefined ? [] : [Number(found)];
}
