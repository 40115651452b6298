import { expect, test } from "@jest/globals";
import { inspectFiles } from "../../../src/core/changes/inspected-file.ts";
import { startedPaths } from "../../../src/core/changes/run-paths.ts";
import type { ChangedFile } from "../../../src/core/domain/snapshot.ts";

function added(filename: string, ...lines: readonly string[]): ChangedFile {
  const patch = [`@@ -0,0 +1,${lines.length} @@`, ...lines.map((line) => `+${line}`)].join("\n");
  return { filename, status: "added", additions: lines.length, deletions: 0, changes: lines.length, patch };
}

test.each<[string, ChangedFile]>([
  ["a container", added("Dockerfile", 'CMD ["node", "./test/support/server.js"]')],
  ["a package", added("package.json", '{ "main": "test/support/server.js" }')],
  ["a script of a package", added("package.json", '  "start": "node test/support/server.js",')],
  ["an action", added("action.yml", "  main: test/support/server.js")],
  ["a pipeline", added(".github/workflows/release.yml", "      - run: node test/support/server.js")],
])("what %s starts is read, wherever it lies", (_, starter) => {
  const program = added("test/support/server.js", 'app.get("/backdoor", open);');
  const { files } = inspectFiles([starter, program]);
  expect(files.find(({ path }) => path === program.filename)?.role).toBe("production");
});

test("a package in a folder of its own names its files from there", () => {
  const files = [
    added("apps/api/package.json", '"main": "./dist/index.js",'),
    added("apps/api/dist/index.js", "run();"),
  ];
  expect([...startedPaths(files)]).toEqual(["apps/api/dist/index.js"]);
});

test.each<[string, ChangedFile]>([
  ["tests that are run", added("package.json", '  "test": "mocha test/support/server.js",')],
  ["a runner", added(".github/workflows/checks.yml", "      - run: npx jest test/support/server.js")],
  ["a mention in a text", added("notes.txt", "see test/support/server.js")],
  ["a file that is left out", added("package.json", '    "!test/support/server.js"')],
])("%s start nothing", (_, file) => {
  const program = added("test/support/server.js", "run();");
  expect([...startedPaths([file, program])]).toEqual([]);
  expect(inspectFiles([file, program]).files[1]?.role).toBe("test");
});
