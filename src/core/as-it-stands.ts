import type { Assessment } from "./domain/assessment.ts";
import type { DesiredIssue } from "./domain/desired.ts";
import type { Judgement } from "./domain/judgement.ts";
import type { Snapshot } from "./domain/snapshot.ts";

/*
 * A merged pull request is judged by its own head, and that may be older than the default branch: it left before somebody
 * else changed the model, or its merge is heard of after a later one. What it brought is its own matter; whether a threat
 * is open is the default branch's, as it stands.
 */

/** Whether two snapshots hold the same models. */
export function hasSameModels(one: Snapshot, other: Snapshot): boolean {
  const textsOf = ({ models }: Snapshot) =>
    JSON.stringify(models.map(({ path, text }) => [path, text]).toSorted(([a = ""], [b = ""]) => (a < b ? -1 : 1)));
  return textsOf(one) === textsOf(other);
}

/**
 * The judgement of a merged pull request with the issues of the default branch's own models in place of those of its head.
 * What the difference itself asks, and the models do not speak of, stays.
 */
export function withIssuesOf(branch: Judgement, own: Judgement): Judgement {
  // A branch that could not be judged says nothing, and nothing is opened or closed in doubt.
  const issues = branch.assessment.couldNotEvaluate ? [] : together(own, branch);
  const issuesIn = own.desired.issuesIn ?? branch.desired.issuesIn;
  return { ...own, desired: { ...own.desired, issues, ...(issuesIn && issues.length > 0 ? { issuesIn } : {}) } };
}

function together(own: Judgement, branch: Judgement): readonly DesiredIssue[] {
  const there = threatsIn(branch.assessment);
  const here = threatsIn(own.assessment);
  const kept = own.desired.issues.filter(
    ({ threat, state }) => !isAmong(threat, there) && (state === "orphaned" || !isAmong(threat, here)),
  );
  return [...branch.desired.issues, ...kept.filter(({ threat }) => !isAmong(threat, ofIssues(branch)))];
}

const ofIssues = ({ desired }: Judgement): readonly string[] => desired.issues.map(({ threat }) => threat);

function threatsIn({ systems }: Assessment): readonly string[] {
  return systems.flatMap(({ model }) => model?.threats.map(({ id }) => id) ?? []);
}

/** Ids of ours may be written shortened, of which any beginning counts. */
function isAmong(threat: string, ids: readonly string[]): boolean {
  const wanted = threat.toLowerCase();
  return ids.some((id) => {
    const known = id.toLowerCase();
    if (known === wanted) return true;
    return /^t-[0-9a-z]{6,}$/.test(known) && (wanted.startsWith(known) || known.startsWith(wanted));
  });
}
