import { describe, expect, test } from "@jest/globals";
import { detector as terms } from "../../../src/core/changes/detectors/terms.ts";
import { detector as visibility } from "../../../src/core/changes/detectors/visibility.ts";
import { inspectFiles } from "../../../src/core/changes/inspected-file.ts";
import type { ChangedFile } from "../../../src/core/domain/snapshot.ts";
import fc from "../../make/fast-check.ts";

function changed(filename: string, ...lines: string[]): ChangedFile {
  const before = lines.filter((line) => !line.startsWith("+")).length;
  const after = lines.filter((line) => !line.startsWith("-")).length;
  const patch = [`@@ -30,${before} +30,${after} @@`, ...lines].join("\n");
  return { filename, status: "modified", additions: after, deletions: before, changes: after + before, patch };
}

const termsIn = (...files: ChangedFile[]) => terms.inspect(inspectFiles(files).files);
const fieldsIn = (...files: ChangedFile[]) => visibility.inspect(inspectFiles(files).files);

describe("a term of a condition", () => {
  test.each<[what: string, path: string, lines: readonly string[], name: string, line: number]>([
    [
      "that came",
      "src/edit.rs",
      ["-    if note.ready {", "+    if note.ready && !note.encrypted {"],
      "!note.encrypted",
      30,
    ],
    [
      "that went",
      "src/edit.go",
      ["-\tif note.Ready && note.IsPublic() {", "+\tif note.Ready {"],
      "note.IsPublic()",
      30,
    ],
    [
      "of an assignment",
      "src/Edit.cs",
      ["-  var show = ready && open;", "+  var show = ready && open && note.IsPublic;"],
      "note.IsPublic",
      30,
    ],
    [
      "beside a list of what passes",
      "src/scan.go",
      ["-\t\tif allowlist.Contains(found.ID) {", "+\t\tif !outdated && allowlist.Contains(found.ID) {"],
      "!outdated",
      30,
    ],
    [
      "on a line of its own",
      "src/Edit.cs",
      ["     if (note.Ready", "+        && !note.IsProtected", "     )"],
      "!note.IsProtected",
      31,
    ],
  ])("%s is told", (_what, path, lines, name, line) => {
    expect(termsIn(changed(path, ...lines))).toEqual([
      expect.objectContaining({ what: "changed", path, name, line, confidence: "medium" }),
    ]);
  });

  test.each<[what: string, lines: readonly string[]]>([
    ["whether there is anything", ["-\tif note.Ready {", '+\tif note.Ready && note.Name != "" {']],
    ["a number", ["-\tif note.Ready {", "+\tif note.Ready && count > 3 {"]],
    ["another condition", ["-\tif note.Ready {", "+\tif note.IsPublic() {"]],
    ["the same in another order", ["-\tif note.Ready && note.IsPublic() {", "+\tif note.IsPublic() && note.Ready {"]],
  ])("%s says nothing of access", (_what, lines) => {
    expect(termsIn(changed("src/edit.go", ...lines))).toEqual([]);
  });

  test("is told weakly where only its subject is near", () => {
    const file = changed("src/edit.go", "-\tif note.Ready {", "+\tif note.Ready && teamOf(caller) == note.Team {");
    expect(termsIn(file).map(({ confidence }) => confidence)).toEqual(["low"]);
  });

  test("is told at most once of a passage, whatever its lines", () => {
    const line = fc.constantFrom(
      "-\tif a.b && c.public {",
      "+\tif a.b {",
      "+\tif a.b && d {",
      " \tx()",
      "-\tif a && b || c {",
    );
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 400 }), (lines) => {
        expect(termsIn(changed("src/edit.go", ...lines)).length).toBeLessThanOrEqual(1);
      }),
      { numRuns: 20 },
    );
  });
});

describe("a field of a Go struct", () => {
  const shown = '\tAddress string `json:"address,omitempty" yaml:"address"`';
  const hidden = '\tAddress string `json:"-" yaml:"address"`';

  test.each([
    ["hidden", `-${shown}`, `+${hidden}`],
    ["shown", `-${hidden}`, `+${shown}`],
  ])("that is newly %s is told", (_what, before, after) => {
    const path = "internal/config/store.go";
    expect(fieldsIn(changed(path, before, after))).toEqual([
      expect.objectContaining({ what: "changed", path, line: 30, name: "Address" }),
    ]);
  });

  test("that is new, or only has another name, is not", () => {
    expect(fieldsIn(changed("internal/config/store.go", `+${hidden}`))).toEqual([]);
    const renamed = shown.replace('json:"address', 'json:"location');
    expect(fieldsIn(changed("internal/config/store.go", `-${shown}`, `+${renamed}`))).toEqual([]);
  });
});
