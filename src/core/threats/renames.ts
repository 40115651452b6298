import type { Problem } from "../domain/problem.ts";
import { shortThreatId, threatId } from "../domain/threat-id.ts";
import type { ModelElement, ModelFlow, ThreatModel } from "../domain/threat-model.ts";

/** Ids that an element or flow had before, by the id it has now. */
export type FormerIds = ReadonlyMap<string, readonly string[]>;

/**
 * Which elements and flows only changed their id: what the model itself says (`formerly`), and what a change does to it.
 * An element that is gone and one that is new are the same when they are of one kind and type and have the same name, the
 * same files, or the same neighbours, and nothing else fits as well; a flow when it joins the same ends. Where it cannot
 * be told, nothing is taken for renamed.
 */
export function formerIds(base: ThreatModel | undefined, head: ThreatModel): FormerIds {
  const former = new Map<string, string[]>();
  const add = (now: string, before: string): void => {
    const known = former.get(now);
    if (!known) former.set(now, [before]);
    else if (!known.includes(before)) known.push(before);
  };
  for (const { id, formerly } of [...head.elements, ...head.flows]) for (const one of formerly ?? []) add(id, one);
  if (!base) return former;
  const elements = pairs(
    missingFrom(base.elements, head.elements),
    missingFrom(head.elements, base.elements),
    (one, other) => isSameElement(one, other, base, head),
  );
  const nowOf = new Map(elements.map(([before, now]) => [before.id, now.id]));
  const flows = pairs(missingFrom(base.flows, head.flows), missingFrom(head.flows, base.flows), (one, other) =>
    isSameFlow(one, other, nowOf),
  );
  for (const [before, now] of [...elements, ...flows]) add(now.id, before.id);
  return former;
}

/**
 * What a change renamed and the model does not say under `formerly`: in the change itself the renaming is seen, but after its
 * merge answers under the ids of before would answer nothing. Silent where no answer is.
 */
export function renamesToWriteDown(
  base: ThreatModel,
  head: ThreatModel,
  rules: readonly { readonly id: string }[],
): Problem[] {
  const answered = new Set([...head.threats.map(({ id }) => id), ...head.acceptances.map(({ threat }) => threat)]);
  const former = formerIds(base, head);
  return [...head.elements, ...head.flows].flatMap(({ id, formerly, place }) =>
    (former.get(id) ?? [])
      .filter((before) => !formerly?.includes(before))
      .filter((before) => rules.some((rule) => isAnswered(threatId(rule.id, before), answered)))
      .map((before): Problem => {
        return {
          ...place,
          severity: "warning",
          what: `\`${id}\` was \`${before}\` before this change, and answers of this model still name threats of \`${before}\`.`,
          hint: "They count in this change. Write the former id down, so that they count after the merge.",
          example: `formerly: [${before}]`,
        };
      }),
  );
}

function isAnswered(id: string, answered: ReadonlySet<string>): boolean {
  return answered.has(id) || answered.has(shortThreatId(id));
}

function missingFrom<Part extends { readonly id: string }>(
  parts: readonly Part[],
  others: readonly Part[],
): readonly Part[] {
  const known = new Set(others.map(({ id }) => id));
  return parts.filter(({ id }) => !known.has(id));
}

/** Pairs in which each is the only one that fits the other. */
function pairs<Part>(
  gone: readonly Part[],
  fresh: readonly Part[],
  fits: (one: Part, other: Part) => boolean,
): readonly (readonly [Part, Part])[] {
  return gone.flatMap((one) => {
    const [now, ...others] = fresh.filter((other) => fits(one, other));
    if (now === undefined || others.length > 0) return [];
    return gone.filter((other) => fits(other, now)).length === 1 ? [[one, now] as const] : [];
  });
}

function isSameElement(before: ModelElement, now: ModelElement, base: ThreatModel, head: ThreatModel): boolean {
  if (before.kind !== now.kind || before.type !== now.type) return false;
  if (plain(before.name) === plain(now.name)) return true;
  if (before.files.length > 0 && same(before.files, now.files)) return true;
  const neighbours = neighboursOf(before.id, base);
  return neighbours.length > 0 && before.technology === now.technology && same(neighbours, neighboursOf(now.id, head));
}

function isSameFlow(before: ModelFlow, now: ModelFlow, nowOf: ReadonlyMap<string, string>): boolean {
  const moved = (id: string): string => nowOf.get(id) ?? id;
  return moved(before.from) === now.from && moved(before.to) === now.to && before.protocol === now.protocol;
}

/** What an element is joined to, and which way. */
function neighboursOf(id: string, { flows }: ThreatModel): readonly string[] {
  return flows.flatMap(({ from, to }) => (from === id ? [`to ${to}`] : to === id ? [`from ${from}`] : []));
}

function same(one: readonly string[], other: readonly string[]): boolean {
  return JSON.stringify(one.toSorted()) === JSON.stringify(other.toSorted());
}

function plain(name: string): string {
  return name
    .toLowerCase()
    .replace(/[\s_-]+/g, " ")
    .trim();
}
