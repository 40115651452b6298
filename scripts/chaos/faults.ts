import { type Effect, effects } from "../../test/github/faults.ts";
import { Bot, folderFor, organisations } from "./organisations.ts";
import { type Outcome, randomFrom, rest, type Wanted } from "./outcome.ts";
import { Traffic } from "./traffic.ts";

/** Shares of all calls: a fifth fails in some way, and of another twentieth the answer is lost after the deed. */
const mixed: readonly (readonly [number, Effect])[] = [
  [0.05, effects.serverError(502)],
  [0.04, effects.serverError(503)],
  [0.04, { do: "reset", when: "before" }],
  [0.03, effects.truncatedJson],
  [0.02, effects.htmlPage],
  [0.02, { do: "delay", milliseconds: 2_000 }],
  [0.03, effects.lostAfterApplying],
  [0.02, effects.badGatewayAfterApplying],
];

/** While people work, GitHub answers one call in five wrongly and loses one answer in twenty. */
export async function faultyGitHub({ seconds, seed, patience }: Wanted): Promise<Outcome> {
  const random = randomFrom(seed);
  const { github, repositories } = await organisations(8);
  const folder = await folderFor("faults");
  const bot = new Bot(github, folder.path);
  const traffic = new Traffic(github, repositories, random);
  try {
    await bot.start();
    for (const [index, [share, effect]] of mixed.entries()) {
      github.faults.add({ share, seed: seed + index * 7919 + 1, effect });
    }
    const end = Date.now() + seconds * 1000;
    while (Date.now() < end) {
      traffic.anything();
      await rest(1500 * (0.5 + random()));
    }
    const during = traffic.wrong().length;
    github.faults.clear();
    const began = Date.now();
    const wrong = await traffic.settled(patience);
    const settled = (Date.now() - began) / 1000;
    const failed = await bot.service.metric("threatgate_failed_jobs");
    await bot.end("SIGTERM");
    return {
      figures: {
        "pull requests": traffic.opened.length,
        requests: github.requests.all.length,
        "unfinished when the faults ended": during,
        "settled after, s": settled,
        "jobs set aside": failed,
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
