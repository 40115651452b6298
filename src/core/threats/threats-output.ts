import { type Place, showPlace } from "../domain/problem.ts";
import type { StrideLetter } from "../domain/stride.ts";
import type { ThreatStatus } from "../domain/threat.ts";
import type { ModelElicited } from "./elicit-model.ts";

/** One line of `threatgate threats`: the field names are part of the command line's interface. */
export interface ThreatsOutput {
  readonly schemaVersion: 1;
  readonly file: string;
  readonly threats: readonly {
    readonly id: string;
    readonly rule: string;
    readonly element: string;
    readonly elementName: string;
    readonly stride: StrideLetter;
    readonly cwe: readonly string[];
    readonly title: string;
    readonly risk: string;
    readonly status: ThreatStatus;
    readonly why: readonly { readonly fact: string; readonly is: string; readonly where?: string }[];
  }[];
  readonly questions: readonly { readonly element: string; readonly facts: readonly string[]; readonly asks: string }[];
}

/** The threats and questions of one model file, as `threatgate threats` prints them. */
export function threatsOutput(file: string, result: ModelElicited): ThreatsOutput {
  return {
    schemaVersion: 1,
    file,
    threats: result.threats.map((threat) => ({
      id: threat.id,
      rule: threat.rule,
      element: threat.element.id,
      elementName: threat.element.name,
      stride: threat.stride,
      cwe: threat.cwe,
      title: threat.title,
      risk: threat.risk,
      status: threat.status,
      why: threat.why.map((fact) => ({ fact: fact.fact, is: fact.is, ...where(fact.where) })),
    })),
    questions: result.questions.map((question) => ({
      element: question.element.id,
      facts: question.facts,
      asks: question.asks,
    })),
  };
}

function where(place: Place | undefined): { readonly where?: string } {
  return place ? { where: showPlace(place) } : {};
}
