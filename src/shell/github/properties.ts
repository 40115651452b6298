import { z } from "zod";
import type { PropertiesReading } from "../../core/domain/snapshot.ts";
import { type GitHubClient, read } from "./client.ts";
import type { RepositoryName } from "./files.ts";

/** https://docs.github.com/rest/repos/custom-properties#get-all-custom-property-values-for-a-repository */
const valuesShape = z.array(
  z.object({ property_name: z.string(), value: z.union([z.string(), z.array(z.string()), z.null()]) }),
);

/**
 * The custom properties of a repository. GitHub may refuse them, and older Enterprise Servers have none: then they are
 * unknown, which is not the same as having none (H016).
 */
export async function readProperties(
  client: GitHubClient,
  { owner, name }: RepositoryName,
): Promise<PropertiesReading> {
  const call = {
    what: "read the custom properties",
    needs: "Metadata: read",
    kind: "read",
    accepts: [403, 404],
  } as const;
  const answer = await client.rest("GET /repos/{owner}/{repo}/properties/values", { owner, repo: name }, call);
  if (answer.status === 403)
    return { outcome: "unknown", why: "GitHub does not show us the custom properties (Metadata: read)" };
  if (answer.status === 404)
    return { outcome: "unknown", why: "GitHub has no custom properties to show for this repository" };
  const values: Record<string, readonly string[]> = Object.create(null);
  for (const { property_name, value } of read(valuesShape, answer.data, call.what)) {
    values[property_name] = value === null ? [] : typeof value === "string" ? [value] : value;
  }
  return { outcome: "present", values: { ...values } };
}
