import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

/** What the service counts. Labels are bounded sets; none ever names a tenant. */
export interface Metrics {
  readonly registry: Registry;
  readonly deliveries: Counter<"result">;
  readonly answerSeconds: Histogram;
  readonly evaluations: Counter<"conclusion">;
  readonly evaluationSeconds: Histogram;
  readonly failures: Counter<"kind">;
  readonly writes: Counter<"step" | "outcome">;
  readonly queueWaiting: Gauge;
  readonly deadLetters: Gauge;
  readonly judgesKilled: Counter<"why">;
}

/** A registry of its own for each service, so that two services in one process (tests) do not share counts. */
export function createMetrics(
  waiting: () => Promise<number>,
  setAside: () => Promise<number> = async () => Number.NaN,
): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: "threatgate_" });
  const registers = [registry];
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
    deadLetters: new Gauge({
      name: "threatgate_failed_jobs",
      help: "Jobs that failed at every attempt and wait for the operator.",
      registers,
      async collect() {
        this.set(await setAside().catch(() => Number.NaN));
      },
    }),
    queueWaiting: new Gauge({
      name: "threatgate_queue_waiting_jobs",
      help: "Evaluations that wait for a worker.",
      registers,
      async collect() {
        this.set(await waiting().catch(() => Number.NaN));
      },
    }),
  };
}
