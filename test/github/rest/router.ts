import { may, sees } from "../identity.ts";
import { repositoryByName } from "../lookups.ts";
import { notAllowed, notFound, Refusal } from "../refusal.ts";
import { apiOf } from "../show/repositories.ts";
import type { Repository, World } from "../world.ts";
import type { Answer, Call, Operation } from "./operation.ts";

/** What a request's path says: the operation, and the words in its place holders. */
export interface Match {
  readonly operation: Operation;
  readonly params: Readonly<Record<string, string>>;
}

/** Finds operations by method and path. */
export class Router {
  readonly #routes: readonly {
    readonly operation: Operation;
    readonly expression: RegExp;
    readonly names: readonly string[];
  }[];

  constructor(operations: readonly Operation[]) {
    this.#routes = operations.map((operation) => ({ operation, ...compile(operation.path) }));
  }

  match(method: string, path: string): Match | undefined {
    for (const { operation, expression, names } of this.#routes) {
      if (operation.method !== method) continue;
      const found = expression.exec(path);
      if (found === null) continue;
      const values = found.slice(1).map(decode);
      return { operation, params: Object.fromEntries(names.map((name, index) => [name, values[index] ?? ""])) };
    }
    return undefined;
  }
}

function compile(path: string): { readonly expression: RegExp; readonly names: string[] } {
  const names: string[] = [];
  const source = path.replaceAll(/\{(\w+)(\+?)\}/g, (_, name: string, rest: string) => {
    names.push(name);
    return rest === "+" ? "(.+)" : "([^/]+)";
  });
  return { expression: new RegExp(`^${source}$`), names };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new Refusal(400, "Bad Request");
  }
}

/** Runs an operation: finds the repository, follows old names, judges whether the actor may. */
export function run(match: Match, call: Call): Answer {
  const { operation } = match;
  if (operation.on === "anything") return operation.answer(call);
  const owner = call.params["owner"] ?? "";
  const name = call.params["repo"] ?? "";
  const repository = repositoryByName(call.world, owner, name);
  if (repository === undefined) return redirect(call, operation.method, formerly(call.world, owner, name));
  if (!sees(call.world, call.actor, repository)) throw notFound();
  if (!may(call.world, call.actor, repository, operation.needs, operation.person)) throw notAllowed(operation.needs);
  if (repository.archived && operation.method !== "GET") {
    throw new Refusal(403, "Repository was archived so is read-only.");
  }
  return operation.answer({ ...call, repository });
}

function formerly(world: World, owner: string, name: string): Repository | undefined {
  const id = world.formerNames.get(`${owner}/${name}`.toLowerCase());
  return id === undefined ? undefined : world.repositories.get(id);
}

/** GitHub answers the old name of a repository with a redirect to its id: permanent for reads, temporary for writes. */
function redirect(call: Call, method: string, repository: Repository | undefined): Answer {
  if (repository === undefined || !sees(call.world, call.actor, repository)) throw notFound();
  const rest = call.address.pathname.replace(/^.*?\/repos\/[^/]+\/[^/]+/, "");
  const url = `${apiOf(call.world, repository).replace(/\/repos\/.*$/, "")}/repositories/${repository.id}${rest}${call.address.search}`;
  return {
    status: method === "GET" ? 301 : 307,
    headers: { location: url },
    body: {
      message: "Moved Permanently",
      url,
      documentation_url: "https://docs.github.com/rest/guides/best-practices-for-using-the-rest-api#follow-redirects",
    },
  };
}
