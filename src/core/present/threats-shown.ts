import { riskLevels } from "../domain/risk.ts";
import type { Threat } from "../domain/threat.ts";
import { openThreats, type PresentedChange } from "./standing.ts";

/** How many threats of one comment stand open before the rest is folded. */
export const shownInComment = 3;
/** How many of one element do, over all comments that concern it. */
export const shownOfElement = 6;

interface Row {
  readonly of: string;
  readonly position: number;
  readonly threat: Threat;
}

/**
 * How many threats each comment shows open, by the comment's fingerprint; the rest is one fold away. An element that many
 * changes concern shows its six gravest, wherever they are asked: first the gravest of each comment, so that none is
 * without a word, then by risk. Nothing is left out of the comments, the model's draft or the verdict.
 */
export function threatsShown(comments: readonly PresentedChange[]): ReadonlyMap<string, number> {
  const perElement = new Map<string, Row[]>();
  for (const { fingerprint, checklist } of comments) {
    for (const [position, threat] of openThreats(checklist).slice(0, shownInComment).entries()) {
      const rows = perElement.get(threat.element.id) ?? [];
      perElement.set(threat.element.id, rows);
      rows.push({ of: fingerprint, position, threat });
    }
  }
  const shown = new Map(comments.map(({ fingerprint }) => [fingerprint, 0]));
  for (const rows of perElement.values()) {
    for (const { of } of rows.toSorted(weightier).slice(0, shownOfElement)) shown.set(of, (shown.get(of) ?? 0) + 1);
  }
  return shown;
}

function weightier(one: Row, other: Row): number {
  const isFirst = ({ position }: Row) => (position === 0 ? 0 : 1);
  return (
    isFirst(one) - isFirst(other) ||
    riskLevels.indexOf(other.threat.risk) - riskLevels.indexOf(one.threat.risk) ||
    one.position - other.position
  );
}
