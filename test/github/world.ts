import type { Clock } from "./clock.ts";
import type { ObjectStore } from "./git/objects.ts";

/** An account of any kind. An App acts through an account of type `Bot`. */
export interface Account {
  readonly id: number;
  login: string;
  readonly type: "User" | "Bot" | "Organization";
  name: string;
  email: string;
  readonly createdAt: string;
}

export type Permission = "admin" | "maintain" | "write" | "triage" | "read" | "none";

export interface Team {
  readonly id: number;
  readonly organization: Organization;
  slug: string;
  name: string;
  privacy: "closed" | "secret";
  parent: Team | undefined;
  /** By account id. A pending member was invited and has not accepted. */
  readonly members: Map<number, { readonly role: "member" | "maintainer"; readonly state: "active" | "pending" }>;
}

export interface Organization {
  readonly account: Account;
  /** By account id. */
  readonly members: Map<number, "admin" | "member">;
  readonly teams: Team[];
  /** What every member may do in every repository. */
  basePermission: Permission;
}

export interface Label {
  readonly id: number;
  name: string;
  color: string;
  description: string | null;
}

export interface Comment {
  readonly id: number;
  author: Account | null;
  readonly app: App | undefined;
  body: string;
  readonly createdAt: string;
  updatedAt: string;
  /** Who edited it last, where anybody did. */
  editor: Account | null;
  minimized: string | undefined;
  /** Who reacted how, each pair once; left out while nobody did. */
  reactions?: { readonly by: Account; readonly content: string }[];
}

/** What an issue and a pull request have in common; they share their numbers. */
export interface Issue {
  readonly id: number;
  readonly number: number;
  title: string;
  body: string | null;
  author: Account | null;
  readonly app: App | undefined;
  state: "open" | "closed";
  stateReason: "completed" | "not_planned" | "reopened" | "duplicate" | null;
  locked: boolean;
  readonly labels: Label[];
  /** Each label that was put on, oldest first; left out while none was. */
  labelled?: { readonly label: string; readonly by: Account; readonly at: string }[];
  readonly assignees: Account[];
  readonly comments: Comment[];
  readonly createdAt: string;
  updatedAt: string;
  closedAt: string | null;
  closedBy: Account | null;
  /** Each closing and reopening, oldest first. */
  readonly turns: { readonly to: "closed" | "reopened"; readonly by: Account; readonly at: string }[];
}

export type ReviewState = "APPROVED" | "CHANGES_REQUESTED" | "COMMENTED" | "DISMISSED" | "PENDING";

export interface Review {
  readonly id: number;
  author: Account | null;
  body: string;
  state: ReviewState;
  /** The commit that the reviewer looked at; never moves. */
  readonly commit: string;
  readonly submittedAt: string;
  updatedAt: string;
  editor: Account | null;
  minimized: string | undefined;
  /** Teams that were asked for review and that this review answers for. */
  readonly onBehalfOf: readonly Team[];
}

export type Side = "LEFT" | "RIGHT";

export interface ThreadComment extends Comment {
  readonly review: Review;
  readonly inReplyTo: number | undefined;
}

/** A conversation about a place in the diff. `line` is where it stands now: absent when outdated or about the whole file. */
export interface Thread {
  readonly id: number;
  readonly path: string;
  readonly subject: "line" | "file";
  readonly side: Side;
  line: number | undefined;
  startLine: number | undefined;
  outdated: boolean;
  readonly originalLine: number | undefined;
  readonly originalStartLine: number | undefined;
  readonly originalCommit: string;
  /** The commit that `line` is a line of: re-anchored when the head moves. */
  commit: string;
  readonly diffHunk: string;
  resolvedBy: Account | null;
  resolved: boolean;
  readonly comments: ThreadComment[];
}

export interface PullRequest extends Issue {
  readonly head: { readonly repository: Repository | null; branch: string; sha: string };
  readonly base: { branch: string; sha: string };
  draft: boolean;
  merged: boolean;
  mergedAt: string | null;
  mergedBy: Account | null;
  mergeCommit: string | null;
  inMergeQueue: boolean;
  /** The commit that the merge queue made of it, and the one below. */
  queued?: { readonly base: string; readonly head: string };
  readonly reviews: Review[];
  readonly threads: Thread[];
  readonly requestedUsers: Account[];
  readonly requestedTeams: Team[];
  /** Heads it had, oldest first, with the host's milliseconds when each arrived: for serving an old one (H083). */
  readonly heads: { readonly sha: string; readonly at: number }[];
}

export interface Annotation {
  readonly path: string;
  readonly start_line: number;
  readonly end_line: number;
  readonly annotation_level: "notice" | "warning" | "failure";
  readonly message: string;
  readonly title: string | null;
  readonly raw_details: string | null;
}

export type Conclusion =
  | "action_required"
  | "cancelled"
  | "failure"
  | "neutral"
  | "success"
  | "skipped"
  | "stale"
  | "timed_out";

export interface CheckRun {
  readonly id: number;
  readonly suite: number;
  readonly app: App;
  name: string;
  readonly headSha: string;
  status: "queued" | "in_progress" | "completed";
  conclusion: Conclusion | null;
  externalId: string;
  detailsUrl: string | null;
  title: string | null;
  summary: string | null;
  text: string | null;
  readonly annotations: Annotation[];
  actions: readonly { readonly label: string; readonly description: string; readonly identifier: string }[];
  startedAt: string;
  completedAt: string | null;
  /** "Re-run all checks" put its suite back into the queue, and nothing was written to it since. */
  isRequeued?: boolean;
}

/** What an alert of any scanner has. */
interface Alert {
  readonly number: number;
  readonly at: string;
  state: "open" | "fixed" | "dismissed";
  ended?: string;
  reason?: string;
  comment?: string;
}

export interface CodeScanningAlert extends Alert {
  readonly tool: string;
  readonly rule: {
    readonly id: string;
    readonly description: string;
    readonly severity: "error" | "warning" | "note";
    readonly level?: "low" | "medium" | "high" | "critical";
    readonly tags: readonly string[];
  };
  readonly path: string;
  readonly line: number;
}

export interface SecretScanningAlert extends Alert {
  readonly type: string;
  readonly typeName: string;
  readonly path: string;
  readonly line: number;
}

export interface DependabotAlert extends Alert {
  readonly ecosystem: string;
  readonly package: string;
  readonly manifest: string;
  readonly scope: "runtime" | "development";
  readonly relationship: "direct" | "transitive" | "unknown";
  readonly advisory: string;
  readonly summary: string;
  readonly severity: "low" | "medium" | "high" | "critical";
  readonly cwes: readonly string[];
}

/** Alerts of a repository; a feature that is left out is switched off. */
export interface Alerts {
  readonly codeScanning?: CodeScanningAlert[];
  readonly secretScanning?: SecretScanningAlert[];
  readonly dependabot?: DependabotAlert[];
}

/** A release. https://docs.github.com/rest/releases/releases */
export interface Release {
  readonly id: number;
  tag: string;
  name: string | null;
  readonly author: Account;
  readonly draft: boolean;
  readonly prerelease: boolean;
  /** What the tag names. */
  readonly commit: string;
  readonly createdAt: string;
  readonly publishedAt: string | null;
}

/** A rule of a branch. https://docs.github.com/rest/repos/rules#get-rules-for-a-branch */
export interface BranchRule {
  readonly type: string;
  readonly parameters?: Readonly<Record<string, unknown>>;
}

/** One thing that was done to a branch. https://docs.github.com/rest/repos/repos#list-repository-activities */
export interface Activity {
  readonly id: number;
  readonly branch: string;
  readonly before: string;
  readonly after: string;
  readonly type: "push" | "force_push" | "branch_creation" | "branch_deletion";
  readonly actor: Account;
  readonly at: string;
}

export interface Repository {
  readonly id: number;
  alerts: Alerts;
  /** Rules of rulesets by branch. */
  readonly rules: Map<string, readonly BranchRule[]>;
  owner: Account;
  name: string;
  private: boolean;
  archived: boolean;
  deleted: boolean;
  defaultBranch: string;
  hasIssues: boolean;
  readonly parent: Repository | undefined;
  readonly store: ObjectStore;
  readonly branches: Map<string, string>;
  /** What was done to branches, oldest first. */
  readonly activities: Activity[];
  /** Issues and pull requests by number. */
  readonly issues: Map<number, Issue | PullRequest>;
  /** Numbers of issues that are here no more: where they were moved to, or that they were deleted. */
  readonly formerIssues: Map<number, { readonly repository: Repository; readonly number: number } | "deleted">;
  /** Custom properties by name. */
  readonly properties: Readonly<Record<string, string | readonly string[] | null>>;
  readonly labels: Label[];
  readonly releases: Release[];
  readonly checkRuns: CheckRun[];
  /** By account id. */
  readonly collaborators: Map<number, Permission>;
  /** By team id. */
  readonly teams: Map<number, Permission>;
  readonly createdAt: string;
  pushedAt: string;
}

export type Access = "read" | "write" | "admin";

/** Permissions of an App by GitHub's names: `{ checks: "write", contents: "read" }`. */
export type Permissions = Readonly<Record<string, Access>>;

export interface App {
  readonly id: number;
  slug: string;
  name: string;
  readonly owner: Account;
  readonly bot: Account;
  /** PEM. Several during a rotation of keys. */
  publicKeys: string[];
  webhookSecret: string;
  webhookUrl: string | undefined;
  permissions: Permissions;
  /** Events it subscribed to; `*` means every one. */
  events: readonly string[];
}

export interface Installation {
  readonly id: number;
  readonly app: App;
  readonly account: Account;
  permissions: Permissions;
  selection: "all" | "selected";
  /** Repository ids, where selected. */
  readonly repositories: Set<number>;
  suspended: boolean;
  deleted: boolean;
  readonly createdAt: string;
}

/** Something happened that Apps may be told of. The payload is drawn when it happens, not when it is sent. */
export interface Happening {
  readonly event: string;
  readonly action?: string;
  readonly repository?: Repository;
  readonly organization?: Organization;
  readonly sender: Account;
  /** Only this installation is told, whatever it selected (installation events). */
  readonly installation?: Installation;
  /** Only this App is told (its own check's buttons). */
  readonly app?: App;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** GitHub's own caps; a test may lower them to reach them. */
export interface Caps {
  filesOfPullRequest: number;
  filesOfComparison: number;
  entriesOfTree: number;
  blobOfContents: number;
  blobOfGraphql: number;
}

export interface World {
  readonly clock: Clock;
  readonly accounts: Map<number, Account>;
  readonly organizations: Map<number, Organization>;
  readonly repositories: Map<number, Repository>;
  readonly apps: App[];
  readonly installations: Installation[];
  /** Old `owner/name` in lower case to repository id. */
  readonly formerNames: Map<string, number>;
  readonly caps: Caps;
  /** For this long after a push the API shows the old head, or no files (H083). */
  lag: { milliseconds: number; files: "old" | "empty" };
  /** Where this GitHub is reached, without a slash at the end. */
  url: string;
  /** Tells Apps what happened. */
  announce(happening: Happening): void;
  /** The next id of anything; ids are unique across kinds. */
  nextId(): number;
}
