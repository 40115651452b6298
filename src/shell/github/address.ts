/** Where GitHub's two interfaces are. */
export interface Address {
  /** Base of REST routes, without a slash at its end. */
  readonly rest: string;
  readonly graphql: string;
}

/** GitHub's own REST address. */
export const publicGitHub = "https://api.github.com";

/**
 * The addresses for a REST base: `https://api.github.com`; `https://HOST/api/v3` of an Enterprise Server, whose GraphQL
 * is at `https://HOST/api/graphql` (https://docs.github.com/enterprise-server/graphql/guides/forming-calls-with-graphql);
 * anything else, such as a simulator or `https://api.TENANT.ghe.com`, has GraphQL at `/graphql` under it.
 */
export function addressOf(restBase: string = publicGitHub, graphqlUrl?: string): Address {
  const rest = restBase.replace(/\/+$/, "");
  if (graphqlUrl) return { rest, graphql: graphqlUrl };
  return { rest, graphql: rest.endsWith("/api/v3") ? `${rest.slice(0, -"/v3".length)}/graphql` : `${rest}/graphql` };
}
