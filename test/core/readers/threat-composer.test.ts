import { expect, test } from "@jest/globals";
import { readOne } from "../../../src/core/readers/read-model.ts";

test("an architecture that lists its components in words is a part of a data flow diagram, one in plain prose is not", () => {
  const told = (description: string) =>
    readOne({
      path: "docs/library.tc.json",
      text: JSON.stringify({
        schema: 1,
        applicationInfo: { name: "Library", description: "The library lends books to readers." },
        architecture: { description },
        threats: [],
      }),
    }).model?.passages.map(({ deliverable, strength }) => [deliverable, strength]);
  const parts = "Parts of the library, all of them in one house:\n\n- The desk lends books\n- The shelf keeps them\n";
  expect(told(parts)).toContainEqual(["dfd", "part"]);
  expect(told(parts.replaceAll("- ", ""))).not.toContainEqual(["dfd", "part"]);
});
