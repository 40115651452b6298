import type { Change } from "./change.ts";
import type { Classification } from "./classification.ts";
import type { AssessedEvidence } from "./evidence.ts";
import type { Mode, Policy } from "./policy.ts";
import type { NotInspected, Place, Problem } from "./problem.ts";
import type { Account } from "./snapshot.ts";
import type { Checklist, Threat } from "./threat.ts";
import type { DeliverableId, ModelThreat, ThreatModel } from "./threat-model.ts";

/** GitHub's conclusions that Threatgate uses; never `skipped`, `cancelled`, `timed_out` or `stale`. */
export const conclusions = ["success", "neutral", "action_required", "failure"] as const;
export type Conclusion = (typeof conclusions)[number];

export const rags = ["GREEN", "AMBER", "RED", "UNKNOWN"] as const;
/** A colour, always shown as a word. UNKNOWN is a colour of its own and never GREEN. */
export type Rag = (typeof rags)[number];

export const deliverableStates = ["present", "partial", "missing", "not-carried"] as const;
export type DeliverableState = (typeof deliverableStates)[number];

/** One unmet MUST of the standard. */
export interface Lacking {
  /** Id of the MUST in `rules/deliverables/`. */
  readonly must: string;
  readonly says: string;
  /** Where it would be written, or which part lacks it. */
  readonly place?: Place;
  readonly example: string;
}

export interface DeliverableVerdict {
  readonly state: DeliverableState;
  /** The place that satisfies it, when there is one. */
  readonly where?: Place;
  /** What was found, in words. */
  readonly found: string;
  readonly lacking: readonly Lacking[];
  /** The places that satisfy each MUST that is met. */
  readonly met: readonly { readonly must: string; readonly place: Place }[];
}

/** What people read of it: several MUSTs may lack the same thing at the same place, and it is said once. */
export function onceEach(lacking: readonly Lacking[]): readonly Lacking[] {
  return [
    ...new Map(lacking.map((one) => [`${one.says} ${one.place?.path ?? ""}:${one.place?.line ?? 0}`, one])).values(),
  ];
}

export type Deliverables = Readonly<Record<DeliverableId, DeliverableVerdict>>;

export const indicatorIds = ["TM-1", "TM-2", "TM-3", "TM-4"] as const;
export type IndicatorId = (typeof indicatorIds)[number];

export interface IndicatorVerdict {
  readonly rag: Rag;
  /** One sentence with names, dates and days. */
  readonly why: string;
  readonly place?: Place;
  /** What would turn it GREEN, as an instruction; empty when it is. */
  readonly next: readonly string[];
}

/** Who approved, of those who count, and why the others do not. */
export interface ReviewVerdict {
  readonly peers: readonly { readonly account: Account; readonly commit: string }[];
  readonly architects: readonly { readonly account: Account; readonly commit: string }[];
  readonly notCounted: readonly { readonly account: Account; readonly why: string }[];
  /** Set when GitHub could not tell who is an architect. */
  readonly unknown?: string;
  /** What could not be known although approvals count, such as who else contributed (H022). */
  readonly caveat?: string;
}

export interface Counts {
  readonly components: number | null;
  readonly flows: number | null;
  readonly boundaries: number | null;
  readonly threats: number | null;
  readonly threats_with_mitigation: number | null;
  readonly threats_open: number | null;
}

/** The other repository in which the model of a system stands. */
export interface ModelHome {
  /** As it may be named here: `acme/payments`. */
  readonly repository: string;
  /** Set where the model must not be quoted here: it is private, and this place is public. */
  readonly isWithheld: boolean;
  /** Set where it could not be read, with what would change that. */
  readonly unknown?: { readonly why: string; readonly next: string };
}

/** What is concluded about one system of the repository. */
export interface SystemAssessment {
  readonly name: string;
  /** Files that make its model, main file first; empty when there is none, or none that may be named here. */
  readonly modelFiles: readonly string[];
  /** Set where the model stands in another repository. */
  readonly home?: ModelHome;
  /** Its risk class and what that decides; absent in records of versions that did not classify. */
  readonly classification?: Classification;
  readonly model?: ThreatModel;
  readonly deliverables: Deliverables;
  readonly indicators: Readonly<Record<IndicatorId, IndicatorVerdict>>;
  readonly review: ReviewVerdict;
  readonly counts: Counts;
  /** Whether this difference updates the model in substance. */
  readonly modelUpdated: boolean;
  /** Ids, names and files that the update concerns; empty without one. */
  readonly concerns: readonly string[];
  /** Indexes of the significant changes that belong to it. */
  readonly changes: readonly number[];
  /** Of those, the ones that neither the model nor an answer covers. */
  readonly uncovered: readonly number[];
  /** Threats of the model that are neither mitigated nor accepted, at or above the policy's risk. */
  readonly openThreats: readonly ModelThreat[];
  /** Threats that were mitigated, or existed, at the base and no longer are at the head. */
  readonly lost: readonly { readonly threat: ModelThreat; readonly what: string }[];
}

/** One step of how the conclusion was reached, worst first. */
export interface Reason {
  readonly outcome: Conclusion | "could-not-evaluate";
  readonly says: string;
  readonly place?: Place;
  /** What would remove it. */
  readonly next?: string;
}

/** One thing to do that answers several of the threats asked about. */
export interface SharedCountermeasure {
  readonly does: string;
  /** `hours`, `days` or `weeks`; absent where nobody estimated it. */
  readonly effort?: string;
  /** Ids of the threats it answers, highest risk first. */
  readonly threats: readonly string[];
}

/**
 * What the same findings come to where the policy says `enforce`, and what people would read then: what an organisation
 * that only observes wants to know before it goes on.
 */
export interface UnderEnforce {
  readonly conclusion: Conclusion;
  /** Worst first. */
  readonly reasons: readonly Reason[];
  /** Fingerprints of the questions that would stand at lines of this pull request, as long as it is open. */
  readonly comments: readonly string[];
  /** Issues that would stand open after its merge. */
  readonly issues: number;
}

/** Everything concluded about one commit. All outputs are drawn from it, so they cannot disagree. */
export interface Assessment {
  readonly schemaVersion: 1;
  readonly subject: {
    readonly repository: string;
    readonly repositoryId?: number;
    readonly base: string;
    readonly head: string;
    readonly pullRequest?: number;
  };
  readonly asOf: string;
  readonly mode: Mode;
  readonly conclusion: Conclusion;
  /** True when a broken policy, a cut file list or an error of ours stood in the way. */
  readonly couldNotEvaluate: boolean;
  readonly reasons: readonly Reason[];
  /** Absent in `enforce`, where it is what was concluded, and in records of versions that did not keep it. */
  readonly underEnforce?: UnderEnforce;
  /** Set when an architect let this one commit through by a formal review; `conclusion` is then success. */
  readonly waived?: { readonly by: Account; readonly until: string; readonly because: string };
  readonly changes: readonly Change[];
  /** Indexes of the changes that are asked about; the first ten of them with a line comment. */
  readonly asked: readonly number[];
  readonly checklists: readonly Checklist[];
  readonly threats: readonly Threat[];
  /** Most risk taken away first; absent where each threat needs an answer of its own. */
  readonly countermeasures?: readonly SharedCountermeasure[];
  readonly systems: readonly SystemAssessment[];
  /** What scanners, advisories and incidents say beside it; absent where nothing of that was read. */
  readonly evidence?: AssessedEvidence;
  readonly notInspected: readonly NotInspected[];
  readonly problems: readonly Problem[];
  readonly policy: Policy;
  /** Number of files looked at, and the one nearest to mattering when none did. */
  readonly lookedAt: { readonly files: number; readonly nearest?: { readonly path: string; readonly why: string } };
  readonly versions: { readonly threatgate: string; readonly rules: string };
}
