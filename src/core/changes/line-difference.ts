/*
 * The lines in which two texts differ, for a file whose patch GitHub does not show: too long a difference, an attribute that
 * hides it, a byte that makes git take it for binary.
 */

/** Lines around a change that a patch repeats, as git does. */
const context = 3;

/**
 * A patch from one text to the other, in the form in which GitHub lists it; undefined when they hold the same lines. Lines that
 * stand once on each side, in the longest order that both share, hold the two together; what lies between them and is not
 * equal came or went. The time grows with the length of the texts alone (times its logarithm): a patch is exact, not always the shortest.
 */
export function patchBetween(before: string, after: string): string | undefined {
  const old = linesOf(before);
  const now = linesOf(after);
  const pairs = commonLines(old, now);
  const steps = stepsOf(old, now, pairs);
  const hunks = hunksOf(steps);
  return hunks.length === 0 ? undefined : hunks.join("\n");
}

function linesOf(text: string): readonly string[] {
  if (text === "") return [];
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

/** For each new line the old one that it is, or -1; old lines only ever ascend. */
function commonLines(old: readonly string[], now: readonly string[]): Int32Array {
  const pairs = new Int32Array(now.length).fill(-1);
  let start = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) pairs[start] = start++;
  let [oldEnd, nowEnd] = [old.length, now.length];
  while (oldEnd > start && nowEnd > start && old[oldEnd - 1] === now[nowEnd - 1]) pairs[--nowEnd] = --oldEnd;
  let oldNext = start;
  let nowNext = start;
  const take = (oldAt: number, nowAt: number): void => {
    // From an anchor backwards over what is equal, then from the last place forwards.
    let [oldBack, nowBack] = [oldAt, nowAt];
    while (oldBack > oldNext && nowBack > nowNext && old[oldBack - 1] === now[nowBack - 1])
      pairs[--nowBack] = --oldBack;
    let [oldOn, nowOn] = [oldNext, nowNext];
    while (oldOn < oldBack && nowOn < nowBack && old[oldOn] === now[nowOn]) pairs[nowOn++] = oldOn++;
  };
  for (const [oldAt, nowAt] of anchors(old, now, start, oldEnd, nowEnd)) {
    take(oldAt, nowAt);
    pairs[nowAt] = oldAt;
    oldNext = oldAt + 1;
    nowNext = nowAt + 1;
  }
  take(oldEnd, nowEnd);
  return pairs;
}

/** Lines that stand once on each side, as pairs of places: the longest sequence that ascends on both. */
function anchors(
  old: readonly string[],
  now: readonly string[],
  start: number,
  oldEnd: number,
  nowEnd: number,
): readonly (readonly [number, number])[] {
  const oldPlaces = placesOfSingles(old, start, oldEnd);
  const all: (readonly [number, number])[] = [];
  for (const [line, nowAt] of placesOfSingles(now, start, nowEnd)) {
    const oldAt = oldPlaces.get(line);
    if (oldAt !== undefined) all.push([oldAt, nowAt]);
  }
  return longestAscending(all);
}

function placesOfSingles(lines: readonly string[], start: number, end: number): ReadonlyMap<string, number> {
  const places = new Map<string, number>();
  for (let at = start; at < end; at++) {
    const line = lines[at] ?? "";
    places.set(line, places.has(line) ? -1 : at);
  }
  for (const [line, at] of places) if (at === -1) places.delete(line);
  return places;
}

/** Of pairs in the order of their second members, the longest run whose first members ascend too. */
function longestAscending(pairs: readonly (readonly [number, number])[]): readonly (readonly [number, number])[] {
  /** For each length, the pair with the smallest first member that ends a run of it; and each pair's forerunner. */
  const ends: number[] = [];
  const before = new Int32Array(pairs.length).fill(-1);
  for (const [index, [oldAt]] of pairs.entries()) {
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((pairs[ends[middle] ?? 0]?.[0] ?? 0) < oldAt) low = middle + 1;
      else high = middle;
    }
    before[index] = low > 0 ? (ends[low - 1] ?? -1) : -1;
    ends[low] = index;
  }
  const run: (readonly [number, number])[] = [];
  for (let index = ends.at(-1) ?? -1; index !== -1; index = before[index] ?? -1) {
    const pair = pairs[index];
    if (pair) run.push(pair);
  }
  return run.reverse();
}

/** One line of the way from one text to the other. */
interface Step {
  readonly sign: "+" | "-" | " ";
  readonly text: string;
  /** Lines of each side that stand above it. */
  readonly oldBefore: number;
  readonly newBefore: number;
}

/** All lines of both, between two that are shared the removed ones first, as git shows them. */
function stepsOf(old: readonly string[], now: readonly string[], pairs: Int32Array): readonly Step[] {
  const steps: Step[] = [];
  let oldAt = 0;
  let nowAt = 0;
  while (oldAt < old.length || nowAt < now.length) {
    let shared = nowAt;
    while (shared < now.length && pairs[shared] === -1) shared++;
    const oldEnd = shared < now.length ? (pairs[shared] ?? 0) : old.length;
    for (; oldAt < oldEnd; oldAt++)
      steps.push({ sign: "-", text: old[oldAt] ?? "", oldBefore: oldAt, newBefore: nowAt });
    for (; nowAt < shared; nowAt++)
      steps.push({ sign: "+", text: now[nowAt] ?? "", oldBefore: oldAt, newBefore: nowAt });
    if (shared < now.length) steps.push({ sign: " ", text: now[nowAt] ?? "", oldBefore: oldAt++, newBefore: nowAt++ });
  }
  return steps;
}

function hunksOf(steps: readonly Step[]): readonly string[] {
  const hunks: string[] = [];
  let at = 0;
  while (at < steps.length) {
    while (at < steps.length && steps[at]?.sign === " ") at++;
    if (at === steps.length) break;
    const start = Math.max(0, at - context);
    let end = at;
    for (let next = at; next < steps.length && next <= end + 2 * context; next++) {
      if (steps[next]?.sign !== " ") end = next;
    }
    const shown = steps.slice(start, Math.min(steps.length, end + 1 + context));
    hunks.push(hunkOf(shown));
    at = start + shown.length;
  }
  return hunks;
}

function hunkOf(shown: readonly Step[]): string {
  const first = shown[0];
  const side = (above: number, count: number): string => `${count === 0 ? above : above + 1},${count}`;
  const oldCount = shown.filter(({ sign }) => sign !== "+").length;
  const newCount = shown.filter(({ sign }) => sign !== "-").length;
  const header = `@@ -${side(first?.oldBefore ?? 0, oldCount)} +${side(first?.newBefore ?? 0, newCount)} @@`;
  return [header, ...shown.map(({ sign, text }) => sign + text)].join("\n");
}
