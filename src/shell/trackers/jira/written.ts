import { type DesiredIssue, withoutDue } from "../../../core/domain/desired.ts";
import { documentOf } from "./document.ts";
import { propertyKey } from "./own-issues.ts";
import type { JiraCall } from "./site.ts";

/* What we write of an issue, in Jira's terms. */

/** `risk: high` as Jira can hold it. */
export function asLabel(label: string): string {
  return label.replace(/[:\s]+/g, "-").slice(0, 100);
}

/** The texts of an issue in Jira's fields; a summary is one line of at most 255 characters. */
export function textsOf({ title, body }: DesiredIssue) {
  return { summary: title.slice(0, 255).toWellFormed(), description: documentOf(withoutDue(body)) };
}

/** The call that comments on an issue; `value` is by what the comment is known again. */
export function commenting(number: number, markdown: string, value: Readonly<Record<string, string>>): JiraCall {
  return {
    what: "comment on an issue",
    method: "POST",
    path: `/rest/api/3/issue/${number}/comment`,
    kind: "once",
    body: { body: documentOf(markdown), properties: [{ key: propertyKey, value }] },
  };
}
