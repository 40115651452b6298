import type { IssueTracker, Posts, Source, Trials } from "../ports.ts";
import { GitHubPosts } from "./apply.ts";
import type { GitHubClient } from "./client.ts";
import type { ClientFor } from "./elsewhere.ts";
import type { EvidenceAccess } from "./evidence.ts";
import type { HistoryLimits } from "./history.ts";
import type { PeopleRemembered } from "./people-behind.ts";
import type { OrganisationPolicyKnowledge } from "./policy-files.ts";
import { gitHubTrials, type ListRepositories } from "./recent.ts";
import { GitHubSource } from "./source.ts";
import type { Remembered } from "./timeline.ts";

/** What an evaluation on GitHub may be given beside its client. */
export interface PortOptions extends PeopleRemembered {
  /** The timeline of the default branch as far as it is remembered; left out, it is read from GitHub each time. */
  readonly remembered?: Remembered;
  /** How much of the history may be read; left out, as much as fits while somebody waits. */
  readonly history?: HistoryLimits;
  /** The instant to judge as of, ISO; left out, it is GitHub's own at the first look. */
  readonly now?: string;
  /** Where issues are written; without one, issue steps are skipped with that reason. */
  readonly tracker?: IssueTracker;
  /** What is known of the organisation's policy beside what GitHub shows. */
  readonly organisationPolicy?: OrganisationPolicyKnowledge;
  /** With what alerts of scanners and incidents are read; left out, they are not. */
  readonly evidence?: EvidenceAccess;
  /** The other repositories of the installation, on which a change of the organisation's policy is tried. */
  readonly others?: ListRepositories;
  /** Reads one other repository of the same owner that holds the model of a system; left out, the same client does. */
  readonly elsewhere?: ClientFor;
}

/**
 * GitHub as the source of one evaluation and the place of its posts. Both share what the first query showed, so that
 * looking at our own posts costs no further request.
 */
export function githubPort(
  client: GitHubClient,
  options: PortOptions = {},
): { source: Source; posts: Posts; trials: Trials } {
  const { remembered, history, now, tracker, organisationPolicy, evidence, others, elsewhere, pushesSeen, accounts } =
    options;
  const trialSource = (one: GitHubClient): Source =>
    new GitHubSource(one, {
      ...(now === undefined ? {} : { now }),
      ...(organisationPolicy ? { organisationPolicy } : {}),
      ...(elsewhere ? { elsewhere } : {}),
    });
  const trials = gitHubTrials(client, trialSource, others);
  const source = new GitHubSource(client, {
    ...(remembered ? { remembered } : {}),
    ...(history ? { history } : {}),
    ...(now === undefined ? {} : { now }),
    ...(organisationPolicy ? { organisationPolicy } : {}),
    ...(elsewhere ? { elsewhere } : {}),
    ...(evidence ? { evidence } : {}),
    ...(pushesSeen ? { pushesSeen } : {}),
    ...(accounts ? { accounts } : {}),
  });
  return { source, posts: new GitHubPosts(client, source, tracker), trials };
}
