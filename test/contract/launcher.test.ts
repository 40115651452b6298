import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "@jest/globals";

interface Launcher {
  satisfies(version: string, script: string): boolean;
}

const { satisfies } = (await import(new URL("../../launcher/launch.mjs", import.meta.url).href)) as Launcher;
const scripts = fileURLToPath(new URL("../../scripts/", import.meta.url));

test("a script that runs Jest is given a Node that Jest can work with, all others any that the package takes", () => {
  const names = readdirSync(scripts).filter((name) => name.endsWith(".ts"));
  const runJest = names.filter((name) => readFileSync(`${scripts}${name}`, "utf8").includes("jest/bin/jest.js"));
  expect(runJest).toEqual(["hostile.ts", "verify.ts"]);
  const refused = (version: string) => names.filter((name) => !satisfies(version, `/threatgate/scripts/${name}`));
  expect([refused("22.20.0"), refused("24.11.0")]).toEqual([runJest, []]);
  expect([refused("20.20.2"), refused("24.10.0")]).toEqual([names, names]);
});
