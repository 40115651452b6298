import { readJson } from "../../text/json.ts";
import { limits } from "../../text/limits.ts";
import { dependencyItem, strongest, weakened } from "../dependency.ts";
import { baseName, elementsOf, entriesOf, member, plainText, structureOf } from "../notations/items.ts";
import { readToml } from "../notations/toml.ts";
import type { Item, Structure, StructureReader } from "../structure.ts";

/** Lockfiles of Poetry, uv, PDM and Pipenv: which version of each package was chosen, and from where. */
export const structure: StructureReader = {
  name: "Python lockfile",
  wants: (path) => /^(poetry\.lock|uv\.lock|pdm\.lock|pylock(\..+)?\.toml|Pipfile\.lock)$/.test(baseName(path)),
  read: (path, text) => (baseName(path) === "Pipfile.lock" ? pipenv(path, text) : tables(path, text)),
};

function tables(path: string, text: string): Structure {
  const toml = readToml(text);
  if ("unreadable" in toml) return toml;
  const items: Item[] = [];
  const lists = ["package", "packages"].map((name) => [name, elementsOf(member(toml.value, name))] as const);
  for (const [list, entries] of lists) {
    for (const [index, entry] of entries.entries()) {
      const name = member(entry, "name");
      if (typeof name !== "string") continue;
      const source = member(entry, "source") ?? member(entry, "vcs") ?? entry;
      const git = member(source, "git") ?? (member(source, "type") === "git" ? member(source, "url") : undefined);
      const url =
        member(source, "type") === "url"
          ? member(source, "url")
          : member(source, "registry") === undefined
            ? undefined
            : member(source, "registry");
      const isOther = typeof url === "string" && !url.startsWith("https://pypi.org/");
      if (member(source, "editable") !== undefined || member(source, "virtual") !== undefined) continue;
      items.push(
        dependencyItem({
          ecosystem: "pypi",
          name,
          version: plainText(member(entry, "version")),
          scope: weakened("runtime", path),
          source: typeof git === "string" ? "git" : isOther ? "url" : "registry",
          target: typeof git === "string" ? git.replace(/[?#].*$/, "") : isOther ? String(url) : undefined,
          direct: false,
          line: toml.lineOf([list, String(index), "name"]) ?? 1,
          kind: "locked-dependency",
        }),
      );
    }
  }
  return structureOf(strongest(items));
}

function pipenv(path: string, text: string): Structure {
  const json = readJson(text, { nodes: limits.lockFileNodes });
  if ("unreadable" in json) return json;
  const items: Item[] = [];
  for (const [section, scope] of [
    ["default", "runtime"],
    ["develop", "dev"],
  ] as const) {
    for (const [name, entry] of entriesOf(member(json.value, section))) {
      const git = member(entry, "git");
      items.push(
        dependencyItem({
          ecosystem: "pypi",
          name,
          version: plainText(member(entry, "version") ?? member(entry, "ref")),
          scope: weakened(scope, path),
          source: typeof git === "string" ? "git" : "registry",
          target: typeof git === "string" ? git : undefined,
          direct: false,
          line: json.lineOf([section, name]) ?? 1,
          kind: "locked-dependency",
        }),
      );
    }
  }
  return structureOf(strongest(items));
}
