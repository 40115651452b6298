import type { Plan } from "../core/domain/plan.ts";
import { nextEndOfAcceptance } from "../core/next-change.ts";
import { reconcile } from "../core/reconcile.ts";
import { standingOf } from "../core/standing.ts";
import type { WakeUp } from "../shell/event.ts";
import { TryAgainLater } from "../shell/failures.ts";
import { look, lookAtDefault, settle } from "../shell/look.ts";
import { alwaysMayWrite, type World } from "../shell/ports.ts";
import type { Outcome } from "../shell/run.ts";

/** Why a merged pull request is looked at again: an accepted risk of the default branch has ended. */
export const acceptanceEnded = "acceptance.ended";

/** The same because people closed an issue in another tracker, of which no webhook tells. */
export const trackerClosed = "tracker.closed";

/** The same because alerts or incidents of the repository changed: how its systems stand is kept anew. */
export const branchEvidence = "evidence.branch";

/** The reasons for which the default branch is judged and not the pull request that is named. */
export const ofDefaultBranch: ReadonlySet<string> = new Set([acceptanceEnded, trackerClosed, branchEvidence]);

/** What came of it, and when the next acceptance ends; undefined where there is none left. */
export type Ended = Pick<Outcome, "assessment" | "plan" | "results"> & { readonly next: string | undefined };

/**
 * Judges the default branch as of today, without any change to it, and opens the issues of threats whose acceptance has
 * ended: again, or for the first time. GitHub has no event for a day that passes, and no pull request stands for a default
 * branch; so the last merged one lends its place, and nothing of its own is judged. In a tracker beside GitHub people who
 * closed an issue are answered as well. An alert or an incident opens no issue, because the model alone says what is
 * mitigated; it may start the clock of TM-1, so that what the dashboard shows is kept anew. Whatever else differs is left to
 * the next merge, which has more at hand.
 */
export async function afterAcceptances({ subject, why }: WakeUp, world: World): Promise<Ended | undefined> {
  return world.alone(`${subject.owner}/${subject.repository}`, async () => {
    const merged = await look(subject, world);
    const { pullRequest, repository } = merged;
    if (pullRequest?.state !== "merged" || pullRequest.baseBranch !== repository.defaultBranch) return undefined;
    const seen = await lookAtDefault(subject, merged, world);
    if (!seen) throw new TryAgainLater("GitHub does not show the merge on the default branch yet.");
    const snapshot = await settle(subject, seen.branch, seen.asked, world);
    const { assessment, desired, merged: standings } = await world.judging.judge(snapshot, world.context);
    const observed = await world.posts.observed(subject, merged, desired.issuesIn);
    const whole = reconcile(desired, observed, snapshot.head);
    const ended = threatsWithEndedAcceptance(assessment);
    const isElsewhere = desired.issuesIn !== undefined;
    const steps = whole.steps.filter((step) => isAbout(step, ended) || (isElsewhere && step.do === "comment-issue"));
    const plan: Plan = { ...whole, steps };
    const results = await world.posts.apply(subject, plan, alwaysMayWrite);
    const { threads } = observed;
    const standing = standingOf({ snapshot, assessment, merged: standings, threads, architectsWanted: false });
    const isNews = plan.steps.length + ended.size > 0 || why === branchEvidence;
    if (isNews) await world.store.record({ subject, assessment, plan, results, standing });
    return { assessment, plan, results, next: nextEndOfAcceptance(assessment) };
  });
}

/** Called accepted in the model, and open all the same. */
function threatsWithEndedAcceptance({ systems }: Outcome["assessment"]): ReadonlySet<string> {
  return new Set(
    systems.flatMap(({ openThreats }) => openThreats.filter(({ status }) => status === "accepted").map(({ id }) => id)),
  );
}

function isAbout(step: Plan["steps"][number], threats: ReadonlySet<string>): boolean {
  return (step.do === "reopen-issue" || step.do === "create-issue") && threats.has(step.issue.threat);
}
