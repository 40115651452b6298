import { html } from "hono/html";
import { type Assessment, onceEach, type SystemAssessment } from "../../core/domain/assessment.ts";
import { showPlace } from "../../core/domain/problem.ts";
import { deliverableIds, deliverableNames } from "../../core/domain/threat-model.ts";
import type { DashboardData } from "./data.ts";
import { nothingHere, type Part } from "./door.ts";
import { type Html, message, page } from "./layout.ts";
import { prose, rag, repositoryPath, scrolling } from "./pieces.ts";
import { changes } from "./pull-request-changes.ts";
import { type PullRequestView, where } from "./pull-request-view.ts";
import { signedState } from "./signed-address.ts";

/** What the routes of pull requests need beside the data. */
export interface PullRequestGround {
  /** Where people use GitHub: `https://github.com`. */
  readonly host: string;
  /** Signs the addresses that stand in checks. */
  readonly secret: string;
  readonly rulePage: string;
}

/**
 * `/:owner/:name/pull/:number`: why this verdict. Open to whoever may read the repository, and by the signed address that
 * stands in the check to whoever may see that.
 */
export function pullRequestPart(data: DashboardData, { host, secret, rulePage }: PullRequestGround): Part {
  return (routes, door) => {
    routes.get("/:owner/:name/pull/:number", async (context) => {
      const { owner, name } = context.req.param();
      const number = numberIn(context.req.param("number"));
      if (number === undefined) return nothingHere(context);
      const { of, sign, until } = context.req.query();
      const repositoryId = numberIn(of);
      const address = `${host}${repositoryPath(owner, name)}/pull/${number}`;
      const signed =
        sign === undefined || repositoryId === undefined
          ? "not-signed"
          : signedState(
              secret,
              { repositoryId, repository: `${owner}/${name}`, number },
              { sign, until },
              Date.parse(await data.now()),
            );
      if (signed === "good" && repositoryId !== undefined) {
        const stored = await data.pullRequest(repositoryId, number);
        return stored ? context.html(pullRequestPage({ ...stored, address, rulePage })) : nothingHere(context);
      }
      // A signature that does not hold is no reason to ask for a sign-in where nobody can sign in.
      if (!door.isOpen) return signed === "ended" ? context.html(endedPage(address), 410) : nothingHere(context);
      const open = await door.repository(context);
      if (open instanceof Response) return open;
      const stored = await data.pullRequest(open.id, number);
      if (!stored) return nothingHere(context);
      return context.html(pullRequestPage({ ...stored, address, rulePage, viewer: open.viewer }));
    });
  };
}

/** A number of GitHub's, written as GitHub writes it. */
function numberIn(text: string | undefined): number | undefined {
  return text !== undefined && /^[1-9]\d{0,14}$/.test(text) ? Number(text) : undefined;
}

/** For whoever comes by an address that was signed too long ago, where nobody can sign in. */
function endedPage(address: string): Html {
  return page(
    "This address has ended",
    message(
      "This address has ended",
      html`<p>The address in a check opens its page for two to three months. The next push gives the check of an open pull request a new one.</p>
        <p><a href="${address}">The pull request on GitHub</a></p>`,
    ),
  );
}

/** The page of one pull request: why this verdict, step by step, down to rule and fact. */
export function pullRequestPage(view: PullRequestView): Html {
  const { assessment } = view;
  const { subject } = assessment;
  const title = `${subject.repository} #${subject.pullRequest ?? ""}`;
  const [owner = "", name = ""] = subject.repository.split("/");
  return page(
    title,
    html`
      ${
        view.viewer
          ? html`<p class="crumbs"><a href="/orgs/${encodeURIComponent(owner)}">${owner}</a> / <a href="${repositoryPath(owner, name)}">${name}</a></p>`
          : ""
      }
      <h1>${title}</h1>
      <p>
        <span class="verdict ${assessment.conclusion}">${words[assessment.conclusion]}</span>
        <span class="soft">
          commit <code>${subject.head.slice(0, 12)}</code> · mode <code>${assessment.mode}</code> · judged
          ${assessment.asOf.slice(0, 16).replace("T", " ")} UTC · <a href="${view.address}">on GitHub</a>
        </span>
      </p>
      ${reasons(assessment)} ${inEnforce(assessment)} ${changes(view)} ${assessment.systems.map((system) => systemSection(system))}
      ${notInspected(assessment)} ${policy(assessment)} ${record(view)}
    `,
    view.viewer ? { viewer: view.viewer, owner } : {},
  );
}

const outcomeWords = {
  success: "fine",
  neutral: "to do",
  action_required: "somebody must act",
  failure: "fails",
  "could-not-evaluate": "not evaluated",
} as const;

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
                <span class="verdict small ${reason.outcome}">${outcomeWords[reason.outcome]}</span> ${prose(reason.says)} ${where(reason.place)}
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

/** What the mode holds back, where it does. */
function inEnforce({ underEnforce: there, conclusion, mode }: Assessment): Html | "" {
  if (!there || there.conclusion === conclusion) return "";
  const stops = there.reasons.filter(({ outcome }) => outcome !== "success");
  return html`<h2>In <code>enforce</code></h2>
    <p>
      <span class="verdict ${there.conclusion}">${words[there.conclusion]}</span>
      <span class="soft">is what this would be where the policy says <code>enforce</code> and not <code>${mode}</code>.</span>
    </p>
    ${
      stops.length === 0
        ? ""
        : html`<ul class="rows">
            ${stops.map(({ outcome, says }) => html`<li><span class="verdict small ${outcome}">${outcomeWords[outcome]}</span> ${prose(says)}</li>`)}
          </ul>`
    }`;
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
            <td>${rag(indicator.rag)}</td>
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
                  ${onceEach(verdict.lacking).map((lacking) => html`<li>${prose(lacking.says)} ${where(lacking.place)}</li>`)}
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
    <summary>Policy in force, with where each value comes from</summary>
    ${scrolling(
      "Policy in force",
      html`<table>
        <tr><th scope="col">Setting</th><th scope="col">Value</th><th scope="col">From</th></tr>
        ${Object.entries(policy.origins).map(
          ([key, origin]) => html`<tr>
            <th scope="row"><code>${key}</code></th>
            <td>${origin.hidden ? html`<span class="soft">not shown here</span>` : html`<code>${valueAt(policy, key)}</code>`}</td>
            <td>${origin.from}${origin.locked ? ", locked" : ""} ${where(origin.place)}</td>
          </tr>`,
        )}
      </table>`,
    )}
    <p class="soft">Threatgate ${versions.threatgate}, rules <code>${versions.rules}</code></p>
  </details>`;
}

/** The value of a dotted key, in one line. */
function valueAt(policy: Assessment["policy"], key: string): string {
  let value: unknown = policy;
  for (const part of key.split(".")) {
    if (typeof value !== "object" || value === null) return "";
    value = Object.getOwnPropertyDescriptor(value, part)?.value;
  }
  if (value === undefined) return "";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > 300 ? `${text.slice(0, 299)}…` : text;
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
