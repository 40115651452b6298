import type { Policy } from "./domain/policy.ts";
import type { Rules } from "./domain/rules.ts";
import { type ChangedFile, isRenameAlone, type SinceApproval, type Snapshot } from "./domain/snapshot.ts";
import { isOfPolicy } from "./policy-change.ts";
import { isModelPath } from "./readers/read-model.ts";
import { detectInSystem, modelFilesOf } from "./snapshot-parts.ts";

/**
 * Commits before the head whose approvals stand, where the policy allows that (H025): what was pushed since touches no
 * model, no policy and nothing that any rule records, and could be inspected whole. Whatever is not known ends an
 * approval. Empty by default: an approval is given to a commit.
 */
export function approvalsThatStand(snapshot: Snapshot, policy: Policy, rules: Rules): ReadonlySet<string> {
  if (policy.approvals !== "unchanged") return new Set();
  const standing = (snapshot.since ?? []).filter((since) => changesNothing(since, snapshot, policy, rules));
  return new Set(standing.map(({ commit }) => commit));
}

function changesNothing({ files }: SinceApproval, snapshot: Snapshot, policy: Policy, rules: Rules): boolean {
  if (files === "unknown") return false;
  const models = modelFilesOf(snapshot);
  const isBound = (path: string) => models.has(path) || isModelPath(path) || isOfPolicy(path);
  if (files.some((file) => isBound(file.filename) || isBound(file.previous_filename ?? file.filename))) return false;
  // Paths that are passed over for questions are not passed over here: nobody has approved what lies in them now.
  const strict = { ...policy, paths: { ...policy.paths, ignore: [] }, rules: {} };
  const step: Snapshot = { ...snapshot, files, filesTotal: files.length, baseTexts: [], asked: [] };
  const { changes, notInspected } = detectInSystem(step, strict, rules, models);
  return changes.length === 0 && notInspected.length === 0 && files.every(isShown);
}

/** A file whose difference GitHub shows, or that has none. */
function isShown(file: ChangedFile): boolean {
  return file.patch !== undefined || isRenameAlone(file);
}
