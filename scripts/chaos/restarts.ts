import pg from "pg";
import { PostgresServer } from "../../test/make/postgres-server.ts";
import { type Outcome, randomFrom, rest, type Wanted } from "./outcome.ts";
import { Traffic } from "./traffic.ts";
import { type Scene, underLoad } from "./under-load.ts";

const restarts = 5;

/**
 * While people work, PostgreSQL is stopped and started five times. Every delivery that was answered with 2xx must be stored,
 * or be one of a kind that is ignored; the service never ends.
 */
export async function databaseRestarts(wanted: Wanted): Promise<Outcome> {
  const server = await PostgresServer.create();
  try {
    return await underLoad("restarts", (scene) => restarted(scene, server, wanted), {
      settings: { DATABASE_URL: server.url },
    });
  } finally {
    await server.remove();
  }
}

async function restarted(
  { github, repositories, bot }: Scene,
  server: PostgresServer,
  { seconds, seed, patience }: Wanted,
): Promise<Pick<Outcome, "figures" | "wrong">> {
  const random = randomFrom(seed);
  const traffic = new Traffic(github, repositories, random);
  await bot.start();
  const each = (seconds * 1000) / restarts;
  for (let count = 0; count < restarts; count++) {
    const end = Date.now() + each;
    const stopAt = Date.now() + each * 0.4;
    let isStopped = false;
    while (Date.now() < end) {
      traffic.anything();
      await rest(1000 * (0.5 + random()));
      if (!isStopped && Date.now() > stopAt) {
        await server.stop();
        isStopped = true;
      }
    }
    if (!isStopped) await server.stop();
    await server.start();
  }
  const wrong = [...(await traffic.settled(patience))];
  await github.webhooks.idle();
  wrong.push(...(await acceptedAndNotStored(github, server.url)));
  if (bot.service.exitCode !== undefined) wrong.push("the service ended");
  return {
    figures: {
      "pull requests": traffic.opened.length,
      restarts,
      deliveries: github.webhooks.deliveries.length,
      "refused with 503": github.webhooks.deliveries.filter(({ statusCode }) => statusCode === 503).length,
    },
    wrong,
  };
}

/** Pull requests that were opened, pushed to or merged wake the bot: a delivery of them that was accepted has a row. */
async function acceptedAndNotStored(github: Scene["github"], url: string): Promise<readonly string[]> {
  const pool = new pg.Pool({ connectionString: url });
  try {
    const { rows } = await pool.query<{ id: string }>("select id from delivery");
    const stored = new Set(rows.map(({ id }) => id));
    const waking = new Set(["opened", "synchronize", "closed"]);
    return github.webhooks.deliveries
      .filter(
        ({ event, action, state }) => event === "pull_request" && waking.has(action ?? "") && state === "delivered",
      )
      .filter(({ guid }) => !stored.has(guid))
      .map(({ guid, action }) => `delivery ${guid} (${action}) was answered with 2xx and is not stored`);
  } finally {
    await pool.end();
  }
}
