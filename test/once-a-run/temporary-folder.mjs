import { chmodSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Gives the tests of this run one folder for all that they keep for a while, which goes with the run, however it ends for each of them. */
export default function temporaryFolder() {
  // Short: sockets of services lie in it, and macOS takes no path of more than 104 bytes for one.
  const folder = mkdtempSync(join(tmpdir(), "tg-"));
  // The account of its own that PostgreSQL gets where this runs as root must be able to enter.
  chmodSync(folder, 0o755);
  for (const name of ["TMPDIR", "TEMP", "TMP"]) process.env[name] = folder;
}
