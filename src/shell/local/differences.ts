import { type ChangedFile, emptyContent } from "../../core/domain/snapshot.ts";
import { git } from "./git.ts";
import { readWorkingFile } from "./look.ts";

/** GitHub leaves the patch out beyond these sizes; so do we, so that both doors judge alike. */
const patchLimit = 1024 * 1024;

/**
 * The changed files between two commits, or between a commit and the working tree (`to` undefined), in the shape of
 * GitHub's list: names, status, counts, and the patch from its first `@@`.
 */
export async function changedFiles(directory: string, from: string, to: string | undefined): Promise<ChangedFile[]> {
  const range = to === undefined ? [from] : [from, to];
  const options = ["--no-ext-diff", "--no-textconv", "--no-color", "--find-renames", "--full-index"];
  const raw = (await git(directory, ["diff", ...options, "--raw", "--no-abbrev", "-z", ...range, "--"])).toString(
    "utf8",
  );
  const patches = (await git(directory, ["diff", ...options, "--unified=3", ...range, "--"])).toString("utf8");
  const sections = splitSections(patches);
  const files: ChangedFile[] = [];
  let section = 0;
  for (const entry of parseRaw(raw)) {
    // A change of type (file to symbolic link) is shown by git as a removal and an addition.
    const own = entry.letter === "T" ? sections.slice(section, section + 2) : sections.slice(section, section + 1);
    section += own.length;
    files.push(
      toChangedFile(
        entry,
        own.map(patchOf).filter((patch) => patch !== undefined),
      ),
    );
  }
  if (to === undefined) files.push(...(await untrackedFiles(directory)));
  return files;
}

interface RawEntry {
  readonly letter: string;
  readonly path: string;
  readonly previous?: string;
  /** The ids of both contents; git gives zeros for what stands in the working tree alone. */
  readonly before: string;
  readonly after: string;
}

function parseRaw(raw: string): RawEntry[] {
  const parts = raw.split("\0");
  const entries: RawEntry[] = [];
  for (let index = 0; index < parts.length - 1; ) {
    const meta = parts[index++] ?? "";
    const [, , before = "", after = "", status = "M"] = meta.split(" ");
    const letter = status.charAt(0);
    const first = parts[index++] ?? "";
    if (letter === "R" || letter === "C") {
      entries.push({ letter, before, after, previous: first, path: parts[index++] ?? "" });
    } else {
      entries.push({ letter, before, after, path: first });
    }
  }
  return entries;
}

function splitSections(patches: string): string[] {
  const starts = [...patches.matchAll(/^diff --git /gm)].map((match) => match.index);
  return starts.map((start, index) => patches.slice(start, starts[index + 1] ?? patches.length));
}

function patchOf(section: string): string | undefined {
  const start = section.search(/^@@ /m);
  return start < 0 ? undefined : section.slice(start).replace(/\n$/, "");
}

const statusOf: Readonly<Record<string, ChangedFile["status"]>> = {
  A: "added",
  D: "removed",
  R: "renamed",
  C: "copied",
  T: "changed",
};

function toChangedFile(entry: RawEntry, patches: readonly string[]): ChangedFile {
  const patch = patches.join("\n");
  let additions = 0;
  let deletions = 0;
  for (const line of patch.split("\n")) {
    if (line.startsWith("+")) additions++;
    else if (line.startsWith("-")) deletions++;
  }
  return {
    filename: entry.path,
    status: statusOf[entry.letter] ?? "modified",
    additions,
    deletions,
    changes: additions + deletions,
    ...(entry.previous === undefined ? {} : { previous_filename: entry.previous }),
    ...(patch === "" || patch.length > patchLimit ? {} : { patch }),
    ...(entry.letter === "R" && patch === "" ? idsOf(entry) : {}),
    ...(entry.letter === "A" && patch === "" && /[^0]/.test(entry.after) ? { sha: entry.after } : {}),
  };
}

function idsOf({ before, after }: RawEntry): Pick<ChangedFile, "sha" | "previous_sha"> {
  return /[^0]/.test(after) ? { sha: after, previous_sha: before } : { previous_sha: before };
}

async function untrackedFiles(directory: string): Promise<ChangedFile[]> {
  const out = await git(directory, ["ls-files", "--others", "--exclude-standard", "-z"]);
  const files: ChangedFile[] = [];
  for (const path of out.toString("utf8").split("\0")) {
    if (path === "") continue;
    const text = await readWorkingFile(directory, path, patchLimit);
    const lines = text === undefined ? [] : text.replace(/\n$/, "").split("\n");
    const hasPatch = text !== undefined && text !== "";
    files.push({
      filename: path,
      status: "added",
      additions: hasPatch ? lines.length : 0,
      deletions: 0,
      changes: hasPatch ? lines.length : 0,
      ...(hasPatch
        ? {
            patch: [
              `@@ -0,0 +1,${lines.length} @@`,
              ...lines.map((line) => `+${line}`),
              ...(text.endsWith("\n") ? [] : ["\\ No newline at end of file"]),
            ].join("\n"),
          }
        : {}),
      ...(text === "" ? { sha: emptyContent } : {}),
    });
  }
  return files;
}
