/**
 * The stand-in's time. Without a start it follows the host's clock. With one it stands still, and moves one second
 * with every change, so that the same script gives the same dates and commit ids on any day.
 */
export class Clock {
  #at: number | undefined;
  #offset = 0;
  #skew = 0;

  constructor(start?: string) {
    this.#at = start === undefined ? undefined : instant(start);
  }

  /** What GitHub's `Date` header says. */
  now(): Date {
    return new Date((this.#at ?? Date.now() + this.#offset) + this.#skew);
  }

  /** The time that App tokens are judged by: the host's, as a script that stops the clock does not stop its program. */
  identityNow(): Date {
    return new Date(Date.now() + (this.#at === undefined ? this.#offset : 0) + this.#skew);
  }

  /** The instant of a change, in whole seconds; a standing clock moves on. */
  tick(): string {
    if (this.#at !== undefined) this.#at += 1000;
    return isoSeconds(this.now());
  }

  set(iso: string): void {
    if (this.#at === undefined) this.#offset = instant(iso) - Date.now();
    else this.#at = instant(iso);
  }

  advance(by: {
    readonly days?: number;
    readonly hours?: number;
    readonly minutes?: number;
    readonly seconds?: number;
  }): void {
    const seconds = (((by.days ?? 0) * 24 + (by.hours ?? 0)) * 60 + (by.minutes ?? 0)) * 60 + (by.seconds ?? 0);
    if (this.#at === undefined) this.#offset += seconds * 1000;
    else this.#at += seconds * 1000;
  }

  /** Makes GitHub's clock differ from the host's (H085); positive: GitHub is ahead. */
  skew(seconds: number): void {
    this.#skew = seconds * 1000;
  }
}

/** GitHub writes instants in UTC without fractions of a second. */
export function isoSeconds(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}

function instant(iso: string): number {
  const at = Date.parse(iso);
  if (Number.isNaN(at)) throw new Error(`not an instant: ${iso}`);
  return at;
}
