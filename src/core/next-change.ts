import { systemsOf } from "./assess/assess.ts";
import { currencyOf, reviewNotice } from "./assess/currency.ts";
import { dayOf, showDay } from "./assess/days.ts";
import type { Assessment, SystemAssessment } from "./domain/assessment.ts";
import type { Snapshot } from "./domain/snapshot.ts";
import type { Timeline } from "./domain/timeline.ts";

/*
 * What time alone does to a verdict: days 31 and 61 of a change that the model does not hold, days 335 and 365 of the last
 * review, the end of an accepted risk and of a waiver (H071). Whole UTC days, as they are judged by.
 */

/** What was judged, and what it was judged by. */
export interface Judged {
  readonly assessment: Assessment;
  readonly snapshot: Snapshot;
  readonly timeline: Timeline;
}

/**
 * The instant, ISO in UTC, from which the same state may be judged otherwise because a day has passed. Undefined where no
 * passing of time changes anything.
 */
export function nextChangeByTime({ assessment, snapshot, timeline }: Judged): string | undefined {
  const today = dayOf(assessment.asOf);
  if (today === undefined) return undefined;
  const systems = systemsOf(snapshot, assessment.policy, assessment.changes);
  const days = assessment.systems.flatMap((judged) => {
    const system = systems.find(({ name }) => name === judged.name);
    const currency = system ? currencyDays({ assessment, snapshot, timeline }, judged, system, today) : [];
    return [...currency, ...acceptanceDays(judged, assessment)];
  });
  const waived = assessment.waived === undefined ? [] : [dayAfter(assessment.waived.until)];
  return earliest([...days, ...waived], today);
}

/** The same of accepted risks alone: what is left to watch of a pull request that is merged. */
export function nextEndOfAcceptance(assessment: Assessment): string | undefined {
  const today = dayOf(assessment.asOf);
  if (today === undefined) return undefined;
  return earliest(
    assessment.systems.flatMap((system) => acceptanceDays(system, assessment)),
    today,
  );
}

/** What is concluded, without the dates and words in which it is told; two that are equal need no new text. */
export function verdictOf(assessment: Assessment): string {
  const { conclusion, couldNotEvaluate, reasons, waived, systems } = assessment;
  return JSON.stringify([
    conclusion,
    couldNotEvaluate,
    waived?.until ?? null,
    reasons.map(({ outcome, place }) => [outcome, place?.path ?? null, place?.line ?? null]),
    systems.map(({ name, indicators, openThreats, uncovered }) => [
      name,
      Object.entries(indicators).map(([id, { rag, next }]) => [id, rag, next.length]),
      openThreats.map(({ id }) => id),
      uncovered,
    ]),
  ]);
}

type System = ReturnType<typeof systemsOf>[number];

function currencyDays(
  { assessment, snapshot, timeline }: Judged,
  judged: SystemAssessment,
  system: System,
  today: number,
) {
  const { green, amber, review } = assessment.policy.currency;
  const currency = currencyOf({
    timeline,
    system,
    hasModel: judged.modelFiles.length > 0,
    now: snapshot.now,
    thresholds: assessment.policy.currency,
    ...(judged.modelUpdated && { ownUpdate: { concerns: judged.concerns } }),
  });
  if (currency.state !== "known") return [];
  const { oldest, sinceReview } = currency;
  const days: number[] = [];
  if (oldest) days.push(today - oldest.age + green + 1, today - oldest.age + amber + 1);
  // A review is spoken of from the day of its notice on, and overdue the day after its term.
  if (sinceReview !== undefined)
    days.push(today - sinceReview + review - reviewNotice, today - sinceReview + review + 1);
  return days;
}

/** An acceptance ends the day after its last one; one that runs too long is none until its end has come near enough. */
function acceptanceDays({ model }: SystemAssessment, { policy }: Assessment): readonly (number | undefined)[] {
  return (model?.acceptances ?? []).flatMap(({ until, review }) => {
    const end = until === undefined ? undefined : dayOf(until);
    const look = review === undefined ? undefined : dayOf(review);
    const again = look === undefined ? [] : [look + 1];
    return end === undefined ? again : [end + 1, end - policy.acceptance.maxDays, ...again];
  });
}

function dayAfter(date: string): number | undefined {
  const day = dayOf(date);
  return day === undefined ? undefined : day + 1;
}

function earliest(days: readonly (number | undefined)[], today: number): string | undefined {
  const coming = days.filter((day) => day !== undefined).filter((day) => day > today);
  return coming.length === 0 ? undefined : `${showDay(Math.min(...coming))}T00:00:00Z`;
}
