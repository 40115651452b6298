import { assess, type SystemWithModels, systemsOf } from "./assess/assess.ts";
import { type Detection, detectChanges } from "./changes/detect.ts";
import { commentableLines } from "./changes/patch.ts";
import { sidesOf, textsNeeded } from "./changes/texts.ts";
import type { Assessment } from "./domain/assessment.ts";
import type { Desired, DesiredCheckRun } from "./domain/desired.ts";
import type { JudgeContext } from "./domain/judge-context.ts";
import type { Judgement } from "./domain/judgement.ts";
import type { Policy } from "./domain/policy.ts";
import { policyPath } from "./domain/policy.ts";
import type { NotInspected, Problem } from "./domain/problem.ts";
import type { Rules } from "./domain/rules.ts";
import type { ChangedFile, FileText, HistoryWanted, Snapshot } from "./domain/snapshot.ts";
import type { Checklist, Threat } from "./domain/threat.ts";
import { type EffectivePolicy, effectivePolicy, policyAfter, policyChange } from "./policy.ts";
import { policyCheckRun } from "./present/policy-check.ts";
import { type PresentContext, present } from "./present/present.ts";
import { isModelPath, readModel, wellKnownModelPaths } from "./readers/read-model.ts";
import { compileGlobs } from "./text/globs.ts";
import { elicit } from "./threats/elicit.ts";
import { historyWanted, timelineOfHistory } from "./timeline.ts";

export { checkOutput } from "./present/check-output.ts";
export { sarifOutput } from "./present/sarif.ts";
export { statusOutput, statusText } from "./present/status.ts";
export { checkText, type Palette, plainPalette, plainTerminal } from "./present/terminal.ts";
export { unevaluatedCheck } from "./present/unevaluated.ts";

/** What to read; the same shape as the source's `Needs`. */
export interface Wanted {
  readonly texts: readonly string[];
  readonly look: readonly string[];
  readonly history?: HistoryWanted;
  readonly teams: readonly string[];
}

/** Model files are looked for at most this many at once; a repository holds at most 200 (hostile-case limits). */
const mostModelFiles = 200;

/** What judging will want beyond the list of changed files. `remembered` is what an earlier look showed to be needed. */
export function needs(files: readonly ChangedFile[], remembered?: Wanted): Wanted {
  const changedModels = files.filter((file) => file.status !== "removed" && isModelPath(file.filename));
  return {
    texts: textsNeeded(files),
    look: unique([
      ...changedModels.map((file) => file.filename),
      ...(remembered?.look ?? []),
      ...wellKnownModelPaths,
      // The text at the head, to say what a change of the policy would do; never to judge by.
      ...(files.some((file) => file.filename === policyPath) ? [policyPath] : []),
    ]).slice(0, mostModelFiles),
    teams: remembered?.teams ?? [],
  };
}

/**
 * What a snapshot shows to be still missing, or undefined when it holds everything: model files at places that only the
 * policy or the tree names, members of teams that the policy names, the history of the default branch.
 * @param asked paths and teams asked for already; what was not found is not asked for again.
 */
export function stillNeeded(snapshot: Snapshot, asked: ReadonlySet<string>, rules: Rules): Wanted | undefined {
  const { policy } = effectivePolicy(snapshot.policy, snapshot.repository);
  const look = modelPathsOf(snapshot, policy)
    .filter((path) => !asked.has(path))
    .slice(0, mostModelFiles);
  const teams = teamsOf(snapshot, policy).filter((team) => !asked.has(team));
  // Which files the history is read for is known only when all models were found.
  const history = look.length === 0 ? missingHistory(snapshot, policy, rules) : undefined;
  if (look.length === 0 && teams.length === 0 && history === undefined) return undefined;
  return { texts: [], look, teams, ...(history ? { history } : {}) };
}

/**
 * The history that a verdict depends on and that nobody has read yet. For a pull request it is asked only where TM-1 will
 * be spoken of: a model is there, and the difference changes it or the system. Everything else costs no request.
 */
function missingHistory(given: Snapshot, policy: Policy, rules: Rules): HistoryWanted | undefined {
  const isKnown = given.pullRequest !== undefined && given.timeline.state === "complete";
  if (given.history === undefined ? isKnown : given.historyReach === undefined) return undefined;
  if (given.pullRequest?.state === "closed") return undefined;
  const snapshot = withBaseModels(given);
  const former = new Map(snapshot.files.map((file) => [file.filename, file.previous_filename ?? file.filename]));
  const groups = systemsOf(snapshot, policy, []).map(({ headFiles, baseFiles }) =>
    unique([...headFiles, ...baseFiles].flatMap(({ path }) => [path, former.get(path) ?? path])),
  );
  const models = groups.filter((group) => group.length > 0);
  if (given.history !== undefined || given.pullRequest === undefined) {
    return historyWanted(models, given.historyReach, given.history);
  }
  if (models.length === 0 || !concernsSystem(snapshot, policy, rules)) return undefined;
  return historyWanted(models, undefined);
}

/** Whether a difference touches a model or changes a system significantly. */
function concernsSystem(snapshot: Snapshot, policy: Policy, rules: Rules): boolean {
  const modelFiles = modelFilesOf(snapshot);
  const isModel = (file: ChangedFile) =>
    modelFiles.has(file.filename) || modelFiles.has(file.previous_filename ?? file.filename);
  if (snapshot.files.some(isModel)) return true;
  return detectIn(snapshot, policy, rules, modelFiles).changes.some(({ significant }) => significant);
}

/** Judges one snapshot. Pure: the same snapshot and rules give the same judgement. */
export function judge(given: Snapshot, rules: Rules, context: JudgeContext): Judgement {
  const effective = effectivePolicy(given.policy, given.repository);
  const { policy } = effective;
  const snapshot = withTimeline(withBaseModels(given), policy, rules);
  const modelFiles = modelFilesOf(snapshot);
  const detection = detectIn(snapshot, policy, rules, modelFiles);
  const systems = systemsOf(snapshot, policy, detection.changes).map(readSystem);
  const { threats, checklists } = elicitAll(systems, detection, snapshot, rules);
  const assessed = assess({
    snapshot,
    policy: effective,
    changes: detection.changes,
    checklists,
    threats,
    systems,
    deliverables: rules.deliverables,
  });
  const problems = [
    ...effective.problems,
    ...systems.flatMap(({ head }) => head?.problems ?? []),
    ...detection.problems,
  ];
  const assessment: Assessment = {
    ...frame(snapshot, policy, rules, context),
    ...assessed,
    changes: detection.changes,
    asked: askedOf(detection),
    checklists,
    threats,
    notInspected: oncePerPath([...detection.notInspected, ...snapshot.notRead, ...notListed(snapshot)]),
    problems: onceEach(problems),
    lookedAt: { files: snapshot.filesTotal, ...(detection.nearest ? { nearest: detection.nearest } : {}) },
  };
  return { assessment, timeline: snapshot.timeline, desired: drawn(assessment, snapshot, effective, context) };
}

/** The judgement when judging itself failed: nothing is concluded, and that is what is shown. */
export function couldNotEvaluate(snapshot: Snapshot, rules: Rules, context: JudgeContext, why: string): Judgement {
  const effective = effectivePolicy(snapshot.policy, snapshot.repository);
  const { policy } = effective;
  const assessment: Assessment = {
    ...frame(snapshot, policy, rules, context),
    conclusion: policy.mode === "enforce" ? "failure" : "neutral",
    couldNotEvaluate: true,
    reasons: [
      {
        outcome: "could-not-evaluate",
        says: `A fault of Threatgate: ${why}`,
        next: `Run the check again; if it stays, report it with the request id ${context.requestId}.`,
      },
    ],
    systems: [],
    changes: [],
    asked: [],
    checklists: [],
    threats: [],
    notInspected: snapshot.files.map((file) => ({ path: file.filename, reason: "could not be evaluated" })),
    problems: effective.problems,
    lookedAt: { files: 0 },
  };
  return { assessment, timeline: snapshot.timeline, desired: drawn(assessment, snapshot, effective, context) };
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

/** Every path that may hold a model: by its name anywhere in the tree, or because the policy names it. */
function modelPathsOf(snapshot: Snapshot, policy: Policy): readonly string[] {
  const named = policy.systems.flatMap((system) => system.model);
  const isNamed = compileGlobs(named);
  const inTree = snapshot.headPaths.filter((path) => isModelPath(path) || isNamed.matches(path));
  // A part of the tree is not listed: then an exact path is looked for even though it was not seen.
  const unseen = snapshot.headPathsComplete ? [] : named.filter((path) => !/[*?[\]{}!]/.test(path));
  const imported = snapshot.models.flatMap((file) => readModel([file]).model?.imports ?? []).map((one) => one.text);
  const known = new Set(snapshot.models.map((file) => file.path));
  return unique([...inTree, ...unseen, ...imported.filter((path) => snapshot.headPaths.includes(path))]).filter(
    (path) => !known.has(path),
  );
}

function teamsOf(snapshot: Snapshot, policy: Policy): readonly string[] {
  if (snapshot.pullRequest === undefined || !snapshot.repository.ownerIsOrganisation) return [];
  const known = new Set(snapshot.teams.map((reading) => reading.team));
  return unique([...policy.architects.teams, ...policy.peers.teams]).filter((team) => !known.has(team));
}

/** Model files at the base that the source did not read: derived from the head and the patch, or from the patch alone. */
function withBaseModels(snapshot: Snapshot): Snapshot {
  const known = new Set(snapshot.baseModels.map((file) => file.path));
  const heads = new Map(snapshot.models.map((file) => [file.path, file.text]));
  const derived: FileText[] = [];
  for (const file of snapshot.files) {
    const before = file.previous_filename ?? file.filename;
    const isModel = heads.has(file.filename) || isModelPath(before);
    if (!isModel || known.has(before) || file.status === "added") continue;
    const found = sidesOf(file, heads.get(file.filename), undefined);
    if ("sides" in found && !found.sides.fragments) derived.push({ path: before, text: found.sides.before });
    else if (file.changes === 0 && heads.has(file.filename))
      derived.push({ path: before, text: heads.get(file.filename) ?? "" });
  }
  return derived.length === 0 ? snapshot : { ...snapshot, baseModels: [...snapshot.baseModels, ...derived] };
}

function withTimeline(snapshot: Snapshot, policy: Policy, rules: Rules): Snapshot {
  if (snapshot.history === undefined) return snapshot;
  const { entries: earlier } = snapshot.timeline;
  const entries = [...earlier, ...timelineOfHistory(snapshot.history, policy, rules, earlier)];
  return { ...snapshot, timeline: { ...snapshot.timeline, entries } };
}

/** Files that are models by their content: their own lines are not searched for changes of the system. */
function modelFilesOf(snapshot: Snapshot): ReadonlySet<string> {
  return new Set(
    [...snapshot.models, ...snapshot.baseModels]
      .filter((file) => isModelPath(file.path) || readModel([file]).isModel)
      .map((file) => file.path),
  );
}

function detectIn(
  snapshot: Snapshot,
  policy: Policy,
  rules: Rules,
  modelFiles: ReadonlySet<string>,
): ReturnType<typeof detectChanges> {
  return detectChanges(
    {
      files: snapshot.files.filter((file) => !modelFiles.has(file.filename)),
      headTexts: snapshot.headTexts,
      baseTexts: snapshot.baseTexts,
      ignore: policy.paths.ignore,
      modes: policy.rules,
    },
    rules,
  );
}

function readSystem(system: ReturnType<typeof systemsOf>[number]): SystemWithModels {
  const head = system.headFiles.length === 0 ? undefined : readModel(system.headFiles);
  const same = JSON.stringify(system.headFiles) === JSON.stringify(system.baseFiles);
  const base = same ? head : system.baseFiles.length === 0 ? undefined : readModel(system.baseFiles);
  return { system, ...(head ? { head } : {}), ...(base ? { base } : {}) };
}

/** Threats system by system: the changes of another system stay in place, so that indexes hold, but ask nothing. */
function elicitAll(
  systems: readonly SystemWithModels[],
  detection: Detection,
  snapshot: Snapshot,
  rules: Rules,
): { threats: readonly Threat[]; checklists: readonly Checklist[] } {
  const results = systems.map(({ system, head }) => {
    const own = new Set(system.changes);
    const changes = detection.changes.map((change, index) =>
      own.has(index) ? change : { ...change, significant: false },
    );
    return elicit(
      {
        changes,
        ...(head?.model ? { model: head.model } : {}),
        riskClass: system.riskClass,
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

/** The changes that are asked about on their line: significant ones that are not only monitored, ten at most. */
function askedOf({ changes }: Detection): readonly number[] {
  return changes
    .flatMap((change, index) => (change.significant && change.mode !== "monitor" ? [index] : []))
    .slice(0, 10);
}

/** GitHub lists at most 3,000 files: what is beyond is said, never passed over (H078). */
function notListed(snapshot: Snapshot): readonly NotInspected[] {
  const missing = snapshot.filesTotal - snapshot.files.length;
  return missing > 0 ? [{ path: "", reason: `${missing} more changed files are not in GitHub's list` }] : [];
}

function drawn(assessment: Assessment, snapshot: Snapshot, effective: EffectivePolicy, context: JudgeContext): Desired {
  const desired = withConnectedTracker(present(assessment, presentContext(snapshot, context)), effective.policy);
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

function presentContext(snapshot: Snapshot, context: JudgeContext): PresentContext {
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
    },
    requestId: context.requestId,
  };
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

function unique(values: readonly string[]): readonly string[] {
  return [...new Set(values)];
}
