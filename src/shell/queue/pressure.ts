/*
 * Evaluations can wait: their check is there a little later. A delivery cannot: GitHub waits for the answer, and what is not
 * answered in time is lost until the sweep finds it. Both want the same processors and the same database, so evaluations
 * begin only while deliveries are stored quickly.
 * docs.github.com/webhooks/using-webhooks/best-practices-for-using-webhooks
 */

/** Milliseconds that deliveries take to be stored, on average, above which evaluations wait. */
const slow = 15;

/** Weight of each delivery in the average: it follows a few dozen of them. */
const weight = 0.05;

/** Milliseconds after the last delivery when nothing is pressing any more. */
const quiet = 250;

/** Milliseconds between two looks, and for which one evaluation waits at most: in the longest flood some are made. */
const between = 25;
const longest = 2000;

/** How quickly deliveries are stored, as this process sees it. */
export class Pressure {
  readonly #now: () => number;
  readonly #sleep: (milliseconds: number) => Promise<void>;
  #average = 0;
  #last = Number.NEGATIVE_INFINITY;

  constructor(
    now: () => number = () => performance.now(),
    sleep: (milliseconds: number) => Promise<void> = (milliseconds) =>
      new Promise((resolve) => setTimeout(resolve, milliseconds)),
  ) {
    this.#now = now;
    this.#sleep = sleep;
  }

  /** A delivery was stored so many milliseconds after it came. */
  stored(milliseconds: number): void {
    const before = this.#isQuiet ? 0 : this.#average;
    this.#average = before + weight * (milliseconds - before);
    this.#last = this.#now();
  }

  /** Comes back as soon as deliveries are stored quickly, or there are none; at the latest after two seconds. */
  async gone(): Promise<void> {
    const began = this.#now();
    while (this.#average > slow && !this.#isQuiet && this.#now() - began < longest) await this.#sleep(between);
  }

  get #isQuiet(): boolean {
    return this.#now() - this.#last > quiet;
  }
}
