import type { Logger } from "pino";
import { addressOf } from "../shell/github/address.ts";
import { convertManifest, manifestOf, registrationAddress } from "../shell/github/app-manifest.ts";
import { registrationPages } from "../shell/web/registration.ts";
import { startSetUpServers } from "../shell/web/server.ts";
import type { SetUpEnvironment } from "./environment.ts";
import { createLog } from "./log.ts";
import { readManifest } from "./manifest.ts";
import { storeApp } from "./stored-app.ts";
import { hostOf } from "./world.ts";

/** A service that waits for its App. */
export interface WaitingForApp {
  /** Resolves when an App is stored and nothing listens any more: the service can start. */
  readonly registered: Promise<void>;
  stop(): Promise<void>;
}

/** Listens where the service will, with nothing but the pages that register an App on the operator's port. */
export async function waitForApp(
  environment: SetUpEnvironment,
  log: Logger = createLog(environment.logLevel),
): Promise<WaitingForApp> {
  const { githubApiUrl, publicUrl, dataDir } = environment;
  const [core, full] = await Promise.all([readManifest("app.yml"), readManifest("app.full.yml")]);
  const host = hostOf(githubApiUrl);
  const done = Promise.withResolvers<void>();
  const pages = registrationPages(
    {
      host,
      publicUrl,
      manifest: (breadth, name, redirectUrl) =>
        manifestOf(breadth === "full" ? full : core, { name, publicUrl, redirectUrl }),
      address: (organisation) => registrationAddress(host, organisation),
      register: async (code) => {
        const app = await convertManifest(addressOf(githubApiUrl).rest, code);
        const file = await storeApp(dataDir, app);
        log.info({ appId: app.id, file }, "the App is registered");
        return { id: app.id, page: app.page, file };
      },
      log: (level, message, fields) => log[level](fields, message),
    },
    done.resolve,
  );
  const { main, operators } = await startSetUpServers(pages, environment);
  const stop = async (): Promise<void> => {
    await Promise.all([main.stop(), operators.stop()]);
  };
  log.info({ url: main.url }, "listening");
  log.info({ url: operators.url }, "metrics");
  log.warn({ setup: `${operators.url}/setup` }, "no App is registered yet: open this page to register one");
  return { registered: done.promise.then(stop), stop };
}
