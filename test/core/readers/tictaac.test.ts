import { expect, test } from "@jest/globals";
import { readOne } from "../../../src/core/readers/read-model.ts";

test("what stands below an item without a key belongs to it and is no item of its own", () => {
  const text = [
    "elements:",
    "\t- web-server",
    "\t\tname: Desk",
    "\t\t\t- loans",
    "\t- database:",
    "\t\tname: Shelf",
    "boundaries:",
    "\t- house:",
    "            - web-server",
    "    - cellar",
    "\t\telements:",
    "\t\t    - database",
    "data-flows:",
    "\t- web-server -> database",
  ].join("\n");
  const { format, model } = readOne({ path: "docs/model.yml", text });
  expect(format).toBe("tictaac");
  expect(model?.elements.map(({ id, name, boundary }) => [id, name, boundary])).toEqual([
    ["web-server", "Desk", "house"],
    ["database", "Shelf", "cellar"],
  ]);
  expect(model?.boundaries.map(({ id }) => id)).toEqual(["house", "cellar"]);
  expect(model?.flows).toHaveLength(1);
});
