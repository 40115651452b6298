import { createHash } from "node:crypto";
import { linesOfPatch } from "../anchors.ts";
import type { FileChange } from "../diff.ts";
import { pageOf } from "../show/repositories.ts";
import type { PullRequest, Repository, Thread, World } from "../world.ts";
import { type Html, html } from "./html.ts";
import { avatar, markdown, name, when } from "./pieces.ts";

/** A file's difference with the threads on its lines. */
export function fileView(world: World, repository: Repository, pull: PullRequest, change: FileChange): Html {
  const threads = pull.threads.filter((thread) => thread.path === change.filename && !thread.outdated);
  const moved = change.previousFilename === undefined ? "" : html`${change.previousFilename} → `;
  const about = threads.filter((thread) => thread.subject === "file");
  return html`<div class="box file" id="${anchorOf(change.filename)}"><div class="head"><span class="plus">+${change.additions}</span> <span class="minus">−${change.deletions}</span> &nbsp; ${moved}<a href="${pageOf(world, repository)}/blob/${pull.head.sha}/${change.filename}">${change.filename}</a> <span class="tag">${change.status}</span></div>
${about.map((thread) => threadView(world, repository, thread, false))}
${change.patch === undefined ? html`<div class="folded">No patch: a binary file, no change of content, or too large to show.</div>` : patchView(world, repository, change.filename, change.patch, threads)}</div>`;
}

/** GitHub's anchor of a file on the "Files changed" tab; `R12` or `L12` after it is a line. */
function anchorOf(path: string): string {
  return `diff-${createHash("sha256").update(path).digest("hex")}`;
}

function patchView(
  world: World,
  repository: Repository,
  path: string,
  patch: string,
  threads: readonly Thread[],
): Html {
  const anchor = anchorOf(path);
  const rows = linesOfPatch(patch).map((line) => {
    if (line.text.startsWith("@@"))
      return html`<tr class="hunk"><td class="no"></td><td class="no"></td><td>${line.text}</td></tr>`;
    const kind = line.text.startsWith("+") ? "add" : line.text.startsWith("-") ? "del" : "same";
    const here = threads.filter(
      (thread) => thread.line !== undefined && (thread.side === "LEFT" ? line.left : line.right) === thread.line,
    );
    const talk = here.map(
      (thread) => html`<tr class="talk"><td colspan="3">${threadView(world, repository, thread, false)}</td></tr>`,
    );
    const left = line.left === undefined ? "" : `${anchor}L${line.left}`;
    const right = line.right === undefined ? "" : `${anchor}R${line.right}`;
    return html`<tr class="${kind}"><td class="no" id="${left}">${line.left}</td><td class="no" id="${right}">${line.right}</td><td>${line.text}</td></tr>${talk}`;
  });
  return html`<table class="diff"><tbody>${rows}</tbody></table>`;
}

/** A thread: where it stands, the lines above it when asked, and what was said. */
export function threadView(world: World, repository: Repository, thread: Thread, withHunk: boolean): Html {
  const place = thread.line ?? thread.originalLine;
  const title = html`${thread.path}${place === undefined ? "" : html`:${place}`}${thread.outdated ? html` <span class="tag">Outdated</span>` : ""}`;
  const said = thread.comments.map(
    (comment) =>
      html`<div class="said" id="discussion_r${comment.id}">${avatar(comment.author, true)}${name(comment.author)} <span class="dim">${when(comment.createdAt)}</span>${comment.editor === null ? "" : html` <span class="tag">edited</span>`}${markdown(world, repository, comment.body)}</div>`,
  );
  const hunk = withHunk && thread.subject === "line" ? hunkView(thread) : "";
  if (thread.resolved) {
    const by = thread.resolvedBy === null ? "" : html` by ${thread.resolvedBy.login}`;
    return html`<div class="thread"><div class="box"><details class="resolved"><summary>✓ Resolved${by} · ${title}</summary>${said}</details></div></div>`;
  }
  return html`<div class="thread"><div class="box"><div class="head">${title}</div>${hunk}${said}</div></div>`;
}

/** The last four lines of the hunk that GitHub keeps with a thread. */
function hunkView(thread: Thread): Html {
  const rows = linesOfPatch(thread.diffHunk)
    .slice(1)
    .slice(-4)
    .map((line) => {
      const kind = line.text.startsWith("+") ? "add" : line.text.startsWith("-") ? "del" : "same";
      return html`<tr class="${kind}"><td class="no">${line.left}</td><td class="no">${line.right}</td><td>${line.text}</td></tr>`;
    });
  return html`<table class="diff"><tbody>${rows}</tbody></table>`;
}
