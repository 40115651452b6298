import type { Database } from "../shell/store/database.ts";
import { addWork } from "../shell/store/standings.ts";

/** Counts requests for each repository and writes the counts down from time to time. */
export interface CallCounter {
  count(installation: number, repository: string): void;
  /** Writes what was counted since the last time; what cannot be written now is written later. */
  write(): Promise<void>;
}

interface Counted {
  readonly installation: number;
  readonly repository: string;
  calls: number;
}

/** Requests to GitHub by repository and week: what the bot uses of a rate limit is shown to those whose limit it is. */
export function countCalls(database: Database): CallCounter {
  let counts = new Map<string, Counted>();
  const add = (installation: number, repository: string, calls: number): void => {
    const key = `${installation}/${repository}`;
    const known = counts.get(key);
    if (known) known.calls += calls;
    else counts.set(key, { installation, repository, calls });
  };
  return {
    count: (installation, repository) => add(installation, repository, 1),
    write: async () => {
      const taken = [...counts.values()];
      counts = new Map();
      const now = new Date().toISOString();
      for (const [index, { installation, repository, calls }] of taken.entries()) {
        try {
          const owner = await ownerOf(database, installation);
          // Of an installation where nothing was judged yet, the owner is known a little later.
          if (owner === undefined) add(installation, repository, calls);
          else await addWork(database.kysely, { owner, name: repository }, now, { calls, evaluations: 0, writes: 0 });
        } catch (error) {
          for (const one of taken.slice(index)) add(one.installation, one.repository, one.calls);
          throw error;
        }
      }
    },
  };
}

async function ownerOf({ kysely }: Database, installation: number): Promise<string | undefined> {
  const known = kysely.selectFrom("repository").select("owner").where("installation", "=", installation).limit(1);
  return (await known.executeTakeFirst())?.owner;
}
