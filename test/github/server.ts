import type * as serving from "./serving.ts";

/*
 * Node itself loads the stand-in, and not Jest, which loads every module anew for every suite: GitHub's schema is built, its
 * description compiled and a key made once for all suites of a worker. The stand-in keeps nothing from one start to the next.
 */
const load = process.getBuiltinModule("node:module").createRequire(import.meta.url);

export const { startGitHub } = load("./serving.ts") as typeof serving;
