import type { DesiredCheckRun } from "../domain/desired.ts";
import { cut, limits } from "./blocks.ts";
import { code, join, type Markdown, md, ownWords } from "./markdown.ts";

/** Whose verdict stands for a commit, and the open pull requests that it is the head of. */
export interface SharedCommit {
  /** Without a number: the difference to the default branch. */
  readonly winner: { readonly number?: number; readonly baseBranch: string };
  readonly pullRequests: readonly { readonly number: number; readonly baseBranch: string }[];
}

/** The check run of whoever is judged strictest, with the words that say so first. Its annotations and details stay. */
export function sharedCheckRun(checkRun: DesiredCheckRun, { winner, pullRequests }: SharedCommit): DesiredCheckRun {
  const words = pullRequests.length > 1 ? together(winner, pullRequests) : towards(winner, pullRequests);
  return { ...checkRun, summary: cut(md`${words}\n\n${ownWords(checkRun.summary)}`, limits.checkText) };
}

function together(winner: SharedCommit["winner"], pullRequests: SharedCommit["pullRequests"]): Markdown {
  const each = pullRequests.map(({ number, baseBranch }) => md`#${number} (into ${code(baseBranch)})`);
  const whose =
    winner.number === undefined
      ? md`its difference to ${code(winner.baseBranch)}, the default branch`
      : md`#${winner.number}`;
  return md`**One commit, ${each.length} pull requests: ${join(each, md`, `)}.** A check belongs to the commit, so the strictest verdict stands, that of ${whose}:`;
}

function towards(winner: SharedCommit["winner"], [pullRequest]: SharedCommit["pullRequests"]): Markdown {
  const into = pullRequest === undefined ? md`` : md` It goes into ${code(pullRequest.baseBranch)};`;
  return md`**Measured against ${code(winner.baseBranch)}, the default branch, the verdict is stricter, and it stands.**${into} another base must not let through what this one would stop:`;
}
