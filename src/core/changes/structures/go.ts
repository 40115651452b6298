import { dependencyItem, strongest, weakened } from "../dependency.ts";
import { baseName, structureOf } from "../notations/items.ts";
import type { Item, StructureReader } from "../structure.ts";

/** Go modules: `require`, `replace` and `tool` of a `go.mod`. Grammar: https://go.dev/ref/mod#go-mod-file-grammar */
export const structure: StructureReader = {
  name: "Go module",
  wants: (path) => baseName(path) === "go.mod",
  read(path, text) {
    const items: Item[] = [];
    let block = "";
    for (const [index, raw] of text.split("\n").entries()) {
      const line = index + 1;
      const comment = raw.indexOf("//");
      const said = comment < 0 ? "" : raw.slice(comment + 2).trim();
      const content = (comment < 0 ? raw : raw.slice(0, comment)).trim();
      if (content === "") continue;
      if (content === ")") {
        block = "";
        continue;
      }
      const opened = /^(\w+)\s*\($/.exec(content)?.[1];
      if (opened !== undefined) {
        block = opened;
        continue;
      }
      const words = content.split(/\s+/);
      const verb = block === "" ? (words.shift() ?? "") : block;
      if (verb === "require") {
        const [name, version] = words.map(unquoted);
        if (!name) continue;
        items.push(
          dependencyItem({
            ecosystem: "golang",
            name,
            version,
            scope: weakened("runtime", path),
            direct: !/\bindirect\b/.test(said),
            line,
          }),
        );
      } else if (verb === "replace") {
        const arrow = words.indexOf("=>");
        const name = unquoted(words[0] ?? "");
        const target = unquoted(words[arrow + 1] ?? "");
        if (arrow < 1 || !name || !target) continue;
        items.push(
          dependencyItem({
            ecosystem: "golang",
            name,
            version: words[arrow + 2],
            scope: weakened("runtime", path),
            source: /^(\.{1,2}\/|\/|[A-Za-z]:)/.test(target) ? "path" : target === name ? "registry" : "alias",
            target,
            line,
            kind: "dependency-override",
          }),
        );
      }
    }
    return structureOf(strongest(items));
  },
};

function unquoted(word: string): string {
  return word.replace(/^["`]|["`]$/g, "");
}
