import type { DeliverableVerdict } from "../../domain/assessment.ts";
import type { StrideLetter } from "../../domain/stride.ts";
import { strideNames, strideOfKind } from "../../domain/stride.ts";
import type { ModelElement, ModelThreat, ThreatModel } from "../../domain/threat-model.ts";
import { isPlaceholder, isSubstantive } from "../../text/placeholders.ts";
import { type Ground, home, isDraft, named, namedThreat, openLedger, passage, share, stateOf } from "./ledger.ts";

/**
 * STRIDE analysis. Present: most threats carry a category and at least three categories occur; partial: threats under
 * another scheme or none, or a category on a few. Placeholders, and one sentence repeated over the categories, count as
 * no threat (H076).
 */
export function judgeStride(ground: Ground): DeliverableVerdict {
  const { model, rule } = ground;
  const ledger = openLedger(rule);
  const shams = repeated(model.threats);
  const real = model.threats.filter((threat) => !isDraft(model, threat.id) && !isSham(threat, shams));
  const categorised = real.filter(({ stride }) => stride.length > 0);
  const letters = new Set(categorised.flatMap(({ stride }) => stride));
  const full = passage(ground, "full");
  const part = passage(ground, "part");

  judgeDescriptions(ground, ledger, shams);
  judgeMapping(model, ledger);
  judgeCategories(ground, real, ledger);

  const byCount = stateOf(
    letters.size >= 3 ? categorised.length : 0,
    model.threats.length,
    model.threats.length > 0 || part !== undefined,
  );
  const state = full !== undefined ? "present" : byCount;
  const where = categorised[0]?.place ?? full?.place ?? model.threats[0]?.place ?? part?.place;
  const shown =
    letters.size === 0
      ? ""
      : ` (${(["S", "T", "R", "I", "D", "E"] as const).filter((letter) => letters.has(letter)).join(", ")})`;
  const found =
    model.threats.length > 0
      ? `${share(categorised.length, model.threats.length, "threats")} with a STRIDE category${shown}.`
      : state === "missing"
        ? "No threat is written down."
        : (full ?? part)?.what === undefined
          ? "Threats are told in prose."
          : `In prose: ${(full ?? part)?.what ?? ""}.`;
  return { state, ...(where === undefined || state === "missing" ? {} : { where }), found, ...ledger.close() };
}

/** A threat that says nothing: a placeholder for a title and no description. */
function isSham(threat: ModelThreat, shams: ReadonlySet<string>): boolean {
  if (shams.has(threat.id)) return true;
  return isPlaceholder(threat.title) && !isSubstantive(threat.description, 3);
}

function said(threat: ModelThreat): string {
  return (threat.description ?? threat.title)
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}

/** Threats of one element whose sentence is the same for three categories or more. */
function repeated(threats: readonly ModelThreat[]): ReadonlySet<string> {
  const groups = new Map<string, ModelThreat[]>();
  for (const threat of threats) {
    const key = `${threat.element ?? ""}\u0000${said(threat)}`;
    groups.set(key, [...(groups.get(key) ?? []), threat]);
  }
  const shams = new Set<string>();
  for (const group of groups.values()) {
    const letters = new Set(group.flatMap(({ stride }) => (stride.length === 1 ? stride : [])));
    if (group.length >= 3 && letters.size >= 3) for (const { id } of group) shams.add(id);
  }
  return shams;
}

function judgeDescriptions(ground: Ground, ledger: ReturnType<typeof openLedger>, shams: ReadonlySet<string>): void {
  const { model } = ground;
  if (model.threats.length === 0) {
    ledger.lacks("threats-described", { part: "The model", what: "records no threat" }, home(model));
    return;
  }
  for (const threat of model.threats) {
    const part = namedThreat(model, threat);
    if (isDraft(model, threat.id))
      ledger.objects("threats-described", `${part} is a draft that nobody has confirmed.`, threat.place);
    else if (shams.has(threat.id))
      ledger.objects(
        "threats-described",
        `${part} says the same sentence as the other categories of its component.`,
        threat.place,
      );
    else if (isSubstantive(threat.description, 3) || isSubstantive(threat.title, 4))
      ledger.met("threats-described", threat.place);
    else if (threat.description !== undefined && isPlaceholder(threat.description))
      ledger.lacks("threats-described", { part, what: "is described by a placeholder" }, threat.place);
    else ledger.lacks("threats-described", { part, what: "has no description" }, threat.place);
  }
}

function judgeMapping(model: ThreatModel, ledger: ReturnType<typeof openLedger>): void {
  const known = knownParts(model);
  if (known.size === 0 && model.threats.length > 0) {
    ledger.objects(
      "threats-mapped",
      "The model names no components, flows or boundaries, so no threat can name the one that it concerns.",
      home(model),
    );
    return;
  }
  for (const threat of model.threats) {
    if (threat.element !== undefined && known.has(threat.element.toLowerCase()))
      ledger.met("threats-mapped", threat.place);
    else ledger.lacks("threats-mapped", { part: namedThreat(model, threat) }, threat.place);
  }
  if (model.threats.length === 0) ledger.lacks("threats-mapped", { part: "The model" }, home(model));
}

function knownParts(model: ThreatModel): ReadonlySet<string> {
  const parts = [...model.elements, ...model.flows, ...model.boundaries];
  return new Set(
    parts.flatMap(({ id, name }) => (name === undefined ? [id] : [id, name])).map((name) => name.toLowerCase()),
  );
}

/** Asks of each element the categories usual for its kind; "not applicable" answers one only with a reason. */
function judgeCategories(ground: Ground, threats: readonly ModelThreat[], ledger: ReturnType<typeof openLedger>): void {
  const { model } = ground;
  if (model.elements.length === 0) {
    ledger.objects(
      "six-categories",
      "The model names no components, so nothing shows that each was considered.",
      home(model),
    );
    return;
  }
  const known = knownParts(model);
  if (threats.length > 0 && !threats.some(({ element }) => known.has(element?.toLowerCase() ?? ""))) {
    ledger.objects(
      "six-categories",
      "No threat names the component that it concerns, so nothing shows that each was considered.",
      threats[0]?.place ?? home(model),
    );
    return;
  }
  const considered = new Map<string, Set<StrideLetter>>();
  for (const threat of threats) {
    if (threat.element === undefined || !answers(threat)) continue;
    const key = threat.element.toLowerCase();
    const letters = considered.get(key) ?? new Set();
    for (const letter of threat.stride) letters.add(letter);
    considered.set(key, letters);
  }
  for (const element of model.elements) {
    const left = lettersLeft(element, considered);
    if (left.length === 0) ledger.met("six-categories", element.place);
    else {
      const what = left.map((letter) => `${strideNames[letter]} (${letter})`).join(", ");
      ledger.lacks("six-categories", { part: named("Component", element.name), what }, element.place);
    }
  }
}

function answers(threat: ModelThreat): boolean {
  if (threat.status !== "not-applicable") return true;
  return isSubstantive(threat.reason) || isSubstantive(threat.mitigation) || isSubstantive(threat.description, 3);
}

function lettersLeft(
  element: ModelElement,
  considered: ReadonlyMap<string, ReadonlySet<StrideLetter>>,
): StrideLetter[] {
  const byId = considered.get(element.id.toLowerCase());
  const byName = considered.get(element.name.toLowerCase());
  return strideOfKind[element.kind].filter((letter) => byId?.has(letter) !== true && byName?.has(letter) !== true);
}
