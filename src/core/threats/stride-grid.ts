import { type ElementKind, type StrideLetter, strideLetters, strideOfKind } from "../domain/stride.ts";
import type { Threat } from "../domain/threat.ts";
import type { ModelThreat, ThreatModel } from "../domain/threat-model.ts";
import type { GridCell, GridRow, StrideGrid } from "../domain/threat-report.ts";

const kindNames: Readonly<Record<ElementKind, string>> = {
  process: "a process",
  store: "a data store",
  external: "an external entity",
  flow: "a data flow",
};

/**
 * How completely the six categories were considered, by what people wrote alone: what rules derive fills no cell, it is
 * offered for the open ones. A category that is not usual for the kind of element (the table of OWASP Threat Dragon) is
 * set aside with that reason, and covered all the same where somebody wrote a threat. Drafts that nobody confirmed, and
 * "not applicable" without a reason, consider nothing. Elements first, then flows, each in the order of the model.
 */
export function strideGrid(model: ThreatModel, derived: readonly Threat[]): StrideGrid {
  const drafts = new Set(model.drafts);
  const written = new Map<string, ModelThreat[]>();
  for (const threat of model.threats) {
    if (threat.element === undefined || drafts.has(threat.id)) continue;
    const key = threat.element.toLowerCase();
    const list = written.get(key);
    if (list) list.push(threat);
    else written.set(key, [threat]);
  }
  const offered = new Map<string, Threat[]>();
  for (const threat of derived) {
    if (threat.status !== "open" && threat.status !== "unknown") continue;
    const list = offered.get(threat.element.id);
    if (list) list.push(threat);
    else offered.set(threat.element.id, [threat]);
  }
  const names = new Map(model.elements.map(({ id, name }) => [id, name]));
  const parts = [
    ...model.elements.map(({ id, name, kind, place }) => ({ element: { id, name, kind }, place })),
    ...model.flows.map(({ id, name, from, to, place }) => ({
      element: { id, name: name ?? `${names.get(from) ?? from} → ${names.get(to) ?? to}`, kind: "flow" as const },
      place,
    })),
  ];
  const rows = parts.map(({ element, place }): GridRow => {
    const keys = new Set([element.id.toLowerCase(), element.name.toLowerCase()]);
    const own = [...keys].flatMap((key) => written.get(key) ?? []);
    const isFlow = element.kind === "flow";
    const candidates = (offered.get(element.id) ?? []).filter(
      (threat) => (threat.element.type === "data-flow") === isFlow,
    );
    return { element, place, cells: strideLetters.map((letter) => cellOf(letter, element.kind, own, candidates)) };
  });
  const count = (state: GridCell["state"]) =>
    rows.reduce((sum, { cells }) => sum + cells.filter((cell) => cell.state === state).length, 0);
  return { rows, covered: count("covered"), notApplicable: count("not-applicable"), open: count("open") };
}

function cellOf(
  letter: StrideLetter,
  kind: ElementKind,
  written: readonly ModelThreat[],
  candidates: readonly Threat[],
): GridCell {
  const own = written.filter(({ stride }) => stride.includes(letter));
  const considered = own.filter(({ status }) => status !== "not-applicable");
  if (considered.length > 0) return { letter, state: "covered", by: considered.map(({ id }) => id), candidates: [] };
  const setAside = own.filter(({ reason }) => reason !== undefined && reason.trim() !== "");
  const [first] = setAside;
  if (first?.reason !== undefined)
    return { letter, state: "not-applicable", by: setAside.map(({ id }) => id), reason: first.reason, candidates: [] };
  if (!strideOfKind[kind].includes(letter))
    return { letter, state: "not-applicable", by: [], reason: `not usual for ${kindNames[kind]}`, candidates: [] };
  const offered = candidates.filter(({ stride }) => stride === letter).map(({ id }) => id);
  return { letter, state: "open", by: [], candidates: offered };
}
