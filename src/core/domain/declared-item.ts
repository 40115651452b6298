/*
 * What a file means, as a flat list of items: dependencies, resources, services, operations. Differences of two such lists are what
 * structural rules look at; the list of a whole repository is what a system model is derived from.
 */

/** A plain value of an attribute. Lists are written as `name.0`, `name.1` …; expressions that are not literals as text. */
export type AttributeValue = string | number | boolean | null;

/** One thing that a file declares. */
export interface Item {
  /** Kind of item, for example `dependency`, `terraform-resource`, `compose-service`. */
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
