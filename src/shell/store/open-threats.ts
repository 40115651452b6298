import { type Kysely, sql } from "kysely";
import type { Standing, SystemStanding } from "../../core/domain/standing.ts";
import type { Tables } from "../tables.ts";
import { plain } from "./storable.ts";
import { openThreatsOf } from "./system-columns.ts";

/** Remembers the open threats of a system by kind, each since when it is open, with its highest rating. */
export async function keepOpenThreats(
  db: Kysely<Tables>,
  { repository }: Standing,
  system: SystemStanding,
  asOf: string,
): Promise<void> {
  const open = openThreatsOf(system);
  const place = { repository_id: repository.id, system: plain(system.system) };
  let closed = db
    .deleteFrom("open_threat")
    .where("repository_id", "=", place.repository_id)
    .where("system", "=", place.system);
  const rows = new Map<string, { title: string; risk: string }>();
  for (const threat of open) {
    const title = plain(threat.title);
    const kind = threat.rule ?? title.trim().toLowerCase();
    const risk = threat.risk ?? "not rated";
    const known = rows.get(kind);
    if (!known || ranks.indexOf(risk) > ranks.indexOf(known.risk))
      rows.set(kind, { title: known?.title ?? title, risk });
  }
  if (rows.size > 0) closed = closed.where("kind", "not in", [...rows.keys()]);
  await closed.execute();
  if (rows.size === 0) return;
  const owner = repository.owner.toLowerCase();
  await db
    .insertInto("open_threat")
    .values([...rows].map(([kind, row]) => ({ ...place, kind, owner, since: asOf, ...row })))
    .onConflict((conflict) =>
      conflict
        .columns(["repository_id", "system", "kind"])
        .doUpdateSet({ title: sql<string>`excluded.title`, risk: sql<string>`excluded.risk` }),
    )
    .execute();
}

const ranks: readonly string[] = ["not rated", "note", "low", "medium", "high", "critical"];
