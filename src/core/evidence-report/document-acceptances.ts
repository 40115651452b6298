import type { Block, Line } from "../domain/document.ts";
import { proseLine } from "../domain/document.ts";
import type { EvidenceReport } from "../domain/evidence-report.ts";
import { shortThreatId } from "../domain/threat-id.ts";
import { counted, heading, paragraph, table } from "./document-parts.ts";

/** The accepted risks, each with its reason, who approved it and whether it is in force. */
export function acceptanceBlocks({ systems }: EvidenceReport): Block[] {
  const all = systems.flatMap(({ acceptances }) => acceptances);
  if (all.length === 0) return [heading(2, "Accepted risks"), paragraph(["The models record no acceptance."])];
  return [
    heading(2, "Accepted risks"),
    table(
      ["Threat", "Risk", "Why", "Meanwhile", "Approved by", "Until", "State"],
      all.map((one) => [
        [[{ code: shortThreatId(one.threat) }, " ", one.title]],
        [[one.risk ?? one.level ?? "not rated"]],
        [one.reason === undefined ? [{ tone: "bad", says: "no reason" }] : [one.reason]],
        [one.compensating === undefined ? [{ tone: "bad", says: "not stated" }] : [one.compensating]],
        [one.approver === undefined ? [{ tone: "bad", says: "nobody named" }] : [one.approver]],
        [
          [one.until ?? "no end"],
          ...(one.review === undefined ? [] : [[{ soft: `looked at again ${one.review}` }] as Line]),
        ],
        [
          [
            {
              tone: one.state === "in-force" ? "good" : one.state === "ends-soon" ? "warn" : "bad",
              says:
                one.state === "in-force"
                  ? "in force"
                  : one.state === "ends-soon"
                    ? `ends in ${counted(one.days ?? 0, "day")}`
                    : "not in force",
            },
          ],
          ...(one.why === undefined ? [] : [proseLine(one.why)]),
        ],
      ]),
      [20, 7, 20, 16, 11, 11, 15],
    ),
  ];
}
