import { shortDigest } from "./threat-id.ts";

/*
 * The hidden name of a post: an HTML comment in front of its text. A marker alone proves nothing (H037): whoever reads
 * it must also know that the post is by our own App or account. Parts are encoded so that no value can end the comment
 * or start another one (H038).
 */

/** What a marker may name. */
export type Marked =
  | { readonly kind: "summary"; readonly pullRequest: number }
  | { readonly kind: "further"; readonly pullRequest: number }
  | { readonly kind: "question"; readonly fingerprint: string }
  | { readonly kind: "issue"; readonly threat: string };

const pattern = /^<!-- threatgate:1 ([a-z]+) ([A-Za-z0-9_.~%-]{1,300}) -->/;

/** The marker as the first line of a post. */
export function writeMarker(marked: Marked): string {
  return `<!-- threatgate:1 ${marked.kind} ${encode(valueOf(marked))} -->`;
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
      const pullRequest = Number(value);
      return Number.isSafeInteger(pullRequest) && pullRequest > 0 ? { kind, pullRequest } : undefined;
    }
    case "question":
      return { kind, fingerprint: value };
    case "issue":
      return { kind, threat: value };
    default:
      return undefined;
  }
}

/** The fingerprint of a question: rule, path and element, never a line or a commit. */
export function fingerprintOf(rule: string, path: string, element: string): string {
  return shortDigest(`${rule}\u0000${path}\u0000${element}`, 16);
}

function valueOf(marked: Marked): string {
  switch (marked.kind) {
    case "summary":
    case "further":
      return String(marked.pullRequest);
    case "question":
      return marked.fingerprint;
    case "issue":
      return marked.threat;
  }
}

function encode(value: string): string {
  // "--" would end an HTML comment in some parsers, so hyphens are encoded as well.
  return encodeURIComponent(value.toWellFormed()).replace(/[-!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}
