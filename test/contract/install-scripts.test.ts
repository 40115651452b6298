import { readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { z } from "zod";

const read = (path: string): unknown => JSON.parse(readFileSync(new URL(`../../${path}`, import.meta.url), "utf8"));

test("each dependency that wants to run something when it is installed is allowed to, or is not, by a word of ours", () => {
  const { packages } = z
    .object({ packages: z.record(z.string(), z.object({ hasInstallScript: z.boolean().optional() })) })
    .parse(read("package-lock.json"));
  const scripted = Object.entries(packages).flatMap(([path, { hasInstallScript }]) =>
    hasInstallScript ? [path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length)] : [],
  );
  const { allowScripts } = z.object({ allowScripts: z.record(z.string(), z.boolean()) }).parse(read("package.json"));
  // npm asks about the others at every install: https://docs.npmjs.com/cli/v11/commands/npm-approve-scripts
  expect([...new Set(scripted)].sort()).toEqual(Object.keys(allowScripts).sort());
});
