import { TryAgainLater } from "../shell/failures.ts";
import type { GitHubClient } from "../shell/github/client.ts";
import { type SetupWanted, setupOf } from "../shell/github/setup.ts";
import type { SetupLine } from "../shell/ports.ts";
import { setupPage } from "../shell/web/setup.ts";

/** Milliseconds for which a look is shown again: who reloads costs no requests. */
const kept = 10_000;

/** The set-up page; it looks at GitHub when it is asked for, at most every ten seconds. */
export function watchSetup(asApp: GitHubClient, wanted: SetupWanted): () => Promise<string> {
  let last: { readonly at: number; readonly lines: Promise<readonly SetupLine[]> } | undefined;
  return async () => {
    const now = Date.now();
    if (last === undefined || now - last.at > kept) last = { at: now, lines: looked(asApp, wanted) };
    return setupPage(await last.lines);
  };
}

async function looked(asApp: GitHubClient, wanted: SetupWanted): Promise<readonly SetupLine[]> {
  try {
    return await setupOf(asApp, wanted);
  } catch (error) {
    if (!(error instanceof TryAgainLater)) throw error;
    return [{ what: "GitHub", state: "unknown", says: error.message, next: "Look again in a minute." }];
  }
}
