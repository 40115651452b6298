import type { ElementType } from "../domain/element-type.ts";
import type { Fact } from "../domain/fact.ts";
import type { Place } from "../domain/problem.ts";

/*
 * The derived model while it is put together: like the domain's threat model, with every place that states a part.
 */

export interface Component {
  readonly id: string;
  readonly name: string;
  readonly type: ElementType;
  readonly technology?: string;
  readonly boundary?: string;
  readonly data: readonly string[];
  readonly files: readonly string[];
  /** Facts that the files state and do not contradict. */
  readonly facts: readonly Fact[];
  readonly places: readonly Place[];
  /** Where it is said that others reach it. */
  readonly wayIn?: Place;
  /** The deployment says so, not its code or its description alone. */
  readonly isPublished?: true;
  /** Names of the parts that stand folded in it, where they were too many to show. */
  readonly holds?: readonly string[];
}

export interface Connection {
  readonly from: string;
  readonly to: string;
  readonly protocol?: string;
  readonly place: Place;
}

export interface DataClass {
  readonly name: string;
  readonly classification: string;
  /** Fields that say so, the first few. */
  readonly fields: readonly string[];
  readonly places: readonly Place[];
}
