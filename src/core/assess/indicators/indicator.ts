import type { Deliverables, IndicatorId, IndicatorVerdict, ReviewVerdict } from "../../domain/assessment.ts";
import type { Policy } from "../../domain/policy.ts";
import type { ThreatModel } from "../../domain/threat-model.ts";
import type { Currency } from "../currency.ts";
import type { JudgedStatus } from "../statuses.ts";

/** Everything that an indicator may look at. Already judged: an indicator only weighs and words it. */
export interface IndicatorFacts {
  readonly system: string;
  readonly model?: ThreatModel;
  /** The threats' statuses as far as the model makes them true. */
  readonly statuses: readonly JudgedStatus[];
  readonly deliverables: Deliverables;
  readonly currency: Currency;
  readonly review: ReviewVerdict;
  readonly policy: Policy;
}

/** One indicator of the standard. One indicator is one file beside this one, found by the generated index. */
export interface Indicator {
  readonly id: IndicatorId;
  /** As people read it. */
  readonly title: string;
  /** What its colours mean, one sentence each. */
  readonly means: Readonly<Record<IndicatorVerdict["rag"], string>>;
  judge(facts: IndicatorFacts): IndicatorVerdict;
}
