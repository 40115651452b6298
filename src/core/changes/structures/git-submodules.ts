import { baseName, emptyDraft, itemOf, setAttribute, structureOf } from "../notations/items.ts";
import type { Item, StructureReader } from "../structure.ts";

/** Longer lines hold no address. */
const longestLine = 2_000;

/**
 * Where a repository's submodules come from. `origin` is the address without what only says how it is reached: the protocol, a user's
 * name, `.git` at the end. `protected` says whether the way there is encrypted. https://git-scm.com/docs/gitmodules
 */
export const structure: StructureReader = {
  name: "git submodules",
  wants: (path) => baseName(path) === ".gitmodules",
  read(_path, text) {
    const items: Item[] = [];
    let draft = emptyDraft();
    let open: { readonly name: string; readonly line: number } | undefined;
    const close = (): void => {
      if (!open) return;
      const { name, line } = open;
      items.push(itemOf({ kind: "submodule", type: "git", key: name, name, line }, draft));
      draft = emptyDraft();
    };
    for (const [index, raw] of text.split("\n").entries()) {
      const line = raw.slice(0, longestLine).trim();
      const section = /^\[\s*submodule\s+"((?:[^"\\]|\\.)*)"\s*\]/i.exec(line);
      if (section?.[1] !== undefined) {
        close();
        open = { name: section[1].replace(/\\(.)/g, "$1"), line: index + 1 };
        continue;
      }
      if (line.startsWith("[")) {
        close();
        open = undefined;
      }
      const setting = open && /^(url|branch|path)\s*=(.*)$/i.exec(line);
      if (!setting) continue;
      const name = setting[1]?.toLowerCase() ?? "";
      const value = plainSetting((setting[2] ?? "").trim());
      setAttribute(draft, name, value, index + 1);
      if (name !== "url") continue;
      setAttribute(draft, "origin", originOf(value), index + 1);
      setAttribute(draft, "protected", !/^(?:http|git|ftp):\/\//i.test(value), index + 1);
    }
    close();
    return structureOf(items);
  },
};

/** A value without its quotes and the comment behind it. */
function plainSetting(text: string): string {
  const quoted = /^"((?:[^"\\]|\\.)*)"/.exec(text)?.[1];
  if (quoted !== undefined) return quoted.replace(/\\(.)/g, "$1");
  const comment = text.search(/\s[#;]/);
  return comment < 0 ? text : text.slice(0, comment).trimEnd();
}

/** `git@host:a/b.git`, `ssh://git@host/a/b` and `https://host/a/b` are one place; a path beside the repository stays as it is. */
function originOf(url: string): string {
  const address = url
    .replace(/^[a-z][a-z0-9+]*:\/\//i, "")
    .replace(/^[^@/]*@/, "")
    .replace(/\/$/, "")
    .replace(/\.git$/, "");
  const named = /^(\w[\w.-]*)(?::(?:22|443)\/|:(?!\d+\/)|\/)(.*)$/.exec(address);
  return named?.[1] === undefined ? address : `${named[1].toLowerCase()}/${named[2] ?? ""}`;
}
