import type { DeliverableVerdict } from "../../domain/assessment.ts";
import type { Place } from "../../domain/problem.ts";
import type { ModelElement, ModelFlow, ThreatModel } from "../../domain/threat-model.ts";
import { isPlaceholder } from "../../text/placeholders.ts";
import { type Ground, home, isDraft, named, openLedger, passage } from "./ledger.ts";

/**
 * Data flow diagram. Present: flows between named elements and boundaries are modelled, or a diagram is shown as a data
 * flow diagram; partial: components without flows, flows without boundaries, another picture, flows told in prose.
 */
export function judgeDfd(ground: Ground): DeliverableVerdict {
  const { model, rule } = ground;
  const ledger = openLedger(rule);
  const flows = model.flows.filter(({ id }) => !isDraft(model, id));
  const elements = model.elements.filter(({ id }) => !isDraft(model, id));
  const boundaries = model.boundaries.filter(({ id }) => !isDraft(model, id));
  const picture = model.diagrams.find(({ isDataFlow, kind }) => isDataFlow && kind !== "elements");
  const boundedPicture = model.diagrams.find(({ hasBoundaries, kind }) => hasBoundaries && kind !== "elements");
  const full = passage(ground, "full");

  const flow = flows[0]?.place ?? picture?.place ?? full?.place;
  if (flow !== undefined) ledger.met("flows-drawn", flow);
  else ledger.lacks("flows-drawn", { part: "The model" }, home(model));
  judgeElements(model, elements, ledger);
  const boundary = boundaries[0]?.place ?? boundedPicture?.place;
  if (boundary !== undefined) ledger.met("boundaries-drawn", boundary);
  else ledger.lacks("boundaries-drawn", { part: "The model" }, picture?.place ?? home(model));
  judgeClassification(model, elements, flows, ledger);

  const modelled = flows.length > 0 && boundaries.length > 0;
  const present = modelled || picture !== undefined || full !== undefined;
  const touched =
    model.elements.length > 0 ||
    model.flows.length > 0 ||
    model.diagrams.length > 0 ||
    passage(ground, "part") !== undefined;
  const state = present ? "present" : touched ? "partial" : "missing";
  const where =
    (modelled ? flows[0]?.place : picture?.place) ?? full?.place ?? firstPlace(model) ?? passage(ground, "part")?.place;
  return {
    state,
    ...(where === undefined || state === "missing" ? {} : { where }),
    found: foundOf(ground, state),
    ...ledger.close(),
  };
}

function firstPlace(model: ThreatModel): Place | undefined {
  return model.flows[0]?.place ?? model.elements[0]?.place ?? model.diagrams[0]?.place;
}

function foundOf({ model }: Ground, state: DeliverableVerdict["state"]): string {
  if (state === "missing") return "No elements, flows or diagram.";
  if (model.elements.length === 0 && model.flows.length === 0) {
    const kinds = [...new Set(model.diagrams.map(({ kind }) => kind))];
    return kinds.length === 0 ? "Flows are told in prose." : `A diagram (${kinds.join(", ")}).`;
  }
  return `${model.elements.length} elements, ${model.flows.length} flows, ${model.boundaries.length} boundaries.`;
}

function judgeElements(
  model: ThreatModel,
  elements: readonly ModelElement[],
  ledger: ReturnType<typeof openLedger>,
): void {
  const unread = unreadPicture(model);
  if (unread !== undefined) {
    const says = `${unread.says} Name its components, stores and external entities in a list, or draw it as Mermaid.`;
    ledger.objects("components-and-stores", says, unread.place);
    ledger.objects("external-entities", says, unread.place);
    return;
  }
  const component = elements.find(({ kind }) => kind === "process");
  const store = elements.find(({ kind }) => kind === "store");
  const external = elements.find(({ kind }) => kind === "external");
  if (component !== undefined) ledger.met("components-and-stores", component.place);
  else ledger.lacks("components-and-stores", { part: "The diagram", what: "component" }, home(model));
  if (store !== undefined) ledger.met("components-and-stores", store.place);
  else ledger.lacks("components-and-stores", { part: "The diagram", what: "data store" }, home(model));
  if (external !== undefined) ledger.met("external-entities", external.place);
  else ledger.lacks("external-entities", { part: "The diagram" }, home(model));
}

const pictureKinds: Readonly<Record<string, string>> = {
  ascii: "drawn with characters",
  image: "a picture",
  link: "in another file",
  drawio: "in another file",
};

/** The diagram of a model without elements, in a form whose parts nobody can read but people: said, not taken for nothing. */
function unreadPicture(model: ThreatModel): { readonly says: string; readonly place: Place } | undefined {
  const [first] = model.diagrams;
  if (first === undefined || model.elements.length > 0) return undefined;
  const form = pictureKinds[first.kind];
  return form === undefined
    ? undefined
    : { says: `The diagram is ${form}: its parts are not read.`, place: first.place };
}

/** Each store names data that the model classifies; without stores, each flow does. */
function judgeClassification(
  model: ThreatModel,
  elements: readonly ModelElement[],
  flows: readonly ModelFlow[],
  ledger: ReturnType<typeof openLedger>,
): void {
  const classified = new Set(
    model.system.data.flatMap(({ name, classification }) =>
      classification === undefined || isPlaceholder(classification) ? [] : [name.toLowerCase()],
    ),
  );
  const says = (data: readonly string[]): boolean =>
    data.some((name) => classified.has(name.toLowerCase()) || classificationWord.test(name));
  const stores = elements.filter(({ kind }) => kind === "store");
  if (stores.length === 0 && flows.length === 0) {
    const unread = unreadPicture(model);
    const says = `${unread?.says ?? ""} Say beside it which classified data each store or flow holds.`;
    if (unread !== undefined) ledger.objects("data-classified", says, unread.place);
    else ledger.lacks("data-classified", { part: "The diagram" }, home(model));
    return;
  }
  for (const { id, name, data, place } of stores) {
    if (says(data)) ledger.met("data-classified", place);
    else ledger.lacks("data-classified", { part: named("Store", name === "" ? id : name) }, place);
  }
  if (stores.length > 0) return;
  for (const { id, data, place } of flows) {
    if (says(data)) ledger.met("data-classified", place);
    else ledger.lacks("data-classified", { part: named("Flow", id) }, place);
  }
}

/** Words that classify data by themselves, as organisations use them. */
const classificationWord =
  /\b(public|internal|confidential|restricted|secret|top secret|official(-sensitive)?|sensitive|personal|special category|pii|phi|pci|credentials?)\b/i;
