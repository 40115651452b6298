import { afterEach, describe, expect, test } from "@jest/globals";
import type { HistoryReading } from "../../../src/shell/github/history.ts";
import { type HistoryQuestion, inBackground, readHistory, whileEvaluating } from "../../../src/shell/github/history.ts";
import { Hosted, organisation, repository } from "./hosted.ts";

const modelPath = "docs/threat-model.md";
const place = { owner: "acme", name: "shop", defaultBranch: "main" };
let hosted: Hosted | undefined;

afterEach(async () => {
  await hosted?.github.close();
  hosted?.github.expectNoContractFindings();
  hosted = undefined;
});

async function hostedAt(now: string): Promise<Hosted> {
  const started = await Hosted.start({ ...organisation, now });
  hosted = started;
  return started;
}

function head({ github }: Hosted): string {
  const [found] = [...github.world.repositories.values()];
  return found?.branches.get("main") ?? "";
}

async function readAll(at: Hosted, bend: Partial<HistoryQuestion> = {}): Promise<HistoryReading> {
  return readHistory(at.client, place, {
    wanted: { models: [[modelPath]], touches: 1 },
    head: head(at),
    now: at.github.clock.now().toISOString(),
    limits: whileEvaluating,
    changes: new Map(),
    ...bend,
  });
}

function queries({ github }: Hosted): number {
  return github.requests.all.filter(({ operation }) => operation === "graphql/History").length;
}

describe("the way back", () => {
  test("several commits that one pull request left on the branch are one step, with the difference of all", async () => {
    const at = await hostedAt("2026-01-01T08:00:00Z");
    const sam = at.github.as("sam");
    sam.pushCommit(repository, { branch: "work", files: { "a.txt": "a\n" } });
    const tip = sam.pushCommit(repository, { branch: "work", files: { "b.txt": "b\n" } });
    const number = sam.openPullRequest(repository, { branch: "work", title: "Both" });
    at.github.as("olga").merge(repository, number);
    // As a rebase or a fast-forward leaves it: the commits themselves, without one that merges them.
    at.github.as("olga").forcePush(repository, "main", tip);
    const { steps, state } = await readAll(at);
    expect(state).toBe("complete");
    const { mergedAt } = at.github.pullRequest(repository, number);
    expect(
      steps.slice(1).map((step) => [step.reference, step.title, step.at, step.files.map((file) => file.filename)]),
    ).toEqual([[`#${number}`, "Both", mergedAt, ["a.txt", "b.txt"]]]);
  });

  test("a merge is what it did to the branch, not what its pull request shows", async () => {
    const at = await hostedAt("2026-01-01T08:00:00Z");
    const number = at.github.as("sam").openPullRequest(repository, { branch: "work", files: { "a.txt": "a\n" } });
    at.github.as("olga").merge(repository, number);
    const { steps } = await readAll(at);
    expect(steps.map((step) => step.files.map((file) => file.filename).toSorted())).toEqual([
      [".github/threatgate.yml", "README.md", modelPath],
      ["a.txt"],
    ]);
    expect(steps[0]?.modelsAfter).toEqual([{ path: modelPath, text: "# Threats\n" }]);
    expect(steps[0]?.modelsBefore).toEqual([]);
  });

  test("longer than may be gone back: nothing is concluded while somebody waits, and it is read in the background", async () => {
    const at = await hostedAt("2026-01-01T08:00:00Z");
    const sam = at.github.as("sam");
    for (let count = 0; count < 120; count++) {
      sam.pushCommit(repository, { branch: "main", files: { "README.md": `# Shop ${count}\n` } });
    }
    expect(await readAll(at, { limits: { ...whileEvaluating, pages: 1 } })).toMatchObject({
      steps: [],
      state: "reading",
    });
    expect(queries(at)).toBe(1);
    const reading = await readAll(at, { limits: inBackground });
    expect(queries(at)).toBe(3);
    expect(reading).toMatchObject({ state: "reading", remaining: 21 });
    expect(reading.steps).toHaveLength(100);

    const { upTo } = reading;
    if (!upTo) throw new Error("it does not say how far it read");
    const rest = await readAll(at, { limits: inBackground, known: upTo });
    expect(rest).toMatchObject({ state: "complete", upTo: { commit: head(at) } });
    expect(rest.steps).toHaveLength(21);
    expect(rest.steps[0]?.title).toBe("Change README.md");
    expect(rest.steps[0]?.commit).not.toBe(reading.steps[99]?.commit);
  });

  test("many model files at once ask for fewer commits at once", async () => {
    const at = await hostedAt("2026-01-01T08:00:00Z");
    const many = Array.from({ length: 150 }, (_, index) => `models/${index}.yaml`);
    const { state, steps } = await readAll(at, { wanted: { models: [[modelPath, ...many]], touches: 1 } });
    expect([state, steps.length]).toEqual(["complete", 1]);
  });

  test("a model that the branch does not hold: nothing is read, and nothing is remembered as known", async () => {
    const at = await hostedAt("2026-01-01T08:00:00Z");
    const reading = await readAll(at, { wanted: { models: [["threat-model.yaml"]], touches: 1 } });
    expect(reading).toEqual({ steps: [], state: "complete", reach: { touches: 1, goesOn: false, met: [] } });
  });
});
