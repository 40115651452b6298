import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { inTurn } from "../../src/entry/turns.ts";
import { Gone, Superseded } from "../../src/shell/failures.ts";
import type { World } from "../../src/shell/ports.ts";
import { run } from "../../src/shell/run.ts";
import type { Database } from "../../src/shell/store/database.ts";
import { auditOf, createStore } from "../../src/shell/store/records.ts";
import { repositoryNamed } from "../github/find.ts";
import { openPrepared } from "../make/prepared-database.ts";
import { bucket, Stage } from "./stage.ts";

const policy = "version: 1\nmode: enforce\narchitects:\n  teams: [security-architects]\nriskThreshold: medium\n";
let database: Database;

beforeEach(async () => {
  database = await openPrepared(() => {});
});

afterEach(() => database.close());

/** A stage with one pull request, and worlds as the service makes them, with a place in the order. */
async function begin() {
  const stage = await Stage.set({ policy });
  const number = stage.opened({ "infra/a.tf": bucket("a") });
  const repositoryId = repositoryNamed(stage.github.world, stage.name).id;
  const subject = { ...stage.subject(number), repositoryId };
  const worldOf = (of = number): Promise<World> =>
    inTurn({ ...stage.world(), store: createStore(database.kysely) }, database, {
      repositoryId,
      repository: stage.name,
      number: of,
    });
  const written = (): Promise<{ step: string; outcome: string }[]> =>
    auditOf(database.kysely, stage.name, number, repositoryId);
  return { stage, number, subject, worldOf, written, repositoryId };
}

/** A world whose evaluation stops right before it writes, until it is let go. */
function heldBack(world: World): { readonly world: World; readonly reached: Promise<void>; go(): void } {
  let go = (): void => {};
  let reach = (): void => {};
  const reached = new Promise<void>((resolve) => {
    reach = resolve;
  });
  const gone = new Promise<void>((resolve) => {
    go = resolve;
  });
  const apply: World["posts"]["apply"] = async (subject, plan, mayWrite) => {
    reach();
    await gone;
    return world.posts.apply(subject, plan, mayWrite);
  };
  const { observed, begin: announce } = world.posts;
  return { world: { ...world, posts: { observed, begin: announce, apply } }, reached, go };
}

describe("evaluations of one pull request that overtake each other", () => {
  test("H041: an older one that ends after a newer one writes nothing and is not recorded", async () => {
    const { stage, number, subject, worldOf } = await begin();
    const older = heldBack(await worldOf());
    const slow = run(subject, older.world);
    await older.reached;
    await run(subject, await worldOf());
    const seen = stage.seen(number);
    const requests = stage.github.requests.writes.length;
    older.go();
    await expect(slow).rejects.toBeInstanceOf(Superseded);
    await expect(slow).rejects.toBeInstanceOf(Gone);
    expect(stage.seen(number)).toEqual(seen);
    expect(stage.github.requests.writes.length).toBe(requests);
    expect(stage.checks(number)).toHaveLength(1);
  });

  test("H041: one that is overtaken between two writes leaves the rest to the newer one", async () => {
    const { stage, number, subject, worldOf } = await begin();
    const older = await worldOf();
    let overtaken = false;
    const disarm = stage.github.faults.add({
      operation: "pulls/create-review",
      effect: { do: "delay", milliseconds: 1 },
    });
    const { posts } = older;
    const outcome = await run(subject, {
      ...older,
      posts: {
        ...posts,
        apply: async (where, plan, mayWrite) => {
          const results = posts.apply(where, plan, mayWrite);
          // The first step is on its way; the newer evaluation begins before the second.
          overtaken = true;
          await worldOf();
          return results;
        },
      },
    });
    disarm();
    expect(overtaken).toBe(true);
    expect(outcome.results.at(-1)).toMatchObject({ outcome: "superseded", why: "a later evaluation has begun" });
    await run(subject, await worldOf());
    expect([stage.checks(number).length, stage.reviews(number).length]).toEqual([1, 1]);
  });

  test("H041: of two pull requests with one head commit the one that read first does not write the check over the other's", async () => {
    const { stage, number, subject, worldOf } = await begin();
    stage.github.as("sam").pushCommit(stage.name, { branch: "sandbox", files: { "SANDBOX.md": "Try.\n" } });
    const other = stage.github.as("sam").openPullRequest(stage.name, { branch: "feature", base: "sandbox" });
    const older = heldBack(await worldOf());
    const slow = run(subject, older.world);
    await older.reached;
    await run({ ...subject, number: other }, await worldOf(other));
    older.go();
    const { results } = await slow;
    const ofCheck = results.filter(({ step }) => "checkRun" in step);
    expect(ofCheck.map(({ outcome }) => outcome)).toEqual(["superseded"]);
    expect(results.filter(({ outcome }) => outcome === "done").length).toBeGreaterThan(0);
    expect(stage.checks(number)).toHaveLength(1);
  });
});

describe("an evaluation that never came to its end", () => {
  test("H043: leaves in the audit what it was about to write, and the next one completes it", async () => {
    const { stage, number, subject, worldOf, written } = await begin();
    stage.github.faults.add({ operation: "pulls/create-review", times: 4, effect: { do: "reset", when: "before" } });
    await expect(run(subject, await worldOf())).rejects.toThrow();
    expect(await written()).toEqual([]);
    stage.github.faults.clear();
    await run(subject, await worldOf());
    const lines = await written();
    expect(lines.filter(({ outcome }) => outcome === "unknown").map(({ step }) => step.split(/[:"]/)[0])).toEqual([
      "create check threat-model",
      expect.stringMatching(/^create a review/),
      "ask for review",
    ]);
    expect(lines.filter(({ outcome }) => outcome === "done").length).toBeGreaterThanOrEqual(2);
    expect([stage.checks(number).length, stage.reviews(number).length]).toEqual([1, 1]);
  });
});
