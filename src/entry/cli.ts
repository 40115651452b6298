import { Command, CommanderError } from "commander";
import { addAnswerCommand } from "./commands/answer.ts";
import { addChangesCommand } from "./commands/changes.ts";
import { addCheckCommand } from "./commands/check.ts";
import { addCompleteCommand } from "./commands/complete.ts";
import { addConfigCommand } from "./commands/config.ts";
import { addConvertCommand } from "./commands/convert.ts";
import { addDiagramCommand } from "./commands/diagram.ts";
import { addEvidenceCommand } from "./commands/evidence.ts";
import { addFailedCommand } from "./commands/failed.ts";
import { addInitCommand } from "./commands/init.ts";
import { addModelCommand } from "./commands/model.ts";
import { addRulesCommand } from "./commands/rules.ts";
import { addServeCommand } from "./commands/serve.ts";
import { addStatusCommand } from "./commands/status.ts";
import { addThreatsCommand } from "./commands/threats.ts";
import { threatgateVersion } from "./version.ts";
import { explain, tellWrongUse } from "./wrong-use.ts";

/**
 * The command line. Exit codes: 0 nothing blocks, 1 the policy blocks, 2 could not evaluate or wrong usage (one line on
 * standard error says what). Results on standard output, progress and logs on standard error.
 */
async function main(args: readonly string[]): Promise<void> {
  const program = new Command("threatgate")
    .description("Threat modelling as part of every pull request.")
    .version(threatgateVersion);
  addCheckCommand(program);
  addStatusCommand(program);
  addAnswerCommand(program);
  addChangesCommand(program);
  addModelCommand(program);
  addThreatsCommand(program);
  addInitCommand(program);
  addCompleteCommand(program);
  addConvertCommand(program);
  addDiagramCommand(program);
  addEvidenceCommand(program);
  addConfigCommand(program);
  addRulesCommand(program);
  addServeCommand(program);
  addFailedCommand(program);
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

// A reader that closes early (`| head`) ends the program quietly.
process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 2));
await main(process.argv.slice(2));
