import { z } from "zod";
import { Forbidden, Gone, TryAgainLater } from "../failures.ts";
import type { PeopleOnGitHub, PersonToken, ProgramToken, ReadableRepository } from "../people-on-github.ts";
import type { Answer } from "./answers.ts";
import { type ClientOptions, createClient, type GitHubClient, read } from "./client.ts";
import { machineClock, Pace } from "./pace.ts";

/** The App as people sign in to it. */
export interface PeopleOptions extends Pick<ClientOptions, "baseUrl" | "graphqlUrl" | "clock" | "timeout"> {
  /** Where people use GitHub in a browser: `https://github.com`. */
  readonly host: string;
  readonly appId: number;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** Pages of a list that are asked for at once. */
const together = 8;
/** Most pages of a person's own repositories: 20,000 of them. */
const mostOwnPages = 200;

/**
 * People signing in by the web flow of a GitHub App, with PKCE
 * (https://docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-user-access-token-for-a-github-app).
 * Such a token sees only what both the person and the App may see.
 */
export function peopleOnGitHub(options: PeopleOptions): PeopleOnGitHub {
  const oauth = new OAuth(options);
  const ask = (token: string): Asking => new Asking(token, options);
  return {
    signInAddress: (asked) => oauth.signInAddress(asked),
    tokenFor: (code, verifier, callback) => oauth.token({ code, code_verifier: verifier, redirect_uri: callback }),
    renewed: (renewal) => oauth.token({ grant_type: "refresh_token", refresh_token: renewal }),
    end: (token) => oauth.end(token),
    person: async (token) => {
      const answer = await ask(token).get("GET /user", {}, "ask who signed in");
      return answer && read(personSchema, answer.data, "who signed in");
    },
    programToken: (token) => ask(token).programToken(options.appId),
    ownRepositories: (token) => ask(token).ownRepositories(),
    installations: (token) => ask(token).installations(options.appId),
    repositories: (token, installation) => ask(token).repositories(installation),
    repository: (token, owner, name) => ask(token).repository(owner, name),
  };
}

const personSchema = z.object({ id: z.number().int().positive(), login: z.string().min(1) });
const installationsSchema = z.object({
  total_count: z.number().int(),
  installations: z.array(
    z.object({
      id: z.number().int(),
      app_id: z.number().int(),
      account: z.object({ login: z.string() }).nullish(),
    }),
  ),
});
const repositorySchema = z.object({
  id: z.number().int(),
  name: z.string(),
  private: z.boolean(),
  owner: z.object({ login: z.string() }),
  permissions: z.record(z.string(), z.boolean()).optional(),
});
const repositoriesSchema = z.object({ total_count: z.number().int(), repositories: z.array(repositorySchema) });

/** What GitHub answers to a code or a renewal; a refusal comes with status 200 and `error`. */
const tokenSchema = z.object({
  access_token: z.string().min(1).optional(),
  expires_in: z.number().optional(),
  refresh_token: z.string().optional(),
  error: z.string().optional(),
});

class OAuth {
  readonly #options: PeopleOptions;

  constructor(options: PeopleOptions) {
    this.#options = options;
  }

  signInAddress({ state, challenge, callback }: Parameters<PeopleOnGitHub["signInAddress"]>[0]): string {
    const address = new URL("/login/oauth/authorize", this.#options.host);
    address.searchParams.set("client_id", this.#options.clientId);
    address.searchParams.set("redirect_uri", callback);
    address.searchParams.set("state", state);
    address.searchParams.set("code_challenge", challenge);
    address.searchParams.set("code_challenge_method", "S256");
    return address.href;
  }

  async token(words: Readonly<Record<string, string>>): Promise<PersonToken | undefined> {
    const { clientId, clientSecret, clock = machineClock } = this.#options;
    const answer = await this.#send(
      "POST",
      new URL("/login/oauth/access_token", this.#options.host),
      { client_id: clientId, client_secret: clientSecret, ...words },
      {},
    );
    if (answer.status >= 500) throw new TryAgainLater("GitHub could not sign anybody in just now");
    const given = tokenSchema.safeParse(await answer.json().catch(() => undefined));
    if (!given.success || given.data.access_token === undefined) return undefined;
    const { access_token: token, expires_in: seconds, refresh_token: renewal } = given.data;
    return {
      token,
      ...(seconds === undefined ? {} : { until: new Date(clock.now() + seconds * 1000).toISOString() }),
      ...(renewal === undefined ? {} : { renewal }),
    };
  }

  /** https://docs.github.com/rest/apps/oauth-applications#delete-an-app-token */
  async end(token: string): Promise<void> {
    const { clientId, clientSecret, baseUrl = "https://api.github.com" } = this.#options;
    const credentials = Buffer.from(`${clientId}:${clientSecret}`).toString("base64");
    const address = new URL(`${baseUrl}/applications/${encodeURIComponent(clientId)}/token`);
    await this.#send("DELETE", address, { access_token: token }, { authorization: `Basic ${credentials}` });
  }

  async #send(
    method: string,
    address: URL,
    body: Readonly<Record<string, string>>,
    headers: Readonly<Record<string, string>>,
  ): Promise<Response> {
    try {
      return await fetch(address, {
        method,
        body: JSON.stringify(body),
        headers: { accept: "application/json", "content-type": "application/json", ...headers },
        redirect: "error",
        signal: AbortSignal.timeout(this.#options.timeout ?? 10_000),
      });
    } catch {
      throw new TryAgainLater("GitHub could not be reached to sign in");
    }
  }
}

class Asking {
  readonly #client: GitHubClient;

  constructor(token: string, options: PeopleOptions) {
    const { clock = machineClock } = options;
    const identity = { door: "app", appId: options.appId } as const;
    const credentials = { token: async () => token };
    this.#client = createClient(credentials, identity, new Pace(undefined, clock), { ...options, patience: 3 });
  }

  /** Undefined where GitHub does not accept the token, or shows nothing to this person. */
  async get(route: string, parameters: Readonly<Record<string, unknown>>, what: string): Promise<Answer | undefined> {
    try {
      const call = { what, needs: "Metadata: read", kind: "read", accepts: [401, 404] } as const;
      const answer = await this.#client.rest(route, parameters, call);
      return answer.status >= 400 ? undefined : answer;
    } catch (error) {
      // An organisation may ask for single sign-on first: until then it shows nothing.
      if (error instanceof Forbidden || error instanceof Gone) return undefined;
      throw error;
    }
  }

  /**
   * Classic tokens, and those of OAuth apps such as `gh`, name their scopes in `x-oauth-scopes`; `repo` reads private code.
   * https://docs.github.com/apps/oauth-apps/building-oauth-apps/scopes-for-oauth-apps
   * Tokens of this App name none, and are known by the installations that they list. Of a fine-grained token nothing says
   * which code it may read, so that it opens nothing.
   */
  async programToken(appId: number): Promise<ProgramToken | undefined> {
    const answer = await this.get("GET /user", {}, "ask whose token it is");
    if (!answer) return undefined;
    const person = read(personSchema, answer.data, "whose token it is");
    const scopes = answer.headers["x-oauth-scopes"];
    if (scopes !== undefined) {
      const mayReadCode = scopes.split(",").some((scope) => scope.trim() === "repo");
      return { person, reads: mayReadCode ? "as-person" : "nothing" };
    }
    const installations = await this.installations(appId);
    return { person, reads: installations === undefined || installations.length === 0 ? "nothing" : "as-app" };
  }

  /** https://docs.github.com/rest/repos/repos#list-repositories-for-the-authenticated-user */
  async ownRepositories(): Promise<readonly ReadableRepository[] | undefined> {
    const first = await this.#ownPage(1);
    if (!first || first.length < 100) return first;
    const found = [...first];
    for (let from = 2; from <= mostOwnPages; from += together) {
      const pages = await Promise.all(Array.from({ length: together }, (_, index) => this.#ownPage(from + index)));
      for (const page of pages) {
        if (page === undefined) return undefined;
        found.push(...page);
        if (page.length < 100) return found;
      }
    }
    return found;
  }

  async #ownPage(page: number): Promise<readonly ReadableRepository[] | undefined> {
    const answer = await this.get("GET /user/repos", { per_page: 100, page }, "list what may be read");
    return answer && read(z.array(repositorySchema), answer.data, "the repositories of a person").map(named);
  }

  async installations(appId: number) {
    const all = await this.#pages("GET /user/installations", {}, async (data) => {
      const { total_count: total, installations } = read(installationsSchema, data, "where the App is installed");
      return { total, items: installations };
    });
    return all?.flatMap(({ id, app_id, account }) =>
      app_id === appId && account ? [{ id, owner: account.login }] : [],
    );
  }

  async repositories(installation: number): Promise<readonly ReadableRepository[] | undefined> {
    const route = "GET /user/installations/{installation_id}/repositories";
    const all = await this.#pages(route, { installation_id: installation }, async (data) => {
      const { total_count: total, repositories } = read(repositoriesSchema, data, "the repositories of a person");
      return { total, items: repositories };
    });
    return all?.map(named);
  }

  async repository(owner: string, name: string): Promise<ReadableRepository | undefined> {
    const answer = await this.get("GET /repos/{owner}/{repo}", { owner, repo: name }, "look for the repository");
    if (!answer) return undefined;
    const found = read(repositorySchema, answer.data, "a repository");
    // What everybody may read is no sign that this person has to do with it.
    const { pull: _, ...more } = found.permissions ?? {};
    return found.private || Object.values(more).includes(true) ? named(found) : undefined;
  }

  async #pages<Item>(
    route: string,
    parameters: Readonly<Record<string, unknown>>,
    readPage: (data: unknown) => Promise<{ total: number; items: readonly Item[] }>,
  ): Promise<readonly Item[] | undefined> {
    const page = async (number: number) => {
      const answer = await this.get(route, { ...parameters, per_page: 100, page: number }, "list what may be read");
      return answer && readPage(answer.data);
    };
    const first = await page(1);
    if (!first) return undefined;
    const items = [...first.items];
    const last = Math.ceil(first.total / 100);
    for (let next = 2; next <= last; next += together) {
      const numbers = Array.from({ length: Math.min(together, last - next + 1) }, (_, index) => next + index);
      for (const one of await Promise.all(numbers.map(page))) items.push(...(one?.items ?? []));
    }
    return items;
  }
}

function named({ id, name, owner }: z.infer<typeof repositorySchema>): ReadableRepository {
  return { id, owner: owner.login, name };
}
