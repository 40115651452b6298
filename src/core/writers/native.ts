import { Document, isScalar, isSeq, Scalar, visit } from "yaml";
import { elementTypes } from "../domain/element-type.ts";
import type { ModelReview } from "../domain/model-decisions.ts";
import { type Rating, type RiskLevel, riskOf } from "../domain/risk.ts";
import { statedRating } from "../domain/risk-scales.ts";
import type { ElementKind } from "../domain/stride.ts";
import type { ModelElement, ModelThreat, Stated, ThreatModel } from "../domain/threat-model.ts";
import { fitted, withMitigationsAsControls, withSafeIds } from "./fit.ts";
import type { ModelWriter } from "./model-writer.ts";
import { clip, quotesNeeded, withEscapes } from "./plain.ts";
import { withWholeReferences } from "./whole-references.ts";

/** Our own `threat-model.yaml`. Whatever the values hold, the result is a file that the reader takes without a fault. */
export const writer: ModelWriter = {
  name: "native",
  fileName: "threat-model.yaml",
  fit: (model) => fitted(model, withMitigationsAsControls, withWholeReferences, withSafeIds),
  write: (model, { syntax }) => {
    const parts = nativeParts(model);
    return syntax === "json" ? withEscapes(`${JSON.stringify(parts, null, 2)}\n`) : yamlOf(parts);
  },
};

/* Limits of the format: see the schema of threat-model.yaml. */
const lineLength = 500;
const proseLength = 20_000;
const mostLines = 500;
const reference = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const day = /^20\d\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;

type Part = Readonly<Record<string, unknown>>;

function nativeParts(model: ThreatModel): object {
  return filled({
    schemaVersion: 1,
    system: systemOf(model),
    elements: model.elements.filter(({ id }) => isReference(id)).map(elementPart),
    flows: model.flows
      .filter(({ id, from, to }) => isReference(id) && isReference(from) && isReference(to))
      .map(({ id, formerly, name, from, to, data, protocol, facts }) =>
        filled({
          id,
          formerly: formerly?.filter(isReference),
          name: line(name),
          from,
          to,
          data: lines(data),
          protocol: line(protocol),
          facts: factsOf(facts),
        }),
      ),
    boundaries: model.boundaries
      .filter(({ id }) => isReference(id))
      .map(({ id, name, parent }) => filled({ id, name: name === id ? undefined : line(name), parent: known(parent) })),
    threats: model.threats
      .filter(({ id }) => isReference(id))
      .map((threat) =>
        filled({
          id: threat.id,
          element: known(threat.element),
          stride: threat.stride.length === 1 ? threat.stride[0] : [...threat.stride],
          title: line(threat.title),
          description: prose(threat.description),
          impact: threat.impact,
          // Both together would win over the risk as a whole: where they come to another, the likelihood is told as lost.
          likelihood: contradictsRisk(threat.impact, threat.likelihood, threat.risk) ? undefined : threat.likelihood,
          risk: isToldByParts(threat) ? undefined : threat.risk,
          rating:
            threat.riskStated !== undefined && statedRating(threat.riskStated) ? line(threat.riskStated) : undefined,
          status: threat.status,
          controls: threat.controls.filter(isReference).slice(0, mostLines),
          reason: prose(threat.reason),
          owner: line(threat.owner),
          due: threat.due !== undefined && isDay(threat.due) ? threat.due : undefined,
          theme: threat.theme !== undefined && /^[A-Z]{2,20}$/.test(threat.theme) ? threat.theme : undefined,
        }),
      ),
    controls: model.controls
      .filter(({ id, title }) => isReference(id) && title !== "")
      .map(({ id, title, status, evidence }) => filled({ id, title: line(title), status, evidence: lines(evidence) })),
    stories: model.stories
      .filter(({ id }) => isReference(id))
      .map(({ id, threats, as, need, so, acceptance, issue }) =>
        filled({
          id,
          threats: threats.filter(isReference).slice(0, mostLines),
          as: line(as),
          need: prose(need),
          so: prose(so),
          acceptance: acceptance.slice(0, 100).flatMap((text) => prose(text) ?? []),
          issue: line(issue),
        }),
      ),
    validations: model.validations
      .filter(({ id }) => isReference(id))
      .map(({ id, control, kind, how, result, date }) =>
        filled({
          id,
          control: known(control),
          kind: line(kind),
          how: prose(how),
          result: line(result),
          date: date !== undefined && isDay(date) ? date : undefined,
        }),
      ),
    acceptances: model.acceptances
      .filter(({ threat }) => isReference(threat))
      .map(({ threat, reason, compensating, level, approver, until, review }) =>
        filled({
          threat,
          reason: prose(reason),
          compensating: prose(compensating),
          level: level !== undefined && /^(low|medium|high|critical)$/.test(level) ? level : undefined,
          approver: line(approver),
          until: until !== undefined && isDay(until) ? until : undefined,
          review: review !== undefined && isDay(review) ? review : undefined,
        }),
      ),
    reviews: reviewsOf(model),
    requirements: (model.requirements ?? []).map(({ requirement, applies, because }) =>
      filled({ requirement: line(requirement), applies, because: prose(because) }),
    ),
    questionnaire: (model.questionnaire ?? [])
      .filter(({ fact, element }) => isFactName(fact) && (element === undefined || isReference(element)))
      .map(({ fact, element, asks, answer }) =>
        filled({ fact, element, asks: prose(asks), answer: line(answer) ?? "not stated" }),
      ),
    drafts: model.drafts.filter(isReference),
    imports: model.imports.map(({ text }) => text),
  });
}

function systemOf(model: ThreatModel): object | undefined {
  const { system, documentation } = model;
  const owner = system.owner ?? documentation.owner;
  const latest = latestReview(model.reviews);
  const date = documentation.date?.text;
  const parts = filled({
    id: known(system.id),
    name: line(system.name?.text),
    description: prose(system.description?.text),
    owner: line(owner?.text),
    users: lines(system.users.map(({ text }) => text)),
    data: system.data
      .slice(0, 200)
      .filter(({ name }) => name !== "")
      .map(({ name, classification }) => filled({ name: line(name), classification: line(classification) })),
    links: lines(system.links.map(({ text }) => text)),
    exposure: line(system.exposure?.text),
    criticality: line(system.criticality?.text),
    regulations: lines((system.regulations ?? []).map(({ text }) => text)),
    updated: date !== undefined && date !== latest && isDay(date) ? date : undefined,
  });
  return Object.keys(parts).length === 0 ? undefined : parts;
}

/** The reviews, and for a reviewer whom the document names without one an entry that says no more than the name. */
function reviewsOf(model: ThreatModel): object[] {
  const named = new Set(model.reviews.map(({ by }) => by));
  const others = model.documentation.reviewers.filter(({ text }: Stated) => !named.has(text));
  return [
    ...model.reviews.map(({ by, role, on, commit, outcome }) =>
      filled({
        by: line(by),
        role: line(role),
        on: on !== undefined && isDay(on) ? on : undefined,
        commit: commit !== undefined && /^[0-9a-f]{7,64}$/.test(commit) ? commit : undefined,
        outcome: line(outcome),
      }),
    ),
    ...others.map(({ text }) => filled({ by: line(text) })),
  ].filter((review) => Object.keys(review).length > 0);
}

function latestReview(reviews: readonly ModelReview[]): string | undefined {
  return reviews
    .flatMap(({ on }) => on ?? [])
    .sort()
    .at(-1);
}

/** Types of elements of which a model says no more than the symbol. */
const typeOfKind: Readonly<Record<ElementKind, string>> = {
  process: "process",
  store: "data-store",
  external: "external-entity",
  flow: "data-flow",
};

function elementPart(element: ModelElement): Part {
  const { id, formerly, name, kind, type, technology, boundary, data, files, facts } = element;
  return filled({
    id,
    formerly: formerly?.filter(isReference),
    type: type !== undefined && elementTypes[type] === kind ? type : typeOfKind[kind],
    name: name === id ? undefined : line(name),
    technology: line(technology),
    boundary: known(boundary),
    data: lines(data),
    files: lines(files),
    facts: factsOf(facts),
  });
}

function factsOf(facts: ModelElement["facts"]): Part | undefined {
  const stated = facts.filter(({ fact }) => isFactName(fact)).map(({ fact, is }) => [fact, is]);
  return stated.length === 0 ? undefined : Object.fromEntries(stated);
}

function isFactName(fact: string): boolean {
  return /^[a-z0-9]+(-[a-z0-9]+)*$/.test(fact);
}

/** Without the fields that hold nothing: an empty text is a fault of a model, a missing one is not. */
function filled(part: Part): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(part).filter(
      ([, value]) => value !== undefined && value !== "" && !(Array.isArray(value) && value.length === 0),
    ),
  );
}

function line(text: string | undefined): string | undefined {
  return text === undefined || text === "" ? undefined : clip(text.toWellFormed(), lineLength);
}

function prose(text: string | undefined): string | undefined {
  return text === undefined || text === "" ? undefined : clip(text.toWellFormed(), proseLength);
}

function lines(list: readonly string[]): string[] {
  return list.slice(0, mostLines).flatMap((text) => line(text) ?? []);
}

function isReference(id: string): boolean {
  return reference.test(id);
}

function known(id: string | undefined): string | undefined {
  return id !== undefined && isReference(id) ? id : undefined;
}

/** Whether impact and likelihood, or a rating in another scale, come to the risk of a threat by themselves. */
function isToldByParts({ impact, likelihood, risk, riskStated }: ModelThreat): boolean {
  if (impact !== undefined && likelihood !== undefined) return !contradictsRisk(impact, likelihood, risk);
  return riskStated !== undefined && statedRating(riskStated)?.risk === risk;
}

/** Tools let people state a severity that impact and likelihood do not come to; it is what the team went by. */
function contradictsRisk(
  impact: Rating | undefined,
  likelihood: Rating | undefined,
  risk: RiskLevel | undefined,
): boolean {
  if (impact === undefined || likelihood === undefined || risk === undefined) return false;
  return riskOf(impact, likelihood) !== risk;
}

function isDay(text: string): boolean {
  if (!day.test(text)) return false;
  const [year = 0, month = 0, date = 0] = text.split("-").map(Number);
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return date <= ([31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0);
}

/** Lists of short values stand on one line, sentences each on their own; nothing that cannot be seen is written raw. */
export function yamlOf(parts: object): string {
  const document = new Document(parts, { aliasDuplicateObjects: false });
  visit(document, {
    Pair: (_, { key, value }) => {
      const sentences = isScalar(key) && (key.value === "acceptance" || key.value === "description");
      if (!isSeq(value) || sentences || value.items.length > 8) return;
      // Of a text of several lines whose first ends in a colon the library would make a key, between brackets.
      const short = value.items.every((item) => isScalar(item) && /^.{0,40}$/.test(String(item.value)));
      if (short) value.flow = true;
    },
    Scalar: (_, node) => {
      if (typeof node.value === "string" && quotesNeeded(node.value)) node.type = Scalar.QUOTE_DOUBLE;
    },
  });
  return withEscapes(document.toString({ lineWidth: 110, flowCollectionPadding: true }));
}
