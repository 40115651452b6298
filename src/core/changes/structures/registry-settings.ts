import { readForeignYaml } from "../../text/yaml.ts";
import { dependencyItem } from "../dependency.ts";
import { baseName, emptyDraft, entriesOf, itemOf, member, setAttribute, structureOf } from "../notations/items.ts";
import { readToml } from "../notations/toml.ts";
import type { Item, Structure, StructureReader } from "../structure.ts";

/**
 * Where package managers are told to fetch from, beside their manifests: `.npmrc`, `.yarnrc.yml`, `pip.conf`, `bunfig.toml`, Cargo's
 * `config.toml`, and pnpm's workspace file with its catalogue of versions and its overrides. One `package-registry` an address, attribute `url`.
 * https://docs.npmjs.com/cli/configuring-npm/npmrc, https://yarnpkg.com/configuration/yarnrc, https://pip.pypa.io/en/stable/topics/configuration/,
 * https://doc.rust-lang.org/cargo/reference/config.html, https://pnpm.io/catalogs
 */
export const structure: StructureReader = {
  name: "registry settings",
  wants: (path) =>
    /^(\.npmrc|\.yarnrc(\.yml)?|\.?pip\.(conf|ini)|bunfig\.toml|pnpm-workspace\.yaml)$/.test(baseName(path)) ||
    /(^|\/)\.cargo\/config(\.toml)?$/.test(path),
  read(path, text) {
    const name = baseName(path);
    if (name === "pnpm-workspace.yaml") return pnpmWorkspace(text);
    if (name === ".yarnrc.yml") return yarnSettings(text);
    if (name.startsWith("config") || name === "bunfig.toml") return tomlSettings(text);
    return structureOf(lineSettings(text));
  },
};

function registryItem(name: string, url: string, line: number | undefined): Item {
  const draft = emptyDraft();
  setAttribute(draft, "url", url, line);
  return itemOf({ kind: "package-registry", type: url, key: name, name: url, line: line ?? 1 }, draft);
}

/** `registry=…`, `@scope:registry=…`, `registry "…"`, `index-url = …`, `extra-index-url = …`, `find-links = …`. */
function lineSettings(text: string): Item[] {
  const items: Item[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    const found =
      /^\s*(@[\w.-]{1,80}:registry|registry|(?:extra-)?index-url|find-links)\s*[=: ]\s*"?(https?:\/\/[^\s"]{1,300})/.exec(
        line,
      );
    if (found?.[1] !== undefined && found[2] !== undefined) items.push(registryItem(found[1], found[2], index + 1));
  }
  return items;
}

function yarnSettings(text: string): Structure {
  const yaml = readForeignYaml(text);
  if ("unreadable" in yaml) return yaml;
  const items: Item[] = [];
  for (const { value, lineOf } of yaml.documents) {
    const server = member(value, "npmRegistryServer");
    if (typeof server === "string")
      items.push(registryItem("npmRegistryServer", server, lineOf(["npmRegistryServer"])));
    for (const [scope, settings] of entriesOf(member(value, "npmScopes"))) {
      const own = member(settings, "npmRegistryServer");
      const line = lineOf(["npmScopes", scope, "npmRegistryServer"]);
      if (typeof own === "string") items.push(registryItem(`@${scope}`, own, line));
    }
  }
  return structureOf(items);
}

/** Cargo's `[source.NAME]` and `[registries.NAME]`, bun's `[install]`. */
function tomlSettings(text: string): Structure {
  const toml = readToml(text);
  if ("unreadable" in toml) return toml;
  const { value, lineOf } = toml;
  const items: Item[] = [];
  for (const table of ["source", "registries"] as const) {
    for (const [name, settings] of entriesOf(member(value, table))) {
      for (const key of ["registry", "index", "git"] as const) {
        const url = member(settings, key);
        if (typeof url === "string") items.push(registryItem(`${table} ${name}`, url, lineOf([table, name, key])));
      }
    }
  }
  const install = member(member(value, "install"), "registry");
  if (typeof install === "string") items.push(registryItem("install", install, lineOf(["install", "registry"])));
  return structureOf(items);
}

/** Versions that the members of a workspace take by `catalog:`, and what replaces packages everywhere. */
function pnpmWorkspace(text: string): Structure {
  const yaml = readForeignYaml(text);
  if ("unreadable" in yaml) return yaml;
  const items: Item[] = [];
  for (const { value, lineOf } of yaml.documents) {
    const catalogues: (readonly [readonly string[], unknown])[] = [[["catalog"], member(value, "catalog")]];
    for (const [name, table] of entriesOf(member(value, "catalogs"))) catalogues.push([["catalogs", name], table]);
    for (const [at, table] of catalogues) {
      for (const [name, version] of entriesOf(table)) {
        if (typeof version !== "string") continue;
        const line = lineOf([...at, name]) ?? 1;
        items.push(
          dependencyItem({ ecosystem: "npm", name, version, scope: "runtime", line, kind: "managed-dependency" }),
        );
      }
    }
    for (const [name, range] of entriesOf(member(value, "overrides"))) {
      if (typeof range !== "string") continue;
      const line = lineOf(["overrides", name]) ?? 1;
      const isElsewhere = /^(git|https?:|github:|[\w-]+\/)/.test(range);
      const alias = /^npm:(@?[^@]+)/.exec(range)?.[1];
      items.push(
        dependencyItem({
          ecosystem: "npm",
          name,
          version: isElsewhere ? "" : range,
          scope: "runtime",
          source: alias === undefined ? (isElsewhere ? "git" : "registry") : "alias",
          target: alias ?? (isElsewhere ? range : undefined),
          line,
          kind: "dependency-override",
        }),
      );
    }
  }
  return structureOf(items);
}
