import { lstat, readdir, readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { z } from "zod";
import type { ChangedFile, FileText } from "../../core/domain/snapshot.ts";
import { drawingInPng, mayHoldDrawing } from "../../core/text/png-drawing.ts";
import { WrongUse } from "../wrong-use.ts";

/** The largest file a command reads into memory; readers have tighter limits of their own and say so. */
const readLimit = 64 * 1024 * 1024;

const changedFiles = z.array(
  z.looseObject({
    filename: z.string().min(1),
    status: z.enum(["added", "removed", "modified", "renamed", "copied", "changed", "unchanged"]),
    additions: z.number().default(0),
    deletions: z.number().default(0),
    changes: z.number().default(0),
    previous_filename: z.string().optional(),
    patch: z.string().optional(),
  }),
);

/** Text of a file a person named, or the source of the drawing in a picture. Throws WrongUse when it cannot be read. */
export async function givenText(path: string): Promise<string> {
  const found = await lstat(path).catch(() => undefined);
  if (!found) throw new WrongUse(`${path}: no such file.`);
  if (found.isDirectory()) throw new WrongUse(`${path} is a folder; name a file, or use --batch.`);
  if (found.size > readLimit) throw new WrongUse(`${path} is larger than ${readLimit / 1024 / 1024} MB.`);
  return mayHoldDrawing(path) ? (drawingInPng(await readFile(path)) ?? "") : readFile(path, "utf8");
}

/** A policy that a person named. Throws WrongUse when there is none. */
export async function givenPolicy(path: string): Promise<FileText> {
  const text = await readFile(path, "utf8").catch(() => {
    throw new WrongUse(`${path}: no such policy file.`);
  });
  return { path, text };
}

/** GitHub's "list pull request files" answer from a file. Throws WrongUse when it is something else. */
export async function givenFileList(path: string): Promise<readonly ChangedFile[]> {
  const text = await givenText(path);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new WrongUse(
      `${path} is not JSON. Expected GitHub's "list pull request files" answer: [{"filename": "a.ts", "status": "modified", "patch": "@@ …"}].`,
    );
  }
  const checked = changedFiles.safeParse(value);
  if (checked.success) {
    return checked.data.map(({ previous_filename, patch, ...file }) => ({
      filename: file.filename,
      status: file.status,
      additions: file.additions,
      deletions: file.deletions,
      changes: file.changes,
      ...(previous_filename === undefined ? {} : { previous_filename }),
      ...(patch === undefined ? {} : { patch }),
    }));
  }
  const issue = checked.error.issues[0];
  throw new WrongUse(
    `${path}: ${issue?.path.join(".") || "the list"}: ${issue?.message}. Expected GitHub's "list pull request files" answer.`,
  );
}

/** Texts of the named paths below a folder; what is not there is left out. Paths that leave the folder are refused. */
export async function textsBelow(folder: string | undefined, paths: readonly string[]): Promise<FileText[]> {
  if (folder === undefined) return [];
  const texts: FileText[] = [];
  for (const path of paths) {
    const full = join(folder, path);
    if (relative(folder, full).startsWith(`..${sep}`)) continue;
    const found = await lstat(full).catch(() => undefined);
    if (found?.isFile() && found.size <= readLimit) texts.push({ path, text: await readFile(full, "utf8") });
  }
  return texts;
}

/** Every file below a folder, as paths relative to it with `/`, sorted. Links are not followed. */
export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => {
    throw new WrongUse(`${folder} is not a folder that can be read.`);
  });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .sort();
}
