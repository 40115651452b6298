import type { ChangedFile, FileText, HistoryWanted, ModelTouch } from "../../core/domain/snapshot.ts";
import { TryAgainLater } from "../failures.ts";
import type { GitHubClient } from "./client.ts";
import type { RepositoryName } from "./files.ts";
import { type StepChanges, stepFiles } from "./history-files.ts";
import { type HistoryCommit, readHistoryPage } from "./history-pages.ts";
import { readTexts } from "./texts.ts";

/** One merge of a pull request, or one push without one: commits that follow each other on the default branch. */
export interface Step {
  /** Newest first. */
  readonly commits: readonly [HistoryCommit, ...HistoryCommit[]];
  /** The commit before the oldest of them; absent at the beginning of the repository. */
  readonly before?: HistoryCommit;
  /** Read already, because it touched the model. */
  readonly read?: { readonly files: readonly ChangedFile[]; readonly touch: ModelTouch };
}

/** Where to begin and how far to go. */
export interface Way {
  /** The head of the default branch. */
  readonly head: string;
  /** A commit up to which all is known already. */
  readonly known?: string;
  /** Pages of commits to read at most. */
  readonly pages: number;
  readonly changes: StepChanges;
}

/** The steps on the way back, newest first, and where it ended. */
export interface Walk {
  readonly steps: readonly Step[];
  /**
   * `known`: at the commit that was known. `touch`: at the wanted touch of every model. `beginning`: at the first commit.
   * `limit`: before any of them. `no-model`: the default branch holds none of the models.
   */
  readonly ended: "known" | "touch" | "beginning" | "limit" | "no-model";
  readonly met: readonly ModelTouch[];
  /** Every name that the model files had on the way. */
  readonly models: readonly string[];
  readonly createdAt: string;
}

/**
 * Goes back along the first parents of a default branch: that is the order in which things reached it, whatever dates
 * the commits claim. A model is touched where its content differs from the one before; a moved model is followed.
 */
export async function walkBack(
  client: GitHubClient,
  repository: RepositoryName & { readonly defaultBranch: string },
  wanted: HistoryWanted,
  way: Way,
): Promise<Walk> {
  const groups = wanted.models.map((paths) => ({ paths: new Set(paths), left: wanted.touches }));
  const names = () => [...new Set(groups.flatMap((group) => [...group.paths]))];
  const met: ModelTouch[] = [];
  const steps: Step[] = [];
  let createdAt = "";
  let open: typeof groups | undefined;
  /** How many steps lead to the last of the wanted touches, once all were met. */
  let enough: number | undefined;
  const passed = new Set<string>();
  let run: HistoryCommit[] = [];
  let next: string | undefined = way.head;

  const since = wanted.since === undefined ? undefined : Date.parse(wanted.since);
  /** Whether a step was met that GitHub dates before the wanted instant; dates of pushes are not relied on. */
  let isSince = since === undefined;
  const settle = (): void => {
    if (isSince && open?.every((group) => group.left <= 0)) enough ??= steps.length;
  };

  /** Ends the run of commits that came together; true where paths were added that the page does not show. */
  const close = async (before: HistoryCommit | undefined): Promise<boolean> => {
    const [newest, ...rest] = run;
    run = [];
    if (!newest) return false;
    const step: Step = { commits: [newest, ...rest], ...(before ? { before } : {}) };
    if (since !== undefined && Date.parse(newest.pullRequest?.mergedAt ?? "") < since) isSince = true;
    const touched = names().filter((path) => newest.models.get(path) !== before?.models.get(path));
    if (touched.length === 0 || enough !== undefined) {
      steps.push(step);
      settle();
      return false;
    }
    const read = await readTouch(client, repository, step, touched, way.changes);
    steps.push({ ...step, read });
    met.push(read.touch);
    let hasMoved = false;
    for (const group of groups) {
      if (!touched.some((path) => group.paths.has(path))) continue;
      group.left--;
      for (const { filename, previous_filename } of read.files) {
        if (previous_filename === undefined || !group.paths.has(filename) || group.paths.has(previous_filename))
          continue;
        group.paths.add(previous_filename);
        hasMoved = true;
      }
    }
    settle();
    return hasMoved;
  };
  const ended = (how: Walk["ended"]): Walk => {
    const isCut = enough !== undefined && how !== "known";
    const on = isCut ? steps.slice(0, enough) : steps;
    return { steps: on, ended: isCut ? "touch" : how, met, models: names(), createdAt };
  };

  for (let page = 0; next !== undefined && page < way.pages; page++) {
    const answer = await readHistoryPage(client, repository, next, names());
    createdAt = answer.createdAt;
    for (let commit = answer.commits.get(next); commit !== undefined; ) {
      const head = commit;
      open ??= groups.filter((group) => [...group.paths].some((path) => head.models.has(path)));
      if (open.length === 0 && since === undefined) return ended("no-model");
      if (!belongs(run, commit) && (await close(commit))) break;
      if (commit.oid === way.known) return ended("known");
      if (enough !== undefined && way.known === undefined) return ended("touch");
      run.push(commit);
      // An answer that names a commit among its own ancestors would lead in a circle (H084).
      if (passed.has(commit.oid)) throw new TryAgainLater("GitHub's history led in a circle.");
      passed.add(commit.oid);
      next = commit.parent;
      commit = next === undefined ? undefined : answer.commits.get(next);
    }
  }
  if (next !== undefined) return ended("limit");
  await close(undefined);
  return ended("beginning");
}

/** Commits of one pull request that follow each other came together; a push without one is one step a commit. */
function belongs(run: readonly HistoryCommit[], commit: HistoryCommit): boolean {
  const [first] = run;
  if (first === undefined) return true;
  return first.pullRequest !== undefined && first.pullRequest.number === commit.pullRequest?.number;
}

/** What a step that touched models changed, and their texts before and after; a moved file has its former name before. */
export async function readTouch(
  client: GitHubClient,
  repository: RepositoryName,
  step: Step,
  touched: readonly string[],
  changes: StepChanges,
): Promise<NonNullable<Step["read"]>> {
  const files = await stepFiles(client, repository, step, changes);
  const former = new Map(files.map((file) => [file.filename, file.previous_filename ?? file.filename]));
  const names = [...new Set(touched.map((path) => former.get(path) ?? path))];
  const textsAt = async (commit: string, paths: readonly string[]): Promise<readonly FileText[]> =>
    (await readTexts(client, repository, commit, paths)).texts;
  return {
    files,
    touch: {
      before: step.before ? await textsAt(step.before.oid, names) : [],
      after: await textsAt(step.commits[0].oid, touched),
    },
  };
}
