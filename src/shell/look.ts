import type { Snapshot } from "../core/domain/snapshot.ts";
import { needs } from "../core/judge.ts";
import type { Subject } from "./event.ts";
import { TryAgainLater } from "./failures.ts";
import type { World } from "./ports.ts";

/** What looking needs of the world. */
export type Sight = Pick<World, "source" | "judging" | "memory">;

/**
 * How often a snapshot may show that something more must be read: models and teams that the policy names, then the
 * history, then the history further back, each time four times as far, then what it changed as a whole.
 */
const looks = 7;

/**
 * Reads until nothing is missing: what the policy names can only be asked for once the policy is known.
 * @param listed told the head commit as soon as it is known.
 */
export async function look(subject: Subject, world: Sight, listed?: (head: string) => void): Promise<Snapshot> {
  const listing = await world.source.listing(subject);
  if (listing.head !== undefined) listed?.(listing.head);
  const first = needs(listing.files, world.memory.recall(subject));
  const asked = new Set([...first.look, ...first.teams, ...(first.listed ?? [])]);
  return settle(subject, await world.source.snapshot(subject, listing, first), asked, world);
}

/**
 * The default branch as it stands, through a merged pull request, as far as its models are known to be: `settle` reads the
 * rest. Undefined where there is none to be seen.
 */
export async function lookAtDefault(
  subject: Subject,
  merged: Snapshot,
  world: Sight,
): Promise<{ readonly branch: Snapshot; readonly asked: Set<string> } | undefined> {
  const bare = world.source.asItStands(merged);
  if (!bare) return undefined;
  const first = needs([], world.memory.recall(subject));
  const look = [...new Set([...first.look, ...merged.models.map(({ path }) => path)])];
  const branch = await world.source.complete(subject, bare, { ...first, look });
  return { branch, asked: new Set([...look, ...first.teams]) };
}

/** Reads on until judging lacks nothing. `asked` holds the names that were looked for already, and grows. */
export async function settle(subject: Subject, from: Snapshot, asked: Set<string>, world: Sight): Promise<Snapshot> {
  let snapshot = from;
  for (let count = 0; count < looks; count++) {
    const more = await world.judging.stillNeeded(snapshot, asked);
    if (more === undefined) return snapshot;
    for (const name of [...more.look, ...more.teams, ...(more.tree ? [more.tree] : [])]) asked.add(name);
    world.memory.keep(subject, more);
    snapshot = await world.source.complete(subject, snapshot, more);
  }
  if ((await world.judging.stillNeeded(snapshot, asked)) === undefined) return snapshot;
  throw new TryAgainLater("The repository changed while it was being read.");
}
