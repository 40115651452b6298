import { expect, test } from "@jest/globals";
import { readOne } from "../../../src/core/readers/read-model.ts";

test("the same threat in two models of one file is a threat of each, with an id of its own", () => {
  const threat = 'threat "Crown is painted" {\n    description = "A visitor paints the crown"\n  }\n';
  const text = `threatmodel "Tower" {\n  author = "@ada"\n  ${threat}}\n\nthreatmodel "Castle" {\n  author = "@ada"\n  ${threat}}\n`;
  const read = readOne({ path: "two.hcl", text });
  expect(new Set(read.model?.threats.map(({ id }) => id)).size).toBe(2);
  expect(read.problems).toEqual([]);
  const alone = readOne({ path: "one.hcl", text: text.slice(0, text.indexOf('threatmodel "Castle"')) });
  expect(alone.model?.threats[0]?.id).toBe(read.model?.threats[0]?.id);
});
