import { type Detection, detectChanges } from "./changes/detect.ts";
import { sidesOf } from "./changes/texts.ts";
import type { Change } from "./domain/change.ts";
import type { Policy } from "./domain/policy.ts";
import type { Rules } from "./domain/rules.ts";
import { type FileText, isRenameAlone, type Snapshot } from "./domain/snapshot.ts";
import { isModelPath, readModel } from "./readers/read-model.ts";

/* What of a snapshot is model, and what is system: both sides of the one, detection in the other. */

/** Model files at the base that the source did not read: derived from the head and the patch, or from the patch alone. */
export function withBaseModels(snapshot: Snapshot): Snapshot {
  const known = new Set(snapshot.baseModels.map((file) => file.path));
  const heads = new Map(snapshot.models.map((file) => [file.path, file.text]));
  const derived: FileText[] = [];
  for (const file of snapshot.files) {
    const before = file.previous_filename ?? file.filename;
    const isModel = heads.has(file.filename) || isModelPath(before);
    if (!isModel || known.has(before) || file.status === "added") continue;
    const head = heads.get(file.filename);
    const found = sidesOf(file, head, undefined);
    const isSame = file.status === "renamed" ? isRenameAlone(file) : file.changes === 0;
    if ("sides" in found && !found.sides.fragments) derived.push({ path: before, text: found.sides.before });
    else if (isSame && head !== undefined) derived.push({ path: before, text: head });
  }
  return derived.length === 0 ? snapshot : { ...snapshot, baseModels: [...snapshot.baseModels, ...derived] };
}

/**
 * Files that are models by their content at the head, or were at the base and are gone: their own lines are not searched
 * for changes of the system. A name decides nothing, or a manifest could hide behind one.
 */
export function modelFilesOf(snapshot: Snapshot): ReadonlySet<string> {
  const atHead = new Set(snapshot.models.map(({ path }) => path));
  const gone = snapshot.baseModels.filter(({ path }) => !atHead.has(path));
  return new Set([...snapshot.models, ...gone].filter((file) => readModel([file]).isModel).map(({ path }) => path));
}

/** A detection, and everything that its outcome depends on but the files. */
interface Detected {
  readonly basis: readonly unknown[];
  readonly detection: Detection;
}

/** The last detection in each list of files. One evaluation asks for it several times: what is still needed, then what it means. */
const lately = new WeakMap<Snapshot["files"], Detected>();

/** Detection in everything of a difference that is not a model. The same again is not made again. */
export function detectInSystem(
  { files, headTexts, baseTexts, notRead, asked }: Snapshot,
  policy: Policy,
  rules: Rules,
  modelFiles: ReadonlySet<string>,
): Detection {
  // The policy is put together anew each time, so that what it says is compared and not which object says it.
  const stated = JSON.stringify([[...modelFiles], policy.paths.ignore, Object.entries(policy.rules)]);
  const basis = [stated, rules, headTexts, baseTexts, notRead, asked];
  const known = lately.get(files);
  if (known && basis.every((part, index) => part === known.basis[index])) return known.detection;
  const given = {
    files: files.filter((file) => !modelFiles.has(file.filename)),
    headTexts,
    baseTexts,
    notRead,
    ...(asked ? { asked } : {}),
    ignore: policy.paths.ignore,
    modes: policy.rules,
  };
  const detection = withRecorded(detectChanges(given, rules), policy, rules);
  lately.set(files, { basis, detection });
  return detection;
}

function withRecorded(detection: Detection, policy: Policy, rules: Rules): Detection {
  // What the policy says is only recorded asks nothing of anybody: no question, no model, no approval.
  const isRecorded = ({ rule }: Change): boolean =>
    policy.rules[rule] === "monitor" || isOwnMonitor(rule, policy, rules);
  if (!detection.changes.some(isRecorded)) return detection;
  const changes = detection.changes.map((change) => (isRecorded(change) ? recorded(change) : change));
  const significant = changes.filter((change) => change.significant);
  return { ...detection, changes: [...significant, ...changes.filter((change) => !change.significant)] };
}

function isOwnMonitor(rule: string, policy: Policy, rules: Rules): boolean {
  if (policy.rules[rule] !== undefined) return false;
  return rules.own?.changes.some(({ id, mode }) => id === rule && mode === "monitor") ?? false;
}

function recorded({ behind: _, ...change }: Change): Change {
  return { ...change, significant: false };
}
