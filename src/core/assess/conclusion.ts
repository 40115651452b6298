import type { Change } from "../domain/change.ts";
import { addAThreatModel } from "../domain/next-steps.ts";
import { showPlace } from "../domain/problem.ts";
import { atLeast } from "../domain/risk.ts";
import type { Checklist } from "../domain/threat.ts";
import { deliverableIds, deliverableNames, type ThreatModel } from "../domain/threat-model.ts";
import type { Finding } from "./finding.ts";
import { indicatorFindings } from "./indicator-findings.ts";
import { isComplete } from "./indicators/tm-2.ts";
import type { JudgedSystem } from "./judged-system.ts";
import { nameKey } from "./names.ts";
import type { FindingsGround } from "./obstacles.ts";

/** What one system owes because of this difference. Old debt of parts that it does not touch is not in here. */
export function findingsOf(system: JudgedSystem, ground: FindingsGround): readonly Finding[] {
  const isConcerned = system.changes.length > 0 || system.difference.says.length > 0;
  if (!isConcerned && !isModelTouched(system, ground)) return [];
  const lost = [...unreadableModel(system, ground), ...lostDeliverables(system)];
  if (!isConcerned) return lost;
  return [
    ...lost,
    ...uncoveredChanges(system, ground),
    ...newOpenThreats(system, ground),
    ...emptyClaims(system),
    ...lostThreats(system, ground),
    ...reusedIds(system),
    ...indicatorFindings(system, ground),
  ];
}

function isModelTouched(system: JudgedSystem, { snapshot }: FindingsGround): boolean {
  const files = new Set([
    ...(system.head?.model?.files ?? []),
    ...(system.base?.model?.files ?? []),
    ...(system.head?.problems ?? []).map(({ path }) => path),
  ]);
  return snapshot.files.some(
    (file) => files.has(file.filename) || (file.previous_filename !== undefined && files.has(file.previous_filename)),
  );
}

function unreadableModel({ name, head, base }: JudgedSystem, { snapshot }: FindingsGround): readonly Finding[] {
  const findings: Finding[] = [];
  if (base?.model && !head?.model) {
    findings.push({
      weight: "blocks",
      says: `This change takes away the threat model of ${name}: ${base.model.files.map((file) => `\`${file}\``).join(", ")} can no longer be read as one.`,
      place: { path: base.model.files[0] ?? "" },
      next: "Put the model back, or name its new place in the policy.",
    });
  }
  const touched = new Set(snapshot.files.map(({ filename }) => filename));
  const before = new Set((base?.problems ?? []).map(({ path, what }) => `${path}\u0000${what}`));
  for (const problem of head?.problems ?? []) {
    if (
      problem.severity !== "error" ||
      !touched.has(problem.path) ||
      before.has(`${problem.path}\u0000${problem.what}`)
    )
      continue;
    findings.push({
      weight: "blocks",
      says: `The threat model is not valid. ${showPlace(problem)}: ${problem.what}`,
      place: problem.line === undefined ? { path: problem.path } : { path: problem.path, line: problem.line },
      next: problem.hint,
    });
  }
  return findings;
}

function uncoveredChanges(system: JudgedSystem, ground: FindingsGround): readonly Finding[] {
  return system.uncovered.flatMap((index): Finding[] => {
    const change = ground.changes[index];
    if (!change) return [];
    const place = change.line === undefined ? { path: change.path } : { path: change.path, line: change.line };
    if (!system.head?.model) {
      return [
        {
          weight: "blocks",
          says: `${change.says} is not in a threat model, because ${system.name} has none.`,
          place,
          next: addAThreatModel,
        },
      ];
    }
    const asked = ground.checklists.find((checklist) => checklist.change === index);
    const draft = draftOf(change, asked, system.head.model);
    const grave = asked?.threats.filter(({ risk }) => atLeast(risk, ground.policy.riskThreshold)) ?? [];
    // Nobody was asked about one of many; it weighs as those of its kind that were.
    const siblings = ground.checklists.filter((checklist) => ground.changes[checklist.change]?.rule === change.rule);
    const graveOfKind =
      change.behind &&
      siblings.some(({ threats }) => threats.some(({ risk }) => atLeast(risk, ground.policy.riskThreshold)));
    const blocks =
      change.mode === "block" && (grave.length > 0 || graveOfKind === true || (asked === undefined && !change.behind));
    return [
      {
        weight: change.mode === "monitor" ? "told" : blocks ? "blocks" : "short",
        says: `${change.says} is ${draft === undefined ? "not in the threat model" : "only drafted in the threat model"}.`,
        place,
        next:
          draft === undefined
            ? `Add ${change.element.name} to the model, or answer its questions.`
            : `Read what stands there about ${change.element.name}, correct it, and take \`${draft}\` out of \`drafts\`.`,
      },
    ];
  });
}

/** The id of a part of the model that speaks of the change and is a draft that nobody has confirmed. */
function draftOf(change: Change, checklist: Checklist | undefined, model: ThreatModel): string | undefined {
  const names = new Set([
    change.element.name,
    ...(checklist?.threats ?? []).flatMap(({ id, element }) => [id, element.id]),
  ]);
  const keys = new Set([...names].map(nameKey));
  const element = model.elements.find(({ id, name }) => keys.has(nameKey(id)) || keys.has(nameKey(name)));
  return model.drafts.find((id) => id === element?.id || keys.has(nameKey(id)));
}

/** Threats that are open now and were not there, or not open, at the base. */
function newOpenThreats(system: JudgedSystem, { policy }: FindingsGround): readonly Finding[] {
  const before = new Map(system.baseStatuses.map((judged) => [judged.threat.id, judged]));
  const lost = new Set(system.lost.map(({ threat }) => threat.id));
  return system.statuses.flatMap(({ threat, status, why }): Finding[] => {
    if (status !== "open" && status !== "unknown") return [];
    if (threat.risk === undefined || !atLeast(threat.risk, policy.riskThreshold) || lost.has(threat.id)) return [];
    const earlier = before.get(threat.id) ?? before.get(renamedFrom(threat.id, system.difference.renamed));
    const wasOpen =
      earlier &&
      (earlier.status === "open" || earlier.status === "unknown") &&
      earlier.threat.risk !== undefined &&
      atLeast(earlier.threat.risk, policy.riskThreshold);
    // A claim that does not hold is told by itself; what was open before is old debt.
    if (wasOpen || why !== undefined) return [];
    return [
      {
        weight: "blocks",
        says: `Threat \`${threat.id}\` (${threat.title}, ${threat.risk}) is open.`,
        place: threat.place,
        next: `Mitigate it with a control, or have its risk accepted: \`/threat accept ${threat.id} until <date> because <reason>\`.`,
      },
    ];
  });
}

function renamedFrom(id: string, renamed: ReadonlyMap<string, string>): string {
  for (const [before, after] of renamed) if (after === id) return before;
  return id;
}

/** Claims of this difference that nothing makes true (H069, H074, H075). */
function emptyClaims(system: JudgedSystem): readonly Finding[] {
  const before = new Map(system.baseStatuses.map((judged) => [judged.threat.id, judged.why]));
  const claims = system.statuses.flatMap(({ threat, why }): Finding[] => {
    if (why === undefined || before.get(threat.id) === why) return [];
    return [
      { weight: "blocks", says: why, place: threat.place, next: "Give it what it lacks, or set its status to `open`." },
    ];
  });
  const awaiting = system.awaiting.map(
    ({ threat, says }): Finding => ({ weight: "act", says, place: threat.place, next: "Ask for that review." }),
  );
  return [...claims, ...awaiting];
}

/** Mitigations and threats that the base had. A deletion passes with an architect's approval and its reason (H072). */
function lostThreats(system: JudgedSystem, { review }: FindingsGround): readonly Finding[] {
  return system.lost.map(({ threat, what, elementIsGone }): Finding => {
    if (review.architectsReason !== undefined)
      return { weight: "told", says: `${what} A Security Architect approved that with a reason.`, place: threat.place };
    return {
      weight: elementIsGone ? "act" : "blocks",
      says: what,
      place: threat.place,
      next: "Put it back, or have a Security Architect approve this commit with the reason in the review.",
    };
  });
}

function reusedIds(system: JudgedSystem): readonly Finding[] {
  return system.difference.reused.map(({ before, after }) => ({
    weight: "blocks",
    says: `The id \`${after.id}\` named "${before.title}" and now names "${after.title}".`,
    place: after.place,
    next: "Give the new threat an id of its own; issues and answers follow the id.",
  }));
}

/** Deliverables that were complete at the base and are not any more. */
function lostDeliverables(system: JudgedSystem): readonly Finding[] {
  if (!system.head?.model) return [];
  const lost = deliverableIds.filter(
    (id) => isComplete(system.baseDeliverables[id]) && !isComplete(system.deliverables[id]),
  );
  return lost.map((id): Finding => {
    const [first] = system.deliverables[id].lacking;
    return {
      weight: "short",
      says: `This change leaves the ${deliverableNames[id]} incomplete, which was complete before.`,
      ...(first?.place && { place: first.place }),
      ...(first && { next: first.says }),
    };
  });
}
