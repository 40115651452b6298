import type { Item } from "./declared-item.ts";
import type { ElementType } from "./element-type.ts";
import type { Fact } from "./fact.ts";
import type { NotInspected } from "./problem.ts";

/*
 * A repository as its own files tell it: what each declares, and what the change rules take each thing for. The ground
 * of a system model that nobody has written yet.
 */

/** A declared thing with what the change rules would say if it were new: one list of what is what, for both. */
export interface SurveyedItem {
  readonly item: Item;
  /** Types of element that rules see in it, each once, in the order of the rules' ids. */
  readonly types: readonly ElementType[];
  /** What its attributes state, with the place. */
  readonly facts: readonly Fact[];
}

/** Something seen in source code: a route, an outside host, a column. */
export interface SurveyedSight {
  /** `endpoint-added`, `host`, `client`, `table-added`, `personal-column-added` … as detectors name it. */
  readonly what: string;
  readonly name: string;
  readonly line?: number;
}

/** One file that says something. */
export interface SurveyedFile {
  readonly path: string;
  readonly items: readonly SurveyedItem[];
  readonly sights: readonly SurveyedSight[];
  /** Resources that Terraform says were renamed: new address to old one. https://developer.hashicorp.com/terraform/language/moved */
  readonly moved?: ReadonlyMap<string, string>;
}

/** All that was read, in the order of paths, and what could not be. */
export interface Survey {
  /** Name of the repository or of its folder. */
  readonly name: string;
  readonly files: readonly SurveyedFile[];
  /** Every path of the repository, read or not. */
  readonly paths: readonly string[];
  readonly notRead: readonly NotInspected[];
}
