import { covers } from "./assess/currency.ts";
import { dayOf } from "./assess/days.ts";
import { nameKey } from "./assess/names.ts";
import type { EvidenceApproval, EvidenceChange, EvidenceCommit } from "./domain/evidence-report.ts";
import type { Policy } from "./domain/policy.ts";
import type { TimelineEntry } from "./domain/timeline.ts";
import { compileGlobs } from "./text/globs.ts";

/** The timeline of a repository, and what is known of the commits in it. */
export interface ChangesGround {
  /** Oldest first; may begin before the period. */
  readonly entries: readonly TimelineEntry[];
  readonly policy: Policy;
  /** ISO instants; what came after `from` and not after `to` is in the period. */
  readonly from?: string;
  readonly to: string;
  readonly commitOf: (reference: string, at: string) => EvidenceCommit;
  readonly approvalOf: (commit: EvidenceCommit) => EvidenceApproval;
}

type Asking = Extract<TimelineEntry, { kind: "change" | "incident" | "intelligence" }>;
type Answering = Extract<TimelineEntry, { kind: "update" | "review" }>;

/**
 * Each significant change, incident and advisory of the period with the update or review that covered it, or the gap; and
 * what came before the period and was still uncovered when it began. By the rule of TM-1 (`assess/currency.ts`), as it
 * stood at the end of the period.
 */
export function changesInPeriod(ground: ChangesGround): EvidenceChange[] {
  const { entries, from, to } = ground;
  const systemOf = systemOfPath(ground.policy);
  const until = (at: string): boolean => Date.parse(at) <= Date.parse(to);
  const isBefore = (at: string): boolean => from !== undefined && Date.parse(at) <= Date.parse(from);
  const answers = entries
    .filter((entry): entry is Answering => entry.kind === "update" || entry.kind === "review")
    .filter(({ at }) => until(at))
    .map((entry) => ({ entry, time: Date.parse(entry.at) }))
    .toSorted((one, other) => one.time - other.time);
  const last = dayOf(to) ?? 0;
  return entries
    .filter((entry): entry is Asking => entry.kind !== "update" && entry.kind !== "review")
    .filter(({ at }) => until(at))
    .toSorted((one, other) => Date.parse(one.at) - Date.parse(other.at))
    .flatMap((entry): EvidenceChange[] => {
      const system = entry.system ?? (entry.kind === "change" ? systemOf(entry.path) : undefined);
      const asked = Date.parse(entry.at);
      const answer = answers.find(
        // What plainly came before is not looked at: a year holds many updates.
        (one) => !(one.time < asked) && isOfSystem(one.entry, system) && covers(one.entry, entry),
      )?.entry;
      if (isBefore(entry.at) && (answer === undefined ? "settled" in entry : isBefore(answer.at))) return [];
      const came = ground.commitOf(entry.reference, entry.at);
      const day = dayOf(entry.at) ?? last;
      const settled = "settled" in entry ? entry.settled : undefined;
      return [
        {
          kind: entry.kind,
          what: entry.what,
          ...(entry.kind === "change" && { path: entry.path }),
          elements: entry.elements,
          ...(system !== undefined && { system }),
          came,
          state: answer ? "covered" : settled ? "settled" : "gap",
          ...(answer && {
            by: {
              kind: answer.kind,
              commit: ground.commitOf(answer.reference, answer.at),
              days: Math.max(0, (dayOf(answer.at) ?? day) - day),
            },
          }),
          ...(!answer && settled && { why: settled.why }),
          days: Math.max(0, last - day),
          approval: ground.approvalOf(came),
          isUnverified: entry.kind === "change" && entry.unverified === true,
        },
      ];
    });
}

function isOfSystem(entry: Answering, system: string | undefined): boolean {
  return entry.system === undefined || system === undefined || nameKey(entry.system) === nameKey(system);
}

/** The system of the policy that a path belongs to; undefined where the policy names none for it. */
function systemOfPath({ systems }: Policy): (path: string) => string | undefined {
  const owners = systems.map(({ name, paths }) => ({
    name,
    isGeneral: paths.length === 0,
    globs: compileGlobs(paths),
  }));
  const general = owners.find(({ isGeneral }) => isGeneral);
  return (path) => (owners.find(({ isGeneral, globs }) => !isGeneral && globs.matches(path)) ?? general)?.name;
}
