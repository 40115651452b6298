import type { Confidence } from "../domain/change.ts";
import type { Fact } from "../domain/fact.ts";
import type { InspectedFile } from "./inspected-file.ts";

/** One thing that a detector saw. The words around it come from the rule that names the detector. */
export interface Sighting {
  /** Which of the detector's `sees` it is. */
  readonly what: string;
  readonly path: string;
  /** Line in the new file. */
  readonly line?: number;
  /** Line in the old file, for what was removed. */
  readonly baseLine?: number;
  /** The name people know it by: a route, a table, a host, a role. */
  readonly name: string;
  /** Further values for the rule's title template. */
  readonly attributes?: Readonly<Record<string, string>>;
  /** The line that decided it. */
  readonly evidence: string;
  /** Lower than the rule's own confidence when this sighting is weaker than usual; never raises it. */
  readonly confidence?: Confidence;
  readonly facts?: readonly Fact[];
}

/**
 * Sees in source text what a rule file cannot say. One file in `detectors/`, found by the generated index; a rule names
 * it as `<name>.<what>` in `watch.detector`.
 */
export interface Detector {
  readonly name: string;
  /** What it can see; a rule that names anything else is a fault of the rule. */
  readonly sees: readonly string[];
  /** Pure, linear in the length of the files, never throws. */
  inspect(files: readonly InspectedFile[]): readonly Sighting[];
}
