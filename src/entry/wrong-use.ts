import type { Command } from "commander";
import { Forbidden, Gone, TryAgainLater } from "../shell/failures.ts";

/** The command was used wrongly, or what it names is not there. The message is one line that says what to do. */
export class WrongUse extends Error {
  override readonly name = "WrongUse";
}

/** One line for a person when a command could not do its work; stack traces stay inside. */
export function explain(error: unknown): string {
  if (error instanceof Forbidden) return `${error.message} (needs: ${error.needs})`;
  if (error instanceof TryAgainLater) {
    const when = error.afterSeconds === undefined ? "" : ` Try again in ${error.afterSeconds} s.`;
    return `${error.message}${when}`;
  }
  if (error instanceof Gone || error instanceof Error) return oneLine(error.message);
  return oneLine(String(error));
}

/** Has a command and those below it tell a wrong use on one line that ends with where the right one is explained. */
export function tellWrongUse(command: Command, name = command.name()): void {
  command.exitOverride().configureOutput({
    outputError: (told, write) => {
      const what = oneLine(told.replace(/^error: /, ""));
      write(`threatgate: ${what}${what.endsWith(".") ? "" : "."} \`${name} --help\` shows what there is.\n`);
    },
  });
  for (const child of command.commands) tellWrongUse(child, `${name} ${child.name()}`);
}

function oneLine(text: string): string {
  return text
    .replace(/\s*\n\s*/g, " ")
    .replace(/[\u0000-\u001f\u007f-\u009f]/g, " ")
    .trim();
}
