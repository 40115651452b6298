import { z } from "zod";
import type { Release } from "../../core/domain/release.ts";
import { type GitHubClient, read } from "./client.ts";
import type { RepositoryName } from "./files.ts";
import { refusalIn } from "./partial.ts";

/** Releases that are read, the latest first. */
const most = 100;

/** https://docs.github.com/graphql/reference/objects#release */
const document = `query Releases($owner: String!, $name: String!) {
  repository(owner: $owner, name: $name) {
    databaseId
    releases(first: ${most}, orderBy: { field: CREATED_AT, direction: DESC }) {
      totalCount
      nodes { databaseId tagName name isDraft isPrerelease publishedAt tagCommit { oid } }
    }
  }
}`;

const shape = z.object({
  repository: z.object({
    databaseId: z.number().int(),
    releases: z.object({
      totalCount: z.number().int(),
      nodes: z
        .array(
          z
            .object({
              databaseId: z.number().int().nullable(),
              tagName: z.string(),
              name: z.string().nullish(),
              isDraft: z.boolean(),
              isPrerelease: z.boolean(),
              publishedAt: z.string().nullish(),
              tagCommit: z.object({ oid: z.string() }).nullish(),
            })
            .nullable(),
        )
        .nullish(),
    }),
  }),
});

/** The latest releases of a repository. */
export interface ReleasesReading {
  /** GitHub's id of the repository that has the name now. */
  readonly repositoryId: number;
  readonly releases: readonly Release[];
  /** Whether these are all. */
  readonly isWhole: boolean;
}

/** Reads the releases that were published, in one request; drafts are nobody's yet. Needs to read contents. */
export async function readReleases(client: GitHubClient, { owner, name }: RepositoryName): Promise<ReleasesReading> {
  const call = { what: "list the releases", needs: "Contents: read", kind: "read" } as const;
  const { data, errors } = await client.graphql(document, { owner, name }, call);
  const refusal = refusalIn(errors, ["repository"]) ?? refusalIn(errors, ["repository", "releases"]);
  if (refusal) throw refusal.asFailure(call.what, call.needs);
  const { databaseId: repositoryId, releases } = read(shape, data, call.what).repository;
  const nodes = (releases.nodes ?? []).filter((node) => node !== null);
  return {
    repositoryId,
    isWhole: releases.totalCount <= nodes.length,
    releases: nodes.flatMap(
      ({ databaseId: id, tagName: tag, name: title, isDraft, isPrerelease, publishedAt, tagCommit }) =>
        isDraft || id === null || !publishedAt || Number.isNaN(Date.parse(publishedAt))
          ? []
          : [
              {
                id,
                tag,
                name: title ?? "",
                published: new Date(publishedAt).toISOString(),
                isPrerelease,
                ...(tagCommit ? { commit: tagCommit.oid } : {}),
              },
            ],
    ),
  };
}
