import { readJson } from "../../text/json.ts";
import { type DependencyScope, dependencyItem, type StatedDependency, strongest, weakened } from "../dependency.ts";
import {
  baseName,
  emptyDraft,
  entriesOf,
  isMapping,
  itemOf,
  member,
  setAttribute,
  structureOf,
} from "../notations/items.ts";
import type { Item, StructureReader } from "../structure.ts";

/**
 * The manifest of npm, pnpm, yarn and bun: dependencies of every kind, overrides and resolutions, and scripts that run on
 * installation. https://docs.npmjs.com/cli/configuring-npm/package-json
 */
export const structure: StructureReader = {
  name: "npm manifest",
  wants: (path) => baseName(path) === "package.json",
  read(path, text) {
    const json = readJson(text);
    if ("unreadable" in json) return json;
    const items: Item[] = [];
    for (const [section, scope] of sections) {
      for (const [name, range] of entriesOf(member(json.value, section))) {
        if (typeof range !== "string") continue;
        const line = json.lineOf([section, name]) ?? 1;
        items.push(dependencyItem({ ...fromRange(name, range), scope: weakened(scope, path), line }));
      }
    }
    collectOverrides(items, member(json.value, "overrides"), ["overrides"], json.lineOf);
    collectOverrides(items, member(json.value, "resolutions"), ["resolutions"], json.lineOf);
    collectOverrides(items, member(member(json.value, "pnpm"), "overrides"), ["pnpm", "overrides"], json.lineOf);
    const scripts = member(json.value, "scripts");
    for (const name of installScripts) {
      const command = member(scripts, name);
      if (typeof command !== "string") continue;
      const line = json.lineOf(["scripts", name]) ?? 1;
      const draft = emptyDraft();
      setAttribute(draft, "command", command, line);
      items.push(itemOf({ kind: "npm-script", type: name, key: name, name, line }, draft));
    }
    return structureOf(strongest(items));
  },
};

const sections: readonly (readonly [string, DependencyScope])[] = [
  ["dependencies", "runtime"],
  ["optionalDependencies", "optional"],
  ["peerDependencies", "peer"],
  ["devDependencies", "dev"],
];

/** Scripts that npm runs on `npm install`. https://docs.npmjs.com/cli/using-npm/scripts#life-cycle-scripts */
const installScripts = ["preinstall", "install", "postinstall", "prepare"] as const;

/** What a range says of where the package comes from. https://docs.npmjs.com/cli/configuring-npm/package-json#dependencies */
function fromRange(name: string, range: string): Omit<StatedDependency, "scope" | "line"> {
  const ecosystem = "npm";
  const alias = /^npm:(@?[^@]+)(?:@(.*))?$/.exec(range);
  if (alias?.[1] !== undefined) return { ecosystem, name, version: alias[2], source: "alias", target: alias[1] };
  if (/^(file|link|portal|workspace):/.test(range) || /^(\.{0,2}\/|~\/)/.test(range))
    return { ecosystem, name, version: "", source: "path", target: range };
  const isGit = /^git(\+\w+)?:|^git@|^(github|gitlab|bitbucket|gist):|\.git(#|$)|^[\w-]+\/[\w.-]+(#.*)?$/.test(range);
  if (isGit) {
    const [target, reference] = range.split("#", 2);
    return { ecosystem, name, version: (reference ?? "").replace(/^semver:/, ""), source: "git", target };
  }
  if (/^https?:/.test(range)) {
    // The version within an address is a version: who delivers it stays the same.
    const version = /\d+\.\d+\.\d+/.exec(range)?.[0] ?? "";
    const target = version === "" ? range : range.replaceAll(version, "*");
    return { ecosystem, name, version, source: "url", target };
  }
  return { ecosystem, name, version: range };
}

function collectOverrides(
  items: Item[],
  table: unknown,
  at: readonly string[],
  lineOf: (path: readonly string[]) => number | undefined,
  depth = 0,
): void {
  if (depth > 8) return;
  for (const [selector, value] of entriesOf(table)) {
    const path = [...at, selector];
    if (isMapping(value)) {
      collectOverrides(items, value, path, lineOf, depth + 1);
      continue;
    }
    if (typeof value !== "string") continue;
    const inner = selector === "." ? (at.at(-1) ?? selector) : selector;
    // A selector may name the parents first (`parent>child`, `**/child`) and a range after the name.
    const name = /(?:^|[>/*])(@[^@/>]+\/[^@/>]+|[^@/>*]+)(?:@[^>]*)?$/.exec(inner)?.[1] ?? inner;
    items.push(
      dependencyItem({
        ...fromRange(name, value),
        scope: "runtime",
        line: lineOf(path) ?? 1,
        kind: "dependency-override",
      }),
    );
  }
}
