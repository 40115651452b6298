import type { EvidenceApproval, EvidenceCommit, EvidenceControl, EvidenceThreat } from "../domain/evidence-report.ts";
import { atLeast } from "../domain/risk.ts";
import type { ThreatStatus } from "../domain/threat.ts";
import type { ModelControl, ThreatModel } from "../domain/threat-model.ts";
import { resultOf } from "./results.ts";
import type { ThemesOf } from "./threat-themes.ts";

/** What the chain of every threat of one model is made from. */
export interface TraceGround {
  readonly model: ThreatModel;
  /** What each threat counts as, by its id, and why its stated status does not count. */
  readonly statuses: ReadonlyMap<string, { readonly status: ThreatStatus; readonly why?: string }>;
  readonly themesOf: ThemesOf;
  /** Updates of the model that concern a threat, oldest first, and whether the history reaches back to its beginning. */
  readonly updatesOf: (threat: string) => readonly EvidenceCommit[];
  readonly reachesBeginning: boolean;
  readonly approvalOf: (commit: EvidenceCommit | undefined) => EvidenceApproval;
  /** Whether a path is in the tree at the commit judged; undefined where the tree was not read as a whole. */
  readonly isInTree: (path: string) => boolean | undefined;
  readonly asksOwnerAndDay: boolean;
}

/** Each threat with its decision, controls, stories, validations, approval and commits, and the links that are missing. */
export function traceThreats(ground: TraceGround): EvidenceThreat[] {
  const { model } = ground;
  const drafts = new Set(model.drafts);
  const elements = new Map([...model.elements, ...model.boundaries].map(({ id, name }) => [id, name]));
  for (const { id, name } of model.flows) elements.set(id, name ?? id);
  const controls = new Map(model.controls.map((control) => [control.id, controlOf(control, drafts, ground)]));
  const stories = groupedBy(
    model.stories.flatMap((story) => story.threats.map((threat) => ({ threat, story }))),
    ({ threat }) => threat,
  );
  const validations = groupedBy(
    model.validations.filter(({ control }) => control !== undefined),
    ({ control }) => control ?? "",
  );
  return model.threats.map((threat) => {
    const judged = ground.statuses.get(threat.id) ?? { status: threat.status };
    const updates = ground.updatesOf(threat.id);
    const lastChanged = updates.at(-1);
    const own = threat.controls.map((id) => controls.get(id) ?? missingControl(id));
    const traced: EvidenceThreat = {
      id: threat.id,
      title: threat.title,
      ...(threat.element !== undefined && { element: elements.get(threat.element) ?? threat.element }),
      stride: threat.stride,
      ...(threat.impact && { impact: threat.impact }),
      ...(threat.likelihood && { likelihood: threat.likelihood }),
      ...(threat.risk && { risk: threat.risk }),
      isDraft: drafts.has(threat.id),
      where: threat.place,
      themes: ground.themesOf(threat),
      decision: {
        status: judged.status,
        stated: threat.status,
        ...(judged.why !== undefined && { why: judged.why }),
        ...(threat.reason !== undefined && { reason: threat.reason }),
      },
      ...(threat.owner !== undefined && { owner: threat.owner }),
      ...(threat.due !== undefined && { due: threat.due }),
      controls: own,
      ...(threat.controls.length === 0 && threat.mitigation !== undefined && { mitigation: threat.mitigation }),
      stories: (stories.get(threat.id) ?? []).map(({ story }) => ({
        id: story.id,
        ...(story.issue !== undefined && { issue: story.issue }),
        ...(story.need !== undefined && { need: story.need }),
        criteria: story.acceptance.length,
        isDraft: drafts.has(story.id),
      })),
      validations: [...new Set(threat.controls)].flatMap((id) =>
        (validations.get(id) ?? []).map((validation) => ({
          id: validation.id,
          control: id,
          ...(validation.kind !== undefined && { kind: validation.kind }),
          how: validation.how,
          ...(validation.result !== undefined && { result: validation.result }),
          ...(validation.date !== undefined && { date: validation.date }),
          isDraft: drafts.has(validation.id),
        })),
      ),
      approval: ground.approvalOf(lastChanged),
      ...(ground.reachesBeginning && updates[0] && { introduced: updates[0] }),
      ...(lastChanged && { lastChanged }),
      gaps: [],
    };
    return { ...traced, gaps: gapsOf(traced, ground) };
  });
}

function controlOf(
  { id, title, status, evidence }: ModelControl,
  drafts: ReadonlySet<string>,
  ground: TraceGround,
): EvidenceControl {
  return {
    id,
    title,
    ...(status && { status }),
    exists: true,
    isDraft: drafts.has(id),
    evidence: evidence.map((text) => ({ text, state: stateOfEvidence(text, ground) })),
  };
}

function missingControl(id: string): EvidenceControl {
  return { id, title: "", exists: false, isDraft: false, evidence: [] };
}

/** Evidence that looks like a path is looked for in the tree; words and addresses are only quoted. */
function stateOfEvidence(text: string, { isInTree }: TraceGround): EvidenceControl["evidence"][number]["state"] {
  if (/^https?:\/\//i.test(text)) return "address";
  const path = text.replace(/(:\d+(-\d+)?|#L\d+(-L?\d+)?)$/, "");
  if (/\s/.test(path)) return "words";
  const found = isInTree(path);
  if (found === true) return "in-tree";
  return found === false && /[/.]/.test(path) ? "not-in-tree" : "words";
}

/** What an auditor would ask for next, one sentence each. What the decision makes needless is not asked. */
function gapsOf(threat: EvidenceThreat, { asksOwnerAndDay }: TraceGround): string[] {
  const gaps: string[] = [];
  const { decision, controls, stories, validations } = threat;
  const isSettled = decision.status === "accepted" || decision.status === "not-applicable";
  if (decision.why !== undefined) gaps.push(decision.why);
  if (threat.risk === undefined) gaps.push("It is not rated.");
  if (isSettled) return gaps;
  const isOpen = decision.status !== "mitigated";
  for (const control of controls) {
    if (!control.exists) gaps.push(`Control \`${control.id}\` is not in the model.`);
    for (const { text, state } of control.evidence)
      if (state === "not-in-tree") gaps.push(`Evidence of \`${control.id}\` is not in the tree: \`${text}\`.`);
    if (!control.exists || control.isDraft) continue;
    if (control.evidence.length === 0 && control.status !== "proposed")
      gaps.push(`Control \`${control.id}\` names nothing that shows it.`);
    const own = validations.filter((validation) => validation.control === control.id && !validation.isDraft);
    if (own.length === 0) gaps.push(`Control \`${control.id}\` has no validation.`);
    else if (own.some(({ result }) => resultOf(result) === "failed"))
      gaps.push(`A validation of \`${control.id}\` failed.`);
    else if (!own.some(({ result }) => resultOf(result) === "stated"))
      gaps.push(`The validation of \`${control.id}\` has no result.`);
  }
  if (isOpen && controls.length === 0 && threat.mitigation === undefined) gaps.push("No control is planned.");
  if (stories.every(({ isDraft }) => isDraft) && (threat.risk === undefined || atLeast(threat.risk, "medium")))
    gaps.push(stories.length === 0 ? "No story." : "Its story is a draft that nobody has confirmed.");
  if (isOpen && asksOwnerAndDay) {
    if (threat.owner === undefined) gaps.push("Nobody is named under `owner` who treats it.");
    if (threat.due === undefined) gaps.push("No day under `due` by which it is treated.");
  }
  return gaps;
}

function groupedBy<Part>(parts: readonly Part[], keyOf: (part: Part) => string): Map<string, Part[]> {
  const groups = new Map<string, Part[]>();
  for (const part of parts) {
    const key = keyOf(part);
    const group = groups.get(key);
    if (group) group.push(part);
    else groups.set(key, [part]);
  }
  return groups;
}
