import type { Command } from "commander";
import { type Environment, readEnvironment, readSetUp } from "../environment.ts";
import { lacksApp, withStoredApp } from "../stored-app.ts";

/**
 * `threatgate serve`: the GitHub App. Without its credentials it refuses to start and names what is missing, or, where the
 * operator's port is set, waits until an App is registered there.
 */
export function addServeCommand(program: Command): void {
  program
    .command("serve")
    .description("run the GitHub App (settings: docs/operation.md)")
    .action(async () => {
      let stopping = async (): Promise<void> => {};
      const stop = (): void => {
        const late = setTimeout(() => process.exit(1), 20_000);
        stopping().then(
          () => process.exit(0),
          () => process.exit(1),
        );
        late.unref();
      };
      process.once("SIGTERM", stop);
      process.once("SIGINT", stop);
      const environment = await environmentOnceThereIsAnApp((how) => {
        stopping = how;
      });
      // Read only here: every other command starts without a web server, a database and a queue in memory.
      const { startService } = await import("../service.ts");
      const service = await startService(environment);
      stopping = () => service.stop();
    });
}

/** @param waiting told how to stop what waits. */
async function environmentOnceThereIsAnApp(waiting: (stop: () => Promise<void>) => void): Promise<Environment> {
  const variables = withStoredApp(process.env);
  const setUp = lacksApp(variables) ? readSetUp(variables) : undefined;
  if (!setUp) return readEnvironment(variables);
  const { waitForApp } = await import("../registration.ts");
  const { registered, stop } = await waitForApp(setUp);
  waiting(stop);
  await registered;
  return readEnvironment(withStoredApp(process.env));
}
