import { html } from "hono/html";
import { indicatorIds, rags } from "../../core/domain/assessment.ts";
import {
  type MeasuredWeek,
  type Measures,
  measuredWeeks,
  measuresQuerySchema,
  type SystemInWeek,
} from "../../core/domain/measures.ts";
import type { Person } from "../people-on-github.ts";
import { shareBar } from "./charts.ts";
import { type Columns, csv } from "./csv.ts";
import type { DashboardData } from "./data.ts";
import type { OpenOwner, Part } from "./door.ts";
import { ownerDownloads } from "./downloads.ts";
import { type Html, page } from "./layout.ts";
import { percent, scrolling, thousands, withQuery } from "./pieces.ts";

/** `/orgs/:owner/measures`: how the figures went week by week, with its downloads. */
export function measuresPart(data: DashboardData): Part {
  return (routes, door) => {
    routes.get("/orgs/:owner/measures", async (context) => {
      const open = await door.owner(context);
      if (open instanceof Response) return open;
      const query = measuresQuerySchema.parse(context.req.query());
      return context.html(measuresPage(await data.measures(open, query, await data.now()), query.weeks, open.viewer));
    });
    ownerDownloads("measures", (open, query) => measuresFor(data, open, query), measuresCsv)(routes, door);
  };
}

/** The measures that a query asks for. */
export async function measuresFor(
  data: DashboardData,
  open: OpenOwner,
  query: Readonly<Record<string, string>>,
): Promise<Measures> {
  return data.measures(open, measuresQuerySchema.parse(query), await data.now());
}

/** What stands alike in a week of all systems and in a week of one. */
const movementColumns: Columns<Omit<SystemInWeek, "week" | "indicators">> = [
  ["open_threats", ({ openThreats }) => openThreats],
  ["opened", ({ opened }) => opened],
  ["mitigated", ({ mitigated }) => mitigated],
  ["accepted", ({ accepted }) => accepted],
  ["reopened", ({ reopened }) => reopened],
  ["changes_covered", ({ covered }) => covered],
  ["days_to_update", ({ daysToUpdate }) => daysToUpdate],
];

const columns: Columns<MeasuredWeek> = [
  ["week", ({ week }) => week],
  ["systems", ({ systems }) => systems],
  ...indicatorIds.flatMap((id) =>
    rags.map(
      (rag) =>
        [
          `${id.toLowerCase().replace("-", "")}_${rag.toLowerCase()}`,
          ({ indicators }: MeasuredWeek) => indicators[id][rag],
        ] as const,
    ),
  ),
  ...movementColumns,
  ["suppliers", ({ suppliers }) => suppliers],
  ["suppliers_covered", ({ suppliersCovered }) => suppliersCovered],
  ["questions", ({ questions }) => questions.asked],
  ["questions_answered", ({ questions }) => questions.answered],
  ["questions_not_applicable", ({ questions }) => questions.notApplicable],
  ["questions_resolved", ({ questions }) => questions.resolved],
  ["questions_disliked_alone", ({ questions }) => questions.dislikedAlone],
];

const systemColumns: Columns<SystemInWeek & { readonly system: string }> = [
  ["system", ({ system }) => system],
  ["week", ({ week }) => week],
  ["tm1_currency", ({ indicators }) => indicators["TM-1"]],
  ["tm2_deliverables", ({ indicators }) => indicators["TM-2"]],
  ["tm3_review", ({ indicators }) => indicators["TM-3"]],
  ["tm4_integration", ({ indicators }) => indicators["TM-4"]],
  ...movementColumns,
];

/** A line for each week; of one repository a line for each system and week. RFC 4180. */
export function measuresCsv({ repository, weeks, systems }: Measures): string {
  if (repository === "") return csv(columns, weeks);
  return csv(
    systemColumns,
    systems.flatMap(({ system, weeks: each }) => each.map((week) => ({ ...week, system }))),
  );
}

/** The page: the latest week first. @param asked weeks that were asked for. */
export function measuresPage(measures: Measures, asked: number, viewer: Person): Html {
  const { owner, repository, weeks } = measures;
  const base = `/orgs/${encodeURIComponent(owner)}/measures`;
  const to = (path: string, changed: Readonly<Record<string, number>>): string =>
    withQuery(path, { weeks: asked, repository }, changed);
  return page(
    `Measures · ${owner}`,
    html`
      <div class="heading">
        <h1>Measures by week${repository === "" ? "" : html` of ${repository}`}</h1>
        <p class="soft">Over the repositories that you may read. A week begins on its Monday (UTC); the first line is the week that goes on.</p>
      </div>
      <div class="list-head">
        <nav class="pills" aria-label="Weeks">
          <span>Last</span>
          ${measuredWeeks.map((count) => html`<a href="${to(base, { weeks: count })}" ${count === asked ? html`aria-current="page"` : ""}>${count} weeks</a>`)}
          ${repository === "" ? "" : html`<a href="${withQuery(base, { weeks: asked }, {})}">all repositories</a>`}
        </nav>
        <span class="downloads">Download <a href="${to(`${base}.csv`, {})}">CSV</a> <a href="${to(`${base}.json`, {})}">JSON</a></span>
      </div>
      ${weeks.length === 0 ? html`<p class="empty">Nothing was measured in these weeks.</p>` : weeksTable(weeks)}
      <p class="soft">
        Answered: the model holds the answer, or says why it does not apply. Noise: set aside as not applicable, resolved without an answer,
        or met with nothing but a thumb down. <a href="/orgs/${encodeURIComponent(owner)}/rules">By rule</a>.
      </p>
    `,
    { viewer, owner, here: "measures", wide: true },
  );
}

function weeksTable(weeks: readonly MeasuredWeek[]): Html {
  return scrolling(
    "Measures by week",
    html`<table class="cards quarters dense">
      <thead>
        <tr>
          <th scope="col">Week</th>
          <th scope="col">Systems</th>
          ${indicatorIds.map((id) => html`<th scope="col">${id}</th>`)}
          <th scope="col">Threats open</th>
          <th scope="col">Opened</th>
          <th scope="col">Mitigated</th>
          <th scope="col">Accepted</th>
          <th scope="col">Reopened</th>
          <th scope="col">Change to update</th>
          <th scope="col">Questions</th>
          <th scope="col">Answered</th>
          <th scope="col">Noise</th>
        </tr>
      </thead>
      <tbody>${weeks.toReversed().map(weekLine)}</tbody>
    </table>`,
  );
}

function weekLine(one: MeasuredWeek): Html {
  const { week, systems, indicators, daysToUpdate, questions } = one;
  const noise = questions.notApplicable + questions.resolved + questions.dislikedAlone;
  const figures = [
    ["Threats open", one.openThreats],
    ["Opened", one.opened],
    ["Mitigated", one.mitigated],
    ["Accepted", one.accepted],
    ["Reopened", one.reopened],
  ] as const;
  return html`<tr>
    <th scope="row">${week}</th>
    <td data-label="Systems">${thousands(systems)}</td>
    ${indicatorIds.map((id) => html`<td data-label="${id}" class="bar">${shareBar(indicators[id], id)}<span class="soft">${percent(indicators[id].GREEN, systems)} GREEN</span></td>`)}
    ${figures.map(([name, figure]) => html`<td data-label="${name}">${thousands(figure)}</td>`)}
    <td data-label="Change to update">${daysToUpdate === null ? html`<span class="soft">–</span>` : `${daysToUpdate} d`}</td>
    <td data-label="Questions">${thousands(questions.asked)}</td>
    <td data-label="Answered">${thousands(questions.answered)}</td>
    <td data-label="Noise">${thousands(noise)}</td>
  </tr>`;
}
