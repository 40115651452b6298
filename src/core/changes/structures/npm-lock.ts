import { readJson } from "../../text/json.ts";
import { limits } from "../../text/limits.ts";
import { dependencyItem, strongest, weakened } from "../dependency.ts";
import { baseName, entriesOf, member, structureOf } from "../notations/items.ts";
import type { Item, Structure, StructureReader } from "../structure.ts";

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
        return structureOf(strongest(yarn(path, text)));
      case "pnpm-lock.yaml":
        return structureOf(strongest(pnpm(path, text)));
      case "bun.lock":
        return bun(path, text);
      default:
        return packageLock(path, text);
    }
  },
};

const publicRegistries = /^https:\/\/(registry\.npmjs\.org|registry\.yarnpkg\.com|registry\.npmmirror\.com)\//;

/** Where a package came from. For an address only its origin is kept, so that a new version is not a new place. */
function placeOf(resolved: string): { source: "registry" | "git" | "url" | "path"; target: string | undefined } {
  if (resolved === "" || publicRegistries.test(resolved)) return { source: "registry", target: undefined };
  if (/^git[+:@]|^ssh:|\.git(#|$)|codeload\.github\.com|^github:/.test(resolved))
    return { source: "git", target: resolved.replace(/[#?].*$/, "") };
  if (/^(file|link|workspace|portal):|^\.{1,2}\//.test(resolved)) return { source: "path", target: undefined };
  const origin = /^https?:\/\/[^/]+/.exec(resolved)?.[0];
  return origin === undefined ? { source: "registry", target: undefined } : { source: "url", target: origin };
}

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
  for (const [place, entry] of entriesOf(packages)) {
    // Only what lies at the top is what the code imports; deeper ones belong to other packages.
    const name = /^node_modules\/((?:@[^/]+\/)?[^/]+)$/.exec(place)?.[1];
    if (name === undefined || member(entry, "link") === true) continue;
    items.push(lockedItem(path, name, entry, asked.has(name), json.lineOf(["packages", place]) ?? 1));
  }
  if (packages === undefined) {
    for (const [name, entry] of entriesOf(member(json.value, "dependencies")))
      items.push(lockedItem(path, name, entry, false, json.lineOf(["dependencies", name]) ?? 1));
  }
  return structureOf(strongest(items));
}

function lockedItem(path: string, name: string, entry: unknown, direct: boolean, line: number): Item {
  const resolved = member(entry, "resolved");
  const version = member(entry, "version");
  const real = member(entry, "name");
  const isAlias = typeof real === "string" && real !== name;
  const place = placeOf(typeof resolved === "string" ? resolved : "");
  return dependencyItem({
    ecosystem: "npm",
    name,
    version: typeof version === "string" ? version : "",
    scope: weakened(member(entry, "dev") === true ? "dev" : "runtime", path),
    source: isAlias ? "alias" : place.source,
    target: isAlias ? real : place.target,
    direct,
    line,
    kind: "locked-dependency",
  });
}

/** Both forms of yarn's lockfile: an entry begins at the margin with the ranges it answers. */
function yarn(path: string, text: string): Item[] {
  const items: Item[] = [];
  let open: { name: string; asked: string; line: number } | undefined;
  let version = "";
  let resolved = "";
  const close = (): void => {
    if (!open) return;
    const alias = /@npm:((?:@[^@/]+\/)?[^@/]+)@/.exec(open.asked)?.[1];
    const place = placeOf(resolved);
    const isAlias = alias !== undefined && alias !== open.name;
    items.push(
      dependencyItem({
        ecosystem: "npm",
        name: open.name,
        version,
        scope: weakened("runtime", path),
        source: isAlias ? "alias" : place.source,
        target: isAlias ? alias : place.target,
        direct: false,
        line: open.line,
        kind: "locked-dependency",
      }),
    );
    open = undefined;
  };
  for (const [index, raw] of text.split("\n").entries()) {
    const content = raw.slice(0, 4_000);
    if (/^[^\s#]/.test(content) && content.trimEnd().endsWith(":")) {
      close();
      const asked = content.trim().replace(/^"|":?$|:$/g, "");
      const name = /^"?((?:@[^@/]+\/)?[^@/"]+)@/.exec(asked)?.[1];
      version = "";
      resolved = "";
      if (name !== undefined) open = { name, asked, line: index + 1 };
      continue;
    }
    const field = /^ {2}"?(version|resolved|resolution)"?:?\s+"?([^"]+)"?\s*$/.exec(content);
    if (!field) continue;
    if (field[1] === "version") version = field[2] ?? "";
    else if (field[1] === "resolved") resolved = field[2] ?? "";
    else
      resolved = /@(npm|patch|virtual|workspace):/.test(field[2] ?? "")
        ? ""
        : (/@((?:https?|git|ssh)[^"]*)/.exec(field[2] ?? "")?.[1] ?? "");
  }
  close();
  return items;
}

/** The `importers` of pnpm's lockfile: what each package of the workspace asked for and got. Read line by line; it is long and flat. */
function pnpm(path: string, text: string): Item[] {
  const items: Item[] = [];
  let section = "";
  let scope = "";
  let open: { name: string; line: number } | undefined;
  for (const [index, raw] of text.split("\n").entries()) {
    const content = raw.slice(0, 2_000).trimEnd();
    const top = /^([A-Za-z][\w]*):/.exec(content)?.[1];
    if (top !== undefined) section = top;
    const indent = content.length - content.trimStart().length;
    const key = /^\s+'?([^':]+|@[^']+)'?:\s*(.*)$/.exec(content);
    if (!key?.[1]) continue;
    const inImporter = section === "importers" && indent === 4;
    if (inImporter || indent === 0) scope = key[1];
    else if (section === "importers" && indent === 6) open = { name: key[1], line: index + 1 };
    else if (section === "importers" && indent === 8 && key[1] === "version" && open) {
      const version = (key[2] ?? "").replace(/\(.*$/, "").replace(/^'|'$/g, "");
      const place = placeOf(/^(https?:|git|link:|file:)/.test(version) ? version : "");
      items.push(
        dependencyItem({
          ecosystem: "npm",
          name: open.name,
          version,
          scope: weakened(scope === "devDependencies" ? "dev" : "runtime", path),
          source: place.source,
          target: place.target,
          direct: true,
          line: open.line,
          kind: "locked-dependency",
        }),
      );
      open = undefined;
    }
  }
  return items;
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
    const place = placeOf(/^(https?:|git|github:|file:)/.test(version) ? version : "");
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
