import { randomUUID } from "node:crypto";
import type { PgBoss, SendOptions } from "pg-boss";
import type { WakeUp } from "../event.ts";
import { Demand, patientPriority } from "./demand.ts";
import { letWait } from "./held-back.ts";

/** The queue of evaluations and the one to which a job goes that failed at every attempt. */
export const evaluationQueue = "evaluate-pull-request";
/** The queue of comments that ask for something, and of merge queues that ask for the check of a group. */
export const commentQueue = "answer-comment";
export const deadLetterQueue = "evaluation-failed";

/** What a job holds: ids only. The handler reads the newest state, so a coalesced wake-up loses nothing. */
export interface EvaluationJob {
  readonly wakeUp: WakeUp;
  /** When it was put back for the first time because GitHub did not answer, ISO. */
  readonly since?: string;
  /** Set while it waits because whoever asked for it has caused as much as one person may. */
  readonly waitsForShare?: true;
}

/**
 * Creates the queues. `stately` keeps at most one waiting, one retrying and one running job for each pull request, so a
 * newer wake-up joins the waiting one and two evaluations of one pull request never run at once.
 * @param retrySeconds before the second attempt; twice as long before each further one.
 */
export async function createQueues(boss: PgBoss, retrySeconds = 5): Promise<void> {
  await boss.createQueue(deadLetterQueue, {
    retentionSeconds: 30 * 86_400,
    // Telling people of a failure is tried for as long as GitHub may well be out of reach.
    retryLimit: 20,
    retryDelay: 15,
    retryBackoff: true,
    retryDelayMax: 600,
    expireInSeconds: 120,
    heartbeatSeconds: 20,
  });
  const settings = {
    policy: "stately",
    notify: true,
    retryLimit: 3,
    retryDelay: retrySeconds,
    retryBackoff: true,
    expireInSeconds: 300,
    heartbeatSeconds: 20,
    deadLetter: deadLetterQueue,
  } as const;
  await boss.createQueue(evaluationQueue, settings);
  // By comment, so that a command that is delivered twice at once is answered by one after the other.
  await boss.createQueue(commentQueue, settings);
  // pg-boss looks a queue up at its first use, on its own connection. The embedded database has only one, so a first use
  // inside a transaction (the intake) would wait for itself for ever. Looking for a job that cannot exist is a first use.
  await boss.findJobs(evaluationQueue, { id: "00000000-0000-0000-0000-000000000000" });
  await boss.findJobs(commentQueue, { id: "00000000-0000-0000-0000-000000000000" });
}

/** The key by which wake-ups of one pull request are joined: ids where GitHub gave them, names otherwise. */
export function keyOf({ subject }: WakeUp): string {
  return `${subject.installation ?? 0}/${subject.repositoryId ?? `${subject.owner}/${subject.repository}`}#${subject.number}`;
}

/** The queue of a wake-up, and the key by which it is joined with others that ask for the same. */
export function placeOf(wakeUp: WakeUp): { readonly queue: string; readonly key: string } {
  const { comment, group } = wakeUp;
  const asks = comment?.id ?? group?.head;
  if (asks === undefined) return { queue: evaluationQueue, key: keyOf(wakeUp) };
  return { queue: commentQueue, key: `${keyOf(wakeUp)}/${asks}` };
}

/**
 * Puts a wake-up into its queue, held back while its pull request is being evaluated; false when one of the same pull
 * request, or comment, already waits there. The more an installation has asked for lately, the later its next wake-up is
 * done, so that none waits for what another asks for (H087).
 */
export async function send(
  boss: PgBoss,
  wakeUp: WakeUp,
  options: SendOptions = {},
  { since, waitsForShare }: Omit<EvaluationJob, "wakeUp"> = {},
): Promise<boolean> {
  const job: EvaluationJob = {
    wakeUp,
    ...(since === undefined ? {} : { since }),
    ...(waitsForShare ? { waitsForShare } : {}),
  };
  const { queue, key } = placeOf(wakeUp);
  const installation = wakeUp.subject.installation ?? 0;
  const demand = demandOf(boss);
  // What an outage left has an order of its own.
  const priority = (options.priority ?? 0) - (since === undefined ? demand.of(installation) : 0);
  const group = { id: String(installation) };
  const isNew = (await boss.send(queue, job, { ...options, priority, group, singletonKey: key })) !== null;
  if (isNew) demand.add(installation);
  if (options.startAfter !== undefined) return isNew;
  const joined = {
    people: peopleOf(wakeUp),
    ...(priority > patientPriority ? { instead: { data: job, priority } } : {}),
  };
  await letWait(options.db ?? boss.getDb(), queue, [{ key, ...(isNew ? {} : joined) }]);
  return isNew;
}

/** The same for several at once, in two statements for each queue. */
export async function sendAll(
  boss: PgBoss,
  wakeUps: readonly WakeUp[],
  options: Pick<SendOptions, "db">,
): Promise<void> {
  const demand = demandOf(boss);
  const byQueue = new Map<string, Map<string, { readonly id: string; readonly wakeUp: WakeUp }>>();
  for (const wakeUp of wakeUps) {
    const { queue, key } = placeOf(wakeUp);
    const byKey = byQueue.get(queue) ?? new Map<string, { readonly id: string; readonly wakeUp: WakeUp }>();
    const first = byKey.get(key);
    byKey.set(key, first ? { ...first, wakeUp: askedBy(first.wakeUp, wakeUp) } : { id: randomUUID(), wakeUp });
    byQueue.set(queue, byKey);
  }
  for (const [queue, byKey] of byQueue) {
    // In one order whoever sends them, so that two replicas do not wait for each other.
    const inOrder = [...byKey].sort(([one], [other]) => (one < other ? -1 : 1));
    const jobs = inOrder.map(([singletonKey, { id, wakeUp }]) => {
      const installation = wakeUp.subject.installation ?? 0;
      const data: EvaluationJob = { wakeUp };
      return { id, data, singletonKey, priority: -demand.of(installation), group: { id: String(installation) } };
    });
    // Where one of the same waits already, it is left as it is, unless nobody waits for that one.
    const inserted = new Set(await boss.insert(queue, jobs, { ...options, returnId: true }));
    const asked = jobs.map(({ id, data, singletonKey: key, priority }) => {
      if (!inserted.has(id)) return { key, people: peopleOf(data.wakeUp), instead: { data, priority } };
      demand.add(data.wakeUp.subject.installation ?? 0);
      return { key };
    });
    await letWait(options.db ?? boss.getDb(), queue, asked);
  }
}

/** Everybody who asks for it; nobody where no person's deed did. */
export function peopleOf({ author, alsoBy = [] }: WakeUp): readonly number[] {
  return author === undefined ? [] : [author, ...alsoBy];
}

/** The first of two that ask for the same, for all who ask. What is nobody's deed waits for nobody's share. */
function askedBy(first: WakeUp, second: WakeUp): WakeUp {
  if (first.author === undefined || second.author === undefined) {
    const { author: _, alsoBy: _others, ...asked } = first;
    return asked;
  }
  const [, ...alsoBy] = new Set([...peopleOf(first), ...peopleOf(second)]);
  return { ...first, alsoBy };
}

const demands = new WeakMap<PgBoss, Demand>();

/** What the installations have asked of one queue, as this process saw it. */
function demandOf(boss: PgBoss): Demand {
  const known = demands.get(boss);
  if (known) return known;
  const made = new Demand();
  demands.set(boss, made);
  return made;
}
