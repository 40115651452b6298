import { git } from "./git.ts";

/** Who changed some files, and when last, as the repository's own history says. */
export interface FileHistory {
  /** The author of most commits that touched them; the later one of two with as many. */
  readonly author?: string;
  /** Day of the last commit that touched them, UTC. */
  readonly day?: string;
}

/** Reads the history of files below a folder. Empty where there is none: no repository, or nothing committed yet. */
export async function historyOfFiles(directory: string, paths: readonly string[]): Promise<FileHistory> {
  if (paths.length === 0) return {};
  const literal = paths.map((path) => `:(literal)${path}`);
  const out = await git(directory, ["log", "--no-merges", "-n", "1000", "--format=%ct%x00%an", "--", ...literal]).then(
    (bytes) => bytes.toString("utf8"),
    () => "",
  );
  const commits = out
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const [seconds = "0", author = ""] = line.split("\0");
      return { seconds: Number(seconds), author: author.trim() };
    })
    .filter(({ author }) => author !== "" && !/\[bot\]$/i.test(author));
  const counts = new Map<string, number>();
  for (const { author } of commits) counts.set(author, (counts.get(author) ?? 0) + 1);
  // The log begins with the newest commit, and sorting keeps that order where the counts are the same.
  const [author] = [...counts].sort(([, one], [, other]) => other - one).map(([name]) => name);
  const [last] = commits;
  return {
    ...(author === undefined ? {} : { author }),
    ...(last === undefined ? {} : { day: new Date(last.seconds * 1000).toISOString().slice(0, 10) }),
  };
}
