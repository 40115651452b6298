import type { Survey } from "../domain/survey.ts";
import type { Findings } from "./found.ts";

/**
 * One kind of evidence about a system: compose files, Terraform, source code … One source is one file in `sources/`, found by the
 * generated index.
 */
export interface Source {
  /** Name of the kind, for people: "Compose", "Terraform". */
  readonly name: string;
  /**
   * What the files of this kind state. Pure, never throws, linear in what was read; independent of the order of files. What a file
   * does not state is left out.
   */
  find(survey: Survey): Findings;
}
