import { execFile } from "node:child_process";
import { textOfBytes } from "../../core/text/png-drawing.ts";

/** Git answered with an error; the message is git's own, for a person. */
export class GitFailure extends Error {
  override readonly name = "GitFailure";
}

/**
 * Runs git in a folder and gives its standard output. Nothing that a repository carries can make it run a program:
 * no hooks, no external diff, no text conversion, no file-system monitor, no pager, no prompt. At most 256 MiB of output.
 */
export async function git(directory: string, args: readonly string[], input?: string): Promise<Buffer> {
  const safe = [
    "-c",
    "core.hooksPath=/dev/null",
    "-c",
    "core.fsmonitor=false",
    "-c",
    "core.quotePath=false",
    "-c",
    "diff.external=",
    "-c",
    "protocol.allow=never",
    "--no-pager",
  ];
  return new Promise((resolve, reject) => {
    const child = execFile(
      "git",
      [...safe, ...args],
      {
        cwd: directory,
        encoding: "buffer",
        maxBuffer: 256 * 1024 * 1024,
        env: { ...process.env, GIT_OPTIONAL_LOCKS: "0", GIT_TERMINAL_PROMPT: "0", LC_ALL: "C", TZ: "UTC" },
      },
      (error, stdout, stderr) => {
        if (error) reject(new GitFailure(plainly(stderr.toString("utf8").trim() || error.message)));
        else resolve(stdout);
      },
    );
    child.stdin?.on("error", () => {});
    child.stdin?.end(input ?? "");
  });
}

/** Git's own words, and where a clone lacks what git asks for, what to do: nothing is fetched here. */
function plainly(words: string): string {
  const lacks = /\b(?:unable to read|missing blob|bad object|could not fetch|lazy fetching|promisor)\b/i.test(words);
  return lacks
    ? `This clone lacks a part of its history or files (git: ${words}). Fetch it whole: \`git fetch --refetch --no-filter\`, or \`git fetch --unshallow\` for a shallow clone.`
    : words;
}

/** The commit a revision names. Throws GitFailure naming the revision when there is none. */
export async function commitOf(directory: string, revision: string): Promise<string> {
  try {
    const out = await git(directory, ["rev-parse", "--verify", "--quiet", "--end-of-options", `${revision}^{commit}`]);
    return out.toString("utf8").trim();
  } catch {
    throw new GitFailure(
      `\`${revision}\` is not a revision of this repository. Name a branch, a tag or a commit that \`git log\` shows.`,
    );
  }
}

/** Texts of many files at one commit, in one git process. Absent, binary and oversized files are left out. A picture that holds a drawing gives its source. */
export async function textsAt(
  directory: string,
  commit: string,
  paths: readonly string[],
  limit: number,
): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  const asked = paths.filter((path) => !path.includes("\n"));
  if (asked.length === 0) return texts;
  const out = await git(directory, ["cat-file", "--batch"], `${asked.map((path) => `${commit}:${path}`).join("\n")}\n`);
  let at = 0;
  for (const path of asked) {
    const end = out.indexOf(10, at);
    if (end < 0) break;
    const header = out.subarray(at, end).toString("utf8");
    at = end + 1;
    const found = /^[0-9a-f]+ (\w+) (\d+)$/.exec(header);
    if (!found) continue;
    const size = Number(found[2]);
    const content = out.subarray(at, at + size);
    at += size + 1;
    if (found[1] !== "blob" || size > limit) continue;
    const text = textOfBytes(path, content);
    if (text !== undefined) texts.set(path, text);
  }
  return texts;
}
