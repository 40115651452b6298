import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Snapshot } from "../../src/core/domain/snapshot.ts";
import type { TimelineEntry } from "../../src/core/domain/timeline.ts";
import { stillNeeded } from "../../src/core/needs.ts";
import { effectivePolicy } from "../../src/core/policy.ts";
import { timelineOfHistory } from "../../src/core/timeline.ts";
import { createMemory } from "../../src/entry/world.ts";
import { checkoutSource } from "../../src/shell/local/checkout.ts";
import { readRules } from "../../src/shell/local/rule-files.ts";
import { look } from "../../src/shell/look.ts";
import { bucket, Stage } from "./stage.ts";

/* One history, once on GitHub and once in a clone: the timeline that TM-1 is judged by must be the same. */

const policy = "version: 1\nmode: enforce\narchitects:\n  teams: [security-architects]\n";

function model(stores: readonly string[], remark = ""): string {
  const elements = ["shop", ...stores].map(
    (name) => `  - id: ${name}\n    name: ${name}\n    type: ${name === "shop" ? "process" : "data-store"}\n`,
  );
  return `${remark}schemaVersion: 1\nsystem:\n  name: Shop\nelements:\n${elements.join("")}`;
}

type Files = Readonly<Record<string, string | null>>;

const begun = "2026-01-05T08:00:00Z";
const first: Files = { "README.md": "# Shop\n", ".github/threatgate.yml": policy, "docs/threat-model.yaml": model([]) };
/** Each merge to the default branch, oldest first: changes, an update, a remark that is none, a move, an edit beside all. */
const merges: readonly (readonly [at: string, files: Files])[] = [
  ["2026-01-10T08:00:00Z", { "infra/reports.tf": bucket("reports"), "docs/threat-model.yaml": model(["ledger"]) }],
  ["2026-01-12T22:30:00Z", { "infra/exports.tf": bucket("exports") }],
  ["2026-01-20T09:15:00Z", { "README.md": "# Our shop\n" }],
  ["2026-02-01T10:00:00Z", { "docs/threat-model.yaml": model(["ledger"], "# reviewed in February\n") }],
  ["2026-02-10T10:00:00Z", { "docs/threat-model.yaml": null, "threat-model.yaml": model(["ledger"], "# moved\n") }],
  ["2026-02-14T10:00:00Z", { "infra/exports.tf": null, "infra/uploads.tf": bucket("uploads") }],
  ["2026-02-20T10:00:00Z", { "threat-model.yaml": model(["ledger", "uploads"], "# moved\n") }],
  ["2026-02-25T10:00:00Z", { "infra/late.tf": bucket("late") }],
  ["2026-02-27T10:00:00Z", { "threat-model.yaml": model(["ledger", "uploads"], "# looked at again\n") }],
];
const proposed: Files = { "infra/new.tf": bucket("new") };
const asked = "2026-03-04T12:00:00Z";

let folder: string;
const rules = await readRules();

function git(at: string, ...words: string[]): void {
  const env = {
    ...process.env,
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_CONFIG_SYSTEM: "/dev/null",
    GIT_AUTHOR_DATE: at,
    GIT_COMMITTER_DATE: at,
  };
  execFileSync("git", ["-c", "user.name=Sam", "-c", "user.email=sam@example.org", ...words], { cwd: folder, env });
}

function committed(at: string, files: Files): void {
  for (const [path, text] of Object.entries(files)) {
    const file = join(folder, path);
    if (text === null) rmSync(file);
    else {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
  }
  git(at, "add", "-A");
  git(at, "commit", "-q", "-m", "Work");
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "threatgate-"));
  git(begun, "init", "-q", "-b", "main");
  committed(begun, first);
  for (const [at, files] of merges) committed(at, files);
  git(asked, "checkout", "-q", "-b", "work");
  committed(asked, proposed);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What a timeline says, without the names that a commit has in one place and a pull request in the other. */
function told({ history, policy: texts, repository }: Snapshot): unknown[] {
  const { policy: effective } = effectivePolicy(texts, repository);
  return timelineOfHistory(history ?? [], effective, rules).map((entry: TimelineEntry) => {
    const { reference: _, ...rest } = entry;
    // Opening and merging takes the stand-in's clock some seconds.
    return { ...rest, at: new Date(entry.at).toISOString().slice(0, "2026-03-04T12:00".length) };
  });
}

test("the timeline of a default branch computed through the API is the one computed in a clone", async () => {
  const stage = await Stage.set({
    policy,
    files: { "docs/threat-model.yaml": model([]) },
    seed: { now: begun },
  });
  for (const [index, [at, files]] of merges.entries()) {
    stage.github.clock.set(at);
    const number = stage.opened(files, { branch: `merge-${index}` });
    stage.github.as("olga").merge(stage.name, number, index % 2 === 0 ? "squash" : "merge");
  }
  stage.github.clock.set(asked);
  const hosted = await look(stage.subject(stage.opened(proposed, { branch: "work" })), stage.world());
  const judging = {
    stillNeeded: async (snapshot: Snapshot, known: ReadonlySet<string>) => stillNeeded(snapshot, known, rules),
    judge: () => Promise.reject(new Error("nothing is judged here")),
  };
  const subject = { kind: "local", directory: folder, base: "main", head: "work" } as const;
  const local = await look(subject, { source: checkoutSource({ now: asked }), judging, memory: createMemory() });

  expect(told(hosted)).toEqual(told(local));
  // Changes and the last update in substance are in it, so that equal does not mean empty.
  const kinds = told(local).map((entry) => (entry as TimelineEntry).kind);
  expect(kinds).toContain("update");
  expect(kinds.filter((kind) => kind === "change").length).toBeGreaterThanOrEqual(2);
  expect([hosted.timeline.verifiedByGitHub, local.timeline.verifiedByGitHub]).toEqual([true, false]);
});
