import type { AttributeValue, Item, Structure } from "../../src/core/changes/structure.ts";

/** An item with the given attributes; every attribute stands one line below the one before. */
export function anItem(
  about: Partial<Pick<Item, "kind" | "type" | "key" | "name" | "line">> = {},
  attributes: Readonly<Record<string, AttributeValue>> = {},
): Item {
  const line = about.line ?? 1;
  const type = about.type ?? "thing";
  return {
    kind: about.kind ?? "resource",
    type,
    key: about.key ?? type,
    name: about.name ?? about.key ?? type,
    line,
    attributes: new Map(Object.entries(attributes)),
    lines: new Map(Object.keys(attributes).map((name, index) => [name, line + index])),
  };
}

/** A structure as text, one item a line and its attributes below it with their lines: what tests compare whole. */
export function told(structure: Structure): string {
  if ("unreadable" in structure) return `unreadable: ${structure.unreadable}`;
  const lines: string[] = [];
  for (const item of structure.items) {
    lines.push(`${item.line} ${item.kind} ${item.type} (${item.key}) ${item.name}`);
    for (const [name, value] of item.attributes) {
      lines.push(`  ${item.lines.get(name) ?? "-"} ${name} = ${JSON.stringify(value)}`);
    }
  }
  return lines.join("\n");
}

/** Dependencies in one line each: line, name, version, scope, and where from when that is not the registry. */
export function toldPackages(structure: Structure): string {
  if ("unreadable" in structure) return `unreadable: ${structure.unreadable}`;
  return structure.items
    .map((item) => {
      const said = (name: string): string => String(item.attributes.get(name) ?? "");
      const from = said("source") === "registry" ? "" : ` ${said("source")} ${said("target")}`;
      const indirect = item.attributes.get("direct") === false ? " indirect" : "";
      const kind = item.kind === "dependency" ? "" : ` [${item.kind}]`;
      if (!item.attributes.has("scope")) return `${item.line} ${item.type}${kind}`;
      return `${item.line} ${item.type} ${said("version") || "any"} ${said("scope")}${from}${indirect}${kind}`;
    })
    .join("\n");
}
