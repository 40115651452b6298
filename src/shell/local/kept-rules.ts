import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Rules } from "../../core/domain/rules.ts";

/*
 * Rules as they were read and checked once, beside what Node keeps of programs that it compiled: six hundred files need not be
 * parsed at each start of a command, a service and the process that judges. The folder is the package's own (see
 * launcher/launch.mjs); whoever can write to it can change the program as well. Without one, nothing is kept.
 */

/** Rules of these texts that were kept by this very program; undefined where there are none. */
export function keptRules(texts: string): Rules | undefined {
  const path = placeOf(texts);
  if (path === undefined) return undefined;
  try {
    return JSON.parse(readFileSync(path, "utf8")) as Rules;
  } catch {
    // Never kept, or cut off: they are read and kept anew.
    return undefined;
  }
}

/** Keeps rules for the next start. Where nothing can be written, the next one reads them again. @param texts digest of all their texts. */
export function keepRules(texts: string, rules: Rules): void {
  const path = placeOf(texts);
  if (path === undefined) return;
  const unfinished = `${path}.${process.pid}`;
  try {
    mkdirSync(join(path, ".."), { recursive: true });
    writeFileSync(unfinished, JSON.stringify(rules));
    // Others may read and write at the same time: the name leads to a whole file or to none.
    renameSync(unfinished, path);
  } catch {}
}

function placeOf(texts: string): string | undefined {
  const folder = process.env["NODE_COMPILE_CACHE"];
  return folder === undefined || folder === "" ? undefined : join(folder, `rules-${texts}-${reader()}.json`);
}

/** Where it is said what a rule is and how its text is read. */
const makers = ["../../core/domain/", "../../core/text/", "./"].map((path) =>
  fileURLToPath(new URL(path, import.meta.url)),
);
let known: string | undefined;

/** Changes with every file that has a part in reading a rule. */
function reader(): string {
  if (known !== undefined) return known;
  const digest = createHash("sha256");
  for (const folder of makers)
    for (const name of readdirSync(folder).sort())
      if (/\.[jt]s$/.test(name))
        digest
          .update(name)
          .update("\0")
          .update(readFileSync(join(folder, name)));
  known = digest.digest("hex").slice(0, 12);
  return known;
}
