import type { TimelineEntry } from "../../core/domain/snapshot.ts";
import type { IssueTracker, Posts, Source } from "../ports.ts";
import { GitHubPosts } from "./apply.ts";
import type { GitHubClient } from "./client.ts";
import { GitHubSource } from "./source.ts";

/** What an evaluation on GitHub may be given beside its client. */
export interface PortOptions {
  /** The timeline of the default branch as far as it is remembered. */
  readonly remembered?: readonly TimelineEntry[];
  /** Whether that is everything since the last substantive update of the model. */
  readonly historyComplete?: boolean;
  /** The instant to judge as of, ISO; left out, it is GitHub's own at the first look. */
  readonly now?: string;
  /** Where issues are written; without one, issue steps are skipped with that reason. */
  readonly tracker?: IssueTracker;
}

/**
 * GitHub as the source of one evaluation and the place of its posts. Both share what the first query showed, so that
 * looking at our own posts costs no further request.
 */
export function githubPort(client: GitHubClient, options: PortOptions = {}): { source: Source; posts: Posts } {
  const remembered = { entries: options.remembered ?? [], complete: options.historyComplete ?? false };
  const source = new GitHubSource(client, { remembered, ...(options.now === undefined ? {} : { now: options.now }) });
  return { source, posts: new GitHubPosts(client, source, options.tracker) };
}
