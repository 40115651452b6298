import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "@jest/globals";
import { loadRules, readRules, shippedRules } from "../../../src/shell/local/rule-files.ts";

function aFolder(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "threatgate-"));
  for (const kind of ["changes", "threats", "deliverables"]) mkdirSync(join(folder, kind));
  for (const [path, text] of Object.entries(files)) writeFileSync(join(folder, path), text);
  return folder;
}

test("the rules that ship are sound, and the same rules name themselves alike", async () => {
  const [one, other] = await Promise.all([readRules(), readRules(shippedRules)]);
  expect(one.changes.length).toBeGreaterThan(0);
  expect(one.version).toBe(other.version);
  expect(one.version).toMatch(/^[0-9a-f]{12}$/);
});

test("a faulty rule is left out and told with its line; the others are kept", async () => {
  const folder = aFolder({
    "facts.yml":
      "- { fact: logged, means: Somebody can tell, asks: Is it logged? }\n- fact: Not A Name\n  means: x\n  asks: y\n",
    "threats/half.yml": "id: half\ntitle: Too little said here\nstride: X\n",
    "changes/other.yml": "id: another\n",
    "changes/broken.yml": "id: [\n",
  });
  const { problems } = await loadRules(folder);
  const told = problems.map(({ path, line, what }) => `${path}:${line} ${what.split(":")[0]}`);
  expect(told).toContain("threats/half.yml:3 `stride`");
  expect(told).toContain("facts.yml:2 `1.fact`");
  expect(told.some((one) => one.startsWith("changes/broken.yml:"))).toBe(true);
  await expect(readRules(folder)).rejects.toThrow(/^These rules cannot be used:\n {2}/);
});

describe("rules that were read once", () => {
  const before = process.env["NODE_COMPILE_CACHE"];
  afterEach(() => {
    if (before === undefined) delete process.env["NODE_COMPILE_CACHE"];
    else process.env["NODE_COMPILE_CACHE"] = before;
  });

  /** Has what is kept lie in a folder of its own; gives that folder. */
  function keepingIn(folder = mkdtempSync(join(tmpdir(), "threatgate-kept-"))): string {
    process.env["NODE_COMPILE_CACHE"] = folder;
    return folder;
  }
  const facts = (means: string): string => `- { fact: logged, means: ${means}, asks: Is it logged? }\n`;

  test("are kept beside what Node compiled, and are the same as when they are read", async () => {
    const folder = keepingIn();
    const read = await readRules();
    expect(readdirSync(folder)).toEqual([expect.stringMatching(/^rules-[0-9a-f]{64}-[0-9a-f]{12}\.json$/)]);
    expect(await readRules()).toEqual(read);
    expect(await readRules()).toEqual((await loadRules(shippedRules)).rules);
  });

  test("are not parsed again: what is kept is what is given", async () => {
    const kept = keepingIn();
    const folder = aFolder({ "facts.yml": facts("Somebody can tell") });
    await readRules(folder);
    const [name = ""] = readdirSync(kept);
    const changed = readFileSync(join(kept, name), "utf8").replace("Somebody can tell", "As it was kept");
    writeFileSync(join(kept, name), changed);
    expect((await readRules(folder)).facts[0]?.means).toBe("As it was kept");
  });

  test("are read anew when one byte of a text is another one, and when what is kept is cut off", async () => {
    const kept = keepingIn();
    const folder = aFolder({ "facts.yml": facts("Somebody can tell") });
    await readRules(folder);
    for (const name of readdirSync(kept)) writeFileSync(join(kept, name), '{"version":');
    expect((await readRules(folder)).facts[0]?.means).toBe("Somebody can tell");
    writeFileSync(join(folder, "facts.yml"), facts("Somebody may tell"));
    expect((await readRules(folder)).facts[0]?.means).toBe("Somebody may tell");
    expect(readdirSync(kept)).toHaveLength(2);
  });

  test("are read where nothing can be kept, and faulty ones never are", async () => {
    keepingIn("/dev/null/no-folder");
    expect((await readRules(aFolder({ "facts.yml": facts("Somebody can tell") }))).facts).toHaveLength(1);
    const kept = keepingIn();
    await expect(readRules(aFolder({ "facts.yml": "- 3\n" }))).rejects.toThrow("These rules cannot be used");
    expect(readdirSync(kept)).toEqual([]);
  });
});
