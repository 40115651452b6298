import { describe, expect, test } from "@jest/globals";
import { inspectFiles } from "../../../src/core/changes/inspected-file.ts";
import { scopedLookupsIn } from "../../../src/core/changes/scoped-lookups.ts";

const lookupsIn = (filename: string, ...lines: string[]) => {
  const before = lines.filter((line) => !line.startsWith("+")).length;
  const after = lines.filter((line) => !line.startsWith("-")).length;
  const patch = [`@@ -30,${before} +30,${after} @@`, ...lines].join("\n");
  const file = {
    filename,
    status: "modified" as const,
    additions: after,
    deletions: before,
    changes: after + before,
    patch,
  };
  return inspectFiles([file]).files.flatMap(scopedLookupsIn);
};

describe("a record that is looked up", () => {
  test.each<[what: string, path: string, lines: readonly string[], name: string]>([
    [
      "within a project from now on",
      "internal/notes/notes.go",
      ["-\tnote, err := store.GetNoteByID(id)", "+\tnote, err := store.GetNoteOfProjectByID(project.ID, id)"],
      "project",
    ],
    [
      "among those of a user",
      "src/main/java/shop/Orders.java",
      [
        "-    var order = orders.findById(id).orElseThrow();",
        "+    var order = orders.findByIdAndUserId(id, user.id()).orElseThrow();",
      ],
      "user",
    ],
    [
      "among all again",
      "shop/orders.py",
      ["-    order = find_order_of_customer(customer, number)", "+    order = find_order(number)"],
      "customer",
    ],
  ])("%s is told", (_what, path, lines, name) => {
    expect(lookupsIn(path, ...lines)).toEqual([expect.objectContaining({ what: "changed", path, name, line: 30 })]);
  });

  test.each<[what: string, lines: readonly string[]]>([
    [
      "is asked for among what the page may show",
      ["-    qs = Note.objects.filter(title=text)", "+    qs = qs.filter(title=text)"],
    ],
    ["is asked for among all", ["-    qs = qs.filter(title=text)", "+    qs = Note.objects.filter(title=text)"]],
  ])("%s is told by its file", (_what, lines) => {
    expect(lookupsIn("shop/views.py", ...lines)).toEqual([
      expect.objectContaining({ what: "changed", name: "views.py", line: 30 }),
    ]);
  });

  test("is none where the question differs", () => {
    const lines = ["-    qs = Note.objects.filter(title=text)", "+    qs = qs.filter(name=text)"];
    expect(lookupsIn("shop/views.py", ...lines)).toEqual([]);
  });

  test.each<[what: string, lines: readonly string[]]>([
    ["by another name alone", ["-\tnote, err := store.GetNote(id)", "+\tnote, err := store.GetUserNote(id)"]],
    [
      "with another part of it",
      ["-\tnote, err := store.GetNote(id)", "+\tnote, err := store.GetNoteWithPictures(id, true)"],
    ],
    ["for the first time", ["+\tnote, err := store.GetNoteOfProjectByID(project.ID, id)"]],
    [
      "by a function that is declared here",
      ["-func GetNote(id int) Note {", "+func GetNoteOfProject(project int, id int) Note {"],
    ],
  ])("%s is none", (_what, lines) => {
    expect(lookupsIn("internal/notes/notes.go", ...lines)).toEqual([]);
  });
});
