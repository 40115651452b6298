/** One entry of the timeline of a default branch: something that asks for the model, or a substantive update of it. */
export type TimelineEntry =
  | {
      readonly kind: "change";
      /** When it reached the default branch: the merge, or the first-parent commit in a local checkout. */
      readonly at: string;
      readonly what: string;
      readonly reference: string;
      readonly path: string;
      readonly elements: readonly string[];
      readonly system?: string;
      /** Set where nobody but the commit's author vouches for `at` (a push without a pull request). */
      readonly unverified?: true;
    }
  | {
      readonly kind: "incident" | "intelligence";
      readonly at: string;
      readonly what: string;
      readonly reference: string;
      readonly elements: readonly string[];
      readonly system?: string;
      /** Set where it asks nothing any more: dismissed on GitHub, fixed, its label taken off. */
      readonly settled?: { readonly at: string; readonly why: string };
    }
  | {
      readonly kind: "update";
      readonly at: string;
      readonly reference: string;
      /** Ids, names and file patterns of the elements that the update concerns. */
      readonly concerns: readonly string[];
      readonly system?: string;
    }
  | {
      readonly kind: "review";
      readonly at: string;
      readonly reference: string;
      readonly outcome: "approved" | "no-change-needed";
      readonly system?: string;
    };

/** The timeline, how far it is known, and who vouches for its dates. */
export interface Timeline {
  /** `complete`: since the last substantive update of the model; `reading`: history is still being read. */
  readonly state: "complete" | "reading";
  readonly verifiedByGitHub: boolean;
  readonly entries: readonly TimelineEntry[];
  /** How far forward the entries are known; absent where nothing may be remembered. */
  readonly upTo?: KnownUpTo;
  /** Set where the default branch was rewritten: entries of pushes without a pull request that were remembered are void. */
  readonly rewritten?: true;
  /** Merges and pushes that are still to be read; absent when none, or when their number is not known yet. */
  readonly remaining?: number;
}

/** The commit of a default branch up to which its timeline is known; what came later came at `at` or after it. */
export interface KnownUpTo {
  readonly commit: string;
  readonly at: string;
}
