import { dependencyItem, weakened } from "./dependency.ts";
import { npmPlace } from "./npm-place.ts";
import type { Item } from "./structure.ts";

/** Both forms of yarn's lockfile: an entry begins at the margin with the ranges it answers. */
export function yarnLock(path: string, text: string): Item[] {
  const items: Item[] = [];
  let open: { name: string; asked: string; line: number } | undefined;
  let version = "";
  let resolved = "";
  let real = "";
  let sourceLine: number | undefined;
  const close = (): void => {
    if (!open) return;
    const alias = /@npm:((?:@[\w.-]+\/)?[\w.-]+)@/.exec(open.asked)?.[1] ?? real;
    const isAlias = alias !== "" && alias !== open.name;
    const place = npmPlace(resolved, open.name);
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
        sourceLine,
        kind: "locked-dependency",
      }),
    );
    open = undefined;
  };
  for (const [index, raw] of text.split("\n").entries()) {
    const content = raw.slice(0, 4_000);
    // An empty line stands between entries, and for what a patch leaves out.
    if (content.trim() === "") close();
    if (/^[^\s#]/.test(content) && content.trimEnd().endsWith(":")) {
      close();
      const asked = content.trim().replace(/^"|":?$|:$/g, "");
      const name = /^"?((?:@[^@/]+\/)?[^@/"]+)@/.exec(asked)?.[1];
      version = "";
      resolved = "";
      real = "";
      sourceLine = undefined;
      if (name !== undefined) open = { name, asked, line: index + 1 };
      continue;
    }
    const field = /^ {2}"?(version|resolved|resolution)"?:?\s+"?([^"]+)"?\s*$/.exec(content);
    if (!field) continue;
    const value = field[2] ?? "";
    if (field[1] === "version") {
      version = value;
      continue;
    }
    sourceLine = index + 1;
    if (field[1] === "resolved") resolved = value;
    else {
      real = /^((?:@[^@/]+\/)?[^@/]+)@npm:/.exec(value)?.[1] ?? "";
      resolved = /@(npm|patch|virtual|workspace):/.test(value)
        ? ""
        : (/@((?:https?|git|ssh).*)/.exec(value)?.[1] ?? "");
    }
  }
  close();
  return items;
}
