import type { NotInspected } from "./problem.ts";
import type { FileText, PolicyTexts } from "./snapshot.ts";

/** The default branch of a repository as it was read, within bounds, to give it a first threat model. */
export interface SeenRepository {
  readonly owner: string;
  readonly name: string;
  readonly isPrivate: boolean;
  /** The commit that was read. */
  readonly commit: string;
  readonly paths: readonly string[];
  readonly texts: readonly FileText[];
  /** What of it could not be read, and why. */
  readonly notRead: readonly NotInspected[];
  readonly policy: PolicyTexts;
}
