import type { Command } from "commander";
import { plainPalette, statusOutput, statusText } from "../../core/judge.ts";
import { checkoutSource, defaultBranch, topOf } from "../../shell/local/checkout.ts";
import { localPosts } from "../../shell/local/print-plan.ts";
import { readRules } from "../../shell/local/rule-files.ts";
import { run } from "../../shell/run.ts";
import { terminalPalette } from "../palette.ts";
import { createMemory, forgetful, worldOf } from "../world.ts";
import { instantOf } from "./check.ts";

interface Options {
  readonly asOf?: string;
  readonly format: string;
  readonly color: boolean;
}

/** `threatgate status`: the indicators, deliverables, timeline and open threats of a repository's default branch. */
export function addStatusCommand(program: Command): void {
  program
    .command("status")
    .description("indicators, deliverables, timeline and open threats of the default branch")
    .argument("[dir]", "a clone (default: here)")
    .option("--as-of <instant>", "judge as of this time, such as 2026-03-04T00:00:00Z")
    .option("--format <format>", "text or json", "text")
    .option("--no-color", "no colours")
    .action(async (dir: string | undefined, options: Options) => {
      const directory = await topOf(dir ?? ".");
      const branch = await defaultBranch(directory);
      const world = worldOf({
        source: checkoutSource({ now: instantOf(options.asOf) }),
        posts: localPosts,
        store: forgetful,
        memory: createMemory(),
        rules: await readRules(),
        host: "https://github.com",
        requestId: "status",
      });
      const { assessment, timeline } = await run({ kind: "local", directory, base: branch, head: branch }, world);
      const palette = options.color ? terminalPalette() : plainPalette;
      process.stdout.write(
        options.format === "json"
          ? `${JSON.stringify(statusOutput(assessment, timeline), null, 2)}\n`
          : statusText(assessment, timeline, palette),
      );
    });
}
