import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { QueueDepth } from "../ports.ts";

/** What the service counts. Labels are bounded sets; none ever names a tenant. */
export interface Metrics {
  readonly registry: Registry;
  readonly deliveries: Counter<"result">;
  readonly answerSeconds: Histogram;
  readonly evaluations: Counter<"conclusion">;
  readonly evaluationSeconds: Histogram;
  readonly failures: Counter<"kind">;
  readonly writes: Counter<"step" | "outcome">;
  readonly judgesKilled: Counter<"why">;
  readonly jobs: Counter<"attempt">;
  readonly checkSeconds: Histogram;
  readonly requests: Counter<"method" | "route" | "status">;
  readonly created: Counter;
  readonly healed: Counter;
  readonly missingPermissions: Gauge<"permission">;
  readonly sweeps: Counter<"outcome">;
}

/** What is looked up whenever the metrics are read; what throws is shown as not a number. */
export interface Looked {
  depth?(): Promise<QueueDepth>;
  setAside?(): Promise<number>;
  /** The smallest share of its hourly limit that any installation has left, from 0 to 1; undefined where none is known. */
  budget?(resource: "core" | "graphql"): number | undefined;
}

/** A registry of its own for each service, so that two services in one process (tests) do not share counts. */
export function createMetrics(looked: Looked): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: "threatgate_" });
  const registers = [registry];
  const gauge = (name: string, help: string, value: () => Promise<number>): Gauge =>
    new Gauge({
      name,
      help,
      registers,
      async collect() {
        this.set(await value().catch(() => Number.NaN));
      },
    });
  new Gauge({
    name: "threatgate_github_budget_left_ratio",
    help: "The smallest share of GitHub's hourly limit that any installation has left.",
    labelNames: ["resource"],
    registers,
    collect() {
      for (const resource of ["core", "graphql"] as const) {
        const share = looked.budget?.(resource);
        if (share === undefined) this.remove({ resource });
        else this.set({ resource }, share);
      }
    },
  });
  // The three are read together and looked up once.
  let depth: Promise<QueueDepth> | undefined;
  const ofQueue = async (which: keyof QueueDepth): Promise<number> => {
    depth ??= notLookedUp(looked.depth).finally(() => {
      depth = undefined;
    });
    return (await depth)[which];
  };
  gauge("threatgate_queue_waiting_jobs", "Evaluations and answers that wait.", () => ofQueue("waiting"));
  gauge("threatgate_queue_running_jobs", "Evaluations and answers that run, in all replicas.", () =>
    ofQueue("running"),
  );
  gauge("threatgate_queue_oldest_seconds", "How long the longest waiting one has waited.", () =>
    ofQueue("oldestSeconds"),
  );
  gauge("threatgate_failed_jobs", "Jobs that failed at every attempt and wait for the operator.", () =>
    notLookedUp(looked.setAside),
  );
  return {
    registry,
    deliveries: new Counter({
      name: "threatgate_deliveries_total",
      help: "Webhook deliveries by what became of them.",
      labelNames: ["result"],
      registers,
    }),
    answerSeconds: new Histogram({
      name: "threatgate_delivery_answer_seconds",
      help: "Time from the first byte of a delivery to our answer.",
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 5],
      registers,
    }),
    evaluations: new Counter({
      name: "threatgate_evaluations_total",
      help: "Evaluations by conclusion.",
      labelNames: ["conclusion"],
      registers,
    }),
    evaluationSeconds: new Histogram({
      name: "threatgate_evaluation_seconds",
      help: "Time of one evaluation, reading and writing included.",
      buckets: [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
      registers,
    }),
    failures: new Counter({
      name: "threatgate_evaluation_failures_total",
      help: "Evaluations that did not end, by kind of fault.",
      labelNames: ["kind"],
      registers,
    }),
    writes: new Counter({
      name: "threatgate_writes_total",
      help: "Writes to GitHub by step and outcome.",
      labelNames: ["step", "outcome"],
      registers,
    }),
    judgesKilled: new Counter({
      name: "threatgate_judges_killed_total",
      help: "Processes that read and judged, and were ended because of time, memory or a crash.",
      labelNames: ["why"],
      registers,
    }),
    jobs: new Counter({
      name: "threatgate_jobs_done_total",
      help: "Jobs that ended well, by the attempt at which they did.",
      labelNames: ["attempt"],
      registers,
    }),
    checkSeconds: new Histogram({
      name: "threatgate_time_to_check_seconds",
      help: "Time from the delivery that asked for an evaluation to its end, waiting included.",
      buckets: [0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600],
      registers,
    }),
    requests: new Counter({
      name: "threatgate_github_requests_total",
      help: "Requests to GitHub by method, route and status; status 0 where no answer came.",
      labelNames: ["method", "route", "status"],
      registers,
    }),
    created: new Counter({
      name: "threatgate_content_created_total",
      help: "Creations that GitHub counts against its limit of content: comments, reviews, issues.",
      registers,
    }),
    healed: new Counter({
      name: "threatgate_duplicates_healed_total",
      help: "Posts of ours that stood twice and were put away.",
      registers,
    }),
    missingPermissions: new Gauge({
      name: "threatgate_missing_permissions",
      help: "Installations that have not granted a permission, as of the last sweep.",
      labelNames: ["permission"],
      registers,
    }),
    sweeps: new Counter({
      name: "threatgate_sweeps_total",
      help: "Sweeps that ended, by outcome: whole, or partial where a part of it failed.",
      labelNames: ["outcome"],
      registers,
    }),
  };
}

async function notLookedUp<Value>(look: (() => Promise<Value>) | undefined): Promise<Value> {
  if (!look) throw new Error("not looked up");
  return look();
}
