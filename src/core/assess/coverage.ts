import type { Change } from "../domain/change.ts";
import type { Place } from "../domain/problem.ts";
import type { Checklist, Threat } from "../domain/threat.ts";
import { compileGlobs } from "../text/globs.ts";
import type { ModelDifference } from "./model-difference.ts";
import { mentions, nameKey } from "./names.ts";

/** What the changes of one system are held against. */
export interface CoverageGround {
  readonly difference: ModelDifference;
  /** Paths of the system's model files at the head: only what is written there answers a question. */
  readonly modelFiles: readonly string[];
  readonly checklists: readonly Checklist[];
  readonly threats: readonly Threat[];
  /** Places of facts that stand in drafts which nobody has confirmed: they answer nothing. */
  readonly drafted?: readonly Place[];
  /** A counted review at the head that says that the model needs no change. */
  readonly noChangeNeeded: boolean;
}

/**
 * Whether the model answers a significant change: a substantive update in this difference concerns its element or its
 * file (named, linked, or by a derived threat), all its questions are answered in the model, or a counted review says
 * that no change is needed. One unrelated edit covers nothing.
 */
export function isCovered(change: Change, index: number, ground: CoverageGround): boolean {
  return ground.noChangeNeeded || concerns(change, index, ground) || isAnswered(index, ground);
}

function concerns(change: Change, index: number, { difference, checklists, threats }: CoverageGround): boolean {
  if (difference.says.length === 0) return false;
  const { name } = change.element;
  if (difference.names.has(nameKey(name))) return true;
  if (namesFile(difference.files, change.path)) return true;
  if (difference.texts.some((text) => mentions(text, name) || text.includes(change.path))) return true;
  const asked = checklists.find((checklist) => checklist.change === index);
  const ids = asked
    ? threats.filter((threat) => isOf(threat, change, asked)).flatMap(({ id, element }) => [id, element.id])
    : [];
  return ids.some((id) => difference.names.has(nameKey(id)) || hasShortened(difference.names, id));
}

/** The derived threats of a change: those on its checklist, and those on its element that are answered already. */
function isOf(threat: Threat, change: Change, checklist: Checklist): boolean {
  return (
    checklist.threats.some(({ id }) => id === threat.id) ||
    nameKey(threat.element.name) === nameKey(change.element.name)
  );
}

/** People may shorten a derived id; at least the six characters that are shown must be there. */
function hasShortened(names: ReadonlySet<string>, id: string): boolean {
  const full = nameKey(id);
  for (let length = "t-".length + 6; length < full.length; length++) {
    if (names.has(full.slice(0, length))) return true;
  }
  return false;
}

/** A file that the model names: exactly, by a pattern, or by the folder it lies in. */
function namesFile(files: readonly string[], path: string): boolean {
  return files.includes(path) || compileGlobs(files.filter(namesSomePlace)).matches(path);
}

/** Whether a pattern says where: one that fits files of any folder (`**`, `**\/*.ts`) names none, or it would cover every change. */
function namesSomePlace(file: string): boolean {
  if (!/[*?[{]|\/$/.test(file)) return false;
  return file.split("/").some((segment) => /[\p{L}\p{N}]/u.test(segment) && !/[*?[]/.test(segment));
}

function isAnswered(index: number, { checklists, modelFiles, drafted = [] }: CoverageGround): boolean {
  const checklist = checklists.find((one) => one.change === index);
  if (!checklist || checklist.threats.length > 0 || checklist.questions.length > 0) return false;
  // What the patch alone states is credited, but a model that knows nothing of the element is not answered by it.
  const isDraft = (where: Place) => drafted.some(({ path, line }) => path === where.path && line === where.line);
  return checklist.credited.some(({ where }) => modelFiles.includes(where.path) && !isDraft(where));
}
