import { notFound } from "../refusal.ts";
import type { Delivery, Webhooks } from "../webhooks.ts";
import { appOf } from "./apps.ts";
import { type Answer, type Call, numberIn, type Operation, ok } from "./operation.ts";

/** What an App sees of its own webhooks. https://docs.github.com/rest/apps/webhooks */
export function deliveryOperations(webhooks: Webhooks): readonly Operation[] {
  const own = (call: Call): Delivery[] => {
    const app = appOf(call.actor);
    return webhooks.deliveries.filter(
      (delivery) => delivery.app === app && ["delivered", "failed"].includes(delivery.state),
    );
  };
  const find = (call: Call): Delivery => {
    const id = numberIn(call, "delivery_id");
    const found = own(call).find((delivery) => delivery.id === id);
    if (found === undefined) throw notFound();
    return found;
  };
  return [
    {
      id: "apps/get-webhook-config-for-app",
      method: "GET",
      path: "/app/hook/config",
      on: "anything",
      answer: (call) => {
        const { webhookUrl } = appOf(call.actor);
        const url = webhookUrl === undefined ? {} : { url: webhookUrl };
        return ok({ content_type: "json", insecure_ssl: "0", secret: "********", ...url });
      },
    },
    {
      id: "apps/list-webhook-deliveries",
      method: "GET",
      path: "/app/hook/deliveries",
      on: "anything",
      answer: (call) => list(call, own(call)),
    },
    {
      id: "apps/get-webhook-delivery",
      method: "GET",
      path: "/app/hook/deliveries/{delivery_id}",
      on: "anything",
      answer: (call) => ok(showWhole(find(call))),
    },
    {
      id: "apps/redeliver-webhook-delivery",
      method: "POST",
      path: "/app/hook/deliveries/{delivery_id}/attempts",
      on: "anything",
      answer: (call) => {
        webhooks.redeliver(find(call));
        return { status: 202, body: {} };
      },
    },
  ];
}

/** Newest first, by cursor: this list has no page numbers. */
function list(call: Call, deliveries: readonly Delivery[]): Answer {
  const size = Math.min(100, Number(call.query.get("per_page") ?? 30));
  const status = call.query.get("status");
  const newest = [...deliveries]
    .reverse()
    .filter((one) => status === null || (status === "success") === (one.state === "delivered"));
  const from = Math.max(
    0,
    newest.findIndex((one) => String(one.id) === call.query.get("cursor")),
  );
  const next = newest[from + size];
  if (next === undefined) return ok(newest.slice(from).map(show));
  const url = new URL(call.address);
  url.searchParams.set("cursor", String(next.id));
  return ok(newest.slice(from, from + size).map(show), { link: `<${url.href}>; rel="next"` });
}

function show(delivery: Delivery) {
  return {
    id: delivery.id,
    guid: delivery.guid,
    delivered_at: delivery.deliveredAt,
    redelivery: delivery.redelivery,
    duration: delivery.seconds,
    status: delivery.state === "delivered" ? "OK" : "Invalid HTTP Response",
    status_code: delivery.statusCode,
    event: delivery.event,
    action: delivery.action,
    installation_id: delivery.installation,
    repository_id: delivery.repository,
    throttled_at: null,
  };
}

function showWhole(delivery: Delivery) {
  const payload: unknown = JSON.parse(delivery.body);
  return {
    ...show(delivery),
    url: delivery.app.webhookUrl ?? "",
    request: { headers: delivery.headers, payload },
    response: { headers: {}, payload: delivery.responseBody },
  };
}
