import { html } from "hono/html";
import type { Assessment } from "../../core/domain/assessment.ts";
import type { Change } from "../../core/domain/change.ts";
import { showPlace } from "../../core/domain/problem.ts";
import { strideNames } from "../../core/domain/stride.ts";
import type { Checklist, Threat } from "../../core/domain/threat.ts";
import { shortThreatId } from "../../core/domain/threat-id.ts";
import type { Html } from "./layout.ts";
import { prose, scrolling } from "./pieces.ts";
import { type PullRequestView, where } from "./pull-request-view.ts";

/** What changed that matters, each with the rule and the facts that decided. */
export function changes({ assessment, rulePage }: PullRequestView): Html {
  const { lookedAt } = assessment;
  const significant = assessment.changes.flatMap((change, index) => (change.significant ? [{ change, index }] : []));
  return html`
    <h2>What changed</h2>
    <p class="soft">
      ${lookedAt.files} file${lookedAt.files === 1 ? "" : "s"} looked at, ${significant.length} change${significant.length === 1 ? "" : "s"}
      that ${significant.length === 1 ? "matters" : "matter"} to security.
      ${lookedAt.nearest ? html`Nearest to one: <code>${lookedAt.nearest.path}</code> (${prose(lookedAt.nearest.why)}).` : ""}
    </p>
    ${significant.map(({ change, index }) => changeBlock(assessment, change, index, rulePage))}
  `;
}

function changeBlock(assessment: Assessment, change: Change, index: number, rulePage: string): Html {
  const checklist = assessment.checklists.find((list) => list.change === index);
  return html`
    <details open>
      <summary>${prose(change.says)}</summary>
      <p class="soft">
        <code>${change.line === undefined ? change.path : `${change.path}:${change.line}`}</code> · rule ${ruleLink(change.rule, rulePage)} ·
        ${change.category} · confidence ${change.confidence}
      </p>
      <p>${prose(change.why)}</p>
      <p class="soft">Decided by: <code>${change.evidence}</code></p>
      ${checklist && checklist.threats.length > 0 ? threats(checklist.threats) : ""}
      ${(checklist?.questions ?? []).map((question) => html`<p>Not stated: ${prose(question.asks)}</p>`)}
      ${credited(checklist?.credited ?? [])}
    </details>
  `;
}

/** Rules of an organisation's own have no page of ours. */
function ruleLink(rule: string, page: string): Html {
  return /^(org|repo)-/.test(rule)
    ? html`<code>${rule}</code>`
    : html`<a href="${page.replace("{rule}", encodeURIComponent(rule))}"><code>${rule}</code></a>`;
}

function credited(list: Checklist["credited"]): Html | "" {
  if (list.length === 0) return "";
  return html`<p class="soft">Not asked, because it is answered:</p>
    <ul class="facts">
      ${list.map((credit) => html`<li>${prose(credit.title)} <code>${showPlace(credit.where)}</code></li>`)}
    </ul>`;
}

function threats(list: readonly Threat[]): Html {
  return scrolling(
    "Threats",
    html`<table>
      <tr>
        <th scope="col">Threat</th>
        <th scope="col">STRIDE</th>
        <th scope="col">Risk</th>
        <th scope="col">Status</th>
        <th scope="col">Facts that decided</th>
      </tr>
      ${list.map(
        (threat) => html`<tr>
          <td><code>${shortThreatId(threat.id)}</code> ${prose(threat.title)}</td>
          <td>${strideNames[threat.stride]}</td>
          <td class="${threat.risk}">${threat.risk}<br /><span class="soft">impact ${threat.impact}, likelihood ${threat.likelihood}</span></td>
          <td class="${threat.status}">${threat.status}</td>
          <td>
            <ul class="facts">
              ${threat.why.map((fact) => html`<li>${fact.fact}: ${fact.is} ${where(fact.where)}</li>`)}
              ${threat.drivers.map((driver) => html`<li>${driver.by > 0 ? "raises" : "lowers"} ${driver.raises}: ${prose(driver.because)}</li>`)}
            </ul>
          </td>
        </tr>`,
      )}
    </table>`,
  );
}
