import { describe, expect, test } from "@jest/globals";
import { organisationPolicySchema } from "../../src/core/domain/policy.ts";
import { presets } from "../../src/core/domain/policy-presets.ts";
import { flattenPolicy } from "../../src/core/domain/policy-strictness.ts";
import { effectivePolicy } from "../../src/core/policy.ts";

const path = ".github/threatgate.yml";
const repository = { owner: "acme", name: "shop", properties: { outcome: "present", values: {} } } as const;

function problemsOf(text: string) {
  const organisation = { path, reading: { outcome: "present", text } } as const;
  return effectivePolicy({ organisation, repository: { path, reading: { outcome: "absent" } } }, repository).problems;
}

/** The same word as fingers write it: two neighbouring letters swapped, or one left out where they are the same. */
function mistyped(word: string): string {
  const at = Math.min(2, word.length - 2);
  const swapped = `${word.slice(0, at)}${word[at + 1]}${word[at]}${word.slice(at + 2)}`;
  return swapped === word ? `${word.slice(0, at)}${word.slice(at + 1)}` : swapped;
}

const top = Object.keys(organisationPolicySchema.shape);

describe("every key that is mistyped is named with its line, the right word and a right example", () => {
  test.each(top.filter((key) => key !== "version").map((key) => [key, mistyped(key)]))(
    "%s, written %s",
    (key, wrong) => {
      const [problem] = problemsOf(`version: 1\n\n${wrong}: x\n`);
      expect(problem).toMatchObject({
        path,
        line: 3,
        severity: "error",
        what: `\`${wrong}\` is not a setting.`,
        hint: `Did you mean \`${key}\`?`,
      });
      expect(problem?.example).toMatch(new RegExp(`^${key}: .+`));
      expect(problemsOf(`version: 1\n${problem?.example ?? ""}\n`)).toEqual([]);
    },
  );

  test("the version", () => {
    const problems = problemsOf("verison: 1\nmode: advise\n");
    expect(problems.map(({ hint }) => hint)).toContain("Did you mean `version`?");
  });

  const nested = [
    "architects.teams",
    "architects.users",
    "peers.teams",
    "peers.users",
    "currency.green",
    "currency.amber",
    "currency.review",
    "acceptance.maxDays",
    "acceptance.approvers",
    "publish.issues",
    "publish.openThreats",
    "paths.ignore",
    "jira.project",
    "jira.issueType",
    "incidents.label",
  ];

  test.each(nested)("%s", (key) => {
    const [group = "", name = ""] = key.split(".");
    const wrong = mistyped(name);
    const [problem] = problemsOf(`version: 1\n${group}:\n  ${wrong}: x\n`);
    expect(problem).toMatchObject({
      line: 3,
      what: `\`${wrong}\` is not a setting of \`${group}\`.`,
      hint: `Did you mean \`${name}\`?`,
    });
    expect(problemsOf(`version: 1\n${group}:\n  ${problem?.example ?? ""}\n`)).toEqual([]);
  });

  test.each(["name", "paths", "model", "repositories", "repository", "riskClass"])("systems, %s", (name) => {
    const wrong = mistyped(name);
    const [problem] = problemsOf(`version: 1\nsystems:\n  - name: shop\n    ${wrong}: x\n`).filter(({ what }) =>
      what.includes(wrong),
    );
    expect(problem).toMatchObject({ line: 4, hint: `Did you mean \`${name}\`?` });
    expect(problem?.example).toMatch(new RegExp(`^${name}: `));
  });
});

test.each(["match", "properties", "mode", "riskThreshold"])("an override of the organisation's, %s", (name) => {
  const wrong = mistyped(name);
  const [problem] = problemsOf(`version: 1\nrepositories:\n  - match: shop-*\n    ${wrong}: x\n`);
  expect(problem).toMatchObject({
    line: 4,
    what: `\`${wrong}\` is not a setting of \`repositories\`.`,
    hint: `Did you mean \`${name}\`?`,
  });
});

describe("every key with a value of the wrong kind is named with its line and a right example", () => {
  test.each(top.filter((key) => key !== "version"))("%s", (key) => {
    const wrong = [
      "rules",
      "architects",
      "peers",
      "currency",
      "acceptance",
      "publish",
      "paths",
      "jira",
      "incidents",
    ].includes(key)
      ? "7"
      : "{ nonsense: 1 }";
    const [problem] = problemsOf(`version: 1\n${key}: ${wrong}\n`);
    expect(problem).toMatchObject({ path, line: 2, severity: "error" });
    expect(problem?.what).toContain(`\`${key}`);
    expect(problem?.example ?? "").not.toBe("");
  });
});

describe("a role that reads like the architect's and is not would let every peer accept a risk, so it is a fault", () => {
  test.each([
    "security-architects",
    "security-architct",
    "security-arch",
    "Security-Architect",
    "security architect",
    "architect",
    "sec_architect",
    "none",
    "nobody",
  ])("%s", (role) => {
    const [problem] = problemsOf(`version: 1\nacceptance:\n  approvers:\n    high: [${role}]\n`);
    expect(problem).toEqual({
      path,
      line: 4,
      severity: "error",
      what: `\`acceptance.approvers.high\` is \`${role}\`.`,
      hint: "It must be `security-architect`, spelt so, or another role, which any counted peer may take.",
      example: "high: [security-architect]",
    });
  });

  test.each(["security-architect", "product-owner", "peer", "security-champion", "risk-owner"])(
    "%s is none",
    (role) => {
      expect(problemsOf(`version: 1\nacceptance: {approvers: {high: [${role}]}}\n`)).toEqual([]);
    },
  );
});

test("a policy that names one risk's approvers keeps the default of the others", () => {
  const text = "version: 1\nacceptance: {approvers: {high: [security-architect]}}\n";
  expect(problemsOf(text)).toEqual([]);
});

describe("presets differ in more than their names", () => {
  const flat = (name: keyof typeof presets) => {
    const { preset: _, ...values } = presets[name];
    return JSON.stringify([...flattenPolicy(values)]);
  };
  test("each sets something else, and each can be asked for", () => {
    const names = ["ukhsa", "cra", "nis2", "minimal"] as const;
    expect(new Set(names.map(flat)).size).toBe(names.length);
    for (const name of names) expect(problemsOf(`version: 1\npreset: ${name}\n`)).toEqual([]);
  });
});
