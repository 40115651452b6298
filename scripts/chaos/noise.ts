import { oursOn } from "../../test/make/pull-request-history.ts";
import { type Outcome, quantile, rest, type Wanted } from "./outcome.ts";
import { Traffic } from "./traffic.ts";
import { type Scene, underLoad } from "./under-load.ts";

const quietOnes = 50;
/** Seconds within which every quiet one has its check. */
const bar = 60;

/**
 * One organisation pushes two thousand times to forty pull requests; meanwhile each of fifty others opens one. The fifty have
 * their checks within a minute.
 */
export function noisyTenant({ patience }: Wanted, pushes = 2_000): Promise<Outcome> {
  return underLoad("noise", ({ github, repositories, bot }) => flooded(github, repositories, bot, patience, pushes), {
    organisations: quietOnes + 1,
  });
}

async function flooded(
  github: Scene["github"],
  [noisy = "", ...quiet]: Scene["repositories"],
  bot: Scene["bot"],
  patience: Wanted["patience"],
  pushes: number,
): Promise<Pick<Outcome, "figures" | "wrong">> {
  const loud = new Traffic(github, [noisy], () => 0);
  const calm = new Traffic(github, quiet, () => 0);
  await bot.start();
  const flood = Array.from({ length: 40 }, () => loud.open());
  for (let count = 0; count < pushes - flood.length; count++) {
    const one = flood[count % flood.length];
    if (one) loud.push(one);
    // In between, where it is loudest, the quiet ones open theirs.
    if (count % Math.ceil((pushes - flood.length) / quietOnes) === 0) calm.open(quiet[calm.opened.length]);
  }
  while (calm.opened.length < quietOnes) calm.open(quiet[calm.opened.length]);
  const began = Date.now();
  const waits = new Map<string, number>();
  while (waits.size < quietOnes && Date.now() - began < 5 * bar * 1000) {
    for (const { name, number } of calm.opened) {
      if (waits.has(name)) continue;
      const { checks } = oursOn({ github, name }, number);
      if (checks.some(({ status }) => status === "completed")) waits.set(name, (Date.now() - began) / 1000);
    }
    await rest(100);
  }
  const slowest = waits.size < quietOnes ? Number.POSITIVE_INFINITY : Math.max(...waits.values());
  const late = slowest > bar ? [`the last of the quiet ones had its check after ${slowest} s`] : [];
  const wrong = [...late, ...(await calm.settled(patience)), ...(await loud.settled(patience))];
  const finished = (Date.now() - began) / 1000;
  return {
    figures: {
      pushes,
      "quiet ones": quietOnes,
      "their checks, median s": quantile([...waits.values()], 0.5),
      "the slowest, s": slowest,
      "all done, the flood too, s": finished,
    },
    wrong,
  };
}
