import type { Organisation, SystemRow } from "../../core/domain/dashboard.ts";
import type { SystemFilter } from "../../core/domain/system-filter.ts";
import type { Person } from "../people-on-github.ts";

/** What the page of an organisation shows. */
export interface OrganisationView {
  readonly viewer: Person;
  readonly figures: Organisation;
  readonly filter: SystemFilter;
  readonly total: number;
  readonly systems: readonly SystemRow[];
  readonly teams: readonly string[];
  readonly portfolios: readonly string[];
}

/** Systems on one page of the list; the store's number. */
export const pageSize = 50;

/** The indicators by the names that people know. */
export const indicatorNames = {
  "TM-1": "Currency",
  "TM-2": "Deliverables",
  "TM-3": "Review",
  "TM-4": "Integration",
} as const;

/** Whether a filter leaves anything out. */
export function isFiltered({ sort: _, page: __, ...words }: SystemFilter): boolean {
  return Object.values(words).some((word) => word !== undefined && word !== "");
}
