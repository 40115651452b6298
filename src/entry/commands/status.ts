import { access } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Command } from "commander";
import { showPlace } from "../../core/domain/problem.ts";
import type { Rules } from "../../core/domain/rules.ts";
import { type Coverage, coverageIn, coverageLines, worthReading } from "../../core/first-model.ts";
import { plainPalette, plainTerminal, statusMarkdown, statusOutput, statusText } from "../../core/judge.ts";
import { checkoutSource, defaultBranch, topOf } from "../../shell/local/checkout.ts";
import { textsAt } from "../../shell/local/git.ts";
import { localPosts } from "../../shell/local/print-plan.ts";
import { readRules } from "../../shell/local/rule-files.ts";
import { readTree } from "../../shell/local/tree.ts";
import { run } from "../../shell/run.ts";
import { terminalPalette } from "../palette.ts";
import { createMemory, forgetful, worldOf } from "../world.ts";
import { instantOf } from "./check.ts";
import { clonesOf } from "./clones.ts";
import { formatOption } from "./format-option.ts";
import { givenPolicy } from "./given-files.ts";
import { readScans, withScans } from "./given-scans.ts";

interface Options {
  readonly asOf?: string;
  readonly clone?: readonly string[];
  readonly sarif?: readonly string[];
  readonly policy?: string;
  readonly format: "text" | "json" | "markdown";
  readonly color: boolean;
}

/** `threatgate status`: the indicators, deliverables, timeline and open threats of a repository's default branch. */
export function addStatusCommand(program: Command): void {
  program
    .command("status")
    .description("indicators, deliverables, timeline and open threats of the default branch")
    .argument("[dir]", "a clone (default: here)")
    .option("--clone <name=dir...>", "a clone of another repository that holds the model of a system, by its name")
    .option("--sarif <file...>", "results of scanners in SARIF 2.1.0, to hold against the model")
    .option("--as-of <instant>", "judge as of this time, such as 2026-03-04T00:00:00Z")
    .option("--policy <file>", "judge by this policy file instead of the repository's")
    .addOption(formatOption("text", "json", "markdown"))
    .option("--no-color", "no colours")
    .action(async (dir: string | undefined, options: Options) => {
      const directory = await topOf(dir ?? ".");
      const branch = await defaultBranch(directory);
      const rules = await readRules();
      const policy = options.policy === undefined ? undefined : await givenPolicy(options.policy);
      const world = worldOf({
        source: withScans(
          checkoutSource({
            now: instantOf(options.asOf),
            ...(policy ? { policy } : {}),
            clones: clonesOf(options.clone),
          }),
          await readScans(options.sarif ?? [], directory),
        ),
        posts: localPosts,
        store: forgetful,
        memory: createMemory(),
        rules,
        host: "https://github.com",
        requestId: "status",
      });
      const { assessment, timeline } = await run({ kind: "local", directory, base: branch, head: branch }, world);
      const palette = options.color ? terminalPalette() : plainPalette;
      const modelFiles = assessment.systems.flatMap(({ home, modelFiles: own }) => (home ? [] : own));
      const coverage = await coverageAt(directory, branch, modelFiles, rules);
      if (options.format === "json")
        process.stdout.write(
          `${JSON.stringify({ ...statusOutput(assessment, timeline), ...coverageOutput(coverage) }, null, 2)}\n`,
        );
      else if (options.format === "markdown")
        process.stdout.write(`${statusMarkdown(assessment, timeline)}${coverageMarkdown(coverage)}`);
      else process.stdout.write(`${statusText(assessment, timeline, palette)}${coverageText(coverage)}`);
      if (modelFiles.length === 0) await tellOfUncommitted(directory, branch);
    });
}

/** Whoever just ran `init` looks for their model here, and it is not on the branch yet. */
async function tellOfUncommitted(directory: string, branch: string): Promise<void> {
  const isHere = await access(join(directory, "threat-model.yaml")).then(
    () => true,
    () => false,
  );
  if (isHere)
    process.stderr.write(
      `The threat-model.yaml in this folder is not on ${plainTerminal(branch)}, which \`threatgate status\` is about. \`threatgate check\` looks at the folder.\n`,
    );
}

/** Larger model files are refused by their readers anyway. */
const longestModel = 4 * 1024 * 1024;

/** How model and files differ on the branch; undefined without a model. Told, never judged: old debt fails nobody. */
async function coverageAt(
  directory: string,
  branch: string,
  modelFiles: readonly string[],
  rules: Rules,
): Promise<Coverage | undefined> {
  if (modelFiles.length === 0) return undefined;
  const texts = await textsAt(directory, branch, modelFiles, longestModel);
  const models = [...texts].map(([path, text]) => ({ path, text }));
  return coverageIn({ name: basename(directory), ...(await readTree(directory, branch, worthReading)) }, models, rules);
}

function coverageText(coverage: Coverage | undefined): string {
  const lines = coverage === undefined ? [] : coverageLines(coverage);
  return lines.length === 0 ? "" : `\n${lines.map(plainTerminal).join("\n")}\n`;
}

function coverageMarkdown(coverage: Coverage | undefined): string {
  const lines = coverage === undefined ? [] : coverageLines(coverage);
  return lines.length === 0 ? "" : `\n### Coverage\n\n${indented(lines)}\n`;
}

/** As code: names of the repository's files do nothing there. */
function indented(lines: readonly string[]): string {
  return lines.map((line) => `    ${plainTerminal(line)}`).join("\n");
}

function coverageOutput(coverage: Coverage | undefined): object {
  if (coverage === undefined) return {};
  const { found, modelled, unmodelled, gone } = coverage;
  return {
    coverage: {
      found,
      modelled,
      unmodelled: unmodelled.map(({ name, type, where }) => ({ name, type, where: showPlace(where) })),
      gone: gone.map(({ id, name, where, files }) => ({ id, name, where: showPlace(where), files })),
    },
  };
}
