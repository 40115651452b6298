import { createHash } from "node:crypto";
import { accountByLogin } from "./lookups.ts";
import { html } from "./pages/html.ts";
import { avatar, layout } from "./pages/pieces.ts";
import type { Account, App, World } from "./world.ts";

/** What the web flow of a GitHub App knows: codes that were given, and the tokens that people's Apps hold. */
interface Code {
  readonly app: App;
  readonly account: Account;
  readonly callback: string;
  readonly challenge: string | undefined;
}

interface UserToken {
  readonly app: App;
  readonly account: Account;
  readonly renewal: string;
  until: number;
}

/** What an answer to a request without an API is. */
export interface OAuthAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly text: string;
  readonly type: string;
}

const eightHours = 28_800;

/** The id and secret by which an App's people sign in. */
export function clientOf(app: App): { readonly clientId: string; readonly clientSecret: string } {
  const digest = createHash("sha256").update(`client of ${app.slug}`).digest("hex");
  return { clientId: `Iv23li${digest.slice(0, 14)}`, clientSecret: digest.slice(14, 54) };
}

/**
 * Signing in to a GitHub App with a browser: the page that asks, codes that serve once, PKCE, tokens that end after eight
 * hours and renewals that serve once.
 * https://docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-user-access-token-for-a-github-app
 */
export class OAuth {
  readonly #world: World;
  readonly #codes = new Map<string, Code>();
  readonly #tokens = new Map<string, UserToken>();
  #serial = 0;

  constructor(world: World) {
    this.#world = world;
  }

  /** Whose token this is, and of which App; undefined for one that is not known or has ended. */
  owner(token: string): { readonly account: Account; readonly app: App } | undefined {
    const known = this.#tokens.get(token);
    return known && known.until > this.#now() ? known : undefined;
  }

  /** The App whose id and secret these are. */
  appOfClient(clientId: string, clientSecret: string): App | undefined {
    return this.#world.apps.find((app) => {
      const client = clientOf(app);
      return client.clientId === clientId && client.clientSecret === clientSecret;
    });
  }

  end(token: string): boolean {
    return this.#tokens.delete(token);
  }

  /** All tokens of people end now; they may be renewed. */
  expireTokens(): void {
    for (const token of this.#tokens.values()) token.until = 0;
  }

  /** Answers what belongs to signing in; undefined for everything else. */
  answer(method: string, address: URL, body: unknown): OAuthAnswer | undefined {
    if (method === "GET" && address.pathname === "/login/oauth/authorize") return this.#ask(address.searchParams);
    if (method === "POST" && address.pathname === "/login/oauth/access_token") return json(this.#exchange(body));
    return undefined;
  }

  /** The page on which a person says yes; with `as`, somebody has said so. */
  #ask(query: URLSearchParams): OAuthAnswer {
    const app = this.#world.apps.find((one) => clientOf(one).clientId === query.get("client_id"));
    const callback = query.get("redirect_uri") ?? "";
    if (app === undefined || !URL.canParse(callback)) return page(404, "Not found", html`<p>No such App.</p>`);
    const account = accountByLogin(this.#world, query.get("as") ?? "");
    if (account !== undefined) {
      const code = this.#unique("code");
      this.#codes.set(code, { app, account, callback, challenge: query.get("code_challenge") ?? undefined });
      const back = new URL(callback);
      back.searchParams.set("code", code);
      back.searchParams.set("state", query.get("state") ?? "");
      return { status: 302, headers: { location: back.href }, text: "", type: "text/plain" };
    }
    const people = [...this.#world.accounts.values()].filter(({ type }) => type === "User");
    const as = (login: string): string => {
      const words = new URLSearchParams(query);
      words.set("as", login);
      return `/login/oauth/authorize?${words.toString()}`;
    };
    const choices = people.map(
      (one) => html`<li>${avatar(one, true)} <a href="${as(one.login)}">${one.login}</a></li>`,
    );
    return page(
      200,
      `Sign in to ${app.name}`,
      html`<h2 class="section">Sign in to ${app.name} as</h2><div class="box"><ul class="list">${choices}</ul></div>`,
    );
  }

  #exchange(body: unknown): Readonly<Record<string, unknown>> {
    const words = new Map(Object.entries(typeof body === "object" && body !== null ? body : {}));
    const word = (name: string): string => String(words.get(name) ?? "");
    const app = this.appOfClient(word("client_id"), word("client_secret"));
    if (app === undefined) return refused("incorrect_client_credentials");
    if (word("grant_type") === "refresh_token") {
      const found = [...this.#tokens].find(([, token]) => token.renewal === word("refresh_token") && token.app === app);
      if (found === undefined) return refused("bad_refresh_token");
      this.#tokens.delete(found[0]);
      return this.#grant(app, found[1].account);
    }
    const code = this.#codes.get(word("code"));
    this.#codes.delete(word("code"));
    if (code === undefined || code.app !== app) return refused("bad_verification_code");
    if (code.callback !== word("redirect_uri")) return refused("redirect_uri_mismatch");
    const challenge = createHash("sha256").update(word("code_verifier")).digest("base64url");
    if (code.challenge !== undefined && code.challenge !== challenge) return refused("bad_verification_code");
    return this.#grant(app, code.account);
  }

  #grant(app: App, account: Account): Readonly<Record<string, unknown>> {
    const token = `ghu_${this.#unique("token")}`;
    const renewal = `ghr_${this.#unique("renewal")}`;
    this.#tokens.set(token, { app, account, renewal, until: this.#now() + eightHours * 1000 });
    return {
      access_token: token,
      expires_in: eightHours,
      refresh_token: renewal,
      refresh_token_expires_in: 15_811_200,
      token_type: "bearer",
      scope: "",
    };
  }

  #unique(what: string): string {
    this.#serial += 1;
    return createHash("sha256").update(`${what} ${this.#serial}`).digest("hex").slice(0, 36);
  }

  #now(): number {
    return this.#world.clock.identityNow().getTime();
  }
}

/** GitHub refuses with status 200 and a word. */
function refused(error: string): Readonly<Record<string, unknown>> {
  return { error, error_description: "refused by the stand-in", error_uri: "https://docs.github.com" };
}

function json(body: unknown): OAuthAnswer {
  return { status: 200, text: JSON.stringify(body), type: "application/json; charset=utf-8" };
}

function page(status: number, title: string, body: ReturnType<typeof html>): OAuthAnswer {
  return { status, text: layout(title, body).text, type: "text/html; charset=utf-8" };
}
