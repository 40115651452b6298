// The people around a pull request, as GitHub tells of them.

/** A GitHub account. `type` is GitHub's own word; a login never decides whether somebody is a bot (H023). */
export interface Account {
  readonly login: string;
  readonly id?: number;
  readonly type: "User" | "Bot" | "Organization" | "Mannequin" | "EnterpriseUserAccount" | "unknown";
}

/** An account that a policy names by its login alone: the login in lower case, and whose it was when it was first read. */
export interface NamedAccount {
  readonly login: string;
  readonly id: number;
}

/** The latest decisive review of one reviewer. */
export interface Review {
  readonly author?: Account;
  readonly state: "APPROVED" | "CHANGES_REQUESTED" | "COMMENTED" | "DISMISSED" | "PENDING";
  readonly commit?: string;
  readonly submittedAt?: string;
  /** Whether the author may push to the repository, as GitHub says; absent when it did not. */
  readonly canPush?: boolean;
  /** Its words; absent where there are none, and where they are not the author's own any more. */
  readonly body?: string;
  /** Login of somebody else who edited its words last; empty where GitHub does not tell who it was. */
  readonly editedBy?: string;
}

/** Active members of a team, or why they are not known. */
export interface TeamReading {
  readonly team: string;
  /** GitHub's id of it, where it was read. */
  readonly id?: number;
  readonly members:
    | { readonly outcome: "present"; readonly accounts: readonly Account[] }
    | { readonly outcome: "unknown"; readonly why: string };
}

/** Who pushed the commits of a pull request, as far as GitHub or its events told; or why that is not known. */
export type PushersReading =
  | { readonly outcome: "present"; readonly accounts: readonly Account[] }
  | { readonly outcome: "unknown"; readonly why: string };
