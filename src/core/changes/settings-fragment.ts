import { type Draft, setAttribute } from "./notations/items.ts";
import type { AttributeValue } from "./structure.ts";

/*
 * Settings of which only the changed places of a file are known, written by indentation: YAML, and JSON as people lay it out. Where a
 * value belongs is told by the lines above it that stand further left, as far as they are known: a path may lack its beginning.
 */

/** `name: value` of YAML or `"name": value` of JSON; in a list behind its dash. */
const entry = /^(\s*)((?:-\s+)*)(["']?)([\w$@./:{}-]{1,120}?)\3\s*:(?:\s+(.*)|)$/;
const element = /^(\s*)-\s+(\S.*)$/;
/** An element of a list of JSON. */
const text = /^(\s*)("(?:\\.|[^"\\])*"),?\s*$/;
/** A text of several lines begins; what follows further right is no setting. */
const longText = /^[|>][-+\d]*\s*(?:#.*)?$/;
/** Empty lines of a file come mostly alone; between two changed places more lines are unknown. */
const enoughUnknown = 2;
/** Levels that are told apart. */
const deepest = 32;

interface Opened {
  readonly indent: number;
  readonly path: string;
  readonly isText: boolean;
  /** Elements of the list below it so far. */
  elements: number;
}

/** Reads the known lines into attributes by dotted path. Linear; never throws. */
export function readSettingsFragment(draft: Draft, source: string): void {
  let open: Opened[] = [];
  let unknown = 0;
  const under = (indent: number): Opened | undefined => {
    while ((open.at(-1)?.indent ?? -1) >= indent) open.pop();
    return open.at(-1);
  };
  const begin = (indent: number, path: string, isText: boolean): void => {
    if (open.length < deepest) open.push({ indent, path, isText, elements: 0 });
  };
  for (const [index, raw] of source.split("\n").entries()) {
    const content = raw.slice(0, 2_000);
    if (content.trim() === "") {
      if (++unknown >= enoughUnknown) open = [];
      continue;
    }
    unknown = 0;
    if (/^\s*(?:#|\/\/|---)/.test(content)) continue;
    const line = index + 1;
    const found = entry.exec(content);
    if (found) {
      const [, blanks = "", dashes = "", , name = "", rest = ""] = found;
      // A list may stand no further right than the name that it belongs to.
      let parent = under(dashes === "" ? blanks.length : blanks.length + 1);
      if (parent?.isText === true) continue;
      if (dashes !== "") {
        const path = joined(parent, String(parent === undefined ? 0 : parent.elements++));
        parent = under(blanks.length + 1);
        begin(blanks.length + 0.5, path, false);
        parent = open.at(-1);
      }
      const path = joined(parent, name);
      const value = rest.replace(/\s+#.*$/, "").replace(/,\s*$/, "");
      const indent = blanks.length + dashes.length;
      if (value === "" || longText.test(value) || /^[[{&!]/.test(value)) {
        begin(indent, path, longText.test(value));
        if (/^(?:\[\s*\]|\{\s*\})$/.test(value)) setAttribute(draft, path, value.replace(/\s/g, ""), line);
        else if (value.startsWith("["))
          for (const [at, one] of elementsIn(value)) setAttribute(draft, `${path}.${at}`, one, line);
      } else setAttribute(draft, path, scalar(value), line);
      continue;
    }
    const [, blanks, value] = element.exec(content) ?? text.exec(content) ?? [];
    if (blanks === undefined || value === undefined) continue;
    const parent = under(blanks.length + (content.trim().startsWith("-") ? 1 : 0));
    if (parent === undefined || parent.isText) continue;
    setAttribute(draft, joined(parent, String(parent.elements++)), scalar(value.replace(/\s+#.*$/, "")), line);
  }
}

function joined(parent: Opened | undefined, name: string): string {
  return parent === undefined ? name : `${parent.path}.${name}`;
}

/** Elements of a list that stands on one line. */
function* elementsIn(value: string): Generator<readonly [number, AttributeValue]> {
  const inner = /^\[(.*)\]$/.exec(value)?.[1];
  if (inner === undefined) return;
  for (const [index, one] of inner.split(",").entries()) if (one.trim() !== "") yield [index, scalar(one.trim())];
}

function scalar(value: string): AttributeValue {
  const plain = value.trim().replace(/^(["'])(.*)\1$/, "$2");
  if (plain !== value.trim()) return plain;
  if (/^(?:true|false)$/i.test(plain)) return plain.toLowerCase() === "true";
  if (/^(?:null|~)$/.test(plain)) return null;
  return /^-?\d{1,15}$/.test(plain) ? Number(plain) : plain;
}
