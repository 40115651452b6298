import { html } from "hono/html";
import { indicatorIds, rags } from "../../core/domain/assessment.ts";
import { riskClasses } from "../../core/domain/classification.ts";
import type { Organisation, SystemRow, Wait } from "../../core/domain/dashboard.ts";
import { type SystemFilter, systemFilterSchema } from "../../core/domain/system-filter.ts";
import type { Person } from "../ports.ts";
import { colourChart, shareBar, sparkline } from "./charts.ts";
import type { DashboardData } from "./data.ts";
import type { Part } from "./door.ts";
import { type Html, page } from "./layout.ts";
import {
  countOf,
  dayOf,
  daysBetween,
  percent,
  rag,
  repositoryPath,
  scrolling,
  systemPath,
  thousands,
  tile,
  tiles,
  withQuery,
} from "./pieces.ts";

/** What the page of an organisation shows. */
export interface OrganisationView {
  readonly viewer: Person;
  readonly figures: Organisation;
  readonly filter: SystemFilter;
  readonly total: number;
  readonly systems: readonly SystemRow[];
  readonly teams: readonly string[];
  readonly portfolios: readonly string[];
}

/** Systems on one page of the list; the store's number. */
export const pageSize = 50;

/** `/orgs/:owner`: all systems that the viewer may read. */
export function organisationPart(data: DashboardData): Part {
  return (routes, door) => {
    routes.get("/orgs/:owner", async (context) => {
      const open = await door.owner(context);
      if (open instanceof Response) return open;
      const now = await data.now();
      const filter = systemFilterSchema.parse(context.req.query());
      const [figures, found, teams, portfolios] = await Promise.all([
        data.organisation(open, now),
        data.systems(open, filter),
        data.choices(open, "team"),
        data.choices(open, "portfolio"),
      ]);
      return context.html(organisationPage({ viewer: open.viewer, figures, filter, ...found, teams, portfolios }));
    });
  };
}

/** The page of an organisation: what needs somebody first, then every system. */
export function organisationPage(view: OrganisationView): Html {
  const { figures, filter } = view;
  const isWhole = filter.page === 1 && !isFiltered(filter);
  return page(
    figures.owner,
    html`
      <div class="heading">
        <h1>${figures.owner}</h1>
        <p class="soft">${scope(figures)}</p>
      </div>
      ${isWhole ? summary(figures) : ""}
      <section aria-labelledby="systems">
        <h2 id="systems">Systems</h2>
        ${filters(view)} ${list(view)} ${pager(view)}
      </section>
      ${isWhole ? work(figures) : ""}
    `,
    { viewer: view.viewer, owner: figures.owner, here: "", wide: true },
  );
}

function isFiltered({ sort: _, page: __, ...words }: SystemFilter): boolean {
  return Object.values(words).some((word) => word !== undefined && word !== "");
}

function scope({ repositories, asOf }: Organisation): string {
  return `Over the ${countOf(repositories.readable, "repository", "repositories")} that you may read on GitHub · as of ${dayOf(asOf)} ${asOf.slice(11, 16)} UTC`;
}

function summary(figures: Organisation): Html {
  const { systems, withModel, repositories, waiting, asOf } = figures;
  const [longest] = waiting.first;
  return html`
    ${tiles([
      tile("Systems", thousands(systems), `${percent(withModel, systems)} with a threat model`),
      tile(
        "Repositories covered",
        percent(repositories.judged, repositories.readable),
        `${thousands(repositories.judged)} of ${thousands(repositories.readable)} have a judged merge`,
      ),
      tile(
        "Waiting for an architect",
        thousands(waiting.count),
        longest ? `longest ${countOf(daysBetween(longest.since, asOf), "day")}` : "nothing waits",
      ),
      tile(
        "Change to model update",
        figures.movement.daysToUpdate === null ? "–" : `${figures.movement.daysToUpdate} d`,
        `mean of ${countOf(figures.movement.covered, "change")} in 90 days`,
      ),
    ])}
    <div class="columns">
      <section aria-labelledby="indicators">
        <h2 id="indicators">The four indicators</h2>
        ${indicatorShares(figures)}
      </section>
      <section aria-labelledby="trend">
        <h2 id="trend">Systems by their worst indicator, a year</h2>
        ${colourChart(figures.trend)}
      </section>
    </div>
    <div class="columns three">
      ${waitingList(figures)} ${commonThreats(figures)} ${movement(figures)}
    </div>
  `;
}

const indicatorNames = {
  "TM-1": "Currency",
  "TM-2": "Deliverables",
  "TM-3": "Review",
  "TM-4": "Integration",
} as const;

/** Each indicator with the shares of its colours; each number leads to the systems it counts. */
export function indicatorShares({ indicators, owner }: Pick<Organisation, "indicators" | "owner">): Html {
  return html`<table class="shares">
    <thead class="hidden"><tr><th scope="col">Indicator</th><th scope="col">Shares</th><th scope="col">Systems</th></tr></thead>
    <tbody>
      ${indicatorIds.map((id) => {
        const counts = indicators[id];
        return html`<tr>
          <th scope="row"><b>${id}</b> ${indicatorNames[id]}</th>
          <td>${shareBar(counts, `${id} ${indicatorNames[id]}`)}</td>
          <td class="legend">
            ${rags
              .filter((colour) => counts[colour] > 0)
              .map(
                (colour) =>
                  html`<a class="plain" href="${withQuery(`/orgs/${encodeURIComponent(owner)}`, {}, { indicator: id, colour })}">${rag(colour)} ${thousands(counts[colour])}</a> `,
              )}
          </td>
        </tr>`;
      })}
    </tbody>
  </table>`;
}

function waitingList({ waiting, owner, asOf }: Organisation): Html {
  return html`<section aria-labelledby="waiting">
    <h2 id="waiting">Waits for an architect</h2>
    ${
      waiting.count === 0
        ? html`<p class="soft">Nothing waits for a Security Architect.</p>`
        : html`<ul class="rows">
            ${waiting.first.slice(0, 5).map((wait) => waitRow(owner, wait, asOf))}
          </ul>
          ${waiting.count > 5 ? html`<p><a href="${withQuery(`/orgs/${encodeURIComponent(owner)}`, {}, { waiting: "yes", sort: "waiting" })}">All ${waiting.count}</a></p>` : ""}`
    }
  </section>`;
}

/** A pull request that waits, with how long it has. */
export function waitRow(owner: string, wait: Wait, now: string): Html {
  return html`<li>
    <a href="${repositoryPath(owner, wait.repository)}/pull/${wait.number}">${wait.title === "" ? `#${wait.number}` : wait.title}</a>
    <span class="soft">${wait.repository} #${wait.number} · ${countOf(daysBetween(wait.since, now), "day")}</span>
  </li>`;
}

function commonThreats({ openThreats, owner }: Organisation): Html {
  return html`<section aria-labelledby="common">
    <h2 id="common">Most common open threats</h2>
    ${
      openThreats.length === 0
        ? html`<p class="soft">No threat is open.</p>`
        : html`<ul class="rows">
            ${openThreats.slice(0, 5).map(
              ({ kind, title, risk, systems }) => html`<li>
                <a href="${withQuery(`/orgs/${encodeURIComponent(owner)}`, {}, { threat: kind })}">${title}</a>
                <span class="soft"><span class="risk ${risk}">${risk}</span> · ${countOf(systems, "system")}</span>
              </li>`,
            )}
          </ul>`
    }
  </section>`;
}

function movement({ movement: moved, acceptancesEnding, owner }: Organisation): Html {
  return html`<section aria-labelledby="movement">
    <h2 id="movement">Threats in the last 90 days</h2>
    <ul class="figures">
      <li><b>${thousands(moved.opened)}</b> opened</li>
      <li><b>${thousands(moved.mitigated)}</b> mitigated</li>
      <li><b>${thousands(moved.accepted)}</b> accepted</li>
      <li><b>${thousands(moved.reopened)}</b> reopened</li>
    </ul>
    <h3>Acceptances that end within 30 days</h3>
    ${
      acceptancesEnding.length === 0
        ? html`<p class="soft">None.</p>`
        : html`<ul class="rows">
            ${acceptancesEnding
              .slice(0, 3)
              .map(
                (one) =>
                  html`<li><a href="${systemPath(owner, one)}">${one.system}</a> <span class="soft">${one.until}</span></li>`,
              )}
          </ul>`
    }
  </section>`;
}

function work({ work: done }: Organisation): Html {
  return html`<section class="work" aria-labelledby="work">
    <h2 id="work">What the bot did this week</h2>
    <p>
      ${countOf(done.evaluations, "evaluation")} and ${countOf(done.writes, "write")} since ${done.week}, for
      ${countOf(done.calls, "call")} to GitHub's API
      ${done.evaluations === 0 ? "" : html`<span class="soft">(${Math.round((done.calls / done.evaluations) * 10) / 10} an evaluation; GitHub allows an installation 5,000 to 12,500 an hour)</span>`}.
    </p>
  </section>`;
}

function filters({ figures, filter, teams, portfolios }: OrganisationView): Html {
  const base = `/orgs/${encodeURIComponent(figures.owner)}`;
  const choice = (name: string, label: string, values: readonly string[], chosen: string | undefined): Html =>
    values.length === 0
      ? html``
      : html`<label>${label}<select name="${name}"><option value="">all</option>${values.map(
          (value) => html`<option value="${value}" ${value === chosen ? "selected" : ""}>${value}</option>`,
        )}</select></label>`;
  const sorts = [
    ["worst", "worst first"],
    ["name", "name"],
    ["waiting", "longest wait"],
    ["threats", "open threats"],
    ["updated", "oldest model"],
    ["risk", "risk class"],
  ] as const;
  return html`<form class="filters" method="get" action="${base}">
      <label class="search">Search<input type="search" name="q" value="${filter.q}" maxlength="100" placeholder="repository, system or team" /></label>
      ${choice("colour", "Colour", rags, filter.colour)} ${choice("indicator", "Indicator", indicatorIds, filter.indicator)}
      ${choice("risk", "Risk class", riskClasses.toReversed(), filter.risk)} ${choice("team", "Team", teams, filter.team)}
      ${choice("portfolio", "Portfolio", portfolios, filter.portfolio)}
      <label>Order<select name="sort">${sorts.map(
        ([value, name]) => html`<option value="${value}" ${value === filter.sort ? "selected" : ""}>${name}</option>`,
      )}</select></label>
      <label class="tick"><input type="checkbox" name="waiting" value="yes" ${filter.waiting === "yes" ? "checked" : ""} />waits for an architect</label>
      ${filter.threat === undefined ? "" : html`<input type="hidden" name="threat" value="${filter.threat}" />`}
      <button type="submit">Show</button>
      ${isFiltered(filter) ? html`<a href="${base}">Clear</a>` : ""}
    </form>
    ${filter.threat === undefined ? "" : html`<p>Only systems where <code>${filter.threat}</code> is open.</p>`}`;
}

function list({ figures: { owner, asOf }, systems, total, filter }: OrganisationView): Html {
  const download = (ending: string): string =>
    withQuery(`/orgs/${encodeURIComponent(owner)}/systems.${ending}`, filter, { page: undefined });
  if (total === 0) {
    return html`<p class="empty">${
      isFiltered(filter)
        ? "No system fits."
        : "No merge was judged yet. A system appears here when a pull request of its repository is merged to the default branch."
    }</p>`;
  }
  return html`
    <p class="soft list-head">
      <span>${countOf(total, "system")}${total > pageSize ? html`, page ${filter.page} of ${Math.ceil(total / pageSize)}` : ""}</span>
      <span class="downloads">Download <a href="${download("csv")}">CSV</a> <a href="${download("json")}">JSON</a></span>
    </p>
    ${scrolling(
      "Systems",
      html`<table class="systems cards quarters">
        <thead>
          <tr>
            <th scope="col">System</th>
            <th scope="col">Risk class</th>
            ${indicatorIds.map((id) => html`<th scope="col"><abbr title="${indicatorNames[id]}">${id}</abbr></th>`)}
            <th scope="col">Half a year</th>
            <th scope="col">Open threats</th>
            <th scope="col">Deliverables</th>
            <th scope="col">Waits</th>
            <th scope="col">Model updated</th>
          </tr>
        </thead>
        <tbody>
          ${systems.map((system) => systemRow(owner, system, asOf))}
        </tbody>
      </table>`,
    )}
  `;
}

function systemRow(owner: string, row: SystemRow, now: string): Html {
  const { critical, high, medium, low } = row.open;
  const all = critical + high + medium + low;
  return html`<tr>
    <th scope="row">
      <a href="${systemPath(owner, row)}">${row.system}</a>
      <span class="soft">${row.system === row.repository ? "" : html`${row.repository} · `}${row.team === "" ? "no owner stated" : row.team}</span>
    </th>
    <td data-label="Risk class"><span class="class ${row.riskClass}">${row.riskClass}</span></td>
    ${indicatorIds.map((id) => html`<td data-label="${id}">${rag(row.indicators[id])}</td>`)}
    <td data-label="Half a year">${sparkline(row.trend)}</td>
    <td data-label="Open threats">${all === 0 ? html`<span class="soft">none</span>` : html`<b>${all}</b> <span class="soft">${openWords(row.open)}</span>`}</td>
    <td data-label="Deliverables">${row.complete} of 8</td>
    <td data-label="Waits">${row.waitingSince === null ? html`<span class="soft">–</span>` : html`<a href="${repositoryPath(owner, row.repository)}#pull-requests">${countOf(daysBetween(row.waitingSince, now), "day")}</a>`}</td>
    <td data-label="Model updated">${row.modelUpdated === null ? html`<span class="soft">–</span>` : html`<time datetime="${row.modelUpdated}">${row.modelUpdated}</time>`}</td>
  </tr>`;
}

function openWords({ critical, high }: SystemRow["open"]): string {
  const parts = [critical > 0 ? `${critical} critical` : "", high > 0 ? `${high} high` : ""].filter(
    (part) => part !== "",
  );
  return parts.length === 0 ? "" : `(${parts.join(", ")})`;
}

function pager({ figures: { owner }, filter, total }: OrganisationView): Html {
  const pages = Math.ceil(total / pageSize);
  if (pages <= 1) return html``;
  const to = (number: number, words: string): Html =>
    html`<a href="${withQuery(`/orgs/${encodeURIComponent(owner)}`, filter, { page: number })}">${words}</a>`;
  return html`<nav class="pager" aria-label="Pages of the list">
    ${filter.page > 1 ? to(filter.page - 1, "← Previous") : ""}
    <span>Page ${filter.page} of ${pages}</span>
    ${filter.page < pages ? to(filter.page + 1, "Next →") : ""}
  </nav>`;
}
