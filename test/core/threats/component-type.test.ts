import { expect, test } from "@jest/globals";
import type { ModelElement } from "../../../src/core/domain/threat-model.ts";
import { typeOf } from "../../../src/core/threats/component-type.ts";
import { anElement } from "./make.ts";

test.each<[Partial<ModelElement>, string]>([
  [{ kind: "store", name: "PostgreSQL" }, "relational-db"],
  [{ kind: "store", name: "Sessions", technology: "Redis 7" }, "cache"],
  [{ kind: "store", name: "orders_db" }, "relational-db"],
  [{ kind: "store", name: "NoSQL database" }, "document-db"],
  [{ kind: "store", name: "Message queue" }, "message-broker"],
  [{ kind: "store", name: "Audit log" }, "logging-monitoring"],
  [{ kind: "store", name: "Things" }, "data-store"],
  [{ kind: "process", name: "API gateway" }, "edge-gateway"],
  [{ kind: "process", name: "Orders API" }, "http-api"],
  [{ kind: "process", name: "Web application server" }, "web-app"],
  [{ kind: "process", name: "ordersApi" }, "http-api"],
  [{ kind: "process", name: "Keycloak" }, "identity-provider"],
  [{ kind: "process", name: "Stripe API service" }, "third-party-saas"],
  [{ kind: "process", name: "Pricing", technology: "ai" }, "llm-component"],
  [{ kind: "process", name: "Email drafting AI" }, "process"],
  [{ kind: "process", name: "Capital calculator" }, "process"],
  [{ kind: "external", name: "Customer" }, "external-entity"],
  [{ kind: "external", name: "Payment provider" }, "third-party-saas"],
  [{ kind: "process", name: "PostgreSQL", type: "cloud-network" }, "cloud-network"],
  [{ kind: "process", name: `API ${"x".repeat(200)}` }, "process"],
])("%j is a %s", (bend, expected) => {
  expect(typeOf(anElement(bend))).toBe(expected);
});
