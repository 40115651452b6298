import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import type { Assessment } from "../domain/assessment.ts";
import type { Change } from "../domain/change.ts";
import type { IssueClosing } from "../domain/observed.ts";
import { type Place, showPlace } from "../domain/problem.ts";
import { code, link, type Markdown, md, pathOfAddress } from "./markdown.ts";

/** Lines of the right side of a diff that may be commented on, both ends included, from 1. */
export interface LineRange {
  readonly from: number;
  readonly to: number;
}

/** What the texts need to know beyond the assessment. */
export interface PresentContext {
  /** Absent for a local checkout: then only the check run is drawn. */
  readonly pullRequest?: {
    readonly number: number;
    readonly state: "open" | "closed" | "merged";
    readonly isDraft: boolean;
    readonly author?: string;
    /** ISO instant of the merge. */
    readonly mergedAt?: string;
    /** Whether it goes, or went, to the default branch: only then do issues follow. */
    readonly toDefaultBranch: boolean;
  };
  readonly repository: {
    readonly owner: string;
    /** The repository's page, without a slash at the end; on Enterprise Server its own host. */
    readonly htmlUrl: string;
    readonly isPrivate: boolean;
    readonly hasIssues: boolean;
    readonly isArchived: boolean;
  };
  /** Pages of other repositories that hold models of systems shared with this one, by `owner/name`. */
  readonly elsewhere?: Readonly<Record<string, string>>;
  /** Every file of the diff, by its path in the head, with its commentable lines; no lines for binary files and renames. */
  readonly commentable: ReadonlyMap<string, readonly LineRange[]>;
  /** Issues of threats that people closed in a tracker beside GitHub. */
  readonly closings?: readonly IssueClosing[];
  /** Fingerprints of questions whose threads are open already, oldest first. */
  readonly asked?: readonly string[];
  /** Set where an open conversation would keep the branch from merging although nothing may block (`advise`). */
  readonly threadsWouldBlock?: true;
  readonly pages: {
    /** Address of the page of a rule, with `{rule}` where its id goes. */
    readonly rule: string;
    /** Address of the page that says how a verdict comes about. */
    readonly howDecided: string;
    /** Addresses of the files of rules that do not ship, by id. */
    readonly ownRules?: Readonly<Record<string, string>>;
  };
  /** Names this evaluation in the log; said when it failed. */
  readonly requestId?: string;
}

/** The pull request's own page. */
export function pullRequestPage(context: PresentContext): string | undefined {
  return context.pullRequest && `${context.repository.htmlUrl}/pull/${context.pullRequest.number}`;
}

/** The page with everything that does not fit into a comment. */
export function checksPage(context: PresentContext): string {
  return `${pullRequestPage(context) ?? context.repository.htmlUrl}/checks`;
}

/** `path:line`, linked to the file as it was judged; unlinked where the head is no commit. */
export function linkedPlace(place: Place, context: PresentContext, head: string): Markdown {
  if (!/^[0-9a-f]{40,64}$/.test(head)) return code(showPlace(place));
  const shown = code(showPlace({ ...place, path: shortened(place.path) }));
  const line = place.line === undefined ? "" : `#L${place.line}`;
  for (const [name, page] of Object.entries(context.elsewhere ?? {})) {
    if (!place.path.startsWith(`${name}/`)) continue;
    return link(shown, `${page}/blob/HEAD/${pathOfAddress(place.path.slice(name.length + 1))}${line}`);
  }
  return link(shown, `${context.repository.htmlUrl}/blob/${head}/${pathOfAddress(place.path)}${line}`);
}

/** The end of a long path, for a label whose link has all of it. */
function shortened(path: string): string {
  const end = path.split("/").slice(-2).join("/");
  return path.length > 60 && end.length < path.length ? `…/${end}` : path;
}

/** Where a change is, unlinked: `path:line`, the old line where it was removed, or the path alone. */
export function placeOfChange({ path, line, baseLine }: Change): Markdown {
  if (line !== undefined) return code(showPlace({ path, line }));
  return baseLine === undefined ? code(path) : md`${code(showPlace({ path, line: baseLine }))} (removed)`;
}

/**
 * The same for the conversation: linked to the line in the pull request's own diff, so that the text stays the same when
 * a push changes nothing about it. GitHub names a file of a diff by the SHA-256 of its path.
 */
export function placeInDiff(change: Change, context: PresentContext): Markdown {
  const { path, line, baseLine } = change;
  const page = pullRequestPage(context);
  if (page === undefined) return placeOfChange(change);
  const at = line === undefined ? (baseLine === undefined ? "" : `L${baseLine}`) : `R${line}`;
  const address = `${page}/files#diff-${bytesToHex(sha256(utf8ToBytes(path.toWellFormed())))}${at}`;
  return link(placeOfChange({ ...change, path: shortened(path) }), address);
}

/** The same for the check: linked to the head as it was judged, or to the base where the line is no longer in the head. */
export function linkedPlaceOfChange(
  change: Change,
  context: PresentContext,
  { base, head }: Assessment["subject"],
): Markdown {
  const { path, line, baseLine } = change;
  if (line !== undefined || baseLine === undefined) {
    return linkedPlace({ path, ...(line === undefined ? {} : { line }) }, context, head);
  }
  return md`${linkedPlace({ path, line: baseLine }, context, base)} (removed)`;
}

/** The page of a rule: what it sees, why it asks, when it is wrong. */
export function rulePage(rule: string, context: PresentContext): string {
  return context.pages.ownRules?.[rule] ?? context.pages.rule.replace("{rule}", pathOfAddress(rule));
}
