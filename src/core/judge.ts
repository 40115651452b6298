import { assess, type SystemWithModels, systemsOf } from "./assess/assess.ts";
import type { Detection } from "./changes/detect.ts";
import { classify, policyFor } from "./classify/classify.ts";
import type { Assessment, Reason } from "./domain/assessment.ts";
import type { Change } from "./domain/change.ts";
import type { DesiredLineComment } from "./domain/desired.ts";
import type { JudgeContext } from "./domain/judge-context.ts";
import type { Judgement } from "./domain/judgement.ts";
import { fingerprintOf } from "./domain/marker.ts";
import type { Policy } from "./domain/policy.ts";
import type { NotInspected, Problem } from "./domain/problem.ts";
import type { Rules } from "./domain/rules.ts";
import type { Snapshot } from "./domain/snapshot.ts";
import type { Checklist, Threat } from "./domain/threat.ts";
import { drawn, underEnforce } from "./drawn.ts";
import { withClockStarts } from "./evidence-clock.ts";
import { clockStarts, weighEvidence } from "./evidence-weighed.ts";
import { mergedStanding } from "./merged-standing.ts";
import { withinModelLimits } from "./model-limits.ts";
import { readElsewhere, timelineElsewhere, updatedSince } from "./models-elsewhere.ts";
import { rulesInForce } from "./own-rules.ts";
import { effectivePolicy } from "./policy.ts";
import { readModel } from "./readers/read-model.ts";
import { sharedCountermeasures } from "./shared-countermeasures.ts";
import { detectInSystem, modelFilesOf, withBaseModels } from "./snapshot-parts.ts";
import { approvalsThatStand } from "./still-standing.ts";
import { elicit } from "./threats/elicit.ts";
import { renamesToWriteDown } from "./threats/renames.ts";
import { timelineOfHistory, withoutKnown } from "./timeline.ts";

export { needs, stillNeeded } from "./needs.ts";
export { checkOutput } from "./present/check-output.ts";
export { groupCheckRun } from "./present/merge-group.ts";
export { sarifOutput } from "./present/sarif.ts";
export { statusOutput, statusText } from "./present/status.ts";
export { statusMarkdown } from "./present/status-markdown.ts";
export { checkText, type Palette, plainPalette, plainTerminal } from "./present/terminal.ts";
export { unevaluatedCheck } from "./present/unevaluated.ts";
export { waitingCheck } from "./present/waiting.ts";

/**
 * Judges one snapshot. Pure: the same snapshot and rules give the same judgement. An earlier question that is answered by now
 * keeps nothing in its place: its thread is put away because of this judgement, and the next look at the same state, which
 * does not see it any more, must say the same.
 */
export function judge(snapshot: Snapshot, rules: Rules, context: JudgeContext): Judgement {
  const judgement = judgeAsked(snapshot, rules, context);
  const merged = mergedStanding({ snapshot, ...judgement }, rules);
  return merged === undefined ? judgement : { ...judgement, merged };
}

function judgeAsked(snapshot: Snapshot, rules: Rules, context: JudgeContext): Judgement {
  const judgement = judgeWith(snapshot, rules, context);
  const { review } = judgement.desired;
  if (snapshot.asked === undefined || review === "leave") return judgement;
  const open = new Set(
    "ask" in review ? [...review.ask.comments.map(nameOfQuestion), ...(review.ask.alsoOpen ?? [])] : [],
  );
  const asked = snapshot.asked.filter((fingerprint) => open.has(fingerprint));
  const { changes, asked: listed } = judgement.assessment;
  const shown = new Set(listed.flatMap((index) => changes[index] ?? []).map(fingerprintOfChange));
  const isShown = snapshot.asked.some((fingerprint) => !open.has(fingerprint) && shown.has(fingerprint));
  return isShown ? judgeWith({ ...snapshot, asked }, rules, context) : judgement;
}

function nameOfQuestion({ fingerprint }: DesiredLineComment): string {
  return fingerprint;
}

function fingerprintOfChange({ rule, path, element }: Change): string {
  return fingerprintOf(rule, path, element.name);
}

function judgeWith(given: Snapshot, shipped: Rules, context: JudgeContext): Judgement {
  const effective = effectivePolicy(given.policy, given.repository);
  const { policy } = effective;
  const { rules, problems: ofRules } = rulesInForce(shipped, given, policy);
  const known = withTimeline(withBaseModels(withinModelLimits(given, policy)), policy, rules);
  const detection = detectInSystem(known, policy, rules, modelFilesOf(known));
  const systems = systemsOf(known, policy, detection.changes).map((system) =>
    classified(readSystem(system, known), policy, rules),
  );
  const snapshot = withClockStarts(known, systems, policy);
  const { threats, checklists } = withoutSilenced(elicitAll(systems, detection, snapshot, rules), policy);
  const { evidence, findings } = weighEvidence({ snapshot, systems, changes: detection.changes, policy, rules });
  const { underEnforce: concluded, ...assessed } = assess({
    snapshot,
    policy: effective,
    changes: detection.changes,
    checklists,
    threats,
    systems,
    deliverables: rules.deliverables,
    stillStanding: approvalsThatStand(snapshot, policy, rules),
    fromEvidence: findings,
  });
  const problems = [
    ...effective.problems,
    ...ofRules,
    ...systems.flatMap(({ head, base }) =>
      head?.model && base?.model ? renamesToWriteDown(base.model, head.model, rules.threats) : [],
    ),
    ...systems.flatMap(({ head }) => head?.problems ?? []),
    ...detection.problems,
  ];
  const judged = {
    ...frame(snapshot, policy, rules, context),
    ...assessed,
    ...(evidence && { evidence: { ...evidence, clock: clockStarts(snapshot, assessed.systems) } }),
    changes: detection.changes,
    asked: askedOf(detection),
    checklists,
    threats,
    ...sharedCountermeasures(checklists, rules),
    notInspected: oncePerPath([...detection.notInspected, ...snapshot.notRead, ...notListed(snapshot)]),
    problems: onceEach(problems),
    lookedAt: { files: snapshot.filesTotal, ...(detection.nearest ? { nearest: detection.nearest } : {}) },
  };
  const there = underEnforce(judged, concluded, snapshot, context);
  const assessment: Assessment = { ...judged, ...(there && { underEnforce: there }) };
  return { assessment, timeline: snapshot.timeline, desired: drawn(assessment, snapshot, effective, context, shipped) };
}

/** The judgement when judging itself failed: nothing is concluded, and that is what is shown. */
export function couldNotEvaluate(
  snapshot: Snapshot,
  rules: Rules,
  context: JudgeContext,
  why: string | Omit<Reason, "outcome">,
): Judgement {
  const effective = effectivePolicy(snapshot.policy, snapshot.repository);
  const { policy } = effective;
  const says =
    typeof why === "string"
      ? {
          says: `A fault of Threatgate: ${why}`,
          next: `Run the check again; if it stays, report it with the request id ${context.requestId}.`,
        }
      : why;
  const reasons: readonly Reason[] = [{ outcome: "could-not-evaluate", ...says }];
  const enforces = policy.mode === "enforce";
  const assessment: Assessment = {
    ...frame(snapshot, policy, rules, context),
    conclusion: enforces ? "failure" : "neutral",
    couldNotEvaluate: true,
    reasons,
    ...(enforces ? {} : { underEnforce: { conclusion: "failure", reasons, comments: [], issues: 0 } }),
    systems: [],
    changes: [],
    asked: [],
    checklists: [],
    threats: [],
    notInspected: snapshot.files.map((file) => ({ path: file.filename, reason: "could not be evaluated" })),
    problems: effective.problems,
    lookedAt: { files: 0 },
  };
  return { assessment, timeline: snapshot.timeline, desired: drawn(assessment, snapshot, effective, context, rules) };
}

function frame(snapshot: Snapshot, policy: Policy, rules: Rules, context: JudgeContext) {
  const { repository, pullRequest } = snapshot;
  return {
    schemaVersion: 1,
    subject: {
      repository: `${repository.owner}/${repository.name}`,
      ...(repository.id === undefined ? {} : { repositoryId: repository.id }),
      base: snapshot.base,
      head: snapshot.head,
      ...(pullRequest ? { pullRequest: pullRequest.number } : {}),
    },
    asOf: snapshot.now,
    mode: policy.mode,
    policy,
    versions: { threatgate: context.threatgateVersion, rules: rules.version },
  } as const;
}

function withTimeline(snapshot: Snapshot, policy: Policy, rules: Rules): Snapshot {
  if (snapshot.history === undefined && snapshot.elsewhere === undefined) return snapshot;
  const { entries: earlier } = snapshot.timeline;
  const own = [...earlier, ...timelineOfHistory(snapshot.history ?? [], policy, rules, earlier)];
  const shared = systemsOf(snapshot, policy, []).flatMap((system) =>
    timelineElsewhere(system, snapshot.repository.name, own),
  );
  const entries = [...own, ...withoutKnown(shared, own)];
  return { ...snapshot, timeline: { ...snapshot.timeline, entries } };
}

function readSystem(system: ReturnType<typeof systemsOf>[number], { repository, begunAt }: Snapshot): SystemWithModels {
  if (system.home) {
    const there = readElsewhere(system.home, repository.name);
    const updated = updatedSince(system.home, repository.name, begunAt);
    return { system, ...(there ? { head: there, base: there } : {}), ...(updated ? { updated } : {}) };
  }
  const head = system.headFiles.length === 0 ? undefined : readModel(system.headFiles);
  const same = JSON.stringify(system.headFiles) === JSON.stringify(system.baseFiles);
  const base = same ? head : system.baseFiles.length === 0 ? undefined : readModel(system.baseFiles);
  return { system, ...(head ? { head } : {}), ...(base ? { base } : {}) };
}

function classified(system: SystemWithModels, policy: Policy, rules: Rules): SystemWithModels {
  if (!rules.classification) return system;
  const { head, base } = quotable(system);
  const classification = classify(
    {
      policy,
      ...(head?.model && { head: head.model }),
      ...(base?.model && { base: base.model }),
      ...(system.system.riskClass && { stated: system.system.riskClass }),
    },
    rules.classification,
  );
  return { ...system, classified: { classification, policy: policyFor(policy, classification) } };
}

/** What of a system's models may be quoted here: nothing of one that is withheld. */
function quotable(system: SystemWithModels): Pick<SystemWithModels, "head" | "base"> {
  return system.system.home?.isWithheld ? {} : system;
}

/** Threats system by system: the changes of another system stay in place, so that indexes hold, but ask nothing. */
function elicitAll(
  systems: readonly SystemWithModels[],
  detection: Detection,
  snapshot: Snapshot,
  rules: Rules,
): { threats: readonly Threat[]; checklists: readonly Checklist[] } {
  const results = systems.map((one) => {
    const { system } = one;
    const { head, base } = quotable(one);
    const own = new Set(system.changes);
    const changes = detection.changes.map((change, index) =>
      own.has(index) ? change : { ...change, significant: false },
    );
    return elicit(
      {
        changes,
        ...(head?.model ? { model: head.model } : {}),
        ...(base?.model ? { base: base.model } : {}),
        isPublic: !snapshot.repository.isPrivate,
        now: snapshot.now,
      },
      rules,
    );
  });
  return {
    threats: results.flatMap((result) => result.threats),
    checklists: results.flatMap((result) => result.checklists).toSorted((one, other) => one.change - other.change),
  };
}

/** Threats of rules that the policy switches off are neither asked nor counted. */
function withoutSilenced<Elicited extends { threats: readonly Threat[]; checklists: readonly Checklist[] }>(
  { threats, checklists }: Elicited,
  policy: Policy,
): { threats: readonly Threat[]; checklists: readonly Checklist[] } {
  const speaks = ({ rule }: Threat): boolean => policy.rules[rule] !== "off";
  return {
    threats: threats.filter(speaks),
    checklists: checklists.map((list) => ({ ...list, threats: list.threats.filter(speaks) })),
  };
}

/** The changes that are asked about: significant ones that are not only monitored. */
function askedOf({ changes }: Detection): readonly number[] {
  return changes.flatMap((change, index) => (change.significant && change.mode !== "monitor" ? [index] : []));
}

/** GitHub lists at most 3,000 files: what is beyond is said, never passed over (H078). */
function notListed(snapshot: Snapshot): readonly NotInspected[] {
  const missing = snapshot.filesTotal - snapshot.files.length;
  return missing > 0 ? [{ path: "", reason: `${missing} more changed files are not in GitHub's list` }] : [];
}

function oncePerPath(all: readonly NotInspected[]): readonly NotInspected[] {
  const first = new Map<string, NotInspected>();
  for (const one of all) if (!first.has(one.path)) first.set(one.path, one);
  return [...first.values()];
}

function onceEach(problems: readonly Problem[]): readonly Problem[] {
  const first = new Map(problems.map((problem) => [JSON.stringify(problem), problem]));
  return [...first.values()];
}
