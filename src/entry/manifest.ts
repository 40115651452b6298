import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { readOwnYaml } from "../core/text/yaml.ts";
import type { AppSettings } from "../shell/github/app-settings.ts";
import { shippedRules } from "../shell/local/rule-files.ts";

/** What the App asks for when it is registered: `app.yml`, which lies beside `rules/`. */
const manifestSchema = z.object({
  default_permissions: z.record(z.string(), z.string()),
  default_events: z.array(z.string()),
});

/** The permissions and events that this version of the service needs. Throws where the file is missing or broken. */
export async function neededSettings(): Promise<AppSettings> {
  const text = await readFile(join(shippedRules, "..", "app.yml"), "utf8");
  const { default_permissions: permissions, default_events: events } = manifestSchema.parse(
    readOwnYaml("app.yml", text).document?.value,
  );
  return { permissions, events };
}
