import type { Command } from "commander";
import { readEnvironment } from "../environment.ts";

/** `threatgate serve`: the GitHub App. Refuses to start without its credentials and names what is missing. */
export function addServeCommand(program: Command): void {
  program
    .command("serve")
    .description("run the GitHub App (settings: docs/operation.md)")
    .action(async () => {
      const environment = readEnvironment(process.env);
      // Read only here: every other command starts without a web server, a database and a queue in memory.
      const { startService } = await import("../service.ts");
      const service = await startService(environment);
      const stop = (): void => {
        const late = setTimeout(() => process.exit(1), 20_000);
        service.stop().then(
          () => process.exit(0),
          () => process.exit(1),
        );
        late.unref();
      };
      process.once("SIGTERM", stop);
      process.once("SIGINT", stop);
    });
}
