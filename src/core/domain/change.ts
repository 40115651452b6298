import type { ElementType } from "./element-type.ts";
import type { Fact } from "./fact.ts";
import type { StrideLetter } from "./stride.ts";

/** What kind of change it is; the list is fixed by the command-line interface and the labelled corpus. */
export const changeCategories = [
  "component",
  "datastore",
  "messaging",
  "external-integration",
  "public-interface",
  "authentication",
  "authorization",
  "cryptography",
  "secrets",
  "sensitive-data",
  "network-exposure",
  "infrastructure",
  "ci-cd",
  "dependency-runtime",
  "dependency-dev",
  "dependency-patch",
  "file-upload",
  "deserialization",
  "logging-audit",
  "multi-tenancy",
] as const;

export type ChangeCategory = (typeof changeCategories)[number];

/** How sure a rule is that what it saw is what it says. Separate from how much it would matter. */
export const confidences = ["low", "medium", "high"] as const;
export type Confidence = (typeof confidences)[number];

/** How far a rule may go: only be recorded, be asked about, or also block in `enforce`. */
export const ruleModes = ["monitor", "comment", "block"] as const;
export type RuleMode = (typeof ruleModes)[number];

/** The element a change concerns: its type from the one list, and the name people know it by. */
export interface ChangedElement {
  readonly type: ElementType;
  readonly name: string;
}

/** One thing in a difference that matters to security. */
export interface Change {
  /** Id of the change rule that saw it. */
  readonly rule: string;
  readonly category: ChangeCategory;
  /** Path in the head; for something removed with its file, the path in the base. */
  readonly path: string;
  /** Line in the new file, from 1. Absent when the thing no longer has one (a removed line, a whole file). */
  readonly line?: number;
  /** Line in the old file, from 1, when what matters was removed. */
  readonly baseLine?: number;
  /** False for what is worth recording but does not ask for the model to be looked at. */
  readonly significant: boolean;
  /**
   * Set on what would matter as much as the significant ones, where a few of many are asked about: nobody is asked, but
   * the model must still cover it, or decoys would open the gate.
   */
  readonly behind?: true;
  readonly confidence: Confidence;
  readonly mode: RuleMode;
  readonly element: ChangedElement;
  readonly stride: readonly StrideLetter[];
  /** A title as a reviewer would say it, for example "New data store: S3 bucket `exports`". Plain text, hostile parts included. */
  readonly says: string;
  /** One sentence: why this matters. From the rule. */
  readonly why: string;
  /** The question that the rule asks. */
  readonly asks: string;
  /** The text that decided it, at most 200 characters of one line. */
  readonly evidence: string;
  /** What the change itself states about the element, for example that encryption is on, with the line that says so. */
  readonly facts: readonly Fact[];
}
