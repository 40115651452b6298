import { generateKeyPairSync, randomBytes } from "node:crypto";
import { z } from "zod";
import type { OAuthAnswer } from "./oauth.ts";
import { addApp } from "./seed-apps.ts";
import type { App, Permissions, World } from "./world.ts";

/** What GitHub takes of a manifest, as far as the stand-in looks at it. */
const manifestShape = z.strictObject({
  name: z.string().min(1).max(34),
  url: z.url(),
  description: z.string().optional(),
  public: z.boolean(),
  hook_attributes: z.strictObject({ url: z.url(), active: z.boolean() }),
  redirect_url: z.url(),
  callback_urls: z.array(z.url()).max(10),
  default_permissions: z.record(z.string(), z.enum(["read", "write", "admin"])),
  default_events: z.array(z.string()),
});

/** An App made from a manifest, with the secrets that GitHub tells once. */
export interface Conversion {
  readonly app: App;
  readonly privateKey: string;
}

/**
 * Registering an App from a manifest: the page that takes it and, as if a person had said yes, sends the browser back with a
 * code that serves once.
 * https://docs.github.com/apps/sharing-github-apps/registering-a-github-app-from-a-manifest
 */
export class Manifests {
  readonly #world: World;
  readonly #codes = new Map<string, z.output<typeof manifestShape>>();

  constructor(world: World) {
    this.#world = world;
  }

  /** Answers the form; undefined for everything else. @param body as a browser sends a form. */
  answer(method: string, address: URL, body: string): OAuthAnswer | undefined {
    const path = /^\/(?:organizations\/([^/]+)\/)?settings\/apps\/new$/.exec(address.pathname);
    if (!path || method !== "POST") return undefined;
    const owner = path[1];
    const isKnown =
      owner === undefined || [...this.#world.organizations.values()].some((one) => one.account.login === owner);
    if (!isKnown) return { status: 404, type: "text/plain", text: "Not Found" };
    const manifest = manifestShape.safeParse(jsonOf(new URLSearchParams(body).get("manifest") ?? ""));
    if (!manifest.success) return { status: 422, type: "text/plain", text: manifest.error.message };
    const code = randomBytes(20).toString("hex");
    this.#codes.set(code, manifest.data);
    const back = new URL(manifest.data.redirect_url);
    back.searchParams.set("code", code);
    back.searchParams.set("state", address.searchParams.get("state") ?? "");
    return { status: 302, headers: { location: back.href }, type: "text/plain", text: "" };
  }

  /** The App of a code, made now; undefined for one that is not known or was used. */
  convert(code: string): Conversion | undefined {
    const manifest = this.#codes.get(code);
    if (!manifest) return undefined;
    this.#codes.delete(code);
    const { privateKey } = generateKeyPairSync("rsa", {
      modulusLength: 2048,
      privateKeyEncoding: { type: "pkcs1", format: "pem" },
      publicKeyEncoding: { type: "spki", format: "pem" },
    });
    const words = {
      slug: manifest.name.toLowerCase().replaceAll(" ", "-"),
      privateKey,
      webhookSecret: randomBytes(20).toString("hex"),
      webhookUrl: manifest.hook_attributes.url,
      permissions: { metadata: "read", ...manifest.default_permissions } as Permissions,
      events: manifest.default_events,
      installations: [],
    };
    return addApp(this.#world, words, this.#world.apps.length);
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
