import { randomBytes } from "node:crypto";
import { constants, existsSync, readFileSync, statSync } from "node:fs";
import { copyFile, link, mkdir, open, unlink } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { RegisteredApp } from "../shell/github/app-manifest.ts";
import { readStorage, WrongEnvironment } from "./environment.ts";
import { signInFaults } from "./sign-in-settings.ts";

/*
 * The App that the set-up page registered, in the folder of the data: so that the service finds it at its next start. What
 * the environment names wins, as a whole: no App is put together from two places.
 */

type Variables = Readonly<Record<string, string | undefined>>;

/** The file, in `DATA_DIR`. */
export const storedAppFile = "github-app.json";

const storedSchema = z.strictObject({
  appId: z.number().int().positive(),
  privateKey: z.string().min(1),
  webhookSecret: z.string().min(32),
  clientId: z.string().min(1),
  clientSecret: z.string().min(1),
  /** Made here: seals the sessions of the dashboard. */
  sessionSecret: z.string().min(32),
});

const ofTheApp = ["APP_ID", "PRIVATE_KEY", "WEBHOOK_SECRET"] as const;
const ofSigningIn = ["GITHUB_CLIENT_ID", "GITHUB_CLIENT_SECRET", "SESSION_SECRET"] as const;

function isGiven(variables: Variables, name: string): boolean {
  return [name, `${name}_FILE`].some((one) => (variables[one] ?? "") !== "");
}

/** Whether the environment names nothing of an App. */
export function lacksApp(variables: Variables): boolean {
  return ofTheApp.every((name) => !isGiven(variables, name));
}

/**
 * The variables with what is stored, where they name nothing of an App themselves. Throws WrongEnvironment, never with a
 * value, where the file is broken or others may read it.
 */
export function withStoredApp(variables: Variables): Variables {
  if (!lacksApp(variables)) return variables;
  const path = join(readStorage(variables).dataDir, storedAppFile);
  const stored = readStored(path);
  if (!stored) return variables;
  const app = {
    ...variables,
    APP_ID: String(stored.appId),
    PRIVATE_KEY: stored.privateKey,
    WEBHOOK_SECRET: stored.webhookSecret,
  };
  const signIn = {
    GITHUB_CLIENT_ID: stored.clientId,
    GITHUB_CLIENT_SECRET: stored.clientSecret,
    SESSION_SECRET: stored.sessionSecret,
  };
  const { PUBLIC_URL } = variables;
  const mayBeOff = ofSigningIn.some((name) => isGiven(variables, name)) || !URL.canParse(PUBLIC_URL ?? "");
  return mayBeOff || signInFaults({ PUBLIC_URL, ...signIn }).length > 0 ? app : { ...app, ...signIn };
}

function readStored(path: string): z.output<typeof storedSchema> | undefined {
  const wrong = (what: string): WrongEnvironment => new WrongEnvironment(`Threatgate cannot start: ${path} ${what}.`);
  let text: string;
  try {
    const { mode } = statSync(path);
    if (process.platform !== "win32" && (mode & 0o077) !== 0)
      throw wrong(
        `may be read by others than its owner: chmod 600, or name the App by ${ofTheApp.join(", ")} and delete it`,
      );
    text = readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof WrongEnvironment) throw error;
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw wrong("cannot be read");
  }
  try {
    return storedSchema.parse(JSON.parse(text));
  } catch {
    throw wrong("is not what the set-up page wrote: delete it, and name the App by the environment");
  }
}

/**
 * Stores an App, whole or not at all, readable by its owner alone; one that is there is never written over. Gives back the
 * path. Throws where the folder cannot be written to, or an App is there.
 * @param give gives the file its name; refuses where the name is taken
 */
export async function storeApp(
  dataDir: string,
  app: RegisteredApp,
  give: (half: string, path: string) => Promise<void> = link,
): Promise<string> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const path = join(dataDir, storedAppFile);
  const half = `${path}.${randomBytes(6).toString("hex")}`;
  const stored: z.input<typeof storedSchema> = {
    appId: app.id,
    privateKey: app.privateKey,
    webhookSecret: app.webhookSecret,
    clientId: app.clientId,
    clientSecret: app.clientSecret,
    sessionSecret: randomBytes(36).toString("base64url"),
  };
  const file = await open(half, "wx", 0o600);
  try {
    await file.writeFile(`${JSON.stringify(stored, null, 2)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  try {
    await give(half, path);
  } catch (error) {
    // Shares of Windows and of some clouds know no second name for a file; the key must not be lost for that.
    if (existsSync(path)) throw error;
    await copyFile(half, path, constants.COPYFILE_EXCL);
  } finally {
    await unlink(half);
  }
  return path;
}
