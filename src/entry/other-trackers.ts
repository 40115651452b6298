import { fromKysely } from "pg-boss";
import type { IssueClosing } from "../core/domain/observed.ts";
import type { GitHubApp } from "../shell/github/app.ts";
import { ownId } from "../shell/queue/dead-letters.ts";
import { patientPriority } from "../shell/queue/demand.ts";
import { send } from "../shell/queue/jobs.ts";
import type { Database } from "../shell/store/database.ts";
import { wakeUpFor } from "../shell/store/open-pull-requests.ts";
import { keepClosings, type OtherTracker, otherTrackers } from "../shell/store/other-tracker.ts";
import type { JiraAccess } from "../shell/trackers/jira/access.ts";
import { trackerClosed } from "./ended-acceptances.ts";
import { issueTracker } from "./world.ts";

/** Repositories whose other tracker one sweep looks at, those of the longest ago first: two requests to Jira each. */
const mostRepositories = 20;

interface Ground {
  readonly database: Database;
  readonly app: GitHubApp;
  readonly jira: JiraAccess | undefined;
}

/**
 * Looks which issues people closed in a tracker that sends us no webhooks. What they closed is remembered, for the check of
 * the next pull request; where one is new, the default branch is judged and the person answered. Throws where Jira cannot be
 * asked about a repository; the next sweep begins with the others.
 */
export async function lookElsewhere(
  { database, app, jira }: Ground,
  now: string,
): Promise<Readonly<Record<string, number>>> {
  if (!jira) return {};
  let closed = 0;
  for (const one of await otherTrackers(database.kysely, now, mostRepositories)) {
    const closings = await closingsIn(one, app, jira).catch(async (error: unknown) => {
      await keepClosings(database.kysely, one.repositoryId, one.closings, now);
      throw error;
    });
    const isNew = ({ name }: IssueClosing): boolean => !one.closings.some((known) => known.name === name);
    // Whoever dies in between remembers nothing, and looks again.
    await database.kysely.transaction().execute(async (transaction) => {
      await keepClosings(transaction, one.repositoryId, closings ?? one.closings, now);
      if (!closings?.some(isNew)) return;
      const options = { priority: patientPriority, db: fromKysely(transaction) };
      await send(database.boss, wakeUpFor(one, trackerClosed, ownId("tracker")), options);
      closed++;
    });
  }
  return { closed };
}

/** Undefined where Jira does not tell. */
async function closingsIn(
  { installation, owner, repository, repositoryId, place }: OtherTracker,
  app: GitHubApp,
  jira: JiraAccess,
): Promise<readonly IssueClosing[] | undefined> {
  const tracker = issueTracker(app.forRepository(installation, repository), jira);
  const issues = await tracker.observed?.({ owner, name: repository, id: repositoryId }, place);
  if (!issues || "unseen" in issues) return undefined;
  return issues.flatMap(({ state, closedByUs, threat, name }) =>
    state === "closed" && !closedByUs && name !== undefined ? [{ threat, name }] : [],
  );
}
