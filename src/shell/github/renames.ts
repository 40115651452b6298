import { z } from "zod";
import type { ChangedFile } from "../../core/domain/snapshot.ts";
import { TryAgainLater } from "../failures.ts";
import { type Call, type GitHubClient, read } from "./client.ts";
import type { RepositoryName } from "./files.ts";
import { refusalIn } from "./partial.ts";
import { aliases, type Query } from "./query.ts";

/** Ids asked for in one query; they bring no texts. */
const idsAtOnce = 100;

const call: Call = { what: "compare renamed files with what they were", needs: "Contents: read", kind: "read" };

const shape = z.object({
  repository: z.object({ object: z.looseObject({ oid: z.string().optional() }).nullish() }),
});
const entryShape = z.object({ oid: z.string() }).nullish();

/**
 * The files, of those renamed without lines among `names` with the ids of the contents that they had before. GitHub lists a
 * file with a NUL or a binary attribute as renamed without lines also where it was edited (H077). A file that is not
 * found under its former name gets no id, and is then not taken for a rename alone.
 * @param parting the commit that the list starts from; asked only where there is such a file
 */
export async function withFormerIds(
  client: GitHubClient,
  repository: RepositoryName,
  parting: () => Promise<string>,
  files: readonly ChangedFile[],
  names: readonly string[],
): Promise<readonly ChangedFile[]> {
  const wanted = new Set(names);
  const former = files.flatMap(({ filename, status, changes, previous_filename, previous_sha }) => {
    const isOpen = status === "renamed" && changes === 0 && previous_sha === undefined && wanted.has(filename);
    return isOpen && previous_filename !== undefined ? [previous_filename] : [];
  });
  if (former.length === 0) return files;
  const ids = await idsAt(client, repository, await parting(), former);
  return files.map((file) => {
    const id = file.previous_filename === undefined ? undefined : ids.get(file.previous_filename);
    return id === undefined || !wanted.has(file.filename) ? file : { ...file, previous_sha: id };
  });
}

/** The ids of what stands at these paths at one commit, under the names `f0`, `f1` … */
export function blobIdsQuery({ owner, name }: RepositoryName, commit: string, paths: readonly string[]): Query {
  const names = aliases("f", paths.length);
  const document = `query Ids($owner: String!, $name: String!, $oid: GitObjectID!${names.map((alias) => `, $${alias}: String!`).join("")}) {
  repository(owner: $owner, name: $name) {
    object(oid: $oid) { ... on Commit { oid ${names.map((alias) => `${alias}: file(path: $${alias}) { oid }`).join(" ")} } }
  }
}`;
  const asked = Object.fromEntries(names.map((alias, index) => [alias, paths[index]]));
  return { document, variables: { owner, name, oid: commit, ...asked } };
}

async function idsAt(
  client: GitHubClient,
  repository: RepositoryName,
  commit: string,
  paths: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const ids = new Map<string, string>();
  for (let from = 0; from < paths.length; from += idsAtOnce) {
    const some = paths.slice(from, from + idsAtOnce);
    const { document, variables } = blobIdsQuery(repository, commit, some);
    const answer = await client.graphql(document, variables, call);
    const refusal = refusalIn(answer.errors, ["repository"]);
    if (refusal) throw refusal.asFailure(call.what, call.needs);
    const { object } = read(shape, answer.data, call.what).repository;
    if (object?.oid !== commit) throw new TryAgainLater(`GitHub does not show commit ${commit} yet.`);
    for (const [index, path] of some.entries()) {
      const id = read(entryShape, object[`f${index}`], call.what)?.oid;
      if (id !== undefined) ids.set(path, id);
    }
  }
  return ids;
}
