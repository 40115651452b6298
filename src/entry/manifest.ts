import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { readOwnYaml } from "../core/text/yaml.ts";
import type { AppDescription } from "../shell/github/app-manifest.ts";
import type { AppSettings } from "../shell/github/app-settings.ts";
import { shippedRules } from "../shell/local/rule-files.ts";

/** What the App asks for when it is registered: manifests lie beside `rules/`. */
const manifestSchema = z.object({
  description: z.string(),
  url: z.string(),
  default_permissions: z.record(z.string(), z.string()),
  default_events: z.array(z.string()),
});

/** `app.yml`: what judging needs. `app.full.yml`: what every optional feature needs as well. */
export type ManifestName = "app.yml" | "app.full.yml";

/** A manifest as it is shipped. Throws where the file is missing or broken. */
export async function readManifest(name: ManifestName): Promise<AppDescription> {
  const text = await readFile(join(shippedRules, "..", name), "utf8");
  const {
    description,
    url,
    default_permissions: permissions,
    default_events: events,
  } = manifestSchema.parse(readOwnYaml(name, text).document?.value);
  return { description, url, permissions, events };
}

/** The permissions and events that this version of the service needs. */
export async function neededSettings(): Promise<AppSettings> {
  const { permissions, events } = await readManifest("app.yml");
  return { permissions, events };
}

/** Those that its optional features use as well. */
export async function optionalSettings(): Promise<AppSettings> {
  const { permissions, events } = await readManifest("app.full.yml");
  return { permissions, events };
}
