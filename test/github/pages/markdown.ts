import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";
import type { Repository, World } from "../world.ts";
import { escapeHtml, Html } from "./html.ts";
import { referencesIn } from "./references.ts";

type Root = ReturnType<typeof fromMarkdown>;
type Node = Root | Root["children"][number];
type Table = Extract<Node, { type: "table" }>;

/** Tags that may be written as HTML in Markdown. GitHub allows more; these are all that a bot's texts need. */
const allowedTags = new Set([
  "details",
  "summary",
  "sub",
  "sup",
  "b",
  "i",
  "em",
  "strong",
  "code",
  "kbd",
  "br",
  "p",
  "table",
  "thead",
  "tbody",
  "tr",
  "td",
  "th",
  "ul",
  "ol",
  "li",
  "pre",
  "blockquote",
  "hr",
  "del",
  "ins",
]);
const voidTags = new Set(["br", "hr"]);

/**
 * Markdown as GitHub shows it in comments: GFM, line ends kept, mentions and references as links, HTML reduced to a few
 * tags without attributes. Nothing is loaded from elsewhere: an image is shown as its text.
 */
export function renderMarkdown(world: World, repository: Repository, text: string): Html {
  const tree = fromMarkdown(text, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });
  const writer = new Writer(world, repository, tree);
  return new Html(writer.write());
}

class Writer {
  readonly #world: World;
  readonly #repository: Repository;
  readonly #tree: Root;
  readonly #definitions = new Map<string, string>();
  /** Tags opened by HTML and not yet closed, inmost last. */
  readonly #open: string[] = [];

  constructor(world: World, repository: Repository, tree: Root) {
    this.#world = world;
    this.#repository = repository;
    this.#tree = tree;
    for (const child of tree.children) {
      if (child.type === "definition") this.#definitions.set(child.identifier, child.url);
    }
  }

  write(): string {
    const text = this.#all(this.#tree.children, false);
    return (
      text +
      [...this.#open]
        .reverse()
        .map((tag) => `</${tag}>`)
        .join("")
    );
  }

  #all(nodes: readonly Node[], inLink: boolean): string {
    return nodes.map((node) => this.#node(node, inLink)).join("");
  }

  #node(node: Node, inLink: boolean): string {
    switch (node.type) {
      case "text":
        return this.#text(node.value, inLink);
      case "paragraph":
        return `<p>${this.#all(node.children, inLink)}</p>\n`;
      case "heading":
        return `<h${node.depth}>${this.#all(node.children, inLink)}</h${node.depth}>\n`;
      case "emphasis":
        return `<em>${this.#all(node.children, inLink)}</em>`;
      case "strong":
        return `<strong>${this.#all(node.children, inLink)}</strong>`;
      case "delete":
        return `<del>${this.#all(node.children, inLink)}</del>`;
      case "inlineCode":
        return `<code>${escapeHtml(node.value)}</code>`;
      case "code":
        return `<pre class="code"${node.lang ? ` data-language="${escapeHtml(node.lang)}"` : ""}><code>${escapeHtml(node.value)}</code></pre>\n`;
      case "break":
        return "<br>\n";
      case "thematicBreak":
        return "<hr>\n";
      case "blockquote":
        return `<blockquote>${this.#all(node.children, inLink)}</blockquote>\n`;
      case "list": {
        const tag = node.ordered ? "ol" : "ul";
        const start = node.ordered && node.start !== 1 && node.start != null ? ` start="${node.start}"` : "";
        return `<${tag}${start}>${this.#all(node.children, inLink)}</${tag}>\n`;
      }
      case "listItem": {
        const box = node.checked == null ? "" : `<input type="checkbox" disabled${node.checked ? " checked" : ""}> `;
        const only = node.children.length === 1 ? node.children[0] : undefined;
        const inner = only?.type === "paragraph" ? this.#all(only.children, inLink) : this.#all(node.children, inLink);
        return `<li${node.checked == null ? "" : ' class="task"'}>${box}${inner}</li>\n`;
      }
      case "table":
        return this.#table(node);
      case "link":
        return this.#link(node.url, this.#all(node.children, true));
      case "linkReference":
        return this.#link(this.#definitions.get(node.identifier) ?? "", this.#all(node.children, true));
      case "image":
      case "imageReference":
        return `<span class="image">image: ${escapeHtml(node.alt ?? "")}</span>`;
      case "html":
        return this.#html(node.value);
      default:
        return "children" in node ? this.#all(node.children, inLink) : "";
    }
  }

  #table(table: Table): string {
    const rows = table.children.map((row, at) => {
      const tag = at === 0 ? "th" : "td";
      const cells = row.children.map((cell, column) => {
        const align = table.align?.[column];
        return `<${tag}${align ? ` class="${align}"` : ""}>${this.#all(cell.children, false)}</${tag}>`;
      });
      return `<tr>${cells.join("")}</tr>\n`;
    });
    return `<table>${rows[0] === undefined ? "" : `<thead>${rows[0]}</thead>`}<tbody>${rows.slice(1).join("")}</tbody></table>\n`;
  }

  #link(url: string, inner: string): string {
    const isSafe = /^(https?:|mailto:|#|\/|\.)/i.test(url) || !url.includes(":");
    return isSafe ? `<a href="${escapeHtml(url)}">${inner}</a>` : inner;
  }

  /** Plain text: line ends become breaks, and what refers to something becomes a link. */
  #text(value: string, inLink: boolean): string {
    const lines = (text: string): string => escapeHtml(text).replaceAll("\n", "<br>\n");
    if (inLink) return lines(value);
    let written = "";
    let at = 0;
    for (const { start, end, target, kind } of referencesIn(this.#world, this.#repository, value)) {
      const words =
        kind === "commit" ? `<code>${value.slice(start, start + 7)}</code>` : escapeHtml(value.slice(start, end));
      written += `${lines(value.slice(at, start))}<a class="${kind}" href="${escapeHtml(target)}">${words}</a>`;
      at = end;
    }
    return written + lines(value.slice(at));
  }

  /** Keeps allowed tags without attributes, drops others and comments, and never closes what it did not open. */
  #html(value: string): string {
    const withoutComments = value
      .replaceAll(/<!--[\s\S]*?(?:-->|$)/g, "")
      .replaceAll(/<(script|style|iframe|title|textarea)\b[\s\S]*?(?:<\/\1\s*>|$)/gi, "");
    return withoutComments
      .split(/(<\/?[a-zA-Z][^<>]*>)/)
      .map((piece) => {
        const tag = /^<(\/?)([a-zA-Z][a-zA-Z0-9-]*)([^<>]*)>$/.exec(piece);
        return tag === null
          ? this.#text(piece, true)
          : this.#tag(tag[1] === "/", (tag[2] ?? "").toLowerCase(), tag[3] ?? "");
      })
      .join("");
  }

  #tag(closes: boolean, name: string, attributes: string): string {
    if (!allowedTags.has(name)) return "";
    if (voidTags.has(name)) return `<${name}>`;
    if (!closes) {
      this.#open.push(name);
      return name === "details" && /\bopen\b/.test(attributes) ? "<details open>" : `<${name}>`;
    }
    const at = this.#open.lastIndexOf(name);
    if (at < 0) return "";
    return this.#open
      .splice(at)
      .reverse()
      .map((tag) => `</${tag}>`)
      .join("");
  }
}
