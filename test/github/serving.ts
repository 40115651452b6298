import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { isoSeconds } from "./clock.ts";
import { Contract } from "./contract.ts";
import { type Effect, Faults } from "./faults.ts";
import { GitHub } from "./github.ts";
import { answerGraphql, operationNameOf } from "./graphql/execute.ts";
import { type Actor, Identity } from "./identity.ts";
import { accountByLogin } from "./lookups.ts";
import { Manifests } from "./manifests.ts";
import { pageFor } from "./pages/pages.ts";
import { RateLimits } from "./rate-limits.ts";
import { Refusal } from "./refusal.ts";
import { RequestLog } from "./request-log.ts";
import type { Answer } from "./rest/operation.ts";
import { allOperations } from "./rest/operations.ts";
import { type Match, Router, run } from "./rest/router.ts";
import { type Seed, seedWorld } from "./seed.ts";
import { Webhooks } from "./webhooks.ts";

/** The roots of the API; everything else is a page for people. */
const apiRoots = new Set([
  "app",
  "app-manifests",
  "applications",
  "repos",
  "repositories",
  "orgs",
  "organizations",
  "installation",
  "user",
  "users",
  "rate_limit",
  "graphql",
]);

/** Starts a GitHub on a free port of loopback. Speaks at `url`, and below `/api/v3` as an Enterprise Server does. */
export async function startGitHub(seed: Seed, options: { readonly port?: number } = {}): Promise<GitHub> {
  const { world, apps } = seedWorld(seed);
  const people = new Map(
    Object.entries(seed.tokens ?? {}).flatMap(([token, login]) => {
      const account = accountByLogin(world, login);
      return account === undefined ? [] : [[token, account] as const];
    }),
  );
  const contract = new Contract();
  await contract.ready();
  const webhooks = new Webhooks(world);
  world.announce = (happening) => webhooks.announce(happening);
  const limits = new RateLimits(world.clock);
  const manifests = new Manifests(world);
  const service: Service = {
    world,
    identity: new Identity(world, people, new Map(Object.entries(seed.scopes ?? {}))),
    limits,
    faults: new Faults(),
    requests: new RequestLog(),
    contract,
    manifests,
    router: new Router(allOperations(webhooks, limits, manifests)),
    serial: 0,
  };
  const server = createServer((request, response) => {
    serve(service, request, response).catch((error: unknown) => {
      service.contract.blame("stand-in", `${request.method} ${request.url}`, [
        error instanceof Error ? (error.stack ?? error.message) : String(error),
      ]);
      if (!response.headersSent) response.writeHead(500, { "content-type": "application/json" });
      response.end(JSON.stringify({ message: `the stand-in itself failed: ${String(error)}` }));
    });
  });
  world.url = await listen(server, options.port ?? 0);
  return new GitHub({ ...service, webhooks, apps, close: () => close(server, webhooks) });
}

interface Service {
  readonly world: GitHub["world"];
  readonly identity: Identity;
  readonly limits: RateLimits;
  readonly faults: Faults;
  readonly requests: RequestLog;
  readonly contract: Contract;
  readonly manifests: Manifests;
  readonly router: Router;
  serial: number;
}

async function serve(service: Service, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { world } = service;
  const address = new URL(request.url ?? "/", world.url);
  const path = pathOf(service, address);
  const raw = await bodyOf(request);
  const form = service.manifests.answer(request.method ?? "GET", address, raw);
  if (form !== undefined) {
    response.writeHead(form.status, { "content-type": form.type, ...form.headers }).end(form.text);
    return;
  }
  if (!apiRoots.has(path.split("/")[1] ?? "")) {
    const signIn = service.identity.oauth.answer(request.method ?? "GET", address, jsonIn(raw));
    if (signIn !== undefined) {
      response.writeHead(signIn.status, { "content-type": signIn.type, ...signIn.headers }).end(signIn.text);
      return;
    }
    const page = request.method === "GET" ? pageFor(world, path) : undefined;
    const { status, type, text } = page ?? { status: 404, type: "text/plain", text: "no such page" };
    response.writeHead(status, { "content-type": type }).end(text);
    return;
  }
  const body = jsonIn(raw);
  const isGraphql = path === "/graphql";
  const match = isGraphql ? undefined : service.router.match(request.method ?? "GET", path);
  const operation = isGraphql ? `graphql/${operationNameOf(body)}` : (match?.operation.id ?? "unknown");
  const logged = service.requests.add({
    method: request.method ?? "GET",
    path,
    query: address.search,
    operation,
    body,
    installation: service.identity.grants.find((grant) => request.headers.authorization?.endsWith(grant.token))
      ?.installation.id,
    status: 0,
  });
  const effects = service.faults.strike(operation);
  await delay(effects);
  if (effects.some((effect) => effect.do === "reset" && effect.when === "before")) {
    request.socket.resetAndDestroy();
    return;
  }
  const forced = effects.find((effect) => effect.do === "answer");
  const before = forced !== undefined && forced.when !== "after";
  const answer = before ? answerOf(forced) : await answerTo(service, { request, address, path, body, raw, match });
  if (effects.some((effect) => effect.do === "reset" && effect.when === "after")) {
    request.socket.resetAndDestroy();
    return;
  }
  const sent = forced !== undefined && !before ? answerOf(forced) : answer;
  logged.status = sent.status;
  send(
    service,
    response,
    sent,
    effects.some((effect) => effect.do === "truncate"),
  );
}

/** Drops the prefix of an Enterprise Server, and turns a repository's id into its present name. */
function pathOf(service: Service, address: URL): string {
  const path = address.pathname.replace(/^\/api\/v3(?=\/|$)/, "").replace(/^\/api\/graphql$/, "/graphql");
  return path.replace(/^\/repositories\/(\d+)/, (whole, id: string) => {
    const repository = service.world.repositories.get(Number(id));
    return repository === undefined ? whole : `/repos/${repository.owner.login}/${repository.name}`;
  });
}

interface Asked {
  readonly request: IncomingMessage;
  readonly address: URL;
  readonly path: string;
  readonly body: unknown;
  readonly raw: string;
  readonly match: Match | undefined;
}

async function answerTo(service: Service, asked: Asked): Promise<Answer> {
  const { request, match, path } = asked;
  let actor: Actor = { kind: "anonymous" };
  const resource = path === "/graphql" ? "graphql" : "core";
  const headers = (): Record<string, string> => ({
    ...service.limits.headers(actor, resource),
    ...(actor.kind === "user" && actor.scopes !== undefined ? { "x-oauth-scopes": actor.scopes } : {}),
  });
  try {
    actor = service.identity.actorOf(request.headers.authorization);
    if (asked.raw !== "" && asked.body === undefined) throw new Refusal(400, "Problems parsing JSON");
    if (path === "/graphql") {
      const answer = await answerGraphql({ ...service, actor }, asked.body);
      return { ...answer, headers: { ...headers(), ...answer.headers } };
    }
    service.contract.checkRequest(request.method ?? "GET", path, asked.address.search, asked.body, match);
    if (match === undefined) throw new Refusal(404, "Not Found");
    if (match.operation.id !== "rate-limit/get") service.limits.spend(actor, "core", 1);
    const accept = (request.headers.accept ?? "").toLowerCase();
    const { world, identity } = service;
    const answer = run(match, {
      world,
      identity,
      actor,
      params: match.params,
      query: asked.address.searchParams,
      body: asked.body,
      accept,
      address: asked.address,
    });
    if (answer.text === undefined && answer.status < 300)
      service.contract.checkResponse(match.operation.id, answer.status, answer.body);
    return tagged(request, { ...answer, headers: { ...headers(), ...answer.headers } });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return refused(error, { ...headers(), ...error.headers });
  }
}

function refused(refusal: Refusal, headers: Record<string, string>): Answer {
  const body = {
    message: refusal.message,
    ...(refusal.errors === undefined ? {} : { errors: refusal.errors }),
    documentation_url: "https://docs.github.com/rest",
    status: String(refusal.status),
  };
  return { status: refusal.status, body, headers };
}

/** GitHub's ETag covers the `Authorization` header too: a new token empties every cache. */
function tagged(request: IncomingMessage, answer: Answer): Answer {
  if (request.method !== "GET" || answer.status !== 200) return answer;
  const content = answer.text ?? JSON.stringify(answer.body);
  const etag = `W/"${createHash("sha256")
    .update(request.headers.authorization ?? "")
    .update(content)
    .digest("hex")}"`;
  const headers = { ...answer.headers, etag, "cache-control": "private, max-age=60, s-maxage=60" };
  if (request.headers["if-none-match"] === etag) return { status: 304, headers };
  return { ...answer, headers };
}

function answerOf(effect: Extract<Effect, { readonly do: "answer" }>): Answer {
  return {
    status: effect.status,
    ...(effect.body === undefined ? {} : { body: effect.body }),
    ...(effect.text === undefined ? {} : { text: effect.text }),
    ...(effect.type === undefined ? {} : { type: effect.type }),
    ...(effect.headers === undefined ? {} : { headers: effect.headers }),
  };
}

function send(service: Service, response: ServerResponse, answer: Answer, truncate: boolean): void {
  service.serial += 1;
  const now = service.world.clock.now();
  const text = answer.text ?? (answer.body === undefined ? "" : JSON.stringify(answer.body));
  response.sendDate = false;
  response.writeHead(answer.status, {
    "content-type": answer.type ?? "application/json; charset=utf-8",
    date: now.toUTCString(),
    "x-github-request-id": `STAND:${service.serial.toString(16).toUpperCase().padStart(4, "0")}:${isoSeconds(now)}`,
    "x-github-media-type": "github.v3; format=json",
    ...answer.headers,
  });
  const bytes = Buffer.from(text);
  response.end(
    answer.status === 204 || answer.status === 304
      ? undefined
      : truncate
        ? bytes.subarray(0, Math.floor(bytes.length / 2))
        : bytes,
  );
}

async function delay(effects: readonly Effect[]): Promise<void> {
  for (const effect of effects) {
    if (effect.do === "delay") await new Promise((resolve) => setTimeout(resolve, effect.milliseconds));
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString("utf8");
}

function jsonIn(text: string): unknown {
  try {
    return text === "" ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function listen(server: Server, port: number): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return `http://127.0.0.1:${(address satisfies AddressInfo).port}`;
}

async function close(server: Server, webhooks: Webhooks): Promise<void> {
  await webhooks.idle();
  server.closeAllConnections();
  await new Promise<void>((resolve) => server.close(() => resolve()));
}
