import { parse, TomlError } from "smol-toml";
import type { LineOf } from "./items.ts";

/** A TOML document with the line of each table and key. */
export interface TomlText {
  readonly value: unknown;
  /** Line of a table, a key, or an element of a list that is text or holds one line each. */
  readonly lineOf: LineOf;
}

/** Reads TOML 1.0; nesting deeper than 64 levels and integers above 2^53 are refused. Never throws. */
export function readToml(text: string): TomlText | { readonly unreadable: string } {
  let value: unknown;
  try {
    value = parse(text, { maxDepth: 64 });
  } catch (error) {
    if (error instanceof TomlError)
      return { unreadable: `line ${error.line}: ${error.message.split("\n", 1)[0] ?? ""}` };
    return { unreadable: "not TOML" };
  }
  const lines = tomlLines(text);
  return {
    value,
    lineOf(path) {
      for (let length = path.length; length > 0; length--) {
        const line = lines.get(path.slice(0, length).join("\u0000"));
        if (line !== undefined) return line;
      }
      return undefined;
    },
  };
}

/**
 * Lines of tables, keys and list elements by path, found by a scan that knows headers, keys, strings and brackets. It is used for
 * places only: what a document means is the parser's word.
 */
function tomlLines(text: string): Map<string, number> {
  const lines = new Map<string, number>();
  const counts = new Map<string, number>();
  let table: string[] = [];
  let open: { path: string[]; index: number; depth: number } | undefined;
  let multiline: string | undefined;
  for (const [index, raw] of text.split("\n").entries()) {
    const line = index + 1;
    if (multiline !== undefined) {
      if (raw.includes(multiline)) multiline = undefined;
      continue;
    }
    if (open) {
      open = scanElements(raw, line, open, lines);
      continue;
    }
    const trimmed = raw.trim();
    if (trimmed === "" || trimmed.startsWith("#")) continue;
    const header = trimmed.length > 1000 ? null : /^\[(\[?)(.+?)\]\]?\s*(#.*)?$/.exec(trimmed);
    if (header && !/^\[[^\]]*=/.test(trimmed)) {
      table = keyParts((header[2] ?? "").trim());
      if (header[1] === "[") {
        const list = table.join("\u0000");
        const position = counts.get(list) ?? 0;
        counts.set(list, position + 1);
        table = [...table, String(position)];
      }
      lines.set(table.join("\u0000"), line);
      continue;
    }
    const equals = equalsSign(trimmed);
    if (equals < 0) continue;
    const path = [...table, ...keyParts(trimmed.slice(0, equals).trim())];
    const key = path.join("\u0000");
    if (!lines.has(key)) lines.set(key, line);
    const rest = trimmed.slice(equals + 1).trim();
    const quotes = /^("""|''')/.exec(rest)?.[1];
    if (quotes !== undefined && !rest.slice(3).includes(quotes)) multiline = quotes;
    else if (rest.startsWith("[")) open = scanElements(rest.slice(1), line, { path, index: 0, depth: 1 }, lines);
  }
  return lines;
}

function scanElements(
  text: string,
  line: number,
  open: { path: string[]; index: number; depth: number },
  lines: Map<string, number>,
): { path: string[]; index: number; depth: number } | undefined {
  let { index, depth } = open;
  let started = false;
  for (let at = 0; at < text.length; at++) {
    const sign = text[at];
    if (sign === "#") break;
    if (sign === " " || sign === "\t" || sign === "\r") continue;
    if (sign === "," && depth === 1) {
      index++;
      started = false;
      continue;
    }
    if (depth === 1 && !started && sign !== "]") {
      started = true;
      const key = [...open.path, String(index)].join("\u0000");
      if (!lines.has(key)) lines.set(key, line);
    }
    if (sign === '"' || sign === "'") {
      let end = at + 1;
      while (end < text.length && text[end] !== sign) end += sign === '"' && text[end] === "\\" ? 2 : 1;
      at = end;
    } else if (sign === "[" || sign === "{") depth++;
    else if (sign === "]" || sign === "}") {
      depth--;
      if (depth === 0) return undefined;
    }
  }
  return { path: open.path, index, depth };
}

function equalsSign(text: string): number {
  let quote: string | undefined;
  for (let at = 0; at < text.length; at++) {
    const sign = text[at];
    if (quote !== undefined) {
      if (sign === quote) quote = undefined;
    } else if (sign === '"' || sign === "'") quote = sign;
    else if (sign === "=") return at;
    else if (sign === "#") return -1;
  }
  return -1;
}

/** Parts of a dotted key: `tool."a.b".c`. */
function keyParts(text: string): string[] {
  const parts: string[] = [];
  for (const found of text.matchAll(/"([^"]*)"|'([^']*)'|([A-Za-z0-9_-]+)/g))
    parts.push(found[1] ?? found[2] ?? found[3] ?? "");
  return parts;
}
