import { sha256 } from "@noble/hashes/sha2.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";

/** Crockford's alphabet in lower case: no i, l, o or u, so that an id can be read out and typed back. */
const alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

/** The first `length` base32 characters of the SHA-256 of `text`: 5 bits a character. */
export function shortDigest(text: string, length: number): string {
  const bytes = sha256(utf8ToBytes(text));
  let out = "";
  for (let index = 0; index < length; index++) {
    const bit = index * 5;
    const pair = ((bytes[bit >> 3] ?? 0) << 8) | (bytes[(bit >> 3) + 1] ?? 0);
    out += alphabet[(pair >> (11 - (bit & 7))) & 31];
  }
  return out;
}

/**
 * The stable id of a threat: the same rule on the same element is the same threat tomorrow. It rests on the rule's id
 * and the element's own id alone, never on a title, a text, an order or a line number.
 */
export function threatId(rule: string, elementId: string): string {
  const key = `${rule}\u0000${elementId}`;
  const known = remembered.get(key);
  if (known !== undefined) return known;
  const id = idOf(key);
  if (remembered.size >= mostRemembered) remembered.clear();
  remembered.set(key, id);
  return id;
}

/** The same for ids that are made in great numbers to find one among them: none is remembered. */
export function candidateId(rule: string, elementId: string): string {
  return idOf(`${rule}\u0000${elementId}`);
}

function idOf(key: string): string {
  return `T-${shortDigest(key, 12)}`;
}

/** A digest costs more than all else that a threat is made of, and the same threats are derived again at every push. */
const remembered = new Map<string, string>();
const mostRemembered = 20_000;

/** How an id is shown to people: `T-` and six characters. Any unique prefix is accepted back. */
export function shortThreatId(id: string): string {
  return id.startsWith("T-") ? id.slice(0, 8) : id;
}

/**
 * An id that our own format takes (1 to 64 Latin letters, digits, dots, underscores and hyphens; H052), from any text.
 * A text that fits is its own id; two different texts never meet in one.
 */
export function fittingId(text: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(text)) return text;
  const words = text
    .replace(/[^A-Za-z0-9._-]+/g, "-")
    .replace(/^[^A-Za-z0-9]+|-+$/g, "")
    .slice(0, 50);
  return words === "" ? `E-${shortDigest(text, 10)}` : `${words}-${shortDigest(text, 6)}`;
}
