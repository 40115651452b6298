/*
 * What a file means, as a flat list of items: dependencies, resources, services, operations. Every structure reader
 * turns one text into items; the difference of two such lists, not of two texts, is what structural rules look at.
 */

/** A plain value of an attribute. Lists are written as `name.0`, `name.1` …; expressions that are not literals as text. */
export type AttributeValue = string | number | boolean | null;

/** One thing that a file declares. */
export interface Item {
  /** Kind of item, for example `dependency`, `terraform-resource`, `compose-service`, `openapi-operation`. */
  readonly kind: string;
  /** What rules match by glob: a package name, a resource type, a Kubernetes kind, `get /users/{id}`. */
  readonly type: string;
  /** Identity within the file on both sides, so that the same thing before and after is found again. */
  readonly key: string;
  /** The name people know it by. */
  readonly name: string;
  /** Flat attributes by dotted path. */
  readonly attributes: ReadonlyMap<string, AttributeValue>;
  /** First line of its declaration, from 1. */
  readonly line: number;
  /** Lines of single attributes where they are known, by dotted path. */
  readonly lines: ReadonlyMap<string, number>;
}

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
