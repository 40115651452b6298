import { html } from "hono/html";
import { stream } from "hono/streaming";
import type { OpenRepository, Part } from "./door.ts";
import { message, page } from "./layout.ts";
import { dayOf, repositoryPath } from "./pieces.ts";

/** What was asked for: days as `2026-03-04`, or the tag of a release instead; ids of frameworks. */
export interface AskedEvidence {
  readonly from?: string;
  readonly to?: string;
  readonly release?: string;
  readonly frameworks: readonly string[];
}

/** The forms in which the report is given. */
export const evidenceFormats = ["html", "markdown", "json"] as const;
export type EvidenceFormat = (typeof evidenceFormats)[number];

/** A release whose report may be asked for. */
export interface KnownRelease {
  readonly tag: string;
  /** ISO instant. */
  readonly published: string;
}

/** What the pages of evidence read. */
export interface EvidenceData {
  /** The releases of a repository that are known, latest first. */
  releases(repository: Pick<OpenRepository, "id" | "owner" | "name">): Promise<readonly KnownRelease[]>;
  /** The report; or why there is none, in a sentence for whoever asked. */
  report(
    repository: Pick<OpenRepository, "id" | "owner" | "name">,
    asked: AskedEvidence,
    format: EvidenceFormat,
  ): Promise<{ readonly text: string } | { readonly why: string }>;
  /** The lines of the bundle of records, one after the other. */
  bundle(repository: Pick<OpenRepository, "id" | "owner" | "name">): AsyncIterable<string>;
  /** Base64 of the SHA-256 of the style sheet in the HTML of a report. */
  readonly styleDigest: string;
  /** Ids and names of the frameworks that may be chosen. */
  readonly frameworks: readonly { readonly id: string; readonly name: string }[];
}

const files = { "evidence.html": "html", "evidence.md": "markdown", "evidence.json": "json" } as const;
const types: Readonly<Record<EvidenceFormat, string>> = {
  html: "text/html; charset=utf-8",
  markdown: "text/markdown; charset=utf-8",
  json: "application/json; charset=utf-8",
};

/**
 * `/:owner/:name/evidence`: what to ask for; `evidence.html`, `.md`, `.json`: the report; `evidence.jsonl`: the bundle of
 * records. Each behind the door: whoever may not read the repository on GitHub gets the answer of one that is not there.
 */
export function evidencePart(data: EvidenceData): Part {
  return (routes, door) => {
    routes.get("/:owner/:name/evidence", async (context) => {
      const open = await door.repository(context);
      return open instanceof Response
        ? open
        : context.html(evidencePage(open, data.frameworks, await data.releases(open)));
    });
    routes.get("/:owner/:name/evidence.jsonl", async (context) => {
      const open = await door.repository(context);
      if (open instanceof Response) return open;
      context.header("content-type", "application/jsonl; charset=utf-8");
      context.header("content-disposition", `attachment; filename="${fileName(open.name)}-evidence.jsonl"`);
      return stream(context, async (out) => {
        for await (const line of data.bundle(open)) await out.write(line);
      });
    });
    routes.get("/:owner/:name/:file{evidence\\.(?:html|md|json)}", async (context) => {
      const open = await door.repository(context);
      if (open instanceof Response) return open;
      const format = files[context.req.param("file") as keyof typeof files];
      const asked = askedIn(context.req.query(), context.req.queries("framework") ?? []);
      const found = "why" in asked ? asked : await data.report(open, asked, format);
      if ("why" in found)
        return context.html(page("No report", message("There is no report", html`<p>${found.why}</p>`)), 400);
      if (format === "html") {
        const own = `default-src 'none'; style-src 'sha256-${data.styleDigest}'; base-uri 'none'; frame-ancestors 'none'`;
        context.header("content-security-policy", own);
      } else {
        const ending = format === "json" ? "json" : "md";
        context.header("content-disposition", `attachment; filename="${fileName(open.name)}-evidence.${ending}"`);
      }
      return context.body(found.text, 200, { "content-type": types[format] });
    });
  };
}

/** Only what a file may be called everywhere. */
function fileName(name: string): string {
  return name.replace(/[^A-Za-z0-9._-]/g, "-");
}

const day = /^\d{4}-\d{2}-\d{2}$/;

function askedIn(
  { from = "", to = "", release = "" }: Readonly<Record<string, string>>,
  frameworks: readonly string[],
): AskedEvidence | { readonly why: string } {
  const wanted = { frameworks: frameworks.slice(0, 20) };
  if (release !== "") {
    if (from !== "" || to !== "") return { why: "Give a release or days: a release is a period by itself." };
    return { release, ...wanted };
  }
  for (const given of [from, to])
    if (given !== "" && (!day.test(given) || Number.isNaN(Date.parse(given))))
      return { why: "Give days as 2026-03-04." };
  if (from !== "" && to !== "" && from > to) return { why: "The period ends before it begins." };
  return { ...(from === "" ? {} : { from }), ...(to === "" ? {} : { to }), ...wanted };
}

/** The page on which a report is asked for: a form that reads and changes nothing. */
export function evidencePage(
  repository: OpenRepository,
  frameworks: EvidenceData["frameworks"],
  releases: readonly KnownRelease[],
): ReturnType<typeof page> {
  const { owner, name, viewer } = repository;
  const path = repositoryPath(owner, name);
  return page(
    `Evidence of ${owner}/${name}`,
    html`
      <p class="crumbs"><a href="/orgs/${encodeURIComponent(owner)}">${owner}</a> / <a href="${path}">${name}</a></p>
      <div class="heading">
        <h1>Evidence</h1>
        <p>
          Each threat with its decision, controls, story, validation and approval; each significant change with the update of the model that
          covered it, or the gap; third-party components; accepted risks; and what speaks to which requirement of a law or standard. It says
          what it does not prove.
        </p>
      </div>
      <form class="asking" method="get" action="${path}/evidence.html">
        <div class="days">
          <label>From<input name="from" type="date" /></label>
          <label>To<input name="to" type="date" /></label>
          <span class="soft">Left out: the year that ends today.</span>
        </div>
        ${
          releases.length === 0
            ? ""
            : html`<div class="days">
                <label>Or a release<select name="release">
                  <option value="">no release</option>
                  ${releases.map(({ tag, published }) => html`<option value="${tag}">${tag} (${dayOf(published)})</option>`)}
                </select></label>
                <span class="soft">From the release before it to when it went out.</span>
              </div>`
        }
        <fieldset>
          <legend>Laws and standards</legend>
          <span class="soft">All of them, where none is chosen.</span>
          ${frameworks.map(
            ({ id, name: says }) =>
              html`<label><input type="checkbox" name="framework" value="${id}" /> ${says}</label>`,
          )}
        </fieldset>
        <button type="submit" class="button">Show the report</button>
        <button type="submit" formaction="${path}/evidence.md">Markdown</button>
        <button type="submit" formaction="${path}/evidence.json">JSON</button>
      </form>
      <h2>Records</h2>
      <p>
        Every assessment is kept with its reasons and what was written, chained by digests.
        <a href="${path}/evidence.jsonl">Download the records</a> and check them anywhere with
        <code>threatgate evidence verify FILE --digest …</code>, where the digest is one that a check on GitHub states.
      </p>
    `,
    { viewer, owner },
  );
}
