import { createHash, verify } from "node:crypto";
import { isoSeconds } from "./clock.ts";
import { reaches } from "./lookups.ts";
import { OAuth } from "./oauth.ts";
import { atLeast, permissionOf } from "./people.ts";
import { Refusal } from "./refusal.ts";
import type { Access, Account, App, Installation, Permission, Permissions, Repository, World } from "./world.ts";

/** Who asks. */
export type Actor =
  | { readonly kind: "anonymous" }
  | { readonly kind: "app"; readonly app: App }
  | { readonly kind: "installation"; readonly grant: Grant }
  /** A person; with an App, by a token that sees only what both may see; with scopes, by a classic one. */
  | { readonly kind: "user"; readonly account: Account; readonly app?: App; readonly scopes?: string }
  /** An App that proves by its client id and secret who it is. */
  | { readonly kind: "client"; readonly app: App };

/** An installation token and what it may do. */
export interface Grant {
  readonly token: string;
  readonly installation: Installation;
  readonly permissions: Permissions;
  /** Ids of the repositories that the token was narrowed to; absent: all of the installation. */
  readonly repositories: ReadonlySet<number> | undefined;
  expiresAt: number;
}

/** Access that an operation asks for; any one of several is enough. */
export type Need = Readonly<Record<string, Access>>;

const tenMinutes = 600;
const oneHour = 3_600_000;

/** Tokens of people and of installations, and the App tokens that prove who an App is. */
export class Identity {
  readonly #world: World;
  readonly #people: ReadonlyMap<string, Account>;
  readonly #scopes: ReadonlyMap<string, string>;
  readonly #grants = new Map<string, Grant>();
  readonly oauth: OAuth;

  constructor(world: World, people: ReadonlyMap<string, Account>, scopes: ReadonlyMap<string, string> = new Map()) {
    this.#world = world;
    this.#scopes = scopes;
    this.#people = people;
    this.oauth = new OAuth(world);
  }

  /** Reads the `Authorization` header; refuses one that is there and is not good. */
  actorOf(header: string | undefined): Actor {
    if (header === undefined) return { kind: "anonymous" };
    const client = /^basic\s+(\S+)$/i.exec(header)?.[1];
    if (client !== undefined) return this.#clientOf(client);
    const token = /^(?:bearer|token)\s+(\S+)$/i.exec(header)?.[1];
    if (token === undefined) throw new Refusal(401, "Bad credentials");
    const grant = this.#grants.get(token);
    if (grant !== undefined) return this.#actorOfGrant(grant);
    const account = this.#people.get(token);
    if (account !== undefined) {
      const scopes = this.#scopes.get(token);
      return { kind: "user", account, ...(scopes === undefined ? {} : { scopes }) };
    }
    const signedIn = this.oauth.owner(token);
    if (signedIn !== undefined) return { kind: "user", ...signedIn };
    if (token.split(".").length === 3 && !token.startsWith("gh")) return { kind: "app", app: this.#appOf(token) };
    throw new Refusal(401, "Bad credentials");
  }

  /** Makes an installation token: about 520 characters, `ghs_`, the App's id and a signed part, as since 2026. */
  grant(installation: Installation, permissions: Permissions, repositories: ReadonlySet<number> | undefined): Grant {
    const seed = `${installation.id} ${this.#grants.size}`;
    const part = (length: number, salt: string): string => {
      let text = "";
      for (let round = 0; text.length < length; round += 1) {
        text += createHash("sha512").update(`${seed} ${salt} ${round}`).digest("base64url");
      }
      return text.slice(0, length);
    };
    const token = `ghs_${installation.app.id}_${part(48, "head")}.${part(120, "claims")}.${part(342, "signature")}`;
    const expiresAt = this.#world.clock.identityNow().getTime() + oneHour;
    const grant: Grant = { token, installation, permissions, repositories, expiresAt };
    this.#grants.set(token, grant);
    return grant;
  }

  /** Ends all installation tokens now (H082). */
  expireTokens(): void {
    this.#grants.clear();
  }

  /** Tokens made so far and still known. */
  get grants(): readonly Grant[] {
    return [...this.#grants.values()];
  }

  #clientOf(credentials: string): Actor {
    const [id = "", secret = ""] = Buffer.from(credentials, "base64").toString("utf8").split(":");
    const app = this.oauth.appOfClient(id, secret);
    if (app === undefined) throw new Refusal(401, "Bad credentials");
    return { kind: "client", app };
  }

  #actorOfGrant(grant: Grant): Actor {
    if (grant.installation.deleted || grant.expiresAt <= this.#world.clock.identityNow().getTime()) {
      throw new Refusal(401, "Bad credentials");
    }
    if (grant.installation.suspended) throw new Refusal(403, "This installation has been suspended");
    return { kind: "installation", grant };
  }

  /** https://docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app */
  #appOf(token: string): App {
    const undecodable = new Refusal(401, "A JSON web token could not be decoded");
    const [head = "", claims = "", signature = ""] = token.split(".");
    const header = readPart(head);
    const payload = readPart(claims);
    if (header === undefined || payload === undefined || header["alg"] !== "RS256") throw undecodable;
    const app = this.#world.apps.find((one) => String(one.id) === String(payload["iss"]));
    if (app === undefined) throw new Refusal(404, "Integration not found");
    const signed = Buffer.from(`${head}.${claims}`);
    const good = app.publicKeys.some((key) => verify("RSA-SHA256", signed, key, Buffer.from(signature, "base64url")));
    if (!good) throw undecodable;
    this.#judgeTimes(payload);
    return app;
  }

  #judgeTimes(payload: Readonly<Record<string, unknown>>): void {
    const now = Math.floor(this.#world.clock.identityNow().getTime() / 1000);
    const { exp, iat } = payload;
    if (typeof exp !== "number" || exp <= now) {
      const what = "must be a numeric value representing the future time at which the assertion expires";
      throw new Refusal(401, `'Expiration time' claim ('exp') ${what}`);
    }
    if (exp > now + tenMinutes) throw new Refusal(401, "'Expiration time' claim ('exp') is too far in the future");
    if (typeof iat !== "number" || iat > now) {
      const what = "must be an Integer representing the time that the assertion was issued";
      throw new Refusal(401, `'Issued at' claim ('iat') ${what}`);
    }
  }
}

function readPart(part: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
    return typeof value === "object" && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

/** Whether the actor may know that the repository exists. */
export function sees(world: World, actor: Actor, repository: Repository): boolean {
  if (repository.deleted) return false;
  if (!repository.private) return true;
  if (actor.kind === "user") {
    const { app } = actor;
    const isCovered =
      app === undefined || world.installations.some((one) => one.app === app && reaches(one, repository));
    return isCovered && atLeast(permissionOf(world, actor.account, repository), "read");
  }
  return actor.kind === "installation" && covers(actor.grant, repository);
}

/** Whether the token reaches the repository by installation, not only because it is public. */
export function covers(grant: Grant, repository: Repository): boolean {
  if (!reaches(grant.installation, repository)) return false;
  return grant.repositories === undefined || grant.repositories.has(repository.id);
}

/**
 * Whether the actor may do what needs one of these permissions of an App, or this role of a person.
 * A public repository may be read by anybody.
 */
export function may(
  world: World,
  actor: Actor,
  repository: Repository,
  needs: readonly Need[],
  person: Permission | "never",
): boolean {
  const reading = needs.every((need) => Object.values(need).every((access) => access === "read"));
  if (actor.kind === "user") {
    return person !== "never" && atLeast(permissionOf(world, actor.account, repository), person);
  }
  if (actor.kind === "installation" && covers(actor.grant, repository)) {
    return needs.some((need) => holds(actor.grant.permissions, need));
  }
  return reading && !repository.private;
}

const accesses: readonly Access[] = ["read", "write", "admin"];

/** Whether granted permissions include all that is needed. */
export function holds(granted: Permissions, need: Need): boolean {
  return Object.entries(need).every(([name, access]) => {
    const has = name === "metadata" ? (granted[name] ?? "read") : granted[name];
    return has !== undefined && accesses.indexOf(has) >= accesses.indexOf(access);
  });
}

/** The account that what is written will be by; refuses who has none. */
export function writerOf(actor: Actor): { readonly account: Account; readonly app: App | undefined } {
  if (actor.kind === "user") return { account: actor.account, app: undefined };
  if (actor.kind === "installation") {
    const { app } = actor.grant.installation;
    return { account: app.bot, app };
  }
  throw new Refusal(401, "Requires authentication");
}

/** When a token ends, as GitHub writes it. */
export function expiryOf(grant: Grant): string {
  return isoSeconds(new Date(grant.expiresAt));
}
