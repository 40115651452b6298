import type { Rag } from "../domain/assessment.ts";
import type { Block, Cell, Line, ShownDocument, Tone } from "../domain/document.ts";
import { proseLine } from "../domain/document.ts";
import type { EvidenceChange, EvidenceCommit, EvidenceReport, EvidenceSystem } from "../domain/evidence-report.ts";
import { showPlace } from "../domain/problem.ts";
import { shortThreatId } from "../domain/threat-id.ts";
import { deliverableNames } from "../domain/threat-model.ts";
import { componentBlocks } from "./document-components.ts";
import { frameworkBlocks } from "./document-frameworks.ts";
import { counted, heading, list, paragraph, table } from "./document-parts.ts";
import { threatBlocks } from "./document-threats.ts";

/** The whole report as a document: the answer first, then what it does not prove, then the evidence part by part. */
export function evidenceDocument(report: EvidenceReport): ShownDocument {
  const { period } = report;
  const from = period.from.at === undefined ? "the beginning" : (period.from.asked ?? day(period.from.at));
  return {
    title: `Threat-model evidence: ${report.repository}`,
    subtitle: [
      `${from} to ${period.to.asked ?? day(period.to.at)} · branch `,
      { code: report.branch },
      " at ",
      { code: period.to.commit.slice(0, 12) },
      ` (${day(period.to.at)}) · made ${report.madeAt.slice(0, 16).replace("T", " ")} UTC`,
    ],
    blocks: [
      ...summary(report),
      ...limits(report),
      ...report.systems.flatMap((system) => systemBlocks(system, report)),
      ...changeBlocks(report),
      ...componentBlocks(report.components),
      ...acceptanceBlocks(report),
      ...frameworkBlocks(report),
      ...recordBlocks(report),
      ...basis(report),
    ],
  };
}

const ragTones: Readonly<Record<Rag, Tone>> = { GREEN: "good", AMBER: "warn", RED: "bad", UNKNOWN: "none" };

/** The figures that a reader wants before anything else. */
function summary(report: EvidenceReport): Block[] {
  const threats = report.systems.flatMap((system) => system.threats);
  const of = (status: string) => threats.filter(({ decision }) => decision.status === status).length;
  const openHigh = threats.filter(
    ({ decision, risk }) => decision.status === "open" && (risk === "high" || risk === "critical"),
  ).length;
  const asking = report.changes.filter(({ state }) => state !== "settled");
  const gaps = asking.filter(({ state }) => state === "gap").length;
  const acceptances = report.systems.flatMap((system) => system.acceptances);
  const inForce = acceptances.filter(({ state }) => state !== "not-in-force").length;
  const { isRead, manifests, services, packages } = report.components;
  const uncovered = [...manifests, ...services].filter(({ covered }) => covered === undefined).length;
  const withGaps = threats.filter((threat) => threat.gaps.length > 0).length;
  const withoutModel = report.systems.filter(({ hasModel }) => !hasModel).map(({ name }) => name);
  const rows: Cell[][] = [
    [
      [["Threats"]],
      [
        threats.length === 0
          ? [{ tone: "bad", says: "none recorded" }]
          : [
              `${threats.length}: ${of("mitigated")} mitigated, ${of("accepted")} accepted, ${of("not-applicable")} not applicable, `,
              of("open") > 0 ? { tone: "bad", says: `${of("open")} open` } : "none open",
              ...(openHigh > 0 ? [` (${openHigh} of high risk or above)`] : []),
              ...(of("unknown") > 0
                ? [", ", { tone: "warn", says: `${of("unknown")} whose status the model does not state` } as const]
                : []),
            ],
        ...(threats.length === 0
          ? []
          : [
              [
                {
                  soft:
                    withGaps === 0
                      ? "Every chain from threat to validation is complete."
                      : `${counted(withGaps, "threat")} with a link missing in the chain to its validation.`,
                } as const,
              ],
            ]),
      ],
    ],
    [
      [["Significant changes"]],
      [
        asking.length === 0
          ? ["none in the period"]
          : [
              `${asking.length}: ${asking.length - gaps} covered by an update or a review of the model, `,
              { tone: gaps > 0 ? "bad" : "good", says: gaps === 1 ? "1 gap" : `${gaps} gaps` },
            ],
      ],
    ],
    [
      [["Third-party components"]],
      [
        packages.length + services.length === 0
          ? [isRead ? "none stated" : "not read here"]
          : [
              `${counted(packages.length, "package")} in ${counted(manifests.length, "manifest")}, ${counted(services.length, "service")} of third parties; `,
              uncovered === 0
                ? { tone: "good", says: "the model speaks of all" }
                : {
                    tone: "warn",
                    says: `${uncovered} of ${manifests.length + services.length} manifests and services not in the model`,
                  },
            ],
      ],
    ],
    [
      [["Accepted risks"]],
      [
        acceptances.length === 0
          ? ["none"]
          : [
              `${inForce} in force`,
              ...(inForce < acceptances.length
                ? [", ", { tone: "bad", says: `${acceptances.length - inForce} not in force` } as const]
                : []),
            ],
      ],
    ],
    ...report.systems.map((system): Cell[] => [
      [[report.systems.length === 1 ? "Indicators" : system.name]],
      [
        system.indicators.flatMap(
          ({ id, rag }, index): Line => [...(index > 0 ? [" · "] : []), `${id} `, { tone: ragTones[rag], says: rag }],
        ),
      ],
    ]),
  ];
  return [
    ...(withoutModel.length === 0
      ? []
      : [paragraph([{ tone: "bad", says: `There is no threat model of ${withoutModel.join(", ")} at this commit.` }])]),
    table(["", "At the end of the period"], rows, [22, 78]),
  ];
}

function limits({ notProved, unknown }: EvidenceReport): Block[] {
  return [
    heading(2, "What this does not prove"),
    list(notProved.map(proseLine)),
    ...(unknown.length === 0 ? [] : [heading(3, "Not known here"), list(unknown.map(proseLine))]),
  ];
}

function systemBlocks(system: EvidenceSystem, report: EvidenceReport): Block[] {
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

function changeBlocks({ changes, source, period }: EvidenceReport): Block[] {
  const since =
    period.from.at === undefined
      ? ""
      : ` Those that came before ${day(period.from.at)} are listed where nothing covered them then.`;
  if (changes.length === 0)
    return [
      heading(2, "Significant changes"),
      paragraph(["No significant change, incident or advisory is known in the period."]),
    ];
  const gaps = changes.filter(({ state }) => state === "gap");
  const others = changes.filter(({ state }) => state !== "gap");
  const approvals = source === "service";
  return [
    heading(2, "Significant changes"),
    paragraph([`Each with the update or review of the model that covered it, or the gap.${since}`]),
    ...(gaps.length === 0 ? [] : [heading(3, `Gaps: ${gaps.length}`), changeTable(gaps, approvals)]),
    ...(others.length === 0
      ? []
      : [heading(3, `Covered or settled: ${others.length}`), changeTable(others, approvals)]),
  ];
}

/** Changes that one table row names; the JSON has all. */
const mostOfCommit = 6;

/** One row for the changes that came together and were covered together: nothing is said twice. */
function changeTable(changes: readonly EvidenceChange[], withApproval: boolean): Block {
  const groups = new Map<string, EvidenceChange[]>();
  for (const change of changes) {
    const key = JSON.stringify([change.came.reference, change.state, change.by?.commit.reference, change.kind]);
    groups.set(key, [...(groups.get(key) ?? []), change]);
  }
  return table(
    ["Changes", "Came", "Covered by", ...(withApproval ? ["Approval of the change"] : [])],
    [...groups.values()].flatMap(([first, ...rest]) => {
      if (!first) return [];
      const all = [first, ...rest];
      const shown = all
        .slice(0, mostOfCommit)
        .map(
          ({ what, path }): Line => [...proseLine(what), ...(path === undefined ? [] : [" ", { code: path } as const])],
        );
      return [
        [
          all.length > shown.length ? [...shown, [{ soft: `and ${all.length - shown.length} more` }] as Line] : shown,
          [
            commitLine(first.came),
            ...(first.isUnverified ? [[{ soft: "nobody but the committer vouches for the date" }] as Line] : []),
            ...titleLine(first.came),
          ],
          coverLines(first),
          ...(withApproval ? [[proseLine(first.approval.says)]] : []),
        ],
      ];
    }),
    withApproval ? [42, 22, 19, 17] : [48, 28, 24],
  );
}

function coverLines({ state, by, why, days }: EvidenceChange): Line[] {
  if (by) {
    const when = by.days === 0 ? "the same day" : `after ${counted(by.days, "day")}`;
    return [
      [
        { tone: "good", says: by.kind === "review" ? "review: no change needed" : "update" },
        " ",
        ...commitLine(by.commit),
      ],
      [{ soft: when }],
    ];
  }
  if (state === "settled") return [[{ tone: "none", says: "settled" }], ...(why === undefined ? [] : [proseLine(why)])];
  return [[{ tone: "bad", says: `gap, open for ${counted(days, "day")}` }]];
}

/** `abc123def456, 2026-03-04`. */
function commitLine({ reference, at }: EvidenceCommit): Line {
  return [{ code: reference }, `, ${day(at)}`];
}

function titleLine({ title, author }: EvidenceCommit): Line[] {
  if (title === undefined) return [];
  return [[{ soft: author === undefined ? title : `${title} (${author})` }]];
}

function acceptanceBlocks({ systems }: EvidenceReport): Block[] {
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

function recordBlocks({ records }: EvidenceReport): Block[] {
  if (!records) return [];
  const { first, last, broken, waived } = records;
  return [
    heading(2, "Records of assessments"),
    paragraph([
      `${counted(records.count, "assessment")} in the period${first && last ? `, from ${day(first.at)} to ${day(last.at)}` : ""}. ${records.begins}`,
    ]),
    broken
      ? paragraph([{ tone: "bad", says: `The chain is broken at record ${broken.id}:` }, " ", ...proseLine(broken.why)])
      : paragraph([
          { tone: "good", says: "Every record is as it was written and follows the one before it." },
          ...(last ? [" Digest of the last: ", { code: last.digest } as const, "."] : []),
        ]),
    ...(waived.length === 0
      ? []
      : [
          heading(3, "Let through in an emergency"),
          table(
            ["When", "What", "By", "Until", "Because"],
            waived.map(({ at, pullRequest, head, waived: given }) => [
              [[day(at)]],
              [[pullRequest === null ? "" : `#${pullRequest} at `, { code: head.slice(0, 12) }]],
              [[given?.by ?? ""]],
              [[given?.until ?? ""]],
              [[given?.because ?? ""]],
            ]),
          ),
        ]),
  ];
}

function basis(report: EvidenceReport): Block[] {
  return [
    heading(2, "How this was made"),
    list([
      [
        report.source === "clone"
          ? "From a clone: its git history, manifests and models."
          : "From the service: its records of assessments, the timeline of the default branch, and the models on GitHub.",
      ],
      [
        "By Threatgate ",
        { code: report.versions.threatgate },
        ", rules ",
        { code: report.versions.rules },
        ". No language model decided anything; the same input gives the same report.",
      ],
      [
        `Judged by: ${report.standard}. Policy: preset `,
        { code: report.policy.preset },
        ", mode ",
        { code: report.policy.mode },
        ".",
      ],
      [
        "A threat belongs to a requirement by its evidence theme: the one that the model states, that of the library's rule for the same threat, or the one that its words name. The JSON of this report says which, threat by threat.",
      ],
    ]),
  ];
}

function day(at: string): string {
  return at.slice(0, 10);
}
