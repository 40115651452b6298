import type { ThreatModel } from "../domain/threat-model.ts";

/** The formats that can be written. */
export const writtenFormats = ["native", "otm", "threat-dragon", "markdown", "cyclonedx"] as const;
export type WrittenFormat = (typeof writtenFormats)[number];

/** How a text is laid out where the format leaves the choice. */
export type Syntax = "yaml" | "json";

/** What a writer is given beside the model. */
export interface WritingContext {
  /** The data flow diagram of the model in Mermaid; empty where there is nothing to draw. */
  readonly mermaid: string;
  readonly syntax: Syntax;
}

/**
 * One format that a model is written in. A writer is pure and total. It writes what the format has a place for; what does
 * not fit is found by reading the text back and comparing (see losses.ts), so that a writer can forget nothing silently.
 */
export interface ModelWriter {
  readonly name: WrittenFormat;
  /** The usual name of such a file. */
  readonly fileName: string;
  /** Fits names and references of a model to the format: ids that it cannot carry, texts that become parts of their own. */
  fit(model: ThreatModel): Fitted;
  /** Writes a model that `fit` gave. */
  write(model: ThreatModel, context: WritingContext): string;
}

/** A model that is ready to be written, and in words what had to be said differently for it. */
export interface Fitted {
  readonly model: ThreatModel;
  readonly notes: readonly string[];
}
