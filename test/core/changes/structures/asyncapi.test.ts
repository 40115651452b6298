import { expect, test } from "@jest/globals";
import { structure } from "../../../../src/core/changes/structures/asyncapi.ts";
import { told } from "../../../make/an-item.ts";

test("channels of version 2, with what proves the caller", () => {
  const text = `asyncapi: 2.6.0
servers:
  public: { url: "mqtt://broker.shop.example", protocol: mqtt }
channels:
  refunds:
    subscribe:
      security: [{ key: [] }]
    publish: {}
`;
  expect(structure.wants("docs/asyncapi.yaml")).toBe(true);
  expect(told(structure.read("docs/asyncapi.yaml", text))).toBe(
    `3 asyncapi-server mqtt://broker.shop.example (public) public
  3 url = "mqtt://broker.shop.example"
  3 protocol = "mqtt"
  3 security = "not stated"
5 asyncapi-operation publish refunds (publish refunds) publish refunds
  5 security = "not stated"
5 asyncapi-operation subscribe refunds (subscribe refunds) subscribe refunds
  5 security = "key"`,
  );
});

test("operations of version 3 refer to their channel", () => {
  const text = JSON.stringify({
    asyncapi: "3.0.0",
    operations: { onRefund: { action: "receive", channel: { $ref: "#/channels/refunds" } } },
  });
  expect(told(structure.read("asyncapi.json", text))).toBe(
    `1 asyncapi-operation receive refunds (receive refunds) receive refunds
  1 security = "not stated"`,
  );
});

test("whatever else lies under such a name is no description", () => {
  expect(structure.read("async/settings.yaml", "workers: 3\n")).toEqual({ items: [] });
});
