import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { parse, stringify } from "yaml";
import { z } from "zod";
import { expectedOfModel, judgeThreats, readTopics } from "../../scripts/eval-threats.ts";
import { readOne } from "../../src/core/readers/read-model.ts";
import { elicitModel, threatsOutput } from "../../src/core/threats/elicit.ts";
import { loadRules, shippedRules } from "../../src/shell/local/rule-files.ts";

const folder = join(import.meta.dirname, "..", "expected", "invented");
const { rules } = await loadRules(shippedRules);
const topics = await readTopics();
const invented = expectedOfModel.extend({ model: z.looseObject({}) });
const names = readdirSync(folder).filter((name) => name.endsWith(".yml"));

describe("models of our own making", () => {
  test("are at least a dozen", () => {
    expect(names.length).toBeGreaterThanOrEqual(12);
  });

  test.each(names)(
    "%s has the threats that an engineer expects, and no others of those that would be noise",
    (name) => {
      const expected = invented.parse(parse(readFileSync(join(folder, name), "utf8")));
      const { model } = readOne({ path: "threat-model.yaml", text: stringify(expected.model) });
      if (!model) throw new Error(`${name} is not read as a model`);
      const verdict = judgeThreats(expected, threatsOutput(name, elicitModel(model, rules)), topics);
      expect(verdict.missed).toEqual([]);
      expect(verdict.broken).toEqual([]);
      const ids = new Set([...model.elements, ...model.flows].map(({ id }) => id));
      expect([...expected.expect, ...expected.silent].filter(({ on }) => !ids.has(on))).toEqual([]);
    },
  );
});
