import { accountByLogin, isPullRequest, organizationByLogin, repositoryByName } from "./lookups.ts";
import type { Account, CheckRun, Issue, PullRequest, Repository, Team, Thread, World } from "./world.ts";

/* Finds what a script names, and says plainly when there is no such thing. */

export function accountNamed(world: World, login: string): Account {
  return there(accountByLogin(world, login), `account ${login}`);
}

/** A repository by `owner/name`. */
export function repositoryNamed(world: World, name: string): Repository {
  const [owner = "", short = ""] = name.split("/");
  return there(repositoryByName(world, owner, short), `repository ${name}`);
}

/** A team by `organization/slug`. */
export function teamNamed(world: World, name: string): Team {
  const [organization = "", slug = ""] = name.split("/");
  const team = organizationByLogin(world, organization)?.teams.find((one) => one.slug === slug);
  return there(team, `team ${name}`);
}

export function issueNumbered(repository: Repository, number: number): Issue | PullRequest {
  return there(repository.issues.get(number), `issue #${number} in ${repository.name}`);
}

export function pullNumbered(repository: Repository, number: number): PullRequest {
  const issue = issueNumbered(repository, number);
  return there(isPullRequest(issue) ? issue : undefined, `pull request #${number} in ${repository.name}`);
}

export function threadOf(pull: PullRequest, id: number): Thread {
  const thread = pull.threads.find((one) => one.id === id || one.comments.some((comment) => comment.id === id));
  return there(thread, `thread ${id} in #${pull.number}`);
}

export function runNamed(repository: Repository, sha: string, name: string): CheckRun {
  const runs = repository.checkRuns.filter((run) => run.headSha === sha && run.name === name);
  return there(runs[runs.length - 1], `check ${name} on ${sha}`);
}

function there<Thing>(thing: Thing | undefined, what: string): Thing {
  if (thing === undefined) throw new Error(`there is no ${what}`);
  return thing;
}
