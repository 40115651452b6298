import { Command, CommanderError } from "commander";
import { commands } from "./command-table.ts";
import { threatgateVersion } from "./version.ts";
import { explain, tellWrongUse } from "./wrong-use.ts";

/**
 * The command line. Exit codes: 0 nothing blocks, 1 the policy blocks, 2 could not evaluate or wrong usage (one line on
 * standard error says what). Results on standard output, progress and logs on standard error. Never throws.
 */
export async function runCommandLine(args: readonly string[]): Promise<void> {
  const program = new Command("threatgate")
    .description("Threat modelling as part of every pull request.")
    .version(threatgateVersion);
  await addCommands(program, args[0]);
  tellWrongUse(program);
  try {
    await program.parseAsync([...args], { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : 2;
      return;
    }
    process.stderr.write(`threatgate: ${explain(error)}\n`);
    process.exitCode = 2;
  }
}

/** Adds the command that is called, alone; all of them where none is, so that help lists and a typing error is told. */
async function addCommands(program: Command, called: string | undefined): Promise<void> {
  const one = called !== undefined && Object.hasOwn(commands, called) ? commands[called] : undefined;
  for (const load of one ? [one] : Object.values(commands)) (await load())(program);
}
