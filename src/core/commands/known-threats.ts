import type { AnsweredThreat, Refusal } from "../domain/command.ts";
import type { Threat } from "../domain/threat.ts";
import { threatId } from "../domain/threat-id.ts";
import type { ModelThreat, ThreatModel } from "../domain/threat-model.ts";

/** A threat that can be answered: written in the model, derived by the library, or both. */
export interface KnownThreat extends AnsweredThreat {
  /** Index of the system it belongs to. */
  readonly system: number;
  readonly written?: ModelThreat;
  readonly derived?: Threat;
}

/** Derived ids; a prefix of one is as good as the whole where it means only one threat. */
const derivedId = /^T-[0-9a-hjkmnp-tv-z]{10,}$/;
/** As many characters as people are shown; a shorter id in a model is somebody's own number. */
const shownLength = "T-".length + 6;

/** All threats of the systems: those of the models, completed by what the library says of them, then the derived ones. */
export function knownThreats(
  models: readonly (ThreatModel | undefined)[],
  derived: readonly { readonly threat: Threat; readonly system: number }[],
): readonly KnownThreat[] {
  const rest = new Set(derived);
  const known = models.flatMap((model, system) =>
    (model?.threats ?? []).map((written): KnownThreat => {
      const own = [...rest].filter((one) => one.system === system);
      const same = own.filter(({ threat }) => isSame(written, threat));
      const [match] = same;
      if (!match || same.length > 1) return { id: written.id, title: written.title, system, written };
      rest.delete(match);
      const title = written.title === written.id ? match.threat.title : written.title;
      return { id: written.id, title, system, written, derived: match.threat };
    }),
  );
  return [
    ...known,
    ...[...rest].map(({ threat, system }) => ({ id: threat.id, title: threat.title, system, derived: threat })),
  ];
}

/** The same id, the id as far as people are shown it, or the same title on the same element. */
function isSame(written: ModelThreat, derived: Threat): boolean {
  const id = written.id.toLowerCase();
  if (id === derived.id.toLowerCase()) return true;
  if (id.length >= shownLength && id.startsWith("t-") && derived.id.toLowerCase().startsWith(id)) return true;
  if (written.element === undefined || words(written.title) !== words(derived.title)) return false;
  return [derived.element.id, derived.element.name].some((name) => words(name) === words(written.element ?? ""));
}

function words(text: string): string {
  return text.toLowerCase().replace(/\s+/g, " ").trim();
}

/** The one threat that an id or a prefix means, or why there is none. */
export function threatMeant(written: string, known: readonly KnownThreat[]): KnownThreat | Refusal {
  const wanted = written.toLowerCase();
  const exact = known.filter(({ id }) => id === written);
  const found = exact.length > 0 ? exact : known.filter((threat) => means(wanted, threat));
  const [first] = found;
  if (first && found.length === 1) return first;
  if (first) {
    const ids = found.slice(0, 5).map(({ id, title }) => `\`${id}\` (${title.slice(0, 80)})`);
    return {
      what: `\`${written}\` could be ${ids.join(" or ")}.`,
      hint: "Write as much of the id as tells them apart.",
    };
  }
  const some = known.slice(0, 5).map(({ id, title }) => `\`${shown(id)}\` (${title.slice(0, 80)})`);
  const hint =
    some.length === 0
      ? "Nothing is asked here, and no threat stands in the model."
      : `Threats here: ${some.join(", ")}${known.length > 5 ? " …" : ""}.`;
  return { what: `No threat here has the id \`${written}\`.`, hint };
}

function means(wanted: string, { id, derived }: KnownThreat): boolean {
  const ids = [id, ...(derived ? [derived.id, idBeforeTheModel(derived)] : [])];
  return ids.some((one) => {
    const lower = one.toLowerCase();
    return lower === wanted || (derivedId.test(one) && wanted.length > "t-".length && lower.startsWith(wanted));
  });
}

/**
 * A threat on an element that stood in no model yet has its id from the changed thing itself, and gets another one once
 * an answer puts the element into the model. Threads that people already wrote in keep the first.
 */
function idBeforeTheModel({ rule, element }: Threat): string {
  const name = element.name
    .toLowerCase()
    .replace(/[\s_-]+/g, "-")
    .replace(/^-+|-+$/g, "");
  return threatId(rule, `${element.type}:${name}`);
}

function shown(id: string): string {
  return derivedId.test(id) ? id.slice(0, shownLength) : id;
}
