import { fromMarkdown } from "mdast-util-from-markdown";

/*
 * Our texts as Jira takes them: Atlassian Document Format, version 1
 * (https://developer.atlassian.com/cloud/jira/platform/apis/document/structure/). What others wrote can do nothing there:
 * a text node is only text, and the node types that act (mentions, cards, media, emoji, extensions) are never made. Links
 * come only from links in our Markdown, which foreign values cannot write.
 */

/** A node of the format. */
export interface AdfNode {
  readonly type: string;
  readonly text?: string;
  readonly attrs?: Readonly<Record<string, string | number>>;
  readonly marks?: readonly AdfMark[];
  readonly content?: readonly AdfNode[];
}

interface AdfMark {
  readonly type: "strong" | "em" | "code" | "link";
  readonly attrs?: { readonly href: string };
}

export interface AdfDocument {
  readonly type: "doc";
  readonly version: 1;
  readonly content: readonly AdfNode[];
}

type Root = ReturnType<typeof fromMarkdown>;
type Block = Root["children"][number];
type ListItem = Extract<Block, { type: "list" }>["children"][number];
type Inline = Extract<Block, { type: "paragraph" }>["children"][number];

/** Jira takes 32,767 characters in a description or comment, and counts the document and not only its words. */
const longest = 32_000;

/** A text of ours, in Markdown, as a document. What is too long ends with words that say so. Never throws. */
export function documentOf(markdown: string): AdfDocument {
  const content: AdfNode[] = [];
  let length = 0;
  for (const node of blocksOf(fromMarkdown(markdown).children)) {
    length += JSON.stringify(node).length;
    if (length > longest) {
      content.push(paragraph([textNode("The rest is too long for Jira.", [])]));
      break;
    }
    content.push(node);
  }
  return { type: "doc", version: 1, content };
}

function blocksOf(blocks: readonly Block[]): AdfNode[] {
  return blocks.flatMap(blockOf);
}

function blockOf(block: Block): AdfNode[] {
  switch (block.type) {
    case "paragraph":
      return filled({ type: "paragraph" }, inlinesOf(block.children));
    case "heading":
      return filled({ type: "heading", attrs: { level: block.depth } }, inlinesOf(block.children));
    case "code": {
      const attrs = block.lang ? { attrs: { language: block.lang } } : {};
      return filled({ type: "codeBlock", ...attrs }, block.value === "" ? [] : [{ type: "text", text: block.value }]);
    }
    case "list": {
      const items = block.children.map(itemOf);
      return block.ordered
        ? [{ type: "orderedList", attrs: { order: block.start ?? 1 }, content: items }]
        : [{ type: "bulletList", content: items }];
    }
    case "thematicBreak":
      return [{ type: "rule" }];
    case "blockquote":
      return blocksOf(block.children);
    case "html":
      // A marker stands in an HTML comment: it is for machines, and Jira keeps ours in a property.
      return isComment(block.value) ? [] : [paragraph([textNode(block.value, [])])];
    default:
      // Tables and the like are extensions that are not switched on.
      return [];
  }
}

/** An item begins with a paragraph; headings and rules have no place in one. */
function itemOf(item: ListItem): AdfNode {
  const allowed = new Set(["paragraph", "bulletList", "orderedList", "codeBlock"]);
  const content = blocksOf(item.children).map((node) =>
    allowed.has(node.type) ? node : { type: "paragraph", ...(node.content ? { content: node.content } : {}) },
  );
  const first = content[0]?.type === "paragraph" ? [] : [{ type: "paragraph" }];
  return { type: "listItem", content: [...first, ...content] };
}

function inlinesOf(inlines: readonly Inline[]): AdfNode[] {
  const nodes: AdfNode[] = [];
  // `<code>` stands where a code span cannot hold a value; between its two ends everything is code.
  let isCode = false;
  const add = (inline: Inline, marks: readonly AdfMark[]): void => {
    const here = isCode ? withCode(marks) : marks;
    switch (inline.type) {
      case "text":
        nodes.push(textNode(inline.value.replace(/\s*\n\s*/g, " "), here));
        return;
      case "inlineCode":
        nodes.push(textNode(inline.value, withCode(marks)));
        return;
      case "strong":
        for (const child of inline.children) add(child, [...marks, { type: "strong" }]);
        return;
      case "emphasis":
        for (const child of inline.children) add(child, [...marks, { type: "em" }]);
        return;
      case "link": {
        const link = linkMark(inline.url);
        for (const child of inline.children) add(child, link ? [...marks, link] : marks);
        return;
      }
      case "break":
        nodes.push({ type: "hardBreak" });
        return;
      case "html":
        if (inline.value === "<code>") isCode = true;
        else if (inline.value === "</code>") isCode = false;
        else if (!isComment(inline.value)) nodes.push(textNode(inline.value, here));
        return;
      case "image":
        nodes.push(textNode(inline.alt ?? "", here));
        return;
      default:
        if ("children" in inline) for (const child of inline.children) add(child, marks);
    }
  };
  for (const inline of inlines) add(inline, []);
  return nodes.filter((node) => node.text !== "");
}

/** Code bears no other mark than a link. */
function withCode(marks: readonly AdfMark[]): AdfMark[] {
  return [{ type: "code" }, ...marks.filter(({ type }) => type === "link")];
}

function linkMark(address: string): AdfMark | undefined {
  return /^https?:\/\/[^\s]+$/i.test(address) ? { type: "link", attrs: { href: address } } : undefined;
}

function textNode(text: string, marks: readonly AdfMark[]): AdfNode {
  return { type: "text", text, ...(marks.length > 0 ? { marks } : {}) };
}

function paragraph(content: readonly AdfNode[]): AdfNode {
  return { type: "paragraph", content };
}

function filled(node: AdfNode, content: readonly AdfNode[]): AdfNode[] {
  return content.length === 0 ? [] : [{ ...node, content }];
}

function isComment(html: string): boolean {
  return html.startsWith("<!--") && html.endsWith("-->");
}
