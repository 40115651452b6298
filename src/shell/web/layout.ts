import { html, raw } from "hono/html";
import type { HtmlEscapedString } from "hono/utils/html";

export type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

/** Headers of every page: no script at all, nothing from elsewhere, no framing (H098). The style is the one of `style`. */
export const pageHeaders: Readonly<Record<string, string>> = {
  "content-security-policy":
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "cache-control": "no-store",
};

/** A whole page. `title` and `body` are escaped by the `html` template of whoever made them. */
export function page(title: string, body: Html): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title} · Threatgate</title>
        <link rel="stylesheet" href="/style.css" />
      </head>
      <body>
        <header class="top"><a href="/" class="brand">Threatgate</a></header>
        <main>${body}</main>
        <footer>A green check says that the threat model keeps pace with the code. It does not say that the code is safe.</footer>
      </body>
    </html>`;
}

/** The style sheet: system fonts, both colour schemes, printable; colours keep a contrast of at least 4.5 to 1. */
export const style = String(raw`
:root { --ink: #1f2328; --soft: #59636e; --line: #d1d9e0; --ground: #ffffff; --panel: #f6f8fa; --link: #0757ba;
  --good: #116329; --warn: #7d4e00; --bad: #b3131f; --none: #59636e; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6edf3; --soft: #9ea7b3; --line: #3d444d; --ground: #0d1117; --panel: #151b23; --link: #6cb0ff;
    --good: #4ac26b; --warn: #e3a13a; --bad: #ff7b72; --none: #9ea7b3; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 15px/1.55 system-ui, -apple-system, "Segoe UI", sans-serif; }
a { color: var(--link); }
.top { border-bottom: 1px solid var(--line); padding: .7rem 1.2rem; }
.brand { font-weight: 650; text-decoration: none; color: var(--ink); letter-spacing: -.01em; }
main { max-width: 62rem; margin: 0 auto; padding: 1.4rem 1.2rem 3rem; }
footer { max-width: 62rem; margin: 0 auto; padding: 1rem 1.2rem 2rem; color: var(--soft); font-size: .85rem; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .3rem; letter-spacing: -.015em; }
h2 { font-size: 1.08rem; margin: 2.1rem 0 .6rem; }
h3 { font-size: .95rem; margin: 1.1rem 0 .3rem; }
p { margin: .3rem 0 .8rem; }
.soft { color: var(--soft); }
code { font: .87em ui-monospace, SFMono-Regular, Menlo, monospace; overflow-wrap: anywhere; }
.verdict { display: inline-block; padding: .1rem .65rem; border-radius: 1rem; border: 1.5px solid currentColor; font-weight: 600; font-size: .85rem; }
.success, .GREEN, .mitigated, .present { color: var(--good); }
.neutral, .UNKNOWN, .unknown, .not-carried { color: var(--none); }
.action_required, .AMBER, .medium, .partial { color: var(--warn); }
.failure, .RED, .high, .critical, .open, .missing { color: var(--bad); }
.rag { font-weight: 650; font-size: .82rem; letter-spacing: .02em; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; }
th, td { text-align: left; vertical-align: top; padding: .45rem .7rem .45rem 0; border-bottom: 1px solid var(--line); }
th { font-weight: 600; color: var(--soft); font-size: .82rem; white-space: nowrap; }
ol.steps { padding-left: 1.3rem; } ol.steps li { margin-bottom: .35rem; }
details { border: 1px solid var(--line); border-radius: .5rem; padding: .5rem .9rem; margin: .6rem 0; background: var(--panel); }
summary { cursor: pointer; font-weight: 600; }
.facts { list-style: none; padding: 0; margin: .3rem 0; font-size: .88rem; color: var(--soft); }
@media (max-width: 40rem) { main { padding: 1rem .9rem 2rem; } h1 { font-size: 1.25rem; } }
@media print { .top, footer { display: none; } details { break-inside: avoid; } }
`);
