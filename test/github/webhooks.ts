import { createHash, createHmac } from "node:crypto";
import { isoSeconds } from "./clock.ts";
import { reaches } from "./lookups.ts";
import { showAccount, showInstallation, showOrganization } from "./show/accounts.ts";
import { nodeId } from "./show/node-id.ts";
import { showRepository, showRepositoryInPush } from "./show/repositories.ts";
import type { App, Happening, Installation, World } from "./world.ts";

/** One attempt to tell an App something. A redelivery has the same `guid` and an `id` of its own. */
export interface Delivery {
  readonly id: number;
  readonly guid: string;
  readonly app: App;
  readonly event: string;
  readonly action: string | null;
  readonly installation: number | null;
  readonly repository: number | null;
  readonly redelivery: boolean;
  /** The body exactly as signed and sent. */
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  /** `waiting` until it was sent; then what came of it. */
  state: "waiting" | "delivered" | "failed" | "dropped";
  deliveredAt: string;
  /** HTTP status of the answer; 0 when there was none. */
  statusCode: number;
  seconds: number;
  responseBody: string;
}

/** GitHub waits ten seconds for an answer. https://docs.github.com/webhooks/using-webhooks/best-practices-for-using-webhooks */
const patience = 10_000;

/** Sends webhooks, in order and one after the other, and keeps all of them. */
export class Webhooks {
  readonly #world: World;
  readonly #deliveries: Delivery[] = [];
  #queue: Promise<void> = Promise.resolve();
  #held = false;
  #serial = 0;

  constructor(world: World) {
    this.#world = world;
  }

  /** Everything there was to tell, oldest first. */
  get deliveries(): readonly Delivery[] {
    return this.#deliveries;
  }

  /** What was held back and not yet sent, oldest first. */
  get waiting(): readonly Delivery[] {
    return this.#deliveries.filter((delivery) => delivery.state === "waiting");
  }

  /** From now on deliveries wait until they are sent by hand or released. */
  hold(): void {
    this.#held = true;
  }

  /** Sends what waits, oldest first or in the order given, and holds nothing back any more. */
  release(order: readonly Delivery[] = this.waiting): void {
    this.#held = false;
    for (const delivery of order) this.send(delivery);
  }

  /** Sends one delivery now, whether it was sent before or not (the same id and body: a duplicate). */
  send(delivery: Delivery): void {
    this.#queue = this.#queue.then(() => this.#post(delivery));
  }

  /** Loses deliveries on their way. */
  drop(...lost: readonly Delivery[]): void {
    for (const delivery of lost) delivery.state = "dropped";
  }

  /** What the "Redeliver" button does: the same body under the same GUID, recorded as a delivery of its own. */
  redeliver(delivery: Delivery): Delivery {
    const again: Delivery = { ...delivery, id: this.#nextId(), redelivery: true, state: "waiting", statusCode: 0 };
    this.#deliveries.push(again);
    this.send(again);
    return again;
  }

  /** Sends the same signed body under a new delivery id, as somebody who captured it could (H006). */
  replay(delivery: Delivery): Delivery {
    const guid = this.#guid();
    const headers = { ...delivery.headers, "x-github-delivery": guid };
    const again: Delivery = { ...delivery, id: this.#nextId(), guid, headers, state: "waiting", statusCode: 0 };
    this.#deliveries.push(again);
    this.send(again);
    return again;
  }

  /** Resolves when nothing is on its way any more. */
  async idle(): Promise<void> {
    for (let seen: Promise<void> | undefined; seen !== this.#queue; ) {
      seen = this.#queue;
      await seen;
    }
  }

  /** Draws the payload for each App concerned, and sends it unless deliveries are held. */
  announce(happening: Happening): void {
    for (const installation of this.#world.installations) {
      const { app } = installation;
      if (!concerns(happening, installation) || app.webhookUrl === undefined) continue;
      const delivery = this.#draw(happening, installation);
      this.#deliveries.push(delivery);
      if (!this.#held) this.send(delivery);
    }
  }

  #draw(happening: Happening, installation: Installation): Delivery {
    const { repository, organization, event } = happening;
    const world = this.#world;
    const owner = organization ?? (repository === undefined ? undefined : world.organizations.get(repository.owner.id));
    const shown = event === "push" ? showRepositoryInPush : showRepository;
    const body = JSON.stringify({
      ...(happening.action === undefined ? {} : { action: happening.action }),
      ...happening.payload,
      ...(repository === undefined ? {} : { repository: shown(world, repository) }),
      ...(owner === undefined ? {} : { organization: showOrganization(world, owner) }),
      sender: showAccount(world, happening.sender),
      installation:
        happening.installation === undefined
          ? { id: installation.id, node_id: nodeId("Installation", installation.id) }
          : showInstallation(world, installation),
    });
    const guid = this.#guid();
    return {
      id: this.#nextId(),
      guid,
      app: installation.app,
      event,
      action: happening.action ?? null,
      installation: installation.id,
      repository: repository?.id ?? null,
      redelivery: false,
      body,
      headers: headersOf(installation, event, guid, body),
      state: "waiting",
      deliveredAt: isoSeconds(world.clock.now()),
      statusCode: 0,
      seconds: 0,
      responseBody: "",
    };
  }

  async #post(delivery: Delivery): Promise<void> {
    if (delivery.state === "dropped" || delivery.app.webhookUrl === undefined) return;
    const began = performance.now();
    delivery.deliveredAt = isoSeconds(this.#world.clock.now());
    try {
      const answer = await fetch(delivery.app.webhookUrl, {
        method: "POST",
        headers: delivery.headers,
        body: delivery.body,
        signal: AbortSignal.timeout(patience),
      });
      delivery.responseBody = await answer.text();
      delivery.statusCode = answer.status;
      delivery.state = answer.ok ? "delivered" : "failed";
    } catch (error) {
      delivery.statusCode = error instanceof Error && error.name === "TimeoutError" ? 504 : 502;
      delivery.responseBody = String(error);
      delivery.state = "failed";
    }
    delivery.seconds = Math.round(performance.now() - began) / 1000;
  }

  #nextId(): number {
    this.#serial += 1;
    return 90_000_000_000 + this.#serial;
  }

  /** A GUID that no other delivery of this GitHub has; the same script gives the same ones. */
  #guid(): string {
    this.#serial += 1;
    const hex = createHash("sha256").update(`delivery ${this.#serial}`).digest("hex");
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join("-");
  }
}

function concerns(happening: Happening, installation: Installation): boolean {
  const { app } = installation;
  if (happening.installation !== undefined) return happening.installation === installation;
  if (installation.deleted || installation.suspended) return false;
  if (happening.app !== undefined && happening.app !== app) return false;
  if (!app.events.includes("*") && !app.events.includes(happening.event)) return false;
  if (happening.repository !== undefined) return reaches(installation, happening.repository);
  return happening.organization?.account.id === installation.account.id;
}

/** https://docs.github.com/webhooks/webhook-events-and-payloads#delivery-headers */
function headersOf(installation: Installation, event: string, guid: string, body: string): Record<string, string> {
  const { app } = installation;
  const sign = (algorithm: string): string =>
    `${algorithm}=${createHmac(algorithm, app.webhookSecret).update(body).digest("hex")}`;
  return {
    accept: "*/*",
    "content-type": "application/json",
    "user-agent": "GitHub-Hookshot/stand-in",
    "x-github-delivery": guid,
    "x-github-event": event,
    "x-github-hook-id": String(app.id * 10),
    "x-github-hook-installation-target-id": String(app.id),
    "x-github-hook-installation-target-type": "integration",
    "x-hub-signature": sign("sha1"),
    "x-hub-signature-256": sign("sha256"),
  };
}
