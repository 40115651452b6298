import {
  buildSchema,
  type DocumentNode,
  execute,
  GraphQLError,
  type GraphQLFieldResolver,
  type GraphQLFormattedError,
  type GraphQLSchema,
  getOperationAST,
  parse,
  specifiedRules,
  validate,
} from "graphql";
import { isoSeconds } from "../clock.ts";
import type { Contract } from "../contract.ts";
import type { Actor } from "../identity.ts";
import { accountByLogin, organizationByLogin, pullRequestsOf } from "../lookups.ts";
import type { RateLimits } from "../rate-limits.ts";
import { Refusal } from "../refusal.ts";
import type { Answer } from "../rest/operation.ts";
import { readNodeId } from "../show/node-id.ts";
import type { World } from "../world.ts";
import { commentShapeIn } from "./comments.ts";
import { costOf } from "./cost.ts";
import { mutations } from "./mutations.ts";
import { actorShape, organizationShape, viewerShape } from "./people.ts";
import { pullRequestShape } from "./pull-requests.ts";
import { repositoryAt } from "./repositories.ts";
import { type Arguments, type Context, refuse, type Shape, textOf, textsOf } from "./shape.ts";

let known: Promise<GraphQLSchema> | undefined;

/** GitHub's published schema, built once a process and only when it is asked for. It has duplicates, hence `assumeValid`. */
function githubSchema(): Promise<GraphQLSchema> {
  known ??= import("@octokit/graphql-schema").then(({ schema }) => buildSchema(schema.idl, { assumeValid: true }));
  return known;
}

interface Understood {
  readonly document: DocumentNode;
  readonly errors: readonly GraphQLError[];
}

const documents = new Map<string, Understood>();

function understood(schema: GraphQLSchema, query: string): Understood {
  const before = documents.get(query);
  if (before !== undefined) return before;
  const document = parse(query);
  const result = { document, errors: validate(schema, document, specifiedRules) };
  documents.set(query, result);
  return result;
}

/** The name of the operation in a GraphQL request, for logs and faults. */
export function operationNameOf(body: unknown): string {
  const { query } = wordsOf(body);
  return /^\s*(?:query|mutation)\s+(\w+)/m.exec(query)?.[1] ?? "anonymous";
}

function wordsOf(body: unknown): { readonly query: string; readonly variables: Arguments } {
  const fields: Arguments = typeof body === "object" && body !== null ? { ...body } : {};
  const variables = fields["variables"];
  const query = fields["query"];
  return {
    query: typeof query === "string" ? query : "",
    variables: typeof variables === "object" && variables !== null ? { ...variables } : {},
  };
}

interface Service {
  readonly world: World;
  readonly actor: Actor;
  readonly limits: RateLimits;
  readonly contract: Contract;
}

/** Runs a document against the world. The answer is 200 whatever the errors, as GitHub's. */
export async function answerGraphql(service: Service, body: unknown): Promise<Answer> {
  const { actor, contract, limits } = service;
  if (actor.kind === "anonymous" || actor.kind === "app")
    throw new Refusal(401, "This endpoint requires you to be authenticated.");
  const { query, variables } = wordsOf(body);
  const schema = await githubSchema();
  let document: DocumentNode;
  try {
    const read = understood(schema, query);
    document = read.document;
    if (read.errors.length > 0) {
      contract.blame(
        "client",
        `graphql/${operationNameOf(body)}`,
        read.errors.map((error) => error.message),
      );
      return { status: 200, body: { errors: read.errors.map(written) } };
    }
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    contract.blame("client", "graphql", [error.message]);
    return { status: 200, body: { errors: [written(error)] } };
  }
  const operation = getOperationAST(document);
  if (operation === null || operation === undefined)
    throw new Refusal(400, "A query attribute must be specified and must be a string.");
  const cost = costOf(schema, document, operation, variables);
  limits.spend(actor, "graphql", cost.points);
  if (cost.faults.length > 0) {
    contract.blame(
      "client",
      `graphql/${operationNameOf(body)}`,
      cost.faults.map((fault) => fault.message),
    );
    return { status: 200, body: { data: null, errors: cost.faults } };
  }
  const context: Context = { ...service, cost: cost.points, nodeCount: cost.nodes };
  const rootValue = operation.operation === "mutation" ? mutations(context) : queryRoot(context);
  const result = await execute({
    schema,
    document,
    rootValue,
    contextValue: context,
    variableValues: variables,
    fieldResolver,
  });
  const errors = result.errors ?? [];
  for (const error of errors)
    if (isOurFault(error)) contract.blame("stand-in", `graphql/${operationNameOf(body)}`, [error.message]);
  return { status: 200, body: { data: result.data, ...(errors.length === 0 ? {} : { errors: errors.map(written) }) } };
}

/** Anything but GitHub's own refusals: a field we do not have, an argument we do not heed, a mistake in the stand-in. */
function isOurFault(error: GraphQLError): boolean {
  const type = error.extensions["type"];
  return typeof type !== "string" || type === "STAND_IN";
}

const fieldResolver: GraphQLFieldResolver<unknown, Context> = (source, args: Arguments, _context, info) => {
  if (typeof source !== "object" || source === null || !(info.fieldName in source)) {
    throw new GraphQLError(`the stand-in has no ${info.parentType.name}.${info.fieldName}`, {
      extensions: { type: "STAND_IN" },
    });
  }
  const value: unknown = Reflect.get(source, info.fieldName);
  if (typeof value !== "function") return value;
  try {
    return Reflect.apply(value, source, [args]);
  } catch (error) {
    if (error instanceof Refusal) throw refuse(error.status === 403 ? "FORBIDDEN" : "UNPROCESSABLE", error.message);
    throw error;
  }
};

function written(error: GraphQLError): unknown {
  const { message, locations, path, extensions = {} }: GraphQLFormattedError = error.toJSON();
  const type = extensions["type"];
  return {
    ...(typeof type === "string" ? { type } : {}),
    ...(path === undefined ? {} : { path }),
    ...(locations === undefined ? {} : { locations }),
    message,
  };
}

function queryRoot(context: Context): Shape {
  const { world } = context;
  return {
    __typename: "Query",
    viewer: () => viewerShape(context),
    repository: (args: Arguments) => repositoryAt(context, args),
    organization: (args: Arguments) => {
      const login = textOf(args, "login") ?? "";
      const organization = organizationByLogin(world, login);
      if (organization === undefined)
        throw refuse("NOT_FOUND", `Could not resolve to an Organization with the login of '${login}'.`);
      return organizationShape(context, organization);
    },
    user: (args: Arguments) => {
      const login = textOf(args, "login") ?? "";
      const account = accountByLogin(world, login);
      if (account?.type !== "User")
        throw refuse("NOT_FOUND", `Could not resolve to a User with the login of '${login}'.`);
      return actorShape(context, account);
    },
    node: (args: Arguments) => nodeAt(context, textOf(args, "id") ?? ""),
    nodes: (args: Arguments) => (textsOf(args, "ids") ?? []).map((id) => nodeAt(context, id)),
    rateLimit: () => {
      const { limit, used, remaining, reset } = context.limits.show(context.actor, "graphql");
      const resetAt = isoSeconds(new Date(reset * 1000));
      return {
        __typename: "RateLimit",
        cost: context.cost,
        limit,
        used,
        remaining,
        resetAt,
        nodeCount: context.nodeCount,
      };
    },
  };
}

/** Pull requests, their comments and accounts by global id; others are not asked for that way yet. */
function nodeAt(context: Context, id: string): Shape | null {
  const named = readNodeId(id);
  for (const repository of context.world.repositories.values()) {
    const pull = pullRequestsOf(repository).find(
      (one) => named?.kind === "PullRequest" && String(one.id) === named.key,
    );
    if (pull !== undefined) return pullRequestShape(context, repository, pull);
    for (const one of pullRequestsOf(repository)) {
      const found = commentShapeIn(context, repository, one, named);
      if (found !== undefined) return found;
    }
  }
  const account = context.world.accounts.get(Number(named?.key));
  if (account !== undefined && named?.kind === account.type) return actorShape(context, account);
  throw refuse("NOT_FOUND", `Could not resolve to a node with the global id of '${id}'`);
}
