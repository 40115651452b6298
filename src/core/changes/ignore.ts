import type { ChangedFile } from "../domain/snapshot.ts";
import { compileGlobs } from "../text/globs.ts";

/** The files that the policy's `paths.ignore` leaves, and those it takes away. A pattern that is refused ignores nothing. */
export function splitIgnored(
  files: readonly ChangedFile[],
  ignore: readonly string[],
): { readonly kept: readonly ChangedFile[]; readonly ignored: readonly string[] } {
  if (ignore.length === 0) return { kept: files, ignored: [] };
  const globs = compileGlobs(ignore);
  const ignored: string[] = [];
  const kept = files.filter((file) => {
    // A file moved out of an ignored folder is looked at; one that moves into it was looked at before.
    const out =
      globs.matches(file.filename) && (file.previous_filename === undefined || globs.matches(file.previous_filename));
    if (out) ignored.push(file.filename);
    return !out;
  });
  return { kept, ignored };
}
