import { diffLines } from "diff";
import {
  Document,
  isMap,
  isScalar,
  isSeq,
  parseDocument,
  type ToStringOptions,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";

/*
 * Changes a YAML file that people write by hand and keeps everything else of it as it stands: comments, order, blank lines,
 * quotes. The parsed document is changed and written anew; where that would also lay out other lines differently, only the
 * lines that differ because of the change are taken over.
 */

/** A mapping of the file. */
export type Mapping = YAMLMap<unknown, unknown>;

/** More differing lines than this are not worth telling apart: then the file is laid out anew. */
const mostDifferences = 4_000;

/**
 * The text after `change` was made to its document. The text must have been read without a fault beforehand; one without
 * content starts as `start`. The result means exactly what the changed document means.
 */
export function editYaml(text: string | undefined, start: object, change: (document: Document) => void): string {
  if (text === undefined) {
    const document = new Document(start);
    change(document);
    return document.toString({ lineWidth: 0, flowCollectionPadding: false });
  }
  const mark = text.startsWith("\ufeff") ? "\ufeff" : "";
  const breaks = text.includes("\r\n") ? "\r\n" : "\n";
  const source = text.slice(mark.length).replaceAll("\r\n", "\n");
  const layout = layoutOf(source);
  const document = parseDocument(source, options);
  change(document);
  const changed = document.toString(layout);
  const plain = parseDocument(source, options).toString(layout);
  const merged = plain === source ? changed : (carriedOver(plain, changed, source) ?? changed);
  const result = meansTheSame(merged, changed) ? merged : changed;
  return mark + result.replaceAll("\n", breaks);
}

const options = { schema: "core", uniqueKeys: false, logLevel: "silent" } as const;

function meansTheSame(one: string, other: string): boolean {
  const [left, right] = [parseDocument(one, options), parseDocument(other, options)];
  return left.errors.length === 0 && JSON.stringify(left.toJS()) === JSON.stringify(right.toJS());
}

/** The way of writing in which the file as it stands comes out most like itself. */
function layoutOf(source: string): ToStringOptions {
  const lines = new Set(source.split("\n"));
  const layouts = [2, 4].flatMap((indent) =>
    [true, false].flatMap((indentSeq) =>
      [false, true].map((flowCollectionPadding) => ({ lineWidth: 0, indent, indentSeq, flowCollectionPadding })),
    ),
  );
  let best: { layout: ToStringOptions; strange: number } = {
    layout: { lineWidth: 0 },
    strange: Number.POSITIVE_INFINITY,
  };
  for (const layout of layouts) {
    const written = parseDocument(source, options).toString(layout);
    const strange = written.split("\n").filter((line) => !lines.has(line)).length;
    if (strange < best.strange) best = { layout, strange };
    if (strange === 0) break;
  }
  return best.layout;
}

/** Takes the difference of `plain` and `changed` over to `source`, which differs from `plain` only in layout. */
function carriedOver(plain: string, changed: string, source: string): string | undefined {
  const ofLayout = diffLines(plain, source, { maxEditLength: mostDifferences });
  const ofChange = diffLines(plain, changed, { maxEditLength: mostDifferences });
  if (!ofLayout || !ofChange) return undefined;
  const place = placesIn(ofLayout);
  const sourceLines = linesOf(source);
  const out: string[] = [];
  let at = 0;
  let done = 0;
  for (const part of ofChange) {
    const lines = linesOf(part.value);
    if (part.added) {
      // Written before the line that follows it, so that what stood above keeps its own layout.
      const next = place(at);
      if (next === undefined) return undefined;
      out.push(...sourceLines.slice(done, next), ...lines);
      done = next;
    } else if (part.removed) {
      for (const index of lines.keys()) {
        const [from, to] = [place(at + index), place(at + index + 1)];
        if (from === undefined || to === undefined || to !== from + 1) return undefined;
        out.push(...sourceLines.slice(done, from));
        done = to;
      }
      at += lines.length;
    } else {
      at += lines.length;
    }
  }
  out.push(...sourceLines.slice(done));
  return out.join("");
}

/**
 * For a line of the plain text, which line of the source it is. A line that was only laid out differently stands in place
 * of another one; where the counts differ, nothing can be told and the answer is undefined.
 */
function placesIn(parts: ReturnType<typeof diffLines>): (line: number) => number | undefined {
  const places: (number | undefined)[] = [];
  let inSource = 0;
  for (const [index, part] of parts.entries()) {
    const lines = linesOf(part.value).length;
    const before = parts[index - 1];
    const isReplacement = part.added && before?.removed && linesOf(before.value).length === lines;
    const after = parts[index + 1];
    const isReplaced = part.removed && after?.added && linesOf(after.value).length === lines;
    if (isReplacement) continue;
    if (part.added) inSource += lines;
    else for (let count = 0; count < lines; count++) places.push(part.removed && !isReplaced ? undefined : inSource++);
  }
  places.push(inSource);
  return (line) => places[line];
}

function linesOf(text: string): string[] {
  // By hand: on one line of a megabyte an expression runs out of stack.
  const lines: string[] = [];
  for (let start = 0; start < text.length; ) {
    const end = text.indexOf("\n", start);
    const next = end < 0 ? text.length : end + 1;
    lines.push(text.slice(start, next));
    start = next;
  }
  return lines;
}

/** The list under a key of the top, made where there is none, before the first key that comes later in `order`. */
export function listAt(document: Document, key: string, order: readonly string[]): YAMLSeq<unknown> {
  const found = document.get(key);
  if (isSeq(found)) {
    if (found.items.length === 0) found.flow = false;
    return found;
  }
  const list = document.createNode([]);
  list.flow = false;
  const top = document.contents;
  if (!isMap(top)) throw new Error("The document is no mapping.");
  const existing = top.items.find((pair) => nameOf(pair.key) === key);
  if (existing) {
    existing.value = list;
    return list;
  }
  const later = new Set(order.slice(order.indexOf(key) + 1));
  const at = top.items.findIndex((pair) => later.has(nameOf(pair.key)));
  const pair = document.createPair(key, list);
  top.items.splice(at < 0 ? top.items.length : at, 0, pair);
  return list;
}

function nameOf(key: unknown): string {
  return String(isScalar(key) ? key.value : key);
}

/** The mapping in a list whose field has this value. */
export function entryWith(document: Document, list: string, field: string, value: string): Mapping | undefined {
  const found = document.get(list);
  if (!isSeq(found)) return undefined;
  return found.items.find((item): item is Mapping => isMap(item) && item.get(field) === value);
}

/** Adds an entry; lists of short values in it stand on one line. */
export function addEntry(document: Document, list: YAMLSeq<unknown>, entry: object): Mapping {
  const node: unknown = document.createNode(entry);
  if (!isMap(node)) throw new Error("An entry is a mapping.");
  for (const pair of node.items) if (isSeq(pair.value)) pair.value.flow = true;
  list.add(node);
  return node;
}

/** Adds a text to a list of texts in an entry, which may so far be one text or nothing. */
export function addText(document: Document, entry: Mapping, key: string, text: string): void {
  const found = entry.get(key, true);
  if (isSeq(found)) {
    if (!found.items.some((item) => isScalar(item) && item.value === text)) found.add(document.createNode(text));
    return;
  }
  const before = entry.get(key);
  const list = document.createNode(typeof before === "string" && before !== text ? [before, text] : [text]);
  list.flow = true;
  entry.set(key, list);
}

/** Takes every item out of a list at the top for which `drop` holds; a list that is empty then goes with its key. */
export function dropItems(document: Document, key: string, drop: (item: unknown) => boolean): void {
  const list = document.get(key);
  if (!isSeq(list)) return;
  list.items = list.items.filter((item) => !drop(isScalar(item) ? item.value : item));
  if (list.items.length === 0) document.delete(key);
}
