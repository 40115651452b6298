import { eventually } from "../../test/flow/program.ts";
import { shop } from "../../test/make/a-shop-on-github.ts";
import { rowOf } from "./bars.ts";
import { type Row, shared } from "./rows.ts";
import { type Counted, Stage } from "./stage.ts";

const hour = 3_600_000;
const day = 24 * hour;

/** Open pull requests that nobody touches. */
const quietOnes = 20;

/** One whole sweep while nothing happens. */
export async function quietSweep(): Promise<readonly Row[]> {
  const stage = await Stage.set({ now: "2026-03-04T09:00:00Z" });
  try {
    await stage.start({ SWEEP_SECONDS: "10" });
    for (let count = 0; count < quietOnes; count++) {
      const files = {
        [`infra/store-${count}.tf`]: `resource "aws_s3_bucket" "b${count}" {\n  bucket = "acme-${count}"\n}\n`,
      };
      stage.github.as("sam").openPullRequest(shop, { branch: `branch-${count}`, files });
    }
    await stage.firstSweep();
    // What changed less than a quarter of an hour ago is looked at for comments that were missed.
    stage.github.clock.set(new Date(stage.github.clock.now().getTime() + hour / 2).toISOString());
    const sweep = await quietestSweep(stage);
    return [rowOf("sweep", sweep), rowOf("sweepEach", { ...sweep, cost: shared(sweep.cost, quietOnes) })];
  } finally {
    await stage.end();
  }
}

/** The first whole sweep in which nobody was judged any more, from its beginning to that of the next. */
async function quietestSweep(stage: Stage): Promise<Counted> {
  for (let tries = 0; tries < 12; tries++) {
    const before = stage.sweeps;
    await eventually("a sweep begins", () => stage.sweeps > before, 120_000);
    const from = stage.mark();
    await eventually("the next one begins", () => stage.sweeps > before + 1, 120_000);
    const counted = stage.since(from);
    const isQuiet = !counted.asked.some((operation) => /list-files|PullRequest\b|^checks/.test(operation));
    if (tries > 0 && isQuiet) return counted;
  }
  throw new Error("no sweep was quiet");
}

/** Merges of the year before the App came: as many as are read without a rest. */
const mergesOfAYear = 96;

/** The App comes to a repository that has a model and a year of merges behind it. */
export async function firstInstallation(): Promise<readonly Row[]> {
  const started = Date.parse("2025-03-04T09:00:00Z");
  const model = "schemaVersion: 1\nsystem: {name: shop}\nelements:\n  - {id: shop, type: process, name: Shop}\n";
  const stage = await Stage.set({ now: new Date(started).toISOString() });
  try {
    const { github } = stage;
    const sam = github.as("sam");
    github.webhooks.hold();
    sam.pushCommit(shop, { branch: "main", files: { "threat-model.yaml": model } });
    for (let count = 0; count < mergesOfAYear; count++) {
      github.clock.set(new Date(started + Math.floor(((count + 1) * 365 * day) / mergesOfAYear)).toISOString());
      const files = { [`src/part-${count % 40}.ts`]: `export const part = ${count};\n` };
      const number = sam.openPullRequest(shop, { branch: `change-${count}`, files });
      github.as("olga").merge(shop, number);
    }
    github.webhooks.drop(...github.webhooks.waiting);
    github.webhooks.release();
    const from = stage.mark();
    await stage.start({ SWEEP_SECONDS: "86400" });
    await stage.firstSweep();
    // What a sweep does last; before it the default branch is judged, which may take longer than it is waited for rest.
    await eventually("releases are read", () => github.requests.of("graphql/Releases").length > 0, 120_000);
    await stage.atRest();
    const arrival = stage.since(from);
    const files = { "infra/export.tf": 'resource "aws_s3_bucket" "exports" {\n  bucket = "acme-exports"\n}\n' };
    const push = await stage.counted(async () => {
      sam.openPullRequest(shop, { branch: "store", files });
      // It is read in the background, and the pull request is judged again then.
      await eventually("the history is read", () => stage.evaluations("history.read") > 0, 240_000);
    });
    return [rowOf("arrival", arrival), rowOf("history", push)];
  } finally {
    await stage.end();
  }
}
