import { createHash } from "node:crypto";

/** Modes of files as git writes them; a directory is `40000` inside a tree object and `040000` in GitHub's answers. */
export type FileMode = "100644" | "100755" | "120000" | "160000";

export interface FileEntry {
  readonly mode: FileMode;
  readonly oid: string;
}

/** All files of a tree by path. */
export type Files = ReadonlyMap<string, FileEntry>;

export interface TreeEntry {
  readonly mode: FileMode | "40000";
  readonly name: string;
  readonly oid: string;
}

export interface Signature {
  readonly name: string;
  readonly email: string;
  /** ISO instant, whole seconds, UTC. */
  readonly date: string;
}

export interface Commit {
  readonly oid: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: Signature;
  readonly committer: Signature;
  readonly message: string;
}

const noFiles: Files = new Map();

/**
 * Git's object database in memory, with git's own object ids: the id of a blob, tree or commit here is what
 * `git hash-object` gives for the same content. A repository and its forks share one, as on GitHub.
 * https://git-scm.com/book/en/v2/Git-Internals-Git-Objects
 */
export class ObjectStore {
  readonly blobs = new Map<string, Uint8Array>();
  readonly trees = new Map<string, readonly TreeEntry[]>();
  readonly commits = new Map<string, Commit>();
  readonly #files = new Map<string, Files>();

  writeBlob(content: string | Uint8Array): string {
    const bytes = typeof content === "string" ? Buffer.from(content, "utf8") : content;
    const oid = objectId("blob", bytes);
    this.blobs.set(oid, bytes);
    return oid;
  }

  /** Writes the tree of these files, with all trees below it. */
  writeTree(files: Files): string {
    const oid = this.#writeDirectory([...files].map(([path, entry]) => ({ parts: path.split("/"), entry })));
    this.#files.set(oid, files);
    return oid;
  }

  writeCommit(commit: Omit<Commit, "oid">): string {
    const oid = objectId("commit", Buffer.from(commitText(commit), "utf8"));
    this.commits.set(oid, { ...commit, oid });
    return oid;
  }

  /** All files of a commit or a tree; none for what is not known. */
  filesOf(oid: string | undefined): Files {
    if (oid === undefined) return noFiles;
    const tree = this.commits.get(oid)?.tree ?? oid;
    const known = this.#files.get(tree);
    if (known !== undefined) return known;
    const files = new Map<string, FileEntry>();
    this.#collect(tree, "", files);
    this.#files.set(tree, files);
    return files;
  }

  /** The file or directory at a path of a commit or tree; the empty path is the root tree. */
  entryAt(oid: string, path: string): TreeEntry | undefined {
    let entry: TreeEntry = { mode: "40000", name: "", oid: this.commits.get(oid)?.tree ?? oid };
    if (path === "") return this.trees.has(entry.oid) ? entry : undefined;
    for (const part of path.split("/")) {
      const next = this.trees.get(entry.oid)?.find((child) => child.name === part);
      if (next === undefined) return undefined;
      entry = next;
    }
    return entry;
  }

  blob(oid: string): Uint8Array {
    return this.blobs.get(oid) ?? new Uint8Array();
  }

  #collect(tree: string, prefix: string, into: Map<string, FileEntry>): void {
    for (const entry of this.trees.get(tree) ?? []) {
      const path = prefix + entry.name;
      if (entry.mode === "40000") this.#collect(entry.oid, `${path}/`, into);
      else into.set(path, { mode: entry.mode, oid: entry.oid });
    }
  }

  #writeDirectory(files: readonly { readonly parts: readonly string[]; readonly entry: FileEntry }[]): string {
    const entries: TreeEntry[] = [];
    const folders = new Map<string, { parts: readonly string[]; entry: FileEntry }[]>();
    for (const { parts, entry } of files) {
      const name = parts[0] ?? "";
      if (parts.length === 1) {
        entries.push({ mode: entry.mode, name, oid: entry.oid });
        continue;
      }
      const inside = folders.get(name) ?? [];
      inside.push({ parts: parts.slice(1), entry });
      folders.set(name, inside);
    }
    for (const [name, inside] of folders) entries.push({ mode: "40000", name, oid: this.#writeDirectory(inside) });
    entries.sort((left, right) => Buffer.compare(sortKey(left), sortKey(right)));
    const content = Buffer.concat(
      entries.flatMap((entry) => [Buffer.from(`${entry.mode} ${entry.name}\0`, "utf8"), Buffer.from(entry.oid, "hex")]),
    );
    const oid = objectId("tree", content);
    this.trees.set(oid, entries);
    return oid;
  }
}

/** Git's id of an object: SHA-1 of type, length and content. */
export function objectId(type: "blob" | "tree" | "commit", content: Uint8Array): string {
  return createHash("sha1").update(`${type} ${content.length}\0`).update(content).digest("hex");
}

/** Git sorts a directory as if its name ended in a slash. */
function sortKey(entry: TreeEntry): Buffer {
  return Buffer.from(entry.mode === "40000" ? `${entry.name}/` : entry.name, "utf8");
}

function commitText(commit: Omit<Commit, "oid">): string {
  const lines = [`tree ${commit.tree}`, ...commit.parents.map((parent) => `parent ${parent}`)];
  lines.push(`author ${signatureText(commit.author)}`, `committer ${signatureText(commit.committer)}`);
  return `${lines.join("\n")}\n\n${commit.message}`;
}

function signatureText(signature: Signature): string {
  return `${signature.name} <${signature.email}> ${Math.floor(Date.parse(signature.date) / 1000)} +0000`;
}
