import { describe, expect, test } from "@jest/globals";
import { bucket, Stage } from "./stage.ts";

/* A model that stands where teams seldom keep one is found as the command line finds it, for one request more. */

const model = `schemaVersion: 1
system: {name: Shop}
elements:
  - {id: app, name: Shop app, type: process}
threats:
  - {id: T-1, element: app, stride: S, title: Orders are forged, impact: high, likelihood: high, status: open}
`;

const place = "services/shop/design/threat-model.yaml";

const trees = (stage: Stage): number => stage.github.requests.of("git/get-tree").length;

describe("a model at an unusual place, without an entry in the policy", () => {
  test("is found by its name anywhere in the tree, in one request", async () => {
    const stage = await Stage.set({ files: { [place]: model } });
    const number = stage.opened({ "cards.tf": bucket("cards") });
    const { assessment } = await stage.evaluated(number);
    expect(assessment.systems.map(({ indicators }) => indicators["TM-2"].rag)).toEqual(["AMBER"]);
    expect(stage.check(number).text).toContain(place);
    expect(trees(stage)).toBe(1);
  });

  test("the next evaluation remembers where it stands and lists nothing", async () => {
    const stage = await Stage.set({ files: { [place]: model } });
    const number = stage.opened({ "cards.tf": bucket("cards") });
    await stage.evaluated(number);
    stage.pushed(number, { "more.tf": bucket("more") });
    await stage.evaluated(number);
    expect(stage.check(number).text).toContain(place);
    expect(trees(stage)).toBe(1);
  });

  test("a model at a usual place, or a difference that changes nothing significant, costs no listing", async () => {
    const usual = await Stage.set({ files: { "docs/threat-model.yaml": model } });
    await usual.evaluated(usual.opened({ "cards.tf": bucket("cards") }));
    expect(trees(usual)).toBe(0);
    const quiet = await Stage.set({ files: { [place]: model } });
    await quiet.evaluated(quiet.opened({ "README.md": "# The shop\n" }));
    expect(trees(quiet)).toBe(0);
  });

  test("no model anywhere is listed once for a commit, and said to be none", async () => {
    const stage = await Stage.set();
    const number = stage.opened({ "cards.tf": bucket("cards") });
    const { assessment } = await stage.evaluated(number);
    expect(assessment.systems.map(({ indicators }) => indicators["TM-2"].rag)).toEqual(["RED"]);
    await stage.evaluated(number);
    expect(trees(stage)).toBe(1);
    stage.pushed(number, { "more.tf": bucket("more") });
    await stage.evaluated(number);
    expect(trees(stage)).toBe(2);
  });

  test("a pattern of the policy is held against the whole tree", async () => {
    const stage = await Stage.set({
      policy: "version: 1\nsystems:\n  - name: Shop\n    paths: ['**']\n    model: ['services/*/design/*.yaml']\n",
      files: { "services/shop/design/shop.yaml": model },
    });
    const number = stage.opened({ "cards.tf": bucket("cards") });
    await stage.evaluated(number);
    expect(stage.check(number).text).toContain("Text to add to <code>services/shop/design/shop.yaml</code>");
  });

  test("a tree that GitHub cuts is said to be cut, and nothing is taken for absent in silence", async () => {
    const files = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`a/${index}.txt`, `${index}\n`]));
    const stage = await Stage.set({ files: { ...files, "zzz/design/threat-model.yaml": model } });
    stage.github.world.caps.entriesOfTree = 20;
    const number = stage.opened({ "cards.tf": bucket("cards") });
    const { assessment } = await stage.evaluated(number);
    expect(trees(stage)).toBe(1);
    expect(assessment.notInspected.map(({ path }) => path)).toContain("/");
    expect(stage.check(number).text).toContain("GitHub lists only a part of so large a repository");
  });
});
