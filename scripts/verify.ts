// All that continuous integration asks; `--quick` leaves the slow tests out, `--long` runs the long ones alone, `--fix`
// mends format.
import { spawn } from "node:child_process";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const quick = process.argv.includes("--quick");
const long = process.argv.includes("--long");
if (long) process.env["LONG_TESTS"] = "1";

/** Tests that start processes, databases or servers. */
const slow = ["test/flow/", "test/github/", "test/shell/store/", "test/shell/queue/", "test/contract/github-"];

interface Step {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
}

const jest = (...args: string[]): Step => ({
  name: quick ? "tests (without the slow ones)" : "tests",
  command: process.execPath,
  args: [
    "--experimental-vm-modules",
    "--disable-warning=ExperimentalWarning",
    "node_modules/jest/bin/jest.js",
    ...args,
  ],
});

/** What is done at the same time, each list one step after the other; the tests come last and have the machine to themselves. */
const stages: readonly (readonly (readonly Step[])[])[] = process.argv.includes("--fix")
  ? [[[{ name: "format", command: "biome", args: ["check", "--write", "."] }]]]
  : long
    ? [[[jest("\\.long\\.test\\.ts$")]]]
    : [
        [
          [{ name: "types", command: "tsc", args: ["--noEmit"] }],
          [
            { name: "format and lint", command: "biome", args: ["check", "--error-on-warnings", "."] },
            {
              name: "lint with types",
              command: "oxlint",
              args: ["--type-aware", "--deny-warnings", "src", "scripts", "test"],
            },
            {
              name: "layers",
              command: "depcruise",
              args: ["--config", ".dependency-cruiser.cjs", "--output-type", "err", "src"],
            },
            { name: "unused code", command: "knip", args: ["--no-progress"] },
            { name: "generated files", command: process.execPath, args: ["scripts/generate.ts", "--check"] },
          ],
        ],
        [[jest(...(quick ? slow.map((path) => `--testPathIgnorePatterns=${path}`) : []))]],
      ];

for (const lists of stages) {
  const held = await Promise.all(lists.map((steps) => runInTurn(steps, lists.length === 1)));
  if (held.includes(false)) process.exit(1);
}

/** False at the first step that fails. What a step beside others prints is printed when it ends. */
async function runInTurn(steps: readonly Step[], isAlone: boolean): Promise<boolean> {
  for (const step of steps) if (!(await run(step, isAlone))) return false;
  return true;
}

async function run({ name, command, args }: Step, isAlone: boolean): Promise<boolean> {
  const started = performance.now();
  const child = spawn(command, args, {
    cwd: root,
    stdio: ["ignore", isAlone ? "inherit" : "pipe", isAlone ? "inherit" : "pipe"],
  });
  const said: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (part: Buffer) => void said.push(part));
  const isOk = await new Promise<boolean>((resolve) => {
    child.once("error", (error) => {
      console.error(`${name}: ${error.message}`);
      resolve(false);
    });
    child.once("close", (code) => resolve(code === 0));
  });
  process.stdout.write(Buffer.concat(said));
  console.log(`${isOk ? "ok  " : "FAIL"} ${name} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
  return isOk;
}
