import { wordsIn } from "../../text/placeholders.ts";
import { statusOf } from "../words.ts";
import { bareLabel, type Entry, entriesOfList, entriesOfText, textWithLabel, unnumbered } from "./entries.ts";
import { htmlRows, textOfHtml } from "./html.ts";
import { type Definitions, lineOf, plainText, type Reference, referencesIn } from "./inline.ts";
import type { Definition, List, Root, RootContent, Table } from "./nodes.ts";
import { isMitigationTitle, isThreatLabel } from "./vocabulary.ts";

export interface Row {
  readonly cells: readonly string[];
  readonly line: number;
}

export type Block =
  | { readonly kind: "entries"; readonly entries: readonly Entry[]; readonly line: number }
  | { readonly kind: "table"; readonly header: readonly string[]; readonly rows: readonly Row[]; readonly line: number }
  | { readonly kind: "code"; readonly language: string; readonly text: string; readonly line: number };

/** A heading with what stands under it, up to the next heading of its level or above. */
export interface Section {
  /** Heading text without numbering; empty for what stands before the first heading. */
  readonly title: string;
  readonly level: number;
  readonly line: number;
  readonly blocks: readonly Block[];
  readonly references: readonly Reference[];
  readonly children: readonly Section[];
}

interface OpenSection {
  title: string;
  level: number;
  line: number;
  blocks: Block[];
  references: Reference[];
  children: OpenSection[];
}

/** The document as a tree of headings. The top section has level 0 and an empty title. */
export function sectionsOf(root: Root): Section {
  const definitions = definitionsOf(root);
  const top: OpenSection = { title: "", level: 0, line: 1, blocks: [], references: [], children: [] };
  const open: OpenSection[] = [top];
  const nodes = flattened(root.children);
  const chapters = chaptersBelow(nodes);
  for (let index = 0; index < nodes.length; index++) {
    const node = nodes[index];
    if (node === undefined) continue;
    if (node.type === "heading") {
      const level = chapters !== undefined && index > chapters ? node.depth + 1 : node.depth;
      while (open.length > 1 && (open.at(-1)?.level ?? 0) >= level) open.pop();
      const section = openSection(unnumbered(plainText(node.children)), level, lineOf(node));
      section.references.push(...referencesIn(node.children, definitions));
      open.at(-1)?.children.push(section);
      open.push(section);
      continue;
    }
    const section = open.at(-1) ?? top;
    if (node.type === "html") {
      const joined = [node];
      while (nodes[index + 1]?.type === "html" && joined.length < 200) {
        const next = nodes[index + 1];
        if (next?.type !== "html" || startsTable(joined.at(-1)?.value ?? "", next.value)) break;
        joined.push(next);
        index++;
      }
      addHtml(section, joined.map(({ value }) => value).join("\n"), lineOf(node));
    } else addBlock(section, node, definitions);
  }
  settle(top);
  return top;
}

/**
 * The place of the title in a document whose chapters are headings of its level, three or more of them: they stand below
 * it. Undefined where there is one title.
 */
function chaptersBelow(nodes: readonly RootContent[]): number | undefined {
  const titles = nodes.flatMap((node, index) => (node.type === "heading" && node.depth === 1 ? [index] : []));
  return titles.length >= 3 ? titles[0] : undefined;
}

/** A table that begins where another has ended is one of its own. */
function startsTable(before: string, next: string): boolean {
  return before.trimEnd().endsWith("</table>") && next.startsWith("<table");
}

function openSection(title: string, level: number, line: number): OpenSection {
  return { title, level, line, blocks: [], references: [], children: [] };
}

/** Quotes are read as if they stood at the top: teams put metadata and whole sections into them. */
function flattened(nodes: readonly RootContent[]): RootContent[] {
  return nodes.flatMap((node) => (node.type === "blockquote" ? flattened(node.children) : [node]));
}

function definitionsOf(root: Root): Definitions {
  const found = new Map<string, string>();
  for (const node of root.children) {
    if (isDefinition(node)) found.set(node.identifier, node.url);
  }
  return found;
}

function isDefinition(node: RootContent): node is Definition {
  return node.type === "definition";
}

function addBlock(section: OpenSection, node: RootContent, definitions: Definitions): void {
  if (node.type === "paragraph") {
    section.references.push(...referencesIn(node.children, definitions));
    const only = node.children.length === 1 ? node.children[0] : undefined;
    const entries =
      only?.type === "strong" && !plainText(only.children).includes("\n")
        ? [bareLabel(plainText(only.children), lineOf(node), false)]
        : entriesOfText(textWithLabel(node.children), lineOf(node), false);
    if (entries.length > 0) section.blocks.push({ kind: "entries", entries, line: lineOf(node) });
  } else if (node.type === "list") {
    section.references.push(...referencesOfList(node, definitions));
    section.blocks.push({ kind: "entries", entries: entriesOfList(node), line: lineOf(node) });
  } else if (node.type === "table") {
    section.references.push(...referencesOfTable(node, definitions));
    section.blocks.push(tableBlock(node));
  } else if (node.type === "code") {
    section.blocks.push({
      kind: "code",
      language: (node.lang ?? "").toLowerCase(),
      text: node.value,
      line: lineOf(node),
    });
  }
}

function addHtml(section: OpenSection, html: string, line: number): void {
  const rows = htmlRows(html);
  const [header, ...body] = rows;
  if (header !== undefined && rows.length > 1) {
    section.blocks.push({
      kind: "table",
      header: header.cells,
      rows: body.map(({ cells, line: offset }) => ({ cells, line: line + offset })),
      line: line + header.line,
    });
    return;
  }
  const preformatted = between(html, /<pre\b[^<>]{0,200}>/i, "</pre>");
  if (preformatted !== undefined) {
    section.blocks.push({ kind: "code", language: "", text: textOfHtml(preformatted), line });
    return;
  }
  for (const image of html.matchAll(/<img\b[^>]{0,500}?\bsrc\s*=\s*["']([^"']{1,500})["']/gi)) {
    const alt = /\balt\s*=\s*["']([^"']{0,300})["']/i.exec(image[0])?.[1] ?? "";
    section.references.push({ kind: "image", url: image[1] ?? "", text: alt, line });
  }
  const summary = /<summary\b[^<>]{0,200}>([\s\S]{0,500}?)<\/summary>/i.exec(html)?.[1];
  const text = summary === undefined ? textOfHtml(html) : textOfHtml(summary);
  if (text !== "") section.blocks.push({ kind: "entries", entries: entriesOfText(text, line, false), line });
}

/** What stands between the first opening tag and the closing one after it. */
function between(html: string, opening: RegExp, closing: string): string | undefined {
  const open = opening.exec(html);
  if (open === null) return undefined;
  const start = open.index + open[0].length;
  const end = html.toLowerCase().indexOf(closing, start);
  return end === -1 ? undefined : html.slice(start, end);
}

function referencesOfList(list: List, definitions: Definitions): Reference[] {
  return list.children.flatMap((item) =>
    item.children.flatMap((child) => {
      if (child.type === "paragraph") return referencesIn(child.children, definitions);
      return child.type === "list" ? referencesOfList(child, definitions) : [];
    }),
  );
}

function referencesOfTable(table: Table, definitions: Definitions): Reference[] {
  return table.children.flatMap((row) => row.children.flatMap((cell) => referencesIn(cell.children, definitions)));
}

/** A table whose header row is empty or one bold title takes its first body row as header. */
function tableBlock(table: Table): Block {
  const rows = table.children.map(
    (row): Row => ({ cells: row.children.map((cell) => plainText(cell.children).trim()), line: lineOf(row) }),
  );
  const [header, ...body] = rows;
  const filled = header?.cells.filter((cell) => cell !== "").length ?? 0;
  const [second, ...rest] = body;
  if (
    filled <= 1 &&
    (header?.cells.length ?? 0) > 2 &&
    second !== undefined &&
    second.cells.filter((cell) => cell !== "").length > 2
  ) {
    return { kind: "table", header: second.cells, rows: rest, line: lineOf(table) };
  }
  return { kind: "table", header: header?.cells ?? [], rows: body, line: lineOf(table) };
}

/** A line of its own such as "Current Mitigations" is a label to the list below it, though nothing marks it. */
function asLabel(entry: Entry): Entry {
  if (entry.label !== undefined || entry.isItem || entry.entries.length > 0) return entry;
  const line = entry.text.trim();
  const words = line.split(/\s+/).length;
  if (words > 4 || /[.,;?!]$/.test(line) || !/^\p{Lu}/u.test(line)) return entry;
  if (
    !isThreatLabel(line) &&
    !isMitigationTitle(line) &&
    !/^(gaps?|residual risks?)( ?[/&] ?(gaps?|risks?))?$/i.test(line)
  )
    return entry;
  return { ...entry, label: line, text: "" };
}

/** "Mitigations:", or "Mitigation: IMPLEMENTED" that only says how far it has come, before what is done. */
function opensList({ label, text }: Entry): boolean {
  if (text === "") return true;
  const isAnswer = isMitigationTitle(label ?? "") && !/\bstatus$/i.test(label ?? "");
  return isAnswer && wordsIn(text) <= 3 && statusOf(text) !== undefined;
}

/** Puts a list under the bare label before it ("Mitigations:" and its list), within each section. */
function settle(section: OpenSection): void {
  const settled: Block[] = [];
  for (const block of section.blocks) {
    const before = settled.at(-1);
    if (block.kind !== "entries" || before?.kind !== "entries") {
      settled.push(block);
      continue;
    }
    const startsList = block.entries[0]?.isItem === true;
    const last = before.entries.at(-1);
    const label = last !== undefined && startsList ? asLabel(last) : last;
    const end = block.entries.findIndex(({ isItem }) => !isItem);
    const items = end === -1 ? block.entries : block.entries.slice(0, end);
    if (label?.label !== undefined && opensList(label) && !label.isItem && items.length > 0) {
      const nested = { ...label, entries: [...label.entries, ...items] };
      const rest = block.entries.slice(items.length);
      settled[settled.length - 1] = { ...before, entries: [...before.entries.slice(0, -1), nested, ...rest] };
    } else settled[settled.length - 1] = { ...before, entries: [...before.entries, ...block.entries] };
  }
  section.blocks = settled;
  for (const child of section.children) settle(child);
}

/** Every section of the tree, in the order of the document. */
export function allSections(section: Section): Section[] {
  return [section, ...section.children.flatMap(allSections)];
}

/** All entries of a section, nested ones included, without those of its child sections. */
export function allEntries(section: Section): Entry[] {
  const walk = (entry: Entry): Entry[] => [entry, ...entry.entries.flatMap(walk)];
  return section.blocks.flatMap((block) => (block.kind === "entries" ? block.entries.flatMap(walk) : []));
}

/** The running text of a section's own blocks, or of the whole tree below it. */
export function textOf(section: Section, deep = false): string {
  const own = allEntries(section).map(({ label, text }) => (label === undefined ? text : `${label}: ${text}`));
  return [...own, ...(deep ? section.children.map((child) => `${child.title}\n${textOf(child, true)}`) : [])]
    .join("\n")
    .trim();
}

/** The statements of a section itself, without those nested or below. */
export function entriesOf(section: Section): Entry[] {
  return section.blocks.flatMap((block) => (block.kind === "entries" ? block.entries : []));
}
