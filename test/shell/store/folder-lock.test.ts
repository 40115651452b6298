import { mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { lockFolder } from "../../../src/shell/store/folder-lock.ts";

let folder: string;
let lock: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "threatgate-lock-"));
  lock = join(folder, "lock");
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("the folder of the embedded database", () => {
  test("belongs to one at a time, in the same process too, until it is given back", async () => {
    const unlock = await lockFolder(folder);
    await expect(lockFolder(folder)).rejects.toThrow(/is in use by this process/);
    await unlock();
    await (await lockFolder(folder))();
  });

  test("is refused while a process of the same place lives, and taken over from one that does not", async () => {
    await (await lockFolder(folder))();
    writeFileSync(lock, "1");
    await expect(lockFolder(folder)).rejects.toThrow(/is in use by process 1\./);
    // No process has an id as high as this.
    writeFileSync(lock, "4194304999");
    await (await lockFolder(folder))();
  });

  test("is refused to another container, in which every service is process 1, while the first one beats", async () => {
    writeFileSync(lock, `${process.pid}\nanother-container pid:[4026530000]`);
    const beat = setInterval(() => utimesSync(lock, new Date(), new Date()), 500);
    await expect(lockFolder(folder)).rejects.toThrow(`is in use by process ${process.pid} on another-container.`);
    clearInterval(beat);
    const unlock = await lockFolder(folder);
    expect(readFileSync(lock, "utf8")).toMatch(new RegExp(`^${process.pid}\n`));
    await unlock();
  }, 30_000);
});
