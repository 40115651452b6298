import type { GitHub } from "../../test/github/github.ts";
import type { Expectation, Story } from "./organisation.ts";

/** How a story ended: what was seen, and what was expected and did not come. */
export interface Played {
  readonly story: Story;
  readonly number: number;
  readonly seen: readonly string[];
  readonly missing: readonly string[];
}

/** The longest that the service may take to answer one step, on a slow or busy machine, the first start of everything included. */
const patience = 120_000;

/** Plays one story on the stand-in: people push, open, review and merge; after each expectation the service has answered. */
export async function play(github: GitHub, story: Story, tell: (line: string) => void): Promise<Played> {
  const author = github.as(story.author);
  const seen: string[] = [];
  const missing: string[] = [];
  let number = 0;
  for (const step of story.steps) {
    if (step === "open") {
      const words = {
        title: story.title,
        branch: story.branch,
        ...(story.body === undefined ? {} : { body: story.body }),
      };
      number = author.openPullRequest(story.repository, words);
      tell(`${story.repository}#${number} ${story.title}: opened by ${story.author}`);
    } else if (step === "merge") {
      author.merge(story.repository, number, "squash");
      tell(`${story.repository}#${number} merged`);
    } else if ("push" in step) {
      const files = story.pushes.get(step.push) ?? {};
      if (number === 0) author.pushCommit(story.repository, { branch: story.branch, message: step.message, files });
      else author.pushToPullRequest(story.repository, number, { message: step.message, files });
      if (number !== 0) tell(`${story.repository}#${number} pushed: ${step.message}`);
    } else if ("review" in step) {
      const { by, state, body } = step.review;
      github.as(by).review(story.repository, number, state, body === undefined ? {} : { body });
      tell(`${story.repository}#${number} ${state} by ${by}`);
    } else {
      const faults = await waitFor(() => faultsOf(github, story.repository, number, step.expect));
      const shown = showState(github, story.repository, number);
      seen.push(shown);
      missing.push(...faults);
      tell(`${story.repository}#${number} ${shown}${faults.length > 0 ? `\n    MISSING: ${faults.join("; ")}` : ""}`);
    }
  }
  return { story, number, seen, missing };
}

async function waitFor(look: () => string[]): Promise<string[]> {
  const end = Date.now() + patience;
  let faults = look();
  while (faults.length > 0 && Date.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    faults = look();
  }
  return faults;
}

interface State {
  readonly conclusion: string | null;
  readonly title: string;
  readonly questions: number;
  readonly requested: readonly string[];
  readonly issues: number;
}

function stateOf(github: GitHub, repository: string, number: number): State {
  const pull = github.pullRequest(repository, number);
  const check = github.checkRuns(repository, number).findLast((run) => run.name === "threat-model");
  const bot = `${github.app.slug}[bot]`;
  return {
    conclusion: check?.conclusion ?? null,
    title: check?.title ?? "",
    questions: pull.threads.filter((thread) => thread.comments[0]?.author?.login === bot).length,
    requested: pull.requestedTeams.map((team) => team.slug),
    issues: github.issues(repository).length,
  };
}

function showState(github: GitHub, repository: string, number: number): string {
  const { conclusion, title, questions, requested } = stateOf(github, repository, number);
  const asked = `${questions} question${questions === 1 ? "" : "s"}`;
  const called = requested.length > 0 ? `, review asked of ${requested.join(", ")}` : "";
  return `check ${conclusion}: “${title}”, ${asked}${called}`;
}

function faultsOf(github: GitHub, repository: string, number: number, expected: Expectation): string[] {
  const state = stateOf(github, repository, number);
  const faults: string[] = [];
  const need = (holds: boolean, words: string): void => {
    if (!holds) faults.push(words);
  };
  if (expected.conclusion !== undefined)
    need(state.conclusion === expected.conclusion, `conclusion ${expected.conclusion}`);
  if (expected.title !== undefined) need(state.title === expected.title, `title “${expected.title}”`);
  if (expected.titleLacks !== undefined)
    need(!state.title.includes(expected.titleLacks), `no “${expected.titleLacks}” in the title`);
  if (expected.questionsAtLeast !== undefined)
    need(state.questions >= expected.questionsAtLeast, `at least ${expected.questionsAtLeast} questions`);
  if (expected.questionsAtMost !== undefined)
    need(state.questions <= expected.questionsAtMost, `at most ${expected.questionsAtMost} questions`);
  if (expected.reviewRequested !== undefined) {
    const reviewed = github
      .pullRequest(repository, number)
      .reviews.some((review) => review.author?.login === "dana-lindqvist");
    need(state.requested.includes(expected.reviewRequested) || reviewed, `review asked of ${expected.reviewRequested}`);
  }
  if (expected.issuesAtLeast !== undefined)
    need(state.issues >= expected.issuesAtLeast, `at least ${expected.issuesAtLeast} issues`);
  return faults;
}
