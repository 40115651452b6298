import { readJson } from "../../text/json.ts";
import { limits } from "../../text/limits.ts";
import { type DependencyScope, dependencyItem, strongest, weakened } from "../dependency.ts";
import { baseName, emptyDraft, entriesOf, itemOf, member, setAttribute, structureOf } from "../notations/items.ts";
import { childText, descendants, readXml } from "../notations/xml.ts";
import type { Item, Structure, StructureReader } from "../structure.ts";

/**
 * .NET: project files, central versions (`Directory.Packages.props`), `packages.config`, `packages.lock.json`, `nuget.config`. A central
 * version is for whoever asks for the package elsewhere: kind `managed-dependency`.
 * https://learn.microsoft.com/nuget/consume-packages/central-package-management
 */
export const structure: StructureReader = {
  name: "NuGet",
  wants: (path) =>
    /\.(cs|fs|vb)proj$|^Directory\.(Packages|Build)\.(props|targets)$|^packages\.config$|^packages\.lock\.json$|^nuget\.config$/i.test(
      baseName(path),
    ),
  read(path, text): Structure {
    if (path.endsWith(".json")) return locked(path, text);
    const xml = readXml(text);
    if ("unreadable" in xml) return xml;
    const items: Item[] = [];
    for (const reference of descendants(xml.root, "PackageReference")) {
      const name = reference.attributes.get("Include") ?? reference.attributes.get("Update");
      if (name === undefined) continue;
      const version =
        reference.attributes.get("Version") ??
        reference.attributes.get("VersionOverride") ??
        childText(reference, "Version");
      const assets = reference.attributes.get("PrivateAssets") ?? childText(reference, "PrivateAssets");
      const scope: DependencyScope = assets?.toLowerCase() === "all" ? "dev" : "runtime";
      items.push(
        dependencyItem({ ecosystem: "nuget", name, version, scope: weakened(scope, path), line: reference.line }),
      );
    }
    for (const central of [
      ...descendants(xml.root, "PackageVersion"),
      ...descendants(xml.root, "GlobalPackageReference"),
    ]) {
      const name = central.attributes.get("Include") ?? central.attributes.get("Update");
      if (name === undefined) continue;
      const version = central.attributes.get("Version") ?? childText(central, "Version");
      items.push(
        dependencyItem({
          ecosystem: "nuget",
          name,
          version,
          scope: scopeByName(name),
          line: central.line,
          kind: "managed-dependency",
        }),
      );
    }
    for (const old of descendants(xml.root, "package")) {
      const name = old.attributes.get("id");
      if (name === undefined) continue;
      const scope = old.attributes.get("developmentDependency") === "true" ? "dev" : "runtime";
      items.push(
        dependencyItem({
          ecosystem: "nuget",
          name,
          version: old.attributes.get("version"),
          scope: weakened(scope, path),
          line: old.line,
        }),
      );
    }
    for (const sources of descendants(xml.root, "packageSources")) {
      for (const source of sources.children) {
        const url = source.attributes.get("value");
        if (source.name !== "add" || url === undefined) continue;
        const draft = emptyDraft();
        setAttribute(draft, "ecosystem", "nuget");
        setAttribute(draft, "url", url, source.line);
        items.push(itemOf({ kind: "package-registry", type: url, key: url, name: url, line: source.line }, draft));
      }
    }
    return structureOf(strongest(items));
  },
};

/** A central version does not say who uses it; names that only tests use are common enough to be told apart. */
function scopeByName(name: string): DependencyScope {
  if (
    /(^|\.)(xunit|nunit|mstest|moq|nsubstitute|fluentassertions|shouldly|bogus|coverlet|testcontainers|wiremock|playwright)|\.(test|tests|testing|mvc\.testing)(\.|$)|^microsoft\.net\.test\.sdk$/i.test(
      name,
    )
  )
    return "test";
  return /analyzers?$|stylecop|sonaranalyzer|sourcelink|\.build\.tasks/i.test(name) ? "dev" : "runtime";
}

function locked(path: string, text: string): Structure {
  const json = readJson(text, { nodes: limits.lockFileNodes });
  if ("unreadable" in json) return json;
  const items: Item[] = [];
  const scope = weakened("runtime", path);
  for (const [framework, packages] of entriesOf(member(json.value, "dependencies"))) {
    for (const [name, entry] of entriesOf(packages)) {
      const type = member(entry, "type");
      const version = member(entry, "resolved");
      if (typeof version !== "string") continue;
      items.push(
        dependencyItem({
          ecosystem: "nuget",
          name,
          version,
          scope,
          direct: type === "Direct",
          line: json.lineOf(["dependencies", framework, name]) ?? 1,
          kind: "locked-dependency",
        }),
      );
    }
  }
  return structureOf(strongest(items));
}
