/** What GitHub already shows of ours. Only posts with our marker *and* by our own App or account are in here. */
export interface Observed {
  /** Our check runs on the head commit, newest first. */
  readonly checkRuns: readonly {
    readonly id: number;
    readonly name: string;
    readonly conclusion: string | null;
    readonly externalId: string;
  }[];
  /** Our reviews whose body carries our summary marker, oldest first. */
  readonly summaries: readonly {
    readonly id: number;
    readonly nodeId: string;
    readonly body: string;
    readonly isMinimized: boolean;
  }[];
  /** Threads started by us, oldest first, with the fingerprint from their marker. */
  readonly threads: readonly {
    readonly nodeId: string;
    readonly fingerprint: string;
    readonly isResolved: boolean;
    /** Somebody else wrote in it, or resolved it: then it is theirs. */
    readonly answered: boolean;
    readonly url?: string;
    /** Its first comment, ours, by REST id; absent when it was not read: then it is never edited. */
    readonly comment?: { readonly id: number; readonly body: string };
  }[];
  readonly requestedTeams: readonly string[];
  readonly requestedUsers: readonly string[];
  /** Users and teams that reviewed already: they are not asked again. */
  readonly reviewedBy: readonly string[];
  readonly issues: readonly {
    readonly number: number;
    readonly threat: string;
    readonly title: string;
    readonly body: string;
    readonly state: "open" | "closed";
    readonly closedByUs: boolean;
    /** Whether we already answered its closing (a comment of ours with the `closing` marker); absent when not known. */
    readonly answeredClosing?: boolean;
    /** How people name it where it is not `#number`: `SHOP-12`. */
    readonly name?: string;
    /** `issueDigest` of what we wrote last; present where `body` cannot be compared. */
    readonly digest?: string;
  }[];
  /** Why it cannot be told which issues there are; then none is touched. */
  readonly issuesUnseen?: string;
}

/**
 * An issue in a tracker beside GitHub that a person closed, or that is closed there for a reason of its workflow. It
 * settles nothing: what the model says counts.
 */
export interface IssueClosing {
  readonly threat: string;
  /** How people name it: `SHOP-12`. */
  readonly name: string;
}

/** Nothing of ours is there yet. */
export const nothingObserved: Observed = {
  checkRuns: [],
  summaries: [],
  threads: [],
  requestedTeams: [],
  requestedUsers: [],
  reviewedBy: [],
  issues: [],
};
