/** What a scenario came to. */
export interface Outcome {
  /** What was counted and measured, by name. */
  readonly figures: Readonly<Record<string, number>>;
  /** What is not as it must be, one sentence each; empty where the scenario holds. */
  readonly wrong: readonly string[];
  /** What the service said meanwhile, every line of every run; kept where something is wrong. */
  readonly said?: readonly string[];
}

/** What every scenario is given. */
export interface Wanted {
  /** Seconds for which disturbances go on; what comes after, until everything is right, is not counted. */
  readonly seconds: number;
  readonly seed: number;
  /** Milliseconds that everything may take to be right after the disturbances have ended. */
  readonly patience: number;
}

/** Numbers from 0 up to 1 that are the same for the same seed (the generator "mulberry32"). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Resolves after so many milliseconds. */
export function rest(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** The value below which this share of the values lies; 0 of none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
