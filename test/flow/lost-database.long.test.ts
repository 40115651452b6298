import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { answeredSteps, ShopUnderService } from "./shop-under-service.ts";

/** A database that is lost, and one that is put back from a copy, under the real process. */
let shop: ShopUnderService;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "threatgate-lost-"));
  shop = await ShopUnderService.begin();
});

afterAll(async () => {
  await shop.close();
  await rm(folder, { recursive: true, force: true });
});

const dataOf = (what: string): string => join(folder, what);
const recordsIn = (what: string, number: number) => shop.records({ folder: dataOf(what) }, number);

test("a lost database is rebuilt from GitHub by the sweep and an old copy is brought up to date: nothing is written twice, and the chain shows what is missing", async () => {
  await shop.start(dataOf("first"));
  const one = shop.opened();
  await shop.answered(one);
  await shop.stop();
  await cp(dataOf("first"), dataOf("copy"), { recursive: true });

  await shop.start(dataOf("first"));
  const other = shop.opened();
  await shop.answered(other);
  await shop.stop();
  expect((await recordsIn("first", one)).broken).toBeUndefined();
  const writes = shop.github.requests.writes.length;

  // Nothing is left of it.
  await shop.start(dataOf("empty"));
  for (const number of [one, other]) await shop.evaluated(number);
  await shop.stop();
  const empty = await recordsIn("empty", one);
  expect(empty.broken).toBeDefined();
  expect(empty.audit).toEqual([]);

  // A copy of the folder from before the second pull request is put back.
  await shop.start(dataOf("copy"));
  await shop.evaluated(other);
  await shop.stop();
  const copy = await recordsIn("copy", one);
  expect(copy.broken).toBeDefined();
  expect(copy.done).toEqual(answeredSteps);
  shop.expectSilence(writes, [one, other]);
});
