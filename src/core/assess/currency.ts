import type { Policy } from "../domain/policy.ts";
import type { Timeline, TimelineEntry } from "../domain/timeline.ts";
import { compileGlobs } from "../text/globs.ts";
import { dayOf, showDay, showDays } from "./days.ts";
import { nameKey } from "./names.ts";

/** How current the model of one system is. Ages are whole UTC days. */
export type Currency =
  | { readonly state: "no-model" }
  | { readonly state: "unknown"; readonly why: string }
  | {
      readonly state: "known";
      readonly rag: "GREEN" | "AMBER" | "RED";
      /** The oldest entry that no update covers, and its age; absent when all are covered. */
      readonly oldest?: { readonly entry: Asking; readonly age: number };
      /** Every uncovered entry, oldest first. */
      readonly uncovered: readonly Asking[];
      /** Days since the last substantive update or approved review. */
      readonly sinceReview?: number;
      readonly lastReview?: string;
      readonly verified: boolean;
    };

/** What asks for an update of the model. */
export type Asking = Extract<TimelineEntry, { kind: "change" | "incident" | "intelligence" }>;
/** What answers. */
export type Answering = Extract<TimelineEntry, { kind: "update" | "review" }>;

export interface CurrencyGround {
  readonly timeline: Timeline;
  readonly system: { readonly name: string; covers(path: string): boolean };
  readonly hasModel: boolean;
  /** Set where the model stands in another repository: what came before its first known update there is not judged. */
  readonly isElsewhere?: boolean;
  readonly now: string;
  readonly thresholds: Policy["currency"];
  /** What this pull request itself updates in the model, in the terms of the timeline; absent when nothing. */
  readonly ownUpdate?: { readonly concerns: readonly string[] };
}

/** Days before the yearly review at which it is spoken of: the 335th of 365. */
export const reviewNotice = 30;

/**
 * The age of the oldest significant change, incident or piece of threat intelligence that no substantive update since
 * then concerns, and the time since the last review. Dates that lie in the future move nothing (H069).
 */
export function currencyOf(ground: CurrencyGround): Currency {
  if (!ground.hasModel) return { state: "no-model" };
  const isOwn = (entry: TimelineEntry): boolean => entry.kind === "update" && isOfSystem(entry, ground.system);
  if (ground.isElsewhere && !ground.timeline.entries.some(isOwn)) {
    return { state: "unknown", why: "When the model was last updated in substance lies further back than is read." };
  }
  if (ground.timeline.state === "reading") return { state: "unknown", why: stillReading(ground.timeline) };
  const today = dayOf(ground.now);
  if (today === undefined) return { state: "unknown", why: "The time of this evaluation is not known." };
  const mine = ground.timeline.entries.filter((entry) => isOfSystem(entry, ground.system));
  const answers = mine.filter((entry): entry is Answering => entry.kind === "update" || entry.kind === "review");
  const past = answers.filter((entry) => (dayOf(entry.at) ?? Number.POSITIVE_INFINITY) <= today);
  const own: readonly Answering[] = ground.ownUpdate
    ? [{ kind: "update", at: ground.now, reference: "this pull request", concerns: ground.ownUpdate.concerns }]
    : [];
  const all = [...past, ...own];
  const firstUpdate = all.map(({ at }) => at).toSorted((one, other) => instant(one) - instant(other))[0];
  const isJudged = ({ at }: TimelineEntry): boolean =>
    !ground.isElsewhere || firstUpdate === undefined || instant(at) >= instant(firstUpdate);
  const uncovered = mine
    .filter(isJudged)
    .filter((entry) => !("settled" in entry))
    .filter((entry): entry is Asking => entry.kind !== "update" && entry.kind !== "review")
    .filter((entry) => !all.some((answer) => covers(answer, entry)))
    .toSorted((one, other) => instant(one.at) - instant(other.at));
  const reviews = all.flatMap((answer) => dayOf(answer.at) ?? []);
  const last = reviews.length > 0 ? Math.max(...reviews) : undefined;
  return colour(uncovered, last, today, ground);
}

function stillReading({ remaining, verifiedByGitHub }: Timeline): string {
  // Commit dates are those of a clone, where nothing reads on after the verdict.
  if (!verifiedByGitHub)
    return "The history of the default branch was not read whole: it is longer than a clone is read (300 steps), or the clone is shallow.";
  if (remaining === undefined) return "The history of the default branch is still being read.";
  const many = remaining === 1 ? "1 merge remains" : `${remaining} merges remain`;
  return `The history of the default branch is still being read: ${many}.`;
}

function colour(
  uncovered: readonly Asking[],
  last: number | undefined,
  today: number,
  ground: CurrencyGround,
): Currency {
  const { green, amber, review } = ground.thresholds;
  const [first] = uncovered;
  const age = first ? Math.max(0, today - (dayOf(first.at) ?? today)) : undefined;
  const sinceReview = last === undefined ? undefined : Math.max(0, today - last);
  if (age === undefined && sinceReview === undefined) {
    return { state: "unknown", why: "The history holds no substantive update and no review of the model." };
  }
  const byAge = age === undefined || age <= green ? "GREEN" : age <= amber ? "AMBER" : "RED";
  const isOverdue = sinceReview !== undefined && sinceReview > review;
  return {
    state: "known",
    rag: isOverdue ? "RED" : byAge,
    ...(first && age !== undefined && { oldest: { entry: first, age } }),
    uncovered,
    ...(sinceReview !== undefined && last !== undefined && { sinceReview, lastReview: showDay(last) }),
    verified: ground.timeline.verifiedByGitHub && !(first?.kind === "change" && first.unverified),
  };
}

function isOfSystem(entry: TimelineEntry, system: CurrencyGround["system"]): boolean {
  if (entry.system !== undefined) return nameKey(entry.system) === nameKey(system.name);
  return entry.kind !== "change" || system.covers(entry.path);
}

/** Whether an update or a review of the model speaks to what asked for one before it. */
export function covers(answer: Answering, asking: Asking): boolean {
  if (instant(answer.at) < instant(asking.at)) return false;
  if (answer.kind === "review") return answer.outcome === "no-change-needed";
  const concerned = new Set(answer.concerns.map(nameKey));
  if (asking.elements.some((element) => concerned.has(nameKey(element)))) return true;
  // One unrelated edit covers nothing: an incident of which no element is known must be named itself.
  if (asking.kind !== "change") return concerned.has(nameKey(asking.reference));
  return (
    answer.concerns.includes(asking.path) ||
    compileGlobs(answer.concerns.filter((one) => one.includes("/") || one.includes("*"))).matches(asking.path)
  );
}

/** Milliseconds of an instant that `dayOf` accepts; anything else is older than all. */
function instant(text: string): number {
  const day = dayOf(text);
  if (day === undefined) return Number.NEGATIVE_INFINITY;
  const parsed = Date.parse(text);
  return Number.isNaN(parsed) ? day * 86_400_000 : parsed;
}

/** An entry in words: bucket `reports` merged 2026-01-21 (43 days ago, #812). */
export function showEntry(entry: Asking, age: number): string {
  const day = dayOf(entry.at);
  const on = day === undefined ? entry.at : showDay(day);
  const verb = { change: "merged", incident: "recorded", intelligence: "known since" }[entry.kind];
  const where = entry.kind === "change" ? `, in ${shownPath(entry.path)}` : "";
  return `${entry.what} ${verb} ${on} (${showDays(age)} ago, ${entry.reference}${where})`;
}

/** A path as code, its end kept where it is long; a mark that would end the code is not shown as itself. */
function shownPath(path: string): string {
  const shown = path.replaceAll("`", "'");
  return `\`${shown.length <= 120 ? shown : `…${shown.slice(-119)}`}\``;
}
