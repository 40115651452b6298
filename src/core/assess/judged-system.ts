import type { Deliverables, IndicatorId, IndicatorVerdict, Rag } from "../domain/assessment.ts";
import type { RiskClass } from "../domain/classification.ts";
import type { ModelThreat, ReadModel } from "../domain/threat-model.ts";
import type { Currency } from "./currency.ts";
import type { ModelDifference } from "./model-difference.ts";
import type { JudgedStatus } from "./statuses.ts";

/** Everything known of one system when its findings are drawn. */
export interface JudgedSystem {
  readonly name: string;
  readonly riskClass: RiskClass;
  readonly head?: ReadModel;
  readonly base?: ReadModel;
  readonly difference: ModelDifference;
  readonly statuses: readonly JudgedStatus[];
  readonly baseStatuses: readonly JudgedStatus[];
  readonly deliverables: Deliverables;
  readonly baseDeliverables: Deliverables;
  readonly indicators: Readonly<Record<IndicatorId, IndicatorVerdict>>;
  /** The colours of what the base's model held by itself: what was RED before is not this change's doing. */
  readonly baseRags: Readonly<Record<"TM-2" | "TM-4", Rag>>;
  readonly currency: Currency;
  /** Indexes of its significant changes, and of those that nothing covers. */
  readonly changes: readonly number[];
  readonly uncovered: readonly number[];
  readonly lost: readonly { readonly threat: ModelThreat; readonly what: string; readonly elementIsGone: boolean }[];
  readonly awaiting: readonly { readonly threat: ModelThreat; readonly says: string }[];
}
