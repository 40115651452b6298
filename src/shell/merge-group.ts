import type { DesiredCheckRun } from "../core/domain/desired.ts";
import type { GroupMember } from "../core/domain/merge-group.ts";
import type { Plan, StepResult } from "../core/domain/plan.ts";
import { groupCheckRun } from "../core/judge.ts";
import { externalIdOf } from "../core/reconcile.ts";
import type { MergeGroupName } from "./event.ts";
import { TryAgainLater } from "./failures.ts";

/** What answering for a merge group needs of the world. */
export interface QueueWorld {
  /** The pull requests of the group, or why they cannot be told. Throws only the three kinds of failures.ts. */
  members(group: MergeGroupName): Promise<readonly GroupMember[] | { readonly unknown: string }>;
  /** Has a pull request judged whose verdict is missing: its event may have been lost. */
  evaluate(number: number): Promise<void>;
  post(plan: Plan): Promise<readonly StepResult[]>;
}

/**
 * Answers a merge queue that asks for the check on the head of a group (H035). The group's own commit holds nothing that
 * its pull requests do not, so their verdicts decide. A verdict that is missing is waited for; at the last attempt it
 * counts as none. Throws only the three kinds of failures.ts.
 */
export async function answerMergeGroup(
  group: MergeGroupName,
  world: QueueWorld,
  isLastAttempt: boolean,
): Promise<readonly StepResult[]> {
  const members = await world.members(group);
  const missing = "unknown" in members ? [] : members.filter(({ verdict }) => verdict === "unknown");
  if (missing.length > 0 && !isLastAttempt) {
    for (const { number } of missing) await world.evaluate(number);
    throw new TryAgainLater(`The verdict of #${missing.map(({ number }) => number).join(", #")} is still to come.`);
  }
  return world.post(planFor(group, groupCheckRun(members)));
}

/** What is posted when every attempt failed: a queue that waits for a required check would wait for ever. */
export function unknownGroup(group: MergeGroupName, error: unknown): Plan {
  const why = error instanceof Error ? error.message : String(error);
  return planFor(group, groupCheckRun({ unknown: why }));
}

function planFor({ head }: MergeGroupName, checkRun: DesiredCheckRun): Plan {
  return { head, steps: [{ do: "create-check-run", checkRun, externalId: externalIdOf(checkRun, head) }] };
}
