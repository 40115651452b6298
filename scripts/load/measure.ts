import { availableParallelism } from "node:os";
import type { RunningService } from "../../test/flow/program.ts";
import { type Outcome, quantile } from "../chaos/outcome.ts";
import { processorSeconds } from "./processor.ts";
import type { Sent } from "./sender.ts";
import { notStored, type Stage, setStage } from "./stage.ts";

/** One measurement under load. */
export interface Measurement {
  readonly database: "postgresql" | "embedded";
  readonly replicas?: number;
  readonly perSecond: number;
  readonly seconds: number;
  /** Milliseconds within which 99 of 100 deliveries are answered; left out: no bar. */
  readonly p99?: number;
  /** Whether memory is to be level: the last fifth no more than a tenth above the second fifth. */
  readonly levelMemory?: boolean;
}

/** Milliseconds that the service may take, after the last delivery, until every pull request is as it must be. */
const patience = 300_000;

/** Deliveries a second, and seconds, before anything is measured: a service that has just started compiles its own code. */
const warmUp = [20, 10] as const;

/** What was looked at from time to time while deliveries were sent. */
interface Samples {
  /** Resident bytes of all replicas. */
  readonly memory: number[];
  /** Seconds. */
  readonly lag: number[];
}

/**
 * Sends signed deliveries at a steady rate to the real service, which evaluates against the stand-in meanwhile. Afterwards every
 * accepted delivery must be stored and every pull request be as it must be.
 */
export async function underLoad(wanted: Measurement): Promise<Outcome> {
  const { perSecond, seconds, replicas = 1 } = wanted;
  const stage = await setStage(wanted.database, replicas);
  try {
    const { services } = stage;
    const first = await stage.send(...warmUp);
    const before = await processorSeconds();
    const evaluated = await sum(services, "threatgate_evaluation_seconds_count");
    const samples: Samples = { memory: [], lag: [] };
    const sampling = setInterval(() => void sample(stage, samples), Math.max(1000, (seconds * 1000) / 60));
    const sent = await stage.send(perSecond, seconds);
    clearInterval(sampling);
    const began = Date.now();
    const wrong = [...(await stage.traffic.settled(patience))];
    const settled = (Date.now() - began) / 1000;
    const after = await processorSeconds();
    const evaluations = (await sum(services, "threatgate_evaluation_seconds_count")) - evaluated;
    if (stage.databaseUrl !== undefined)
      wrong.push(...(await notStored(stage.databaseUrl, [...first.accepted, ...sent.accepted])));
    const p99 = quantile(sent.milliseconds, 0.99);
    if (wanted.p99 !== undefined && p99 > wanted.p99) wrong.push(`p99 ${Math.round(p99)} ms, not ${wanted.p99}`);
    wrong.push(...refused(sent, perSecond * seconds));
    const growth = growthOf(samples.memory);
    if (wanted.levelMemory && growth > 1.1) wrong.push(`memory grew by ${Math.round((growth - 1) * 100)} %`);
    return {
      figures: {
        processors: availableParallelism(),
        deliveries: perSecond * seconds,
        "a second": perSecond,
        "answered, median ms": rounded(quantile(sent.milliseconds, 0.5)),
        "answered, p99 ms": rounded(p99),
        "answered, slowest ms": rounded(quantile(sent.milliseconds, 1)),
        evaluations,
        "evaluations a second": rounded(evaluations / (seconds + settled)),
        "settled after, s": rounded(settled),
        ...(before && after
          ? {
              "processor time of the service, s": rounded(after.service - before.service),
              "of the processes that judge, s": rounded(after.judges - before.judges),
              "of PostgreSQL, s": rounded(after.database - before.database),
            }
          : {}),
        "memory, most MiB": Math.round(Math.max(0, ...samples.memory) / 1_048_576),
        "memory, last fifth to second": Math.round(growth * 100) / 100,
        "event loop lag p99, median ms": rounded(quantile(samples.lag, 0.5) * 1000),
      },
      wrong,
      said: services.flatMap(({ lines }) => lines),
    };
  } finally {
    await stage.end();
  }
}

/**
 * The same flood for one replica and for two on one database: evaluations a second of each, and their ratio.
 * @param perSecond deliveries: more than evaluations can be done, so that work always waits.
 */
export async function replicas(seconds: number, perSecond: number): Promise<Outcome> {
  const rates: number[] = [];
  const wrong: string[] = [];
  for (const count of [1, 2]) {
    const stage = await setStage("postgresql", count);
    try {
      const sent = await stage.send(perSecond, seconds);
      rates.push((await sum(stage.services, "threatgate_evaluation_seconds_count")) / seconds);
      wrong.push(...refused(sent, perSecond * seconds));
      wrong.push(...(await stage.traffic.settled(patience)));
      if (stage.databaseUrl !== undefined) wrong.push(...(await notStored(stage.databaseUrl, sent.accepted)));
    } finally {
      await stage.end();
    }
  }
  const [one = 0, two = 0] = rates;
  const ratio = two / one;
  // Where the processors are all taken by one, two can do no more; they must not do less.
  if (!(ratio >= 0.9)) wrong.push(`two replicas did ${rounded(ratio)} of what one did`);
  return {
    figures: {
      processors: availableParallelism(),
      "one replica, evaluations a second": rounded(one),
      "two replicas, evaluations a second": rounded(two),
      ratio: Math.round(ratio * 100) / 100,
    },
    wrong,
  };
}

function refused({ accepted, statuses }: Sent, all: number): readonly string[] {
  const missing = all - accepted.length;
  return missing > 0 ? [`${missing} deliveries were not accepted: ${JSON.stringify(statuses)}`] : [];
}

function growthOf(memory: readonly number[]): number {
  const fifth = memory.length / 5;
  return quantile(memory.slice(fifth * 4), 0.5) / Math.max(1, quantile(memory.slice(fifth, fifth * 2), 0.5));
}

async function sample(stage: Stage, { memory, lag }: Samples): Promise<void> {
  stage.forgetRequests();
  try {
    const all = await Promise.all(stage.services.map((service) => service.metrics()));
    const of = (name: string): number[] => all.map((metrics) => metrics.get(name) ?? 0);
    memory.push(of("threatgate_process_resident_memory_bytes").reduce((one, other) => one + other, 0));
    lag.push(Math.max(...of("threatgate_nodejs_eventloop_lag_p99_seconds")));
  } catch {
    // A sample that could not be taken is one less.
  }
}

async function sum(services: readonly RunningService[], metric: string): Promise<number> {
  let total = 0;
  for (const service of services) total += await service.metric(metric);
  return total;
}

function rounded(figure: number): number {
  return Math.round(figure * 10) / 10;
}
