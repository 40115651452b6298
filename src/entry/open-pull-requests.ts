import type { WakeUp } from "../shell/event.ts";
import { Forbidden, Gone } from "../shell/failures.ts";
import type { GitHubApp } from "../shell/github/app.ts";
import type { GitHubClient } from "../shell/github/client.ts";
import {
  commandsSince,
  type Installation,
  type ListedPullRequest,
  listOpen,
  type ReachedRepository,
  repositoriesOn,
} from "../shell/github/missed.ts";
import { ownId } from "../shell/queue/dead-letters.ts";
import { patientPriority } from "../shell/queue/demand.ts";
import { send } from "../shell/queue/jobs.ts";
import { unanswered } from "../shell/store/answered-comments.ts";
import type { Database } from "../shell/store/database.ts";
import { failuresIn } from "../shell/store/dead-letters.ts";
import { enrolForOnboarding } from "../shell/store/onboarding.ts";
import { openIn } from "../shell/store/open-pull-requests.ts";
import { markSwept, progressOf, rememberProgress, sweepsOf } from "../shell/store/repositories.ts";

/*
 * The sweep of open pull requests: what GitHub lists is compared with what we judged. It finds what no delivery told of,
 * and rebuilds a lost database. Budgets are for one installation and one sweep; with a sweep every ten minutes they come
 * to at most 1,600 of the 5,000 requests that GitHub allows an installation in an hour.
 */

/** Repositories looked at, the most recently pushed ones first: one request each. */
const mostRepositories = 100;
/** Pull requests that are judged because of it, the most recently changed ones first. */
const mostEvaluations = 30;
/** Pull requests of which the comments are read: two requests each. */
const mostTalks = 20;

/** Two looks overlap by this much, so that nothing falls between them. */
const overlap = 5 * 60_000;
/** How far back comments are read where a repository is looked at for the first time. */
const firstLook = 86_400_000;

type Counts = { repositories: number; missed: number; closed: number; comments: number };

/** What is left of the budgets of this sweep. */
interface Budget {
  evaluations: number;
  talks: number;
}

/** Compares the open pull requests of an installation with our records, within a budget; goes on where the last sweep ended. */
export async function sweepInstallation(
  database: Database,
  app: GitHubApp,
  installation: Installation,
  now: string,
): Promise<Counts> {
  const page = await nextPage(database, app, installation, now);
  const sweeps = await sweepsOf(
    database.kysely,
    page.map(({ id }) => id),
  );
  const counts: Counts = { repositories: 0, missed: 0, closed: 0, comments: 0 };
  const budget: Budget = { evaluations: mostEvaluations, talks: mostTalks };
  for (const repository of page.slice(0, mostRepositories)) {
    const known = sweeps.get(repository.id) ?? {};
    const since = known.joined ?? installation.since;
    try {
      await sweepRepository(
        { database, client: app.forRepository(installation.id, repository.name), installation: installation.id, now },
        repository,
        { since, ...(known.swept === undefined ? {} : { swept: known.swept }) },
        budget,
        counts,
      );
      counts.repositories++;
    } catch (error) {
      // One repository that we may not read, or that is gone, says nothing of the others.
      if (!(error instanceof Gone || error instanceof Forbidden)) throw error;
    }
  }
  const { repositories: _, ...found } = counts;
  return { repositories: Object.values(found).some((count) => count > 0) ? counts.repositories : 0, ...found };
}

/** The next page of its repositories, the most recently pushed ones first; after the last one the first again. */
async function nextPage(database: Database, app: GitHubApp, { id }: Installation, now: string) {
  const name = `repositories of ${id}`;
  const lister = app.forListing(id);
  const wanted = Number((await progressOf(database.kysely, name)) ?? 1);
  let { repositories, pages } = await repositoriesOn(lister, wanted);
  if (wanted > pages) ({ repositories, pages } = await repositoriesOn(lister, 1));
  const next = wanted >= pages ? 1 : wanted + 1;
  await rememberProgress(database.kysely, name, String(next), now);
  return repositories.toSorted((one, other) => (one.pushed < other.pushed ? 1 : -1));
}

interface Ground {
  readonly database: Database;
  readonly client: GitHubClient;
  readonly installation: number;
  readonly now: string;
}

async function sweepRepository(
  ground: Ground,
  repository: ReachedRepository,
  { since, swept }: { readonly since: string; readonly swept?: string },
  budget: Budget,
  counts: Counts,
): Promise<void> {
  const { database, client, installation, now } = ground;
  const { open, complete } = await listOpen(client, repository);
  const judged = new Map((await openIn(database.kysely, repository.id)).map((one) => [one.number, one]));
  const wake = (number: number, why: string, more: Partial<WakeUp> = {}): Promise<boolean> => {
    const { id: repositoryId, owner, name } = repository;
    const subject = { kind: "pull-request", owner, repository: name, number, installation, repositoryId } as const;
    return send(database.boss, { id: ownId("sweep"), why, subject, ...more }, { priority: patientPriority });
  };
  const listed = new Set(open.map(({ number }) => number));
  const failed = await failuresIn(database.kysely, repository.id);
  for (const one of open) {
    const known = judged.get(one.number);
    const isCurrent = known?.head === one.head && known.baseBranch === one.baseBranch;
    // What was there before us and has not changed since is left alone until something happens to it.
    if (isCurrent || (!known && Date.parse(one.updated) < Date.parse(since))) continue;
    // Where every attempt failed, only a person or a change of the pull request has it tried again.
    if ((failed.get(one.number) ?? "") > one.updated) continue;
    if (budget.evaluations-- <= 0) return;
    await wake(one.number, "sweep.missed");
    counts.missed++;
  }
  for (const number of complete ? judged.keys() : []) {
    if (listed.has(number)) continue;
    if (budget.evaluations-- <= 0) return;
    await wake(number, "sweep.closed");
    counts.closed++;
  }
  const from = Math.max(
    Date.parse(since),
    swept === undefined ? Date.parse(now) - firstLook : Date.parse(swept) - overlap,
  );
  for (const { number } of talkedSince(open, from)) {
    if (budget.talks-- <= 0) return;
    const asked = await commandsSince(client, repository, number, new Date(from).toISOString());
    for (const comment of await unanswered(database.kysely, repository.id, asked)) {
      await wake(number, "sweep.comment", { comment });
      counts.comments++;
    }
  }
  await enrolForOnboarding(database.kysely, repository.id, now);
  await markSwept(
    database.kysely,
    { id: repository.id, installation, owner: repository.owner, name: repository.name },
    now,
  );
}

function talkedSince(open: readonly ListedPullRequest[], from: number): readonly ListedPullRequest[] {
  return open.filter(({ updated }) => Date.parse(updated) >= from);
}
