import { describe, expect, test } from "@jest/globals";
import { classify } from "../../src/core/classify/classify.ts";
import type { FileText, PolicyText } from "../../src/core/domain/snapshot.ts";
import { testOwnRules } from "../../src/core/inspect.ts";
import { rulesInForce } from "../../src/core/own-rules.ts";
import { effectivePolicy } from "../../src/core/policy.ts";
import { readOne } from "../../src/core/readers/read-model.ts";
import { readRules } from "../../src/shell/local/rule-files.ts";
import { anOwnChangeRule, classificationOfThePage } from "../make/an-own-rule.ts";

const shipped = await readRules();
const path = ".github/threatgate/classification.yml";

function inForce(organisation: string | undefined, repository?: { readonly policy: string; readonly text: string }) {
  const textOf = (text: string | undefined, policy?: string): PolicyText => ({
    path: ".github/threatgate.yml",
    reading: policy === undefined ? { outcome: "absent" } : { outcome: "present", text: policy },
    ...(text === undefined ? {} : { rules: { files: [{ path, text }], notRead: [] } }),
  });
  const subject = {
    owner: "acme",
    name: "shop",
    ownerIsOrganisation: true,
    defaultBranch: "main",
    isPrivate: true,
    isArchived: false,
    hasIssues: true,
  };
  const policy = { organisation: textOf(organisation), repository: textOf(repository?.text, repository?.policy) };
  const effective = effectivePolicy(policy, subject);
  return { ...rulesInForce(shipped, { policy, repository: subject }, effective.policy), policy: effective.policy };
}

function classOf(answer: string, by: ReturnType<typeof inForce>) {
  const text = `schemaVersion: 1
system: { id: pier, name: Pier, exposure: internal }
questionnaire:
  - { fact: ferries, asks: Does an outage hold up the ferries?, choices: [wait, none], answer: ${answer} }
`;
  const { model, problems } = readOne({ path: "threat-model.yaml", text });
  expect(problems).toEqual([]);
  if (!model || !by.rules.classification) throw new Error("nothing to classify by");
  return classify({ head: model, base: model, policy: by.policy }, by.rules.classification);
}

describe("an organisation's own classification", () => {
  const own = classificationOfThePage();

  test("takes the place of the rules that ship, its own facts included", () => {
    const by = inForce(own);
    expect(by.problems).toEqual([]);
    expect(by.rules.version).toMatch(new RegExp(`^${shipped.version}\\+[0-9a-z]{8}$`));
    expect(by.rules.own).toBeUndefined();
    expect(classOf("wait", by)).toMatchObject({ riskClass: "high", rule: "ferries-wait", threshold: "medium" });
    expect(classOf("none", by)).toMatchObject({ riskClass: "low", rule: "inside-and-harmless", architect: "never" });
    expect(classOf("not stated", by)).toMatchObject({ riskClass: "medium", decidedBy: "unknown" });
    expect(classOf("not stated", by).questions.map(({ fact }) => fact)).toEqual(["ferries"]);
  });

  test("the file that ships can be used as one's own", () => {
    expect(testOwnRules([{ path: "classification.yml", text: own }], shipped)).toEqual({ count: 1, failures: [] });
  });

  test.each<[string, (text: string) => string, number, string, string]>([
    [
      "a class that is none",
      (text) => text.replace("class: high\n", "class: grave\n"),
      18,
      "`rules.class` is `grave`.",
      "Write one of",
    ],
    [
      "a fact that is not asked",
      (text) => text.replace("{ ferries: [wait] }", "{ boats: [wait] }"),
      17,
      "`rules.when.boats`",
      "a fact that stands under `facts`, and `boats` does not",
    ],
    [
      "an answer that is none",
      (text) => text.replace("{ ferries: [wait] }", "{ ferries: [often] }"),
      17,
      "`rules.when.ferries` is a list",
      "and `often` is none",
    ],
    [
      "a mistyped key",
      (text) => text.replace("otherwise:", "otherwize:"),
      25,
      "`otherwize` is not a setting.",
      "Did you mean `otherwise`?",
    ],
    [
      "an expression that looks back",
      (text) => text.replace("'\\bpublic\\b'", "'(a)\\1'"),
      3,
      "An expression under `words` cannot be used",
      "RE2",
    ],
    [
      "a fact of elements that nobody knows",
      (text) => text.replace("[internet-facing]", "[internet-facin]"),
      7,
      "There is no fact `internet-facin`.",
      "Did you mean `internet-facing`?",
    ],
    [
      "requirements of a field that is not there",
      (text) => `${text}regulations: [{ id: ours, name: Ours, themes: fernhill }]\n`,
      31,
      "takes its requirements from `fernhill`",
      "themes",
    ],
  ])("%s: told with its line, and the rules that ship stay in force", (_, bend, line, what, hint) => {
    const bent = bend(own);
    expect(bent).not.toBe(own);
    const { rules, problems } = inForce(bent);
    expect(rules.classification).toBe(shipped.classification);
    const told = problems.find((problem) => problem.what.includes(what));
    expect(told).toMatchObject({ path: `acme/.github:${path}`, line, severity: "error" });
    expect(`${told?.hint} ${told?.example}`).toContain(hint);
  });

  test("H013: one of a repository is not used, even where its rules are", () => {
    const { rules, problems } = inForce(undefined, { policy: "version: 1\nrepositoryRules: use\n", text: own });
    expect(rules).toBe(shipped);
    expect(problems).toEqual([
      expect.objectContaining({ path, severity: "warning", what: expect.stringContaining("is not used") }),
    ]);
  });

  test("stands beside rules of one's own", () => {
    const files: FileText[] = [
      { path: "classification.yml", text: own },
      { path: "changes/org-word.yml", text: anOwnChangeRule("org-word", "busWord") },
    ];
    expect(testOwnRules(files, shipped)).toEqual({ count: 2, failures: [] });
  });
});
