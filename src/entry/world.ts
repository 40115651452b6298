import type { Needs } from "../core/domain/needs.ts";
import type { Rules } from "../core/domain/rules.ts";
import { judge, stillNeeded } from "../core/judge.ts";
import type { Subject } from "../shell/event.ts";
import type { GitHubClient } from "../shell/github/client.ts";
import type { IssueTracker, Memory, Posts, Source, Store, World } from "../shell/ports.ts";
import type { JiraAccess } from "../shell/trackers/jira/access.ts";
import { openTrackers } from "../shell/trackers/open.ts";
import { documentationAddress, threatgateVersion } from "./version.ts";

/** What differs between the doors. */
export interface Parts {
  readonly source: Source;
  readonly posts: Posts;
  readonly store: Store;
  readonly memory: Memory;
  /** Exclusive work on a repository; left out where one process looks at one pull request. */
  readonly alone?: World["alone"];
  readonly rules: Rules;
  /** Where a change of the policy is tried; left out: nowhere. */
  readonly trials?: NonNullable<World["trials"]>;
  /** Where judging runs; left out: in this process. */
  readonly judging?: World["judging"];
  /** Left out: ten seconds (product.md, "On a pull request"). */
  readonly showProgressAfter?: number;
  /** Address of the code host for links, such as `https://github.com`. */
  readonly host: string;
  readonly requestId: string;
  /** Address of our own page of this subject, where there is a service. */
  readonly details?: string;
}

/** Joins the parts of one evaluation. */
export function worldOf({ host, requestId, details, alone, judging, ...parts }: Parts): World {
  return {
    ...parts,
    alone: alone ?? ((_, work) => work()),
    judging: judging ?? judgingHere(parts.rules),
    showProgressAfter: parts.showProgressAfter ?? 10_000,
    context: {
      threatgateVersion,
      documentation: documentationAddress,
      host,
      requestId,
      ...(details === undefined ? {} : { details }),
    },
  };
}

/** Judging in this process: one person looks at one difference, and may stop it. */
function judgingHere(rules: Rules): World["judging"] {
  return {
    stillNeeded: async (snapshot, asked) => stillNeeded(snapshot, asked, rules),
    judge: async (snapshot, context) => judge(snapshot, rules, context),
  };
}

/** Commits of one repository whose trees were listed, and names learnt of it, that are remembered. */
const mostListed = 50;
const mostLearnt = 50;

function learnt(before: readonly string[] = [], now: readonly string[]): readonly string[] {
  return [...new Set([...now, ...before])].slice(0, mostLearnt);
}

/** A memory that forgets the oldest repository when it is full; lost memory costs one request more, nothing else. */
export function createMemory(limit = 10_000): Memory {
  const known = new Map<string, Needs>();
  const keyOf = (subject: Subject): string =>
    subject.kind === "local"
      ? subject.directory
      : `${subject.installation ?? 0}/${subject.owner}/${subject.repository}`;
  return {
    recall: (subject) => known.get(keyOf(subject)),
    keep: (subject, needs) => {
      // A look that only asked for the history or for alerts taught nothing of places and teams.
      if (needs.look.length + needs.teams.length === 0 && !needs.properties && !needs.tree) return;
      const key = keyOf(subject);
      const { history: _, evidence: __, tree, ...kept } = needs;
      const before = known.get(key);
      const listed = [...(before?.listed ?? []), ...(tree === undefined ? [] : [tree])].slice(-mostListed);
      known.delete(key);
      // Places and teams are learnt in several looks; what one teaches does not take away what another taught.
      known.set(key, {
        ...before,
        ...kept,
        look: learnt(before?.look, kept.look),
        teams: learnt(before?.teams, kept.teams),
        texts: [],
        ...(listed.length > 0 ? { listed } : {}),
      });
      if (known.size > limit) known.delete(known.keys().next().value ?? key);
    },
  };
}

/** A store that remembers nothing: the command line and the Action. */
export const forgetful: Store = { record: async () => {} };

/** The address of the code host's pages from its REST address. */
export function hostOf(apiUrl: string): string {
  const url = new URL(apiUrl);
  if (url.hostname === "api.github.com") return "https://github.com";
  if (url.hostname.startsWith("api.")) return `${url.protocol}//${url.host.slice("api.".length)}`;
  return `${url.protocol}//${url.host}`;
}

/** The trackers that a process can reach: GitHub's own issues, and Jira where it is connected. */
export function issueTracker(client: GitHubClient, jira?: JiraAccess): IssueTracker {
  return openTrackers(client, { jira });
}
