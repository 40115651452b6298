import { readFile } from "node:fs/promises";
import type { Command } from "commander";
import { policyPath } from "../../core/domain/policy.ts";
import { showPlace } from "../../core/domain/problem.ts";
import { configOutput, configText } from "../../core/inspect.ts";
import { checkoutSource, topOf } from "../../shell/local/checkout.ts";
import { WrongUse } from "../wrong-use.ts";

interface Options {
  readonly format: string;
  readonly policy?: string;
}

/** `threatgate config`: the value of each setting and where it came from; `config validate`: the faults of a file. */
export function addConfigCommand(program: Command): void {
  const config = program
    .command("config")
    .description(
      "effective policy with the origin of each key; `config validate FILE` for the problems of a policy file",
    );
  config
    .command("show", { isDefault: true })
    .argument("[dir]", "a clone (default: here)")
    .option("--format <format>", "text or json", "text")
    .option("--policy <file>", "judge by this policy file instead of the repository's")
    .action(async (dir: string | undefined, options: Options) => {
      const directory = await topOf(dir ?? ".");
      const policy =
        options.policy === undefined ? undefined : { path: options.policy, text: await policyText(options.policy) };
      const source = checkoutSource({ now: new Date().toISOString(), ...(policy ? { policy } : {}) });
      const subject = { kind: "local", directory, base: "HEAD" } as const;
      const snapshot = await source.snapshot(subject, { files: [], total: 0 }, { texts: [], look: [], teams: [] });
      const write = options.format === "json" ? (value: object) => JSON.stringify(value) : undefined;
      process.stdout.write(
        write
          ? `${write(configOutput(snapshot.policy, snapshot.repository))}\n`
          : configText(snapshot.policy, snapshot.repository),
      );
    });
  config
    .command("validate")
    .argument("<file>", "a policy file of a repository or an organisation")
    .action(async (file: string) => {
      const text = await policyText(file);
      const { problems, isUsable } = validated(file, text);
      for (const problem of problems) {
        process.stdout.write(`${showPlace(problem)}: ${problem.severity}: ${problem.what} ${problem.hint}\n`);
        if (problem.example) process.stdout.write(`  example: ${problem.example}\n`);
      }
      process.stdout.write(isUsable ? `${file} can be used.\n` : `${file} cannot be used.\n`);
      if (!isUsable) process.exitCode = 2;
    });
}

function validated(file: string, text: string): ReturnType<typeof configOutput> & { isUsable: boolean } {
  const reading = { path: file, reading: { outcome: "present", text } } as const;
  const as = (where: "repository" | "organisation") =>
    configOutput(
      where === "repository"
        ? { repository: reading }
        : { organisation: reading, repository: { path: policyPath, reading: { outcome: "absent" } } },
      { owner: "local", name: "repository" },
    );
  // A file with keys that only an organisation may write is judged as one.
  const isOrganisation = /^(repositories|locked)\s*:/m.test(text);
  const output = as(isOrganisation ? "organisation" : "repository");
  return { ...output, isUsable: output.usable };
}

async function policyText(path: string): Promise<string> {
  return readFile(path, "utf8").catch(() => {
    throw new WrongUse(`${path}: no such policy file.`);
  });
}
