import type { Context } from "hono";
import { systemFilterSchema } from "../../core/domain/system-filter.ts";
import type { DashboardData } from "./data.ts";
import { askToSignIn, type Door, nothingHere, type OpenOwner, type OpenRepository, type Part } from "./door.ts";
import { measuresFor } from "./measures.ts";
import { pageSize } from "./organisation-view.ts";
import { releasesFor } from "./releases.ts";
import { rollOutFor } from "./roll-out.ts";
import { ruleListOf } from "./rules.ts";
import { groupsOf } from "./teams.ts";

/** `/api/v1/…`: what the pages show, read-only, for programs. The shapes are those of `core/domain/dashboard.ts`. */
export function apiPart(data: DashboardData): Part {
  return (routes, door) => {
    const ofOwner = (path: string, answer: (open: OpenOwner, context: Context) => Promise<object>): void => {
      routes.get(`/api/v1/orgs/:owner${path}`, async (context) => {
        const open = await door.owner(context);
        return open instanceof Response ? open : context.json(await answer(open, context));
      });
    };
    routes.get("/api/v1/orgs", (context) => listOwners(door, context));
    ofOwner("", async (open) => data.organisation(open, await data.now()));
    ofOwner("/systems", async (open, context) => {
      const filter = systemFilterSchema.parse(context.req.query());
      const { total, systems } = await data.systems(open, filter);
      const pages = Math.ceil(total / pageSize);
      const asOf = await data.now();
      return { schemaVersion: 1, owner: open.owner, asOf, total, page: filter.page, pages, systems };
    });
    ofOwner("/teams", (open) => groupsOf(data, open));
    ofOwner("/rules", (open) => ruleListOf(data, open));
    ofOwner("/roll-out", async (open, context) => rollOutFor(data, open, context.req.query()));
    ofOwner("/releases", async (open, context) => releasesFor(data, open, context.req.query()));
    ofOwner("/measures", async (open, context) => measuresFor(data, open, context.req.query()));
    ofOwner("/controls", async (open) => data.controls(open, await data.now()));
    routes.get("/api/v1/repos/:owner/:name", async (context) => {
      const open = await door.repository(context);
      return open instanceof Response ? open : context.json(await repositoryAnswer(data, open));
    });
    routes.get("/api/v1/repos/:owner/:name/pulls/:number", async (context) => {
      const open = await door.repository(context);
      if (open instanceof Response) return open;
      const number = Number(context.req.param("number"));
      const stored = Number.isSafeInteger(number) && number > 0 ? await data.pullRequest(open.id, number) : undefined;
      if (!stored) return nothingHere(context);
      const { assessment, digest, previous, writes } = stored;
      return context.json({ schemaVersion: 1, assessment, digest, previous, writes });
    });
    routes.get("/api/*", nothingHere);
  };
}

async function listOwners(door: Door, context: Context): Promise<Response> {
  const known = await door.viewer(context);
  if (known instanceof Response) return known;
  if (!known) return door.isOpen ? askToSignIn(context) : context.json({ error: "the dashboard is off" }, 503);
  return context.json({ schemaVersion: 1, viewer: known.viewer.login, owners: known.owners });
}

async function repositoryAnswer(data: DashboardData, open: OpenRepository): Promise<object> {
  const rows = await data.systemsOf({ owner: open.owner, repositories: [open] });
  const systems = await Promise.all(
    rows.map(async (row) => {
      const kept = await data.sheet(open.id, row.system);
      return { ...row, ...(kept ? { head: kept.head, judged: kept.judged, detail: kept.sheet } : {}) };
    }),
  );
  const pullRequests = await data.pullRequests(open.id, 20);
  const { owner, name, id } = open;
  return { schemaVersion: 1, owner, repository: name, id, asOf: await data.now(), systems, pullRequests };
}
