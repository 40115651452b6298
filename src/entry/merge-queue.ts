import type { Logger } from "pino";
import type { Plan } from "../core/domain/plan.ts";
import type { MergeGroupName, WakeUp } from "../shell/event.ts";
import type { GitHubApp } from "../shell/github/app.ts";
import { GitHubMergeQueue } from "../shell/github/merge-queue.ts";
import { answerMergeGroup } from "../shell/merge-group.ts";
import { send } from "../shell/queue/jobs.ts";
import type { Database } from "../shell/store/database.ts";
import type { Metrics } from "../shell/web/metrics.ts";
import { logWrite } from "./write-log.ts";

/** What answering a merge queue needs of the service. */
export interface MergeQueueGround {
  readonly app: Pick<GitHubApp, "forMergeQueue">;
  readonly database: Database;
  readonly log: Logger;
  readonly metrics: Metrics;
}

/** The merge queue of the repository that a wake-up is about. */
export function queueOf(
  app: MergeQueueGround["app"],
  { subject: { installation, owner, repository } }: WakeUp,
): GitHubMergeQueue {
  return new GitHubMergeQueue(app.forMergeQueue(installation ?? 0, repository), { owner, name: repository });
}

/** Answers for a group of a merge queue; a pull request in it that was not judged yet is judged in its turn. */
export async function answerGroup(
  { app, database, log, metrics }: MergeQueueGround,
  wakeUp: WakeUp,
  asked: MergeGroupName,
  isLastAttempt: boolean,
): Promise<void> {
  const { group: _, subject, ...again } = wakeUp;
  const { number } = subject;
  const queue = queueOf(app, wakeUp);
  const world = {
    members: (group: MergeGroupName) => queue.members(group),
    evaluate: async (missing: number) => {
      await send(database.boss, { ...again, subject: { ...subject, number: missing }, why: "merge_group.missing" });
    },
    post: (plan: Plan) => queue.post(plan, number),
  };
  const results = await answerMergeGroup(asked, world, isLastAttempt);
  const reason = "a merge queue asked for the check of a group";
  for (const { step, outcome } of results) logWrite(log, metrics, wakeUp, { step: step.do, outcome, reason });
  log.info({ delivery: wakeUp.id, pullRequest: number, writes: results.length }, "merge group");
}
