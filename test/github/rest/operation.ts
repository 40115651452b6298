import type { z } from "zod";
import type { Actor, Identity, Need } from "../identity.ts";
import { Refusal } from "../refusal.ts";
import type { Permission, Repository, World } from "../world.ts";

/** A request that was understood: who asks, for what, with which words. */
export interface Call {
  readonly world: World;
  readonly identity: Identity;
  readonly actor: Actor;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: unknown;
  /** The `Accept` header in lower case. */
  readonly accept: string;
  /** Path and query as asked, for `Link` headers. */
  readonly address: URL;
}

export interface RepositoryCall extends Call {
  readonly repository: Repository;
}

export interface Answer {
  readonly status: number;
  /** JSON, unless `text` is given. */
  readonly body?: unknown;
  readonly text?: string | Uint8Array;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

interface Described {
  /** GitHub's `operationId`. */
  readonly id: string;
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** As in GitHub's description, with `{names}`; the last name of some may span slashes: `{path+}`. */
  readonly path: string;
}

/** An operation on one repository. What it needs is judged before it runs. */
export interface RepositoryOperation extends Described {
  readonly on: "repository";
  /** Permissions of an App, any one of them. https://docs.github.com/rest/authentication/permissions-required-for-github-apps */
  readonly needs: readonly Need[];
  /** The role that a person needs for the same. */
  readonly person: Permission | "never";
  readonly answer: (call: RepositoryCall) => Answer;
}

export interface OtherOperation extends Described {
  readonly on: "anything";
  readonly answer: (call: Call) => Answer;
}

export type Operation = RepositoryOperation | OtherOperation;

export const ok = (body: unknown, headers: Readonly<Record<string, string>> = {}): Answer => ({
  status: 200,
  body,
  headers,
});
export const created = (body: unknown): Answer => ({ status: 201, body });
export const nothing: Answer = { status: 204 };

/** Reads the body; what does not fit is refused as GitHub refuses it. */
export function read<Shape extends z.ZodType>(shape: Shape, call: Call): z.infer<Shape> {
  const result = shape.safeParse(call.body ?? {});
  if (result.success) return result.data;
  const faults = result.error.issues.map((issue) => `"${issue.path.join(".")}": ${issue.message}`);
  throw new Refusal(422, `Invalid request.\n\n${faults.join("\n")}`);
}

/** A number in the path; anything else is not found. */
export function numberIn(call: Call, name: string): number {
  const value = Number(call.params[name]);
  if (!Number.isSafeInteger(value) || value < 1) throw new Refusal(404, "Not Found");
  return value;
}

/** One page of a list, with the `Link` header that leads to the others. https://docs.github.com/rest/using-the-rest-api/using-pagination-in-the-rest-api */
export function page<Item>(call: Call, items: readonly Item[], show: (item: Item) => unknown): Answer {
  const { slice, headers } = cut(call, items);
  return ok(slice.map(show), headers);
}

export function cut<Item>(
  call: Call,
  items: readonly Item[],
): { readonly slice: readonly Item[]; readonly headers: Record<string, string> } {
  const size = Math.min(100, wholeNumber(call.query.get("per_page"), 30));
  const at = wholeNumber(call.query.get("page"), 1);
  const last = Math.max(1, Math.ceil(items.length / size));
  const links: string[] = [];
  const link = (target: number, relation: string): void => {
    const url = new URL(call.address);
    url.searchParams.set("page", String(target));
    links.push(`<${url.href}>; rel="${relation}"`);
  };
  if (at > 1) link(Math.min(at - 1, last), "prev");
  if (at < last) {
    link(at + 1, "next");
    link(last, "last");
  }
  if (at > 1) link(1, "first");
  const headers: Record<string, string> = links.length === 0 ? {} : { link: links.join(", ") };
  return { slice: items.slice((at - 1) * size, at * size), headers };
}

function wholeNumber(text: string | null, otherwise: number): number {
  const value = Number(text ?? otherwise);
  return Number.isSafeInteger(value) && value > 0 ? value : otherwise;
}
