import type { Clock } from "../../../src/shell/github/pace.ts";

/** A clock that stands still until somebody waits, and remembers every wait. */
export class StillClock implements Clock {
  readonly waits: number[] = [];
  #now: number;

  constructor(now = Date.parse("2026-03-04T12:00:00Z")) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  async wait(milliseconds: number): Promise<void> {
    this.waits.push(milliseconds);
    this.#now += milliseconds;
  }

  pass(milliseconds: number): void {
    this.#now += milliseconds;
  }
}
