import { showPlace } from "../../../src/core/domain/problem.ts";
import type { DerivedSystem } from "../../../src/core/system-model/system-model.ts";

/** Elements, flows and boundaries, one short line each: what a person would check. */
export function told({ model, origins }: DerivedSystem): string[] {
  const at = (id: string): string => (origins.get(id) ?? []).map(showPlace)[0] ?? "";
  return [
    ...model.elements.map(
      ({ id, type, technology, boundary, facts, data }) =>
        `${id}: ${type}${technology ? ` (${technology})` : ""} in ${boundary}${facts.map(({ fact, is }) => ` ${fact}=${is}`).join("")}${data.length > 0 ? ` holds ${data.join(", ")}` : ""} @${at(id)}`,
    ),
    ...model.flows.map(({ id, from, to, protocol }) => `${from} -> ${to}${protocol ? ` ${protocol}` : ""} @${at(id)}`),
  ];
}
