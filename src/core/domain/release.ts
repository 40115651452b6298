import { z } from "zod";
import { type IndicatorId, indicatorIds, type Rag } from "./assessment.ts";
import { count, indicatorsSchema, moment } from "./figures.ts";
import type { SystemStanding } from "./standing.ts";

/*
 * Releases of a repository, and how its systems stood when each went out. Field names of the list are stable, new fields
 * may appear, enumerations may grow. Days are ISO dates, moments ISO instants, both in UTC.
 */

/** What GitHub says of a release. Texts are its author's: escape them to show them. */
export interface Release {
  /** GitHub's own id. */
  readonly id: number;
  readonly tag: string;
  readonly name: string;
  /** ISO instant. */
  readonly published: string;
  readonly isPrerelease: boolean;
  /** The commit that the tag names; absent where GitHub does not tell. */
  readonly commit?: string;
}

/** `unnumbered`: its tag has no version number, or one that is a date, so that nobody can tell how large it is. */
export const releaseKinds = ["major", "minor", "patch", "prerelease", "unnumbered"] as const;
export type ReleaseKind = (typeof releaseKinds)[number];

/** Those that somebody who carries risk is told of: what may be a major release is not passed over. */
export const majorKinds = ["major", "unnumbered"] as const satisfies readonly ReleaseKind[];

/** The version that a tag names: what stands before it (`web-v`), three numbers, and whether it is one before the release. */
export interface TagVersion {
  readonly line: string;
  readonly numbers: readonly [major: number, minor: number, patch: number];
  readonly isPrerelease: boolean;
}

/** The longest tag that is looked at; GitHub's own limit is lower. */
const longestTag = 300;
/** Numbers from here on are years: a version by the calendar says nothing of the size of a release. */
const firstYear = 1990;

/** What follows a version that is not out yet, in words that people use; `2.0.0-RELEASE` is out. */
const early = /^-(?:alpha|beta|rc|cr|pre|dev|snapshot|canary|next|nightly|milestone|[abm]\d)/i;

/**
 * Reads a version of two or three numbers, or of one behind a `v`, at the end of a tag, whatever follows
 * it after `-` or `+` (Semantic Versioning 2.0.0, items 9 and 10). Undefined where there is none, or it is a date.
 */
export function versionOf(tag: string): TagVersion | undefined {
  if (tag.length > longestTag) return undefined;
  const bare = withoutSuffix(tag);
  const found = /^(?<line>(?:.*[^\d.])?)(?<major>\d{1,9})(?:\.(?<minor>\d{1,9}))?(?:\.(?<patch>\d{1,9}))?$/s.exec(
    bare,
  )?.groups;
  if (!found) return undefined;
  const { line = "", major = "", minor, patch } = found;
  if (minor === undefined && !/(?:^|[^a-z])v$/i.test(line)) return undefined;
  if (Number(major) >= firstYear) return undefined;
  const isPrerelease = early.test(tag.slice(bare.length));
  return { line, numbers: [Number(major), Number(minor ?? 0), Number(patch ?? 0)], isPrerelease };
}

/** The tag up to the first `-` or `+` that follows a number of its version: `v2.0.0-rc.1` is `v2.0.0`. */
function withoutSuffix(tag: string): string {
  const at = /\d\.\d+(?:\.\d+)?(?=[-+])/.exec(tag);
  return at ? tag.slice(0, at.index + at[0].length) : tag;
}

/**
 * The kind of each release: `major` where the first number is higher than that of every release before it with the same
 * beginning of the tag, whatever follows; of the first that is known, where only noughts follow. `0.x` is never major: by
 * Semantic Versioning 2.0.0, item 4, everything may change there at any time.
 * @param releases in any order; all that are known of the repository.
 */
export function kindsOf(
  releases: readonly Pick<Release, "id" | "tag" | "published" | "isPrerelease">[],
): ReadonlyMap<number, ReleaseKind> {
  const highest = new Map<string, number>();
  const kinds = new Map<number, ReleaseKind>();
  const inOrder = releases.toSorted(
    (one, other) => Date.parse(one.published) - Date.parse(other.published) || one.id - other.id,
  );
  for (const { id, tag, isPrerelease } of inOrder) {
    const version = versionOf(tag);
    if (isPrerelease || version?.isPrerelease) kinds.set(id, "prerelease");
    else if (!version) kinds.set(id, "unnumbered");
    else {
      const { line, numbers } = version;
      const [major, minor, patch] = numbers;
      const before = highest.get(line);
      const isHigher = before === undefined ? minor === 0 && patch === 0 : major > before;
      kinds.set(id, major > 0 && isHigher ? "major" : patch === 0 ? "minor" : "patch");
      highest.set(line, Math.max(major, before ?? 0));
    }
  }
  return kinds;
}

/**
 * The release before one, of the same line of versions, by the time of publishing. Undefined where there is none, or the tag
 * names no version: then nobody can tell which of the others it goes on from. An early version is none that went out.
 */
export function releaseBefore<Known extends Pick<Release, "tag" | "published" | "isPrerelease">>(
  release: Pick<Release, "tag" | "published">,
  known: readonly Known[],
): Known | undefined {
  const line = versionOf(release.tag)?.line;
  if (line === undefined) return undefined;
  const wentOut = Date.parse(release.published);
  const earlier = known.filter(({ tag, published, isPrerelease }) => {
    const version = versionOf(tag);
    return version?.line === line && !version.isPrerelease && !isPrerelease && Date.parse(published) < wentOut;
  });
  return earlier.toSorted((one, other) => Date.parse(other.published) - Date.parse(one.published))[0];
}

/** How one system stood when something went out. */
const systemThenSchema = z.object({
  system: z.string(),
  indicators: indicatorsSchema,
  /** Deliverables that were complete, of eight. */
  complete: count,
  /** Open threats at or above the policy's risk; null where that was not kept, or may not be told here. */
  open: count.nullable(),
  threshold: z.string().nullable(),
  /** Changes that the model did not hold, at most 50, and when the oldest of them was merged. */
  uncovered: count,
  uncoveredSince: moment.nullable(),
});
export type SystemThen = z.infer<typeof systemThenSchema>;

/** `complete`: nothing was missing. `gaps`: something was. `unknown`: nothing is known to have been missing, and not all is known. */
const evidenceStates = ["complete", "gaps", "unknown"] as const;
export type ReleaseEvidence = (typeof evidenceStates)[number];

const releaseRowSchema = z.object({
  repositoryId: z.number().int(),
  repository: z.string(),
  tag: z.string(),
  name: z.string(),
  kind: z.enum(releaseKinds),
  published: moment,
  commit: z.string().nullable(),
  /** GitHub shows it no more. */
  withdrawn: z.boolean(),
  evidence: z.enum(evidenceStates),
  /** Since when the systems had stood so, and the pull request that brought it; null where nothing is known of then. */
  asOf: moment.nullable(),
  pullRequest: z.number().int().nullable(),
  systems: z.array(systemThenSchema),
});
export type ReleaseRow = z.infer<typeof releaseRowSchema>;

export const releaseListSchema = z.object({
  schemaVersion: z.literal(1),
  owner: z.string(),
  asOf: moment,
  /** The period: first and last day. */
  from: z.string(),
  to: z.string(),
  kinds: z.enum(["major", "all"]),
  /** Releases of these kinds in the period, of which `releases` may show the latest only. */
  total: count,
  /** Releases of any kind in the period. */
  all: count,
  /** Of those that `releases` shows. */
  evidence: z.object({ complete: count, gaps: count, unknown: count }),
  /** Latest first. */
  releases: z.array(releaseRowSchema),
});
export type ReleaseList = z.infer<typeof releaseListSchema>;

const day = z.iso.date();

/** Which releases are asked for: the query of the downloads and of the API. What does not fit is taken for not given. */
export const releaseQuerySchema = z.object({
  from: day.optional().catch(undefined),
  to: day.optional().catch(undefined),
  kinds: z.enum(["major", "all"]).catch("all"),
});
export type ReleaseQuery = z.infer<typeof releaseQuerySchema>;

/** How a system stood from some moment on, as it is kept: enough to say how it stood at any moment until the next. */
export interface KeptStanding {
  readonly system: string;
  readonly indicators: Readonly<Record<IndicatorId, Rag>>;
  readonly complete: number;
  readonly open: number | null;
  readonly threshold: string | null;
  readonly uncovered: number;
  readonly uncoveredSince: string | null;
  readonly modelUpdated: string | null;
  /** Days of the policy by which TM-1 changes colour. */
  readonly currency: SystemStanding["currency"];
}

const msPerDay = 86_400_000;

/** Whole UTC days from one moment or day to another. */
function daysBetween(from: string, to: string): number {
  return (Date.parse(to.slice(0, 10)) - Date.parse(from.slice(0, 10))) / msPerDay;
}

/** How it stood at a moment: what time alone makes of TM-1 is counted until then, on whole UTC days. @param at ISO instant. */
export function standingAt(kept: KeptStanding, at: string): SystemThen {
  const { system, complete, open, threshold, uncovered, uncoveredSince } = kept;
  const indicators = { ...kept.indicators, "TM-1": currencyAt(kept, at) };
  return { system, indicators, complete, open, threshold, uncovered, uncoveredSince };
}

/** UKHSA threat-modelling standard, TM-1: GREEN and AMBER are a matter of days. */
function currencyAt({ indicators, modelUpdated, currency, uncoveredSince }: KeptStanding, at: string): Rag {
  const then = indicators["TM-1"];
  if (then === "RED" || then === "UNKNOWN") return then;
  if (modelUpdated !== null && daysBetween(modelUpdated, at) > currency.review) return "RED";
  if (uncoveredSince === null) return then;
  const age = daysBetween(uncoveredSince, at);
  return age > currency.amber ? "RED" : age > currency.green ? "AMBER" : then;
}

/**
 * Whether the evidence of a release was complete when it went out: four GREEN indicators, no open threat at or above the
 * policy's risk and no change that the model did not hold, in every system. What is unknown is never taken for complete.
 */
export function evidenceOf(systems: readonly SystemThen[]): ReleaseEvidence {
  if (systems.length === 0) return "unknown";
  if (systems.some((system) => gapsOf(system).length > 0)) return "gaps";
  const isKnown = systems.every(
    ({ indicators, open }) => open !== null && indicatorIds.every((id) => indicators[id] !== "UNKNOWN"),
  );
  return isKnown ? "complete" : "unknown";
}

/** What was missing in one system, in words. */
export function gapsOf({ indicators, open, threshold, uncovered }: SystemThen): readonly string[] {
  const colours = indicatorIds.flatMap((id) =>
    indicators[id] === "AMBER" || indicators[id] === "RED" ? [`${id} ${indicators[id]}`] : [],
  );
  const counted = (number: number, one: string, many: string): string => `${number} ${number === 1 ? one : many}`;
  const above =
    threshold === null ? "" : threshold === "critical" ? " of critical risk" : ` of ${threshold} risk or above`;
  return [
    ...colours,
    ...(open === null || open === 0 ? [] : [`${counted(open, "open threat", "open threats")}${above}`]),
    ...(uncovered === 0 ? [] : [`${counted(uncovered, "change", "changes")} not in the model`]),
  ];
}

/** What is not known of one system, in words. */
export function unknownOf({ indicators, open }: SystemThen): readonly string[] {
  return [
    ...indicatorIds.filter((id) => indicators[id] === "UNKNOWN").map((id) => `${id} UNKNOWN`),
    ...(open === null ? ["open threats not known"] : []),
  ];
}
