import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { countOneOf } from "../../../src/shell/store/author-evaluations.ts";
import type { Database } from "../../../src/shell/store/database.ts";
import { openPrepared } from "../../make/prepared-database.ts";

let database: Database;

beforeAll(async () => {
  database = await openPrepared(() => {});
});

afterAll(() => database.close());

const at = (time: string): number => Date.parse(`2026-03-04T${time}:00Z`);
const count = (people: readonly number[], time: string) => countOneOf(database.kysely, 7, people, 2, at(time));

test("H087: an evaluation is on the account of the first of those who asked for it that may cause another one", async () => {
  expect(await count([1], "09:00")).toBeUndefined();
  expect(await count([1], "09:10")).toBeUndefined();
  expect(await count([1], "09:20")).toBe("2026-03-04T10:00:00.000Z");
  // Somebody else asked for the same: it is done, and counted for them alone.
  expect(await count([1, 2], "09:20")).toBeUndefined();
  expect(await count([1, 2], "09:30")).toBeUndefined();
  expect(await count([1, 2], "09:40")).toBe("2026-03-04T10:00:00.000Z");
  expect(await count([2], "09:40")).toBe("2026-03-04T10:20:00.000Z");
  expect(await count([1], "10:00")).toBeUndefined();
  // What nobody's deed asked for is on nobody's account.
  expect(await count([], "09:40")).toBeUndefined();
});
