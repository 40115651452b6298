import type { Assessment, SystemAssessment } from "./domain/assessment.ts";
import type { EvidenceSource } from "./domain/framework.ts";
import type { Rules } from "./domain/rules.ts";
import type { Snapshot } from "./domain/snapshot.ts";
import type { SystemStanding } from "./domain/standing.ts";
import type { TimelineEntry } from "./domain/timeline.ts";
import { gatherEvidence } from "./gather-evidence.ts";

/** What a merge does not read: the whole repository, and the chain of records. The evidence report weighs both. */
const notRead: readonly EvidenceSource[] = ["components", "records"];

/**
 * How each requirement of each framework stands for one system, by the same rules as the evidence report, so that the two
 * cannot disagree; ids by state.
 * @param entries the timeline of the system, oldest first.
 */
export function requirementsOf(
  { assessment, snapshot }: { readonly assessment: Assessment; readonly snapshot: Snapshot },
  judged: SystemAssessment,
  entries: readonly TimelineEntry[],
  rules: Rules,
): SystemStanding["requirements"] {
  const report = gatherEvidence(
    {
      assessment: { ...assessment, systems: [judged] },
      source: "service",
      branch: snapshot.repository.defaultBranch,
      madeAt: snapshot.now,
      period: { from: {}, to: { commit: snapshot.head, at: snapshot.now } },
      entries,
      reachesBeginning: false,
      commitOf: (reference, at) => ({ reference, at }),
      approvalOf: () => ({ state: "unknown", says: "" }),
      frameworks: [],
      notWeighed: notRead,
      unknown: [],
    },
    rules,
  );
  return Object.fromEntries(
    report.frameworks.map(({ id, requirements }) => {
      const byState: Record<string, string[]> = {};
      for (const requirement of requirements) {
        const known = byState[requirement.state];
        if (known) known.push(requirement.id);
        else byState[requirement.state] = [requirement.id];
      }
      return [id, byState];
    }),
  );
}
