/*
 * While GitHub does not answer anybody, trying is of no use, and attempts that fail say nothing against the work (H080).
 * Whether it is GitHub or this one pull request is not guessed from failures: GitHub is asked something that it always
 * answers.
 */

/** Seconds after which a job comes again: first soon, in a long outage every two minutes. */
const shortest = 15;
const longest = 120;

/** Whether GitHub is known to be out of reach, as this process sees it. */
export class Outage {
  readonly #isReachable: () => Promise<boolean>;
  readonly #now: () => number;
  #until = 0;
  #wait = shortest;
  #asking: Promise<boolean> | undefined;

  constructor(isReachable: () => Promise<boolean>, now: () => number = Date.now) {
    this.#isReachable = isReachable;
    this.#now = now;
  }

  /** Seconds until it is worth trying again; 0 where nothing is known to be wrong. No request is made. */
  get pause(): number {
    return Math.max(0, Math.ceil((this.#until - this.#now()) / 1000));
  }

  /** After a failure: asks GitHub once, for all that fail at the same time, and says how long to wait; 0 when it is there. */
  async afterFailure(): Promise<number> {
    if (this.pause > 0) return this.pause;
    this.#asking ??= this.#isReachable()
      .catch(() => false)
      .finally(() => {
        this.#asking = undefined;
      });
    if (await this.#asking) {
      this.over();
      return 0;
    }
    if (this.pause > 0) return this.pause;
    this.#until = this.#now() + this.#wait * 1000;
    this.#wait = Math.min(longest, this.#wait * 2);
    return this.pause;
  }

  /** Something was done: GitHub is there. */
  over(): void {
    this.#until = 0;
    this.#wait = shortest;
  }
}
