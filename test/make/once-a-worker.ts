import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

/** Of test/once-a-worker/environment.cjs; absent outside Jest. */
type Load = (path: string) => unknown;

/**
 * Loads a module once for all suites of a worker of Jest, past Jest itself; outside Jest as usual. For what keeps nothing from
 * one use to the next. Its objects are not those of the suite's own `Error`, `Map` and so on: `instanceof` does not hold.
 */
export function loadOnceAWorker(place: URL): unknown {
  const { loadOnceAWorker: load } = globalThis as { loadOnceAWorker?: Load };
  return load ? load(fileURLToPath(place)) : createRequire(import.meta.url)(fileURLToPath(place));
}
