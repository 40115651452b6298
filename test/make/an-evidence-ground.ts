import type { Assessment } from "../../src/core/domain/assessment.ts";
import type { ThreatModel } from "../../src/core/domain/threat-model.ts";
import type { TimelineEntry } from "../../src/core/domain/timeline.ts";
import type { EvidenceGround } from "../../src/core/gather-evidence.ts";
import { aModel } from "./a-model.ts";
import { anAssessment, aSystem } from "./an-assessment.ts";

/** The commit that added the model, and the one at which the report is made. */
export const firstCommit = "1111111111111111111111111111111111111111";
export const lastCommit = "2222222222222222222222222222222222222222";

/** The model came on 2026-01-10 and names the threat T-1. */
export const firstUpdate: TimelineEntry = {
  kind: "update",
  at: "2026-01-10T12:00:00.000Z",
  reference: "111111111111",
  concerns: ["T-1", "web"],
};

/** What a report of the first quarter of 2026 on `acme/shop` is made from, in a clone: one complete threat, nothing else. */
export function anEvidenceGround(
  model: ThreatModel = aModel(),
  bend: Partial<EvidenceGround> = {},
  assessment: Partial<Assessment> = {},
): EvidenceGround {
  return {
    assessment: anAssessment({
      systems: [aSystem({ name: "shop", model })],
      ...assessment,
      subject: { repository: "acme/shop", base: lastCommit, head: lastCommit },
    }),
    source: "clone",
    branch: "main",
    madeAt: "2026-04-01T06:00:00.000Z",
    period: {
      from: { asked: "2026-01-01", at: "2026-01-01T00:00:00.000Z" },
      to: { asked: "2026-03-31", commit: lastCommit, at: "2026-03-31T23:59:59.999Z" },
    },
    files: { name: "shop", paths: ["threat-model.yaml", "src/web.ts"], texts: [], notRead: [] },
    entries: [firstUpdate],
    reachesBeginning: true,
    commitOf: (reference, at) => ({ reference, at, commit: firstCommit, title: "Model the shop", author: "Sam" }),
    approvalOf: () => ({ state: "unknown", says: "Git does not tell who approved." }),
    frameworks: [],
    unknown: [],
    ...bend,
  };
}
