// `npm run example`: the dashboard over an example organisation of 300 repositories with two years of history, against a
// stand-in for GitHub on this machine, until Ctrl-C. `npm run pictures` and `npm run test:browser` look at it.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { readRules } from "../src/shell/local/rule-files.ts";
import { type Database, openDatabase } from "../src/shell/store/database.ts";
import { seeRepository } from "../src/shell/store/repositories.ts";
import { rememberHistory } from "../src/shell/store/timeline.ts";
import type { GitHub } from "../test/github/github.ts";
import { startGitHub } from "../test/github/server.ts";
import { makeOrganisation, repositoryName } from "../test/make/an-organisation.ts";
import { startServiceProcess } from "./demo/service-process.ts";
import { freePort, signInSettings } from "./demo/sign-in.ts";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

const manifest = '{ "dependencies": { "stripe": "17.0.0", "express": "5.1.0" } }\n';
const model = `schemaVersion: 1
system: { name: Appointments, owner: Booking team, description: Books and moves appointments. }
elements:
  - { id: web, name: booking site, type: web-app, files: [package.json] }
  - { id: exports, name: exports, type: object-store }
flows:
  - { id: to-exports, from: web, to: exports, protocol: HTTPS }
threats:
  - { id: T-EXPORT, element: exports, stride: [I], title: Exports are read by strangers, impact: high, likelihood: medium, status: mitigated, controls: [block] }
  - { id: T-FORGED, element: web, stride: [S], title: A forged session books for others, impact: medium, likelihood: medium, status: open }
controls:
  - { id: block, title: Public access is blocked, status: implemented, evidence: [package.json] }
stories:
  - { id: S-1, threats: [T-EXPORT], as: patient, need: exports that nobody else reads, so: they stay mine, acceptance: [An anonymous read is refused] }
validations:
  - { id: V-1, control: block, kind: automated-test, how: an anonymous read, result: passed, date: 2026-10-01 }
`;

/** The example as it runs. */
export interface Example {
  readonly url: string;
  readonly github: GitHub;
  readonly owner: string;
  /** Name of the repository that `more` was given. */
  readonly hostile: string;
  /** Name of the repository whose last merge stands on the stand-in, so that its evidence can be reported. */
  readonly merged: string;
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
  const merged = "appointments";
  const owner = "northmere";
  const now = "2026-11-20T09:00:00Z";
  const own = Array.from({ length: repositories }, (_, index) => repositoryName(index));
  const names = [...own, merged, ...(more ? [hostile] : [])];
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
      files: name === merged ? { "threat-model.yaml": model, "package.json": manifest } : {},
      teams: { "security-architects": "write", ...(name.startsWith("booking-") ? { booking: "write" } : {}) },
    })),
  });
  const ids = new Map([...github.world.repositories.values()].map(({ id, name }) => [name, id]));
  const dataDir = await mkdtemp(join(tmpdir(), "threatgate-example-"));
  const database = await openDatabase({ folder: dataDir }, (error) => console.error(error));
  await makeOrganisation(database, { owner, repositories, weeks, now, ids }, await readRules());
  await more?.(database, { id: ids.get(hostile) ?? 0, owner, name: hostile });
  const installation = github.app.installation;
  await seeRepository(database.kysely, { id: ids.get(merged) ?? 0, installation, owner, name: merged });
  const words = { branch: "exports", title: "Export appointments", files: { "docs/exports.md": "# Exports\n" } };
  const number = github.as("dana-lindqvist").openPullRequest(`${owner}/${merged}`, words);
  github.as("dana-lindqvist").merge(`${owner}/${merged}`, number);
  const at = github.world.clock.now().toISOString();
  const entry = { kind: "update", at, reference: `#${number}`, concerns: ["exports"] } as const;
  await rememberHistory(database.kysely, ids.get(merged) ?? 0, [entry], undefined);
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
    merged,
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
