import type { Change, RuleMode } from "../domain/change.ts";
import type { NotInspected, Problem } from "../domain/problem.ts";
import type { Rules } from "../domain/rules.ts";
import type { ChangedFile, FileText } from "../domain/snapshot.ts";
import { differencesOf } from "./file-differences.ts";
import { splitIgnored } from "./ignore.ts";
import { inspectFiles } from "./inspected-file.ts";
import { matcherOf, type RuleMatcher } from "./match-rule.ts";
import { nearestTo } from "./nearest.ts";
import { textsByPath, withOwnPatches } from "./texts.ts";
import { weigh } from "./weigh.ts";

export interface DetectionInput {
  readonly files: readonly ChangedFile[];
  /** Whole texts where known; see `textsNeeded`. A missing one is derived from the other side and the patch. */
  readonly headTexts: readonly FileText[];
  readonly baseTexts: readonly FileText[];
  /**
   * What was asked for and could not be read. Given, a file of which neither patch nor texts are known is a change of its own: unknown
   * is not harmless (H077). Left out, nobody asked, and it is only listed as not inspected.
   */
  readonly notRead?: readonly NotInspected[];
  /** Fingerprints of what is asked about already: where it is still seen it stays significant, whatever came since. */
  readonly asked?: readonly string[];
  /** The policy's `paths.ignore`. */
  readonly ignore: readonly string[];
  /** The policy's mode for each rule that it names. */
  readonly modes: Readonly<Record<string, RuleMode | "off">>;
}

export interface Detection {
  /** Most important first; the significant ones are those to ask about. */
  readonly changes: readonly Change[];
  /** What was not looked at, each with the reason. */
  readonly notInspected: readonly NotInspected[];
  readonly problems: readonly Problem[];
  /** When nothing was significant: the file that came nearest, and why it does not count. */
  readonly nearest?: { readonly path: string; readonly why: string };
}

/**
 * What of a difference matters to security. Pure and bounded in time whatever the files hold; the same input and rules
 * give the same answer.
 */
export function detectChanges(input: DetectionInput, rules: Rules): Detection {
  const matcher = matcherOf(rules);
  const own = rules.own && matcherOf(rules.own);
  const { kept: given, ignored } = splitIgnored(input.files, input.ignore);
  const headTexts = textsByPath(input.headTexts);
  const baseTexts = textsByPath(input.baseTexts);
  const { files: kept, unshown } = withOwnPatches(given, headTexts, baseTexts, input.notRead);
  const inspection = inspectFiles(kept, unshown);
  const structural = differencesOf(kept, headTexts, baseTexts);
  const newFiles = new Set(kept.filter(({ status }) => status === "added").map(({ filename }) => filename));
  const asked = new Set(input.asked);
  const seenBy = (one: RuleMatcher) =>
    weigh(
      one
        .match(inspection.files, structural.differences)
        .map((candidate) => (newFiles.has(candidate.path) ? { ...candidate, inNewFile: true } : candidate)),
      input.modes,
      asked,
    );
  const changes = significantFirst([...seenBy(matcher), ...(own ? seenBy(own) : [])]);
  const nearest = changes.some((change) => change.significant) ? undefined : nearestTo(inspection.files, changes);
  return {
    changes,
    notInspected: onePerPath([
      ...inspection.notInspected,
      ...structural.notInspected,
      ...ignored.map((path) => ({ path, reason: "left out by the policy (`paths.ignore`)" })),
    ]),
    problems: [...matcher.problems, ...(own?.problems ?? []), ...structural.problems],
    ...(nearest ? { nearest } : {}),
  };
}

/** The significant ones first, each kind in its order: what others' rules see comes after what the shipped ones do. */
function significantFirst(changes: readonly Change[]): readonly Change[] {
  return [...changes.filter(({ significant }) => significant), ...changes.filter(({ significant }) => !significant)];
}

function onePerPath(all: readonly NotInspected[]): readonly NotInspected[] {
  const reasons = new Map<string, NotInspected>();
  for (const one of all) if (!reasons.has(one.path)) reasons.set(one.path, one);
  return [...reasons.values()];
}
