import type { Assessment } from "../../core/domain/assessment.ts";
import type { ControlList, Group, Organisation, RuleFigure, SystemRow } from "../../core/domain/dashboard.ts";
import type { Measures, MeasuresQuery } from "../../core/domain/measures.ts";
import type { ReleaseList, ReleaseQuery } from "../../core/domain/release.ts";
import type { RollOut, RollOutQuery } from "../../core/domain/roll-out.ts";
import type { SystemStanding } from "../../core/domain/standing.ts";
import type { SystemFilter } from "../../core/domain/system-filter.ts";
import type { TimelineEntry } from "../../core/domain/timeline.ts";

/** The repositories of an owner that somebody may read: nothing is told of others. */
export interface Visible {
  readonly owner: string;
  readonly repositories: readonly { readonly id: number; readonly name: string }[];
}

/** A stored assessment of a pull request, and what was written because of it. */
export interface StoredPullRequest {
  readonly assessment: Assessment;
  readonly digest: string;
  readonly previous: string;
  readonly writes: readonly { at: Date; step: string; outcome: string; detail: string }[];
}

/** A pull request of a repository, as its page lists them. */
export interface ListedPullRequest {
  readonly number: number;
  readonly conclusion: string;
  readonly head: string;
  readonly judged: string;
  readonly waitingSince?: string;
  readonly title?: string;
}

/** What the pages read. Times are GitHub's where it can be asked. */
export interface DashboardData {
  /** Now, ISO instant in UTC. */
  now(): Promise<string>;
  organisation(visible: Visible, now: string): Promise<Organisation>;
  /** One page of a list, or at most `most` systems of the whole. */
  systems(
    visible: Visible,
    filter: SystemFilter,
    most?: number,
  ): Promise<{ readonly total: number; readonly systems: SystemRow[] }>;
  choices(visible: Visible, column: "team" | "portfolio"): Promise<readonly string[]>;
  groups(visible: Visible, by: "team" | "portfolio"): Promise<Group[]>;
  rules(visible: Visible, since: string): Promise<RuleFigure[]>;
  /** @param most pull requests that are listed. */
  rollOut(visible: Visible, query: RollOutQuery, now: string, most: number): Promise<RollOut>;
  /** @param only the framework whose figures are wanted; left out: of each. */
  controls(visible: Visible, now: string, only?: string): Promise<ControlList>;
  /** Id of the framework that is shown first. */
  readonly firstFramework: string | undefined;
  measures(visible: Visible, query: MeasuresQuery, now: string): Promise<Measures>;
  /** @param most releases that are listed. */
  releases(visible: Visible, query: ReleaseQuery, now: string, most: number): Promise<ReleaseList>;
  systemsOf(visible: Visible): Promise<SystemRow[]>;
  sheet(
    repositoryId: number,
    system: string,
  ): Promise<{ readonly sheet: SystemStanding; readonly head: string; readonly judged: string } | undefined>;
  timeline(repositoryId: number, system: string, since: string): Promise<readonly TimelineEntry[]>;
  pullRequests(repositoryId: number, most: number): Promise<readonly ListedPullRequest[]>;
  /** By GitHub's id of the repository: another may have its name by now (H089). */
  pullRequest(repositoryId: number, number: number): Promise<StoredPullRequest | undefined>;
  /** A data flow diagram in DOT as SVG; undefined where it cannot be drawn in time. */
  diagram(dot: string): Promise<string | undefined>;
}
