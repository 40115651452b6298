import { afterAll, afterEach } from "@jest/globals";
import { createLog } from "../../src/entry/log.ts";
import { takeNotice } from "../../src/entry/notices.ts";
import { onboardInstallation } from "../../src/entry/onboarding.ts";
import { judgingApart } from "../../src/shell/judge-process.ts";
import type { Database } from "../../src/shell/store/database.ts";
import { repositoryNamed } from "../github/find.ts";
import type { RepositorySeed } from "../github/seed.ts";
import { openPrepared } from "../make/prepared-database.ts";
import { bucket, Stage } from "./stage.ts";

/** A policy that asks for an issue. */
export const asking = "version: 1\nonboarding: issue\n";
/** Files of which a first model is derived. */
export const infra = {
  "README.md": "# Shop\n\nSells things.\n",
  "infra/main.tf": bucket("orders"),
  "compose.yaml":
    "services:\n  web:\n    image: nginx:1\n    ports: ['80:80']\n    depends_on: [db]\n  db:\n    image: postgres:16\n",
};

/** A stage with what onboarding remembers. */
export interface OnboardingScene {
  readonly stage: Stage;
  readonly database: Database;
  /** Goes on as one sweep does. */
  readonly sweep: (now?: string) => Promise<{ readonly opened: number; readonly passed: number }>;
  /** GitHub's events of these repositories arrive. */
  readonly joined: (...names: readonly string[]) => Promise<void>;
}

const texts = judgingApart({ time: 60_000 });
afterAll(() => texts.stop());

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

/** Sets it; repositories beside `shop` are made by an owner. */
export async function onboardingScene(
  words: Parameters<typeof Stage.set>[0],
  repositories: readonly RepositorySeed[] = [],
): Promise<OnboardingScene> {
  const stage = await Stage.set({ organisationPolicy: asking, files: infra, ...words });
  for (const one of repositories) stage.github.administrator("olga").createRepository(one);
  const database = await openPrepared(() => {});
  open.push(() => database.close());
  const { installation } = stage.github.app;
  const ground = {
    log: createLog("silent"),
    database,
    app: stage.app,
    texts,
    organisationPolicy: { demand: "seen" } as const,
  };
  return {
    stage,
    database,
    sweep: (now = "2026-03-04T10:00:00Z") => onboardInstallation(ground, installation, now),
    joined: async (...names) => {
      const given = names.map((name) => ({ id: repositoryNamed(stage.github.world, `acme/${name}`).id, name }));
      await takeNotice(database, { kind: "joined", installation, owner: "acme", repositories: given }, "d", {
        graceDays: 30,
      });
    },
  };
}
