import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  getNamedType,
  isInterfaceType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from "graphql";

/** What a query costs by GitHub's published formula, and what is wrong with its page sizes. */
export interface Cost {
  /** Requests of all connections divided by 100, at least 1. */
  readonly points: number;
  /** Nodes that it may bring; GitHub refuses more than 500,000. */
  readonly nodes: number;
  readonly faults: readonly { readonly type: string; readonly message: string; readonly path: readonly string[] }[];
}

const mostNodes = 500_000;

/**
 * Counts connections: each one is asked for once for every node of the connections around it.
 * https://docs.github.com/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api
 */
export function costOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): Cost {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  const faults: Cost["faults"][number][] = [];
  let requests = 0;
  let nodes = 0;

  const walk = (
    selections: SelectionSetNode,
    typeName: string | undefined,
    around: number,
    path: readonly string[],
  ): void => {
    for (const selection of selections.selections) {
      if (selection.kind === Kind.FRAGMENT_SPREAD) {
        const fragment = fragments.get(selection.name.value);
        if (fragment !== undefined) walk(fragment.selectionSet, fragment.typeCondition.name.value, around, path);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        walk(selection.selectionSet, selection.typeCondition?.name.value ?? typeName, around, path);
      } else if (selection.selectionSet !== undefined) {
        visit(selection, typeName, around, [...path, selection.alias?.value ?? selection.name.value]);
      }
    }
  };

  const visit = (field: FieldNode, parent: string | undefined, around: number, path: readonly string[]): void => {
    const type = schema.getType(parent ?? "");
    const definition = isObjectType(type) || isInterfaceType(type) ? type.getFields()[field.name.value] : undefined;
    const named = definition === undefined ? undefined : getNamedType(definition.type).name;
    let inside = around;
    if (named?.endsWith("Connection") && definition?.args.some((argument) => argument.name === "first")) {
      const size = pageSize(field, variables);
      if (size === undefined) {
        const what = `You must provide a \`first\` or \`last\` value to properly paginate the \`${field.name.value}\` connection.`;
        faults.push({ type: "MISSING_PAGINATION_BOUNDARIES", message: what, path });
      } else if (size < 1 || size > 100) {
        const what = `Requesting ${size} records on the \`${field.name.value}\` connection exceeds the \`first\` limit of 100 records.`;
        faults.push({ type: "EXCESSIVE_PAGINATION", message: what, path });
      }
      requests += around;
      inside = around * (size ?? 0);
      nodes += inside;
    }
    if (field.selectionSet !== undefined) walk(field.selectionSet, named, inside, path);
  };

  walk(operation.selectionSet, operation.operation === "mutation" ? "Mutation" : "Query", 1, []);
  if (nodes > mostNodes) {
    const what = `This query requests up to ${nodes} possible nodes which exceeds the maximum limit of ${mostNodes}.`;
    faults.push({ type: "MAX_NODE_LIMIT_EXCEEDED", message: what, path: [] });
  }
  return { points: Math.max(1, Math.round(requests / 100)), nodes, faults };
}

function pageSize(field: FieldNode, variables: Readonly<Record<string, unknown>>): number | undefined {
  for (const argument of field.arguments ?? []) {
    if (argument.name.value !== "first" && argument.name.value !== "last") continue;
    if (argument.value.kind === Kind.INT) return Number(argument.value.value);
    if (argument.value.kind === Kind.VARIABLE) {
      const value = variables[argument.value.name.value];
      if (typeof value === "number") return value;
    }
  }
  return undefined;
}
