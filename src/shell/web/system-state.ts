import { html, raw } from "hono/html";
import { indicatorIds } from "../../core/domain/assessment.ts";
import type { SystemRow } from "../../core/domain/dashboard.ts";
import type { SystemStanding } from "../../core/domain/standing.ts";
import { deliverableIds, deliverableNames } from "../../core/domain/threat-model.ts";
import type { Html } from "./layout.ts";
import { dated, prose, rag, scrolling } from "./pieces.ts";
import type { SystemView } from "./system-view.ts";

const titles = { "TM-1": "Currency", "TM-2": "Deliverables", "TM-3": "Review", "TM-4": "Integration" } as const;

/** The four indicators, each with what would change it. */
export function indicators({ row, sheet, now }: SystemView): Html {
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

/** The data flow diagram, where there is one to draw. */
export function diagram({ diagram: drawn, sheet, row, onGitHub }: SystemView): Html {
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

/** The eight deliverables, each with where it stands and what it lacks. */
export function deliverables({ sheet }: SystemView): Html {
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
