import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { trackerClosed } from "../../src/entry/ended-acceptances.ts";
import { lookElsewhere } from "../../src/entry/other-trackers.ts";
import { TryAgainLater } from "../../src/shell/failures.ts";
import { createQueues, type EvaluationJob, evaluationQueue } from "../../src/shell/queue/jobs.ts";
import type { Database } from "../../src/shell/store/database.ts";
import { closingsOf, keepOtherTracker } from "../../src/shell/store/other-tracker.ts";
import { JiraAccess } from "../../src/shell/trackers/jira/access.ts";
import { labelOf, propertyKey } from "../../src/shell/trackers/jira/own-issues.ts";
import { type JiraAnswer, type JiraCall, JiraSite } from "../../src/shell/trackers/jira/site.ts";
import { Stage } from "../flow/stage.ts";
import { openPrepared } from "../make/prepared-database.ts";

const now = "2026-03-04T09:00:00Z";
const place = { tracker: "jira", project: "SHOP", issueType: "Task", mayBePublic: true } as const;
const settings = { url: "https://shop.atlassian.example", email: "bot@shop.example", token: "t", owners: ["acme"] };

/** A site on which a person closed one issue of each repository, and which cannot tell of some of them. */
class Site extends JiraSite {
  readonly #silent: ReadonlySet<number>;
  readonly #host: string;

  constructor(silent: readonly number[], host: string) {
    super(settings);
    this.#silent = new Set(silent);
    this.#host = host;
  }

  override async ask({ path, body }: JiraCall): Promise<JiraAnswer> {
    if (path.endsWith("/myself")) return answered({ accountId: "bot" });
    if (path.includes("/project/")) return answered({ key: "SHOP", issueTypes: [{ name: "Task" }] });
    if (path.endsWith("/search/jql")) {
      const id = [1, 2, 3].find((one) => JSON.stringify(body).includes(labelOf(`${this.#host}/${one}`))) ?? 0;
      if (this.#silent.has(id)) throw new TryAgainLater("Jira could not give all of our issues at once.");
      return answered({ issues: [{ id: String(id) }], isLast: true });
    }
    const id = Number(JSON.stringify(body).match(/"issueIdsOrKeys":\["(\d+)"/)?.[1]);
    return answered({
      issues: [
        {
          id: String(id),
          key: `SHOP-${id}`,
          fields: {
            creator: { accountId: "bot" },
            project: { key: "SHOP" },
            status: { name: "Done", statusCategory: { key: "done" } },
          },
          properties: { [propertyKey]: { repository: `${this.#host}/${id}`, threat: "T-1", digest: "d" } },
        },
      ],
    });
  }
}

function answered(data: unknown): JiraAnswer {
  return { status: 200, data };
}

let database: Database;
let stage: Stage;

beforeAll(async () => {
  stage = await Stage.set();
  database = await openPrepared();
  await createQueues(database.boss);
});

afterAll(() => database.close());

describe("issues that people close in another tracker", () => {
  test("one repository of which Jira cannot tell holds up no other, in this sweep or the next", async () => {
    const host = new URL(stage.app.forRepository(1, "shop").address.rest).host;
    for (const id of [1, 2, 3]) {
      const tracked = { number: 7, installation: 1, owner: "acme", repository: `shop-${id}`, place };
      await keepOtherTracker(database.kysely, id, tracked);
    }
    const jira = new JiraAccess(new Site([1], host));
    const ground = { database, app: stage.app, jira };
    await lookElsewhere(ground, now).catch(() => {});
    await lookElsewhere(ground, "2026-03-04T09:10:00Z").catch(() => {});
    expect(await closingsOf(database.kysely, 1)).toEqual([]);
    expect(await closingsOf(database.kysely, 2)).toEqual([{ threat: "T-1", name: "SHOP-2" }]);
    expect(await closingsOf(database.kysely, 3)).toEqual([{ threat: "T-1", name: "SHOP-3" }]);
    const jobs = await database.boss.findJobs<EvaluationJob>(evaluationQueue);
    expect(jobs.map(({ data }) => [data.wakeUp.why, data.wakeUp.subject.repository])).toEqual(
      expect.arrayContaining([
        [trackerClosed, "shop-2"],
        [trackerClosed, "shop-3"],
      ]),
    );
  });

  test("what could not be asked for is not remembered as answered", async () => {
    const host = new URL(stage.app.forRepository(1, "shop").address.rest).host;
    await keepOtherTracker(database.kysely, 3, undefined);
    await keepOtherTracker(database.kysely, 3, {
      number: 8,
      installation: 1,
      owner: "acme",
      repository: "shop-3",
      place,
    });
    const boss = {
      send: async () => {
        throw new Error("the queue is away");
      },
    } as unknown as Database["boss"];
    const ground = { database: { ...database, boss }, app: stage.app, jira: new JiraAccess(new Site([1], host)) };
    await expect(lookElsewhere(ground, "2026-03-04T09:20:00Z")).rejects.toThrow("the queue is away");
    expect(await closingsOf(database.kysely, 3)).toEqual([]);
  });
});
