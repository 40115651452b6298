import { z } from "zod";
import { Forbidden } from "../failures.ts";
import type { SetupLine } from "../ports.ts";
import { type AppSettings, permissionsMissing } from "./app-settings.ts";
import { type Call, type GitHubClient, read } from "./client.ts";
import { requiredCheckLine } from "./required-check.ts";

/* Whether the App is set up as this service needs it, one line for each thing, with what to do about it. */

/** What the App ought to be. */
export interface SetupWanted {
  readonly appId: number;
  readonly needed: AppSettings;
  /** What optional features use as well. */
  readonly optional: AppSettings;
  /** Requests that see which repositories an installation holds, and their rules. */
  forListing(installation: number): GitHubClient;
  /** Where people reach the service; undefined where the operator did not say. */
  readonly publicUrl: string | undefined;
}

/** https://docs.github.com/rest/apps/apps#get-the-authenticated-app */
const appShape = z.object({
  id: z.number().int(),
  slug: z.string().nullish(),
  permissions: z.record(z.string(), z.string()),
  events: z.array(z.string()),
});

/** https://docs.github.com/rest/apps/webhooks#get-a-webhook-configuration-for-an-app */
const hookShape = z.object({
  url: z.string().nullish(),
  content_type: z.string().nullish(),
  insecure_ssl: z.union([z.string(), z.number()]).nullish(),
  secret: z.string().nullish(),
});

/** https://docs.github.com/rest/apps/webhooks#list-deliveries-for-an-app-webhook */
const deliveriesShape = z.array(
  z.object({ delivered_at: z.string(), status: z.string(), status_code: z.number().int() }),
);

/** The path of the service that takes webhooks. */
const webhookPath = "/api/github/webhooks";
/** Deliveries that are looked at, the newest first. */
const mostDeliveries = 30;

/**
 * Looks at the key, the permissions, the events, the webhook and its last deliveries, in a few requests as the App itself,
 * and at the rules of some default branches; nothing is changed. Throws TryAgainLater where GitHub cannot be asked.
 */
export async function setupOf(asApp: GitHubClient, wanted: SetupWanted): Promise<readonly SetupLine[]> {
  const call: Call = { what: "read the App's settings", needs: "a private key of the App", kind: "read" };
  let app: z.output<typeof appShape>;
  try {
    app = read(appShape, (await asApp.rest("GET /app", {}, call)).data, call.what);
  } catch (error) {
    if (!(error instanceof Forbidden)) throw error;
    return [
      {
        what: "key",
        state: "wrong",
        says: `GitHub does not accept the private key for App ${wanted.appId}.`,
        next: "Compare APP_ID with the App's settings; make a private key there and set PRIVATE_KEY; set the clock of this machine.",
      },
    ];
  }
  return [
    { what: "key", state: "ok", says: `GitHub accepts the key: App ${app.slug ?? ""} (${app.id}).` },
    permissionLine(app.permissions, wanted.needed),
    eventLine(app, wanted.needed),
    optionalLine(app, wanted),
    await webhookLine(asApp, wanted.publicUrl),
    await deliveryLine(asApp),
    await requiredCheckLine(asApp, wanted.forListing, wanted.appId),
  ];
}

function permissionLine(granted: AppSettings["permissions"], needed: AppSettings): SetupLine {
  const missing = permissionsMissing(granted, needed);
  if (missing.length === 0) {
    return { what: "permissions", state: "ok", says: `All ${Object.keys(needed.permissions).length} of app.yml.` };
  }
  return {
    what: "permissions",
    state: "wrong",
    says: `Missing: ${missing.join(", ")}.`,
    next: "Set them in the App's settings under Permissions & events; each owner then accepts them.",
  };
}

function eventLine({ permissions, events }: z.output<typeof appShape>, needed: AppSettings): SetupLine {
  // GitHub sends these to every App that may write checks, and lists them as no subscription.
  const heard = new Set(permissions["checks"] === "write" ? [...events, "check_run", "check_suite"] : events);
  const missing = needed.events.filter((event) => !heard.has(event));
  if (missing.length === 0) return { what: "events", state: "ok", says: `All ${needed.events.length} of app.yml.` };
  return {
    what: "events",
    state: "wrong",
    says: `Not told of: ${missing.join(", ")}.`,
    next: "Subscribe to them in the App's settings under Permissions & events.",
  };
}

/** What each permission that only `app.full.yml` asks for is used for. */
const features: Readonly<Record<string, string>> = {
  contents: "`/threat apply` and first models by pull request",
  security_events: "alerts of code scanning",
  secret_scanning_alerts: "alerts of secret scanning",
  vulnerability_alerts: "alerts and advisories of Dependabot",
};

/** Optional features are nobody's fault when they are off; whoever wants one reads here what it takes. */
function optionalLine(
  { permissions, events }: z.output<typeof appShape>,
  { needed, optional }: SetupWanted,
): SetupLine {
  const what = "optional features";
  const missing = permissionsMissing(permissions, optional).filter(
    (one) => !permissionsMissing(permissions, needed).includes(one),
  );
  const off = missing.map((one) => `${features[one.split(":")[0] ?? ""] ?? "a feature"} (${one})`);
  // The events of alerts come with their permissions; the one that needs none of them stands for itself.
  const unheard = optional.events.filter((event) => !needed.events.includes(event) && !events.includes(event));
  const late = unheard.length === 0 ? [] : [`being told at once of ${unheard.join(", ")}`];
  if (off.length + late.length === 0) return { what, state: "ok", says: "All of app.full.yml." };
  return {
    what,
    state: "off",
    says: `Off: ${[...off, ...late].join("; ")}.`,
    next: "Nothing is to be done unless you want one: app.full.yml says what each is for. Set it in the App's settings under Permissions & events; each owner then accepts it.",
  };
}

async function webhookLine(asApp: GitHubClient, publicUrl: string | undefined): Promise<SetupLine> {
  const call: Call = { what: "read the webhook's settings", needs: "a private key of the App", kind: "read" };
  const hook = read(hookShape, (await asApp.rest("GET /app/hook/config", {}, call)).data, call.what);
  const faults: string[] = [];
  const address = hook.url ?? "";
  const expected = publicUrl === undefined ? undefined : `${publicUrl.replace(/\/$/, "")}${webhookPath}`;
  if (address === "") faults.push("it has no address");
  else if (expected !== undefined && address !== expected) faults.push(`its address is ${address}, not ${expected}`);
  else if (!address.endsWith(webhookPath)) faults.push(`its address ${address} does not end in ${webhookPath}`);
  if (hook.content_type !== "json") faults.push("its content type is not application/json");
  if (String(hook.insecure_ssl ?? "0") !== "0") faults.push("the verification of TLS is switched off");
  if ((hook.secret ?? "") === "") faults.push("it has no secret, so that every delivery is refused");
  if (faults.length === 0) return { what: "webhook", state: "ok", says: `${address}, JSON, with a secret.` };
  return {
    what: "webhook",
    state: "wrong",
    says: `The webhook is not as it should be: ${faults.join("; ")}.`,
    next: "Change it in the App's settings under Webhook.",
  };
}

async function deliveryLine(asApp: GitHubClient): Promise<SetupLine> {
  const call: Call = { what: "list the webhook's deliveries", needs: "a private key of the App", kind: "read" };
  const answer = await asApp.rest("GET /app/hook/deliveries", { per_page: mostDeliveries }, call);
  const deliveries = read(deliveriesShape, answer.data, call.what);
  const [last] = deliveries;
  const what = "deliveries";
  if (!last) {
    return {
      what,
      state: "unknown",
      says: "GitHub has delivered nothing yet, so that nobody knows whether it reaches this service.",
      next: "Install the App on a repository and open a pull request, or redeliver the ping under Advanced in its settings.",
    };
  }
  const arrived = (one: z.output<typeof deliveriesShape>[number]): boolean =>
    one.status_code >= 200 && one.status_code < 300;
  const count = deliveries.filter(arrived).length;
  const says = `${count} of the last ${deliveries.length} arrived; the newest at ${last.delivered_at}: ${last.status} (${last.status_code}).`;
  if (arrived(last)) return { what, state: "ok", says };
  const next =
    last.status_code === 401
      ? "The secrets differ: set WEBHOOK_SECRET to the one in the App's settings."
      : "Open the address of the webhook to GitHub, and look at the delivery under Advanced in the App's settings. What failed is redelivered by the sweep.";
  return { what, state: "wrong", says, next };
}
