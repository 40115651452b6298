import { type DependencyScope, dependencyItem, strongest, weakened } from "../dependency.ts";
import { baseName, emptyDraft, itemOf, setAttribute, structureOf } from "../notations/items.ts";
import { child, childText, descendants, readXml, type XmlElement } from "../notations/xml.ts";
import type { Item, StructureReader } from "../structure.ts";

/**
 * Maven: dependencies, managed versions, plugins, parent and repositories of a `pom.xml`; the type is `group:artifact`. Properties of
 * the same file are filled in. Managed versions and plugins are not used by themselves: their scope is `build`.
 * https://maven.apache.org/pom.html
 */
export const structure: StructureReader = {
  name: "Maven project",
  wants: (path) => /(^|[._-])pom\.xml$|\.pom$/.test(baseName(path)),
  read(path, text) {
    const xml = readXml(text);
    if ("unreadable" in xml) return xml;
    const { root } = xml;
    if (root.name !== "project") return { items: [] };
    const properties = propertiesOf(root);
    const items: Item[] = [];
    const add = (
      element: XmlElement,
      scope: DependencyScope,
      kind: "dependency" | "managed-dependency",
      prefix = "",
    ): void => {
      const group = expand(childText(element, "groupId") ?? "org.apache.maven.plugins", properties);
      const artifact = expand(childText(element, "artifactId") ?? "", properties);
      if (artifact === "") return;
      const version = childText(element, "version");
      // Another module of the same build, at the version that is being built.
      const isSibling =
        /^\$\{(?:project\.version|revision)\}$/.test(version ?? "") && group === properties.get("project.groupId");
      items.push(
        dependencyItem({
          ecosystem: "maven",
          name: `${prefix}${group}:${artifact}`,
          version: version === undefined ? undefined : expand(version, properties),
          scope: weakened(scope, path),
          ...(isSibling ? { source: "path" as const } : {}),
          line: lineOf(element),
          kind,
        }),
      );
    };
    const parent = child(root, "parent");
    if (parent) add(parent, "build", "dependency");
    for (const owner of [root, ...descendants(root, "profile")]) {
      for (const list of owner.children.filter((one) => one.name === "dependencies")) {
        for (const one of list.children) add(one, scopeOf(one), "dependency");
      }
      const managed = child(owner, "dependencyManagement");
      for (const one of managed ? descendants(managed, "dependency") : []) {
        // An imported list of versions decides about everything it names.
        add(one, "build", childText(one, "scope") === "import" ? "dependency" : "managed-dependency");
      }
    }
    for (const plugin of descendants(root, "plugin")) add(plugin, "build", "dependency");
    for (const repository of [...descendants(root, "repository"), ...descendants(root, "pluginRepository")]) {
      const url = childText(repository, "url");
      if (url === undefined) continue;
      const draft = emptyDraft();
      setAttribute(draft, "ecosystem", "maven");
      setAttribute(draft, "url", expand(url, properties), lineOf(repository));
      items.push(itemOf({ kind: "package-registry", type: url, key: url, name: url, line: lineOf(repository) }, draft));
    }
    return structureOf(strongest(items));
  },
};

/** The line a reader looks for: that of the artifact's name. */
function lineOf(element: XmlElement): number {
  return child(element, "artifactId")?.line ?? element.line;
}

/** https://maven.apache.org/guides/introduction/introduction-to-dependency-mechanism.html#dependency-scope */
function scopeOf(element: XmlElement): DependencyScope {
  const scope = childText(element, "scope");
  if (scope === "test") return "test";
  if (scope === "provided" || scope === "system") return "build";
  return childText(element, "optional") === "true" ? "optional" : "runtime";
}

function propertiesOf(root: XmlElement): ReadonlyMap<string, string> {
  const properties = new Map<string, string>();
  for (const one of child(root, "properties")?.children ?? []) properties.set(one.name, one.text);
  const version = childText(root, "version") ?? childText(child(root, "parent") ?? root, "version");
  if (version !== undefined) properties.set("project.version", version);
  const group = childText(root, "groupId") ?? childText(child(root, "parent") ?? root, "groupId");
  if (group !== undefined) properties.set("project.groupId", group);
  return properties;
}

/** Fills in `${name}`; one level deep, and what is not known stays as written. */
function expand(text: string, properties: ReadonlyMap<string, string>): string {
  return text.slice(0, 1_000).replace(/\$\{([^}]*)\}/g, (whole, name: string) => properties.get(name) ?? whole);
}
