import type { Detector, Sighting } from "../detector.ts";
import type { InspectedFile } from "../inspected-file.ts";

/*
 * Changes that hide from a reader of the diff (H077): code that came with a submodule, a vendored folder, another mode or
 * another case of a name, or that the repository tells GitHub to fold away.
 */

function see(what: string, file: InspectedFile, name: string, evidence: string, line?: number): Sighting {
  return { what, path: file.path, name, evidence, ...(line === undefined ? {} : { line }) };
}

function inspectFile(file: InspectedFile): Sighting[] {
  const { file: changed, path } = file;
  const found: Sighting[] = [];
  const patch = changed.patch ?? "";
  const commit = /^\+Subproject commit ([0-9a-f]{7,64})/m.exec(patch)?.[1];
  if (commit !== undefined && !/translation|i18n|locale|docs?$/i.test(path))
    found.push(see("submodule", file, path, `now at ${commit.slice(0, 12)}`, 1));
  if (
    file.role === "vendored" &&
    changed.status !== "removed" &&
    /\.(js|mjs|cjs|ts|py|go|rb|php|java|kt|cs|rs|c|cc|cpp|h|sh|jar|whl|so|dll|wasm)$/i.test(path)
  ) {
    found.push(see("vendored", file, path, `${changed.status} in a vendored folder`));
  }
  if (
    changed.status === "changed" ||
    (changed.changes === 0 &&
      changed.status === "modified" &&
      changed.patch === undefined &&
      /\.(sh|py|rb|pl|js)$|(^|\/)[^.]+$/.test(path))
  ) {
    found.push(see("mode", file, path, "only the file's mode changed"));
  }
  const before = changed.previous_filename;
  if (before !== undefined && before !== path && before.toLowerCase() === path.toLowerCase()) {
    found.push(see("case-rename", file, path, `was ${before}`));
  }
  if (/(^|\/)\.gitattributes$/.test(path)) {
    for (const [index, text] of patch.split("\n").entries()) {
      if (/^\+.*\b(linguist-generated|linguist-vendored|-diff)\b/.test(text))
        found.push(see("folded", file, text.slice(1).trim().split(/\s/)[0] ?? path, text.slice(1), index));
    }
  }
  if (
    changed.status !== "removed" &&
    changed.patch === undefined &&
    /\.(jar|war|whl|so|dll|dylib|exe|wasm|phar|pyc)$/i.test(path)
  ) {
    found.push(see("binary", file, path, `${changed.status} without a text`));
  }
  return found;
}

export const detector: Detector = {
  name: "hidden",
  sees: ["submodule", "vendored", "mode", "case-rename", "folded", "binary"],
  inspect: (files) => files.flatMap(inspectFile),
};
