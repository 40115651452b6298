/** An operation of Jira Cloud's REST API that the stand-in knows, by the id that the published description gives it. */
interface Operation {
  readonly id: string;
  readonly method: "GET" | "POST" | "PUT";
  /** With `{name}` for each part that varies. */
  readonly path: string;
}

const operations: readonly Operation[] = [
  { id: "getCurrentUser", method: "GET", path: "/rest/api/3/myself" },
  { id: "getProject", method: "GET", path: "/rest/api/3/project/{projectIdOrKey}" },
  { id: "searchAndReconsileIssuesUsingJqlPost", method: "POST", path: "/rest/api/3/search/jql" },
  { id: "bulkFetchIssues", method: "POST", path: "/rest/api/3/issue/bulkfetch" },
  { id: "createIssue", method: "POST", path: "/rest/api/3/issue" },
  { id: "editIssue", method: "PUT", path: "/rest/api/3/issue/{issueIdOrKey}" },
  { id: "getTransitions", method: "GET", path: "/rest/api/3/issue/{issueIdOrKey}/transitions" },
  { id: "doTransition", method: "POST", path: "/rest/api/3/issue/{issueIdOrKey}/transitions" },
  { id: "getComments", method: "GET", path: "/rest/api/3/issue/{issueIdOrKey}/comment" },
  { id: "addComment", method: "POST", path: "/rest/api/3/issue/{issueIdOrKey}/comment" },
];

/** The operation that a request asks for, and what stands at its varying parts. */
export function operationFor(
  method: string,
  path: string,
): { readonly operation: Operation; readonly values: readonly string[] } | undefined {
  for (const operation of operations) {
    if (operation.method !== method) continue;
    const pattern = new RegExp(`^${operation.path.replace(/\{\w+\}/g, "([^/]+)")}$`);
    const found = pattern.exec(path);
    if (found) return { operation, values: found.slice(1).map(decodeURIComponent) };
  }
  return undefined;
}
