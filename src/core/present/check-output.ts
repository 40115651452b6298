import type { Assessment, SystemAssessment } from "../domain/assessment.ts";
import type { Change } from "../domain/change.ts";
import type { Classification } from "../domain/classification.ts";
import type { Desired } from "../domain/desired.ts";
import type { AssessedEvidence } from "../domain/evidence.ts";
import { showPlace } from "../domain/problem.ts";
import type { Threat } from "../domain/threat.ts";

/** The JSON of `threatgate check`, as docs/interfaces.md fixes it. Field names are stable; new ones may appear. */
export function checkOutput(assessment: Assessment, desired: Desired): object {
  return {
    schemaVersion: 1,
    subject: assessment.subject,
    asOf: assessment.asOf,
    conclusion: assessment.conclusion,
    mode: assessment.mode,
    couldNotEvaluate: assessment.couldNotEvaluate,
    reasons: assessment.reasons.map((reason) => ({
      outcome: reason.outcome,
      says: reason.says,
      ...(reason.place ? { where: showPlace(reason.place) } : {}),
      ...(reason.next ? { next: reason.next } : {}),
    })),
    changes: assessment.changes.map(changeOutput),
    threats: assessment.threats.map(threatOutput),
    systems: assessment.systems.map(systemOutput),
    ...(assessment.evidence ? { evidence: evidenceOutput(assessment.evidence) } : {}),
    desired: {
      checkRun: desired.checkRun ?? null,
      review: desired.review,
      reviewers: desired.reviewers,
      issues: desired.issues,
    },
    notInspected: assessment.notInspected,
    problems: assessment.problems,
    versions: assessment.versions,
  };
}

/** What scanners, advisories and incidents say beside the model. */
export function evidenceOutput({ matches, ...rest }: AssessedEvidence): object {
  return { ...rest, matches: matches.map(({ place, ...match }) => ({ ...match, where: showPlace(place) })) };
}

function changeOutput(change: Change): object {
  return {
    rule: change.rule,
    category: change.category,
    path: change.path,
    line: change.line ?? null,
    significant: change.significant,
    ...(change.behind ? { behind: true } : {}),
    confidence: change.confidence,
    element: change.element,
    stride: change.stride,
    says: change.says,
    why: change.why,
    asks: change.asks,
    evidence: change.evidence,
    facts: change.facts.map(({ fact, is, where }) => ({ fact, is, ...(where ? { where: showPlace(where) } : {}) })),
  };
}

function threatOutput(threat: Threat): object {
  return {
    id: threat.id,
    rule: threat.rule,
    stride: threat.stride,
    risk: threat.risk,
    element: threat.element.id,
    elementName: threat.element.name,
    title: threat.title,
    status: threat.status,
    where: showPlace(threat.place),
    why: threat.why.map(({ fact, is, where }) => ({ fact, is, ...(where ? { where: showPlace(where) } : {}) })),
    countermeasure: threat.countermeasure,
    cwe: threat.cwe,
  };
}

/** The class with what decided it and what it decides; facts carry the places that state them. */
function classOutput(classification: Classification): object {
  const { riskClass, decidedBy, because, rule, facts, regulations, questions, threshold, architect, approvers } =
    classification;
  return {
    riskClass,
    decidedBy,
    because,
    ...(rule === undefined ? {} : { rule }),
    facts: facts.map(({ fact, answers, stated }) => ({
      fact,
      answers,
      where: stated.map(({ place }) => showPlace(place)),
    })),
    regulations: regulations.map(({ id }) => id),
    questions: questions.map(({ fact, asks, choices }) => ({
      fact,
      asks,
      choices: choices.map(({ answer }) => answer),
    })),
    threshold,
    architect,
    approvers,
  };
}

function systemOutput(system: SystemAssessment): object {
  return {
    name: system.name,
    modelFiles: system.modelFiles,
    ...(system.classification ? { classification: classOutput(system.classification) } : {}),
    ...(system.home ? { home: system.home } : {}),
    deliverables: Object.fromEntries(
      Object.entries(system.deliverables).map(([id, verdict]) => [
        id,
        {
          state: verdict.state,
          where: verdict.where ? showPlace(verdict.where) : null,
          lacking: verdict.lacking.map((lacking) => ({
            says: lacking.says,
            ...(lacking.place ? { where: showPlace(lacking.place) } : {}),
          })),
        },
      ]),
    ),
    indicators: Object.fromEntries(
      Object.entries(system.indicators).map(([id, { rag, why, next }]) => [id, { rag, why, next }]),
    ),
    counts: system.counts,
    modelUpdated: system.modelUpdated,
    uncovered: system.uncovered,
  };
}
