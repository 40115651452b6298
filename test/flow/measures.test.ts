import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { countReactions } from "../../src/entry/reactions.ts";
import { rebuildStandings } from "../../src/entry/rebuilt-standings.ts";
import { look, run } from "../../src/shell/run.ts";
import { ruleFigures } from "../../src/shell/store/dashboard.ts";
import type { Database } from "../../src/shell/store/database.ts";
import { createStore } from "../../src/shell/store/records.ts";
import { seeRepository } from "../../src/shell/store/repositories.ts";
import { accountNamed, repositoryNamed } from "../github/find.ts";
import { emptied, openPrepared } from "../make/prepared-database.ts";
import { bucket, Stage } from "./stage.ts";

/* What is measured over time: how systems stand before any merge was seen here, and what people thought of questions. */

const now = "2026-03-10T08:00:00.000Z";
const model = `schemaVersion: 1
system: { name: Shop, owner: Orders team }
elements:
  - { id: shop, name: shop, type: process }
threats:
  - { id: TH-1, element: shop, stride: [I], title: Orders are read by strangers, impact: high, likelihood: high, status: open }
`;
let database: Database;

beforeAll(async () => {
  database = await openPrepared(() => {});
});

beforeEach(() => emptied(database));

afterAll(() => database.close());

/** A repository on the stand-in that is known here, with nothing judged of it. */
async function begin() {
  const stage = await Stage.set({ policy: "version: 1\nmode: advise\n", files: { "threat-model.yaml": model } });
  const repositoryId = repositoryNamed(stage.github.world, stage.name).id;
  const [owner = "", name = ""] = stage.name.split("/");
  const known = { id: repositoryId, installation: stage.github.app.installation, owner, name };
  await seeRepository(database.kysely, known);
  const judged: string[] = [];
  const budget = { seconds: 0 };
  const sweep = (at: string) =>
    rebuildStandings(
      {
        log: { info: () => {}, warn: () => {} } as never,
        database,
        app: { forRepository: () => stage.client, secondsUntil: () => budget.seconds },
        judged: async (of) => {
          judged.push(`#${of.number}`);
          const world = stage.world();
          const snapshot = await look(of, world);
          return { snapshot, ...(await world.judging.judge(snapshot, world.context)) };
        },
      },
      at,
    );
  const standings = () =>
    database.kysely.selectFrom("system_standing").select(["system", "team", "pull_request", "requirements"]).execute();
  const merged = (branch: string, path: string): number => {
    const number = stage.opened({ [path]: "A note.\n" }, { branch });
    stage.github.as("olga").merge(stage.name, number);
    return number;
  };
  return { stage, repositoryId, judged, budget, sweep, standings, merged };
}

describe("standings that are not known", () => {
  test("come from the last merge on GitHub, once, without anything being written there", async () => {
    const { stage, sweep, standings, merged, judged } = await begin();
    merged("one", "docs/one.md");
    const last = merged("two", "docs/two.md");
    stage.opened({ "docs/open.md": "Open.\n" }, { branch: "open" });
    expect(await sweep(now)).toEqual({ rebuilt: 1, nothing: 0 });
    expect(await standings()).toMatchObject([{ system: "shop", team: "Orders team", pull_request: last }]);
    expect((await standings())[0]?.requirements).toHaveProperty("cra");
    expect(await sweep(now)).toEqual({ rebuilt: 0, nothing: 0 });
    expect(judged).toEqual([`#${last}`]);
    const written = stage.github.requests.all.filter(
      ({ method, path }) => method !== "GET" && path !== "/graphql" && !path.endsWith("/access_tokens"),
    );
    expect(written).toEqual([]);
    expect(await database.kysely.selectFrom("evaluation").select("id").execute()).toEqual([]);
  });

  test("of an earlier version are brought up to date from the merge that they are of", async () => {
    const { sweep, standings, merged } = await begin();
    const number = merged("one", "docs/one.md");
    await sweep(now);
    await database.kysely
      .updateTable("system_standing")
      .set({ requirements: JSON.stringify({}) })
      .execute();
    await database.kysely.updateTable("repository").set({ rebuilt: null }).execute();
    expect(await sweep(now)).toEqual({ rebuilt: 1, nothing: 0 });
    expect(await standings()).toMatchObject([{ pull_request: number, requirements: { cra: expect.anything() } }]);
    const weeks = await database.kysely.selectFrom("system_week").select("opened").execute();
    expect(weeks).toEqual([{ opened: 1 }]);
  });

  test("wait while GitHub's limit belongs to pull requests, and a repository without a merge is asked about weekly", async () => {
    const { sweep, budget, judged } = await begin();
    budget.seconds = 60;
    expect(await sweep(now)).toEqual({ rebuilt: 0, nothing: 0 });
    budget.seconds = 0;
    expect(await sweep(now)).toEqual({ rebuilt: 0, nothing: 1 });
    expect(await sweep("2026-03-17T07:59:00.000Z")).toEqual({ rebuilt: 0, nothing: 0 });
    expect(await sweep("2026-03-17T08:01:00.000Z")).toEqual({ rebuilt: 0, nothing: 1 });
    expect(judged).toEqual([]);
  });
});

test("reactions to a question are counted when its pull request is closed, and tell noise from use", async () => {
  const { stage, repositoryId } = await begin();
  const number = stage.opened({ "infra/export.tf": bucket("exports") });
  const subject = { ...stage.subject(number), repositoryId };
  const evaluated = async () => {
    const world = { ...stage.world(), store: createStore(database.kysely) };
    const outcome = await run(subject, world);
    await countReactions(database, () => stage.client, outcome);
  };
  await evaluated();
  const [thread] = stage.pull(number).threads;
  const [comment] = thread?.comments ?? [];
  if (!comment) throw new Error("nothing was asked");
  const by = (login: string, content: string) => ({ by: accountNamed(stage.github.world, login), content });
  comment.reactions = [by("sam", "THUMBS_DOWN"), by("lee", "CONFUSED"), by("olga", "HEART"), by("dana", "EYES")];
  const figures = async () => {
    const visible = { owner: "acme", repositories: [{ id: repositoryId, name: "shop" }] };
    return (await ruleFigures(database.kysely, visible, "2026-01-01"))[0];
  };
  await evaluated();
  expect(await figures()).toMatchObject({ open: 1, liked: 0, disliked: 0 });
  stage.github.as("sam").close(stage.name, number);
  await evaluated();
  expect(await figures()).toMatchObject({ asked: 1, liked: 1, disliked: 1, dislikedAlone: 1 });
});
