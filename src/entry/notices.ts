import type { Notice, WakeUp } from "../shell/event.ts";
import type { Database } from "../shell/store/database.ts";
import { noteBranchEvidence } from "../shell/store/default-branches.ts";
import { askOnboardingAgain, awaitOnboarding } from "../shell/store/onboarding.ts";
import {
  forgetOpen,
  noteEvidence,
  openAt,
  openOf,
  openUnder,
  restingOn,
  wakeUpFor,
} from "../shell/store/open-pull-requests.ts";
import { markReleases } from "../shell/store/releases.ts";
import { renameOwner } from "../shell/store/renamed-owner.ts";
import { joinRepository, leaveRepositories } from "../shell/store/repositories.ts";
import { closeTrial } from "../shell/store/trials.ts";

const day = 86_400_000;

/** Why a pull request is judged again whose owner granted more: what was remembered of the installation is out of date. */
export const permissionsChanged = "permissions.changed";

/** How a notice is taken. */
export interface Taking {
  /** Days after which the data of repositories that we left are erased. */
  readonly graceDays: number;
  /** By the database's clock, when it was taken first: only what was being written then is looked at. Left out: all is. */
  readonly noticed?: string;
  /** Milliseconds; left out, the machine's own. */
  readonly now?: number;
}

/**
 * What a notice means for our records, and which pull requests have to be judged again because of it. Done twice it is as
 * done once.
 */
export async function takeNotice(
  { kysely: db }: Database,
  notice: Notice,
  id: string,
  { graceDays, noticed, now = Date.now() }: Taking,
): Promise<readonly WakeUp[]> {
  switch (notice.kind) {
    case "people-changed": {
      const resting = await restingOn(db, notice.organisation, notice.teams, notice.people, noticed);
      return resting.map((one) => wakeUpFor(one, "people.changed", id));
    }
    case "policy-changed": {
      if (noticed === undefined) await askOnboardingAgain(db, notice.owner, notice.repositoryId);
      const judged = await openOf(db, notice.owner, notice.repositoryId, noticed);
      return judged.map((one) => wakeUpFor(one, "policy.changed", id));
    }
    case "permissions-changed": {
      const judged = await openUnder(db, notice.installation, noticed);
      return judged.map((one) => wakeUpFor(one, permissionsChanged, id));
    }
    case "rerun-asked": {
      const judged = await openAt(db, notice.repositoryId, notice.head);
      return judged.map((one) => wakeUpFor(one, "check_suite.rerequested", id));
    }
    case "evidence-changed":
      if (noticed === undefined) await noteBranchEvidence(db, notice.repositoryId, notice.label);
      await noteEvidence(db, notice.repositoryId, notice.label, noticed);
      return [];
    case "released":
      await markReleases(db, notice.repositoryId, undefined);
      return [];
    case "closed":
      await forgetOpen(db, notice.repositoryId, notice.number);
      await closeTrial(db, notice.repositoryId, notice.number);
      return [];
    case "owner-renamed":
      await renameOwner(db, notice, now);
      return [];
    case "left": {
      const { installation, owner, repositories: ids, whole } = notice;
      await leaveRepositories(db, { installation, owner, ids, whole }, new Date(now + graceDays * day).toISOString());
      return [];
    }
    case "joined":
      for (const { id: repository, name } of notice.repositories) {
        const known = { id: repository, installation: notice.installation, owner: notice.owner, name };
        await joinRepository(db, known, new Date(now).toISOString());
        await awaitOnboarding(db, [repository]);
      }
      return [];
  }
}
