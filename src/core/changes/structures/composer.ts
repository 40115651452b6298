import { readJson } from "../../text/json.ts";
import { limits } from "../../text/limits.ts";
import { originOf } from "../address-origin.ts";
import { type DependencyScope, dependencyItem, strongest, weakened } from "../dependency.ts";
import {
  baseName,
  elementsOf,
  emptyDraft,
  entriesOf,
  itemOf,
  member,
  plainText,
  setAttribute,
  structureOf,
} from "../notations/items.ts";
import type { Item, StructureReader } from "../structure.ts";

/** PHP: `composer.json` and `composer.lock`. https://getcomposer.org/doc/04-schema.md */
export const structure: StructureReader = {
  name: "Composer",
  wants: (path) => /^composer\.(json|lock)$/.test(baseName(path)),
  read(path, text) {
    const json = readJson(text, { nodes: limits.lockFileNodes });
    if ("unreadable" in json) return json;
    const items: Item[] = [];
    if (path.endsWith(".lock")) {
      for (const [list, scope] of [
        ["packages", "runtime"],
        ["packages-dev", "dev"],
      ] as const) {
        for (const [index, entry] of elementsOf(member(json.value, list)).entries()) {
          const name = member(entry, "name");
          const version = member(entry, "version");
          if (typeof name !== "string") continue;
          const line = json.lineOf([list, index, "name"]) ?? 1;
          const from = member(entry, "dist") === undefined ? "source" : "dist";
          const target = archivePlace(plainText(member(member(entry, from), "url")));
          // What was asked for stands in composer.json alone.
          items.push(
            dependencyItem({
              ecosystem: "composer",
              name,
              version: plainText(version),
              scope,
              source: target === undefined ? "registry" : "git",
              target,
              direct: false,
              line,
              sourceLine: json.lineOf([list, index, from, "url"]),
              kind: "locked-dependency",
            }),
          );
        }
      }
      return structureOf(strongest(items));
    }
    const sections: readonly (readonly [string, DependencyScope])[] = [
      ["require", "runtime"],
      ["require-dev", "dev"],
    ];
    for (const [section, scope] of sections) {
      for (const [name, version] of entriesOf(member(json.value, section))) {
        // The platform itself (`php`, `ext-gd`) is no package.
        if (!name.includes("/") || typeof version !== "string") continue;
        items.push(
          dependencyItem({
            ecosystem: "composer",
            name,
            version,
            scope: weakened(scope, path),
            line: json.lineOf([section, name]) ?? 1,
          }),
        );
      }
    }
    const repositories = member(json.value, "repositories");
    const listed = Array.isArray(repositories) ? [...repositories.entries()] : entriesOf(repositories);
    for (const [key, repository] of listed) {
      const url = member(repository, "url");
      if (typeof url !== "string") continue;
      const draft = emptyDraft();
      const line = json.lineOf(["repositories", key]) ?? 1;
      setAttribute(draft, "ecosystem", "composer");
      setAttribute(draft, "url", url, line);
      items.push(itemOf({ kind: "package-registry", type: url, key: url, name: url, line }, draft));
    }
    return structureOf(strongest(items));
  },
};

/**
 * Where an archive comes from, without what changes from version to version. Packagist serves none itself: it names the
 * repository of each package, mostly on GitHub. https://getcomposer.org/doc/05-repositories.md
 */
function archivePlace(address: string): string | undefined {
  const onGitHub =
    /^https:\/\/(?:api\.github\.com\/repos|github\.com|codeload\.github\.com)\/([^/]+\/[^/]+?)(?:\.git)?(?:\/|$)/i;
  const repository = onGitHub.exec(address)?.[1];
  if (repository !== undefined) return `https://github.com/${repository.toLowerCase()}`;
  return originOf(address);
}
