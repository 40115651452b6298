import { describe, expect, test } from "@jest/globals";
import { type Conversed, commandsIn, converse, evidenceWanted, needsSnapshot } from "../../src/core/converse.ts";
import type { Assessment } from "../../src/core/domain/assessment.ts";
import type { FileText, Snapshot } from "../../src/core/domain/snapshot.ts";
import { judge } from "../../src/core/judge.ts";
import { readRules } from "../../src/shell/local/rule-files.ts";
import { aChangedFile, anAccount, aPullRequest, aSnapshot, aTeam } from "../make/a-snapshot.ts";
import { hostileTexts } from "../make/hostile-text.ts";

const rules = await readRules();
const context = {
  threatgateVersion: "0.1.0",
  documentation: "https://docs.example",
  host: "https://github.com",
  requestId: "request-1",
};

const bucket = 'resource "aws_s3_bucket" "exports" {\n  bucket = "acme-exports"\n}\n';
const architects = "version: 1\narchitects:\n  teams: [security-architects]\n";

/** A pull request that adds a bucket, with these model files and this policy. */
function pullRequest(models: readonly FileText[], policy = architects, bend: Partial<Snapshot> = {}): Snapshot {
  const patch = `@@ -0,0 +1,3 @@\n${bucket
    .trimEnd()
    .split("\n")
    .map((line) => `+${line}`)
    .join("\n")}\n`;
  return aSnapshot({
    files: [aChangedFile("infra/export.tf", { status: "added", additions: 3, changes: 3, patch })],
    headTexts: [{ path: "infra/export.tf", text: bucket }],
    headPaths: ["infra/export.tf", "src/login.ts", ...models.map(({ path }) => path)],
    models,
    policy: { repository: { path: ".github/threatgate.yml", reading: { outcome: "present", text: policy } } },
    teams: [aTeam("security-architects", ["dana", "ines"])],
    ...bend,
  });
}

/** The same snapshot is judged the same: four hundred comments are on five of them. */
const judged = new WeakMap<Snapshot, Assessment>();

function say(snapshot: Snapshot, comment: string, login = "sam"): Conversed {
  const commands = commandsIn(comment);
  const assessment = judged.get(snapshot) ?? judge(snapshot, rules, context).assessment;
  judged.set(snapshot, assessment);
  return converse({ commands, by: anAccount(login), comment: { id: 12 } }, { snapshot, assessment }, context);
}

const native = (text: string): FileText[] => [{ path: "threat-model.yaml", text }];

const model = `schemaVersion: 1
elements:
  - id: web
    type: web-app
threats:
  - id: THR-1 # the old one
    element: web
    title: Somebody reads the session
    status: open
  - id: THR-2
    title: Somebody writes as another
    status: mitigated
    controls: [C-1]
controls:
  - id: C-1
    title: Login
    status: verified
  - id: C-2
    title: Rate limit
    status: proposed
`;

const diffIn = (body = ""): string => /```diff\n([\s\S]*?)\n```/.exec(body)?.[1] ?? "";

const answers: [string, string, string, string][] = [
  [
    "a control that is in place",
    "sam",
    "/threat mitigated THR-1 by c-1",
    `--- a/threat-model.yaml
+++ b/threat-model.yaml
@@ -6,7 +6,8 @@
   - id: THR-1 # the old one
     element: web
     title: Somebody reads the session
-    status: open
+    status: mitigated
+    controls: [C-1]
   - id: THR-2
     title: Somebody writes as another
     status: mitigated`,
  ],
  [
    "a file, which becomes a control",
    "sam",
    "/threat mitigated THR-1 by src/login.ts",
    `--- a/threat-model.yaml
+++ b/threat-model.yaml
@@ -6,7 +6,8 @@
   - id: THR-1 # the old one
     element: web
     title: Somebody reads the session
-    status: open
+    status: mitigated
+    controls: [C-THR-1]
   - id: THR-2
     title: Somebody writes as another
     status: mitigated
@@ -18,3 +19,7 @@
   - id: C-2
     title: Rate limit
     status: proposed
+  - id: C-THR-1
+    title: "Mitigates: Somebody reads the session"
+    status: implemented
+    evidence: [src/login.ts]`,
  ],
  [
    "a reason",
    "sam",
    "/threat not-applicable THR-1 because sessions hold no data",
    `--- a/threat-model.yaml
+++ b/threat-model.yaml
@@ -6,7 +6,8 @@
   - id: THR-1 # the old one
     element: web
     title: Somebody reads the session
-    status: open
+    status: not-applicable
+    reason: sessions hold no data
   - id: THR-2
     title: Somebody writes as another
     status: mitigated`,
  ],
  [
    "an architect's acceptance",
    "dana",
    "/threat accept THR-1 until 2026-05-01 because the page goes away by then",
    `--- a/threat-model.yaml
+++ b/threat-model.yaml
@@ -6,7 +6,7 @@
   - id: THR-1 # the old one
     element: web
     title: Somebody reads the session
-    status: open
+    status: accepted
   - id: THR-2
     title: Somebody writes as another
     status: mitigated
@@ -18,3 +18,10 @@
   - id: C-2
     title: Rate limit
     status: proposed
+acceptances:
+  - threat: THR-1
+    reason: the page goes away by then
+    approver: dana
+    until: 2026-05-01
+    compensating: none
+    review: 2026-05-01`,
  ],
  [
    "taking an answer back",
    "sam",
    "/threat reopen THR-2",
    `--- a/threat-model.yaml
+++ b/threat-model.yaml
@@ -9,7 +9,7 @@
     status: open
   - id: THR-2
     title: Somebody writes as another
-    status: mitigated
+    status: open
     controls: [C-1]
 controls:
   - id: C-1`,
  ],
];

const refusals: [string, string, string, string][] = [
  [
    "a control that is only proposed (H074)",
    "sam",
    "/threat mitigated THR-1 by C-2",
    "Control `C-2` is only proposed, so it mitigates nothing yet.",
  ],
  [
    "a control that is not there (H074)",
    "sam",
    "/threat mitigated THR-1 by C-9",
    "`C-9` is neither a control of the model nor a file at the head of this change.",
  ],
  [
    "the model as its own proof",
    "sam",
    "/threat mitigated THR-1 by threat-model.yaml",
    "`threat-model.yaml` is the model itself.",
  ],
  ["a threat that is not there", "sam", "/threat reopen THR-9", "No threat here has the id `THR-9`."],
  [
    "acceptance by an engineer (H032)",
    "lee",
    "/threat accept THR-1 until 2026-05-01 because we can live with it",
    "Only a Security Architect accepts a risk, and lee is none by the policy.",
  ],
  [
    "a day that is over (H075)",
    "dana",
    "/threat accept THR-1 until 2026-03-03 because we can live with it",
    "2026-03-03 is over.",
  ],
  [
    "a day beyond the policy (H075)",
    "dana",
    "/threat accept THR-1 until 2027-03-05 because we can live with it",
    "2027-03-05 is 366 days from now, and the policy allows 365. The latest day is 2027-03-04.",
  ],
];

describe("an answer", () => {
  test.each(answers)("by %s is shown as the change that it means", (_, login, comment, diff) => {
    const { body, refused, recheck } = say(pullRequest(native(model)), comment, login);
    expect(diffIn(body)).toBe(diff);
    expect({ refused, recheck }).toEqual({ refused: false, recheck: false });
  });

  test.each(refusals)("that would not count is refused with the reason: %s", (_, login, comment, why) => {
    const { body, refused } = say(pullRequest(native(model)), comment, login);
    expect(body).toContain(why);
    expect(diffIn(body)).toBe("");
    expect(refused).toBe(true);
  });

  test("by an architect who wrote a part of the change is refused (H075)", () => {
    const own = aPullRequest({ contributors: [anAccount("sam"), anAccount("ines")] });
    const snapshot = pullRequest(native(model), architects, { pullRequest: own });
    expect(say(snapshot, "/threat accept THR-1 until 2026-05-01 because we can live with it", "ines").body).toContain(
      "ines wrote a part of this change, and nobody accepts the risk of their own work.",
    );
  });

  test("is refused while nobody can tell who is an architect", () => {
    const teams = [
      { team: "security-architects", members: { outcome: "unknown", why: "the App may not see members" } } as const,
    ];
    const { body } = say(
      pullRequest(native(model), architects, { teams }),
      "/threat accept THR-1 until 2026-05-01 because we can live with it",
      "dana",
    );
    expect(body).toContain("it cannot be told whether dana is one");
  });

  test("that the model gives already changes nothing", () => {
    const { body } = say(pullRequest(native(model)), "/threat mitigated THR-2 by C-1");
    expect(body).toContain("`threat-model.yaml` says so already; nothing to do.");
  });

  test("by an id that means two names them both", () => {
    const twins = ["1", "2"].map((end) => `  - id: T-abcdefghjk${end}\n    title: Threat ${end}\n`).join("");
    const snapshot = pullRequest(native(`schemaVersion: 1\nthreats:\n${twins}`));
    expect(say(snapshot, "/threat reopen T-abcd").body).toContain(
      "`T-abcd` could be `T-abcdefghjk1` (Threat 1) or `T-abcdefghjk2` (Threat 2). Write as much of the id as tells them apart.",
    );
    expect(say(snapshot, "/threat not-applicable T-abcdefghjk2 because nobody can reach it").refused).toBe(false);
  });

  test("cannot be taken back where none was given", () => {
    const snapshot = pullRequest([]);
    const { id, short } = firstThreat(snapshot);
    expect(say(snapshot, `/threat reopen ${short}`).body).toContain(
      `\`${id}\` is not in the model, so there is no answer to take back. It counts as open.`,
    );
  });

  test("into a model that cannot be read says where, and writes nothing", () => {
    const snapshot = pullRequest(native("schemaVersion: 1\nthreats: &a\n  - id: THR-1\n"));
    const { body, refused } = say(snapshot, `/threat mitigated ${firstThreat(snapshot).short} by infra/export.tf`);
    expect(body).toContain("`threat-model.yaml:2` cannot be read: An anchor (`&name`) is used.");
    expect({ diff: diffIn(body), refused }).toEqual({ diff: "", refused: true });
  });

  test("sees those before it in the same comment, and all are one patch", () => {
    const { body } = say(
      pullRequest(native(model)),
      "/threat reopen THR-2\n/threat not-applicable THR-1 because sessions hold no data\n/threat mitigated THR-2 by src/login.ts",
    );
    expect(diffIn(body)).toContain("+    status: not-applicable");
    expect(diffIn(body)).toContain("+    controls: [C-1, C-THR-2]");
    expect(body?.match(/```diff/g)).toHaveLength(1);
  });
});

describe("a new answer takes the place of the one before", () => {
  const accepted = `schemaVersion: 1
threats:
  - id: THR-1
    title: Somebody reads the session
    status: accepted
    reason: the page goes away
  - id: THR-2
    title: Somebody writes as another
    status: not-applicable
    reason: nobody can write at all
controls:
  - id: C-1
    title: Login
    status: verified
acceptances:
  - threat: THR-1
    reason: the page goes away by then
    approver: dana
    until: 2026-05-01
    compensating: none
    review: 2026-05-01
`;
  const withoutAcceptance = `-acceptances:
-  - threat: THR-1
-    reason: the page goes away by then
-    approver: dana
-    until: 2026-05-01
-    compensating: none
-    review: 2026-05-01`;

  test.each([
    ["/threat not-applicable THR-1 because sessions hold no data", "+    reason: sessions hold no data"],
    ["/threat mitigated THR-1 by C-1", "+    controls: [C-1]"],
    ["/threat mitigated THR-1 by src/login.ts", "+    controls: [C-THR-1]"],
    ["/threat reopen THR-1", "+    status: open"],
  ])("%s leaves neither the acceptance nor its reason behind", (comment, expected) => {
    const diff = diffIn(say(pullRequest(native(accepted)), comment).body);
    expect(diff).toContain(expected);
    expect(diff).toContain(withoutAcceptance);
    expect(diff).toContain("-    reason: the page goes away\n");
  });

  test.each([
    ["sam", "/threat mitigated THR-2 by C-1"],
    ["dana", "/threat accept THR-2 until 2026-05-01 because the page goes away by then"],
  ])("%s: %s leaves no reason why it would not apply", (login, comment) => {
    const diff = diffIn(say(pullRequest(native(accepted)), comment, login).body);
    expect(diff).toContain("-    reason: nobody can write at all");
    expect(diff).not.toContain("-acceptances:");
  });
});

/** The id of the first threat that the change raises, as people are shown it. */
function firstThreat(snapshot: Snapshot): { id: string; short: string; title: string } {
  const { id = "", title = "" } = judge(snapshot, rules, context).assessment.threats[0] ?? {};
  return { id, short: id.slice(0, 8), title };
}

/** The files of a snapshot after the patch of a reply was applied to the one it concerns. */
function patched(snapshot: Snapshot, body = ""): Snapshot {
  const file = /\+\+\+ b\/(.*)/.exec(body)?.[1] ?? "";
  const added = diffIn(body)
    .split("\n")
    .filter((line) => /^\+(?!\+\+ )/.test(line))
    .map((line) => line.slice(1))
    .join("\n");
  return {
    ...snapshot,
    models: [...snapshot.models, { path: file, text: `${added}\n` }],
    headPaths: [...snapshot.headPaths, file],
  };
}

describe("an answer to a threat that the library derives", () => {
  const markdown =
    "# Threat model\n\n## Threats\n\n| ID | Threat | STRIDE | Mitigation |\n|---|---|---|---|\n| T1 | Somebody reads the session cookie | I | TLS everywhere |\n";
  const places: [string, readonly FileText[], string, string][] = [
    ["where there is no model", [], architects, "threat-model.yaml"],
    [
      "beside a model of another format",
      [{ path: "docs/threat-model.md", text: markdown }],
      architects,
      "docs/threat-model.yaml",
    ],
    [
      "at the top of a system's paths",
      [],
      `${architects}systems:\n  - {name: infrastructure, paths: ["infra/**"]}\n`,
      "infra/threat-model.yaml",
    ],
    [
      "where the policy names the model",
      [],
      `${architects}systems:\n  - {name: all, model: [docs/threats.md, models/all.yaml]}\n`,
      "models/all.yaml",
    ],
  ];
  const kinds: [string, string, (id: string) => string][] = [
    ["mitigated", "sam", (id) => `/threat mitigated ${id} by infra/export.tf:2`],
    ["not-applicable", "sam", (id) => `/threat not-applicable ${id} because it holds public images only`],
    ["accepted", "dana", (id) => `/threat accept ${id} until 2026-05-01 because it goes away by then`],
  ];
  const all = places.flatMap(([where, models, policy, file]) =>
    kinds.map(([status, login, comment]) => ({ where, models, policy, file, status, login, comment })),
  );

  test.each(all)("$where makes it $status once the patch is in", ({ models, policy, file, status, login, comment }) => {
    const snapshot = pullRequest(models, policy);
    const { id, short, title } = firstThreat(snapshot);
    const { body } = say(snapshot, comment(short), login);
    expect(body).toContain(`+++ b/${file}\n`);
    expect(body).toContain(`npx threatgate answer ${id} --`);
    const after = judge(patched(snapshot, body), rules, context).assessment;
    expect(after.problems).toEqual([]);
    expect(after.threats.find((threat) => threat.title === title)?.status).toBe(status);
  });

  test("still finds the threats by the ids that earlier questions show", () => {
    const snapshot = pullRequest([]);
    const before = judge(snapshot, rules, context).assessment.threats;
    const { body } = say(snapshot, `/threat mitigated ${before[0]?.id} by infra/export.tf`);
    const after = patched(snapshot, body);
    for (const { id, title } of before)
      expect(say(after, `/threat explain ${id.slice(0, 8)}`).body).toContain(`**${title}**`);
  });

  test("where the policy leaves no place for it says so", () => {
    const snapshot = pullRequest([], `${architects}systems:\n  - {name: all, model: [docs/threats.md]}\n`);
    expect(say(snapshot, `/threat mitigated ${firstThreat(snapshot).short} by infra/export.tf`).body).toContain(
      "The policy names the model files of system `all`, and none of them is a `threat-model.yaml`.",
    );
  });
});

describe("what is looked up", () => {
  test("is only what commands need", () => {
    expect(needsSnapshot(commandsIn("/threat help\n/threat recheck"))).toBe(false);
    expect(needsSnapshot(commandsIn("/threat apply"))).toBe(true);
    expect(needsSnapshot(commandsIn("/threat config"))).toBe(true);
    expect(needsSnapshot(commandsIn("/threat mitigate T-1"))).toBe(false);
  });

  test("is the evidence that commands name, inside the repository alone", () => {
    const by = (path: string) => ({ name: "mitigated", threat: "T-1", by: path }) as const;
    const paths = ["infra/a.tf:20", "./b.ts", "/c.ts#L3", "../../etc/passwd", "a//b", "a\\b", "C-1", "b.ts:0"];
    expect(evidenceWanted(paths.map(by))).toEqual(["infra/a.tf", "b.ts", "c.ts", "C-1"]);
  });
});

describe("what people wrote into a command", () => {
  const plain = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, " ").slice(0, 250);
  const forms: [string, (text: string) => string][] = [
    ["a reason", (text) => `/threat not-applicable THR-1 because three good words ${text}`],
    ["a control", (text) => `/threat mitigated THR-1 by x${text}`],
    ["a command that is none", (text) => `/threat ${text}`],
    ["an id", (text) => `/threat explain ${text}`],
    ["a date", (text) => `/threat accept THR-1 until ${text} because three good words`],
  ];

  test.each(forms)("as %s is shown and does nothing", (_, form) => {
    const snapshot = pullRequest(native(model));
    for (const text of hostileTexts) {
      const { body = "" } = say(snapshot, form(plain(text)));
      const outside = body
        .replace(/^<!-- threatgate:1 reply 12(?:%40[0-9a-f]{40}%40[0-9a-z]{26})? -->/, "")
        .replace(/(`{3,})(?:diff|sh)\n[\s\S]*?\n\1(?!`)/g, "")
        .replace(/(?<!`)(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)/g, "");
      expect(outside).not.toMatch(
        /<!--|<(?!\/?(?:details|summary|code)>)|@[A-Za-z]|https?:\/\/(?!docs\.example)|(?<![\u200b&])#\d/,
      );
    }
  });
});
