import { html } from "hono/html";
import {
  gapsOf,
  type ReleaseEvidence,
  type ReleaseList,
  type ReleaseRow,
  releaseQuerySchema,
  type SystemThen,
  unknownOf,
} from "../../core/domain/release.ts";
import { type Columns, csv } from "./csv.ts";
import type { DashboardData } from "./data.ts";
import type { OpenOwner, Part } from "./door.ts";
import { ownerDownloads } from "./downloads.ts";
import type { Html } from "./layout.ts";
import { countOf, dayOf, repositoryPath, scrolling, thousands, withQuery } from "./pieces.ts";

/** Releases that one answer or download holds at most, the latest first. */
const mostListed = 5_000;
/** Releases that the risk report names: it is one page of paper. */
const mostShown = 5;

/** The releases that a query asks for; what in it does not fit is taken for not given. */
export async function releasesFor(
  data: DashboardData,
  open: OpenOwner,
  query: Readonly<Record<string, string>>,
): Promise<ReleaseList> {
  return data.releases(open, releaseQuerySchema.parse(query), await data.now(), mostListed);
}

/** `/orgs/:owner/releases.csv` and `.json`: the releases of a period, each with how complete its evidence was. */
export function releasesPart(data: DashboardData): Part {
  return ownerDownloads("releases", (open, query) => releasesFor(data, open, query), releasesCsv);
}

/** One line for each system of a release; a release of which nothing is known has one line. */
interface Line extends Omit<ReleaseRow, "systems"> {
  readonly stood: SystemThen | undefined;
}

const columns: Columns<Line> = [
  ["repository", ({ repository }) => repository],
  ["tag", ({ tag }) => tag],
  ["name", ({ name }) => name],
  ["kind", ({ kind }) => kind],
  ["published", ({ published }) => published],
  ["commit", ({ commit }) => commit],
  ["withdrawn", ({ withdrawn }) => (withdrawn ? "yes" : "no")],
  ["evidence", ({ evidence }) => evidence],
  ["as_of", ({ asOf }) => asOf],
  ["pull_request", ({ pullRequest }) => pullRequest],
  ["system", ({ stood }) => stood?.system ?? null],
  ["tm1_currency", ({ stood }) => stood?.indicators["TM-1"] ?? null],
  ["tm2_deliverables", ({ stood }) => stood?.indicators["TM-2"] ?? null],
  ["tm3_review", ({ stood }) => stood?.indicators["TM-3"] ?? null],
  ["tm4_integration", ({ stood }) => stood?.indicators["TM-4"] ?? null],
  ["deliverables_complete", ({ stood }) => stood?.complete ?? null],
  ["open_at_or_above", ({ stood }) => stood?.open ?? null],
  ["threshold", ({ stood }) => stood?.threshold ?? null],
  ["changes_not_in_model", ({ stood }) => stood?.uncovered ?? null],
  ["oldest_since", ({ stood }) => stood?.uncoveredSince ?? null],
];

/** The releases as comma-separated values: RFC 4180, with the names of the columns in the first line. */
export function releasesCsv({ releases }: ReleaseList): string {
  const lines = releases.flatMap(({ systems, ...release }): Line[] =>
    systems.length === 0 ? [{ ...release, stood: undefined }] : systems.map((stood) => ({ ...release, stood })),
  );
  return csv(columns, lines);
}

const words: Readonly<Record<ReleaseEvidence, string>> = { complete: "complete", gaps: "gaps", unknown: "UNKNOWN" };
const colours: Readonly<Record<ReleaseEvidence, string>> = { complete: "GREEN", gaps: "RED", unknown: "UNKNOWN" };

/** The major releases of a period, latest first, and whether the evidence of each was complete when it went out. */
export function majorReleases(list: ReleaseList): Html {
  const { owner, from, to, total, all, releases } = list;
  const path = `/orgs/${encodeURIComponent(owner)}/releases`;
  const download = (ending: string): string => withQuery(`${path}.${ending}`, {}, { from, to });
  const others =
    all === 0
      ? ""
      : html` <span class="soft">Of ${countOf(all, "release")} from ${from} to ${to}: <a href="${download("csv")}">CSV</a>, <a href="${download("json")}">JSON</a>.</span>`;
  if (total === 0)
    return html`<p class="soft">No major release went out from ${from} to ${to}.</p>${all === 0 ? "" : html`<p>${others}</p>`}`;
  // What is major by its number comes before what only may be.
  const shown = releases
    .toSorted((one, other) => Number(other.kind === "major") - Number(one.kind === "major"))
    .slice(0, mostShown);
  return html`
    ${scrolling(
      "Major releases",
      html`<table class="cards quarters">
        <thead><tr><th scope="col">Release</th><th scope="col">Went out</th><th scope="col">Evidence then</th><th scope="col">What was missing or not known</th></tr></thead>
        <tbody>${shown.map((release) => releaseLine(owner, release))}</tbody>
      </table>`,
    )}
    <p>${total > mostShown ? `${mostShown} of ${thousands(total)}, those with a version number first.` : ""}${others}</p>
    <p class="soft">Complete: four GREEN indicators in every system, no open threat at or above the policy's risk, no change that the model did not hold. Without a version number nobody can tell how large a release is.</p>
  `;
}

function releaseLine(owner: string, release: ReleaseRow): Html {
  const { repository, tag, kind, published, withdrawn, evidence } = release;
  const report = withQuery(`${repositoryPath(owner, repository)}/evidence.html`, {}, { release: tag });
  return html`<tr>
    <th scope="row"><a href="${report}">${repository} ${tag}</a>${kind === "major" ? "" : html` <span class="soft">${kind}</span>`}${withdrawn ? html` <span class="soft">withdrawn</span>` : ""}</th>
    <td data-label="Went out"><time datetime="${dayOf(published)}">${dayOf(published)}</time></td>
    <td data-label="Evidence then"><span class="rag ${colours[evidence]}">${words[evidence]}</span></td>
    <td data-label="Missing or not known">${lackingOf(release)}</td>
  </tr>`;
}

/** Systems of one release that are named, the rest is counted. */
const mostSystems = 3;

function lackingOf({ systems, published }: ReleaseRow): Html {
  if (systems.length === 0) return html`<span class="soft">No merge from before ${dayOf(published)} was judged.</span>`;
  const lacking = systems.flatMap((one) => {
    const all = [...gapsOf(one), ...unknownOf(one)];
    return all.length === 0 ? [] : [`${systems.length === 1 ? "" : `${one.system}: `}${all.join(", ")}`];
  });
  if (lacking.length === 0) return html`<span class="soft">nothing</span>`;
  const more = lacking.length - mostSystems;
  return html`${lacking.slice(0, mostSystems).join("; ")}${more > 0 ? `; ${countOf(more, "more system")}` : ""}`;
}
