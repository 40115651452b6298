import pg from "pg";
import { PostgresServer } from "../../test/make/postgres-server.ts";
import { Bot, folderFor, organisations } from "./organisations.ts";
import { type Outcome, randomFrom, rest, type Wanted } from "./outcome.ts";
import { Traffic } from "./traffic.ts";

const restarts = 5;

/**
 * While people work, PostgreSQL is stopped and started five times. Every delivery that was answered with 2xx must be stored,
 * or be one of a kind that is ignored; the service never ends.
 */
export async function databaseRestarts({ seconds, seed, patience }: Wanted): Promise<Outcome> {
  const random = randomFrom(seed);
  const { github, repositories } = await organisations(8);
  const folder = await folderFor("restarts");
  const server = await PostgresServer.create();
  const bot = new Bot(github, folder.path, { DATABASE_URL: server.url });
  const traffic = new Traffic(github, repositories, random);
  try {
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
    await bot.end("SIGTERM");
    const refused = github.webhooks.deliveries.filter(({ statusCode }) => statusCode === 503).length;
    return {
      figures: {
        "pull requests": traffic.opened.length,
        restarts,
        deliveries: github.webhooks.deliveries.length,
        "refused with 503": refused,
      },
      wrong: [...wrong, ...bot.ends, ...bot.faults],
      said: bot.said,
    };
  } finally {
    await bot.end("SIGKILL");
    await github.close();
    await server.remove();
    await folder.remove();
  }
}

/** Pull requests that were opened, pushed to or merged wake the bot: a delivery of them that was accepted has a row. */
async function acceptedAndNotStored(
  github: Awaited<ReturnType<typeof organisations>>["github"],
  url: string,
): Promise<readonly string[]> {
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
