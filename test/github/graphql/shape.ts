import { GraphQLError } from "graphql";
import type { Contract } from "../contract.ts";
import type { Actor } from "../identity.ts";
import type { RateLimits } from "../rate-limits.ts";
import type { World } from "../world.ts";

/** What resolvers know. */
export interface Context {
  readonly world: World;
  readonly actor: Actor;
  readonly limits: RateLimits;
  readonly contract: Contract;
  /** Points that this query costs. */
  readonly cost: number;
  readonly nodeCount: number;
}

export type Arguments = Readonly<Record<string, unknown>>;

/**
 * An object of GitHub's graph. Each field is a value, or a function that is run when it is asked for. A field that is
 * not here is an error that names it: no test passes because something was silently null.
 */
export interface Shape {
  readonly __typename: string;
  readonly [field: string]: unknown;
}

/** An error as GitHub writes it, with its `type`. */
export function refuse(
  type: "NOT_FOUND" | "FORBIDDEN" | "UNPROCESSABLE" | "STALE_DATA",
  message: string,
): GraphQLError {
  return new GraphQLError(message, { extensions: { type } });
}

export const forbidden = (): GraphQLError => refuse("FORBIDDEN", "Resource not accessible by integration");

/** Tells loudly of an argument that is given and that the stand-in would not heed. */
export function onlyKnows(args: Arguments, field: string, ...known: readonly string[]): void {
  for (const [name, value] of Object.entries(args)) {
    if (value !== undefined && value !== null && !known.includes(name)) {
      throw new GraphQLError(`the stand-in does not know the argument ${name} of ${field}`, {
        extensions: { type: "STAND_IN" },
      });
    }
  }
}

/** A text argument, if given. */
export function textOf(args: Arguments, name: string): string | undefined {
  const value = args[name];
  return typeof value === "string" ? value : undefined;
}

export function numberOf(args: Arguments, name: string): number | undefined {
  const value = args[name];
  return typeof value === "number" ? value : undefined;
}

/** A list of texts, if given. */
export function textsOf(args: Arguments, name: string): readonly string[] | undefined {
  const value = args[name];
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === "string") : undefined;
}

/** An input object, empty when it is not given. */
export function inputOf(args: Arguments, name: string): Arguments {
  const value = args[name];
  return typeof value === "object" && value !== null ? { ...value } : {};
}

const paging = ["first", "last", "after", "before"];

/**
 * A connection over a list. `filters` are the other arguments that the caller has heeded. Cursors count places.
 */
export function connection<Item>(
  typename: string,
  args: Arguments,
  items: readonly Item[],
  node: (item: Item) => Shape | null,
  filters: readonly string[] = [],
  edge: (item: Item) => Readonly<Record<string, unknown>> = () => ({}),
): Shape {
  onlyKnows(args, typename, ...paging, ...filters);
  const after = placeIn(textOf(args, "after")) ?? 0;
  const before = placeIn(textOf(args, "before"));
  let start = after;
  let end = before === undefined ? items.length : Math.min(items.length, before - 1);
  const first = numberOf(args, "first");
  const last = numberOf(args, "last");
  if (first !== undefined) end = Math.min(end, start + first);
  if (last !== undefined) start = Math.max(start, end - last);
  const shown = items.slice(start, Math.max(start, end));
  return {
    __typename: typename,
    totalCount: items.length,
    pageInfo: {
      __typename: "PageInfo",
      hasNextPage: end < items.length,
      hasPreviousPage: start > 0,
      startCursor: shown.length === 0 ? null : cursor(start + 1),
      endCursor: shown.length === 0 ? null : cursor(start + shown.length),
    },
    nodes: () => shown.map(node),
    edges: () =>
      shown.map((item, index) => ({
        __typename: typename.replace(/Connection$/, "Edge"),
        cursor: cursor(start + index + 1),
        node: () => node(item),
        ...edge(item),
      })),
  };
}

function cursor(place: number): string {
  return Buffer.from(`cursor:${place}`).toString("base64");
}

function placeIn(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const place = /^cursor:(\d+)$/.exec(Buffer.from(text, "base64").toString("utf8"))?.[1];
  if (place === undefined)
    throw new GraphQLError(`\`${text}\` does not appear to be a valid cursor.`, {
      extensions: { type: "INVALID_CURSOR_ARGUMENTS" },
    });
  return Number(place);
}
