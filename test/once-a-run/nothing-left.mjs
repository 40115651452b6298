import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename } from "node:path";

/** Removes what `temporary-folder.mjs` made, with all that tests left in it. */
export default function nothingLeft() {
  const folder = tmpdir();
  if (!basename(folder).startsWith("tg-")) throw new Error(`not a folder of the tests: ${folder}`);
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}
