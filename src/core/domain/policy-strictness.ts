import type { PolicyValues } from "./policy-presets.ts";

/*
 * What "stricter" means for each setting. An organisation that locks a key lets its repositories tighten it and nothing
 * else; this is the only place that knows which way that is.
 */

/** Settings by dotted key, as they are locked, overridden and traced: `currency.green`, `rules.new-bucket`. */
export function flattenPolicy(values: { readonly [Key in keyof PolicyValues]?: unknown }): Map<string, unknown> {
  const flat = new Map<string, unknown>();
  for (const [key, value] of Object.entries(values)) flattenInto(flat, key, value);
  return flat;
}

function flattenInto(flat: Map<string, unknown>, key: string, value: unknown): void {
  if (value === undefined) return;
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    flat.set(key, value);
    return;
  }
  for (const [name, inner] of Object.entries(value)) flattenInto(flat, `${key}.${name}`, inner);
}

/** Whether a locked name covers a key: itself, or anything below it. */
export function covers(locked: string, key: string): boolean {
  return key === locked || key.startsWith(`${locked}.`);
}

/**
 * Whether a key is locked. Teams and users count together: whoever locks the one list of architects or of peers does not
 * mean that the other may grow instead.
 */
export function isLocked(key: string, locked: readonly string[]): boolean {
  const [group = ""] = key.split(".");
  const counted = group === "architects" || group === "peers" ? [`${group}.teams`, `${group}.users`] : [key];
  return locked.some((name) => counted.some((one) => covers(name, one)));
}

/** From loosest to strictest. */
const scales: Readonly<Record<string, readonly unknown[]>> = {
  mode: ["observe", "advise", "enforce"],
  riskThreshold: ["critical", "high", "medium", "low"],
  incomplete: ["warn", "fail"],
  approvals: ["unchanged", "commit"],
  "publish.issues": [true, false],
  "publish.openThreats": [true, false],
};

const ruleScale: readonly unknown[] = ["off", "monitor", "comment", "block"];
const shorterIsStricter = ["currency.green", "currency.amber", "currency.review", "acceptance.maxDays"];

/**
 * Whether `mine` is at least as strict as `theirs` for the key. Where two values cannot be ordered (a tracker, a list
 * of systems) only the same value is.
 */
export function isAtLeastAsStrict(key: string, mine: unknown, theirs: unknown): boolean {
  if (same(mine, theirs)) return true;
  const scale = scales[key];
  if (scale) return scale.includes(mine) && scale.indexOf(mine) >= scale.indexOf(theirs);
  if (shorterIsStricter.includes(key)) return Number(mine) <= Number(theirs);
  if (key.startsWith("rules.")) {
    // What a rule does by itself is not known here, so against silence only the strictest word is safe.
    return theirs === undefined ? mine === "block" : ruleScale.indexOf(mine) >= ruleScale.indexOf(theirs);
  }
  if (key.startsWith("architects.") || key.startsWith("acceptance.approvers.") || key === "paths.ignore") {
    return isNoWiderThan(mine, theirs);
  }
  return false;
}

/**
 * The same for peers, whose two lists count together: with both empty anybody with write access is a peer, so that an
 * entry more is wider than a short list and narrower than none.
 */
export function arePeersAtLeastAsStrict(mine: PolicyValues["peers"], theirs: PolicyValues["peers"]): boolean {
  if (theirs.teams.length + theirs.users.length === 0) return true;
  if (mine.teams.length + mine.users.length === 0) return false;
  return isNoWiderThan(mine.teams, theirs.teams) && isNoWiderThan(mine.users, theirs.users);
}

/** Whether a list names nothing that the other does not. */
function isNoWiderThan(mine: unknown, theirs: unknown): boolean {
  const others = listOf(theirs);
  return listOf(mine).every((entry) => others.includes(entry));
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Equality of plain values, lists compared in order. */
export function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
