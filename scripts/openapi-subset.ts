/**
 * Cuts the operations that a stand-in knows out of the published OpenAPI description, so that tests can judge requests
 * and answers by it without the whole of it: 13 MB for GitHub, 2 MB for Jira Cloud.
 *
 *   npm pack @octokit/openapi@23.0.2 && tar xzf octokit-openapi-23.0.2.tgz
 *   node scripts/openapi-subset.ts package/generated/api.github.com.json
 *
 * writes test/github/github-openapi.json, and
 *
 *   node scripts/openapi-subset.ts swagger-v3.v3.json jira
 *
 * test/jira/jira-openapi.json, from the description that test/jira/README.md names. Descriptions and examples are left out; `nullable`, which is OpenAPI 3.0 and
 * unknown to JSON Schema, becomes a type that includes null. The operations are those of a stand-in's own routes, read
 * from its source, and a few that Threatgate may come to use.
 */
import { globSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
type Fields = { readonly [key: string]: Json };

/** Words for people; a property may have the same name, so they are dropped only where they are texts or samples. */
const wordsForPeople = new Set(["description", "summary", "externalDocs", "x-github", "example", "examples", "tags"]);

const [source, whose = "github"] = process.argv.slice(2);
if (source === undefined || (whose !== "github" && whose !== "jira")) {
  console.error("usage: node scripts/openapi-subset.ts PATH/description.json [github|jira]");
  process.exit(2);
}
const folder = fileURLToPath(new URL(`../test/${whose}`, import.meta.url));
const whole = fieldsOf(JSON.parse(readFileSync(source, "utf8")));
const wanted = operationsOfStandIn();
const found = new Set<string>();
const subset = cut(whole, wanted, found);
const text = `${JSON.stringify(subset)}\n`;
writeFileSync(`${folder}/${whose}-openapi.json`, text);
const missing = [...wanted].filter((id) => !found.has(id));
console.log(`${found.size} operations, ${text.length} bytes; not in the description: ${missing.join(", ") || "none"}`);
process.exit(missing.length === 0 ? 0 : 1);

/** Every operation id that a route of the stand-in names. */
function operationsOfStandIn(): Set<string> {
  const ids = new Set<string>();
  for (const file of globSync(["rest/*.ts", "server.ts", "operations.ts"], { cwd: folder })) {
    const code = readFileSync(`${folder}/${file}`, "utf8");
    for (const [, id = ""] of code.matchAll(/\bid: "([a-z-]+\/[a-z-]+|[a-z]+(?:[A-Z][a-z]+)+)"/g)) ids.add(id);
  }
  return ids;
}

/** The wanted operations, and every component that they lead to. */
function cut(document: Fields, ids: ReadonlySet<string>, into: Set<string>): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const [path, methods] of Object.entries(fieldsOf(document["paths"]))) {
    for (const [method, operation] of Object.entries(fieldsOf(methods))) {
      const id = fieldsOf(operation)["operationId"];
      if (typeof id !== "string" || !ids.has(id)) continue;
      into.add(id);
      const kept = paths[path] ?? {};
      kept[method] = digestible(operation, false);
      paths[path] = kept;
    }
  }
  const components: Record<string, Record<string, Json>> = {};
  const queue = referencesIn(paths);
  const seen = new Set<string>();
  for (let reference = queue.pop(); reference !== undefined; reference = queue.pop()) {
    if (seen.has(reference)) continue;
    seen.add(reference);
    const [, , kind = "", name = ""] = reference.split("/");
    if (kind === "examples") continue;
    const component = digestible(fieldsOf(fieldsOf(document["components"])[kind])[name] ?? null, false);
    const group = components[kind] ?? {};
    group[name] = component;
    components[kind] = group;
    queue.push(...referencesIn(component));
  }
  const info = fieldsOf(document["info"]);
  const kept = { title: info["title"] ?? null, version: info["version"] ?? null, license: info["license"] ?? null };
  return { openapi: "3.0.3", info: kept, paths, components };
}

function referencesIn(value: Json | undefined): string[] {
  if (isList(value)) return value.flatMap(referencesIn);
  return Object.entries(fieldsOf(value)).flatMap(([key, inner]) =>
    key === "$ref" && typeof inner === "string" ? [inner] : referencesIn(inner),
  );
}

/** Without words for people, and with `null` as a type. `areNames`: the keys are names of properties, not keywords. */
function digestible(value: Json, areNames: boolean): Json {
  if (isList(value)) return value.map((one) => digestible(one, false));
  if (value === null || typeof value !== "object") return value;
  const fields: Record<string, Json> = {};
  for (const [key, inner] of Object.entries(value)) {
    if (!areNames && wordsForPeople.has(key)) continue;
    fields[key] = digestible(inner, !areNames && (key === "properties" || key === "patternProperties"));
  }
  if (areNames || fields["nullable"] !== true) return fields;
  const { nullable: _, ...rest } = fields;
  const { type } = rest;
  if (typeof type !== "string") return { anyOf: [rest, { type: "null" }] };
  const values = rest["enum"];
  const listed = isList(values) && !values.includes(null) ? { enum: [...values, null] } : {};
  return { ...rest, type: [type, "null"], ...listed };
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

function fieldsOf(value: Json | undefined): Fields {
  return value !== null && typeof value === "object" && !isList(value) ? value : {};
}
