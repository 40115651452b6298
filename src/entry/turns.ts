import { type Step, tell } from "../core/domain/plan.ts";
import { Superseded } from "../shell/failures.ts";
import type { Source, World } from "../shell/ports.ts";
import type { Database } from "../shell/store/database.ts";
import { note } from "../shell/store/records.ts";
import { isLatest, noteWriting, type Turn, takeTurn } from "../shell/store/turns.ts";

/** The pull request that an evaluation is about. */
export interface Evaluated {
  readonly repositoryId: number;
  /** `owner/name`, for the audit. */
  readonly repository: string;
  readonly number: number;
}

/**
 * A world in which the latest evaluation of a pull request alone writes, and of pull requests with the same head commit the
 * latest alone writes the check (H041). The number is taken before anything is read. An evaluation that a later one has
 * overtaken ends as Superseded and is not recorded, unless it wrote something before.
 */
export async function inTurn(world: World, { kysely: db }: Database, evaluated: Evaluated): Promise<World> {
  const { repositoryId, repository, number } = evaluated;
  const { turn, left } = await takeTurn(db, repositoryId, `#${number}`);
  if (left) {
    const at = new Date().toISOString();
    for (const step of left.steps) {
      await note(db, { repositoryId, repository, pullRequest: number, head: left.head }, at, {
        step,
        outcome: "unknown",
        detail: "the evaluation that was to write it did not come to its end; the next one looks what is there",
      });
    }
  }
  let onHead: Turn | undefined;
  // Nobody began to look at this commit before, as far as is known here; a verdict of ours on it was recorded elsewhere.
  let isFirstOnHead = false;
  const source: Source = {
    listing: async (subject) => {
      const listing = await world.source.listing(subject);
      const isOwn = subject.kind === "pull-request" && subject.number === number;
      if (isOwn && listing.head !== undefined) {
        onHead = (await takeTurn(db, repositoryId, listing.head)).turn;
        isFirstOnHead ||= onHead.number === 1;
      }
      return listing;
    },
    snapshot: (subject, listing, needs) => world.source.snapshot(subject, listing, needs),
    towardsDefault: (subject, snapshot) => world.source.towardsDefault(subject, snapshot),
    asItStands: (snapshot) => world.source.asItStands(snapshot),
    complete: (subject, snapshot, more) => world.source.complete(subject, snapshot, more),
  };
  const isLatestFor = async (step: Step): Promise<boolean> => {
    if (!(await isLatest(db, turn))) return false;
    return !isCheck(step) || onHead === undefined || isLatest(db, onHead);
  };
  return {
    ...world,
    source,
    posts: {
      observed: (subject, snapshot, issuesIn) => world.posts.observed(subject, snapshot, issuesIn),
      begin: (subject, head, says) => world.posts.begin(subject, head, says),
      apply: async (subject, plan, mayWrite) => {
        if (!(await noteWriting(db, turn, { head: plan.head, steps: tell(plan) }))) {
          throw new Superseded("A later evaluation of this pull request has begun.");
        }
        return world.posts.apply(subject, plan, async (step) => (await isLatestFor(step)) && mayWrite(step));
      },
    },
    store: {
      ...world.store,
      record: async (evaluation) => {
        await world.store.record({ ...evaluation, wasJudged: evaluation.wasJudged === true && isFirstOnHead });
        await noteWriting(db, turn, undefined);
      },
    },
  };
}

function isCheck(step: Step): boolean {
  return step.do === "create-check-run" || step.do === "update-check-run";
}
