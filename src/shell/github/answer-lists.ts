import { z } from "zod";

const pageInfo = z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() });

/** A list whose nodes may hold nulls where GitHub left one out. */
export function listOf<Node extends z.ZodType>(node: Node) {
  return z.object({
    nodes: z.array(node.nullable()).nullish(),
    pageInfo: pageInfo.nullish(),
    totalCount: z.number().optional(),
  });
}

/** The nodes of a list without the nulls. */
export function nodesOf<Node>(
  list: { readonly nodes?: readonly (Node | null)[] | null | undefined } | null | undefined,
): Node[] {
  return (list?.nodes ?? []).filter((node): node is Node => node !== null);
}
