import { createHash } from "node:crypto";
import { html } from "hono/html";
import type { SetupLine } from "../ports.ts";
import type { Html } from "./layout.ts";

/* The set-up page: for the operator, on the port of the metrics, because it says what stands in the App's settings. */

const style =
  ":root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}td:nth-child(2){white-space:nowrap}table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.5rem;border-bottom:1px solid #8888}td{overflow-wrap:anywhere}input:not([type=radio]){font:inherit;padding:.3rem .5rem;width:100%;max-width:24rem;box-sizing:border-box;display:block}button{font:inherit;padding:.4rem 1rem}fieldset{border:1px solid #8888;border-radius:.4rem}pre{overflow:auto;max-height:24rem;border:1px solid #8888;border-radius:.4rem;padding:.7rem;font-size:.85rem}code{overflow-wrap:anywhere}";

/** Headers of a set-up page: its own style alone, no script, no framing, kept nowhere. @param formAction where its form leads. */
export function setupHeadersFor(formAction: string): Readonly<Record<string, string>> {
  return {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": `default-src 'none'; style-src 'sha256-${createHash("sha256").update(style).digest("base64")}'; base-uri 'none'; form-action ${formAction}; frame-ancestors 'none'`,
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
  };
}

/** Headers of the page that only tells. */
export const setupHeaders: Readonly<Record<string, string>> = setupHeadersFor("'none'");

/** A whole set-up page. */
export function setupFrame(body: Html): Html {
  const head = html`<style>${style}</style>`;
  return html`<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Set-up · Threatgate</title>${head}</head><body><main>${body}</main></body></html>`;
}

const words = { ok: "OK", wrong: "WRONG", unknown: "UNKNOWN", off: "OFF", "by-hand": "LOOK YOURSELF" } as const;

/** The page of the lines; what GitHub says is escaped by the template. */
export async function setupPage(lines: readonly SetupLine[]): Promise<string> {
  const body = html`<h1>Set-up of the App</h1><p>${headline(lines)}</p><table><thead><tr><th scope="col">What</th><th scope="col">State</th><th scope="col">What is there, and what to do</th></tr></thead><tbody>${lines.map(({ what, state, says, next }) => html`<tr><th scope="row">${what}</th><td>${words[state]}</td><td>${says}${next === undefined ? "" : html`<br>${next}`}</td></tr>`)}</tbody></table>`;
  return String(await setupFrame(body));
}

/** What is wrong, and what is unknown: nobody takes the one for the other, or silence for either. */
function headline(lines: readonly SetupLine[]): string {
  const count = (wanted: SetupLine["state"]): number => lines.filter(({ state }) => state === wanted).length;
  const [wrong, unknown, ok] = [count("wrong"), count("unknown"), count("ok")];
  if (wrong === 0 && ok === 0 && unknown > 0)
    return "Unknown: GitHub could not be asked, so that nothing is known of the set-up.";
  const all = wrong === 0 ? "Nothing is wrong as far as GitHub tells" : `${wrong} of ${lines.length} wrong`;
  return unknown === 0 ? `${all}.` : `${all}; ${unknown} of ${lines.length} unknown.`;
}
