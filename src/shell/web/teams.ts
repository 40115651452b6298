import { html } from "hono/html";
import { indicatorIds } from "../../core/domain/assessment.ts";
import type { Group, Groups } from "../../core/domain/dashboard.ts";
import type { Person } from "../people-on-github.ts";
import { shareBar } from "./charts.ts";
import type { DashboardData } from "./data.ts";
import type { Part } from "./door.ts";
import { type Html, page } from "./layout.ts";
import { countOf, daysBetween, percent, scrolling, withQuery } from "./pieces.ts";

/** `/orgs/:owner/teams`: the systems by who owns them, and by portfolio. */
export function teamsPart(data: DashboardData): Part {
  return (routes, door) => {
    routes.get("/orgs/:owner/teams", async (context) => {
      const open = await door.owner(context);
      if (open instanceof Response) return open;
      return context.html(teamsPage(await groupsOf(data, open), open.viewer));
    });
  };
}

/** Both groupings at once. */
export async function groupsOf(data: DashboardData, visible: Parameters<DashboardData["groups"]>[0]): Promise<Groups> {
  const now = await data.now();
  const [teams, portfolios] = await Promise.all([data.groups(visible, "team"), data.groups(visible, "portfolio")]);
  return { schemaVersion: 1, owner: visible.owner, asOf: now, teams, portfolios };
}

/** The page of teams and portfolios. */
export function teamsPage(groups: Groups, viewer: Person): Html {
  const named = groups.portfolios.filter(({ name }) => name !== "");
  return page(
    `Teams · ${groups.owner}`,
    html`
      <div class="heading">
        <h1>Teams and portfolios</h1>
        <p class="soft">Over the repositories that you may read. A team is who the model of a system names as its owner.</p>
      </div>
      <section aria-labelledby="teams">
        <h2 id="teams">By team</h2>
        ${table(groups, groups.teams, "team")}
      </section>
      <section aria-labelledby="portfolios">
        <h2 id="portfolios">By portfolio</h2>
        ${
          named.length === 0
            ? html`<p class="empty">No repository has a portfolio here. It is the custom property <code>portfolio</code> of a repository, read where the policy uses custom properties.</p>`
            : table(groups, groups.portfolios, "portfolio")
        }
      </section>
    `,
    { viewer, owner: groups.owner, here: "teams", wide: true },
  );
}

function table({ owner, asOf }: Groups, groups: readonly Group[], by: "team" | "portfolio"): Html {
  if (groups.length === 0) return html`<p class="empty">No system was judged yet.</p>`;
  return scrolling(
    by === "team" ? "Teams" : "Portfolios",
    html`<table class="cards quarters">
      <thead>
        <tr>
          <th scope="col">${by === "team" ? "Team" : "Portfolio"}</th>
          <th scope="col">Systems</th>
          ${indicatorIds.map((id) => html`<th scope="col">${id}</th>`)}
          <th scope="col">High and critical open</th>
          <th scope="col">All eight deliverables</th>
          <th scope="col">Change to update</th>
          <th scope="col">Oldest change not in a model</th>
        </tr>
      </thead>
      <tbody>
        ${groups.map(
          (group) => html`<tr>
            <th scope="row">${
              group.name === ""
                ? html`<span class="soft">not stated</span>`
                : html`<a href="${withQuery(`/orgs/${encodeURIComponent(owner)}`, {}, { [by]: group.name })}">${group.name}</a>`
            }${group.highRisk > 0 ? html` <span class="soft">${group.highRisk} of high risk class</span>` : ""}</th>
            <td data-label="Systems">${group.systems}</td>
            ${indicatorIds.map((id) => {
              const counts = group.indicators[id];
              return html`<td data-label="${id}" class="bar">${shareBar(counts, id)}<span class="soft">${percent(counts.GREEN, group.systems)} GREEN</span></td>`;
            })}
            <td data-label="High and critical open">${group.openHigh}</td>
            <td data-label="All eight deliverables">${percent(group.complete, group.systems)}</td>
            <td data-label="Change to update">${group.daysToUpdate === null ? html`<span class="soft">–</span>` : `${group.daysToUpdate} days`}</td>
            <td data-label="Oldest change">${group.uncoveredSince === null ? html`<span class="soft">–</span>` : countOf(daysBetween(group.uncoveredSince, asOf), "day")}</td>
          </tr>`,
        )}
      </tbody>
    </table>`,
  );
}
