import { html } from "hono/html";
import { shortThreatId } from "../../core/domain/threat-id.ts";
import { timeChart } from "./charts.ts";
import type { Html } from "./layout.ts";
import { countOf, dayOf, daysBetween, prose, scrolling } from "./pieces.ts";
import type { SystemView } from "./system-view.ts";

const day = 86_400_000;

/** Changes that asked for the model against its updates, over two years. */
export function timeline({ timeline: entries, sheet, now }: SystemView): Html {
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

/** Accepted risks, those that end first on top. */
export function acceptances({ sheet, now }: SystemView): Html {
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
