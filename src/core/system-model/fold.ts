import { fittingId } from "../domain/threat-id.ts";
import { compare } from "./groups.ts";
import type { Component, Connection } from "./parts.ts";

/** Elements, callers included, that a person reads through at one sitting; more are folded by kind. */
export const mostElements = 40;
/** A kind is folded only from so many on: three of something are shown. */
const fewest = 4;

export interface Folded {
  readonly components: readonly Component[];
  readonly connections: readonly Connection[];
}

/**
 * Brings a large system to a readable size: of a kind that nothing is connected with, else of the most numerous kind, the least connected parts become one element that names them,
 * first what watches, then within a boundary, then over all. Ways in are never folded. Nothing is left out: every part is named by the element that
 * holds it.
 */
export function folded(components: readonly Component[], connections: readonly Connection[], most: number): Folded {
  let parts = [...components];
  let flows = [...connections];
  for (const [kindKey, wanted] of passes) {
    const done = new Set<string>();
    while (parts.length > most) {
      const kinds = [
        ...Map.groupBy(
          parts.filter((one) => mayBeFolded(one) && wanted(one)),
          kindKey,
        ),
      ]
        .filter(([key, same]) => same.length >= fewest && !done.has(key))
        .map(([key, same]) => ({
          key,
          size: same.length,
          folding: leastConnected(same, flows, Math.max(fewest, parts.length - most + 1)),
        }))
        .sort(
          (one, other) =>
            Number(isApart(other.folding, flows)) - Number(isApart(one.folding, flows)) ||
            other.size - one.size ||
            compare(one.key, other.key),
        );
      const [kind] = kinds;
      if (!kind) break;
      const { key, folding } = kind;
      done.add(key);
      const group = groupOf(folding, kindKey === ofType);
      const inside = new Set(folding.map(({ id }) => id));
      parts = [...parts.filter(({ id }) => !inside.has(id)), group];
      flows = redirected(flows, inside, group.id);
    }
  }
  return { components: parts.sort((a, b) => compare(a.id, b.id)), connections: flows };
}

/**
 * In which order kinds are folded: first what watches the system, wherever it runs, because nobody who reads of a shop asks for its six
 * dashboards; then the most numerous kind of a boundary; then that of the whole.
 */
const passes: readonly (readonly [(one: Component) => string, (one: Component) => boolean])[] = [
  [ofType, watches],
  [ofBoundary, () => true],
  [ofType, () => true],
];

function watches({ type }: Component): boolean {
  return type === "logging-monitoring";
}

function mayBeFolded({ holds, wayIn, type }: Component): boolean {
  return holds === undefined && (wayIn === undefined || type !== "edge-gateway");
}

/** Whether nothing leads to or from any of them: what stands alone is missed least. */
function isApart(same: readonly Component[], flows: readonly Connection[]): boolean {
  const ids = new Set(same.map(({ id }) => id));
  return !flows.some(({ from, to }) => ids.has(from) || ids.has(to));
}

function ofBoundary({ type, boundary }: Component): string {
  return `${type} ${boundary ?? ""}`;
}

function ofType({ type }: Component): string {
  return type;
}

function leastConnected(same: readonly Component[], flows: readonly Connection[], count: number): Component[] {
  const degrees = new Map<string, number>();
  for (const { from, to } of flows) for (const id of [from, to]) degrees.set(id, (degrees.get(id) ?? 0) + 1);
  const degree = ({ id }: Component): number => degrees.get(id) ?? 0;
  return [...same].sort((a, b) => degree(a) - degree(b) || compare(b.id, a.id)).slice(0, count);
}

function groupOf(same: readonly Component[], overAll: boolean): Component {
  const [first] = same;
  if (!first) throw new Error("A group holds something.");
  const boundary = overAll ? commonBoundary(same) : first.boundary;
  const names = same.map(({ name }) => name).sort();
  const facts = first.facts.filter((fact) =>
    same.every((one) => one.facts.some((other) => other.fact === fact.fact && other.is === fact.is)),
  );
  const wayIn = same.find((one) => one.wayIn)?.wayIn;
  const folders = [...new Set(same.flatMap(({ files }) => files))].sort();
  return {
    id: fittingId(`${overAll ? "all" : (first.boundary ?? "all")}-${first.type}-group`),
    name: `${same.length} × ${first.type}: ${names.slice(0, 3).join(", ")} and ${names.length - 3} more`,
    type: first.type,
    ...(same.every((one) => one.technology === first.technology) && first.technology
      ? { technology: first.technology }
      : {}),
    ...(boundary === undefined ? {} : { boundary }),
    data: [...new Set(same.flatMap(({ data }) => data))].sort(),
    files: folders.slice(0, 40),
    facts,
    places: same.flatMap(({ places }) => places.slice(0, 1)).slice(0, 4),
    ...(wayIn ? { wayIn } : {}),
    ...(same.some(({ isPublished }) => isPublished) ? { isPublished: true as const } : {}),
    holds: names,
  };
}

/** Of parts in several boundaries the element lies in none of them, unless all are namespaces of one cluster. */
function commonBoundary(same: readonly Component[]): string | undefined {
  const ids = new Set(same.map(({ boundary }) => (boundary?.startsWith("namespace-") ? "cluster" : boundary)));
  const [only] = ids;
  return ids.size === 1 ? only : undefined;
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
