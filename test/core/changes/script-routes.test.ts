import { describe, expect, test } from "@jest/globals";
import { detectors } from "../../../src/core/changes/detectors/index.ts";
import { inspectFiles } from "../../../src/core/changes/inspected-file.ts";
import type { ChangedFile } from "../../../src/core/domain/snapshot.ts";
import fc from "../../make/fast-check.ts";

function changed(filename: string, ...lines: string[]): ChangedFile {
  const before = lines.filter((line) => !line.startsWith("+")).length;
  const after = lines.filter((line) => !line.startsWith("-")).length;
  const patch = [`@@ -30,${before} +30,${after} @@`, ...lines].join("\n");
  return { filename, status: "modified", additions: after, deletions: before, changes: after + before, patch };
}

/** What one detector says of a change, each as what it saw and at which line. */
function seen(name: string, ...files: ChangedFile[]): readonly string[] {
  const detector = detectors.find((one) => one.name === name);
  if (!detector) throw new Error(`No detector ${name}.`);
  return detector.inspect(inspectFiles(files).files).map(({ what, line }) => `${what} ${line ?? "gone"}`);
}

describe("the chain of a route", () => {
  test.each<[what: string, lines: readonly string[], line: string]>([
    [
      "loses a check on its line",
      ["-router.get('/orders', tokens.protect(), show);", "+router.get('/orders', show);"],
      "changed 30",
    ],
    [
      "has another check",
      ["-app.post('/orders', requireUser, save);", "+app.post('/orders', requireStaff, save);"],
      "changed 30",
    ],
    [
      "gains one on a line of its own",
      [" router.post(", "   '/orders',", "+  validateBody(order),", "   save,", " );"],
      "changed 32",
    ],
    [
      "loses one on a line of its own",
      [" router.post('/orders',", "-  requireUser,", "   save,", " );"],
      "changed gone",
    ],
    [
      "is wrapped on the way",
      [
        "-app",
        "-  .route('/orders')",
        "-  .get(requireUser, show);",
        "+app.route('/orders').get(",
        "+  requireUser,",
        "+  checkQuery({",
        "+    number: text,",
        "+  }),",
        "+  show,",
        "+);",
      ],
      "changed 32",
    ],
  ])("changes when it %s", (_, lines, line) => {
    expect(seen("routeChains", changed("src/orders/routes.js", ...lines))).toEqual([line]);
  });

  test.each<[what: string, lines: readonly string[]]>([
    ["another handler answers", ["-app.get('/orders', requireUser, list);", "+app.get('/orders', requireUser, all);"]],
    ["a check is told the same, as a list", ["-app.get('/a', may(READ), list);", "+app.get('/a', may([READ]), list);"]],
    ["it is counted or written down", ["-app.get('/a', list);", "+app.get('/a', logRequest, list);"]],
    ["the route is new", ["+app.get('/a', requireUser, list);"]],
    ["the route is new, over lines", ["+app.get(", "+  '/a',", "+  requireUser,", "+  list,", "+);"]],
    ["another system is asked", ["-axios.get('/a', token, done);", "+axios.get('/a', done);"]],
  ])("does not when %s", (_, lines) => {
    expect(seen("routeChains", changed("src/orders/routes.js", ...lines))).toEqual([]);
  });

  test("is read in time linear in the line", () => {
    fc.assert(
      fc.property(fc.constantFrom("(", "{", ",", "'", "a.", "[", "require"), fc.nat(400), (piece, times) => {
        const rest = piece.repeat(times);
        const lines = [`-app.get('/a', ${rest});`, `+app.get('/a', requireUser, ${rest});`];
        expect(() => seen("routeChains", changed("src/a.js", ...lines))).not.toThrow();
      }),
    );
  });
});

describe("a list that decides", () => {
  test.each<[what: string, lines: readonly string[]]>([
    ["directives of a content security policy", [" scriptSrc: [", "+  'https://maps.example',", " ],"]],
    ["directives by their names in quotes", [" 'frame-src': [", "+  'https://maps.example',", " ],"]],
    ["expressions of trusted addresses", [" const trustedDomains = [", "+  /^(.+\\.)?shop\\.example$/,", " ];"]],
  ])("may hold %s", (_, lines) => {
    expect(seen("namedLists", changed("src/server/rules.ts", ...lines))).toEqual(["entry 31"]);
  });

  test("says nothing of a type that comes with the change", () => {
    const list = changed("src/fields/list.js", " const ALLOWED_FIELDS = [", "-  'DecimalField',", " ];");
    const gone = { ...changed("src/fields/DecimalField.class.js", "-class DecimalField {", "-}"), status: "removed" };
    expect(seen("namedLists", list)).toEqual(["entry gone"]);
    expect(seen("namedLists", list, gone as ChangedFile)).toEqual([]);
  });
});

describe("a number", () => {
  test("is about what the object around it is named for", () => {
    const lines = [" sessionMaxAge: {", "   doc: 'how long',", "-  default: 1 * HOUR,", "+  default: 3 * HOUR,", " },"];
    expect(seen("numbers", changed("src/config/session.ts", ...lines))).toEqual(["lifetime 32"]);
    const width = lines.map((line) => line.replace("sessionMaxAge", "pageWidth"));
    expect(seen("numbers", changed("src/config/page.ts", ...width))).toEqual([]);
  });
});

describe("a function that is taken out of another one", () => {
  const body = ["const page = await read(order.receipt);", "const address = page.address;", "const number = page.tax;"];
  const rest = ["const text = join(page, address);", "const paper = await print(text);", "return paper;"];
  const all = [...body, ...rest];

  test("is no new code of the kind that its name says", () => {
    const lines = [
      ...all.map((line) => `-    ${line}`),
      "+export async function printPayment(order) {",
      ...all.map((line) => `+  ${line}`),
      "+}",
    ];
    expect(seen("declarations", changed("src/orders/print.ts", ...lines))).toEqual([]);
  });

  test("is new where its lines are", () => {
    const lines = ["+export async function printPayment(order) {", ...all.map((line) => `+  ${line}`), "+}"];
    expect(seen("declarations", changed("src/orders/print.ts", ...lines))).toEqual(["integration 30"]);
  });
});

describe("a guard of NestJS", () => {
  test("is another one when it names another class", () => {
    const lines = ["-  @UseGuards(OptionalGuard, RightsGuard)", "+  @UseGuards(OptionalGuard, AdminGuard)"];
    expect(seen("guards", changed("src/maps/maps.controller.ts", ...lines))).toEqual([
      "guard-added 30",
      "guard-removed gone",
    ]);
  });
});

describe("an answer in code about identity", () => {
  test("that is given otherwise is a decision, whatever its file is called", () => {
    const lines = [
      " export async function demanded(account) {",
      "-  return await hasPolicy(account, SECOND_STEP);",
      "+  const found = await getPolicy(account, SECOND_STEP);",
      "+  return found === true;",
      " }",
    ];
    expect(seen("decisions", changed("server/two-factor-authentication/lib.ts", ...lines))).toContain("inside 31");
    expect(seen("decisions", changed("server/pages/lib.ts", ...lines))).not.toContain("inside 31");
  });

  test.each<[what: string, path: string, lines: readonly string[]]>([
    [
      "whose refusal went",
      "server/auth/middleware.ts",
      [
        "-  if (!user) {",
        "-    return next('nobody');",
        "-  }",
        "+  if (user) req.user = user;",
        "+  else req.session = null;",
      ],
    ],
    [
      "that refuses on one more ground",
      "server/auth/middleware.ts",
      [" const user = find(req);", "+  if (user.kind === 'visitor') {", "+    throw new Refusal(user);", "+  }"],
    ],
  ])("is a decision %s", (_, path, lines) => {
    expect(seen("decisions", changed(path, ...lines)).filter((one) => one.startsWith("inside"))).toHaveLength(1);
    const elsewhere = path.replace("auth/", "pages/").replace("middleware", "show");
    expect(seen("decisions", changed(elsewhere, ...lines)).filter((one) => one.startsWith("inside"))).toEqual([]);
  });

  test("is none where only presence is asked, or one refusal took another's place", () => {
    const presence = [" const user = find(req);", "+  if (!user) {", "+    throw new Missing(req);", "+  }"];
    const reworded = ["-  throw new Error(user.name);", "+  throw new Refusal(user.name);"];
    for (const lines of [presence, reworded])
      expect(seen("decisions", changed("server/auth/start.ts", ...lines))).not.toContain("inside 31");
  });
});

describe("a refusal beside a payment", () => {
  test("is a guard; that a bank authorises is none", () => {
    const refused = ["+    assert(payout.ownerId === shop.id, new Unauthorized('Payout of another shop'));"];
    expect(seen("guards", changed("server/payouts.ts", ...refused))).toEqual(["guard-added 30"]);
    const paid = ["+    await card.authorize(payment);"];
    expect(seen("guards", changed("server/payouts.ts", ...paid))).toEqual([]);
  });
});

describe("a query", () => {
  test.each<[what: string, lines: readonly string[]]>([
    [
      "a condition on whose it is, among the options of Sequelize",
      ["-  await Note.findByPk(id, options);", "+  await Note.findByPk(id, {", "+    userId: user.id,", "+  });"],
    ],
    [
      "what was removed, as text of SQL",
      [
        "   builder",
        "     .where('notes.id = :id', { id })",
        "+    .andWhere('notes.removed_at IS NULL')",
        "     .getMany();",
      ],
    ],
  ])("gives other people other records by %s", (_, lines) => {
    expect(seen("scopes", changed("server/notes.ts", ...lines))).toHaveLength(1);
  });
});

describe("a column", () => {
  test("that says whether people are told decides on no access", () => {
    const file = "db/migrations/004_notices.js";
    expect(seen("storage", changed(file, '+  table.boolean("expiry_notification");'))).toEqual([]);
    expect(seen("storage", changed(file, '+  table.boolean("expiry_forced");'))).toEqual(["access-column-added 30"]);
  });
});
