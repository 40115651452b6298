import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { commitOf, GitFailure, git } from "./git.ts";

/** The top folder of the repository around `directory`. Throws GitFailure when there is none. */
export async function topOf(directory: string): Promise<string> {
  const full = resolve(directory);
  const found = await stat(full).catch(() => undefined);
  if (!found?.isDirectory()) throw new GitFailure(`${directory} is not a folder.`);
  try {
    return (await git(full, ["rev-parse", "--show-toplevel"])).toString("utf8").replace(/\n$/, "");
  } catch {
    throw new GitFailure(`${directory} is not a git repository. Run the command in a clone, or name one.`);
  }
}

/** The default branch as the clone knows it: `origin/HEAD`, else main or master, else the branch that is checked out. */
export async function defaultBranch(directory: string): Promise<string> {
  const candidates = [["symbolic-ref", "--short", "refs/remotes/origin/HEAD"]];
  for (const args of candidates) {
    const name = await git(directory, args).then(
      (out) => out.toString("utf8").trim(),
      () => "",
    );
    if (name !== "") return name;
  }
  for (const name of ["main", "master"]) {
    const found = await commitOf(directory, name).catch(() => undefined);
    if (found) return name;
  }
  return (await git(directory, ["rev-parse", "--abbrev-ref", "HEAD"])).toString("utf8").trim();
}
