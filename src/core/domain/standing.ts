import type { Conclusion, DeliverableState, IndicatorId, IndicatorVerdict } from "./assessment.ts";
import type { DecidedRisk, RiskClass } from "./classification.ts";
import type { RequirementState } from "./evidence-report.ts";
import type { Mode, Policy } from "./policy.ts";
import type { RiskLevel } from "./risk.ts";
import type { StrideLetter } from "./stride.ts";
import type { ThreatStatus } from "./threat.ts";
import type { ControlStatus, DeliverableId } from "./threat-model.ts";

/*
 * How systems stand on their default branch, in what the dashboard shows of them: derived from the model when a merge was
 * judged. The model itself stays in the repository.
 */

/** What of a threat is shown. Texts are those of the model, cut, and hostile. */
export interface StandingThreat {
  readonly id: string;
  readonly title: string;
  readonly element?: string;
  readonly stride: readonly StrideLetter[];
  readonly risk?: RiskLevel;
  readonly status: ThreatStatus;
  /** Id of the library's rule that derives it; absent for one that people wrote by hand. */
  readonly rule?: string;
  /** The evidence theme of that rule: what frameworks are mapped by. */
  readonly theme?: string;
  readonly controls: readonly { readonly title: string; readonly status?: ControlStatus }[];
  /** Where the story of its control is tracked, in the model's words; empty where there is a story and no place. */
  readonly story?: string;
  /** Whether a validation of one of its controls has a result. */
  readonly isValidated: boolean;
}

/** A risk that somebody accepted. */
export interface StandingAcceptance {
  readonly threat: string;
  readonly title: string;
  readonly level?: string;
  readonly approver?: string;
  /** ISO date. */
  readonly until?: string;
}

/** Something that the model does not hold yet. */
export interface Uncovered {
  readonly what: string;
  /** When it reached the default branch, or was known: ISO instant. */
  readonly at: string;
  readonly reference: string;
}

/** How one system stands. */
export interface SystemStanding {
  readonly system: string;
  /** Who the model says owns it. */
  readonly team?: string;
  readonly riskClass: RiskClass;
  readonly riskBecause: string;
  readonly modelFiles: readonly string[];
  readonly indicators: Readonly<Record<IndicatorId, Omit<IndicatorVerdict, "place">>>;
  readonly deliverables: Readonly<
    Record<
      DeliverableId,
      {
        readonly state: DeliverableState;
        readonly where?: string;
        readonly lacking: readonly { readonly says: string; readonly where?: string }[];
      }
    >
  >;
  readonly threats: readonly StandingThreat[];
  /** Open threats at or above the policy's risk; absent where the model may not be shown here, and in what earlier versions kept. */
  readonly openAtOrAbove?: { readonly threshold: DecidedRisk; readonly count: number };
  /** How many threats the model holds; more than are kept in `threats` where there are very many. */
  readonly threatCount: number;
  /** By framework, the ids of its requirements in each state: as the evidence report judges them, components and records apart. */
  readonly requirements: Readonly<Record<string, Readonly<Partial<Record<RequirementState, readonly string[]>>>>>;
  readonly acceptances: readonly StandingAcceptance[];
  /** The data flow diagram in Graphviz DOT; absent where there is nothing, or too much, to draw. */
  readonly diagram?: string;
  /** Days of the policy by which TM-1 changes colour. */
  readonly currency: Policy["currency"];
  /** What the model does not hold, oldest first. */
  readonly uncovered: readonly Uncovered[];
  /** The last substantive update or approved review of the model, ISO date. */
  readonly modelUpdated?: string;
}

/** What the merge of one pull request did to one system. */
export interface MergeEffect {
  readonly system: string;
  /** Whole days from each change to the update that covered it, of those that this merge covered. */
  readonly coveredAfter: readonly number[];
  /** Third-party components and services that the merge brought, and how many of them the model holds. */
  readonly suppliers: { readonly changed: number; readonly covered: number };
}

export const questionOutcomes = ["open", "mitigated", "accepted", "not-applicable", "resolved", "gone"] as const;
/**
 * What has become of a question: answered in the model (`mitigated`, `accepted`, `not-applicable`), its thread resolved by
 * somebody without any answer, or `gone` with the line that it was about.
 */
export type QuestionOutcome = (typeof questionOutcomes)[number];

/** A question that was asked on a pull request. */
export interface AskedQuestion {
  readonly fingerprint: string;
  readonly rule: string;
  readonly outcome: QuestionOutcome;
}

/** What `enforce` would have done to a pull request of a repository that is not there yet. */
export interface Trial {
  readonly conclusion: Conclusion;
  /** What would have stopped it, worst first, in sentences; empty where nothing would. */
  readonly because: readonly string[];
  /** Fingerprints of the questions that would have stood at its lines. */
  readonly comments: readonly string[];
  /** Issues that would stand open after its merge. */
  readonly issues: number;
}

/** How the systems of a default branch stand after a merge to it. */
export interface MergedStanding {
  /** ISO instant of the merge. */
  readonly at: string;
  readonly systems: readonly SystemStanding[];
  readonly effects: readonly MergeEffect[];
}

/** What an evaluation of a pull request says of more than its own check. */
export interface Standing {
  readonly repository: { readonly id: number; readonly owner: string; readonly name: string };
  /** The portfolio that the organisation gave the repository by a custom property of this name, where that was read. */
  readonly portfolio?: string;
  readonly mode: Mode;
  readonly pullRequest: {
    readonly number: number;
    readonly title: string;
    readonly state: "open" | "closed" | "merged";
    readonly conclusion: Conclusion;
    /** Whether it waits for a Security Architect. */
    readonly waits: boolean;
  };
  readonly questions: readonly AskedQuestion[];
  /** Absent in `enforce`. */
  readonly trial?: Trial;
  /** Set after a merge to the default branch. */
  readonly merged?: MergedStanding;
}
