import { Bot, folderFor, organisations } from "./organisations.ts";
import { type Outcome, quantile, randomFrom, rest, type Wanted } from "./outcome.ts";
import { Traffic } from "./traffic.ts";

/** Milliseconds between two kills, and between two deeds of people. */
const betweenKills = 20_000;
const betweenDeeds = 1_500;

/** While people work, the service is ended by `kill -9` every twenty seconds and started again on the same folder. */
export async function kills({ seconds, seed, patience }: Wanted): Promise<Outcome> {
  const random = randomFrom(seed);
  const { github, repositories } = await organisations(8);
  const folder = await folderFor("kills");
  const bot = new Bot(github, folder.path);
  const traffic = new Traffic(github, repositories, random);
  const starts: number[] = [];
  const start = async (): Promise<void> => {
    const began = performance.now();
    await bot.start();
    starts.push(performance.now() - began);
  };
  try {
    await start();
    const end = Date.now() + seconds * 1000;
    let killed = 0;
    let next = Date.now() + Math.min(betweenKills, seconds * 500);
    while (Date.now() < end) {
      traffic.anything();
      // Not in step with the deeds: anywhere in the work.
      await rest(betweenDeeds * (0.5 + random()));
      if (Date.now() < next) continue;
      await bot.end("SIGKILL");
      killed++;
      await start();
      next = Date.now() + betweenKills;
    }
    const began = Date.now();
    const wrong = await traffic.settled(patience);
    const settled = (Date.now() - began) / 1000;
    await bot.end("SIGTERM");
    return {
      figures: {
        "pull requests": traffic.opened.length,
        kills: killed,
        "start, median ms": Math.round(quantile(starts, 0.5)),
        "settled after, s": settled,
      },
      wrong: [...wrong, ...bot.ends, ...bot.faults],
      said: bot.said,
    };
  } finally {
    await bot.end("SIGKILL");
    await github.close();
    await folder.remove();
  }
}
