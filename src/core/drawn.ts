import { commentableLines } from "./changes/patch.ts";
import type { Assessment } from "./domain/assessment.ts";
import type { Desired, DesiredCheckRun } from "./domain/desired.ts";
import type { JudgeContext } from "./domain/judge-context.ts";
import { ownRulesFolder, type Policy, policyPath } from "./domain/policy.ts";
import type { ChangedFile, Snapshot } from "./domain/snapshot.ts";
import { type EffectivePolicy, policyAfter, policyChange } from "./policy.ts";
import { policyCheckRun } from "./present/policy-check.ts";
import { type PresentContext, present } from "./present/present.ts";

/** What GitHub should show for an assessment: its own outputs, and the check of a change of the policy. */
export function drawn(
  assessment: Assessment,
  snapshot: Snapshot,
  effective: EffectivePolicy,
  context: JudgeContext,
): Desired {
  const desired = withConnectedTracker(
    present(assessment, presentContext(assessment, snapshot, context)),
    effective.policy,
  );
  const withDetails = (checkRun: DesiredCheckRun): DesiredCheckRun =>
    context.details === undefined ? checkRun : { ...checkRun, detailsUrl: context.details };
  const policyChanged = snapshot.files.find(
    (file) => file.filename === policyPath || file.previous_filename === policyPath,
  );
  const isOpen = snapshot.pullRequest?.state === "open";
  return {
    ...desired,
    ...(desired.checkRun ? { checkRun: withDetails(desired.checkRun) } : {}),
    ...(policyChanged && isOpen ? { policyCheckRun: policyCheckOf(policyChanged, snapshot, effective, context) } : {}),
  };
}

/** Issues go where the policy says or nowhere: a tracker that is not connected is told, not replaced by another. */
function withConnectedTracker(desired: Desired, policy: Policy): Desired {
  if (policy.tracker === "github" || desired.issues.length === 0) return desired;
  const why = `the policy names the tracker ${policy.tracker}, which this version cannot reach`;
  return { ...desired, issues: [], withheld: [...desired.withheld, { output: "issues", why }] };
}

function policyCheckOf(
  file: ChangedFile,
  snapshot: Snapshot,
  effective: EffectivePolicy,
  context: JudgeContext,
): DesiredCheckRun {
  const isGone = file.status === "removed" || file.filename !== policyPath;
  const text = isGone ? undefined : snapshot.models.find(({ path }) => path === policyPath)?.text;
  const says = isGone || text !== undefined ? policyChange(snapshot.policy, snapshot.repository, text) : undefined;
  const after = says === undefined ? [] : policyAfter(snapshot.policy, snapshot.repository, text).problems;
  return policyCheckRun({ says, problems: after, mode: effective.policy.mode, documentation: context.documentation });
}

/** Own rules have no page but their file. */
function ownRulePages(
  { changes, threats }: Pick<Assessment, "changes" | "threats">,
  { repository: { owner, name } }: Snapshot,
  { host }: JudgeContext,
): Readonly<Record<string, string>> {
  const pages: Record<string, string> = {};
  const add = (folder: string, rules: readonly { readonly rule: string }[]): void => {
    for (const { rule } of rules) {
      const home = rule.startsWith("org-") ? ".github" : rule.startsWith("repo-") ? name : undefined;
      if (home) pages[rule] = `${host}/${owner}/${home}/blob/HEAD/${ownRulesFolder}/${folder}/${rule}.yml`;
    }
  };
  add("changes", changes);
  add("threats", threats);
  return pages;
}

function presentContext(assessment: Assessment, snapshot: Snapshot, context: JudgeContext): PresentContext {
  const { pullRequest, repository } = snapshot;
  return {
    ...(pullRequest
      ? {
          pullRequest: {
            number: pullRequest.number,
            state: pullRequest.state,
            isDraft: pullRequest.isDraft,
            ...(pullRequest.author ? { author: pullRequest.author.login } : {}),
            ...(pullRequest.mergedAt === undefined ? {} : { mergedAt: pullRequest.mergedAt }),
            toDefaultBranch: pullRequest.baseBranch === repository.defaultBranch,
          },
        }
      : {}),
    repository: {
      owner: repository.owner,
      htmlUrl: `${context.host}/${repository.owner}/${repository.name}`,
      isPrivate: repository.isPrivate,
      hasIssues: repository.hasIssues,
      isArchived: repository.isArchived,
    },
    commentable: new Map(
      snapshot.files.map((file) => [
        file.filename,
        file.patch === undefined
          ? []
          : commentableLines(file.patch).map(({ start, end }) => ({ from: start, to: end })),
      ]),
    ),
    pages: {
      rule: `${context.documentation}/rules/{rule}.md`,
      howDecided: `${context.documentation}/how-it-decides.md`,
      ownRules: ownRulePages(assessment, snapshot, context),
    },
    requestId: context.requestId,
  };
}
