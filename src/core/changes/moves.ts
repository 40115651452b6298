import { changedItem, likeness, mostRenameCandidates, sameEnough } from "./difference.ts";
import type { Difference, Item } from "./structure.ts";

/** A difference and the file it was found in. */
export interface PlacedDifference {
  readonly path: string;
  readonly difference: Difference;
}

/**
 * Settles what several files of one change say together. Something removed from one file and added to another is a
 * move: it is dropped when nothing else changed, and becomes one `changed` difference in the new place otherwise. A lockfile's word on a
 * package is dropped where a manifest of the same change speaks of the package itself. What a manifest names for the first time is not
 * new where a list beside it had the package before. Order is kept.
 */
export function settleMoves<T extends PlacedDifference>(found: readonly T[]): T[] {
  const removed = new Map<string, T[]>();
  const former = new Map<string, T>();
  const spoken = new Set<string>();
  const raised = new Map<string, Item>();
  for (const one of found) {
    const { before, after, change } = one.difference;
    const item = after ?? before;
    if (item?.kind === "dependency") spoken.add(packageKey(item));
    if (change === "changed" && before && isPackage(before))
      raised.set(`${folderOf(one.path)}${packageKey(before)}`, before);
    if (change !== "removed" || !before) continue;
    const group = moveGroup(before);
    const others = removed.get(group);
    if (others) others.push(one);
    else removed.set(group, [one]);
    const platform = platformGroup(one.path, before);
    if (platform !== undefined && !former.has(platform)) former.set(platform, one);
  }
  const replaced = new Map<T, T | undefined>();
  for (const one of found) {
    const { after, change } = one.difference;
    if (change !== "added" || !after) continue;
    const candidates = (removed.get(moveGroup(after)) ?? []).filter(
      (other) => !replaced.has(other) && other.path !== one.path,
    );
    const origin = bestOrigin(candidates, after) ?? predecessorOf(one, former, replaced);
    const before =
      origin?.difference.before ??
      (isPackage(after) ? raised.get(`${folderOf(one.path)}${packageKey(after)}`) : undefined);
    if (!before) continue;
    if (origin) replaced.set(origin, undefined);
    const changed = changedItem(before, after);
    replaced.set(one, changed ? { ...one, difference: changed } : undefined);
  }
  const settled: T[] = [];
  for (const one of found) {
    const item = one.difference.after ?? one.difference.before;
    if (item?.kind === "locked-dependency" && spoken.has(packageKey(item))) continue;
    const now = replaced.has(one) ? replaced.get(one) : one;
    if (now) settled.push(now);
  }
  return markedAlone(withoutFollowers(settled));
}

/** Resources that give somebody a right, and are nothing else. */
const rights =
  /^aws_iam_(?:role|user|group)_policy|^aws_iam_policy_attachment$|^azurerm_role_assignment$|^azurerm_key_vault_access_policy$|^google_\w+_iam_(?:member|binding)$|^kubernetes_(?:cluster_)?role_binding|^aws_lambda_permission$|^github_team_repository$/;

/**
 * Rights that go while everything else stays are taken from somebody who goes on: `alone` says so. Where other resources go as
 * well, theirs go with them.
 */
function markedAlone<T extends PlacedDifference>(settled: readonly T[]): T[] {
  const removed = settled.filter(({ difference }) => difference.change === "removed");
  const isRight = ({ difference }: T): boolean => rights.test(difference.before?.type ?? "");
  const isAlone = removed.every((one) => isRight(one) || !isThing(one.difference.before));
  if (!isAlone || !removed.some(isRight)) return [...settled];
  return settled.map((one) => {
    const { before, change } = one.difference;
    if (change !== "removed" || !before || !isRight(one)) return one;
    const attributes = new Map([...before.attributes, ["alone", true] as const]);
    return { ...one, difference: { ...one.difference, before: { ...before, attributes } } };
  });
}

/** What exists by itself: not a text that only others use. */
function isThing(item: Item | undefined): boolean {
  return item !== undefined && /^terraform-(?:resource|module)$/.test(item.kind);
}

/** A setting that is removed together with the very thing it belonged to leaves nothing unprotected. */
function withoutFollowers<T extends PlacedDifference>(settled: readonly T[]): T[] {
  const gone = new Set<string>();
  for (const { path, difference } of settled) {
    const { change, before } = difference;
    // A setting often has the name of what it belongs to: only what belongs to nothing can be an owner.
    if (change !== "removed" || !before || before.attributes.has("attached-to")) continue;
    gone.add(`${folderOf(path)}${before.name}`);
  }
  return settled.filter(({ path, difference }) => {
    const owner = difference.change === "removed" ? difference.before?.attributes.get("attached-to") : undefined;
    return owner === undefined || !gone.has(`${folderOf(path)}${String(owner)}`);
  });
}

function isPackage({ kind }: Item): boolean {
  return kind === "dependency" || kind === "locked-dependency";
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/") + 1);
}

function packageKey(item: Item): string {
  return `${String(item.attributes.get("ecosystem"))}\u0000${item.type}`;
}

function moveGroup(item: Item): string {
  return item.kind === "dependency" ? `dependency\u0000${packageKey(item)}` : `${item.kind}\u0000${item.type}`;
}

/**
 * What the same publisher called this package when it was made for another version of its platform: `example-boot3` before
 * `example-boot4`, `prov-jdk15on` before `prov-jdk18on`. Only in Maven, where the group says who publishes: elsewhere a name that
 * differs by a digit may be anybody's.
 */
function predecessorOf<T extends PlacedDifference>(
  { path, difference }: T,
  former: ReadonlyMap<string, T>,
  replaced: ReadonlyMap<T, T | undefined>,
): T | undefined {
  const { after } = difference;
  const group = after === undefined ? undefined : platformGroup(path, after);
  const other = group === undefined ? undefined : former.get(group);
  return other && !replaced.has(other) && other.difference.before?.type !== after?.type ? other : undefined;
}

/** Packages of one publisher in one manifest whose names differ at most by numbers; undefined for what has none in its name. */
function platformGroup(path: string, item: Item): string | undefined {
  if (item.kind !== "dependency" || item.attributes.get("ecosystem") !== "maven" || !/\d/.test(item.type))
    return undefined;
  return `${path}\u0000${withoutDigits(item.type)}`;
}

/** The name of an artifact with its group as it is, and every number in the artifact's own name as one. */
function withoutDigits(type: string): string {
  const colon = type.indexOf(":");
  return type.slice(0, colon + 1) + type.slice(colon + 1).replace(/\d+(?:\.\d+)*/g, "0");
}

/** Of what was removed elsewhere, the one that this item is: any for a package, the most alike for everything else. */
function bestOrigin<T extends PlacedDifference>(candidates: readonly T[], after: Item): T | undefined {
  if (after.kind === "dependency") return candidates[0];
  let best: T | undefined;
  let bestLikeness = sameEnough;
  for (const candidate of candidates.slice(0, mostRenameCandidates)) {
    const { before } = candidate.difference;
    if (!before) continue;
    const alike = likeness(before, after) + (before.key === after.key ? 0.001 : 0);
    if (alike > bestLikeness || (alike === bestLikeness && !best)) {
      best = candidate;
      bestLikeness = alike;
    }
  }
  return best;
}
