import { TryAgainLater } from "../failures.ts";
import { Budget } from "./budget.ts";

/*
 * GitHub asks for writes one at a time, with a second between them where there are many, and allows 80 creations of content a minute and 500
 * an hour (https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits).
 * Both are counted for each installation by itself, so that one organisation never waits for another (H081). Probot's
 * own throttle cannot be used: it puts all installations of a process, and every GraphQL read, into one queue.
 */

/** The part of the world that pacing needs: how late it is and how to wait. Milliseconds. */
export interface Clock {
  now(): number;
  wait(milliseconds: number): Promise<void>;
}

/** The clock of this machine. Used for pacing and token expiry alone; what is judged takes its time from GitHub. */
export const machineClock: Clock = {
  now: () => Date.now(),
  wait: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
};

export interface PaceLimits {
  /** Milliseconds that a write takes of the budget: in the long run, that many lie between two starts. */
  readonly writeGap: number;
  /**
   * Writes that may follow each other at once after a rest: those of one pull request, so that a quiet installation never
   * waits. A check that says that we are at it, its verdict, a review of three requests, a call for review, and the issues
   * of a handful of threads.
   */
  readonly burst: number;
  /** Creations of content in any minute and any hour: four fifths of what GitHub allows. */
  readonly perMinute: number;
  readonly perHour: number;
  /** The longest that a creation waits for its turn before the job is given back, in milliseconds. */
  readonly patience: number;
}

export const gentlePace: PaceLimits = { writeGap: 1000, burst: 12, perMinute: 64, perHour: 400, patience: 30_000 };

/** The writes of one installation: one after the other, in short bursts, never above the content limits. */
export class Pace {
  readonly #limits: PaceLimits;
  readonly #clock: Clock;
  readonly #created: number[] = [];
  /** What GitHub says is left of the limits that these writes share with all reading. */
  readonly budget = new Budget();
  /** When the budget of all writes so far will have been earned again. */
  #due = Number.NEGATIVE_INFINITY;
  #tail: Promise<void> = Promise.resolve();
  #waiting = 0;

  constructor(limits: PaceLimits = gentlePace, clock: Clock = machineClock) {
    this.#limits = limits;
    this.#clock = clock;
  }

  /** Whether nobody waits here and no content was created within the hour: it can be forgotten. */
  get isIdle(): boolean {
    const hourAgo = this.#clock.now() - 3_600_000;
    return this.#waiting === 0 && (this.#created.at(-1) ?? Number.NEGATIVE_INFINITY) <= hourAgo;
  }

  /** Runs `write` in its turn. Throws TryAgainLater without running it when its turn would come too late. */
  async write<T>(createsContent: boolean, write: () => Promise<T>): Promise<T> {
    const before = this.#tail;
    let finish = (): void => {};
    this.#tail = new Promise((resolve) => {
      finish = resolve;
    });
    this.#waiting++;
    try {
      await before;
      await this.#wait(createsContent);
      const now = this.#clock.now();
      this.#due = Math.max(this.#due, now) + this.#limits.writeGap;
      if (createsContent) this.#created.push(now);
      return await write();
    } finally {
      this.#waiting--;
      finish();
    }
  }

  async #wait(createsContent: boolean): Promise<void> {
    const now = this.#clock.now();
    const pause = Math.max(0, this.#untilTurn(now), createsContent ? this.#untilRoom(now) : 0);
    if (pause > this.#limits.patience) {
      throw new TryAgainLater("The budget of this installation for new posts is used up for now.", {
        afterSeconds: Math.ceil(pause / 1000),
      });
    }
    if (pause > 0) await this.#clock.wait(pause);
  }

  #untilTurn(now: number): number {
    const { burst, writeGap } = this.#limits;
    return this.#due - (burst - 1) * writeGap - now;
  }

  #untilRoom(now: number): number {
    while (this.#created[0] !== undefined && this.#created[0] <= now - 3_600_000) this.#created.shift();
    const { perMinute, perHour } = this.#limits;
    const inMinute = this.#created.at(-perMinute);
    const inHour = this.#created.at(-perHour);
    return Math.max(
      inMinute === undefined ? 0 : inMinute + 60_000 - now,
      inHour === undefined ? 0 : inHour + 3_600_000 - now,
    );
  }
}

/** The paces of a process by key, so that two jobs of one installation share theirs. Idle ones are forgotten. */
export class Paces {
  readonly #byKey = new Map<string, Pace>();
  readonly #limits: PaceLimits;
  readonly #clock: Clock;

  constructor(limits: PaceLimits = gentlePace, clock: Clock = machineClock) {
    this.#limits = limits;
    this.#clock = clock;
  }

  of(key: string): Pace {
    const known = this.#byKey.get(key);
    if (known) return known;
    if (this.#byKey.size >= 1000) this.#forgetIdle();
    const pace = new Pace(this.#limits, this.#clock);
    this.#byKey.set(key, pace);
    return pace;
  }

  /** All that are known at the moment. */
  get all(): Iterable<Pace> {
    return this.#byKey.values();
  }

  #forgetIdle(): void {
    for (const [key, pace] of this.#byKey) if (pace.isIdle) this.#byKey.delete(key);
  }
}
