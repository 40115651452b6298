import { describe, expect, test } from "@jest/globals";
import type { FileEdit } from "../github/deeds/commits.ts";
import { bucket, Stage } from "./stage.ts";

const enforce = "version: 1\nmode: enforce\narchitects:\n  teams: [security-architects]\nriskThreshold: medium\n";
const routes = 'app.get("/orders/:id", show);\n';
const padding = "// words that nobody reads\n".repeat(21_000);

function opened(stage: Stage, files: Readonly<Record<string, FileEdit>>, branch = "feature"): number {
  return stage.github.as("sam").openPullRequest(stage.name, { branch, files });
}

describe("changes of which GitHub shows no difference (H077)", () => {
  test("H077: a route among 21,000 lines, for which GitHub shows no patch, is read from the texts", async () => {
    const stage = await Stage.set({ policy: enforce, files: { "src/http/routes.js": routes } });
    const number = opened(stage, {
      "src/http/routes.js": `${padding}${routes}app.post("/admin/users/:id/roles", grantRole);\n`,
    });
    const { assessment } = await stage.evaluated(number);
    expect(assessment.changes).toContainEqual(
      expect.objectContaining({ rule: "endpoint-added", path: "src/http/routes.js", line: 21_002, significant: true }),
    );
    expect(stage.check(number).conclusion).toBe("failure");
  });

  test("H077: the same in a new file, and in one that is gone", async () => {
    const guard = "export function requireRole(role) {\n  if (!user.roles.includes(role)) throw new Forbidden();\n}\n";
    const stage = await Stage.set({
      policy: enforce,
      files: { "src/auth/guard.js": `${padding.replaceAll("words", "notes")}${guard}` },
    });
    const number = opened(stage, {
      "src/http/routes.js": `${padding}app.post("/admin/users", add);\n`,
      "src/auth/guard.js": null,
    });
    const { assessment } = await stage.evaluated(number);
    const significant = assessment.changes.filter((change) => change.significant);
    expect(significant.map(({ path }) => path)).toContain("src/http/routes.js");
    // What goes with the whole of its function opens nothing by itself; that it was read is what counts here.
    expect(assessment.notInspected).toEqual([]);
  });

  test("H077: a NUL in source code makes it binary for git: nobody can say that nothing changed", async () => {
    const stage = await Stage.set({ policy: enforce, files: { "src/http/routes.js": routes } });
    const number = opened(stage, {
      "src/http/routes.js": Buffer.from(`// \0\n${routes}app.post("/admin/users", add);\n`),
    });
    const { assessment } = await stage.evaluated(number);
    expect(assessment.changes).toMatchObject([
      { rule: "source-not-shown", path: "src/http/routes.js", significant: true },
    ]);
    expect(stage.check(number).conclusion).toBe("failure");
    expect(stage.check(number).summary).toContain("nothing shows how");
    expect(stage.check(number).title).not.toMatch(/nothing/i);
  });

  test("H077: a file with a NUL that is renamed counts as a rename alone only while its content is the same", async () => {
    const binary = `// \0\n${routes.repeat(20)}`;
    const stage = await Stage.set({
      policy: enforce,
      files: { "src/http/routes.js": binary, "src/http/pages.js": `${binary}// pages\n` },
    });
    const number = opened(stage, {
      "src/http/routes.js": null,
      "src/web/routes.js": Buffer.from(`${binary}app.post("/admin/users", add);\n`),
      "src/http/pages.js": null,
      "src/web/pages.js": Buffer.from(`${binary}// pages\n`),
    });
    const { assessment, snapshot } = await stage.evaluated(number);
    expect(snapshot.files).toMatchObject([
      { filename: "src/web/pages.js", previous_filename: "src/http/pages.js", status: "renamed", changes: 0 },
      { filename: "src/web/routes.js", previous_filename: "src/http/routes.js", status: "renamed", changes: 0 },
    ]);
    expect(assessment.changes).toMatchObject([
      { rule: "source-not-shown", path: "src/web/routes.js", significant: true },
    ]);
    expect(assessment.notInspected.map(({ path }) => path)).toEqual(["src/web/routes.js", "src/http/routes.js"]);
    expect(stage.check(number).conclusion).toBe("failure");
  });

  test("H077: files that are renamed and nothing else cost two requests, and none of their texts is read", async () => {
    const stage = await Stage.set({ policy: enforce, files: { "src/http/routes.js": routes, "src/auth.js": routes } });
    const number = opened(stage, {
      "src/http/routes.js": null,
      "src/auth.js": null,
      "src/web/routes.js": routes,
      "src/web/auth.js": routes,
    });
    const { assessment, snapshot } = await stage.evaluated(number);
    expect(assessment.changes).toEqual([]);
    expect(assessment.notInspected).toEqual([]);
    expect(snapshot.headTexts).toEqual([]);
    expect(stage.check(number).conclusion).toBe("success");
    const operations = stage.github.requests.all.map(({ operation }) => operation);
    expect(operations.filter((operation) => /^graphql\/Ids$/.test(operation))).toHaveLength(1);
    expect(operations.filter((operation) => operation === "repos/compare-commits")).toHaveLength(1);
  });

  test("H077: a model that was moved and not altered says nothing of the change beside it", async () => {
    const model = "version: 1\nname: shop\nelements:\n  - id: shop\n    type: process\n    name: Shop\n";
    const stage = await Stage.set({ policy: enforce, files: { "threat-model.yaml": model } });
    const number = opened(stage, {
      "threat-model.yaml": null,
      "docs/threat-model.yaml": model,
      "export.tf": bucket("exports"),
    });
    const { assessment } = await stage.evaluated(number);
    expect(assessment.systems).toMatchObject([{ modelUpdated: false, uncovered: [0] }]);
    expect(stage.check(number).conclusion).toBe("failure");
  });

  test("H077: a manifest that became a link, and a submodule by any name", async () => {
    const stage = await Stage.set({ policy: enforce, files: { "package.json": '{ "name": "shop" }\n' } });
    const number = opened(stage, {
      "package.json": { content: "../elsewhere/package.json", mode: "120000" },
    });
    const { assessment } = await stage.evaluated(number);
    expect([
      ...assessment.changes.map(({ path }) => path),
      ...assessment.notInspected.map(({ path }) => path),
    ]).toContain("package.json");
    expect(stage.check(number).summary).not.toContain("all inspected");
  });
});

describe("pull requests of many files (H078)", () => {
  test("H078: the file that matters is the last of 2,999, and still found", async () => {
    const stage = await Stage.set({ policy: enforce });
    const files = Object.fromEntries(Array.from({ length: 2_998 }, (_, index) => [`docs/${index}.md`, "words\n"]));
    const number = opened(stage, { ...files, "zz/export.tf": bucket("exports") });
    const { assessment } = await stage.evaluated(number);
    expect(assessment.lookedAt.files).toBe(2_999);
    expect(assessment.changes).toContainEqual(expect.objectContaining({ path: "zz/export.tf", significant: true }));
    expect(stage.check(number).conclusion).toBe("failure");
  });
});
