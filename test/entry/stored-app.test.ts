import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { link } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { storeApp, storedAppFile } from "../../src/entry/stored-app.ts";

const app = {
  id: 7,
  slug: "threatgate-acme",
  page: "https://github.com/apps/threatgate-acme",
  privateKey: "a key",
  webhookSecret: "a secret",
  clientId: "Iv1.7",
  clientSecret: "another secret",
};
/** As a share of Windows answers, or a folder in some clouds. */
const noSecondNames = async (): Promise<void> => {
  throw Object.assign(new Error("operation not supported"), { code: "ENOTSUP" });
};
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "threatgate-app-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe.each([
  ["where files may have two names", link],
  ["where they may not", noSecondNames],
])("an App is stored %s", (_, give) => {
  test("whole, for its owner alone, and nothing beside it", async () => {
    const path = await storeApp(folder, app, give);
    expect(JSON.parse(readFileSync(path, "utf8"))).toMatchObject({ appId: 7, privateKey: "a key" });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual([storedAppFile]);
  });

  test("but not over another one", async () => {
    const path = await storeApp(folder, app, give);
    await expect(storeApp(folder, { ...app, id: 8 }, give)).rejects.toThrow();
    expect(JSON.parse(readFileSync(path, "utf8"))).toMatchObject({ appId: 7 });
    expect(readdirSync(folder)).toEqual([storedAppFile]);
  });
});
