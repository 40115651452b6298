import type { ThreatModel } from "../domain/threat-model.ts";
import { writers } from "./index.ts";
import { type Syntax, type WrittenFormat, writtenFormats } from "./model-writer.ts";
import { wellFormed } from "./plain.ts";

export { lossLines } from "./loss-lines.ts";
export { type Loss, lossesBetween } from "./losses.ts";
export { type Syntax, type WrittenFormat, writtenFormats } from "./model-writer.ts";

/** A model in another format, before it was read back. */
export interface WrittenModel {
  readonly text: string;
  /** The model as it was fitted to the format: what reading the text back is compared with. */
  readonly fitted: ThreatModel;
  /** What had to be said differently, in words. */
  readonly notes: readonly string[];
  readonly fileName: string;
}

/** Writes a model. `drawMermaid` draws the fitted model for formats that carry a picture. */
export function writeModel(
  model: ThreatModel,
  to: WrittenFormat,
  syntax: Syntax,
  drawMermaid: (fitted: ThreatModel) => string,
): WrittenModel {
  const writer = writers.find(({ name }) => name === to);
  if (writer === undefined) throw new Error(`No writer for ${to}; there are ${writtenFormats.join(", ")}.`);
  const whole = wellFormed(model);
  const damaged = JSON.stringify(whole) !== JSON.stringify(model);
  const { model: fitted, notes: renamed } = writer.fit(whole);
  const notes = damaged ? ["what is no character is a question mark", ...renamed] : renamed;
  const text = writer.write(fitted, { mermaid: drawMermaid(fitted), syntax });
  return { text, fitted, notes, fileName: writer.fileName };
}
