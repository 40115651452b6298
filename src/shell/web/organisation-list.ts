import { html } from "hono/html";
import { indicatorIds, rags } from "../../core/domain/assessment.ts";
import { riskClasses } from "../../core/domain/classification.ts";
import type { SystemRow } from "../../core/domain/dashboard.ts";
import { sparkline } from "./charts.ts";
import type { Html } from "./layout.ts";
import { indicatorNames, isFiltered, type OrganisationView, pageSize } from "./organisation-view.ts";
import { countOf, daysBetween, rag, repositoryPath, scrolling, systemPath, withQuery } from "./pieces.ts";

/** What narrows the list, in the address. */
export function filters({ figures, filter, teams, portfolios }: OrganisationView): Html {
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

/** The systems that a filter lets through, one page of them. */
export function list({ figures: { owner, asOf }, systems, total, filter }: OrganisationView): Html {
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

/** The way to the other pages of the list. */
export function pager({ figures: { owner }, filter, total }: OrganisationView): Html {
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
