import type {
  Account,
  ChangedFile,
  PullRequestFacts,
  Review,
  Snapshot,
  TeamReading,
} from "../../src/core/domain/snapshot.ts";
import type { Timeline } from "../../src/core/domain/timeline.ts";

/* Builders that start valid: a test bends the one thing it is about. */

/** The commit that is judged in every snapshot of these builders. */
export const headCommit = "3f9c2e1b7a604d58c9e1f2a3b4c5d6e7f8091a2b";
/** A commit of the same pull request before it. */
export const earlierCommit = "81b0c7d2e3f4a5968778695a4b3c2d1e0f9a8b7c";

/** A person with an account of GitHub; the number is made from the login, so that two logins are two accounts. */
export function anAccount(login: string, bend: Partial<Account> = {}): Account {
  return { login, id: numberOf(login), type: "User", ...bend };
}

function numberOf(login: string): number {
  let number = 7;
  for (let index = 0; index < login.length; index++) number = number * 31 + login.charCodeAt(index);
  return number;
}

/** An approval of the head by somebody who may push. */
export function aReview(login: string, bend: Partial<Review> = {}): Review {
  return {
    author: anAccount(login),
    state: "APPROVED",
    commit: headCommit,
    submittedAt: "2026-03-04T10:00:00Z",
    canPush: true,
    body: "",
    ...bend,
  };
}

/** Members of a team, all known. */
export function aTeam(team: string, logins: readonly string[]): TeamReading {
  return { team, members: { outcome: "present", accounts: logins.map((login) => anAccount(login)) } };
}

/** An open pull request by sam, approved by the architect dana and the peer lee. */
export function aPullRequest(bend: Partial<PullRequestFacts> = {}): PullRequestFacts {
  return {
    number: 831,
    title: "Export reports to a bucket",
    author: anAccount("sam"),
    state: "open",
    isDraft: false,
    isFork: false,
    baseBranch: "main",
    contributors: [anAccount("sam")],
    contributorsComplete: true,
    reviews: [aReview("dana"), aReview("lee")],
    siblings: [],
    ...bend,
  };
}

/** One changed file of Terraform. */
export function aChangedFile(filename: string, bend: Partial<ChangedFile> = {}): ChangedFile {
  return {
    filename,
    status: "modified",
    additions: 1,
    deletions: 0,
    changes: 1,
    patch: "@@ -1,1 +1,2 @@\n a\n+b",
    ...bend,
  };
}

/** A history in which the model was last updated on 2026-02-20 and covers everything. */
export function aTimeline(bend: Partial<Timeline> = {}): Timeline {
  return {
    state: "complete",
    verifiedByGitHub: true,
    entries: [{ kind: "update", at: "2026-02-20T09:00:00Z", reference: "#790", concerns: ["web"] }],
    ...bend,
  };
}

/** A pull request of an organisation's repository, judged on 2026-03-04, that changes `infra/export.tf`. */
export function aSnapshot(bend: Partial<Snapshot> = {}): Snapshot {
  const files = [aChangedFile("infra/export.tf")];
  return {
    now: "2026-03-04T12:00:00Z",
    door: "app",
    repository: {
      id: 4711,
      owner: "acme",
      name: "exports",
      ownerIsOrganisation: true,
      defaultBranch: "main",
      isPrivate: true,
      isArchived: false,
      hasIssues: true,
    },
    pullRequest: aPullRequest(),
    base: earlierCommit,
    head: headCommit,
    files,
    filesTotal: bend.files?.length ?? files.length,
    headTexts: [],
    baseTexts: [],
    headPaths: ["infra/export.tf", "threat-model.yaml"],
    headPathsComplete: true,
    models: [{ path: "threat-model.yaml", text: "schemaVersion: 1\n" }],
    baseModels: [],
    policy: { repository: { path: ".github/threatgate.yml", reading: { outcome: "absent" } } },
    teams: [aTeam("security-architects", ["dana", "ines"])],
    timeline: aTimeline(),
    notRead: [],
    ...bend,
  };
}

/** The same after its merge to the default branch. */
export function aMergedSnapshot(bend: Partial<Snapshot> = {}): Snapshot {
  return aSnapshot({ pullRequest: aPullRequest({ state: "merged", mergedAt: "2026-03-04T11:00:00Z" }), ...bend });
}
