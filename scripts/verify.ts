// All that continuous integration asks, one step after the other; `--quick` leaves the slow tests out, `--long` runs the
// long ones alone, `--fix` mends format.
import { spawnSync } from "node:child_process";
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

const steps: readonly Step[] = process.argv.includes("--fix")
  ? [{ name: "format", command: "biome", args: ["check", "--write", "."] }]
  : long
    ? [jest("\\.long\\.test\\.ts$")]
    : [
        { name: "types", command: "tsc", args: ["--noEmit"] },
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
        jest(...(quick ? slow.map((path) => `--testPathIgnorePatterns=${path}`) : [])),
      ];

for (const step of steps) {
  const started = performance.now();
  const { status, error } = spawnSync(step.command, step.args, { cwd: root, stdio: ["ignore", "inherit", "inherit"] });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  if (error) console.error(`${step.name}: ${error.message}`);
  console.log(`${status === 0 ? "ok  " : "FAIL"} ${step.name} (${seconds} s)`);
  if (status !== 0) process.exit(1);
}
