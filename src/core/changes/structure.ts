import type { AttributeValue, Item } from "../domain/declared-item.ts";

export type { AttributeValue, Item } from "../domain/declared-item.ts";

/*
 * Every structure reader turns one text into items (see core/domain/declared-item.ts); the difference of two such lists, not of two
 * texts, is what structural rules look at.
 */

/** What one text gave. A text that cannot be parsed gives a reason instead of items, and is listed as not inspected. */
export type Structure = { readonly items: readonly Item[] } | { readonly unreadable: string };

/** Reads one family of files. One reader is one file in `structures/`, found by the generated index. */
export interface StructureReader {
  /** Name of the family, for messages: "npm manifest", "Terraform". */
  readonly name: string;
  /** Whether the path alone says that the file may be of this family; content decides in `read`. */
  wants(path: string): boolean;
  /**
   * Items of the text. Empty when the content is of another family after all. Bounded: the caller has already refused
   * texts over the size limit; the reader refuses what nests too deep. Never throws for any input.
   */
  read(path: string, text: string): Structure;
  /**
   * Items of a text of which only the changed places are known, the rest being empty lines. Present where lines say enough by
   * themselves; a family without it is not judged from a patch alone. Both sides of a difference are read the same way.
   */
  readFragment?(path: string, text: string): Structure;
}

/** One item that differs between the two sides. */
export interface Difference {
  readonly change: "added" | "removed" | "changed";
  readonly before?: Item;
  readonly after?: Item;
  /** Attributes that differ, with both values; absent on one side is undefined. */
  readonly attributes: readonly {
    readonly attribute: string;
    readonly before?: AttributeValue;
    readonly after?: AttributeValue;
  }[];
}
