import { expect, test } from "@jest/globals";
import { readOne } from "../../../src/core/readers/read-model.ts";

/** What a flow of a Threat Dragon file states of its encryption. */
function encryption(data: object): string | undefined {
  const cell = (id: string, type: string) => ({ id, shape: type, data: { type: `tm.${type}`, name: id } });
  const flow = {
    id: "f",
    shape: "flow",
    source: { cell: "a" },
    target: { cell: "b" },
    data: { type: "tm.Flow", ...data },
  };
  const cells = [cell("a", "Actor"), cell("b", "Process"), flow];
  const text = JSON.stringify({ version: "2.2.0", summary: { title: "Shop" }, detail: { diagrams: [{ cells }] } });
  const { model } = readOne({ path: "threat-model.json", text });
  return model?.flows[0]?.facts.find(({ fact }) => fact === "encrypted-in-transit")?.is;
}

test.each<[string, object, string | undefined]>([
  ["a ticked box", { isEncrypted: true }, "yes"],
  ["an unticked box", { isEncrypted: false, name: "orders" }, "no"],
  ["no box at all", { name: "orders" }, undefined],
  ["an unticked box on HTTPS", { isEncrypted: false, protocol: "HTTPS" }, undefined],
  ["an unticked box on a flow called so", { isEncrypted: false, name: "query over TLS 1.3" }, undefined],
  ["an unticked box on HTTP", { isEncrypted: false, protocol: "HTTP" }, "no"],
  ["an unticked box and a denial", { isEncrypted: false, name: "orders, no TLS" }, "no"],
  ["an unticked box on what may be either", { isEncrypted: false, protocol: "HTTP or HTTPS" }, "no"],
])("encryption of a flow: %s", (_, data, expected) => {
  expect(encryption(data)).toBe(expected);
});
