import type { FileText, HistoryReach, HistoryStep, HistoryWanted, ModelTouch } from "../../core/domain/snapshot.ts";
import { changedFiles } from "./differences.ts";
import { git } from "./git.ts";
import { lookAtCommit } from "./look.ts";

/** Steps read at most. The oldest come first, because the oldest uncovered change alone decides TM-1. */
const stepLimit = 300;
const modelLimit = 4 * 1024 * 1024;
/** Git's name for a tree with nothing in it, the parent of a first commit. */
const emptyTree = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

/**
 * The first-parent history from the commit that touched the model as often as wanted before, inclusive, to `tip`: of
 * several systems, from the oldest of these. Without such a commit, from the beginning. Dates are commit dates: a clone
 * knows no merge dates. `state` is `reading` when the history is longer than is read, or the clone is shallow.
 */
export async function historySince(
  directory: string,
  tip: string,
  wanted: HistoryWanted,
  now: string,
): Promise<{ steps: HistoryStep[]; state: "complete" | "reading"; reach: HistoryReach }> {
  const shallow = (await git(directory, ["rev-parse", "--is-shallow-repository"])).toString("utf8").trim() === "true";
  const commits = await firstParents(directory, tip);
  const models = wanted.models.flat();
  const { from, met } = await startOf(directory, tip, commits, wanted);
  const since = commits.slice(0, (from ?? commits.length - 1) + 1).reverse();
  const steps: HistoryStep[] = [];
  for (const commit of since.slice(0, stepLimit)) steps.push(await stepOf(directory, commit, models, now));
  const cut = since.length > stepLimit || (shallow && from === undefined);
  const goesOn = from !== undefined && from < commits.length - 1;
  return { steps, state: cut ? "reading" : "complete", reach: { touches: wanted.touches, goesOn, met } };
}

/** What one commit brought to the branch, with the texts of the model files it touched. */
export async function stepOf(
  directory: string,
  commit: Commit,
  models: readonly string[],
  now: string,
): Promise<HistoryStep> {
  const at = atMost(commit.at, now);
  const files = await changedFiles(directory, commit.parent ?? emptyTree, commit.id);
  const own = files.filter((file) => models.includes(file.filename));
  const after = own.map((file) => file.filename);
  const before = own.map((file) => file.previous_filename ?? file.filename);
  return {
    reference: commit.id.slice(0, 12),
    commit: commit.id,
    at,
    title: commit.title,
    files,
    modelsBefore: commit.parent === undefined ? [] : await read(directory, commit.parent, before),
    modelsAfter: await read(directory, commit.id, after),
  };
}

/** A date in the future is a wrong clock or a lie; it counts as now. */
function atMost(at: string, now: string): string {
  return at > now ? now : at;
}

/** The latest commits of the first-parent history that touched model files, oldest first, with these files alone. */
export async function modelTouches(
  directory: string,
  tip: string,
  models: readonly string[],
  most: number,
  now: string,
): Promise<readonly HistoryStep[]> {
  const commits = await firstParents(directory, tip);
  const literal = models.map((path) => `:(literal)${path}`);
  const limits = ["--first-parent", "-m", "-n", String(most), "--format=%H"];
  const out = await git(directory, ["log", ...limits, tip, "--", ...literal]);
  const ids = new Set(out.toString("utf8").split("\n"));
  const steps: HistoryStep[] = [];
  for (const { id, parent, at, title } of commits.filter((commit) => ids.has(commit.id)).reverse()) {
    const modelsBefore = parent === undefined ? [] : await read(directory, parent, models);
    const modelsAfter = await read(directory, id, models);
    steps.push({
      reference: id.slice(0, 12),
      commit: id,
      at: atMost(at, now),
      title,
      files: [],
      modelsBefore,
      modelsAfter,
    });
  }
  return steps;
}

/** The steps with the whole texts that were asked for. */
export async function withTexts(
  directory: string,
  steps: readonly HistoryStep[],
  wanted: NonNullable<HistoryWanted["texts"]>,
): Promise<HistoryStep[]> {
  const texts = new Map<string, readonly FileText[]>();
  for (const { commit, paths } of wanted) texts.set(commit, await read(directory, commit, paths));
  return steps.map((step) => {
    const headTexts = texts.get(step.commit);
    return headTexts === undefined ? step : { ...step, headTexts };
  });
}

/** One commit of a branch's own history. */
export interface Commit {
  readonly id: string;
  readonly parent: string | undefined;
  readonly at: string;
  readonly title: string;
  /** As the commit states it. */
  readonly author: string;
}

/** The first-parent history of a revision or a range (`a..b`), newest first. */
export async function firstParents(directory: string, range: string): Promise<Commit[]> {
  const out = await git(directory, ["log", "--first-parent", "--format=%H%x00%P%x00%ct%x00%an%x00%s", range, "--"]);
  return out
    .toString("utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const [id = "", parents = "", seconds = "0", author = "", title = ""] = line.split("\0");
      const parent = parents.split(" ")[0];
      return {
        id,
        parent: parent === "" ? undefined : parent,
        at: new Date(Number(seconds) * 1000).toISOString(),
        title,
        author,
      };
    });
}

/** Where in the history (newest first) the wanted touches of every system lie; no index where the oldest step does. */
async function startOf(
  directory: string,
  tip: string,
  commits: readonly Commit[],
  { models, touches, since }: HistoryWanted,
): Promise<{ from?: number; met: ModelTouch[] }> {
  const indexOf = new Map(commits.map((commit, index) => [commit.id, index]));
  const met: ModelTouch[] = [];
  let from: number | undefined;
  for (const group of models) {
    const literal = group.map((path) => `:(literal)${path}`);
    const limits = ["--first-parent", "-m", "-n", String(touches), "--format=%H"];
    const out = await git(directory, ["log", ...limits, tip, "--", ...literal]);
    for (const id of out.toString("utf8").split("\n")) {
      const index = indexOf.get(id);
      const commit = index === undefined ? undefined : commits[index];
      if (index === undefined || commit === undefined) continue;
      from = Math.max(from ?? 0, index);
      const before = commit.parent === undefined ? [] : await read(directory, commit.parent, group);
      met.push({ before, after: await read(directory, id, group) });
    }
  }
  if (since !== undefined) {
    const before = commits.findIndex(({ at }) => Date.parse(at) < Date.parse(since));
    from = Math.max(from ?? 0, before === -1 ? commits.length - 1 : before);
  }
  return { ...(from === undefined ? {} : { from }), met };
}

async function read(directory: string, commit: string, paths: readonly string[]): Promise<readonly FileText[]> {
  return (await lookAtCommit(directory, commit, paths, modelLimit)).texts;
}

/** The last steps of a branch's own history, newest first: what a merge or a direct commit brought. None without a parent. */
export async function lastSteps(
  directory: string,
  tip: string,
  most: number,
): Promise<readonly { readonly id: string; readonly parent: string; readonly title: string }[]> {
  const args = ["log", "--first-parent", "-z", `--max-count=${most}`, "--format=%H%x1f%P%x1f%s", tip, "--"];
  const out = (await git(directory, args)).toString("utf8");
  return out.split("\0").flatMap((line) => {
    const [id = "", parents = "", title = ""] = line.split("\u001f");
    const [parent] = parents.split(" ");
    return id === "" || !parent ? [] : [{ id, parent, title }];
  });
}
