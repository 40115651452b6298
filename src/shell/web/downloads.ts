import type { SystemRow } from "../../core/domain/dashboard.ts";
import { systemFilterSchema } from "../../core/domain/system-filter.ts";
import { type Columns, csv } from "./csv.ts";
import type { DashboardData } from "./data.ts";
import type { OpenOwner, Part } from "./door.ts";

/**
 * `/orgs/:owner/NAME.csv` and `NAME.json`: what a page shows in part, to be taken away.
 * @param listed what the words of the address ask for, as it is given away in JSON.
 */
export function ownerDownloads<Listed extends object>(
  name: string,
  listed: (open: OpenOwner, query: Readonly<Record<string, string>>) => Promise<Listed>,
  asCsv: (list: Listed) => string,
): Part {
  return (routes, door) => {
    routes.get(`/orgs/:owner/:file{${name}\\.(?:csv|json)}`, async (context) => {
      const open = await door.owner(context);
      if (open instanceof Response) return open;
      const list = await listed(open, context.req.query());
      const ending = context.req.path.endsWith(".csv") ? "csv" : "json";
      context.header("content-disposition", `attachment; filename="${name}.${ending}"`);
      if (ending === "json") return context.json(list);
      return context.body(asCsv(list), 200, { "content-type": "text/csv; charset=utf-8" });
    });
  };
}

/** Systems that one download holds at most. */
const mostDownloaded = 20_000;

/** `/orgs/:owner/systems.csv` and `.json`: the list as it is filtered, all pages of it. */
export function downloadsPart(data: DashboardData): Part {
  return ownerDownloads(
    "systems",
    async (open, query) => {
      const filter = { ...systemFilterSchema.parse(query), page: 1 };
      const { total, systems } = await data.systems(open, filter, mostDownloaded);
      return { schemaVersion: 1, owner: open.owner, asOf: await data.now(), total, page: 1, pages: 1, systems };
    },
    ({ systems }) => systemsCsv(systems),
  );
}

const columns: Columns<SystemRow> = [
  ["repository", (row) => row.repository],
  ["system", (row) => row.system],
  ["team", (row) => row.team],
  ["portfolio", (row) => row.portfolio],
  ["risk_class", (row) => row.riskClass],
  ["mode", (row) => row.mode],
  ["tm1_currency", (row) => row.indicators["TM-1"]],
  ["tm2_deliverables", (row) => row.indicators["TM-2"]],
  ["tm3_review", (row) => row.indicators["TM-3"]],
  ["tm4_integration", (row) => row.indicators["TM-4"]],
  ["deliverables_complete", (row) => row.complete],
  ["threats", (row) => row.threats],
  ["open_critical", (row) => row.open.critical],
  ["open_high", (row) => row.open.high],
  ["open_medium", (row) => row.open.medium],
  ["open_low", (row) => row.open.low],
  ["accepted", (row) => row.accepted],
  ["acceptance_ends", (row) => row.acceptanceEnds],
  ["model_updated", (row) => row.modelUpdated],
  ["uncovered_since", (row) => row.uncoveredSince],
  ["last_merge", (row) => row.merged],
  ["waiting_for_architect", (row) => row.waiting],
  ["waiting_since", (row) => row.waitingSince],
];

/** The systems as comma-separated values: RFC 4180, with the names of the columns in the first line. */
export function systemsCsv(systems: readonly SystemRow[]): string {
  return csv(columns, systems);
}
