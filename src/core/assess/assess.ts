import type {
  Assessment,
  Deliverables,
  IndicatorId,
  IndicatorVerdict,
  ModelHome,
  SystemAssessment,
  UnderEnforce,
} from "../domain/assessment.ts";
import type { Change } from "../domain/change.ts";
import type { Classification } from "../domain/classification.ts";
import { countsOf } from "../domain/counts.ts";
import type { Policy } from "../domain/policy.ts";
import type { Place, Problem } from "../domain/problem.ts";
import { atLeast } from "../domain/risk.ts";
import type { DeliverableRule } from "../domain/rules.ts";
import type { Snapshot } from "../domain/snapshot.ts";
import type { Checklist, Threat } from "../domain/threat.ts";
import type { ReadModel, ThreatModel } from "../domain/threat-model.ts";
import { findingsOf } from "./conclusion.ts";
import { isCovered } from "./coverage.ts";
import { currencyOf } from "./currency.ts";
import { judgeDeliverables, missingDeliverables } from "./deliverables.ts";
import { conclude, type Finding, lettingThrough } from "./finding.ts";
import { indicators } from "./indicators/index.ts";
import type { IndicatorFacts } from "./indicators/indicator.ts";
import type { JudgedSystem } from "./judged-system.ts";
import { lostOf } from "./lost.ts";
import { type ModelDifference, modelDifference } from "./model-difference.ts";
import { deliverablesFrom, unknownHome, verdictsFrom } from "./model-home.ts";
import { mentions, referencesIn } from "./names.ts";
import { obstacles } from "./obstacles.ts";
import { type ReviewStanding, reviewStanding } from "./review.ts";
import { acceptancesAwaitingReview, judgeStatuses } from "./statuses.ts";
import type { System } from "./systems.ts";

export { type System, systemsOf } from "./systems.ts";

/** One system with its model read at both sides. Absent where there was no file to read. */
export interface SystemWithModels {
  readonly system: System;
  readonly head?: ReadModel;
  readonly base?: ReadModel;
  /** Of a model that stands elsewhere: how it was updated since this difference was begun. */
  readonly updated?: ModelDifference;
  /** Its class and what that decides, with the policy as it holds for it. Absent: the policy holds as it is. */
  readonly classified?: { readonly classification: Classification; readonly policy: Policy };
}

/** Everything that is weighed for one commit. */
export interface AssessInput {
  readonly snapshot: Snapshot;
  /** What `effectivePolicy` gave. */
  readonly policy: { readonly policy: Policy; readonly usable: boolean; readonly problems: readonly Problem[] };
  readonly changes: readonly Change[];
  readonly checklists: readonly Checklist[];
  readonly threats: readonly Threat[];
  /** From `systemsOf`, each with its files read. */
  readonly systems: readonly SystemWithModels[];
  readonly deliverables: readonly DeliverableRule[];
  /** Commits before the head whose approvals stand by the policy; left out, none. */
  readonly stillStanding?: ReadonlySet<string>;
  /** What evidence from outside the repository adds. */
  readonly fromEvidence?: readonly Finding[];
}

export type Assessed = Pick<Assessment, "systems" | "reasons" | "conclusion" | "couldNotEvaluate" | "waived"> & {
  /** What `enforce` would conclude; absent where the mode is `enforce`. */
  readonly underEnforce?: Pick<UnderEnforce, "conclusion" | "reasons">;
};

/**
 * Weighs what was read: for each system its deliverables, indicators, review and what this difference owes; for the
 * commit one conclusion with its reasons, worst first. Pure; `snapshot.now` is the only clock.
 */
export function assess(input: AssessInput): Assessed {
  const review = reviewStanding(input.snapshot, input.policy.policy, input.stillStanding);
  const ground = {
    snapshot: input.snapshot,
    policy: input.policy.policy,
    usable: input.policy.usable,
    policyProblems: input.policy.problems,
    changes: input.changes,
    checklists: input.checklists,
    review,
  };
  const judged = input.systems.map((system) => ({
    ...standingOf(system, review, input),
    policy: system.classified?.policy ?? ground.policy,
  }));
  const several = judged.length > 1;
  const findings: Finding[] = [
    ...obstacles(ground),
    ...judged.flatMap(({ standing, assessment, policy }) =>
      findingsOfSystem(standing, assessment.home, { ...ground, policy }).map((finding) =>
        several ? named(finding, standing.name) : finding,
      ),
    ),
    ...(input.fromEvidence ?? []),
    ...notLookedAt(input.snapshot),
  ];
  const systems = judged.map(({ assessment }) => assessment);
  const isDraft = input.snapshot.pullRequest?.isDraft ?? false;
  const waiver = input.policy.usable ? review.waiver : undefined;
  const concludedIn = (mode: Policy["mode"]) =>
    lettingThrough(conclude(once(findings), { ...ground.policy, mode }, isDraft), waiver);
  const { mode } = ground.policy;
  if (mode === "enforce") return { systems, ...concludedIn(mode) };
  const { conclusion, reasons } = concludedIn("enforce");
  return { systems, ...concludedIn(mode), underEnforce: { conclusion, reasons } };
}

/** Where the facts of parts stand that a machine drafted and nobody has confirmed. */
function draftedFacts({ drafts, elements, flows }: ThreatModel): readonly Place[] {
  const parts = [...elements, ...flows].filter(({ id }) => drafts.includes(id));
  return parts.flatMap(({ facts }) => facts.flatMap(({ where }) => where ?? []));
}

/** A model that could not be read where it stands is neither missing nor there: nothing is concluded from it. */
function findingsOfSystem(
  standing: JudgedSystem,
  home: ModelHome | undefined,
  ground: Parameters<typeof findingsOf>[1],
): readonly Finding[] {
  return home?.unknown ? unknownHome(standing.name, home, standing.changes) : findingsOf(standing, ground);
}

function shownHome({ repository, isWithheld, unknown }: ModelHome): ModelHome {
  return { repository, isWithheld, ...(unknown && { unknown }) };
}

function standingOf(
  { system, head, base, updated, classified }: SystemWithModels,
  review: ReviewStanding,
  input: AssessInput,
): { standing: JudgedSystem; assessment: SystemAssessment } {
  const { snapshot, changes, checklists, threats } = input;
  const policy = classified?.policy ?? input.policy.policy;
  const model = head?.model;
  const difference = modelDifference(base?.model, model);
  const statusGround = {
    policy,
    now: snapshot.now,
    ...(snapshot.pullRequest?.author && { author: snapshot.pullRequest.author }),
  };
  const statuses = model ? judgeStatuses(model, statusGround) : [];
  const baseStatuses = base?.model ? judgeStatuses(base.model, { policy, now: snapshot.now }) : [];
  const { home } = system;
  const deliverables = deliverablesFrom(home, deliverablesOf(model, input, home));
  const currency = currencyOf({
    timeline: snapshot.timeline,
    ...(home && { isElsewhere: true }),
    system,
    hasModel: model !== undefined,
    now: snapshot.now,
    thresholds: policy.currency,
    ...(difference.says.length > 0 && { ownUpdate: { concerns: ownConcerns(difference, snapshot) } }),
  });
  const facts: IndicatorFacts = {
    system: system.name,
    ...(model && { model }),
    statuses,
    deliverables,
    currency,
    review: review.verdict,
    policy,
  };
  const coverage = {
    difference: updated ?? difference,
    modelFiles: model?.files ?? [],
    checklists,
    threats,
    drafted: model ? draftedFacts(model) : [],
    noChangeNeeded: review.noChangeNeeded,
  };
  const uncovered = system.changes.filter((index) => {
    const change = changes[index];
    return change !== undefined && !isCovered(change, index, coverage);
  });
  const lost = lostOf(base?.model, model, baseStatuses, statuses, difference);
  const verdicts = verdictsFrom(home, verdictsOf(facts));
  const baseDeliverables = home ? deliverables : deliverablesOf(base?.model, input);
  const { model: _, ...rest } = facts;
  const before = verdictsOf({
    ...rest,
    ...(base?.model && { model: base.model }),
    statuses: baseStatuses,
    deliverables: baseDeliverables,
  });
  const standing: JudgedSystem = {
    name: system.name,
    riskClass: classified?.classification.riskClass ?? system.riskClass ?? "medium",
    ...(head && { head }),
    ...(base && { base }),
    difference,
    statuses,
    baseStatuses,
    deliverables,
    baseDeliverables,
    indicators: verdicts,
    baseRags: { "TM-2": before["TM-2"].rag, "TM-4": before["TM-4"].rag },
    currency,
    changes: system.changes,
    uncovered,
    lost,
    awaiting: model ? acceptancesAwaitingReview(statuses, model, base?.model, review.verdict, policy) : [],
  };
  const assessment: SystemAssessment = {
    name: system.name,
    modelFiles: home?.isWithheld ? [] : (model?.files ?? []),
    ...(home && { home: shownHome(home) }),
    ...(classified && { classification: classified.classification }),
    ...(model && !home?.isWithheld && { model }),
    deliverables,
    indicators: verdicts,
    review: review.verdict,
    counts: countsOf(model),
    modelUpdated: difference.says.length > 0,
    concerns: ownConcerns(difference, snapshot),
    changes: system.changes,
    uncovered,
    openThreats: (home?.isWithheld ? [] : statuses)
      .filter(
        ({ threat, status }) =>
          (status === "open" || status === "unknown") &&
          threat.risk !== undefined &&
          atLeast(threat.risk, policy.riskThreshold),
      )
      .map(({ threat }) => threat),
    lost: lost.map(({ threat, what }) => ({ threat, what })),
  };
  return { standing, assessment };
}

/** What the own update concerns: what it names, and whatever earlier change its words speak of. */
function ownConcerns(difference: ModelDifference, { timeline }: Snapshot): readonly string[] {
  const earlier = timeline.entries.flatMap((entry) => ("elements" in entry ? entry.elements : []));
  const spokenOf = earlier.filter((element) => difference.texts.some((text) => mentions(text, element)));
  return [...difference.names, ...difference.files, ...spokenOf, ...referencesIn(difference.texts)];
}

function deliverablesOf(
  model: ThreatModel | undefined,
  { deliverables, snapshot }: AssessInput,
  home?: ModelHome,
): Deliverables {
  if (!model) return missingDeliverables(deliverables);
  const paths = snapshot.headPathsComplete && !home ? snapshot.headPaths : [];
  return judgeDeliverables(model, deliverables, { paths });
}

function verdictsOf(facts: IndicatorFacts): Readonly<Record<IndicatorId, IndicatorVerdict>> {
  const verdictOf = (id: IndicatorId): IndicatorVerdict =>
    indicators.find((indicator) => indicator.id === id)?.judge(facts) ?? {
      rag: "UNKNOWN",
      why: `There is no indicator ${id}.`,
      next: [],
    };
  return { "TM-1": verdictOf("TM-1"), "TM-2": verdictOf("TM-2"), "TM-3": verdictOf("TM-3"), "TM-4": verdictOf("TM-4") };
}

function named(finding: Finding, system: string): Finding {
  return { ...finding, says: `${system}: ${finding.says}` };
}

/** The same sentence about the same place is said once, such as a missing approval of two systems. */
function once(findings: readonly Finding[]): readonly Finding[] {
  const seen = new Set<string>();
  return findings.filter((finding) => {
    const key = JSON.stringify([finding.weight, finding.says, finding.place]);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** Changed files that could not be read: told, because silence would read as "nothing there". */
function notLookedAt(snapshot: Snapshot): readonly Finding[] {
  const changed = new Set(snapshot.files.map(({ filename }) => filename));
  const missed = snapshot.notRead.filter(({ path }) => changed.has(path));
  const [first] = missed;
  if (!first) return [];
  const more = missed.length > 1 ? ` and ${missed.length - 1} more` : "";
  return [
    { weight: "told", says: `Not looked at: \`${first.path}\` (${first.reason})${more}.`, place: { path: first.path } },
  ];
}
