import type { DeliverableState, DeliverableVerdict, Lacking } from "../../domain/assessment.ts";
import type { Place } from "../../domain/problem.ts";
import type { DeliverableRule } from "../../domain/rules.ts";
import type { ModelControl, ModelThreat, ThreatModel } from "../../domain/threat-model.ts";

/** What the judge of one deliverable is given. */
export interface Ground {
  readonly model: ThreatModel;
  readonly rule: DeliverableRule;
  /** Paths of the repository at the head, to resolve links; empty when they are not known. */
  readonly paths: readonly string[];
}

/** Words that fill the slots of a rule's `lacking` sentence. */
export interface Slots {
  readonly part: string;
  readonly what?: string;
}

/** Collects, must by must, what is met and what is lacking, in the order of the rule. */
export interface Ledger {
  met(must: string, place: Place): void;
  lacks(must: string, slots: Slots, place?: Place): void;
  /** Like `lacks`, in words of its own: a drafted or a sham part. */
  objects(must: string, says: string, place?: Place): void;
  close(): { readonly met: DeliverableVerdict["met"]; readonly lacking: readonly Lacking[] };
}

/** A ledger over the musts of one rule. A must that the rule does not hold is not asked. */
export function openLedger(rule: DeliverableRule): Ledger {
  const met: { must: string; place: Place }[] = [];
  const lacking: Lacking[] = [];
  const add = (must: string, says: (sentence: string) => string, place: Place | undefined): void => {
    const words = rule.musts.find(({ id }) => id === must);
    if (words === undefined) return;
    lacking.push({
      must,
      says: says(words.lacking),
      ...(place === undefined ? {} : { place }),
      example: words.example,
    });
  };
  return {
    met: (must, place) => {
      if (rule.musts.some(({ id }) => id === must)) met.push({ must, place });
    },
    lacks: (must, slots, place) => add(must, (sentence) => fill(sentence, slots), place),
    objects: (must, says, place) => add(must, () => says, place),
    close: () => {
      const order = rule.musts.map(({ id }) => id);
      const byMust = (left: { must: string }, right: { must: string }): number =>
        order.indexOf(left.must) - order.indexOf(right.must);
      return { met: met.sort(byMust), lacking: lacking.sort(byMust) };
    },
  };
}

/** Fills the slots in one pass, so that a value that looks like a slot stays as it is. */
function fill(sentence: string, slots: Slots): string {
  return sentence.replace(/\{(part|what)\}/g, (slot, name: "part" | "what") => slots[name] ?? slot);
}

/** Present when more than half are right, partial when some are or something else speaks to it, otherwise missing. */
export function stateOf(right: number, all: number, touched: boolean): DeliverableState {
  if (all > 0 && right * 2 > all) return "present";
  return right > 0 || touched ? "partial" : "missing";
}

/** How a part is named in a sentence: its id in quotes, one line, at most 80 characters. Plain text. */
export function named(kind: string, id: string): string {
  const plain = id.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, "?");
  return `${kind} "${plain.length > 80 ? `${plain.slice(0, 79)}…` : plain}"`;
}

/**
 * How a threat is named in a sentence: by the id that stands in the file, else, where nobody would know it by that, because
 * we derived it or a tool gave it a UUID, by its title.
 */
export function namedThreat(model: ThreatModel, { id, title }: ModelThreat): string {
  const isDerived = model.format !== "native" && /^T-[0-9a-z]{12}$/.test(id);
  return named("Threat", (isDerived || uuid.test(id)) && title !== "" ? title : id);
}

/** The same for a control: its id where people know it by that, else its words. */
export function namedControl(model: ThreatModel, { id, title }: ModelControl): string {
  const isDerived = model.format !== "native" && /^C-[0-9a-z]{12}$/.test(id);
  return named("Control", (isDerived || uuid.test(id)) && title !== "" ? title : id);
}

/** How Threat Dragon, Threat Composer and Open Threat Model name their parts. */
const uuid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** The first file of the model: where something that stands nowhere yet would be written. */
export function home(model: ThreatModel): Place | undefined {
  const [path] = model.files;
  return path === undefined ? undefined : { path };
}

/** "3 of 5 threats". */
export function share(right: number, all: number, of: string): string {
  return `${right} of ${all} ${of}`;
}

/** The first passage of a strength that speaks to the deliverable of the rule. */
export function passage(ground: Ground, strength: "full" | "part"): ThreatModel["passages"][number] | undefined {
  return ground.model.passages.find((found) => found.deliverable === ground.rule.id && found.strength === strength);
}

/** Whether a part was drafted by a machine and not yet confirmed by a person. */
export function isDraft(model: ThreatModel, id: string): boolean {
  return model.drafts.includes(id);
}
