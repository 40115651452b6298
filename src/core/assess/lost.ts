import type { ThreatStatus } from "../domain/threat.ts";
import type { ModelThreat, ThreatModel } from "../domain/threat-model.ts";
import type { ModelDifference } from "./model-difference.ts";
import { nameKey } from "./names.ts";
import type { JudgedStatus } from "./statuses.ts";

/** A threat, or its mitigation, that the base had and the head has no more. */
export interface LostThreat {
  readonly threat: ModelThreat;
  readonly what: string;
  /** Its element left the model with it: then it may rightly be gone, and a person confirms that. */
  readonly elementIsGone: boolean;
}

/**
 * Mitigations that no longer hold and threats that were deleted (H072, H074), by comparing what the statuses were worth
 * at the base with what they are worth now. A threat that only changed its id is followed. Time alone loses nothing: an
 * acceptance that has ended since is worth as little at the base.
 */
export function lostOf(
  base: ThreatModel | undefined,
  head: ThreatModel | undefined,
  before: readonly JudgedStatus[],
  after: readonly JudgedStatus[],
  difference: ModelDifference,
): readonly LostThreat[] {
  if (!base || !head) return [];
  const now = new Map(after.map((judged) => [judged.threat.id, judged]));
  const elements = new Set(head.elements.flatMap(({ id, name }) => [nameKey(id), nameKey(name)]));
  const deleted = new Set(difference.removedThreats.map(({ id }) => id));
  return before.flatMap(({ threat, status }): LostThreat[] => {
    if (deleted.has(threat.id)) {
      if (status === "not-applicable") return [];
      const elementIsGone = threat.element !== undefined && !elements.has(nameKey(threat.element));
      return [
        {
          threat,
          what: `Threat \`${threat.id}\` (${threat.title}, ${status}) was deleted from the model.`,
          elementIsGone,
        },
      ];
    }
    const current = now.get(difference.renamed.get(threat.id) ?? threat.id);
    if (!current || !isSettled(status) || isSettled(current.status)) return [];
    return [
      {
        threat: current.threat,
        what: `Threat \`${current.threat.id}\` (${current.threat.title}) was ${status} and is ${current.status} now.`,
        elementIsGone: false,
      },
    ];
  });
}

function isSettled(status: ThreatStatus): boolean {
  return status === "mitigated" || status === "accepted" || status === "not-applicable";
}
