import { type Context, Hono } from "hono";
import { html } from "hono/html";
import { TryAgainLater } from "../failures.ts";
import { type Door, nothingHere, type Part } from "./door.ts";
import { icon, message, page, pageHeaders } from "./layout.ts";
import { style } from "./style.ts";

/** What the pages of the service are made of. */
export interface Site {
  readonly door: Door;
  /** Each adds its routes; the first one that knows an address answers. */
  readonly parts: readonly Part[];
  /** Where browsers reach the service: what changes something is taken from nowhere else. */
  readonly publicUrl: string;
  log(level: "info" | "warn" | "error", message: string, fields: Readonly<Record<string, unknown>>): void;
}

/** The pages of the service: no script, nothing without a signed address or a signed-in reader. */
export function createPages({ door, parts, publicUrl, log }: Site): Hono {
  const pages = new Hono();
  pages.use(async (context, next) => {
    const { method, path } = context.req;
    if (method !== "GET" && method !== "HEAD" && !changing.has(path)) context.res = await nothingHere(context);
    else if (isForeign(context, publicUrl)) context.res = new Response(null, { status: 403 });
    else await next();
    // A page with a style sheet of its own brings the policy that allows it; nothing else differs from page to page.
    const own = context.res.headers.get("content-security-policy");
    for (const [name, value] of Object.entries(pageHeaders)) context.res.headers.set(name, value);
    if (own !== null) context.res.headers.set("content-security-policy", own);
  });
  pages.onError((error, context) => {
    const isLater = error instanceof TryAgainLater;
    log(isLater ? "warn" : "error", "page failed", { error: error.message });
    const says = isLater
      ? message(
          "GitHub does not answer just now",
          html`<p>What you may see is asked of GitHub. Try again in a minute.</p>`,
        )
      : message("This page failed", html`<p>The fault is ours and stands in the log of the service.</p>`);
    for (const [name, value] of Object.entries(pageHeaders)) context.header(name, value);
    return context.req.path.startsWith("/api/")
      ? context.json({ error: isLater ? "GitHub does not answer just now" : "failed" }, isLater ? 503 : 500)
      : context.html(page("Not now", says), isLater ? 503 : 500);
  });
  pages.get("/style.css", (context) => {
    context.header("content-type", "text/css; charset=utf-8");
    return context.body(style);
  });
  pages.get("/icon.svg", (context) => {
    context.header("content-type", "image/svg+xml");
    return context.body(icon);
  });
  for (const part of parts) part(pages, door);
  pages.notFound(nothingHere);
  return pages;
}

/** The only addresses that take anything else than a reading request. */
const changing: ReadonlySet<string> = new Set(["/sign-out"]);

/**
 * What changes something must come from a page of our own (H099): a browser says by `Origin` where a form was sent from,
 * and by `Sec-Fetch-Site` whether that is the same site; whoever says neither is no browser with a page of ours.
 */
function isForeign(context: Context, publicUrl: string): boolean {
  const { method } = context.req;
  if (method === "GET" || method === "HEAD") return false;
  const site = context.req.header("sec-fetch-site");
  if (site !== undefined && site !== "same-origin") return true;
  return context.req.header("origin") !== new URL(publicUrl).origin;
}
