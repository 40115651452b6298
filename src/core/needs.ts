import { systemsOf } from "./assess/assess.ts";
import { isContributor } from "./assess/review.ts";
import { renamesToSettle, textsNeeded } from "./changes/texts.ts";
import type { EvidenceWanted } from "./domain/evidence.ts";
import type { Needs } from "./domain/needs.ts";
import type { Policy } from "./domain/policy.ts";
import type { Rules } from "./domain/rules.ts";
import type { ChangedFile, HistoryWanted, Snapshot } from "./domain/snapshot.ts";
import { modelPathsIn } from "./model-limits.ts";
import { elsewhereNeeded, lastUpdateElsewhere, systemsElsewhere } from "./models-elsewhere.ts";
import { rulesInForce } from "./own-rules.ts";
import { effectivePolicy } from "./policy.ts";
import { isOfPolicy } from "./policy-change.ts";
import { isModelPath, readModel, wellKnownModelPaths } from "./readers/read-model.ts";
import { detectInSystem, modelFilesOf, withBaseModels } from "./snapshot-parts.ts";
import { limits } from "./text/limits.ts";
import { historyWanted } from "./timeline.ts";

/** Model files are looked for at most this many at once; of a repository no more are read. */
const mostModelFiles = limits.allModelFiles;

/** What judging will want beyond the list of changed files. `remembered` is what an earlier look showed to be needed. */
export function needs(files: readonly ChangedFile[], remembered?: Needs): Needs {
  const changedModels = files.filter((file) => file.status !== "removed" && isModelPath(file.filename));
  const renamed = renamesToSettle(files);
  return {
    texts: textsNeeded(files),
    ...(renamed.length > 0 ? { renamed } : {}),
    look: unique([
      ...changedModels.map((file) => file.filename),
      ...(remembered?.look ?? []),
      ...wellKnownModelPaths,
      // The text at the head, to say what a change of the policy would do; never to judge by.
      ...files.filter((file) => file.status !== "removed" && isOfPolicy(file.filename)).map((file) => file.filename),
    ]).slice(0, mostModelFiles),
    teams: remembered?.teams ?? [],
    ...(remembered?.listed ? { listed: remembered.listed } : {}),
    ...(remembered?.properties ? { properties: true } : {}),
  };
}

/**
 * What a snapshot shows to be still missing, or undefined when it holds everything: model files at places that only the
 * policy or the tree names, members of teams that the policy names, the history of the default branch.
 * @param asked paths, teams and commits asked for already; what was not found is not asked for again.
 */
export function stillNeeded(snapshot: Snapshot, asked: ReadonlySet<string>, shipped: Rules): Needs | undefined {
  const { policy, asksProperties } = effectivePolicy(snapshot.policy, snapshot.repository);
  // What else is needed depends on the policy, which is not known before.
  if (asksProperties && snapshot.pullRequest && snapshot.repository.properties === undefined) {
    return { texts: [], look: [], teams: [], properties: true };
  }
  const { rules } = rulesInForce(shipped, snapshot, policy);
  const elsewhere = elsewhereNeeded(snapshot, policy, concernedElsewhere(snapshot, policy, rules));
  const look = modelPathsOf(snapshot, policy)
    .filter((path) => !asked.has(path))
    .slice(0, mostModelFiles);
  const teams = teamsOf(snapshot, policy).filter((team) => !asked.has(team));
  const isFound = look.length === 0 && elsewhere.length === 0;
  const tree = isFound && !asked.has(snapshot.head) && wantsTree(snapshot, policy, rules);
  // Which files the history is read for is known only when all models were found.
  const isSettled = isFound && !tree;
  const history = isSettled ? missingHistory(snapshot, policy, rules) : undefined;
  const since = approvedBefore(snapshot, policy);
  const evidence = isSettled ? missingEvidence(snapshot, policy, rules) : undefined;
  const pushers = asksForPushers(snapshot, policy);
  const accounts = loginsOf(snapshot, policy);
  const isRead =
    history === undefined && evidence === undefined && since.length === 0 && !pushers && accounts.length === 0;
  if (isSettled && teams.length === 0 && isRead) return undefined;
  return {
    texts: [],
    look,
    teams,
    ...(tree ? { tree: snapshot.head } : {}),
    ...(history ? { history } : {}),
    ...(evidence ? { evidence } : {}),
    ...(asksProperties ? { properties: true } : {}),
    ...(since.length > 0 ? { since } : {}),
    ...(pushers ? { pushers } : {}),
    ...(accounts.length > 0 ? { accounts } : {}),
    ...(elsewhere.length > 0 ? { elsewhere } : {}),
  };
}

/**
 * Whether the whole tree is listed: for a system that the difference changes significantly and that has no model at any
 * usual place, or whose model the policy names by a pattern. Listing it costs one request, which everything else is spared.
 */
function wantsTree(given: Snapshot, policy: Policy, rules: Rules): boolean {
  if (given.headPathsComplete || !given.pullRequest || given.pullRequest.state === "closed") return false;
  const snapshot = withBaseModels(given);
  const patterned = new Set(
    policy.systems.filter(({ model }) => model.some((path) => /[*?[\]{}!]/.test(path))).map(({ name }) => name),
  );
  const { changes } = detectInSystem(snapshot, policy, rules, modelFilesOf(snapshot));
  return systemsOf(snapshot, policy, changes).some(
    ({ name, home, headFiles, changes: own }) =>
      own.length > 0 && home === undefined && (patterned.has(name) || !readModel(headFiles).isModel),
  );
}

/** Most approved commits before the head that are looked at. */
const mostApproved = 3;

/** Commits before the head that somebody approved, newest first, where the policy lets such an approval stand. */
function approvedBefore({ pullRequest, head, since = [] }: Snapshot, policy: Policy): readonly string[] {
  if (policy.approvals !== "unchanged" || pullRequest?.state !== "open") return [];
  const approved = pullRequest.reviews
    .filter(({ state }) => state === "APPROVED")
    .toSorted((one, other) => ((one.submittedAt ?? "") < (other.submittedAt ?? "") ? 1 : -1))
    .flatMap(({ commit }) => (commit === undefined || commit === head ? [] : [commit]));
  const known = new Set(since.map(({ commit }) => commit));
  return unique(approved)
    .slice(0, mostApproved)
    .filter((commit) => !known.has(commit));
}

/** Whether somebody's approval would count, if they did not push what they approved (H022). */
function asksForPushers({ pullRequest, head }: Snapshot, policy: Policy): boolean {
  if (!pullRequest || pullRequest.state === "closed" || pullRequest.pushers !== undefined) return false;
  return pullRequest.reviews.some(
    ({ author, state, commit }) =>
      state === "APPROVED" &&
      author?.type === "User" &&
      (commit === head || policy.approvals === "unchanged") &&
      !isContributor(author, pullRequest),
  );
}

/** Systems whose model stands elsewhere and that the difference concerns: all of them where a whole branch is looked at. */
function concernedElsewhere(given: Snapshot, policy: Policy, rules: Rules): ReadonlySet<string> {
  const elsewhere = systemsElsewhere(policy);
  if (elsewhere.length === 0 || given.pullRequest?.state === "closed") return new Set();
  if (given.files.length === 0) return new Set(elsewhere.map(({ name }) => name));
  const snapshot = withBaseModels(given);
  const { changes } = detectInSystem(snapshot, policy, rules, modelFilesOf(snapshot));
  const concerned = systemsOf(snapshot, policy, changes).filter((system) => system.changes.length > 0);
  return new Set(concerned.map(({ name }) => name));
}

/** When the models elsewhere were last updated in substance: the earliest of these, ISO. */
function updatedElsewhere(snapshot: Snapshot, policy: Policy): string | undefined {
  const { name } = snapshot.repository;
  const updates = systemsOf(snapshot, policy, []).flatMap(({ home }) =>
    home ? (lastUpdateElsewhere(home, name) ?? []) : [],
  );
  return updates.toSorted((one, other) => Date.parse(one) - Date.parse(other))[0];
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
  const groups = systemsOf(snapshot, policy, [])
    .filter(({ home }) => home === undefined)
    .map(({ headFiles, baseFiles }) =>
      unique([...headFiles, ...baseFiles].flatMap(({ path }) => [path, former.get(path) ?? path])),
    );
  const models = groups.filter((group) => group.length > 0);
  const since = updatedElsewhere(snapshot, policy);
  const wanted = (reach: Snapshot["historyReach"], steps?: Snapshot["history"]): HistoryWanted | undefined => {
    const further = historyWanted(models, reach, steps);
    return further && since !== undefined ? { ...further, since } : further;
  };
  if (given.history !== undefined || given.pullRequest === undefined) {
    return wanted(given.historyReach, given.history);
  }
  if (since === undefined && (models.length === 0 || !concernsSystem(snapshot, policy, rules))) return undefined;
  return wanted(undefined);
}

/**
 * Alerts and incidents, where a model is there for them to say something of and the difference concerns it. What scanners
 * say of code is wanted only where the model claims that something holds: there is nothing else to hold it against.
 */
function missingEvidence(given: Snapshot, policy: Policy, rules: Rules): EvidenceWanted | undefined {
  if (given.evidence !== undefined || given.pullRequest === undefined) return undefined;
  if (given.pullRequest.state === "closed" || given.repository.isArchived) return undefined;
  const snapshot = withBaseModels(given);
  const { model } = readModel(snapshot.models);
  const { mode } = policy;
  // Questions are asked in threads, and where nothing may block it must be known whether threads do.
  const rulesOf = mode === "advise" && given.pullRequest.state === "open" ? given.pullRequest.baseBranch : undefined;
  if ((!model && rulesOf === undefined) || !concernsSystem(snapshot, policy, rules)) return undefined;
  const claims = model && (model.controls.length > 0 || model.threats.some(({ status }) => status === "mitigated"));
  return {
    scanners: model ? policy.scanners.filter((scanner) => scanner === "dependabot" || claims) : [],
    isStated: policy.origins["scanners"]?.from !== "default",
    ...(model && { incidentLabel: policy.incidents.label }),
    ...(rulesOf !== undefined && { rulesOf }),
  };
}

/** Whether a difference touches a model or changes a system significantly, or a branch is looked at as it stands. */
function concernsSystem(snapshot: Snapshot, policy: Policy, rules: Rules): boolean {
  if (snapshot.head === snapshot.base && snapshot.filesTotal === 0) return true;
  const modelFiles = modelFilesOf(snapshot);
  const isModel = (file: ChangedFile) =>
    modelFiles.has(file.filename) || modelFiles.has(file.previous_filename ?? file.filename);
  if (snapshot.files.some(isModel)) return true;
  return detectInSystem(snapshot, policy, rules, modelFiles).changes.some(({ significant }) => significant);
}

/** Every path that may hold a model: by its name anywhere in the tree, or because the policy names it. */
function modelPathsOf(snapshot: Snapshot, policy: Policy): readonly string[] {
  const named = policy.systems.flatMap((system) => system.model);
  const inTree = modelPathsIn(snapshot, policy).slice(0, mostModelFiles);
  // A part of the tree is not listed: then an exact path is looked for even though it was not seen.
  const unseen = snapshot.headPathsComplete
    ? []
    : [...named.filter((path) => !/[*?[\]{}!]/.test(path)), ...besideSystems(policy)];
  const imported = snapshot.models.flatMap((file) => readModel([file]).model?.imports ?? []).map((one) => one.text);
  const known = new Set(snapshot.models.map((file) => file.path));
  return unique([...inTree, ...unseen, ...imported.filter((path) => snapshot.headPaths.includes(path))]).filter(
    (path) => !known.has(path),
  );
}

/** The usual places of a model in the folders that the policy gives to systems and names no model for. */
function besideSystems({ systems }: Policy): readonly string[] {
  const unnamed = systems.filter(({ model, repository }) => model.length === 0 && repository === undefined);
  const folders = unnamed.flatMap(({ paths }) => paths.map(folderOf)).filter((folder) => folder !== "");
  // The most usual names of all systems first: where there are too many, the rarest are left out.
  return wellKnownModelPaths.flatMap((path) => unique(folders).map((folder) => `${folder}${path}`));
}

/** The folder that a pattern of paths lies in, with a slash at its end: `services/pay/` of `services/pay/**`. */
function folderOf(pattern: string): string {
  const fixed = pattern.split(/[*?[\]{}!]/, 1)[0] ?? "";
  return fixed.slice(0, fixed.lastIndexOf("/") + 1);
}

function teamsOf(snapshot: Snapshot, policy: Policy): readonly string[] {
  if (snapshot.pullRequest === undefined || !snapshot.repository.ownerIsOrganisation) return [];
  const known = new Set(snapshot.teams.map((reading) => reading.team));
  return unique([...policy.architects.teams, ...policy.peers.teams]).filter((team) => !known.has(team));
}

/** People whom the policy names by login alone, until it is known whose those logins were (H031). */
function loginsOf({ pullRequest, accounts }: Snapshot, { architects, peers }: Policy): readonly string[] {
  if (!pullRequest || pullRequest.state === "closed" || accounts !== undefined) return [];
  return unique([...architects.users, ...peers.users].filter((user) => !user.includes("#")));
}

function unique(values: readonly string[]): readonly string[] {
  return [...new Set(values)];
}
