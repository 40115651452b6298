import type { GitHubClient } from "../shell/github/client.ts";
import { handledEvents } from "../shell/github/events.ts";
import { type Attempt, attemptsSince, redeliver } from "../shell/github/missed.ts";
import { installationEvents } from "../shell/github/notices.ts";
import { storedDeliveries } from "../shell/store/answered-comments.ts";
import type { Database } from "../shell/store/database.ts";
import { progressOf, rememberProgress } from "../shell/store/repositories.ts";

/** GitHub redelivers what is at most three days old. https://docs.github.com/webhooks/testing-and-troubleshooting-webhooks/redelivering-webhooks */
const oldest = 3 * 86_400_000;
/** A delivery that is still being sent is not missed yet, and two looks overlap by this much. */
const overlap = 10 * 60_000;
/** Redeliveries that one sweep asks for, newest first; what is left is asked for by the next. */
const mostRedeliveries = 100;
/** Attempts after which a delivery is left alone: its pull request is found by the sweep of open ones. */
const mostAttempts = 5;

const progressName = "deliveries";

/**
 * Has GitHub repeat what it could not deliver, newest first: it keeps a list of its attempts and never repeats one by
 * itself. What was stored is not asked for, whatever GitHub thinks of our answer (H008).
 */
export async function askForMissedDeliveries(
  database: Database,
  asApp: GitHubClient,
  now: string,
): Promise<Readonly<Record<string, number>>> {
  const { kysely: db } = database;
  const known = await progressOf(db, progressName);
  const earliest = Date.parse(now) - oldest;
  const from = known === undefined ? earliest : Math.max(earliest, Date.parse(known) - overlap);
  const { attempts, complete } = await attemptsSince(asApp, new Date(from).toISOString());
  const failed = failedDeliveries(
    attempts.filter(({ event }) => handledEvents.has(event) || installationEvents.has(event)),
  );
  const stored = await storedDeliveries(
    db,
    failed.map(({ delivery }) => delivery),
  );
  const missed = failed.filter(({ delivery }) => !stored.has(delivery));
  let redelivered = 0;
  for (const { id } of missed.slice(0, mostRedeliveries)) if (await redeliver(asApp, id)) redelivered++;
  // What was left is looked for again; so is whatever came while the list was read.
  if (complete && missed.length <= mostRedeliveries) await rememberProgress(db, progressName, now, now);
  return { missed: missed.length, redelivered };
}

/** Deliveries of which no attempt arrived, each by its latest attempt, newest first. */
function failedDeliveries(attempts: readonly Attempt[]): readonly Attempt[] {
  const byDelivery = new Map<string, Attempt[]>();
  for (const attempt of attempts)
    byDelivery.set(attempt.delivery, [...(byDelivery.get(attempt.delivery) ?? []), attempt]);
  return [...byDelivery.values()].flatMap((all) => {
    if (all.length >= mostAttempts || all.some(({ arrived }) => arrived)) return [];
    return all[0] ?? [];
  });
}
