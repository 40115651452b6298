import { emptyDraft, itemOf, setAttribute, snakeCase, structureOf } from "../notations/items.ts";
import type { Item, Structure, StructureReader } from "../structure.ts";

/**
 * GraphQL schemas: `graphql-operation` (type `query users`; `returns`, `directives`) for the fields of the root types and `graphql-field` (type is
 * the field's name in snake case; `owner`, `type`, `directives`) for all others. Read line by line. https://spec.graphql.org/October2021/#sec-Type-System
 */
export const structure: StructureReader = {
  name: "GraphQL schema",
  wants: (path) => /\.(graphqls?|gql)$/.test(path),
  read: (_path, text) => itemsOf(text),
};

const roots: Readonly<Record<string, string>> = { Query: "query", Mutation: "mutation", Subscription: "subscription" };

function itemsOf(text: string): Structure {
  const items: Item[] = [];
  let owner: string | undefined;
  let parentheses = 0;
  let inDescription = false;
  let open: { owner: string; name: string; line: number; text: string } | undefined;
  for (const [index, raw] of text.split("\n").entries()) {
    const line = index + 1;
    const content = raw.slice(0, 2_000).replace(/#.*$/, "");
    const quotes = content.split('"""').length - 1;
    if (quotes % 2 === 1) inDescription = !inDescription;
    if (inDescription || quotes > 0) continue;
    const header = /^\s*(?:extend\s+)?(type|input|interface)\s+([A-Za-z_]\w*)/.exec(content);
    if (header) owner = header[2];
    const inside = header ? content.slice(content.indexOf("{") + 1 || content.length) : content;
    if (owner !== undefined && parentheses === 0) {
      const name = /^\s*([A-Za-z_]\w*)\s*(?:\(|:)/.exec(inside)?.[1];
      if (name !== undefined) open = { owner, name, line, text: "" };
    }
    if (open && open.text.length < 4_000) open.text += ` ${inside}`;
    for (const sign of inside.replace(/"[^"]*"/g, "")) {
      if (sign === "(") parentheses++;
      else if (sign === ")") parentheses = Math.max(0, parentheses - 1);
      else if (sign === "}" && parentheses === 0) owner = undefined;
    }
    // Arguments may fill several lines; the type and the directives stand after the closing one.
    if (open && parentheses === 0) {
      items.push(fieldItem(open.owner, open.name, open.text, open.line));
      open = undefined;
    }
  }
  return structureOf(items);
}

function fieldItem(owner: string, name: string, text: string, line: number): Item {
  const draft = emptyDraft();
  const type = /:\s*([[\]!\w]+)\s*(@.*)?\}?\s*$/.exec(text)?.[1];
  const directives = [...text.matchAll(/@[A-Za-z_]\w*/g)].map((found) => found[0]).join(" ");
  const root = Object.hasOwn(roots, owner) ? roots[owner] : undefined;
  setAttribute(draft, root === undefined ? "type" : "returns", type, line);
  if (root === undefined) setAttribute(draft, "owner", owner, line);
  setAttribute(draft, "directives", directives === "" ? "none" : directives, line);
  const key = `${owner}.${name}`;
  if (root !== undefined)
    return itemOf({ kind: "graphql-operation", type: `${root} ${name}`, key, name: `${root} ${name}`, line }, draft);
  return itemOf({ kind: "graphql-field", type: snakeCase(name), key, name: key, line }, draft);
}
