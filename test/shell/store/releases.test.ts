import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Release } from "../../../src/core/domain/release.ts";
import { releaseListSchema } from "../../../src/core/domain/release.ts";
import type { Standing, SystemStanding } from "../../../src/core/domain/standing.ts";
import type { Database } from "../../../src/shell/store/database.ts";
import {
  keepReleases,
  markReleases,
  releaseList,
  releasesOf,
  unreadReleases,
} from "../../../src/shell/store/releases.ts";
import { renameOwner } from "../../../src/shell/store/renamed-owner.ts";
import { leaveRepositories, seeRepository } from "../../../src/shell/store/repositories.ts";
import { deleteOld } from "../../../src/shell/store/retention.ts";
import { keepStanding } from "../../../src/shell/store/standings.ts";
import { aHostileSystem } from "../../make/a-hostile-system.ts";
import { openPrepared } from "../../make/prepared-database.ts";

let database: Database;
beforeAll(async () => {
  database = await openPrepared();
});
afterAll(() => database.close());

type Colours = Partial<Record<"TM-1" | "TM-2" | "TM-3" | "TM-4", "GREEN" | "AMBER" | "RED" | "UNKNOWN">>;

/** A system that is as it should be, but for what a test bends. */
function aSystem(colours: Colours = {}, bend: Partial<SystemStanding> = {}): SystemStanding {
  const of = (id: keyof Colours) => ({ rag: colours[id] ?? "GREEN", why: "", next: [] }) as const;
  const hostile = aHostileSystem();
  const whole = { state: "present", lacking: [] } as const;
  return {
    ...hostile,
    system: "shop",
    indicators: { "TM-1": of("TM-1"), "TM-2": of("TM-2"), "TM-3": of("TM-3"), "TM-4": of("TM-4") },
    deliverables: {
      context: whole,
      dfd: whole,
      stride: whole,
      risk: whole,
      controls: whole,
      stories: whole,
      validation: whole,
      documentation: whole,
    },
    openAtOrAbove: { threshold: "high", count: 0 },
    uncovered: [],
    modelUpdated: "2026-03-01",
    requirements: {},
    ...bend,
  };
}

async function merged(
  id: number,
  number: number,
  at: string,
  systems: readonly SystemStanding[],
  asOf = at,
): Promise<void> {
  const standing: Standing = {
    repository: { id, owner: "Acme", name: `shop-${id}` },
    mode: "advise",
    pullRequest: { number, title: "Change", state: "merged", conclusion: "success", waits: false },
    questions: [],
    merged: { at, systems, effects: [] },
  };
  await database.kysely
    .transaction()
    .execute((transaction) => keepStanding(transaction, standing, { asOf, head: `head-${number}`, writes: 0 }));
}

function aRelease(id: number, tag: string, published: string, bend: Partial<Release> = {}): Release {
  return { id, tag, name: "", published, isPrerelease: false, ...bend };
}

const since = "2020-01-01T00:00:00.000Z";
const keep = (id: number, releases: readonly Release[], isWhole = true): Promise<number> =>
  keepReleases(database.kysely, {
    repository: { id, owner: "Acme", name: `shop-${id}` },
    releases,
    isWhole,
    since,
  });
const now = "2026-03-20T12:00:00.000Z";
const listed = async (
  ids: readonly number[],
  query: Partial<Parameters<typeof releaseList>[2]> = {},
  owner = "acme",
) => {
  const repositories = ids.map((id) => ({ id, name: `shop-${id}` }));
  const list = await releaseList(database.kysely, { owner, repositories }, { kinds: "all", ...query }, now, 100);
  return releaseListSchema.parse(list);
};

describe("releases", () => {
  test("are shown with how the systems stood when they went out, whenever they were heard of", async () => {
    const uncovered = [{ what: "bucket", at: "2026-03-04T09:00:00.000Z", reference: "#2" }];
    await merged(1, 1, "2026-03-02T09:00:00.000Z", [aSystem()]);
    await merged(1, 2, "2026-03-04T09:00:00.000Z", [aSystem({ "TM-3": "RED" }, { uncovered })]);
    await merged(1, 3, "2026-03-06T09:00:00.000Z", [aSystem({}, { openAtOrAbove: { threshold: "medium", count: 2 } })]);
    const heard = [
      aRelease(10, "v1.0.0", "2026-03-01T09:00:00.000Z"),
      aRelease(11, "v2.0.0", "2026-03-03T09:00:00.000Z", { commit: "a".repeat(40) }),
      aRelease(12, "v3.0.0", "2026-03-05T09:00:00.000Z"),
      aRelease(13, "v4.0.0", "2026-03-07T09:00:00.000Z"),
    ];
    expect(await keep(1, heard)).toBe(4);
    expect(await keep(1, heard)).toBe(0);
    const { releases, evidence, total, from, to } = await listed([1]);
    expect([from, to, total, evidence]).toEqual(["2025-12-20", "2026-03-20", 4, { complete: 1, gaps: 2, unknown: 1 }]);
    expect(releases).toMatchObject([
      { tag: "v4.0.0", evidence: "gaps", pullRequest: 3, systems: [{ open: 2, threshold: "medium", complete: 8 }] },
      { tag: "v3.0.0", evidence: "gaps", systems: [{ uncovered: 1, uncoveredSince: "2026-03-04T09:00:00.000Z" }] },
      { tag: "v2.0.0", evidence: "complete", commit: "a".repeat(40), asOf: "2026-03-02T09:00:00.000Z" },
      { tag: "v1.0.0", evidence: "unknown", asOf: null, pullRequest: null, systems: [] },
    ]);
  });

  test("are judged by what was known then: a merge that is judged again later changes no earlier release", async () => {
    await merged(2, 1, "2026-03-02T09:00:00.000Z", [aSystem()]);
    await merged(2, 1, "2026-03-02T09:00:00.000Z", [aSystem({ "TM-4": "RED" })], "2026-03-10T09:00:00.000Z");
    await keep(2, [
      aRelease(20, "v1.0.0", "2026-03-09T09:00:00.000Z"),
      aRelease(21, "v2.0.0", "2026-03-11T09:00:00.000Z"),
    ]);
    expect((await listed([2])).releases.map(({ tag, evidence }) => [tag, evidence])).toEqual([
      ["v2.0.0", "gaps"],
      ["v1.0.0", "complete"],
    ]);
    // A merge of before that late look is judged only now: what was looked at knew nothing of it.
    await merged(2, 2, "2026-03-10T08:00:00.000Z", [aSystem()], "2026-03-10T09:30:00.000Z");
    expect((await listed([2])).evidence).toEqual({ complete: 2, gaps: 0, unknown: 0 });
  });

  test("of a repository with several systems are complete only where each is, and a system that is gone counts no more", async () => {
    const other = { ...aSystem({ "TM-2": "AMBER" }), system: "admin" };
    await merged(3, 1, "2026-03-02T09:00:00.000Z", [aSystem(), other]);
    await merged(3, 2, "2026-03-04T09:00:00.000Z", [aSystem()]);
    await keep(3, [
      aRelease(30, "v1.0.0", "2026-03-03T09:00:00.000Z"),
      aRelease(31, "v2.0.0", "2026-03-05T09:00:00.000Z"),
    ]);
    const { releases } = await listed([3]);
    expect(releases.map(({ evidence, systems }) => [evidence, systems.map(({ system }) => system)])).toEqual([
      ["complete", ["shop"]],
      ["gaps", ["shop", "admin"]],
    ]);
  });

  test("of a period, of the larger kinds alone, of the repositories that may be read alone (H094)", async () => {
    await keep(4, [
      aRelease(40, "v1.0.0", "2025-12-31T23:59:59.000Z"),
      aRelease(41, "v1.1.0", "2026-01-01T00:00:00.000Z"),
      aRelease(42, "v2.0.0", "2026-01-31T23:59:59.999Z"),
      aRelease(43, "nightly", "2026-02-01T00:00:00.000Z"),
    ]);
    await keep(5, [aRelease(50, "v7.0.0", "2026-01-15T00:00:00.000Z")]);
    const tags = async (...asked: Parameters<typeof listed>) => (await listed(...asked)).releases.map(({ tag }) => tag);
    expect(await tags([4], { from: "2026-01-01", to: "2026-01-31" })).toEqual(["v2.0.0", "v1.1.0"]);
    expect(await tags([4], { from: "2026-01-01", kinds: "major" })).toEqual(["nightly", "v2.0.0"]);
    expect(await listed([4], { from: "2026-01-01", kinds: "major" })).toMatchObject({ total: 2, all: 3 });
    expect(await tags([], {})).toEqual([]);
    expect(await tags([4, 5], {}, "other")).toEqual([]);
  });

  test("keep their kind when GitHub's list grows longer than what is read of it", async () => {
    const first = [
      aRelease(60, "v1.9.0", "2026-01-01T00:00:00.000Z"),
      aRelease(61, "v2.0.1", "2026-01-02T00:00:00.000Z"),
    ];
    await keep(6, first);
    await keep(6, [...first.slice(1), aRelease(62, "v2.1.0", "2026-01-03T00:00:00.000Z")], false);
    expect((await listed([6])).releases.map(({ tag, kind, withdrawn }) => [tag, kind, withdrawn])).toEqual([
      ["v2.1.0", "minor", false],
      ["v2.0.1", "major", false],
      ["v1.9.0", "minor", false],
    ]);
  });

  test("that GitHub shows no more went out all the same: they are withdrawn, and back when they are shown again", async () => {
    const release = aRelease(70, "v1.0.0", "2026-03-01T00:00:00.000Z");
    await keep(7, [release]);
    await keep(7, [], false);
    expect((await listed([7])).releases).toMatchObject([{ withdrawn: false }]);
    await keep(7, []);
    expect((await listed([7])).releases).toMatchObject([{ tag: "v1.0.0", withdrawn: true }]);
    await keep(7, [release]);
    expect((await releasesOf(database.kysely, 7))[0]).toEqual({ ...release, isWithdrawn: false });
  });

  test("hold no text that a database refuses (H064), and none without end", async () => {
    await keep(8, [aRelease(80, "v1\u0000.0", "2026-03-01T00:00:00.000Z", { name: `\ud800${"x".repeat(1000)}` })]);
    const [release] = await releasesOf(database.kysely, 8);
    expect([release?.tag, release?.name.length, release?.name.isWellFormed()]).toEqual(["v1\ufffd.0", 300, true]);
  });
});

describe("whose releases are read next", () => {
  const before = "2026-03-19T12:00:00.000Z";
  const unread = async (most = { ofInstallation: 2, inAll: 10 }) =>
    (await unreadReleases(database.kysely, before, most)).map(({ id }) => id);

  test("those never read and those told of first, a few of each installation, and none that we left", async () => {
    const { kysely } = database;
    for (const id of [901, 902, 903, 904])
      await seeRepository(kysely, { id, installation: 90, owner: "big", name: `r-${id}` });
    for (const id of [911, 912]) await seeRepository(kysely, { id, installation: 91, owner: "small", name: `r-${id}` });
    expect(await unread()).toEqual([901, 911, 902, 912]);
    expect(await unread({ ofInstallation: 2, inAll: 3 })).toEqual([901, 911, 902]);
    for (const id of [901, 902, 911]) await markReleases(kysely, id, "2026-03-20T00:00:00.000Z");
    await markReleases(kysely, 903, "2026-03-18T00:00:00.000Z");
    await leaveRepositories(kysely, { installation: 91, owner: "small", ids: [912], whole: false }, now);
    expect(await unread()).toEqual([904, 903]);
    await markReleases(kysely, 902, undefined);
    expect(await unread()).toEqual([902, 904]);
  });
});

describe("what is kept of releases", () => {
  test("follows the owner's new login, and goes with the repository or for its age", async () => {
    const { kysely } = database;
    await seeRepository(kysely, { id: 95, installation: 95, owner: "acme", name: "shop-95" });
    await merged(95, 1, "2026-01-02T09:00:00.000Z", [aSystem()]);
    await merged(95, 2, "2026-02-02T09:00:00.000Z", [aSystem({ "TM-2": "AMBER" })]);
    await merged(95, 3, "2026-03-02T09:00:00.000Z", [aSystem()]);
    await keep(95, [
      aRelease(950, "v1.0.0", "2026-01-03T00:00:00.000Z"),
      aRelease(951, "v2.0.0", "2026-02-20T00:00:00.000Z"),
      aRelease(952, "v3.0.0", "2026-03-03T00:00:00.000Z"),
    ]);
    await renameOwner(kysely, { installation: 95, former: "acme", owner: "Acme-Group" }, Date.parse(now));
    expect((await listed([95])).releases).toEqual([]);
    const kept = { records: "2026-02-15T00:00:00.000Z", deliveries: since, now };
    await deleteOld(kysely, kept);
    // What was so old still says how the systems stood when the next release went out.
    expect((await listed([95], {}, "acme-group")).releases.map(({ tag, evidence }) => [tag, evidence])).toEqual([
      ["v3.0.0", "complete"],
      ["v2.0.0", "gaps"],
    ]);
    const past = () =>
      kysely.selectFrom("past_standing").select("pull_request").where("repository_id", "=", 95).execute();
    expect((await past()).map(({ pull_request }) => pull_request).toSorted()).toEqual([2, 3]);
    await leaveRepositories(kysely, { installation: 95, owner: "acme-group", ids: [95], whole: false }, now);
    await deleteOld(kysely, { ...kept, now: "2026-03-21T00:00:00.000Z" });
    expect([await past(), await releasesOf(kysely, 95)]).toEqual([[], []]);
  });
});
