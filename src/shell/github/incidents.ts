import { z } from "zod";
import type { Incident, IncidentsReading } from "../../core/domain/evidence.ts";
import { type GitHubClient, read } from "./client.ts";
import type { RepositoryName } from "./files.ts";
import { refusalIn } from "./partial.ts";

/** Issues with the label that are read, the latest touched first: one that gets the label today is among them. */
const most = 100;
/** Events of one issue in which the label is looked for, oldest first. */
const mostEvents = 20;

const document = `query Incidents($owner: String!, $name: String!, $label: String!) {
  repository(owner: $owner, name: $name) {
    issues(first: ${most}, labels: [$label], states: [OPEN, CLOSED], orderBy: { field: UPDATED_AT, direction: DESC }) {
      totalCount
      nodes {
        number title body createdAt
        timelineItems(first: ${mostEvents}, itemTypes: [LABELED_EVENT]) {
          nodes { ... on LabeledEvent { createdAt label { name } } }
        }
      }
    }
  }
}`;

const shape = z.object({
  repository: z.object({
    issues: z.object({
      totalCount: z.number().int(),
      nodes: z
        .array(
          z
            .object({
              number: z.number().int().positive(),
              title: z.string(),
              body: z.string().catch(""),
              createdAt: z.string(),
              timelineItems: z.object({
                nodes: z
                  .array(
                    z
                      .object({ createdAt: z.string(), label: z.object({ name: z.string() }) })
                      .partial()
                      .nullable(),
                  )
                  .nullish(),
              }),
            })
            .nullable(),
        )
        .nullish(),
    }),
  }),
});

/**
 * The issues that carry the label of incidents, open or closed: closing one tells nothing about the model. An incident
 * begins when it got the label first, so that taking it off and putting it back moves nothing.
 */
export async function readIncidents(
  client: GitHubClient,
  { owner, name }: RepositoryName,
  label: string,
): Promise<IncidentsReading> {
  const call = { what: "list the incidents", needs: "Issues: read", kind: "read" } as const;
  const { data, errors } = await client.graphql(document, { owner, name, label }, call);
  const refusal = refusalIn(errors, ["repository", "issues"]);
  if (refusal) throw refusal.asFailure(call.what, call.needs);
  const { issues } = read(shape, data, call.what).repository;
  const nodes = (issues.nodes ?? []).filter((node) => node !== null);
  const incidents = nodes.map(({ number, title, body, createdAt, timelineItems }): Incident => {
    const labelled = (timelineItems.nodes ?? []).flatMap((event) =>
      event?.createdAt !== undefined && event.label?.name?.toLowerCase() === label.toLowerCase()
        ? [event.createdAt]
        : [],
    );
    return { number, title, body, at: labelled[0] ?? createdAt };
  });
  return { outcome: "present", incidents, isWhole: issues.totalCount <= nodes.length };
}
