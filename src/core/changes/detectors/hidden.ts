import type { CodeLine } from "../code-line.ts";
import type { Detector, Sighting } from "../detector.ts";
import type { InspectedFile } from "../inspected-file.ts";
import { type PathRole, roleOf } from "../path-role.ts";

/*
 * Changes that hide from a reader of the diff (H077): code that came with a submodule, a vendored folder, another mode or
 * another case of a name, or that the repository tells GitHub to fold away.
 */

function see(what: string, file: InspectedFile, name: string, evidence: string, line?: number): Sighting {
  return { what, path: file.path, name, evidence, ...(line === undefined ? {} : { line }) };
}

const program = /\.(js|mjs|cjs|ts|py|go|rb|php|java|kt|cs|rs|c|cc|cpp|h|sh|jar|whl|so|dll|wasm)$/i;
/** What lists the packages of a project; beside it, vendored code came the usual way. */
const packageList =
  /(^|\/)(go\.(mod|sum|work)|vendor\/modules\.txt|package(-lock)?\.json|yarn\.lock|pnpm-lock\.yaml|composer\.(json|lock)|gemfile(\.lock)?|cargo\.(toml|lock)|requirements[^/]*\.txt|pyproject\.toml|\.gitmodules)$/i;

/** Attributes that fold a file away in a review, or keep its text out of the difference. https://git-scm.com/docs/gitattributes */
const folding =
  /[ \t](linguist-(?:generated|vendored)(?![-=\w]*=false)|-diff|binary|diff=[^ \t]|-text|filter=[^ \t]|working-tree-encoding=[^ \t])/;

/** Turns the order of what is read, or shows nothing at all. https://trojansource.codes/trojan-source.pdf, Unicode TR 36 */
const turning = /[\u202a-\u202e\u2066-\u2069]/;
const invisible = /[\u200b-\u200f\u2060\ufeff]/;
/**
 * Ends of lines, quotes and marks of comments as escapes: Java reads these before it knows what is a comment and what a text, so that
 * code may stand in either. A backslash before the escape makes it a text. https://docs.oracle.com/javase/specs/jls/se21/html/jls-3.html#jls-3.3
 */
const escapedEarly = /(?<!\\)(?:\\\\){0,20}\\u{1,20}00(?:0[ad]|2[27af])/i;

/** Letters of two scripts in one part of a path: `аuth` with a Cyrillic a is not `auth`. */
function mixesScripts(path: string): boolean {
  return path
    .split(/[/._-]/)
    .some((part) => /[A-Za-z]/.test(part) && /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}]/u.test(part));
}

/** Submodules of words and pictures are recorded; that they hold nothing else cannot be seen from here. */
const wordsAlone = /(^|\/)(translations?|locales?|i18n|l10n|docs?|documentation|wiki|website|artwork|fonts)$/i;

function inspectFile(file: InspectedFile): Sighting[] {
  const { file: changed, path } = file;
  const found: Sighting[] = [];
  const patch = changed.patch ?? "";
  const commit = /^\+Subproject commit ([0-9a-f]{7,64})/m.exec(patch)?.[1];
  if (commit !== undefined) {
    const moved = see("submodule", file, path, `now at ${commit.slice(0, 12)}`, 1);
    found.push(wordsAlone.test(path) ? { ...moved, confidence: "low" } : moved);
  }
  if (file.role === "vendored" && changed.status !== "removed" && program.test(path))
    found.push(see("vendored", file, path, `${changed.status} in a vendored folder`));
  if (changed.status === "changed" || isModeAlone(file)) found.push(see("mode", file, path, "the file's mode changed"));
  const before = changed.previous_filename;
  if (before !== undefined && before !== path && before.toLowerCase() === path.toLowerCase())
    found.push(see("case-rename", file, path, `was ${before}`));
  if (movedAway(file)) found.push(see("moved-away", file, path, `was ${before ?? ""}`, file.added[0]?.newLine));
  if (/(^|\/)\.gitattributes$/.test(path)) found.push(...foldedBy(file));
  if (
    changed.status !== "removed" &&
    changed.patch === undefined &&
    /\.(jar|war|whl|so|dll|dylib|exe|wasm|phar|pyc)$/i.test(path)
  ) {
    found.push(see("binary", file, path, `${changed.status} without a text`));
  }
  if (file.unshown)
    found.push(see("unshown", file, path, `${changed.status}, and neither a patch nor a text is known`));
  found.push(...disguises(file));
  return found;
}

function isModeAlone({ file, unshown, path }: InspectedFile): boolean {
  return (
    file.changes === 0 &&
    file.status === "modified" &&
    file.patch === undefined &&
    !unshown &&
    /\.(sh|py|rb|pl|js)$|(^|\/)[^.]+$/.test(path)
  );
}

function foldedBy(file: InspectedFile): Sighting[] {
  const found: Sighting[] = [];
  for (const line of linesAdded(file)) {
    if (line.text.trimStart().startsWith("#") || !folding.test(line.text)) continue;
    found.push(see("folded", file, line.text.trim().split(/\s/)[0] ?? file.path, line.text, line.newLine));
  }
  return found;
}

function linesAdded({ hunks }: InspectedFile): readonly CodeLine[] {
  return hunks.flatMap(({ lines }) => lines.filter(({ kind }) => kind === "added"));
}

/** A path or a line that says something else to a reader than to a machine. */
function disguises(file: InspectedFile): Sighting[] {
  const { path, file: changed, role } = file;
  const isNew = changed.status === "added" || changed.status === "renamed" || changed.status === "copied";
  if (isNew && (turning.test(path) || invisible.test(path) || mixesScripts(path)))
    return [see("disguised", file, visible(path), `its path is ${visible(path)}`, file.added[0]?.newLine)];
  if (role !== "production" && role !== "view") return [];
  const line = linesAdded(file).find(
    ({ text }) => turning.test(text) || (file.language === "java" && escapedEarly.test(text)),
  );
  if (line) return [see("disguised", file, path, visible(line.text), line.newLine)];
  const far = role === "production" ? linesAdded(file).find(isFarRight) : undefined;
  return far ? [see("disguised", file, path, "code behind more blanks than a screen is wide", far.newLine)] : [];
}

/** A comment may stand where the fields above it end: it does not run. */
function isFarRight({ text, code }: CodeLine): boolean {
  return standsFarRight(text) && standsFarRight(code);
}

/** Code that a reader only sees who scrolls to the right: something, blanks over a screen's width, and more of it. */
function standsFarRight(text: string): boolean {
  let blanks = 0;
  let isBehind = false;
  for (const character of text) {
    if (character === " " || character === "\t") {
      blanks += character === "\t" ? 4 : 1;
      continue;
    }
    if (isBehind && blanks >= screen) return true;
    isBehind = true;
    blanks = 0;
  }
  return false;
}

/** Columns that no table in code leaves empty. */
const screen = 150;

/** Where code goes that nobody reviews as such: built, generated, vendored or described. */
const unseen: ReadonlySet<PathRole> = new Set(["generated", "vendored", "documentation", "asset", "example"]);

/** Code that ran and is now where reviewers and rules do not look, though it may run on. */
function movedAway({ file, path, role }: InspectedFile): boolean {
  const before = file.previous_filename;
  if (file.status !== "renamed" || before === undefined || !program.test(path) || !unseen.has(role)) return false;
  return roleOf(before) === "production" && program.test(before);
}

/** With the code of each character that cannot be seen or that looks like another. */
function visible(text: string): string {
  return text.replace(
    /[\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}]/gu,
    (character) => `<U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}>`,
  );
}

/** Vendored code that no list of packages explains: the first file of each such folder stands for it. */
function vendoredAlone(files: readonly InspectedFile[]): Sighting[] {
  const folders = files.filter(({ path }) => packageList.test(path)).map(({ path }) => path.replace(/[^/]*$/, ""));
  const seen = new Map<string, Sighting>();
  for (const file of files) {
    const { path, role, file: changed } = file;
    if (role !== "vendored" || changed.status === "removed" || !program.test(path)) continue;
    const folder = /^(?:.*?\/)?(?:vendor|node_modules|bower_components|third[_-]?party|external_libs|\.yarn)\//i.exec(
      path,
    )?.[0];
    if (folder === undefined || seen.has(folder) || folders.some((one) => folder.startsWith(one))) continue;
    const evidence = `${changed.status}, and no list of packages changed with it`;
    seen.set(folder, see("vendored-alone", file, path, evidence, 1));
  }
  return [...seen.values()];
}

export const detector: Detector = {
  name: "hidden",
  sees: [
    "submodule",
    "vendored",
    "vendored-alone",
    "mode",
    "case-rename",
    "folded",
    "binary",
    "unshown",
    "disguised",
    "moved-away",
  ],
  inspect: (files) => [...files.flatMap(inspectFile), ...vendoredAlone(files)],
};
