import type { Place } from "./problem.ts";
import type { RiskLevel } from "./risk.ts";

/*
 * What others found out about the system after its model was written: alerts of scanners, advisories on its components,
 * incidents. It stands beside the model and never in its place: nothing here turns a control into a verified one.
 */

/** GitHub's own kinds of alerts, by the names of its features. */
export const scanners = ["code-scanning", "secret-scanning", "dependabot"] as const;
export type Scanner = (typeof scanners)[number];

/** A third-party package that an alert is about. */
export interface AlertedPackage {
  readonly ecosystem: string;
  readonly name: string;
  /** Path of the manifest or lock file that brings it in. */
  readonly manifest: string;
  readonly scope?: "runtime" | "development";
  /** Set where GitHub says that it is brought in by another package. */
  readonly isTransitive?: true;
}

/** One finding of a scanner, whatever told it. Its words are somebody else's: escape them to show them. */
export interface ScannerAlert {
  readonly source: Scanner | "sarif";
  /** `CodeQL`, `Dependabot`. */
  readonly tool: string;
  /** As people find it: `code-scanning alert 12`, `GHSA-xxxx-xxxx-xxxx`. */
  readonly reference: string;
  readonly says: string;
  /** `CWE-89`, in this form. */
  readonly cwe: readonly string[];
  readonly state: "open" | "fixed" | "dismissed";
  /** Absent where the tool rates nothing. */
  readonly risk?: RiskLevel;
  readonly place?: Place;
  readonly package?: AlertedPackage;
  /** Number of the alert in its repository. */
  readonly number?: number;
  /** When it was raised, and when it was fixed or dismissed; ISO instants. */
  readonly at?: string;
  readonly ended?: string;
  /** Why it was dismissed, in the words of whoever did. */
  readonly because?: string;
}

/** The alerts of one source, or why they are not known; not being allowed to look is never "there are none" (H016). */
export type AlertsReading =
  | {
      readonly source: ScannerAlert["source"];
      readonly outcome: "present";
      readonly alerts: readonly ScannerAlert[];
      /** Whether all were read. */
      readonly isWhole: boolean;
      /** What was scanned: "the default branch", or the name of a file of results. */
      readonly of: string;
    }
  | {
      readonly source: ScannerAlert["source"];
      readonly outcome: "unknown";
      readonly why: string;
      /** The permission that is missing, where that is the reason: `security_events: read`. */
      readonly needs?: string;
    };

/** An issue that carries the label of incidents. */
export interface Incident {
  readonly number: number;
  readonly title: string;
  readonly body: string;
  /** When it got the label first; ISO instant. */
  readonly at: string;
}

export type IncidentsReading =
  | { readonly outcome: "present"; readonly incidents: readonly Incident[]; readonly isWhole: boolean }
  | { readonly outcome: "unknown"; readonly why: string };

/** What was read beside the repository's own files. */
export interface EvidenceReading {
  readonly alerts: readonly AlertsReading[];
  /** Absent where nobody asked. */
  readonly incidents?: IncidentsReading;
  /** Whether the rules of the base branch let nothing merge while a conversation is open; absent where that is not known. */
  readonly conversationsMustBeResolved?: boolean;
}

/** What is wanted of it. */
export interface EvidenceWanted {
  readonly scanners: readonly Scanner[];
  /** Whether somebody wrote the list of scanners down, or it is the default. */
  readonly isStated: boolean;
  /** Absent where incidents say nothing: there is no model. */
  readonly incidentLabel?: string;
  /** The branch whose rules decide whether questions in threads would block. */
  readonly rulesOf?: string;
}

/** An alert held against one threat of a model. */
export interface EvidenceMatch {
  /** `contradicts`: it is open and the model calls the threat mitigated. `supports`: it is fixed. */
  readonly verdict: "contradicts" | "supports";
  readonly system: string;
  readonly threat: string;
  /** Ids of the controls that the threat names. */
  readonly controls: readonly string[];
  /** Name of the element that both concern; absent where only the weakness is the same. */
  readonly element?: string;
  /** The weaknesses (CWE) that both name. */
  readonly cwe: readonly string[];
  readonly alert: Pick<ScannerAlert, "source" | "reference" | "ended"> & Partial<Pick<ScannerAlert, "tool" | "place">>;
  /** One sentence, fit for where it is shown. */
  readonly says: string;
  /** The threat in the model. */
  readonly place: Place;
}

/** What has asked for an update of the model since it was written: an incident, or an advisory on a component. */
export interface ClockStart {
  readonly kind: "incident" | "intelligence";
  readonly reference: string;
  readonly what: string;
  readonly at: string;
  readonly system: string;
  /** `running`: no update of the model speaks of it. `covered`: one does. `settled`: it asks nothing any more. */
  readonly state: "running" | "covered" | "settled";
  /** Whole days since it began. */
  readonly days: number;
  readonly why?: string;
}

/** What was concluded from evidence. Absent from an assessment for which none was read. */
export interface AssessedEvidence {
  readonly read: readonly (
    | { readonly source: string; readonly open: number; readonly fixed: number; readonly isWhole: boolean }
    | { readonly source: string; readonly why: string; readonly needs?: string }
  )[];
  readonly matches: readonly EvidenceMatch[];
  readonly clock: readonly ClockStart[];
  /** Open alerts that fit no element or no weakness of the model. */
  readonly unmatched: number;
}
