import type { ReviewVerdict } from "../domain/assessment.ts";
import type { ModelAcceptance } from "../domain/model-decisions.ts";
import type { Policy } from "../domain/policy.ts";
import type { PullRequestFacts } from "../domain/snapshot.ts";
import type { ThreatStatus } from "../domain/threat.ts";
import { formatAt, type ModelControl, type ModelThreat, type ThreatModel } from "../domain/threat-model.ts";
import { isPlaceholder, isSubstantive } from "../text/placeholders.ts";
import { dayOf, showDay, showDays } from "./days.ts";

/** The status of one threat as far as the model makes it true. */
export interface JudgedStatus {
  readonly threat: ModelThreat;
  readonly status: ThreatStatus;
  /** Why the stated status does not count; absent when it does. */
  readonly why?: string;
  /** Set for an acceptance that is complete but still lacks its approver's review of this commit. */
  readonly awaits?: string;
}

export interface StatusGround {
  readonly policy: Policy;
  readonly now: string;
  readonly author?: PullRequestFacts["author"];
}

/**
 * What the threats' stated statuses are worth (H069, H074, H075). `mitigated` needs a control that exists and is in
 * place, `accepted` a full and unexpired acceptance by somebody else than the author, `not-applicable` a reason; a part
 * drafted by a machine and not yet confirmed is worth nothing. Otherwise the threat is open, and `why` says so.
 */
export function judgeStatuses(model: ThreatModel, ground: StatusGround): readonly JudgedStatus[] {
  return model.threats.map((threat) => {
    const acceptance = model.acceptances.find((one) => one.threat === threat.id);
    const why = faultOf(threat, acceptance, model, ground);
    if (why !== undefined) return { threat, status: "open", why: `\`${threat.id}\` counts as open: ${why}` };
    return { threat, status: threat.status };
  });
}

function faultOf(
  threat: ModelThreat,
  acceptance: ModelAcceptance | undefined,
  model: ThreatModel,
  ground: StatusGround,
): string | undefined {
  if (threat.status === "open" || threat.status === "unknown") return undefined;
  if (model.drafts.includes(threat.id)) return "it is a draft that nobody has confirmed yet.";
  if (threat.status === "accepted") return faultOfAcceptance(threat, acceptance, ground);
  if (threat.status === "mitigated") return faultOfMitigation(threat, model);
  return isSubstantive(threat.reason) ? undefined : "it is set aside as not applicable without a reason.";
}

function faultOfMitigation(threat: ModelThreat, model: ThreatModel): string | undefined {
  const named = threat.controls.map((id) => ({ id, control: model.controls.find((control) => control.id === id) }));
  if (named.some(({ control }) => control !== undefined && isInPlace(control, model))) return undefined;
  const [first] = named;
  if (!first) {
    if (formatAt(model, threat.place) !== "native" && isSubstantive(threat.mitigation)) return undefined;
    return "it is called mitigated and names no control.";
  }
  if (!first.control) return `its control \`${first.id}\` does not exist.`;
  if (model.drafts.includes(first.id)) return `its control \`${first.id}\` is a draft that nobody has confirmed yet.`;
  if (hasShamEvidence(first.control)) return `its control \`${first.id}\` has a placeholder for evidence.`;
  return `its control \`${first.id}\` is only ${first.control.status ?? "named"}, not implemented.`;
}

/** Formats whose controls have no status say by the threat's own status that they are in place. */
function isInPlace(control: ModelControl, model: ThreatModel): boolean {
  if (model.drafts.includes(control.id) || hasShamEvidence(control)) return false;
  if (control.status === undefined) return formatAt(model, control.place) !== "native";
  return control.status === "implemented" || control.status === "verified";
}

/** "TODO", "link here": evidence that is named and says nothing. A control that names none claims none. */
function hasShamEvidence({ evidence }: ModelControl): boolean {
  return evidence.length > 0 && evidence.every(isPlaceholder);
}

function faultOfAcceptance(
  threat: ModelThreat,
  acceptance: ModelAcceptance | undefined,
  ground: StatusGround,
): string | undefined {
  if (!acceptance) return "it is called accepted and no acceptance is recorded.";
  const { approver, until } = acceptance;
  if (!isSubstantive(acceptance.reason ?? threat.reason)) return "its acceptance gives no reason.";
  if (approver === undefined || approver.trim() === "") return "its acceptance names no approver.";
  if (ground.author && loginOf(approver) === ground.author.login.toLowerCase()) {
    return `its acceptance is approved by ${approver}, who is the author of this change.`;
  }
  const today = dayOf(ground.now);
  const end = until === undefined ? undefined : dayOf(until);
  if (end === undefined || today === undefined) return "its acceptance has no date until which it holds.";
  if (end < today) return `its acceptance ended on ${showDay(end)} (${showDays(today - end)} ago).`;
  const most = ground.policy.acceptance.maxDays;
  if (end - today > most)
    return `its acceptance runs until ${showDay(end)}, ${showDays(end - today)} from now; at most ${showDays(most)} are allowed.`;
  if (acceptance.compensating === undefined || acceptance.compensating.trim() === "")
    return "its acceptance does not say under `compensating` what holds the risk down meanwhile, or `none`.";
  const look = acceptance.review === undefined ? undefined : dayOf(acceptance.review);
  if (look === undefined) return "its acceptance names no day under `review` on which it is looked at again.";
  if (look > end) return `its acceptance is looked at again on ${showDay(look)}, after it ends.`;
  if (look < today)
    return `its acceptance was to be looked at again on ${showDay(look)} (${showDays(today - look)} ago).`;
  return undefined;
}

/**
 * Acceptances that this difference adds or changes must be approved by their approver's own review of the head commit.
 * Those that were there before were approved then. The sentence says whose review is awaited.
 */
export function acceptancesAwaitingReview(
  statuses: readonly JudgedStatus[],
  head: ThreatModel,
  base: ThreatModel | undefined,
  review: ReviewVerdict,
  policy: Policy,
): readonly { readonly threat: ModelThreat; readonly says: string }[] {
  return statuses.flatMap(({ threat, status }) => {
    if (status !== "accepted") return [];
    const acceptance = head.acceptances.find((one) => one.threat === threat.id);
    const earlier = base?.acceptances.find((one) => one.threat === threat.id);
    const wasAccepted = base?.threats.some((one) => one.id === threat.id && one.status === "accepted") ?? false;
    if (!acceptance || (earlier && wasAccepted && isSameAcceptance(acceptance, earlier))) return [];
    const approver = loginOf(acceptance.approver ?? "");
    const roles =
      threat.risk === undefined || threat.risk === "note" ? [] : (policy.acceptance.approvers[threat.risk] ?? []);
    const onlyArchitects = !roles.some((role) => role !== "security-architect");
    const who = onlyArchitects ? review.architects : [...review.architects, ...review.peers];
    if (who.some(({ account }) => account.login.toLowerCase() === approver)) return [];
    const as = onlyArchitects ? " as Security Architect" : "";
    return [
      {
        threat,
        says: `The acceptance of \`${threat.id}\` needs the approving review of @${approver || "its approver"}${as} on this commit.`,
      },
    ];
  });
}

function isSameAcceptance(one: ModelAcceptance, other: ModelAcceptance): boolean {
  return (
    one.until === other.until &&
    one.approver === other.approver &&
    one.reason === other.reason &&
    one.compensating === other.compensating &&
    one.review === other.review
  );
}

/** `@dana`, `dana#583231` and `dana (Security Architect)` all name the login `dana`. */
function loginOf(approver: string): string {
  return (/^@?([A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)/.exec(approver.trim())?.[1] ?? "").toLowerCase();
}
