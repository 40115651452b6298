import { z } from "zod";
import type { CommentName } from "../event.ts";
import { gitHubTime } from "./answers.ts";
import { type Call, type GitHubClient, read } from "./client.ts";
import { mayHoldCommand } from "./events.ts";
import type { RepositoryName } from "./files.ts";

/*
 * Looks for what no webhook told us: GitHub does not repeat a delivery that failed
 * (https://docs.github.com/webhooks/using-webhooks/handling-failed-webhook-deliveries). Every list is read to a stated
 * length, its pages by number or cursor, never by following a link (H084).
 */

const pageSize = 100;

/** GitHub's own time, in ISO: by it days are counted. Fails where GitHub is out of reach. */
export async function gitHubNow(asApp: GitHubClient): Promise<string> {
  const call: Call = { what: "tell its time", needs: "a private key of the App", kind: "read" };
  const answer = await asApp.rest("GET /app", {}, call);
  return new Date(gitHubTime(answer, Date.now())).toISOString();
}

/** An account that the App is installed on. */
export interface Installation {
  readonly id: number;
  readonly owner: string;
  readonly isSuspended: boolean;
  /** ISO instant. */
  readonly since: string;
  /** What its owner granted, by GitHub's names. */
  readonly permissions: Readonly<Record<string, string>>;
}

const installationsShape = z.array(
  z.object({
    id: z.number().int(),
    account: z.object({ login: z.string().optional(), slug: z.string().optional() }).nullish(),
    suspended_at: z.string().nullish(),
    created_at: z.string(),
    permissions: z.record(z.string(), z.string()).optional(),
  }),
);

/** All installations, and whether that is all there are. https://docs.github.com/rest/apps/apps#list-installations-for-the-authenticated-app */
export async function listInstallations(
  asApp: GitHubClient,
): Promise<{ readonly installations: readonly Installation[]; readonly complete: boolean }> {
  const call: Call = { what: "list the installations of the App", needs: "a private key of the App", kind: "read" };
  const all: Installation[] = [];
  for (let page = 1; page <= 50; page++) {
    const answer = await asApp.rest("GET /app/installations", { per_page: pageSize, page }, call);
    const found = read(installationsShape, answer.data, call.what);
    for (const { id, account, suspended_at, created_at, permissions = {} } of found) {
      const owner = account?.login ?? account?.slug ?? "";
      all.push({ id, owner, isSuspended: typeof suspended_at === "string", since: created_at, permissions });
    }
    if (found.length < pageSize) return { installations: all, complete: true };
  }
  return { installations: all, complete: false };
}

/** One attempt of GitHub's to tell us something. */
export interface Attempt {
  readonly id: number;
  /** The same for every attempt at one delivery: the id that webhooks carry. */
  readonly delivery: string;
  readonly event: string;
  readonly at: string;
  readonly arrived: boolean;
}

const attemptsShape = z.array(
  z.object({
    id: z.number().int(),
    guid: z.string().min(1).max(100),
    event: z.string(),
    delivered_at: z.string(),
    status_code: z.number().int(),
  }),
);

/** Pages of attempts that one look reads at most. */
const mostPages = 20;

/**
 * GitHub's attempts since an instant (ISO), newest first. `complete`: none was left out for the length of the list.
 * https://docs.github.com/rest/apps/webhooks#list-deliveries-for-an-app-webhook
 */
export async function attemptsSince(
  asApp: GitHubClient,
  since: string,
): Promise<{ readonly attempts: readonly Attempt[]; readonly complete: boolean }> {
  const call: Call = { what: "list its deliveries to us", needs: "a private key of the App", kind: "read" };
  const attempts: Attempt[] = [];
  const seen = new Set<string>();
  let cursor: string | undefined;
  for (let page = 0; page < mostPages; page++) {
    const parameters = { per_page: pageSize, ...(cursor === undefined ? {} : { cursor }) };
    const answer = await asApp.rest("GET /app/hook/deliveries", parameters, call);
    for (const one of read(attemptsShape, answer.data, call.what)) {
      if (Date.parse(one.delivered_at) < Date.parse(since)) return { attempts, complete: true };
      const arrived = one.status_code >= 200 && one.status_code < 300;
      attempts.push({ id: one.id, delivery: one.guid, event: one.event, at: one.delivered_at, arrived });
    }
    cursor = /[?&]cursor=([^&>]+)[^>]*>;\s*rel="next"/.exec(answer.headers["link"] ?? "")?.[1];
    if (cursor === undefined) return { attempts, complete: true };
    cursor = decodeURIComponent(cursor);
    if (seen.has(cursor)) return { attempts, complete: false };
    seen.add(cursor);
  }
  return { attempts, complete: false };
}

/** Has GitHub try once more. False where it keeps that delivery no longer. */
export async function redeliver(asApp: GitHubClient, id: number): Promise<boolean> {
  const call: Call = {
    what: "deliver again",
    needs: "a private key of the App",
    kind: "repeatable",
    accepts: [400, 404, 422],
  };
  const answer = await asApp.rest("POST /app/hook/deliveries/{delivery_id}/attempts", { delivery_id: id }, call);
  return answer.status < 400;
}

/** A repository that an installation reaches. */
export interface ReachedRepository {
  readonly id: number;
  readonly owner: string;
  readonly name: string;
  /** ISO instant, or empty where nothing was ever pushed. */
  readonly pushed: string;
}

const repositoriesShape = z.object({
  total_count: z.number().int(),
  repositories: z.array(
    z.object({
      id: z.number().int(),
      name: z.string(),
      owner: z.object({ login: z.string() }),
      archived: z.boolean().optional(),
      pushed_at: z.string().nullish(),
    }),
  ),
});

/** One page of an installation's repositories, from 1 on; archived ones are passed over, for nothing is written there. */
export async function repositoriesOn(
  lister: GitHubClient,
  page: number,
): Promise<{ readonly repositories: readonly ReachedRepository[]; readonly pages: number }> {
  const call: Call = { what: "list the repositories of the installation", needs: "Metadata: read", kind: "read" };
  const answer = await lister.rest("GET /installation/repositories", { per_page: pageSize, page }, call);
  const { total_count, repositories } = read(repositoriesShape, answer.data, call.what);
  return {
    repositories: repositories
      .filter(({ archived }) => archived !== true)
      .map(({ id, name, owner, pushed_at }) => ({ id, name, owner: owner.login, pushed: pushed_at ?? "" })),
    pages: Math.max(1, Math.ceil(total_count / pageSize)),
  };
}

/** An open pull request as lists show it. */
export interface ListedPullRequest {
  readonly number: number;
  readonly head: string;
  readonly baseBranch: string;
  /** ISO instant of the last change of any kind. */
  readonly updated: string;
}

const pullsShape = z.array(
  z.object({
    number: z.number().int(),
    updated_at: z.string(),
    head: z.object({ sha: z.string() }),
    base: z.object({ ref: z.string() }),
  }),
);

/** Pages of open pull requests of one repository that are read at most. */
const mostPullPages = 5;

/** The open pull requests of a repository, those that changed last first. https://docs.github.com/rest/pulls/pulls#list-pull-requests */
export async function listOpen(
  client: GitHubClient,
  { owner, name }: RepositoryName,
): Promise<{ readonly open: readonly ListedPullRequest[]; readonly complete: boolean }> {
  const call: Call = { what: "list open pull requests", needs: "Pull requests: read", kind: "read" };
  const open: ListedPullRequest[] = [];
  for (let page = 1; page <= mostPullPages; page++) {
    const order = { state: "open", sort: "updated", direction: "desc", per_page: pageSize, page };
    const answer = await client.rest("GET /repos/{owner}/{repo}/pulls", { owner, repo: name, ...order }, call);
    const found = read(pullsShape, answer.data, call.what);
    for (const { number, updated_at, head, base } of found) {
      open.push({ number, head: head.sha, baseBranch: base.ref, updated: updated_at });
    }
    if (found.length < pageSize) return { open, complete: true };
  }
  return { open, complete: false };
}

const commentsShape = z.array(
  z.object({
    id: z.number().int(),
    node_id: z.string(),
    body: z.string().nullish(),
    created_at: z.string(),
    user: z.object({ type: z.string() }).nullish(),
  }),
);

/**
 * Comments of a pull request written since an instant (ISO) that may hold a command; what became of them is not known
 * here. https://docs.github.com/rest/issues/comments#list-issue-comments
 */
export async function commandsSince(
  client: GitHubClient,
  { owner, name }: RepositoryName,
  number: number,
  since: string,
): Promise<readonly CommentName[]> {
  const call: Call = { what: "list comments", needs: "Pull requests: read", kind: "read" };
  const found: CommentName[] = [];
  const lists = [
    ["conversation", "GET /repos/{owner}/{repo}/issues/{issue_number}/comments", { issue_number: number }],
    ["thread", "GET /repos/{owner}/{repo}/pulls/{pull_number}/comments", { pull_number: number }],
  ] as const;
  for (const [where, route, of] of lists) {
    const answer = await client.rest(route, { owner, repo: name, ...of, since, per_page: pageSize }, call);
    for (const { id, node_id: nodeId, body, created_at, user } of read(commentsShape, answer.data, call.what)) {
      if (Date.parse(created_at) < Date.parse(since) || !mayHoldCommand({ body: body ?? "", user })) continue;
      found.push({ id, nodeId, where });
    }
  }
  return found;
}
