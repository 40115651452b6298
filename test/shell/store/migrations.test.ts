import { PGlite } from "@electric-sql/pglite";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { Kysely, PGliteDialect, sql } from "kysely";
import { migrate } from "../../../src/shell/store/migrations.ts";
import { keepReleases, releaseList } from "../../../src/shell/store/releases.ts";
import { ownedTables } from "../../../src/shell/store/renamed-owner.ts";
import { tablesOfRepository } from "../../../src/shell/store/retention.ts";
import { historyOf, rememberTimeline, timelineOf } from "../../../src/shell/store/timeline.ts";
import type { Tables } from "../../../src/shell/tables.ts";

let db: Kysely<Tables>;

let empty: PGlite;

beforeAll(async () => {
  empty = await PGlite.create("memory://");
});

afterAll(() => empty.close());

beforeEach(async () => {
  const pglite = (await empty.clone()) as PGlite;
  db = new Kysely<Tables>({ dialect: new PGliteDialect({ pglite }) });
});

afterEach(() => db.destroy());

const namesOf = async (): Promise<string[]> => (await db.introspection.getTables()).map(({ name }) => name);

test("a database of the first version is brought up to date with all that it holds", async () => {
  await migrate(db as Kysely<unknown>, "0001-first");
  expect(await namesOf()).not.toContain("turn");
  await db.insertInto("delivery").values({ id: "d-1", event: "pull_request" }).execute();
  const entry = { kind: "update", at: "2026-03-04T09:00:00.000Z", reference: "#1", concerns: ["db"] } as const;
  await db
    .insertInto("timeline")
    .values({
      repository_id: 7,
      kind: "update",
      reference: "#1",
      what: "update",
      at: entry.at,
      entry: JSON.stringify(entry),
    })
    .execute();
  await migrate(db as Kysely<unknown>);
  expect(await timelineOf(db, 7)).toEqual([entry]);
  expect(await historyOf(db, 7)).toBeUndefined();
  expect(await namesOf()).toEqual(expect.arrayContaining(["turn", "author_evaluation", "open_pull_request"]));
  const rows = await db.selectFrom("delivery").select("id").execute();
  expect(rows).toEqual([{ id: "d-1" }]);
  await migrate(db as Kysely<unknown>);
});

test("entries of the timeline that an earlier version kept are known again, and are not kept twice", async () => {
  await migrate(db as Kysely<unknown>, "0010-asking");
  const merge = { at: "2026-03-04T09:00:00Z", reference: "#1" } as const;
  const entries = [
    { kind: "update", ...merge, concerns: ["db"], system: "Küche" },
    { kind: "change", ...merge, what: "Neuer Speicher", path: "a/ü.tf", elements: ["b", "a"], system: "Küche" },
    { kind: "change", ...merge, what: "New queue", path: "q.tf", elements: [] },
    { kind: "review", ...merge, outcome: "approved" },
  ] as const;
  for (const entry of entries) {
    const what = "what" in entry ? entry.what : entry.kind;
    const row = { repository_id: 7, kind: entry.kind, reference: "#1", what, at: entry.at };
    await db
      .insertInto("timeline")
      .values({ ...row, entry: JSON.stringify(entry) })
      .execute();
  }
  await migrate(db as Kysely<unknown>);
  await rememberTimeline(db, 7, entries);
  expect(await timelineOf(db, 7)).toHaveLength(entries.length);
});

test("how systems stand when the table of releases comes is how they are known to have stood from then on", async () => {
  await migrate(db as Kysely<unknown>, "0015-found-by-pull-request");
  const sheet = JSON.stringify({ uncovered: [{ what: "bucket", at: "2026-03-04T09:00:00.000Z", reference: "#2" }] });
  await sql`
    insert into system_standing (repository_id, system, owner, repository, team, portfolio, risk_class, mode, tm1, tm2, tm3,
      tm4, complete, threats, open_critical, open_high, open_medium, open_low, accepted, green_days, amber_days, review_days,
      merged, pull_request, head, judged, trend, requirements, sheet)
    values (7, 'shop', 'acme', 'shop', '', '', 'high', 'advise', 'GREEN', 'GREEN', 'AMBER', 'UNKNOWN', 8, 3, 0, 0, 0, 0, 0,
      30, 60, 365, '2026-03-05T00:00:00Z', 2, 'abc', '2026-03-05T00:00:00Z', 'G', '{}', ${sheet}::jsonb)`.execute(db);
  await migrate(db as Kysely<unknown>);
  const release = { id: 1, tag: "v1.0.0", name: "", isPrerelease: false };
  const later = new Date(Date.now() + 60_000).toISOString();
  const releases = [
    { ...release, published: later },
    { ...release, id: 2, tag: "v0.9.0", published: "2026-03-06T00:00:00.000Z" },
  ];
  const repository = { id: 7, owner: "acme", name: "shop" };
  await keepReleases(db, { repository, releases, isWhole: true, since: "2026-01-01T00:00:00.000Z" });
  const visible = { owner: "acme", repositories: [repository] };
  const period = { kinds: "all", from: "2026-03-01", to: later.slice(0, 10) } as const;
  const list = await releaseList(db, visible, period, later, 10);
  expect(list.releases).toMatchObject([
    {
      tag: "v1.0.0",
      evidence: "gaps",
      pullRequest: 2,
      systems: [
        {
          system: "shop",
          complete: 8,
          open: null,
          threshold: null,
          uncovered: 1,
          uncoveredSince: "2026-03-04T09:00:00.000Z",
        },
      ],
    },
    { tag: "v0.9.0", evidence: "unknown", systems: [] },
  ]);
});

test("a database that a later version has used is refused, not damaged", async () => {
  await migrate(db as Kysely<unknown>);
  await sql`insert into kysely_migration (name, timestamp) values ('9999-later', '2030-01-01T00:00:00Z')`.execute(db);
  await expect(migrate(db as Kysely<unknown>)).rejects.toThrow(/9999-later/);
});

test("every table that says whose a repository is, or what of it, follows a new login and is erased with it", async () => {
  await migrate(db as Kysely<unknown>);
  const tables = (await db.introspection.getTables()).map(({ name, columns }) => ({
    name,
    columns: new Set(columns.map((column) => column.name)),
  }));
  const ofRepository = tables.filter(({ columns }) => columns.has("repository_id"));
  expect(tablesOfRepository.toSorted()).toEqual(ofRepository.map(({ name }) => name).toSorted());
  const owned = ofRepository.filter(({ columns }) => columns.has("owner"));
  expect(ownedTables.toSorted()).toEqual(owned.map(({ name }) => name).toSorted());
});
