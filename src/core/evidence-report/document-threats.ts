import type { Block, Cell, Inline, Line, Tone } from "../domain/document.ts";
import { proseLine } from "../domain/document.ts";
import type { EvidenceReport, EvidenceSystem, EvidenceThreat } from "../domain/evidence-report.ts";
import { showPlace } from "../domain/problem.ts";
import { riskLevels } from "../domain/risk.ts";
import { strideNames } from "../domain/stride.ts";
import type { ThreatStatus } from "../domain/threat.ts";
import { shortThreatId } from "../domain/threat-id.ts";
import { heading, paragraph, table } from "./document-parts.ts";
import { resultOf } from "./results.ts";

const statusTones: Readonly<Record<ThreatStatus, Tone>> = {
  open: "bad",
  unknown: "none",
  mitigated: "good",
  accepted: "warn",
  "not-applicable": "none",
};

/**
 * The chain of each threat on one row, the open and gravest first. Links that are missing stand in the cell where they
 * would be, so that nothing has to be looked up twice.
 */
export function threatBlocks({ threats }: EvidenceSystem, report: EvidenceReport): Block[] {
  if (threats.length === 0) return [heading(3, "Threats"), paragraph(["The model records no threat."])];
  const sorted = threats.toSorted((one, other) => rank(one) - rank(other));
  const isClone = report.source === "clone";
  const { asksOwnerAndDay } = report.policy;
  return [
    heading(3, `Threats: ${threats.length}`),
    paragraph([
      {
        soft: isClone
          ? "From threat to commit. Approvals are UNKNOWN here: git does not tell who approved."
          : "From threat to approval and pull request.",
      },
    ]),
    table(
      [
        "Threat",
        "Decision",
        "Control",
        "Story",
        "Validation",
        isClone ? "Last changed by" : "Approval, and last changed by",
      ],
      sorted.map((threat) => [
        threatCell(threat),
        decisionCell(threat, asksOwnerAndDay),
        controlCell(threat),
        storyCell(threat),
        validationCell(threat),
        commitCell(threat, isClone),
      ]),
      [22, 12, 28, 12, 15, 11],
    ),
  ];
}

function rank({ decision, risk }: EvidenceThreat): number {
  const order: readonly ThreatStatus[] = ["open", "unknown", "accepted", "mitigated", "not-applicable"];
  return order.indexOf(decision.status) * 10 + (risk === undefined ? 5 : riskLevels.length - riskLevels.indexOf(risk));
}

function threatCell({ id, title, element, stride, risk, where, isDraft }: EvidenceThreat): Cell {
  const facts = [
    risk ?? "not rated",
    ...stride.map((letter) => strideNames[letter].toLowerCase()),
    ...(element === undefined ? [] : [element]),
  ];
  return [
    [{ code: shortThreatId(id) }, " ", { strong: title }],
    [{ soft: facts.join(" · ") }],
    ...(isDraft ? [[{ tone: "warn", says: "a draft that nobody has confirmed" }] as Line] : []),
    [{ code: showPlace(where) }],
  ];
}

function decisionCell({ decision, owner, due }: EvidenceThreat, asksOwnerAndDay: boolean): Cell {
  const { status, stated, why, reason } = decision;
  const isOpen = status === "open" || status === "unknown";
  const treatment =
    owner === undefined && due === undefined ? [] : [[`${owner ?? "nobody named"}, by ${due ?? "no day"}`]];
  return [
    [{ tone: statusTones[status], says: words[status] }],
    ...(why === undefined ? [] : [[...(stated === status ? [] : [`Called ${words[stated]}. `]), ...proseLine(why)]]),
    ...(reason === undefined ? [] : [[reason]]),
    ...treatment,
    ...(isOpen && asksOwnerAndDay && treatment.length === 0 ? [missing("no owner and no day")] : []),
  ];
}

const words: Readonly<Record<ThreatStatus, string>> = {
  open: "open",
  unknown: "status not stated",
  mitigated: "mitigated",
  accepted: "accepted",
  "not-applicable": "not applicable",
};

function missing(says: string): Line {
  return [{ tone: "bad", says }];
}

function isSettled({ decision }: EvidenceThreat): boolean {
  return decision.status === "accepted" || decision.status === "not-applicable";
}

function controlCell(threat: EvidenceThreat): Cell {
  const { controls, mitigation } = threat;
  if (controls.length === 0) {
    if (mitigation !== undefined) return [[mitigation]];
    return isSettled(threat) ? [] : [missing("no control")];
  }
  return controls.flatMap(({ id, title, status, exists, isDraft, evidence }): Line[] => {
    if (!exists) return [[{ code: id }, " ", { tone: "bad", says: "is not in the model" }]];
    const state: Inline[] = isDraft
      ? [" · ", { tone: "warn", says: "draft" }]
      : status === undefined
        ? []
        : [" · ", { tone: status === "proposed" ? "warn" : "good", says: status }];
    return [[{ code: id }, ` ${title}`, ...state], ...evidenceLines(evidence, status)];
  });
}

/** As many places as a reader would open; the JSON has all. */
const mostPlaces = 3;

function evidenceLines(evidence: EvidenceThreat["controls"][number]["evidence"], status: string | undefined): Line[] {
  if (evidence.length === 0) return status === "proposed" || status === undefined ? [] : [missing("nothing shows it")];
  const shown = evidence.slice(0, mostPlaces).map(({ text, state }): Line => {
    if (state === "in-tree") return [{ code: text }, { soft: " in the tree" }];
    if (state === "not-in-tree") return [{ code: text }, " ", { tone: "bad", says: "not in the tree" }];
    return [{ soft: text }];
  });
  return evidence.length > mostPlaces ? [...shown, [{ soft: `and ${evidence.length - mostPlaces} more` }]] : shown;
}

function storyCell(threat: EvidenceThreat): Cell {
  const { stories, risk } = threat;
  if (stories.length === 0) {
    if (isSettled(threat)) return [];
    return risk === "low" || risk === "note" ? [[{ soft: "none asked for" }]] : [missing("no story")];
  }
  return stories.map(
    ({ id, issue, criteria, isDraft }): Line => [
      { code: id },
      ...(issue === undefined ? [] : [` ${issue}`]),
      { soft: criteria === 0 ? ", no criteria" : `, ${criteria === 1 ? "1 criterion" : `${criteria} criteria`}` },
      ...(isDraft ? [" ", { tone: "warn", says: "draft" } as const] : []),
    ],
  );
}

function validationCell(threat: EvidenceThreat): Cell {
  const { validations, controls } = threat;
  if (isSettled(threat) && validations.length === 0) return [];
  const lines = validations.map(({ id, kind, result, date, isDraft }): Line => {
    const said = resultOf(result);
    return [
      { code: id },
      ...(kind === undefined ? [] : [` ${kind}`]),
      ": ",
      isDraft
        ? { tone: "warn", says: "draft" }
        : said === "none"
          ? { tone: "bad", says: "no result" }
          : { tone: said === "failed" ? "bad" : "good", says: result ?? "" },
      ...(date === undefined ? [] : [{ soft: `, ${date}` }]),
    ];
  });
  const unchecked = controls.filter(({ id, exists }) => exists && !validations.some(({ control }) => control === id));
  if (controls.length === 0) return lines.length > 0 ? lines : [];
  return unchecked.length === 0
    ? lines
    : [
        ...lines,
        [
          {
            tone: "bad",
            says: unchecked.length === controls.length ? "none" : `none of ${unchecked.map(({ id }) => id).join(", ")}`,
          },
        ],
      ];
}

function commitCell({ lastChanged, introduced, approval }: EvidenceThreat, isClone: boolean): Cell {
  const first =
    introduced && introduced.reference !== lastChanged?.reference
      ? [[{ soft: `in the model since ${introduced.at.slice(0, 10)}` }]]
      : [];
  const approvals: Line[] = isClone
    ? []
    : [
        [
          {
            tone:
              approval.state === "approved"
                ? "good"
                : approval.state === "none"
                  ? "bad"
                  : approval.state === "partly"
                    ? "warn"
                    : "none",
            says: approval.state === "unknown" ? "UNKNOWN" : approval.state,
          },
          " ",
          ...proseLine(approval.says),
        ],
      ];
  if (!lastChanged) return [...approvals, [{ soft: "not within the history that was read" }]];
  return [
    ...approvals,
    [{ code: lastChanged.reference }, `, ${lastChanged.at.slice(0, 10)}`],
    ...(lastChanged.author === undefined ? [] : [[{ soft: lastChanged.author }] as Line]),
    ...first,
  ];
}
