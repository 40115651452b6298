import { type Outcome, quantile, randomFrom, rest, type Wanted } from "./outcome.ts";
import { Traffic } from "./traffic.ts";
import { underLoad } from "./under-load.ts";

/** Milliseconds between two kills, and between two deeds of people. */
const betweenKills = 20_000;
const betweenDeeds = 1_500;

/** While people work, the service is ended by `kill -9` every twenty seconds and started again on the same folder. */
export function kills({ seconds, seed, patience }: Wanted): Promise<Outcome> {
  return underLoad("kills", async ({ github, repositories, bot }) => {
    const random = randomFrom(seed);
    const traffic = new Traffic(github, repositories, random);
    const starts: number[] = [];
    const start = async (): Promise<void> => {
      const began = performance.now();
      await bot.start();
      starts.push(performance.now() - began);
    };
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
    return {
      figures: {
        "pull requests": traffic.opened.length,
        kills: killed,
        "start, median ms": Math.round(quantile(starts, 0.5)),
        "settled after, s": (Date.now() - began) / 1000,
      },
      wrong,
    };
  });
}
