import { createPrivateKey, type KeyObject, sign } from "node:crypto";
import { Forbidden } from "../failures.ts";
import { gitHubTime } from "./answers.ts";
import type { Credentials, GitHubClient } from "./client.ts";
import type { Clock } from "./pace.ts";

/** Reads a private key in PEM form. Throws an Error that says which one is none; `index` counts from 0. */
export function readKey(pem: string, index: number): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    throw new Error(`Private key ${index + 1} of the App is not an RSA key in PEM form.`);
  }
}

/**
 * Signs the App's own tokens: at most ten minutes long, begun a minute in the past against drift
 * (https://docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app).
 * When GitHub refuses one, the difference of its clock to ours is measured and the next key is tried (H085).
 */
export class AppJwt implements Credentials {
  readonly #appId: number;
  readonly #keys: readonly KeyObject[];
  readonly #clock: Clock;
  #key = 0;
  #offset = 0;
  #asApp: GitHubClient | undefined;

  constructor(appId: number, keys: readonly KeyObject[], clock: Clock) {
    this.#appId = appId;
    this.#keys = keys;
    this.#clock = clock;
  }

  /** The client to measure GitHub's clock with. */
  follow(asApp: GitHubClient): void {
    this.#asApp = asApp;
  }

  async token(): Promise<string> {
    const key = this.#keys[this.#key % this.#keys.length];
    if (!key) throw new Forbidden("The App has no private key.", "a private key of the App");
    const now = Math.floor((this.#clock.now() + this.#offset) / 1000);
    const head = encode({ alg: "RS256", typ: "JWT" });
    const claims = encode({ iat: now - 60, exp: now + 540, iss: String(this.#appId) });
    const signature = sign("sha256", Buffer.from(`${head}.${claims}`), key).toString("base64url");
    return `${head}.${claims}.${signature}`;
  }

  async renew(): Promise<string> {
    const call = { what: "tell its time", needs: "nothing", kind: "read", accepts: anyRefusal } as const;
    const answer = await this.#asApp?.rest("GET /app", {}, call);
    if (answer?.status === 401) {
      const offset = gitHubTime(answer, this.#clock.now()) - this.#clock.now();
      // A difference that the minute of grace does not cover is the clock's fault; otherwise the key is out of use.
      if (Math.abs(offset - this.#offset) > 30_000) this.#offset = offset;
      else this.#key++;
    }
    return this.token();
  }
}

const anyRefusal = [400, 401, 403, 404];

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
