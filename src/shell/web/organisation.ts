import { html } from "hono/html";
import { indicatorIds, rags } from "../../core/domain/assessment.ts";
import type { Organisation, Wait } from "../../core/domain/dashboard.ts";
import { systemFilterSchema } from "../../core/domain/system-filter.ts";
import { colourChart, shareBar } from "./charts.ts";
import type { DashboardData } from "./data.ts";
import type { Part } from "./door.ts";
import { type Html, page } from "./layout.ts";
import { filters, list, pager } from "./organisation-list.ts";
import { indicatorNames, isFiltered, type OrganisationView } from "./organisation-view.ts";
import {
  countOf,
  dayOf,
  daysBetween,
  percent,
  rag,
  repositoryPath,
  systemPath,
  thousands,
  tile,
  tiles,
  withQuery,
} from "./pieces.ts";

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
