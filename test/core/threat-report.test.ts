import { describe, expect, test } from "@jest/globals";
import type { Rules } from "../../src/core/domain/rules.ts";
import { plainPalette } from "../../src/core/judge.ts";
import { readOne } from "../../src/core/readers/read-model.ts";
import {
  explainText,
  questionnaireOf,
  threatsJson,
  threatsMarkdown,
  threatsText,
} from "../../src/core/threat-report.ts";
import { readRules } from "../../src/shell/local/rule-files.ts";
import { aThreatRule, someRules } from "./threats/make.ts";

const shipped = await readRules();
const read = aThreatRule({
  id: "read-by-anyone",
  title: "Objects readable by anyone",
  impact: "high",
  mitigatedBy: [{ yes: ["closed"], control: "Public access is blocked" }],
  theme: "AUTHZ",
});
const lost = aThreatRule({
  id: "lost-for-good",
  stride: "D",
  title: "Objects lost for good",
  mitigatedBy: [{ yes: ["versioned"], control: "Versions are kept" }],
  theme: "BACKUP",
});
const shared = aThreatRule({
  id: "shared-too-long",
  title: "Links that open for ever",
  appliesTo: { elements: ["object-store"], when: { yes: ["shares-links"] } },
});
const rules: Rules = {
  ...someRules([read, lost, shared], ["closed", "versioned", "shares-links"]),
  countermeasures: [{ fact: "closed", does: "Block public access", effort: "hours", takes: "a setting of the store" }],
  themes: [
    { id: "AUTHZ", name: "Check every access", cra: ["I.1(2)(d)"] },
    { id: "BACKUP", name: "Be able to restore", cra: ["I.1(2)(h)"] },
    { id: "PRIVACY", name: "Keep only what is needed", cra: ["I.1(2)(g)"] },
  ],
  ...(shipped.classification && { classification: shipped.classification }),
};
const file = {
  path: "threat-model.yaml",
  text: `schemaVersion: 1
system:
  name: Exports
  exposure: internet
  data: [{ name: orders, classification: personal }]
  criticality: medium
  regulations: [cra]
elements:
  - { id: exports, type: object-store, name: Exports, facts: { closed: "no", versioned: "yes", shares-links: "no" } }
  - { id: archive, type: object-store, name: Archive, facts: { versioned: "yes", shares-links: "no" } }
threats:
  - { id: T-own, element: exports, stride: T, title: Somebody changes an export }
`,
};

test("as text: what to do first, what is there, what nobody said, what the law asks, how far STRIDE went", () => {
  expect(threatsText(file, rules, plainPalette)).toBe(
    `threat-model.yaml
  risk class high: Anybody on the internet can reach it, and it holds what harms people or the organisation (exposure: internet, threat-model.yaml:4; data: personal, threat-model.yaml:5).
  open threats count from medium risk on; a Security Architect is asked for every significant change

  To do, what takes away most risk first
  ? means: nobody says whether it is answered already
    1. What stops it: the control of read-by-anyone
       answers 2 high; work: hours
       evidence for cra I.1(2)(d)
       high     Objects readable by anyone
                Archive (T-ARCHIVE ?), Exports (T-EXPORTS)

  Already there
     Versions are kept: answers 2 (threat-model.yaml:10 and 1 more)

  Nobody says yet
     Archive: is it closed?
     threatgate threats FILE --questionnaire writes these questions, to be answered in the model

  Asked by law or standard, and nothing in the model leads to it
     cra I.1(2)(g): Keep only what is needed
     a pointer to evidence, not a claim of conformity

  STRIDE as people wrote it: 1 considered, 4 not applicable, 7 open
              S T R I D E   + considered, - not applicable, ? open
     Exports  - + ? ? ? -
     Archive  - ? ? ? ? -
`
      .replace("T-ARCHIVE", idOf("archive"))
      .replace("T-EXPORTS", idOf("exports")),
  );
});

test("as text: what one control answers on many elements is said once, with what it comes to for each threat", () => {
  const listed = aThreatRule({
    id: "listed-by-anyone",
    title: "Names of objects listed by anyone",
    mitigatedBy: [{ yes: ["closed"], control: "Listing is refused" }],
  });
  const many = Array.from({ length: 6 }, (_, index) => `  - { id: s${index}, type: object-store, name: Store }`);
  const text = threatsText(
    { path: "m.yaml", text: `schemaVersion: 1\nelements:\n${many.join("\n")}\n` },
    { ...someRules([read, listed], ["closed"]), countermeasures: rules.countermeasures ?? [] },
    plainPalette,
  ).replace(/T-\w{6}/g, "T-xxxxxx");
  expect(text).toContain(`
  To do, what takes away most risk first
  Nobody says of any of these threats whether it is answered already
    1. Block public access
       answers 6 high, 6 medium; work: hours (a setting of the store)
       high     Objects readable by anyone
                Store (T-xxxxxx), Store (T-xxxxxx), Store (T-xxxxxx), Store (T-xxxxxx) and 2 more
                done when: Public access is blocked
       medium   Names of objects listed by anyone
                Store (T-xxxxxx), Store (T-xxxxxx), Store (T-xxxxxx), Store (T-xxxxxx) and 2 more
                done when: Listing is refused

  Nobody says yet
     Store: is it closed?
`);
});

function idOf(element: string): string {
  const { threats } = threatsJson(file, rules) as { threats: { id: string; rule: string; element: string }[] };
  return threats.find((one) => one.rule === "read-by-anyone" && one.element === element)?.id.slice(0, 8) ?? "";
}

test("as Markdown the same, folded; what came from the file is inert", () => {
  const hostile = {
    ...file,
    text: file.text.replace("name: Archive", 'name: "<img src=x> @acme/all | [x](javascript:1)"'),
  };
  const text = threatsMarkdown(hostile, rules);
  expect(text).not.toContain("<img");
  expect(text).not.toMatch(/(^|[^`\\w])@acme\/all/);
  expect(text).toContain("| What stops it: the control of read-by-anyone | 2 high |");
  expect(threatsMarkdown(file, rules)).toContain(
    "| Do, most risk first | Answers | At | Work | Evidence for |\n|---|---|---|---|---|\n| What stops it: the control of read-by-anyone | 2 high | Archive, Exports | hours | cra I.1(2)(d) |",
  );
});

test("an element explained: its facts, its threats with their reasons, and why no others", () => {
  expect(explainText(file, rules, "exports", plainPalette)).toBe(
    `Exports  object-store exports

  Known
     closed is no (threat-model.yaml:9)
     shares-links is no (threat-model.yaml:9)
     versioned is yes (threat-model.yaml:9)

${idOf("exports")} high     Exports: Objects readable by anyone
     Information disclosure, open
     rule read-by-anyone: Two lines that say why this matters to the reader.
     decided by closed is no (threat-model.yaml:9)
     impact high, likelihood medium
     do: What stops it: the control of read-by-anyone
     show: The request of read-by-anyone is refused

T-LOST medium   Exports: Objects lost for good
     Denial of service, mitigated: Versions are kept
     rule lost-for-good: Two lines that say why this matters to the reader.
     decided by versioned is yes (threat-model.yaml:9)
     impact medium, likelihood medium
     do: What stops it: the control of lost-for-good
     show: The request of lost-for-good is refused

  Not listed, and why
     shared-too-long (I): does not apply: shares-links is no (threat-model.yaml:9)
`.replace("T-LOST", lostId()),
  );
  expect(explainText(file, rules, idOf("exports"), plainPalette)).toBe(
    explainText(file, rules, "exports", plainPalette),
  );
  expect(explainText(file, rules, "nothing", plainPalette)).toBeUndefined();
});

function lostId(): string {
  const { threats } = threatsJson(file, rules) as { threats: { id: string; rule: string; element: string }[] };
  return threats.find((one) => one.rule === "lost-for-good" && one.element === "exports")?.id.slice(0, 8) ?? "";
}

describe("the questionnaire", () => {
  test("asks in the file for what nobody stated, and the answers count once they are written", () => {
    const asked = questionnaireOf(file, rules);
    expect(asked).toBe(`questionnaire:
  - fact: closed
    element: archive
    asks: Is it closed?
    choices: [yes, no]
    answer: not stated
`);
    const before = { ...file, text: file.text + asked };
    expect(readOne(before).problems).toEqual([]);
    expect(questionnaireOf(before, rules)).toBe("");
    const after = { ...file, text: file.text + asked.replace("answer: not stated", "answer: yes") };
    const { credited, questions } = threatsJson(after, rules) as {
      credited: { control: string; threats: string[] }[];
      questions: unknown[];
    };
    expect(credited.map(({ control }) => control)).toContain("Public access is blocked");
    expect(questions).toEqual([]);
  });

  test("of the system comes first, and a section that is there is completed, not written twice", () => {
    const bare = { path: "threat-model.yaml", text: "schemaVersion: 1\nsystem: { name: Exports }\n" };
    const asked = questionnaireOf(bare, rules);
    expect(asked.match(/fact: .*/g)).toEqual(["fact: exposure", "fact: data", "fact: criticality", "fact: regulation"]);
    const some = { ...bare, text: `${bare.text}questionnaire:\n  - { fact: exposure, answer: not stated }\n` };
    expect(questionnaireOf(some, rules)).toMatch(/^ {2}- fact: data\n/);
  });
});

test("a file that is no model has nothing, and says why", () => {
  const output = threatsJson({ path: "notes.txt", text: "nothing of ours" }, rules);
  expect(output).toMatchObject({ threats: [], questions: [], countermeasures: [], stride: { rows: [] } });
});

test("with the shipped rules a bare component of any type has at most six threats and three facts asked", () => {
  const types = new Set(shipped.threats.flatMap((rule) => rule.appliesTo.elements));
  for (const type of types) {
    if (type === "data-flow" || type === "trust-boundary") continue;
    const text = `schemaVersion: 1\nelements:\n  - { id: it, type: ${type}, name: Thing }\n`;
    const { threats, questions } = threatsJson({ path: "threat-model.yaml", text }, shipped) as {
      threats: unknown[];
      questions: { facts: string[] }[];
    };
    expect([type, threats.length <= 6, questions.flatMap(({ facts }) => facts).length <= 3]).toEqual([
      type,
      true,
      true,
    ]);
  }
});
