import type { Block, Line } from "../domain/document.ts";
import { proseLine } from "../domain/document.ts";
import type { EvidenceChange, EvidenceCommit, EvidenceReport } from "../domain/evidence-report.ts";
import { counted, day, heading, paragraph, table } from "./document-parts.ts";

/** The significant changes, each with the update or review that covered it, or the gap; gaps first. */
export function changeBlocks({ changes, source, period }: EvidenceReport): Block[] {
  const since =
    period.from.at === undefined
      ? ""
      : ` Those that came before ${day(period.from.at)} are listed where nothing covered them then.`;
  if (changes.length === 0)
    return [
      heading(2, "Significant changes"),
      paragraph(["No significant change, incident or advisory is known in the period."]),
    ];
  const gaps = changes.filter(({ state }) => state === "gap");
  const others = changes.filter(({ state }) => state !== "gap");
  const approvals = source === "service";
  return [
    heading(2, "Significant changes"),
    paragraph([`Each with the update or review of the model that covered it, or the gap.${since}`]),
    ...(gaps.length === 0 ? [] : [heading(3, `Gaps: ${gaps.length}`), changeTable(gaps, approvals)]),
    ...(others.length === 0
      ? []
      : [heading(3, `Covered or settled: ${others.length}`), changeTable(others, approvals)]),
  ];
}

/** Changes that one table row names; the JSON has all. */
const mostOfCommit = 6;

/** One row for the changes that came together and were covered together: nothing is said twice. */
function changeTable(changes: readonly EvidenceChange[], withApproval: boolean): Block {
  const groups = new Map<string, EvidenceChange[]>();
  for (const change of changes) {
    const key = JSON.stringify([change.came.reference, change.state, change.by?.commit.reference, change.kind]);
    groups.set(key, [...(groups.get(key) ?? []), change]);
  }
  return table(
    ["Changes", "Came", "Covered by", ...(withApproval ? ["Approval of the change"] : [])],
    [...groups.values()].flatMap(([first, ...rest]) => {
      if (!first) return [];
      const all = [first, ...rest];
      const shown = all
        .slice(0, mostOfCommit)
        .map(
          ({ what, path }): Line => [...proseLine(what), ...(path === undefined ? [] : [" ", { code: path } as const])],
        );
      return [
        [
          all.length > shown.length ? [...shown, [{ soft: `and ${all.length - shown.length} more` }] as Line] : shown,
          [
            commitLine(first.came),
            ...(first.isUnverified ? [[{ soft: "nobody but the committer vouches for the date" }] as Line] : []),
            ...titleLine(first.came),
          ],
          coverLines(first),
          ...(withApproval ? [[proseLine(first.approval.says)]] : []),
        ],
      ];
    }),
    withApproval ? [42, 22, 19, 17] : [48, 28, 24],
  );
}

function coverLines({ state, by, why, days }: EvidenceChange): Line[] {
  if (by) {
    const when = by.days === 0 ? "the same day" : `after ${counted(by.days, "day")}`;
    return [
      [
        { tone: "good", says: by.kind === "review" ? "review: no change needed" : "update" },
        " ",
        ...commitLine(by.commit),
      ],
      [{ soft: when }],
    ];
  }
  if (state === "settled") return [[{ tone: "none", says: "settled" }], ...(why === undefined ? [] : [proseLine(why)])];
  return [[{ tone: "bad", says: `gap, open for ${counted(days, "day")}` }]];
}

/** `abc123def456, 2026-03-04`. */
function commitLine({ reference, at }: EvidenceCommit): Line {
  return [{ code: reference }, `, ${day(at)}`];
}

function titleLine({ title, author }: EvidenceCommit): Line[] {
  if (title === undefined) return [];
  return [[{ soft: author === undefined ? title : `${title} (${author})` }]];
}
