import { z } from "zod";
import { TryAgainLater } from "../failures.ts";
import { type GitHubClient, read } from "./client.ts";
import type { RepositoryName } from "./files.ts";
import { refusalIn } from "./partial.ts";
import { issuesQuery, listQuery, type pagedLists, type Query } from "./query.ts";
import { listShape } from "./shapes.ts";

/** Pages of one list that are read at most; what lies beyond is said to be unknown. */
const mostPages = 10;

/** The rest of a list, and whether all of it was read. */
export interface RestOfList<Node> {
  readonly nodes: readonly Node[];
  readonly complete: boolean;
}

/** Reads on in a list of a pull request, from the cursor where the first query ended. */
export function restOfList<Node extends z.ZodType>(
  client: GitHubClient,
  pullRequest: RepositoryName & { readonly number: number },
  list: keyof typeof pagedLists,
  from: string | null | undefined,
  node: Node,
): Promise<RestOfList<z.output<Node>>> {
  const part = ["repository", "pullRequest", "list"];
  return readOn(client, (cursor) => listQuery(pullRequest, list, cursor), part, from, node);
}

/** Reads on in the issues of threats. */
export function restOfIssues<Node extends z.ZodType>(
  client: GitHubClient,
  repository: RepositoryName,
  from: string | null | undefined,
  node: Node,
): Promise<RestOfList<z.output<Node>>> {
  return readOn(client, (cursor) => issuesQuery(repository, cursor), ["repository", "list"], from, node);
}

async function readOn<Node extends z.ZodType>(
  client: GitHubClient,
  ask: (cursor: string) => Query,
  part: readonly string[],
  from: string | null | undefined,
  node: Node,
): Promise<RestOfList<z.output<Node>>> {
  const call = { what: "read on in a list", needs: "Pull requests: read", kind: "read" } as const;
  const nodes: z.output<Node>[] = [];
  const seen = new Set<string>();
  let cursor = from;
  for (let page = 0; cursor && page < mostPages; page++) {
    // A cursor that comes back would lead in a circle (H084).
    if (seen.has(cursor)) throw new TryAgainLater("GitHub's pages led in a circle.");
    seen.add(cursor);
    const { document, variables } = ask(cursor);
    const answer = await client.graphql(document, variables, call);
    const refusal = refusalIn(answer.errors, part);
    if (refusal) throw refusal.asFailure(call.what, call.needs);
    const list = read(listShape, at(answer.data, part), call.what);
    for (const each of list.nodes ?? []) if (each !== null) nodes.push(read(node, each, call.what));
    const { pageInfo } = list;
    if (pageInfo.hasNextPage) cursor = pageInfo.endCursor;
    else cursor = pageInfo.hasPreviousPage ? pageInfo.startCursor : undefined;
  }
  return { nodes, complete: !cursor };
}

const record = z.record(z.string(), z.unknown());

function at(data: unknown, path: readonly string[]): unknown {
  let value = data;
  for (const key of path) {
    const parsed = record.safeParse(value);
    value = parsed.success ? parsed.data[key] : undefined;
  }
  return value;
}
