import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import fc from "../make/fast-check.ts";
import { changesBetween, type FileChange } from "./diff.ts";
import { commitsBetween, historyOf, mergeBase } from "./git/history.ts";
import { type FileMode, ObjectStore } from "./git/objects.ts";

/* The stand-in's own git against the real one: same ids, same patches, same renames, same history. */

type Tree = Readonly<Record<string, string | Uint8Array>>;

let folder = "";
const identity = { name: "A", email: "a@example.com", date: "2026-03-04T09:00:00Z" };

function git(...words: readonly string[]): string {
  return execFileSync("git", ["-c", "core.autocrlf=false", "-c", "core.quotePath=false", ...words], {
    cwd: folder,
    encoding: "utf8",
    env: {
      PATH: process.env["PATH"],
      GIT_CONFIG_NOSYSTEM: "1",
      HOME: folder,
      GIT_AUTHOR_NAME: identity.name,
      GIT_AUTHOR_EMAIL: identity.email,
      GIT_AUTHOR_DATE: identity.date,
      GIT_COMMITTER_NAME: identity.name,
      GIT_COMMITTER_EMAIL: identity.email,
      GIT_COMMITTER_DATE: identity.date,
    },
  });
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "stand-in-git-"));
  git("init", "-q", "-b", "main");
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Makes exactly this tree in the real repository; gives git's id of it. */
function realTree(files: Tree): string {
  git("rm", "-rqf", "--ignore-unmatch", ".");
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    writeFileSync(join(folder, path), content);
    chmodSync(join(folder, path), path.endsWith(".sh") ? 0o755 : 0o644);
  }
  git("add", "-A");
  return git("write-tree").trim();
}

function ourTree(store: ObjectStore, files: Tree): string {
  const mode = (path: string): FileMode => (path.endsWith(".sh") ? "100755" : "100644");
  return store.writeTree(
    new Map(
      Object.entries(files).map(([path, content]) => [path, { mode: mode(path), oid: store.writeBlob(content) }]),
    ),
  );
}

/** What git says about the difference, one entry a file, patch from the first `@@`. */
function realChanges(before: string, after: string): { path: string; from?: string; letter: string; patch?: string }[] {
  const text = git("diff", "--find-renames", "--no-color", "--no-ext-diff", before, after);
  const names = git("diff", "--find-renames", "--name-status", "-z", before, after).split("\0");
  const patches = text.split(/^(?=diff --git )/m).filter((one) => one !== "");
  const changes: { path: string; from?: string; letter: string; patch?: string }[] = [];
  for (let at = 0; at < names.length - 1; ) {
    const letter = (names[at] ?? "").charAt(0);
    const isRename = letter === "R";
    const from = names[at + 1] ?? "";
    const path = isRename ? (names[at + 2] ?? "") : from;
    const own = patches[changes.length] ?? "";
    const start = own.search(/^@@ /m);
    const patch = start < 0 ? {} : { patch: own.slice(start).replace(/\n$/, "") };
    changes.push({ path, letter, ...(isRename ? { from } : {}), ...patch });
    at += isRename ? 3 : 2;
  }
  return changes;
}

const letters: Readonly<Record<FileChange["status"], string>> = {
  added: "A",
  removed: "D",
  modified: "M",
  renamed: "R",
  changed: "T",
};

function ourChanges(changes: readonly FileChange[]) {
  return changes.map(({ filename, previousFilename, status, patch }) => ({
    path: filename,
    letter: letters[status],
    ...(previousFilename === undefined ? {} : { from: previousFilename }),
    ...(patch === undefined ? {} : { patch }),
  }));
}

function expectSame(before: Tree, after: Tree): void {
  const store = new ObjectStore();
  const [realBefore, realAfter] = [realTree(before), realTree(after)];
  const [ourBefore, ourAfter] = [ourTree(store, before), ourTree(store, after)];
  expect([ourBefore, ourAfter]).toEqual([realBefore, realAfter]);
  expect(ourChanges(changesBetween(store, ourBefore, ourAfter))).toEqual(realChanges(realBefore, realAfter));
}

const numbers = (count: number, change: (line: number) => string = String): string =>
  Array.from({ length: count }, (_, line) => `${change(line + 1)}\n`).join("");

const code = [
  "import x from 'x';",
  "",
  "function first() {",
  "  if (a) {",
  "    return 1;",
  "  }",
  "}",
  "",
  "function second() {",
  "  return 2;",
  "}",
  "",
].join("\n");

const cases: Readonly<Record<string, readonly [Tree, Tree]>> = {
  "one line in the middle": [{ a: numbers(40) }, { a: numbers(40, (line) => (line === 20 ? "twenty" : String(line))) }],
  "two hunks": [{ a: numbers(40) }, { a: numbers(40, (line) => (line === 5 || line === 30 ? "x" : String(line))) }],
  "changes six lines apart are one hunk": [
    { a: numbers(40) },
    { a: numbers(40, (line) => (line === 5 || line === 12 ? "x" : String(line))) },
  ],
  "changes seven lines apart are two": [
    { a: numbers(40) },
    { a: numbers(40, (line) => (line === 5 || line === 13 ? "x" : String(line))) },
  ],
  "a new file, an empty one, one without a line end": [{}, { a: "1\n2\n", empty: "", open: "no end" }],
  "a removed file": [{ a: "1\n2\n", b: "kept\n" }, { b: "kept\n" }],
  "the line end at the end goes and comes": [
    { a: "1\n2\n", b: "1\n2" },
    { a: "1\n2", b: "1\n2\n" },
  ],
  "only the last line without an end changes": [{ a: "1\n2\n3" }, { a: "1\n2\n4" }],
  "carriage returns": [{ a: "1\r\n2\r\n3\r\n" }, { a: "1\r\n2\n3\r\n" }],
  "a section heading above the hunk": [
    { "a.ts": code.repeat(3) },
    { "a.ts": code.repeat(3).replace(/return 2;\n\}\n$/, "return 3;\n}\n") },
  ],
  "a function put between two": [
    { "a.ts": code },
    { "a.ts": code.replace("function second", "function third() {\n  return 2;\n}\n\nfunction second") },
  ],
  "a repeated line slides": [{ a: "a\nb\nb\nc\n" }, { a: "a\nb\nb\nb\nc\n" }],
  "a renamed file": [{ "old.txt": numbers(30) }, { "new.txt": numbers(30) }],
  "a renamed and edited file": [
    { "src/old.txt": numbers(30) },
    { "lib/new.txt": numbers(30, (line) => (line === 3 ? "x" : String(line))) },
  ],
  "too different to be a rename": [{ "old.txt": numbers(10) }, { "new.txt": numbers(10, (line) => `other ${line}`) }],
  "two candidates, the one of the same name wins": [
    { "one/same.txt": numbers(30), "two/else.txt": numbers(30) },
    { "three/same.txt": numbers(30) },
  ],
  "a binary file": [{ "a.bin": new Uint8Array([1, 0, 2]) }, { "a.bin": new Uint8Array([1, 0, 3]) }],
  "an executable file": [{ "run.sh": "echo 1\n" }, { "run.sh": "echo 2\n" }],
  "names beyond ASCII and with spaces": [{ "é/ü x.txt": "1\n" }, { "é/ü x.txt": "2\n", "漢字.md": "x\n" }],
  "directories and files that sort beside each other": [
    { "a/b": "1\n", "a.b": "1\n", "a-b": "1\n", a0: "1\n" },
    { "a/b": "2\n", "a.b": "2\n", "a-b": "2\n", a0: "2\n" },
  ],
  nothing: [{ a: "1\n" }, { a: "1\n" }],
};

describe("differences", () => {
  for (const [name, [before, after]] of Object.entries(cases)) {
    test(name, () => expectSame(before, after));
  }

  test("the patch of any edit can be applied by git and gives the new text", () => {
    const line = fc.constantFrom("a", "b", "", "  c", "}", "d e");
    const text = fc.array(line, { maxLength: 25 }).map((lines) => lines.map((one) => `${one}\n`).join(""));
    fc.assert(
      fc.property(text, text, (before, after) => {
        fc.pre(before !== "" && after !== "");
        const store = new ObjectStore();
        const [change] = changesBetween(store, ourTree(store, { a: before }), ourTree(store, { a: after }));
        realTree({ a: before });
        if (change?.patch === undefined) {
          expect(before).toBe(after);
          return;
        }
        writeFileSync(join(folder, "our.patch"), `--- a/a\n+++ b/a\n${change.patch}\n`);
        git("apply", "--whitespace=nowarn", "--cached", "our.patch");
        rmSync(join(folder, "our.patch"));
        expect(git("show", ":a")).toBe(after);
      }),
      { numRuns: 40 },
    );
  });
});

describe("history", () => {
  test("commits have git's ids; merge bases, ranges and histories of a path are git's", () => {
    const store = new ObjectStore();
    const ids = new Map<string, string>();
    const commit = (name: string, files: Tree, parents: readonly string[]): void => {
      const tree = realTree(files);
      const known = parents.map((parent) => ids.get(parent) ?? "");
      const real = git("commit-tree", tree, ...known.flatMap((parent) => ["-p", parent]), "-m", name).trim();
      const ours = store.writeCommit({
        tree: ourTree(store, files),
        parents: known,
        author: identity,
        committer: identity,
        message: `${name}\n`,
      });
      expect(ours).toBe(real);
      ids.set(name, real);
    };
    commit("root", { a: "1\n", b: "1\n" }, []);
    commit("main 1", { a: "2\n", b: "1\n" }, ["root"]);
    commit("side 1", { a: "1\n", b: "2\n" }, ["root"]);
    commit("side 2", { a: "1\n", b: "3\n" }, ["side 1"]);
    commit("merge", { a: "2\n", b: "3\n" }, ["main 1", "side 2"]);
    commit("main 2", { a: "4\n", b: "3\n" }, ["merge"]);
    commit("late", { a: "1\n", b: "9\n" }, ["side 2"]);
    const id = (name: string): string => ids.get(name) ?? "";
    for (const [left, right] of [
      ["main 2", "late"],
      ["main 1", "side 2"],
      ["root", "late"],
      ["merge", "main 2"],
    ] as const) {
      expect(mergeBase(store, id(left), id(right))).toBe(git("merge-base", id(left), id(right)).trim());
      const range = commitsBetween(store, id(left), id(right)).map((one) => one.oid);
      const real = git("rev-list", "--topo-order", "--reverse", `${id(left)}..${id(right)}`)
        .split("\n")
        .filter(Boolean);
      expect(new Set(range)).toEqual(new Set(real));
      expect(range[range.length - 1]).toBe(real[real.length - 1]);
    }
    for (const path of ["a", "b"]) {
      const real = git("log", "--format=%H", id("main 2"), "--", path).split("\n").filter(Boolean);
      expect(
        historyOf(store, id("main 2"), path)
          .map((one) => one.oid)
          .sort(),
      ).toEqual(real.sort());
    }
  });
});
