import { html } from "hono/html";
import type { HtmlEscapedString } from "hono/utils/html";
import type { Person } from "../people-on-github.ts";

export type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

/** Headers of every page: no script at all, nothing from elsewhere, no framing (H098). The style is the one of `style`. */
export const pageHeaders: Readonly<Record<string, string>> = {
  "content-security-policy":
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  // With `no-referrer` browsers would not say where a form of ours was sent from.
  "referrer-policy": "same-origin",
  "x-content-type-options": "nosniff",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "cache-control": "no-store",
};

/** Where a page stands: who looks, whose pages these are, and which of them this is. */
export interface Frame {
  readonly viewer?: Person;
  /** The owner whose pages the navigation offers. */
  readonly owner?: string;
  /** The last word of the address of the page that is open. */
  readonly here?: string;
  /** Wide pages hold tables of many columns. */
  readonly wide?: boolean;
}

/** The pages of an owner, in the order of the navigation: the last word of the address, and its name. */
export const ownerPages = [
  ["", "Systems"],
  ["risk", "Risk report"],
  ["teams", "Teams"],
  ["controls", "Controls"],
  ["rules", "Rules"],
  ["measures", "Measures"],
  ["roll-out", "Roll-out"],
] as const;

/** A whole page. `title` and `body` are escaped by the `html` template of whoever made them. */
export function page(title: string, body: Html, frame: Frame = {}): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title} · Threatgate</title>
        <link rel="icon" href="/icon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/style.css" />
      </head>
      <body>
        <a class="skip" href="#main">Skip to the content</a>
        <header class="top">
          <a href="/" class="brand">${mark()}Threatgate</a>
          ${frame.owner === undefined ? "" : navigation(frame.owner, frame.here)}
          ${frame.viewer === undefined ? "" : account(frame.viewer)}
        </header>
        <main id="main" class="${frame.wide ? "wide" : ""}">${body}</main>
        <footer class="${frame.wide ? "wide" : ""}">
          A green check says that the threat model keeps pace with the code. It does not say that the code is safe.
        </footer>
      </body>
    </html>`;
}

function navigation(owner: string, here: string | undefined): Html {
  const base = `/orgs/${encodeURIComponent(owner)}`;
  return html`<nav aria-label="Pages of ${owner}">
    <a class="owner" href="${base}">${owner}</a>
    ${ownerPages.map(
      ([path, name]) =>
        html`<a href="${path === "" ? base : `${base}/${path}`}" ${here === path ? html`aria-current="page"` : ""}>${name}</a>`,
    )}
  </nav>`;
}

function account({ login }: Person): Html {
  return html`<form class="account" method="post" action="/sign-out">
    <span>${login}</span><button type="submit">Sign out</button>
  </form>`;
}

/** The mark of the product: a gate in a shield. */
function mark(): Html {
  return html`<svg class="mark" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">
    <path d="M10 1 2.5 3.8v5.6c0 4.6 3.1 7.9 7.5 9.6 4.4-1.7 7.5-5 7.5-9.6V3.8z" class="mark-shield" />
    <path d="M6.5 13.5V9a3.5 3.5 0 0 1 7 0v4.5M10 6v7.5M6.5 10.2h7" class="mark-gate" />
  </svg>`;
}

/** A short message in place of a page. */
export function message(title: string, body: Html): Html {
  return html`<div class="message"><h1>${title}</h1>${body}</div>`;
}

/** The one page for what is not there and for what may not be seen. */
export function notFound(): Html {
  return page(
    "Not found",
    message(
      "There is nothing here for you",
      html`<p>It does not exist, or you may not read it on GitHub. The page of a pull request also opens from its check: follow “Details”.</p>
        <p><a href="/">To the first page</a></p>`,
    ),
  );
}

/** The mark as a file, for the tab of a browser. */
export const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 20"><path d="M10 1 2.5 3.8v5.6c0 4.6 3.1 7.9 7.5 9.6 4.4-1.7 7.5-5 7.5-9.6V3.8z" fill="#17407a"/><path d="M6.5 13.5V9a3.5 3.5 0 0 1 7 0v4.5M10 6v7.5M6.5 10.2h7" fill="none" stroke="#fff" stroke-width="1.4" stroke-linecap="round"/></svg>`;
