import { fittingId } from "../domain/threat-id.ts";
import { compare } from "./groups.ts";
import type { Component, Connection } from "./parts.ts";

/** Elements that a person reads through at one sitting; more are folded by kind. */
export const mostElements = 40;
/** A kind is folded only from so many on: three of something are shown. */
const fewest = 4;

export interface Folded {
  readonly components: readonly Component[];
  readonly connections: readonly Connection[];
  /** How many parts stand folded in others. */
  readonly hidden: number;
}

/**
 * Brings a large system to a readable size: many parts of one type in one boundary become one element that names them. Ways in are
 * never folded, and what is most connected stays longest. Nothing is left out: every part is named by the element that holds it.
 */
export function folded(
  components: readonly Component[],
  connections: readonly Connection[],
  most = mostElements,
): Folded {
  let parts = [...components];
  let flows = [...connections];
  let hidden = 0;
  const done = new Set<string>();
  while (parts.length > most) {
    const kinds = [
      ...Map.groupBy(
        parts.filter((one) => one.holds === undefined && (one.wayIn === undefined || one.type !== "edge-gateway")),
        kindKey,
      ),
    ]
      .filter(([key, same]) => same.length >= fewest && !done.has(key))
      .sort(([a, one], [b, other]) => other.length - one.length || compare(a, b));
    const [kind] = kinds;
    if (!kind) break;
    const [key, same] = kind;
    done.add(key);
    const group = groupOf(same);
    const inside = new Set(same.map(({ id }) => id));
    hidden += same.length;
    parts = [...parts.filter(({ id }) => !inside.has(id)), group];
    flows = redirected(flows, inside, group.id);
  }
  return { components: parts.sort((a, b) => compare(a.id, b.id)), connections: flows, hidden };
}

function kindKey({ type, boundary }: Component): string {
  return `${type} ${boundary ?? ""}`;
}

function groupOf(same: readonly Component[]): Component {
  const [first] = same;
  if (!first) throw new Error("A group holds something.");
  const names = same.map(({ name }) => name).sort();
  const facts = first.facts.filter((fact) =>
    same.every((one) => one.facts.some((other) => other.fact === fact.fact && other.is === fact.is)),
  );
  const wayIn = same.find((one) => one.wayIn)?.wayIn;
  const folders = [...new Set(same.flatMap(({ files }) => files))].sort();
  return {
    id: fittingId(`${first.boundary ?? "all"}-${first.type}-group`),
    name: `${same.length} × ${first.type}: ${names.slice(0, 3).join(", ")} and ${names.length - 3} more`,
    type: first.type,
    ...(same.every((one) => one.technology === first.technology) && first.technology
      ? { technology: first.technology }
      : {}),
    ...(first.boundary === undefined ? {} : { boundary: first.boundary }),
    data: [...new Set(same.flatMap(({ data }) => data))].sort(),
    files: folders.slice(0, 40),
    facts,
    places: same.flatMap(({ places }) => places.slice(0, 1)).slice(0, 4),
    ...(wayIn ? { wayIn } : {}),
    ...(same.some(({ isPublished }) => isPublished) ? { isPublished: true as const } : {}),
    holds: names,
  };
}

function redirected(flows: readonly Connection[], inside: ReadonlySet<string>, group: string): Connection[] {
  const seen = new Map<string, Connection>();
  for (const flow of flows) {
    const from = inside.has(flow.from) ? group : flow.from;
    const to = inside.has(flow.to) ? group : flow.to;
    const key = `${from}\u0000${to}`;
    if (from !== to && !seen.has(key)) seen.set(key, { ...flow, from, to });
  }
  return [...seen.values()];
}
