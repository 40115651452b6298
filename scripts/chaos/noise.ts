import { oursOn } from "../../test/make/pull-request-history.ts";
import { Bot, folderFor, organisations } from "./organisations.ts";
import { type Outcome, quantile, rest, type Wanted } from "./outcome.ts";
import { Traffic } from "./traffic.ts";

const quietOnes = 50;
/** Seconds within which every quiet one has its check. */
const bar = 60;

/**
 * One organisation pushes two thousand times to forty pull requests; meanwhile each of fifty others opens one. The fifty have
 * their checks within a minute.
 */
export async function noisyTenant({ patience }: Wanted, pushes = 2_000): Promise<Outcome> {
  const { github, repositories } = await organisations(quietOnes + 1);
  const folder = await folderFor("noise");
  const bot = new Bot(github, folder.path);
  const [noisy = "", ...quiet] = repositories;
  const loud = new Traffic(github, [noisy], () => 0);
  const calm = new Traffic(github, quiet, () => 0);
  try {
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
    await bot.end("SIGTERM");
    return {
      figures: {
        pushes,
        "quiet ones": quietOnes,
        "their checks, median s": quantile([...waits.values()], 0.5),
        "the slowest, s": slowest,
        "all done, the flood too, s": finished,
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
