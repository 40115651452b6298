import { z } from "zod";

/* What is read of Jira's answers, and no more of them. https://developer.atlassian.com/cloud/jira/platform/rest/v3/ */

/** GET /rest/api/3/myself */
export const myselfShape = z.object({ accountId: z.string().min(1) });

/** GET /rest/api/3/project/{key} */
export const projectShape = z.object({
  key: z.string(),
  archived: z.boolean().optional(),
  issueTypes: z.array(z.object({ name: z.string(), subtask: z.boolean().optional() })).optional(),
});

/** POST /rest/api/3/search/jql */
export const searchShape = z.object({
  issues: z.array(z.object({ id: z.string().regex(/^\d{1,15}$/) })),
  isLast: z.boolean().optional(),
  nextPageToken: z.string().nullish(),
});

/** The property of an issue of ours: what Jira's own fields cannot say. */
export const ownPropertyShape = z.object({
  /** The repository, by the host's and its own id, so that a new name changes nothing (H089). */
  repository: z.string(),
  threat: z.string(),
  /** `issueDigest` of what was written last. */
  digest: z.string(),
  /** Whether a person who closed it, or who reads of a deleted threat, was answered already. */
  answered: z.boolean().optional(),
});
export type OwnProperty = z.infer<typeof ownPropertyShape>;

const account = z.object({ accountId: z.string() });
const status = z.object({ name: z.string(), statusCategory: z.object({ key: z.string() }) });

/** POST /rest/api/3/issue/bulkfetch */
export const issuesShape = z.object({
  issues: z.array(
    z.object({
      id: z.string().regex(/^\d{1,15}$/),
      key: z.string(),
      fields: z.object({
        summary: z.string().nullish(),
        creator: account.nullish(),
        project: z.object({ key: z.string() }),
        status,
      }),
      properties: z.record(z.string(), z.unknown()).optional(),
      changelog: z
        .object({
          histories: z.array(
            z.object({
              author: account.nullish(),
              created: z.string(),
              items: z.array(z.object({ field: z.string().nullish() })),
            }),
          ),
        })
        .optional(),
    }),
  ),
  issueErrors: z.array(z.unknown()).optional(),
});
export type ReadIssue = z.infer<typeof issuesShape>["issues"][number];

/** POST /rest/api/3/issue */
export const createdShape = z.object({ id: z.string().regex(/^\d{1,15}$/), key: z.string() });

/** GET /rest/api/3/issue/{id}/transitions */
export const transitionsShape = z.object({
  transitions: z.array(
    z.object({
      id: z.string(),
      name: z.string().optional(),
      isAvailable: z.boolean().optional(),
      to: status,
      fields: z
        .record(
          z.string(),
          z.object({
            required: z.boolean(),
            hasDefaultValue: z.boolean().optional(),
            allowedValues: z.array(z.unknown()).optional(),
          }),
        )
        .optional(),
    }),
  ),
});
export type Transition = z.infer<typeof transitionsShape>["transitions"][number];

/** GET /rest/api/3/issue/{id}/comment */
export const commentsShape = z.object({
  comments: z.array(
    z.object({
      author: account.nullish(),
      properties: z.array(z.object({ key: z.string(), value: z.unknown() })).optional(),
    }),
  ),
});

const refusalShape = z.object({
  errorMessages: z.array(z.string()).optional(),
  errors: z.record(z.string(), z.string()).optional(),
});

/** Jira's own words for a refusal, on one line and bounded, with the fields that it is about. */
export function refusalOf(data: unknown): { readonly says: string; readonly fields: readonly string[] } {
  const parsed = refusalShape.safeParse(data);
  if (!parsed.success) return { says: "no reason given", fields: [] };
  const { errorMessages = [], errors = {} } = parsed.data;
  const says = [...errorMessages, ...Object.entries(errors).map(([field, words]) => `${field}: ${words}`)].join("; ");
  const line = says.replace(/[\p{C}\p{Zl}\p{Zp}\s]+/gu, " ").slice(0, 300);
  return { says: line === "" ? "no reason given" : line, fields: Object.keys(errors) };
}
