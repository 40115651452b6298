import type { Conclusion } from "./assessment.ts";
import { shortDigest } from "./threat-id.ts";

/** An annotation of a check run. https://docs.github.com/rest/checks/runs#create-a-check-run */
export interface Annotation {
  readonly path: string;
  readonly start_line: number;
  readonly end_line: number;
  readonly annotation_level: "notice" | "warning" | "failure";
  readonly title: string;
  readonly message: string;
}

/** A check run as it should stand on the head commit. */
export interface DesiredCheckRun {
  readonly name: "threat-model" | "threat-model/policy";
  readonly conclusion: Conclusion;
  readonly title: string;
  readonly summary: string;
  readonly text?: string;
  readonly annotations: readonly Annotation[];
  /** Address that GitHub shows as "Details". */
  readonly detailsUrl?: string;
}

/** A question on one changed line. */
export interface DesiredLineComment {
  /** Position-free name of the question: rule, path, element. Survives rebases and moved lines. */
  readonly fingerprint: string;
  readonly path: string;
  /** A line of the right side of the diff; absent: the comment belongs to the file as a whole. */
  readonly line?: number;
  readonly body: string;
}

/** The one review of a pull request: its body is the summary, its comments are the checklists. */
export interface DesiredReview {
  readonly summary: string;
  readonly comments: readonly DesiredLineComment[];
  /** Fingerprints of questions that stand although they have no comment among these: their threads are not resolved. */
  readonly alsoOpen?: readonly string[];
}

/** An issue that should exist for an unmitigated threat. */
export interface DesiredIssue {
  /** Stable id of the threat: the issue's identity. */
  readonly threat: string;
  readonly title: string;
  readonly body: string;
  readonly labels: readonly string[];
  /** `orphaned`: the threat is in the model no more. Deleting it settles nothing, so its issue stays (H072). */
  readonly state: "open" | "closed" | "orphaned";
  /** The day by which it should be settled, ISO. It is set when the issue is opened and belongs to the team from then on. */
  readonly due?: string;
  /** Said once when it is closed or reopened. */
  readonly because?: string;
  /** What to answer, once, to a person who closes it by hand: what would make it true. */
  readonly whenClosedByHand?: string;
  /** What to say, once, on an open issue whose threat was deleted. */
  readonly whenOrphaned?: string;
}

/** A tracker beside GitHub's own issues, as the policy names it. */
export interface IssuePlace {
  readonly tracker: "jira";
  /** The key of the project. */
  readonly project: string;
  /** The name of the type of issue that is opened there. */
  readonly issueType: string;
  /** Whether the policy allows open threats to stand where everybody can read them (`publish.issues`, H095). */
  readonly mayBePublic: boolean;
}

/** What an issue says, as a digest: for trackers that give a text back in another shape than they took it. */
export function issueDigest({ title, body }: Pick<DesiredIssue, "title" | "body">): string {
  return shortDigest(JSON.stringify([title, withoutDue(body)]), 26);
}

const duePattern = / · control due \d{4}-\d{2}-\d{2} \(\d{1,4} days?\)/;

/** The words by which the body of an issue says its day, at the end of a line. */
export function dueWords(due: string, days: number): string {
  return ` · control due ${due} (${days} ${days === 1 ? "day" : "days"})`;
}

/** The body without its day, for trackers that have a field for it. */
export function withoutDue(body: string): string {
  return body.replace(duePattern, "");
}

/** The body with the day that stands in `there`: the day of an open issue is the team's to move, not ours. */
export function withDueOf(there: string, body: string): string {
  const standing = duePattern.exec(there)?.[0];
  return standing === undefined ? body : body.replace(duePattern, () => standing);
}

/** Everything that GitHub should show for one subject. A field that is absent is left as it is. */
export interface Desired {
  readonly checkRun?: DesiredCheckRun;
  readonly policyCheckRun?: DesiredCheckRun;
  /** Address of the pull request's page, to link the first summary from later reviews. */
  readonly pullRequestUrl?: string;
  /** `none`: nothing is asked. An existing summary of ours is then edited to `settled`, if one is there. */
  readonly review: { readonly ask: DesiredReview } | { readonly settled: string } | "leave";
  readonly reviewers: { readonly teams: readonly string[]; readonly users: readonly string[] };
  readonly issues: readonly DesiredIssue[];
  /** Where the issues stand; absent: on GitHub. */
  readonly issuesIn?: IssuePlace;
  /** What is not said on GitHub on purpose, for the check and the log: reason by output. */
  readonly withheld: readonly { readonly output: string; readonly why: string }[];
}
