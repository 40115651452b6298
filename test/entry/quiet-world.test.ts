import { expect, test } from "@jest/globals";
import { quietly } from "../../src/entry/quiet-world.ts";
import type { Posts } from "../../src/shell/ports.ts";
import { bucket, Stage } from "../flow/stage.ts";

test("a look in quiet sees what is there, with nothing of it bound to the world's own objects, and writes nothing", async () => {
  const stage = await Stage.set({ policy: "version: 1\nmode: enforce\n" });
  const number = stage.opened({ "infra/export.tf": bucket("exports") });
  await stage.evaluated(number);
  const before = stage.github.requests.writes.length;
  const { posts, source, ...world } = stage.world();
  // Its own posts are an object that knows itself, as every door's are.
  const quiet = quietly({ ...world, source, posts });
  const snapshot = await source.snapshot(stage.subject(number), await source.listing(stage.subject(number)), {
    texts: [],
    look: [],
    teams: [],
  });
  const { observed, begin, apply }: Posts = quiet.posts;
  expect((await observed(stage.subject(number), snapshot, undefined)).summaries).toHaveLength(1);
  await begin(stage.subject(number), snapshot.head, undefined);
  expect(await apply(stage.subject(number), { head: snapshot.head, steps: [] }, async () => true)).toEqual([]);
  expect(stage.github.requests.writes.length).toBe(before);
});
