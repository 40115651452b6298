/**
 * One pull request of a merge group, and what our own check on its current head says: `unknown` where there is none, or
 * none that is done.
 */
export interface GroupMember {
  readonly number: number;
  readonly head: string;
  readonly verdict: "passes" | "blocked" | "unknown";
}
