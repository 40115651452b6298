import { createServer } from "node:net";
import type { GitHub } from "../../test/github/github.ts";

/** A port that is free now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address !== null ? address.port : 0;
}

/** The settings by which people sign in to a service of this stand-in. */
export function signInSettings(github: GitHub, port: number): Readonly<Record<string, string>> {
  return {
    PORT: String(port),
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    GITHUB_CLIENT_ID: github.app.clientId,
    GITHUB_CLIENT_SECRET: github.app.clientSecret,
    SESSION_SECRET: "only-an-example-of-thirty-two-characters-or-more",
  };
}
