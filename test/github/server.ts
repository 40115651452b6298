import { loadOnceAWorker } from "../make/once-a-worker.ts";
import type * as serving from "./serving.ts";

/*
 * GitHub's schema is built, its description compiled and a key made once for all suites of a worker. The stand-in keeps nothing
 * from one start to the next.
 */
export const { startGitHub } = loadOnceAWorker(new URL("serving.ts", import.meta.url)) as typeof serving;
