import { exceeds, showBytes, utf8Bytes } from "./limits.ts";

/** Why a text is not what its name says: what is wrong, what to do, and the line where that is known. */
export interface Misfit {
  readonly what: string;
  readonly hint: string;
  readonly line?: number;
}

/**
 * Texts that are no model, policy or manifest whatever their name: too large, not text, empty, a web page, a Git LFS
 * pointer, an unfinished merge. Each has its own message, because each has its own cure. Undefined when the text is
 * plain text with something in it.
 */
export function misfitOf(text: string, mostBytes: number): Misfit | undefined {
  if (exceeds(text, mostBytes)) {
    return {
      what: `The file has ${showBytes(utf8Bytes(text))}; at most ${showBytes(mostBytes)} are read.`,
      hint: "Split it into several files, or take out what is not part of it.",
    };
  }
  const body = withoutMark(text);
  if (body.trim() === "") return { what: "The file is empty.", hint: "Write its content, or delete the file." };
  return encodingFault(text) ?? impostor(body);
}

/** The text without a leading byte order mark. */
export function withoutMark(text: string): string {
  return text.startsWith("\uFEFF") ? text.slice(1) : text;
}

function encodingFault(text: string): Misfit | undefined {
  const hint = "Save the file as UTF-8.";
  const zero = text.indexOf("\u0000");
  if (zero !== -1) {
    return {
      what: "The file holds NUL characters: it is UTF-16 or binary, not UTF-8 text.",
      hint,
      line: lineAt(text, zero),
    };
  }
  const replaced = text.search(/[\uFFFD\uFFFE]/);
  if (replaced !== -1) {
    return {
      what: "The file is not valid UTF-8: some bytes stand for no character.",
      hint,
      line: lineAt(text, replaced),
    };
  }
  if (!text.isWellFormed()) {
    return {
      what: "The file holds half of a surrogate pair, which is no character.",
      hint,
      line: lineAt(text, text.search(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/)),
    };
  }
  return undefined;
}

function impostor(body: string): Misfit | undefined {
  // https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md#the-pointer
  if (/^version https:\/\/(git-lfs\.github\.com|hawser\.github\.com)\/spec\/v\d+\s/.test(body)) {
    return {
      what: "The file is a Git LFS pointer, not the content itself.",
      hint: "Keep this file in Git itself: take it out of .gitattributes and commit its content.",
    };
  }
  if (/^\s*<(!doctype\s+html|html[\s>])/i.test(body)) {
    return {
      what: "The file is an HTML page.",
      hint: "It may be an error page saved by a download. Put the real content in its place.",
    };
  }
  const line = conflictLine(body);
  if (line !== undefined) {
    return {
      what: `An unfinished merge: conflict markers from line ${line} on.`,
      hint: "Resolve the conflict, delete the lines with <<<<<<<, ======= and >>>>>>>, and commit.",
      line,
    };
  }
  return undefined;
}

/** The line of an opening conflict marker that is followed by a closing one; a line of equal signs alone is a heading. */
function conflictLine(body: string): number | undefined {
  const opening = /^<{7} /m.exec(body);
  if (!opening || !/^>{7} /m.test(body.slice(opening.index))) return undefined;
  return lineAt(body, opening.index);
}

/** The line of an offset, from 1. Lines end with LF; a CR before it belongs to the line. */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf("\n"); at !== -1 && at < offset; at = text.indexOf("\n", at + 1)) line++;
  return line;
}
