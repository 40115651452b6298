import type { PgBoss, SendOptions } from "pg-boss";
import type { Notice, WakeUp } from "../event.ts";
import { patientPriority } from "./demand.ts";
import { send } from "./jobs.ts";
import type { Work } from "./worker.ts";

/** The queue of what concerns more than one pull request, or none. */
export const noticeQueue = "take-notice";

/**
 * Wake-ups that are sent at once for one notice, and the rest before the next: with four requests each, some 600 an hour of
 * an installation's 5,000 are spent on the largest team there is. None waits in the queue for its time, because a push to
 * the same pull request would have to wait with it.
 */
export const noticePart = 25;
export const noticeRest = 60;

/**
 * Seconds after which a notice is looked at once more, each after the one before. A pull request that is just being judged
 * may have been read before the change and is in our records only afterwards, where the notice could not find it. The first
 * look finds what takes its usual time, the last whatever was begun before: no evaluation holds its lease for longer.
 */
export const laterLooks: readonly number[] = [30, 270];

/** Notices that concern pull requests by what is remembered of them. */
const lookedAtAgain: ReadonlySet<Notice["kind"]> = new Set([
  "people-changed",
  "policy-changed",
  "permissions-changed",
  "evidence-changed",
]);

/** A notice, a later look at one, or the wake-ups that are left of one. */
export type NoticeJob =
  | {
      readonly notice: Notice;
      readonly id: string;
      /** When it was taken first, by the database's clock, and how often it was looked at since. */
      readonly again?: { readonly noticed: string; readonly looks: number };
    }
  | { readonly left: readonly WakeUp[] };

/** What is done about a notice: the pull requests to judge again because of it. Done twice it is as done once. */
export interface NoticeWork {
  /** The database's clock. */
  now(): Promise<string>;
  /** @param noticed when it was taken first: only what was being judged then is meant; undefined: it is taken now. */
  takeNotice(notice: Notice, id: string, noticed: string | undefined): Promise<readonly WakeUp[]>;
  readonly log: Work["log"];
}

/** Creates the queue. */
export async function createNoticeQueue(boss: PgBoss): Promise<void> {
  await boss.createQueue(noticeQueue, {
    notify: true,
    retryLimit: 10,
    retryDelay: 5,
    retryBackoff: true,
    retryDelayMax: 600,
    expireInSeconds: 300,
    heartbeatSeconds: 20,
  });
  // Its first use must not be inside a transaction: see `createQueues`.
  await boss.findJobs(noticeQueue, { id: "00000000-0000-0000-0000-000000000000" });
}

/** Puts a notice into its queue. */
export async function sendNotice(boss: PgBoss, notice: Notice, id: string, options: SendOptions = {}): Promise<void> {
  const job: NoticeJob = { notice, id };
  await boss.send(noticeQueue, job, { ...options, ...joined(notice) });
}

/** Seconds within which the changes of one repository's alerts are one notice. */
const evidenceSeconds = 30;

/**
 * A thousand alerts of one repository ask for the same: one notice is taken at once, one more when the time is over, and
 * whatever comes between finds it waiting there.
 */
function joined(notice: Notice): SendOptions {
  if (notice.kind !== "evidence-changed") return {};
  const singletonKey = JSON.stringify([notice.repositoryId, notice.label ?? null]);
  return { singletonKey, singletonSeconds: evidenceSeconds, singletonNextSlot: true };
}

/** Starts one worker. */
export async function startNoticeWorker(boss: PgBoss, work: NoticeWork): Promise<void> {
  const options = {
    batchSize: 1,
    localConcurrency: 1,
    pollingIntervalSeconds: 2,
    notifyPollingIntervalSeconds: 2,
  } as const;
  await boss.work<NoticeJob>(noticeQueue, options, async (jobs) => {
    for (const { data } of jobs) await handle(boss, work, data);
  });
}

async function handle(boss: PgBoss, work: NoticeWork, job: NoticeJob): Promise<void> {
  const all = "left" in job ? job.left : await take(boss, work, job);
  for (const wakeUp of all.slice(0, noticePart)) await send(boss, wakeUp, { priority: patientPriority });
  const left = all.slice(noticePart);
  if (left.length === 0) return;
  const rest: NoticeJob = { left };
  await boss.send(noticeQueue, rest, { startAfter: noticeRest });
}

async function take(
  boss: PgBoss,
  work: NoticeWork,
  { notice, id, again }: Exclude<NoticeJob, { readonly left: unknown }>,
): Promise<readonly WakeUp[]> {
  const noticed = again?.noticed ?? (await work.now());
  const wakeUps = await work.takeNotice(notice, id, again?.noticed);
  if (!again || wakeUps.length > 0) {
    const looks = again ? { looks: again.looks } : {};
    work.log("info", "notice", { delivery: id, notice: notice.kind, wakeUps: wakeUps.length, ...looks });
  }
  const looks = again?.looks ?? 0;
  const startAfter = laterLooks[looks];
  if (startAfter !== undefined && lookedAtAgain.has(notice.kind)) {
    const later: NoticeJob = { notice, id, again: { noticed, looks: looks + 1 } };
    await boss.send(noticeQueue, later, { startAfter });
  }
  return wakeUps;
}
