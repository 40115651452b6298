import { structureOfDocuments } from "../notations/documents.ts";
import {
  elementsOf,
  emptyDraft,
  entriesOf,
  isMapping,
  itemOf,
  type LineOf,
  member,
  plainValue,
  setAttribute,
  setNested,
  snakeCase,
} from "../notations/items.ts";
import type { Item, Structure, StructureReader } from "../structure.ts";

/**
 * OpenAPI 3 and Swagger 2, whole descriptions and parts of them.
 *
 * `openapi-operation`: type `get /users/{id}`; `security` (scheme names joined by `+` and `|`, `none`, or `not stated`), `tags.N`,
 * `parameters.NAME`, `body.N` (content types), `deprecated`. `openapi-security-scheme`: type such as `http bearer`. `openapi-server`: type is
 * the address. `openapi-field`: type is the field's name in snake case; `schema`, `type`, `format`.
 * https://spec.openapis.org/oas/v3.1.1.html, https://spec.openapis.org/oas/v2.0.html
 */
export const structure: StructureReader = {
  name: "OpenAPI description",
  wants: (path) =>
    /\.(ya?ml|json)$/i.test(path) &&
    /(open-?api|async-?api|swagger|api[-_.]?(docs?|spec|schema)|(^|[/_-])api)/i.test(
      path.slice(path.lastIndexOf("/", path.lastIndexOf("/") - 1) + 1),
    ),
  read(path, text): Structure {
    if (!/["']?(openapi|swagger|paths|components|definitions)["']?\s*:/.test(text)) return { items: [] };
    const isJson = path.toLowerCase().endsWith(".json");
    return structureOfDocuments({ text, isJson, nodes: mostNodes }, ({ value, lineOf }) => {
      const items: Item[] = [];
      collect(items, value, lineOf);
      return items;
    });
  },
};

/** A description may hold many thousand operations and fields; it is flat, so its own limit is higher than that of other files. */
const mostNodes = 200_000;

const methods = new Set(["get", "put", "post", "delete", "options", "head", "patch", "trace", "query"]);

function collect(items: Item[], value: unknown, lineOf: LineOf): void {
  const isWhole = member(value, "openapi") !== undefined || member(value, "swagger") !== undefined;
  const paths = member(value, "paths");
  if (!isWhole && !isMapping(paths) && !isMapping(member(value, "components"))) return;
  const shared = securityOf(member(value, "security"));
  for (const [path, operations] of entriesOf(paths)) {
    for (const [method, operation] of entriesOf(operations)) {
      if (methods.has(method)) items.push(operationItem(path, method, operations, operation, shared, lineOf));
    }
  }
  for (const [event, operations] of entriesOf(member(value, "webhooks"))) {
    for (const [method, operation] of entriesOf(operations)) {
      if (!methods.has(method)) continue;
      const draft = emptyDraft();
      setAttribute(draft, "webhook", true);
      setAttribute(draft, "operationId", plainValue(member(operation, "operationId")));
      const line = lineOf(["webhooks", event, method]) ?? 1;
      items.push(itemOf({ kind: "openapi-webhook", type: event, key: `${method} ${event}`, name: event, line }, draft));
    }
  }
  collectSchemes(items, value, lineOf);
  collectServers(items, value, lineOf);
  const schemas = [["components", "schemas"], ["definitions"]];
  for (const at of schemas) {
    const table = at.reduce<unknown>((inner, part) => member(inner, part), value);
    for (const [schema, described] of entriesOf(table))
      collectFields(items, schema, described, [...at, schema], lineOf, 0);
  }
}

function operationItem(
  path: string,
  method: string,
  operations: unknown,
  operation: unknown,
  shared: string | undefined,
  lineOf: LineOf,
): Item {
  const draft = emptyDraft();
  const at = ["paths", path, method];
  const own = securityOf(member(operation, "security"));
  setAttribute(draft, "security", own ?? shared ?? "not stated", lineOf([...at, "security"]) ?? lineOf(["security"]));
  setAttribute(draft, "method", method);
  setAttribute(draft, "path", path);
  setAttribute(draft, "operationId", plainValue(member(operation, "operationId")), lineOf([...at, "operationId"]));
  setAttribute(draft, "deprecated", plainValue(member(operation, "deprecated")), lineOf([...at, "deprecated"]));
  setNested(draft, "tags", member(operation, "tags") ?? undefined, lineOf, [...at, "tags"]);
  for (const [owner, where] of [
    [operations, ["paths", path]],
    [operation, at],
  ] as const) {
    for (const [index, parameter] of elementsOf(member(owner, "parameters")).entries()) {
      const name = member(parameter, "name") ?? member(parameter, "$ref");
      const place = member(parameter, "in");
      if (typeof name === "string")
        setAttribute(
          draft,
          `parameters.${name}`,
          typeof place === "string" ? place : "",
          lineOf([...where, "parameters", index]),
        );
      if (place === "formData" && member(parameter, "type") === "file")
        setAttribute(draft, "uploads", true, lineOf([...where, "parameters", index]));
    }
  }
  for (const [index, [type]] of entriesOf(member(member(operation, "requestBody"), "content")).entries()) {
    setAttribute(draft, `body.${index}`, type, lineOf([...at, "requestBody", "content", type]));
    if (/^multipart\/form-data|^application\/octet-stream|^image\//.test(type))
      setAttribute(draft, "uploads", true, lineOf([...at, "requestBody", "content", type]));
  }
  const key = `${method} ${path}`;
  return itemOf(
    { kind: "openapi-operation", type: key, key, name: `${method.toUpperCase()} ${path}`, line: lineOf(at) ?? 1 },
    draft,
  );
}

/** Requirements as text: alternatives joined by `|`, together by `+`; `none` for an empty list. Undefined when not stated. */
function securityOf(security: unknown): string | undefined {
  if (!Array.isArray(security)) return undefined;
  if (security.length === 0) return "none";
  return security
    .map((one) =>
      entriesOf(one).length === 0
        ? "none"
        : entriesOf(one)
            .map(([name, scopes]) => scoped(name, scopes))
            .join("+"),
    )
    .join(" | ");
}

function scoped(name: string, scopes: unknown): string {
  const list = elementsOf(scopes).filter((scope) => typeof scope === "string");
  return list.length === 0 ? name : `${name}(${list.join(", ")})`;
}

function collectSchemes(items: Item[], value: unknown, lineOf: LineOf): void {
  for (const at of [["components", "securitySchemes"], ["securityDefinitions"]]) {
    const table = at.reduce<unknown>((inner, part) => member(inner, part), value);
    for (const [name, scheme] of entriesOf(table)) {
      const draft = emptyDraft();
      setNested(draft, "", scheme, lineOf, [...at, name]);
      const type = [member(scheme, "type"), member(scheme, "scheme") ?? member(scheme, "in")]
        .filter((part) => typeof part === "string")
        .join(" ");
      items.push(
        itemOf({ kind: "openapi-security-scheme", type, key: name, name, line: lineOf([...at, name]) ?? 1 }, draft),
      );
    }
  }
  const security = securityOf(member(value, "security"));
  if (security === undefined) return;
  const draft = emptyDraft();
  const line = lineOf(["security"]) ?? 1;
  setAttribute(draft, "security", security, line);
  items.push(
    itemOf({ kind: "openapi-security", type: "default", key: "security", name: "default security", line }, draft),
  );
}

function collectServers(items: Item[], value: unknown, lineOf: LineOf): void {
  for (const [index, server] of elementsOf(member(value, "servers")).entries()) {
    const url = member(server, "url");
    if (typeof url !== "string") continue;
    const draft = emptyDraft();
    const line = lineOf(["servers", index]) ?? 1;
    setAttribute(draft, "url", url, line);
    items.push(itemOf({ kind: "openapi-server", type: url, key: url, name: url, line }, draft));
  }
}

/** Fields of a schema, those of nested objects under the same schema. References are not followed: what they name is listed itself. */
function collectFields(
  items: Item[],
  schema: string,
  described: unknown,
  path: readonly (string | number)[],
  lineOf: LineOf,
  depth: number,
): void {
  if (depth > 16) return;
  for (const [name, field] of entriesOf(member(described, "properties"))) {
    const at = [...path, "properties", name];
    const draft = emptyDraft();
    const line = lineOf(at) ?? 1;
    setAttribute(draft, "schema", schema, line);
    for (const attribute of ["type", "format", "$ref", "readOnly", "writeOnly"]) {
      setAttribute(draft, attribute, plainValue(member(field, attribute)), lineOf([...at, attribute]));
    }
    items.push(
      itemOf(
        {
          kind: "openapi-field",
          type: snakeCase(name),
          key: at.slice(path.length > 2 ? 2 : 1).join("."),
          name: `${schema}.${name}`,
          line,
        },
        draft,
      ),
    );
    collectFields(items, schema, field, at, lineOf, depth + 1);
    collectFields(items, schema, member(field, "items"), [...at, "items"], lineOf, depth + 1);
  }
  for (const combination of ["allOf", "oneOf", "anyOf"]) {
    for (const [index, part] of elementsOf(member(described, combination)).entries()) {
      collectFields(items, schema, part, [...path, combination, index], lineOf, depth + 1);
    }
  }
}
