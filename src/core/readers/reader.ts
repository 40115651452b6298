import type { ModelFormat, ReadModel } from "../domain/threat-model.ts";

/**
 * One format of threat models. A reader is pure and total: whatever the text, it returns within the limits of
 * `core/text/limits.ts` and never throws; what it cannot read becomes a problem with its line.
 */
export interface ModelReader {
  readonly name: ModelFormat;
  /** True for the readers of last resort, asked only when no other recognises the file. */
  readonly lastResort?: true;
  /** Whether a file of this name may be of this format. Cheap, and never the last word: `recognises` looks at the text. */
  wants(path: string): boolean;
  /** Whether the text is of this format, by content; true also for a broken file of the format. */
  recognises(path: string, text: string): boolean;
  /** Reads one file. `isModel` is false for a guide, an unfilled template or an unreadable file. */
  read(path: string, text: string): ReadModel;
}
