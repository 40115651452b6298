import { inUseFact } from "../domain/fact.ts";
import { fittingId, shortDigest } from "../domain/threat-id.ts";
import type { Connected, NeededStore } from "./connect.ts";
import { compare } from "./groups.ts";
import { slug } from "./names.ts";
import type { Component, Connection } from "./parts.ts";

/** Draws the stores that only their clients speak of. */
export function withNeeded(
  known: readonly Component[],
  { connections, needed }: Connected,
): { stores: Component[]; connections: Connection[] } {
  const taken = new Set(known.map(({ id }) => id));
  const stores: Component[] = [];
  const more: Connection[] = [];
  const shared = new Map<string, Component>();
  const atAddress = Map.groupBy(needed, ({ type, address }) => `${type} ${address ?? ""}`);
  for (const store of [...needed].sort((a, b) => compare(a.from.id, b.from.id) || compare(a.type, b.type))) {
    const at = store.address === undefined ? undefined : `${store.type} ${store.address}`;
    const several = at !== undefined && (atAddress.get(at)?.length ?? 0) > 1;
    const component = (at !== undefined ? shared.get(at) : undefined) ?? neededComponent(store, taken, several);
    if (!taken.has(component.id)) stores.push(component);
    taken.add(component.id);
    if (at !== undefined) shared.set(at, component);
    const { protocol, place } = store.flow;
    more.push({
      from: store.from.id,
      to: component.id,
      ...(protocol && store.products.length === 1 ? { protocol } : {}),
      place,
    });
  }
  return { stores, connections: [...connections, ...more] };
}

const storeWords: Readonly<Record<string, string>> = {
  "relational-db": "database",
  "document-db": "document database",
  cache: "cache",
  "message-broker": "message broker",
  "search-index": "search index",
  "object-store": "object store",
};

function neededComponent(
  { from, type, products, isStated: states, flow }: NeededStore,
  taken: ReadonlySet<string>,
  several: boolean,
): Component {
  const words = storeWords[type] ?? type;
  // A library keeps SQLite within the process: its driver is the store.
  const isStated = states || products.join() === "SQLite";
  const id = fittingId(several ? slug(words) : `${from.id.slice(0, 40)}-${slug(words)}`);
  return {
    id: taken.has(id) ? `${id.slice(0, 56)}-${shortDigest(`${from.id} ${type}`, 6)}` : id,
    // A question mark in the drawing, too: a client is declared, and no file says where a store of this kind is.
    name: `${several ? words : `${from.name} ${words}`}${isStated ? "" : "?"}`,
    type,
    technology: products.length > 1 ? `${products.slice(0, -1).join(", ")} or ${products.at(-1)}` : (products[0] ?? ""),
    // Anything but SQLite is somewhere that no file names.
    ...(products.join() === "SQLite" && from.boundary !== undefined ? { boundary: from.boundary } : {}),
    data: [],
    files: [flow.place.path],
    facts: isStated ? [] : [{ fact: inUseFact, is: "not stated" }],
    places: [flow.place],
  };
}
