import { Octokit } from "@octokit/rest";
import { z } from "zod";
import { TryAgainLater, Uncertain } from "../failures.ts";
import { type Address, addressOf } from "./address.ts";
import { type Answer, failureOf, gitHubTime, rateLimitSeconds, retryAfterSeconds } from "./answers.ts";
import { type Budget, reserveForChecks } from "./budget.ts";
import { checkGraphql, type GraphqlAnswer, isGood, readGraphql, type Sent } from "./graphql-answer.ts";
import { type Clock, machineClock, Pace } from "./pace.ts";

export type { GraphqlAnswer, GraphqlError } from "./graphql-answer.ts";

/** What a request may do, and what it is for. */
export interface Call {
  /** In words, after "to": "read the pull request". */
  readonly what: string;
  /** The permission it needs, as a person would set it: "Checks: write". */
  readonly needs: string;
  /** `read`: may be sent again. `repeatable`: a write that may be made twice. `once`: a write that must not be. */
  readonly kind: "read" | "repeatable" | "once";
  /** Whether people are notified of what it creates: counted against GitHub's limit on content. */
  readonly createsContent?: boolean;
  /** A write that is done even when little is left of the installation's limits: the check. */
  readonly comesFirst?: boolean;
  /** Statuses from 400 on that are an answer and no failure. */
  readonly accepts?: readonly number[];
}

/** Who we are to GitHub. */
export interface Identity {
  readonly door: "app" | "action" | "cli";
  /** Id of the App that owns our check runs. Absent when only a token is known: then the token's own login decides. */
  readonly appId?: number;
  /** What our installation covers of the owner's repositories. Absent when only a token is known: nothing tells. */
  readonly coverage?: () => Promise<Coverage>;
}

/** Whether an installation is given all repositories of its owner or only chosen ones: GitHub's `repository_selection`. */
export type Coverage = "all" | "selected";

/** A token to send, renewed on demand. `renew` is absent where there is only the one that was given. */
export interface Credentials {
  token(): Promise<string>;
  renew?(): Promise<string>;
}

export interface ClientOptions {
  /** REST base; default GitHub's. */
  readonly baseUrl?: string | undefined;
  readonly graphqlUrl?: string | undefined;
  /** Milliseconds for one request, the reading of its body included. */
  readonly timeout?: number;
  /** The longest that a request waits for a rate limit before the job is given back, in seconds. */
  readonly patience?: number;
  readonly clock?: Clock;
  /** A counter or log of requests: no bodies, no tokens. */
  readonly onRequest?: (request: SentRequest) => void;
}

/** One request as it is counted: the route with its placeholders, never the names that were put in. */
export interface SentRequest {
  readonly method: string;
  readonly route: string;
  readonly kind: Call["kind"];
  readonly createsContent: boolean;
  /** 0 where no answer came. */
  readonly status: number;
  readonly milliseconds: number;
}

/**
 * Requests to GitHub. Throws only the three kinds of failures.ts; `Uncertain`, a TryAgainLater, says that a write may
 * have been carried out.
 */
export interface GitHubClient {
  readonly identity: Identity;
  readonly address: Address;
  rest(route: string, parameters: Readonly<Record<string, unknown>>, call: Call): Promise<Answer>;
  graphql(document: string, variables: Readonly<Record<string, unknown>>, call: Call): Promise<GraphqlAnswer>;
  /** Waits, on the client's clock. */
  wait(milliseconds: number): Promise<void>;
}

/** A client for a token that a person or a workflow gave (`GITHUB_TOKEN`). */
export function tokenClient(token: string, door: "action" | "cli", options: ClientOptions = {}): GitHubClient {
  const clock = options.clock ?? machineClock;
  const patient = { patience: 120, ...options };
  return createClient({ token: async () => token }, { door }, new Pace(undefined, clock), patient);
}

/** A client over any credentials. The pace is shared by all clients that write under the same limits. */
export function createClient(
  credentials: Credentials,
  identity: Identity,
  pace: Pace,
  options: ClientOptions,
): GitHubClient {
  const address = addressOf(options.baseUrl, options.graphqlUrl);
  const clock = options.clock ?? machineClock;
  const requests = new Requests(credentials, address, pace.budget, options);
  const paced = async <T>(call: Call, send: () => Promise<T>): Promise<T> => {
    const blocked = pace.budget.secondsBlocked(clock.now());
    if (blocked > 0) throw limited(call, blocked);
    if (call.kind === "read") return send();
    const seconds = call.comesFirst === true ? 0 : pace.budget.secondsUntil(reserveForChecks, clock.now());
    if (seconds > 0) throw shortOfBudget(call, seconds);
    return pace.write(call.createsContent === true, send);
  };
  return {
    identity,
    address,
    rest: (route, parameters, call) => paced(call, () => requests.rest(route, parameters, call)),
    graphql: (document, variables, call) => paced(call, () => requests.graphql(document, variables, call)),
    wait: (milliseconds) => clock.wait(milliseconds),
  };
}

/** Attempts at one request before it is given up; waits between them double from half a second. */
const attempts = 3;

class Requests {
  readonly #octokit: Octokit;
  readonly #credentials: Credentials;
  readonly #address: Address;
  readonly #clock: Clock;
  readonly #timeout: number;
  readonly #patience: number;
  readonly #onRequest: ClientOptions["onRequest"];
  readonly #budget: Budget;

  constructor(credentials: Credentials, address: Address, budget: Budget, options: ClientOptions) {
    this.#credentials = credentials;
    this.#budget = budget;
    this.#address = address;
    this.#clock = options.clock ?? machineClock;
    this.#timeout = options.timeout ?? 20_000;
    this.#patience = options.patience ?? 10;
    this.#onRequest = options.onRequest;
    this.#octokit = new Octokit({
      baseUrl: address.rest,
      userAgent: "threatgate",
      log: silent,
      request: { log: silent },
    });
  }

  async rest(route: string, parameters: Readonly<Record<string, unknown>>, call: Call): Promise<Answer> {
    return this.#until(call, route, () => this.#send(route, { ...parameters }));
  }

  async graphql(document: string, variables: Readonly<Record<string, unknown>>, call: Call): Promise<GraphqlAnswer> {
    const answer = await this.#until(call, "POST /graphql", async () => {
      const sent = await this.#send(`POST ${this.#address.graphql}`, { query: document, variables });
      return "lost" in sent ? sent : checkGraphql(sent.answer, this.#clock.now());
    });
    const { data, errors } = readGraphql(answer.data);
    return { data, errors, at: new Date(gitHubTime(answer, this.#clock.now())).toISOString() };
  }

  /** Sends until there is an answer to rely on, within the bounds of the call. */
  async #until(call: Call, route: string, send: () => Promise<Sent>): Promise<Answer> {
    let renewed = false;
    let patience = this.#patience;
    for (let attempt = 1; ; attempt++) {
      const started = this.#clock.now();
      const sent = await send();
      const status = "lost" in sent ? 0 : sent.answer.status;
      const [method = "", path = ""] = route.split(" ", 2);
      this.#onRequest?.({
        method,
        route: path,
        kind: call.kind,
        createsContent: call.createsContent === true,
        status,
        milliseconds: this.#clock.now() - started,
      });
      if ("answer" in sent) this.#budget.observe(sent.answer, this.#clock.now());
      if ("lost" in sent) {
        await this.#beforeRepeating(call, attempt, sent.lost);
        continue;
      }
      const { answer } = sent;
      if (isGood(answer)) {
        if (call.kind !== "read") this.#budget.wrote();
        if (isWhole(answer)) return answer;
        await this.#beforeRepeating(call, attempt, "its answer was not whole");
        continue;
      }
      if (answer.status === 401 && !renewed && this.#credentials.renew && !call.accepts?.includes(401)) {
        renewed = true;
        await this.#credentials.renew();
        continue;
      }
      const limit = rateLimitSeconds(answer, this.#clock.now());
      if (limit !== undefined) {
        const pause = limit === "unstated" ? this.#budget.nextUnstatedWait() : limit;
        // A limited request was not carried out, so that even a write may be sent again.
        if (pause > patience || attempt >= attempts) {
          this.#budget.block(pause, this.#clock.now());
          throw limited(call, pause);
        }
        patience -= pause;
        await this.#clock.wait(pause * 1000);
        continue;
      }
      if (call.accepts?.includes(answer.status)) return answer;
      if (answer.status >= 500 || answer.status === 408) {
        const stated = retryAfterSeconds(answer, this.#clock.now());
        if (stated !== undefined && stated > this.#patience) throw limited(call, stated, call.kind === "once");
        await this.#beforeRepeating(call, attempt, `GitHub answered ${answer.status}`);
        continue;
      }
      throw failureOf(answer, call.what, call.needs);
    }
  }

  async #beforeRepeating(call: Call, attempt: number, why: string): Promise<void> {
    if (call.kind === "once") throw new Uncertain(`It is not known whether GitHub did ${call.what}: ${why}.`);
    if (attempt >= attempts) throw new TryAgainLater(`GitHub could not be asked to ${call.what}: ${why}.`);
    await this.#clock.wait(500 * 2 ** (attempt - 1));
  }

  async #send(route: string, parameters: Record<string, unknown>): Promise<Sent> {
    const headers = {
      "x-github-api-version": "2022-11-28",
      ...(isRecord(parameters.headers) ? parameters.headers : {}),
      authorization: `bearer ${await this.#credentials.token()}`,
    };
    const signal = AbortSignal.timeout(this.#timeout);
    try {
      const response: unknown = await this.#octokit.request(route, { ...parameters, headers, request: { signal } });
      const answer = readResponse(response);
      if (signal.aborted) return { lost: `no whole answer within ${this.#timeout / 1000} s` };
      return answer ? { answer } : { lost: "the answer had no status" };
    } catch (error) {
      if (signal.aborted) return { lost: `no whole answer within ${this.#timeout / 1000} s` };
      const answer = isRecord(error) ? readResponse(error.response) : undefined;
      return answer
        ? { answer }
        : { lost: error instanceof Error ? error.message.slice(0, 200) : "the request failed" };
    }
  }
}

/** Every answer is a JSON object or list, or says that it is empty; half of one, or a page for people, is none (H084). */
function isWhole(answer: Answer): boolean {
  return (
    answer.status === 204 ||
    (typeof answer.data === "object" && answer.data !== null && !(answer.data instanceof ArrayBuffer))
  );
}

function limited(call: Call, seconds: number, uncertain = false): TryAgainLater {
  const Kind = uncertain ? Uncertain : TryAgainLater;
  return new Kind(`GitHub asks us to wait ${seconds} s before we ${call.what}.`, { afterSeconds: seconds });
}

function shortOfBudget(call: Call, seconds: number): TryAgainLater {
  return new TryAgainLater(`Little is left of this installation's hourly limit: to ${call.what} waits for the next.`, {
    afterSeconds: seconds,
  });
}

function readResponse(response: unknown): Answer | undefined {
  const parsed = responseSchema.safeParse(response);
  return parsed.success ? { ...parsed.data, data: parsed.data.data } : undefined;
}

const responseSchema = z.object({
  status: z.number().int(),
  headers: z.record(z.string(), z.coerce.string()),
  data: z.unknown(),
});

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

const silent = { debug: ignore, info: ignore, warn: ignore, error: ignore };

function ignore(): void {}

/** Reads an answer's body into a shape; a body that does not fit is no answer (H084). */
export function read<Shape extends z.ZodType>(schema: Shape, data: unknown, what: string): z.output<Shape> {
  const parsed = schema.safeParse(data);
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues[0]?.path.join(".") ?? "";
  throw new TryAgainLater(`GitHub's answer when asked to ${what} was not whole${where ? ` (at ${where})` : ""}.`);
}
