import type { Answer } from "./answers.ts";
import { untilReset } from "./answers.ts";

/** What is left of one of an installation's hourly limits, as its last answer said. */
interface Left {
  readonly limit: number;
  readonly remaining: number;
  /** When it begins anew, by our own clock, in milliseconds. */
  readonly until: number;
}

/** GitHub counts REST and GraphQL by themselves. Other resources, such as searches, are not used. */
const resources = ["core", "graphql"] as const;
export type Resource = (typeof resources)[number];

/**
 * What is left of GitHub's primary limits for one installation, read from the headers of every answer
 * (https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api#checking-the-status-of-your-rate-limit).
 * While it is short, checks come first: see `reserveForChecks` and `reserveForPeople`.
 */
export class Budget {
  readonly #left = new Map<Resource, Left>();
  #blockedUntil = 0;
  #unstated = 0;

  /** @param now milliseconds by our own clock. */
  observe(answer: Answer, now: number): void {
    const limit = Number(answer.headers["x-ratelimit-limit"]);
    const remaining = Number(answer.headers["x-ratelimit-remaining"]);
    const resource = resources.find((one) => one === answer.headers["x-ratelimit-resource"]);
    if (resource === undefined || !(limit > 0) || !(remaining >= 0)) return;
    this.#left.set(resource, { limit, remaining, until: now + untilReset(answer, now) * 1000 });
  }

  /**
   * Seconds to wait for a limit that does not say how long: a minute, and twice as long each time that it comes again
   * before anything was written, up to a quarter of an hour (H081).
   */
  nextUnstatedWait(): number {
    return Math.min(900, 60 * 2 ** this.#unstated++);
  }

  /** Something was written: whatever limit there was is over. */
  wrote(): void {
    this.#unstated = 0;
  }

  /** Nothing is sent before so many seconds are over: asking while it is limited only makes a limit longer. */
  block(seconds: number, now: number): void {
    this.#blockedUntil = Math.max(this.#blockedUntil, now + seconds * 1000);
  }

  /** Seconds for which nothing is to be sent. */
  secondsBlocked(now: number): number {
    return Math.max(0, Math.ceil((this.#blockedUntil - now) / 1000));
  }

  /** Seconds until more than this share of every limit is left; 0 where it is now, or nothing is known. */
  secondsUntil(share: number, now: number): number {
    const waits = [...this.#left.values()].map(({ limit, remaining, until }) =>
      remaining > limit * share ? 0 : Math.max(0, Math.ceil((until - now) / 1000)),
    );
    return Math.max(0, ...waits);
  }

  /** The share of a limit that is left, from 0 to 1; undefined where none was told within its hour. */
  shareOf(resource: Resource, now: number): number | undefined {
    const left = this.#left.get(resource);
    return left === undefined || left.until <= now ? undefined : left.remaining / left.limit;
  }
}

/** Below this share only reading for a verdict and the check itself are done; reviews and issues wait for the next hour. */
export const reserveForChecks = 0.1;

/** Below this share nothing is done that nobody waits for: sweeps, histories, what an outage has left. */
export const reserveForPeople = 0.2;
