import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { detectChanges } from "../../src/core/changes/detect.ts";
import { filesOf, runExamples } from "../../src/core/changes/rule-examples.ts";
import { compileGlobs } from "../../src/core/text/globs.ts";
import { loadRules, shippedRules } from "../../src/shell/local/rule-files.ts";

const { rules, problems } = await loadRules(shippedRules);

describe("every change rule", () => {
  test("is read without a fault, under the name of its file", () => {
    expect(problems.filter(({ path }) => path.startsWith("changes/"))).toEqual([]);
  });

  test("is found: one file, one rule, one id", async () => {
    const files = (await readdir(join(shippedRules, "changes"))).filter((name) => name.endsWith(".yml"));
    const ids = rules.changes.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.map((id) => `${id}.yml`).sort()).toEqual(files.sort());
  });

  test("names paths and types that can all be matched, and in no list more than are looked at", () => {
    const refused = rules.changes.flatMap(({ id, watch }) => {
      const paths = [watch.text ?? [], watch.file ?? []].flat().flatMap((part) => [part.paths, part.notPaths ?? []]);
      const types = [watch.structure ?? []].flat().flatMap((part) => [part.type ?? [], part.notType ?? []]);
      return [...paths, ...types].flatMap((globs) =>
        compileGlobs(globs).refused.map(({ pattern, why }) => `${id}: ${pattern}: ${why}`),
      );
    });
    expect(refused).toEqual([]);
  });

  test.each(rules.changes.map((rule) => [rule.id, rule] as const))(
    "%s fires and is silent as its examples say",
    (_, rule) => {
      const failed = runExamples(rule).filter(({ passed }) => !passed);
      expect(failed.map(({ example, expected, instead }) => `${expected}: ${example.why}: ${instead}`)).toEqual([]);
    },
  );

  test("an example that cannot be read shows nothing, and fails", () => {
    const [rule] = rules.changes;
    if (!rule) throw new Error("there is no rule");
    const patch = "@@ -1,2 +1,2 @@\n+one line\n";
    const examples = { fires: [], silent: [{ why: "a miscounted one", path: "src/orders.ts", patch }] };
    expect(runExamples({ ...rule, examples }).map(({ instead }) => instead)).toEqual([
      "was not read (the patch could not be read: the patch ends inside a hunk)",
    ]);
  });

  test.each(rules.changes.map((rule) => [rule.id, rule] as const))(
    "%s shows people no place of its templates that nothing was filled into",
    (_, rule) => {
      const alone = { ...rules, changes: [rule], threats: [] };
      const places = [rule.says, rule.element.name ?? ""].flatMap((text) => text.match(/\{[\w.-]+\}/g) ?? []);
      const shown = rule.examples.fires.flatMap((example) =>
        detectChanges({ ...filesOf(example), notRead: [], ignore: [], modes: {} }, alone).changes.flatMap(
          ({ says, element }) => [says, element.name],
        ),
      );
      expect(shown.filter((text) => places.some((place) => text.includes(place)))).toEqual([]);
    },
  );

  test.each(rules.changes.map((rule) => [rule.id, rule] as const))(
    "%s watches something, and says why in one sentence",
    (_, rule) => {
      const { structure, text, file, detector } = rule.watch;
      expect([structure, text, file, detector].some((part) => part !== undefined)).toBe(true);
      expect(rule.why).toMatch(/[.!]$/);
      expect(rule.asks).toMatch(/\?$/);
    },
  );
});
