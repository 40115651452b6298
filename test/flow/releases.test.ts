import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { takeNotice } from "../../src/entry/notices.ts";
import { sweepReleases } from "../../src/entry/releases.ts";
import { noticeOf } from "../../src/shell/github/notices.ts";
import { readReleases } from "../../src/shell/github/releases.ts";
import type { Database } from "../../src/shell/store/database.ts";
import { releasesOf } from "../../src/shell/store/releases.ts";
import { seeRepository } from "../../src/shell/store/repositories.ts";
import { effects } from "../github/faults.ts";
import { repositoryNamed } from "../github/find.ts";
import { openPrepared } from "../make/prepared-database.ts";
import { Stage } from "./stage.ts";

/* Releases of a repository: told of by an event, found by the sweep where no event came. */

let database: Database;

beforeEach(async () => {
  database = await openPrepared(() => {});
});

afterEach(() => database.close());

const now = "2026-03-10T08:00:00.000Z";

async function begin() {
  const stage = await Stage.set({ seed: { apps: [{ events: ["release"] }] } });
  stage.github.sendWebhooksTo("http://127.0.0.1:9/");
  stage.github.webhooks.hold();
  const repositoryId = repositoryNamed(stage.github.world, stage.name).id;
  const [owner = "", name = ""] = stage.name.split("/");
  await seeRepository(database.kysely, { id: repositoryId, installation: stage.installation, owner, name });
  const budget = { seconds: 0 };
  const told: string[] = [];
  const sweep = (at = now) =>
    sweepReleases(
      {
        database,
        keepDays: 730,
        log: { info: (_: unknown, words: string) => told.push(words) } as never,
        app: { forRepository: () => stage.client, secondsUntil: () => budget.seconds },
      },
      at,
    );
  /** Takes what webhooks would have told since the last time. */
  let heard = 0;
  const hear = async (): Promise<number> => {
    const deliveries = stage.github.webhooks.deliveries.slice(heard);
    heard += deliveries.length;
    const notices = deliveries.flatMap(({ event, body }) => noticeOf(event, JSON.parse(body)) ?? []);
    for (const notice of notices) await takeNotice(database, notice, "d-1", { graceDays: 30 });
    return notices.length;
  };
  const known = async () => (await releasesOf(database.kysely, repositoryId)).map(({ tag }) => tag);
  const asked = () => stage.github.requests.all.filter(({ operation }) => operation === "graphql/Releases").length;
  return { stage, sweep, hear, known, asked, budget, told };
}

describe("releases of a repository", () => {
  test("are read with their commits in one request; a draft is none, and what is flagged as early is told as such", async () => {
    const { stage } = await begin();
    const olga = stage.github.as("olga");
    olga.release(stage.name, { tag: "v1.0.0", name: "First" });
    olga.release(stage.name, { tag: "v2.0.0-rc.1", prerelease: true });
    olga.release(stage.name, { tag: "v2.0.0", draft: true });
    const [owner = "", name = ""] = stage.name.split("/");
    const { releases, isWhole } = await readReleases(stage.client, { owner, name });
    const commit = stage.tipOf("main");
    expect(isWhole).toBe(true);
    expect(releases).toMatchObject([
      { tag: "v2.0.0-rc.1", name: "", isPrerelease: true, commit },
      { tag: "v1.0.0", name: "First", isPrerelease: false, commit },
    ]);
    expect(stage.github.requests.all.filter(({ operation }) => operation.startsWith("graphql"))).toHaveLength(1);
  });

  test("are read by the next sweep after an event; without one once a day, so that a lost event is made good", async () => {
    const { stage, sweep, hear, known, asked } = await begin();
    const olga = stage.github.as("olga");
    expect([await sweep(), await known(), asked()]).toEqual([{ releases: 0 }, [], 1]);
    olga.release(stage.name, { tag: "v1.0.0" });
    expect(await hear()).toBe(2);
    expect([await sweep(), await known(), asked()]).toEqual([{ releases: 1 }, ["v1.0.0"], 2]);
    // However many events one release causes, it is read once; without any nothing is asked.
    expect([await sweep(), asked()]).toEqual([{ releases: 0 }, 2]);
    olga.release(stage.name, { tag: "v1.1.0" });
    olga.withdrawRelease(stage.name, "v1.0.0");
    expect([await sweep("2026-03-11T07:59:00.000Z"), asked()]).toEqual([{ releases: 0 }, 2]);
    expect([await sweep("2026-03-11T08:00:01.000Z"), asked()]).toEqual([{ releases: 1 }, 3]);
    expect(await known()).toEqual(["v1.1.0", "v1.0.0"]);
  });

  test("wait while the hourly limit belongs to pull requests, and where GitHub does not answer", async () => {
    const { stage, sweep, known, asked, budget } = await begin();
    stage.github.as("olga").release(stage.name, { tag: "v1.0.0" });
    budget.seconds = 600;
    expect([await sweep(), asked()]).toEqual([{ releases: 0 }, 0]);
    budget.seconds = 0;
    const mend = stage.github.faults.add({ operation: "graphql/Releases", times: 50, effect: effects.serverError() });
    expect(await sweep()).toEqual({ releases: 0 });
    mend();
    expect([await sweep(), await known()]).toEqual([{ releases: 1 }, ["v1.0.0"]]);
  });

  test("that may not be read are asked for again a day later, and hold nothing up", async () => {
    const { stage, sweep, asked, told } = await begin();
    stage.github.administrator("olga").acceptPermissions(stage.installation, { metadata: "read" });
    stage.app.forget(stage.installation);
    expect(await sweep()).toEqual({ releases: 0 });
    expect(told).toEqual(["releases not read"]);
    const before = asked();
    await sweep();
    expect(asked()).toBe(before);
  });

  test("H089: of another repository that has the name now are not taken for its own", async () => {
    const { stage, sweep, known } = await begin();
    const olga = stage.github.administrator("olga");
    olga.renameRepository(stage.name, "old-shop");
    olga.createRepository({ name: stage.name });
    stage.github.as("olga").release(stage.name, { tag: "v9.0.0" });
    expect([await sweep(), await known()]).toEqual([{ releases: 0 }, []]);
  });
});
