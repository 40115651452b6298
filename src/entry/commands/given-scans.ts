import { readFile, stat } from "node:fs/promises";
import { basename } from "node:path";
import type { AlertsReading } from "../../core/domain/evidence.ts";
import type { Snapshot } from "../../core/domain/snapshot.ts";
import { mostSarifBytes, readSarif } from "../../core/evidence/sarif.ts";
import { showBytes } from "../../core/text/limits.ts";
import type { Source } from "../../shell/ports.ts";
import { WrongUse } from "../wrong-use.ts";

/** Files of results that one call may name. */
const mostFiles = 20;

/**
 * Reads the files of `--sarif`. Throws WrongUse for what is no SARIF 2.1.0: whoever names a file of results must not be
 * told that nothing was found in it.
 * @param directory the top folder of the clone, which absolute addresses in the files are taken relative to.
 */
export async function readScans(files: readonly string[], directory: string): Promise<readonly AlertsReading[]> {
  if (files.length > mostFiles) throw new WrongUse(`--sarif: ${files.length} files; at most ${mostFiles} are read.`);
  const scans: AlertsReading[] = [];
  for (const file of files) {
    const found = await stat(file).catch(() => undefined);
    if (!found?.isFile()) throw new WrongUse(`--sarif ${file}: no such file.`);
    if (found.size > mostSarifBytes) {
      throw new WrongUse(`--sarif ${file}: ${showBytes(found.size)}; at most ${showBytes(mostSarifBytes)} are read.`);
    }
    const scan = readSarif(await readFile(file, "utf8"), basename(file), directory.replaceAll("\\", "/"));
    if (scan.outcome === "unknown") throw new WrongUse(`--sarif ${scan.why}`);
    scans.push(scan);
  }
  return scans;
}

/** The same source, whose snapshots hold these results as well. For a source that recognises none of its snapshots. */
export function withScans(source: Source, scans: readonly AlertsReading[]): Source {
  if (scans.length === 0) return source;
  const held = (snapshot: Snapshot): Snapshot => ({ ...snapshot, evidence: { alerts: scans } });
  return {
    listing: (subject) => source.listing(subject),
    snapshot: async (subject, listing, needs) => held(await source.snapshot(subject, listing, needs)),
    towardsDefault: (subject, snapshot) => source.towardsDefault(subject, snapshot),
    asItStands: (snapshot) => source.asItStands(snapshot),
    complete: async (subject, snapshot, more) => held(await source.complete(subject, snapshot, more)),
  };
}
