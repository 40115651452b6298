import type { Context } from "hono";
import { html } from "hono/html";
import { riskLevels } from "../../core/domain/risk.ts";
import { strideLetters } from "../../core/domain/stride.ts";
import { threatStatuses } from "../../core/domain/threat.ts";
import type { DashboardData, ListedPullRequest } from "./data.ts";
import { nothingHere, type OpenRepository, type Part } from "./door.ts";
import { type Html, page } from "./layout.ts";
import { countOf, dated, dayOf, daysBetween, prose, repositoryPath, systemPath } from "./pieces.ts";
import { deliverables, diagram, indicators } from "./system-state.ts";
import { threats } from "./system-threats.ts";
import { acceptances, timeline } from "./system-timeline.ts";
import type { SystemView, ThreatFilter } from "./system-view.ts";

const day = 86_400_000;

/**
 * `/:owner/:name`: how the systems of one repository stand.
 * @param host where people use GitHub: `https://github.com`.
 */
export function systemPart(data: DashboardData, host: string, links: (path: string) => SystemView["links"]): Part {
  return (routes, door) => {
    routes.get("/:owner/:name", async (context) => {
      const open = await door.repository(context);
      if (open instanceof Response) return open;
      const now = await data.now();
      const systems = await data.systemsOf({ owner: open.owner, repositories: [open] });
      const asked = context.req.query("system");
      const row = asked === undefined ? systems[0] : systems.find(({ system }) => system === asked);
      if (!row) {
        if (asked !== undefined) return nothingHere(context);
        return context.html(
          unjudgedPage(
            open,
            `${host}${repositoryPath(open.owner, open.name)}`,
            await data.pullRequests(open.id, 20),
            now,
          ),
        );
      }
      const kept = await data.sheet(open.id, row.system);
      if (!kept) return nothingHere(context);
      const since = new Date(Date.parse(now) - 2 * 365 * day).toISOString();
      const [timeline, pullRequests, diagram] = await Promise.all([
        data.timeline(open.id, row.system, since),
        data.pullRequests(open.id, 20),
        kept.sheet.diagram === undefined ? undefined : data.diagram(kept.sheet.diagram),
      ]);
      const path = repositoryPath(open.owner, open.name);
      return context.html(
        systemPage({
          repository: open,
          onGitHub: `${host}${path}`,
          now,
          systems,
          row,
          ...kept,
          timeline,
          pullRequests,
          diagram,
          threatFilter: threatFilterOf(context),
          links: links(path),
        }),
      );
    });
  };
}

function threatFilterOf(context: Context): ThreatFilter {
  const one = (name: string, values: readonly string[]) => {
    const value = context.req.query(name);
    return value !== undefined && values.includes(value) ? { [name]: value } : {};
  };
  return { ...one("status", threatStatuses), ...one("stride", strideLetters), ...one("risk", riskLevels) };
}

/** The page of one system. */
export function systemPage(view: SystemView): Html {
  const { repository, row, sheet, head, judged, onGitHub, now } = view;
  return page(
    `${row.system} · ${repository.owner}`,
    html`
      <p class="crumbs"><a href="/orgs/${encodeURIComponent(repository.owner)}">${repository.owner}</a> / <a href="${onGitHub}">${repository.name}</a> on GitHub</p>
      <div class="heading">
        <h1>${row.system}</h1>
        <p>
          <span class="class ${row.riskClass}">${row.riskClass} risk class</span>
          <span class="soft">${prose(sheet.riskBecause)}</span>
        </p>
        <p class="soft">
          ${sheet.team === undefined ? "The model states no owner" : html`Owned by ${sheet.team}`} · mode <code>${row.mode}</code> · judged
          ${dated(judged, now)} at <a href="${onGitHub}/commit/${head}"><code>${head.slice(0, 12)}</code></a> after
          <a href="${repositoryPath(repository.owner, repository.name)}/pull/${row.pullRequest}">#${row.pullRequest}</a>
        </p>
      </div>
      ${siblings(view)}
      <nav class="local" aria-label="On this page">
        <a href="#indicators">Indicators</a><a href="#diagram">Diagram</a><a href="#deliverables">Deliverables</a>
        <a href="#threats">Threats</a><a href="#timeline">Timeline</a><a href="#acceptances">Acceptances</a>
        <a href="#pull-requests">Pull requests</a>${view.links.map(({ name, href }) => html`<a href="${href}">${name}</a>`)}
      </nav>
      ${indicators(view)} ${diagram(view)} ${deliverables(view)} ${threats(view)} ${timeline(view)} ${acceptances(view)}
      ${pullRequestList(repository, view.pullRequests, now)}
    `,
    { viewer: repository.viewer, owner: repository.owner, wide: true },
  );
}

/** The page of a repository of which no merge was judged. */
function unjudgedPage(
  repository: OpenRepository,
  onGitHub: string,
  pulls: readonly ListedPullRequest[],
  now: string,
): Html {
  return page(
    repository.name,
    html`
      <p class="crumbs"><a href="/orgs/${encodeURIComponent(repository.owner)}">${repository.owner}</a> / <a href="${onGitHub}">${repository.name}</a> on GitHub</p>
      <h1>${repository.name}</h1>
      <p class="empty">No merge to the default branch was judged yet: how its systems stand there is known after the next one.</p>
      ${pullRequestList(repository, pulls, now)}
    `,
    { viewer: repository.viewer, owner: repository.owner, wide: true },
  );
}

function siblings({ systems, row, repository }: SystemView): Html {
  if (systems.length < 2) return html``;
  return html`<nav class="pills" aria-label="Systems of ${repository.name}">
    ${systems.map(
      (one) =>
        html`<a href="${systemPath(repository.owner, one)}" ${one.system === row.system ? html`aria-current="page"` : ""}>${one.system}</a>`,
    )}
  </nav>`;
}

const verdictWords: Readonly<Record<string, string>> = {
  success: "success",
  neutral: "neutral",
  action_required: "somebody must act",
  failure: "failure",
};

function pullRequestList({ owner, name }: OpenRepository, pulls: readonly ListedPullRequest[], now: string): Html {
  return html`<section aria-labelledby="pull-requests">
    <h2 id="pull-requests">Pull requests judged last</h2>
    ${
      pulls.length === 0
        ? html`<p class="soft">None.</p>`
        : html`<ul class="rows">${pulls.map(
            ({ number, conclusion, judged, waitingSince, title }) => html`<li>
              <a href="${repositoryPath(owner, name)}/pull/${number}">#${number}${title === undefined ? "" : html` ${title}`}</a>
              <span class="verdict small ${conclusion}">${verdictWords[conclusion] ?? conclusion}</span>
              <span class="soft">judged ${dayOf(judged)}${waitingSince === undefined ? "" : html` · waits for an architect for ${countOf(daysBetween(waitingSince, now), "day")}`}</span>
            </li>`,
          )}</ul>`
    }
  </section>`;
}
