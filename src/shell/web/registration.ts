import { randomBytes, timingSafeEqual } from "node:crypto";
import { isIP } from "node:net";
import { type Context, Hono } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import { html } from "hono/html";
import { Forbidden, TryAgainLater } from "../failures.ts";
import type { Html } from "./layout.ts";
import { setupFrame, setupHeadersFor } from "./setup.ts";

/*
 * The set-up page of a service that has no App yet: it takes a manifest to GitHub and comes back with the App. On the
 * operator's port alone; when there is an App it is gone.
 */

/** Which permissions the App asks for. */
export type Breadth = "core" | "full";

/** What the rest of the service does for it. */
export interface Registration {
  /** Where people use GitHub: `https://github.com`. */
  readonly host: string;
  /** Where GitHub and people reach the service. */
  readonly publicUrl: string;
  manifest(breadth: Breadth, name: string, redirectUrl: string): object;
  /** Where the browser takes it. */
  address(organisation: string | undefined): string;
  /** Exchanges the code and stores the App; Forbidden and TryAgainLater say why not. */
  register(code: string): Promise<{ readonly id: number; readonly page: string; readonly file: string }>;
  log(level: "info" | "warn" | "error", message: string, fields: Readonly<Record<string, unknown>>): void;
}

const cookie = "threatgate-setup";
/** GitHub keeps a code for an hour. */
const life = 3_600_000;
/** Registrations that may be under way at once; the oldest is forgotten. */
const mostPending = 20;

/** @param registered called once, when the App is stored and the browser has been told. */
export function registrationPages(registration: Registration, registered: () => void): Hono {
  const pages = new Hono();
  const pending = new Map<string, number>();
  pages.use(async (context, next) => {
    if (!isOwnName(context, registration.publicUrl)) {
      context.res = new Response(
        "Open this page by an IP address, by localhost, or by the name in PUBLIC_URL: a name of somebody else's may lead here as well.\n",
        { status: 421 },
      );
    } else if (context.req.method !== "GET") context.res = new Response(null, { status: 404 });
    else await next();
  });
  pages.get("/setup", (context) => {
    const asked = askedFor(context);
    if (!asked) return shown(context, firstPage(registration), "'self'");
    const state = randomBytes(32).toString("base64url");
    for (const known of pending.keys()) if (pending.size >= mostPending) pending.delete(known);
    pending.set(state, Date.now() + life);
    setCookie(context, cookie, state, { httpOnly: true, sameSite: "Lax", path: "/setup", maxAge: life / 1000 });
    const redirectUrl = `${originOf(context)}/setup/registered`;
    const manifest = registration.manifest(asked.breadth, asked.name, redirectUrl);
    const address = `${registration.address(asked.organisation)}?state=${state}`;
    // Browsers hold redirects of a form to this as well: GitHub leads back to ourselves.
    return shown(context, secondPage(manifest, address, registration.host), `'self' ${new URL(address).origin}`);
  });
  let isDone = false;
  pages.get("/setup/registered", async (context) => {
    const { code = "", state = "" } = context.req.query();
    const until = pending.get(state);
    const isOurs = until !== undefined && until > Date.now() && isSame(state, getCookie(context, cookie) ?? "");
    if (!isOurs || isDone)
      return shown(context, refusedPage("This did not begin here, or too long ago."), "'none'", 403);
    pending.delete(state);
    try {
      const app = await registration.register(code);
      isDone = true;
      setTimeout(registered, 300);
      return shown(context, donePage(app, registration.publicUrl), "'none'");
    } catch (error) {
      const isExpected = error instanceof Forbidden || error instanceof TryAgainLater;
      registration.log("error", "the App could not be registered", {
        error: isExpected ? error.message : nameOf(error),
      });
      const says = isExpected ? error.message : "The App could not be stored: the log of the service says why.";
      return shown(context, refusedPage(says), "'none'", 502);
    }
  });
  return pages;
}

/** Why a file could not be written, without what was to stand in it. */
function nameOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code ?? message;
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** A name that a stranger lets lead here would make this page one of theirs to a browser. */
function isOwnName(context: Context, publicUrl: string): boolean {
  const host = context.req.header("host") ?? "";
  if (!URL.canParse(`http://${host}`)) return false;
  const { hostname } = new URL(`http://${host}`);
  const plain = hostname.replace(/^\[|\]$/g, "");
  return isIP(plain) !== 0 || plain === "localhost" || plain === new URL(publicUrl).hostname;
}

function originOf(context: Context): string {
  const scheme = context.req.header("x-forwarded-proto") === "https" ? "https" : "http";
  return new URL(`${scheme}://${context.req.header("host") ?? ""}`).origin;
}

interface Asked {
  readonly breadth: Breadth;
  readonly name: string;
  readonly organisation: string | undefined;
}

/** What the first page was filled with; undefined where it was not, or wrongly. */
function askedFor(context: Context): Asked | undefined {
  const { permissions, name = "", organisation = "" } = context.req.query();
  if (permissions !== "core" && permissions !== "full") return undefined;
  if (!/^[A-Za-z0-9][A-Za-z0-9 _-]{0,33}$/.test(name)) return undefined;
  if (organisation !== "" && !/^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/.test(organisation)) return undefined;
  return { breadth: permissions, name, organisation: organisation === "" ? undefined : organisation };
}

function shown(context: Context, body: Html, formAction: string, status: 200 | 403 | 502 = 200): Promise<Response> {
  for (const [name, value] of Object.entries(setupHeadersFor(formAction))) context.header(name, value);
  return Promise.resolve(context.html(setupFrame(body), status));
}

function firstPage({ host, publicUrl }: Registration): Html {
  return html`<h1>Register the App</h1>
    <p>This service runs and has no GitHub App yet. In two steps GitHub makes one for it, and its key and secrets are kept in the folder of this service's data.</p>
    <form method="get" action="/setup">
      <p><label>Organisation on ${new URL(host).host} that owns the App <input name="organisation" pattern="[A-Za-z0-9][A-Za-z0-9_\\-]*" maxlength="100" autocomplete="off" aria-describedby="owner"></label> <small id="owner">You must be an owner of it, or manage its Apps. Left empty, the App is your own.</small></p>
      <p><label>Name of the App <input name="name" value="Threatgate" required pattern="[A-Za-z0-9][A-Za-z0-9 _\\-]*" maxlength="34" aria-describedby="unique"></label> <small id="unique">Unique on all of GitHub; you can change it there.</small></p>
      <fieldset><legend>Permissions</legend>
        <p><label><input type="radio" name="permissions" value="core" checked> What judging needs (<code>app.yml</code>): contents are only read</label></p>
        <p><label><input type="radio" name="permissions" value="full"> Everything that optional features use (<code>app.full.yml</code>): <code>/threat apply</code> and first models by pull request write contents; alerts of scanners are read</label></p>
      </fieldset>
      <p><button type="submit">Show the manifest</button></p>
    </form>
    <p>Webhooks and people come to <code>${publicUrl}</code> (<code>PUBLIC_URL</code>): GitHub must be able to reach it.</p>`;
}

function secondPage(manifest: object, address: string, host: string): Html {
  return html`<h1>Take it to GitHub</h1>
    <p>GitHub shows what the App may do, asks for your consent, and sends you back here. The manifest:</p>
    <pre tabindex="0" aria-label="Manifest">${JSON.stringify(manifest, null, 2)}</pre>
    <form method="post" action="${address}">
      <input type="hidden" name="manifest" value="${JSON.stringify(manifest)}">
      <p><button type="submit">Register it on ${new URL(host).host}</button> <a href="/setup">Back</a></p>
    </form>`;
}

function donePage({ id, page, file }: Awaited<ReturnType<Registration["register"]>>, publicUrl: string): Html {
  return html`<h1>The App is registered</h1>
    <p>App ${id}. Its key and secrets are in <code>${file}</code>, readable by the user of this service alone; keep a copy where you keep secrets. The service is starting with them.</p>
    <ol>
      <li><a href="${page}/installations/new">Install it</a>: first on two or three repositories, and on the organisation's <code>.github</code> repository.</li>
      <li><a href="/setup">Look at the set-up</a> in a few seconds: each line that is not OK says what to do.</li>
      <li>The dashboard is at <a href="${publicUrl}">${publicUrl}</a>.</li>
    </ol>`;
}

function refusedPage(says: string): Html {
  return html`<h1>Not registered</h1><p>${says}</p><p>Nothing was stored. <a href="/setup">Begin again</a>. An App that GitHub made meanwhile can be deleted in its settings there.</p>`;
}
