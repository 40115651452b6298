import { Bot, folderFor, organisations } from "./organisations.ts";
import type { Outcome } from "./outcome.ts";

/** A GitHub of organisations and a bot that is not started yet. */
export interface Scene extends Awaited<ReturnType<typeof organisations>> {
  readonly bot: Bot;
}

/** What is different from a scene of eight organisations on the embedded database. */
interface Bend {
  readonly organisations?: number;
  readonly settings?: Readonly<Record<string, string>>;
}

/**
 * Plays something out on a scene of its own and takes it away, however that went. What the bot itself did wrong is added to what
 * was found wrong. @param name of the folder in which the bot keeps its things.
 */
export async function underLoad(
  name: string,
  play: (scene: Scene) => Promise<Pick<Outcome, "figures" | "wrong">>,
  bend: Bend = {},
): Promise<Outcome> {
  const scenery = await organisations(bend.organisations ?? 8);
  const folder = await folderFor(name);
  const bot = new Bot(scenery.github, folder.path, bend.settings);
  try {
    const { figures, wrong } = await play({ ...scenery, bot });
    await bot.end("SIGTERM");
    return { figures, wrong: [...wrong, ...bot.ends, ...bot.faults], said: bot.said };
  } finally {
    await bot.end("SIGKILL");
    await scenery.github.close();
    await folder.remove();
  }
}
