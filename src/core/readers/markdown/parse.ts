import { fromMarkdown } from "mdast-util-from-markdown";
import { frontmatterFromMarkdown } from "mdast-util-frontmatter";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { frontmatter } from "micromark-extension-frontmatter";
import { gfm } from "micromark-extension-gfm";
import type { Root } from "./nodes.ts";

/** Deepest nesting of quotes and lists, and most brackets in one paragraph, that are still handed to the parser (H061). */
const nestingLimit = 48;
const bracketLimit = 2_000;
/** Characters that start or end Markdown constructs, line ends included: the parser's time grows with them. */
const markLimit = 60_000;
/** Lines of text without an empty one between them: the parser's time grows faster than their number (H058). */
const paragraphLimit = 20_000;
/** Tables and lists are read line by line; a longer line holds no prose. */
const lineLimit = 200_000;

/** Codes of `[` and `~`, which open the constructs of GitHub's Markdown that are kept inside a text. */
const keptInText = [91, 126];

/**
 * GitHub's Markdown without its bare addresses: trying one at every letter takes two fifths of the parser's time. They are
 * found afterwards, where links are asked for.
 */
const github = gfm();
const syntax = {
  ...github,
  text: Object.fromEntries(Object.entries(github.text ?? {}).filter(([code]) => keptInText.includes(Number(code)))),
};
const tree = gfmFromMarkdown().filter((extension) => !("transforms" in extension));

/**
 * Parses Markdown with tables and front matter into mdast, positions included. `unreadable` says why a text is refused:
 * it nests deeper, or opens more brackets, than any document does, and would only cost the parser time.
 */
export function parseMarkdown(
  text: string,
): { readonly root: Root } | { readonly unreadable: string; readonly line: number } {
  const source = withSpacedHeadings(withEndedFrontMatter(text.replace(/\r\n?/g, "\n")));
  const fault = excess(source);
  if (fault !== undefined) return fault;
  return {
    root: fromMarkdown(source, {
      extensions: [syntax, frontmatter(["yaml"])],
      mdastExtensions: [...tree, frontmatterFromMarkdown(["yaml"])],
    }),
  };
}

/**
 * Internet-Drafts in kramdown-rfc end their front matter by "--- abstract" and part their text by "--- middle" and
 * "--- back" (https://github.com/cabo/kramdown-rfc): the first becomes "---", the others are left out. Lines keep their
 * numbers.
 */
function withEndedFrontMatter(text: string): string {
  if (!text.startsWith("---\n")) return text;
  const lines = text.split("\n");
  const parts = /^--- (?:abstract|middle|back|note_\w{1,60})\s*$/;
  const end = lines.findIndex((line, index) => index > 0 && (line.trimEnd() === "---" || parts.test(line)));
  if (end === -1 || !parts.test(lines[end] ?? "")) return text;
  return lines.map((line, index) => (index === end ? "---" : parts.test(line) ? "" : line)).join("\n");
}

/** `###Heading`, as some teams and older renderers write it, becomes a heading. Lines keep their numbers. */
function withSpacedHeadings(text: string): string {
  let fence: string | undefined;
  const lines = text.split("\n");
  return lines
    .map((line) => {
      const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
      if (
        mark !== undefined &&
        !(fence === undefined && mark.startsWith("`") && line.slice(line.indexOf(mark) + mark.length).includes("`"))
      ) {
        if (fence === undefined) fence = mark[0];
        else if (mark[0] === fence) fence = undefined;
      }
      return fence === undefined ? line.replace(/^(#{2,6})(?=[\p{L}\p{N}*])/u, "$1 ") : line;
    })
    .join("\n");
}

function excess(source: string): { readonly unreadable: string; readonly line: number } | undefined {
  let brackets = 0;
  let marks = 0;
  let together = 0;
  const lines = source.split("\n");
  for (const [index, line] of lines.entries()) {
    if (line.length > lineLimit) return { unreadable: `a line of ${line.length} characters`, line: index + 1 };
    const containers = /^[ \t>*+-]*/.exec(line)?.[0] ?? "";
    if (isDeep(containers, line.length > containers.length))
      return { unreadable: `quotes or lists nested deeper than ${nestingLimit} levels`, line: index + 1 };
    marks += 1 + (line.match(/[[\]*_`|<&~]/g)?.length ?? 0);
    if (marks > markLimit) return { unreadable: `more than ${markLimit} marks`, line: index + 1 };
    brackets = line.trim() === "" ? 0 : brackets + (line.match(/\[/g)?.length ?? 0);
    together = line.trim() === "" ? 0 : together + 1;
    if (together > paragraphLimit)
      return { unreadable: `more than ${paragraphLimit} lines in one paragraph`, line: index + 1 };
    if (brackets > bracketLimit)
      return { unreadable: `more than ${bracketLimit} brackets in one paragraph`, line: index + 1 };
  }
  return undefined;
}

/** Containers opened on one line, or a list item indented further than any list goes. */
function isDeep(containers: string, hasText: boolean): boolean {
  const signs = containers.replace(/[ \t]/g, "");
  if (signs.length > nestingLimit && (signs.includes(">") || (hasText && /[*+-][ \t]/.test(containers)))) return true;
  return /^[ \t]{100,}[*+-][ \t]/.test(containers);
}
