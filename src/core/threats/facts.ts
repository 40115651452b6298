import type { Fact } from "../domain/fact.ts";
import type { Place } from "../domain/problem.ts";
import type { ModelControl, ModelElement, ModelFlow, ThreatModel } from "../domain/threat-model.ts";
import type { CompiledRules } from "./compile.ts";
import type { FactTable } from "./conditions.ts";
import type { Crossings } from "./crossings.ts";

/** Facts that names of data may state; a data name says nothing about controls. */
const dataFacts: ReadonlySet<string> = new Set(["personal-data", "confidential-data", "handles-credentials"]);
/** Words of a classification scheme that mean "harmful when read by others". */
const confidentialClass = /\b(confidential|restricted|secret|sensitive|official[- ]sensitive|special category|high)\b/i;
const publicClass = /^\s*(public|open|unclassified)\s*$/i;

/**
 * One table of facts from several sources, strongest first: an earlier source is never overruled by a later one.
 * Where one source contradicts itself the cautious reading wins: a control that is both stated and denied is denied, an
 * exposure that is both is there.
 */
export function factTable(sources: readonly (readonly Fact[])[], compiled: CompiledRules): FactTable {
  const table = new Map<string, Fact>();
  for (const source of sources) {
    const here = new Map<string, Fact>();
    for (const fact of source) {
      if (fact.is === "not stated" || table.has(fact.fact)) continue;
      const cautious = compiled.protective.has(fact.fact) ? "no" : "yes";
      const other = here.get(fact.fact);
      if (!other || (other.is !== fact.is && fact.is === cautious)) here.set(fact.fact, fact);
    }
    for (const [name, fact] of here) table.set(name, fact);
  }
  return table;
}

/**
 * What a name says: what a thing is exposed to or holds ("Public API", `patient_exports`), but never what protects it
 * ("Alert service" is not monitored by being called so).
 */
export function factsOfName(name: string, where: Place, compiled: CompiledRules): readonly Fact[] {
  const words = name.replaceAll("_", " ").replace(/([a-z])([A-Z][a-z])/g, "$1 $2");
  return wordFacts(words, where, compiled, (fact) => !compiled.protective.has(fact));
}

/** All that a model says of one of its elements, strongest source first. */
export function sourcesOfElement(
  element: ModelElement,
  model: ThreatModel,
  crossings: Crossings,
  compiled: CompiledRules,
): readonly (readonly Fact[])[] {
  return [
    [...element.facts, ...reachedFromInternet(element, model, crossings)],
    [crossings.ofElement(element.id)],
    factsOfControls(element, model, compiled),
    factsOfElement(element, model, compiled),
  ];
}

/** Names of zones that strangers are in. A "public" zone may be ours: only what stands outside the system is a stranger there. */
const zoneOfStrangers = /\binternet\b/i;
const zoneOfTheOutside = /\binternet\b|^public([- ](zone|network|side))?$/i;

const onInternet = new WeakMap<ThreatModel, ReadonlySet<string>>();

/** Ids of the elements that a model puts on the internet: by a statement, or by the name of the zone they stand in. */
function idsOnInternet(model: ThreatModel): ReadonlySet<string> {
  const known = onInternet.get(model);
  if (known) return known;
  const zones = new Map(model.boundaries.map(({ id, name }) => [id, name]));
  const ids = model.elements
    .filter(
      ({ kind, boundary, facts }) =>
        (kind === "external" ? zoneOfTheOutside : zoneOfStrangers).test(zones.get(boundary ?? "") ?? boundary ?? "") ||
        (kind === "external" && facts.some((fact) => fact.fact === "internet-facing" && fact.is === "yes")),
    )
    .map(({ id }) => id);
  const fresh = new Set(ids);
  onInternet.set(model, fresh);
  return fresh;
}

/**
 * What somebody on the internet connects to can be reached from it, whatever a tick box says of its machine. Only where
 * the flow begins counts: calling somebody out there opens no door.
 */
function reachedFromInternet(element: ModelElement, model: ThreatModel, crossings: Crossings): readonly Fact[] {
  const outside = idsOnInternet(model);
  if (element.kind === "external" || outside.has(element.id)) return [];
  const flow = crossings.touching(element.id).find(({ from, to }) => to === element.id && outside.has(from));
  return flow ? [{ fact: "internet-facing", is: "yes", where: flow.place }] : [];
}

/** What a model says of an element in words: its technology, its name, its data. */
function factsOfElement(element: ModelElement, model: ThreatModel, compiled: CompiledRules): readonly Fact[] {
  return [
    ...(element.technology ? wordFacts(element.technology, element.place, compiled, () => true) : []),
    ...factsOfName(element.name, element.place, compiled),
    ...factsOfData(element.data, element.place, model, compiled),
  ];
}

/** What a model says of a flow in words: its protocol, its name, its data. */
export function factsOfFlow(flow: ModelFlow, model: ThreatModel, compiled: CompiledRules): readonly Fact[] {
  return [
    ...(flow.protocol ? wordFacts(flow.protocol, flow.place, compiled, () => true) : []),
    ...(flow.name ? factsOfName(flow.name, flow.place, compiled) : []),
    ...factsOfData(flow.data, flow.place, model, compiled),
    ...passesInternet(flow, model),
  ];
}

/** A flow with one end on the internet passes through it. */
function passesInternet(flow: ModelFlow, model: ThreatModel): readonly Fact[] {
  const outside = idsOnInternet(model);
  if (outside.has(flow.from) === outside.has(flow.to)) return [];
  return [{ fact: "internet-facing", is: "yes", where: flow.place }];
}

/**
 * What the classifications and names of the data say. "No" is said only where every kind of data is classified as
 * public: a class such as "internal" may well hold personal data.
 */
function factsOfData(
  names: readonly string[],
  place: Place,
  model: ThreatModel,
  compiled: CompiledRules,
): readonly Fact[] {
  const facts: Fact[] = [];
  const classes = new Map(model.system.data.map((data) => [data.name.toLowerCase(), data]));
  let everyPublic = names.length > 0;
  for (const name of names) {
    facts.push(...wordFacts(name, place, compiled, (fact) => dataFacts.has(fact)));
    const known = classes.get(name.toLowerCase());
    if (!known?.classification || !publicClass.test(known.classification)) everyPublic = false;
    if (!known?.classification) continue;
    facts.push(...wordFacts(known.classification, known.place, compiled, (fact) => dataFacts.has(fact)));
    if (confidentialClass.test(known.classification))
      facts.push({ fact: "confidential-data", is: "yes", where: known.place });
  }
  if (everyPublic && facts.length === 0) {
    facts.push(
      { fact: "personal-data", is: "no", where: place },
      { fact: "confidential-data", is: "no", where: place },
    );
  }
  return facts;
}

/**
 * What the controls in place say of an element. A control belongs to an element through the threats of the model that
 * name both; one that is only proposed protects nothing yet.
 */
function factsOfControls(element: ModelElement, model: ThreatModel, compiled: CompiledRules): readonly Fact[] {
  const controls = new Map(model.controls.map((control) => [control.id, control]));
  const facts: Fact[] = [];
  for (const threat of model.threats) {
    if (threat.element !== element.id && threat.element !== element.name) continue;
    for (const id of threat.controls) {
      const control = controls.get(id);
      if (!control || !inPlace(control) || model.drafts.includes(id)) continue;
      facts.push(...wordFacts(control.title, control.place, compiled, (fact) => compiled.protective.has(fact)));
    }
  }
  return facts;
}

/** True for a control that is implemented or verified. A format without control states never says so. */
export function inPlace(control: ModelControl): boolean {
  return control.status === "implemented" || control.status === "verified";
}

function wordFacts(
  text: string,
  where: Place,
  compiled: CompiledRules,
  wanted: (fact: string) => boolean,
): readonly Fact[] {
  const facts: Fact[] = [];
  for (const [fact, is] of compiled.words(text)) if (wanted(fact)) facts.push({ fact, is, where });
  return facts;
}
