import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { readStorage } from "../environment.ts";
import { WrongUse } from "../wrong-use.ts";
import { formatOption } from "./format-option.ts";

/** `threatgate failed`: the jobs of the service that failed at every attempt; `--again` has them done again. */
export function addFailedCommand(program: Command): void {
  program
    .command("failed")
    .description("list the service's jobs that failed at every attempt (DATABASE_URL or DATA_DIR says which service)")
    .option("--again", "put them back into the queue")
    .addOption(formatOption("text", "json"))
    .action(async ({ again, format }: { again?: boolean; format: string }) => {
      const { askForFailedJobs } = await import("../operator.ts");
      const storage = readStorage(process.env);
      if (storage.databaseUrl === undefined && !existsSync(join(storage.dataDir, "database")))
        throw new WrongUse(
          `${storage.dataDir} holds no database of a service. Set DATABASE_URL, or DATA_DIR to the folder of the service.`,
        );
      const { jobs, redriven } = await askForFailedJobs(storage, again === true);
      if (format === "json") {
        process.stdout.write(`${JSON.stringify({ schemaVersion: 1, jobs, redriven })}\n`);
        return;
      }
      for (const { failed, wakeUp, reason } of jobs) {
        const { owner, repository, number } = wakeUp.subject;
        process.stdout.write(`${failed}  ${owner}/${repository}#${number}  ${wakeUp.why}  ${oneLine(reason)}\n`);
      }
      const many = jobs.length === 1 ? "1 job" : `${jobs.length} jobs`;
      process.stdout.write(redriven ? `${many} put back into the queue.\n` : `${many} failed.\n`);
    });
}

/** A reason may quote anything; what a terminal would obey is no part of it (H053). */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ").slice(0, 300);
}
