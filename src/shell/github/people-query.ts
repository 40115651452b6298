import { account, commit } from "./fragments.ts";
import { aliases, type Query } from "./query.ts";

/** Who wrote these commits: each under its alias, `c0`, `c1` … */
export function commitsQuery(
  { owner, name }: { readonly owner: string; readonly name: string },
  commits: readonly string[],
): Query {
  const names = aliases("c", commits.length);
  const document = `query Commits($owner: String!, $name: String!${names.map((each) => `, $${each}: GitObjectID!`).join("")}) {
  repository(owner: $owner, name: $name) { ${names.map((each) => `${each}: object(oid: $${each}) { ...Contributors }`).join(" ")} }
}
${account}
${commit}`;
  return { document, variables: { owner, name, ...bound(names, commits) } };
}

/** Accounts by their logins: each under its alias, `u0`, `u1` … */
export function accountsQuery(logins: readonly string[]): Query {
  const names = aliases("u", logins.length);
  const document = `query Accounts(${names.map((each) => `$${each}: String!`).join(", ")}) {
  ${names.map((each) => `${each}: user(login: $${each}) { databaseId }`).join("\n  ")}
}`;
  return { document, variables: bound(names, logins) };
}

function bound(names: readonly string[], values: readonly string[]): Record<string, string> {
  return Object.fromEntries(values.map((value, index) => [names[index] ?? "", value]));
}
