import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Timeline } from "../../src/core/domain/timeline.ts";
import { readOn, remembered, rememberLearnt, waitsForHistory } from "../../src/entry/history.ts";
import { inBackground } from "../../src/shell/github/history.ts";
import type { Outcome } from "../../src/shell/run.ts";
import type { Database } from "../../src/shell/store/database.ts";
import { openPrepared } from "../make/prepared-database.ts";
import { bucket, Stage } from "./stage.ts";

const policy = "version: 1\nmode: enforce\narchitects:\n  teams: [security-architects]\n";
const modelPath = "threat-model.yaml";

/** A model of a shop and its stores. */
function model(stores: readonly string[], remark = ""): string {
  const elements = ["shop", ...stores].map(
    (name) => `  - id: ${name}\n    name: ${name}\n    type: ${name === "shop" ? "process" : "data-store"}\n`,
  );
  return `${remark}schemaVersion: 1\nsystem:\n  name: Shop\nelements:\n${elements.join("")}`;
}

/** A repository that had its model at this moment. */
async function shop(now: string): Promise<Stage> {
  shops++;
  return Stage.set({ policy, files: { [modelPath]: model([]) }, repository: { id: 100_000 + shops }, seed: { now } });
}

/** One database serves all tests, so that each needs a repository of its own. */
let shops = 0;

type Files = Parameters<Stage["opened"]>[0];
let branches = 0;

/** Sam opens a pull request and Olga merges it at this moment. */
function merged(stage: Stage, at: string, files: Files): number {
  stage.github.clock.set(at);
  branches++;
  const number = stage.opened(files, { branch: `merged-${branches}` });
  stage.github.as("olga").merge(stage.name, number, branches % 2 === 0 ? "merge" : "squash");
  return number;
}

/** Sam opens a pull request with one more store at this moment. */
function opened(stage: Stage, at: string): number {
  stage.github.clock.set(at);
  branches++;
  return stage.opened({ [`infra/new-${branches}.tf`]: bucket(`new${branches}`) }, { branch: `look-${branches}` });
}

function currencyIn({ assessment }: Outcome): { readonly rag: string; readonly why: string } {
  const [system] = assessment.systems;
  if (!system) throw new Error("there is no system");
  const { rag, why } = system.indicators["TM-1"];
  return { rag, why };
}

/** What TM-1 says on a pull request with one more store, opened at this moment. */
async function currencyOn(stage: Stage, at: string): Promise<{ readonly rag: string; readonly why: string }> {
  return currencyIn(await stage.evaluated(opened(stage, at)));
}

/** The requests of an evaluation that are about history. */
function historical(stage: Stage): string[] {
  return stage.asked.reading.filter((operation) =>
    ["graphql/History", "repos/get-commit", "repos/compare-commits"].includes(operation),
  );
}

describe("TM-1 on GitHub, with nothing remembered", () => {
  test("a bucket merged 43 days ago that the model does not hold, last touched 45 days ago", async () => {
    const stage = await shop("2026-01-19T08:00:00Z");
    const reports = merged(stage, "2026-01-21T22:00:00Z", { "infra/reports.tf": bucket("reports") });
    merged(stage, "2026-02-10T08:00:00Z", { "README.md": "# Our shop\n" });
    expect(await currencyOn(stage, "2026-03-05T01:00:00Z")).toEqual({
      rag: "AMBER",
      why: `New object store: aws_s3_bucket \`reports\` merged 2026-01-21 (43 days ago, #${reports}, in \`infra/reports.tf\`) is not in the model.`,
    });
    // One query for all commits, one request for each merge since, and the model's text as it was made.
    expect(stage.asked.reading).toEqual([
      "pulls/list-files",
      "graphql/PullRequest",
      "graphql/Files",
      "graphql/History",
      "repos/get-commit",
      "graphql/Files",
      "repos/get-commit",
      "repos/get-commit",
    ]);
  });

  test("H070: 30, 31, 60 and 61 whole UTC days", async () => {
    const stage = await shop("2026-01-01T08:00:00Z");
    merged(stage, "2026-01-02T23:30:00Z", { "infra/reports.tf": bucket("reports") });
    const colours: string[] = [];
    for (const day of [
      "2026-02-01T23:00:00Z",
      "2026-02-02T00:00:00Z",
      "2026-03-03T23:00:00Z",
      "2026-03-04T00:00:00Z",
    ]) {
      colours.push((await currencyOn(stage, day)).rag);
    }
    expect(colours).toEqual(["GREEN", "AMBER", "AMBER", "RED"]);
  });

  test("it speaks from the last update in substance on", async () => {
    const stage = await shop("2026-01-01T08:00:00Z");
    merged(stage, "2026-01-05T08:00:00Z", { "infra/reports.tf": bucket("reports") });
    merged(stage, "2026-01-06T08:00:00Z", { [modelPath]: model(["reports"]) });
    expect(await currencyOn(stage, "2026-03-01T08:00:00Z")).toEqual({
      rag: "GREEN",
      why: "Every significant change is in the model, which was last updated or reviewed on 2026-01-06 (54 days ago).",
    });
    expect(historical(stage)).toEqual(["graphql/History", "repos/get-commit"]);
  });

  test("H068: comments and white space in the model are no update, however often they come", async () => {
    const stage = await shop("2026-01-01T08:00:00Z");
    const reports = merged(stage, "2026-01-05T08:00:00Z", { "infra/reports.tf": bucket("reports") });
    for (let day = 10; day < 16; day++) {
      merged(stage, `2026-02-${day}T08:00:00Z`, { [modelPath]: model([], `# Reviewed on 2026-02-${day}\n`) });
    }
    const { rag, why } = await currencyOn(stage, "2026-02-20T08:00:00Z");
    expect(rag).toBe("AMBER");
    expect(why).toContain(`merged 2026-01-05 (46 days ago, #${reports}, in \`infra/reports.tf\`) is not in the model`);
    // Each step was read once, though it was gone back three times: past 1, past 4 and past 16 touches.
    expect(historical(stage).filter((one) => one === "repos/get-commit")).toHaveLength(8);
  });

  test("a model that only moved was not updated", async () => {
    const stage = await shop("2026-01-01T08:00:00Z");
    merged(stage, "2026-01-05T08:00:00Z", { "infra/reports.tf": bucket("reports") });
    merged(stage, "2026-02-10T08:00:00Z", {
      [modelPath]: null,
      "docs/threat-model.yaml": model([]),
    });
    expect((await currencyOn(stage, "2026-02-20T08:00:00Z")).rag).toBe("AMBER");
  });

  test("H069: what a commit says of its own date moves nothing that was merged", async () => {
    for (const date of ["1970-01-02T00:00:00Z", "2099-01-01T00:00:00Z"]) {
      const stage = await shop("2026-01-01T08:00:00Z");
      stage.github.clock.set("2026-01-05T08:00:00Z");
      const files = { "infra/reports.tf": bucket("reports") };
      stage.github.as("sam").pushCommit(stage.name, { branch: "reports", files, date });
      const number = stage.github.as("sam").openPullRequest(stage.name, { branch: "reports" });
      stage.github.as("olga").merge(stage.name, number);
      expect((await currencyOn(stage, "2026-02-10T08:00:00Z")).why).toContain("merged 2026-01-05 (36 days ago,");
    }
  });

  test("a push without a pull request counts, and says that GitHub does not vouch for its date", async () => {
    const stage = await shop("2026-01-01T08:00:00Z");
    stage.github.clock.set("2026-01-05T08:00:00Z");
    const files = { "infra/reports.tf": bucket("reports") };
    const commit = stage.github.as("sam").pushCommit(stage.name, { branch: "main", files });
    expect(await currencyOn(stage, "2026-02-10T08:00:00Z")).toEqual({
      rag: "AMBER",
      why: `New object store: aws_s3_bucket \`reports\` merged 2026-01-05 (36 days ago, ${commit.slice(0, 12)}, in \`infra/reports.tf\`) is not in the model (dates from commits, not verified by GitHub).`,
    });
  });

  test("H069: a pushed commit is no older than the merge before it, and one that claims the future no younger", async () => {
    for (const date of ["1970-01-02T00:00:00Z", "2099-01-01T00:00:00Z"]) {
      const stage = await shop("2026-01-01T08:00:00Z");
      merged(stage, "2026-01-05T08:00:00Z", { "README.md": "# Our shop\n" });
      stage.github.clock.set("2026-01-10T08:00:00Z");
      const files = { "infra/reports.tf": bucket("reports") };
      stage.github.as("sam").pushCommit(stage.name, { branch: "main", files, date });
      expect((await currencyOn(stage, "2026-02-10T08:00:00Z")).why).toContain("merged 2026-01-05 (36 days ago,");
    }
  });

  test("a structure that only its whole text tells is seen in the history too", async () => {
    const stage = await shop("2026-01-01T08:00:00Z");
    const services = (more: string) => `services:\n  web:\n    image: shop\n    environment:\n      A: b\n${more}`;
    merged(stage, "2026-01-02T08:00:00Z", { "compose.yaml": services("") });
    merged(stage, "2026-01-05T08:00:00Z", { "compose.yaml": services("  cache:\n    image: redis:7\n") });
    const { timeline } = await stage.evaluated(opened(stage, "2026-02-20T08:00:00Z"));
    expect(timeline.entries.flatMap((entry) => (entry.kind === "change" ? [entry.what] : []))).toEqual([
      "New service `web`",
      "New cache: service `cache`",
    ]);
    // Way back, the model as it was made, both merges, and the one text that a patch does not show whole.
    expect(stage.asked.reading.slice(3)).toEqual([
      "graphql/History",
      "repos/get-commit",
      "graphql/Files",
      "repos/get-commit",
      "repos/get-commit",
      "graphql/Files",
    ]);
  });

  test("a first model digs up nothing: before it there was none to be current", async () => {
    const stage = await Stage.set({ policy, seed: { now: "2025-01-01T08:00:00Z" } });
    merged(stage, "2025-01-05T08:00:00Z", { "infra/reports.tf": bucket("reports") });
    stage.github.clock.set("2026-01-05T08:00:00Z");
    const number = stage.opened({ [modelPath]: model(["reports"]) });
    expect(currencyIn(await stage.evaluated(number))).toEqual({
      rag: "GREEN",
      why: "Every significant change is in the model, which was last updated or reviewed on 2026-01-05 (0 days ago).",
    });
    expect(historical(stage)).toEqual(["graphql/History"]);
  });

  test("a pull request that changes nothing significant asks for no history", async () => {
    const stage = await shop("2026-01-01T08:00:00Z");
    await stage.evaluated(stage.opened({ "README.md": "# Our shop\n" }));
    expect(historical(stage)).toEqual([]);
    expect(stage.check(1)).toMatchObject({ conclusion: "success", title: "No threat-model change needed" });
  });
});

/** The service's memory, without its queue. */
class Service {
  readonly stage: Stage;
  readonly #database: Database;
  readonly #repositoryId: number;

  constructor(stage: Stage, database: Database) {
    this.stage = stage;
    this.#database = database;
    const [repository] = [...stage.github.world.repositories.values()];
    this.#repositoryId = repository?.id ?? 0;
  }

  async evaluated(number: number): Promise<Outcome & { readonly waits: boolean }> {
    const outcome = await this.stage.evaluated(number, {
      remembered: await remembered(this.#database, this.#repositoryId),
    });
    await rememberLearnt(this.#database, outcome);
    return { ...outcome, waits: waitsForHistory(outcome, this.#wakeUp(number)) };
  }

  /** One part of the history, in the background. */
  async readOn(number: number): Promise<"more" | "done"> {
    return readOn(this.#database, this.#wakeUp(number), async () =>
      this.stage.world({ remembered: await remembered(this.#database, this.#repositoryId), history: inBackground }),
    );
  }

  async remembers(): Promise<Timeline["entries"]> {
    return (await remembered(this.#database, this.#repositoryId)).entries;
  }

  #wakeUp(number: number) {
    const subject = { ...this.stage.subject(number), repositoryId: this.#repositoryId };
    return { id: "delivery-1", why: "pull_request.opened", subject };
  }
}

describe("TM-1 in the service", () => {
  let database: Database;
  beforeAll(async () => {
    database = await openPrepared();
  });
  afterAll(() => database.close());

  test("the history is read once; what is merged or pushed later is read when it matters; a lost database loses nothing", async () => {
    const stage = await shop("2026-01-01T08:00:00Z");
    merged(stage, "2026-01-05T08:00:00Z", { "infra/reports.tf": bucket("reports") });
    const service = new Service(stage, database);
    const number = opened(stage, "2026-02-10T08:00:00Z");
    expect(currencyIn(await service.evaluated(number)).rag).toBe("AMBER");
    expect(historical(stage)).toHaveLength(3);

    expect(currencyIn(await service.evaluated(number)).rag).toBe("AMBER");
    expect(stage.asked).toEqual({ reading: ["pulls/list-files", "graphql/PullRequest"], writing: [] });

    // The default branch moves on: nobody reads it for a change that does not matter.
    merged(stage, "2026-02-11T08:00:00Z", { "README.md": "# Our shop\n" });
    const words = stage.opened({ "src/words.ts": "export const greeting = 'Hello';\n" }, { branch: "words" });
    await service.evaluated(words);
    expect(stage.asked.reading).toEqual(["pulls/list-files", "graphql/PullRequest"]);

    stage.github.clock.set("2026-02-12T08:00:00Z");
    const files = { "infra/late.tf": bucket("late") };
    stage.github.as("sam").pushCommit(stage.name, { branch: "main", files, date: "2020-01-01T00:00:00Z" });
    const outcome = await service.evaluated(number);
    expect(historical(stage)).toEqual(["graphql/History", "repos/get-commit", "repos/get-commit"]);
    const late = outcome.timeline.entries.find((entry) => entry.kind === "change" && entry.path === "infra/late.tf");
    // Not before what GitHub itself dates before it.
    expect(late).toMatchObject({ at: stage.pull(2 + 1).mergedAt, unverified: true });

    const told = async () => (await service.remembers()).map((entry) => [entry.kind, entry.reference, entry.at]);
    const before = await told();
    await database.kysely.deleteFrom("timeline").execute();
    await database.kysely.deleteFrom("history").execute();
    const again = await service.evaluated(number);
    expect(currencyIn(again)).toEqual(currencyIn(outcome));
    expect(await told()).toEqual(before);
  });

  test("a merge enters the timeline once, whether it was seen or is read", async () => {
    const stage = await shop("2026-01-01T08:00:00Z");
    const service = new Service(stage, database);
    const number = opened(stage, "2026-01-05T08:00:00Z");
    await service.evaluated(number);
    stage.github.as("olga").merge(stage.name, number);
    await service.evaluated(number);
    await service.evaluated(number);
    await service.evaluated(opened(stage, "2026-01-06T08:00:00Z"));
    const entries = await service.remembers();
    expect(entries.map(({ kind, reference }) => [kind, reference.startsWith("#")])).toEqual([
      ["update", false],
      ["change", true],
    ]);
  });

  test("one unrelated edit of the model covers nothing; one that names the store does", async () => {
    const stage = await shop("2026-01-01T08:00:00Z");
    const reports = merged(stage, "2026-01-05T08:00:00Z", { "infra/reports.tf": bucket("reports") });
    const service = new Service(stage, database);
    const number = opened(stage, "2026-01-06T08:00:00Z");
    await service.evaluated(number);
    merged(stage, "2026-01-07T08:00:00Z", { [modelPath]: model(["basket"]) });
    stage.github.clock.set("2026-02-10T08:00:00Z");
    expect(currencyIn(await service.evaluated(number)).why).toContain(
      `(36 days ago, #${reports}, in \`infra/reports.tf\`) is not in the model`,
    );
    merged(stage, "2026-02-10T09:00:00Z", { [modelPath]: model(["basket", "reports"]) });
    expect(currencyIn(await service.evaluated(number))).toEqual({
      rag: "GREEN",
      why: "Every significant change is in the model, which was last updated or reviewed on 2026-02-10 (0 days ago).",
    });
  });

  test("more than is read at once: UNKNOWN with how many remain, then read in the background", async () => {
    const stage = await shop("2026-01-01T08:00:00Z");
    const first = merged(stage, "2026-01-02T08:00:00Z", { "infra/first.tf": bucket("first") });
    for (let day = 3; day < 27; day++) {
      merged(stage, `2026-01-${String(day).padStart(2, "0")}T08:00:00Z`, { "README.md": `# Shop, day ${day}\n` });
    }
    const service = new Service(stage, database);
    const number = opened(stage, "2026-02-10T08:00:00Z");
    const outcome = await service.evaluated(number);
    expect(currencyIn(outcome)).toEqual({
      rag: "UNKNOWN",
      why: "The history of the default branch is still being read: 6 merges remain.",
    });
    expect(outcome.waits).toBe(true);
    expect(historical(stage)).toHaveLength(1 + 20);

    const before = stage.github.requests.all.length;
    expect(await service.readOn(number)).toBe("done");
    const read = stage.github.requests.all.slice(before).map(({ operation }) => operation);
    // It reads on where it stopped, and reads nothing twice.
    expect(read.filter((operation) => operation === "repos/get-commit")).toHaveLength(6);

    const after = await service.evaluated(number);
    expect(after.waits).toBe(false);
    expect(currencyIn(after).why).toContain(
      `merged 2026-01-02 (39 days ago, #${first}, in \`infra/first.tf\`) is not in the model`,
    );
    expect(historical(stage)).toEqual([]);
  });

  test("a default branch that was rewritten is read anew, and what was pushed to it before is forgotten", async () => {
    const stage = await shop("2026-01-01T08:00:00Z");
    const start = stage.github.world.repositories.values().next().value?.branches.get("main") ?? "";
    const service = new Service(stage, database);
    stage.github.clock.set("2026-01-05T08:00:00Z");
    stage.github.as("sam").pushCommit(stage.name, { branch: "main", files: { "infra/a.tf": bucket("a") } });
    const number = opened(stage, "2026-02-10T08:00:00Z");
    expect(currencyIn(await service.evaluated(number)).rag).toBe("AMBER");
    stage.github.as("olga").forcePush(stage.name, "main", start);
    expect(currencyIn(await service.evaluated(number)).rag).toBe("GREEN");
    expect((await service.remembers()).map(({ kind }) => kind)).toEqual(["update"]);
  });
});
