import { dayOf } from "./assess/days.ts";
import { isComplete } from "./assess/indicators/tm-2.ts";
import { nameKey } from "./assess/names.ts";
import { judgeStatuses } from "./assess/statuses.ts";
import { changesInPeriod } from "./change-evidence.ts";
import { componentEvidence } from "./component-evidence.ts";
import type { Assessment, SystemAssessment } from "./domain/assessment.ts";
import { indicatorIds, onceEach } from "./domain/assessment.ts";
import type {
  EvidenceApproval,
  EvidenceCommit,
  EvidenceRecords,
  EvidenceReport,
  EvidenceSystem,
} from "./domain/evidence-report.ts";
import type { EvidenceSource } from "./domain/framework.ts";
import type { Policy } from "./domain/policy.ts";
import { showPlace } from "./domain/problem.ts";
import type { Rules } from "./domain/rules.ts";
import { deliverableIds, type ThreatModel } from "./domain/threat-model.ts";
import type { TimelineEntry } from "./domain/timeline.ts";
import { compileLibrary } from "./drafts/library.ts";
import { notProved, unknownInClone, unknownInService } from "./evidence-report/proof.ts";
import { frameworksOf, sameId } from "./evidence-report/requirements.ts";
import { ofApplicability, sourceStates } from "./evidence-report/sources.ts";
import { themesOfModel } from "./evidence-report/threat-themes.ts";
import { traceThreats } from "./evidence-report/threat-trace.ts";
import type { RepositoryFiles } from "./first-model.ts";
import { typeOf } from "./threats/component-type.ts";

/** Everything that a report is made from, read beforehand; nothing else is read. */
export interface EvidenceGround {
  /** Of the last commit of the period, with the models. */
  readonly assessment: Assessment;
  readonly source: EvidenceReport["source"];
  readonly branch: string;
  /** ISO instant of the making. */
  readonly madeAt: string;
  readonly period: EvidenceReport["period"];
  /** The repository's files at the last commit; absent where they were not read. */
  readonly files?: RepositoryFiles;
  /** Every path of the repository at the last commit; absent where not all are known. */
  readonly paths?: readonly string[];
  /** Oldest first; also from before the period, where the models were changed. */
  readonly entries: readonly TimelineEntry[];
  /** Whether the updates of the models are known from their beginning. */
  readonly reachesBeginning: boolean;
  readonly commitOf: (reference: string, at: string) => EvidenceCommit;
  /** Who approved a commit or pull request. */
  readonly approvalOf: (commit: EvidenceCommit) => EvidenceApproval;
  /** Ids of the frameworks to report by; empty for all. */
  readonly frameworks: readonly string[];
  readonly records?: EvidenceRecords;
  /** Parts that say nothing of requirements here, because they were not looked at. */
  readonly notWeighed?: readonly EvidenceSource[];
  /** What could not be told, beside what never can. */
  readonly unknown: readonly string[];
}

/** Makes the report. Pure: the same ground gives the same report. */
export function gatherEvidence(ground: EvidenceGround, rules: Rules): EvidenceReport {
  const { assessment, period } = ground;
  const { policy } = assessment;
  const models = assessment.systems.flatMap((system) => quotedModel(system, ground) ?? []);
  const systems = assessment.systems.map((system) => systemEvidence(system, ground, rules));
  const changes = changesInPeriod({
    entries: ground.entries,
    policy,
    ...(period.from.at !== undefined && { from: period.from.at }),
    to: period.to.at,
    commitOf: ground.commitOf,
    approvalOf: ground.approvalOf,
  });
  const components = componentEvidence(ground.files, models, rules);
  const sources = sourceStates({ systems, changes, components, ...(ground.records && { records: ground.records }) });
  for (const source of ground.notWeighed ?? []) sources.delete(source);
  const asked = (rules.frameworks ?? []).filter(({ id }) => isAsked(id, ground.frameworks));
  const requirements = {
    systems,
    themes: rules.themes ?? [],
    sources,
    stated: models.flatMap((model) => model.requirements ?? []),
  };
  const [first] = frameworksOf(asked, requirements).filter(({ applicability }) => applicability.length > 0);
  if (first) sources.set("applicability", ofApplicability(first));
  return {
    schemaVersion: 1,
    kind: "threatgate-evidence-report",
    repository: assessment.subject.repository,
    madeAt: ground.madeAt,
    source: ground.source,
    branch: ground.branch,
    period,
    versions: assessment.versions,
    standard: "UKHSA threat modelling and its deliverables, 2025-07-24",
    policy: { preset: policy.preset, mode: policy.mode, asksOwnerAndDay: asksOwnerAndDay(policy) },
    notProved,
    unknown: [
      ...ground.unknown,
      ...(ground.source === "clone" ? unknownInClone : unknownInService),
      ...withheld(assessment.systems, ground),
    ],
    systems,
    changes,
    components,
    themes: (rules.themes ?? []).map(({ id, name }) => ({ id, name })),
    frameworks: frameworksOf(asked, requirements),
    ...(ground.records && { records: ground.records }),
  };
}

/** `nis2` asks for the directive and for the regulation that carries it out. */
function isAsked(id: string, wanted: readonly string[]): boolean {
  return wanted.length === 0 || wanted.some((one) => id === one || id.startsWith(`${one}-`));
}

/** Implementing Regulation (EU) 2024/2690, 2.1.2(i): who treats a risk, and by when. */
function asksOwnerAndDay(policy: Policy): boolean {
  return policy.preset === "nis2";
}

/**
 * The model of a system where it may be quoted. On the service, whoever may read this repository may not be allowed to read
 * the one in which the model stands.
 */
function quotedModel({ home, model }: SystemAssessment, { source }: EvidenceGround): ThreatModel | undefined {
  return home && (home.isWithheld || source === "service") ? undefined : model;
}

function withheld(systems: readonly SystemAssessment[], ground: EvidenceGround): string[] {
  return systems
    .filter((system) => system.home && quotedModel(system, ground) === undefined)
    .map(({ name }) => `The model of ${name} stands in another repository and is not quoted here.`);
}

function systemEvidence(system: SystemAssessment, ground: EvidenceGround, rules: Rules): EvidenceSystem {
  const { home, classification } = system;
  const model = quotedModel(system, ground);
  const regulations = classification?.regulations.map(({ name }) => name) ?? [];
  const owner = model?.system.owner?.text ?? model?.documentation.owner?.text;
  return {
    name: system.name,
    modelFiles: system.modelFiles,
    ...(home && { home: home.repository }),
    hasModel: model !== undefined,
    ...(owner !== undefined && { owner }),
    ...(model?.system.description && { description: model.system.description.text }),
    ...(classification && { riskClass: classification.riskClass, riskClassBecause: classification.because }),
    regulations,
    indicators: indicatorIds.map((id) => ({ id, rag: system.indicators[id].rag, why: system.indicators[id].why })),
    deliverables: deliverableIds.map((id) => {
      const { state, where, lacking } = system.deliverables[id];
      return {
        id,
        state,
        isComplete: isComplete(system.deliverables[id]),
        ...(where && { where }),
        lacking: onceEach(lacking).map(({ says, place }) => (place ? `${says} (${showPlace(place)})` : says)),
      };
    }),
    ...ofModel(model, system, ground, rules),
  };
}

function ofModel(
  model: ThreatModel | undefined,
  system: SystemAssessment,
  ground: EvidenceGround,
  rules: Rules,
): Pick<EvidenceSystem, "threats" | "acceptances" | "reviews" | "unknownRequirements" | "problems"> {
  if (!model) return { threats: [], acceptances: [], reviews: [], unknownRequirements: [], problems: [] };
  const { assessment } = ground;
  const { policy } = assessment;
  const judged = judgeStatuses(model, { policy, now: ground.period.to.at });
  const statuses = new Map(
    judged.map(({ threat, status, why }) => [threat.id, { status, ...(why !== undefined && { why }) }]),
  );
  const library = compileLibrary([...rules.threats, ...(rules.own?.threats ?? [])]);
  const elements = new Map(
    model.elements.flatMap(
      (element) =>
        [
          [element.id, element],
          [element.name, element],
        ] as const,
    ),
  );
  const themes = new Set((rules.themes ?? []).map(({ id }) => id));
  const tree = ground.paths ?? ground.files?.paths;
  const paths = new Set(tree);
  const folders = new Set(tree?.flatMap(foldersOf));
  const updates = updatesByThreat(system, ground);
  const known = (rules.frameworks ?? []).flatMap(({ requirements }) => requirements.map(({ id }) => id));
  return {
    threats: traceThreats({
      model,
      statuses,
      themesOf: themesOfModel(model, rules.threats, themes, (threat) => {
        const element = elements.get(threat.element ?? "");
        return library.match(threat, element && typeOf(element));
      }),
      updatesOf: (threat) => updates.get(nameKey(threat)) ?? [],
      reachesBeginning: ground.reachesBeginning,
      approvalOf: (commit) =>
        commit
          ? ground.approvalOf(commit)
          : { state: "unknown", says: "No update of the model that concerns it is known." },
      isInTree: (path) => {
        if (!tree) return undefined;
        const plain = path.replace(/^\.\//, "").replace(/\/$/, "");
        return paths.has(plain) || folders.has(plain);
      },
      asksOwnerAndDay: asksOwnerAndDay(policy),
    }),
    acceptances: acceptancesOf(model, statuses, ground.period.to.at),
    reviews: model.reviews.map(({ place: _, ...review }) => review),
    unknownRequirements: (model.requirements ?? [])
      .map(({ requirement }) => requirement)
      .filter((one) => !known.some((id) => sameId(id, one))),
    problems: assessment.problems
      .filter(({ path }) => system.modelFiles.includes(path))
      .map((problem) => `${showPlace(problem)}: ${problem.what}`),
  };
}

function foldersOf(path: string): string[] {
  const parts = path.split("/").slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join("/"));
}

/** The updates of a system's model by the names that they concern, oldest first. */
function updatesByThreat(system: SystemAssessment, ground: EvidenceGround): ReadonlyMap<string, EvidenceCommit[]> {
  const found = new Map<string, EvidenceCommit[]>();
  const to = Date.parse(ground.period.to.at);
  for (const entry of ground.entries) {
    if (entry.kind !== "update" || Date.parse(entry.at) > to) continue;
    if (entry.system !== undefined && nameKey(entry.system) !== nameKey(system.name)) continue;
    const commit = ground.commitOf(entry.reference, entry.at);
    for (const name of new Set(entry.concerns.map(nameKey))) {
      const list = found.get(name);
      if (list) list.push(commit);
      else found.set(name, [commit]);
    }
  }
  return found;
}

/** Days before its end from which an acceptance is spoken of. */
const endsSoon = 30;

function acceptancesOf(
  model: ThreatModel,
  statuses: ReadonlyMap<string, { readonly status: string; readonly why?: string }>,
  to: string,
): EvidenceSystem["acceptances"] {
  const today = dayOf(to);
  return model.acceptances.map(({ place, threat: id, reason, approver, until, review, compensating, level }) => {
    const threat = model.threats.find((one) => one.id === id);
    const judged = statuses.get(id);
    const end = until === undefined ? undefined : dayOf(until);
    const days = end === undefined || today === undefined ? undefined : end - today;
    const isInForce = judged?.status === "accepted";
    const why =
      threat === undefined
        ? "The model holds no such threat."
        : (judged?.why ?? (isInForce ? undefined : "The threat is not called accepted."));
    return {
      threat: id,
      title: threat?.title ?? "",
      ...(threat?.risk && { risk: threat.risk }),
      ...((reason ?? threat?.reason) !== undefined && { reason: reason ?? threat?.reason }),
      ...(approver !== undefined && { approver }),
      ...(until !== undefined && { until }),
      ...(review !== undefined && { review }),
      ...(compensating !== undefined && { compensating }),
      ...(level !== undefined && { level }),
      state: !isInForce ? "not-in-force" : days !== undefined && days <= endsSoon ? "ends-soon" : "in-force",
      ...(days !== undefined && { days }),
      ...(why !== undefined && { why }),
      where: place,
    };
  });
}
