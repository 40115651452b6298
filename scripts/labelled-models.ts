// What the evaluation of the model readers shares: labels of other people's models, and what reading one gave.
import { z } from "zod";
import type { Counts, Deliverables } from "../src/core/domain/assessment.ts";
import { type DeliverableId, deliverableIds, type ReadModel } from "../src/core/domain/threat-model.ts";
import { countsOf } from "../src/core/readers/read-model.ts";

const count = z.number().nullable();
const labelState = z.enum(["present", "partial", "absent"]);
/** One label, as `labels.json` of the corpus holds it. */
export const labelSchema = z.object({
  file: z.string(),
  format: z.string(),
  repo: z.string(),
  deliverables: z.record(z.enum(deliverableIds), labelState),
  components: count,
  flows: count,
  boundaries: count,
  threats: count,
  threats_with_mitigation: count,
  threats_open: count,
  notes: z.string().default(""),
});
/** One labelled file. */
export type Label = z.infer<typeof labelSchema>;
/** A judgement in the words of the labels. */
export type LabelState = z.infer<typeof labelState>;

/** The counts that a label may give. */
export const countKinds = [
  "components",
  "flows",
  "boundaries",
  "threats",
  "threats_with_mitigation",
  "threats_open",
] as const;
/** One of the counts. */
export type CountKind = (typeof countKinds)[number];

/** What one labelled file gave. */
export interface Outcome {
  readonly label: Label;
  readonly read?: ReadModel;
  readonly deliverables?: Deliverables;
  readonly crash?: string;
}

/** Our state in the words of the labels: what is not carried is absent from the file. */
export function stateOf(outcome: Outcome, id: DeliverableId): LabelState {
  const state = outcome.deliverables?.[id].state;
  return state === "present" || state === "partial" ? state : "absent";
}

/** What was counted, of a filled or an unfilled file. */
export function countsFrom(read: ReadModel | undefined): Counts | undefined {
  const counted = read?.model ?? read?.unfilled;
  return counted === undefined ? undefined : countsOf(counted);
}

/** Equal, or within ten percent of the label. */
export function near(ours: number | null | undefined, labelled: number): boolean {
  return ours !== null && ours !== undefined && Math.abs(ours - labelled) <= Math.max(0, Math.floor(labelled / 10));
}

/** A share from 0 to 1, to a thousandth; of nothing it is whole. */
export function share(part: number, all: number): number {
  return all === 0 ? 1 : Math.round((part / all) * 1000) / 1000;
}

/** A share as people read it. */
export function percent(part: number): string {
  return `${(part * 100).toFixed(1)} %`;
}
