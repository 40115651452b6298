import { describe, expect, test } from "@jest/globals";
import { detectChanges } from "../../src/core/changes/detect.ts";
import type { Rules } from "../../src/core/domain/rules.ts";
import type { FileText, PolicyText } from "../../src/core/domain/snapshot.ts";
import { testOwnRules } from "../../src/core/inspect.ts";
import { ownPrefixes } from "../../src/core/own-rule-file.ts";
import { rulesInForce } from "../../src/core/own-rules.ts";
import { effectivePolicy } from "../../src/core/policy.ts";
import { elicit } from "../../src/core/threats/elicit.ts";
import { readRules } from "../../src/shell/local/rule-files.ts";
import { anOwnChangeRule, ownRulesOfThePage } from "../make/an-own-rule.ts";
import fc from "../make/fast-check.ts";

const shipped = await readRules();
const folder = ".github/threatgate";

function inForce(
  organisation: Readonly<Record<string, string>>,
  words: { policy?: string; own?: Record<string, string> } = {},
) {
  const text = (files: Readonly<Record<string, string>>, policy?: string): PolicyText => ({
    path: ".github/threatgate.yml",
    reading: policy === undefined ? { outcome: "absent" } : { outcome: "present", text: policy },
    rules: { files: Object.entries(files).map(([path, one]): FileText => ({ path, text: one })), notRead: [] },
  });
  const repository = {
    owner: "acme",
    name: "shop",
    ownerIsOrganisation: true,
    defaultBranch: "main",
    isPrivate: true,
    isArchived: false,
    hasIssues: true,
  };
  const repositoryText = text(words.own ?? {}, words.policy);
  const { rules: _, ...withoutRules } = repositoryText;
  const policy = { organisation: text(organisation), repository: words.own ? repositoryText : withoutRules };
  return rulesInForce(shipped, { policy, repository }, effectivePolicy(policy, repository).policy);
}

const change = (id: string) => `${folder}/changes/${id}.yml`;

describe("rules of an organisation", () => {
  test("the example of the page can be used, and its examples hold", () => {
    const files = ownRulesOfThePage();
    expect(Object.keys(files)).toEqual([change("org-bus-client"), `${folder}/threats/org-bus-message-forged.yml`]);
    const { rules, problems } = inForce(files);
    expect(problems).toEqual([]);
    expect(rules.own?.changes.map(({ id }) => id)).toEqual(["org-bus-client"]);
    expect(rules.own?.threats.map(({ id }) => id)).toEqual(["org-bus-message-forged"]);
    const given = Object.entries(files).map(([path, text]) => ({ path: path.slice(folder.length + 1), text }));
    expect(testOwnRules(given, shipped)).toEqual({ count: 2, failures: [] });
  });

  test("no shipped rule has an id that an own one may have", () => {
    const prefixes = Object.values(ownPrefixes);
    const ids = [...shipped.changes, ...shipped.threats].map(({ id }) => id);
    expect(ids.filter((id) => prefixes.some((prefix) => id.startsWith(prefix)))).toEqual([]);
  });

  test.each([
    [
      "an id of a shipped rule",
      "cors-changed",
      (text: string) => text,
      1,
      "The id `cors-changed` does not begin with `org-`.",
      "id: org-cors-changed",
    ],
    [
      "the id of a repository's rule",
      "repo-word",
      (text: string) => text,
      1,
      "The id `repo-word` does not begin with `org-`.",
      "id: org-word",
    ],
    [
      "an id that is not the file's name",
      "org-word",
      (text: string) => text.replace("id: org-word", "id: org-other"),
      1,
      "The id `org-other` differs from the file's name.",
      "id: org-word",
    ],
    [
      "a mistyped key",
      "org-word",
      (text: string) => text.replace("confidence:", "confidnce:"),
      9,
      "`confidnce` is not a setting.",
      "confidence: high",
    ],
    [
      "a value that is none",
      "org-word",
      (text: string) => text.replace("category: messaging", "category: message"),
      4,
      "`category` is `message`.",
      "category: network-exposure",
    ],
    [
      "an expression that looks back",
      "org-word",
      (text: string) => text.replace("'busWord'", "'(a)\\1'"),
      7,
      "invalid escape sequence",
      undefined,
    ],
    [
      "an expression that is too large",
      "org-word",
      (text: string) => text.replace("'busWord'", "'((a{1,1000}){1,1000}){1,1000}'"),
      7,
      "expression too large",
      undefined,
    ],
    [
      "a glob of ten thousand alternatives",
      "org-word",
      (text: string) => text.replace('"**/*.ts"', '"{1..1000000}"'),
      7,
      "The pattern `{1..1000000}` cannot be used",
      'paths: ["src/**/*.ts"]',
    ],
    [
      "a detector that nobody has",
      "org-word",
      (text: string) => text.replace(/watch: .*/, "watch: { detector: routes.nothing }"),
      7,
      "names the detector `routes.nothing`, which does not exist",
      undefined,
    ],
    [
      "no examples",
      "org-word",
      (text: string) => text.replace(/examples:[\s\S]*/, ""),
      1,
      "`examples`",
      "examples: { fires:",
    ],
    ["an alias", "org-word", (text: string) => text.replace("stride: [S]", "stride: &x [S]"), 5, "", undefined],
  ])(
    "H014: %s is told with its line and a right example, and the other rules work",
    (_, name, bend, line, what, example) => {
      const bad = bend(anOwnChangeRule(name, "busWord"));
      const { rules, problems } = inForce({
        [change(name)]: bad,
        [change("org-good")]: anOwnChangeRule("org-good", "goodWord"),
      });
      const told = problems.find((one) => one.what.includes(what));
      expect(told).toMatchObject({ path: `acme/.github:${change(name)}`, severity: "error", line });
      if (example) expect(problems.map((one) => one.example ?? "").join("\n")).toContain(example);
      expect(rules.own?.changes.map(({ id }) => id)).toEqual(["org-good"]);
    },
  );

  test.each([
    ["(a+)+$", `${"a".repeat(5_000)}!`],
    ["(x+x+)+y", "x".repeat(5_000)],
  ])("H014: the expression %s is answered in linear time", (pattern, line) => {
    const { rules } = inForce({ [change("org-word")]: anOwnChangeRule("org-word", pattern) });
    const patch = `@@ -0,0 +1,1 @@\n+${line}`;
    const file = { filename: "a.ts", status: "added", additions: 1, deletions: 0, changes: 1, patch } as const;
    const found = detectChanges({ files: [file], headTexts: [], baseTexts: [], ignore: [], modes: {} }, rules);
    expect(found.problems).toEqual([]);
  });

  test("a rule larger than 64 KiB, and rules that were not read, are told", () => {
    const { rules, problems } = inForce({
      [change("org-word")]: `${anOwnChangeRule("org-word", "w")}# ${"x".repeat(70_000)}\n`,
    });
    expect(problems).toMatchObject([{ path: `acme/.github:${change("org-word")}`, severity: "error" }]);
    expect(rules).toBe(shipped);
  });

  test("a threat that names a fact or a change that nobody knows is told; the nearest is named", () => {
    const [, threat = ""] = Object.values(ownRulesOfThePage());
    const path = `${folder}/threats/org-bus-message-forged.yml`;
    const unknownFact = inForce({ [path]: threat.replaceAll("signature-verified", "signature-verifed") });
    expect(unknownFact.problems).toMatchObject([
      { severity: "error", what: "There is no fact `signature-verifed`.", hint: "Did you mean `signature-verified`?" },
    ]);
    expect(unknownFact.rules.own).toBeUndefined();
    const unknownChange = inForce({ [path]: threat });
    expect(unknownChange.problems).toMatchObject([
      { severity: "warning", what: "No change rule is called `org-bus-client`." },
    ]);
    const hostile = inForce({ [path]: threat.replace(/url: .*/, "url: javascript:alert(1)") });
    expect(hostile.problems[0]?.what).toBe("The address of the training is no https address.");
  });

  test("the version of the rules changes with every byte of an own rule, and only with it", () => {
    const text = anOwnChangeRule("org-word", "w");
    const versions = [{}, { [change("org-word")]: text }, { [change("org-word")]: `${text}\n` }].map(
      (one) => inForce(one).rules.version,
    );
    expect(new Set(versions).size).toBe(3);
    expect(versions[0]).toBe(shipped.version);
    expect(versions[1]).toMatch(new RegExp(`^${shipped.version}\\+[0-9a-z]{8}$`));
    expect(inForce({ [change("org-word")]: text }).rules.version).toBe(versions[1]);
  });

  test("the same texts give the same rules, so that they are compiled once", () => {
    const files = { [change("org-word")]: anOwnChangeRule("org-word", "w") };
    expect(inForce(files).rules).toBe(inForce({ ...files }).rules);
  });
});

describe("rules of a repository", () => {
  const own = { [change("repo-word")]: anOwnChangeRule("repo-word", "w") };

  test("are used where the policy says so, and told as unused where it does not", () => {
    expect(inForce({}, { own }).rules).toBe(shipped);
    expect(inForce({}, { own }).problems).toMatchObject([
      {
        path: folder,
        severity: "warning",
        what: "The rules in this folder are not used.",
        example: "repositoryRules: use",
      },
    ]);
    const used = inForce({}, { own, policy: "version: 1\nrepositoryRules: use\n" });
    expect(used.problems).toEqual([]);
    expect(used.rules.own?.changes.map(({ id }) => id)).toEqual(["repo-word"]);
  });

  test("cannot pass for the organisation's", () => {
    const { rules, problems } = inForce(
      { [change("org-word")]: anOwnChangeRule("org-word", "organisation") },
      {
        own: { [change("org-word")]: anOwnChangeRule("org-word", "repository") },
        policy: "version: 1\nrepositoryRules: use\n",
      },
    );
    expect(problems).toMatchObject([
      { path: change("org-word"), what: "The id `org-word` does not begin with `repo-`." },
    ]);
    expect(rules.own?.changes).toHaveLength(1);
    expect(JSON.stringify(rules.own?.changes[0]?.watch)).toContain("organisation");
  });
});

test("a mode for a rule that nobody has is told, with the line and the nearest id", () => {
  const { problems } = inForce({}, { policy: "version: 1\nrules:\n  cors-changd: monitor\n  cors-changed: block\n" });
  expect(problems).toEqual([
    {
      path: ".github/threatgate.yml",
      line: 3,
      severity: "warning",
      what: "`rules.cors-changd` has no effect: there is no rule of this id.",
      hint: "Did you mean `cors-changed`?",
    },
  ]);
});

describe("own rules loosen nothing", () => {
  const lines = [
    "const app = express();",
    'app.get("/export", handler);',
    "app.use(cors({ origin: '*' }));",
    'const client = new S3Client({ region: "eu" });',
    "const token = jwt.sign(user, key);",
    "await fetch(request.query.url);",
    "const hash = crypto.createHash('md5');",
    "new FernhillBus('orders');",
    "const x = 1;",
  ];
  const words = ["app", "const", "new", "await", "."];

  function seen(rules: Rules, code: readonly string[]) {
    const text = `${code.join("\n")}\n`;
    const patch = `@@ -0,0 +1,${code.length} @@\n${code.map((line) => `+${line}`).join("\n")}`;
    const file = {
      filename: "src/a.ts",
      status: "added",
      additions: code.length,
      deletions: 0,
      changes: code.length,
      patch,
    } as const;
    const { changes } = detectChanges(
      { files: [file], headTexts: [{ path: "src/a.ts", text }], baseTexts: [], ignore: [], modes: {} },
      rules,
    );
    const { threats, checklists } = elicit({ changes, isPublic: false, now: "2026-03-04T00:00:00Z" }, rules);
    const isShipped = ({ rule }: { readonly rule: string }) => !rule.startsWith("org-");
    return {
      changes: changes.filter(isShipped),
      threats: new Set(threats.filter(isShipped).map(({ id, status, risk }) => `${id} ${status} ${risk}`)),
      asked: checklists
        .filter(({ change: index }) => isShipped(changes[index] ?? { rule: "org-" }))
        .map((list) => [list.threats.filter(isShipped).map(({ id }) => id), list.questions.length]),
    };
  }

  test("whatever own rules there are, the shipped ones find, ask and weigh the same", () => {
    const threat = Object.values(ownRulesOfThePage())[1] ?? "";
    const facts = shipped.facts.map(({ fact }) => `  - { fact: ${fact}, is: yes }\n`).join("");
    const stating = (rule: string, type: string, name: string): string =>
      `${rule.replace("type: message-broker, name: ours", `type: ${type}, name: "${name}"`)}facts:\n${facts}`;
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...lines), { minLength: 1, maxLength: 12 }),
        fc.uniqueArray(fc.constantFrom(...words), { minLength: 1 }),
        fc.constantFrom("monitor", "comment", "block"),
        fc.boolean(),
        fc.constantFrom("http-api", "object-store", "message-broker"),
        fc.constantFrom("ours", "eu", "/export", "GET /export"),
        (code, found, mode, aboutShipped, type, name) => {
          const own = Object.fromEntries(
            found.map((word, index) => [
              change(`org-w${index}`),
              stating(anOwnChangeRule(`org-w${index}`, word, mode), type, name),
            ]),
          );
          const about = aboutShipped ? ["'*'"] : ["org-w0"];
          own[`${folder}/threats/org-bus-message-forged.yml`] = threat
            .replace("changes: [org-bus-client]\nmit", `about: [${about.join(", ")}]\nmit`)
            .replace("elements: [message-broker]", "elements: [message-broker, web-app, http-api, object-store]");
          const { rules, problems } = inForce(own);
          expect(problems).toEqual([]);
          const [without, together] = [seen(shipped, code), seen(rules, code)];
          expect(together.changes).toEqual(without.changes);
          expect(together.asked).toEqual(without.asked);
          // An own change asks the library too: there may be more threats, and none less, answered or lower.
          expect([...without.threats].filter((one) => !together.threats.has(one))).toEqual([]);
        },
      ),
      // Each run compiles every rule anew, and its code is a handful of the nine lines above.
      { numRuns: 15 },
    );
  });
});
