/*
 * How much of somebody's file is read at most. The figures are this product's own ("Limits" of the hostile cases): far
 * above what teams write, far below what hurts. A file over a limit is refused by name; it is never read in part.
 */

const mebibyte = 1024 * 1024;

/** Sizes are UTF-8 bytes; depth counts nested lists and mappings; a node is one value, list or mapping. */
export const limits = {
  /** Our own format and Markdown. */
  ownModelBytes: mebibyte,
  /** Models in other tools' formats. */
  foreignModelBytes: 4 * mebibyte,
  /** A policy or rule file. */
  policyBytes: mebibyte,
  /** One rule of an organisation or a repository. */
  ownRuleBytes: 64 * 1024,
  /** Change rules, and threats, of one organisation or repository. */
  ownRules: 50,
  /** All model files of one repository. */
  allModelBytes: 8 * mebibyte,
  allModelFiles: 200,
  /** A changed file whose meaning is read: manifests, lock files, infrastructure. */
  changedFileBytes: 4 * mebibyte,
  depth: 64,
  nodes: 50_000,
  /** Lock files list every package: flat, but long. */
  lockFileNodes: 1_000_000,
  /** Aliases in one foreign YAML text; none in our own formats. */
  aliases: 100,
  /** Documents in one foreign YAML text. */
  documents: 1_000,
  /** Explicit keys (`? `) nested in each other: no format of ours or of others needs more. */
  explicitKeys: 8,
  globs: 200,
  globLength: 256,
  /** Patterns that the braces of one glob may stand for. */
  globBraces: 100,
  /** Characters of a path that globs are matched against. Git itself stops at 4,096 on the common systems. */
  pathLength: 4_096,
  expressionLength: 2_000,
} as const;

/** The size of a text in UTF-8, in bytes, counted without copying it. */
export function utf8Bytes(text: string): number {
  let bytes = 0;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit < 0x80) bytes += 1;
    else if (unit < 0x800) bytes += 2;
    else if (unit >= 0xd800 && unit < 0xdc00) {
      bytes += 4;
      index++;
    } else bytes += 3;
  }
  return bytes;
}

/** Whether the text is larger than `most` bytes of UTF-8. */
export function exceeds(text: string, most: number): boolean {
  if (text.length > most) return true;
  return text.length * 3 > most && utf8Bytes(text) > most;
}

/** A size as people say it: `900 bytes`, `64 KiB`, `1.5 MiB`. */
export function showBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} bytes`;
  if (bytes < mebibyte) return `${Math.round(bytes / 1024)} KiB`;
  return `${Math.round((bytes / mebibyte) * 10) / 10} MiB`;
}
