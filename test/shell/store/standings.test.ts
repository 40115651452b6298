import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type MeasuresQuery, measuresSchema } from "../../../src/core/domain/measures.ts";
import type { AskedQuestion, Standing, SystemStanding } from "../../../src/core/domain/standing.ts";
import { systemFilterSchema } from "../../../src/core/domain/system-filter.ts";
import { closeDay } from "../../../src/shell/store/closing-days.ts";
import { organisationFigures, ruleFigures } from "../../../src/shell/store/dashboard.ts";
import type { Database } from "../../../src/shell/store/database.ts";
import { measuresOf } from "../../../src/shell/store/measures.ts";
import { leaveRepositories, seeRepository } from "../../../src/shell/store/repositories.ts";
import { deleteOld } from "../../../src/shell/store/retention.ts";
import { addWork, keepStanding } from "../../../src/shell/store/standings.ts";
import { choicesOf, findSystems } from "../../../src/shell/store/system-list.ts";
import { movesOf } from "../../../src/shell/store/system-weeks.ts";
import { weekOf, weeksUpTo } from "../../../src/shell/store/weeks.ts";
import { aHostileSystem } from "../../make/a-hostile-system.ts";
import { recorded } from "../../make/judged-rows.ts";
import { openPrepared } from "../../make/prepared-database.ts";

let database: Database;
beforeAll(async () => {
  database = await openPrepared();
});
afterAll(() => database.close());

type Threat = SystemStanding["threats"][number];

function aThreat(id: string, status: Threat["status"]): Threat {
  return {
    id,
    title: `Threat ${id}`,
    stride: ["I"],
    risk: "high",
    status,
    rule: `rule-${id}`,
    controls: [],
    isValidated: false,
  };
}

function aSystem(threats: readonly Threat[], bend: Partial<SystemStanding> = {}): SystemStanding {
  const green = { rag: "GREEN", why: "", next: [] } as const;
  return {
    ...aHostileSystem(),
    system: "shop",
    indicators: { "TM-1": green, "TM-2": green, "TM-3": green, "TM-4": green },
    threats,
    threatCount: threats.length,
    acceptances: [],
    requirements: {},
    uncovered: [],
    ...bend,
  };
}

function aStanding(id: number, number: number, at: string, system: SystemStanding): Standing {
  return {
    repository: { id, owner: "Acme", name: "shop" },
    mode: "advise",
    pullRequest: { number, title: "Change", state: "merged", conclusion: "success", waits: false },
    questions: [],
    merged: {
      at,
      systems: [system],
      effects: [{ system: "shop", coveredAfter: [3, 5], suppliers: { changed: 2, covered: 1 } }],
    },
  };
}

const keep = (standing: Standing, asOf: string): Promise<void> =>
  database.kysely
    .transaction()
    .execute((transaction) => keepStanding(transaction, standing, { asOf, head: "abc", writes: 2 }));
const visible = (id: number) => ({ owner: "acme", repositories: [{ id, name: "shop" }] });

describe("how systems stand", () => {
  test("follows the latest merge, whatever is judged again later, and counts the same merge once", async () => {
    const monday = "2026-11-16T10:00:00.000Z";
    await keep(aStanding(1, 5, monday, aSystem([aThreat("a", "open"), aThreat("b", "open")])), monday);
    await keep(
      aStanding(1, 6, "2026-11-17T10:00:00.000Z", aSystem([aThreat("a", "mitigated"), aThreat("b", "open")])),
      "2026-11-17T10:00:00.000Z",
    );
    // Judged again, and an older one late.
    await keep(
      aStanding(1, 6, "2026-11-17T10:00:00.000Z", aSystem([aThreat("a", "mitigated"), aThreat("b", "open")])),
      "2026-11-18T10:00:00.000Z",
    );
    await keep(aStanding(1, 4, "2026-11-02T10:00:00.000Z", aSystem([])), "2026-11-18T11:00:00.000Z");
    const { systems } = await findSystems(database.kysely, visible(1), systemFilterSchema.parse({}));
    expect(systems).toMatchObject([{ system: "shop", pullRequest: 6, open: { critical: 0, high: 1 }, threats: 2 }]);
    const figures = await organisationFigures(database.kysely, visible(1), "2026-11-20T09:00:00.000Z");
    expect(figures.movement).toEqual({
      opened: 2,
      mitigated: 1,
      accepted: 0,
      reopened: 0,
      covered: 4,
      daysToUpdate: 4,
      suppliers: 4,
      suppliersCovered: 2,
    });
    expect(figures.openThreats).toMatchObject([{ kind: "rule-b", risk: "high", systems: 1 }]);
    expect(figures.work).toEqual({ week: "2026-11-16", evaluations: 4, writes: 8, calls: 0 });
  });

  test("nothing is shown of repositories that are not named", async () => {
    const { systems, total } = await findSystems(database.kysely, visible(99), systemFilterSchema.parse({}));
    expect([systems, total]).toEqual([[], 0]);
    expect((await organisationFigures(database.kysely, visible(99), "2026-11-20T09:00:00Z")).openThreats).toEqual([]);
  });

  test("days colour TM-1 without any merge: day 30 GREEN, day 31 AMBER, day 61 RED, the yearly review after 365", async () => {
    const at = "2026-01-01T10:00:00.000Z";
    const uncovered = [{ what: "x", at, reference: "#1" }];
    await keep(aStanding(2, 1, at, aSystem([], { uncovered, modelUpdated: "2026-01-01" })), at);
    await keep(aStanding(3, 1, at, aSystem([], { modelUpdated: "2026-01-01" })), at);
    const colour = async (id: number, now: string) => {
      await closeDay(database.kysely, now);
      return (await findSystems(database.kysely, visible(id), systemFilterSchema.parse({}))).systems[0]?.indicators[
        "TM-1"
      ];
    };
    expect(await colour(2, "2026-01-31T23:00:00.000Z")).toBe("GREEN");
    expect(await colour(2, "2026-02-01T00:10:00.000Z")).toBe("AMBER");
    expect(await colour(2, "2026-03-02T00:10:00.000Z")).toBe("AMBER");
    expect(await colour(2, "2026-03-03T00:10:00.000Z")).toBe("RED");
    expect(await colour(3, "2027-01-01T00:10:00.000Z")).toBe("GREEN");
    expect(await colour(3, "2027-01-02T00:10:00.000Z")).toBe("RED");
  });

  test("a day is closed once, weeks in between are told as the last state was, and trends follow", async () => {
    expect(await closeDay(database.kysely, "2027-01-02T09:00:00.000Z")).toBe(0);
    expect(await closeDay(database.kysely, "2027-01-26T09:00:00.000Z")).toBe(4);
    const { systems } = await findSystems(database.kysely, visible(3), systemFilterSchema.parse({}));
    expect(systems[0]?.trend.endsWith("RRRR")).toBe(true);
  });

  test("a wait begins with the first evaluation that asks, and ends with the pull request", async () => {
    const waiting = (state: "open" | "closed", waits: boolean): Standing => {
      const { merged: _, ...rest } = aStanding(1, 8, "", aSystem([]));
      return { ...rest, pullRequest: { ...rest.pullRequest, number: 8, state, waits } };
    };
    await keep(waiting("open", true), "2026-11-18T10:00:00.000Z");
    await keep(waiting("open", true), "2026-11-19T10:00:00.000Z");
    const list = async () =>
      (await organisationFigures(database.kysely, visible(1), "2026-11-20T09:00:00.000Z")).waiting;
    expect(await list()).toMatchObject({ count: 1, first: [{ number: 8, since: "2026-11-18T10:00:00.000Z" }] });
    await keep(waiting("closed", false), "2026-11-20T10:00:00.000Z");
    expect((await list()).count).toBe(0);
  });

  test("questions are counted once each, by what became of them; what is not asked any more is gone", async () => {
    const asks = (questions: readonly AskedQuestion[]): Standing => {
      const { merged: _, ...rest } = aStanding(1, 9, "", aSystem([]));
      return { ...rest, pullRequest: { ...rest.pullRequest, number: 9, state: "open" }, questions };
    };
    const question = (fingerprint: string, outcome: AskedQuestion["outcome"]): AskedQuestion => ({
      fingerprint,
      rule: "r",
      outcome,
    });
    await keep(asks([question("a", "open"), question("b", "open"), question("c", "open")]), "2026-11-18T10:00:00.000Z");
    await keep(asks([question("a", "mitigated"), question("b", "not-applicable")]), "2026-11-18T11:00:00.000Z");
    expect(await ruleFigures(database.kysely, visible(1), "2026-11-01")).toEqual([
      {
        rule: "r",
        asked: 3,
        pullRequests: 1,
        mitigated: 1,
        accepted: 0,
        notApplicable: 1,
        resolved: 0,
        gone: 1,
        open: 0,
        liked: 0,
        disliked: 0,
        dislikedAlone: 0,
      },
    ]);
  });

  test("all of it is erased with the repository", async () => {
    await database.kysely
      .insertInto("repository")
      .values({
        id: 1,
        installation: 1,
        owner: "acme",
        name: "shop",
        joined: null,
        erase_after: "2026-01-01T00:00:00Z",
        swept: null,
      })
      .execute();
    await deleteOld(database.kysely, {
      records: "2000-01-01T00:00:00Z",
      deliveries: "2000-01-01T00:00:00Z",
      now: "2026-12-01T00:00:00Z",
    });
    for (const table of ["system_standing", "system_week", "open_threat", "architect_wait", "question"] as const) {
      const rows = await database.kysely
        .selectFrom(table)
        .select("repository_id")
        .where("repository_id", "=", 1)
        .execute();
      expect([table, rows]).toEqual([table, []]);
    }
  });
});

test("the work of weeks is erased with a repository under every name it had, and left to who has the name now", async () => {
  const { kysely } = database;
  const seen = (id: number, name: string) => seeRepository(kysely, { id, installation: 30, owner: "Erasing", name });
  const since = (now: string) => ({ records: "2000-01-01T00:00:00Z", deliveries: "2000-01-01T00:00:00Z", now });
  for (const name of ["Former", "now", "taken", "other"]) {
    const work = { calls: 1, evaluations: 1, writes: 1 };
    await addWork(kysely, { owner: "erasing", name }, "2026-11-16T10:00:00Z", work);
  }
  await recorded(database, 3001, 1, "2026-11-16T10:00:00Z", "erasing/Former");
  await recorded(database, 3001, 2, "2026-11-16T10:00:00Z", "erasing/taken");
  await seen(3001, "Now");
  await seen(3002, "taken");
  await leaveRepositories(
    kysely,
    { installation: 30, owner: "erasing", ids: [3001], whole: false },
    "2026-11-17T00:00:00Z",
  );
  await deleteOld(kysely, since("2026-11-18T00:00:00Z"));
  const names = async () =>
    (
      await kysely
        .selectFrom("week_of_work")
        .select("repository")
        .where("owner", "=", "erasing")
        .orderBy("repository")
        .execute()
    ).map(({ repository }) => repository);
  expect(await names()).toEqual(["other", "taken"]);
  await deleteOld(kysely, { ...since("2026-11-18T00:00:00Z"), records: "2026-11-17T00:00:00Z" });
  expect(await names()).toEqual([]);
});

test("what a list may be filtered by is offered with the most frequent first", async () => {
  for (const [index, team] of ["Zebra", "Ant", "Zebra", "Bee"].entries()) {
    const at = "2026-11-16T10:00:00.000Z";
    await keep(aStanding(3100 + index, 1, at, aSystem([], { team })), at);
  }
  const repositories = [3100, 3101, 3102, 3103].map((id) => ({ id, name: "shop" }));
  expect(await choicesOf(database.kysely, { owner: "acme", repositories }, "team")).toEqual(["Zebra", "Ant", "Bee"]);
});

test("measures are told week by week, of what may be read, and of one repository for each of its systems", async () => {
  const [before, week, next] = ["2026-10-12T10:00:00.000Z", "2026-11-02T10:00:00.000Z", "2026-11-10T10:00:00.000Z"];
  await keep(aStanding(3200, 1, before, aSystem([aThreat("z", "open")])), before);
  await keep(aStanding(3200, 2, week, aSystem([aThreat("a", "open"), aThreat("b", "open")])), week);
  await keep(aStanding(3200, 3, next, aSystem([aThreat("a", "mitigated"), aThreat("b", "accepted")])), next);
  await keep(aStanding(3201, 1, next, aSystem([aThreat("c", "open")])), next);
  const question = (fingerprint: string, outcome: AskedQuestion["outcome"]): AskedQuestion => ({
    fingerprint,
    rule: "rule-a",
    outcome,
  });
  const asked: Standing = {
    ...aStanding(3200, 4, next, aSystem([])),
    questions: [
      question("1", "mitigated"),
      question("2", "not-applicable"),
      question("3", "resolved"),
      question("4", "open"),
    ],
  };
  const { merged: _, ...open } = asked;
  await keep(open, "2026-11-10T12:00:00.000Z");
  const repositories = [
    { id: 3200, name: "shop" },
    { id: 3201, name: "other" },
  ];
  const now = "2026-11-12T09:00:00.000Z";
  const of = async (ids: readonly number[], query: Partial<MeasuresQuery> = {}) => {
    const visible = { owner: "acme", repositories: repositories.filter(({ id }) => ids.includes(id)) };
    const measures = await measuresOf(database.kysely, visible, { weeks: 4, repository: "", ...query }, now);
    return measuresSchema.parse(measures);
  };
  const both = await of([3200, 3201]);
  expect(both.systems).toEqual([]);
  expect(both.weeks).toMatchObject([
    { week: "2026-11-02", systems: 1, opened: 2, mitigated: 0, openThreats: 2, covered: 2, daysToUpdate: 4 },
    {
      week: "2026-11-09",
      systems: 2,
      indicators: { "TM-1": { GREEN: 2, AMBER: 0, RED: 0, UNKNOWN: 0 } },
      opened: 1,
      mitigated: 1,
      accepted: 1,
      openThreats: 1,
      suppliers: 4,
      suppliersCovered: 2,
      questions: { asked: 4, answered: 2, notApplicable: 1, resolved: 1, dislikedAlone: 0 },
    },
  ]);
  expect((await of([3201])).weeks.map((one) => [one.week, one.opened, one.questions.asked])).toEqual([
    ["2026-11-09", 1, 0],
  ]);
  const one = await of([3200, 3201], { repository: "SHOP", weeks: 2 });
  expect(one.weeks.map(({ systems }) => systems)).toEqual([1, 1]);
  expect(one.systems).toMatchObject([
    {
      system: "shop",
      weeks: [
        { week: "2026-11-02", opened: 2 },
        { week: "2026-11-09", accepted: 1, daysToUpdate: 4 },
      ],
    },
  ]);
  expect((await of([3201], { repository: "shop" })).systems).toEqual([]);
});

test("what moved from one merge to the next", () => {
  const before = aSystem([
    aThreat("a", "open"),
    aThreat("b", "mitigated"),
    aThreat("c", "open"),
    aThreat("d", "accepted"),
  ]);
  const after = aSystem([
    aThreat("a", "mitigated"),
    aThreat("b", "open"),
    aThreat("c", "accepted"),
    aThreat("d", "accepted"),
    aThreat("e", "unknown"),
    aThreat("f", "mitigated"),
  ]);
  expect(movesOf(before, after)).toEqual({ opened: 1, mitigated: 1, accepted: 1, reopened: 1 });
});

test.each([
  ["2026-11-16T00:00:00Z", "2026-11-16"],
  ["2026-11-22T23:59:59Z", "2026-11-16"],
  ["2027-01-01T12:00:00Z", "2026-12-28"],
])("the week of %s begins on %s", (instant, monday) => {
  expect(weekOf(instant)).toBe(monday);
  expect(weeksUpTo(instant, 2)[1]).toBe(monday);
});
