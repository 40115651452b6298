import type { Logger } from "pino";
import { type AppSettings, settingsMissing } from "../shell/github/app-settings.ts";
import type { GitHubClient } from "../shell/github/client.ts";

/** Milliseconds between two looks at the App's settings: somebody may change them at any time. */
const every = 300_000;
/** The same while GitHub could not be asked. */
const soon = 15_000;

/** What the App's settings and key lack, as of the last look. */
export interface SettingsWatch {
  /** One sentence each; empty where nothing is missing, or GitHub could not be asked yet. */
  readonly missing: () => readonly string[];
  stop(): void;
}

/** Looks at the App's settings now and every few minutes. GitHub out of reach changes nothing: deliveries can be taken. */
export function watchSettings(asApp: GitHubClient, needed: AppSettings, log: Logger): SettingsWatch {
  let missing: readonly string[] = [];
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  const look = async (): Promise<void> => {
    let next = every;
    try {
      const found = await settingsMissing(asApp, needed);
      if (found.join() !== missing.join()) log[found.length > 0 ? "error" : "info"]({ missing: found }, "settings");
      missing = found;
    } catch {
      next = soon;
    }
    if (isStopped) return;
    timer = setTimeout(() => void look(), next);
    timer.unref();
  };
  void look();
  return {
    missing: () => missing,
    stop: () => {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}
