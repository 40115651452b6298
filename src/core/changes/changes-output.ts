import type { Detection } from "./detect.ts";

/** One line of `threatgate changes`, exactly as the published interface says. `id` names the file list it is about. */
export function changesOutput(id: string, detection: Pick<Detection, "changes" | "notInspected">): object {
  return {
    schemaVersion: 1,
    id,
    significant: detection.changes.some((change) => change.significant),
    changes: detection.changes.map((change) => ({
      rule: change.rule,
      category: change.category,
      path: change.path,
      ...(change.line === undefined ? {} : { line: change.line }),
      ...(change.baseLine === undefined ? {} : { baseLine: change.baseLine }),
      significant: change.significant,
      confidence: change.confidence,
      element: change.element,
      stride: change.stride,
      says: change.says,
      why: change.why,
      evidence: change.evidence,
    })),
    notInspected: detection.notInspected,
  };
}
