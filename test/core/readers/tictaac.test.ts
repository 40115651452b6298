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
    "            - Desk",
    "    - cellar",
    "\t\telements:",
    "\t\t    - Shelf",
    "data-flows:",
    "\t- Desk -> Shelf",
  ].join("\n");
  const { format, model } = readOne({ path: "docs/model.yml", text });
  expect(format).toBe("tictaac");
  expect(model?.elements.map(({ id, name }) => [id, name])).toEqual([
    ["web-server", "Desk"],
    ["database", "Shelf"],
  ]);
  expect(model?.boundaries.map(({ id }) => id)).toEqual(["house", "cellar"]);
  expect(model?.flows).toHaveLength(1);
});
