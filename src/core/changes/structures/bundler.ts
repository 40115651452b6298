import { originOf } from "../address-origin.ts";
import { type DependencyScope, type DependencySource, dependencyItem, strongest, weakened } from "../dependency.ts";
import { baseName, emptyDraft, itemOf, setAttribute, structureOf } from "../notations/items.ts";
import type { Item, StructureReader } from "../structure.ts";

/**
 * Ruby: `Gemfile`, `*.gemspec` and `Gemfile.lock`, read line by line and never run. https://bundler.io/man/gemfile.5.html
 */
export const structure: StructureReader = {
  name: "Bundler",
  wants: (path) => /^(Gemfile|gems\.rb)$|\.gemspec$|^Gemfile\.lock$|^gems\.locked$/.test(baseName(path)),
  read(path, text) {
    const items = /lock(ed)?$/.test(path) ? locked(path, text) : declared(path, text);
    return structureOf(strongest(items));
  },
};

/** What a group is for: `development`, `test` and what tools are called; anything else runs in production. */
function scopeOfGroups(groups: readonly string[]): DependencyScope {
  if (groups.length === 0) return "runtime";
  if (groups.every((group) => /test|spec|cucumber/.test(group))) return "test";
  return groups.every((group) => /test|spec|cucumber|dev|lint|ci|doc|debug|tool|local|profile/.test(group))
    ? "dev"
    : "runtime";
}

function declared(path: string, text: string): Item[] {
  const items: Item[] = [];
  const blocks: { groups: readonly string[]; source?: string | undefined }[] = [];
  for (const [index, raw] of text.split("\n").entries()) {
    const line = index + 1;
    const content = raw
      .slice(0, 2_000)
      .replace(/(^|\s)#.*$/, "")
      .trim();
    if (content === "") continue;
    const source = /^source\s*\(?\s*["']([^"']+)["']/.exec(content)?.[1];
    const opens = /^group[\s(]/.test(content) ? content.search(/\sdo\b/) : -1;
    const group = opens < 0 ? undefined : content.slice("group".length, opens);
    if (group !== undefined) blocks.push({ groups: words(group) });
    else if (/^(git|path|github|gist)\s.*\bdo\b/.test(content)) {
      blocks.push({ groups: [], source: content.startsWith("path") ? "path" : "git" });
    } else if (/\bdo(\s*\|[^|]*\|)?$/.test(content) || /^(if|unless|case)\b/.test(content)) blocks.push({ groups: [] });
    else if (/^end\b/.test(content)) blocks.pop();
    if (source !== undefined) {
      const draft = emptyDraft();
      setAttribute(draft, "ecosystem", "gem");
      setAttribute(draft, "url", source, line);
      items.push(itemOf({ kind: "package-registry", type: source, key: source, name: source, line }, draft));
    }
    const gem =
      /^gem\s*\(?\s*["']([^"']+)["']\s*(.*)$/.exec(content) ??
      /\.add_(?:runtime_)?dependency\s*\(?\s*["']([^"']+)["']\s*(.*)$/.exec(content);
    const tool = /\.add_development_dependency\s*\(?\s*["']([^"']+)["']\s*(.*)$/.exec(content);
    const found = gem ?? tool;
    if (!found?.[1]) continue;
    const rest = found[2] ?? "";
    const own = /\bgroups?(?::|\s*=>)\s*(\[[^\]]*\]|:?["']?\w+)/.exec(rest)?.[1];
    const groups = own === undefined ? blocks.flatMap((block) => block.groups) : words(own);
    const from = locationOf(rest, blocks.at(-1)?.source);
    const version = /^,\s*((?:["'][^"']*["']\s*,?\s*)+)/.exec(rest)?.[1];
    items.push(
      dependencyItem({
        ecosystem: "gem",
        name: found[1],
        version: version?.replace(/["']/g, "").replace(/,\s*$/, "").trim() ?? from.reference,
        scope: weakened(tool ? "dev" : scopeOfGroups(groups), path),
        source: from.source,
        target: from.target,
        line,
      }),
    );
  }
  return withoutOwnCopies(items);
}

/** `if ENV["LOCAL"] … path … else … version`: what people change on their own machines stands beside what is installed elsewhere. */
function withoutOwnCopies(items: readonly Item[]): Item[] {
  const installed = new Set(
    items.filter(({ attributes }) => attributes.get("source") === "registry").map(({ type }) => type),
  );
  return items.filter(({ type, attributes }) => attributes.get("source") !== "path" || !installed.has(type));
}

function words(text: string): string[] {
  return [...text.matchAll(/\w+/g)].map((found) => found[0]);
}

function locationOf(
  rest: string,
  around: string | undefined,
): { source: "registry" | "git" | "path"; target: string | undefined; reference: string | undefined } {
  const git = /\b(git|github|gist|bitbucket|gitlab)(?::|\s*=>)\s*["']([^"']+)["']/.exec(rest);
  const path = /\bpath(?::|\s*=>)\s*["']([^"']+)["']/.exec(rest)?.[1];
  const reference = /\b(?:ref|tag|branch)(?::|\s*=>)\s*["']([^"']+)["']/.exec(rest)?.[1];
  if (git) return { source: "git", target: git[1] === "git" ? git[2] : `${git[1]}:${git[2]}`, reference };
  if (path !== undefined) return { source: "path", target: path, reference: undefined };
  return { source: around === "git" ? "git" : around === "path" ? "path" : "registry", target: undefined, reference };
}

/** `GEM`, `GIT` and `PATH` sections list what was chosen; `DEPENDENCIES` names what was asked for. */
function locked(path: string, text: string): Item[] {
  const lines = text.split("\n");
  const asked = new Set<string>();
  let section = "";
  for (const raw of lines) {
    if (/^[A-Z]/.test(raw)) section = raw.trim();
    else if (section === "DEPENDENCIES") asked.add(/^ {2}([^\s!(]+)/.exec(raw)?.[1] ?? "");
  }
  const items: Item[] = [];
  let remotes: { address: string; line: number }[] = [];
  for (const [index, raw] of lines.entries()) {
    if (/^[A-Z]/.test(raw)) {
      section = raw.trim();
      remotes = [];
    }
    const said = /^ {2}remote: (.*)$/.exec(raw)?.[1];
    if (said !== undefined) remotes.push({ address: said.trim(), line: index + 1 });
    const found = /^ {4}([^\s(]+) \(([^)]+)\)\s*$/.exec(raw);
    if (!found?.[1] || !["GEM", "GIT", "PATH"].includes(section)) continue;
    items.push(
      dependencyItem({
        ecosystem: "gem",
        name: found[1],
        version: found[2],
        scope: weakened("runtime", path),
        ...placeOf(section, remotes),
        direct: asked.has(found[1]),
        line: index + 1,
        kind: "locked-dependency",
      }),
    );
  }
  return items;
}

/** Where the gems of a section come from. Of several servers in one section, which older lockfiles list, nobody knows which it was. */
function placeOf(
  section: string,
  remotes: readonly { readonly address: string; readonly line: number }[],
): { source: DependencySource; target?: string | undefined; sourceLine?: number } {
  const [remote] = remotes;
  if (section === "PATH" || !remote) return { source: section === "PATH" ? "path" : "registry" };
  if (section === "GIT") return { source: "git", target: remote.address, sourceLine: remote.line };
  const origin = originOf(remote.address);
  if (remotes.length > 1 || origin === undefined || origin === "https://rubygems.org") return { source: "registry" };
  return { source: "url", target: origin, sourceLine: remote.line };
}
