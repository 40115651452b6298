import { limits } from "../text/limits.ts";

/** An element of XML: its name without the prefix, its text and its children. Attributes are kept by full name. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** Text directly inside it, entities resolved. */
  readonly text: string;
  readonly line: number;
}

/**
 * Reads one element of XML out of a text, from its opening tag at `start` on. Bounded in depth and number; knows only the five
 * predefined entities and character references, so nothing can be expanded or fetched (H061). Undefined when the element
 * is not closed or a limit is met.
 */
export function readXmlElement(text: string, start: number, line: number): XmlElement | undefined {
  const open: { name: string; attributes: Map<string, string>; children: XmlElement[]; text: string; line: number }[] =
    [];
  const tag = /<(\/?)([A-Za-z_][\w:.-]*)((?:\s+[\w:.-]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(\/?)>/y;
  let current = line;
  let counted = start;
  let last = start;
  for (let nodes = 0; nodes <= limits.nodes * 4; nodes++) {
    const index = text.indexOf("<", last);
    if (index === -1) return undefined;
    for (; counted < index; counted++) if (text.charCodeAt(counted) === 10) current++;
    const above = open.at(-1);
    if (above !== undefined) above.text += entitiesResolved(text.slice(last, index));
    const passed = passedOver(text, index);
    if (passed !== undefined) {
      if (passed.end === -1) return undefined;
      if (above !== undefined) above.text += passed.text;
      last = passed.end;
      continue;
    }
    tag.lastIndex = index;
    const match = tag.exec(text);
    if (match === null) return undefined;
    last = tag.lastIndex;
    const name = match[2] ?? "";
    const bare = name.slice(name.indexOf(":") + 1);
    if (match[1] !== "/") {
      if (open.length >= limits.depth) return undefined;
      const element = { name: bare, attributes: attributesOf(match[3] ?? ""), children: [], text: "", line: current };
      if (match[4] !== "/") open.push(element);
      else if (above === undefined) return element;
      else above.children.push(element);
      continue;
    }
    const closed = open.pop();
    if (closed === undefined || closed.name !== bare) return undefined;
    const parent = open.at(-1);
    if (parent === undefined) return closed;
    parent.children.push(closed);
  }
  return undefined;
}

/** Comments, character data and instructions at `index`: where they end (-1 when they do not) and the text they hold. */
function passedOver(text: string, index: number): { readonly end: number; readonly text: string } | undefined {
  const kinds = [
    ["<!--", "-->", false],
    ["<![CDATA[", "]]>", true],
    ["<?", "?>", false],
  ] as const;
  for (const [opening, closing, isText] of kinds) {
    if (!text.startsWith(opening, index)) continue;
    const end = text.indexOf(closing, index + opening.length);
    return end === -1
      ? { end, text: "" }
      : { end: end + closing.length, text: isText ? text.slice(index + opening.length, end) : "" };
  }
  return undefined;
}

function attributesOf(text: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const match of text.matchAll(/([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g))
    found.set(match[1] ?? "", entitiesResolved(match[2] ?? match[3] ?? ""));
  return found;
}

const predefined: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** The five predefined entities and character references; anything else stays as it is written. */
export function entitiesResolved(text: string): string {
  return text.replace(
    /&(?:(amp|lt|gt|quot|apos)|#(\d{1,7})|#x([0-9a-fA-F]{1,6}));/g,
    (whole, name: string | undefined, decimal: string | undefined, hex: string | undefined) => {
      if (name !== undefined) return predefined[name] ?? whole;
      const code = decimal === undefined ? Number.parseInt(hex ?? "0", 16) : Number(decimal);
      return code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff) ? String.fromCodePoint(code) : whole;
    },
  );
}

/** The first child of a name, or undefined. */
export function child(element: XmlElement | undefined, name: string): XmlElement | undefined {
  return element?.children.find((one) => one.name === name);
}

/** Text of the child of a name, trimmed; undefined when there is none or it is empty. */
export function childText(element: XmlElement | undefined, name: string): string | undefined {
  const text = child(element, name)?.text.trim();
  return text === undefined || text === "" ? undefined : text;
}
