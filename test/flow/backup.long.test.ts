import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { InstalledPostgres, installedPostgres } from "./installed-postgres.ts";
import { answeredSteps, ShopUnderService } from "./shop-under-service.ts";

/** PostgreSQL's own tools, on the real process. They come with a server that is installed; where none is, this is not tried. */
const tools = installedPostgres();
let shop: ShopUnderService;
let folder: string;
let postgres: InstalledPostgres;

beforeAll(async () => {
  if (tools === undefined) return;
  folder = await mkdtemp(join(tmpdir(), "threatgate-backup-"));
  postgres = await InstalledPostgres.start(tools);
  shop = await ShopUnderService.begin();
});

afterAll(async () => {
  if (tools === undefined) return;
  await shop.close();
  await postgres.end();
  await rm(folder, { recursive: true, force: true });
});

const startOn = (url: string): Promise<void> => shop.start(folder, { DATABASE_URL: url });
const whereInstalled = tools === undefined ? test.skip : test;

whereInstalled(
  "what pg_dump took from a running service is put back by pg_restore: what came since is judged again, nothing is written twice, and the chain shows what is missing",
  async () => {
    await startOn(postgres.url);
    const one = shop.opened();
    await shop.answered(one);
    const backup = await postgres.dump();
    const other = shop.opened();
    await shop.answered(other);
    await shop.stop();
    expect((await shop.records({ url: postgres.url }, one)).broken).toBeUndefined();
    const writes = shop.github.requests.writes.length;

    const restored = await postgres.restore(backup, "restored");
    await startOn(restored);
    await shop.evaluated(other);
    await shop.stop();
    const { broken, done } = await shop.records({ url: restored }, one);
    expect(broken).toBeDefined();
    expect(done).toEqual(answeredSteps);
    shop.expectSilence(writes, [one, other]);
  },
);
