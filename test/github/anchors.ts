import { changesOfPullRequest } from "./diff.ts";
import { lineMap } from "./git/patch.ts";
import type { PullRequest, Repository, Side, Thread } from "./world.ts";

/** One line of a patch: which line it is on either side, and its place counted from the first `@@` (0). */
interface PatchLine {
  readonly position: number;
  readonly hunk: number;
  readonly left: number | undefined;
  readonly right: number | undefined;
  readonly text: string;
}

/** Reads a patch line by line; hunk headers and "no newline" notes carry no line number. */
export function linesOfPatch(patch: string): PatchLine[] {
  let left = 0;
  let right = 0;
  let hunk = -1;
  return patch.split("\n").map((text, position) => {
    const header = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/.exec(text);
    if (header !== null) {
      left = Number(header[1]);
      right = Number(header[2]);
      hunk += 1;
      return { position, hunk, left: undefined, right: undefined, text };
    }
    const line = { position, hunk, text };
    if (text.startsWith("\\")) return { ...line, left: undefined, right: undefined };
    if (text.startsWith("+")) return { ...line, left: undefined, right: right++ };
    if (text.startsWith("-")) return { ...line, left: left++, right: undefined };
    return { ...line, left: left++, right: right++ };
  });
}

function at(line: PatchLine, side: Side): number | undefined {
  return side === "LEFT" ? line.left : line.right;
}

/** Where a line stands in a patch, by the old counting; nothing when it is not part of the diff. */
export function positionOf(patch: string | undefined, line: number | undefined, side: Side): number | undefined {
  if (patch === undefined || line === undefined) return undefined;
  return linesOfPatch(patch).find((one) => at(one, side) === line)?.position;
}

/** The hunk down to a line, as GitHub keeps it with a comment; nothing when the lines are not in one hunk of the diff. */
export function hunkOf(patch: string | undefined, side: Side, line: number, startLine?: number): string | undefined {
  if (patch === undefined) return undefined;
  const lines = linesOfPatch(patch);
  const last = lines.find((one) => at(one, side) === line);
  if (last === undefined) return undefined;
  if (startLine !== undefined) {
    const first = lines.find((one) => at(one, side) === startLine);
    if (first === undefined || first.hunk !== last.hunk || first.position >= last.position) return undefined;
  }
  return lines
    .filter((one) => one.hunk === last.hunk && one.position <= last.position)
    .map((one) => one.text)
    .join("\n");
}

/**
 * Moves threads to where their lines are after the head moved. A line that changed, or that is no longer part of the
 * diff, leaves its thread outdated: `line` is then absent, as in GitHub's answers.
 */
export function reanchor(repository: Repository, pull: PullRequest, previousHead: string): void {
  const { store } = repository;
  const changes = changesOfPullRequest(store, pull.base.sha, pull.head.sha);
  for (const thread of pull.threads) {
    if (thread.outdated) continue;
    thread.commit = pull.head.sha;
    const change = changes.find((one) => one.filename === thread.path);
    if (thread.subject === "file") {
      thread.outdated = change === undefined;
      continue;
    }
    const line = movedLine(repository, pull, thread, previousHead);
    const start =
      thread.startLine === undefined || line === undefined || thread.line === undefined
        ? undefined
        : line - (thread.line - thread.startLine);
    if (line === undefined || hunkOf(change?.patch, thread.side, line, start) === undefined) {
      thread.outdated = true;
      thread.line = undefined;
      thread.startLine = undefined;
      continue;
    }
    thread.line = line;
    thread.startLine = start;
  }
}

function movedLine(
  repository: Repository,
  pull: PullRequest,
  thread: Thread,
  previousHead: string,
): number | undefined {
  if (thread.line === undefined || thread.side === "LEFT") return thread.line;
  const { store } = repository;
  const text = (commit: string): string =>
    Buffer.from(store.blob(store.filesOf(commit).get(thread.path)?.oid ?? "")).toString("utf8");
  return lineMap(text(previousHead), text(pull.head.sha)).get(thread.line);
}
