import { shortDigest } from "../../../core/domain/threat-id.ts";
import { TryAgainLater } from "../../failures.ts";
import { type JiraAccess, readAnswer, whyRefused } from "./access.ts";
import { issuesShape, type ReadIssue, searchShape } from "./shapes.ts";
import type { JiraCall } from "./site.ts";

/* How our own issues are found again: by a label, our account, and the property that names the repository and the threat. */

/** The property that every issue and comment of ours carries. */
export const propertyKey = "threatgate";

/** Issues of one repository that are read at most; with more it cannot be told whether a threat has one. */
const mostIssues = 1_000;

/** Issues of one request. https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issues/#api-rest-api-3-issue-bulkfetch-post */
const perRequest = 100;

/** The label of the issues of one repository: without white space, which a label cannot hold. */
export function labelOf(name: string): string {
  return `threatgate-${shortDigest(name, 12)}`;
}

/**
 * The ids of all issues with the label that our account created. Jira's search follows writes with a delay of seconds to
 * minutes; the newest ids that we know are named, so that it looks at them itself.
 * https://developer.atlassian.com/cloud/jira/platform/search-and-reconcile/
 */
export async function searchOwn(
  access: JiraAccess,
  label: string,
): Promise<readonly number[] | { readonly unseen: string }> {
  const ids = new Set<number>();
  const tokens = new Set<string>();
  let token: string | undefined;
  do {
    const call: JiraCall = {
      what: "look for our own issues",
      method: "POST",
      path: "/rest/api/3/search/jql",
      kind: "read",
      body: {
        jql: `labels = "${label}" AND creator = currentUser() ORDER BY created ASC`,
        fields: ["id"],
        maxResults: perRequest,
        reconcileIssues: access.recent(label),
        ...(token === undefined ? {} : { nextPageToken: token }),
      },
    };
    const answer = await access.site.ask(call);
    if (answer.status !== 200) return { unseen: whyRefused(answer, "our issues in Jira cannot be looked for") };
    const page = readAnswer(searchShape, answer, call);
    for (const { id } of page.issues) ids.add(Number(id));
    if (ids.size > mostIssues) return { unseen: `Jira holds more than ${mostIssues} issues of this repository` };
    token = page.isLast === true ? undefined : (page.nextPageToken ?? undefined);
    if (token !== undefined && tokens.has(token)) throw new TryAgainLater("Jira's pages led in a circle.");
    if (token !== undefined) tokens.add(token);
  } while (token !== undefined);
  return [...ids];
}

/** Issues as they stand now: unlike the search, this lags behind no write. */
export async function readIssues(access: JiraAccess, ids: readonly number[]): Promise<readonly ReadIssue[]> {
  const issues: ReadIssue[] = [];
  for (let start = 0; start < ids.length; start += perRequest) {
    const call: JiraCall = {
      what: "read our own issues",
      method: "POST",
      path: "/rest/api/3/issue/bulkfetch",
      kind: "read",
      body: {
        issueIdsOrKeys: ids.slice(start, start + perRequest).map(String),
        fields: ["summary", "status", "creator", "project"],
        properties: [propertyKey],
        expand: ["changelog"],
      },
    };
    const answer = await access.site.ask(call);
    if (answer.status !== 200) throw new TryAgainLater(whyRefused(answer, "Our issues in Jira cannot be read"));
    const read = readAnswer(issuesShape, answer, call);
    if (read.issueErrors && read.issueErrors.length > 0) {
      throw new TryAgainLater("Jira could not give all of our issues at once.");
    }
    issues.push(...read.issues);
  }
  return issues;
}

/** The account that last changed the status. */
export function lastMover({ changelog }: ReadIssue): string | undefined {
  const moves = (changelog?.histories ?? []).filter(({ items }) => items.some(({ field }) => field === "status"));
  const [last] = moves.toSorted((one, other) => Date.parse(other.created) - Date.parse(one.created));
  return last?.author?.accountId;
}
