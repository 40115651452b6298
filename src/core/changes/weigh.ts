import type { Change, ChangeCategory, Confidence, RuleMode } from "../domain/change.ts";
import { type Candidate, fillTemplate } from "./candidate.ts";

/*
 * Judging the change as a whole. What a rule saw is evidence; here it becomes a verdict: one thing is said once, weak
 * signs count when two of different kinds agree, and of many of one kind a few stand for all.
 */

/** Weight of one sign. What reaches `enough` is significant. */
const weights: Readonly<Record<Confidence, number>> = { low: 1, medium: 2, high: 3 };
/** A medium sign alone, or two weak ones of different categories. */
const enough = 2;
/** Places of one rule that are asked about; the rest is recorded. */
const placesPerRule = 2;
/** Places of one category that are asked about. */
const placesPerCategory = 3;
/** Places of one pull request that are asked about; more is not answered by anybody. */
const placesInAll = 6;
/** Two places of one file closer than this would be one conversation. */
const oneConversation = 4;

/** Of two signs of equal weight the one whose category a reviewer would raise first. */
const categoryOrder: readonly ChangeCategory[] = [
  "authentication",
  "authorization",
  "public-interface",
  "network-exposure",
  "secrets",
  "cryptography",
  "datastore",
  "external-integration",
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
 */
export function weigh(
  candidates: readonly Candidate[],
  modes: Readonly<Record<string, RuleMode | "off">>,
): readonly Change[] {
  const live = withoutRepeats(candidates.filter(({ rule }) => modes[rule.id] !== "off"));
  const ordered = live
    .map((candidate, index) => ({ candidate, index }))
    .sort(
      (one, other) =>
        Number(other.candidate.rule.significant) - Number(one.candidate.rule.significant) ||
        weights[other.candidate.confidence] - weights[one.candidate.confidence] ||
        (rankOf.get(one.candidate.rule.category) ?? 99) - (rankOf.get(other.candidate.rule.category) ?? 99) ||
        one.index - other.index,
    )
    .map(({ candidate }) => candidate);
  const asked = chooseAsked(ordered);
  const changes = ordered.map((candidate) => changeOf(candidate, asked.has(candidate), modes[candidate.rule.id]));
  return [...changes.filter((change) => change.significant), ...changes.filter((change) => !change.significant)];
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

function chooseAsked(ordered: readonly Candidate[]): ReadonlySet<Candidate> {
  const speaking = ordered.filter(({ rule }) => rule.significant);
  const asked = new Set<Candidate>();
  const strong = speaking.filter(({ confidence }) => weights[confidence] >= enough);
  const weak = speaking.filter(({ confidence }) => weights[confidence] < enough);
  const kinds = new Set(weak.map(({ rule }) => rule.category));
  const weakCount = weak.length > 0 && kinds.size >= 2;
  if (strong.length === 0 && !weakCount) return asked;
  const perRule = new Map<string, number>();
  const perCategory = new Map<string, number>();
  // Weak signs are asked about only where nothing stronger is: beside it they would be noise.
  for (const candidate of strong.length > 0 ? strong : weak) {
    if (asked.size >= placesInAll) break;
    const { rule, path, line } = candidate;
    const ofRule = perRule.get(rule.id) ?? 0;
    const ofCategory = perCategory.get(rule.category) ?? 0;
    if (ofRule >= placesPerRule || ofCategory >= placesPerCategory) continue;
    const near = [...asked].some(
      (other) =>
        other.path === path &&
        line !== undefined &&
        other.line !== undefined &&
        Math.abs(other.line - line) <= oneConversation,
    );
    if (near) continue;
    perRule.set(rule.id, ofRule + 1);
    perCategory.set(rule.category, ofCategory + 1);
    asked.add(candidate);
  }
  return asked;
}

function changeOf(candidate: Candidate, significant: boolean, mode: RuleMode | "off" | undefined): Change {
  const { rule, path, line, baseLine, values, evidence, confidence, facts, name } = candidate;
  return {
    rule: rule.id,
    category: rule.category,
    path,
    ...(line === undefined ? {} : { line }),
    ...(baseLine === undefined ? {} : { baseLine }),
    significant,
    confidence,
    mode: mode === undefined || mode === "off" ? rule.mode : mode,
    element: { type: rule.element.type, name: fillTemplate(rule.element.name ?? name, values) || name },
    stride: rule.stride,
    says: fillTemplate(rule.says, values),
    why: fillTemplate(rule.why, values),
    asks: fillTemplate(rule.asks, values),
    evidence,
    facts,
  };
}
