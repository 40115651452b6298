import { fromKysely } from "pg-boss";
import type { Logger } from "pino";
import { Forbidden, Gone, TryAgainLater } from "../shell/failures.ts";
import type { GitHubApp } from "../shell/github/app.ts";
import { type AppSettings, permissionsMissing } from "../shell/github/app-settings.ts";
import { gitHubNow, type Installation, listInstallations } from "../shell/github/missed.ts";
import { judgingApart } from "../shell/judge-process.ts";
import { ownId } from "../shell/queue/dead-letters.ts";
import { patientPriority } from "../shell/queue/demand.ts";
import { send } from "../shell/queue/jobs.ts";
import { closeDay } from "../shell/store/closing-days.ts";
import type { Database } from "../shell/store/database.ts";
import { branchAsked, branchesWithNewEvidence } from "../shell/store/default-branches.ts";
import { acceptancesEndedBy, dueAsked, dueBy } from "../shell/store/due.ts";
import { installationsToOnboard } from "../shell/store/onboarding.ts";
import { evidenceAsked, evidenceChanged, wakeUpFor } from "../shell/store/open-pull-requests.ts";
import { knownInstallations, leaveRepositories } from "../shell/store/repositories.ts";
import { deleteOld } from "../shell/store/retention.ts";
import type { JiraAccess } from "../shell/trackers/jira/access.ts";
import type { Metrics } from "../shell/web/metrics.ts";
import { acceptanceEnded, branchEvidence } from "./ended-acceptances.ts";
import type { Environment } from "./environment.ts";
import { timePassed } from "./evaluator.ts";
import { askForMissedDeliveries } from "./missed-deliveries.ts";
import { onboardInstallation } from "./onboarding.ts";
import { sweepInstallation } from "./open-pull-requests.ts";
import { organisationPolicyKnowledge } from "./organisation-policy.ts";
import { lookElsewhere } from "./other-trackers.ts";
import { type RebuildingGround, rebuildStandings } from "./rebuilt-standings.ts";
import { sweepReleases } from "./releases.ts";

/** What a sweep needs of the service. */
export interface SweepGround extends Pick<RebuildingGround, "judged"> {
  readonly environment: Pick<
    Environment,
    "keepRecordsDays" | "keepDeliveriesDays" | "eraseAfterDays" | "organisationPolicy"
  >;
  readonly log: Logger;
  readonly database: Database;
  readonly app: GitHubApp;
  readonly jira: JiraAccess | undefined;
  readonly metrics: Pick<Metrics, "missingPermissions" | "sweeps">;
  /** What `app.yml` asks for. */
  readonly needed: AppSettings;
}

/** Pull requests that one sweep has judged again for the sake of time, of one installation. */
const mostForTime = 100;

/** The same for the sake of alerts and incidents: with eight requests each, half of an hour's 5,000 at the most. */
const mostForEvidence = 50;

const day = 86_400_000;

/**
 * Looks for what nobody told us: days that passed, deliveries that never arrived, pull requests and comments that were
 * missed; and deletes what was kept long enough. Each part by itself: where one fails, the others are done, and the next
 * sweep comes. All days are GitHub's (H085).
 */
export async function sweep(ground: SweepGround): Promise<void> {
  const { app, database, log, metrics } = ground;
  const asApp = app.asApp();
  const now = await gitHubNow(asApp);
  let outcome: "whole" | "partial" = "whole";
  const part = async (name: string, work: () => Promise<Readonly<Record<string, number>>>): Promise<void> => {
    try {
      const found = await work();
      const some = Object.values(found).some((count) => count > 0);
      if (some) log.info({ part: name, ...found }, "sweep");
    } catch (error) {
      outcome = "partial";
      const level =
        error instanceof TryAgainLater || error instanceof Forbidden || error instanceof Gone ? "warn" : "error";
      log[level]({ part: name, error: error instanceof Error ? error.message : String(error) }, "sweep failed");
    }
  };
  await part("time", () => askForWhatIsDue(database, now));
  await part("evidence", () => askForEvidence(database));
  await part("other trackers", () => lookElsewhere(ground, now));
  await part("deliveries", () => askForMissedDeliveries(database, asApp, now));
  await part("installations", async () => {
    const { installations, complete } = await listInstallations(asApp);
    const left = complete ? await leaveUninstalled(ground, installations, now) : 0;
    countMissingPermissions(ground, installations);
    for (const installation of installations) {
      if (!installation.isSuspended)
        await part("open pull requests", () => sweepInstallation(database, app, installation, now));
    }
    return { left };
  });
  await part("onboarding", () => onboardWaiting(ground, now));
  await part("standings", async () => ({ ...(await rebuildStandings(ground, now)) }));
  await part("releases", async () => ({
    ...(await sweepReleases({ ...ground, keepDays: ground.environment.keepRecordsDays }, now)),
  }));
  await part("weeks", async () => ({ weeks: await closeDay(database.kysely, now) }));
  await part("retention", async () => ({ ...(await deleteOld(database.kysely, keptSince(ground, now))) }));
  metrics.sweeps.inc({ outcome });
}

/** First models for repositories that were given to us: last, because nobody waits for them. */
async function onboardWaiting(ground: SweepGround, now: string): Promise<Readonly<Record<string, number>>> {
  const { database, app, log, environment } = ground;
  const installations = await installationsToOnboard(database.kysely);
  if (installations.length === 0) return {};
  const texts = judgingApart({ time: 60_000 });
  const organisationPolicy = organisationPolicyKnowledge(database, environment.organisationPolicy);
  const sums = { opened: 0, passed: 0 };
  try {
    for (const installation of installations) {
      try {
        const counts = await onboardInstallation({ log, database, app, texts, organisationPolicy }, installation, now);
        sums.opened += counts.opened;
        sums.passed += counts.passed;
      } catch (error) {
        // One installation whose limits are used up, or that is gone, says nothing of the others.
        if (!(error instanceof TryAgainLater || error instanceof Forbidden || error instanceof Gone)) throw error;
        log.warn({ installation, error: error.message }, "onboarding waits");
      }
    }
  } finally {
    texts.stop();
  }
  return sums;
}

/** Each once: what was asked for is marked with its job, whenever that is done. */
async function askForWhatIsDue({ kysely, boss }: Database, now: string): Promise<Readonly<Record<string, number>>> {
  const due = await dueBy(kysely, now, mostForTime);
  const ended = await acceptancesEndedBy(kysely, now, mostForTime);
  const all = [
    ...due.map((one) => ({
      one,
      table: "open_pull_request" as const,
      wakeUp: wakeUpFor(one, timePassed, ownId("time")),
    })),
    ...ended.map((one) => ({
      one,
      table: "acceptance" as const,
      wakeUp: wakeUpFor(one, acceptanceEnded, ownId("acceptance")),
    })),
  ];
  for (const { one, table, wakeUp } of all) {
    await kysely.transaction().execute(async (transaction) => {
      await dueAsked(transaction, table, one, now);
      await send(boss, wakeUp, { priority: patientPriority, db: fromKysely(transaction) });
    });
  }
  return { due: due.length, ended: ended.length };
}

/**
 * Default branches and pull requests whose alerts or incidents changed, those of all repositories of an installation at one pace: an advisory
 * may concern a thousand of them at once.
 */
async function askForEvidence({ kysely, boss }: Database): Promise<Readonly<Record<string, number>>> {
  const branches = await branchesWithNewEvidence(kysely, mostForEvidence);
  for (const one of branches) {
    await kysely.transaction().execute(async (transaction) => {
      await branchAsked(transaction, one.repositoryId);
      const wakeUp = wakeUpFor(one, branchEvidence, ownId("evidence"));
      await send(boss, wakeUp, { priority: patientPriority, db: fromKysely(transaction) });
    });
  }
  const changed = await evidenceChanged(kysely, mostForEvidence);
  for (const one of changed) {
    await kysely.transaction().execute(async (transaction) => {
      await evidenceAsked(transaction, one);
      const wakeUp = wakeUpFor(one, "evidence.changed", ownId("evidence"));
      await send(boss, wakeUp, { priority: patientPriority, db: fromKysely(transaction) });
    });
  }
  return { evidence: changed.length, branches: branches.length };
}

/** Installations that GitHub does not list any more were removed while nobody listened. */
async function leaveUninstalled(
  { database, environment }: SweepGround,
  installations: readonly Installation[],
  now: string,
): Promise<number> {
  const there = new Set(installations.map(({ id }) => id));
  const gone = (await knownInstallations(database.kysely)).filter((id) => !there.has(id));
  const eraseAfter = new Date(Date.parse(now) + environment.eraseAfterDays * day).toISOString();
  for (const installation of gone) {
    await leaveRepositories(database.kysely, { installation, owner: "", ids: [], whole: true }, eraseAfter);
  }
  return gone.length;
}

/** How many owners have not accepted a permission yet; whose they are stands in no metric. */
function countMissingPermissions({ metrics, needed }: SweepGround, installations: readonly Installation[]): void {
  const missing = installations.flatMap(({ permissions }) => permissionsMissing(permissions, needed));
  for (const [name, access] of Object.entries(needed.permissions)) {
    const permission = `${name}: ${access}`;
    metrics.missingPermissions.set({ permission }, missing.filter((one) => one === permission).length);
  }
}

function keptSince({ environment }: SweepGround, now: string) {
  const before = (days: number): string => new Date(Date.parse(now) - days * day).toISOString();
  return { records: before(environment.keepRecordsDays), deliveries: before(environment.keepDeliveriesDays), now };
}
