import { describe, expect, test } from "@jest/globals";
import { passagesOf } from "../../../src/core/changes/bearing/passages.ts";
import { namesAbout, subjectsOf, subjectsOfName } from "../../../src/core/changes/bearing/subjects.ts";
import { weights } from "../../../src/core/changes/bearing/weights.ts";
import { detector } from "../../../src/core/changes/detectors/bearing.ts";
import { inspectFiles } from "../../../src/core/changes/inspected-file.ts";
import type { ChangedFile } from "../../../src/core/domain/snapshot.ts";
import fc from "../../make/fast-check.ts";

function changed(filename: string, lines: readonly string[], heading = ""): ChangedFile {
  const before = lines.filter((line) => !line.startsWith("+")).length;
  const after = lines.filter((line) => !line.startsWith("-")).length;
  const patch = [`@@ -10,${before} +10,${after} @@${heading}`, ...lines].join("\n");
  return { filename, status: "modified", additions: after, deletions: before, changes: after + before, patch };
}

const evidenceOf = (file: ChangedFile): readonly (readonly string[])[] =>
  passagesOf(inspectFiles([file]).files).map(({ evidence }) => [...evidence]);
const seen = (...files: ChangedFile[]) => detector.inspect(inspectFiles(files).files);

const guarded = changed(
  "http/checksum.go",
  [
    ' \tif sum := d.query(); sum != "" {',
    "+\t\tif !d.user.Perm.Download {",
    "+\t\t\treturn http.StatusForbidden, nil",
    "+\t\t}",
    " \t\treturn d.digest(sum)",
  ],
  " func checksum(d *data) int {",
);

describe("what names are about", () => {
  test.each([
    ["userPerm", ["person", "permission"]],
    ["CREATE_API_KEY", ["authentication-phrase", "interface", "credential", "secret-phrase"]],
    ["authority", []],
    ["tokenizer", []],
  ])("%s", (name, subjects) => {
    expect([...subjectsOfName(name)].sort()).toEqual([...subjects].sort());
  });

  test("a text is about what its names are about, and names them in their order", () => {
    expect([...subjectsOf("if (limiter.blocked(ip))")].sort()).toEqual(["check", "limit", "network"]);
    expect(namesAbout("blocked(ip, limiter, ip)", new Set(["network", "limit"]))).toEqual(["ip", "limiter"]);
  });
});

describe("evidence of a passage", () => {
  test("says in which position a subject stands", () => {
    const [evidence] = evidenceOf(guarded);
    expect(evidence).toEqual(
      expect.arrayContaining([
        "names:permission",
        "more:permission",
        "condition-added:person",
        "guard-added:permission",
        "beside-refusal:permission",
        "shape:guard-added",
        "shape:only-added",
      ]),
    );
  });

  test("a name that stands as often on both sides is said to", () => {
    const file = changed("server/list.go", ["-\treturn a.token(one)", "+\treturn b.token(two)"]);
    expect(evidenceOf(file)[0]).toContain("as-often:credential");
  });

  test("what a language asks for in front of a name is no word of the one who wrote it", () => {
    const [field] = evidenceOf(changed("src/Shop/Order.cs", ["+    public string Note { get; private set; }"]));
    expect(field).not.toContain("names:sharing");
    const [value] = evidenceOf(changed("src/Shop/Order.cs", ["+    note.Kind = Kind.Public;"]));
    expect(value).toContain("names:sharing");
  });

  test("a sentence in quotes tells people something, a word in quotes decides", () => {
    const [sentence] = evidenceOf(changed("src/help.ts", ['+  info: "Tokens are what members sign in with",']));
    expect(sentence).not.toContain("quoted:credential");
    const [word] = evidenceOf(changed("src/help.ts", ['+  info: pick("access token"),']));
    expect(word).toContain("quoted:credential");
  });

  test("a line of a text over many lines is no code", () => {
    const text = "+    organizations, which manage members, permissions, groups and tokens.";
    expect(evidenceOf(changed("src/help.ts", [text]))).toEqual([]);
    expect(evidenceOf(changed("src/help.rb", ["+  return if member and token or group and not user"]))).toHaveLength(1);
  });

  test("a path that people are sent on to opens no way in, one that is served does", () => {
    const [sent] = evidenceOf(changed("src/pages.ts", ['+  redirect("/groups/mine");']));
    expect(sent).not.toContain("shape:path-in-quotes-added");
    const [served] = evidenceOf(changed("src/pages.ts", ['+  serve("/groups/mine", list);']));
    expect(served).toContain("shape:path-in-quotes-added");
  });

  test("what goes to a log decides nothing", () => {
    expect(evidenceOf(changed("src/keys.go", ['+\th.log.Info(ctx, "token of %s", user.Permission)']))).toEqual([]);
    expect(evidenceOf(changed("src/keys.go", ["+\th.login.Check(ctx, user.Permission)"]))).toHaveLength(1);
  });

  test("what stands behind a message on the same line is no message", () => {
    const behind = (text: string) =>
      evidenceOf(changed("src/keys.ts", [`+  log.info(${text}); grant(user, permission);`]));
    expect(behind('"checked"')).toHaveLength(1);
    expect(evidenceOf(changed("src/keys.ts", ['+  log.info("token; of", user.permission);']))).toEqual([]);
  });

  test("the space that a file's names live in says nothing", () => {
    expect(evidenceOf(changed("src/Shop/Order.cs", ["+namespace Shop.Access.Permissions;"]))).toEqual([]);
  });

  test("runs of changed lines that stand far apart are passages of their own", () => {
    const unchanged = Array.from({ length: 8 }, (_, index) => ` \tstep(${index})`);
    const file = changed("server/run.go", ["+\tfirst(token)", ...unchanged, "+\tlast(password)"]);
    expect(evidenceOf(file)).toHaveLength(2);
  });

  test("each position and subject that carries a weight can be said", () => {
    const positions = new Set(Object.keys(weights).map((key) => key.split(":")[0]));
    for (const position of positions) {
      expect(
        "as-often beside-refusal comment condition condition-added condition-removed declares file folder guard-added guard-kept guard-removed heading import inside length less more names near query quoted refusal shape size status switched".split(
          " ",
        ),
      ).toContain(position);
    }
  });
});

describe("bearing", () => {
  test("a text for people that is worded otherwise says nothing, another right in quotes does", () => {
    const worded = (before: string, after: string) =>
      changed("permissions/checksum.go", [
        " func checksum(d *data) int {",
        `-\tif !d.user.Perm.Authorize(${before}) {`,
        `+\tif !d.user.Perm.Authorize(${after}) {`,
        " \t\treturn http.StatusForbidden, nil",
        " \t}",
        " }",
      ]);
    expect(seen(worded('"you may not read this token"', '"you may not see this token"'))).toEqual([]);
    expect(seen(worded('"host token:read"', '"host token:write"'))).toHaveLength(1);
  });

  test("words of a list, one on a line, say nothing", () => {
    const words = ["+    shop_owner_permission", "+    shop_credential_host", "+    shop_access_token"];
    expect(seen(changed("permissions/valid_tags.rb", ["   ALL = %w[", ...words, "   ]"]))).toEqual([]);
  });

  test("speaks of a control that no rule knows, at its line, by its name", () => {
    expect(seen(guarded)).toEqual([
      {
        what: "access",
        path: "http/checksum.go",
        name: "checksum",
        line: 11,
        attributes: { names: "`user`, `Perm`, `StatusForbidden`" },
        evidence: "\t\tif !d.user.Perm.Download {",
      },
    ]);
  });

  test("says nothing of the same lines in a test, a client, a seeder or a comment", () => {
    const lines = (guarded.patch ?? "").split("\n").slice(1);
    expect(seen({ ...guarded, filename: "http/checksum_test.go" })).toEqual([]);
    expect(seen({ ...guarded, filename: "apps/cli/checksum.go" })).toEqual([]);
    expect(seen({ ...guarded, filename: "tools/Seeder/checksum.go" })).toEqual([]);
    expect(
      seen(
        changed(
          "http/checksum.go",
          lines.map((line) => line.replace(/^\+\t*/, "+// ")),
        ),
      ),
    ).toEqual([]);
  });

  test("says nothing of a value that is handed on, but of the condition on it", () => {
    const handedOn = [
      "+\trandomClientPort bool,",
      "+\ttrustedNetwork,",
      "+\tclientPermission Permission,",
      "+\taccessToken string,",
    ];
    expect(seen(changed("net/peers.go", handedOn, " func peers(tokenHost string) error {"))).toEqual([]);
    const asked = [...handedOn, "+\tif !trustedNetwork.Allows(clientPermission, accessToken) {", "+\t\treturn nil"];
    expect(seen(changed("net/peers.go", asked, " func peers(tokenHost string) error {"))).toHaveLength(1);
  });

  test("says nothing of a function that hands on what is there, but of one that chooses", () => {
    const heading = " func (s *State) GetAPIKey(prefix string) (*APIKey, error) {";
    const giver = [
      "+func (s *State) GetAPIKeyByID(id uint64) (*APIKey, error) {",
      "+\treturn s.db.GetAPIKeyByID(id)",
      "+}",
    ];
    expect(seen(changed("state/keys.go", giver, heading))).toEqual([]);
    const chooser = [
      ...giver.slice(0, 1),
      "+\tif s.isExpired(id) {",
      "+\t\treturn nil, errExpired",
      "+\t}",
      ...giver.slice(1),
    ];
    expect(seen(changed("state/keys.go", chooser, heading))).toHaveLength(1);
  });

  test("says nothing of how fields that were there are stored, but of a new secret among them", () => {
    const marks = [
      '+\t@Column(name = "password")',
      " \tprivate String first;",
      '+\t@Column(name = "salt", length = 128)',
    ];
    expect(seen(changed("src/main/java/shop/Credential.java", marks, " public class Credential {"))).toEqual([]);
    const field = [
      ...marks,
      " \tprivate String second;",
      "+\tprivate String secretAnswerPassword = token(permission);",
    ];
    expect(seen(changed("src/main/java/shop/Credential.java", field, " public class Credential {"))).toHaveLength(1);
  });

  test("a path that stood in the file, or that is put behind another text, opens no way in", () => {
    const [stood] = evidenceOf(
      changed("src/routes.js", [
        "-app.get('/notes', may('read'), list);",
        "+app.get('/notes',",
        "+  may('read'), reasons, list);",
      ]),
    );
    expect(stood).not.toContain("shape:path-in-quotes-added");
    const [joined] = evidenceOf(changed("src/notes.js", ["+const address = partner.base() + '/notes';"]));
    expect(joined).not.toContain("shape:path-in-quotes-added");
    const [served] = evidenceOf(changed("src/notes.js", ["+  case '/notes':"]));
    expect(served).toContain("shape:path-in-quotes-added");
  });

  test("says nothing of what alters a store once, and of what is told when something went wrong", () => {
    const control = ["+    return [(perm.name, user.can(perm)) for perm in grants(user.tokens)]"];
    expect(seen(changed("shop/rights.py", control, " def permissions(user):"))).toHaveLength(1);
    expect(seen(changed("shop/migrations/0007_rights.py", control, " def permissions(user):"))).toEqual([]);
    expect(seen(changed("shop/exceptions/rights.py", control, " def permissions(user):"))).toEqual([]);
  });

  test("what a method asks of its arguments is no right, what it asks of a caller is", () => {
    const [given] = evidenceOf(changed("src/Shop/Order.cs", ["+        Guard.NotNull(order);"]));
    expect(given).not.toContain("names:authorization-phrase");
    const [caller] = evidenceOf(changed("src/Shop/Order.cs", ["+        AccessGuard.Check(caller);"]));
    expect(caller).toContain("names:authorization-phrase");
  });

  test("what lies at the right of a page is no right", () => {
    const [place] = evidenceOf(changed("src/page.ts", ["+    } else if (x > box.right - edge) {"]));
    expect(place).not.toContain("names:permission");
    const [rights] = evidenceOf(changed("src/page.ts", ["+    } else if (box.rights.includes(x)) {"]));
    expect(rights).toContain("names:permission");
  });

  test("says nothing of events by their names, but of permissions by theirs", () => {
    const enumeration = (name: string) =>
      changed("src/main/java/shop/Kinds.java", [
        `+public enum ${name} {`,
        "+    AUTHORISATION_REJECTED,",
        "+    AUTHORISATION_PERMITTED,",
        "+    PASSWORD_TOKEN_ACCESS,",
        "+}",
      ]);
    expect(seen(enumeration("OrderEventType"))).toEqual([]);
    expect(seen(enumeration("Permission"))).toHaveLength(1);
  });

  test("names what somebody wrote, not what the language asks for", () => {
    const lines = [
      "+    public boolean mayAccess(User owner) {",
      "+        return owner.hasPermission(Perm.SHARE) && !owner.isGuest();",
    ];
    const [found] = seen(changed("src/main/java/shop/Notes.java", lines, " public class Notes {"));
    expect(found?.attributes?.names).not.toContain("public");
    expect(found?.attributes?.names).toContain("mayAccess");
  });

  test("says nothing where the same lines stand on both sides", () => {
    const moved = ["+\t\tif !d.user.Perm.Download {", "+\t\t\treturn deny", "+\t\t}"];
    expect(
      seen(
        changed("a.go", moved),
        changed(
          "b.go",
          moved.map((line) => line.replace("+", "-")),
        ),
      ),
    ).toEqual([]);
  });

  test("names no more than the strongest few passages of a change", () => {
    const files = Array.from({ length: 12 }, (_, index) => ({ ...guarded, filename: `http/part${index}.go` }));
    expect(seen(...files).length).toBeLessThanOrEqual(4);
  });

  test("never throws, and says places that are in the patch, whatever the lines are", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom("+", "-", " "), fc.string()), { maxLength: 40 }), (drawn) => {
        const lines = drawn.map(([mark, text]) => mark + text.replace(/[\r\n]/g, " "));
        for (const { line } of seen(changed("server/auth.py", lines))) {
          if (line === undefined) continue;
          expect(line).toBeGreaterThanOrEqual(10);
          expect(line).toBeLessThan(10 + lines.length);
        }
      }),
    );
  });
});
