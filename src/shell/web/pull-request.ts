import { html } from "hono/html";
import type { Assessment, SystemAssessment } from "../../core/domain/assessment.ts";
import type { Change } from "../../core/domain/change.ts";
import { type Place, showPlace } from "../../core/domain/problem.ts";
import { strideNames } from "../../core/domain/stride.ts";
import type { Checklist, Threat } from "../../core/domain/threat.ts";
import { shortThreatId } from "../../core/domain/threat-id.ts";
import { deliverableIds, deliverableNames } from "../../core/domain/threat-model.ts";
import { type Html, page } from "./layout.ts";

/** What the page of a pull request shows: the stored assessment, and what was written because of it. */
export interface PullRequestView {
  readonly assessment: Assessment;
  readonly digest: string;
  readonly previous: string;
  readonly writes: readonly { at: Date; step: string; outcome: string; detail: string }[];
  /** Address of the pull request on GitHub. */
  readonly address: string;
}

/** The page of one pull request: why this verdict, step by step, down to rule and fact. */
export function pullRequestPage(view: PullRequestView): Html {
  const { assessment } = view;
  const { subject } = assessment;
  const title = `${subject.repository} #${subject.pullRequest ?? ""}`;
  return page(
    title,
    html`
      <h1>${title}</h1>
      <p>
        <span class="verdict ${assessment.conclusion}">${words[assessment.conclusion]}</span>
        <span class="soft">
          commit <code>${subject.head.slice(0, 12)}</code> · mode <code>${assessment.mode}</code> · judged
          ${assessment.asOf.slice(0, 16).replace("T", " ")} UTC · <a href="${view.address}">on GitHub</a>
        </span>
      </p>
      ${reasons(assessment)} ${changes(assessment)} ${assessment.systems.map((system) => systemSection(system))}
      ${notInspected(assessment)} ${policy(assessment)} ${record(view)}
    `,
  );
}

const words = {
  success: "Success",
  neutral: "Neutral: nothing blocks",
  action_required: "Somebody must act",
  failure: "Failure",
} as const;

function reasons({ reasons, problems }: Assessment): Html {
  return html`
    <h2>Why</h2>
    ${
      reasons.length === 0
        ? html`<p>Nothing here changes the architecture, an interface or a third-party component.</p>`
        : html`<ol class="steps">
            ${reasons.map(
              (reason) => html`<li>
                <span class="rag ${reason.outcome}">${reason.outcome}</span> ${prose(reason.says)} ${where(reason.place)}
                ${reason.next ? html`<br /><span class="soft">To change that: ${prose(reason.next)}</span>` : ""}
              </li>`,
            )}
          </ol>`
    }
    ${
      problems.length === 0
        ? ""
        : html`<h3>Problems in files</h3>
            <ul>
              ${problems.map(
                (problem) =>
                  html`<li><code>${showPlace(problem)}</code> ${prose(problem.what)} <span class="soft">${prose(problem.hint)}</span></li>`,
              )}
            </ul>`
    }
  `;
}

function changes(assessment: Assessment): Html {
  const { lookedAt } = assessment;
  const significant = assessment.changes.flatMap((change, index) => (change.significant ? [{ change, index }] : []));
  return html`
    <h2>What changed</h2>
    <p class="soft">
      ${lookedAt.files} file${lookedAt.files === 1 ? "" : "s"} looked at, ${significant.length} change${significant.length === 1 ? "" : "s"}
      that matter to security.
      ${lookedAt.nearest ? html`Nearest to one: <code>${lookedAt.nearest.path}</code> (${prose(lookedAt.nearest.why)}).` : ""}
    </p>
    ${significant.map(({ change, index }) => changeBlock(assessment, change, index))}
  `;
}

function changeBlock(assessment: Assessment, change: Change, index: number): Html {
  const checklist = assessment.checklists.find((list) => list.change === index);
  return html`
    <details open>
      <summary>${prose(change.says)}</summary>
      <p class="soft">
        <code>${change.line === undefined ? change.path : `${change.path}:${change.line}`}</code> · rule <code>${change.rule}</code> ·
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

function credited(list: Checklist["credited"]): Html | "" {
  if (list.length === 0) return "";
  return html`<p class="soft">Not asked, because it is answered:</p>
    <ul class="facts">
      ${list.map((credit) => html`<li>${prose(credit.title)} <code>${showPlace(credit.where)}</code></li>`)}
    </ul>`;
}

function threats(list: readonly Threat[]): Html {
  return html`<div class="scroll">
    <table>
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
    </table>
  </div>`;
}

function systemSection(system: SystemAssessment): Html {
  return html`
    <h2>System ${system.name}</h2>
    <p class="soft">
      ${system.modelFiles.length === 0 ? "No threat model was found." : html`Model: ${system.modelFiles.map((file) => html`<code>${file}</code> `)}`}
    </p>
    <div class="scroll">
      <table>
        ${Object.entries(system.indicators).map(
          ([id, indicator]) => html`<tr>
            <th scope="row">${id}</th>
            <td class="rag ${indicator.rag}">${indicator.rag}</td>
            <td>${prose(indicator.why)} ${where(indicator.place)}</td>
          </tr>`,
        )}
      </table>
    </div>
    <details>
      <summary>The eight deliverables</summary>
      <div class="scroll">
        <table>
          ${deliverableIds.map((id) => {
            const verdict = system.deliverables[id];
            return html`<tr>
              <th scope="row">${deliverableNames[id]}</th>
              <td class="${verdict.state}">${verdict.state}</td>
              <td>
                ${where(verdict.where)}
                <ul class="facts">
                  ${verdict.lacking.map((lacking) => html`<li>${prose(lacking.says)} ${where(lacking.place)}</li>`)}
                </ul>
              </td>
            </tr>`;
          })}
        </table>
      </div>
    </details>
  `;
}

function notInspected({ notInspected }: Assessment): Html {
  if (notInspected.length === 0) return html``;
  return html`<details>
    <summary>Not inspected: ${notInspected.length} file${notInspected.length === 1 ? "" : "s"}</summary>
    <ul>
      ${notInspected.map((file) => html`<li><code>${file.path}</code> ${prose(file.reason)}</li>`)}
    </ul>
  </details>`;
}

function policy({ policy, versions }: Assessment): Html {
  return html`<details>
    <summary>Policy in force, and versions</summary>
    <div class="scroll">
      <table>
        ${Object.entries(policy.origins).map(
          ([key, origin]) => html`<tr>
            <th scope="row"><code>${key}</code></th>
            <td>${origin.from}${origin.locked ? ", locked" : ""} ${where(origin.place)}</td>
          </tr>`,
        )}
      </table>
    </div>
    <p class="soft">Threatgate ${versions.threatgate}, rules <code>${versions.rules}</code></p>
  </details>`;
}

function record(view: PullRequestView): Html {
  return html`
    <h2>What was written</h2>
    <ul>
      ${view.writes.map(
        (write) => html`<li>
          <span class="soft">${write.at.toISOString().slice(0, 19).replace("T", " ")}</span> ${write.step}
          ${write.outcome === "done" ? "" : html`<span class="soft">(${write.outcome}: ${write.detail})</span>`}
        </li>`,
      )}
    </ul>
    <p class="soft">
      Record <code>${view.digest.slice(0, 16)}</code>, following <code>${view.previous === "" ? "nothing" : view.previous.slice(0, 16)}</code>.
      Each record names the one before it, so that none can be changed unseen.
    </p>
  `;
}

function where(place: Place | undefined): Html | "" {
  return place ? html`<code>${showPlace(place)}</code>` : "";
}

/** Our sentences mark names with backticks; everything between them is escaped by the template. */
function prose(sentence: string): Html {
  const parts = sentence.split("`");
  return html`${parts.map((part, index) => (index % 2 === 1 && index < parts.length - 1 ? html`<code>${part}</code>` : part))}`;
}
