import { fullName, isPullRequest } from "../lookups.ts";
import type { Account, CheckRun, Issue, Repository, World } from "../world.ts";
import { Html, html } from "./html.ts";
import { renderMarkdown } from "./markdown.ts";
import { style } from "./style.ts";

/** A whole page. */
export function layout(title: string, body: Html, repository?: Repository): Html {
  const place = repository === undefined ? "" : html` / <a href="/${fullName(repository)}">${fullName(repository)}</a>`;
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title><style>${new Html(style)}</style></head>
<body><header class="top"><a href="/"><b>GitHub</b></a>${place}<small>a local stand-in, not github.com</small></header><main>${body}</main></body></html>`;
}

/** A disc with the first letter, in a colour of its own; a rounded square for an App. */
export function avatar(account: Account | null, small = false): Html {
  const login = account?.login ?? "ghost";
  const hue = Array.from(login).reduce((sum, character) => sum * 31 + (character.codePointAt(0) ?? 0), 7) % 360;
  const kind = `${account?.type === "Bot" ? " bot" : ""}${small ? " small" : ""}`;
  return html`<span class="avatar${kind}" style="background:hsl(${hue} 45% 45%)">${login.charAt(0).toUpperCase()}</span>`;
}

/** A login, with the tag that GitHub puts beside an App. */
export function name(account: Account | null): Html {
  if (account === null) return html`<b>ghost</b>`;
  return account.type === "Bot"
    ? html`<b>${account.login.replace("[bot]", "")}</b><span class="tag">bot</span>`
    : html`<b>${account.login}</b>`;
}

export function when(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
}

export function markdown(world: World, repository: Repository, text: string | null): Html {
  if (text === null || text.trim() === "")
    return html`<div class="markdown dim"><em>No description provided.</em></div>`;
  return html`<div class="markdown">${renderMarkdown(world, repository, text)}</div>`;
}

/** Something that somebody wrote, with a portrait beside it. */
export function post(
  world: World,
  repository: Repository,
  words: {
    readonly author: Account | null;
    readonly at: string;
    readonly verb: string;
    readonly body: string | null;
    readonly edited?: boolean;
    readonly id?: string;
  },
): Html {
  const edited = words.edited === true ? html` <span class="tag">edited</span>` : "";
  return html`<article class="post" id="${words.id ?? ""}">${avatar(words.author)}<div class="box"><div class="head">${name(words.author)} ${words.verb} ${when(words.at)}${edited}</div>${markdown(world, repository, words.body)}</div></article>`;
}

export function stateOf(issue: Issue): Html {
  if (!isPullRequest(issue)) {
    return issue.state === "open"
      ? html`<span class="state open">Open</span>`
      : html`<span class="state done">Closed</span>`;
  }
  if (issue.merged) return html`<span class="state merged">Merged</span>`;
  if (issue.state === "closed") return html`<span class="state closed">Closed</span>`;
  return issue.draft ? html`<span class="state draft">Draft</span>` : html`<span class="state open">Open</span>`;
}

export function labels(issue: Issue): Html {
  return html`${issue.labels.map((label) => html`<span class="label">${label.name}</span>`)}`;
}

const marks: Readonly<Record<string, readonly [string, string]>> = {
  success: ["success", "✓"],
  failure: ["failure", "✕"],
  timed_out: ["failure", "✕"],
  cancelled: ["neutral", "–"],
  action_required: ["action_required", "!"],
  neutral: ["neutral", "■"],
  skipped: ["neutral", "–"],
};

/** The sign of a check: what GitHub draws beside its name. */
export function mark(run: CheckRun): Html {
  const [kind, sign] = marks[run.conclusion ?? ""] ?? ["pending", "●"];
  return html`<span class="mark ${kind}" title="${run.conclusion ?? run.status}">${sign}</span>`;
}
