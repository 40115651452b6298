import { describe, expect, test } from "@jest/globals";
import { modes, type Policy } from "../../src/core/domain/policy.ts";
import type { FileReading, PolicyTexts } from "../../src/core/domain/snapshot.ts";
import { effectivePolicy, policyChange, policyJsonSchemas } from "../../src/core/policy.ts";
import fc from "../make/fast-check.ts";

const repository = { owner: "acme", name: "payments-api" };

function reading(text: string | undefined): FileReading {
  return text === undefined ? { outcome: "absent" } : { outcome: "present", text };
}

function texts(own?: string, organisation?: string): PolicyTexts {
  return {
    organisation: { path: ".github/threatgate.yml", reading: reading(organisation) },
    repository: { path: ".github/threatgate.yml", reading: reading(own) },
  };
}

function usable(own?: string, organisation?: string): Policy {
  const { policy, problems } = effectivePolicy(texts(own, organisation), repository);
  expect(problems).toEqual([]);
  return policy;
}

/** The problems of a repository's file, one text each: `line: what hint | example`. */
function faults(own: string, organisation?: string): string[] {
  const { problems, usable: fine } = effectivePolicy(texts(own, organisation), repository);
  expect(fine).toBe(false);
  return problems.map(
    ({ line, what, hint, example }) => `${line ?? "-"}: ${what} ${hint}${example ? ` | ${example}` : ""}`,
  );
}

describe("the policy in force", () => {
  test("nobody says anything: the defaults, each with its origin", () => {
    const policy = usable();
    expect({ ...policy, origins: undefined }).toEqual({
      mode: "advise",
      preset: "ukhsa",
      architects: { teams: [], users: [] },
      peers: { teams: [], users: [] },
      systems: [],
      riskThreshold: "high",
      currency: { green: 30, amber: 60, review: 365 },
      incomplete: "warn",
      rules: {},
      acceptance: {
        maxDays: 365,
        approvers: {
          low: ["security-architect", "product-owner"],
          medium: ["security-architect"],
          high: ["security-architect"],
          critical: ["security-architect"],
        },
      },
      publish: { issues: false, openThreats: false },
      paths: { ignore: [] },
      tracker: "github",
      scanners: ["code-scanning", "secret-scanning", "dependabot"],
      incidents: { label: "security-incident" },
      jira: { issueType: "Task" },
      onboarding: "none",
      repositoryRules: "ignore",
      approvals: "commit",
    });
    expect(policy.origins["currency.green"]).toEqual({ from: "default", locked: false });
  });

  test("the organisation first, its overrides for the repository, then the repository's own file", () => {
    const organisation = [
      "version: 1",
      "mode: observe",
      "architects: {teams: [security]}",
      "rules: {new-bucket: block}",
      "repositories:",
      "  - match: payments-*",
      "    mode: enforce",
      "    currency: {green: 14}",
      "  - match: [acme/other, shop]",
      "    riskThreshold: low",
      "locked: [architects]",
    ].join("\n");
    const policy = usable("version: 1\nriskThreshold: medium\nrules:\n  new-queue: 'off'\n", organisation);
    expect(policy.mode).toBe("enforce");
    expect(policy.currency).toEqual({ green: 14, amber: 60, review: 365 });
    expect(policy.riskThreshold).toBe("medium");
    expect(policy.rules).toEqual({ "new-bucket": "block", "new-queue": "off" });
    const path = ".github/threatgate.yml";
    expect(policy.origins).toMatchObject({
      mode: { from: "organisation", place: { path, line: 7 }, locked: false },
      "currency.green": { from: "organisation", place: { path, line: 8 } },
      "currency.amber": { from: "default" },
      "architects.teams": { from: "organisation", place: { path, line: 3 }, locked: true },
      riskThreshold: { from: "repository", place: { path, line: 2 } },
      "rules.new-queue": { from: "repository", place: { path, line: 4 } },
    });
  });

  test("a preset is the ground under what is written, not a cover over it", () => {
    const policy = usable("version: 1\npreset: cra\nriskThreshold: high\n", "version: 1\nincomplete: warn\n");
    expect([policy.preset, policy.incomplete, policy.riskThreshold]).toEqual(["cra", "warn", "high"]);
    expect(usable("version: 1\npreset: nis2\n").acceptance.maxDays).toBe(180);
    expect(usable("version: 1\npreset: minimal\n").currency).toEqual({ green: 60, amber: 120, review: 365 });
  });

  test("a system of the organisation applies to the repositories it names", () => {
    const organisation =
      "version: 1\nsystems:\n  - {name: pay, repositories: [payments-*], model: docs/tm.yaml}\n  - {name: shop, repositories: [shop]}\n";
    expect(usable(undefined, organisation).systems).toEqual([{ name: "pay", paths: [], model: ["docs/tm.yaml"] }]);
  });

  test("a file given as an option stands in place of the repository's own", () => {
    const { policy } = effectivePolicy(texts("version: 1\nmode: observe\n"), repository, {
      policyOption: { path: "mine.yml", text: "version: 1\nmode: enforce\nlocked: [mode]\n" },
    });
    expect(policy.mode).toBe("enforce");
    expect(policy.origins.mode).toEqual({ from: "option", place: { path: "mine.yml", line: 2 }, locked: false });
  });

  test("in the organisation's own .github repository both files are one and the same", () => {
    const text = "version: 1\nmode: enforce\nlocked: [mode]\n";
    const result = effectivePolicy(texts(text, text), { owner: "acme", name: ".github" });
    expect([result.usable, result.policy.mode]).toEqual([true, "enforce"]);
  });
});

describe("locks (H019)", () => {
  const organisation = [
    "version: 1",
    "mode: enforce",
    "riskThreshold: medium",
    "architects: {teams: [security, platform]}",
    "paths: {ignore: [vendor/**]}",
    "rules: {new-bucket: block}",
    "locked: [mode, riskThreshold, architects, currency, paths.ignore, rules, publish, peers]",
    "peers: {teams: [developers]}",
  ].join("\n");

  test("what is looser is ignored and listed, what is stricter counts", () => {
    const own = [
      "version: 1",
      "mode: advise",
      "riskThreshold: critical",
      "architects: {teams: [security, interns], users: [mallory]}",
      "currency: {green: 20, amber: 90}",
      "paths: {ignore: [vendor/**, infra/**]}",
      "rules: {new-bucket: 'off', new-queue: monitor, new-role: block}",
      "publish: {issues: true}",
      "peers: {users: [mallory]}",
    ].join("\n");
    const { policy, ignored, usable: fine } = effectivePolicy(texts(own, organisation), repository);
    expect(fine).toBe(true);
    expect(policy).toMatchObject({
      mode: "enforce",
      riskThreshold: "medium",
      architects: { teams: ["security", "platform"], users: [] },
      peers: { teams: ["developers"], users: [] },
      currency: { green: 20, amber: 60 },
      paths: { ignore: ["vendor/**"] },
      publish: { issues: false },
    });
    expect(policy.rules).toEqual({ "new-bucket": "block", "new-role": "block" });
    const at = (line: number) => `in .github/threatgate.yml:${line} is ignored, because the organisation locks`;
    expect(ignored).toEqual([
      `\`mode: advise\` ${at(2)} \`mode\`: \`enforce\` stays.`,
      `\`architects.teams: [security, interns]\` ${at(4)} \`architects.teams\`: \`[security, platform]\` stays.`,
      `\`architects.users: [mallory]\` ${at(4)} \`architects.users\`: \`[]\` stays.`,
      `\`peers.users: [mallory]\` ${at(9)} \`peers.users\`: \`[]\` stays.`,
      `\`riskThreshold: critical\` ${at(3)} \`riskThreshold\`: \`medium\` stays.`,
      `\`currency.amber: 90\` ${at(5)} \`currency.amber\`: \`60\` stays.`,
      `\`publish.issues: true\` ${at(8)} \`publish.issues\`: \`false\` stays.`,
      `\`paths.ignore: [vendor/**, infra/**]\` ${at(6)} \`paths.ignore\`: \`[vendor/**]\` stays.`,
      `\`rules.new-bucket: off\` ${at(7)} \`rules.new-bucket\`: \`block\` stays.`,
      `\`rules.new-queue: monitor\` ${at(7)} \`rules.new-queue\`: what the rule says by itself stays.`,
    ]);
  });

  test("a locked preset cannot be exchanged for a milder one", () => {
    const result = effectivePolicy(
      texts("version: 1\npreset: minimal\n", "version: 1\npreset: cra\nlocked: [preset, riskThreshold]\n"),
      repository,
    );
    expect([result.policy.preset, result.policy.riskThreshold]).toEqual(["cra", "medium"]);
  });

  test("a repository can never make a locked value looser, whatever it writes", () => {
    const names = fc.subarray(["a", "b", "c"]);
    const settings = fc.record(
      {
        mode: fc.constantFrom(...modes),
        preset: fc.constantFrom("ukhsa", "cra", "nis2", "minimal"),
        riskThreshold: fc.constantFrom("low", "medium", "high", "critical"),
        currency: fc.record(
          {
            green: fc.integer({ min: 1, max: 30 }),
            amber: fc.integer({ min: 120, max: 400 }),
            review: fc.integer({ min: 1, max: 900 }),
          },
          { requiredKeys: [] },
        ),
        incomplete: fc.constantFrom("warn", "fail"),
        architects: fc.record({ teams: names, users: names }, { requiredKeys: [] }),
        peers: fc.record({ teams: names, users: names }, { requiredKeys: [] }),
        rules: fc.dictionary(fc.constantFrom("one", "two"), fc.constantFrom("off", "monitor", "comment", "block")),
        acceptance: fc.record({ maxDays: fc.integer({ min: 1, max: 900 }) }),
        publish: fc.record({ issues: fc.boolean(), openThreats: fc.boolean() }, { requiredKeys: [] }),
        paths: fc.record({ ignore: names }),
      },
      { requiredKeys: [] },
    );
    const lockable = [
      "mode",
      "riskThreshold",
      "currency",
      "incomplete",
      "architects",
      "peers",
      "rules",
      "acceptance",
      "publish",
      "paths",
    ];
    const strictness = (policy: Policy): Record<string, number> => ({
      mode: modes.indexOf(policy.mode),
      riskThreshold: -["low", "medium", "high", "critical"].indexOf(policy.riskThreshold),
      green: -policy.currency.green,
      amber: -policy.currency.amber,
      review: -policy.currency.review,
      incomplete: policy.incomplete === "fail" ? 1 : 0,
      maxDays: -policy.acceptance.maxDays,
      issues: policy.publish.issues ? 0 : 1,
      openThreats: policy.publish.openThreats ? 0 : 1,
    });
    // Who may approve, who is a peer, and what is not looked at may only shrink; nobody named as a peer means everybody.
    const admitted = (policy: Policy): Record<string, string[]> => {
      const peers = [...policy.peers.teams.map((team) => `team ${team}`), ...policy.peers.users];
      return {
        architects: [...policy.architects.teams.map((team) => `team ${team}`), ...policy.architects.users],
        peers: peers.length === 0 ? ["everybody", "team a", "team b", "team c", "a", "b", "c"] : peers,
        ignored: [...policy.paths.ignore],
      };
    };
    fc.assert(
      fc.property(settings, settings, (organisation, own) => {
        const written = JSON.stringify({ version: 1, ...organisation, locked: lockable });
        const alone = effectivePolicy(texts(undefined, written), repository).policy;
        const together = effectivePolicy(texts(JSON.stringify({ version: 1, ...own }), written), repository).policy;
        const [floor, reached] = [strictness(alone), strictness(together)];
        for (const key of Object.keys(floor)) expect(reached[key]).toBeGreaterThanOrEqual(floor[key] ?? 0);
        const [widest, admittedNow] = [admitted(alone), admitted(together)];
        for (const key of Object.keys(widest)) {
          for (const entry of admittedNow[key] ?? []) expect(widest[key]).toContain(entry);
        }
        const scale = ["off", "monitor", "comment", "block"];
        for (const rule of ["one", "two"]) {
          const [theirs, ours] = [alone.rules[rule], together.rules[rule]];
          if (theirs === undefined) expect([undefined, "block"]).toContain(ours);
          else expect(scale.indexOf(ours ?? "")).toBeGreaterThanOrEqual(scale.indexOf(theirs));
        }
      }),
    );
  });
});

describe("a faulty file is told line by line and never used (H015)", () => {
  test.each([
    [
      "a mistyped key",
      "version: 1\n\nmod: advise\n",
      ["3: `mod` is not a setting. Did you mean `mode`? | mode: advise"],
    ],
    [
      "a mistyped key inside another",
      "version: 1\ncurrency:\n  gren: 3\n",
      ["3: `gren` is not a setting of `currency`. Did you mean `green`? | green: 30"],
    ],
    [
      "a key that nothing resembles",
      "version: 1\ncurrency:\n  wibble: 3\n",
      ["3: `wibble` is not a setting of `currency`. Known here: `green`, `amber`, `review`."],
    ],
    [
      "a word that is no mode",
      "version: 1\nmode: strict\n",
      ["2: `mode` is `strict`. Write one of `observe`, `advise`, `enforce`. | mode: advise"],
    ],
    [
      "a text for a number",
      "version: 1\ncurrency: {green: soon}\n",
      ["2: `currency.green` is `soon`. It must be a number. | green: 30"],
    ],
    [
      "too many days",
      "version: 1\nacceptance: {maxDays: 99999}\n",
      ["2: `acceptance.maxDays` is `99999`. At most 3650 is allowed. | maxDays: 180"],
    ],
    [
      "a list for a mapping",
      "version: 1\narchitects: [a]\n",
      [
        "2: `architects` is a list. It must be a mapping of keys to values. | architects: {teams: [security-architects]}",
      ],
    ],
    ["no version", "mode: advise\n", ["1: `version` is missing. Add it: Only `1` is known. | version: 1"]],
    [
      "a boolean that YAML 1.2 does not know",
      "version: 1\npublish: {issues: yes}\n",
      ["2: `publish.issues` is `yes`. It must be `true` or `false`. | issues: true"],
    ],
    [
      "a setting of the organisation",
      "version: 1\nlocked: [mode]\n",
      [
        "2: `locked` is not a setting of this file. Only the organisation's policy has it: move it to `.github/threatgate.yml` of the organisation's `.github` repository, or delete it.",
      ],
    ],
    [
      "a login that is none",
      "version: 1\narchitects:\n  users:\n    - '@dana'\n",
      ['4: `architects.users` is `@dana`. It must be a GitHub login, or login#numeric-id. | users: ["dana#583231"]'],
    ],
    [
      "the same key twice",
      "version: 1\nmode: enforce\nmode: observe\n",
      [
        "3: `mode` is given twice: on line 2 and on line 3. Keep one of the two; which one counts would otherwise depend on the reader.",
      ],
    ],
    [
      "a YAML error",
      "version: 1\nmode: [observe\n",
      ["2: The `[` that opens here is not closed. Close it with `]` on the same line, or put the text in quotes."],
    ],
    [
      "an alias",
      "version: 1\nmode: *x\n",
      ["2: An alias (`*name`) is used. Write the value out; put text that begins with `*` in quotes."],
    ],
    ["an empty file", "", ["-: The file is empty. Write its content, or delete the file."]],
    ["a list", "- a\n", ["1: The file is a list. It must be a mapping of keys to values."]],
    [
      "a pattern that cannot be used",
      "version: 1\npaths:\n  ignore:\n    - docs/**\n    - +(a|aa)*\n",
      [
        "5: The pattern `+(a|aa)*` cannot be used: it holds an extended glob such as `+(a|b)`; write the cases as `{a,b}`. Patterns are paths from the repository's root with `*`, `**`, `?` and `{a,b}`. | ignore: [vendor/**]",
      ],
    ],
    [
      "times that contradict each other",
      "version: 1\ncurrency: {green: 90}\n",
      [
        "2: `currency.green` (90 days) is longer than `currency.amber` (60 days). After `green` days the model turns AMBER, after `amber` days RED: give `amber` at least as many days. | currency: {green: 30, amber: 60}",
      ],
    ],
  ])("%s", (_, text, expected) => {
    expect(faults(text)).toEqual(expected);
  });

  test("several faults are all told", () => {
    expect(faults("version: 1\nmod: advise\ncurrency: {green: 0}\n")).toEqual([
      "3: `currency.green` is `0`. At least 1 is allowed. | green: 30",
      "2: `mod` is not a setting. Did you mean `mode`? | mode: advise",
    ]);
  });

  test("10,000 patterns are refused (H014)", () => {
    const ignore = Array.from({ length: 10_000 }, (_, index) => `d${index}/**`);
    expect(faults(`version: 1\npaths: {ignore: [${ignore.join(", ")}]}\n`)).toEqual([
      "2: `paths.ignore` is a list. At most 200 entries are allowed. | ignore: [vendor/**]",
    ]);
  });

  test("a lock on what does not exist protects nothing, so it is a fault", () => {
    const { problems, usable: fine } = effectivePolicy(
      texts(undefined, "version: 1\nlocked: [mode, riskTreshold]\n"),
      repository,
    );
    expect(fine).toBe(false);
    expect(problems).toEqual([
      {
        path: ".github/threatgate.yml",
        line: 2,
        severity: "error",
        what: "`riskTreshold` cannot be locked, because it is not a setting.",
        hint: "Did you mean `riskThreshold`?",
        example: "locked: [mode, riskThreshold]",
      },
    ]);
  });

  test.each([
    ["a broken file that says enforce", "version: 1\nmode: enforce\nmod: x\n", undefined, "enforce"],
    ["a mistyped mode", "version: 1\nmod: enforce\n", undefined, "enforce"],
    ["enforce in a comment alone", "version: 1\nmod: advise # not enforce\n", undefined, "advise"],
    ["observe, plainly", "version: 1\nmode: observe\nmod: x\n", undefined, "observe"],
    [
      "observe, under an organisation that enforces",
      "version: 1\nmode: observe\nmod: x\n",
      "version: 1\nmode: enforce\n",
      "enforce",
    ],
    ["nothing said", "version: 1\nwibble: x\n", undefined, "advise"],
    [
      "an organisation's broken file under a mild repository",
      "version: 1\nmode: observe\n",
      "version: 1\nmode: enforce\nlocked: mode\n",
      "enforce",
    ],
  ])("what is reported until it is mended: %s", (_, own, organisation, mode) => {
    const { policy, usable: fine } = effectivePolicy(texts(own, organisation), repository);
    expect(fine).toBe(false);
    expect(policy.mode).toBe(mode);
  });

  test("a broken file ignores nothing and publishes nothing", () => {
    const own = "version: 1\npaths: {ignore: ['**']}\npublish: {issues: true}\nmod: x\n";
    const { policy } = effectivePolicy(
      texts(own, "version: 1\npublish: {issues: true}\npaths: {ignore: [docs/**]}\n"),
      repository,
    );
    expect(policy).toMatchObject({ paths: { ignore: [] }, publish: { issues: false, openThreats: false } });
  });
});

describe("absent, denied, failed and refused are four things (H016)", () => {
  const result = (own: FileReading) =>
    effectivePolicy({ repository: { path: ".github/threatgate.yml", reading: own } }, repository);

  test("absent: the defaults apply", () => {
    expect(result({ outcome: "absent" })).toMatchObject({ usable: true, problems: [], policy: { mode: "advise" } });
  });

  test.each([
    [
      { outcome: "denied", needs: "contents: read" } as const,
      "The policy may not be read. Grant this permission: contents: read.",
    ],
    [
      { outcome: "failed", why: "GitHub answered 502" } as const,
      "The policy could not be read this time: GitHub answered 502. It is tried again; push or comment `/threat recheck` to try now.",
    ],
    [
      { outcome: "refused", why: "it is a symbolic link" } as const,
      "The policy is not read: it is a symbolic link. Make it a plain text file of at most 1 MiB at this path.",
    ],
  ])("%o blocks as if it enforced", (own, sentence) => {
    const { usable: fine, policy, problems } = result(own);
    expect([fine, policy.mode]).toEqual([false, "enforce"]);
    expect(problems.map(({ what, hint }) => `${what} ${hint}`)).toEqual([sentence]);
  });
});

describe("what a pull request that edits the policy would change (H013)", () => {
  const before = texts(
    "version: 1\nmode: enforce\nrules: {new-bucket: block}\n",
    "version: 1\nriskThreshold: medium\nlocked: [riskThreshold]\n",
  );

  test.each([
    [
      "an edit",
      "version: 1\nmode: observe\nrules: {}\n",
      [
        "`mode` would change from `enforce` to `observe`.",
        "`rules.new-bucket` would change from `block` to what the rule says by itself.",
      ],
    ],
    [
      "a deletion",
      undefined,
      [
        "`mode` would change from `enforce` to `advise`.",
        "`rules.new-bucket` would change from `block` to what the rule says by itself.",
      ],
    ],
    ["a comment", "# hello\nversion: 1\nmode: enforce\nrules: {new-bucket: block}\n", []],
    [
      "an attempt against a lock",
      "version: 1\nmode: enforce\nrules: {new-bucket: block}\nriskThreshold: critical\n",
      [
        "Without effect: `riskThreshold: critical` in .github/threatgate.yml:4 is ignored, because the organisation locks `riskThreshold`: `medium` stays.",
      ],
    ],
    [
      "a fault",
      "version: 1\nmod: observe\n",
      [
        "The policy could not be used any more after the merge. .github/threatgate.yml:2: `mod` is not a setting. Did you mean `mode`?",
      ],
    ],
  ])("%s", (_, head, expected) => {
    const reading =
      head === undefined ? ({ outcome: "absent" } as const) : ({ outcome: "present", text: head } as const);
    const after = { ...before, repository: { ...before.repository, reading } };
    expect(policyChange(before, after, repository)).toEqual(expected);
  });

  test("a mended file", () => {
    expect(policyChange(texts("version: 1\nmod: x\n"), texts("version: 1\n"), repository)).toEqual([
      "The policy, which cannot be used now, could be used again after the merge.",
    ]);
  });
});

test("the JSON Schemas for editors know every key and no other", () => {
  const schemas = policyJsonSchemas();
  expect(Object.keys(schemas)).toEqual(["policy", "policy-organisation"]);
  expect(schemas.policy).toMatchObject({
    $schema: "http://json-schema.org/draft-07/schema#",
    additionalProperties: false,
    required: ["version"],
    properties: { mode: { enum: ["observe", "advise", "enforce"] } },
  });
});
