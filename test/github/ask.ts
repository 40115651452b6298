import { createSign } from "node:crypto";
import type { GitHub } from "./github.ts";
import type { Permissions } from "./world.ts";

/** An answer as a test looks at it. */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  /** JSON where it is JSON, else the text. */
  readonly body: unknown;
}

/** Who asks: with an App token, an installation token, a person's token, or nothing. */
export type Client = (
  method: string,
  path: string,
  body?: unknown,
  headers?: Readonly<Record<string, string>>,
) => Promise<Reply>;

/** Asks with this `Authorization` value; none asks as nobody. */
export function asking(url: string, authorization?: string): Client {
  return async (method, path, body, headers = {}) => {
    const answer = await fetch(url + path, {
      method,
      redirect: "manual",
      headers: { ...(authorization === undefined ? {} : { authorization }), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, body: json(text) };
  };
}

/** Asks as the first App's installation, with all its permissions or only these. */
export function asInstallation(github: GitHub, permissions?: Permissions): Client {
  const installation = github.world.installations.find((one) => one.id === github.app.installation);
  if (installation === undefined) throw new Error("the App is not installed");
  const { token } = github.identity.grant(installation, permissions ?? installation.permissions, undefined);
  return asking(github.url, `Bearer ${token}`);
}

/** Asks as the first App itself. */
export function asApp(github: GitHub): Client {
  return asking(github.url, `Bearer ${appToken(github.app.id, github.app.privateKey)}`);
}

/** A JSON Web Token of an App: RS256, ten minutes at most. `claims` may spoil it. */
export function appToken(id: number, privateKey: string, claims: Readonly<Record<string, unknown>> = {}): string {
  const now = Math.floor(Date.now() / 1000);
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const signed = `${part({ alg: "RS256", typ: "JWT" })}.${part({ iat: now - 30, exp: now + 540, iss: id, ...claims })}`;
  return `${signed}.${createSign("RSA-SHA256").update(signed).sign(privateKey, "base64url")}`;
}

/** The named fields of an answer. */
export function fields(reply: Reply, ...names: readonly string[]): Record<string, unknown> {
  const body: Record<string, unknown> = typeof reply.body === "object" && reply.body !== null ? { ...reply.body } : {};
  return Object.fromEntries(names.map((name) => [name, body[name]]));
}

/** An answer that is a list. */
export function list(reply: Reply): readonly Record<string, unknown>[] {
  return Array.isArray(reply.body) ? reply.body : [];
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
