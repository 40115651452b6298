import { changesOfPullRequest } from "../diff.ts";
import { commitsBetween } from "../git/history.ts";
import { pageOf } from "../show/repositories.ts";
import type { CheckRun, PullRequest, Repository, Review, World } from "../world.ts";
import { fileView, threadView } from "./diff-view.ts";
import { type Html, html } from "./html.ts";
import { avatar, labels, layout, mark, markdown, name, post, stateOf, when } from "./pieces.ts";

/** A pull request: conversation with reviews and threads, the checks with their texts, the changed files. */
export function pullRequestPage(world: World, repository: Repository, pull: PullRequest): Html {
  const changes = changesOfPullRequest(repository.store, pull.base.sha, pull.head.sha);
  const commits = commitsBetween(repository.store, pull.base.sha, pull.head.sha);
  const runs = latestRuns(repository, pull.head.sha);
  const many = commits.length === 1 ? "1 commit" : `${commits.length} commits`;
  const body = html`<h1>${pull.title} <span class="number">#${pull.number}</span></h1>
<p>${stateOf(pull)} ${name(pull.author)} <span class="dim">${pull.merged ? "merged" : "wants to merge"} ${many} into</span> <span class="branch">${pull.base.branch}</span> <span class="dim">from</span> <span class="branch">${pull.head.branch}</span></p>
<nav class="tabs"><a href="#conversation">Conversation</a><a href="#checks">Checks<span class="count">${runs.length}</span></a><a href="#files">Files changed<span class="count">${changes.length}</span></a></nav>
<div class="columns" id="conversation"><div>${conversation(world, repository, pull)}${mergeBox(pull, runs)}</div>${sidebar(pull)}</div>
<h2 class="section" id="checks">Checks</h2>${runs.length === 0 ? html`<p class="dim">No checks on this commit.</p>` : runs.map((run) => checkView(world, repository, run))}
<h2 class="section" id="files">Files changed</h2>${changes.map((change) => fileView(world, repository, pull, change))}`;
  return layout(`${pull.title} · #${pull.number}`, body, repository);
}

export function latestRuns(repository: Repository, sha: string): CheckRun[] {
  const runs = repository.checkRuns.filter((run) => run.headSha === sha);
  return runs.filter(
    (run, at) => !runs.slice(at + 1).some((later) => later.name === run.name && later.app === run.app),
  );
}

function conversation(world: World, repository: Repository, pull: PullRequest): Html {
  const entries: { readonly at: string; readonly id: number; readonly shown: Html }[] = [];
  for (const review of pull.reviews) {
    if (review.state !== "PENDING")
      entries.push({ at: review.submittedAt, id: review.id, shown: reviewView(world, repository, pull, review) });
  }
  for (const comment of pull.comments) {
    const shown =
      comment.minimized === undefined
        ? post(world, repository, {
            author: comment.author,
            at: comment.createdAt,
            verb: "commented",
            body: comment.body,
            edited: comment.editor !== null,
          })
        : html`<p class="event">A comment by ${name(comment.author)} was hidden as ${comment.minimized.toLowerCase()}.</p>`;
    entries.push({ at: comment.createdAt, id: comment.id, shown });
  }
  for (const commit of commitsBetween(repository.store, pull.base.sha, pull.head.sha)) {
    const [headline] = commit.message.split("\n");
    const shown = html`<p class="event"><b>${commit.author.name}</b> pushed <code>${commit.oid.slice(0, 7)}</code> ${headline} · ${when(commit.committer.date)}</p>`;
    entries.push({ at: commit.committer.date, id: 0, shown });
  }
  for (const turn of pull.turns) {
    const word = pull.merged && turn.to === "closed" ? "merged" : turn.to;
    entries.push({
      at: turn.at,
      id: 0,
      shown: html`<p class="event">${name(turn.by)} ${word} this · ${when(turn.at)}</p>`,
    });
  }
  entries.sort((left, right) => left.at.localeCompare(right.at) || left.id - right.id);
  const opening = post(world, repository, {
    author: pull.author,
    at: pull.createdAt,
    verb: "opened this",
    body: pull.body,
  });
  return html`${opening}${entries.map((entry) => entry.shown)}`;
}

const verbs: Readonly<Record<string, string>> = {
  APPROVED: "approved these changes",
  CHANGES_REQUESTED: "requested changes",
  COMMENTED: "reviewed",
  DISMISSED: "reviewed; the review was dismissed",
};

function reviewView(world: World, repository: Repository, pull: PullRequest, review: Review): Html {
  if (review.minimized !== undefined) {
    return html`<p class="event">A review by ${name(review.author)} was hidden as ${review.minimized.toLowerCase()}.</p>`;
  }
  const begun = pull.threads.filter((thread) => thread.comments[0]?.review === review);
  const isReply = begun.length === 0 && review.body === "" && review.state === "COMMENTED";
  if (isReply) return html``;
  const verb = verbs[review.state] ?? "reviewed";
  const words =
    review.body === ""
      ? ""
      : post(world, repository, {
          author: review.author,
          at: review.submittedAt,
          verb,
          body: review.body,
          edited: review.editor !== null,
          id: `pullrequestreview-${review.id}`,
        });
  const line =
    review.body === ""
      ? html`<p class="event">${avatar(review.author, true)}${name(review.author)} ${verb} at <code>${review.commit.slice(0, 7)}</code> · ${when(review.submittedAt)}</p>`
      : "";
  return html`${words}${line}${begun.map((thread) => threadView(world, repository, thread, true))}`;
}

function mergeBox(pull: PullRequest, runs: readonly CheckRun[]): Html {
  if (pull.merged)
    return html`<div class="box merge"><div class="row"><span class="mark success">✓</span>Merged as <code>${pull.mergeCommit?.slice(0, 7)}</code></div></div>`;
  const bad = runs.filter((run) => !["success", "neutral", "skipped"].includes(run.conclusion ?? ""));
  const verdict =
    runs.length === 0
      ? "No checks yet"
      : bad.length === 0
        ? "All checks have passed"
        : "Some checks were not successful";
  const rows = runs.map(
    (run) =>
      html`<div class="row">${mark(run)}<span class="grow"><b>${run.name}</b> <span class="dim">${run.title ?? run.status}</span></span><a href="#check-${run.id}">Details</a></div>`,
  );
  return html`<div class="box merge"><div class="row"><b class="grow">${verdict}</b></div>${rows}</div>`;
}

/** A check's own page, as GitHub shows it on the Checks tab. */
export function checkView(world: World, repository: Repository, run: CheckRun): Html {
  const annotations = run.annotations.map(
    (one) =>
      html`<li><b>${one.path}:${one.start_line}</b> <span class="tag">${one.annotation_level}</span> ${one.title}<br>${one.message}</li>`,
  );
  const buttons = run.actions.map(
    (action) => html` <span class="tag" title="${action.description}">${action.label}</span>`,
  );
  return html`<div class="box file" id="check-${run.id}"><div class="head">${mark(run)}<b>${run.name}</b> · ${run.app.name} · ${run.conclusion ?? run.status} · <code>${run.headSha.slice(0, 7)}</code>${buttons}</div>
<div class="markdown"><h3>${run.title}</h3></div>${markdown(world, repository, run.summary)}${run.text === null ? "" : markdown(world, repository, run.text)}
${annotations.length === 0 ? "" : html`<ul class="list">${annotations}</ul>`}</div>`;
}

function sidebar(pull: PullRequest): Html {
  const reviewed = [...new Set(pull.reviews.map((review) => review.author))].filter((author) => author !== pull.author);
  const signs: Readonly<Record<string, string>> = {
    APPROVED: "✓ approved",
    CHANGES_REQUESTED: "✕ changes requested",
    COMMENTED: "commented",
    DISMISSED: "dismissed",
  };
  const lines = reviewed.map((author) => {
    const own = pull.reviews.filter((review) => review.author === author);
    const last = own.findLast((review) => review.state !== "COMMENTED") ?? own[own.length - 1];
    return html`<div>${avatar(author, true)}${name(author)} ${signs[last?.state ?? ""]}</div>`;
  });
  const waiting = [
    ...pull.requestedTeams.map(
      (team) =>
        html`<div><b>@${team.organization.account.login}/${team.slug}</b> <span class="dim">awaiting review</span></div>`,
    ),
    ...pull.requestedUsers.map(
      (user) => html`<div>${avatar(user, true)}${name(user)} <span class="dim">awaiting review</span></div>`,
    ),
  ];
  const nobody = lines.length + waiting.length === 0;
  return html`<aside><section><h3>Reviewers</h3>${waiting}${lines}${nobody ? html`<span class="dim">No reviews</span>` : ""}</section>
<section><h3>Labels</h3>${pull.labels.length === 0 ? html`<span class="dim">None yet</span>` : labels(pull)}</section></aside>`;
}

/** One line about a pull request, for lists. */
export function pullRequestLine(world: World, repository: Repository, pull: PullRequest): Html {
  const runs = latestRuns(repository, pull.head.sha);
  return html`<li>${stateOf(pull)} <a href="${new URL(pageOf(world, repository)).pathname}/pull/${pull.number}"><b>${pull.title}</b></a> <span class="dim">#${pull.number} by ${pull.author?.login ?? "ghost"}</span> ${runs.map((run) => html` ${mark(run)}<span class="dim">${run.title ?? run.name}</span>`)}</li>`;
}
