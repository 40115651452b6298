import type { Block, Cell, Line, ShownDocument } from "../domain/document.ts";
import { proseLine } from "../domain/document.ts";
import type { EvidenceReport } from "../domain/evidence-report.ts";
import { acceptanceBlocks } from "./document-acceptances.ts";
import { changeBlocks } from "./document-changes.ts";
import { componentBlocks } from "./document-components.ts";
import { frameworkBlocks } from "./document-frameworks.ts";
import { counted, day, heading, list, paragraph, ragTones, table } from "./document-parts.ts";
import { systemBlocks } from "./document-system.ts";

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
