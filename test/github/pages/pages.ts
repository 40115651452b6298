import { fullName, isPullRequest, pullRequestsOf, repositoryByName } from "../lookups.ts";
import type { Issue, Repository, World } from "../world.ts";
import { type Html, html } from "./html.ts";
import { labels, layout, name, post, stateOf, when } from "./pieces.ts";
import { checkView, pullRequestLine, pullRequestPage } from "./pull-request-page.ts";

export interface Page {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

/** The page that a person sees at a path; nothing where there is none. Everything is shown to everybody: it is a demo. */
export function pageFor(world: World, path: string): Page | undefined {
  const shown = path === "/" ? index(world) : inRepository(world, path);
  return shown === undefined ? undefined : { status: 200, type: "text/html; charset=utf-8", text: shown.text };
}

function inRepository(world: World, path: string): Html | undefined {
  const [, owner = "", short = "", kind, key = "", ...rest] = path.split("/").map(decodeURIComponent);
  const repository = repositoryByName(world, owner, short);
  if (repository === undefined) return undefined;
  if (kind === undefined) return repositoryPage(world, repository);
  if (kind === "blob") return filePage(repository, key, rest.join("/"));
  if (kind === "runs") {
    const run = repository.checkRuns.find((one) => String(one.id) === key);
    return run === undefined ? undefined : layout(run.name, checkView(world, repository, run), repository);
  }
  const issue = kind === "pull" || kind === "issues" ? repository.issues.get(Number(key)) : undefined;
  if (issue === undefined) return undefined;
  return isPullRequest(issue) ? pullRequestPage(world, repository, issue) : issuePage(world, repository, issue);
}

/** All repositories with their pull requests and issues. */
function index(world: World): Html {
  const repositories = [...world.repositories.values()].filter((repository) => !repository.deleted);
  return layout("Repositories", html`${repositories.map((repository) => overview(world, repository))}`);
}

function overview(world: World, repository: Repository): Html {
  const pulls = pullRequestsOf(repository).map((pull) => pullRequestLine(world, repository, pull));
  const issues = [...repository.issues.values()]
    .filter((issue) => !isPullRequest(issue))
    .map((issue) => issueLine(repository, issue));
  const list = (items: readonly Html[], what: string): Html =>
    items.length === 0
      ? html`<p class="dim">No ${what}.</p>`
      : html`<div class="box"><ul class="list">${items}</ul></div>`;
  return html`<h2 class="section"><a href="/${fullName(repository)}">${fullName(repository)}</a> <span class="tag">${repository.private ? "Private" : "Public"}</span></h2>${list(pulls, "pull requests")}${issues.length === 0 ? "" : html`<h3>Issues</h3>${list(issues, "issues")}`}`;
}

function issueLine(repository: Repository, issue: Issue): Html {
  return html`<li>${stateOf(issue)} <a href="/${fullName(repository)}/issues/${issue.number}"><b>${issue.title}</b></a> <span class="dim">#${issue.number}</span> ${labels(issue)}</li>`;
}

function repositoryPage(world: World, repository: Repository): Html {
  const head = repository.branches.get(repository.defaultBranch) ?? "";
  const files = [...repository.store.filesOf(head).keys()].map(
    (path) => html`<li><a href="/${fullName(repository)}/blob/${repository.defaultBranch}/${path}">${path}</a></li>`,
  );
  return layout(
    fullName(repository),
    html`${overview(world, repository)}<h3>Files on ${repository.defaultBranch}</h3><div class="box"><ul class="list">${files}</ul></div>`,
    repository,
  );
}

function filePage(repository: Repository, ref: string, path: string): Html | undefined {
  const commit = repository.branches.get(ref) ?? ref;
  const entry = repository.store.filesOf(commit).get(path);
  if (entry === undefined) return undefined;
  const lines = Buffer.from(repository.store.blob(entry.oid)).toString("utf8").split("\n");
  const rows = lines.map((line, at) => html`<tr id="L${at + 1}"><td class="no">${at + 1}</td><td>${line}</td></tr>`);
  return layout(
    path,
    html`<div class="box file"><div class="head">${path} at ${ref.slice(0, 12)}</div><table class="diff"><tbody>${rows}</tbody></table></div>`,
    repository,
  );
}

function issuePage(world: World, repository: Repository, issue: Issue): Html {
  const comments = issue.comments.map((comment) =>
    post(world, repository, {
      author: comment.author,
      at: comment.createdAt,
      verb: "commented",
      body: comment.body,
      edited: comment.editor !== null,
    }),
  );
  const turns = issue.turns.map(
    (turn) => html`<p class="event">${name(turn.by)} ${turn.to} this · ${when(turn.at)}</p>`,
  );
  const body = html`<h1>${issue.title} <span class="number">#${issue.number}</span></h1><p>${stateOf(issue)} ${name(issue.author)} <span class="dim">opened this ${when(issue.createdAt)}</span> ${labels(issue)}</p>
${post(world, repository, { author: issue.author, at: issue.createdAt, verb: "opened this", body: issue.body })}${comments}${turns}`;
  return layout(`${issue.title} · #${issue.number}`, body, repository);
}
