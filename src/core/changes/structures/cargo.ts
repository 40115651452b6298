import { originOf } from "../address-origin.ts";
import { type DependencyScope, dependencyItem, strongest, weakened } from "../dependency.ts";
import { baseName, elementsOf, entriesOf, type LineOf, member, structureOf } from "../notations/items.ts";
import { readToml } from "../notations/toml.ts";
import type { Item, StructureReader } from "../structure.ts";

/** Rust: `Cargo.toml` (workspaces, targets, patches) and `Cargo.lock`. https://doc.rust-lang.org/cargo/reference/manifest.html */
export const structure: StructureReader = {
  name: "Cargo",
  wants: (path) => /^Cargo\.(toml|lock)$/.test(baseName(path)),
  read(path, text) {
    const toml = readToml(text);
    if ("unreadable" in toml) return toml;
    const { value, lineOf } = toml;
    const items: Item[] = [];
    if (path.endsWith(".lock")) {
      for (const [index, entry] of elementsOf(member(value, "package")).entries()) locked(items, entry, index, lineOf);
      return structureOf(strongest(items));
    }
    sections(items, path, value, [], lineOf);
    sections(items, path, member(value, "workspace"), ["workspace"], lineOf);
    for (const [target, table] of entriesOf(member(value, "target")))
      sections(items, path, table, ["target", target], lineOf);
    for (const [registry, table] of entriesOf(member(value, "patch"))) {
      for (const [name, entry] of entriesOf(table))
        add(items, path, name, entry, "runtime", lineOf(["patch", registry, name]), "dependency-override");
    }
    return structureOf(strongest(items));
  },
};

function sections(items: Item[], path: string, table: unknown, at: readonly string[], lineOf: LineOf): void {
  const kinds: readonly (readonly [string, DependencyScope])[] = [
    ["dependencies", "runtime"],
    ["dev-dependencies", "dev"],
    ["build-dependencies", "build"],
  ];
  for (const [section, scope] of kinds) {
    for (const [name, entry] of entriesOf(member(table, section)))
      add(items, path, name, entry, scope, lineOf([...at, section, name]), "dependency");
  }
}

function add(
  items: Item[],
  path: string,
  name: string,
  entry: unknown,
  scope: DependencyScope,
  line: number | undefined,
  kind: "dependency" | "dependency-override",
): void {
  const version = typeof entry === "string" ? entry : member(entry, "version");
  const git = member(entry, "git");
  const local = member(entry, "path");
  const real = member(entry, "package");
  // The workspace names version and source once for all its members: a member that takes part brings nothing new.
  const isInherited = member(entry, "workspace") === true;
  const reference = ["tag", "rev", "branch"]
    .map((part) => member(entry, part))
    .find((found) => typeof found === "string");
  items.push(
    dependencyItem({
      ecosystem: "cargo",
      // A renamed package is the same package of the same registry, and its real name stands beside the new one.
      name: typeof real === "string" ? real : name,
      version: typeof version === "string" ? version : typeof reference === "string" ? reference : undefined,
      scope: weakened(scope === "runtime" && member(entry, "optional") === true ? "optional" : scope, path),
      source: typeof git === "string" ? "git" : typeof local === "string" ? "path" : "registry",
      target: typeof git === "string" ? git : typeof local === "string" ? local : undefined,
      line: line ?? 1,
      kind: isInherited ? "inherited-dependency" : kind,
    }),
  );
}

function locked(items: Item[], entry: unknown, index: number, lineOf: LineOf): void {
  const name = member(entry, "name");
  const version = member(entry, "version");
  const source = member(entry, "source");
  if (typeof name !== "string" || typeof source !== "string") return;
  const isGit = source.startsWith("git+");
  const isPublic =
    /^(?:registry\+https:\/\/github\.com\/rust-lang\/crates\.io-index|sparse\+https:\/\/index\.crates\.io)\/?$/;
  const other = isGit || isPublic.test(source) ? undefined : originOf(source);
  items.push(
    dependencyItem({
      ecosystem: "cargo",
      name,
      version: typeof version === "string" ? version : "",
      scope: "runtime",
      source: isGit ? "git" : other === undefined ? "registry" : "url",
      target: isGit ? source.replace(/[?#].*$/, "") : other,
      direct: false,
      line: lineOf(["package", String(index), "name"]) ?? 1,
      sourceLine: lineOf(["package", String(index), "source"]),
      kind: "locked-dependency",
    }),
  );
}
