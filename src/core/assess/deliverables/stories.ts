import type { DeliverableVerdict } from "../../domain/assessment.ts";
import { atLeast } from "../../domain/risk.ts";
import type { ModelStory, ThreatModel } from "../../domain/threat-model.ts";
import { isPlaceholder, isSubstantive } from "../../text/placeholders.ts";
import { type Ground, home, isDraft, named, namedThreat, openLedger, passage, share, stateOf } from "./ledger.ts";

/**
 * Security user stories. Present: most stories have acceptance criteria or a link to tracked work; partial: security
 * requirements, abuse cases or action items stand in for them.
 */
export function judgeStories(ground: Ground): DeliverableVerdict {
  const { model, rule } = ground;
  const ledger = openLedger(rule);
  const told = model.stories.filter((story) => isTold(story) && !isDraft(model, story.id));
  const ready = told.filter((story) => hasCriteria(story) || isTracked(story));
  const full = passage(ground, "full");
  const part = passage(ground, "part");

  judgeRisks(model, told, ledger);
  for (const story of model.stories) judgeStory(model, story, ledger);
  if (model.stories.length === 0) {
    for (const must of ["acceptance-criteria", "in-backlog", "linked-to-threat"])
      ledger.objects(must, "The model holds no security user story.", home(model));
  }

  const state =
    full !== undefined
      ? "present"
      : stateOf(ready.length, model.stories.length, model.stories.length > 0 || part !== undefined);
  const where = ready[0]?.place ?? full?.place ?? model.stories[0]?.place ?? part?.place;
  const found =
    model.stories.length > 0
      ? `${share(ready.length, model.stories.length, "stories")} with acceptance criteria or a work item.`
      : (full ?? part) === undefined
        ? "No security user story."
        : `In their place: ${(full ?? part)?.what ?? ""}.`;
  return { state, ...(where === undefined || state === "missing" ? {} : { where }), found, ...ledger.close() };
}

function isTold(story: ModelStory): boolean {
  return isSubstantive(story.need) || hasCriteria(story);
}

function hasCriteria(story: ModelStory): boolean {
  return story.acceptance.some((criterion) => isSubstantive(criterion, 3));
}

function isTracked(story: ModelStory): boolean {
  return story.issue !== undefined && !isPlaceholder(story.issue);
}

function judgeRisks(model: ThreatModel, told: readonly ModelStory[], ledger: ReturnType<typeof openLedger>): void {
  const covered = new Map(told.flatMap((story) => story.threats.map((threat) => [threat, story] as const)));
  const asked = model.threats.filter(
    ({ risk, status }) =>
      risk !== undefined && atLeast(risk, "medium") && status !== "not-applicable" && status !== "accepted",
  );
  for (const threat of asked) {
    const story = covered.get(threat.id);
    if (story === undefined) ledger.lacks("story-for-risk", { part: namedThreat(model, threat) }, threat.place);
    else ledger.met("story-for-risk", story.place);
  }
  if (asked.length === 0 && model.stories.length === 0)
    ledger.lacks("story-for-risk", { part: "The model" }, home(model));
}

function judgeStory(model: ThreatModel, story: ModelStory, ledger: ReturnType<typeof openLedger>): void {
  const part = named("Story", story.id);
  if (isDraft(model, story.id)) {
    ledger.objects("acceptance-criteria", `${part} is a draft that nobody has confirmed.`, story.place);
    return;
  }
  if (hasCriteria(story)) ledger.met("acceptance-criteria", story.place);
  else ledger.lacks("acceptance-criteria", { part }, story.place);
  if (isTracked(story)) ledger.met("in-backlog", story.place);
  else ledger.lacks("in-backlog", { part }, story.place);
  if (story.threats.some((threat) => model.threats.some(({ id }) => id === threat)))
    ledger.met("linked-to-threat", story.place);
  else ledger.lacks("linked-to-threat", { part }, story.place);
}
