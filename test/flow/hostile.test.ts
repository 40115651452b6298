import { describe, expect, test } from "@jest/globals";
import { readMarker } from "../../src/core/domain/marker.ts";
import type { FileEdit } from "../github/deeds/commits.ts";
import { bucket, Stage } from "./stage.ts";

const enforce = "version: 1\nmode: enforce\narchitects:\n  teams: [security-architects]\nriskThreshold: medium\n";
const exportPath = "infra/export.tf";
const twoApps = { apps: [{ slug: "threatgate" }, { slug: "other-bot" }] };

describe("more findings than one request takes", () => {
  test("H045: four hundred faults reach GitHub, fifty in a request, with texts inside its limits", async () => {
    const stage = await Stage.set({ policy: enforce });
    const threats = Array.from(
      { length: 400 },
      (_, index) => `  - id: THR-${index}\n    title: Threat ${index} of ${"w".repeat(120)}\n    colour: red\n`,
    );
    const number = stage.opened({
      "threat-model.yaml": `schemaVersion: 1\nthreats:\n${threats.join("")}`,
      [exportPath]: bucket("exports"),
    });
    const { results } = await stage.evaluated(number);
    expect(results.flatMap((result) => (result.outcome === "done" ? [] : [result]))).toEqual([]);
    const { annotations, conclusion, summary, text } = stage.check(number);
    expect([conclusion, annotations.length]).toEqual(["failure", 400]);
    expect(new Set(annotations.map(({ start_line }) => start_line)).size).toBe(400);
    for (const one of [summary, text]) expect(Buffer.byteLength(one ?? "")).toBeLessThanOrEqual(65_535);
    expect(summary).toMatch(/…and \d+ more/);
    expect(stage.asked.writing.filter((name) => name.startsWith("checks/"))).toHaveLength(8);
    await stage.evaluated(number);
    expect(stage.asked.writing).toEqual([]);
  });
});

describe("what others post under our name", () => {
  test("H036: a check of the same name by another App is not ours: our own says what is", async () => {
    const stage = await Stage.set({ policy: enforce, seed: twoApps });
    const number = stage.opened({ [exportPath]: bucket("exports") });
    stage.github.as("sam").forgeCheck(stage.name, stage.pull(number).head.sha, "threat-model", "other-bot", "success");
    await stage.evaluated(number);
    const all = stage.github.checkRuns(stage.name, number).map(({ app, conclusion }) => [app.slug, conclusion]);
    expect(all).toEqual([
      ["other-bot", "success"],
      ["threatgate", "failure"],
    ]);
    await stage.evaluated(number);
    expect(stage.asked.writing).toEqual([]);
  });

  test("H037: a comment with our marker is read, changed and counted by nobody", async () => {
    const stage = await Stage.set({ policy: enforce });
    const number = stage.opened({ [exportPath]: bucket("exports") });
    const sam = stage.github.as("sam");
    const summary = `<!-- threatgate:1 summary ${number} -->\nAll is well.`;
    sam.comment(stage.name, number, summary);
    sam.review(stage.name, number, "comment", {
      body: summary,
      comments: [
        {
          path: exportPath,
          line: 1,
          side: "RIGHT",
          body: "<!-- threatgate:1 question d6r1gmf20bxtyswe -->\nAnswered.",
        },
      ],
    });
    const theirs = () => [
      ...stage.pull(number).comments.map(({ body, minimized }) => [body, minimized]),
      ...stage
        .pull(number)
        .reviews.filter((one) => one.author?.login === "sam")
        .map(({ body, minimized }) => [body, minimized]),
      ...stage
        .pull(number)
        .threads.filter((one) => one.comments[0]?.author?.login === "sam")
        .map(({ resolved }) => resolved),
    ];
    const before = theirs();
    await stage.evaluated(number);
    expect(stage.check(number).title).toMatch(/^Blocked: 1 question open/);
    expect(stage.reviews(number)).toHaveLength(1);
    expect(stage.questions(number)).toHaveLength(1);
    await stage.evaluated(number);
    stage.pushed(number, { [exportPath]: null });
    await stage.evaluated(number);
    expect(theirs()).toEqual(before);
  });

  test("H036, H037: an issue with our marker by a person holds back none of ours", async () => {
    const stage = await Stage.set({ policy: enforce });
    const number = stage.opened({ [exportPath]: bucket("exports") });
    const { assessment } = await stage.evaluated(number);
    const [threat] = assessment.threats;
    stage.github.as("sam").openIssue(stage.name, {
      title: "Done already",
      body: `<!-- threatgate:1 issue ${threat?.id} -->\nDone.`,
    });
    stage.github.as("olga").merge(stage.name, number);
    await stage.evaluated(number);
    const ours = stage.issues().filter((issue) => issue.author?.login === stage.bot);
    expect(ours.map((issue) => readMarker(issue.body ?? ""))).toContainEqual({ kind: "issue", threat: threat?.id });
    expect(stage.issues()[0]).toMatchObject({ title: "Done already", state: "open", comments: [] });
  });
});

describe("H046: places that cannot be commented on lose no question", () => {
  test("a removed line, a renamed file and a deleted file stand beside a line of their own", async () => {
    const guarded = `${bucket("exports")}\nresource "aws_s3_bucket_public_access_block" "exports" {\n  bucket              = aws_s3_bucket.exports.id\n  block_public_acls   = true\n  block_public_policy = true\n}\n`;
    const stage = await Stage.set({
      policy: enforce,
      files: { "infra/guarded.tf": guarded, "infra/old.tf": bucket("old") },
    });
    const files: Record<string, FileEdit> = {
      "infra/guarded.tf": bucket("exports"),
      "infra/new.tf": { movedFrom: "infra/old.tf", content: `${bucket("old")}\n${bucket("logs")}` },
      [exportPath]: bucket("fresh"),
    };
    const number = stage.github.as("sam").openPullRequest(stage.name, { branch: "places", files });
    const { assessment, desired } = await stage.evaluated(number);
    const wanted = desired.review !== "leave" && "ask" in desired.review ? desired.review.ask.comments : [];
    expect(wanted.some((comment) => comment.line === undefined)).toBe(true);
    expect(wanted.length).toBeGreaterThan(1);
    expect(
      stage
        .questions(number)
        .map((thread) => thread.comments[0]?.body)
        .toSorted(),
    ).toEqual(wanted.map((comment) => comment.body).toSorted());
    expect(stage.questions(number).some((thread) => thread.subject === "file")).toBe(true);
    expect(stage.reviews(number)).toHaveLength(1);
    expect(assessment.couldNotEvaluate).toBe(false);
    await stage.evaluated(number);
    expect(stage.asked.writing).toEqual([]);
  });

  test("a binary, a file without a patch and a deleted file are listed or judged, never an error", async () => {
    const stage = await Stage.set({ policy: enforce, files: { "infra/old.tf": bucket("old"), "data.csv": "a\n" } });
    const files: Record<string, FileEdit> = {
      "logo.png": new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0, 0, 1]),
      "data.csv": `${"row,of,values\n".repeat(21_000)}`,
      "infra/old.tf": null,
      [exportPath]: bucket("fresh"),
    };
    const number = stage.github.as("sam").openPullRequest(stage.name, { branch: "places", files });
    const { assessment } = await stage.evaluated(number);
    expect(stage.check(number).title).toMatch(/^Blocked: /);
    expect(stage.questions(number).map((thread) => thread.path)).toContain(exportPath);
    expect(assessment.notInspected.map(({ path }) => path)).toEqual(expect.arrayContaining(["data.csv"]));
    expect(stage.check(number).summary).toContain("Not inspected: `data.csv` (no patch: ");
    expect(stage.check(number).text).toContain("`data.csv`");
  });

  test("H078: more files than GitHub lists: too large to evaluate, never nothing relevant", async () => {
    const stage = await Stage.set({ policy: enforce });
    stage.github.world.caps.filesOfPullRequest = 20;
    const files = Object.fromEntries(Array.from({ length: 21 }, (_, index) => [`docs/${index}.md`, "words\n"]));
    const number = stage.opened({ ...files, "zz/export.tf": bucket("exports") });
    await stage.evaluated(number);
    expect(stage.check(number)).toMatchObject({ conclusion: "failure", title: "Could not evaluate" });
    expect(stage.check(number).summary).toContain(
      "too large to evaluate: it changes at least 22 files, and GitHub lists only 20",
    );
  });
});

describe("H056, H057: model files built to hurt the parser", () => {
  test.each([
    ["H056", `${"? ".repeat(500)}x`],
    ["H057 brackets", "[".repeat(5_000) + "]".repeat(5_000)],
    ["H057 dashes", `${"- ".repeat(5_000)}x`],
    ["H057 a hundred thousand", "[".repeat(100_000) + "]".repeat(100_000)],
  ])("%s: the check refuses it by name, and the next pull request is judged as ever", async (_, model) => {
    const stage = await Stage.set({ policy: enforce });
    const number = stage.opened({ "threat-model.yaml": model, [exportPath]: bucket("exports") });
    await stage.evaluated(number);
    const check = stage.check(number);
    expect(check.conclusion).toBe("failure");
    expect(check.summary).toContain("`threat-model.yaml:1`");
    expect(check.annotations).toMatchObject([{ path: "threat-model.yaml", annotation_level: "failure" }]);
    expect(stage.questions(number)).toHaveLength(1);

    const other = stage.opened({ "README.md": "# Shop\n\nWords.\n" }, { branch: "other" });
    await stage.evaluated(other);
    expect(stage.check(other).conclusion).toBe("success");
  });
});

describe("H092: pull requests whose people and places are gone", () => {
  test("from a stranger's fork: judged by the base's policy, and nothing is written to the fork", async () => {
    const stage = await Stage.set({ policy: enforce, repository: { private: false } });
    stage.github.administrator("olga").createRepository({ name: "mallory/shop", forkOf: "acme/shop", private: false });
    const number = stage.github.as("mallory").openPullRequest(stage.name, {
      branch: "feature",
      fork: "mallory/shop",
      files: { [exportPath]: bucket("exports"), ".github/threatgate.yml": "version: 1\nmode: observe\n" },
    });
    await stage.evaluated(number);
    expect(stage.check(number).conclusion).toBe("failure");
    expect(stage.reviews(number)).toHaveLength(1);
    for (const { path } of stage.github.requests.writes) expect(path).not.toContain("mallory");
  });

  test("the fork deleted, the author deleted", async () => {
    const stage = await Stage.set({ policy: enforce, repository: { private: false } });
    stage.github.administrator("olga").createRepository({ name: "mallory/shop", forkOf: "acme/shop", private: false });
    const number = stage.github.as("mallory").openPullRequest(stage.name, {
      branch: "feature",
      fork: "mallory/shop",
      files: { [exportPath]: bucket("exports") },
    });
    const pull = stage.pull(number);
    Object.assign(pull, { author: null, head: { ...pull.head, repository: null } });
    await stage.evaluated(number);
    expect(stage.check(number)).toMatchObject({ conclusion: "failure", headSha: pull.head.sha });
    expect(stage.reviews(number)).toHaveLength(1);
    await stage.evaluated(number);
    expect(stage.asked.writing).toEqual([]);
  });

  test("a repository of a person: no teams are asked for, its owner may be the architect", async () => {
    const stage = await Stage.set({
      policy: "version: 1\nmode: enforce\narchitects:\n  users: [dana]\n",
      repository: { name: "sam/shop", collaborators: { dana: "write" } },
      seed: { apps: [{ slug: "threatgate", installations: [{ account: "sam" }] }] },
    });
    const number = stage.opened({ [exportPath]: bucket("exports") });
    await stage.evaluated(number);
    // The tree is listed once, since no usual place holds a model.
    expect(stage.asked.reading).toEqual(["pulls/list-files", "graphql/PullRequest", "git/get-tree"]);
    expect(stage.check(number).conclusion).toBe("failure");
    expect(stage.pull(number).requestedUsers.map((user) => user.login)).toEqual(["dana"]);
  });
});
