import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { lockFolder } from "../../../src/shell/store/folder-lock.ts";

const run = promisify(execFile);
const module = new URL("../../../src/shell/store/folder-lock.ts", import.meta.url).href;

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

  test("is taken over by one alone of two that start at the same moment after a crash", async () => {
    const folders = Array.from({ length: 20 }, (_, index) => join(folder, String(index)));
    for (const each of folders) {
      mkdirSync(each);
      writeFileSync(join(each, "lock"), "4194304999");
    }
    const begin = Date.now() + 2_000;
    // Each process tries one folder after the other, both at the same instants.
    const code = `const { lockFolder } = await import(${JSON.stringify(module)});
      const taken = [];
      for (const [index, folder] of ${JSON.stringify(folders)}.entries()) {
        while (Date.now() < ${begin} + index * 50) await new Promise((resolve) => setImmediate(resolve));
        taken.push(await lockFolder(folder).then(() => 1, () => 0));
      }
      process.stdout.write(JSON.stringify(taken));
      setTimeout(() => process.exit(), 500);`;
    const two = await Promise.all([0, 1].map(() => run(process.execPath, ["--input-type=module", "--eval", code])));
    const [one, other] = two.map(({ stdout }) => JSON.parse(stdout) as readonly number[]);
    expect(folders.map((_, index) => (one?.[index] ?? 0) + (other?.[index] ?? 0))).toEqual(folders.map(() => 1));
  });

  test("is refused to another container, in which every service is process 1, while the first one beats", async () => {
    writeFileSync(lock, `${process.pid}\nanother-container pid:[4026530000]`);
    const beat = setInterval(() => utimesSync(lock, new Date(), new Date()), 500);
    await expect(lockFolder(folder)).rejects.toThrow(`is in use by process ${process.pid} on another-container.`);
    clearInterval(beat);
    const unlock = await lockFolder(folder);
    expect(readFileSync(lock, "utf8")).toMatch(new RegExp(`^${process.pid}\n`));
    await unlock();
  });
});
