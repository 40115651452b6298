/*
 * XML, as much of it as build files use: elements, attributes, text, and the line of each element. No entity is expanded but the
 * five of the standard, no external thing is read, document types are skipped.
 */

export interface XmlElement {
  /** Name without a namespace prefix. */
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** Text directly inside, trimmed. */
  readonly text: string;
  readonly line: number;
}

const deepest = 64;
const mostElements = 50_000;

interface Open {
  name: string;
  attributes: Map<string, string>;
  children: XmlElement[];
  text: string;
  line: number;
}

/** The root element, or why there is none. A missing end tag is closed with its parent. Never throws. */
export function readXml(text: string): { readonly root: XmlElement } | { readonly unreadable: string } {
  const stack: Open[] = [];
  let root: XmlElement | undefined;
  let elements = 0;
  let line = 1;
  let at = 0;
  const moveTo = (end: number): void => {
    for (; at < end; at++) if (text.charCodeAt(at) === 10) line++;
  };
  const close = (): void => {
    const done = stack.pop();
    if (!done) return;
    const element: XmlElement = { ...done, text: decode(done.text.trim()) };
    const parent = stack.at(-1);
    if (parent) parent.children.push(element);
    else root ??= element;
  };
  while (at < text.length) {
    const next = text.indexOf("<", at);
    const stop = next < 0 ? text.length : next;
    const top = stack.at(-1);
    if (top) top.text += text.slice(at, stop);
    moveTo(stop);
    if (next < 0) break;
    const skipped = skipEnd(text, at);
    if (skipped !== undefined) {
      if (top && text.startsWith("<![CDATA[", at)) top.text += text.slice(at + 9, skipped - 3);
      moveTo(skipped);
      continue;
    }
    const end = tagEnd(text, at);
    const tag = text.slice(at + 1, end);
    const tagLine = line;
    moveTo(end + 1);
    if (tag.startsWith("/")) {
      const name = localName(tag.slice(1).trim());
      if (!stack.some((open) => open.name === name)) continue;
      while (stack.at(-1)?.name !== name) close();
      close();
      continue;
    }
    const name = /^[^\s/>]+/.exec(tag)?.[0];
    if (name === undefined) continue;
    if (stack.length >= deepest) return { unreadable: `nested deeper than ${deepest} levels (line ${tagLine})` };
    if (++elements > mostElements) return { unreadable: `more than ${mostElements} elements` };
    stack.push({
      name: localName(name),
      attributes: attributesOf(tag.slice(name.length)),
      children: [],
      text: "",
      line: tagLine,
    });
    if (tag.endsWith("/")) close();
  }
  while (stack.length > 0) close();
  return root ? { root } : { unreadable: "no XML element" };
}

/** Where a comment, character data, instruction or document type that starts here ends; undefined for a tag. */
function skipEnd(text: string, at: number): number | undefined {
  const ending = (mark: string): number => {
    const end = text.indexOf(mark, at + 2);
    return end < 0 ? text.length : end + mark.length;
  };
  if (text.startsWith("<!--", at)) return ending("-->");
  if (text.startsWith("<![CDATA[", at)) return ending("]]>");
  if (text.startsWith("<?", at)) return ending("?>");
  if (!text.startsWith("<!", at)) return undefined;
  const end = ending(">");
  const subset = text.indexOf("[", at);
  if (subset < 0 || subset > end) return end;
  const closing = text.indexOf("]>", subset);
  return closing < 0 ? text.length : closing + 2;
}

function tagEnd(text: string, at: number): number {
  let quote = "";
  for (let index = at + 1; index < text.length; index++) {
    const sign = text[index] ?? "";
    if (quote !== "") {
      if (sign === quote) quote = "";
    } else if (sign === '"' || sign === "'") quote = sign;
    else if (sign === ">") return index;
  }
  return text.length;
}

function attributesOf(text: string): Map<string, string> {
  const attributes = new Map<string, string>();
  // A name without a value matches too, so that no text is tried twice and the scan stays linear.
  for (const found of text.matchAll(/([^\s=/"']+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'))?/g)) {
    const value = found[2] ?? found[3];
    if (value !== undefined) attributes.set(localName(found[1] ?? ""), decode(value));
  }
  return attributes;
}

function localName(name: string): string {
  return name.slice(name.indexOf(":") + 1);
}

const entities: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

function decode(text: string): string {
  return text.includes("&")
    ? text.replace(/&(lt|gt|amp|quot|apos);/g, (whole, name: string) => entities[name] ?? whole)
    : text;
}

/** First child of that name. */
export function child(element: XmlElement, name: string): XmlElement | undefined {
  return element.children.find((one) => one.name === name);
}

/** Text of the first child of that name. */
export function childText(element: XmlElement, name: string): string | undefined {
  return child(element, name)?.text;
}

/** All elements of that name at any depth, in document order. */
export function descendants(element: XmlElement, name: string): XmlElement[] {
  const found: XmlElement[] = [];
  for (const one of element.children) {
    if (one.name === name) found.push(one);
    found.push(...descendants(one, name));
  }
  return found;
}
