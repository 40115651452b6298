import type { AssessedEvidence, ClockStart } from "../domain/evidence.ts";

/** Lines of each kind that are shown; the rest is counted. */
const most = 5;

/**
 * What scanners, advisories and incidents say, one line each and as raw as their sources: escape them to show them. What
 * could not be read is one line, whatever its number.
 */
export function evidenceLines({ clock, matches, read }: AssessedEvidence): readonly string[] {
  const of = (verdict: string): string[] =>
    matches.filter((match) => match.verdict === verdict).map(({ says }) => says);
  return [
    ...some(clock.map(clockLine)),
    ...some(of("contradicts")),
    ...some(of("supports")),
    ...cutLine(read),
    ...unreadLine(read),
  ];
}

function some(lines: readonly string[]): readonly string[] {
  const rest = lines.length - most;
  return rest > 0 ? [...lines.slice(0, most), `and ${rest} more of this kind`] : lines;
}

function clockLine({ kind, what, reference, at, days, state, why }: ClockStart): string {
  const since = `${kind === "incident" ? "recorded" : "known since"} ${at.slice(0, 10)} (${days} ${days === 1 ? "day" : "days"} ago, ${reference})`;
  const became = {
    running: "no update of the model speaks of it yet",
    covered: "the model was updated for it",
    settled: `it asks nothing any more: ${why ?? "settled"}`,
  }[state];
  return `${what} ${since}: ${became}.`;
}

function cutLine(read: AssessedEvidence["read"]): readonly string[] {
  const cut = read.filter((one) => "isWhole" in one && !one.isWhole).map(({ source }) => source);
  return cut.length === 0 ? [] : [`Only the latest of ${cut.join(", ")} were read; there are more.`];
}

function unreadLine(read: AssessedEvidence["read"]): readonly string[] {
  const unread = read.flatMap((one) => ("why" in one ? [one] : []));
  if (unread.length === 0) return [];
  const each = unread.map(
    ({ source, why, needs }) => `${source} (${needs === undefined ? bare(why) : `the App was not granted ${needs}`})`,
  );
  return [`These alerts are not read: ${each.join(", ")}.`];
}

/** GitHub's own words are enough where it says why. */
function bare(why: string): string {
  return why.replace(/^GitHub has nothing to [^(:]*(?:\(\d+\))?: /, "").replace(/\.$/, "");
}
