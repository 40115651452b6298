import { expect, test } from "@jest/globals";
import { readOne } from "../../../src/core/readers/read-model.ts";

test("the shorter form of a pytm model, with types and boundaries under their plain names", () => {
  const text = JSON.stringify({
    name: "Library",
    boundaries: [{ name: "House" }, { name: "Cellar", boundary: "House" }],
    elements: [
      { name: "Reader", type: "Actor" },
      { name: "Desk", type: "Server", os: "Debian", boundary: "House" },
      { name: "Shelf", type: "Datastore", boundary: "Cellar" },
    ],
    flows: [{ source: "Reader", target: "Desk", description: "asks for a book", protocol: "HTTPS" }],
  });
  const { format, model } = readOne({ path: "docs/model.json", text });
  expect(format).toBe("pytm");
  expect(model?.elements.map(({ name, kind, technology, boundary }) => [name, kind, technology, boundary])).toEqual([
    ["Reader", "external", undefined, undefined],
    ["Desk", "process", "Debian", "House"],
    ["Shelf", "store", undefined, "Cellar"],
  ]);
  expect(model?.boundaries.map(({ name, parent }) => [name, parent])).toEqual([
    ["House", undefined],
    ["Cellar", "House"],
  ]);
  expect(model?.flows).toMatchObject([{ from: "Reader", to: "Desk", name: "asks for a book", protocol: "HTTPS" }]);
});

test("elements, flows and boundaries of another tool are not taken for pytm", () => {
  const text = JSON.stringify({
    boundaries: [{ name: "House" }],
    elements: [{ name: "Desk", type: "process" }],
    flows: [{ source: "Desk", target: "Shelf" }],
  });
  expect(readOne({ path: "docs/model.json", text }).format).not.toBe("pytm");
});
