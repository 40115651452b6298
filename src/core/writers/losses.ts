import type { Fact } from "../domain/fact.ts";
import type { ModelThreat, Stated, ThreatModel } from "../domain/threat-model.ts";

/** Something of a model that is not in the text that was written, or reads differently there. */
export interface Loss {
  /** `threat`, `story`, `system` … */
  readonly part: string;
  readonly id?: string;
  /** The field; absent when the whole part is missing. */
  readonly field?: string;
  readonly value: unknown;
  /** What is read there instead; absent when nothing is. */
  readonly became?: unknown;
}

const lists = {
  elements: "element",
  flows: "flow",
  boundaries: "boundary",
  threats: "threat",
  controls: "control",
  stories: "story",
  validations: "validation",
} as const;

/**
 * What of `given` is not in `back`, which was read from the text written for it. Compares every field but places, and the
 * file's own words beside ours where ours are there. What `back` has more is no loss.
 */
export function lossesBetween(given: ThreatModel, back: ThreatModel): Loss[] {
  const losses: Loss[] = [];
  compareFields("system", undefined, systemFields(given), systemFields(back), losses);
  for (const [list, part] of Object.entries(lists) as [keyof typeof lists, string][]) {
    const read = new Map<string, Fields>(back[list].map((one) => [one.id, fieldsOf(one)]));
    // Of two alike the one that kept its id is not the other.
    const taken = new Set(given[list].map(({ id }) => id));
    for (const one of given[list]) {
      const same = read.get(one.id);
      const { id: _, ...value } = fieldsOf(one) as { id: string };
      const alike = read.has(one.id)
        ? undefined
        : back[list].find((other) => !taken.has(other.id) && carries(fieldsOf(other), value));
      if (alike !== undefined) taken.add(alike.id);
      if (alike !== undefined) losses.push({ part, id: one.id, field: "id", value: one.id, became: alike.id });
      else if (same === undefined) losses.push({ part, id: one.id, value });
      else compareFields(part, one.id, fieldsOf(one), same, losses);
    }
  }
  wholeParts("acceptance", given.acceptances, back.acceptances, ({ threat }) => threat, losses);
  wholeParts("review", given.reviews, back.reviews, ({ by }) => by, losses);
  wholeParts(
    "requirement",
    given.requirements ?? [],
    back.requirements ?? [],
    ({ requirement }) => requirement,
    losses,
  );
  wholeParts(
    "question",
    given.questionnaire ?? [],
    back.questionnaire ?? [],
    ({ element, fact }) => element ?? fact,
    losses,
  );
  compareFields("document", undefined, documentFields(given), documentFields(back), losses);
  for (const id of given.drafts) if (!back.drafts.includes(id)) losses.push({ part: "draft", id, value: id });
  const imports = new Set(back.imports.map(({ text }) => text));
  for (const { text } of given.imports) if (!imports.has(text)) losses.push({ part: "import", value: text });
  const pictures = given.diagrams.filter(({ kind }) => kind !== "elements" && kind !== "mermaid");
  for (const { kind, place } of pictures) losses.push({ part: "diagram", value: { kind, ...place } });
  for (const { deliverable, what, place } of given.passages)
    if (!back.passages.some((passage) => passage.deliverable === deliverable))
      losses.push({ part: "prose", value: { deliverable, what, ...place } });
  return losses;
}

type Fields = Readonly<Record<string, unknown>>;

function compareFields(part: string, id: string | undefined, given: Fields, back: Fields, losses: Loss[]): void {
  for (const [field, value] of Object.entries(given)) {
    if (field === "id" && id !== undefined) continue;
    const became = back[field];
    if (isEmpty(value) || same(value, became) || (field === "stride" && sameLetters(value, became))) continue;
    losses.push({
      part,
      ...(id === undefined ? {} : { id }),
      field,
      value,
      ...(isEmpty(became) ? {} : { became }),
    });
  }
}

/** Whether a part says all that another one says, under another id. */
function carries(back: Fields, given: Fields): boolean {
  return Object.entries(given).every(([field, value]) => isEmpty(value) || same(value, back[field]));
}

function isEmpty(value: unknown): boolean {
  return value === undefined || (Array.isArray(value) && value.length === 0) || value === "";
}

/** White space at the ends and between words means nothing in any of the formats. */
/** STRIDE categories are a set. */
function sameLetters(one: unknown, other: unknown): boolean {
  return (
    Array.isArray(one) &&
    Array.isArray(other) &&
    one.length === other.length &&
    one.every((letter) => other.includes(letter))
  );
}

function same(one: unknown, other: unknown): boolean {
  return canonical(one) === canonical(other);
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === "string" ? part.toWellFormed().replace(/\s+/g, " ").trim() : part,
  );
}

/** The fields of a part that mean something: no places, facts by name, and no words of the file that ours repeat. */
function fieldsOf(part: object): Fields {
  const fields: Record<string, unknown> = { ...part };
  delete fields["place"];
  // A description that says the title once more is read as none.
  if (same(fields["description"], fields["title"])) delete fields["description"];
  if ("facts" in part) fields["facts"] = (part.facts as readonly Fact[]).map(({ fact, is }) => `${fact}: ${is}`).sort();
  if ("riskStated" in part || "statusStated" in part) {
    const threat = part as ModelThreat;
    if (threat.risk !== undefined) delete fields["riskStated"];
    if (threat.status !== "unknown") delete fields["statusStated"];
  }
  return fields;
}

function texts(list: readonly Stated[]): string[] {
  return list.map(({ text }) => text);
}

function systemFields({ system, documentation }: ThreatModel): Fields {
  return {
    id: system.id,
    name: system.name?.text,
    description: system.description?.text,
    owner: (system.owner ?? documentation.owner)?.text,
    users: texts(system.users),
    data: system.data.map(({ name, classification }) =>
      classification === undefined ? [name] : [name, classification],
    ),
    links: texts(system.links),
    exposure: system.exposure?.text,
    criticality: system.criticality?.text,
    regulations: texts(system.regulations ?? []),
  };
}

function documentFields({ documentation }: ThreatModel): Fields {
  return {
    authors: texts(documentation.authors),
    date: documentation.date?.text,
    version: documentation.version?.text,
    reviewers: texts(documentation.reviewers),
  };
}

function wholeParts<Part extends object>(
  part: string,
  given: readonly Part[],
  back: readonly Part[],
  idOf: (one: Part) => string | undefined,
  losses: Loss[],
): void {
  const read = new Set(back.map((one) => JSON.stringify(sorted(fieldsOf(one)))));
  for (const one of given) {
    if (read.has(JSON.stringify(sorted(fieldsOf(one))))) continue;
    const id = idOf(one);
    losses.push({ part, ...(id === undefined ? {} : { id }), value: fieldsOf(one) });
  }
}

function sorted(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).sort(([one], [other]) => (one < other ? -1 : 1)));
}
