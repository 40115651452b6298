/** Wake-ups a second that one installation may ask for without being put behind others. */
const perSecond = 1;

/** Where the counting ends: below it lies what nobody waits for. */
const most = 50_000;

/** The priority of what nobody waits for: below whatever a person does, however much its installation has asked for. */
export const patientPriority = -2 * most;

/**
 * How much each installation has asked for lately: every wake-up adds one, every second takes one away. What it asks for
 * next is done after whatever others ask for who have asked for less, so that a flood of one installation delays its own
 * work alone, whatever the number of workers (H087). Kept by each process for itself: with several, each sees its share.
 */
export class Demand {
  readonly #asked = new Map<number, { readonly level: number; readonly at: number }>();
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** How far behind the next wake-up is put; 0 for an installation that asks for little. */
  of(installation: number): number {
    return Math.min(most, Math.floor(this.#levelOf(installation)));
  }

  /** One more was asked for. */
  add(installation: number): void {
    const level = this.#levelOf(installation) + 1;
    this.#asked.delete(installation);
    this.#asked.set(installation, { level, at: this.#now() });
    if (this.#asked.size > 10_000) this.#forgetQuiet();
  }

  #levelOf(installation: number): number {
    const known = this.#asked.get(installation);
    if (!known) return 0;
    return Math.max(0, known.level - ((this.#now() - known.at) / 1000) * perSecond);
  }

  #forgetQuiet(): void {
    for (const installation of this.#asked.keys()) {
      if (this.#levelOf(installation) === 0) this.#asked.delete(installation);
    }
  }
}
