// The bars on reading other people's models: structured formats and Markdown apart, as the issue sets them.
import { deliverableIds } from "../src/core/domain/threat-model.ts";
import { type Bar, barRow, isMet } from "./eval-bars.ts";
import { countKinds, countsFrom, type Label, near, type Outcome, share, stateOf } from "./labelled-models.ts";

/** One part of the files, with the shares that its bars are set on. */
export interface SplitFigures {
  readonly files: number;
  readonly format: number;
  /** Share of all labelled counts that are exactly equal. */
  readonly countsEqual: number;
  readonly deliverablesEqual: number;
  /** Share of judgements that say present where the label says absent, or the other way round. */
  readonly swapped: number;
  /** Share of the files with a count of threats where ours is within ten percent of it. */
  readonly threatsNear: number;
  /** Whether every bar of this part holds. */
  readonly met: boolean;
}

/** Why a structured file counts for no bar; undefined for a file that does. The issue names the three reasons. */
function excluded(label: Label): string | undefined {
  if (label.format === "other-yaml") return "a YAML or JSON schema of one project";
  if (label.format === "pytm" && label.file.endsWith(".py")) return "a pytm script: read, never run";
  if (/\bmalformed\b|\bmust refuse\b/i.test(label.notes)) return "labelled as malformed: to be refused";
  return undefined;
}

function splitOf(outcomes: readonly Outcome[]): Omit<SplitFigures, "met"> {
  const judged = outcomes.flatMap((outcome) =>
    deliverableIds.map((id) => ({ ours: stateOf(outcome, id), labelled: outcome.label.deliverables[id] })),
  );
  const counts = outcomes.flatMap(({ label, read }) =>
    countKinds.flatMap((kind) => (label[kind] === null ? [] : [countsFrom(read)?.[kind] === label[kind]])),
  );
  const threats = outcomes.flatMap(({ label, read }) =>
    label.threats === null ? [] : [near(countsFrom(read)?.threats, label.threats)],
  );
  const right = (found: readonly boolean[]) => share(found.filter((one) => one).length, found.length);
  return {
    files: outcomes.length,
    format: right(outcomes.map(({ label, read }) => read?.format === label.format)),
    countsEqual: right(counts),
    deliverablesEqual: right(judged.map(({ ours, labelled }) => ours === labelled)),
    swapped: right(
      judged.map(({ ours, labelled }) => ours !== "partial" && labelled !== "partial" && ours !== labelled),
    ),
    threatsNear: right(threats),
  };
}

function structuredBars(split: Omit<SplitFigures, "met">): Bar[] {
  return [
    { what: "format", found: split.format, least: 1 },
    { what: "counts equal", found: split.countsEqual, least: 0.97 },
    { what: "deliverables equal", found: split.deliverablesEqual, least: 0.9 },
    { what: "present and missing swapped", found: split.files === 0 ? 0 : split.swapped, most: 0.02 },
  ];
}

function markdownBars(split: Omit<SplitFigures, "met">): Bar[] {
  return [
    { what: "deliverables equal", found: split.deliverablesEqual, least: 0.82 },
    { what: "present and missing swapped", found: split.swapped, most: 0.04 },
    { what: "files with threats within 10 percent", found: split.threatsNear, least: 0.8 },
  ];
}

/** The two parts with whether their bars hold, and the lines that people read: each bar, each file left out with its reason. */
export function barsOf(outcomes: readonly Outcome[]): {
  readonly structured: SplitFigures;
  readonly markdown: SplitFigures;
  readonly lines: readonly string[];
} {
  const structured = splitOf(
    outcomes.filter(({ label }) => label.format !== "markdown" && excluded(label) === undefined),
  );
  const markdown = splitOf(outcomes.filter(({ label }) => label.format === "markdown"));
  const bars = { structured: structuredBars(structured), markdown: markdownBars(markdown) };
  return {
    structured: { ...structured, met: bars.structured.every(isMet) },
    markdown: { ...markdown, met: bars.markdown.every(isMet) },
    lines: linesOf(outcomes, { structured, markdown }, bars),
  };
}

function linesOf(
  outcomes: readonly Outcome[],
  figures: { readonly structured: Omit<SplitFigures, "met">; readonly markdown: Omit<SplitFigures, "met"> },
  bars: { readonly structured: readonly Bar[]; readonly markdown: readonly Bar[] },
): string[] {
  const left = outcomes.flatMap(({ label }) => {
    const why = label.format === "markdown" ? undefined : excluded(label);
    return why === undefined ? [] : [`  not counted: ${label.file}: ${why}`];
  });
  return [
    `Structured formats, ${figures.structured.files} files:`,
    ...bars.structured.map(barRow),
    ...left,
    `Markdown, ${figures.markdown.files} files:`,
    ...bars.markdown.map(barRow),
  ];
}
