import { z } from "zod";
import { repositoriesOf } from "../deeds/organisation.ts";
import { type Actor, expiryOf, type Grant, holds } from "../identity.ts";
import { reaches } from "../lookups.ts";
import type { Manifests } from "../manifests.ts";
import { clientOf } from "../oauth.ts";
import { atLeast, permissionOf } from "../people.ts";
import { notAllowed, notFound, Refusal } from "../refusal.ts";
import { showApp, showInstallation, showOwnAccount } from "../show/accounts.ts";
import { showRepository } from "../show/repositories.ts";
import type { Account, App, Installation } from "../world.ts";
import {
  type Call,
  created,
  cut,
  nothing,
  numberIn,
  type Operation,
  ok,
  page,
  type RepositoryCall,
  read,
} from "./operation.ts";

const access = z.enum(["read", "write", "admin"]);
const tokenWords = z.object({
  repositories: z.array(z.string()).optional(),
  repository_ids: z.array(z.number()).optional(),
  permissions: z.record(z.string(), access).optional(),
});

/** The exchange of a manifest's code for an App and its secrets, which needs nothing but the code. */
export function manifestOperations(manifests: Manifests): readonly Operation[] {
  return [
    {
      id: "apps/create-from-manifest",
      method: "POST",
      path: "/app-manifests/{code}/conversions",
      on: "anything",
      answer: ({ world, params }) => {
        const made = manifests.convert(params["code"] ?? "");
        if (made === undefined) throw notFound();
        const { clientId, clientSecret } = clientOf(made.app);
        const secrets = {
          client_id: clientId,
          client_secret: clientSecret,
          webhook_secret: made.app.webhookSecret,
          pem: made.privateKey,
        };
        return created({ ...showApp(world, made.app), ...secrets });
      },
    },
  ];
}

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
  {
    id: "apps/list-installations-for-authenticated-user",
    method: "GET",
    path: "/user/installations",
    on: "anything",
    answer: listInstallationsOfUser,
  },
  {
    id: "apps/list-installation-repos-for-authenticated-user",
    method: "GET",
    path: "/user/installations/{installation_id}/repositories",
    on: "anything",
    answer: listRepositoriesOfUser,
  },
  {
    id: "apps/delete-token",
    method: "DELETE",
    path: "/applications/{client_id}/token",
    on: "anything",
    answer: deleteToken,
  },
  {
    id: "repos/list-for-authenticated-user",
    method: "GET",
    path: "/user/repos",
    on: "anything",
    answer: listOwnRepositories,
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

/** The App and the person behind a token of both; a personal token is not enough. */
function signedIn({ actor }: Call): { readonly app: App; readonly account: Account } {
  if (actor.kind === "user" && actor.app !== undefined) return { app: actor.app, account: actor.account };
  throw new Refusal(
    403,
    "You must authenticate with an access token authorized to a GitHub App in order to list installations",
  );
}

/** Repositories of an installation that a person has explicit access to: what is merely public is not among them. */
function explicitIn(call: Call, installation: Installation, account: Account) {
  return repositoriesOf(call.world, installation).filter((repository) =>
    atLeast(permissionOf(call.world, account, { ...repository, private: true }), "read"),
  );
}

function installationsOfUser(call: Call): readonly Installation[] {
  const { app, account } = signedIn(call);
  return call.world.installations.filter(
    (one) => one.app === app && !one.deleted && explicitIn(call, one, account).length > 0,
  );
}

function listInstallationsOfUser(call: Call) {
  const all = installationsOfUser(call);
  const { slice, headers } = cut(call, all);
  const installations = slice.map((one) => showInstallation(call.world, one));
  return ok({ total_count: all.length, installations }, headers);
}

function listRepositoriesOfUser(call: Call) {
  const { account } = signedIn(call);
  const id = numberIn(call, "installation_id");
  const installation = installationsOfUser(call).find((one) => one.id === id);
  if (installation === undefined) throw notFound();
  const all = explicitIn(call, installation, account);
  const { slice, headers } = cut(call, all);
  const repositories = slice.map((repository) => showRepository(call.world, repository));
  return ok({ total_count: all.length, repository_selection: installation.selection, repositories }, headers);
}

/** What a person has to do with; a token without the scope `repo` sees what is public alone. */
function listOwnRepositories(call: Call) {
  const { actor } = call;
  if (actor.kind !== "user") throw new Refusal(401, "Requires authentication");
  const isNarrow = actor.scopes !== undefined && !actor.scopes.split(", ").includes("repo");
  const all = [...call.world.repositories.values()].filter(
    (repository) =>
      (!isNarrow || !repository.private) &&
      atLeast(permissionOf(call.world, actor.account, { ...repository, private: true }), "read"),
  );
  const { slice, headers } = cut(call, all);
  return ok(
    slice.map((repository) => showRepository(call.world, repository)),
    headers,
  );
}

function deleteToken(call: Call) {
  const { actor } = call;
  if (actor.kind !== "client" || clientOf(actor.app).clientId !== call.params["client_id"]) throw notFound();
  const { access_token: token } = read(z.object({ access_token: z.string() }), call);
  if (call.identity.oauth.owner(token)?.app !== actor.app) throw new Refusal(422, "Validation Failed");
  call.identity.oauth.end(token);
  return nothing;
}

function getUser(call: Call | RepositoryCall) {
  if (call.actor.kind === "installation") throw notAllowed();
  if (call.actor.kind !== "user") throw new Refusal(401, "Requires authentication");
  return ok(showOwnAccount(call.world, call.actor.account));
}
