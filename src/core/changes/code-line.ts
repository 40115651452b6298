import { commentsOf, SideState } from "./comments.ts";
import { DocumentationMarks } from "./documentation-marks.ts";
import type { Language } from "./language.ts";
import type { Hunk, PatchLine } from "./patch.ts";

/*
 * Which part of a changed line is code. Comments, docstrings and blank lines say nothing about what runs, and a rule
 * that fires on them is noise.
 */

export interface CodeLine {
  readonly kind: PatchLine["kind"];
  /** Line in the new file; absent for a removed line. */
  readonly newLine?: number;
  /** Line in the old file; absent for an added line. */
  readonly oldLine?: number;
  /** The line as it stands, cut at a length that no person writes. */
  readonly text: string;
  /** The line without comments and surrounding blanks; empty when nothing of it is code. */
  readonly code: string;
  /** True when it only names what another file offers: `import`, `use`, `require`, `#include`. */
  readonly isImport: boolean;
}

/** Blanks before a line. What stands further right than the line above belongs to that. */
export function indentOf({ text }: Pick<CodeLine, "text">): number {
  return text.length - text.trimStart().length;
}

/** Longer lines are minified or hostile; what stands beyond is not read. */
export const longestLine = 600;

/** Languages whose interfaces are described by marks in the code. */
const described: ReadonlySet<Language> = new Set(["java", "kotlin", "scala", "php"]);

const importLine =
  /^(import\b(?!\s*\()|from\s+[\w.]+\s+import\b|export\s+(\*|\{[^}]*\}|type\s*\{[^}]*\})\s+from\b|use\s+[\w:\\{]|using\s+(static\s+)?[\w.]+( = [\w.<>]+)?;|(?:package|namespace)\s+[\w.\\]+;?$|require(_relative)?\s*\(?['"]|(const|let|var)\s+[\w{}\s,:]+=\s*require\(|extern\s+crate\b|pub\s+use\b|#include\b|@import\b|alias\s+\w)/;

/**
 * The lines of a hunk with what of each is code. A block comment or docstring that opened before the hunk is noticed by
 * its end, by a leading ` * `, and by the hunk's heading where git gives one; otherwise the first line is taken for code.
 */
export function readCode(hunk: Hunk, language: Language): readonly CodeLine[] {
  const comments = commentsOf[language];
  const lines: CodeLine[] = [];
  // The two sides of a hunk are two texts: each keeps its own state.
  const before = new SideState(comments, hunk, "removed");
  const after = new SideState(comments, hunk, "added");
  const marksBefore = new DocumentationMarks(language);
  const marksAfter = new DocumentationMarks(language);
  const isDescribed = described.has(language);
  let inImport = false;
  let forTests = false;
  let inTests = language === "rust" && /\bmod tests?\b|\bfn test_/.test(hunk.heading);
  for (const line of hunk.lines) {
    const text = line.text.slice(0, longestLine).replace(/\r$/, "");
    let code = "";
    if (line.kind !== "added") {
      code = before.codeOf(text);
      if (isDescribed) code = marksBefore.codeOf(code);
    }
    if (line.kind !== "removed") {
      code = after.codeOf(text);
      if (isDescribed) code = marksAfter.codeOf(code);
    }
    if (language === "php" && code === "") code = annotation.exec(text)?.[1] ?? "";
    // Unit tests stand at the foot of a Rust file, in the file they test; `mod tests;` only says that they stand in another.
    if (language === "rust" && !inTests && code !== "") {
      if (code.startsWith("#[cfg(test)]")) {
        forTests = true;
        code = code.replace(/^#\[cfg\(test\)\]\s*/, "");
      }
      if (forTests && code !== "" && !code.startsWith("#[")) {
        inTests = !code.endsWith(";");
        forTests = false;
        code = "";
      } else if (/^mod tests?\b(?!;)|^#\[(?:\w+::)?test\b/.test(code)) inTests = true;
    }
    if (inTests) code = "";
    const isImport = code !== "" && (inImport || (importLine.test(code) && !isTraitUse(text, language)));
    if (isImport) inImport = opensImport(code, inImport);
    lines.push({
      kind: line.kind,
      text,
      code,
      isImport,
      ...(line.newLine === undefined ? {} : { newLine: line.newLine }),
      ...(line.oldLine === undefined ? {} : { oldLine: line.oldLine }),
    });
  }
  return lines;
}

/** What Symfony and Doctrine read out of comments: it runs. https://symfony.com/doc/5.x/routing.html */
const annotation =
  /^\s*\/?\*{1,2}\s*(@(?:\w{1,30}\\)?(?:Route|IsGranted|Security|Get|Post|Put|Patch|Delete)\(.{0,400})/;

/** Whether an import goes on in the next line: its bracket is open. */
function opensImport(code: string, wasOpen: boolean): boolean {
  if (/[{(]\s*$/.test(code) || (/[{(]/.test(code) && !/[})]/.test(code))) return true;
  return wasOpen && !/^[})]|[})];?$|\bfrom\b/.test(code);
}

/** Inside a PHP class `use` takes in a trait: that is code, and it stands indented. In Ruby it puts a middleware into the stack. */
function isTraitUse(text: string, language: Language): boolean {
  return (
    (language === "php" && /^\s+use\s+[\w\\, ]+[;{]/.test(text)) || (language === "ruby" && /^\s*use\s/.test(text))
  );
}
