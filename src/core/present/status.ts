import type { Assessment } from "../domain/assessment.ts";
import { showPlace } from "../domain/problem.ts";
import type { Timeline, TimelineEntry } from "../domain/timeline.ts";
import { evidenceOutput } from "./check-output.ts";
import type { Palette } from "./terminal.ts";
import { besideTheModelLines, plainTerminal, systemLines } from "./terminal.ts";

/** The JSON of `threatgate status`. */
export function statusOutput(assessment: Assessment, timeline: Timeline): object {
  return {
    schemaVersion: 1,
    repository: assessment.subject.repository,
    head: assessment.subject.head,
    asOf: assessment.asOf,
    systems: assessment.systems.map((system) => ({
      name: system.name,
      modelFiles: system.modelFiles,
      ...(system.home ? { home: system.home } : {}),
      indicators: system.indicators,
      deliverables: Object.fromEntries(
        Object.entries(system.deliverables).map(([id, { state, where, lacking }]) => [
          id,
          { state, where: where ? showPlace(where) : null, lacking: lacking.map(({ says }) => says) },
        ]),
      ),
      openThreats: system.openThreats.map(({ id, title, risk, place }) => ({
        id,
        title,
        risk,
        where: showPlace(place),
      })),
      counts: system.counts,
    })),
    timeline,
    ...(assessment.evidence ? { evidence: evidenceOutput(assessment.evidence) } : {}),
    problems: assessment.problems,
    versions: assessment.versions,
  };
}

/** What `threatgate status` prints: for each system its indicators and gaps, open threats, and the timeline. */
export function statusText(assessment: Assessment, timeline: Timeline, palette: Palette): string {
  const lines: string[] = [];
  for (const system of assessment.systems) {
    const none = system.home?.unknown ? `model in ${system.home.repository}, not known` : "no threat model found";
    const files = system.modelFiles.length === 0 ? none : system.modelFiles.join(", ");
    lines.push(`${palette.strong(plainTerminal(system.name))}  ${palette.faint(plainTerminal(files))}`, "");
    lines.push(...systemLines(system, false, palette));
    if (system.openThreats.length > 0) {
      lines.push("", "  open threats:");
      for (const threat of system.openThreats.slice(0, 20)) {
        lines.push(
          `     ${(threat.risk ?? "unrated").padEnd(8)} ${plainTerminal(threat.id)}  ${plainTerminal(threat.title)}`,
        );
      }
      if (system.openThreats.length > 20) lines.push(palette.faint(`     and ${system.openThreats.length - 20} more`));
    }
    lines.push("");
  }
  lines.push(...besideTheModelLines(assessment), "");
  for (const problem of assessment.problems)
    lines.push(`  ${problem.severity} ${plainTerminal(showPlace(problem))}  ${plainTerminal(problem.what)}`);
  lines.push(...timelineLines(timeline, palette));
  return `${lines.join("\n").replace(/\n{3,}/g, "\n\n")}\n`;
}

function timelineLines(timeline: Timeline, palette: Palette): string[] {
  const source = timeline.verifiedByGitHub ? "" : " (commit dates, not verified by GitHub)";
  if (timeline.entries.length === 0)
    return [palette.faint(`timeline${source}: nothing since the model was last touched`)];
  const rows = saidOf(timeline)
    .slice(-20)
    .map(
      ({ at, reference, what }) =>
        `  ${at.slice(0, 10)}  ${plainTerminal(reference).padEnd(13)} ${plainTerminal(what)}`,
    );
  const earlier = timeline.entries.length - rows.length;
  return [`timeline${source}:`, ...(earlier > 0 ? [palette.faint(`  ${earlier} earlier`)] : []), ...rows];
}

/** What each entry of a timeline says, in its order: an instant, where it is from, and one sentence of foreign text. */
export function saidOf(
  timeline: Timeline,
): readonly { readonly at: string; readonly reference: string; readonly what: string }[] {
  const alike = saidOfSeveralFiles(timeline);
  return timeline.entries.map((entry) => ({
    at: entry.at,
    reference: entry.reference,
    what:
      entry.kind === "update"
        ? "model updated"
        : entry.kind === "review"
          ? `review: ${entry.outcome}`
          : placed(entry, alike),
  }));
}

/** The sentences that stand for several files: without the path nobody could tell them apart. */
function saidOfSeveralFiles({ entries }: Timeline): ReadonlySet<string> {
  const paths = new Map<string, string>();
  const alike = new Set<string>();
  for (const entry of entries) {
    if (entry.kind !== "change") continue;
    const first = paths.get(entry.what);
    if (first === undefined) paths.set(entry.what, entry.path);
    else if (first !== entry.path) alike.add(entry.what);
  }
  return alike;
}

function placed(entry: Extract<TimelineEntry, { what: string }>, alike: ReadonlySet<string>): string {
  return entry.kind === "change" && alike.has(entry.what) ? `${entry.what} (${entry.path})` : entry.what;
}
