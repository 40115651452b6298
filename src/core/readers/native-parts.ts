import type { z } from "zod";
import { elementTypes } from "../domain/element-type.ts";
import type { Fact } from "../domain/fact.ts";
import type { ModelAnswer, ModelRequirement } from "../domain/model-decisions.ts";
import type { Place } from "../domain/problem.ts";
import { type RiskLevel, riskOf } from "../domain/risk.ts";
import { statedRating } from "../domain/risk-scales.ts";
import type { ModelThreat, Stated, ThreatModel } from "../domain/threat-model.ts";
import { isPlaceholder } from "../text/placeholders.ts";
import { known } from "./known.ts";
import { type LineOf, lineNear } from "./native-faults.ts";
import type { partSchemas } from "./native-schema.ts";

/** Parts of our own file as its schemas gave them, each with its place. */
export type Parts = {
  [Name in keyof typeof partSchemas]: { part: z.infer<(typeof partSchemas)[Name]>; place: Place }[];
};

function factsOf(facts: Readonly<Record<string, string | boolean>> | undefined, place: Place): Fact[] {
  return Object.entries(facts ?? {}).map(([fact, stated]): Fact => {
    const is = stated === true ? "yes" : stated === false ? "no" : stated;
    return is === "yes" || is === "no" ? { fact, is, where: place } : { fact, is: "not stated" };
  });
}

type ModelParts = Pick<
  ThreatModel,
  | "elements"
  | "flows"
  | "boundaries"
  | "threats"
  | "controls"
  | "stories"
  | "validations"
  | "acceptances"
  | "reviews"
  | "requirements"
  | "diagrams"
  | "questionnaire"
>;

/** The parts of a model from the checked parts of its file. Facts are completed by the answers of its questionnaire. */
export function modelParts(path: string, parts: Parts, lineOf: LineOf): ModelParts {
  const line = lineNear(["flows"], lineOf);
  const questionnaire = parts.questionnaire.map(answerOf);
  return {
    ...(questionnaire.length > 0 && { questionnaire }),
    elements: parts.elements.map(({ part, place }) =>
      known({
        ...part,
        name: part.name ?? part.id,
        kind: elementTypes[part.type],
        data: part.data ?? [],
        files: part.files ?? [],
        facts: withAnswers(factsOf(part.facts, place), part.id, questionnaire),
        place,
      }),
    ),
    flows: parts.flows.map(({ part, place }) =>
      known({
        ...part,
        data: part.data ?? [],
        facts: withAnswers(factsOf(part.facts, place), part.id, questionnaire),
        place,
      }),
    ),
    boundaries: parts.boundaries.map(({ part, place }) => known({ ...part, name: part.name ?? part.id, place })),
    diagrams:
      parts.flows.length === 0
        ? []
        : [
            {
              kind: "elements",
              isDataFlow: true,
              hasBoundaries: parts.boundaries.length > 0,
              place: { path, ...(line === undefined ? {} : { line }) },
            },
          ],
    threats: parts.threats.map(threatOf),
    controls: parts.controls.map(({ part, place }) => known({ ...part, evidence: listOf(part.evidence), place })),
    stories: parts.stories.map(({ part, place }) =>
      known({
        ...part,
        threats: part.threats ?? [],
        acceptance: (part.acceptance ?? []).filter((text) => !isPlaceholder(text)),
        place,
      }),
    ),
    validations: parts.validations.map(({ part, place }) => known({ ...part, how: part.how ?? "", place })),
    acceptances: parts.acceptances.map(({ part, place }) => known({ ...part, place })),
    reviews: parts.reviews.map(({ part, place }) => known({ ...part, place })),
    ...(parts.requirements.length > 0 && { requirements: parts.requirements.map(requirementOf) }),
  };
}

function threatOf({ part, place }: Parts["threats"][number]): ModelThreat {
  const { rating, risk, ...fields } = part;
  const stated = rating === undefined ? undefined : statedRating(rating);
  const { stride, impact = stated?.impact, likelihood = stated?.likelihood } = fields;
  return known({
    ...fields,
    impact,
    likelihood,
    riskStated: rating,
    title: part.title ?? part.description?.split("\n")[0]?.slice(0, 120) ?? part.id,
    stride: stride === undefined ? [] : typeof stride === "string" ? [stride] : [...new Set(stride)],
    risk: overallRisk(fields, risk, stated),
    status: part.status ?? "open",
    statusStated: part.status,
    controls: part.controls ?? [],
    place,
  });
}

/**
 * Impact and likelihood in our words win, so that no word talks them down; then the risk as a whole; then the overall risk
 * of a rating in another scale; then what is left of both.
 */
function overallRisk(
  { impact, likelihood }: Pick<Parts["threats"][number]["part"], "impact" | "likelihood">,
  risk: RiskLevel | undefined,
  stated: ReturnType<typeof statedRating>,
): RiskLevel | undefined {
  if (impact !== undefined && likelihood !== undefined) return riskOf(impact, likelihood);
  return risk ?? stated?.risk;
}

/** A reason that only fills the space is none. */
function requirementOf({ part, place }: Parts["requirements"][number]): ModelRequirement {
  const { requirement, applies, because } = part;
  const is = typeof applies === "boolean" ? (applies ? "yes" : "no") : applies;
  return known({ requirement, applies: is, because: isPlaceholder(because ?? "") ? undefined : because, place });
}

/** One entry of the questionnaire. `not stated` and what only fills the space are no answers. */
function answerOf({ part, place }: Parts["questionnaire"][number]): ModelAnswer {
  const { fact, element, asks, answer } = part;
  const said = typeof answer === "boolean" ? (answer ? "yes" : "no") : listOf(answer).join(", ");
  // "None" fills a gap elsewhere; here it answers which laws apply.
  const isOpen = (isPlaceholder(said) && !/^\s*none\s*$/i.test(said)) || /^\s*not (stated|known)\s*$/i.test(said);
  return known({ fact, element, asks, answer: isOpen ? undefined : said, place });
}

/** The facts of a part, and what the questionnaire answers about it where they say nothing: `yes` and `no` count. */
function withAnswers(facts: readonly Fact[], id: string, questionnaire: readonly ModelAnswer[]): Fact[] {
  const stated = facts.filter(({ is }) => is !== "not stated");
  const known = new Set(stated.map(({ fact }) => fact));
  const answered = questionnaire.flatMap(({ fact, element, answer, place }): Fact[] => {
    const is = answer?.trim().toLowerCase();
    if (element !== id || known.has(fact) || (is !== "yes" && is !== "no")) return [];
    known.add(fact);
    return [{ fact, is, where: place }];
  });
  return answered.length === 0
    ? [...facts]
    : [...facts.filter(({ fact, is }) => is !== "not stated" || !known.has(fact)), ...answered];
}

function listOf(value: string | readonly string[] | undefined): readonly string[] {
  if (value === undefined) return [];
  return typeof value === "string" ? [value] : value;
}

/** The day of the latest review, as the file states it. */
export function latestReview(reviews: Parts["reviews"]): { date?: Stated } {
  let latest: Stated | undefined;
  for (const { part, place } of reviews) {
    if (part.on !== undefined && (latest === undefined || part.on > latest.text)) latest = { text: part.on, place };
  }
  return latest === undefined ? {} : { date: latest };
}
