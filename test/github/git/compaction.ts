/** One side of a line comparison: its lines, and which of them the other side does not have. */
export interface Side {
  readonly lines: readonly string[];
  readonly changed: boolean[];
}

interface Group {
  start: number;
  end: number;
}

const longestSlide = 100;
const blanksLookedAt = 20;

/**
 * Where a run of changed lines could stand in several places with the same meaning, puts it where git puts it:
 * beside the other side's run if there is one, else by git's indent heuristic (the default since git 2.14).
 * https://git-scm.com/docs/git-diff#Documentation/git-diff.txt---indent-heuristic
 */
export function compact(side: Side, other: Side): void {
  const group = firstGroup(side);
  const opposite = firstGroup(other);
  do {
    if (group.end > group.start) settle(side, group, other, opposite);
  } while (next(side, group) && next(other, opposite));
}

function settle(side: Side, group: Group, other: Side, opposite: Group): void {
  let size: number;
  let earliestEnd: number;
  let endBesideOther: number | undefined;
  do {
    size = group.end - group.start;
    endBesideOther = undefined;
    while (slideUp(side, group)) previous(other, opposite);
    earliestEnd = group.end;
    if (opposite.end > opposite.start) endBesideOther = group.end;
    while (slideDown(side, group)) {
      next(other, opposite);
      if (opposite.end > opposite.start) endBesideOther = group.end;
    }
  } while (size !== group.end - group.start);
  if (group.end === earliestEnd) return;
  if (endBesideOther !== undefined) {
    while (opposite.end === opposite.start && slideUp(side, group)) previous(other, opposite);
    return;
  }
  const best = bestEnd(side.lines, group, size, earliestEnd);
  while (group.end > best && slideUp(side, group)) previous(other, opposite);
}

function bestEnd(lines: readonly string[], group: Group, size: number, earliestEnd: number): number {
  const first = Math.max(earliestEnd, group.end - size - 1, group.end - longestSlide);
  let best = first;
  let bestScore: Score | undefined;
  for (let end = first; end <= group.end; end += 1) {
    const score = sum(scoreOfSplit(lines, end), scoreOfSplit(lines, end - size));
    if (bestScore === undefined || compare(score, bestScore) <= 0) {
      best = end;
      bestScore = score;
    }
  }
  return best;
}

interface Score {
  readonly indent: number;
  readonly penalty: number;
}

function sum(left: Score, right: Score): Score {
  return { indent: left.indent + right.indent, penalty: left.penalty + right.penalty };
}

function compare(left: Score, right: Score): number {
  return 60 * Math.sign(left.indent - right.indent) + left.penalty - right.penalty;
}

/** How ugly it is to split before this line; the weights are git's. */
function scoreOfSplit(lines: readonly string[], split: number): Score {
  const here = split < lines.length ? indentOf(lines[split]) : -1;
  const before = lookFrom(lines, split - 1, -1);
  const after = lookFrom(lines, split + 1, 1);
  const blanksAfter = here === -1 ? 1 + after.blanks : 0;
  const blanks = before.blanks + blanksAfter;
  const indent = here === -1 ? after.indent : here;
  let penalty = -30 * blanks + 6 * blanksAfter;
  if (before.indent === -1 && before.blanks === 0) penalty += 1;
  if (split >= lines.length) penalty += 21;
  if (indent !== -1 && before.indent !== -1) {
    if (indent > before.indent) penalty += blanks > 0 ? 10 : -4;
    else if (indent < before.indent) {
      const outdent = after.indent !== -1 && after.indent > indent;
      if (outdent) penalty += blanks > 0 ? 17 : 24;
      else penalty += blanks > 0 ? 17 : 23;
    }
  }
  return { indent, penalty };
}

function lookFrom(lines: readonly string[], from: number, step: 1 | -1): { indent: number; blanks: number } {
  let blanks = 0;
  for (let at = from; at >= 0 && at < lines.length; at += step) {
    const indent = indentOf(lines[at]);
    if (indent !== -1) return { indent, blanks };
    blanks += 1;
    if (blanks === blanksLookedAt) return { indent: 0, blanks };
  }
  return { indent: -1, blanks };
}

/** Columns of leading white space; -1 for a blank line. */
function indentOf(line: string | undefined): number {
  let indent = 0;
  for (const character of line ?? "") {
    if (!/\s/.test(character)) return indent;
    if (character === " ") indent += 1;
    else if (character === "\t") indent += 8 - (indent % 8);
    if (indent >= 200) return 200;
  }
  return -1;
}

function firstGroup(side: Side): Group {
  const group = { start: 0, end: 0 };
  while (side.changed[group.end]) group.end += 1;
  return group;
}

function next(side: Side, group: Group): boolean {
  if (group.end >= side.lines.length) return false;
  group.start = group.end + 1;
  group.end = group.start;
  while (side.changed[group.end]) group.end += 1;
  return true;
}

function previous(side: Side, group: Group): void {
  if (group.start === 0) return;
  group.end = group.start - 1;
  group.start = group.end;
  while (side.changed[group.start - 1]) group.start -= 1;
}

function slideDown(side: Side, group: Group): boolean {
  if (group.end >= side.lines.length || side.lines[group.start] !== side.lines[group.end]) return false;
  side.changed[group.start] = false;
  side.changed[group.end] = true;
  group.start += 1;
  group.end += 1;
  while (side.changed[group.end]) group.end += 1;
  return true;
}

function slideUp(side: Side, group: Group): boolean {
  if (group.start === 0 || side.lines[group.start - 1] !== side.lines[group.end - 1]) return false;
  group.start -= 1;
  group.end -= 1;
  side.changed[group.start] = true;
  side.changed[group.end] = false;
  while (side.changed[group.start - 1]) group.start -= 1;
  return true;
}
