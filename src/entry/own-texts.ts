import type { Desired } from "../core/domain/desired.ts";
import { readMarker } from "../core/domain/marker.ts";
import type { Observed } from "../core/domain/observed.ts";
import type { Plan, Step, StepResult } from "../core/domain/plan.ts";
import type { Posts, World } from "../shell/ports.ts";
import type { Database } from "../shell/store/database.ts";
import {
  countRestoration,
  digestOfText,
  keepOwnTexts,
  ownTexts,
  type Place,
  restorationsBefore,
} from "../shell/store/own-texts.ts";
import { note } from "../shell/store/records.ts";

/*
 * A maintainer may edit or delete whatever we write. Nothing is ever read from it, so that it changes no verdict; but what
 * others read there would be false. So it is put back by the next evaluation that still needs it, at most three times a
 * day: whoever insists has been understood, and the check goes on to say what counts (H039).
 */

/** Evaluations within a day that put something back. */
const mostRestorations = 3;

const leftAlone =
  "Our comments on this pull request were changed or deleted again and again, and put back three times within a day. They are left alone now; what counts stands in this check.";

/** What somebody did to a text of ours. */
interface Tampering {
  readonly place: string;
  readonly how: "edited" | "deleted";
}

/** A world that puts back what others changed of our texts, counts it, and says when it stops. */
export function withOwnTexts(world: World, database: Database, place: Place, repository: string): World {
  const db = database.kysely;
  const isSpent = async (now: string) => (await restorationsBefore(db, place, now)) >= mostRestorations;
  return {
    ...world,
    judging: {
      ...world.judging,
      judge: async (snapshot, context) => {
        const judgement = await world.judging.judge(snapshot, context);
        if (snapshot.pullRequest?.number !== place.number || !(await isSpent(snapshot.now))) return judgement;
        return { ...judgement, desired: sayingSo(judgement.desired) };
      },
    },
    posts: watched(world.posts, database, place, repository, isSpent),
  };
}

function sayingSo(desired: Desired): Desired {
  const { checkRun } = desired;
  if (!checkRun) return desired;
  return { ...desired, checkRun: { ...checkRun, summary: `${checkRun.summary.trimEnd()}\n\n${leftAlone}\n` } };
}

function watched(
  posts: Posts,
  { kysely: db }: Database,
  place: Place,
  repository: string,
  isSpent: (now: string) => Promise<boolean>,
): Posts {
  let looked: { readonly observed: Observed; readonly now: string } | undefined;
  return {
    begin: (subject, head, says) => posts.begin(subject, head, says),
    observed: async (subject, snapshot, issuesIn) => {
      const observed = await posts.observed(subject, snapshot, issuesIn);
      looked = { observed, now: snapshot.now };
      return observed;
    },
    apply: async (subject, plan, mayWrite) => {
      // The last word of what failed is written without a look at our texts: nothing is known of them.
      if (!looked) return posts.apply(subject, plan, mayWrite);
      const { observed, now } = looked;
      const known = await ownTexts(db, place);
      const tampered = tamperings(known, observed).filter((one) => plan.steps.some((step) => restores(step, one)));
      const isOver = tampered.length > 0 && (await isSpent(now));
      for (const { place: where, how } of tampered) {
        const line = {
          step: where === "summary" ? "our summary" : `our comment of ${where}`,
          outcome: how,
          detail: isOver ? "left as it is: put back three times within a day" : "to be put back",
        };
        const at = { repositoryId: place.repositoryId, repository, pullRequest: place.number, head: plan.head };
        await note(db, at, now, line);
      }
      const kept = isOver ? without(plan, tampered) : plan;
      const results = await posts.apply(subject, kept, mayWrite);
      // What GitHub did not take, or a later evaluation writes, was not put back by this one.
      if (!isOver && results.some((result) => hasRestored(result, tampered))) await countRestoration(db, place, now);
      await keepOwnTexts(db, place, standing(known, observed, tampered, results));
      return [...results, ...leftOut(plan, kept)];
    },
  };
}

/** Where what stands is not what we last wrote. Only the first summary is ours to keep; duplicates are minimised. */
function tamperings(known: ReadonlyMap<string, string>, observed: Observed): Tampering[] {
  const found: Tampering[] = [];
  for (const [place, digest] of known) {
    const text = textAt(place, observed);
    if (text === null) continue;
    if (text === undefined) found.push({ place, how: "deleted" });
    else if (digestOfText(text) !== digest) found.push({ place, how: "edited" });
  }
  return found;
}

/** The text in a place; undefined where there is none, null where it stands in a form that nobody edits by itself. */
function textAt(place: string, { summaries, threads }: Observed): string | null | undefined {
  if (place === "summary") return summaries[0]?.body;
  const thread = threads.find(({ fingerprint }) => fingerprint === place);
  return thread && (thread.comment?.body ?? null);
}

/** Whether a step puts back what was changed. */
function restores(step: Step, { place, how }: Tampering): boolean {
  if (how === "edited")
    return place === "summary"
      ? step.do === "update-summary"
      : step.do === "update-comment" && step.fingerprint === place;
  if (step.do !== "create-review") return false;
  return place === "summary" ? isSummary(step.body) : step.comments.some(({ fingerprint }) => fingerprint === place);
}

function hasRestored({ step, outcome }: StepResult, tampered: readonly Tampering[]): boolean {
  return outcome === "done" && tampered.some((one) => restores(step, one));
}

function isSummary(body: string): boolean {
  return readMarker(body)?.kind === "summary";
}

/** The plan without what would put something back; a review that asks other things as well still asks those. */
function without(plan: Plan, tampered: readonly Tampering[]): Plan {
  const steps = plan.steps.flatMap((step): Step[] => {
    const concerned = tampered.filter((one) => restores(step, one));
    if (concerned.length === 0) return [step];
    if (step.do !== "create-review" || concerned.some(({ place }) => place === "summary")) return [];
    const comments = step.comments.filter(({ fingerprint }) => !concerned.some(({ place }) => place === fingerprint));
    return comments.length === 0 ? [] : [{ ...step, comments }];
  });
  return { ...plan, steps };
}

function leftOut(plan: Plan, kept: Plan): StepResult[] {
  return plan.steps
    .filter((step) => !kept.steps.includes(step))
    .map((step) => ({ step, outcome: "skipped", why: "put back three times within a day already" }));
}

/** What is known of our texts afterwards; a text that was left changed stays known as we wrote it. */
function standing(
  known: ReadonlyMap<string, string>,
  observed: Observed,
  tampered: readonly Tampering[],
  results: readonly StepResult[],
): ReadonlyMap<string, string | undefined> {
  const texts = new Map<string, string | undefined>();
  // What differs and needs no step is what we should have written: the note of it was lost.
  for (const { place } of tamperings(known, observed)) {
    if (tampered.some((one) => one.place === place)) continue;
    const text = textAt(place, observed);
    texts.set(place, text === undefined || text === null ? undefined : digestOfText(text));
  }
  for (const { step, outcome } of results) {
    if (outcome !== "done") continue;
    if (step.do === "update-summary") texts.set("summary", digestOfText(step.body));
    if (step.do === "update-comment") texts.set(step.fingerprint, digestOfText(step.body));
    if (step.do !== "create-review") continue;
    if (isSummary(step.body)) texts.set("summary", digestOfText(step.body));
    for (const { fingerprint, body } of step.comments) texts.set(fingerprint, digestOfText(body));
  }
  return texts;
}
