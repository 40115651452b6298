import { type Document, isAlias, isMap, isPair, isScalar, isSeq, type Pair, type YAMLMap, type YAMLSeq } from "yaml";
import { limits } from "./limits.ts";
import { type Positions, setEntry } from "./positions.ts";

/** A text that cannot be turned into values; the offset says where. Caught in yaml.ts, never seen outside this folder. */
export class YamlFault extends Error {
  readonly offset: number;
  readonly hint: string;
  constructor(message: string, offset: number, hint: string) {
    super(message);
    this.offset = offset;
    this.hint = hint;
  }
}

export interface ValueRules {
  /** Aliases are followed and `<<` is merged; otherwise both were refused before. */
  readonly aliases: boolean;
  /** Keys that are refused because a program that reads them carelessly changes its own objects. */
  readonly refuseProto: boolean;
  readonly mostNodes: number;
}

/**
 * Turns the tree of one document into plain data. Tags never construct anything: what they mark is read as it stands.
 * Keys are compared here, in linear time; the library's own comparison is quadratic (H058).
 *
 * @throws YamlFault for a key that is given twice, a key that is no scalar, a ring of aliases, or too many values.
 */
export function valueOfDocument(document: Document.Parsed, positions: Positions, rules: ValueRules): unknown {
  return new Build(positions, rules).value(document.contents, 0);
}

/** A node with its anchor's name, where an alias may find it again. */
interface Anchored {
  readonly node: unknown;
  readonly offset: number;
}

class Build {
  readonly #positions: Positions;
  readonly #rules: ValueRules;
  readonly #anchors = new Map<string, Anchored>();
  /** Anchors whose value is being built right now: an alias to one of them would be a ring. */
  readonly #building = new Set<string>();
  #nodes = 0;

  constructor(positions: Positions, rules: ValueRules) {
    this.#positions = positions;
    this.#rules = rules;
  }

  value(node: unknown, depth: number): unknown {
    if (node === null || node === undefined) return null;
    if (++this.#nodes > this.#rules.mostNodes) {
      throw new YamlFault(
        `More than ${this.#rules.mostNodes} values.`,
        offsetOf(node),
        "Split the file, or write less into it.",
      );
    }
    if (depth > limits.depth) {
      throw new YamlFault(
        `Nested deeper than ${limits.depth} levels.`,
        offsetOf(node),
        "Flatten the lists and mappings.",
      );
    }
    if (isAlias(node)) return this.#alias(node.source, offsetOf(node), depth);
    const anchor = anchorOf(node);
    if (anchor === undefined) return this.#plain(node, depth);
    this.#anchors.set(anchor, { node, offset: offsetOf(node) });
    this.#building.add(anchor);
    const value = this.#plain(node, depth);
    this.#building.delete(anchor);
    return value;
  }

  #plain(node: unknown, depth: number): unknown {
    if (isMap(node)) return this.#mapping(node, depth);
    if (isSeq(node)) return this.#list(node, depth);
    if (!isScalar(node)) return null;
    const value = node.value;
    if (typeof value === "string") return checkedText(value, offsetOf(node));
    if (typeof value === "number" || typeof value === "boolean" || value === null) return value;
    return node.source ?? null;
  }

  #list(node: YAMLSeq, depth: number): readonly unknown[] {
    const out: unknown[] = [];
    for (const item of node.items) {
      // `[a: b]` is a list of one mapping, which the parser shows as a bare pair.
      const value = isPair(item) ? this.#pairs([item], offsetOf(item.key), depth + 1) : this.value(item, depth + 1);
      this.#positions.put(out, out.length, isPair(item) ? offsetOf(item.key) : offsetOf(item) || offsetOf(node));
      out.push(value);
    }
    return out;
  }

  #mapping(node: YAMLMap, depth: number): object {
    return this.#pairs(node.items, offsetOf(node), depth);
  }

  #pairs(pairs: readonly Pair[], start: number, depth: number): object {
    const out = {};
    const seen = new Map<string, number>();
    const merged: { value: unknown; offset: number }[] = [];
    for (const pair of pairs) {
      const offset = offsetOf(pair.key) || start;
      const key = this.#key(pair.key, offset, depth);
      if (key === "<<" && isPlainKey(pair.key)) {
        if (!this.#rules.aliases) throw new YamlFault("A merge key (`<<`) is used.", offset, "Write the entries out.");
        merged.push({ value: this.value(pair.value, depth + 1), offset });
        continue;
      }
      this.#checkKey(key, seen, offset);
      seen.set(key, offset);
      setEntry(out, key, this.value(pair.value, depth + 1));
      this.#positions.put(out, key, offset);
    }
    for (const { value, offset } of merged) this.#merge(out, value, offset);
    return out;
  }

  #checkKey(key: string, seen: ReadonlyMap<string, number>, offset: number): void {
    const earlier = seen.get(key);
    if (earlier !== undefined) {
      throw new YamlFault(
        `\`${shorten(key)}\` is given twice: on line ${this.#positions.lineOfOffset(earlier)} and on line ${this.#positions.lineOfOffset(offset)}.`,
        offset,
        "Keep one of the two; which one counts would otherwise depend on the reader.",
      );
    }
    if (this.#rules.refuseProto && key === "__proto__") {
      throw new YamlFault("`__proto__` cannot be used as a key.", offset, "Give the key another name.");
    }
  }

  #key(node: unknown, offset: number, depth: number): string {
    const resolved = isAlias(node) ? this.#alias(node.source, offset, depth) : undefined;
    if (typeof resolved === "string") return resolved;
    if (node === null || node === undefined) {
      throw new YamlFault("A key is missing before the colon.", offset, "Write the key, or put the text in quotes.");
    }
    if (!isScalar(node)) {
      throw new YamlFault(
        "A list or mapping stands where a key is expected.",
        offset,
        "Use plain words as keys; put text that begins with [ or { in quotes.",
      );
    }
    const anchor = anchorOf(node);
    if (anchor !== undefined) this.#anchors.set(anchor, { node, offset });
    // What a program sees as the name of the entry: `1`, `0x1` and "1" are one and the same.
    return checkedText(String(node.value), offset);
  }

  #alias(name: string, offset: number, depth: number): unknown {
    const target = this.#anchors.get(name);
    if (!target)
      throw new YamlFault(
        `\`*${shorten(name)}\` refers to nothing above it.`,
        offset,
        "Define the anchor first, or write the value out.",
      );
    if (this.#building.has(name)) {
      throw new YamlFault(
        `\`*${shorten(name)}\` lies inside the very value it refers to.`,
        offset,
        "Write the value out.",
      );
    }
    this.#building.add(name);
    const value = this.#plain(target.node, depth);
    this.#building.delete(name);
    return value;
  }

  /** Adds the entries of `<<` that are not given by the mapping itself. https://yaml.org/type/merge.html */
  #merge(out: object, from: unknown, offset: number): void {
    const sources: readonly unknown[] = Array.isArray(from) ? from : [from];
    for (const source of sources) {
      if (typeof source !== "object" || source === null || Array.isArray(source)) {
        throw new YamlFault(
          "`<<` takes a mapping or a list of mappings.",
          offset,
          "Refer to a mapping, or write the entries out.",
        );
      }
      for (const [key, value] of Object.entries(source)) {
        if (Object.hasOwn(out, key)) continue;
        if (++this.#nodes > this.#rules.mostNodes) {
          throw new YamlFault(
            `More than ${this.#rules.mostNodes} values.`,
            offset,
            "Split the file, or write less into it.",
          );
        }
        setEntry(out, key, value);
        this.#positions.put(out, key, offset);
      }
    }
  }
}

function checkedText(text: string, offset: number): string {
  if (text.isWellFormed() && !text.includes("\u0000")) return text;
  throw new YamlFault("A text holds half of a surrogate pair or a NUL character.", offset, "Take the character out.");
}

function isPlainKey(node: unknown): boolean {
  return isScalar(node) && node.type === "PLAIN";
}

function anchorOf(node: unknown): string | undefined {
  return isScalar(node) || isMap(node) || isSeq(node) ? node.anchor : undefined;
}

function offsetOf(node: unknown): number {
  if (typeof node !== "object" || node === null || !("range" in node) || !Array.isArray(node.range)) return 0;
  const [start] = node.range;
  return typeof start === "number" ? start : 0;
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
