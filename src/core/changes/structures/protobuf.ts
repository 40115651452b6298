import { emptyDraft, itemOf, setAttribute, snakeCase, structureOf } from "../notations/items.ts";
import type { Item, Structure, StructureReader } from "../structure.ts";

/**
 * Protocol buffers: `protobuf-operation` (type `Service.Method`; `request`, `response`, `streaming`) and `protobuf-field` (type is the field's name
 * in snake case; `message`, `type`). Read line by line, which is how they are written. https://protobuf.dev/reference/protobuf/proto3-spec/
 */
export const structure: StructureReader = {
  name: "Protocol buffers",
  wants: (path) => path.endsWith(".proto"),
  read: (_path, text) => itemsOf(text),
  readFragment: (_path, text) => itemsOf(text),
};

const field =
  /^\s*(?:(?:optional|required|repeated)\s+)?((?:map\s*<[^>]*>)|[A-Za-z_][\w.]*)\s+([A-Za-z_]\w*)\s*=\s*\d+/;
const operation =
  /^\s*rpc\s+([A-Za-z_]\w*)\s*\(\s*(stream\s+)?([\w.]+)\s*\)\s*returns\s*\(\s*(stream\s+)?([\w.]+)\s*\)/;

function itemsOf(text: string): Structure {
  const items: Item[] = [];
  const owners: string[] = [];
  let inComment = false;
  for (const [index, raw] of text.split("\n").entries()) {
    const line = index + 1;
    let content = raw.slice(0, 2_000);
    if (inComment) {
      const end = content.indexOf("*/");
      if (end < 0) continue;
      content = content.slice(end + 2);
      inComment = false;
    }
    content = content.replace(/\/\*.*?\*\//g, " ").replace(/\/\/.*$/, "");
    const start = content.indexOf("/*");
    if (start >= 0) {
      content = content.slice(0, start);
      inComment = true;
    }
    const owner = /^\s*(?:message|service|oneof|enum|extend|group)\s+([\w.]+)/.exec(content);
    const method = operation.exec(content);
    const member = owner || method ? null : field.exec(content);
    if (method?.[1] !== undefined) items.push(operationItem(owners, method, line));
    else if (member?.[2] !== undefined) items.push(fieldItem(owners, member[1] ?? "", member[2], line));
    for (const sign of content.replace(/"[^"]*"/g, "")) {
      if (sign === "{") owners.push(owner?.[1] ?? "");
      else if (sign === "}") owners.pop();
      if (owners.length > 64) return { unreadable: `nested deeper than 64 levels (line ${line})` };
    }
  }
  return structureOf(items);
}

function operationItem(owners: readonly string[], found: RegExpExecArray, line: number): Item {
  const draft = emptyDraft();
  setAttribute(draft, "request", found[3] ?? "", line);
  setAttribute(draft, "response", found[5] ?? "", line);
  setAttribute(draft, "streaming", found[2] !== undefined || found[4] !== undefined, line);
  const name = [owners.findLast((owner) => owner !== ""), found[1]].filter((part) => part !== undefined).join(".");
  return itemOf({ kind: "protobuf-operation", type: name, key: name, name, line }, draft);
}

function fieldItem(owners: readonly string[], type: string, name: string, line: number): Item {
  const draft = emptyDraft();
  const message = owners.filter((owner) => owner !== "").join(".");
  setAttribute(draft, "message", message, line);
  setAttribute(draft, "type", type, line);
  const key = `${message}.${name}`;
  return itemOf({ kind: "protobuf-field", type: snakeCase(name), key, name: message === "" ? name : key, line }, draft);
}
