import type { Change } from "../domain/change.ts";
import type { InspectedFile } from "./inspected-file.ts";
import type { PathRole } from "./path-role.ts";
import { phraseOf, vocabulary } from "./words.ts";

/** Names that make a reader wonder why nothing was said. */
const telling = vocabulary(
  "auth login logout session token password secret key crypto encrypt permission role policy admin access security cors csp proxy api route controller upload user account payment webhook".split(
    " ",
  ),
);

const roleWords: Readonly<Record<Exclude<PathRole, "production" | "view">, string>> = {
  test: "a test",
  documentation: "documentation",
  translation: "a translation",
  style: "a style sheet",
  asset: "an asset",
  generated: "generated code",
  vendored: "vendored code",
  lockfile: "a lockfile",
  tooling: "settings of a development tool",
  example: "an example",
};

/** The file nearest to mattering when nothing did, for "nothing to do"; undefined when no file was changed. */
export function nearestTo(
  files: readonly InspectedFile[],
  changes: readonly Change[],
): { path: string; why: string } | undefined {
  const recorded = changes[0];
  if (recorded) return { path: recorded.path, why: `recorded only: ${recorded.says}` };
  const byName = files.filter((file) => telling(phraseOf(file.path)) !== undefined);
  const file =
    byName.find(({ role }) => role === "production") ??
    byName[0] ??
    files.find(({ role }) => role === "production") ??
    files[0];
  return file ? { path: file.path, why: whyNot(file) } : undefined;
}

function whyNot(file: InspectedFile): string {
  if (file.role !== "production" && file.role !== "view") return roleWords[file.role];
  if (file.file.patch === undefined)
    return file.file.status === "renamed" ? "renamed without a change" : "no text was changed";
  if (file.added.length + file.removed.length === 0) return "only comments, blanks or the order of lines changed";
  return file.role === "view"
    ? "a page without a change of what it may do"
    : "no line of it alters a way in, a store, a control or a secret";
}
