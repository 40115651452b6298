import { type Effect, effects } from "../../test/github/faults.ts";
import { type Outcome, randomFrom, rest, type Wanted } from "./outcome.ts";
import { Traffic } from "./traffic.ts";
import { underLoad } from "./under-load.ts";

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
export function faultyGitHub({ seconds, seed, patience }: Wanted): Promise<Outcome> {
  return underLoad("faults", async ({ github, repositories, bot }) => {
    const random = randomFrom(seed);
    const traffic = new Traffic(github, repositories, random);
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
    return {
      figures: {
        "pull requests": traffic.opened.length,
        requests: github.requests.all.length,
        "unfinished when the faults ended": during,
        "settled after, s": (Date.now() - began) / 1000,
        "jobs set aside": await bot.service.metric("threatgate_failed_jobs"),
      },
      wrong,
    };
  });
}
