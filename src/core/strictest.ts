import type { Assessment, Conclusion } from "./domain/assessment.ts";
import type { DesiredCheckRun } from "./domain/desired.ts";
import type { Judgement } from "./domain/judgement.ts";
import type { Snapshot } from "./domain/snapshot.ts";
import { sharedCheckRun } from "./present/shared-commit.ts";

/** Another judgement of the same head commit. Without a number it is the difference to the default branch. */
export interface Rival {
  readonly of: { readonly number?: number; readonly baseBranch: string };
  readonly judgement: Judgement;
}

/** Worst first (product.md, "On a pull request"). */
const order: readonly Conclusion[] = ["failure", "action_required", "neutral", "success"];

/**
 * The judgement of a pull request whose check shows the strictest verdict over its head commit: GitHub attaches a check
 * to the commit, so that a lax verdict for one branch would satisfy the rules of another (H017, H018). Questions, reviews
 * and issues stay those of the pull request itself. Whichever pull request of a commit is evaluated, the same check comes
 * out. Pure; without rivals the judgement is left as it is.
 */
export function strictest(own: Judgement, snapshot: Snapshot, rivals: readonly Rival[]): Judgement {
  const { pullRequest } = snapshot;
  const check = own.desired.checkRun;
  if (!pullRequest || !check || rivals.length === 0) return own;
  const candidates = [
    { of: { number: pullRequest.number, baseBranch: pullRequest.baseBranch }, judgement: own },
    ...rivals,
  ]
    .flatMap(({ of, judgement }) =>
      judgement.desired.checkRun ? [{ of, judgement, check: judgement.desired.checkRun }] : [],
    )
    .sort((one, other) => rank(one.check) - rank(other.check) || numberOf(one.of) - numberOf(other.of));
  const [winner] = candidates;
  const pullRequests = candidates
    .flatMap(({ of }) => (of.number === undefined ? [] : [{ number: of.number, baseBranch: of.baseBranch }]))
    .sort((one, other) => one.number - other.number);
  const assessment = withStrictestOutlook(own.assessment, rivals);
  if (!winner || (winner.judgement === own && pullRequests.length === 1)) return { ...own, assessment };
  const shown = sharedCheckRun(winner.check, { winner: winner.of, pullRequests });
  const details = check.detailsUrl === undefined ? {} : { detailsUrl: check.detailsUrl };
  const { conclusion, couldNotEvaluate, reasons } = winner.judgement.assessment;
  const isOwn = winner.judgement === own;
  return {
    ...own,
    assessment: isOwn ? assessment : { ...assessment, conclusion, couldNotEvaluate, reasons },
    desired: { ...own.desired, checkRun: { ...shown, ...details } },
  };
}

/** What `enforce` would conclude of the commit is the strictest as well; what people would be asked stays the own. */
function withStrictestOutlook(assessment: Assessment, rivals: readonly Rival[]): Assessment {
  const { underEnforce: own } = assessment;
  if (!own) return assessment;
  const others = rivals.map(({ judgement }) => judgement.assessment.underEnforce ?? judgement.assessment);
  const [strictest] = [own, ...others].toSorted((one, other) => rank(one) - rank(other));
  const { conclusion, reasons } = strictest ?? own;
  return { ...assessment, underEnforce: { ...own, conclusion, reasons } };
}

function rank({ conclusion }: Pick<DesiredCheckRun, "conclusion">): number {
  return order.indexOf(conclusion);
}

/** Pull requests before the default branch, where two verdicts are equally strict. */
function numberOf({ number }: Rival["of"]): number {
  return number ?? Number.POSITIVE_INFINITY;
}
