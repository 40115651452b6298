import type { GitHub } from "../../test/github/github.ts";
import { oursOn } from "../../test/make/pull-request-history.ts";
import { rest } from "./outcome.ts";

/** A pull request that the traffic opened. */
interface Opened {
  readonly name: string;
  readonly number: number;
  /** Pushes after the first commit. */
  pushes: number;
  isMerged: boolean;
}

const bucket = (name: string): string => `resource "aws_s3_bucket" "${name}" {\n  bucket = "acme-${name}"\n}\n`;

/** People at work: they open pull requests, push to them and merge them, in an order that a seed decides. */
export class Traffic {
  readonly opened: Opened[] = [];
  readonly #github: GitHub;
  readonly #repositories: readonly string[];
  readonly #random: () => number;
  #serial = 0;

  constructor(github: GitHub, repositories: readonly string[], random: () => number) {
    this.#github = github;
    this.#repositories = repositories;
    this.#random = random;
  }

  /** One pull request with one change that matters. */
  open(name = this.#one(this.#repositories)): Opened {
    const serial = ++this.#serial;
    const files = { [`infra/store-${serial}.tf`]: bucket(`store${serial}`) };
    const number = this.#github.as("sam").openPullRequest(name, { branch: `feature-${serial}`, files });
    const opened = { name, number, pushes: 0, isMerged: false };
    this.opened.push(opened);
    return opened;
  }

  /** Another commit, which changes nothing that matters. */
  push(one: Opened): void {
    one.pushes++;
    this.#github.as("sam").pushToPullRequest(one.name, one.number, {
      message: "More",
      files: { [`docs/note-${one.number}.md`]: `Note ${one.pushes}.\n` },
    });
  }

  /** A merge, once its questions were asked: people merge what was judged. */
  merge(one: Opened): void {
    this.#github.as("olga").merge(one.name, one.number, "squash");
    one.isMerged = true;
  }

  /** Something that somebody does. */
  anything(): void {
    const open = this.opened.filter(({ isMerged }) => !isMerged);
    const chance = this.#random();
    const one = this.#one(open);
    if (one === undefined || chance < 0.5) this.open();
    else if (chance < 0.9) this.push(one);
    else if (this.#wrongWith(one).length === 0) this.merge(one);
  }

  /** What is not as it must be, one sentence each: something lost, something twice, something unfinished. */
  wrong(): readonly string[] {
    return this.opened.flatMap((one) => this.#wrongWith(one).map((what) => `${one.name}#${one.number}: ${what}`));
  }

  /** Waits until nothing is wrong, and gives what still is when that takes too long. */
  async settled(milliseconds: number): Promise<readonly string[]> {
    const end = Date.now() + milliseconds;
    for (;;) {
      const wrong = this.wrong();
      if (wrong.length === 0 || Date.now() > end) return wrong;
      await rest(500);
    }
  }

  #wrongWith({ name, number, isMerged }: Opened): string[] {
    const { pull, checks, summaries, questions } = oursOn({ github: this.#github, name }, number);
    const wrong: string[] = [];
    const onHead = checks.filter(({ headSha }) => headSha === pull.head.sha);
    if (onHead.length !== 1) wrong.push(`${onHead.length} checks on its head`);
    if (onHead.some(({ status }) => status !== "completed")) wrong.push("a check that is not completed");
    if (!isMerged && onHead.some(({ conclusion }) => conclusion !== "failure")) wrong.push("a wrong verdict");
    if (summaries.length !== 1) wrong.push(`${summaries.length} reviews`);
    const markers = questions.map(({ comments }) => /^<!-- .* -->/.exec(comments[0]?.body ?? "")?.[0]);
    if (markers.length !== 1) wrong.push(`${markers.length} questions`);
    if (!isMerged && pull.requestedTeams.length !== 1) wrong.push(`${pull.requestedTeams.length} calls for review`);
    const issues = this.#github.issues(name).filter((issue) => issue.body?.includes(`/pull/${number})`));
    if (issues.length !== (isMerged ? 2 : 0)) wrong.push(`${issues.length} issues`);
    return wrong;
  }

  #one<T>(all: readonly T[]): T {
    return all[Math.floor(this.#random() * all.length)] as T;
  }
}
