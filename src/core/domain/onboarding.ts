import type { DesiredIssue } from "./desired.ts";

/** A pull request with a first model: its words, and whole texts of new files. */
export interface OnboardingPullRequest {
  readonly title: string;
  readonly body: string;
  readonly files: readonly { readonly path: string; readonly text: string }[];
}

/** What a repository without a threat model may be given, one or the other; or why it is given nothing. */
export type Onboarding =
  | { readonly issue: DesiredIssue; readonly pullRequest: OnboardingPullRequest | { readonly why: string } }
  | { readonly why: string };
