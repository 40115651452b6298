import { readJson } from "../../text/json.ts";
import { limits } from "../../text/limits.ts";
import { originOf } from "../address-origin.ts";
import { type DependencySource, dependencyItem, strongest, weakened } from "../dependency.ts";
import { baseName, elementsOf, entriesOf, member, plainText, structureOf } from "../notations/items.ts";
import { readToml } from "../notations/toml.ts";
import type { Item, Structure, StructureReader } from "../structure.ts";

/** Lockfiles of Poetry, uv, PDM and Pipenv: which version of each package was chosen, and from where (its index, or the hosts of its files). */
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
      if (member(source, "editable") !== undefined || member(source, "virtual") !== undefined) continue;
      items.push(
        dependencyItem({
          ecosystem: "pypi",
          name,
          version: plainText(member(entry, "version")),
          scope: weakened("runtime", path),
          ...placeOf(source, entry),
          direct: false,
          line: toml.lineOf([list, String(index), "name"]) ?? 1,
          sourceLine: toml.lineOf([list, String(index), "source", "url"]),
          kind: "locked-dependency",
        }),
      );
    }
  }
  return structureOf(strongest(items));
}

/** The index of Python packages and the host of its files: https://docs.pypi.org/api/index-api/ */
const publicIndex = /^https:\/\/(?:pypi\.org|files\.pythonhosted\.org)$/;

/** Where a package comes from: what its entry says, else the hosts of its files. */
function placeOf(source: unknown, entry: unknown): { source: DependencySource; target?: string | undefined } {
  const type = plainText(member(source, "type"));
  const address = plainText(member(source, "url"));
  const git = plainText(member(source, "git")) || (type === "git" ? address : "");
  if (git !== "") return { source: "git", target: git.replace(/[?#].*$/, "") };
  const said = [plainText(member(source, "registry")), type === "git" ? "" : address];
  const files = ["wheels", "files"].flatMap((list) => elementsOf(member(entry, list)));
  const hosts = [member(entry, "sdist"), member(entry, "archive"), ...files].map((file) =>
    plainText(member(file, "url")),
  );
  const other = [...said, ...hosts].map(originOf).find((origin) => origin !== undefined && !publicIndex.test(origin));
  return other === undefined ? { source: "registry" } : { source: "url", target: other };
}

function pipenv(path: string, text: string): Structure {
  const json = readJson(text, { nodes: limits.lockFileNodes });
  if ("unreadable" in json) return json;
  const items: Item[] = [];
  const indexes = new Map(
    elementsOf(member(member(json.value, "_meta"), "sources")).map((one) => [
      plainText(member(one, "name")),
      plainText(member(one, "url")),
    ]),
  );
  for (const [section, scope] of [
    ["default", "runtime"],
    ["develop", "dev"],
  ] as const) {
    for (const [name, entry] of entriesOf(member(json.value, section))) {
      const git = member(entry, "git");
      const address = plainText(member(entry, "file")) || (indexes.get(plainText(member(entry, "index"))) ?? "");
      const origin = originOf(address);
      const other = origin === undefined || publicIndex.test(origin) ? undefined : origin;
      items.push(
        dependencyItem({
          ecosystem: "pypi",
          name,
          version: plainText(member(entry, "version") ?? member(entry, "ref")),
          scope: weakened(scope, path),
          source: typeof git === "string" ? "git" : other === undefined ? "registry" : "url",
          target: typeof git === "string" ? git : other,
          direct: false,
          line: json.lineOf([section, name]) ?? 1,
          kind: "locked-dependency",
        }),
      );
    }
  }
  return structureOf(strongest(items));
}
