/** A path into a value: keys of mappings and indexes of lists. */
export type ValuePath = readonly (string | number)[];

/**
 * Where the parts of a read value stand in its text. Each list and mapping remembers the offsets of its own entries; a
 * lookup walks the path, so its cost is the path's length, whatever the size of the file.
 */
export class Positions {
  readonly #text: string;
  readonly #entries = new Map<object, Map<string | number, number>>();
  readonly #items = new Map<object, readonly number[]>();
  /** Mappings whose entries nobody has asked for yet; a lookup moves them to `#entries`. */
  readonly #unasked = new Map<object, { readonly keys: readonly string[]; readonly offsets: readonly number[] }>();
  #lineStarts: readonly number[] | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  /** Remembers where an entry of a list or mapping stands: the offset of its key, or of the item itself. */
  put(container: object, key: string | number, offset: number): void {
    const known = this.#entries.get(container);
    if (known) known.set(key, offset);
    else this.#entries.set(container, new Map([[key, offset]]));
  }

  /** Remembers where all items of a list stand, in their order. */
  putItems(list: object, offsets: readonly number[]): void {
    this.#items.set(list, offsets);
  }

  /** Remembers where all entries of a mapping stand: the offset of each key. */
  putEntries(mapping: object, keys: readonly string[], offsets: readonly number[]): void {
    this.#unasked.set(mapping, { keys, offsets });
  }

  /** Line of the entry at the path, from 1. `start` is where the whole value begins. Undefined when nothing is there. */
  line(value: unknown, start: number, path: ValuePath): number | undefined {
    let offset = start;
    let current = value;
    for (const step of path) {
      if (typeof current !== "object" || current === null) return undefined;
      const found = this.#offsetOf(current, step);
      if (found === undefined) return undefined;
      offset = found;
      current = Reflect.get(current, step);
    }
    return this.lineOfOffset(offset);
  }

  /** Line of an offset, from 1. */
  lineOfOffset(offset: number): number {
    const starts = this.#starts();
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  }

  #offsetOf(container: object, step: string | number): number | undefined {
    const items = this.#items.get(container);
    if (items) return items[Number(step)];
    const unasked = this.#unasked.get(container);
    if (unasked) {
      for (const [index, offset] of unasked.offsets.entries()) this.put(container, unasked.keys[index] ?? "", offset);
      this.#unasked.delete(container);
    }
    return this.#entries.get(container)?.get(Array.isArray(container) ? Number(step) : String(step));
  }

  #starts(): readonly number[] {
    if (this.#lineStarts) return this.#lineStarts;
    const starts = [0];
    // A line break at the very end begins no line: a fault "at the end" is on the last line that an editor shows.
    const end = this.#text.length - 1;
    for (let at = this.#text.indexOf("\n"); at !== -1 && at < end; at = this.#text.indexOf("\n", at + 1))
      starts.push(at + 1);
    this.#lineStarts = starts;
    return starts;
  }
}

/** Sets an own entry whatever its name, so that a key called `__proto__` is data and changes no other object. */
export function setEntry(target: object, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
}
