import { html } from "hono/html";
import { indicatorIds } from "../../core/domain/assessment.ts";
import type { Group, Organisation, SystemRow } from "../../core/domain/dashboard.ts";
import type { ReleaseList } from "../../core/domain/release.ts";
import { systemFilterSchema } from "../../core/domain/system-filter.ts";
import type { Person } from "../people-on-github.ts";
import { colourChart } from "./charts.ts";
import type { DashboardData } from "./data.ts";
import type { Part } from "./door.ts";
import { type Html, page } from "./layout.ts";
import { indicatorShares } from "./organisation.ts";
import { countOf, dayOf, daysBetween, percent, rag, scrolling, systemPath, thousands, tile, tiles } from "./pieces.ts";
import { majorReleases } from "./releases.ts";

/** What the report for a risk executive shows. */
export interface RiskReport {
  readonly viewer: Person;
  readonly figures: Organisation;
  /** Systems of the high risk class, worst first, and how many there are. */
  readonly highRisk: readonly SystemRow[];
  readonly teams: readonly Group[];
  /** The major releases of the last 90 days. */
  readonly releases: ReleaseList;
}

/** Major releases of which the evidence is counted, the latest. */
const mostReleases = 500;

/** `/orgs/:owner/risk`: one printable page for whoever carries the risk. */
export function riskReportPart(data: DashboardData): Part {
  return (routes, door) => {
    routes.get("/orgs/:owner/risk", async (context) => {
      const open = await door.owner(context);
      if (open instanceof Response) return open;
      const now = await data.now();
      const filter = systemFilterSchema.parse({ risk: "high", sort: "worst" });
      const [figures, { systems }, teams, releases] = await Promise.all([
        data.organisation(open, now),
        data.systems(open, filter, 10),
        data.groups(open, "team"),
        data.releases(open, { kinds: "major" }, now, mostReleases),
      ]);
      return context.html(riskReportPage({ viewer: open.viewer, figures, highRisk: systems, teams, releases }));
    });
  };
}

/** The report: one sentence that says how it stands, the figures behind it, and where somebody has to act. */
export function riskReportPage({ viewer, figures, highRisk, teams, releases }: RiskReport): Html {
  const { owner, asOf, movement, systems, withModel } = figures;
  return page(
    `Risk report · ${owner}`,
    html`
      <div class="heading report">
        <p class="soft">Threat modelling · risk report · ${dayOf(asOf)}</p>
        <h1>${owner}</h1>
        <p class="lead">${headline(figures)}</p>
      </div>
      ${tiles([
        tile(
          "Systems with a threat model",
          percent(withModel, systems),
          `${thousands(withModel)} of ${thousands(systems)}`,
        ),
        tile("Evidence complete", percent(completeOf(figures), systems), "all eight deliverables"),
        tile(
          "Supplier changes covered",
          percent(movement.suppliersCovered, movement.suppliers),
          `${thousands(movement.suppliersCovered)} of ${thousands(movement.suppliers)} in 90 days`,
        ),
        tile(
          "Change to model update",
          movement.daysToUpdate === null ? "–" : `${movement.daysToUpdate} d`,
          "mean of 90 days",
        ),
        tile(
          "Major releases with evidence",
          percent(releases.evidence.complete, releases.releases.length),
          `${thousands(releases.evidence.complete)} of ${releases.total > releases.releases.length ? "the latest " : ""}${thousands(releases.releases.length)} in 90 days`,
        ),
      ])}
      <div class="columns">
        <section aria-labelledby="indicators"><h2 id="indicators">The four indicators</h2>${indicatorShares(figures)}</section>
        <section aria-labelledby="trend"><h2 id="trend">A year, by the worst indicator</h2>${colourChart(figures.trend)}</section>
      </div>
      <section aria-labelledby="high-risk">
        <h2 id="high-risk">Systems of the high risk class, worst first</h2>
        ${highRiskTable(owner, highRisk, figures)}
      </section>
      <section aria-labelledby="releases">
        <h2 id="releases">Major releases of 90 days</h2>
        ${majorReleases(releases)}
      </section>
      <div class="columns">
        <section aria-labelledby="slow"><h2 id="slow">Slowest teams</h2>${slowTeams(teams, asOf)}</section>
        <section aria-labelledby="moved">
          <h2 id="moved">Threats in 90 days</h2>
          <ul class="figures">
            <li><b>${thousands(movement.opened)}</b> opened</li>
            <li><b>${thousands(movement.mitigated)}</b> mitigated</li>
            <li><b>${thousands(movement.accepted)}</b> accepted</li>
            <li><b>${thousands(movement.reopened)}</b> reopened</li>
          </ul>
          <h3>Open in most systems</h3>
          ${
            figures.openThreats.length === 0
              ? html`<p class="soft">No threat is open.</p>`
              : html`<ul class="rows">${figures.openThreats.slice(0, 4).map((one) => html`<li>${one.title} <span class="soft"><span class="risk ${one.risk}">${one.risk}</span> · ${countOf(one.systems, "system")}</span></li>`)}</ul>`
          }
        </section>
      </div>
      <p class="soft">
        Over the ${countOf(figures.repositories.readable, "repository", "repositories")} that ${viewer.login} may read on GitHub, of which ${figures.repositories.judged} have a
        judged merge. Indicators say whether the threat model keeps pace with the code; they do not say that a system is safe.
      </p>
    `,
    { viewer, owner, here: "risk", wide: true },
  );
}

function completeOf({ indicators }: Organisation): number {
  return indicators["TM-2"].GREEN;
}

/** One sentence: how many systems are where they should be, how many are not, and what waits. */
export function headline({ systems, indicators, waiting, asOf }: Organisation): string {
  if (systems === 0) return "No system was judged yet.";
  const red = Math.max(...indicatorIds.map((id) => indicators[id].RED));
  const worst = indicatorIds.find((id) => indicators[id].RED === red) ?? "TM-1";
  const current = indicators["TM-1"].GREEN;
  const [longest] = waiting.first;
  const waits =
    waiting.count === 0
      ? "Nothing waits for a Security Architect."
      : `${countOf(waiting.count, "pull request")} wait${waiting.count === 1 ? "s" : ""} for a Security Architect, the longest for ${countOf(daysBetween(longest?.since ?? asOf, asOf), "day")}.`;
  return `The threat models of ${percent(current, systems)} of ${countOf(systems, "system")} are current; ${red === 0 ? "no indicator is RED anywhere" : `${countOf(red, "system")} ${red === 1 ? "is" : "are"} RED in ${worst}`}. ${waits}`;
}

function highRiskTable(owner: string, systems: readonly SystemRow[], { riskClasses, asOf }: Organisation): Html {
  if (systems.length === 0) return html`<p class="soft">No system is of the high risk class.</p>`;
  const all = riskClasses.high;
  return html`${scrolling(
    "Systems of the high risk class",
    html`<table class="cards quarters">
      <thead><tr><th scope="col">System</th>${indicatorIds.map((id) => html`<th scope="col">${id}</th>`)}<th scope="col">High and critical open</th><th scope="col">Oldest change not in the model</th></tr></thead>
      <tbody>
        ${systems.map(
          (row) => html`<tr>
            <th scope="row"><a href="${systemPath(owner, row)}">${row.system}</a> <span class="soft">${row.team}</span></th>
            ${indicatorIds.map((id) => html`<td data-label="${id}">${rag(row.indicators[id])}</td>`)}
            <td data-label="High and critical open">${row.open.critical + row.open.high}</td>
            <td data-label="Oldest change">${row.uncoveredSince === null ? html`<span class="soft">–</span>` : countOf(daysBetween(row.uncoveredSince, asOf), "day")}</td>
          </tr>`,
        )}
      </tbody>
    </table>`,
  )}
  ${all > systems.length ? html`<p class="soft">The first ${systems.length} of ${all}.</p>` : ""}`;
}

function slowTeams(teams: readonly Group[], asOf: string): Html {
  const waits = ({ uncoveredSince }: Group): number =>
    uncoveredSince === null ? 0 : daysBetween(uncoveredSince, asOf);
  const slow = teams
    .filter((team) => team.name !== "" && (team.daysToUpdate !== null || team.uncoveredSince !== null))
    .toSorted((one, other) => (other.daysToUpdate ?? 0) - (one.daysToUpdate ?? 0) || waits(other) - waits(one))
    .slice(0, 6);
  if (slow.length === 0) return html`<p class="soft">No team has changes to update for.</p>`;
  return html`<ul class="rows">
    ${slow.map(
      (team) => html`<li>
        ${team.name}
        <span class="soft">${team.daysToUpdate === null ? "no update yet" : `${team.daysToUpdate} days from change to update`}${team.uncoveredSince === null ? "" : ` · oldest open change ${countOf(waits(team), "day")}`}</span>
      </li>`,
    )}
  </ul>`;
}
