import type { Block, Line } from "../domain/document.ts";
import { proseLine } from "../domain/document.ts";
import type { EvidenceReport, EvidenceSystem } from "../domain/evidence-report.ts";
import { showPlace } from "../domain/problem.ts";
import { deliverableNames } from "../domain/threat-model.ts";
import { heading, list, paragraph, ragTones, table } from "./document-parts.ts";
import { threatBlocks } from "./document-threats.ts";

/** One system: what it is, its indicators and deliverables, its threats, and the reviews that its model claims. */
export function systemBlocks(system: EvidenceSystem, report: EvidenceReport): Block[] {
  const facts: [string, Line][] = [
    ...(system.modelFiles.length > 0
      ? [
          [
            "Model",
            system.modelFiles.flatMap((path, index): Line => [...(index > 0 ? [", "] : []), { code: path }]),
          ] as [string, Line],
        ]
      : []),
    ...(system.home !== undefined ? [["Stands in", [{ code: system.home }]] as [string, Line]] : []),
    ...(system.owner !== undefined ? [["Owner", [system.owner]] as [string, Line]] : []),
    ...(system.riskClass !== undefined
      ? [["Risk class", [`${system.riskClass}: `, ...proseLine(system.riskClassBecause ?? "")]] as [string, Line]]
      : []),
    ...(system.regulations.length > 0
      ? [["Laws and standards named", [system.regulations.join(", ")]] as [string, Line]]
      : []),
  ];
  return [
    heading(2, `System: ${system.name}`),
    ...(system.description === undefined ? [] : [paragraph([system.description])]),
    ...(facts.length === 0
      ? []
      : [
          table(
            ["", ""],
            facts.map(([name, line]) => [[[name]], [line]]),
            [22, 78],
          ),
        ]),
    heading(3, "Indicators and deliverables"),
    table(
      ["Indicator", "", "Why"],
      system.indicators.map(({ id, rag, why }) => [
        [[`${id} ${indicatorNames[id]}`]],
        [[{ tone: ragTones[rag], says: rag }]],
        [proseLine(why)],
      ]),
      [18, 10, 72],
    ),
    table(
      ["Deliverable", "State", "Where", "What is lacking"],
      system.deliverables.map(({ id, state, isComplete, where, lacking }) => [
        [[deliverableNames[id]]],
        [
          [
            {
              tone: isComplete ? "good" : state === "missing" ? "bad" : "warn",
              says: isComplete
                ? "complete"
                : state === "present"
                  ? "present, not complete"
                  : state === "not-carried"
                    ? "missing: not carried by this format"
                    : state,
            },
          ],
        ],
        [where ? [{ code: showPlace(where) }] : [{ soft: "nowhere" }]],
        lacking.length === 0 ? [[{ soft: "nothing" }]] : shortened(lacking.map(proseLine), 3),
      ]),
      [18, 14, 18, 50],
    ),
    ...(system.problems.length === 0
      ? []
      : [heading(3, "Faults in the model's files"), list(shortened(system.problems.map(proseLine), 20))]),
    ...threatBlocks(system, report),
    ...reviewBlocks(system),
  ];
}

const indicatorNames = { "TM-1": "Currency", "TM-2": "Deliverables", "TM-3": "Review", "TM-4": "Integration" } as const;

function shortened(lines: readonly Line[], most: number): Line[] {
  if (lines.length <= most) return [...lines];
  return [...lines.slice(0, most), [{ soft: `and ${lines.length - most} more` }]];
}

/** What a model says of its own reviews is a claim: said as one. */
function reviewBlocks({ reviews }: EvidenceSystem): Block[] {
  if (reviews.length === 0) return [];
  return [
    heading(3, "Reviews that the model states"),
    paragraph([{ soft: "As its author wrote them down; nobody vouches for them here." }]),
    table(
      ["By", "Role", "On", "Commit", "Outcome"],
      reviews.map(({ by, role, on, commit, outcome }) => [
        [[by ?? ""]],
        [[role ?? ""]],
        [[on ?? ""]],
        [commit === undefined ? [] : [{ code: commit.slice(0, 12) }]],
        [[outcome ?? ""]],
      ]),
    ),
  ];
}
