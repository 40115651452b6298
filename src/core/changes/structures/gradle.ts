import { type DependencyScope, dependencyItem, strongest, weakened } from "../dependency.ts";
import {
  baseName,
  elementsOf,
  emptyDraft,
  entriesOf,
  itemOf,
  member,
  setAttribute,
  structureOf,
} from "../notations/items.ts";
import { readToml } from "../notations/toml.ts";
import type { Item, Structure, StructureReader } from "../structure.ts";

/**
 * Gradle: dependencies and plugins of a build script in Groovy or Kotlin, read line by line and never run, and version catalogues
 * (`*.versions.toml`). A dependency named through a catalogue (`libs.spring.web`) is known by that name. https://docs.gradle.org/current/userguide/declaring_dependencies.html
 */
export const structure: StructureReader = {
  name: "Gradle build",
  wants: (path) => /\.gradle(\.kts)?$|\.versions\.toml$/.test(baseName(path)),
  read: (path, text) => (path.endsWith(".toml") ? catalogue(path, text) : structureOf(strongest(script(path, text)))),
};

const configurations =
  /^\s*(?:add\(\s*)?["']?([A-Za-z][\w]*?)["']?\s*[\s(,]\s*(?:(platform|enforcedPlatform|kotlin|project|files|fileTree|npm|testFixtures)\s*\(\s*)?(?:["']([^"']+)["']|(libs\.[\w.]+)|group\s*[:=]\s*["']([^"']+)["']\s*,\s*name\s*[:=]\s*["']([^"']+)["'](?:\s*,\s*version\s*[:=]\s*["']([^"']+)["'])?)/;

function script(path: string, text: string): Item[] {
  const items: Item[] = [];
  const values = new Map<string, string>();
  for (const [index, raw] of text.split("\n").entries()) {
    const line = index + 1;
    const content = raw.slice(0, 1_000).replace(/(^|\s)\/\/.*$/, "");
    if (content.trim() === "" || /^\s*\*|^\s*\/\*/.test(content)) continue;
    const assigned = /(?:^|\s)(?:val|def|ext\.)?\s*([A-Za-z_]\w*)\s*(?:=|by extra\()\s*["']([^"']+)["']/.exec(content);
    if (assigned?.[1] !== undefined) values.set(assigned[1], assigned[2] ?? "");
    const plugin =
      /^\s*(?:id\s*\(?\s*["']([\w.-]+)["']\s*\)?|kotlin\s*\(\s*["']([\w.-]+)["']\s*\))(?:\s+version\s+["']([^"']+)["'])?/.exec(
        content,
      );
    if (plugin) {
      const name = plugin[1] ?? `org.jetbrains.kotlin.${plugin[2] ?? ""}`;
      items.push(dependencyItem({ ecosystem: "maven", name, version: plugin[3], scope: "build", line }));
      continue;
    }
    const repository = /\b(?:url|setUrl|maven)\s*(?:=|\()?\s*(?:uri\s*\(\s*)?["'](https?:\/\/[^"']+)["']/.exec(
      content,
    )?.[1];
    if (repository !== undefined) {
      const draft = emptyDraft();
      setAttribute(draft, "ecosystem", "maven");
      setAttribute(draft, "url", repository, line);
      items.push(
        itemOf({ kind: "package-registry", type: repository, key: repository, name: repository, line }, draft),
      );
      continue;
    }
    const found = configurations.exec(content);
    const scope = found ? scopeOf(found[1] ?? "") : undefined;
    if (!found || scope === undefined || ["project", "files", "fileTree", "testFixtures"].includes(found[2] ?? ""))
      continue;
    const item = coordinates(found);
    if (!item) continue;
    const version = item.version?.replace(/\$\{?(\w+)\}?/g, (whole, name: string) => values.get(name) ?? whole);
    // A platform only says which versions are used.
    const used = found[2] === "platform" || found[2] === "enforcedPlatform" ? "build" : scope;
    items.push(dependencyItem({ ecosystem: "maven", name: item.name, version, scope: weakened(used, path), line }));
  }
  return items;
}

function coordinates(found: RegExpExecArray): { name: string; version: string | undefined } | undefined {
  const [, , wrapper, notation, alias, group, artifact, version] = found;
  if (group !== undefined) return { name: `${group}:${artifact ?? ""}`, version };
  if (alias !== undefined) return { name: alias, version: undefined };
  if (notation === undefined) return undefined;
  if (wrapper === "kotlin") return { name: `org.jetbrains.kotlin:kotlin-${notation}`, version: undefined };
  const parts = notation.split(":");
  if (parts.length < 2 || !/^[\w.-]+$/.test(parts[0] ?? "")) return undefined;
  // `"org.example:shop$version"`: the colon stands in the value.
  const [, artifactName, value] = /^([^$]*)(\$\{?\w+\}?)$/.exec(parts[1] ?? "") ?? [];
  if (parts.length === 2 && artifactName !== undefined && artifactName !== "")
    return { name: `${parts[0]}:${artifactName}`, version: value };
  return { name: `${parts[0]}:${parts[1]}`, version: parts[2]?.split("@", 1)[0] };
}

/** Undefined when the word is no configuration. */
function scopeOf(configuration: string): DependencyScope | undefined {
  if (
    /^(test|integrationTest|functionalTest|e2eTest|androidTest|itest)\w*|^\w*[tT]est(Implementation|Api|RuntimeOnly|CompileOnly)$/.test(
      configuration,
    )
  )
    return "test";
  if (/^(implementation|api|runtimeOnly|compile|runtime|\w+(Implementation|Api|RuntimeOnly))$/.test(configuration))
    return "runtime";
  if (
    /^(compileOnly|compileOnlyApi|annotationProcessor|kapt|ksp|classpath|detektPlugins|\w+CompileOnly|providedRuntime|providedCompile|agentDeps|javaagent)$/.test(
      configuration,
    )
  )
    return "build";
  return /^developmentOnly$/.test(configuration) ? "dev" : undefined;
}

/** https://docs.gradle.org/current/userguide/version_catalogs.html#sec:version-catalog-declaration */
function catalogue(path: string, text: string): Structure {
  const toml = readToml(text);
  if ("unreadable" in toml) return toml;
  const items: Item[] = [];
  const versionOf = (entry: unknown): string | undefined => {
    const version = member(entry, "version");
    if (typeof version === "string") return version;
    const reference = member(version, "ref") ?? member(entry, "version.ref");
    const named = typeof reference === "string" ? member(member(toml.value, "versions"), reference) : undefined;
    return typeof named === "string" ? named : undefined;
  };
  for (const [alias, entry] of entriesOf(member(toml.value, "libraries"))) {
    const module =
      typeof entry === "string"
        ? entry.split(":").slice(0, 2).join(":")
        : (member(entry, "module") ??
          elementsOf(member(entry, "group"))
            .concat(elementsOf(member(entry, "name")))
            .join(":"));
    if (typeof module !== "string" || !module.includes(":")) continue;
    const version = typeof entry === "string" ? entry.split(":")[2] : versionOf(entry);
    const scope = /(^|-)(test|junit|mock|assert)/.test(alias) ? "test" : weakened("runtime", path);
    items.push(
      dependencyItem({
        ecosystem: "maven",
        name: module,
        version,
        scope,
        line: toml.lineOf(["libraries", alias]) ?? 1,
      }),
    );
  }
  for (const [alias, entry] of entriesOf(member(toml.value, "plugins"))) {
    const id = typeof entry === "string" ? entry.split(":", 1)[0] : member(entry, "id");
    if (typeof id !== "string") continue;
    items.push(
      dependencyItem({
        ecosystem: "maven",
        name: id,
        version: versionOf(entry),
        scope: "build",
        line: toml.lineOf(["plugins", alias]) ?? 1,
      }),
    );
  }
  return structureOf(strongest(items));
}
