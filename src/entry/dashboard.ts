import type { Logger } from "pino";
import { clearTitles } from "../core/diagram/clear-titles.ts";
import type { Rules } from "../core/domain/rules.ts";
import type { GitHubApp } from "../shell/github/app.ts";
import { gitHubNow } from "../shell/github/missed.ts";
import { peopleOnGitHub } from "../shell/github/people.ts";
import { groupsOf, organisationFigures, requirementsBySystem, ruleFigures } from "../shell/store/dashboard.ts";
import type { Database } from "../shell/store/database.ts";
import { measuresOf } from "../shell/store/measures.ts";
import { auditOf, latestEvaluation } from "../shell/store/records.ts";
import { releaseList } from "../shell/store/releases.ts";
import { rollOutOf } from "../shell/store/roll-out.ts";
import { judgedPullRequests, systemDetail, timelineSince } from "../shell/store/system-detail.ts";
import { choicesOf, findSystems, systemsOfRepository } from "../shell/store/system-list.ts";
import { Access } from "../shell/web/access.ts";
import { apiPart } from "../shell/web/api.ts";
import { ApiTokens } from "../shell/web/api-token.ts";
import { controlFigures, controlsPart } from "../shell/web/controls.ts";
import type { DashboardData, StoredPullRequest } from "../shell/web/data.ts";
import { createDraughtsman } from "../shell/web/diagram.ts";
import { type Door, openDoor, type Part, shutDoor } from "../shell/web/door.ts";
import { downloadsPart } from "../shell/web/downloads.ts";
import { evidencePart } from "../shell/web/evidence.ts";
import { frontPart } from "../shell/web/front.ts";
import { measuresPart } from "../shell/web/measures.ts";
import { organisationPart } from "../shell/web/organisation.ts";
import { pullRequestPart } from "../shell/web/pull-request.ts";
import { releasesPart } from "../shell/web/releases.ts";
import { riskReportPart } from "../shell/web/risk-report.ts";
import { rollOutPart } from "../shell/web/roll-out.ts";
import { rulesPart } from "../shell/web/rules.ts";
import { Seal } from "../shell/web/session.ts";
import { SignIn } from "../shell/web/sign-in.ts";
import { systemPart } from "../shell/web/system.ts";
import { teamsPart } from "../shell/web/teams.ts";
import type { Environment } from "./environment.ts";
import type { Evaluator } from "./evaluator.ts";
import { filesForEvidence } from "./evidence-files.ts";
import { evidenceOf } from "./repository-evidence.ts";
import { documentationAddress } from "./version.ts";
import { hostOf } from "./world.ts";

/** What the dashboard is made of. */
export interface DashboardGround {
  readonly environment: Environment;
  readonly log: Logger;
  readonly rules: Rules;
  readonly database: Database;
  readonly app: Pick<GitHubApp, "asApp" | "forReading" | "secondsUntil">;
  /** Looks at a pull request and judges it, and writes nothing. */
  readonly judged: Evaluator["judged"];
  /** Signs the addresses that stand in checks. */
  readonly secret: string;
}

/** The door and the parts of the site, in the order in which they are asked. */
export function createDashboard(ground: DashboardGround): { readonly door: Door; readonly parts: readonly Part[] } {
  const { environment } = ground;
  const host = hostOf(environment.githubApiUrl);
  const data = dataOf(ground);
  const { door, signIn, why } = doorOf(ground, host);
  const rulePage = `${documentationAddress}/rules/{rule}.md`;
  return {
    door,
    parts: [
      frontPart(why),
      ...(signIn ? [signIn] : []),
      apiPart(data),
      downloadsPart(data),
      organisationPart(data),
      riskReportPart(data),
      releasesPart(data),
      measuresPart(data),
      teamsPart(data),
      controlsPart(data),
      rulesPart(data, rulePage),
      rollOutPart(data, rulePage),
      pullRequestPart(data, { host, secret: ground.secret, rulePage }),
      evidencePart(evidenceOf({ ...ground, files: filesForEvidence(ground.app), now: data.now })),
      // The page of a repository links to what else there is of it.
      systemPart(data, host, (path) => [{ name: "Evidence", href: `${path}/evidence` }]),
    ],
  };
}

/** Without all of its settings nobody signs in, and every page says so alike. */
function doorOf(
  { environment, log }: DashboardGround,
  host: string,
): { readonly door: Door; readonly signIn?: Part; readonly why?: string } {
  const { signIn } = environment;
  if (!signIn) {
    const why = `Signing in needs the settings PUBLIC_URL, GITHUB_CLIENT_ID, GITHUB_CLIENT_SECRET and SESSION_SECRET.`;
    return { door: shutDoor(why), why };
  }
  const people = peopleOnGitHub({
    host,
    baseUrl: environment.githubApiUrl,
    graphqlUrl: environment.githubGraphqlUrl,
    appId: environment.appId,
    clientId: signIn.clientId,
    clientSecret: signIn.clientSecret,
  });
  const access = new Access(people);
  const tell = (level: "info" | "warn" | "error", words: string, fields: Readonly<Record<string, unknown>>): void =>
    log[level](fields, words);
  const desk = new SignIn({ people, access, seal: new Seal(signIn.secrets), publicUrl: signIn.publicUrl, log: tell });
  return { door: openDoor(desk, access, new ApiTokens(people)), signIn: (routes) => desk.addRoutes(routes) };
}

/** What the pages read, from a database. */
export function dataOf({
  rules,
  database,
  app,
}: Pick<DashboardGround, "rules" | "database"> & { readonly app: Pick<GitHubApp, "asApp"> }): DashboardData {
  const { kysely: db } = database;
  const draughtsman = createDraughtsman();
  return {
    now: clockOf(app),
    organisation: (visible, now) => organisationFigures(db, visible, now),
    systems: (visible, filter, most) => findSystems(db, visible, filter, most),
    choices: (visible, column) => choicesOf(db, visible, column),
    groups: (visible, by) => groupsOf(db, visible, by),
    rules: (visible, since) => ruleFigures(db, visible, since),
    controls: async (visible, now, only) => {
      const known = rules.frameworks ?? [];
      // What no framework is called shows the first one, as its page does.
      const wanted = only === undefined || known.some(({ id }) => id === only) ? only : known[0]?.id;
      const frameworks = await Promise.all(
        known.map(async (framework) => {
          const isWanted = wanted === undefined || wanted === framework.id;
          const bySystem = isWanted ? await requirementsBySystem(db, visible, framework.id) : [];
          return { systems: bySystem.length, figures: controlFigures(framework, rules.themes ?? [], bySystem) };
        }),
      );
      const systems = Math.max(0, ...frameworks.map((one) => one.systems));
      return {
        schemaVersion: 1,
        owner: visible.owner,
        asOf: now,
        systems,
        frameworks: frameworks.map(({ figures }) => figures),
      };
    },
    measures: (visible, query, now) => measuresOf(db, visible, query, now),
    releases: (visible, query, now, most) => releaseList(db, visible, query, now, most),
    rollOut: (visible, query, now, most) => rollOutOf(db, visible, query, now, most),
    firstFramework: rules.frameworks?.[0]?.id,
    systemsOf: (visible) => systemsOfRepository(db, visible),
    sheet: (repositoryId, system) => systemDetail(db, repositoryId, system),
    timeline: (repositoryId, system, since) => timelineSince(db, repositoryId, system, since),
    pullRequests: (repositoryId, most) => judgedPullRequests(db, repositoryId, most),
    pullRequest: (repositoryId, number) => pullRequestOf(database, repositoryId, number),
    diagram: async (dot) => {
      const drawn = await draughtsman.draw(dot);
      return drawn === undefined ? undefined : clearTitles(drawn);
    },
  };
}

async function pullRequestOf(
  { kysely: db }: Database,
  repositoryId: number,
  number: number,
): Promise<StoredPullRequest | undefined> {
  const stored = await latestEvaluation(db, repositoryId, number);
  if (!stored) return undefined;
  const { assessment, digest, previous } = stored;
  return { assessment, digest, previous, writes: await auditOf(db, stored.repository, number, stored.repositoryId) };
}

const hour = 3_600_000;

/** GitHub's time (H085): how far it is from this machine's is asked once an hour, and not believed to be nothing. */
function clockOf(app: Pick<GitHubApp, "asApp">): () => Promise<string> {
  let known: { readonly offset: Promise<number>; readonly until: number } | undefined;
  const ask = async (): Promise<number> => Date.parse(await gitHubNow(app.asApp())) - Date.now();
  return async () => {
    if (!known || known.until < Date.now()) {
      // Where GitHub cannot be asked, this machine's clock is what there is, and it is asked again soon.
      const offset = ask().catch(() => {
        known = undefined;
        return 0;
      });
      known = { offset, until: Date.now() + hour };
    }
    return new Date(Date.now() + (await known.offset)).toISOString();
  };
}
