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
