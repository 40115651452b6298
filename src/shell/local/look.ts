import { lstat, readFile, realpath } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import type { NotInspected } from "../../core/domain/problem.ts";
import type { FileText } from "../../core/domain/snapshot.ts";
import { showBytes } from "../../core/text/limits.ts";
import { textOfBytes } from "../../core/text/png-drawing.ts";
import { git, textsAt } from "./git.ts";

/** What looking at some paths gave: texts, and what is there but not read, with the reason. A path in neither is not there. */
export interface Looked {
  readonly texts: readonly FileText[];
  readonly notRead: readonly NotInspected[];
}

const link = "a symbolic link: it is not followed";
const submodule = "a submodule: it is not followed";
const folder = "a folder, where a file was expected";
const binary = "a binary file";
const elsewhere = "a path that leads out of the repository";

function tooLarge(size: number, most: number): string {
  return `${showBytes(size)}, above the limit of ${showBytes(most)}`;
}

/** Looks at paths of a commit. Links, submodules and folders are refused by name and never followed (H066, H067). */
export async function lookAtCommit(
  directory: string,
  commit: string,
  paths: readonly string[],
  most: number,
): Promise<Looked> {
  const refused = new Map(paths.filter(isElsewhere).map((path) => [path, elsewhere]));
  const inside = paths.filter((path) => !isElsewhere(path));
  const asked = new Set(inside);
  const listed = inside.length === 0 ? "" : await treeOf(directory, commit, inside);
  const files: string[] = [];
  for (const entry of listed.split("\0")) {
    const found = /^(\d+) (\w+) [0-9a-f]+ +(-|\d+)\t([\s\S]+)$/.exec(entry);
    const [mode = "", type = "", size = "", path = ""] = found?.slice(1) ?? [];
    if (!asked.has(path)) continue;
    const why = refusalOf(mode, type, Number(size), most);
    if (why === undefined) files.push(path);
    else refused.set(path, why);
  }
  const texts = await textsAt(directory, commit, files, most);
  for (const path of files) if (!texts.has(path)) refused.set(path, binary);
  return {
    texts: [...texts].map(([path, text]) => ({ path, text })),
    notRead: [...refused].map(([path, reason]) => ({ path, reason })),
  };
}

async function treeOf(directory: string, commit: string, paths: readonly string[]): Promise<string> {
  return (await git(directory, ["ls-tree", "-z", "-l", "--full-tree", commit, "--", ...paths])).toString("utf8");
}

/** Whether the words of a path lead out of a repository's files: upwards, from the root, or into Git's own folder. */
function isElsewhere(path: string): boolean {
  const steps = path.split("/");
  return steps[0] === "" || steps.includes("..") || steps.some((step) => step.toLowerCase() === ".git");
}

/** Git's modes: https://git-scm.com/docs/git-fast-import#_filemodify */
function refusalOf(mode: string, type: string, size: number, most: number): string | undefined {
  if (mode === "120000") return link;
  if (mode === "160000") return submodule;
  if (type === "tree") return folder;
  return size > most ? tooLarge(size, most) : undefined;
}

/** The same in the working tree. A path that leads out of it through a linked folder is refused as well. */
export async function lookAtWorkingTree(directory: string, paths: readonly string[], most: number): Promise<Looked> {
  const texts: FileText[] = [];
  const notRead: NotInspected[] = [];
  for (const path of paths) {
    const found = await lookAtWorkingFile(directory, path, most);
    if (found === undefined) continue;
    if ("text" in found) texts.push({ path, text: found.text });
    else notRead.push({ path, reason: found.why });
  }
  return { texts, notRead };
}

type Found = { readonly text: string } | { readonly why: string };

async function lookAtWorkingFile(directory: string, path: string, most: number): Promise<Found | undefined> {
  if (isElsewhere(path)) return { why: elsewhere };
  const full = join(directory, path);
  const found = await lstat(full).catch(() => undefined);
  if (found === undefined) return undefined;
  if (await leadsOut(directory, full)) return { why: elsewhere };
  if (found.isSymbolicLink()) return { why: link };
  if (found.isDirectory()) return { why: folder };
  if (!found.isFile()) return { why: binary };
  if (found.size > most) return { why: tooLarge(found.size, most) };
  const text = textOfBytes(path, await readFile(full));
  return text === undefined ? { why: binary } : { text };
}

/** Whether a path, with every link on its way followed, lies outside the folder. A link to nowhere leads out as well. */
async function leadsOut(directory: string, full: string): Promise<boolean> {
  try {
    const way = relative(await realpath(directory), await realpath(full));
    return way === ".." || way.startsWith(`..${sep}`);
  } catch {
    return true;
  }
}

/** Text of one file of the working tree; undefined for whatever is not read. */
export async function readWorkingFile(directory: string, path: string, most: number): Promise<string | undefined> {
  const found = await lookAtWorkingFile(directory, path, most);
  return found !== undefined && "text" in found ? found.text : undefined;
}
