import { describe, expect, test } from "@jest/globals";
import { bucket, Stage } from "./stage.ts";

const policy = "version: 1\nmode: enforce\narchitects:\n  teams: [security-architects]\n";
const modelPath = "threat-model.yaml";

/** A model of one element and the stores it is given; its date says nothing of its substance. */
function model(stores: readonly string[], updated = "2026-01-01"): string {
  const elements = ["shop", ...stores].map(
    (name) => `  - id: ${name}\n    name: ${name}\n    type: ${name === "shop" ? "process" : "datastore"}\n`,
  );
  return `schemaVersion: 1\nsystem:\n  name: Shop\n  updated: ${updated}\nelements:\n${elements.join("")}`;
}

/** A repository whose model is as old as the stand-in's clock says at first. */
async function shop(now: string, files: Readonly<Record<string, string>> = {}): Promise<Stage> {
  return Stage.set({ policy, files: { [modelPath]: model([]), ...files }, seed: { now } });
}

let branches = 0;

/** Sam opens and Lee merges a pull request on that day. */
function merged(stage: Stage, at: string, files: Readonly<Record<string, string | null>>, title = "Change"): number {
  stage.github.clock.set(at);
  branches++;
  const number = stage.opened(files, { branch: `merged-${branches}`, title });
  stage.github.as("olga").merge(stage.name, number);
  return number;
}

/** What TM-1 says on a pull request with a new store, opened on that day. */
async function currencyOn(stage: Stage, at: string) {
  stage.github.clock.set(at);
  branches++;
  const number = stage.opened(
    { [`infra/new-${branches}.tf`]: bucket(`new${branches}`) },
    { branch: `look-${branches}` },
  );
  const { assessment } = await stage.evaluated(number);
  const [system] = assessment.systems;
  if (!system) throw new Error("there is no system");
  return system.indicators["TM-1"];
}

describe("TM-1 from the history that GitHub tells", () => {
  test("a bucket merged 43 days ago that a model touched 45 days ago does not hold", async () => {
    const stage = await shop("2026-01-19T08:00:00Z");
    const reports = merged(stage, "2026-01-21T23:00:00Z", { "infra/reports.tf": bucket("reports") });
    merged(stage, "2026-02-10T08:00:00Z", { "README.md": "# Our shop\n" });
    const { rag, why } = await currencyOn(stage, "2026-03-05T01:00:00Z");
    expect(why).toBe(
      `New object store: aws_s3_bucket \`reports\` merged 2026-01-21 (43 days ago, #${reports}) is not in the model.`,
    );
    expect(rag).toBe("AMBER");
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
});
