import type { ChangedElement } from "./change.ts";
import type { Fact } from "./fact.ts";
import type { Place } from "./problem.ts";
import type { Rating, RiskLevel } from "./risk.ts";
import type { StrideLetter } from "./stride.ts";

/** What has become of a threat. `unknown` when the source does not say; it is never read as mitigated. */
export const threatStatuses = ["open", "mitigated", "accepted", "not-applicable", "unknown"] as const;
export type ThreatStatus = (typeof threatStatuses)[number];

/** A security user story: the work of a control. */
export interface Story {
  readonly as: string;
  readonly need: string;
  readonly so: string;
  /** Observable behaviours, numbered when shown. */
  readonly acceptance: readonly string[];
}

/** Code or configuration that shows the countermeasure, for one stack. */
export interface Sample {
  /** Language of the fence: `terraform`, `yaml`, `typescript` … */
  readonly language: string;
  readonly code: string;
}

/** One reason why a risk was raised or lowered, in words. */
export interface RiskDriver {
  readonly name: string;
  readonly raises: "likelihood" | "impact";
  readonly by: 1 | -1;
  readonly because: string;
}

/** A threat that the library derives for one element, with everything a reader needs to act on it. */
export interface Threat {
  /** `T-` and at least 10 base32 characters, from the rule and the element's own id. See threat-id.ts. */
  readonly id: string;
  readonly rule: string;
  readonly element: ChangedElement & { readonly id: string };
  readonly stride: StrideLetter;
  readonly title: string;
  readonly reason: string;
  readonly impact: Rating;
  readonly likelihood: Rating;
  readonly risk: RiskLevel;
  readonly drivers: readonly RiskDriver[];
  readonly status: ThreatStatus;
  /** The control that answers it, where stated facts show one. */
  readonly answeredBy?: string;
  /** What in the model or in the patch decided the status; absent when open by default. */
  readonly statusPlace?: Place;
  /** The facts that made the rule apply, and those that decided its status or risk. */
  readonly why: readonly Fact[];
  readonly countermeasure: string;
  readonly acceptanceTest: string;
  readonly story: Story;
  readonly sample?: Sample;
  readonly training: { readonly title: string; readonly url: string };
  readonly cwe: readonly string[];
  readonly capec: readonly string[];
  readonly asvs: readonly string[];
  readonly attack: readonly string[];
  readonly theme: string;
  /** Where it arises: the changed line, or the element's place in the model. */
  readonly place: Place;
}

/** Facts that nobody stated, asked once for an element instead of guessed or turned into threats. */
export interface Question {
  readonly element: ChangedElement & { readonly id: string };
  readonly facts: readonly string[];
  readonly asks: string;
  readonly place: Place;
}

/** What a rule of the library said of an element without listing a threat, and why: which facts, or which are missing. */
export interface Unlisted {
  readonly rule: string;
  readonly title: string;
  readonly stride: StrideLetter;
  /**
   * `does-not-apply`: a fact rules it out · `not-stated`: a fact is missing, the question asks for it · `not-touched`: the
   * change does not concern it · `of-flows`: asked of the connections, not of their ends · `of-changes`: kept for changes ·
   * `behind`: less grave than those listed.
   */
  readonly because: "does-not-apply" | "not-stated" | "not-touched" | "of-flows" | "of-changes" | "behind";
  /** Facts that decided, or that are missing (`not stated`). */
  readonly facts: readonly Fact[];
}

/** The threats and questions that one change raises, in the order they are shown. */
export interface Checklist {
  /** Index into the assessment's changes. */
  readonly change: number;
  readonly threats: readonly Threat[];
  readonly questions: readonly Question[];
  /** Threats that the patch or the model already answers, with the place: credited, not asked. */
  readonly credited: readonly { readonly title: string; readonly where: Place }[];
  /** What else the library knows of the element, and why it is not asked here; absent in records of earlier versions. */
  readonly unlisted?: readonly Unlisted[];
}
