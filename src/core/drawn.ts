import { commentableLines } from "./changes/patch.ts";
import { runExamples } from "./changes/rule-examples.ts";
import type { Assessment, UnderEnforce } from "./domain/assessment.ts";
import type { Desired, DesiredCheckRun } from "./domain/desired.ts";
import type { JudgeContext } from "./domain/judge-context.ts";
import { ownRulesFolder, type Policy } from "./domain/policy.ts";
import type { Rules } from "./domain/rules.ts";
import type { Snapshot } from "./domain/snapshot.ts";
import { rulesInForce } from "./own-rules.ts";
import { type EffectivePolicy, effectivePolicy, policyChange } from "./policy.ts";
import { changesPolicy, isOrganisationsOwn, policyAfterMerge, withPolicyText } from "./policy-change.ts";
import { policyCheckRun } from "./present/policy-check.ts";
import { type PresentContext, present } from "./present/present.ts";
import { runThreatExamples } from "./threats/rule-examples.ts";

/** What GitHub should show for an assessment: its own outputs, and the check of a change of the policy. */
export function drawn(
  assessment: Assessment,
  snapshot: Snapshot,
  effective: EffectivePolicy,
  context: JudgeContext,
  shipped: Rules,
): Desired {
  const desired = inTracker(present(assessment, presentContext(assessment, snapshot, context)), effective.policy);
  const withDetails = (checkRun: DesiredCheckRun): DesiredCheckRun =>
    context.details === undefined ? checkRun : { ...checkRun, detailsUrl: context.details };
  const isOpen = snapshot.pullRequest?.state === "open";
  return {
    ...desired,
    ...(desired.checkRun ? { checkRun: withDetails(desired.checkRun) } : {}),
    ...(isOpen && changesPolicy(snapshot)
      ? { policyCheckRun: policyCheckOf(snapshot, effective, context, shipped) }
      : {}),
  };
}

/**
 * What people would read of an assessment where the policy says `enforce`: drawn as it would be there, and counted.
 * Undefined in `enforce`, and where it was not kept what would be concluded there.
 */
export function underEnforce(
  assessment: Omit<Assessment, "underEnforce">,
  concluded: Pick<UnderEnforce, "conclusion" | "reasons"> | undefined,
  snapshot: Snapshot,
  context: JudgeContext,
): UnderEnforce | undefined {
  if (!concluded) return undefined;
  const there = { ...assessment, ...concluded, mode: "enforce" } as const;
  const { review, issues } = present(there, presentContext(there, snapshot, context));
  const comments = typeof review === "object" && "ask" in review ? review.ask.comments : [];
  return {
    ...concluded,
    comments: comments.map(({ fingerprint }) => fingerprint),
    issues: issues.filter(({ state }) => state === "open").length,
  };
}

/** Issues go where the policy says or nowhere: a tracker that cannot be reached is told, not replaced by another (H095). */
function inTracker(desired: Desired, { tracker, jira, publish }: Policy): Desired {
  if (tracker === "github" || desired.issues.length === 0) return desired;
  if (jira.project === undefined) {
    const why = "the policy names the tracker jira and no `jira.project`";
    return { ...desired, issues: [], withheld: [...desired.withheld, { output: "issues", why }] };
  }
  const { project, issueType } = jira;
  return { ...desired, issuesIn: { tracker, project, issueType, mayBePublic: publish.issues } };
}

function policyCheckOf(
  snapshot: Snapshot,
  effective: EffectivePolicy,
  context: JudgeContext,
  shipped: Rules,
): DesiredCheckRun {
  const { mode } = effective.policy;
  const { documentation } = context;
  const text = policyAfterMerge(snapshot);
  if (!text) return policyCheckRun({ says: undefined, problems: [], mode, documentation });
  const texts = withPolicyText(snapshot.policy, text, isOrganisationsOwn(snapshot));
  const after = effectivePolicy(texts, snapshot.repository);
  const inForce = rulesInForce(shipped, { policy: texts, repository: snapshot.repository }, after.policy);
  const changed = snapshot.files.map(({ filename }) => filename);
  return policyCheckRun({
    says: policyChange(snapshot.policy, texts, snapshot.repository),
    problems: [...after.problems, ...after.advice, ...inForce.problems],
    failedExamples: inForce.rules.own ? failedExamples(inForce.rules.own, changed) : [],
    ...(snapshot.policyTrial ? { trial: snapshot.policyTrial } : {}),
    mode,
    documentation,
  });
}

/** The examples that do not hold, of the own rules whose files the pull request brings or changes. */
function failedExamples(own: Rules, changed: readonly string[]): readonly string[] {
  const isChanged = ({ id }: { readonly id: string }): boolean => changed.some((path) => path.endsWith(`/${id}.yml`));
  return [
    ...own.changes.filter(isChanged).flatMap((rule) =>
      runExamples(rule)
        .filter(({ passed }) => !passed)
        .map(({ example, expected, instead }) => `\`${rule.id}\`: expected ${expected} (${example.why}): ${instead}`),
    ),
    ...own.threats.filter(isChanged).flatMap((rule) =>
      runThreatExamples(rule, own)
        .filter(({ passed }) => !passed)
        .map(({ example, expected, outcome }) => `\`${rule.id}\`: expected ${expected} (${example.why}): ${outcome}`),
    ),
  ];
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
  const homes = assessment.systems.flatMap(({ home }) => (home && !home.isWithheld ? [home.repository] : []));
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
    ...(homes.length > 0
      ? { elsewhere: Object.fromEntries(homes.map((name) => [name, `${context.host}/${name}`])) }
      : {}),
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
    ...(snapshot.asked ? { asked: snapshot.asked } : {}),
    ...(snapshot.closings ? { closings: snapshot.closings } : {}),
    ...(assessment.mode === "advise" && snapshot.evidence?.conversationsMustBeResolved
      ? { threadsWouldBlock: true as const }
      : {}),
    requestId: context.requestId,
  };
}
