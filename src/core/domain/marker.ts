import { shortDigest } from "./threat-id.ts";

/*
 * The hidden name of a post: an HTML comment in front of its text. A marker alone proves nothing (H037): whoever reads
 * it must also know that the post is by our own App or account. Parts are encoded so that no value can end the comment
 * or start another one (H038).
 */

/** What a marker may name. */
export type Marked =
  /** The one summary of a pull request. */
  | { readonly kind: "summary"; readonly pullRequest: number }
  /** A later review, or a duplicate: one line that links to the summary. */
  | { readonly kind: "further"; readonly pullRequest: number }
  /** The first comment of a thread that asks about one change. */
  | { readonly kind: "question"; readonly fingerprint: string }
  /** The issue of a threat. */
  | { readonly kind: "issue"; readonly threat: string }
  /** Our one answer to a person who closed the issue of a threat that is still open. */
  | { readonly kind: "closing"; readonly threat: string }
  /** Our one answer to the commands of a comment, by the comment's id, and what change of the model it shows. */
  | { readonly kind: "reply"; readonly comment: number; readonly shown?: ShownChange };

/** A change of the model that was shown to people: for which head commit, and a digest of the whole files. */
export interface ShownChange {
  readonly head: string;
  readonly digest: string;
}

/** Longest encoded value that a marker carries; see `nameInMarker`. */
const longest = 300;

const pattern = /^<!-- threatgate:1 ([a-z]+) ([A-Za-z0-9_.~%]{1,300}) -->/;

/** The marker as the first line of a post. */
export function writeMarker(marked: Marked): string {
  return `<!-- threatgate:1 ${marked.kind} ${encode(nameInMarker(valueNamedBy(marked)))} -->`;
}

/** Reads the marker at the very start of a post; anywhere else it is text. Undefined when there is none. */
export function readMarker(body: string): Marked | undefined {
  const found = pattern.exec(body);
  if (!found) return undefined;
  const [, kind, encoded = ""] = found;
  let value: string;
  try {
    value = decodeURIComponent(encoded);
  } catch {
    return undefined;
  }
  switch (kind) {
    case "summary":
    case "further": {
      const pullRequest = /^[1-9]\d*$/.test(value) ? Number(value) : 0;
      return pullRequest > 0 && Number.isSafeInteger(pullRequest) ? { kind, pullRequest } : undefined;
    }
    case "reply": {
      const [, id = "", head, digest] = /^([1-9]\d*)(?:@([0-9a-f]{40,64})@([0-9a-z]{26}))?$/.exec(value) ?? [];
      const comment = Number(id);
      if (comment === 0 || !Number.isSafeInteger(comment)) return undefined;
      return head === undefined || digest === undefined
        ? { kind, comment }
        : { kind, comment, shown: { head, digest } };
    }
    case "question":
      return { kind, fingerprint: value };
    case "issue":
    case "closing":
      return { kind, threat: value };
    default:
      return undefined;
  }
}

/**
 * The name that a marker carries for a value: the value itself, or a digest of it where the value is empty or its
 * encoding too long for a marker. Names are what two posts are compared by, so that an over-long id still finds its
 * own issue. `nameInMarker` of a name is that name.
 */
export function nameInMarker(value: string): string {
  const wellFormed = value.toWellFormed();
  const length = encode(wellFormed).length;
  return length > 0 && length <= longest ? wellFormed : `~${shortDigest(wellFormed, 32)}`;
}

/** The fingerprint of a question: rule, path and element, never a line or a commit. */
export function fingerprintOf(rule: string, path: string, element: string): string {
  return shortDigest(`${rule}\u0000${path}\u0000${element}`, 16);
}

function valueNamedBy(marked: Marked): string {
  switch (marked.kind) {
    case "summary":
    case "further":
      return String(marked.pullRequest);
    case "reply":
      return marked.shown === undefined
        ? String(marked.comment)
        : `${marked.comment}@${marked.shown.head}@${marked.shown.digest}`;
    case "question":
      return marked.fingerprint;
    case "issue":
    case "closing":
      return marked.threat;
  }
}

function encode(value: string): string {
  // "--" would end an HTML comment in some parsers, so hyphens are encoded as well.
  return encodeURIComponent(value).replace(/[-!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}
