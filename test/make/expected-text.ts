import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { expect } from "@jest/globals";

/**
 * Compares a whole text as people see it with a file beside the test, `expected/<name>.md`. After a change that is meant,
 * `ACCEPT_TEXTS=1` writes it anew; read the difference before it is committed.
 * @param here `import.meta.url` of the test.
 */
export function expectTextBeside(here: string, name: string, text: string): void {
  const file = new URL(`./expected/${name}.md`, here);
  if (process.env.ACCEPT_TEXTS === "1") {
    mkdirSync(new URL("./expected/", here), { recursive: true });
    writeFileSync(file, text);
  }
  expect(text).toBe(readFileSync(file, "utf8"));
}
