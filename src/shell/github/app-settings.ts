import { z } from "zod";
import { Forbidden } from "../failures.ts";
import { type Call, type GitHubClient, read } from "./client.ts";

/** Permissions of an App or an installation by GitHub's names, and the events that it hears of. */
export interface AppSettings {
  readonly permissions: Readonly<Record<string, string>>;
  readonly events: readonly string[];
}

/** https://docs.github.com/rest/apps/apps#get-the-authenticated-app */
const appShape = z.object({ permissions: z.record(z.string(), z.string()), events: z.array(z.string()) });

/**
 * What stands between us and what the manifest asks for, one sentence each; empty where nothing does. GitHub itself out of
 * reach is no such thing: deliveries can be stored all the same. Throws TryAgainLater then.
 */
export async function settingsMissing(asApp: GitHubClient, needed: AppSettings): Promise<readonly string[]> {
  const call: Call = { what: "read the App's settings", needs: "a private key of the App", kind: "read" };
  try {
    const { permissions, events } = read(appShape, (await asApp.rest("GET /app", {}, call)).data, call.what);
    const heard = new Set(permissions["checks"] === "write" ? [...events, "check_run", "check_suite"] : events);
    return [
      ...permissionsMissing(permissions, needed).map((name) => `the App's settings lack the permission ${name}`),
      ...needed.events.filter((event) => !heard.has(event)).map((event) => `the App is not told of ${event}`),
    ];
  } catch (error) {
    if (error instanceof Forbidden) return ["GitHub does not accept the App's private key"];
    throw error;
  }
}

/** Needed permissions that are not granted, or granted to read where writing is needed: `checks: write`. */
export function permissionsMissing(granted: AppSettings["permissions"], needed: AppSettings): readonly string[] {
  return Object.entries(needed.permissions).flatMap(([name, access]) => {
    const has = granted[name] ?? (name === "metadata" ? "read" : undefined);
    const isEnough = has === access || has === "write" || has === "admin";
    return isEnough ? [] : [`${name}: ${access}`];
  });
}
