import { createCheckRun, pressButton, rerunAll } from "./deeds/checks.ts";
import {
  type CommitWords,
  commitFiles,
  deleteBranch,
  type FileEdit,
  moveBranch,
  requirePush,
} from "./deeds/commits.ts";
import { addComment, changeIssue, deleteIssue, type IssueWords, openIssue, transferIssue } from "./deeds/issues.ts";
import { enqueue } from "./deeds/merge-queue.ts";
import {
  closePullRequest,
  editPullRequest,
  type MergeMethod,
  mergePullRequest,
  openPullRequest,
  reopenPullRequest,
  requestReviewers,
  retarget,
  setDraft,
} from "./deeds/pull-requests.ts";
import { publishRelease, type ReleaseWords, withdrawRelease } from "./deeds/releases.ts";
import { commentOnPlace, dismissReview, reply, submitReview } from "./deeds/reviews.ts";
import { type Place, setResolved } from "./deeds/threads.ts";
import { deleteWritten, editWritten } from "./deeds/written.ts";
import { accountNamed, issueNumbered, pullNumbered, repositoryNamed, runNamed, teamNamed, threadOf } from "./find.ts";
import type { Account, Conclusion, PullRequest, Repository, World } from "./world.ts";

export interface Opening {
  readonly branch: string;
  /** Made into a commit on a new branch; left out: the branch is there. */
  readonly files?: Readonly<Record<string, FileEdit>>;
  readonly message?: string;
  /** Default: the default branch. */
  readonly base?: string;
  readonly title?: string;
  readonly body?: string;
  readonly draft?: boolean;
  /** `owner/name` of the fork that holds the branch. */
  readonly fork?: string;
  readonly author?: { readonly name: string; readonly email: string };
}

export type Verdict = "approve" | "request changes" | "comment";

const verdicts = { approve: "APPROVED", "request changes": "CHANGES_REQUESTED", comment: "COMMENTED" } as const;

/** What a person does in a browser or with git. Each deed changes the world and tells the Apps. */
export class Person {
  readonly account: Account;
  readonly #world: World;

  constructor(world: World, account: Account) {
    this.#world = world;
    this.account = account;
  }

  /** Commits on a branch, made from the default branch where it is new, and pushes. Gives the commit's id. */
  pushCommit(name: string, words: CommitWords): string {
    const repository = repositoryNamed(this.#world, name);
    requirePush(this.#world, this.account, repository);
    const commit = commitFiles(this.#world, repository, this.account, words);
    moveBranch(this.#world, repository, this.account, words.branch, commit.oid);
    return commit.oid;
  }

  /** Points a branch at any commit: a force push. */
  forcePush(name: string, branch: string, commit: string): void {
    const repository = repositoryNamed(this.#world, name);
    requirePush(this.#world, this.account, repository);
    moveBranch(this.#world, repository, this.account, branch, commit);
  }

  deleteBranch(name: string, branch: string): void {
    deleteBranch(this.#world, repositoryNamed(this.#world, name), this.account, branch);
  }

  /** Opens a pull request, with a first commit where files are given. Gives its number. */
  openPullRequest(name: string, words: Opening): number {
    const repository = repositoryNamed(this.#world, name);
    const headRepository = words.fork === undefined ? repository : repositoryNamed(this.#world, words.fork);
    const base = words.base ?? repository.defaultBranch;
    if (words.files !== undefined) {
      const from = headRepository.branches.get(words.branch) ?? repository.branches.get(base);
      this.pushCommit(words.fork ?? name, {
        branch: words.branch,
        files: words.files,
        message: words.message ?? words.title ?? `Work on ${words.branch}`,
        ...(from === undefined ? {} : { from }),
        ...(words.author === undefined ? {} : { author: words.author }),
      });
    }
    const pull = openPullRequest(this.#world, repository, this.account, {
      title: words.title ?? words.branch,
      body: words.body ?? null,
      headRepository,
      headBranch: words.branch,
      base,
      draft: words.draft ?? false,
    });
    return pull.number;
  }

  /** Adds a commit to a pull request's branch. With `rebase` the branch starts anew from the tip of the base. */
  pushToPullRequest(
    name: string,
    number: number,
    words: Omit<CommitWords, "branch" | "from"> & { readonly rebase?: boolean },
  ): string {
    const { pull, repository } = this.#pull(name, number);
    const target = pull.head.repository ?? repository;
    const base = repository.branches.get(pull.base.branch);
    const { rebase, ...rest } = words;
    const commit = commitFiles(this.#world, target, this.account, {
      ...rest,
      branch: pull.head.branch,
      ...(rebase === true && base !== undefined ? { from: base } : {}),
    });
    moveBranch(this.#world, target, this.account, pull.head.branch, commit.oid);
    return commit.oid;
  }

  /** Gives the review's id. `at` is the commit that was looked at, where the page was old (H026). */
  review(
    name: string,
    number: number,
    verdict: Verdict,
    words: {
      readonly body?: string;
      readonly at?: string;
      readonly comments?: readonly (Place & { readonly body: string })[];
    } = {},
  ): number {
    const { pull, repository } = this.#pull(name, number);
    const body = words.body ?? (verdict === "approve" ? "" : "I looked at this.");
    const state = verdicts[verdict];
    return submitReview(this.#world, repository, pull, this.account, {
      state,
      body,
      commit: words.at,
      comments: words.comments,
    }).id;
  }

  dismiss(name: string, number: number, review: number): void {
    const { pull, repository } = this.#pull(name, number);
    const found = pull.reviews.find((one) => one.id === review);
    if (found === undefined) throw new Error(`there is no review ${review}`);
    dismissReview(this.#world, repository, pull, found, this.account);
  }

  /** Gives the id of the commit that the merge made. */
  merge(name: string, number: number, method: MergeMethod = "merge"): string {
    const { pull, repository } = this.#pull(name, number);
    return mergePullRequest(this.#world, repository, pull, this.account, method);
  }

  /** Puts pull requests into the merge queue as one group. Gives the group's head. */
  enqueue(name: string, ...numbers: readonly number[]): string {
    const repository = repositoryNamed(this.#world, name);
    const pulls = numbers.map((number) => pullNumbered(repository, number));
    return enqueue(this.#world, repository, pulls, this.account);
  }

  close(name: string, number: number): void {
    const { pull, repository } = this.#pull(name, number);
    closePullRequest(this.#world, repository, pull, this.account);
  }

  reopen(name: string, number: number): void {
    const { pull, repository } = this.#pull(name, number);
    reopenPullRequest(this.#world, repository, pull, this.account);
  }

  retarget(name: string, number: number, base: string): void {
    const { pull, repository } = this.#pull(name, number);
    retarget(this.#world, repository, pull, this.account, base);
  }

  edit(name: string, number: number, words: { readonly title?: string; readonly body?: string }): void {
    const { pull, repository } = this.#pull(name, number);
    editPullRequest(this.#world, repository, pull, this.account, words);
  }

  markReady(name: string, number: number): void {
    const { pull, repository } = this.#pull(name, number);
    setDraft(this.#world, repository, pull, this.account, false);
  }

  convertToDraft(name: string, number: number): void {
    const { pull, repository } = this.#pull(name, number);
    setDraft(this.#world, repository, pull, this.account, true);
  }

  /** Asks accounts by login, and teams by `organization/slug`. */
  requestReview(name: string, number: number, ...wanted: readonly string[]): void {
    const { pull, repository } = this.#pull(name, number);
    const users = wanted.filter((one) => !one.includes("/")).map((login) => accountNamed(this.#world, login));
    const teams = wanted.filter((one) => one.includes("/")).map((team) => teamNamed(this.#world, team));
    requestReviewers(this.#world, repository, pull, this.account, users, teams);
  }

  /** A comment in the conversation of an issue or pull request. Gives its id. */
  comment(name: string, number: number, body: string): number {
    const repository = repositoryNamed(this.#world, name);
    return addComment(this.#world, repository, issueNumbered(repository, number), this.account, body).id;
  }

  /** Begins a thread on a line of the diff. Gives the thread's id. */
  commentOnLine(name: string, number: number, place: Place, body: string): number {
    const { pull, repository } = this.#pull(name, number);
    return commentOnPlace(this.#world, repository, pull, this.account, pull.head.sha, place, body).thread.id;
  }

  /** `thread` is the id of a thread or of any comment in it. Gives the comment's id. */
  replyInThread(name: string, number: number, thread: number, body: string): number {
    const { pull, repository } = this.#pull(name, number);
    return reply(this.#world, repository, pull, threadOf(pull, thread), this.account, body).id;
  }

  resolveThread(name: string, number: number, thread: number): void {
    const { pull, repository } = this.#pull(name, number);
    setResolved(this.#world, repository, pull, threadOf(pull, thread), this.account, true);
  }

  unresolveThread(name: string, number: number, thread: number): void {
    const { pull, repository } = this.#pull(name, number);
    setResolved(this.#world, repository, pull, threadOf(pull, thread), this.account, false);
  }

  /** Edits a comment, a comment in a thread, or the body of a review, whoever wrote it. */
  editComment(name: string, number: number, id: number, body: string): void {
    editWritten(this.#world, repositoryNamed(this.#world, name), number, this.account, id, body);
  }

  deleteComment(name: string, number: number, id: number): void {
    deleteWritten(this.#world, repositoryNamed(this.#world, name), number, this.account, id);
  }

  /** Publishes a release, or saves the draft of one. Gives its id. */
  release(name: string, words: ReleaseWords): number {
    return publishRelease(this.#world, repositoryNamed(this.#world, name), this.account, words).id;
  }

  withdrawRelease(name: string, tag: string): void {
    withdrawRelease(this.#world, repositoryNamed(this.#world, name), this.account, tag);
  }

  /** Gives the issue's number. */
  openIssue(name: string, words: IssueWords & { readonly title: string }): number {
    return openIssue(this.#world, repositoryNamed(this.#world, name), this.account, words).number;
  }

  changeIssue(name: string, number: number, words: IssueWords): void {
    const repository = repositoryNamed(this.#world, name);
    changeIssue(this.#world, repository, issueNumbered(repository, number), this.account, words);
  }

  /** Moves an issue to another repository. Gives its number there. */
  transferIssue(name: string, number: number, to: string): number {
    const repository = repositoryNamed(this.#world, name);
    const target = repositoryNamed(this.#world, to);
    return transferIssue(this.#world, repository, issueNumbered(repository, number), target, this.account).number;
  }

  deleteIssue(name: string, number: number): void {
    const repository = repositoryNamed(this.#world, name);
    deleteIssue(this.#world, repository, issueNumbered(repository, number), this.account);
  }

  /** Locks or unlocks a conversation. */
  lock(name: string, number: number, locked = true): void {
    issueNumbered(repositoryNamed(this.#world, name), number).locked = locked;
  }

  /** Presses "Re-run" on a check of the pull request's head, or the button with that identifier. */
  pressCheckButton(name: string, number: number, check: string, identifier?: string): void {
    const { pull, repository } = this.#pull(name, number);
    pressButton(this.#world, repository, runNamed(repository, pull.head.sha, check), this.account, identifier);
  }

  /** Presses "Re-run all checks" of an App on the pull request's head. */
  rerunAllChecks(name: string, number: number, app: string): void {
    const { pull, repository } = this.#pull(name, number);
    const found = this.#world.apps.find((one) => one.slug === app);
    if (found === undefined) throw new Error(`there is no App ${app}`);
    rerunAll(this.#world, repository, pull.head.sha, found, this.account);
  }

  /** Posts a check of the given name through another App, as anybody with write access to a workflow can (H036). */
  forgeCheck(name: string, sha: string, check: string, app: string, conclusion: Conclusion): void {
    const found = this.#world.apps.find((one) => one.slug === app);
    if (found === undefined) throw new Error(`there is no App ${app}`);
    createCheckRun(this.#world, repositoryNamed(this.#world, name), found, sha, { name: check, conclusion });
  }

  #pull(name: string, number: number): { readonly repository: Repository; readonly pull: PullRequest } {
    const repository = repositoryNamed(this.#world, name);
    return { repository, pull: pullNumbered(repository, number) };
  }
}
