import { z } from "zod";

/** What people sign in with; all of it, or nothing. */
export interface SignInSettings {
  readonly clientId: string;
  readonly clientSecret: string;
  /** The first one seals sessions, all of them open them: several during rotation. */
  readonly secrets: readonly string[];
  /** Where browsers reach the service, without a slash at its end. */
  readonly publicUrl: string;
}

/** The variables of signing in, beside `PUBLIC_URL`. */
export const signInVariables = {
  GITHUB_CLIENT_ID: z.string().regex(/^[A-Za-z0-9._-]+$/, "is the client id of the GitHub App"),
  GITHUB_CLIENT_SECRET: z.string().min(1),
  SESSION_SECRET: z.string().min(1),
};

interface Given {
  readonly PUBLIC_URL?: string | undefined;
  readonly GITHUB_CLIENT_ID?: string | undefined;
  readonly GITHUB_CLIENT_SECRET?: string | undefined;
  readonly SESSION_SECRET?: string | undefined;
}

const names = ["PUBLIC_URL", "GITHUB_CLIENT_ID", "GITHUB_CLIENT_SECRET", "SESSION_SECRET"] as const;

/** What is wrong with them, one sentence each: some without the others, a weak secret, sessions over plain HTTP. */
export function signInFaults(given: Given): string[] {
  // The address alone serves the links in checks.
  if (names.slice(1).every((name) => given[name] === undefined)) return [];
  const missing = names.filter((name) => given[name] === undefined);
  if (missing.length > 0)
    return [
      `${missing.join(" and ")} ${missing.length === 1 ? "is" : "are"} missing: signing in needs ${names.join(", ")} together`,
    ];
  const faults: string[] = [];
  if (secretsOf(given).some((secret) => secret.length < 32))
    faults.push("SESSION_SECRET is shorter than 32 characters");
  const address = new URL(given.PUBLIC_URL ?? "");
  if (address.protocol !== "https:" && !/^(localhost|127\.0\.0\.1|\[::1\])$/.test(address.hostname)) {
    faults.push("PUBLIC_URL is not https, over which alone people may sign in");
  }
  if (address.pathname !== "/" || address.search !== "" || address.hash !== "") {
    faults.push("PUBLIC_URL holds more than a host: pages are served at its root");
  }
  return faults;
}

/** The settings, where all of them are there. */
export function signInSettings(given: Given): SignInSettings | undefined {
  const { PUBLIC_URL: publicUrl, GITHUB_CLIENT_ID: clientId, GITHUB_CLIENT_SECRET: clientSecret } = given;
  if (publicUrl === undefined || clientId === undefined || clientSecret === undefined) return undefined;
  const secrets = secretsOf(given);
  return secrets.length === 0
    ? undefined
    : { clientId, clientSecret, secrets, publicUrl: publicUrl.replace(/\/$/, "") };
}

function secretsOf({ SESSION_SECRET: secrets = "" }: Given): readonly string[] {
  return secrets
    .split(",")
    .map((secret) => secret.trim())
    .filter((secret) => secret !== "");
}
