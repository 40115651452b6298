import { structureOfDocuments } from "../notations/documents.ts";
import { emptyDraft, entriesOf, itemOf, type LineOf, member, plainValue, setAttribute } from "../notations/items.ts";
import type { Item, Structure, StructureReader } from "../structure.ts";

/**
 * AsyncAPI 2 and 3: `asyncapi-operation`, type such as `subscribe orders` (2) or `receive orders` (3), and `asyncapi-server`, type the address.
 * Attributes: `security` (names joined by `|`, or `not stated`), `protocol`. Fields of messages are read with those of OpenAPI.
 * https://www.asyncapi.com/docs/reference/specification/v3.0.0, https://v2.asyncapi.com/docs/reference/specification/v2.6.0
 */
export const structure: StructureReader = {
  name: "AsyncAPI description",
  wants: (path) => /\.(ya?ml|json)$/i.test(path) && /async-?api|events?[-_.]?(api|spec)|(^|\/)async/i.test(path),
  read(path, text): Structure {
    if (!/["']?asyncapi["']?\s*:/.test(text)) return { items: [] };
    const isJson = path.toLowerCase().endsWith(".json");
    return structureOfDocuments({ text, isJson }, ({ value, lineOf }) => itemsOf(value, lineOf));
  },
};

function itemsOf(value: unknown, lineOf: LineOf): Item[] {
  const items: Item[] = [];
  for (const [name, server] of entriesOf(member(value, "servers"))) {
    const address = plainValue(member(server, "url") ?? member(server, "host"));
    if (address === undefined) continue;
    const line = lineOf(["servers", name]) ?? 1;
    const draft = emptyDraft();
    setAttribute(draft, "url", address, line);
    setAttribute(draft, "protocol", plainValue(member(server, "protocol")), line);
    setAttribute(draft, "security", securityOf(member(server, "security")), line);
    items.push(itemOf({ kind: "asyncapi-server", type: String(address), key: name, name, line }, draft));
  }
  for (const [channel, described] of entriesOf(member(value, "channels"))) {
    for (const action of ["publish", "subscribe"] as const) {
      const operation = member(described, action);
      if (operation !== undefined) items.push(operationItem(action, channel, operation, lineOf(["channels", channel])));
    }
  }
  for (const [id, operation] of entriesOf(member(value, "operations"))) {
    const reference = plainValue(member(member(operation, "channel"), "$ref"));
    const channel = reference === undefined ? id : String(reference).replace(/^.*\//, "");
    const action = plainValue(member(operation, "action")) ?? "operate on";
    items.push(operationItem(String(action), channel, operation, lineOf(["operations", id])));
  }
  return items;
}

function operationItem(action: string, channel: string, operation: unknown, line: number | undefined): Item {
  const draft = emptyDraft();
  setAttribute(draft, "security", securityOf(member(operation, "security")), line);
  const type = `${action} ${channel}`;
  return itemOf({ kind: "asyncapi-operation", type, key: type, name: type, line: line ?? 1 }, draft);
}

/** Names of the schemes in force; version 3 refers to them, version 2 names them. */
function securityOf(security: unknown): string {
  if (!Array.isArray(security)) return "not stated";
  const names = security.map((one: unknown) => {
    const reference = plainValue(member(one, "$ref"));
    return reference === undefined ? entriesOf(one).map(([name]) => name) : String(reference).replace(/^.*\//, "");
  });
  return names.flat().join("|") || "none";
}
