import { describe, expect, test } from "@jest/globals";
import { inspectFiles } from "../../../src/core/changes/inspected-file.ts";

/** The lines that are news, as the patch shows them. */
function news(
  lines: readonly string[],
  filename = "src/orders.ts",
  heading = " function show(request) {",
): readonly string[] {
  const before = lines.filter((line) => !line.startsWith("+")).length;
  const after = lines.filter((line) => !line.startsWith("-")).length;
  const patch = [`@@ -10,${before} +10,${after} @@${heading}`, ...lines].join("\n");
  const file = { filename, status: "modified" as const, additions: after, deletions: before, changes: 2, patch };
  return inspectFiles([file]).files.flatMap(({ added, removed }) => [...removed, ...added].map(({ code }) => code));
}

describe("a variable that only has another name", () => {
  test("is no news where it is used, and stays news where it gets its value", () => {
    expect(
      news([
        "-  const order_owner = await owners.of(request.order);",
        "-  if (order_owner !== request.user.id) throw new Forbidden();",
        "+  const orderOwner = await owners.of(request.order);",
        "+  if (orderOwner !== request.user.id) throw new Forbidden();",
      ]),
    ).toEqual([
      "const order_owner = await owners.of(request.order);",
      "const orderOwner = await owners.of(request.order);",
    ]);
  });

  test("is known in other languages by their signs", () => {
    const kept = [
      "-    @note = Note.find(params[:id])",
      "-    authorize @note",
      "+    @found = Note.find(params[:id])",
      "+    authorize @found",
    ];
    expect(news(kept, "app/notes_controller.rb", " def edit")).toHaveLength(2);
  });

  test.each<[what: string, lines: readonly string[]]>([
    [
      "another value",
      [
        "-  const person = await owners.of(request.order);",
        "-  if (person !== request.user.id) throw new Forbidden();",
        "+  const whoever = await readers.of(request.order);",
        "+  if (whoever !== request.user.id) throw new Forbidden();",
      ],
    ],
    [
      "a name that was there",
      [
        "   const guest = await guests.of(request.order);",
        "-  const person = await owners.of(request.order);",
        "-  if (person !== request.user.id) throw new Forbidden();",
        "+  guest = await owners.of(request.order);",
        "+  if (guest !== request.user.id) throw new Forbidden();",
      ],
    ],
    [
      "another function",
      [
        "-  const person = await owners.of(request.order);",
        "+  const whoever = await owners.of(request.order);",
        " }",
        " function change(request, person, whoever) {",
        "-  if (person !== request.user.id) throw new Forbidden();",
        "+  if (whoever !== request.user.id) throw new Forbidden();",
      ],
    ],
    [
      "no value at all",
      [
        "-  if (person !== request.user.id) throw new Forbidden();",
        "+  if (whoever !== request.user.id) throw new Forbidden();",
      ],
    ],
  ])("is news with %s", (_, lines) => {
    expect(news(lines).filter((code) => code.startsWith("if ("))).toHaveLength(2);
  });
});
