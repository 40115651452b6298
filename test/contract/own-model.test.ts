import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "@jest/globals";
import { judgeDeliverables } from "../../src/core/assess/deliverables.ts";
import { mermaidOf } from "../../src/core/diagram/mermaid.ts";
import { strideOfKind } from "../../src/core/domain/stride.ts";
import { deliverableIds } from "../../src/core/domain/threat-model.ts";
import { effectivePolicy } from "../../src/core/policy.ts";
import { readModel } from "../../src/core/readers/read-model.ts";
import { compileGlobs } from "../../src/core/text/globs.ts";
import { readRules } from "../../src/shell/local/rule-files.ts";

/*
 * The project guards itself: its own model is held to what it says, so that it can neither claim what is not there nor
 * fall behind the code unseen.
 */

const root = fileURLToPath(new URL("../../", import.meta.url));
const passedOver = /(^|\/)(node_modules|\.git|dist)(\/|$)/;

/** Files of the project, relative to its root. */
function filesBelow(folder: string): readonly string[] {
  return readdirSync(`${root}${folder}`, { withFileTypes: true }).flatMap((entry) => {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (passedOver.test(path)) return [];
    return entry.isDirectory() ? filesBelow(path) : [path];
  });
}

const textOf = (path: string): string => readFileSync(`${root}${path}`, "utf8");
const paths = filesBelow("");
const { model, problems } = readModel([{ path: "threat-model.yaml", text: textOf("threat-model.yaml") }]);
if (!model) throw new Error("threat-model.yaml is no model");
const { elements, threats, controls, stories, validations } = model;
const inPlace = new Map(controls.map(({ id, status }) => [id, status === "implemented" || status === "verified"]));

test("the model reads without a problem", () => {
  expect(problems).toEqual([]);
});

test("all eight deliverables are present, and only work items may be lacking", async () => {
  const { deliverables } = await readRules();
  const judged = judgeDeliverables(model, deliverables, { paths });
  expect(deliverableIds.filter((id) => judged[id].state !== "present")).toEqual([]);
  const lacking = deliverableIds.flatMap((id) => judged[id].lacking);
  expect(lacking.filter(({ must }) => must !== "in-backlog").map(({ says }) => says)).toEqual([]);
});

test("the policy can be used, and takes this model for the whole repository", () => {
  const path = ".github/threatgate.yml";
  const policy = effectivePolicy(
    { repository: { path, reading: { outcome: "present", text: textOf(path) } } },
    { owner: "threatgate", name: "threatgate" },
  );
  expect(policy.problems).toEqual([]);
  expect(policy.policy.systems).toMatchObject([{ name: "threatgate", model: ["threat-model.yaml"] }]);
  const ignored = compileGlobs(policy.policy.paths.ignore);
  expect(paths.filter((one) => ignored.matches(one) && !/^(examples|test)\//.test(one))).toEqual([]);
});

describe("the elements", () => {
  const globs = elements.flatMap(({ id, files }) => files.map((glob) => ({ id, glob })));

  test.each(globs)("$id: $glob is there", ({ glob }) => {
    const { matches, refused } = compileGlobs([glob]);
    expect(refused).toEqual([]);
    expect(paths.some(matches)).toBe(true);
  });

  test("cover every file of the source", () => {
    const covered = compileGlobs(globs.map(({ glob }) => glob));
    expect(covered.refused).toEqual([]);
    expect(paths.filter((path) => path.startsWith("src/") && !covered.matches(path))).toEqual([]);
  });

  test.each(elements.map(({ id, kind }) => ({ id, kind })))("$id: each STRIDE category was considered", (element) => {
    const considered = new Set(threats.flatMap(({ element: of, stride }) => (of === element.id ? stride : [])));
    expect(strideOfKind[element.kind].filter((letter) => !considered.has(letter))).toEqual([]);
  });
});

describe("what is claimed", () => {
  test("a mitigated threat has a control that is in place, and one that is not lists what would mitigate it", () => {
    const claimed = threats.filter(({ status }) => status === "mitigated");
    expect(claimed.length).toBeGreaterThan(0);
    expect(claimed.filter((threat) => !threat.controls.some((id) => inPlace.get(id))).map(({ id }) => id)).toEqual([]);
    const open = threats.filter(({ status }) => status === "open");
    expect(open.filter((threat) => threat.controls.every((id) => inPlace.get(id))).map(({ id }) => id)).toEqual([]);
  });

  test("nothing is accepted or reviewed by anybody whom GitHub could not name", () => {
    expect(threats.filter(({ status }) => status === "accepted")).toEqual([]);
    expect(model.acceptances).toEqual([]);
    expect(model.documentation.reviewers).toEqual([]);
  });

  test.each(controls.map((control) => ({ id: control.id, control })))("$id: its evidence is there", ({ control }) => {
    expect(control.evidence.filter((path) => !existsSync(`${root}${path}`))).toEqual([]);
    expect(control.evidence.length > 0).toBe(control.status !== "proposed");
  });

  test("a verified control names its code, its test, and a validation that passed", () => {
    const verified = controls.filter(({ status }) => status === "verified");
    expect(verified.length).toBeGreaterThan(0);
    const isTest = (path: string): boolean => path.startsWith("test/") && path.endsWith(".test.ts");
    const passed = new Set(validations.filter(({ result }) => result === "passed").map(({ control }) => control));
    const sound = verified.filter(
      ({ id, evidence }) => evidence.some(isTest) && !evidence.every(isTest) && passed.has(id),
    );
    expect(sound).toEqual(verified);
  });

  test("a validation that passed names the tests that did, and the day", () => {
    const passed = validations.filter(({ result }) => result !== undefined);
    const named = passed.map(({ id, how, date }) => {
      const tests = (how ?? "").match(/test\/[\w/.-]+\.test\.ts/g) ?? [];
      return { id, dated: date !== undefined, there: tests.length > 0 && tests.every((path) => paths.includes(path)) };
    });
    expect(named.filter(({ dated, there }) => !dated || !there)).toEqual([]);
  });

  test("every open threat of medium risk and above has a story", () => {
    const told = new Set(stories.flatMap((story) => story.threats));
    const open = threats.filter(({ status, risk }) => status === "open" && risk !== "note" && risk !== "low");
    expect(open.filter(({ id }) => !told.has(id)).map(({ id }) => id)).toEqual([]);
  });
});

test("the diagram is the one of the model: node launcher/threatgate.mjs diagram threat-model.yaml", () => {
  const [, drawn] = /```mermaid\n([\s\S]*?)```/.exec(textOf("docs/own-data-flow.md")) ?? [];
  expect(drawn).toBe(mermaidOf(model));
});
