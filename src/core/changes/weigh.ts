import type { Change, ChangeCategory, Confidence, RuleMode } from "../domain/change.ts";
import { fingerprintOf } from "../domain/marker.ts";
import { type Candidate, fillTemplate } from "./candidate.ts";

/*
 * Judging the change as a whole. What a rule saw is evidence; here it becomes a verdict: one thing is said once, weak
 * signs count when two of different kinds agree, and of many of one kind a few stand for all.
 */

/** Weight of one sign. What reaches `enough` is significant. */
const weights: Readonly<Record<Confidence, number>> = { low: 1, medium: 2, high: 2.6 };
/** A medium sign alone, or two weak ones of different categories. */
const enough = 2;
/** Places of one pull request that are asked about; more is not answered by anybody. */
const placesInAll = 6;
/** Two places of one file closer than this would be one conversation. */
const oneConversation = 5;
/** What a place loses for each one already asked about by the same rule, in the same file, of the same category. */
const repeats = { rule: 0.5, file: 0.3, category: 0.2 } as const;
/** A further place must still be worth this much. */
const worthAsking = 1.3;
/** Among weak signs alone, where none weighs more than one. */
const worthAskingWeak = 0.4;
/** What each step down the order of categories costs: only ever decides between equals. */
const perRank = 0.01;
/** In a file that is new, nobody has thought about the place before. */
const newFile = 0.1;
/** A place that the new file no longer has cannot be commented on. */
const goneFromFile = 0.6;
/** Beyond this many places of one pull request none is told apart from the others. */
const mostWeighed = 2000;

/** Of two signs of equal weight the one whose category a reviewer would raise first. */
const categoryOrder: readonly ChangeCategory[] = [
  "authentication",
  "authorization",
  "public-interface",
  "network-exposure",
  "external-integration",
  "secrets",
  "cryptography",
  "datastore",
  "file-upload",
  "sensitive-data",
  "component",
  "infrastructure",
  "ci-cd",
  "messaging",
  "multi-tenancy",
  "deserialization",
  "logging-audit",
  "dependency-runtime",
  "dependency-dev",
  "dependency-patch",
];
const rankOf: ReadonlyMap<ChangeCategory, number> = new Map(categoryOrder.map((category, index) => [category, index]));

/**
 * Turns candidates into changes, most important first. `modes` are the policy's; a rule that is `off` is silent.
 * Nothing that a rule saw is lost: what is not asked about stays in the list as not significant.
 * @param before fingerprints of what people are asked about already. What of it is still seen is asked about still, beside what is
 * chosen now: a later push must neither put a question away whose subject is there, nor keep a graver one from being asked
 */
export function weigh(
  candidates: readonly Candidate[],
  modes: Readonly<Record<string, RuleMode | "off">>,
  before: ReadonlySet<string> = new Set(),
): readonly Change[] {
  const live = withoutRepeats(withoutGivenWay(candidates).filter(({ rule }) => modes[rule.id] !== "off"));
  const ordered = live
    .map((candidate, index) => ({ candidate, index }))
    .sort((one, other) => compareWeight(one.candidate, other.candidate) || one.index - other.index)
    .map(({ candidate }) => candidate);
  const chosen = chooseAsked(ordered);
  const asked = new Set([...chosen, ...stillAsked(ordered, before)]);
  const changes = askedFirst(ordered, before).map((candidate) => {
    const change = changeOf(candidate, asked.has(candidate), modes[candidate.rule.id]);
    // Held against what is chosen now: an older question nearby must not excuse what it does not name.
    const isBehind = !asked.has(candidate) && standsBehind(candidate, chosen);
    return isBehind ? { ...change, behind: true as const } : change;
  });
  return [...changes.filter((change) => change.significant), ...changes.filter((change) => !change.significant)];
}

function compareWeight({ rule, confidence }: Candidate, other: Candidate): number {
  return (
    Number(other.rule.significant) - Number(rule.significant) ||
    weights[other.confidence] - weights[confidence] ||
    (rankOf.get(rule.category) ?? 99) - (rankOf.get(other.rule.category) ?? 99)
  );
}

/** Of equals, what has a thread comes first, oldest first: the threats of an element are told with its first change. */
function askedFirst(ordered: readonly Candidate[], before: ReadonlySet<string>): readonly Candidate[] {
  if (before.size === 0) return ordered;
  const places = new Map([...before].map((fingerprint, index) => [fingerprint, index]));
  return ordered
    .map((candidate) => ({ candidate, place: places.get(fingerprintIn(candidate)) ?? places.size }))
    .sort((one, other) => compareWeight(one.candidate, other.candidate) || one.place - other.place)
    .map(({ candidate }) => candidate);
}

/** Of each question that was asked, the first and strongest that it is true of. */
function stillAsked(ordered: readonly Candidate[], before: ReadonlySet<string>): readonly Candidate[] {
  const kept = new Map<string, Candidate>();
  if (before.size === 0) return [];
  for (const candidate of ordered) {
    if (!candidate.rule.significant) continue;
    const fingerprint = fingerprintIn(candidate);
    if (before.has(fingerprint) && !kept.has(fingerprint) && !isCompanion(candidate, ordered))
      kept.set(fingerprint, candidate);
  }
  return [...kept.values()];
}

function fingerprintIn(candidate: Candidate): string {
  return fingerprintOf(candidate.rule.id, candidate.path, nameOf(candidate));
}

/** The name of the element, as people read it. */
function nameOf({ rule, name, values }: Candidate): string {
  return fillTemplate(rule.element.name ?? name, values) || name;
}

/** A control that comes with the new thing it protects: its facts are credited there. */
function isCompanion({ rule, path, values }: Candidate, others: readonly Candidate[]): boolean {
  const owner = values.get("attached-to");
  if (!rule.companion || owner === undefined) return false;
  const folder = path.replace(/[^/]*$/, "");
  return others.some(
    (other) => other.rule.significant && !other.rule.companion && other.name === owner && other.path.startsWith(folder),
  );
}

/** What is surely there and was only passed over because enough else is asked; not what the same lines already say. */
function standsBehind(candidate: Candidate, asked: ReadonlySet<Candidate>): boolean {
  if (!candidate.rule.significant || candidate.confidence !== "high" || asked.has(candidate)) return false;
  if (isCompanion(candidate, [...asked])) return false;
  return ![...asked].some(
    ({ path, line, name }) =>
      path === candidate.path &&
      (name === candidate.name ||
        (line !== undefined && candidate.line !== undefined && Math.abs(line - candidate.line) <= oneConversation)),
  );
}

/**
 * What gives way says nothing at a place that another rule surely sees. Nor does it where that rule is switched off: what
 * an organisation does not want to hear must not come back under another name.
 */
function withoutGivenWay(candidates: readonly Candidate[]): readonly Candidate[] {
  if (!candidates.some(({ rule }) => rule.givesWay)) return candidates;
  const places = new Map<string, Set<number>>();
  for (const { rule, path, line, confidence } of candidates) {
    if (rule.givesWay || !rule.significant || line === undefined || weights[confidence] < enough) continue;
    const known = places.get(path) ?? new Set();
    for (let near = line - oneConversation; near <= line + oneConversation; near++) known.add(near);
    places.set(path, known);
  }
  return candidates.filter(
    ({ rule, path, line }) => !rule.givesWay || line === undefined || !places.get(path)?.has(line),
  );
}

/** One rule speaks once of one thing at one place. */
function withoutRepeats(candidates: readonly Candidate[]): readonly Candidate[] {
  const seen = new Set<string>();
  return candidates.filter(({ rule, path, name, line, baseLine }) => {
    const key = `${rule.id}\u0000${path}\u0000${name}\u0000${line ?? ""}\u0000${baseLine ?? ""}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/**
 * The places to ask about: the strongest first, then what adds most to what is already asked. Weak signs are asked about
 * only where nothing stronger is: beside it they would be noise.
 */
function chooseAsked(ordered: readonly Candidate[]): ReadonlySet<Candidate> {
  const asked = new Set<Candidate>();
  const speaking = ordered.filter((candidate) => candidate.rule.significant && !isCompanion(candidate, ordered));
  const strong = speaking.filter(({ confidence }) => weights[confidence] >= enough);
  const weak = speaking.filter(({ confidence }) => weights[confidence] < enough);
  // What gives way is one kind of sign, whatever it is about: two of it agree with nobody but themselves.
  const kinds = new Set(weak.map(({ rule }) => (rule.givesWay ? "gives way" : rule.category)));
  if (strong.length === 0 && kinds.size < 2) return asked;
  const formed = strong.filter(({ rule }) => !rule.givesWay);
  const choosable = strongestOfEachPlace(formed.length > 0 ? formed : strong.length > 0 ? strong : weak);
  const values = new Map(choosable.slice(0, mostWeighed).map((candidate) => [candidate, worthOf(candidate)]));
  const least = strong.length > 0 ? worthAsking : worthAskingWeak;
  while (asked.size < placesInAll) {
    let best: Candidate | undefined;
    let bestValue = asked.size === 0 ? Number.NEGATIVE_INFINITY : least;
    for (const [candidate, own] of values) {
      if (asked.has(candidate)) continue;
      const value = own - repetition(candidate, asked);
      if (value > bestValue) {
        best = candidate;
        bestValue = value;
      }
    }
    if (!best) break;
    asked.add(best);
  }
  return asked;
}

/**
 * Of several signs at one line, the first and strongest alone may be asked about: a weaker one must not take its place
 * because another file already has a question of the strong kind. Two new buckets are two object stores.
 */
function strongestOfEachPlace(ordered: readonly Candidate[]): readonly Candidate[] {
  const taken = new Set<string>();
  return ordered.filter(({ path, line }) => {
    if (line === undefined) return true;
    const place = `${path}\u0000${line}`;
    if (taken.has(place)) return false;
    taken.add(place);
    return true;
  });
}

function worthOf({ rule, line, confidence, inNewFile }: Candidate): number {
  const rank = rankOf.get(rule.category) ?? categoryOrder.length;
  return weights[confidence] + (inNewFile ? newFile : 0) - (line === undefined ? goneFromFile : 0) - rank * perRank;
}

function repetition(candidate: Candidate, asked: ReadonlySet<Candidate>): number {
  let loss = 0;
  for (const { rule, path, line } of asked) {
    if (path === candidate.path) {
      if (line !== undefined && candidate.line !== undefined && Math.abs(line - candidate.line) <= oneConversation)
        return Number.POSITIVE_INFINITY;
      loss += repeats.file;
    }
    if (rule === candidate.rule) loss += repeats.rule;
    if (rule.category === candidate.rule.category) loss += repeats.category;
  }
  return loss;
}

function changeOf(candidate: Candidate, significant: boolean, mode: RuleMode | "off" | undefined): Change {
  const { rule, path, line, baseLine, values, evidence, confidence, facts } = candidate;
  return {
    rule: rule.id,
    category: rule.category,
    path,
    ...(line === undefined ? {} : { line }),
    ...(baseLine === undefined ? {} : { baseLine }),
    significant,
    confidence,
    mode: mode === undefined || mode === "off" ? rule.mode : mode,
    element: { type: rule.element.type, name: nameOf(candidate) },
    stride: rule.stride,
    says: fillTemplate(rule.says, values),
    why: fillTemplate(rule.why, values),
    asks: fillTemplate(rule.asks, values),
    evidence,
    facts,
  };
}
