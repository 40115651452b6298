import type { Assessment, SystemAssessment } from "../domain/assessment.ts";
import type { ModelAcceptance } from "../domain/model-decisions.ts";
import { showPlace } from "../domain/problem.ts";
import type { RiskLevel } from "../domain/risk.ts";
import type { StrideLetter } from "../domain/stride.ts";
import type { Story, Threat } from "../domain/threat.ts";
import type { ModelThreat } from "../domain/threat-model.ts";
import { code, type Markdown, md, text } from "./markdown.ts";
import { significantChanges } from "./standing.ts";

/** A threat as an issue needs it, whether the library derived it or the team wrote it down. */
export interface Work {
  readonly id: string;
  readonly title: string;
  readonly element: string | undefined;
  readonly stride: readonly StrideLetter[];
  readonly risk: RiskLevel;
  readonly story: Story | undefined;
  readonly derived: Threat | undefined;
  readonly written: ModelThreat | undefined;
  readonly modelFile: string;
  readonly system: string | undefined;
  /** Why it is no longer open; absent when it is. */
  readonly closed: Markdown | undefined;
  /** What of it the model holds already: nothing, where there is none. */
  readonly model: SystemAssessment["model"];
  /** Deleted from the model by this very difference. */
  readonly orphaned?: true;
}

/** The threats of an assessment that are work for somebody, or were, by id. */
export function workOf(assessment: Assessment): Map<string, Work> {
  const work = new Map<string, Work>();
  const covered = coveredThreats(assessment);
  for (const threat of assessment.threats) {
    const derived = derivedWork(threat, assessment);
    // The team looked at a covered change and wrote down what it saw; what else the library knows of it is no work.
    if (derived.closed === undefined && covered.has(threat.id)) continue;
    work.set(threat.id, derived);
  }
  // The threats of a model are work where the model stands.
  for (const system of assessment.systems.filter(({ home }) => home === undefined)) {
    const open = new Set(system.openThreats.map((threat) => threat.id));
    for (const threat of new Map(
      [...(system.model?.threats ?? []), ...system.openThreats].map((one) => [one.id, one]),
    ).values()) {
      const closed = open.has(threat.id)
        ? undefined
        : closedBy(threat.status, showPlace(threat.place), acceptanceOf(threat.id, system));
      // What is below the policy's risk, or not rated and not said to be open, is no work yet.
      if (closed === undefined && !open.has(threat.id)) continue;
      work.set(threat.id, { ...writtenWork(threat, system, work.get(threat.id)), closed });
    }
    const inModel = new Set(system.model?.threats.map(({ id }) => id) ?? []);
    for (const { threat } of system.lost) {
      if (inModel.has(threat.id) || work.has(threat.id)) continue;
      work.set(threat.id, { ...writtenWork(threat, system, undefined), closed: undefined, orphaned: true });
    }
  }
  return work;
}

/** Threats asked only of changes that the model or an answer covers. */
function coveredThreats(assessment: Assessment): ReadonlySet<string> {
  const presented = significantChanges(assessment);
  const idsOf = (open: boolean) =>
    presented
      .filter((one) => one.open === open)
      .flatMap(({ checklist }) => checklist?.threats.map(({ id }) => id) ?? []);
  const open = new Set(idsOf(true));
  return new Set(idsOf(false).filter((id) => !open.has(id)));
}

function derivedWork(threat: Threat, assessment: Assessment): Work {
  const change = assessment.checklists.find((checklist) =>
    checklist.threats.some(({ id }) => id === threat.id),
  )?.change;
  const system = assessment.systems.find((candidate) => change !== undefined && candidate.changes.includes(change));
  const where = threat.statusPlace ? showPlace(threat.statusPlace) : undefined;
  return {
    id: threat.id,
    title: threat.title,
    element: threat.element.name,
    stride: [threat.stride],
    risk: threat.risk,
    story: threat.story,
    derived: threat,
    written: undefined,
    model: system?.model,
    modelFile: system?.modelFiles[0] ?? "threat-model.yaml",
    system: system?.name,
    closed: closedBy(threat.status, where, system && acceptanceOf(threat.id, system)),
  };
}

function writtenWork(threat: ModelThreat, system: SystemAssessment, derived: Work | undefined): Work {
  const story = system.model?.stories.find((candidate) => candidate.threats.includes(threat.id));
  const written = story && {
    as: story.as ?? "",
    need: story.need ?? "",
    so: story.so ?? "",
    acceptance: story.acceptance,
  };
  const isWhole = written && written.as !== "" && written.need !== "" && written.so !== "";
  return {
    id: threat.id,
    title: threat.title,
    element: elementName(threat, system) ?? derived?.element,
    stride: threat.stride.length > 0 ? threat.stride : (derived?.stride ?? []),
    risk: threat.risk ?? derived?.risk ?? "note",
    story: isWhole ? written : derived?.story,
    derived: derived?.derived,
    written: threat,
    model: system.model,
    modelFile: threat.place.path,
    system: system.name,
    closed: undefined,
  };
}

function elementName(threat: ModelThreat, system: SystemAssessment): string | undefined {
  return system.model?.elements.find((element) => element.id === threat.element)?.name ?? threat.element;
}

function acceptanceOf(threat: string, system: SystemAssessment): ModelAcceptance | undefined {
  return system.model?.acceptances.find((candidate) => candidate.threat === threat);
}

function closedBy(
  status: Threat["status"],
  where: string | undefined,
  acceptance: ModelAcceptance | undefined,
): Markdown | undefined {
  const place = where === undefined ? md`` : md` (${code(where)})`;
  switch (status) {
    case "mitigated":
      return md`The model shows it as mitigated${place}.`;
    case "not-applicable":
      return md`The model shows it as not applicable${place}.`;
    case "accepted": {
      const until = acceptance?.until === undefined ? md`` : md` until ${text(acceptance.until)}`;
      const by = acceptance?.approver === undefined ? md`` : md` by ${code(acceptance.approver)}`;
      return md`The risk is accepted${until}${by}${place}. When that ends, this opens again.`;
    }
    default:
      return undefined;
  }
}
