import { describe, expect, test } from "@jest/globals";
import { keyOrder } from "../../../src/core/commands/threat-entry.ts";
import type { Problem } from "../../../src/core/domain/problem.ts";
import { nativeJsonSchema } from "../../../src/core/readers/native-schema.ts";
import { modelOutput, readOne } from "../../../src/core/readers/read-model.ts";
import { writer } from "../../../src/core/writers/native.ts";
import { deliverablesOf, expected, sample } from "./sample.ts";

function problemsOf(text: string): readonly Problem[] {
  return readOne({ path: "threat-model.yaml", text }).problems;
}

/** `line: what hint`, as a person would read it. */
function told(text: string): string[] {
  return problemsOf(text).map(({ line, what, hint }) => `${line ?? "-"}: ${what} ${hint}`);
}

test("the whole JSON of one model", () => {
  const file = sample("native/threat-model.yaml");
  const read = readOne(file);
  expect(modelOutput(file.path, read, deliverablesOf(read))).toEqual(expected("native"));
});

describe("a fault is told with its line, and the rest is read", () => {
  test("an unknown key, with the one that was meant", () => {
    const text = "schemaVersion: 1\nelements:\n  - id: web\n    type: web-app\n    tehcnology: Express\nthreads: []\n";
    expect(told(text)).toEqual([
      "5: Unknown key `tehcnology` in element `web`. Did you mean `technology`?",
      "6: Unknown key `threads` at the top of the file. Did you mean `threats`?",
    ]);
    expect(readOne({ path: "threat-model.yaml", text }).model?.elements.map(({ id }) => id)).toEqual(["web"]);
  });

  test("a wrong value, with the words that are right", () => {
    const text =
      "schemaVersion: 1\nthreats:\n  - id: t1\n    title: Rows are changed\n    impact: hihg\n    status: closed\n    stride: X\n";
    expect(told(text)).toEqual([
      "5: `impact` of threat `t1` is not valid: `hihg`. Did you mean `high`? Expected one of low, medium, high.",
      "6: `status` of threat `t1` is not valid: `closed`. Expected one of open, mitigated, accepted, not-applicable, unknown.",
      "7: `stride` of threat `t1` is not valid: `X`. Expected one of S, T, R, I, D, E or a list.",
    ]);
    const [threat] = readOne({ path: "threat-model.yaml", text }).model?.threats ?? [];
    expect(threat).toMatchObject({ id: "t1", title: "Rows are changed", status: "open" });
  });

  test("a part that cannot stand without its field is left out and named", () => {
    expect(told("schemaVersion: 1\nelements:\n  - type: web-app\n  - id: db\n    type: relational-db\n")).toEqual([
      "3: `id` of element 1 is missing. Add it: a text. Until then element 1 is not read.",
    ]);
  });

  test("H052: an id that only looks right shows its code points", () => {
    expect(told("schemaVersion: 1\ncontrols:\n  - id: Т-1\n    title: Short codes\n")).toEqual([
      "3: `id` of control `Т-1` is not valid: `Т-1`. An id has 1 to 64 of A-Z a-z 0-9 . _ - and starts with a letter or digit. Not allowed here: U+0422.",
    ]);
  });

  test.each(["9999-12-31", "0000-01-01", "2024-02-30", "2023-02-29", "today", "２０２６-01-01", "2026-1-1"])(
    "H069: the day %s is refused",
    (day) => {
      const text = `schemaVersion: 1\nthreats:\n  - id: t1\nacceptances:\n  - threat: t1\n    until: "${day}"\n`;
      const read = readOne({ path: "threat-model.yaml", text });
      expect(read.problems.map(({ line, what }) => [line, what])).toEqual([
        [6, `\`until\` of acceptance 1 is not valid: \`${day}\`.`],
      ]);
      expect(read.model?.acceptances).toEqual([{ threat: "t1", place: { path: "threat-model.yaml", line: 5 } }]);
    },
  );

  test("a day that exists is kept", () => {
    const text = 'schemaVersion: 1\nthreats:\n  - id: t1\nacceptances:\n  - threat: t1\n    until: "2028-02-29"\n';
    expect(problemsOf(text)).toEqual([]);
  });

  test("H073: an id given twice names both lines and loses neither part", () => {
    const text =
      "schemaVersion: 1\nthreats:\n  - id: t1\n    title: Rows are changed\n  - id: t1\n    title: Rows are read\n";
    const read = readOne({ path: "threat-model.yaml", text });
    expect(read.problems.map(({ line, severity, what }) => [line, severity, what])).toEqual([
      [5, "error", "The id `t1` is given to two parts: here and at threat-model.yaml:3."],
    ]);
    expect(read.model?.threats.map(({ title }) => title)).toEqual(["Rows are changed", "Rows are read"]);
    expect(read.model?.threats[0]?.id).toBe("t1");
    expect(read.model?.threats[1]?.id).toMatch(/^t1-[0-9a-z]{8}$/);
  });

  test("references that lead nowhere, and boundaries inside themselves", () => {
    const text = [
      "schemaVersion: 1",
      "elements:",
      "  - id: web",
      "    type: web-app",
      "    boundary: private",
      "flows:",
      "  - id: f1",
      "    from: web",
      "    to: bd",
      "boundaries:",
      "  - id: a",
      "    parent: b",
      "  - id: b",
      "    parent: a",
      "threats:",
      "  - id: t1",
      "    element: wbe",
      "    controls: [c1]",
      "stories:",
      "  - id: s1",
      "    threats: [t2]",
      "validations:",
      "  - id: v1",
      "    control: c1",
      "    how: a test",
      "acceptances:",
      "  - threat: t3",
      "drafts: [s1, s9]",
    ].join("\n");
    expect(told(text)).toEqual([
      "3: Element `web` names a boundary `private`, which the model does not hold. Add a boundary with this id, or name one that exists.",
      "7: Flow `f1` names an element `bd`, which the model does not hold. Add an element with this id, or name one that exists.",
      "16: Threat `t1` names an element `wbe`, which the model does not hold. Did you mean `web`?",
      "16: Threat `t1` names a control `c1`, which the model does not hold. Add a control with this id, or name one that exists.",
      "20: Story `s1` names a threat `t2`, which the model does not hold. Add a threat with this id, or name one that exists.",
      "23: Validation `v1` names a control `c1`, which the model does not hold. Add a control with this id, or name one that exists.",
      "27: An acceptance names a threat `t3`, which the model does not hold. Add a threat with this id, or name one that exists.",
      "-: `drafts` names a part `s9`, which the model does not hold. Add a part with this id, or name one that exists.",
      "11: Boundary `a` lies inside itself. Follow `parent` from boundary to boundary: it must end at one without a parent.",
      "13: Boundary `b` lies inside itself. Follow `parent` from boundary to boundary: it must end at one without a parent.",
    ]);
  });

  test("a list that is none, a system that is none, no version", () => {
    expect(told("system: booking\nelements: web\n")).toEqual([
      "1: `schemaVersion` is missing. This version of Threatgate reads version 1. The rest of the file is read as version 1.",
      "1: `system` is not valid: `booking`. Expected a map of keys.",
      "2: `elements` is not a list. Each entry starts on its own line with a hyphen.",
    ]);
  });

  test("an unread number is asked for in quotes", () => {
    expect(told("schemaVersion: 1\nreviews:\n  - by: ada\n    commit: 1234567\n")).toEqual([
      "4: `commit` of review 1 is not valid: 1234567. Expected a text. Put it in quotes.",
    ]);
  });

  test.each(["/etc/passwd", "..\\x", "a%2fb", "C:/x"])("H067: the import %s is refused", (path) => {
    expect(problemsOf(`schemaVersion: 1\nimports: ['${path}']\n`)[0]).toMatchObject({ line: 2, severity: "error" });
  });
});

describe("what is not YAML of ours is refused whole", () => {
  test.each([
    ["an alias", "schemaVersion: 1\nsystem: &a {name: x}\nthreats: [*a]\n"],
    ["a key twice", "schemaVersion: 1\nthreats: []\nthreats: []\n"],
    ["a tag", "schemaVersion: 1\nsystem: !!js/function 'x'\n"],
  ])("%s", (_, text) => {
    const read = readOne({ path: "threat-model.yaml", text });
    expect(read.isModel).toBe(false);
    expect(read.model).toBeUndefined();
    expect(read.problems.map(({ severity }) => severity)).toEqual(["error"]);
  });
});

test("who treats a threat, by when, its theme, and requirements are read and written alike", () => {
  const text = `schemaVersion: 1
threats:
  - { id: T-1, title: Orders are read, owner: team shop, due: "2026-05-01", theme: BACKUP }
requirements:
  - { requirement: I.1(2)(g), applies: false, because: The product keeps no data about people. }
  - { requirement: A.8.24, applies: "yes", because: TBD }
`;
  const { model, problems } = readOne({ path: "threat-model.yaml", text });
  expect(problems).toEqual([]);
  expect(model?.threats).toMatchObject([{ id: "T-1", owner: "team shop", due: "2026-05-01", theme: "BACKUP" }]);
  const stated = [
    {
      requirement: "I.1(2)(g)",
      applies: "no",
      because: "The product keeps no data about people.",
      place: { path: "threat-model.yaml", line: 5 },
    },
    { requirement: "A.8.24", applies: "yes", place: { path: "threat-model.yaml", line: 6 } },
  ];
  expect(model?.requirements).toEqual(stated);
  if (!model) throw new Error("no model");
  const again = readOne({
    path: "threat-model.yaml",
    text: writer.write(model, { syntax: "yaml", mermaid: "" }),
  }).model;
  expect([again?.threats[0]?.due, again?.requirements?.map(({ because }) => because)]).toEqual([
    "2026-05-01",
    ["The product keeps no data about people.", undefined],
  ]);
});

test("facts: yes, no, true and false are stated; the rest is not", () => {
  const text =
    "schemaVersion: 1\nelements:\n  - id: web\n    type: web-app\n    facts:\n      internet-facing: yes\n      logged: false\n      pinned: not stated\n";
  const [web] = readOne({ path: "threat-model.yaml", text }).model?.elements ?? [];
  const where = { path: "threat-model.yaml", line: 3 };
  expect(web?.facts).toEqual([
    { fact: "internet-facing", is: "yes", where },
    { fact: "logged", is: "no", where },
    { fact: "pinned", is: "not stated" },
  ]);
});

test("the published schema names every key of the file and refuses others", () => {
  const schema = nativeJsonSchema() as {
    properties: Record<string, unknown>;
    additionalProperties: boolean;
    required: string[];
  };
  expect(Object.keys(schema.properties)).toEqual([
    "schemaVersion",
    "system",
    "elements",
    "flows",
    "boundaries",
    "threats",
    "controls",
    "stories",
    "validations",
    "acceptances",
    "reviews",
    "requirements",
    "questionnaire",
    "drafts",
    "imports",
  ]);
  // What answers and drafts add stands in the same order.
  expect(keyOrder).toEqual(Object.keys(schema.properties));
  expect(schema.additionalProperties).toBe(false);
  expect(schema.required).toEqual(["schemaVersion"]);
});
