/** What is judged: a pull request on GitHub, or a difference in a local checkout. */
export type Subject =
  | {
      readonly kind: "pull-request";
      readonly owner: string;
      readonly repository: string;
      readonly number: number;
      /** Set when the App is the one who looks. */
      readonly installation?: number;
      /** GitHub's id of the repository where an event named it: state follows the id, not the name (H089). */
      readonly repositoryId?: number;
      /** When the event says that the pull request last changed: an answer that is older is read again (H083). */
      readonly updatedAt?: string;
    }
  | { readonly kind: "local"; readonly directory: string; readonly base: string; readonly head?: string };

/** What may wake the bot, in our own words. A wake-up only: no verdict is computed from an event (live state is read). */
export interface WakeUp {
  /** GitHub's delivery id, or a name of our own for what a schedule or a person started. */
  readonly id: string;
  readonly why: string;
  readonly subject: Extract<Subject, { kind: "pull-request" }>;
  /** Set when it is a comment that asks for something: then the comment is answered, and nothing is evaluated by itself. */
  readonly comment?: CommentName;
  /** Set when a merge queue asks for the check of a group: then the group is answered, and `subject` is its last pull request. */
  readonly group?: MergeGroupName;
  /** GitHub's id of the account whose deed the event tells of, where one did. */
  readonly author?: number;
  /** The commit that the event says its person made the head of the pull request. */
  readonly pushed?: string;
  /** The accounts of others who asked for the same while it waited. */
  readonly alsoBy?: readonly number[];
}

/** A group of a merge queue. https://docs.github.com/webhooks/webhook-events-and-payloads#merge_group */
export interface MergeGroupName {
  /** The commit that the check is asked for. */
  readonly head: string;
  /** The commit that the group is built on. */
  readonly base: string;
  /** The branch that it would be merged to. */
  readonly branch: string;
}

/** A comment of a pull request by its ids; its text is read from GitHub when it is answered. */
export interface CommentName {
  readonly id: number;
  readonly nodeId: string;
  /** In the pull request's conversation, or in the thread of a changed line. */
  readonly where: "conversation" | "thread";
}

/**
 * What an event says of more than one pull request, or of none: people, repositories, installations. It is kept like any
 * delivery; what it means for pull requests is found out afterwards, in our own records.
 */
export type Notice =
  /** Who is in these teams has changed, or what these people may do. `teams` in lower case, `people` by account id. */
  | {
      readonly kind: "people-changed";
      readonly organisation: string;
      readonly teams: readonly string[];
      readonly people: readonly number[];
    }
  /** A pull request was closed and not merged. */
  | { readonly kind: "closed"; readonly repositoryId: number; readonly number: number }
  /** These repositories are not ours to look at any more. */
  | {
      readonly kind: "left";
      readonly installation: number;
      readonly owner: string;
      readonly repositories: readonly number[];
      /** Set when the whole installation is gone: then whatever else is known of it is meant as well. */
      readonly whole: boolean;
    }
  /** These repositories are ours to look at from now on. */
  | {
      readonly kind: "joined";
      readonly installation: number;
      readonly owner: string;
      readonly repositories: readonly { readonly id: number; readonly name: string }[];
    }
  /** An organisation, or a person, goes by another login. Their repositories, teams and people are the same. */
  | {
      readonly kind: "owner-renamed";
      readonly installation: number;
      readonly former: string;
      readonly owner: string;
    }
  /** The policy of one repository, or of an organisation, has changed on its default branch. */
  | { readonly kind: "policy-changed"; readonly owner: string; readonly repositoryId?: number }
  /** An owner granted what the App asks for since, or let it work again: what could not be known may be known now. */
  | { readonly kind: "permissions-changed"; readonly installation: number }
  /** "Re-run all checks" on a commit for which GitHub names no pull request: that of a fork. */
  | { readonly kind: "rerun-asked"; readonly repositoryId: number; readonly head: string }
  /** A release of a repository was published, changed or withdrawn. */
  | { readonly kind: "released"; readonly repositoryId: number }
  /** Alerts of a repository changed; with a label, an issue got or lost it, which may be that of incidents. */
  | { readonly kind: "evidence-changed"; readonly repositoryId: number; readonly label?: string };
