import type { EvidenceReading } from "./evidence.ts";
import type { IssueClosing } from "./observed.ts";
import type { Account, NamedAccount, PushersReading, Review, TeamReading } from "./people.ts";
import type { NotInspected } from "./problem.ts";
import type { Timeline } from "./timeline.ts";

export type { Account, NamedAccount, PushersReading, Review, TeamReading } from "./people.ts";

/** One entry of GitHub's "list pull request files" answer. https://docs.github.com/rest/pulls/pulls#list-pull-requests-files */
export interface ChangedFile {
  readonly filename: string;
  readonly status: "added" | "removed" | "modified" | "renamed" | "copied" | "changed" | "unchanged";
  readonly additions: number;
  readonly deletions: number;
  readonly changes: number;
  readonly previous_filename?: string;
  /** Absent for binary files, renames without edits and very long patches. */
  readonly patch?: string;
  /** The id of its content, of an added or renamed file without lines alone: only ids tell whether that is all that happened to it. */
  readonly sha?: string;
  /** The id of the content that it had under its former name; absent where that is not known. */
  readonly previous_sha?: string;
}

/**
 * Whether a file was renamed and nothing else. No lines say nothing: of content that git takes for binary none are ever
 * counted, so both sides must be the same by their ids (H077).
 */
export function isRenameAlone({ status, changes, sha, previous_sha }: ChangedFile): boolean {
  return status === "renamed" && changes === 0 && sha !== undefined && sha === previous_sha;
}

/** The id that git gives the empty content (SHA-1). */
export const emptyContent = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391";
/** The same in a repository of the newer format (SHA-256). */
const emptyContentOfSha256 = "473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813";

/** Whether a file is new and holds nothing, as its id says. */
export function isEmptyAddition({ status, changes, sha }: ChangedFile): boolean {
  return status === "added" && changes === 0 && (sha === emptyContent || sha === emptyContentOfSha256);
}

/** The whole text of one file at one side. */
export interface FileText {
  readonly path: string;
  readonly text: string;
}

/**
 * How reading one file ended; the ways are kept apart (H016): there, surely not there, not allowed to look, could not be
 * read this time, not fit to be read, and `unseen`: GitHub answers alike for what is not there and for what we may not
 * know of, and nothing else tells which it is.
 */
export type FileReading =
  | { readonly outcome: "present"; readonly text: string }
  | { readonly outcome: "absent" }
  | { readonly outcome: "denied"; readonly needs: string; readonly why?: string }
  | { readonly outcome: "unseen"; readonly why: string; readonly next: string }
  | { readonly outcome: "failed"; readonly why: string }
  | { readonly outcome: "refused"; readonly why: string };

/** Rule files that stand beside a policy, of the same commit. */
export interface OwnRuleTexts {
  /** At most as many as are read; their paths are those in their repository. */
  readonly files: readonly FileText[];
  /** Rule files that are there and were not read, with the reason. */
  readonly notRead: readonly NotInspected[];
}

/** A policy file of one repository, and the rules of its own beside it. */
export interface PolicyText {
  readonly path: string;
  readonly commit?: string;
  readonly reading: FileReading;
  /** Whether the repository that holds it is private; absent where that does not matter or is not known. */
  readonly isPrivate?: boolean;
  /** Absent where there are none. */
  readonly rules?: OwnRuleTexts;
}

/** The policy files as read from default branches; never from the pull request. */
export interface PolicyTexts {
  /** Absent from a user-owned repository and from a local checkout without `--policy`. */
  readonly organisation?: PolicyText;
  readonly repository: PolicyText;
}

/**
 * The custom properties that an organisation gave a repository, each with its values; or why they are not known.
 * https://docs.github.com/organizations/managing-organization-settings/managing-custom-properties-for-repositories-in-your-organization
 */
export type PropertiesReading =
  | { readonly outcome: "present"; readonly values: Readonly<Record<string, readonly string[]>> }
  | { readonly outcome: "unknown"; readonly why: string };

export interface RepositoryFacts {
  readonly id?: number;
  readonly owner: string;
  readonly name: string;
  /** Whether the owner is an organisation; user-owned repositories have no teams. */
  readonly ownerIsOrganisation: boolean;
  readonly defaultBranch: string;
  readonly isPrivate: boolean;
  readonly isArchived: boolean;
  readonly hasIssues: boolean;
  /** Read only where the policy asks for them. */
  readonly properties?: PropertiesReading;
}

export interface PullRequestFacts {
  readonly number: number;
  readonly title: string;
  readonly author?: Account;
  readonly state: "open" | "closed" | "merged";
  readonly isDraft: boolean;
  readonly isFork: boolean;
  readonly baseBranch: string;
  /** The branch that its commits stand on: in the fork, of one that comes from a fork. */
  readonly headBranch?: string;
  readonly mergedAt?: string;
  readonly mergedBy?: string;
  /** All authors and committers of its commits that GitHub knows; `contributorsComplete` says whether all were read. */
  readonly contributors: readonly Account[];
  readonly contributorsComplete: boolean;
  /** Ids of its commits, as far as they were read. */
  readonly commits?: readonly string[];
  /** Absent until an approval makes it matter: GitHub tells it only when asked apart. */
  readonly pushers?: PushersReading;
  readonly reviews: readonly Review[];
  /** Other open pull requests whose head is the same commit. */
  readonly siblings: readonly { readonly number: number; readonly baseBranch: string }[];
  /** False where GitHub's list of them was cut. */
  readonly siblingsComplete?: boolean;
}

/** What another repository of the same owner holds of a system's model, on its default branch; or why that is not known. */
export interface ModelsElsewhere {
  /** Its name; the owner is that of the repository that is judged. */
  readonly repository: string;
  readonly reading:
    | {
        readonly outcome: "present";
        readonly isPrivate: boolean;
        readonly branch: string;
        /** The head of its default branch; empty, like the branch, where it has no commit. */
        readonly commit: string;
        /** Paths that were looked for, there or not. */
        readonly asked: readonly string[];
        /** Paths of its tree that were seen beside these. */
        readonly paths: readonly string[];
        readonly models: readonly FileText[];
        readonly notRead: readonly NotInspected[];
        /** The latest steps that touched these models, oldest first; absent until they were asked for. */
        readonly touches?: readonly HistoryStep[];
      }
    | { readonly outcome: "unknown"; readonly why: string; readonly next: string };
}

/** What is wanted of a repository that holds the model of a system it shares with the one that is judged. */
export interface ElsewhereNeeds {
  readonly repository: string;
  /** Exact paths to look for; what was looked for before is not named again. */
  readonly paths: readonly string[];
  /** Set where all models were found: the latest steps that touched these are wanted. */
  readonly touchesOf?: readonly string[];
}

/** What of a default branch's history is wanted: every step since the models were last touched. */
export interface HistoryWanted {
  /** Paths of model files, one group for each system. */
  readonly models: readonly (readonly string[])[];
  /** How many touches of each group to go back: more where the last one was no update in substance (H068). */
  readonly touches: number;
  /** Every step since this instant as well, whatever it touched: models that stand elsewhere were last updated then. */
  readonly since?: string;
  /** Files of steps that were read already, whose whole text after the step is wanted. */
  readonly texts?: readonly { readonly commit: string; readonly paths: readonly string[] }[];
}

/** One step that touched model files, with their whole texts on both sides. */
export interface ModelTouch {
  readonly before: readonly FileText[];
  readonly after: readonly FileText[];
}

/** How far back the steps of a history go. */
export interface HistoryReach {
  /** The number of touches of each group that was asked for. */
  readonly touches: number;
  /** Whether the history goes on before the oldest step, so that more could be asked for. */
  readonly goesOn: boolean;
  /** The touches that were met on the way. */
  readonly met: readonly ModelTouch[];
}

/** One step of a default branch's own history: a merge, or a first-parent commit of a local checkout. */
export interface HistoryStep {
  /** The commit, or `#12` for a merged pull request. */
  readonly reference: string;
  /** The whole id of the commit that the default branch pointed to after the step. */
  readonly commit: string;
  /** When it reached the default branch. */
  readonly at: string;
  readonly title: string;
  readonly files: readonly ChangedFile[];
  /** Whole texts after the step, of those files whose structure is compared; absent until they were asked for. */
  readonly headTexts?: readonly FileText[];
  /** Set where nobody but the commit's author vouches for `at`. */
  readonly unverified?: true;
  /** Whole texts of the model files this step touched, before and after. */
  readonly modelsBefore: readonly FileText[];
  readonly modelsAfter: readonly FileText[];
}

/** One pull request as it is judged by the policy in force, and as it would be after a change of the policy. */
export interface TriedPullRequest {
  /** `owner/name#12`. */
  readonly reference: string;
  readonly before: string;
  readonly after: string;
  /** The first reason of the verdict after; empty where the verdict stays. */
  readonly why: string;
}

/** A change of the policy, tried on recent pull requests. */
export interface PolicyTrial {
  readonly tried: readonly TriedPullRequest[];
  /** What was not looked at, one sentence each. */
  readonly notLooked: readonly string[];
}

/** What changed between an approved commit and the head; `unknown` where the one does not lead to the other. */
export interface SinceApproval {
  readonly commit: string;
  readonly files: readonly ChangedFile[] | "unknown";
}

/** Everything that was read before judging, frozen. Judging reads nothing else; `now` is its only clock. */
export interface Snapshot {
  /** ISO instant in UTC: GitHub's `Date`, or the option `--as-of`. */
  readonly now: string;
  readonly door: "app" | "action" | "cli";
  readonly repository: RepositoryFacts;
  /** Absent for a local checkout. */
  readonly pullRequest?: PullRequestFacts;
  /** Commit ids; in a local checkout the head may be `working tree`. */
  readonly base: string;
  readonly head: string;
  readonly files: readonly ChangedFile[];
  /** Number of changed files as GitHub counts them; more than `files.length` means the list was cut. */
  readonly filesTotal: number;
  /** Whole texts of changed files where needed. A missing base text is derived by reversing the patch. */
  readonly headTexts: readonly FileText[];
  readonly baseTexts: readonly FileText[];
  /** All paths of the head tree, or those of the folders where models live; used to find models and components. */
  readonly headPaths: readonly string[];
  /** Whether `headPaths` is the whole tree. */
  readonly headPathsComplete: boolean;
  /** Texts of the model files at the head, the changed ones included. */
  readonly models: readonly FileText[];
  /** The same files at the base, where they differ from the head. */
  readonly baseModels: readonly FileText[];
  readonly policy: PolicyTexts;
  readonly teams: readonly TeamReading[];
  /** Accounts that the policy names by login alone; absent until they were asked for, without those of which nothing is known. */
  readonly accounts?: readonly NamedAccount[];
  readonly timeline: Timeline;
  /** Steps from which the rest of the timeline is computed, oldest first; absent when `timeline` is all there is. */
  readonly history?: readonly HistoryStep[];
  /** How far back those steps go. */
  readonly historyReach?: HistoryReach;
  /** When the difference was begun: the opening of the pull request, the commit of the base in a clone. */
  readonly begunAt?: string;
  /** Models that the policy says stand in other repositories, where they were needed. */
  readonly elsewhere?: readonly ModelsElsewhere[];
  /** Alerts of scanners and incidents, where they were needed. */
  readonly evidence?: EvidenceReading;
  /** Issues of threats that people closed in a tracker beside GitHub, as they were seen last; absent where there is none. */
  readonly closings?: readonly IssueClosing[];
  /** Set where the pull request changes the policy and that was tried. */
  readonly policyTrial?: PolicyTrial;
  /** Files that could not be read, with the reason. */
  readonly notRead: readonly NotInspected[];
  /** What was pushed since earlier commits that somebody approved, where the policy asks for it. */
  readonly since?: readonly SinceApproval[];
  /** Fingerprints of our questions whose threads are open, oldest first: what is still true of them keeps its place. */
  readonly asked?: readonly string[];
}
