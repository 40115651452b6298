import type { Database } from "../shell/store/database.ts";
import { addWork } from "../shell/store/standings.ts";

/** Counts requests for each installation and writes the counts down from time to time. */
export interface CallCounter {
  count(installation: number): void;
  /** Writes what was counted since the last time; what cannot be written now is written later. */
  write(): Promise<void>;
}

/** Requests to GitHub by owner and week: what the bot costs of a rate limit is shown to those who pay it. */
export function countCalls(database: Database): CallCounter {
  const counts = new Map<number, number>();
  return {
    count: (installation) => counts.set(installation, (counts.get(installation) ?? 0) + 1),
    write: async () => {
      for (const [installation, calls] of [...counts]) {
        const known = await database.kysely
          .selectFrom("repository")
          .select("owner")
          .where("installation", "=", installation)
          .limit(1)
          .executeTakeFirst();
        // Of an installation without any repository that was judged, the owner is not known yet.
        if (!known) continue;
        const now = new Date().toISOString();
        await addWork(database.kysely, known.owner, now, { calls, evaluations: 0, writes: 0 });
        counts.set(installation, (counts.get(installation) ?? calls) - calls);
        if (counts.get(installation) === 0) counts.delete(installation);
      }
    },
  };
}
