import type { Finding } from "./finding.ts";
import type { JudgedSystem } from "./judged-system.ts";
import { nameKey } from "./names.ts";
import type { FindingsGround } from "./obstacles.ts";

/** What the four indicators ask of one system because of this difference; what was RED before does not fail it. */
export function indicatorFindings(system: JudgedSystem, ground: FindingsGround): readonly Finding[] {
  return [
    ...overdueElements(system, ground),
    ...missingApproval(system, ground),
    ...shortDeliverables(system),
    ...integrationFindings(system),
  ];
}

/** Overdue entries of the timeline whose element or file this difference touches, and changes that add to them. */
function overdueElements(system: JudgedSystem, { changes }: FindingsGround): readonly Finding[] {
  const { currency } = system;
  const verdict = system.indicators["TM-1"];
  if (currency.state === "unknown" && system.changes.length > 0) {
    return [{ weight: "told", says: `TM-1 is UNKNOWN: ${verdict.why}` }];
  }
  if (currency.state !== "known" || currency.rag === "GREEN" || system.changes.length === 0) return [];
  const mine = system.changes.flatMap((index) => changes[index] ?? []);
  const elements = new Set(mine.map((change) => nameKey(change.element.name)));
  const paths = new Set(mine.map(({ path }) => path));
  const touches = currency.uncovered.some(
    (entry) =>
      entry.elements.some((element) => elements.has(nameKey(element))) ||
      (entry.kind === "change" && paths.has(entry.path)),
  );
  const counts = touches || system.uncovered.length > 0;
  const next = verdict.next[0];
  return [
    {
      weight: counts && currency.rag === "RED" ? "blocks" : counts ? "short" : "told",
      says: `TM-1 is ${currency.rag}: ${verdict.why}`,
      ...(verdict.place && { place: verdict.place }),
      ...(next !== undefined && { next }),
    },
  ];
}

function missingApproval(system: JudgedSystem, { snapshot, usable }: FindingsGround): readonly Finding[] {
  const verdict = system.indicators["TM-3"];
  if (!usable || !snapshot.pullRequest || verdict.rag === "GREEN") return [];
  const next = verdict.next[0];
  // A missing approval never fails by itself; where little is at risk it is not even waited for.
  return [
    { weight: system.riskClass === "low" ? "short" : "act", says: verdict.why, ...(next !== undefined && { next }) },
  ];
}

function shortDeliverables(system: JudgedSystem): readonly Finding[] {
  const verdict = system.indicators["TM-2"];
  if (!system.head?.model || verdict.rag === "GREEN") return [];
  const next = verdict.next[0];
  return [
    {
      weight: isMadeRed(system, "TM-2") ? "blocks" : "short",
      says: `TM-2 is ${verdict.rag}: ${verdict.why}`,
      ...(verdict.place && { place: verdict.place }),
      ...(next !== undefined && { next }),
    },
  ];
}

/**
 * Whether this difference turned an indicator RED. A model that was RED before and is a little better now never fails:
 * otherwise nobody would write down the first threat.
 */
function isMadeRed(system: JudgedSystem, id: "TM-2" | "TM-4"): boolean {
  const before = system.baseRags[id];
  return system.indicators[id].rag === "RED" && (before === "GREEN" || before === "AMBER");
}

/** Stories and validation results that the threats and controls still lack. */
function integrationFindings(system: JudgedSystem): readonly Finding[] {
  const verdict = system.indicators["TM-4"];
  if (!system.head?.model || verdict.rag === "GREEN" || verdict.rag === "UNKNOWN") return [];
  const next = verdict.next[0];
  return [
    {
      weight: isMadeRed(system, "TM-4") ? "blocks" : "short",
      says: `TM-4 is ${verdict.rag}: ${verdict.why}`,
      ...(verdict.place && { place: verdict.place }),
      ...(next !== undefined && { next }),
    },
  ];
}
