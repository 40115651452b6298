import type { Command } from "commander";
import { readEnvironment } from "../environment.ts";
import { startService } from "../service.ts";

/** `threatgate serve`: the GitHub App. Refuses to start without its credentials and names what is missing. */
export function addServeCommand(program: Command): void {
  program
    .command("serve")
    .description("run the GitHub App (settings: docs/operation.md)")
    .action(async () => {
      const service = await startService(readEnvironment(process.env));
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
