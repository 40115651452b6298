import type { Classification } from "./classification.ts";
import type { Fact } from "./fact.ts";
import type { Place, Problem } from "./problem.ts";
import type { RiskLevel } from "./risk.ts";
import type { Effort } from "./rules.ts";
import type { ElementKind, StrideLetter } from "./stride.ts";
import type { Question, Threat, Unlisted } from "./threat.ts";

/* What is concluded of the threats of one model, beside the threats: what to do, what was considered, and why. */

/** One thing to do that answers one threat or many. */
export interface Countermeasure {
  /** Stable: the protective facts that it makes true, or the rule whose own countermeasure it is. */
  readonly key: string;
  /** As an instruction. */
  readonly does: string;
  /** Absent where nobody estimated it. */
  readonly effort?: Effort;
  /** What the effort is spent on. */
  readonly takes?: string;
  /** Where it answers threats of several rules: what it comes to for each, as the rule's own control says it. */
  readonly doneWhen: ReadonlyMap<string, string>;
  /** The threats it answers and no countermeasure before it does, highest risk first. */
  readonly threats: readonly Threat[];
  /** How many threats of each risk it answers, highest first. */
  readonly answers: readonly { readonly risk: RiskLevel; readonly count: number }[];
  /** Ids and names of the elements it is to be done at. */
  readonly elements: readonly { readonly id: string; readonly name: string }[];
  /** Requirements of the system's laws and standards that it gives evidence for, as `gdpr Art. 32(1)(a)`. */
  readonly requirements: readonly string[];
}

/** A control that is already there, as the model or the code shows, and what it answers. */
export interface CreditedControl {
  readonly control: string;
  readonly threats: readonly Threat[];
  readonly places: readonly Place[];
}

/** A requirement of a law or standard that applies, and how the countermeasures stand to it. */
export interface RegulatedRequirement {
  readonly regulation: string;
  readonly requirement: string;
  /** Names of the evidence themes that lead to it. */
  readonly themes: readonly string[];
  /**
   * `open`: a countermeasure that gives evidence for it is still to be done · `answered`: what is there answers every
   * threat that leads to it · `not-reached`: no threat of the model leads to it, so the model shows nothing for it.
   */
  readonly state: "open" | "answered" | "not-reached";
}

/** What to do about the threats of a model, what is done, and what the law asks on top. */
export interface CountermeasurePlan {
  /** The one that reduces most risk first; each threat is counted once, at the first that answers it. */
  readonly todo: readonly Countermeasure[];
  readonly credited: readonly CreditedControl[];
  readonly requirements: readonly RegulatedRequirement[];
}

/** One category of one element: considered by a written threat, set aside with a reason, or open. */
export interface GridCell {
  readonly letter: StrideLetter;
  readonly state: "covered" | "not-applicable" | "open";
  /** Ids of the written threats that consider it. */
  readonly by: readonly string[];
  /** Why it does not apply. */
  readonly reason?: string;
  /** Ids of derived threats that could be written down, highest first; for open cells. */
  readonly candidates: readonly string[];
}

export interface GridRow {
  readonly element: { readonly id: string; readonly name: string; readonly kind: ElementKind };
  readonly place: Place;
  readonly cells: readonly GridCell[];
}

/** STRIDE for each element and flow of a model, and how much of it was considered. */
export interface StrideGrid {
  readonly rows: readonly GridRow[];
  readonly covered: number;
  readonly notApplicable: number;
  readonly open: number;
}

/** All that the library has to say of one element: the threats it lists, what it asks, and why it says nothing else. */
export interface ExplainedElement {
  readonly element: { readonly id: string; readonly name: string; readonly type: string };
  /** The facts that are known of it, in the order of their names. */
  readonly facts: readonly Fact[];
  readonly threats: readonly Threat[];
  readonly question?: Question;
  readonly unlisted: readonly Unlisted[];
}

/** Everything that is said of the threats of one model. */
export interface ThreatReport {
  readonly file: string;
  readonly classification?: Classification;
  readonly plan: CountermeasurePlan;
  readonly questions: readonly Question[];
  readonly grid: StrideGrid;
  readonly problems: readonly Problem[];
}
