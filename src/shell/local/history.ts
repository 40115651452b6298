import type { FileText, HistoryStep } from "../../core/domain/snapshot.ts";
import { changedFiles } from "./differences.ts";
import { git, textsAt } from "./git.ts";

/** Steps read at most. The oldest come first, because the oldest uncovered change alone decides TM-1. */
const stepLimit = 300;
const modelLimit = 4 * 1024 * 1024;
/** Git's name for a tree with nothing in it, the parent of a first commit. */
const emptyTree = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

/**
 * The first-parent history from the last commit that touched one of the model files, inclusive, to `tip`; without such
 * a commit, from the beginning. Dates are commit dates: a clone knows no merge dates. `state` is `reading` when the
 * history is longer than is read, or the clone is shallow.
 */
export async function historySince(
  directory: string,
  tip: string,
  models: readonly string[],
  now: string,
): Promise<{ steps: HistoryStep[]; state: "complete" | "reading" }> {
  const shallow = (await git(directory, ["rev-parse", "--is-shallow-repository"])).toString("utf8").trim() === "true";
  const commits = await firstParents(directory, tip);
  const touched = models.length === 0 ? undefined : await lastTouching(directory, tip, models);
  const from = touched === undefined ? commits.length - 1 : commits.findIndex((commit) => commit.id === touched);
  const wanted = commits.slice(0, (from < 0 ? commits.length - 1 : from) + 1).reverse();
  const steps: HistoryStep[] = [];
  for (const commit of wanted.slice(0, stepLimit)) {
    // A date in the future is a wrong clock or a lie; it counts as now.
    const at = commit.at > now ? now : commit.at;
    const parent = commit.parent ?? emptyTree;
    const files = await changedFiles(directory, parent, commit.id);
    const own = files.filter((file) => models.includes(file.filename)).map((file) => file.filename);
    steps.push({
      reference: commit.id.slice(0, 12),
      at,
      title: commit.title,
      files,
      modelsBefore: commit.parent === undefined ? [] : await read(directory, commit.parent, own),
      modelsAfter: await read(directory, commit.id, own),
    });
  }
  const cut = wanted.length > stepLimit || (shallow && (touched === undefined || from < 0));
  return { steps, state: cut ? "reading" : "complete" };
}

interface Commit {
  readonly id: string;
  readonly parent: string | undefined;
  readonly at: string;
  readonly title: string;
}

async function firstParents(directory: string, tip: string): Promise<Commit[]> {
  const out = await git(directory, ["log", "--first-parent", "--format=%H%x00%P%x00%ct%x00%s", tip]);
  return out
    .toString("utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const [id = "", parents = "", seconds = "0", title = ""] = line.split("\0");
      const parent = parents.split(" ")[0];
      return {
        id,
        parent: parent === "" ? undefined : parent,
        at: new Date(Number(seconds) * 1000).toISOString(),
        title,
      };
    });
}

async function lastTouching(directory: string, tip: string, models: readonly string[]): Promise<string | undefined> {
  const literal = models.map((path) => `:(literal)${path}`);
  const out = await git(directory, ["log", "--first-parent", "-m", "-n", "1", "--format=%H", tip, "--", ...literal]);
  const id = out.toString("utf8").trim().split("\n")[0];
  return id === "" ? undefined : id;
}

async function read(directory: string, commit: string, paths: readonly string[]): Promise<FileText[]> {
  return [...(await textsAt(directory, commit, paths, modelLimit))].map(([path, text]) => ({ path, text }));
}
