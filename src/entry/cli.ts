import { runCommandLine } from "./command-line.ts";

// A reader that closes early (`| head`) ends the program quietly.
process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 2));
await runCommandLine(process.argv.slice(2));
