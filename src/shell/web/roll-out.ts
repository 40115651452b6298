import { html } from "hono/html";
import type { QuestionFigures } from "../../core/domain/figures.ts";
import {
  type PullRequestTrial,
  type RepositoryTrial,
  type RollOut,
  type RuleTrial,
  rollOutQuerySchema,
  trialDays,
} from "../../core/domain/roll-out.ts";
import type { Person } from "../people-on-github.ts";
import { type Columns, csv } from "./csv.ts";
import type { DashboardData, Visible } from "./data.ts";
import type { Part } from "./door.ts";
import { ownerDownloads } from "./downloads.ts";
import { type Html, page } from "./layout.ts";
import {
  countOf,
  dated,
  percent,
  prose,
  repositoryPath,
  scrolling,
  thousands,
  tile,
  tiles,
  withQuery,
} from "./pieces.ts";

/** Pull requests on the page, and in a download. */
const mostShown = 50;
const mostDownloaded = 5000;

/**
 * `/orgs/:owner/roll-out`: what `enforce` would have done, with its downloads.
 * @param rulePage address of a rule's page, with `{rule}`.
 */
export function rollOutPart(data: DashboardData, rulePage: string): Part {
  return (routes, door) => {
    routes.get("/orgs/:owner/roll-out", async (context) => {
      const open = await door.owner(context);
      if (open instanceof Response) return open;
      return context.html(rollOutPage(await rollOutFor(data, open, context.req.query()), rulePage, open.viewer));
    });
    ownerDownloads(
      "roll-out",
      (open, query) => rollOutFor(data, open, query, mostDownloaded),
      ({ pullRequests }) => csv(columns, pullRequests),
    )(routes, door);
  };
}

/** The report as the words of an address ask for it. */
export async function rollOutFor(
  data: DashboardData,
  visible: Visible,
  query: Readonly<Record<string, string>>,
  most = mostShown,
): Promise<RollOut> {
  return data.rollOut(visible, rollOutQuerySchema.parse(query), await data.now(), most);
}

const columns: Columns<PullRequestTrial> = [
  ["repository", (row) => row.repository],
  ["pull_request", (row) => row.number],
  ["title", (row) => row.title],
  ["state", (row) => row.state],
  ["mode", (row) => row.mode],
  ["enforce_strictest", (row) => row.strictest],
  ["enforce_last", (row) => row.last],
  ["because", (row) => row.because.join(" ")],
  ["comments", (row) => row.comments],
  ["issues", (row) => row.issues],
  ["first_judged", (row) => row.firstJudged],
  ["last_judged", (row) => row.lastJudged],
];

/** The page: the answer in one sentence, then by repository, then each pull request that would have been stopped. */
export function rollOutPage(report: RollOut, rulePage: string, viewer: Person): Html {
  const { owner, total, repository } = report;
  const stopped = total.blocked + total.waited;
  return page(
    `Roll-out · ${owner}`,
    html`
      <div class="heading">
        <h1>What <code>enforce</code> would have done${repository === "" ? "" : html` in ${repository}`}</h1>
        <p class="lead">${answer(report)}</p>
        ${knownSince(report)}
      </div>
      ${daysNav(report)}
      ${
        total.pullRequests === 0
          ? html`<p class="empty">No pull request was judged in <code>observe</code> or <code>advise</code> in these days, in the repositories that you may read.</p>`
          : html`${tiles([
              tile(
                "Pull requests judged",
                thousands(total.pullRequests),
                `${percent(total.quiet, total.pullRequests)} without a word`,
              ),
              tile("Would have failed", thousands(total.blocked), percent(total.blocked, total.pullRequests)),
              tile(
                "Would have waited for a person",
                thousands(total.waited),
                percent(total.waited, total.pullRequests),
              ),
              tile(
                "Merged all the same",
                thousands(total.mergedAllTheSame),
                stopped === 0
                  ? "nothing would have been stopped"
                  : `of ${thousands(stopped)} that would have been stopped`,
              ),
              tile(
                "Line comments",
                thousands(total.comments),
                `${mean(total.comments, total.pullRequests)} for each pull request`,
              ),
              tile("Issues after merges", thousands(total.issues), "one for each open threat"),
              tile(
                "Set aside as not applicable",
                percent(total.questions.notApplicable, total.questions.answered),
                answeredWords(total.questions),
              ),
            ])}
            <section aria-labelledby="repositories"><h2 id="repositories">By repository</h2>${repositories(report)}</section>
            <section aria-labelledby="stopped"><h2 id="stopped">Which pull requests, and why</h2>${pullRequests(report)}</section>
            <section aria-labelledby="rules"><h2 id="rules">Which rules spoke most</h2>${rules(report.rules, rulePage)}</section>`
      }
      <p class="soft">
        A pull request counts as stopped when it would have been at any look while it was open, also where a later push mended it.
        In <code>observe</code> nobody was asked anything: what the model answers by itself counts as answered.
      </p>
    `,
    { viewer, owner, here: "roll-out", wide: true },
  );
}

function answer({ total, days }: RollOut): Html {
  if (total.pullRequests === 0) return html`Nothing to tell of the last ${days} days.`;
  const { blocked, waited, pullRequests: all } = total;
  const where = countOf(total.repositories, "repository", "repositories");
  return html`In the last ${days} days, of ${countOf(all, "pull request")} in ${where} that observe or advise, it would have failed
    ${thousands(blocked)} and held ${thousands(waited)} until somebody acted. ${thousands(all - blocked - waited)} would have passed.`;
}

function knownSince({ knownSince, from, asOf }: RollOut): Html {
  if (knownSince === null) return html`<p class="soft">Nothing has been judged yet, so that nothing is known.</p>`;
  const isShort = knownSince > from;
  return html`<p class="soft">
    Known since ${dated(knownSince, asOf)}, when the first pull request was judged by a version that keeps this${isShort ? html`: <strong>less than the days asked for</strong>` : ""}.
  </p>`;
}

function daysNav({ owner, days, repository }: RollOut): Html {
  const base = `/orgs/${encodeURIComponent(owner)}/roll-out`;
  const to = (path: string, changed: { days?: number; repository?: string }) =>
    withQuery(path, { days, repository }, changed);
  return html`<div class="list-head">
    <nav class="pills" aria-label="Days">
      <span>Last</span>
      ${trialDays.map((one) => html`<a href="${to(base, { days: one })}" ${one === days ? html`aria-current="page"` : ""}>${one} days</a>`)}
      ${repository === "" ? "" : html`<a href="${withQuery(base, { days }, {})}">all repositories</a>`}
    </nav>
    <span class="downloads">Download <a href="${to(`${base}.csv`, {})}">CSV</a> <a href="${to(`${base}.json`, {})}">JSON</a></span>
  </div>`;
}

function repositories({ owner, days, repositories: list }: RollOut): Html {
  const base = `/orgs/${encodeURIComponent(owner)}/roll-out`;
  return scrolling(
    "Repositories",
    html`<table class="cards">
      <thead>
        <tr>
          <th scope="col">Repository</th><th scope="col">Mode</th><th scope="col">Pull requests</th><th scope="col">Would have failed</th>
          <th scope="col">Would have waited</th><th scope="col">Merged all the same</th><th scope="col">Without a word</th>
          <th scope="col">Comments</th><th scope="col">Issues</th><th scope="col">Not applicable</th><th scope="col">Known since</th>
        </tr>
      </thead>
      <tbody>
        ${list.map((one) => repositoryRow(one, withQuery(base, { days }, { repository: one.repository })))}
      </tbody>
    </table>`,
  );
}

function repositoryRow(one: RepositoryTrial, href: string): Html {
  return html`<tr>
    <th scope="row"><a href="${href}">${one.repository}</a></th>
    <td data-label="Mode" class="nowrap"><code>${one.mode}</code></td>
    <td data-label="Pull requests">${one.pullRequests}</td>
    <td data-label="Would have failed">${one.blocked}</td>
    <td data-label="Would have waited">${one.waited}</td>
    <td data-label="Merged all the same">${one.mergedAllTheSame}</td>
    <td data-label="Without a word">${one.quiet}</td>
    <td data-label="Comments">${one.comments}</td>
    <td data-label="Issues">${one.issues}</td>
    <td data-label="Not applicable">${percent(one.questions.notApplicable, one.questions.answered)}</td>
    <td data-label="Known since" class="nowrap">${one.since.slice(0, 10)}</td>
  </tr>`;
}

const verdicts = {
  failure: "would have failed",
  action_required: "would have waited",
  neutral: "would have passed",
  success: "would have passed",
} as const;

function pullRequests({ owner, asOf, total, pullRequests: list }: RollOut): Html {
  if (list.length === 0) return html`<p class="empty">None. Nothing would have been stopped.</p>`;
  const all = total.blocked + total.waited;
  return html`
    <ul class="rows panel">
      ${list.map((one) => {
        const path = `${repositoryPath(owner, one.repository)}/pull/${one.number}`;
        const mended = one.state === "merged" && one.last !== one.strictest ? ", mended before the merge" : "";
        return html`<li>
          <span class="verdict small ${one.strictest}">${verdicts[one.strictest]}</span>
          <a href="${path}">${one.repository} #${one.number}</a> ${one.title}
          ${one.because.map((says) => html`<p>${prose(says)}</p>`)}
          <span class="soft">${one.state}${mended} · ${countOf(one.comments, "comment")} · judged ${dated(one.lastJudged, asOf)}</span>
        </li>`;
      })}
    </ul>
    ${all > list.length ? html`<p class="soft">The latest ${list.length} of ${thousands(all)}; the downloads hold more.</p>` : ""}
  `;
}

function rules(list: readonly RuleTrial[], rulePage: string): Html {
  if (list.length === 0) return html`<p class="empty">No rule would have asked anything.</p>`;
  return scrolling(
    "Rules",
    html`<table class="cards rules">
      <thead>
        <tr>
          <th scope="col">Rule</th><th scope="col">Questions</th><th scope="col">In so many pull requests</th><th scope="col">Answered</th>
          <th scope="col">Of those not applicable</th><th scope="col">Resolved without answer</th>
        </tr>
      </thead>
      <tbody>
        ${list.slice(0, 25).map(
          (one) => html`<tr>
            <th scope="row">${/^(org|repo)-/.test(one.rule) ? html`<code>${one.rule}</code>` : html`<a href="${rulePage.replace("{rule}", encodeURIComponent(one.rule))}"><code>${one.rule}</code></a>`}</th>
            <td data-label="Questions">${one.asked}</td>
            <td data-label="Pull requests">${one.pullRequests}</td>
            <td data-label="Answered">${one.answered}</td>
            <td data-label="Not applicable">${one.notApplicable} <span class="soft">${percent(one.notApplicable, one.answered)}</span></td>
            <td data-label="Resolved without answer">${one.resolved}</td>
          </tr>`,
        )}
      </tbody>
    </table>`,
  );
}

function answeredWords({ answered, asked }: QuestionFigures): string {
  return `of ${thousands(answered)} answered, ${thousands(asked)} asked`;
}

function mean(sum: number, count: number): string {
  return count === 0 ? "0" : (sum / count).toFixed(1);
}
