import { describe, expect, test } from "@jest/globals";
import { changesOutput } from "../../../src/core/changes/changes-output.ts";
import { type DetectionInput, detectChanges } from "../../../src/core/changes/detect.ts";
import { isStructural, renamesToSettle, textsNeeded } from "../../../src/core/changes/texts.ts";
import { type ChangedFile, emptyContent } from "../../../src/core/domain/snapshot.ts";
import { readRules } from "../../../src/shell/local/rule-files.ts";
import fc from "../../make/fast-check.ts";

const rules = await readRules();

/** A file whose changed lines are given with their sign; numbers and counts follow. */
function aFile(filename: string, lines: string, more: Partial<ChangedFile> = {}): ChangedFile {
  const all = lines.split("\n");
  const count = (signs: string): number => all.filter((line) => signs.includes(line[0] ?? "?")).length;
  const [additions, deletions] = [count("+"), count("-")];
  const isNew = deletions === 0 && count(" ") === 0;
  const patch = `@@ -${isNew ? 0 : 1},${count("- ")} +1,${count("+ ")} @@\n${lines}`;
  return {
    filename,
    status: isNew ? "added" : "modified",
    additions,
    deletions,
    changes: additions + deletions,
    patch,
    ...more,
  };
}

function detect(files: readonly ChangedFile[], more: Partial<DetectionInput> = {}): ReturnType<typeof detectChanges> {
  return detectChanges({ files, headTexts: [], baseTexts: [], ignore: [], modes: {}, ...more }, rules);
}

const route = aFile("src/orders/api.ts", '+orderRouter.post("/orders", createOrder);');

describe("what matters in a change", () => {
  test("is said with place, element, reason and question", () => {
    const [change] = detect([route]).changes;
    expect(change).toMatchObject({
      rule: "endpoint-added",
      category: "public-interface",
      path: "src/orders/api.ts",
      line: 1,
      significant: true,
      element: { type: "http-api", name: "/orders" },
      says: "New endpoint: `/orders`",
      evidence: 'orderRouter.post("/orders", createOrder);',
    });
  });

  test("a call is asked about by its new address, as surely as the call was seen", () => {
    const lines = [
      "+export async function sendClaim(claim) {",
      '+  const answer = await fetch("https://api.meridian-insurance.example/v2/claims", {',
      '+    headers: { authorization: "Bearer " + process.env.MERIDIAN_TOKEN },',
      "+    body: JSON.stringify(claim),",
      "+  });",
      "+}",
    ];
    const { changes } = detect([aFile("src/insurers/client.js", lines.join("\n"))]);
    expect(changes.filter(({ significant }) => significant).map(({ says }) => says)).toEqual([
      "New outbound call: `api.meridian-insurance.example`",
    ]);
    expect(changes.map(({ rule }) => rule)).not.toContain("outbound-call-added");
  });

  test("a field of an interface that is about people is asked about as that, not as one more field", () => {
    const field = aFile("shop/schemas.py", "+    date_of_birth = fields.Date(required=True)");
    const { changes } = detect([field]);
    expect(changes.filter(({ significant }) => significant).map(({ rule }) => rule)).toEqual(["personal-field-added"]);
    const other = detect([aFile("shop/schemas.py", "+    direction = fields.Str(required=True)")]).changes;
    expect(other.filter(({ significant }) => significant).map(({ rule }) => rule)).toEqual(["api-field-declared"]);
  });

  test("the title of a new thing names the attribute that it is about", () => {
    const text = ["name: plan", "on: push", "jobs:", "  plan:", "    permissions:", "      id-token: write", ""].join(
      "\n",
    );
    const patch = `@@ -0,0 +1,6 @@\n${text.trimEnd().replaceAll(/^/gm, "+")}`;
    const file = aFile(".github/workflows/plan.yml", "", { additions: 6, changes: 6, status: "added", patch });
    expect(detect([file]).changes).toContainEqual(
      expect.objectContaining({
        rule: "workflow-token-rights",
        line: 6,
        says: "Rights of the pipeline token changed: permissions.id-token",
      }),
    );
  });

  test("a line that moved to another file is no news", () => {
    const from = aFile("src/orders/old.ts", ' keep();\n-orderRouter.post("/orders", createOrder);');
    expect(detect([route, from]).changes).toEqual([]);
  });

  test("a part of a page that gets a file of its own is no news, and what it no longer escapes there is", () => {
    const from = aFile("app/views/orders/show.html.haml", " .order\n-    = @order.note.html_safe\n+  = render 'note'");
    const to = (line: string): ChangedFile => aFile("app/views/orders/_note.html.haml", line);
    expect(detect([from, to("+= order.note.html_safe")]).changes).toEqual([]);
    const [change] = detect([from, to("+= order.address.html_safe")]).changes;
    expect(change).toMatchObject({ rule: "html-escaping-changed", path: "app/views/orders/_note.html.haml" });
  });

  test("a statement that is broken over lines is no news, and what is taken out of one is", () => {
    const joined = "-\treturn check_permission(caller, order) && order_is_open(order)";
    const broken = "+\treturn check_permission(caller, order)\n+\t\t&& order_is_open(order)";
    expect(detect([aFile("src/orders/rows.js", `${joined}\n${broken}`)]).changes).toEqual([]);
    const without = "+\treturn order_is_open(order)";
    const [change] = detect([aFile("src/orders/rows.js", ` keep();\n${joined}\n${without}`)]).changes;
    expect(change).toMatchObject({ rule: "access-check-removed", significant: true });
  });

  test("a check that is put into a text, or behind a condition, is no check that was broken over lines", () => {
    const gone = "-\trequirePermission(caller, order);";
    for (const instead of [
      "+\tlog('requirePermission(caller, order);');",
      "+\tif (false) requirePermission(caller, order);",
      "+\tconst was = `before requirePermission(caller,\n+\t\torder); after`;",
    ]) {
      const rules = detect([aFile("src/orders/rows.js", ` keep();\n${gone}\n${instead}`)]).changes.map(
        ({ rule }) => rule,
      );
      expect([instead, rules]).toEqual([instead, expect.arrayContaining(["access-check-removed"])]);
    }
  });

  test("a check under a condition that is written on one line is the same check", () => {
    for (const [before, after] of [
      ["-\tif (!ok) {\n-\t\treturn forbidden();\n-\t}", "+\tif (!ok) return forbidden();"],
      [
        "-\tif (strict) {\n-\t\trequirePermission(caller, order);\n-\t}",
        "+\tif (strict) requirePermission(caller, order);",
      ],
    ])
      expect(
        detect([aFile("src/orders/rows.js", ` keep();\n${before}\n${after}`)]).changes.filter(
          ({ significant }) => significant,
        ),
      ).toEqual([]);
  });

  test("a comment, a test and a page of documentation say nothing", () => {
    const files = [
      aFile("src/orders/api.ts", ' keep();\n+// orderRouter.post("/orders", createOrder);'),
      aFile("test/orders/api.test.ts", '+orderRouter.post("/orders", createOrder);'),
      aFile("docs/api.md", '+orderRouter.post("/orders", createOrder);'),
    ];
    expect(detect(files).changes).toEqual([]);
  });

  test("one weak sign is recorded, two of different kinds are asked about", () => {
    const condition = aFile(
      "src/lookup.py",
      " def find(key):\n+    if wide and api_key.startswith(prefix):\n     pass",
    );
    expect(detect([condition]).changes.map(({ rule, significant }) => [rule, significant])).toEqual([
      ["security-condition-changed", false],
    ]);
    const data = aFile("src/load.py", " def load(body):\n+    JSON.parse(body)\n     pass");
    expect(detect([condition, data]).changes.map(({ rule, significant }) => [rule, significant])).toEqual([
      ["security-condition-changed", true],
      ["untrusted-data-parsed", true],
    ]);
  });

  test("of many of one kind a few are asked about, and all are recorded", () => {
    const many = aFile(
      "src/orders/api.ts",
      Array.from({ length: 40 }, (_, index) => `+orderRouter.get("/orders/${index}", list);\n+\n+\n+\n+\n+`).join("\n"),
    );
    const { changes } = detect([many]);
    expect(changes.filter(({ significant }) => significant).length).toBeLessThanOrEqual(6);
    expect(changes.length).toBe(40);
  });

  test("the same input gives the same answer", () => {
    const files = [route, aFile("src/auth.ts", "+export function createSession(user) {")];
    expect(detect(files)).toEqual(detect(files));
  });
});

describe("what no rule knows by its form", () => {
  const unknown = aFile(
    "core/delivery.rs",
    ' open(host);\n+if !self.peers.allows(host, "proxy") {\n+    return Err(Error::Host);\n+}',
  );

  test("is asked about where nothing else is", () => {
    const [change, ...others] = detect([unknown]).changes;
    expect(change).toMatchObject({ rule: "bearing-on-network", line: 2, significant: true });
    expect(others.filter(({ significant }) => significant)).toEqual([]);
  });

  test("is only recorded beside what a rule knows", () => {
    const { changes } = detect([unknown, route]);
    expect(changes.map(({ rule, significant }) => [rule, significant])).toEqual([
      ["endpoint-added", true],
      ["bearing-on-network", false],
    ]);
  });

  test("is silent where the organisation switched it off", () => {
    expect(detect([unknown], { modes: { "bearing-on-network": "off" } }).changes).toEqual([]);
  });
});

describe("the policy", () => {
  test("leaves out paths, and says which", () => {
    const { changes, notInspected } = detect([route], { ignore: ["src/orders/**"] });
    expect(changes).toEqual([]);
    expect(notInspected).toEqual([{ path: "src/orders/api.ts", reason: "left out by the policy (`paths.ignore`)" }]);
  });

  test("a file that leaves an ignored folder is looked at", () => {
    const moved = { ...route, status: "renamed" as const, previous_filename: "sandbox/api.ts" };
    expect(detect([moved], { ignore: ["sandbox/**"] }).changes).toHaveLength(1);
  });

  test("switches a rule off or gives it another mode", () => {
    expect(detect([route], { modes: { "endpoint-added": "off" } }).changes).toEqual([]);
    expect(detect([route], { modes: { "endpoint-added": "block" } }).changes[0]?.mode).toBe("block");
  });
});

describe("what was not looked at is said", () => {
  test.each<[string, ChangedFile, string]>([
    [
      "a patch too large for GitHub",
      { ...route, patch: undefined, changes: 4000 } as never,
      "no patch: too large for GitHub to show",
    ],
    [
      "a binary",
      { filename: "a.bin", status: "added", additions: 0, deletions: 0, changes: 0 },
      "no patch: binary or empty",
    ],
    [
      "a patch that git did not write",
      { ...route, patch: "nonsense" },
      "the patch could not be read: line 1 of the patch is not a hunk header",
    ],
  ])("%s", (_, file, reason) => {
    const { patch, ...rest } = file;
    const given = patch === undefined ? rest : file;
    expect(detect([given]).notInspected).toEqual([{ path: given.filename, reason }]);
  });

  test.each([
    ["a new file that is empty", { filename: "app/__init__.py", sha: emptyContent }],
    ["a picture", { filename: "app/logo.PNG", sha: "0".repeat(40) }],
  ])("but not of %s, which hides nothing", (_, file) => {
    const added = { status: "added", additions: 0, deletions: 0, changes: 0 } as const;
    expect(detect([{ ...added, ...file }]).notInspected).toEqual([]);
  });

  test("the end of a line that is too long to be read (H077)", () => {
    const file = aFile("src/total.ts", `+const total = [${"1,".repeat(400)}];`);
    expect(detect([file]).notInspected).toEqual([
      { path: "src/total.ts", reason: "line 1 is longer than 600 characters: only its beginning was read" },
    ]);
    expect(detect([aFile("data/total.json", `+{"total": [${"1,".repeat(400)}1]}`)]).notInspected).toEqual([]);
  });

  test("a manifest whose whole text was not read", () => {
    const file = aFile("package.json", ' "dependencies": {\n+  "express": "5.0.0",\n   "a": "1.0.0"');
    expect(detect([file]).notInspected).toEqual([{ path: "package.json", reason: "its whole text was not read" }]);
  });

  test("H077: a manifest that could not be parsed before is one thing to ask about, whatever it holds now", () => {
    const packages = ["stripe", "express", "pg", "left-trim"].map((name) => `    "${name}": "^1.0.0"`).join(",\n");
    const after = `{\n  "name": "orders",\n  "dependencies": {\n${packages}\n  }\n}\n`;
    const before = after.replace('"orders",', '"orders"');
    const file = aFile("package.json", ' {\n-  "name": "orders"\n+  "name": "orders",\n   "dependencies": {');
    const headTexts = [{ path: "package.json", text: after }];
    const { changes, notInspected } = detect([file], {
      headTexts,
      baseTexts: [{ path: "package.json", text: before }],
    });
    expect(changes).toMatchObject([
      { rule: "former-text-unreadable", path: "package.json", line: 2, significant: true },
    ]);
    expect(notInspected).toMatchObject([
      { path: "package.json", reason: expect.stringMatching(/^what it was before could not be parsed: /) },
    ]);
  });

  test("H077: nor is it one where nothing would be asked of what it declares if it were new", () => {
    const after = '{\n  "name": "orders",\n  "devDependencies": {\n    "vitest": "^2.0.0"\n  }\n}\n';
    const file = aFile("package.json", ' {\n-  "name": "orders"\n+  "name": "orders",\n   "devDependencies": {');
    const { changes, notInspected } = detect([file], {
      headTexts: [{ path: "package.json", text: after }],
      baseTexts: [{ path: "package.json", text: after.replace('"orders",', '"orders"') }],
    });
    expect(changes).toEqual([]);
    expect(notInspected).toHaveLength(1);
  });

  test("a lockfile that is too long: where its packages come from is read off the changed lines", () => {
    const registry = "registry.npmjs.org";
    const entry = (name: string, host: string) => [
      `    "node_modules/${name}": {`,
      '      "version": "1.0.0",',
      `      "resolved": "https://${host}/${name}/-/${name}-1.0.0.tgz"`,
      "    },",
    ];
    const others = Array.from({ length: 12_000 }, (_, index) => entry(`package-${index}`, registry)).flat();
    const lockfile = (host: string) =>
      ["{", '  "packages": {', ...entry("left-trim", host), ...others, '    "": {}', "  }", "}", ""].join("\n");
    const [opening, version, from, closing] = entry("left-trim", registry);
    const [, , fromElsewhere] = entry("left-trim", "packages.example.org");
    const file: ChangedFile = {
      filename: "package-lock.json",
      status: "modified",
      additions: 1,
      deletions: 1,
      changes: 2,
      patch: ["@@ -3,4 +3,4 @@", ` ${opening}`, ` ${version}`, `-${from}`, `+${fromElsewhere}`, ` ${closing}`].join(
        "\n",
      ),
    };
    const { changes, notInspected } = detect([file], {
      headTexts: [{ path: "package-lock.json", text: lockfile("packages.example.org") }],
      baseTexts: [{ path: "package-lock.json", text: lockfile(registry) }],
    });
    expect(changes).toMatchObject([
      { rule: "dependency-not-from-registry", line: 5, says: expect.stringContaining("`left-trim`") },
    ]);
    expect(notInspected).toEqual([
      { path: "package-lock.json", reason: "too large to be compared whole: only its changed lines were read" },
    ]);
  });

  test("texts that do not belong to the patch", () => {
    const file = aFile("package.json", ' "dependencies": {\n+  "express": "5.0.0",\n   "a": "1.0.0"');
    const { notInspected } = detect([file], { headTexts: [{ path: "package.json", text: "{}\n" }] });
    expect(notInspected[0]?.reason).toMatch(/^the patch does not fit the text at the head: /);
  });

  test("H077: a rename without lines hides nothing only where both contents have the same id", () => {
    const file: ChangedFile = {
      filename: "b.ts",
      previous_filename: "a.ts",
      status: "renamed",
      additions: 0,
      deletions: 0,
      changes: 0,
    };
    const same = { ...file, sha: "aa11", previous_sha: "aa11" };
    const other = { ...file, sha: "aa11", previous_sha: "bb22" };
    expect(detect([same], { notRead: [] })).toMatchObject({ changes: [], notInspected: [], problems: [] });
    for (const open of [file, { ...file, sha: "aa11" }, { ...file, previous_sha: "bb22" }, other]) {
      const { changes, notInspected } = detect([open], { notRead: [] });
      expect(changes).toMatchObject([{ rule: "source-not-shown", path: "b.ts", significant: true }]);
      expect(notInspected).toEqual([
        { path: "b.ts", reason: "no patch: renamed, and nothing shows whether that is all" },
      ]);
    }
    expect(renamesToSettle([same, other, file, { ...file, filename: "b.png" }])).toEqual(["b.ts"]);
    expect(textsNeeded([same, other, file])).toEqual(["b.ts"]);
    const headTexts = [{ path: "b.ts", text: `${"a();\n".repeat(9)}router.post("/orders", createOrder);\n` }];
    const baseTexts = [{ path: "a.ts", text: "a();\n".repeat(9) }];
    expect(detect([other], { notRead: [], headTexts, baseTexts }).changes).toMatchObject([
      { rule: "endpoint-added", path: "b.ts", line: 10 },
    ]);
  });

  test("H077: a manifest that was renamed so that it now counts is compared under both names", () => {
    const text = "flask==3.0.0\n";
    const file: ChangedFile = {
      filename: "requirements.txt",
      previous_filename: "tests/requirements.txt",
      status: "renamed",
      additions: 0,
      deletions: 0,
      changes: 0,
      sha: "aa11",
      previous_sha: "aa11",
    };
    const headTexts = [{ path: "requirements.txt", text }];
    expect(textsNeeded([file])).toEqual(["requirements.txt"]);
    const { changes } = detect([file], { headTexts, notRead: [] });
    expect(changes[0]).toMatchObject({ path: "requirements.txt", line: 1, significant: true });
  });

  test.each([
    [
      "package.json",
      "test/package.json",
      '{ "dependencies": {\n  "express": "5.0.0" } }\n',
      "dependency-http-server",
      2,
    ],
    ["Dockerfile", "examples/Dockerfile", "FROM node:22\nUSER root\n", "dockerfile-image-new", 1],
    [
      "src/orders.ts",
      "test/orders.ts",
      'import { router } from "./router.ts";\nrouter.post("/orders", create);\n',
      "endpoint-added",
      2,
    ],
  ])(
    "H077: %s that lay at %s is new where it now counts, renamed alone or edited on the way",
    (filename, previous, text, rule, line) => {
      const alone: ChangedFile = {
        filename,
        previous_filename: previous,
        status: "renamed",
        additions: 0,
        deletions: 0,
        changes: 0,
      };
      const same = { ...alone, sha: "aa11", previous_sha: "aa11" };
      const [first = ""] = text.split("\n");
      const patch = `@@ -1,1 +1,1 @@\n-was ${first}\n+${first}`;
      const edited = { ...alone, additions: 1, deletions: 1, changes: 2, patch };
      const headTexts = [{ path: filename, text }];
      for (const file of [alone, same, edited]) {
        expect(textsNeeded([file])).toEqual([filename]);
        expect(renamesToSettle([file])).toEqual([]);
        expect(detect([file], { headTexts, notRead: [] }).changes).toContainEqual(
          expect.objectContaining({ rule, path: filename, line, significant: true }),
        );
        const away = { ...file, filename: previous, previous_filename: filename };
        expect(detect([{ ...away, previous_sha: away.sha ?? "bb22" }], { headTexts: [], notRead: [] }).changes).toEqual(
          [],
        );
      }
    },
  );
});

describe("nothing to do", () => {
  test("names the file nearest to mattering", () => {
    const files = [aFile("src/list.ts", "+const a = 1;"), aFile("test/auth/sign-in.test.ts", "+login();")];
    expect(detect(files).nearest).toEqual({ path: "test/auth/sign-in.test.ts", why: "a test" });
  });

  test("has no nearest file when something matters, or when nothing changed", () => {
    expect(detect([route]).nearest).toBeUndefined();
    expect(detect([]).nearest).toBeUndefined();
  });
});

describe("hidden changes (H077)", () => {
  test.each<[string, ChangedFile, string]>([
    ["a submodule", aFile("ext/rates", "-Subproject commit 1111111\n+Subproject commit 2222222"), "submodule-moved"],
    ["a vendored file", aFile("vendor/rates/client.go", "+func Fetch() {}"), "vendored-code-changed"],
    [
      "a file's mode",
      { filename: "deploy.sh", status: "changed", additions: 0, deletions: 0, changes: 0 },
      "file-mode-changed",
    ],
    [
      "another case of a name",
      {
        filename: "src/Auth.ts",
        previous_filename: "src/auth.ts",
        status: "renamed",
        additions: 0,
        deletions: 0,
        changes: 0,
      },
      "case-rename",
    ],
    ["folding", aFile(".gitattributes", "+src/auth/** linguist-generated"), "difference-folded"],
    [
      "a binary",
      { filename: "lib/rates.jar", status: "added", additions: 0, deletions: 0, changes: 0 },
      "binary-added",
    ],
  ])("%s is seen", (_, file, rule) => {
    expect(detect([file]).changes.map((change) => change.rule)).toContain(rule);
  });
});

describe("texts that are needed", () => {
  test("are those of changed manifests; a new file stands in its patch", () => {
    const files = [
      aFile("package.json", ' {\n+  "a": 1\n }'),
      aFile("services/a/go.mod", "+module a"),
      aFile("src/a.ts", " a();\n+b();"),
      { ...aFile("requirements.txt", "-flask==1\n keep"), status: "removed" as const },
    ];
    expect(textsNeeded(files)).toEqual(["package.json"]);
    expect(isStructural("test/fixtures/package.json")).toBe(false);
  });
});

describe("the published line", () => {
  test("holds exactly the fields of the interface", () => {
    const output = changesOutput("shop-1", detect([route]));
    expect(output).toEqual({
      schemaVersion: 1,
      id: "shop-1",
      significant: true,
      changes: [
        {
          rule: "endpoint-added",
          category: "public-interface",
          path: "src/orders/api.ts",
          line: 1,
          significant: true,
          confidence: "high",
          element: { type: "http-api", name: "/orders" },
          stride: ["S", "I", "E"],
          says: "New endpoint: `/orders`",
          why: expect.stringMatching(/\.$/),
          evidence: 'orderRouter.post("/orders", createOrder);',
        },
      ],
      notInspected: [],
    });
  });
});

describe("hostile input", () => {
  const name = fc.oneof(
    fc.string(),
    fc.constantFrom("a.py", "b.ts", "Dockerfile", "package.json", "__proto__", "c.yml"),
  );
  const line = fc.string({ unit: "grapheme", maxLength: 200 }).map((text) => text.replaceAll("\n", " "));
  const file = fc.tuple(
    name,
    fc.array(fc.tuple(fc.constantFrom("+", "-", " "), line), { minLength: 1, maxLength: 20 }),
  );

  test("never throws, and evidence is one bounded line", () => {
    fc.assert(
      fc.property(fc.array(file, { maxLength: 4 }), (files) => {
        const given = files.map(([filename, lines]) =>
          aFile(filename, lines.map(([sign, text]) => sign + text).join("\n")),
        );
        for (const change of detect(given).changes) {
          expect(Array.from(change.evidence).length).toBeLessThanOrEqual(200);
          expect(change.evidence).not.toMatch(/[\u0000-\u001f\u007f\u2028\u2029]/);
        }
      }),
      { numRuns: 150 },
    );
  });

  test.each([
    ["quotes", '"'],
    ["brackets", "("],
    ["letters", "a"],
    ["template holes", "${"],
    ["equal signs", "="],
    ["dots", "a."],
    ["comment openings", "/*"],
    ["type arguments", "a>,", "public "],
    ["calls of checks", "requireRole", "if "],
    ["routes", "/a:b", 'router.get("'],
  ])("a line of 200,000 %s is read in bounded time", (_, unit, start = "") => {
    const files = ["a.ts", "b.py", "c.go", "d.kt", "e.rb", "f.php", "g.cs", "h.rs", "i.sql", "j.yml"].map((path) =>
      aFile(path, `+${start}${unit.repeat(200_000 / unit.length)}`),
    );
    expect(detect(files).changes).toBeDefined();
  });
});
