import { type Fact, inUseFact } from "../domain/fact.ts";
import type { Rules } from "../domain/rules.ts";
import type { Question, Threat } from "../domain/threat.ts";
import type { ModelElement, ModelFlow, ThreatModel } from "../domain/threat-model.ts";
import { answersOf, askedOf, idsOf } from "./answers.ts";
import { groupedFacts, highestFirst, questionOf } from "./checklist.ts";
import { type CompiledRules, compileRules } from "./compile.ts";
import { typeOf } from "./component-type.ts";
import { type Crossings, crossingsOf } from "./crossings.ts";
import { type Subject, threatOf, withAnswer } from "./derive.ts";
import { factsOfFlow, factTable, sourcesOfElement } from "./facts.ts";
import { type Listing, listingOf, type ModelSubject } from "./listing.ts";
import { type Profile, profileOf } from "./profile.ts";
import { formerIds } from "./renames.ts";

/** The threats of a whole model, answered ones included, and one question for each element that says too little. */
export interface ModelElicited {
  readonly threats: readonly Threat[];
  readonly questions: readonly Question[];
}

/**
 * Derives the threats of every element, flow and boundary of a model. A threat whose control nobody stated is not
 * listed but asked about, in one question for the element; only the three highest of them, of medium risk or above,
 * stand beside it, with status `unknown`.
 * @param now instant for the expiry of acceptances; without it an expiry is not judged.
 * @param base the model before a change: an element that only changed its id keeps its answers.
 * @throws Error when a rule cannot be evaluated (see compileRules).
 */
export function elicitModel(model: ThreatModel, rules: Rules, now?: string, base?: ThreatModel): ModelElicited {
  const compiled = compileRules(rules);
  const absent = notKnownToBeThere(model);
  const derived = modelSubjects(model, compiled).map((one) =>
    absent.has(one.subject.element.id)
      ? presence(one.subject, compiled, absent)
      : drawn(one.subject, listingOf(one, compiled)),
  );
  const former = formerIds(base, model);
  const asked = derived.flatMap((one) => one.threats.map((threat) => ({ threat, as: askedOf(threat, former) })));
  const answer = answersOf(
    model,
    asked.flatMap(({ as }) => idsOf(as)),
    now,
  );
  const threats = asked.map(({ threat, as }) => withAnswer(threat, answer(as)));
  return { threats: highestFirst(threats), questions: derived.flatMap(({ question }) => (question ? [question] : [])) };
}

/**
 * Elements of which only a client speaks and nobody said that they are there, and the flows that begin or end at one, by their ids, each
 * with the fact that says so: threats to what may not exist are noise.
 */
export function notKnownToBeThere({ elements, flows }: ThreatModel): ReadonlyMap<string, Fact> {
  const absent = new Map<string, Fact>();
  for (const { id, facts } of elements) {
    const stated = facts.find(({ fact, is }) => fact === inUseFact && is !== "yes");
    if (stated) absent.set(id, stated);
  }
  if (absent.size === 0) return absent;
  for (const { id, from, to } of flows) {
    const end = absent.get(from) ?? absent.get(to);
    // Whether a flow is there is asked of its end.
    if (end && !absent.has(id)) absent.set(id, { ...end, is: "no" });
  }
  return absent;
}

/** Of an element that may not be there: whether it is. */
function presence(
  { element, place }: Subject,
  compiled: CompiledRules,
  absent: ReadonlyMap<string, Fact>,
): ReturnType<typeof drawn> {
  const isAsked = absent.get(element.id)?.is === "not stated";
  const asks = groupedFacts([{ fact: inUseFact, risk: "note" }], compiled);
  return { threats: [], question: isAsked ? questionOf(element, place, asks) : undefined };
}

/** Every part of a model that threats are derived for, in its order: elements, flows, boundaries. */
export function modelSubjects(model: ThreatModel, compiled: CompiledRules): readonly ModelSubject[] {
  const profile = profileOf(model, undefined);
  const crossings = crossingsOf(model);
  const names = new Map(model.elements.map((element) => [element.id, element.name]));
  return [
    ...model.elements.map((element) => elementSubject(element, model, crossings, compiled, profile)),
    ...model.flows.map((flow) => flowSubject(flow, names, model, crossings, compiled, profile)),
    ...model.boundaries.map((boundary): ModelSubject => {
      const element = { id: boundary.id, name: boundary.name, type: "trust-boundary" } as const;
      return {
        subject: {
          element,
          ...(names.has(boundary.id) && { key: `boundary:${boundary.id}` }),
          facts: factTable([profile.facts("trust-boundary")], compiled),
          place: boundary.place,
        },
        asked: false,
        carried: false,
      };
    }),
  ];
}

function elementSubject(
  element: ModelElement,
  model: ThreatModel,
  crossings: Crossings,
  compiled: CompiledRules,
  profile: Profile,
): ModelSubject {
  const type = typeOf(element);
  const flows = crossings.touching(element.id);
  const ofFlows = flows.flatMap((flow) =>
    [...flow.facts, ...factsOfFlow(flow, model, compiled)].filter(
      (fact) => fact.is === "yes" && spreads.has(fact.fact),
    ),
  );
  const sources = [...sourcesOfElement(element, model, crossings, compiled), ofFlows, profile.facts(type)];
  return {
    subject: {
      element: { id: element.id, name: element.name, type },
      facts: factTable(sources, compiled),
      place: element.place,
    },
    asked: true,
    carried: flows.length > 0,
  };
}

/** What a flow carries, the elements at its ends handle. */
const spreads: ReadonlySet<string> = new Set(["personal-data", "confidential-data", "handles-credentials"]);

function flowSubject(
  flow: ModelFlow,
  names: ReadonlyMap<string, string>,
  model: ThreatModel,
  crossings: Crossings,
  compiled: CompiledRules,
  profile: Profile,
): ModelSubject {
  const name = flow.name ?? `${names.get(flow.from) ?? flow.from} → ${names.get(flow.to) ?? flow.to}`;
  const sources = [
    flow.facts,
    [crossings.ofFlow(flow)],
    factsOfFlow(flow, model, compiled),
    profile.facts("data-flow"),
  ];
  return {
    subject: {
      element: { id: flow.id, name, type: "data-flow" },
      // Formats other than ours number elements and flows each by themselves.
      ...(names.has(flow.id) && { key: `flow:${flow.id}` }),
      facts: factTable(sources, compiled),
      place: flow.place,
    },
    asked: true,
    carried: false,
  };
}

function drawn(
  subject: Subject,
  { decided, unknown, asks }: Listing,
): { readonly threats: readonly Threat[]; readonly question: Question | undefined } {
  const { element, place } = subject;
  return {
    threats: [
      ...decided.map((rule) => threatOf(rule, subject, place)),
      ...unknown.map((rule): Threat => ({ ...threatOf(rule, subject, place), status: "unknown" })),
    ],
    question: questionOf(element, place, asks),
  };
}
