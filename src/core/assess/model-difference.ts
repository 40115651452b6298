import type { ModelThreat, ThreatModel } from "../domain/threat-model.ts";
import { nameKey, namesOfElement } from "./names.ts";

/** How a model differs in substance between two commits, and what the difference is about. */
export interface ModelDifference {
  /** One sentence for each part that came, went or changed, in the order of the model. Empty: nothing of substance. */
  readonly says: readonly string[];
  /** Keys (see `nameKey`) of ids and names that the changed parts concern: elements, threats, controls, boundaries. */
  readonly names: ReadonlySet<string>;
  /** Paths and patterns of files that the changed parts name. */
  readonly files: readonly string[];
  /** The words of the changed parts, to find an element that is named in them. */
  readonly texts: readonly string[];
  /** Threats that are gone, and were not only renamed. */
  readonly removedThreats: readonly ModelThreat[];
  /** Threats whose id now names another threat (H073). */
  readonly reused: readonly { readonly before: ModelThreat; readonly after: ModelThreat }[];
  /** Ids of threats, before and after, that are the same threat under a new id. */
  readonly renamed: ReadonlyMap<string, string>;
}

/** One part of a model, reduced to what counts. */
interface Part {
  readonly kind: string;
  readonly id: string;
  readonly label: string;
  /** Equal texts mean that nothing of substance differs. */
  readonly substance: string;
  readonly names: readonly string[];
  readonly files: readonly string[];
  readonly texts: readonly string[];
}

/**
 * The substantive difference of two models. What does not count: white space, the order of keys and entries, comments,
 * quoting, and dates (H068), because they are not in the parts that are compared, or are brought into one form first;
 * and drafts that nobody has confirmed: nobody passes by pasting.
 * An absent model has no parts.
 */
export function modelDifference(base: ThreatModel | undefined, head: ThreatModel | undefined): ModelDifference {
  const before = partsOf(base);
  const after = partsOf(head);
  const changed: { part: Part; what: string }[] = [];
  for (const [key, part] of after) {
    const earlier = before.get(key);
    if (!earlier) changed.push({ part, what: `${part.label} is new.` });
    else if (earlier.substance !== part.substance)
      changed.push({ part: joined(part, earlier), what: `${part.label} changed.` });
  }
  for (const [key, part] of before) {
    if (!after.has(key)) changed.push({ part, what: `${part.label} is gone.` });
  }
  const parts = changed.map(({ part }) => part);
  return {
    says: changed.map(({ what }) => what),
    names: new Set(parts.flatMap(({ names }) => names).map(nameKey)),
    files: [...new Set(parts.flatMap(({ files }) => files))],
    texts: parts.flatMap(({ texts }) => texts),
    ...threatMoves(base?.threats ?? [], head?.threats ?? []),
  };
}

function joined(after: Part, before: Part): Part {
  return {
    ...after,
    names: [...after.names, ...before.names],
    files: [...after.files, ...before.files],
    texts: after.texts.filter((text) => !before.texts.includes(text)),
  };
}

type Moves = Pick<ModelDifference, "removedThreats" | "reused" | "renamed">;

/** Which threats came and went; one that only changed its id did neither. */
function threatMoves(before: readonly ModelThreat[], after: readonly ModelThreat[]): Moves {
  const idsBefore = new Set(before.map(({ id }) => id));
  const idsAfter = new Set(after.map(({ id }) => id));
  const gone = before.filter(({ id }) => !idsAfter.has(id));
  const added = after.filter(({ id }) => !idsBefore.has(id));
  const renamed = new Map<string, string>();
  const taken = new Set<string>();
  for (const threat of gone) {
    const same = added.find((one) => !taken.has(one.id) && isSameThreat(threat, one));
    if (!same) continue;
    renamed.set(threat.id, same.id);
    taken.add(same.id);
  }
  const reused = before.flatMap((threat) => {
    const now = after.find(({ id }) => id === threat.id);
    return now && isAnotherThreat(threat, now) ? [{ before: threat, after: now }] : [];
  });
  return {
    removedThreats: gone.filter(({ id }) => !renamed.has(id)),
    reused,
    renamed,
  };
}

function isSameThreat(one: ModelThreat, other: ModelThreat): boolean {
  if (nameKey(one.element ?? "") !== nameKey(other.element ?? "")) return false;
  if (nameKey(one.title) === nameKey(other.title)) return true;
  return one.description !== undefined && plain(one.description) === plain(other.description ?? "");
}

/** An id stays with its threat while anything of it stays: element, words of the title, or description. */
function isAnotherThreat(before: ModelThreat, after: ModelThreat): boolean {
  if (nameKey(before.element ?? "") === nameKey(after.element ?? "")) return false;
  if (before.description !== undefined && plain(before.description) === plain(after.description ?? "")) return false;
  const words = new Set(
    plain(before.title)
      .toLowerCase()
      .split(/\W+/)
      .filter((word) => word.length > 3),
  );
  return !plain(after.title)
    .toLowerCase()
    .split(/\W+/)
    .some((word) => words.has(word));
}

function partsOf(model: ThreatModel | undefined): ReadonlyMap<string, Part> {
  const parts = new Map<string, Part>();
  if (!model) return parts;
  const drafts = new Set(model.drafts);
  const add = (kind: string, id: string, label: string, substance: unknown, concern: Concern) => {
    // What a machine drafted says nothing until a person has confirmed it; confirming it is what differs.
    if (drafts.has(id)) return;
    // Two parts of one id are told apart by their order; readers report them.
    let key = `${kind}\u0000${id}`;
    while (parts.has(key)) key += "\u0000";
    parts.set(key, { kind, id, label, substance: JSON.stringify(tidy(substance)), ...concern });
  };
  for (const { place: _, ...element } of model.elements) {
    const facts = element.facts.map(({ fact, is }) => `${fact}: ${is}`);
    add(
      "element",
      element.id,
      `Element \`${element.name}\``,
      { ...element, facts },
      { names: [element.id, element.name], files: element.files, texts: [element.name, element.technology ?? ""] },
    );
  }
  for (const { place: _, ...flow } of model.flows) {
    const ends = [flow.from, flow.to].map((end) => namesOfElement(model, end));
    const facts = flow.facts.map(({ fact, is }) => `${fact}: ${is}`);
    add(
      "flow",
      flow.id,
      `Flow \`${flow.name ?? flow.id}\``,
      { ...flow, facts },
      {
        names: [flow.id, ...ends.flatMap(({ names }) => names)],
        files: [],
        texts: [flow.name ?? ""],
      },
    );
  }
  for (const { place: _, ...boundary } of model.boundaries) {
    add("boundary", boundary.id, `Boundary \`${boundary.name}\``, boundary, {
      names: [boundary.id, boundary.name],
      files: [],
      texts: [],
    });
  }
  // A day that is only moved is no update (H068).
  for (const { place: _, due: __, ...threat } of model.threats) {
    add("threat", threat.id, `Threat \`${threat.id}\``, threat, concernOfThreats(model, [threat]));
  }
  for (const { place: _, ...control } of model.controls) {
    const threats = model.threats.filter(({ controls }) => controls.includes(control.id));
    const concern = concernOfThreats(model, threats);
    add("control", control.id, `Control \`${control.id}\``, control, {
      names: [...concern.names, control.id],
      files: [...concern.files, ...control.evidence.map(withoutLine)],
      texts: [...concern.texts, control.title],
    });
  }
  for (const { place: _, ...story } of model.stories) {
    const threats = model.threats.filter(({ id }) => story.threats.includes(id));
    add("story", story.id, `Story \`${story.id}\``, story, concernOfThreats(model, threats));
  }
  for (const { place: _, date: __, ...validation } of model.validations) {
    const threats = model.threats.filter(
      ({ controls }) => validation.control !== undefined && controls.includes(validation.control),
    );
    add("validation", validation.id, `Validation \`${validation.id}\``, validation, concernOfThreats(model, threats));
  }
  for (const acceptance of model.acceptances) {
    const { threat, reason, compensating, level, approver } = acceptance;
    const threats = model.threats.filter(({ id }) => id === threat);
    add(
      "acceptance",
      threat,
      `Acceptance of \`${threat}\``,
      { reason, compensating, level, approver },
      concernOfThreats(model, threats),
    );
  }
  for (const { place: _, ...stated } of model.requirements ?? []) {
    add("requirement", stated.requirement, `Requirement \`${stated.requirement}\``, stated, {
      names: [],
      files: [],
      texts: [stated.because ?? ""],
    });
  }
  return parts;
}

type Concern = Pick<Part, "names" | "files" | "texts">;

function concernOfThreats(model: ThreatModel, threats: readonly Omit<ModelThreat, "place">[]): Concern {
  const elements = threats.flatMap(({ element }) => (element === undefined ? [] : [namesOfElement(model, element)]));
  return {
    names: [...threats.map(({ id }) => id), ...elements.flatMap(({ names }) => names)],
    files: elements.flatMap(({ files }) => files),
    texts: threats.flatMap(({ title, description, mitigation }) => [title, description ?? "", mitigation ?? ""]),
  };
}

/** `src/a.ts:12` as evidence means the file. */
function withoutLine(evidence: string): string {
  return evidence.replace(/(:\d+|#L\d+(-L?\d+)?)$/, "");
}

/** One form for what means the same: texts with single blanks, lists sorted, keys sorted, nothing for what is absent. */
function tidy(value: unknown): unknown {
  if (typeof value === "string") return plain(value);
  if (Array.isArray(value)) {
    return value.map(tidy).toSorted((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));
  }
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return Object.fromEntries(
    entries.toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([key, inner]) => [key, tidy(inner)]),
  );
}

function plain(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
