import { readFileSync } from "node:fs";
import { join } from "node:path";
import { shippedRules } from "../shell/local/rule-files.ts";

/** Version of the package, from its own package.json. */
export const threatgateVersion: string = (() => {
  const text = readFileSync(join(shippedRules, "..", "package.json"), "utf8");
  return String((JSON.parse(text) as { version?: string }).version ?? "0.0.0");
})();

/** Where the documentation is read. */
export const documentationAddress = "https://github.com/threatgate/threatgate/blob/main/docs";
