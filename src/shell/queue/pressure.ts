/*
 * Evaluations can wait: their check is there a little later. A delivery cannot: GitHub waits for the answer, and what is not
 * answered in time is lost until the sweep finds it. Both want the same processors and the same database, so in a flood
 * evaluations begin only while deliveries are stored as fast as they come.
 * docs.github.com/webhooks/using-webhooks/best-practices-for-using-webhooks
 *
 * Whether they are is told by how many are stored together: those that came while the ones before were being stored. A
 * database that is slow by itself is no flood: one delivery after the other is stored alone there too.
 */

/** Deliveries that are stored together, on average, above which evaluations wait. */
const many = 2;

/** Weight of each delivery in the average: it follows a few dozen of them. */
const weight = 0.05;

/** Milliseconds after the last delivery when nothing is pressing any more. */
const quiet = 250;

/** Milliseconds between two looks, and for which one evaluation waits at most: in the longest flood some are made. */
const between = 25;
const longest = 1000;

/** How many deliveries are stored together, as this process sees it. */
export class IntakePressure {
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

  /** So many deliveries were stored together. */
  stored(deliveries: number): void {
    const before = this.#isQuiet ? 0 : this.#average;
    this.#average = deliveries - (deliveries - before) * (1 - weight) ** deliveries;
    this.#last = this.#now();
  }

  /** Comes back as soon as deliveries are stored as they come, or there are none; at the latest after a second. */
  async eased(): Promise<void> {
    const began = this.#now();
    while (this.#average > many && !this.#isQuiet && this.#now() - began < longest) await this.#sleep(between);
  }

  get #isQuiet(): boolean {
    return this.#now() - this.#last > quiet;
  }
}
