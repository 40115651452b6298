import { type Asking, type Currency, covers, currencyOf } from "./assess/currency.ts";
import { dayOf } from "./assess/days.ts";
import { judgeStatuses } from "./assess/statuses.ts";
import { type System, systemsOf } from "./assess/systems.ts";
import { dotOf } from "./diagram/dot.ts";
import { type Assessment, onceEach, type SystemAssessment } from "./domain/assessment.ts";
import type { Change } from "./domain/change.ts";
import { rulesBehind } from "./domain/derived-rules.ts";
import { showPlace } from "./domain/problem.ts";
import type { Rules } from "./domain/rules.ts";
import type { Snapshot } from "./domain/snapshot.ts";
import type {
  MergedStanding,
  MergeEffect,
  StandingAcceptance,
  StandingThreat,
  SystemStanding,
} from "./domain/standing.ts";
import type { DeliverableId, ModelControl, ModelThreat, ThreatModel } from "./domain/threat-model.ts";
import type { Timeline, TimelineEntry } from "./domain/timeline.ts";
import { cut } from "./kept-text.ts";
import { requirementsOf } from "./requirement-standing.ts";
import { timelineOfMerge } from "./timeline.ts";

/** A merged pull request and what was concluded of it. */
interface Judged {
  readonly snapshot: Snapshot;
  readonly assessment: Assessment;
  readonly timeline: Timeline;
}

/** Most threats of one system that are kept; their number is kept whatever it is. */
const mostThreats = 2000;
/** Most elements and flows of which a diagram is kept: more cannot be read on a page. */
const mostDrawn = 300;

/**
 * How the systems stand on the default branch after a merge to it, and what the merge did to each. Undefined for what is not
 * merged there, could not be evaluated, or belongs to a repository of which GitHub named no id. Pure. It reads every threat of
 * every model, so that it is a part of judging and is done where judging is done.
 */
export function mergedStanding(judged: Judged, rules: Rules): MergedStanding | undefined {
  const { snapshot, assessment, timeline } = judged;
  const { pullRequest, repository } = snapshot;
  if (pullRequest?.state !== "merged" || pullRequest.baseBranch !== repository.defaultBranch) return undefined;
  if (repository.id === undefined || assessment.couldNotEvaluate) return undefined;
  const own = timelineOfMerge(assessment, snapshot);
  const entries = [...timeline.entries, ...own];
  const systems = systemsOf(snapshot, assessment.policy, assessment.changes);
  const pairs = assessment.systems.flatMap((assessed) => {
    const system = systems.find(({ name }) => name === assessed.name);
    return system ? [{ assessed, system }] : [];
  });
  return {
    at: pullRequest.mergedAt ?? snapshot.now,
    systems: pairs.map(({ assessed, system }) => systemStanding(judged, assessed, system, entries, rules)),
    effects: pairs.map(({ assessed, system }) => effectOf(judged, assessed, system, entries)),
  };
}

function systemStanding(
  { snapshot, assessment, timeline }: Judged,
  judged: SystemAssessment,
  system: System,
  entries: readonly TimelineEntry[],
  rules: Rules,
): SystemStanding {
  const currency = currencyOf({
    timeline: { ...timeline, entries },
    system,
    hasModel: judged.modelFiles.length > 0,
    now: snapshot.now,
    thresholds: assessment.policy.currency,
  });
  // Whoever may read this repository may not be allowed to read the one in which the model stands.
  const model = judged.home === undefined ? judged.model : undefined;
  const threats = model ? threatsOf(model, assessment, snapshot, rules) : [];
  const team = model?.system.owner?.text;
  const drawing = model && isDrawn(model) ? dotOf(model) : undefined;
  return {
    system: judged.name,
    ...(team === undefined || team.trim() === "" ? {} : { team: cut(team.trim()) }),
    riskClass: judged.classification?.riskClass ?? system.riskClass ?? "medium",
    riskBecause: judged.classification?.because ?? "The policy names the class.",
    modelFiles: judged.modelFiles,
    indicators: {
      "TM-1": withoutPlace(judged.indicators["TM-1"]),
      "TM-2": withoutPlace(judged.indicators["TM-2"]),
      "TM-3": withoutPlace(judged.indicators["TM-3"]),
      "TM-4": withoutPlace(judged.indicators["TM-4"]),
    },
    deliverables: deliverablesOf(judged),
    threats: threats.slice(0, mostThreats),
    threatCount: threats.length,
    ...(judged.home === undefined
      ? {
          openAtOrAbove: {
            threshold: judged.classification?.threshold ?? assessment.policy.riskThreshold,
            count: judged.openThreats.length,
          },
        }
      : {}),
    requirements: requirementsOf({ assessment, snapshot }, judged, ownEntries(entries, judged, system), rules),
    acceptances: model ? acceptancesOf(model, threats) : [],
    ...(drawing === undefined ? {} : { diagram: drawing }),
    currency: assessment.policy.currency,
    uncovered: uncoveredOf(currency),
    ...updatedOn(currency),
  };
}

function withoutPlace({ place: _, ...verdict }: SystemAssessment["indicators"]["TM-1"]) {
  return verdict;
}

function updatedOn(currency: Currency): Pick<SystemStanding, "modelUpdated"> {
  return currency.state === "known" && currency.lastReview !== undefined ? { modelUpdated: currency.lastReview } : {};
}

function uncoveredOf(currency: Currency): SystemStanding["uncovered"] {
  if (currency.state !== "known") return [];
  return currency.uncovered.slice(0, 50).map(({ what, at, reference }) => ({ what: cut(what), at, reference }));
}

function deliverablesOf({ deliverables }: SystemAssessment): SystemStanding["deliverables"] {
  const kept = (id: DeliverableId): SystemStanding["deliverables"][DeliverableId] => {
    const { state, where, lacking } = deliverables[id];
    const short = onceEach(lacking)
      .slice(0, 20)
      .map(({ says, place }) => ({
        says: cut(says),
        ...(place ? { where: showPlace(place) } : {}),
      }));
    return { state, ...(where ? { where: showPlace(where) } : {}), lacking: short };
  };
  return {
    context: kept("context"),
    dfd: kept("dfd"),
    stride: kept("stride"),
    risk: kept("risk"),
    controls: kept("controls"),
    stories: kept("stories"),
    validation: kept("validation"),
    documentation: kept("documentation"),
  };
}

function isDrawn({ elements, flows }: ThreatModel): boolean {
  const parts = elements.length + flows.length;
  return elements.length > 0 && parts <= mostDrawn;
}

function threatsOf(
  model: ThreatModel,
  { policy, asOf }: Assessment,
  { pullRequest }: Snapshot,
  rules: Rules,
): readonly StandingThreat[] {
  const { author } = pullRequest ?? {};
  const ruleBehind = rulesBehind(model, rules.threats);
  const names = new Map(model.elements.map(({ id, name }) => [id, name]));
  const controls = new Map(model.controls.toReversed().map((control) => [control.id, control]));
  const storyOf = storiesByThreat(model);
  const tested = new Set(model.validations.flatMap(({ control, result }) => (result === undefined ? [] : [control])));
  const judged = judgeStatuses(model, { policy, now: asOf, ...(author ? { author } : {}) });
  return judged.map(({ threat, status }) => {
    const rule = ruleBehind(threat);
    const story = storyOf.get(threat.id);
    const element = threat.element === undefined ? undefined : (names.get(threat.element) ?? threat.element);
    return {
      id: cut(threat.id),
      title: cut(threat.title),
      ...(element === undefined ? {} : { element: cut(element) }),
      stride: threat.stride,
      ...(threat.risk === undefined ? {} : { risk: threat.risk }),
      status,
      ...(rule === undefined ? {} : { rule: rule.id, theme: rule.theme }),
      controls: controlsOf(threat, controls),
      ...(story === undefined ? {} : { story: cut(story) }),
      isValidated: threat.controls.some((control) => tested.has(control)),
    };
  });
}

/** Where the story of each threat that has one is tracked; empty where no story of it says. */
function storiesByThreat({ stories }: ThreatModel): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { threats, issue = "" } of stories)
    for (const threat of threats) if (!found.get(threat)) found.set(threat, issue);
  return found;
}

function controlsOf(
  { controls, mitigation }: ModelThreat,
  known: ReadonlyMap<string, ModelControl>,
): StandingThreat["controls"] {
  if (controls.length === 0) return mitigation === undefined ? [] : [{ title: cut(mitigation) }];
  return controls.slice(0, 20).map((id) => {
    const control = known.get(id);
    return { title: cut(control?.title ?? id), ...(control?.status ? { status: control.status } : {}) };
  });
}

function acceptancesOf(model: ThreatModel, threats: readonly StandingThreat[]): readonly StandingAcceptance[] {
  const accepted = new Map(threats.filter(({ status }) => status === "accepted").map(({ id, title }) => [id, title]));
  return model.acceptances.flatMap(({ threat, level, approver, until }) => {
    const title = accepted.get(threat);
    if (title === undefined) return [];
    const who = approver === undefined ? {} : { approver: cut(approver) };
    const rated = level === undefined ? {} : { level: cut(level) };
    return [{ threat: cut(threat), title, ...rated, ...who, ...(until === undefined ? {} : { until }) }];
  });
}

/** Kinds of changes that bring something of a third party into the system. */
const supplied: ReadonlySet<Change["category"]> = new Set(["dependency-runtime", "external-integration"]);

function effectOf(
  { assessment, snapshot }: Judged,
  judged: SystemAssessment,
  system: System,
  entries: readonly TimelineEntry[],
): MergeEffect {
  const reference = `#${snapshot.pullRequest?.number ?? 0}`;
  const mine = ownEntries(entries, judged, system);
  const suppliers = judged.changes.filter((index) => {
    const change = assessment.changes[index];
    return change !== undefined && supplied.has(change.category);
  });
  const covered = suppliers.filter((index) => !judged.uncovered.includes(index));
  return {
    system: judged.name,
    coveredAfter: coveringTimes(mine).flatMap((time) => (time.by === reference ? [time.days] : [])),
    suppliers: { changed: suppliers.length, covered: covered.length },
  };
}

function ownEntries(
  entries: readonly TimelineEntry[],
  { name }: SystemAssessment,
  system: System,
): readonly TimelineEntry[] {
  return entries.filter((entry) =>
    entry.system === undefined ? entry.kind !== "change" || system.covers(entry.path) : entry.system === name,
  );
}

/** How long each thing that asked for the model waited for the update that covered it: whole days, and whose update. */
function coveringTimes(entries: readonly TimelineEntry[]): readonly { readonly by: string; readonly days: number }[] {
  const answers = entries
    .filter((entry) => entry.kind === "update" || entry.kind === "review")
    .toSorted((one, other) => (one.at < other.at ? -1 : 1));
  const asking = entries.filter((entry): entry is Asking => entry.kind !== "update" && entry.kind !== "review");
  return asking.flatMap((entry) => {
    const answer = answers.find((one) => covers(one, entry));
    const from = dayOf(entry.at);
    const to = answer ? dayOf(answer.at) : undefined;
    if (!answer || from === undefined || to === undefined) return [];
    return [{ by: answer.reference, days: Math.max(0, to - from) }];
  });
}
