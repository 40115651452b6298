import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { idsIn } from "./cases.ts";

/**
 * The suites in which one of these ids stands, or any where there are none: in themselves, or in tests that they share with
 * others and import. Paths below `folder`, in order.
 */
export async function suitesThatName(ids: readonly string[], folder: string): Promise<readonly string[]> {
  const paths = await readdir(folder, { recursive: true });
  const found: string[] = [];
  for (const path of paths.filter((path) => path.endsWith(".test.ts")).toSorted()) {
    const text = await readFile(join(folder, path), "utf8");
    const named = idsIn([text, ...(await sharedTests(text, dirname(join(folder, path))))].join("\n"));
    if (named.some((id) => ids.length === 0 || ids.includes(id))) found.push(path);
  }
  return found;
}

/** Texts of the modules that a suite imports and that hold tests themselves. */
async function sharedTests(suite: string, folder: string): Promise<readonly string[]> {
  const imported = [...suite.matchAll(/ from "(\.[^"]+\.ts)"/g)].map(([, path = ""]) => join(folder, path));
  // An import may stand in a text that a test is about.
  const texts = await Promise.all(imported.map((path) => readFile(path, "utf8").catch(() => "")));
  return texts.filter((text) => / from "@jest\/globals"/.test(text));
}
