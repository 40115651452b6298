import type { FoundData } from "./found.ts";
import { compare } from "./groups.ts";
import type { Component, Connection, DataClass } from "./parts.ts";

/** Fields named for one class of data: the rest is of the same kind. */
const mostFields = 4;
const stores: ReadonlySet<Component["type"]> = new Set(["relational-db", "document-db"]);

/** Classes of data, each with the first fields that say so. */
export function dataClasses(found: readonly FoundData[]): DataClass[] {
  const classes = Map.groupBy(found, ({ name }) => name);
  return [...classes]
    .map(([name, all]): DataClass => {
      const sorted = [...all].sort(
        (a, b) => compare(a.place.path, b.place.path) || (a.place.line ?? 0) - (b.place.line ?? 0),
      );
      const perField = [...new Map(sorted.map((one) => [one.field, one])).values()];
      return {
        name,
        classification: sorted[0]?.classification ?? "personal",
        fields: perField.slice(0, mostFields).map(({ field }) => field),
        places: perField.slice(0, mostFields).map(({ place }) => place),
      };
    })
    .sort((a, b) => compare(a.name, b.name));
}

/**
 * Gives each component the data that its own schemas name, and the store that it alone could keep it in the data that its tables name.
 * Whose code a field belongs to is told by `ownerOf`.
 */
export function withData(
  components: readonly Component[],
  connections: readonly Connection[],
  found: readonly FoundData[],
  ownerOf: (path: string) => Component | undefined,
): Component[] {
  const byId = new Map(components.map((one) => [one.id, one]));
  const held = new Map<string, Set<string>>();
  const give = (id: string, name: string): void => {
    held.set(id, (held.get(id) ?? new Set()).add(name));
  };
  for (const { name, place, held: how } of found) {
    const owner = ownerOf(place.path);
    if (!owner) continue;
    give(owner.id, name);
    if (how !== "stored") continue;
    const kept = connections.filter(({ from, to }) => from === owner.id && stores.has(byId.get(to)?.type ?? "process"));
    const [only] = kept;
    if (only && kept.length === 1) give(only.to, name);
  }
  return components.map((one) => ({ ...one, data: [...(held.get(one.id) ?? [])].sort() }));
}
