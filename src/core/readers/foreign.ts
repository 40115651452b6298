import type { Fact } from "../domain/fact.ts";
import type { Place, Problem } from "../domain/problem.ts";
import { shortDigest } from "../domain/threat-id.ts";
import type { ModelDiagram, ModelFormat, ModelThreat, ReadModel, ThreatModel } from "../domain/threat-model.ts";
import { isPlaceholder, isSubstantive } from "../text/placeholders.ts";

/** What every reader of a foreign format ends with: a model, or a well-formed file that nobody has filled in (H065). */
export function finishForeign(format: ModelFormat, model: ThreatModel, problems: readonly Problem[]): ReadModel {
  const parts =
    model.elements.length + model.flows.length + model.boundaries.length + model.threats.length + model.controls.length;
  const described = isSubstantive(model.system.description?.text, 5);
  if (parts > 0 || described || model.diagrams.length > 0 || model.passages.length > 0)
    return { format, isModel: true, model, problems };
  const [path = ""] = model.files;
  const empty: Problem = {
    path,
    severity: "warning",
    what: "The model is empty: it holds no elements, flows or threats.",
    hint: "Fill it in; a new file of a tool is no model yet.",
  };
  return { format, isModel: false, unfilled: model, problems: [...problems, empty] };
}

/** A file that is of the format by its looks but cannot be read. */
export function unreadable(format: ModelFormat, problem: Problem): ReadModel {
  return { format, isModel: false, problems: [problem] };
}

/** The author's own id of a threat where it fits ours, otherwise one derived from what identifies it, never from its position. */
export function threatIdOf(own: string | undefined, ...identity: readonly (string | undefined)[]): string {
  if (own !== undefined && /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(own) && !/^\d{1,4}$/.test(own)) return own;
  return `T-${shortDigest([own ?? "", ...identity.map((part) => part ?? "")].join("\u0000"), 12)}`;
}

/** Free text that answers a threat; undefined for what tools put there by themselves. */
export function mitigationText(text: string | undefined): string | undefined {
  return text === undefined || isPlaceholder(text) ? undefined : text;
}

/** Yes-or-no facts that a format states by fields of its own. Absent fields state nothing. */
export function statedFacts(place: Place, stated: Readonly<Record<string, boolean | undefined>>): Fact[] {
  return Object.entries(stated).flatMap(([fact, is]): Fact[] =>
    is === undefined ? [] : [{ fact, is: is ? "yes" : "no", where: place }],
  );
}

/** The diagram of a format whose elements are themselves the drawing; none without flows. */
export function elementsDiagram(model: Pick<ThreatModel, "flows" | "boundaries">): ModelDiagram[] {
  const [first] = model.flows;
  return first === undefined
    ? []
    : [{ kind: "elements", isDataFlow: true, hasBoundaries: model.boundaries.length > 0, place: first.place }];
}

/** `open` cannot be counted where no threat carries a status. */
export function uncountedStatus(threats: readonly ModelThreat[]): ThreatModel["uncounted"] {
  return threats.some(({ status }) => status !== "unknown") || threats.length === 0 ? [] : ["open"];
}
