import type { SystemRow } from "../../core/domain/dashboard.ts";
import type { SystemStanding } from "../../core/domain/standing.ts";
import type { TimelineEntry } from "../../core/domain/timeline.ts";
import type { ListedPullRequest } from "./data.ts";
import type { OpenRepository } from "./door.ts";

/** What the page of a system shows. */
export interface SystemView {
  readonly repository: OpenRepository;
  /** Address of the repository on GitHub. */
  readonly onGitHub: string;
  readonly now: string;
  /** All systems of the repository. */
  readonly systems: readonly SystemRow[];
  readonly row: SystemRow;
  readonly sheet: SystemStanding;
  readonly head: string;
  readonly judged: string;
  readonly timeline: readonly TimelineEntry[];
  readonly pullRequests: readonly ListedPullRequest[];
  /** The diagram as SVG of our own making; undefined where there is none. */
  readonly diagram: string | undefined;
  readonly threatFilter: ThreatFilter;
  /** Pages of others about the repository: their name and address. */
  readonly links: readonly { readonly name: string; readonly href: string }[];
}

/** Which threats are shown; what is absent does not narrow. */
export interface ThreatFilter {
  readonly status?: string;
  readonly stride?: string;
  readonly risk?: string;
}
