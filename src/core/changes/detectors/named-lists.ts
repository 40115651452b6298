import type { CodeLine } from "../code-line.ts";
import type { Detector, Sighting } from "../detector.ts";
import type { InspectedFile } from "../inspected-file.ts";

/*
 * One more entry, or one less, of a list whose name says that it decides: what may pass, what is refused, what is shown to everybody.
 * The entry says nothing by itself; the name stands where the list opens, above it or in git's heading of the hunk.
 */

/** Where a list opens, with its name. */
const opening =
  /^(?:(?:export|const|let|var|static|readonly|private|public|protected)\s+)*(?:self\.|this\.)?["']?([A-Za-z_]\w{3,60})["']?\s*(?::[^=]{1,60})?(?:=|:)\s*(?:new\s+Set\(|frozenset\(|set\(|Object\.freeze\(|tuple\()?\s*[[({]\s*$/;
/** Names of lists that decide. */
const deciding =
  /(?:^|_|[a-z])(?:allow(?:ed)?|permitted|trusted|safe|unsafe|forbidden|blocked|disallowed|denied|prohibited|dangerous|restricted|banned|reserved|exempt|excluded?_?from_?auth|public|unauthenticated|anonymous|exposed|sensitive|whitelist(?:ed)?|blacklist(?:ed)?|allow_?list|block_?list|deny_?list)(?:$|_|(?=[A-Z]))/i;
/** Names of lists that say who may do what; a table of rights is often named for nothing else. */
const granting =
  /(?:^|_|(?<=[a-z]))(?:permissions?|privileges?|grants?|capabilities|admins?|superusers?|moderators?)(?:$|_|(?=[A-Z]))/i;
/** Lists of these decide on a page or in a build, not on access. */
const elsewhere =
  /extension_?names?|eslint|lint|css|class_?names?|colou?rs?|fonts?|locales?|languages?|currenc|countr|options?$|props?$|charac|chars?$/i;
/** One entry on a line of its own, and one that says what it is given: `"202": ["appointments"],`. */
const entry = /^["'`]([^"'`]{2,120})["'`](?:\s*:\s*[[({"'`\w].{0,160})?,?$/;
/** An entry of several values: it says who gets what only in a list of rights. */
const assignment = /^["'`][^"'`]{2,120}["'`]\s*:/;
/** What people read is no name of anything. */
const prose = /^["'`]\S+ \S+ \S+ \S/;
/** So far above is the opening looked for. */
const reach = 60;

/** The name of the list that a line is an entry of. */
function listAround(lines: readonly CodeLine[], index: number, heading: string): string | undefined {
  let depth = 0;
  for (const { code } of lines.slice(Math.max(0, index - reach), index).reverse()) {
    if (/^[\])}]/.test(code)) depth++;
    const name = opening.exec(code)?.[1];
    if (name !== undefined || /[[({]$/.test(code)) {
      if (depth === 0) return name;
      depth--;
    }
  }
  return opening.exec(heading.trim())?.[1];
}

function inspectFile(file: InspectedFile): Sighting[] {
  if (file.role !== "production" || !(file.language === "javascript" || file.language === "python")) return [];
  const telling = new Set([...file.added, ...file.removed]);
  const found: Sighting[] = [];
  const told = new Set<string>();
  for (const { lines, heading } of file.hunks) {
    for (const [index, line] of lines.entries()) {
      if (line.kind === "context" || !telling.has(line) || !entry.test(line.code) || prose.test(line.code)) continue;
      const name = listAround(lines, index, heading);
      if (name === undefined || told.has(name) || elsewhere.test(name)) continue;
      if (!granting.test(name) && (!deciding.test(name) || assignment.test(line.code))) continue;
      told.add(name);
      const place = line.newLine === undefined ? { baseLine: line.oldLine ?? 1 } : { line: line.newLine };
      found.push({ what: "entry", path: file.path, ...place, name, evidence: line.text });
    }
  }
  return found;
}

export const detector: Detector = {
  name: "namedLists",
  sees: ["entry"],
  inspect: (files) => files.flatMap(inspectFile),
};
