import { createHmac, timingSafeEqual } from "node:crypto";
import { Hono } from "hono";
import { html } from "hono/html";
import type { Door, Part } from "./door.ts";
import { page, pageHeaders, style } from "./layout.ts";
import { type PullRequestView, pullRequestPage } from "./pull-request.ts";

/** What the pages read. */
export interface PageData {
  pullRequest(repository: string, number: number): Promise<PullRequestView | undefined>;
}

/**
 * Signs the address of a pull request's page. The address stands in the check run, so that whoever may see the check
 * may see the page, and nobody else can guess it.
 */
export function signedPath(secret: string, repository: string, number: number): string {
  return `/${repository}/pull/${number}?sign=${signatureOf(secret, repository, number)}`;
}

/** What the pages of the service are made of. */
export interface Site {
  readonly data: PageData;
  /** Signs the addresses of pull requests' pages. */
  readonly secret: string;
  readonly door: Door;
  readonly parts: readonly Part[];
}

/** The pages of the service: read-only, no script, nothing without a signed address or a signed-in reader. */
export function createPages({ data, secret, door, parts }: Site): Hono {
  const pages = new Hono();
  pages.use(async (context, next) => {
    await next();
    for (const [name, value] of Object.entries(pageHeaders)) context.res.headers.set(name, value);
  });
  pages.get("/style.css", (context) => context.body(style, 200, { "content-type": "text/css; charset=utf-8" }));
  pages.get("/", (context) =>
    context.html(
      page(
        "Welcome",
        html`<h1>Threatgate is running</h1>
          <p>The page of a pull request opens from its check on GitHub: follow “Details” of <code>threat-model</code>.</p>`,
      ),
    ),
  );
  pages.get("/:owner/:name/pull/:number", async (context) => {
    const repository = `${context.req.param("owner")}/${context.req.param("name")}`;
    const number = Number(context.req.param("number"));
    const allowed =
      Number.isSafeInteger(number) && isSigned(secret, repository, number, context.req.query("sign") ?? "");
    const view = allowed ? await data.pullRequest(repository, number) : undefined;
    return view ? context.html(pullRequestPage(view)) : context.html(notFound(), 404);
  });
  for (const part of parts) part(pages, door);
  pages.notFound((context) => context.html(notFound(), 404));
  return pages;
}

function notFound(): ReturnType<typeof page> {
  return page(
    "Not found",
    html`<h1>There is nothing here</h1><p>Open the page from the check on GitHub: its address is signed.</p>`,
  );
}

function signatureOf(secret: string, repository: string, number: number): string {
  return createHmac("sha256", secret).update(`page\u0000${repository}\u0000${number}`).digest("base64url");
}

function isSigned(secret: string, repository: string, number: number, given: string): boolean {
  const expected = Buffer.from(signatureOf(secret, repository, number));
  const actual = Buffer.from(given);
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}

/** The door of a service without sign-in: it opens nothing, and says why alike for every address. */
export const shutDoor: Door = {
  repository: async (context) =>
    context.html(
      page(
        "The dashboard is off",
        html`<h1>The dashboard is off</h1>
          <p>Nobody can sign in to this service, so that it shows no repository. The administrator turns sign-in on.</p>`,
      ),
      503,
    ),
};
