import { z } from "zod";
import { Forbidden, TryAgainLater } from "../failures.ts";
import type { AppSettings } from "./app-settings.ts";

/*
 * Registering an App from a manifest: a form takes the manifest to GitHub, a person confirms it there, GitHub sends the
 * browser back with a code, and the code is exchanged once for the App's id and secrets.
 * https://docs.github.com/apps/sharing-github-apps/registering-a-github-app-from-a-manifest
 */

/** What `app.yml` or `app.full.yml` says of an App. */
export interface AppDescription extends AppSettings {
  readonly description: string;
  readonly url: string;
}

/** What of a manifest is this service's own. */
export interface ManifestPlaces {
  readonly name: string;
  /** Where GitHub and people reach the service, without a slash at its end. */
  readonly publicUrl: string;
  /** Where the browser comes back to with the code. */
  readonly redirectUrl: string;
}

/** The path of the service that takes webhooks, and the one that people come back to from signing in. */
const paths = { webhooks: "/api/github/webhooks", signIn: "/sign-in/callback" } as const;

/** The manifest, as GitHub's form takes it. */
export function manifestOf(app: AppDescription, { name, publicUrl, redirectUrl }: ManifestPlaces): object {
  return {
    name,
    url: app.url,
    description: app.description,
    public: false,
    hook_attributes: { url: `${publicUrl}${paths.webhooks}`, active: true },
    redirect_url: redirectUrl,
    callback_urls: [`${publicUrl}${paths.signIn}`],
    default_permissions: app.permissions,
    default_events: app.events,
  };
}

/** Where a browser takes the manifest: of an organisation, or of the person who is signed in. @param host as people use GitHub. */
export function registrationAddress(host: string, organisation: string | undefined): string {
  const owner = organisation === undefined ? "" : `/organizations/${encodeURIComponent(organisation)}`;
  return `${host}${owner}/settings/apps/new`;
}

/** An App that was registered, with its secrets: kept nowhere but in the operator's own folder. */
export interface RegisteredApp {
  readonly id: number;
  readonly slug: string;
  /** The page of the App on GitHub. */
  readonly page: string;
  readonly privateKey: string;
  readonly webhookSecret: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** https://docs.github.com/rest/apps/apps#create-a-github-app-from-a-manifest */
const conversionShape = z.object({
  id: z.number().int().positive(),
  slug: z.string(),
  html_url: z.url({ protocol: /^https?$/ }),
  pem: z.string().min(1),
  webhook_secret: z.string().min(32),
  client_id: z.string().min(1),
  client_secret: z.string().min(1),
});

const patience = 20_000;
/** A key and a description take some kilobytes. */
const mostBytes = 1024 * 1024;

/** What a code may look like: it becomes a part of an address. */
export const codePattern = /^[A-Za-z0-9_-]{1,200}$/;

/**
 * Exchanges the code, once, within the hour that GitHub keeps it. Throws Forbidden where GitHub does not take it, and
 * TryAgainLater where GitHub cannot be asked; no message holds the code or a secret.
 * @param rest base of GitHub's REST interface.
 */
export async function convertManifest(rest: string, code: string): Promise<RegisteredApp> {
  if (!codePattern.test(code)) throw new Forbidden("This is no code of GitHub's.", "a code from GitHub");
  const answer = await ask(`${rest}/app-manifests/${code}/conversions`);
  if (answer.status !== 201) {
    if (answer.status >= 500 || answer.status === 429)
      throw new TryAgainLater(`GitHub could not exchange the code (${answer.status}).`);
    throw new Forbidden(`GitHub does not take the code (${answer.status}).`, "a code that is new and unused");
  }
  const app = conversionShape.safeParse(answer.data);
  if (!app.success) throw new TryAgainLater("GitHub's answer to the code lacks what an App needs.");
  const { id, slug, html_url, pem, webhook_secret, client_id, client_secret } = app.data;
  return {
    id,
    slug,
    page: html_url,
    privateKey: pem,
    webhookSecret: webhook_secret,
    clientId: client_id,
    clientSecret: client_secret,
  };
}

async function ask(address: string): Promise<{ readonly status: number; readonly data: unknown }> {
  try {
    const answer = await fetch(address, {
      method: "POST",
      redirect: "error",
      signal: AbortSignal.timeout(patience),
      headers: { accept: "application/vnd.github+json", "user-agent": "threatgate" },
    });
    const text = await answer.text();
    if (text.length > mostBytes) return { status: answer.status, data: undefined };
    return { status: answer.status, data: answer.status === 201 ? JSON.parse(text) : undefined };
  } catch {
    // The cause may name the address, and with it the code.
    throw new TryAgainLater("GitHub does not answer to the code.");
  }
}
