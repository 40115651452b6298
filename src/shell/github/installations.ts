import { z } from "zod";
import { type Coverage, type GitHubClient, read } from "./client.ts";
import type { Clock } from "./pace.ts";

/** What an installation of the App covers and grants. */
export interface Installed {
  readonly coverage: Coverage;
  readonly permissions: Readonly<Record<string, string>>;
}

/** Installations as they stand, each asked for at most every ten minutes: an owner may change them at any time. */
export class Installations {
  readonly #asApp: GitHubClient;
  readonly #clock: Clock;
  readonly #known = new Map<number, { readonly installed: Installed; readonly until: number }>();

  constructor(asApp: GitHubClient, clock: Clock) {
    this.#asApp = asApp;
    this.#clock = clock;
  }

  forget(installation: number): void {
    this.#known.delete(installation);
  }

  async of(installation: number): Promise<Installed> {
    const known = this.#known.get(installation);
    if (known && known.until > this.#clock.now()) return known.installed;
    const call = { what: "ask what the App is installed on", needs: "nothing", kind: "read" } as const;
    const route = "GET /app/installations/{installation_id}";
    const answer = await this.#asApp.rest(route, { installation_id: installation }, call);
    const { repository_selection: coverage, permissions } = read(installationSchema, answer.data, call.what);
    const installed = { coverage, permissions };
    if (this.#known.size >= mostRemembered) this.#known.clear();
    this.#known.set(installation, { installed, until: this.#clock.now() + 600_000 });
    return installed;
  }
}

/** Most installations remembered. */
const mostRemembered = 2000;

/** https://docs.github.com/rest/apps/apps#get-an-installation-for-the-authenticated-app */
const installationSchema = z.object({
  repository_selection: z.enum(["all", "selected"]),
  permissions: z.record(z.string(), z.string()),
});
