import { html } from "hono/html";
import type { SystemStanding } from "../../core/domain/standing.ts";
import { strideLetters, strideNames } from "../../core/domain/stride.ts";
import { threatStatuses } from "../../core/domain/threat.ts";
import { shortThreatId } from "../../core/domain/threat-id.ts";
import type { Html } from "./layout.ts";
import { countOf, scrolling, systemPath, withQuery } from "./pieces.ts";
import type { SystemView, ThreatFilter } from "./system-view.ts";

const order = { critical: 0, high: 1, medium: 2, low: 3, note: 4 } as const;
const statusOrder = { open: 0, unknown: 1, accepted: 2, mitigated: 3, "not-applicable": 4 } as const;

/** The threats of a system, the open ones first, with filters in the address. */
export function threats({ sheet, row, repository, threatFilter }: SystemView): Html {
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
