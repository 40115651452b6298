import { type DependencyScope, dependencyItem, weakened } from "./dependency.ts";
import { groupScope, requirement } from "./python-requirement.ts";
import type { Item } from "./structure.ts";

/** `install_requires` and extras of an ini file: one requirement a line below the key. */
export function setupCfg(path: string, text: string): Item[] {
  const items: Item[] = [];
  let section = "";
  let key = "";
  for (const [index, raw] of text.split("\n").entries()) {
    const header = /^\[([^\]]+)\]/.exec(raw)?.[1];
    if (header !== undefined) {
      section = header.trim();
      key = "";
      continue;
    }
    if (/^\s*[#;]/.test(raw)) continue;
    const assigned = /^([A-Za-z_][\w.-]*)\s*[=:]\s*(.*)$/.exec(raw);
    if (assigned) key = assigned[1] ?? "";
    const written = assigned ? (assigned[2] ?? "") : /^\s/.test(raw) ? raw.trim() : "";
    const scope = cfgScope(section, key);
    if (scope === undefined || written === "") continue;
    const stated = requirement(written.replace(/\s#.*$/, ""), index + 1);
    if (stated) items.push(dependencyItem({ ...stated, scope: weakened(scope, path) }));
  }
  return items;
}

function cfgScope(section: string, key: string): DependencyScope | undefined {
  if (section === "options.extras_require") return groupScope(key, "optional");
  if (section !== "options") return undefined;
  if (key === "install_requires") return "runtime";
  if (key === "tests_require") return "test";
  return key === "setup_requires" ? "build" : undefined;
}

/** Texts in the lists given to `install_requires`, `tests_require`, `setup_requires` and `extras_require`; nothing is run. */
export function setupPy(path: string, text: string): Item[] {
  const items: Item[] = [];
  let scope: DependencyScope | undefined;
  let depth = 0;
  for (const [index, raw] of text.split("\n").entries()) {
    let content = raw.replace(/^\s*#.*$/, "").slice(0, 2000);
    if (scope === undefined) {
      const start = /\b(install_requires|tests_require|setup_requires|extras_require)\s*=\s*[[{(]/.exec(content);
      if (!start) continue;
      scope = {
        install_requires: "runtime",
        tests_require: "test",
        setup_requires: "build",
        extras_require: "optional",
      }[start[1] ?? ""] as DependencyScope | undefined;
      content = content.slice(start.index + start[0].length - 1);
      depth = 0;
    }
    let group: string | undefined;
    for (const part of content.matchAll(/"([^"]*)"\s*(:?)|'([^']*)'\s*(:?)|[[\]{}()]|#.*$/g)) {
      const word = part[1] ?? part[3];
      if (word !== undefined && (part[2] === ":" || part[4] === ":")) group = word;
      else if (word !== undefined && scope !== undefined) {
        const stated = requirement(word, index + 1);
        const used = scope === "optional" ? groupScope(group ?? "", "optional") : scope;
        if (stated) items.push(dependencyItem({ ...stated, scope: weakened(used, path) }));
      } else if (/^[[{(]/.test(part[0])) depth++;
      else if (/^[\]})]/.test(part[0])) {
        depth--;
        if (depth <= 0) {
          scope = undefined;
          break;
        }
      }
    }
  }
  return items;
}
