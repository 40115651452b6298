import { z } from "zod";
import { repositoriesOf } from "../deeds/organisation.ts";
import { type Actor, expiryOf, type Grant, holds } from "../identity.ts";
import { reaches } from "../lookups.ts";
import { notAllowed, notFound, Refusal } from "../refusal.ts";
import { showApp, showInstallation, showOwnAccount } from "../show/accounts.ts";
import { showRepository } from "../show/repositories.ts";
import type { App, Installation } from "../world.ts";
import { type Call, created, cut, numberIn, type Operation, ok, page, type RepositoryCall, read } from "./operation.ts";

const access = z.enum(["read", "write", "admin"]);
const tokenWords = z.object({
  repositories: z.array(z.string()).optional(),
  repository_ids: z.array(z.number()).optional(),
  permissions: z.record(z.string(), access).optional(),
});

/** Operations by which an App proves who it is and finds where it is installed. */
export const appOperations: readonly Operation[] = [
  {
    id: "apps/get-authenticated",
    method: "GET",
    path: "/app",
    on: "anything",
    answer: (call) => ok(describeApp(call)),
  },
  {
    id: "apps/list-installations",
    method: "GET",
    path: "/app/installations",
    on: "anything",
    answer: listInstallations,
  },
  {
    id: "apps/get-installation",
    method: "GET",
    path: "/app/installations/{installation_id}",
    on: "anything",
    answer: getInstallation,
  },
  {
    id: "apps/create-installation-access-token",
    method: "POST",
    path: "/app/installations/{installation_id}/access_tokens",
    on: "anything",
    answer: createToken,
  },
  {
    id: "apps/get-repo-installation",
    method: "GET",
    path: "/repos/{owner}/{repo}/installation",
    on: "anything",
    answer: installationOfRepository,
  },
  {
    id: "apps/list-repos-accessible-to-installation",
    method: "GET",
    path: "/installation/repositories",
    on: "anything",
    answer: listRepositories,
  },
  { id: "users/get-authenticated", method: "GET", path: "/user", on: "anything", answer: getUser },
];

/** The App behind an App token; an installation token or a person's is not enough. */
export function appOf(actor: Actor): App {
  if (actor.kind === "app") return actor.app;
  throw new Refusal(401, "A JSON web token could not be decoded");
}

function describeApp(call: Call) {
  const app = appOf(call.actor);
  const installations = call.world.installations.filter((one) => one.app === app && !one.deleted);
  return { ...showApp(call.world, app), installations_count: installations.length };
}

function listInstallations(call: Call) {
  const app = appOf(call.actor);
  const own = call.world.installations.filter((one) => one.app === app && !one.deleted);
  return page(call, own, (installation) => showInstallation(call.world, installation));
}

function getInstallation(call: Call) {
  return ok(showInstallation(call.world, installationIn(call)));
}

function installationIn(call: Call): Installation {
  const app = appOf(call.actor);
  const id = numberIn(call, "installation_id");
  const found = call.world.installations.find((one) => one.app === app && one.id === id && !one.deleted);
  if (found === undefined) throw notFound();
  return found;
}

function createToken(call: Call) {
  const installation = installationIn(call);
  if (installation.suspended) throw new Refusal(403, "This installation has been suspended");
  const words = read(tokenWords, call);
  const permissions = words.permissions ?? installation.permissions;
  if (!holds(installation.permissions, permissions)) {
    throw new Refusal(422, "The permissions requested are not granted to this installation.");
  }
  const grant = call.identity.grant(
    installation,
    { metadata: "read", ...permissions },
    narrowed(call, installation, words),
  );
  return created({
    token: grant.token,
    expires_at: expiryOf(grant),
    permissions: grant.permissions,
    repository_selection: grant.repositories === undefined ? installation.selection : "selected",
    ...(grant.repositories === undefined
      ? {}
      : { repositories: reachable(call, grant).map((repository) => showRepository(call.world, repository)) }),
  });
}

function narrowed(
  call: Call,
  installation: Installation,
  words: z.infer<typeof tokenWords>,
): ReadonlySet<number> | undefined {
  if (words.repositories === undefined && words.repository_ids === undefined) return undefined;
  const all = repositoriesOf(call.world, installation);
  const chosen = new Set<number>();
  const wanted = [...(words.repositories ?? []), ...(words.repository_ids ?? [])];
  for (const one of wanted) {
    const repository = all.find((known) => known.id === one || known.name.toLowerCase() === String(one).toLowerCase());
    if (repository === undefined) {
      const what =
        "There is at least one repository that does not exist or is not accessible to the parent installation.";
      throw new Refusal(422, what);
    }
    chosen.add(repository.id);
  }
  return chosen;
}

function reachable(call: Call, grant: Grant) {
  const all = repositoriesOf(call.world, grant.installation);
  return grant.repositories === undefined ? all : all.filter((repository) => grant.repositories?.has(repository.id));
}

function installationOfRepository(call: Call) {
  const app = appOf(call.actor);
  const wanted = `${call.params["owner"]}/${call.params["repo"]}`.toLowerCase();
  for (const repository of call.world.repositories.values()) {
    if (`${repository.owner.login}/${repository.name}`.toLowerCase() !== wanted) continue;
    const installation = call.world.installations.find((one) => one.app === app && reaches(one, repository));
    if (installation !== undefined) return ok(showInstallation(call.world, installation));
  }
  throw notFound();
}

function listRepositories(call: Call) {
  if (call.actor.kind !== "installation") throw notAllowed();
  const { slice, headers } = cut(call, reachable(call, call.actor.grant));
  const all = reachable(call, call.actor.grant);
  const repositories = slice.map((repository) => showRepository(call.world, repository));
  return ok(
    { total_count: all.length, repository_selection: call.actor.grant.installation.selection, repositories },
    headers,
  );
}

function getUser(call: Call | RepositoryCall) {
  if (call.actor.kind === "installation") throw notAllowed();
  if (call.actor.kind !== "user") throw new Refusal(401, "Requires authentication");
  return ok(showOwnAccount(call.world, call.actor.account));
}
