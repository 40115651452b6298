import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { beforeEach, describe, expect, test } from "@jest/globals";
import { checkoutSource } from "../../../src/shell/local/checkout.ts";

let folder: string;
const now = "2026-03-04T12:00:00.000Z";
const source = checkoutSource({ now });

function run(...args: string[]): string {
  const env = { ...process.env, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_SYSTEM: "/dev/null" };
  return execFileSync("git", ["-c", "user.name=Sam", "-c", "user.email=sam@example.org", ...args], {
    cwd: folder,
    env,
    encoding: "utf8",
  });
}
function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}
function commit(message: string, at = "2026-03-01T00:00:00Z"): void {
  run("add", "-A");
  execFileSync("git", ["-c", "user.name=Sam", "-c", "user.email=sam@example.org", "commit", "-q", "-m", message], {
    cwd: folder,
    env: { ...process.env, GIT_AUTHOR_DATE: at, GIT_COMMITTER_DATE: at },
  });
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "threatgate-"));
  run("init", "-q", "-b", "main");
  write("a.txt", "one\ntwo\nthree\n");
  write("old name.txt", "kept as it is\n".repeat(5));
  write("gone.txt", "gone\n");
  write("picture.bin", "\u0000\u0001");
  commit("first");
});

const local = (options: { head?: string; base?: string } = {}) =>
  ({
    kind: "local",
    directory: folder,
    base: options.base ?? "main",
    ...(options.head ? { head: options.head } : {}),
  }) as const;

describe("the files of a checkout", () => {
  test("are listed like GitHub's: status, counts, patch from its first hunk", async () => {
    run("checkout", "-q", "-b", "work");
    write("a.txt", "one\n2\nthree\n");
    write('naïve "file".txt', "new\n");
    write("picture.bin", "\u0000\u0002");
    run("mv", "old name.txt", "new name.txt");
    rmSync(join(folder, "gone.txt"));
    commit("work");
    const { files } = await source.listing(local({ head: "work" }));
    expect(files).toEqual([
      {
        filename: "a.txt",
        status: "modified",
        additions: 1,
        deletions: 1,
        changes: 2,
        patch: "@@ -1,3 +1,3 @@\n one\n-two\n+2\n three",
      },
      {
        filename: "gone.txt",
        status: "removed",
        additions: 0,
        deletions: 1,
        changes: 1,
        patch: "@@ -1 +0,0 @@\n-gone",
      },
      {
        filename: 'naïve "file".txt',
        status: "added",
        additions: 1,
        deletions: 0,
        changes: 1,
        patch: "@@ -0,0 +1 @@\n+new",
      },
      {
        filename: "new name.txt",
        previous_filename: "old name.txt",
        status: "renamed",
        additions: 0,
        deletions: 0,
        changes: 0,
        sha: run("rev-parse", "work:new name.txt").trim(),
        previous_sha: run("rev-parse", "main:old name.txt").trim(),
      },
      { filename: "picture.bin", status: "modified", additions: 0, deletions: 0, changes: 0 },
    ]);
  });

  test("H077: carry the ids of both contents where a file was renamed and no line is shown", async () => {
    const binary = `// \0\n${"app.get(1);\n".repeat(20)}`;
    write("src/routes.js", binary);
    commit("binary");
    run("checkout", "-q", "-b", "work");
    run("mv", "src/routes.js", "src/ways.js");
    write("src/ways.js", `${binary}app.post(2);\n`);
    commit("work");
    const renamed = {
      filename: "src/ways.js",
      previous_filename: "src/routes.js",
      status: "renamed",
      changes: 0,
      previous_sha: run("rev-parse", "main:src/routes.js").trim(),
    };
    const [file] = (await source.listing(local({ head: "work" }))).files;
    expect(file).toMatchObject({ ...renamed, sha: run("rev-parse", "work:src/ways.js").trim() });
    // The same of what stands in the working tree alone.
    run("reset", "-q", "--mixed", "main");
    run("add", "-N", "src/ways.js");
    const [open] = (await source.listing(local())).files;
    expect(open).toMatchObject({ ...renamed, sha: run("hash-object", "src/ways.js").trim() });
  });

  test("of the working tree hold what is not committed and not yet added", async () => {
    write("a.txt", "one\ntwo\nthree\nfour");
    write("src/fresh.ts", "export {};\n");
    const { files } = await source.listing(local());
    expect(files.map((file) => [file.filename, file.status, file.patch])).toEqual([
      ["a.txt", "modified", "@@ -1,3 +1,4 @@\n one\n two\n three\n+four\n\\ No newline at end of file"],
      ["src/fresh.ts", "added", "@@ -0,0 +1,1 @@\n+export {};"],
    ]);
  });

  test("are compared with the merge base, not with the tip of the base", async () => {
    run("checkout", "-q", "-b", "work");
    write("work.txt", "work\n");
    commit("work");
    run("checkout", "-q", "main");
    write("elsewhere.txt", "elsewhere\n");
    commit("elsewhere");
    const { files } = await source.listing(local({ head: "work" }));
    expect(files.map((file) => file.filename)).toEqual(["work.txt"]);
  });
});

describe("the snapshot of a checkout", () => {
  const needs = { texts: ["a.txt"], look: ["threat-model.yaml", "link.md"], teams: [] };

  test("H013: takes the policy from the base, texts from both sides, and follows no link", async () => {
    write(".github/threatgate.yml", "version: 1\nmode: enforce\n");
    commit("policy");
    run("checkout", "-q", "-b", "work");
    write(".github/threatgate.yml", "version: 1\nmode: observe\n");
    write("a.txt", "changed\n");
    symlinkSync("/etc/passwd", join(folder, "link.md"));
    const listing = await source.listing(local());
    const snapshot = await source.snapshot(local(), listing, needs);
    expect(snapshot.policy.repository.reading).toEqual({ outcome: "present", text: "version: 1\nmode: enforce\n" });
    expect(snapshot.headTexts).toEqual([{ path: "a.txt", text: "changed\n" }]);
    expect(snapshot.baseTexts).toEqual([{ path: "a.txt", text: "one\ntwo\nthree\n" }]);
    expect(snapshot.models).toEqual([]);
    expect(snapshot.now).toBe(now);
    expect(snapshot.head).toBe("working tree");
  });

  describe.each([
    ["of the working tree", undefined],
    ["of a commit", "HEAD"],
  ])("H067, H066: what is no file of its own %s is refused by name and never followed", (_, head) => {
    const look = [
      "threat-model.yaml",
      "link.md",
      "docs/threat-model.md",
      "security/threat-model.md",
      "large.otm",
      "binary.tm7",
      "../../etc/passwd",
      "/etc/passwd",
      ".git/config",
      "a%2f..%2fb",
      "..\\..\\etc\\passwd",
    ];

    test("links, folders, paths that lead out, and what is too large", async () => {
      mkdirSync(join(folder, "threat-model.yaml"));
      write("threat-model.yaml/readme.md", "a folder\n");
      symlinkSync("/etc/passwd", join(folder, "link.md"));
      symlinkSync("/etc", join(folder, "docs"));
      write("security/threat-model.md", "# Threat model\n");
      write("large.otm", "x".repeat(4 * 1024 * 1024 + 1));
      write("binary.tm7", "a\u0000b");
      commit("hostile");
      const listing = await source.listing(local(head === undefined ? {} : { head }));
      const subject = local(head === undefined ? {} : { head });
      const snapshot = await source.snapshot(subject, listing, { texts: [], look, teams: [] });
      expect(snapshot.models).toEqual([{ path: "security/threat-model.md", text: "# Threat model\n" }]);
      expect(Object.fromEntries(snapshot.notRead.map(({ path, reason }) => [path, reason]))).toEqual({
        "threat-model.yaml": "a folder, where a file was expected",
        "link.md":
          head === undefined ? "a path that leads out of the repository" : "a symbolic link: it is not followed",
        "large.otm": "4 MiB, above the limit of 4 MiB",
        "binary.tm7": "a binary file",
        "../../etc/passwd": "a path that leads out of the repository",
        "/etc/passwd": "a path that leads out of the repository",
        ".git/config": "a path that leads out of the repository",
      });
    });

    test("a linked folder is not entered, even where the file is there", async () => {
      const outside = mkdtempSync(join(tmpdir(), "outside-"));
      writeFileSync(join(outside, "threat-model.md"), "# A secret of another folder\n");
      symlinkSync(outside, join(folder, "docs"));
      commit("a linked folder");
      const subject = local(head === undefined ? {} : { head });
      const snapshot = await source.snapshot(subject, await source.listing(subject), { texts: [], look, teams: [] });
      expect(snapshot.models).toEqual([]);
      expect(snapshot.notRead.filter(({ path }) => path.startsWith("docs"))).toEqual(
        head === undefined ? [{ path: "docs/threat-model.md", reason: "a path that leads out of the repository" }] : [],
      );
      rmSync(outside, { recursive: true });
    });
  });

  test("reads the history since the model was last touched, oldest first", async () => {
    write("threat-model.yaml", "schemaVersion: 1\n");
    commit("model", "2026-02-01T10:00:00+02:00");
    write("main.tf", 'resource "aws_s3_bucket" "a" {}\n');
    commit("bucket", "2026-02-10T00:00:00Z");
    write("a.txt", "words\n");
    commit("words", "2099-01-01T00:00:00Z");
    const listing = await source.listing(local());
    const snapshot = await source.snapshot(local(), listing, needs);
    const whole = await source.complete(local(), snapshot, {
      texts: [],
      look: [],
      teams: [],
      history: { models: [["threat-model.yaml"]], touches: 1 },
    });
    expect(whole.timeline.state).toBe("complete");
    expect(whole.history?.map((step) => [step.title, step.at, step.files.map((file) => file.filename)])).toEqual([
      ["model", "2026-02-01T08:00:00.000Z", ["threat-model.yaml"]],
      ["bucket", "2026-02-10T00:00:00.000Z", ["main.tf"]],
      ["words", now, ["a.txt"]],
    ]);
    expect(whole.history?.[0]?.modelsAfter).toEqual([{ path: "threat-model.yaml", text: "schemaVersion: 1\n" }]);
  });
});

describe("what cannot be read", () => {
  test("is told with what to do", async () => {
    await expect(source.listing(local({ base: "nowhere" }))).rejects.toThrow(
      "`nowhere` is not a revision of this repository. Name a branch, a tag or a commit that `git log` shows.",
    );
    const empty = mkdtempSync(join(tmpdir(), "threatgate-"));
    await expect(source.listing({ kind: "local", directory: empty, base: "main" })).rejects.toThrow(
      "is not a git repository",
    );
    await expect(source.listing({ kind: "local", directory: join(empty, "no"), base: "main" })).rejects.toThrow(
      "is not a folder",
    );
  });
});
