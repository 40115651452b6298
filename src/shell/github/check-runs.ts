import { z } from "zod";
import type { Annotation, DesiredCheckRun } from "../../core/domain/desired.ts";
import type { StepResult } from "../../core/domain/plan.ts";
import { Forbidden, Gone, TryAgainLater, Uncertain } from "../failures.ts";
import { type Answer, failureOf, messageOf } from "./answers.ts";
import { type Call, type GitHubClient, read } from "./client.ts";
import { readExternalId, writeExternalId } from "./events.ts";
import { named, type StepOf, type Target } from "./steps.ts";

/** GitHub takes 50 annotations a request and appends those of later ones. https://docs.github.com/rest/checks/runs */
const annotationsAtOnce = 50;

const checkRunShape = z.object({
  id: z.number(),
  html_url: z.string().optional(),
  external_id: z.string().nullish(),
  output: z.object({ annotations_count: z.number() }).partial().nullish(),
  pull_requests: z.array(z.object({ number: z.number(), head: z.object({ sha: z.string() }) })).nullish(),
});
type CheckRun = z.infer<typeof checkRunShape>;

/** What writing a check run showed beside its result. */
export interface WrittenCheckRun {
  readonly result: StepResult;
  /** True when GitHub named the pull request with the judged commit as its head: it is still open and has not moved. */
  readonly isHead: boolean;
}

/** Writes check runs on the commit that was judged, and on no other (H042). */
export class CheckRuns {
  readonly #client: GitHubClient;

  constructor(client: GitHubClient) {
    this.#client = client;
  }

  /**
   * Shows on a commit that it is being looked at: gives the id of the run, to be completed by `update`. Undefined where a
   * run of ours is there already, which must not lose its verdict, or where GitHub does not take it.
   */
  async begin(
    target: Target,
    name: DesiredCheckRun["name"],
    output?: { readonly title: string; readonly summary: string },
  ): Promise<number | undefined> {
    if ((await this.#newest(target, name)) !== undefined) return undefined;
    const externalId = writeExternalId("", target.number);
    const parameters = {
      ...named(target),
      name,
      head_sha: target.head,
      status: "in_progress",
      external_id: externalId,
      ...(output === undefined ? {} : { output }),
    };
    const call: Call = { ...writing, kind: "once" };
    const answer = await this.#client.rest("POST /repos/{owner}/{repo}/check-runs", parameters, call);
    return answer.status < 300 ? read(checkRunShape, answer.data, writing.what).id : undefined;
  }

  /** Creates a completed check run; after a lost answer it looks for it first (H044). */
  async create(target: Target, step: StepOf<"create-check-run" | "update-check-run">): Promise<WrittenCheckRun> {
    const [first = [], ...rest] = inBatches(step.checkRun.annotations);
    const parameters = {
      ...named(target),
      name: step.checkRun.name,
      head_sha: target.head,
      status: "completed",
      conclusion: step.checkRun.conclusion,
      external_id: writeExternalId(step.externalId, target.number),
      ...(step.checkRun.detailsUrl === undefined ? {} : { details_url: step.checkRun.detailsUrl }),
    };
    const answer = await this.#withAnnotations(step.checkRun, first, (output) =>
      this.#post(target, step.externalId, { ...parameters, output }),
    );
    return this.#finish(target, step, answer, first.length, rest);
  }

  /**
   * Brings an own check run up to date. One that holds annotations already would keep them beside the new ones, so it is
   * left behind by a new run of the same name, which takes its place.
   */
  async update(target: Target, step: StepOf<"update-check-run">, annotated: number): Promise<WrittenCheckRun> {
    if (annotated > 0 && step.checkRun.annotations.length > 0) return this.create(target, step);
    const [first = [], ...rest] = inBatches(step.checkRun.annotations);
    const parameters = {
      ...named(target),
      check_run_id: step.id,
      status: "completed",
      conclusion: step.checkRun.conclusion,
      external_id: writeExternalId(step.externalId, target.number),
      ...(step.checkRun.detailsUrl === undefined ? {} : { details_url: step.checkRun.detailsUrl }),
    };
    const answer = await this.#withAnnotations(step.checkRun, first, (output) =>
      this.#patch(target, step.id, { ...parameters, output }, annotated + (output.annotations?.length ?? 0)),
    );
    // Somebody may have deleted the App's data, or the run is older than GitHub keeps them.
    if (answer.status === 404) return this.create(target, step);
    return this.#finish(target, step, answer, annotated + first.length, rest);
  }

  async #finish(
    target: Target,
    step: StepOf<"create-check-run" | "update-check-run">,
    answer: Answer,
    count: number,
    rest: readonly (readonly Annotation[])[],
  ): Promise<WrittenCheckRun> {
    if (answer.status >= 400) return { result: this.#refused(step, answer), isHead: false };
    const run = read(checkRunShape, answer.data, writing.what);
    let annotated = count;
    for (const annotations of rest) {
      annotated += annotations.length;
      const output = { ...textsOf(step.checkRun), annotations };
      await this.#patch(target, run.id, { ...named(target), check_run_id: run.id, output }, annotated);
    }
    const isHead = (run.pull_requests ?? []).some(
      (pull) => pull.number === target.number && pull.head.sha === target.head,
    );
    const reference = run.html_url === undefined ? {} : { reference: run.html_url };
    return { result: { step, outcome: "done", ...reference }, isHead };
  }

  /** Only Apps may write check runs: with a person's token the check is not shown, and that is said. */
  #refused(step: StepOf<"create-check-run" | "update-check-run">, answer: Answer): StepResult {
    const said = messageOf(answer.data);
    if (/\barchived\b/i.test(said)) throw new Gone("The repository is archived.");
    if (answer.status === 403 && this.#client.identity.door !== "app") {
      return { step, outcome: "skipped", why: `this token may not write check runs: ${said}` };
    }
    if (answer.status === 403)
      throw new Forbidden(`GitHub does not let us write the check run: ${said}`, writing.needs);
    throw failureOf(answer, writing.what, writing.needs);
  }

  /** An annotation that GitHub refuses must not cost the verdict: then the check is written without any (H045). */
  async #withAnnotations(
    checkRun: DesiredCheckRun,
    annotations: readonly Annotation[],
    send: (output: Output) => Promise<Answer>,
  ): Promise<Answer> {
    const texts = textsOf(checkRun);
    const answer = await send(annotations.length > 0 ? { ...texts, annotations } : texts);
    if (answer.status !== 422 || annotations.length === 0) return answer;
    return send({
      ...texts,
      summary: `${texts.summary}\n\nGitHub refused the ${annotations.length} annotations of this check.`,
    });
  }

  async #post(target: Target, externalId: string, parameters: Readonly<Record<string, unknown>>): Promise<Answer> {
    const route = "POST /repos/{owner}/{repo}/check-runs";
    for (const isSecond of [false, true]) {
      try {
        return await this.#client.rest(route, parameters, { ...writing, kind: "once" });
      } catch (error) {
        if (!(error instanceof Uncertain)) throw error;
        const there = await this.#find(target, externalId, String(parameters.name));
        if (there) return { status: 200, headers: {}, data: there };
        if (isSecond) throw error;
      }
    }
    throw new TryAgainLater("The check run could not be written.");
  }

  /** Updates a run so that it holds `annotated` annotations in all; after a lost answer it counts them first. */
  async #patch(
    target: Target,
    id: number,
    parameters: Readonly<Record<string, unknown>>,
    annotated: number,
  ): Promise<Answer> {
    const route = "PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}";
    for (const isSecond of [false, true]) {
      try {
        return await this.#client.rest(route, parameters, { ...writing, kind: annotated > 0 ? "once" : "repeatable" });
      } catch (error) {
        if (!(error instanceof Uncertain)) throw error;
        const there = await this.#read(target, id);
        const external = typeof parameters.external_id === "string" ? parameters.external_id : there?.external_id;
        const isThere = (there?.output?.annotations_count ?? 0) >= annotated && there?.external_id === external;
        if (there && isThere) return { status: 200, headers: {}, data: there };
        if (isSecond) throw error;
      }
    }
    throw new TryAgainLater("The check run could not be written.");
  }

  async #read(target: Target, id: number): Promise<CheckRun | undefined> {
    await this.#client.wait(1000);
    const route = "GET /repos/{owner}/{repo}/check-runs/{check_run_id}";
    const answer = await this.#client.rest(
      route,
      { ...named(target), check_run_id: id },
      { ...reading, accepts: [404] },
    );
    return answer.status === 404 ? undefined : read(checkRunShape, answer.data, reading.what);
  }

  async #find(target: Target, externalId: string, name: string): Promise<CheckRun | undefined> {
    await this.#client.wait(1000);
    const runs = await this.#listed(target, name, "all");
    return runs.find((run) => readExternalId(run.external_id ?? "") === externalId);
  }

  async #newest(target: Target, name: string): Promise<CheckRun | undefined> {
    return (await this.#listed(target, name, "latest"))[0];
  }

  async #listed(target: Target, name: string, filter: "latest" | "all"): Promise<readonly CheckRun[]> {
    const { appId } = this.#client.identity;
    const parameters = {
      ...named(target),
      ref: target.head,
      check_name: name,
      filter,
      per_page: 100,
      ...(appId === undefined ? {} : { app_id: appId }),
    };
    const answer = await this.#client.rest("GET /repos/{owner}/{repo}/commits/{ref}/check-runs", parameters, reading);
    return read(z.object({ check_runs: z.array(checkRunShape) }), answer.data, reading.what).check_runs;
  }
}

interface Output {
  readonly title: string;
  readonly summary: string;
  readonly text?: string;
  readonly annotations?: readonly Annotation[];
}

const writing = {
  what: "write the check run",
  needs: "Checks: write",
  accepts: [403, 404, 422],
  comesFirst: true,
} as const;
const reading: Call = { what: "look for our check run", needs: "Checks: read", kind: "read" };

function textsOf({ title, summary, text }: DesiredCheckRun): Output {
  return { title, summary, ...(text === undefined ? {} : { text }) };
}

function inBatches(annotations: readonly Annotation[]): (readonly Annotation[])[] {
  const batches: (readonly Annotation[])[] = [];
  for (let from = 0; from < annotations.length; from += annotationsAtOnce) {
    batches.push(annotations.slice(from, from + annotationsAtOnce));
  }
  return batches;
}
