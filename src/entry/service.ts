import { createHmac } from "node:crypto";
import type { Logger } from "pino";
import { Probot } from "probot";
import type { Rules } from "../core/domain/rules.ts";
import type { WakeUp } from "../shell/event.ts";
import { openApp } from "../shell/github/app.ts";
import { reserveForPeople } from "../shell/github/budget.ts";
import { handledEvents, wakeUpsOf } from "../shell/github/events.ts";
import { installationEvents, noticeOf } from "../shell/github/notices.ts";
import { readRules } from "../shell/local/rule-files.ts";
import { startDeadLetterWorker } from "../shell/queue/dead-letters.ts";
import { queueDepth } from "../shell/queue/depth.ts";
import { createHistoryQueue, startHistoryWorker } from "../shell/queue/history.ts";
import { Intake } from "../shell/queue/intake.ts";
import { createQueues } from "../shell/queue/jobs.ts";
import { createNoticeQueue, startNoticeWorker } from "../shell/queue/notices.ts";
import { IntakePressure } from "../shell/queue/pressure.ts";
import { createSweepQueue, startSweeping } from "../shell/queue/sweep.ts";
import { startWorker } from "../shell/queue/worker.ts";
import { type Database, type DatabaseLocation, openDatabase } from "../shell/store/database.ts";
import { countDeadLetters } from "../shell/store/dead-letters.ts";
import { databaseNow } from "../shell/store/open-pull-requests.ts";
import { JiraAccess } from "../shell/trackers/jira/access.ts";
import { JiraSite } from "../shell/trackers/jira/site.ts";
import { createMetrics, type Metrics } from "../shell/web/metrics.ts";
import { createPages } from "../shell/web/pages.ts";
import { type Listening, startMetricsServer, startServer } from "../shell/web/server.ts";
import { signedPath } from "../shell/web/signed-address.ts";
import { countCalls } from "./calls.ts";
import { createDashboard } from "./dashboard.ts";
import type { Environment } from "./environment.ts";
import { createEvaluator } from "./evaluator.ts";
import { createLog } from "./log.ts";
import { neededSettings, optionalSettings } from "./manifest.ts";
import { takeNotice } from "./notices.ts";
import { answerOperators } from "./operator.ts";
import { watchSettings } from "./readiness.ts";
import { watchSetup } from "./setup.ts";
import { sweep } from "./sweep.ts";
import { traced, traceRequest } from "./tracing.ts";

/** A running service. */
export interface RunningService {
  readonly url: string;
  readonly metricsUrl: string | undefined;
  /** Stops intake, lets jobs end or gives them back within 20 s, closes the database. */
  stop(): Promise<void>;
}

/** Evaluations that run at once in one process. They wait for GitHub most of the time. */
const concurrency = 6;

/** Starts the whole service: database, queue, worker, HTTP. Throws when a part cannot start; nothing is left running. */
export async function startService(
  environment: Environment,
  log: Logger = createLog(environment.logLevel),
): Promise<RunningService> {
  const rules = await readRules();
  const location: DatabaseLocation =
    environment.databaseUrl === undefined ? { folder: environment.dataDir } : { url: environment.databaseUrl };
  const database = await openDatabase(location, (error) => log.error({ error: error.message }, "database"));
  const started: (() => unknown)[] = [];
  try {
    await createQueues(database.boss, environment.retrySeconds);
    await createHistoryQueue(database.boss);
    await createNoticeQueue(database.boss);
    await createSweepQueue(database.boss);
    return await startParts(environment, log, rules, database, started);
  } catch (error) {
    // A server that goes on listening would keep the process alive, and nobody would start it again.
    for (const stop of started.toReversed()) await stop();
    await database.close().catch(() => {});
    throw error;
  }
}

/** @param started how to stop each part that runs by now, in the order in which they were started. */
async function startParts(
  environment: Environment,
  log: Logger,
  rules: Rules,
  database: Database,
  started: (() => unknown)[],
): Promise<RunningService> {
  const metrics = createMetrics({
    depth: () => queueDepth(database.kysely),
    setAside: () => countDeadLetters(database.kysely),
    budget: (resource) => app.leastLeft(resource),
  });
  const calls = countCalls(database);
  const app = openApp({
    appId: environment.appId,
    privateKeys: environment.privateKeys,
    baseUrl: environment.githubApiUrl,
    graphqlUrl: environment.githubGraphqlUrl,
    onCall: calls.count,
    onRequest: (request) => {
      const { method, route, status, createsContent } = request;
      traceRequest(request);
      metrics.requests.inc({ method, route, status: String(status) });
      if (createsContent && status >= 200 && status < 300) metrics.created.inc();
    },
  });
  const needed = await neededSettings();
  const settings = watchSettings(app.asApp(), needed, log);
  started.push(() => settings.stop());
  const pageSecret = createHmac("sha256", environment.webhookSecrets[0] ?? "")
    .update("threatgate pages")
    .digest("hex");
  const tell = (level: "info" | "warn" | "error", message: string, fields: Readonly<Record<string, unknown>>): void =>
    log[level](fields, message);
  let stopping = false;

  const pressure = new IntakePressure();
  const intake = new Intake(database.kysely, database.boss, (deliveries) => pressure.stored(deliveries));
  const probot = createProbot(environment, log, intake, metrics);
  const writeCalls = async (): Promise<void> => {
    await calls.write().catch((error: unknown) => log.warn({ error: String(error) }, "calls were not counted"));
  };
  const counting = setInterval(writeCalls, 15_000);
  counting.unref();
  started.push(() => clearInterval(counting));
  const dashboard = createDashboard({
    environment,
    log,
    rules,
    database,
    app,
    secret: pageSecret,
    judged: (subject) => evaluator.judged(subject),
  });
  const pages = createPages({ ...dashboard, publicUrl: environment.publicUrl ?? "http://localhost", log: tell });
  const server = await startServer(
    {
      webhookSecrets: environment.webhookSecrets,
      take: async ({ id, event, payload }) => {
        if (!handledEvents.has(event) && !installationEvents.has(event)) {
          metrics.deliveries.inc({ result: "ignored" });
          return;
        }
        // Names and payloads were only signed, not checked: `events.ts` checks their shape before anything is believed.
        const delivery = { id, name: event, payload } as Parameters<Probot["receive"]>[0];
        await traced("delivery", { delivery: id, event }, () => probot.receive(delivery));
      },
      unready: async () => [
        ...(stopping ? ["stopping"] : []),
        ...((await database.ping()) ? [] : ["the database does not answer"]),
        ...settings.missing(),
      ],
      pages,
      metrics,
      log: tell,
    },
    environment.port,
    environment.host,
  );
  started.push(() => server.stop());
  log.info({ url: server.url }, "listening");
  const metricsServer =
    environment.metricsPort === undefined
      ? undefined
      : await startMetricsServer(
          metrics,
          watchSetup(app.asApp(), {
            appId: environment.appId,
            needed,
            optional: await optionalSettings(),
            publicUrl: environment.publicUrl,
            forListing: (installation) => app.forListing(installation),
          }),
          environment.metricsPort,
          environment.host,
        );
  if (metricsServer) started.push(() => metricsServer.stop());
  if (metricsServer) log.info({ url: metricsServer.url }, "metrics");

  const publicUrl = environment.publicUrl ?? server.url;
  const jira = environment.jira && new JiraAccess(new JiraSite(environment.jira));
  const evaluator = createEvaluator({
    environment,
    log,
    rules,
    database,
    metrics,
    app,
    jira,
    details: (page) => `${publicUrl}${signedPath(pageSecret, page, Date.now())}`,
  });
  started.push(() => evaluator.stop());
  const { boss } = database;
  const pauseOfPatient = ({ subject }: WakeUp): number => app.secondsUntil(subject.installation ?? 0, reserveForPeople);
  const done = (_: WakeUp, seconds: number, attempt: number): void => {
    metrics.checkSeconds.observe(seconds);
    metrics.jobs.inc({ attempt: String(attempt) });
  };
  const evaluate = (wakeUp: WakeUp, isLastAttempt: boolean): Promise<void> =>
    traced("evaluation", { delivery: wakeUp.id, why: wakeUp.why }, () => evaluator.evaluate(wakeUp, isLastAttempt));
  const mayBegin = async (): Promise<void> => {
    await database.settled;
    await pressure.eased();
  };
  await startWorker(
    database.kysely,
    boss,
    { ...evaluator, evaluate, mayBegin, pauseOfPatient, done, log: tell },
    concurrency,
  );
  await startHistoryWorker(boss, { readHistory: evaluator.readHistory, log: tell });
  await startDeadLetterWorker(boss, { setAside: evaluator.setAside, log: tell });
  await startNoticeWorker(boss, {
    now: () => databaseNow(database.kysely),
    takeNotice: (notice, id, noticed) =>
      takeNotice(database, notice, id, {
        graceDays: environment.eraseAfterDays,
        ...(noticed === undefined ? {} : { noticed }),
      }),
    log: tell,
  });
  const { judged } = evaluator;
  const ground = { environment, log, database, app, jira, metrics, needed, judged };
  const stopSweeping = await startSweeping(
    boss,
    { sweep: () => database.settled.then(() => sweep(ground)), log: tell },
    environment.sweepSeconds,
  );
  const stopAnswering = await answerHere(environment, database, log);
  return {
    url: server.url,
    metricsUrl: metricsServer?.url,
    stop: async () => {
      stopping = true;
      stopSweeping();
      clearInterval(counting);
      await writeCalls();
      settings.stop();
      await stopAnswering();
      await stopAll(server, metricsServer, database);
      evaluator.stop();
    },
  };
}

/** The socket for the operator's commands; a folder where none can be made costs only those. */
async function answerHere(environment: Environment, database: Database, log: Logger): Promise<() => Promise<void>> {
  if (database.kind !== "embedded") return async () => {};
  try {
    return await answerOperators(database, environment.dataDir);
  } catch (error) {
    log.warn({ error: error instanceof Error ? error.message : String(error) }, "no socket for the operator");
    return async () => {};
  }
}

/** Probot receives the verified deliveries and hands those that mean something to the intake. */
function createProbot(environment: Environment, log: Logger, intake: Intake, metrics: Metrics): Probot {
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
    const notice = noticeOf(name, payload);
    const result = await intake.take({ id, event: name, wakeUps, notice });
    metrics.deliveries.inc({ result });
    log.info({ delivery: id, event: name, result, wakeUps: wakeUps.length }, "delivery");
  });
  return probot;
}

/** Running jobs get 15 s; what does not end is given back to the queue when its lease runs out. */
async function stopAll(server: Listening, metricsServer: Listening | undefined, database: Database): Promise<void> {
  await server.stop();
  await database.boss.stop({ graceful: true, timeout: 15_000 });
  await metricsServer?.stop();
  await database.close();
}
