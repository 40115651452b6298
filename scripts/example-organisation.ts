// `npm run example`: the dashboard over an example organisation of 300 repositories with two years of history, against a
// stand-in for GitHub on this machine, until Ctrl-C. `npm run pictures` and `npm run test:browser` look at it.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { readRules } from "../src/shell/local/rule-files.ts";
import { type Database, openDatabase } from "../src/shell/store/database.ts";
import type { GitHub } from "../test/github/github.ts";
import { startGitHub } from "../test/github/server.ts";
import { makeOrganisation, repositoryName } from "../test/make/an-organisation.ts";
import { startServiceProcess } from "./demo/service-process.ts";
import { freePort, signInSettings } from "./demo/sign-in.ts";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** The example as it runs. */
export interface Example {
  readonly url: string;
  readonly github: GitHub;
  readonly owner: string;
  /** Name of the repository that `more` was given. */
  readonly hostile: string;
  stop(): Promise<number>;
}

/**
 * Builds the organisation and starts a service over it.
 * @param more writes more into the database, about a repository of its own.
 */
export async function startExample(
  repositories = 300,
  weeks = 104,
  more?: (database: Database, repository: { id: number; owner: string; name: string }) => Promise<void>,
): Promise<Example> {
  const hostile = "of-hostile-values";
  const owner = "northmere";
  const now = "2026-11-20T09:00:00Z";
  const own = Array.from({ length: repositories }, (_, index) => repositoryName(index));
  const names = more ? [...own, hostile] : own;
  const github = await startGitHub({
    now,
    users: ["dana-lindqvist", "sam-okafor", "kit-outside"],
    organizations: [
      {
        login: owner,
        basePermission: "none",
        owners: ["dana-lindqvist"],
        members: ["sam-okafor"],
        teams: [
          { name: "security-architects", members: ["dana-lindqvist"] },
          { name: "booking", members: ["sam-okafor"] },
        ],
      },
    ],
    repositories: names.map((name) => ({
      name: `${owner}/${name}`,
      private: true,
      files: {},
      teams: { "security-architects": "write", ...(name.startsWith("booking-") ? { booking: "write" } : {}) },
    })),
  });
  const ids = new Map([...github.world.repositories.values()].map(({ id, name }) => [name, id]));
  const dataDir = await mkdtemp(join(tmpdir(), "threatgate-example-"));
  const database = await openDatabase({ folder: dataDir }, (error) => console.error(error));
  await makeOrganisation(database, { owner, repositories, weeks, now, ids }, await readRules());
  await more?.(database, { id: ids.get(hostile) ?? 0, owner, name: hostile });
  await database.boss.stop({ graceful: false });
  await database.close();
  const service = await startServiceProcess(root, {
    APP_ID: String(github.app.id),
    PRIVATE_KEY: github.app.privateKey,
    WEBHOOK_SECRET: github.app.webhookSecret,
    GITHUB_API_URL: github.url,
    DATA_DIR: dataDir,
    HOST: "127.0.0.1",
    ...signInSettings(github, await freePort()),
  });
  return {
    url: service.url,
    github,
    owner,
    hostile,
    stop: async () => {
      const code = await service.stop();
      await github.close();
      await rm(dataDir, { recursive: true, force: true });
      return code;
    },
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const example = await startExample();
  console.log(
    `${example.url}/  (sign in as dana-lindqvist, who may read everything, or sam-okafor, who may read little)`,
  );
  process.once("SIGINT", async () => process.exit(await example.stop()));
}
