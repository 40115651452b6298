import type { PhrasingContent } from "./nodes.ts";

/** A link or an image inside a text. */
export interface Reference {
  readonly kind: "link" | "image";
  /** Target as written; the label of a reference-style link is resolved by the caller. */
  readonly url: string;
  readonly text: string;
  readonly line: number;
}

/** Targets of `[label]: target` definitions, by lower-case label. */
export type Definitions = ReadonlyMap<string, string>;

/** Line of a node, from 1; mdast positions are always there for parsed text. */
export function lineOf(node: {
  readonly position?: { readonly start: { readonly line: number } } | undefined;
}): number {
  return node.position?.start.line ?? 1;
}

/** The plain text of inline content: no marks, no HTML tags or comments, line breaks kept as `\n`. */
export function plainText(nodes: readonly PhrasingContent[]): string {
  let text = "";
  for (const node of nodes) {
    if (node.type === "text" || node.type === "inlineCode") text += node.value;
    else if (node.type === "break") text += "\n";
    else if (node.type === "html") text += /^<br\s*\/?>/i.test(node.value) ? "\n" : "";
    else if (node.type === "image" || node.type === "imageReference") text += "";
    else if ("children" in node) text += plainText(node.children);
  }
  return text;
}

/** Links and images in inline content, definitions resolved. */
export function referencesIn(nodes: readonly PhrasingContent[], definitions: Definitions): Reference[] {
  const found: Reference[] = [];
  for (const node of nodes) {
    if (node.type === "link")
      found.push({ kind: "link", url: node.url, text: plainText(node.children), line: lineOf(node) });
    else if (node.type === "linkReference") {
      const url = definitions.get(node.identifier);
      if (url !== undefined) found.push({ kind: "link", url, text: plainText(node.children), line: lineOf(node) });
    } else if (node.type === "image")
      found.push({ kind: "image", url: node.url, text: node.alt ?? "", line: lineOf(node) });
    else if (node.type === "imageReference") {
      const url = definitions.get(node.identifier) ?? "";
      found.push({ kind: "image", url, text: node.alt ?? "", line: lineOf(node) });
    } else if (node.type === "html") {
      const source = /<img\b[^>]{0,500}?\bsrc\s*=\s*["']([^"']{1,500})["']/i.exec(node.value)?.[1];
      if (source !== undefined) found.push({ kind: "image", url: source, text: "", line: lineOf(node) });
    }
    if (node.type === "text")
      for (const [url] of node.value.matchAll(/\bhttps?:\/\/[^\s<>()[\]"'`]{3,500}/gi))
        found.push({ kind: "link", url: url.replace(/[.,:;!?*_]+$/, ""), text: url, line: lineOf(node) });
    if ("children" in node)
      found.push(...referencesIn(node.children, definitions).filter(({ kind }) => kind === "image"));
  }
  return found;
}
