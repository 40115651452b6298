import { createHmac } from "node:crypto";
import type { Logger } from "pino";
import { Probot } from "probot";
import type { Plan } from "../core/domain/plan.ts";
import type { Rules } from "../core/domain/rules.ts";
import { answerComment, answerFailed } from "../shell/conversation.ts";
import type { CommentName, MergeGroupName, WakeUp } from "../shell/event.ts";
import { openApp } from "../shell/github/app.ts";
import { GitHubConversation } from "../shell/github/comments.ts";
import { handledEvents, wakeUpsOf } from "../shell/github/events.ts";
import { inBackground, whileEvaluating } from "../shell/github/history.ts";
import { GitHubMergeQueue } from "../shell/github/merge-queue.ts";
import { githubPort } from "../shell/github/port.ts";
import { judgingApart } from "../shell/judge-process.ts";
import { readRules } from "../shell/local/rule-files.ts";
import { answerMergeGroup, unknownGroup } from "../shell/merge-group.ts";
import { createHistoryQueue, type HistoryWork, sendHistory, startHistoryWorker } from "../shell/queue/history.ts";
import { takeIn } from "../shell/queue/intake.ts";
import { createQueues, evaluationQueue, send } from "../shell/queue/jobs.ts";
import { startWorker, type Work } from "../shell/queue/worker.ts";
import { type Outcome, run, runFailed } from "../shell/run.ts";
import { type Database, type DatabaseLocation, openDatabase } from "../shell/store/database.ts";
import { auditOf, createStore, latestEvaluation } from "../shell/store/records.ts";
import { JiraAccess } from "../shell/trackers/jira/access.ts";
import { JiraSite } from "../shell/trackers/jira/site.ts";
import { createMetrics, type Metrics } from "../shell/web/metrics.ts";
import { createPages, signedPath } from "../shell/web/pages.ts";
import { type Listening, startMetricsServer, startServer } from "../shell/web/server.ts";
import { branchAccess } from "./branch-access.ts";
import type { Environment } from "./environment.ts";
import { historyWasRead, readOn, remembered, rememberLearnt, waitsForHistory } from "./history.ts";
import { createLog } from "./log.ts";
import { organisationPolicyKnowledge, rememberOrganisation } from "./organisation-policy.ts";
import { createMemory, hostOf, issueTracker, worldOf } from "./world.ts";

/** A running service. */
export interface RunningService {
  readonly url: string;
  readonly metricsUrl: string | undefined;
  /** Stops intake, lets jobs end or gives them back within 20 s, closes the database. */
  stop(): Promise<void>;
}

/** Evaluations that run at once in one process. They wait for GitHub most of the time. */
const concurrency = 4;

/** Starts the whole service: database, queue, worker, HTTP. Throws when a part cannot start; nothing is left running. */
export async function startService(
  environment: Environment,
  log: Logger = createLog(environment.logLevel),
): Promise<RunningService> {
  const rules = await readRules();
  const location: DatabaseLocation =
    environment.databaseUrl === undefined ? { folder: environment.dataDir } : { url: environment.databaseUrl };
  const database = await openDatabase(location, (error) => log.error({ error: error.message }, "database"));
  try {
    await createQueues(database.boss);
    await createHistoryQueue(database.boss);
    return await startParts(environment, log, rules, database);
  } catch (error) {
    await database.boss.stop({ graceful: false }).catch(() => {});
    await database.close().catch(() => {});
    throw error;
  }
}

async function startParts(
  environment: Environment,
  log: Logger,
  rules: Rules,
  database: Database,
): Promise<RunningService> {
  const metrics = createMetrics(async () => (await database.boss.getQueueStats(evaluationQueue))[0]?.queuedCount ?? 0);
  const pageSecret = createHmac("sha256", environment.webhookSecrets[0] ?? "")
    .update("threatgate pages")
    .digest("hex");
  const host = hostOf(environment.githubApiUrl);
  const tell = (level: "info" | "warn" | "error", message: string, fields: Readonly<Record<string, unknown>>): void =>
    log[level](fields, message);
  let stopping = false;

  const probot = createProbot(environment, log, database, metrics);
  const pages = createPages(
    { pullRequest: (repository, number) => viewOf(database, host, repository, number) },
    pageSecret,
  );
  const server = await startServer(
    {
      webhookSecrets: environment.webhookSecrets,
      take: async ({ id, event, payload }) => {
        if (!handledEvents.has(event)) {
          metrics.deliveries.inc({ result: "ignored" });
          return;
        }
        // Names and payloads were only signed, not checked: `events.ts` checks their shape before anything is believed.
        await probot.receive({ id, name: event, payload } as Parameters<Probot["receive"]>[0]);
      },
      unready: async () => [
        ...(stopping ? ["stopping"] : []),
        ...((await database.ping()) ? [] : ["the database does not answer"]),
      ],
      pages,
      metrics,
      log: tell,
    },
    environment.port,
    environment.host,
  );
  log.info({ url: server.url }, "listening");
  const metricsServer =
    environment.metricsPort === undefined
      ? undefined
      : await startMetricsServer(metrics, environment.metricsPort, environment.host);
  if (metricsServer) log.info({ url: metricsServer.url }, "metrics");

  const publicUrl = environment.publicUrl ?? server.url;
  const evaluate = createEvaluator(
    environment,
    log,
    rules,
    database,
    metrics,
    (repository, number) => `${publicUrl}${signedPath(pageSecret, repository, number)}`,
  );
  await startWorker(database.boss, { ...evaluate, log: tell }, concurrency);
  await startHistoryWorker(database.boss, { readHistory: evaluate.readHistory, log: tell });
  return {
    url: server.url,
    metricsUrl: metricsServer?.url,
    stop: async () => {
      stopping = true;
      await stopAll(server, metricsServer, database);
      evaluate.stop();
    },
  };
}

/** Probot receives the verified deliveries and hands those that mean something to the intake. */
function createProbot(environment: Environment, log: Logger, database: Database, metrics: Metrics): Probot {
  const probot = new Probot({
    appId: environment.appId,
    privateKey: environment.privateKeys[0] ?? "",
    secret: environment.webhookSecrets[0] ?? "",
    baseUrl: environment.githubApiUrl,
    // Probot logs the whole payload of a delivery whose handler failed; our own server tells the error without it.
    log: log.child({}, { level: "silent" }),
  });
  probot.onAny(async ({ id, name, payload }) => {
    const wakeUps = wakeUpsOf(name, id, payload, { appId: environment.appId });
    const result = await takeIn(database.kysely, database.boss, { id, event: name, wakeUps });
    metrics.deliveries.inc({ result });
    log.info({ delivery: id, event: name, result, wakeUps: wakeUps.length }, "delivery");
  });
  return probot;
}

function createEvaluator(
  environment: Environment,
  log: Logger,
  rules: Rules,
  database: Database,
  metrics: Metrics,
  details: (repository: string, number: number) => string,
): Pick<Work, "evaluate" | "giveUp"> & Pick<HistoryWork, "readHistory"> & { stop(): void } {
  const app = openApp({
    appId: environment.appId,
    privateKeys: environment.privateKeys,
    baseUrl: environment.githubApiUrl,
    graphqlUrl: environment.githubGraphqlUrl,
  });
  const jira = environment.jira && new JiraAccess(new JiraSite(environment.jira));
  const memory = createMemory();
  const judging = judgingApart({ onKill: (why) => metrics.judgesKilled.inc({ why }) });
  const store = createStore(database.kysely);
  const worldFor = async ({ id, subject }: WakeUp, history = whileEvaluating): Promise<ReturnType<typeof worldOf>> => {
    const client = app.forRepository(subject.installation ?? 0, subject.repository);
    const repository = `${subject.owner}/${subject.repository}`;
    return worldOf({
      ...githubPort(client, {
        remembered: await remembered(database, subject.repositoryId),
        history,
        tracker: issueTracker(client, jira),
        organisationPolicy: organisationPolicyKnowledge(database, environment.organisationPolicy),
        others: () => app.repositoriesOf(subject.installation ?? 0),
        elsewhere: (other) => app.forReading(subject.installation ?? 0, other),
      }),
      store,
      memory,
      alone: database.alone,
      judging,
      rules,
      host: hostOf(environment.githubApiUrl),
      requestId: id,
      details: details(repository, subject.number),
    });
  };
  const conversationOf = ({ subject: { installation, owner, repository, number, repositoryId } }: WakeUp) => {
    const id = installation ?? 0;
    const place = { owner, name: repository };
    return new GitHubConversation(
      app.forRepository(id, repository),
      place,
      number,
      repositoryId,
      branchAccess(app, id, repository),
    );
  };
  const answer = async (wakeUp: WakeUp, comment: CommentName): Promise<void> => {
    const { comment: _, ...again } = wakeUp;
    const talk = {
      ...(await worldFor(wakeUp)),
      conversation: conversationOf(wakeUp),
      recheck: async () => {
        await send(database.boss, { ...again, why: "command.recheck" });
      },
    };
    const { outcome, why } = await answerComment(comment, wakeUp.subject, talk);
    log.info({ delivery: wakeUp.id, comment: comment.id, outcome, why }, "comment");
  };
  const queueOf = ({ subject: { installation, owner, repository } }: WakeUp) =>
    new GitHubMergeQueue(app.forMergeQueue(installation ?? 0, repository), { owner, name: repository });
  const answerGroup = async (wakeUp: WakeUp, asked: MergeGroupName, isLastAttempt: boolean): Promise<void> => {
    const { group: _, subject, ...again } = wakeUp;
    const { number } = subject;
    const queue = queueOf(wakeUp);
    const world = {
      members: (group: MergeGroupName) => queue.members(group),
      evaluate: async (missing: number) => {
        await send(database.boss, { ...again, subject: { ...subject, number: missing }, why: "merge_group.missing" });
      },
      post: (plan: Plan) => queue.post(plan, number),
    };
    const results = await answerMergeGroup(asked, world, isLastAttempt);
    log.info({ delivery: wakeUp.id, pullRequest: number, writes: results.length }, "merge group");
  };
  return {
    stop: () => judging.stop(),
    evaluate: async (wakeUp, isLastAttempt) => {
      if (wakeUp.comment) return answer(wakeUp, wakeUp.comment);
      if (wakeUp.group) return answerGroup(wakeUp, wakeUp.group, isLastAttempt);
      const end = metrics.evaluationSeconds.startTimer();
      try {
        const outcome = await run(wakeUp.subject, await worldFor(wakeUp), isLastAttempt);
        await rememberLearnt(database, outcome);
        await rememberOrganisation(database, outcome.snapshot);
        if (waitsForHistory(outcome, wakeUp)) await sendHistory(database.boss, wakeUp);
        count(metrics, log, wakeUp, outcome);
      } catch (error) {
        metrics.failures.inc({ kind: error instanceof Error ? error.name : "unknown" });
        throw error;
      } finally {
        end();
      }
    },
    readHistory: async (wakeUp) => {
      const left = await readOn(database, wakeUp, () => worldFor(wakeUp, inBackground));
      if (left === "done") await send(database.boss, { ...wakeUp, why: historyWasRead });
      return left;
    },
    giveUp: async (wakeUp, error) => {
      try {
        if (wakeUp.group) await queueOf(wakeUp).post(unknownGroup(wakeUp.group, error), wakeUp.subject.number);
        else if (wakeUp.comment) await answerFailed(wakeUp.comment, conversationOf(wakeUp));
        else await runFailed(wakeUp.subject, await worldFor(wakeUp), error);
      } catch (second) {
        log.error(
          { delivery: wakeUp.id, error: second instanceof Error ? second.message : String(second) },
          "could not say that it failed",
        );
      }
    },
  };
}

function count(metrics: Metrics, log: Logger, wakeUp: WakeUp, { assessment, results }: Outcome): void {
  metrics.evaluations.inc({ conclusion: assessment.conclusion });
  for (const result of results) {
    metrics.writes.inc({ step: result.step.do, outcome: result.outcome });
    log.info(
      { delivery: wakeUp.id, step: result.step.do, outcome: result.outcome, head: assessment.subject.head },
      "write",
    );
  }
  log.info(
    {
      delivery: wakeUp.id,
      why: wakeUp.why,
      pullRequest: assessment.subject.pullRequest,
      conclusion: assessment.conclusion,
      changes: assessment.changes.length,
      writes: results.length,
    },
    "evaluated",
  );
}

async function viewOf(database: Database, host: string, repository: string, number: number) {
  const stored = await latestEvaluation(database.kysely, repository, number);
  if (!stored) return undefined;
  return {
    assessment: stored.assessment,
    digest: stored.digest,
    previous: stored.previous,
    writes: await auditOf(database.kysely, repository, number),
    address: `${host}/${repository}/pull/${number}`,
  };
}

/** Running jobs get 15 s; what does not end is given back to the queue when its lease runs out. */
async function stopAll(server: Listening, metricsServer: Listening | undefined, database: Database): Promise<void> {
  await server.stop();
  await database.boss.stop({ graceful: true, timeout: 15_000 });
  await metricsServer?.stop();
  await database.close();
}
