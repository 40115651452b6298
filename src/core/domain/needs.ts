import type { EvidenceWanted } from "./evidence.ts";
import type { ElsewhereNeeds, HistoryWanted } from "./snapshot.ts";

/** What judging wants to have read beyond the list of changed files: the core says it, a source reads it. */
export interface Needs {
  /** Changed files whose whole text is wanted (structure is compared before and after). */
  readonly texts: readonly string[];
  /** Renamed files of which no line is shown: the ids of their contents are wanted, and their texts where these differ. */
  readonly renamed?: readonly string[];
  /** Exact paths to look for at the head, whether changed or not (well-known model files). */
  readonly look: readonly string[];
  /** The commit whose every path is wanted: no model was found at the places where teams keep them. */
  readonly tree?: string;
  /** Commits whose paths were listed before, newest last: what they hold was looked for already. */
  readonly listed?: readonly string[];
  /** What happened on the default branch since the model was last updated in substance. */
  readonly history?: HistoryWanted;
  /** Team slugs whose members decide an approval; empty when the policy is not known yet. */
  readonly teams: readonly string[];
  /** Set where the policy depends on custom properties of the repository. */
  readonly properties?: true;
  /** Approved commits before the head: what was pushed since is wanted. */
  readonly since?: readonly string[];
  /** Logins of the policy of which it must be known whose they were when they were first read. */
  readonly accounts?: readonly string[];
  /** Set where an approval makes it matter who pushed the commits. */
  readonly pushers?: true;
  /** Model files of other repositories of the same owner, on their default branches. */
  readonly elsewhere?: readonly ElsewhereNeeds[];
  /** Alerts of scanners and incidents; what cannot be had is said to be unknown. */
  readonly evidence?: EvidenceWanted;
}
