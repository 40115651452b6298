import type { Logger } from "pino";
import type { DesiredIssue } from "../core/domain/desired.ts";
import type { Onboarding, OnboardingPullRequest } from "../core/domain/onboarding.ts";
import type { IssueStep } from "../core/domain/plan.ts";
import { worthForOnboarding } from "../core/onboarding.ts";
import { effectivePolicy } from "../core/policy.ts";
import { onboardingIdentity } from "../core/present/onboarding-parts.ts";
import { Forbidden, Gone } from "../shell/failures.ts";
import type { GitHubApp } from "../shell/github/app.ts";
import { reserveForPeople } from "../shell/github/budget.ts";
import type { GitHubClient } from "../shell/github/client.ts";
import { openFirstModel as openFirstModelPullRequest, ownFirstModelOf } from "../shell/github/first-model-branch.ts";
import { ownIssueOf, readForOnboarding, whyNotOnboarded } from "../shell/github/onboarding.ts";
import type { OrganisationPolicyKnowledge } from "../shell/github/policy-files.ts";
import { readRepositoryPolicy } from "../shell/github/repository-policy.ts";
import type { OnboardingTexts } from "../shell/ports.ts";
import type { Database } from "../shell/store/database.ts";
import {
  noteOnboarding,
  onboardedSince,
  type WaitingRepository,
  waitingForOnboarding,
} from "../shell/store/onboarding.ts";
import { keepOpenedIssues } from "../shell/store/opened-issues.ts";
import { note } from "../shell/store/records.ts";
import { issueTracker } from "./world.ts";

/*
 * Onboarding (product.md, "Onboarding"): a repository that was given to us and has no threat model gets one issue with a
 * first one, where its policy asks for it, or one pull request. Nobody waits for it: it is done within the sweep, last, a few an hour.
 */

/** Issues and pull requests opened for one installation within an hour. */
export const mostPerHour = 6;
/** Repositories looked at for one installation in a sweep: one request each where the policy asks for nothing. */
const mostLooks = 20;

/** What onboarding needs of the service. */
export interface OnboardingGround {
  readonly log: Logger;
  readonly database: Database;
  readonly app: GitHubApp;
  readonly texts: OnboardingTexts;
  readonly organisationPolicy: OrganisationPolicyKnowledge;
}

/** What came of one repository. */
type Ended = {
  readonly state: "not-asked" | "done";
  readonly why: string;
  readonly opened?: string;
  readonly commit?: string;
};

/** Goes on with the repositories of one installation that wait, within the hour's few and while little else needs the budget. */
export async function onboardInstallation(
  ground: OnboardingGround,
  installation: number,
  now: string,
): Promise<{ readonly opened: number; readonly passed: number }> {
  const { database, app, log } = ground;
  const db = database.kysely;
  const hourAgo = new Date(Date.parse(now) - 3_600_000).toISOString();
  let room = mostPerHour - (await onboardedSince(db, installation, hourAgo));
  const counts = { opened: 0, passed: 0 };
  for (const repository of await waitingForOnboarding(db, installation, mostLooks)) {
    if (room <= 0 || app.secondsUntil(installation, reserveForPeople) > 0) break;
    // Issues of a repository are opened by one at a time, those after a merge included.
    const ended = await database
      .alone(`${repository.owner}/${repository.name}`, () => onboard(ground, installation, repository, now))
      .catch(async (error: unknown) => {
        // The next sweep begins with the others: GitHub may never answer for this one.
        const why = error instanceof Error ? error.message : String(error);
        await noteOnboarding(db, repository.id, { state: "waiting", why, at: now, posted: false });
        throw error;
      });
    const { state, why, opened } = ended;
    await noteOnboarding(db, repository.id, { state, why, at: now, posted: opened !== undefined });
    log.info({ repository: `${repository.owner}/${repository.name}`, state, why, opened }, "onboarding");
    if (opened === undefined) counts.passed++;
    else {
      counts.opened++;
      room--;
    }
  }
  return counts;
}

async function onboard(
  ground: OnboardingGround,
  installation: number,
  repository: WaitingRepository,
  now: string,
): Promise<Ended> {
  try {
    return await openFirstModel(ground, installation, repository, now);
  } catch (error) {
    if (error instanceof Gone || error instanceof Forbidden) return { state: "not-asked", why: error.message };
    throw error;
  }
}

async function openFirstModel(
  ground: OnboardingGround,
  installation: number,
  { id, owner, name }: WaitingRepository,
  now: string,
): Promise<Ended> {
  const { app, texts, organisationPolicy } = ground;
  // The organisation's own repository holds its policy, and nothing that runs.
  if (name.toLowerCase() === ".github") return { state: "done", why: "it holds the organisation's own files" };
  const client = app.forRepository(installation, name);
  const reading = await readRepositoryPolicy(client, { owner, name }, organisationPolicy);
  const place = { owner: reading.owner, name: reading.name, isPrivate: reading.isPrivate };
  const asked = effectivePolicy(reading.texts, place);
  const { policy, usable } = asked.asksProperties
    ? effectivePolicy(reading.texts, { ...place, properties: await reading.properties() })
    : asked;
  if (!usable) return { state: "not-asked", why: "its policy cannot be used" };
  if (policy.onboarding === "none") return { state: "not-asked", why: "its policy asks for none" };
  const inBranch = policy.onboarding === "pull-request";
  const against = await whyNotOnboarded(client, place, id, !inBranch);
  if (against !== undefined) return { state: "done", why: against };
  const there =
    (await ownIssueOf(client, place, onboardingIdentity)) ?? (await ownFirstModelOf(client, place, onboardingIdentity));
  if (there !== undefined) return { state: "done", why: `it was opened before: ${there}` };
  const seen = await readForOnboarding(client, reading, worthForOnboarding);
  if ("why" in seen) return { state: "done", why: seen.why };
  // What takes too long or too much memory would do so again, and keep all others waiting.
  const derived = (instead?: string): Promise<Onboarding> =>
    texts.onboardingOf(seen, instead).catch((error: unknown) => ({
      why: `its first model could not be derived: ${error instanceof Error ? error.message : String(error)}`,
    }));
  const repository = { id, owner: place.owner, name: place.name, commit: seen.commit };
  const first = await derived();
  if ("why" in first) return { state: "done", why: first.why };
  if (!inBranch) return openIssue(ground, client, repository, first.issue, now);
  const ended = await openPullRequest(ground, installation, repository, first.pullRequest, now);
  if (ended.state === "done") return ended;
  const noIssues = await whyNotOnboarded(client, place, id, true);
  if (noIssues !== undefined) return { state: "done", why: `${ended.why}; ${noIssues}` };
  const instead = await derived(ended.why);
  if ("why" in instead) return { state: "done", why: instead.why };
  return openIssue(ground, client, repository, instead.issue, now);
}

/** A repository as it was when its first model was derived. */
interface DerivedRepository {
  readonly id: number;
  readonly owner: string;
  readonly name: string;
  readonly commit: string;
}

/** Opens the pull request, or says why it becomes an issue. */
async function openPullRequest(
  { database, app }: OnboardingGround,
  installation: number,
  { id, owner, name, commit }: DerivedRepository,
  pullRequest: OnboardingPullRequest | { readonly why: string },
  now: string,
): Promise<Ended | { readonly state: "not-opened"; readonly why: string }> {
  if ("why" in pullRequest) return { state: "not-opened", why: pullRequest.why };
  if (!(await app.mayCommit(installation)))
    return { state: "not-opened", why: "the installation does not grant the App `contents: write`" };
  const clients = {
    writing: app.forCommitting(installation, name),
    posting: app.forRepository(installation, name),
  };
  const place = { owner, name, repositoryId: id, commit, identity: onboardingIdentity };
  const result = await openFirstModelPullRequest(clients, place, pullRequest);
  if ("there" in result) return { state: "done", why: `it was opened before: ${result.there}` };
  await note(
    database.kysely,
    { repositoryId: id, repository: `${owner}/${name}`, pullRequest: null, head: commit },
    now,
    {
      step: "open the pull request of the first model",
      outcome: "opened" in result ? "done" : "skipped",
      detail: "opened" in result ? result.opened : result.why,
    },
  );
  return "opened" in result
    ? { state: "done", why: "opened", opened: result.opened }
    : { state: "not-opened", why: result.why };
}

async function openIssue(
  { database }: OnboardingGround,
  client: GitHubClient,
  { id, owner, name, commit }: DerivedRepository,
  issue: DesiredIssue,
  now: string,
): Promise<Ended> {
  const step: IssueStep = { do: "create-issue", issue };
  const result = await issueTracker(client).apply({ owner, name, id }, step);
  const where = { repositoryId: id, repository: `${owner}/${name}`, pullRequest: null, head: commit };
  const said = result.outcome === "done" ? (result.reference ?? "") : result.why;
  await note(database.kysely, where, now, {
    step: "open the issue of the first model",
    outcome: result.outcome,
    detail: said,
  });
  if (result.outcome !== "done") return { state: "done", why: said };
  const number = Number(/\/issues\/([1-9]\d{0,14})$/.exec(said)?.[1]);
  if (Number.isSafeInteger(number))
    await keepOpenedIssues(database.kysely, id, [{ threat: onboardingIdentity, number }]);
  return { state: "done", why: "opened", opened: said };
}
