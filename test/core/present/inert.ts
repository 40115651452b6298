import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";

type Tree = ReturnType<typeof fromMarkdown>;

/** Anything of a Markdown tree, as far as these checks look at it. */
interface Node {
  readonly type: string;
  readonly value?: string;
  readonly url?: string;
  readonly children?: readonly Node[];
}

/** HTML that we write ourselves; the text of a summary is checked on its own. */
const ownHtml = /^(?:<\/?code>|<\/?sub>|<br>|<\/details>|<!-- threatgate:1 [a-z]+ [A-Za-z0-9_.~%]+ -->)$/;
const summaryHtml = /^<details><summary>((?:[^<>]|<code>[^<>]*<\/code>)*)<\/summary>$/;

/** What GitHub would make a mention, a reference, a commit or an address of, in text that is already rendered. */
const acts: readonly RegExp[] = [
  /@[A-Za-z0-9]/,
  /#\d/,
  /\bGH-\d/i,
  /(?<![A-Za-z0-9])[0-9a-f]{7,64}(?![A-Za-z0-9])/i,
  /https?:\/\//i,
  /\bwww\./i,
  /[\u202a-\u202e\u2066-\u2069\u200e\u200f]/,
];

let last: { readonly markdown: string; readonly tree: Tree } | undefined;

/** The tree of a text; the last one is kept, since several checks look at the same text. */
export function parse(markdown: string): Tree {
  if (last?.markdown !== markdown) last = { markdown, tree: parsed(markdown) };
  return last.tree;
}

function parsed(markdown: string): Tree {
  return fromMarkdown(markdown, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });
}

/** Everything in the text that would do something it should not; empty for a text that only says things. */
export function whatActs(markdown: string, ownAddresses: readonly string[]): string[] {
  const found: string[] = [];
  visit(parse(markdown) as Node, (node, inside) => {
    if (node.type === "image" || node.type === "imageReference") found.push(`image ${node.url ?? ""}`);
    if (node.type === "linkReference" || node.type === "definition" || node.type === "footnoteDefinition")
      found.push(node.type);
    if (node.type === "link" && !ownAddresses.some((own) => node.url?.startsWith(own)))
      found.push(`link ${node.url ?? ""}`);
    if (node.type === "html") for (const line of (node.value ?? "").split("\n")) found.push(...actsInHtml(line));
    if (node.type === "text" && !inside.includes("link")) found.push(...actsInText(node.value ?? ""));
  });
  return found;
}

function actsInHtml(line: string): string[] {
  if (line === "" || ownHtml.test(line)) return [];
  const summary = summaryHtml.exec(line)?.[1];
  if (summary === undefined) return [`html ${line}`];
  // GitHub looks at each text by itself: what is code and what stands beside it never join to a mention or a commit.
  return summary.split(/<\/?code>/).flatMap((part) => actsInText(decoded(part)));
}

/** The text of an HTML line, as GitHub looks at it. */
function decoded(html: string): string {
  return html.replace(/&(amp|lt|gt|quot);/g, (_, name: string) => ({ amp: "&", lt: "<", gt: ">" })[name] ?? '"');
}

function actsInText(text: string): string[] {
  return acts.filter((act) => act.test(text)).map((act) => `${act.source} in ${JSON.stringify(text)}`);
}

function visit(
  node: Node,
  look: (node: Node, inside: readonly string[]) => void,
  inside: readonly string[] = [],
): void {
  look(node, inside);
  for (const child of node.children ?? []) visit(child, look, [...inside, node.type]);
}

/** The number of cells of every row of every table, for a text whose tables must not be broken. */
export function cellsOfRows(markdown: string): number[] {
  const cells: number[] = [];
  visit(parse(markdown) as Node, (node) => {
    if (node.type === "tableRow") cells.push(node.children?.length ?? 0);
  });
  return cells;
}

/** The text that a reader sees, code and text alike, without the gaps that keep it inert. */
export function seen(markdown: string): string {
  let text = "";
  visit(parse(markdown) as Node, (node) => {
    if (node.type === "text" || node.type === "inlineCode" || node.type === "code") text += node.value ?? "";
  });
  return text.replaceAll("\u200b", "");
}

/** How many folds are opened and how many closed, what stands in code aside. */
export function folds(markdown: string): { opened: number; closed: number } {
  const lines: string[] = [];
  visit(parse(markdown) as Node, (node) => {
    if (node.type === "html") lines.push(...(node.value ?? "").split("\n"));
  });
  const starting = (start: string) => lines.filter((line) => line.startsWith(start)).length;
  return { opened: starting("<details>"), closed: starting("</details>") };
}

/** Types of all nodes, for a text that must be of certain kinds alone. */
export function kinds(markdown: string): Set<string> {
  const types = new Set<string>();
  visit(parse(markdown) as Node, (node) => types.add(node.type));
  return types;
}
