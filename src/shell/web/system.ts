import type { Context } from "hono";
import { html, raw } from "hono/html";
import { indicatorIds } from "../../core/domain/assessment.ts";
import type { SystemRow } from "../../core/domain/dashboard.ts";
import { riskLevels } from "../../core/domain/risk.ts";
import type { SystemStanding } from "../../core/domain/standing.ts";
import { strideLetters, strideNames } from "../../core/domain/stride.ts";
import { threatStatuses } from "../../core/domain/threat.ts";
import { shortThreatId } from "../../core/domain/threat-id.ts";
import { deliverableIds, deliverableNames } from "../../core/domain/threat-model.ts";
import type { TimelineEntry } from "../../core/domain/timeline.ts";
import { timeChart } from "./charts.ts";
import type { DashboardData, ListedPullRequest } from "./data.ts";
import { nothingHere, type OpenRepository, type Part } from "./door.ts";
import { type Html, page } from "./layout.ts";
import {
  countOf,
  dated,
  dayOf,
  daysBetween,
  prose,
  rag,
  repositoryPath,
  scrolling,
  systemPath,
  withQuery,
} from "./pieces.ts";

/** What the page of a system shows. */
export interface SystemView {
  readonly repository: OpenRepository;
  /** Address of the repository on GitHub. */
  readonly onGitHub: string;
  readonly now: string;
  /** All systems of the repository. */
  readonly systems: readonly SystemRow[];
  readonly row: SystemRow;
  readonly sheet: SystemStanding;
  readonly head: string;
  readonly judged: string;
  readonly timeline: readonly TimelineEntry[];
  readonly pullRequests: readonly ListedPullRequest[];
  /** The diagram as SVG of our own making; undefined where there is none. */
  readonly diagram: string | undefined;
  readonly threatFilter: ThreatFilter;
  /** Pages of others about the repository: their name and address. */
  readonly links: readonly { readonly name: string; readonly href: string }[];
}

/** Which threats are shown; what is absent does not narrow. */
export interface ThreatFilter {
  readonly status?: string;
  readonly stride?: string;
  readonly risk?: string;
}

const day = 86_400_000;

/**
 * `/:owner/:name`: how the systems of one repository stand.
 * @param host where people use GitHub: `https://github.com`.
 */
export function systemPart(data: DashboardData, host: string, links: (path: string) => SystemView["links"]): Part {
  return (routes, door) => {
    routes.get("/:owner/:name", async (context) => {
      const open = await door.repository(context);
      if (open instanceof Response) return open;
      const now = await data.now();
      const systems = await data.systemsOf({ owner: open.owner, repositories: [open] });
      const asked = context.req.query("system");
      const row = asked === undefined ? systems[0] : systems.find(({ system }) => system === asked);
      if (!row) {
        if (asked !== undefined) return nothingHere(context);
        return context.html(
          unjudgedPage(
            open,
            `${host}${repositoryPath(open.owner, open.name)}`,
            await data.pullRequests(open.id, 20),
            now,
          ),
        );
      }
      const kept = await data.sheet(open.id, row.system);
      if (!kept) return nothingHere(context);
      const since = new Date(Date.parse(now) - 2 * 365 * day).toISOString();
      const [timeline, pullRequests, diagram] = await Promise.all([
        data.timeline(open.id, row.system, since),
        data.pullRequests(open.id, 20),
        kept.sheet.diagram === undefined ? undefined : data.diagram(kept.sheet.diagram),
      ]);
      const path = repositoryPath(open.owner, open.name);
      return context.html(
        systemPage({
          repository: open,
          onGitHub: `${host}${path}`,
          now,
          systems,
          row,
          ...kept,
          timeline,
          pullRequests,
          diagram,
          threatFilter: threatFilterOf(context),
          links: links(path),
        }),
      );
    });
  };
}

function threatFilterOf(context: Context): ThreatFilter {
  const one = (name: string, values: readonly string[]) => {
    const value = context.req.query(name);
    return value !== undefined && values.includes(value) ? { [name]: value } : {};
  };
  return { ...one("status", threatStatuses), ...one("stride", strideLetters), ...one("risk", riskLevels) };
}

/** The page of one system. */
export function systemPage(view: SystemView): Html {
  const { repository, row, sheet, head, judged, onGitHub, now } = view;
  return page(
    `${row.system} · ${repository.owner}`,
    html`
      <p class="crumbs"><a href="/orgs/${encodeURIComponent(repository.owner)}">${repository.owner}</a> / <a href="${onGitHub}">${repository.name}</a> on GitHub</p>
      <div class="heading">
        <h1>${row.system}</h1>
        <p>
          <span class="class ${row.riskClass}">${row.riskClass} risk class</span>
          <span class="soft">${prose(sheet.riskBecause)}</span>
        </p>
        <p class="soft">
          ${sheet.team === undefined ? "The model states no owner" : html`Owned by ${sheet.team}`} · mode <code>${row.mode}</code> · judged
          ${dated(judged, now)} at <a href="${onGitHub}/commit/${head}"><code>${head.slice(0, 12)}</code></a> after
          <a href="${repositoryPath(repository.owner, repository.name)}/pull/${row.pullRequest}">#${row.pullRequest}</a>
        </p>
      </div>
      ${siblings(view)}
      <nav class="local" aria-label="On this page">
        <a href="#indicators">Indicators</a><a href="#diagram">Diagram</a><a href="#deliverables">Deliverables</a>
        <a href="#threats">Threats</a><a href="#timeline">Timeline</a><a href="#acceptances">Acceptances</a>
        <a href="#pull-requests">Pull requests</a>${view.links.map(({ name, href }) => html`<a href="${href}">${name}</a>`)}
      </nav>
      ${indicators(view)} ${diagram(view)} ${deliverables(view)} ${threats(view)} ${timeline(view)} ${acceptances(view)}
      ${pullRequestList(repository, view.pullRequests, now)}
    `,
    { viewer: repository.viewer, owner: repository.owner, wide: true },
  );
}

/** The page of a repository of which no merge was judged. */
function unjudgedPage(
  repository: OpenRepository,
  onGitHub: string,
  pulls: readonly ListedPullRequest[],
  now: string,
): Html {
  return page(
    repository.name,
    html`
      <p class="crumbs"><a href="/orgs/${encodeURIComponent(repository.owner)}">${repository.owner}</a> / <a href="${onGitHub}">${repository.name}</a> on GitHub</p>
      <h1>${repository.name}</h1>
      <p class="empty">No merge to the default branch was judged yet: how its systems stand there is known after the next one.</p>
      ${pullRequestList(repository, pulls, now)}
    `,
    { viewer: repository.viewer, owner: repository.owner, wide: true },
  );
}

function siblings({ systems, row, repository }: SystemView): Html {
  if (systems.length < 2) return html``;
  return html`<nav class="pills" aria-label="Systems of ${repository.name}">
    ${systems.map(
      (one) =>
        html`<a href="${systemPath(repository.owner, one)}" ${one.system === row.system ? html`aria-current="page"` : ""}>${one.system}</a>`,
    )}
  </nav>`;
}

const titles = { "TM-1": "Currency", "TM-2": "Deliverables", "TM-3": "Review", "TM-4": "Integration" } as const;

function indicators({ row, sheet, now }: SystemView): Html {
  return html`<section aria-labelledby="indicators">
    <h2 id="indicators">Indicators</h2>
    <div class="indicator-cards">
      ${indicatorIds.map((id) => {
        const verdict = sheet.indicators[id];
        const colour = row.indicators[id];
        return html`<article class="indicator edge-${colour}">
          <h3>${id} ${titles[id]} ${rag(colour)}</h3>
          <p>${id === "TM-1" ? currency(row, sheet, now) : prose(verdict.why)}</p>
          ${verdict.next.length === 0 || colour === "GREEN" ? "" : html`<p class="next"><b>To change that:</b> ${prose(verdict.next[0] ?? "")}</p>`}
        </article>`;
      })}
    </div>
  </section>`;
}

/** TM-1 ages without any merge, so its words are made of the dates that are kept. */
function currency(row: SystemRow, sheet: SystemStanding, now: string): Html {
  const [oldest] = sheet.uncovered;
  if (row.indicators["TM-1"] === "UNKNOWN" || sheet.modelFiles.length === 0) return prose(sheet.indicators["TM-1"].why);
  const updated =
    sheet.modelUpdated === undefined
      ? ""
      : html` The model was last updated or reviewed on ${dated(sheet.modelUpdated, now)}.`;
  if (!oldest) return html`Every significant change is in the model.${updated}`;
  const more = sheet.uncovered.length - 1;
  return html`${prose(oldest.what)} (${oldest.reference}, merged ${dated(oldest.at, now)}) is not in the model${more > 0 ? html`, nor ${more === 1 ? "is 1 later change" : html`are ${more} later ones`}` : ""}.${updated}`;
}

function diagram({ diagram: drawn, sheet, row, onGitHub }: SystemView): Html {
  const files = sheet.modelFiles.map(
    (file) =>
      html`<a href="${onGitHub}/blob/HEAD/${file.split("/").map(encodeURIComponent).join("/")}"><code>${file}</code></a> `,
  );
  return html`<section aria-labelledby="diagram">
    <h2 id="diagram">Data flow diagram</h2>
    ${
      drawn === undefined
        ? html`<p class="soft">${sheet.diagram === undefined ? "There is nothing to draw here: no model of this repository holds elements, or it holds more than fit on a page." : "The diagram could not be drawn in time."}</p>`
        : html`<div class="diagram" role="region" aria-label="Drawing of ${row.system}" tabindex="0"><figure role="img" aria-label="Data flow diagram of ${row.system}">${raw(drawn)}</figure></div>`
    }
    <p class="soft">${files.length === 0 ? "No threat model was found." : html`Model: ${files}`}</p>
  </section>`;
}

function deliverables({ sheet }: SystemView): Html {
  return html`<section aria-labelledby="deliverables">
    <h2 id="deliverables">The eight deliverables</h2>
    ${scrolling(
      "Deliverables",
      html`<table class="cards">
        <thead><tr><th scope="col">Deliverable</th><th scope="col">State</th><th scope="col">Where</th><th scope="col">What is lacking</th></tr></thead>
        <tbody>
          ${deliverableIds.map((id) => {
            const { state, where, lacking } = sheet.deliverables[id];
            const isComplete = state === "present" && lacking.length === 0;
            return html`<tr>
              <th scope="row">${deliverableNames[id]}</th>
              <td data-label="State"><span class="state ${state}">${isComplete ? "complete" : state === "not-carried" ? "not carried by the format" : state}</span></td>
              <td data-label="Where">${where === undefined ? html`<span class="soft">–</span>` : html`<code>${where}</code>`}</td>
              <td data-label="Lacking">${
                lacking.length === 0
                  ? html`<span class="soft">nothing</span>`
                  : html`<ul class="facts">${lacking.map((one) => html`<li>${prose(one.says)}${one.where === undefined ? "" : html` <code>${one.where}</code>`}</li>`)}</ul>`
              }</td>
            </tr>`;
          })}
        </tbody>
      </table>`,
    )}
  </section>`;
}

const order = { critical: 0, high: 1, medium: 2, low: 3, note: 4 } as const;
const statusOrder = { open: 0, unknown: 1, accepted: 2, mitigated: 3, "not-applicable": 4 } as const;

function threats({ sheet, row, repository, threatFilter }: SystemView): Html {
  const shown = sheet.threats
    .filter((one) => threatFilter.status === undefined || one.status === threatFilter.status)
    .filter((one) => threatFilter.risk === undefined || one.risk === threatFilter.risk)
    .filter((one) => threatFilter.stride === undefined || one.stride.some((letter) => letter === threatFilter.stride))
    .toSorted(
      (one, other) =>
        statusOrder[one.status] - statusOrder[other.status] ||
        (one.risk ? order[one.risk] : 5) - (other.risk ? order[other.risk] : 5),
    );
  const base = systemPath(repository.owner, row).split("?")[0] ?? "";
  const here = row.system === row.repository ? {} : { system: row.system };
  const link = (name: keyof ThreatFilter, value: string | undefined, words: string): Html =>
    html`<a href="${withQuery(base, { ...here, ...threatFilter }, { [name]: value })}#threats" ${threatFilter[name] === value ? html`aria-current="true"` : ""}>${words}</a>`;
  return html`<section aria-labelledby="threats">
    <h2 id="threats">Threats</h2>
    ${
      sheet.threatCount === 0
        ? html`<p class="soft">The model holds no threats that are known here.</p>`
        : html`
            <nav class="pills" aria-label="Which threats are shown">
              <span>Status</span>${link("status", undefined, "all")}${threatStatuses.map((status) => link("status", status, status))}
            </nav>
            <nav class="pills" aria-label="Risk of the threats shown">
              <span>Risk</span>${link("risk", undefined, "all")}${["critical", "high", "medium", "low"].map((risk) => link("risk", risk, risk))}
            </nav>
            <nav class="pills" aria-label="STRIDE category of the threats shown">
              <span>STRIDE</span>${link("stride", undefined, "all")}${strideLetters.map((letter) => link("stride", letter, strideNames[letter]))}
            </nav>
            <p class="soft">${countOf(shown.length, "threat")} of ${sheet.threatCount}${sheet.threatCount > sheet.threats.length ? html`, of which the first ${sheet.threats.length} are kept` : ""}</p>
            ${scrolling(
              "Threats",
              html`<table class="cards threats">
                <thead><tr><th scope="col">Threat</th><th scope="col">STRIDE</th><th scope="col">Risk</th><th scope="col">Status</th><th scope="col">Controls</th><th scope="col">Story</th><th scope="col">Shown by a test</th></tr></thead>
                <tbody>${shown.slice(0, 500).map(threatRow)}</tbody>
              </table>`,
            )}
          `
    }
  </section>`;
}

function threatRow(threat: SystemStanding["threats"][number]): Html {
  return html`<tr>
    <th scope="row"><span>${threat.title}</span> <span class="soft"><code>${shortThreatId(threat.id)}</code>${threat.element === undefined ? "" : html` · ${threat.element}`}</span></th>
    <td data-label="STRIDE">${threat.stride.length === 0 ? html`<span class="soft">–</span>` : threat.stride.map((letter) => html`<abbr title="${strideNames[letter]}">${letter}</abbr> `)}</td>
    <td data-label="Risk"><span class="risk ${threat.risk ?? ""}">${threat.risk ?? "not rated"}</span></td>
    <td data-label="Status"><span class="state ${threat.status}">${threat.status}</span></td>
    <td data-label="Controls">${
      threat.controls.length === 0
        ? html`<span class="soft">none</span>`
        : html`<ul class="facts">${threat.controls.map(({ title, status }) => html`<li>${title}${status === undefined ? "" : html` <span class="soft">(${status})</span>`}</li>`)}</ul>`
    }</td>
    <td data-label="Story">${threat.story === undefined ? html`<span class="soft">none</span>` : threat.story === "" ? "written" : threat.story}</td>
    <td data-label="Shown by a test">${threat.isValidated ? "yes" : html`<span class="soft">not yet</span>`}</td>
  </tr>`;
}

function timeline({ timeline: entries, sheet, now }: SystemView): Html {
  const open = new Set(sheet.uncovered.map(({ at, reference, what }) => `${at} ${reference} ${what}`));
  const changes = entries.flatMap((entry) =>
    entry.kind === "update" || entry.kind === "review"
      ? []
      : [{ at: entry.at, isCovered: !open.has(`${entry.at} ${entry.reference} ${entry.what}`) }],
  );
  const updates = entries.flatMap((entry) => (entry.kind === "update" || entry.kind === "review" ? [entry.at] : []));
  const from = new Date(Date.parse(now) - 2 * 365 * day).toISOString();
  return html`<section aria-labelledby="timeline">
    <h2 id="timeline">Changes against updates of the model</h2>
    ${entries.length === 0 ? html`<p class="soft">Nothing in the last two years.</p>` : timeChart({ from, to: now, changes, updates })}
    ${
      sheet.uncovered.length === 0
        ? ""
        : html`<h3>Not in the model yet</h3>
            <ul class="rows">${sheet.uncovered.slice(0, 20).map((one) => html`<li>${prose(one.what)} <span class="soft">${one.reference} · ${dayOf(one.at)} · ${countOf(daysBetween(one.at, now), "day")}</span></li>`)}</ul>`
    }
    ${
      entries.length === 0
        ? ""
        : html`<details><summary>All ${entries.length} entries</summary>
            <ul class="facts">${entries
              .toReversed()
              .slice(0, 200)
              .map(
                (entry) =>
                  html`<li><time>${dayOf(entry.at)}</time> ${entry.reference} ${"what" in entry ? prose(entry.what) : entry.kind === "update" ? "model updated" : `model reviewed: ${entry.outcome}`}</li>`,
              )}</ul>
          </details>`
    }
  </section>`;
}

function acceptances({ sheet, now }: SystemView): Html {
  return html`<section aria-labelledby="acceptances">
    <h2 id="acceptances">Accepted risks</h2>
    ${
      sheet.acceptances.length === 0
        ? html`<p class="soft">No risk is accepted.</p>`
        : scrolling(
            "Accepted risks",
            html`<table class="cards">
              <thead><tr><th scope="col">Threat</th><th scope="col">Level</th><th scope="col">Accepted by</th><th scope="col">Until</th></tr></thead>
              <tbody>${sheet.acceptances
                .toSorted((one, other) => ((one.until ?? "9") < (other.until ?? "9") ? -1 : 1))
                .map(({ threat, title, level, approver, until }) => {
                  const left =
                    until === undefined ? undefined : Math.round((Date.parse(until) - Date.parse(dayOf(now))) / day);
                  return html`<tr>
                    <th scope="row">${title} <span class="soft"><code>${shortThreatId(threat)}</code></span></th>
                    <td data-label="Level">${level ?? "not stated"}</td>
                    <td data-label="Accepted by">${approver ?? "not stated"}</td>
                    <td data-label="Until">${until ?? "no end"} ${left === undefined ? "" : html`<span class="${left <= 30 ? "soon" : "soft"}">(${left < 0 ? "ended" : `in ${countOf(left, "day")}`})</span>`}</td>
                  </tr>`;
                })}</tbody>
            </table>`,
          )
    }
  </section>`;
}

const verdictWords: Readonly<Record<string, string>> = {
  success: "success",
  neutral: "neutral",
  action_required: "somebody must act",
  failure: "failure",
};

function pullRequestList({ owner, name }: OpenRepository, pulls: readonly ListedPullRequest[], now: string): Html {
  return html`<section aria-labelledby="pull-requests">
    <h2 id="pull-requests">Pull requests judged last</h2>
    ${
      pulls.length === 0
        ? html`<p class="soft">None.</p>`
        : html`<ul class="rows">${pulls.map(
            ({ number, conclusion, judged, waitingSince, title }) => html`<li>
              <a href="${repositoryPath(owner, name)}/pull/${number}">#${number}${title === undefined ? "" : html` ${title}`}</a>
              <span class="verdict small ${conclusion}">${verdictWords[conclusion] ?? conclusion}</span>
              <span class="soft">judged ${dayOf(judged)}${waitingSince === undefined ? "" : html` · waits for an architect for ${countOf(daysBetween(waitingSince, now), "day")}`}</span>
            </li>`,
          )}</ul>`
    }
  </section>`;
}
