import { TryAgainLater, Uncertain } from "../../failures.ts";

/*
 * Requests to one Jira Cloud site (https://developer.atlassian.com/cloud/jira/platform/rest/v3/intro/), over the runtime's
 * own `fetch`. A client library was looked at and left: it has no time limit, cannot tell a write that was refused from one
 * whose answer was lost, and brings two thousand files for a dozen operations.
 */

/** How a site is reached; from the environment alone, never from a policy. */
export interface JiraSettings {
  /** The site's own address, such as `https://acme.atlassian.net`. */
  readonly url: string;
  /** The account that the token belongs to. */
  readonly email: string;
  readonly token: string;
  /** Owners of repositories on GitHub whose issues may go there; whoever else names this tracker is refused. */
  readonly owners: readonly string[];
}

export interface JiraCall {
  /** In words, after "to": "open an issue". */
  readonly what: string;
  readonly method: "GET" | "POST" | "PUT";
  /** Path below the site, each value in it already encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** `read`: may be sent again. `repeatable`: a write that may be made twice. `once`: a write that must not be. */
  readonly kind: "read" | "repeatable" | "once";
  /** Sent without credentials: to learn what everybody may see. */
  readonly isAnonymous?: true;
}

/** An answer that decides something: done (2xx), or refused (4xx but for limits and time-outs). */
export interface JiraAnswer {
  readonly status: number;
  /** The parsed JSON; undefined for an empty body. */
  readonly data: unknown;
}

export interface SiteOptions {
  readonly clock?: { now(): number; wait(milliseconds: number): Promise<void> };
  /** Milliseconds for one request, the reading of its body included. */
  readonly timeout?: number;
  /** The longest that a request waits for a limit before the job is given back, in seconds. */
  readonly patience?: number;
  /** Milliseconds between the starts of two writes. Jira names no figure for tokens; it asks to avoid bursts. */
  readonly writeGap?: number;
}

const machineClock = {
  now: () => Date.now(),
  wait: (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds)),
};

/** Attempts at one request before it is given up; waits between them double from half a second. */
const attempts = 3;

/** Longest body that is read, in bytes: a hundred issues with their changes are some hundred kilobytes. */
const longestBody = 16 * 1024 * 1024;

type Sent = { readonly answer: JiraAnswer; readonly retryAfter?: number } | { readonly lost: string };

/**
 * One site. Writes go one after the other, as all callers in a process share it. Throws only TryAgainLater and Uncertain;
 * a refusal is an answer.
 */
export class JiraSite {
  readonly settings: JiraSettings;
  readonly clock: NonNullable<SiteOptions["clock"]>;
  readonly #timeout: number;
  readonly #patience: number;
  readonly #writeGap: number;
  #tail: Promise<void> = Promise.resolve();
  #nextWrite = Number.NEGATIVE_INFINITY;

  constructor(settings: JiraSettings, options: SiteOptions = {}) {
    this.settings = { ...settings, url: settings.url.replace(/\/+$/, "") };
    this.clock = options.clock ?? machineClock;
    this.#timeout = options.timeout ?? 20_000;
    this.#patience = options.patience ?? 30;
    this.#writeGap = options.writeGap ?? 250;
  }

  async ask(call: JiraCall): Promise<JiraAnswer> {
    return call.kind === "read" ? this.#until(call) : this.#inTurn(() => this.#until(call));
  }

  /** The address of an issue for people. */
  pageOf(key: string): string {
    return `${this.settings.url}/browse/${encodeURIComponent(key)}`;
  }

  async #inTurn<T>(write: () => Promise<T>): Promise<T> {
    const before = this.#tail;
    let finish = (): void => {};
    this.#tail = new Promise((resolve) => {
      finish = resolve;
    });
    try {
      await before;
      const pause = this.#nextWrite - this.clock.now();
      if (pause > 0) await this.clock.wait(pause);
      this.#nextWrite = this.clock.now() + this.#writeGap;
      return await write();
    } finally {
      finish();
    }
  }

  async #until(call: JiraCall): Promise<JiraAnswer> {
    let patience = this.#patience;
    for (let attempt = 1; ; attempt++) {
      const sent = await this.#send(call);
      if ("lost" in sent) {
        await this.#beforeRepeating(call, attempt, sent.lost);
        continue;
      }
      const { answer, retryAfter } = sent;
      if (answer.status === 429) {
        // What was limited was not carried out, so that even a write may be sent again.
        // https://developer.atlassian.com/cloud/jira/platform/rate-limiting/
        const pause = retryAfter ?? 5 * 2 ** (attempt - 1);
        if (pause > patience || attempt >= attempts) throw limited(call, pause);
        patience -= pause;
        await this.clock.wait(pause * 1000);
        continue;
      }
      if (answer.status >= 500 || answer.status === 408) {
        if (call.kind !== "once" && retryAfter !== undefined && retryAfter > patience) throw limited(call, retryAfter);
        await this.#beforeRepeating(call, attempt, `it answered ${answer.status}`);
        continue;
      }
      return answer;
    }
  }

  async #beforeRepeating(call: JiraCall, attempt: number, why: string): Promise<void> {
    if (call.kind === "once") throw new Uncertain(`It is not known whether Jira did ${call.what}: ${why}.`);
    if (attempt >= attempts) throw new TryAgainLater(`Jira could not be asked to ${call.what}: ${why}.`);
    await this.clock.wait(500 * 2 ** (attempt - 1));
  }

  async #send(call: JiraCall): Promise<Sent> {
    const { url, email, token } = this.settings;
    const query = new URLSearchParams(call.query).toString();
    const signal = AbortSignal.timeout(this.#timeout);
    try {
      const response = await fetch(`${url}${call.path}${query === "" ? "" : `?${query}`}`, {
        method: call.method,
        headers: {
          accept: "application/json",
          "user-agent": "threatgate",
          ...(call.isAnonymous
            ? {}
            : { authorization: `Basic ${Buffer.from(`${email}:${token}`).toString("base64")}` }),
          ...(call.body === undefined ? {} : { "content-type": "application/json" }),
        },
        ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
        // An address that leads elsewhere gets neither the token nor the threats.
        redirect: "manual",
        signal,
      });
      const text = await bodyOf(response);
      if (text === undefined) return { lost: "its answer was too long" };
      const retryAfter = secondsOf(response.headers.get("retry-after"), this.clock.now());
      const parsed = parse(text);
      if (response.status < 300 && parsed === notJson) return { lost: "its answer was not whole" };
      const answer = { status: response.status, data: parsed === notJson ? undefined : parsed };
      return { answer, ...(retryAfter === undefined ? {} : { retryAfter }) };
    } catch (error) {
      if (signal.aborted) return { lost: `no whole answer within ${this.#timeout / 1000} s` };
      return { lost: error instanceof Error ? error.message.slice(0, 200) : "the request failed" };
    }
  }
}

/** The body as text; undefined when it is longer than anything that was asked for. */
async function bodyOf(response: Response): Promise<string | undefined> {
  if (!response.body) return "";
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of response.body) {
    if (!(piece instanceof Uint8Array)) return undefined;
    length += piece.length;
    if (length > longestBody) return undefined;
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString("utf8");
}

const notJson = Symbol("not JSON");

function parse(text: string): unknown {
  if (text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return notJson;
  }
}

/** `Retry-After` in seconds; a date is allowed by HTTP. */
function secondsOf(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  const seconds = /^\d{1,6}$/.test(header) ? Number(header) : (Date.parse(header) - now) / 1000;
  return Number.isFinite(seconds) ? Math.max(1, Math.ceil(seconds)) : undefined;
}

function limited(call: JiraCall, seconds: number): TryAgainLater {
  return new TryAgainLater(`Jira asks us to wait ${seconds} s before we ${call.what}.`, { afterSeconds: seconds });
}
