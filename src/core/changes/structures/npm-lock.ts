import { readJson } from "../../text/json.ts";
import { limits } from "../../text/limits.ts";
import { dependencyItem, strongest, weakened } from "../dependency.ts";
import { baseName, entriesOf, member, structureOf } from "../notations/items.ts";
import { npmPlace } from "../npm-place.ts";
import { pnpmLock } from "../pnpm-lock.ts";
import type { Item, Structure, StructureReader } from "../structure.ts";
import { yarnLock } from "../yarn-lock.ts";

/**
 * Lockfiles of npm, yarn, pnpm and bun: which version of each package was chosen, and from where. Where a manifest of the same change
 * speaks of the package its word counts; a lockfile that changed alone speaks for itself.
 */
export const structure: StructureReader = {
  name: "npm lockfile",
  wants: (path) =>
    /^(package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lock)$/.test(baseName(path)),
  read(path, text): Structure {
    switch (baseName(path)) {
      case "yarn.lock":
        return structureOf(strongest(yarnLock(path, text)));
      case "pnpm-lock.yaml":
        return structureOf(strongest(pnpmLock(path, text)));
      case "bun.lock":
        return bun(path, text);
      default:
        return packageLock(path, text);
    }
  },
  readFragment(path, text): Structure {
    switch (baseName(path)) {
      case "yarn.lock":
        return structureOf(strongest(yarnLock(path, text)));
      case "pnpm-lock.yaml":
      case "bun.lock":
        return { unreadable: "its whole text was not read" };
      default:
        return structureOf(strongest(packageLockLines(path, text)));
    }
  },
};

/** https://docs.npmjs.com/cli/configuring-npm/package-lock-json */
function packageLock(path: string, text: string): Structure {
  const json = readJson(text, { nodes: limits.lockFileNodes });
  if ("unreadable" in json) return json;
  const items: Item[] = [];
  const packages = member(json.value, "packages");
  const root = member(packages, "");
  const asked = new Set<string>();
  for (const section of ["dependencies", "optionalDependencies", "devDependencies", "peerDependencies"]) {
    for (const [name] of entriesOf(member(root, section))) asked.add(name);
  }
  for (const [key, entry] of entriesOf(packages)) {
    const place = placeIn(key);
    if (place === undefined || member(entry, "link") === true) continue;
    const line = json.lineOf(["packages", key]) ?? 1;
    const sourceLine = json.lineOf(["packages", key, "resolved"]);
    items.push(lockedItem(path, place, textsIn(entry), { direct: asked.has(place), line, sourceLine }));
  }
  if (packages === undefined) {
    for (const [name, entry] of entriesOf(member(json.value, "dependencies")))
      items.push(lockedItem(path, name, textsIn(entry), { line: json.lineOf(["dependencies", name]) ?? 1 }));
  }
  return structureOf(strongest(items));
}

/** Where a package lies: `a`, `@scope/b`, and `a/node_modules/c` for what only `a` finds; undefined where none does. */
function placeIn(key: string): string | undefined {
  return /(?:^|\/)node_modules\/(?:@[^/]+\/)?[^/]+$/.test(key) ? key.replace(/^node_modules\//, "") : undefined;
}

/** What an entry says of its package, each a text or empty. */
type LockedTexts = Readonly<Record<"version" | "resolved" | "name" | "dev", string>>;

function textsIn(entry: unknown): LockedTexts {
  const textOf = (key: string): string => {
    const value = member(entry, key);
    return typeof value === "string" || value === true ? String(value) : "";
  };
  return { version: textOf("version"), resolved: textOf("resolved"), name: textOf("name"), dev: textOf("dev") };
}

/**
 * npm writes each value on a line of its own: a patch of a file that is too long to be read still says where packages come
 * from. What a patch leaves out is an empty line here.
 */
function packageLockLines(path: string, text: string): Item[] {
  const items: Item[] = [];
  let open: { place: string; line: number; sourceLine?: number } | undefined;
  let texts = { version: "", resolved: "", name: "", dev: "" };
  const close = (): void => {
    if (open) items.push(lockedItem(path, open.place, texts, open));
    open = undefined;
    texts = { version: "", resolved: "", name: "", dev: "" };
  };
  for (const [index, raw] of text.split("\n").entries()) {
    const content = raw.slice(0, 4_000).trim();
    const key = /^"([^"]+)": \{$/.exec(content)?.[1];
    if (key !== undefined || content === "" || content.startsWith("}")) {
      close();
      const place = key === undefined ? undefined : placeIn(key);
      if (place !== undefined) open = { place, line: index + 1 };
      continue;
    }
    const field = /^"(version|resolved|name)": "([^"]*)",?$/.exec(content);
    if (field?.[1] === "resolved" && open) open.sourceLine = index + 1;
    if (field?.[1] !== undefined) texts = { ...texts, [field[1]]: field[2] ?? "" };
    else if (/^"dev": true,?$/.test(content)) texts = { ...texts, dev: "true" };
  }
  close();
  return items;
}

function lockedItem(
  path: string,
  place: string,
  texts: LockedTexts,
  { direct = false, line, sourceLine }: { direct?: boolean; line: number; sourceLine?: number | undefined },
): Item {
  const name = place.replace(/^.*\/node_modules\//, "");
  const isAlias = texts.name !== "" && texts.name !== name;
  const from = npmPlace(texts.resolved, name);
  return dependencyItem({
    ecosystem: "npm",
    name: place,
    // What the code itself does not find belongs to the package that brings it: there only where it comes from counts.
    version: place === name ? texts.version : "",
    scope: weakened(texts.dev === "true" ? "dev" : "runtime", path),
    source: isAlias ? "alias" : from.source,
    target: isAlias ? texts.name : from.target,
    direct,
    line,
    sourceLine,
    kind: "locked-dependency",
  });
}

/** https://bun.com/docs/pm/lockfile: each package is a list whose first element is `name@version`. */
function bun(path: string, text: string): Structure {
  const json = readJson(text, { nodes: limits.lockFileNodes, comments: true });
  if ("unreadable" in json) return json;
  const items: Item[] = [];
  for (const [name, entry] of entriesOf(member(json.value, "packages"))) {
    const chosen = Array.isArray(entry) ? entry[0] : undefined;
    if (typeof chosen !== "string" || (name.includes("/") && !/^@[^/]+\/[^/]+$/.test(name))) continue;
    const at = chosen.lastIndexOf("@");
    const real = chosen.slice(0, at);
    const version = chosen.slice(at + 1);
    const place = npmPlace(/^(https?:|git|github:|file:)/.test(version) ? version : "", name);
    const isAlias = real !== name && place.source === "registry" && real !== "";
    items.push(
      dependencyItem({
        ecosystem: "npm",
        name,
        version,
        scope: weakened("runtime", path),
        source: isAlias ? "alias" : place.source,
        target: isAlias ? real : place.target,
        direct: false,
        line: json.lineOf(["packages", name]) ?? 1,
        kind: "locked-dependency",
      }),
    );
  }
  return structureOf(strongest(items));
}
