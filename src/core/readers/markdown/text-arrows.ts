const mostLines = 400;
const longestLine = 400;

/** Arrows along a line. A short one that nothing leads to is the sign of a list. */
const along =
  /[─━═]{1,200}[>▶►]|[<◀◄][─━═]|-{2,200}>|<-{2}|={2,200}>|(?<=[\p{L}\p{N})\]"'][ \t]{0,40})(?:->|=>|→|⟶|⟷|↔)/gu;

/** `| guest | --- HTTPS ---> | shop |`: one arrow from box to box. */
const fromBoxToBox = /[|│[]([^|│[\]]{1,60})[|│\]][^|│[\]]{0,80}[-─━═][>▶►]\s{0,40}[|│[]([^|│[\]]{1,60})[|│\]]/u;
const zone = /\b(?:(?:un|semi-?)?trusted|zone|internet|lan|dmz|network|perimeter)\b/i;

/**
 * Whether a drawing made of characters, under a heading that promises no flows, shows some: from one part in a box to
 * another, or two arrows at least and more than one chain of calls. A zone above another with one arrow between shows
 * boundaries alone.
 */
export function showsFlows(text: string): boolean {
  const lines = text.split("\n", mostLines).map((line) => line.slice(0, longestLine));
  let arrows = 0;
  let chains = 0;
  let down = 0;
  for (const [at, line] of lines.entries()) {
    const found = line.match(along)?.length ?? 0;
    arrows += found;
    if (found > 0) chains++;
    const [, from = "", to = ""] = (found === 1 ? fromBoxToBox.exec(line) : undefined) ?? [];
    if (from.trim() !== "" && to.trim() !== "" && !zone.test(from) && !zone.test(to)) return true;
    down += headsIn(line) + waysBelow(lines, at);
  }
  return arrows + down >= 2 && chains + down >= 2;
}

/** Heads of arrows that lead up or down: signs made for it, and letters on a line with nothing else. */
function headsIn(line: string): number {
  const isBare = /^[\s|│+v^V-]{1,400}$/.test(line);
  return line.match(isBare ? /[▼▲↓↑v^V]/g : /[▼▲↓↑]/g)?.length ?? 0;
}

/**
 * Ways without heads: a bar alone between two named parts, or a line that comes from one above and forks into several below:
 * `|`, `+---+---+`, `|   |   |`.
 */
function waysBelow(lines: readonly string[], at: number): number {
  const [above = "", line = "", below = ""] = [lines[at - 1], lines[at], lines[at + 1]];
  if (loneBar.test(line)) return /\p{L}/u.test(above) && /\p{L}/u.test(below) ? 1 : 0;
  if (!loneBar.test(above) || !/^[\s+┌┐├┤┬┴┼─-]{3,400}$/.test(line) || !/^[\s|│]{3,400}$/.test(below)) return 0;
  const ways = below.match(/[|│]/g)?.length ?? 0;
  return ways >= 2 ? ways : 0;
}

const loneBar = /^\s{0,400}[|│]\s{0,400}$/;
