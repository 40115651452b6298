import type { Snapshot } from "../core/domain/snapshot.ts";
import { nextChangeByTime, nextEndOfAcceptance, verdictOf } from "../core/next-change.ts";
import type { WakeUp } from "../shell/event.ts";
import { sendNotice } from "../shell/queue/notices.ts";
import type { Outcome } from "../shell/run.ts";
import type { Database } from "../shell/store/database.ts";
import { keepMerged } from "../shell/store/default-branches.ts";
import { keepAcceptance } from "../shell/store/due.ts";
import { forgetOpen, keepOpen } from "../shell/store/open-pull-requests.ts";
import { keepOtherTracker } from "../shell/store/other-tracker.ts";
import { seeRepository } from "../shell/store/repositories.ts";

/** What has to be remembered of a pull request so that it is judged again when something else than itself changes. */
type Judged = Pick<Outcome, "assessment" | "snapshot" | "timeline" | "desired">;

/**
 * Remembers an open pull request with what its verdict rests on, and when time alone may change it; forgets one that is
 * open no more. After a merge it remembers when the first accepted risk ends, and has the pull requests judged again that
 * were judged by a policy that the merge changed.
 */
export async function rememberForAgain(database: Database, judged: Judged, { id, subject }: WakeUp): Promise<void> {
  const { snapshot } = judged;
  const { repository, pullRequest } = snapshot;
  const { installation } = subject;
  if (repository.id === undefined || !pullRequest || installation === undefined) return;
  const place = { installation, owner: repository.owner, number: pullRequest.number, repository: repository.name };
  await seeRepository(database.kysely, { id: repository.id, installation, owner: place.owner, name: repository.name });
  if (pullRequest.state === "open") {
    const due = nextChangeByTime(judged);
    await keepOpen(database.kysely, {
      ...place,
      repositoryId: repository.id,
      head: snapshot.head,
      baseBranch: pullRequest.baseBranch,
      teams: snapshot.teams.map(({ team }) => team),
      people: reviewersIn(snapshot),
      judged: snapshot.now,
      ...(due === undefined ? {} : { due }),
      verdict: verdictOf(judged.assessment),
      incidentLabel: judged.assessment.policy.incidents.label,
    });
    return;
  }
  await forgetOpen(database.kysely, repository.id, pullRequest.number);
  if (pullRequest.state !== "merged" || pullRequest.baseBranch !== repository.defaultBranch) return;
  await keepOtherTracker(
    database.kysely,
    repository.id,
    judged.desired.issuesIn && { ...place, place: judged.desired.issuesIn },
  );
  const incidentLabel = judged.assessment.policy.incidents.label;
  const merged = { number: pullRequest.number, at: pullRequest.mergedAt ?? snapshot.now, incidentLabel };
  await keepMerged(database.kysely, repository.id, merged);
  const due = nextEndOfAcceptance(judged.assessment);
  await keepAcceptance(database.kysely, repository.id, due === undefined ? undefined : { ...place, due });
  if (!changesPolicy(snapshot)) return;
  const isOrganisation = repository.name === ".github";
  const notice = { kind: "policy-changed", owner: repository.owner } as const;
  await sendNotice(database.boss, isOrganisation ? notice : { ...notice, repositoryId: repository.id }, id);
}

/** Everybody whose review was weighed: should they leave a team, or join one, it weighs otherwise. */
function reviewersIn({ pullRequest }: Snapshot): readonly number[] {
  return [...new Set((pullRequest?.reviews ?? []).flatMap(({ author }) => author?.id ?? []))];
}

/** Policy and rules of its own stand side by side: `.github/threatgate.yml` and `.github/threatgate/`. */
function changesPolicy({ files }: Snapshot): boolean {
  return files.some(({ filename, previous_filename: before }) =>
    [filename, before ?? ""].some((path) => /^\.github\/threatgate(?:\.ya?ml$|\/)/.test(path)),
  );
}
