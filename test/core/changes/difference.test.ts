import { describe, expect, test } from "@jest/globals";
import { diffItems } from "../../../src/core/changes/difference.ts";
import { settleMoves } from "../../../src/core/changes/moves.ts";
import type { AttributeValue, Difference, Item } from "../../../src/core/changes/structure.ts";
import { compareVersions, versionStep } from "../../../src/core/changes/version.ts";
import { anItem } from "../../make/an-item.ts";
import fc from "../../make/fast-check.ts";

/** Differences in one line each. */
function told(differences: readonly Difference[]): string[] {
  return differences.map(({ change, before, after, attributes }) => {
    const item = after ?? before;
    const what = attributes.map((one) => `${one.attribute}: ${one.before ?? "-"} → ${one.after ?? "-"}`);
    return [`${change} ${item?.type} ${item?.key}`, ...what].join("; ");
  });
}

describe("differences of items", () => {
  test("added, changed and removed, in the order of the new file, then what is gone", () => {
    const before = [
      anItem({ key: "a", line: 1 }, { port: 1 }),
      anItem({ key: "gone", line: 5 }, { port: 9, host: "x", user: "y" }),
    ];
    const after = [
      anItem({ key: "new", line: 1 }, { port: 3, tls: true, zone: "a" }),
      anItem({ key: "a", line: 5 }, { port: 2 }),
    ];
    expect(told(diffItems(before, after))).toEqual([
      "added thing new",
      "changed thing a; port: 1 → 2",
      "removed thing gone",
    ]);
  });

  test("an item that was only renamed or moved is no difference", () => {
    const body = { bucket: "files", acl: "private" };
    expect(diffItems([anItem({ key: "old" }, body)], [anItem({ key: "new", line: 40 }, body)])).toEqual([]);
  });

  test("an item renamed and altered is one change, not one added and one removed", () => {
    const before = anItem({ key: "old" }, { a: 1, b: 2, c: 3, d: 4 });
    const after = anItem({ key: "new" }, { a: 1, b: 2, c: 3, d: 5 });
    expect(told(diffItems([before], [after]))).toEqual(["changed thing new; d: 4 → 5"]);
  });

  test("what is unlike is not taken for a rename", () => {
    const differences = diffItems([anItem({ key: "old" }, { a: 1, b: 2 })], [anItem({ key: "new" }, { a: 3, b: 4 })]);
    expect(told(differences)).toEqual(["added thing new", "removed thing old"]);
  });

  test("a list compares by content: an element put in front is one new element", () => {
    const before = anItem({}, { "actions.0": "read", "actions.1": "list" });
    const after = anItem({}, { "actions.0": "delete", "actions.1": "read", "actions.2": "list" });
    expect(told(diffItems([before], [after]))).toEqual(["changed thing thing; actions.0: - → delete"]);
  });

  test("elements in another order are no difference", () => {
    const before = anItem({}, { "rules.0.port": 80, "rules.0.from": "a", "rules.1.port": 443, "rules.1.from": "b" });
    const after = anItem({}, { "rules.0.port": 443, "rules.0.from": "b", "rules.1.port": 80, "rules.1.from": "a" });
    expect(diffItems([before], [after])).toEqual([]);
  });

  test("values that change places between elements are a difference", () => {
    const before = anItem(
      {},
      { "rules.0.port": 22, "rules.0.from": "office", "rules.1.port": 443, "rules.1.from": "everywhere" },
    );
    const after = anItem(
      {},
      { "rules.0.port": 22, "rules.0.from": "everywhere", "rules.1.port": 443, "rules.1.from": "office" },
    );
    expect(told(diffItems([before], [after]))).toEqual([
      "changed thing thing; rules.0.from: office → everywhere; rules.1.from: everywhere → office",
    ]);
  });

  test("elements that carry a name are compared with their namesake", () => {
    const before = anItem({}, { "containers.0.name": "web", "containers.0.image": "web:1" });
    const after = anItem(
      {},
      {
        "containers.0.name": "proxy",
        "containers.0.image": "proxy:1",
        "containers.1.name": "web",
        "containers.1.image": "web:2",
      },
    );
    expect(told(diffItems([before], [after]))).toEqual([
      "changed thing thing; containers.0.name: - → proxy; containers.0.image: - → proxy:1; containers.1.image: web:1 → web:2",
    ]);
  });

  test("every list of an item that has hundreds is compared by content", () => {
    const listed = (...elements: readonly string[]) =>
      Object.fromEntries(
        Array.from({ length: 300 }, (_, list) => elements.map((one, index) => [`l${list}.${index}`, one])).flat(),
      );
    const found = diffItems([anItem({}, listed("a", "b"))], [anItem({}, listed("new", "a", "b"))]);
    expect(found[0]?.attributes.map(({ attribute }) => attribute)).toEqual(
      Array.from({ length: 300 }, (_, list) => `l${list}.0`),
    );
  });

  test("a name of a hundred thousand parts neither overflows the stack nor loses its end", () => {
    const long = `${"a.".repeat(100_000)}end`;
    const [found] = diffItems([anItem({}, { "x.0": 1, "x.1": 2, [long]: 1 })], [anItem({}, { "x.0": 2, [long]: 1 })]);
    // What is gone stands behind all places that either side has.
    expect(found?.attributes).toEqual([{ attribute: "x.2", before: 1 }]);
  });

  test("inner lists are compared after the outer ones", () => {
    const before = anItem({}, { "a.0.id": "x", "a.0.list.0": 1, "a.0.list.1": 2 });
    const after = anItem({}, { "a.0.id": "new", "a.1.id": "x", "a.1.list.0": 2, "a.1.list.1": 1, "a.1.list.2": 3 });
    expect(told(diffItems([before], [after]))).toEqual(["changed thing thing; a.0.id: - → new; a.1.list.2: - → 3"]);
  });

  test("two items under one key are both kept", () => {
    const twice = [anItem({}, { a: 1, b: 1 }), anItem({ line: 9 }, { a: 2, b: 2 })];
    expect(told(diffItems([], twice))).toEqual(["added thing thing", "added thing thing"]);
    expect(diffItems(twice, twice)).toEqual([]);
  });
});

const value: fc.Arbitrary<AttributeValue> = fc.oneof(
  fc.string({ maxLength: 4 }),
  fc.integer({ min: 0, max: 3 }),
  fc.boolean(),
);
const path = fc
  .array(fc.constantFrom("a", "b", "0", "1", "2"), { minLength: 1, maxLength: 4 })
  .map((parts) => `x.${parts.join(".")}`);
const item: fc.Arbitrary<Item> = fc
  .tuple(fc.constantFrom("k1", "k2", "k3"), fc.dictionary(path, value, { maxKeys: 8 }))
  .map(([key, attributes]) => anItem({ key }, attributes));
const items = fc.array(item, { maxLength: 6 });

describe("differences of anything", () => {
  test("nothing differs from itself", () => {
    fc.assert(fc.property(items, (list) => expect(diffItems(list, list)).toEqual([])));
  });

  test("the same input gives the same answer", () => {
    fc.assert(
      fc.property(items, items, (before, after) => expect(diffItems(before, after)).toEqual(diffItems(before, after))),
    );
  });

  test("every attribute of a change differs, and what has no attribute that differs is no change", () => {
    fc.assert(
      fc.property(items, items, (before, after) => {
        for (const { change, attributes } of diffItems(before, after)) {
          expect(change === "changed" ? attributes.length > 0 : attributes.length === 0).toBe(true);
          for (const one of attributes) expect(one.before).not.toEqual(one.after);
        }
      }),
    );
  });

  test("renumbering a list loses no value", () => {
    fc.assert(
      fc.property(item, item, (before, after) => {
        const [difference] = diffItems([{ ...before, key: "same" }], [{ ...after, key: "same" }]);
        if (!difference?.before) return;
        expect([...difference.before.attributes.values()].sort()).toEqual([...before.attributes.values()].sort());
      }),
    );
  });
});

describe("moves between files", () => {
  const added = (after: Item): Difference => ({ change: "added", after, attributes: [] });
  const removed = (before: Item): Difference => ({ change: "removed", before, attributes: [] });
  const aPackage = (version: string, kind = "dependency"): Item =>
    anItem({ kind, type: "celery" }, { ecosystem: "pypi", version, scope: "runtime" });

  test("a package that moves to another manifest is no difference", () => {
    const found = [
      { path: "requirements.txt", difference: removed(aPackage("5.4")) },
      { path: "pyproject.toml", difference: added(aPackage("5.4")) },
    ];
    expect(settleMoves(found)).toEqual([]);
  });

  test("a package that moves and changes is one change in the new place", () => {
    const found = [
      { path: "requirements.txt", difference: removed(aPackage("4.4")) },
      { path: "pyproject.toml", difference: added(aPackage("5.4")) },
    ];
    const settled = settleMoves(found);
    expect(settled.map(({ path: place }) => place)).toEqual(["pyproject.toml"]);
    expect(told(settled.map(({ difference }) => difference))).toEqual(["changed celery celery; version: 4.4 → 5.4"]);
  });

  test("a resource that moves to another file is no difference; an unlike one of its type is", () => {
    const bucket = (name: string): Item =>
      anItem({ type: "aws_s3_bucket", key: name }, { bucket: name, acl: "private" });
    expect(
      settleMoves([
        { path: "a.tf", difference: removed(bucket("files")) },
        { path: "b.tf", difference: added(bucket("files")) },
      ]),
    ).toEqual([]);
    const unlike = [
      { path: "a.tf", difference: removed(bucket("files")) },
      {
        path: "b.tf",
        difference: added(anItem({ type: "aws_s3_bucket", key: "other" }, { bucket: "other", acl: "public-read" })),
      },
    ];
    expect(settleMoves(unlike)).toEqual(unlike);
  });

  test("a right is taken from somebody who stays only where nothing else goes", () => {
    const right = {
      path: "a.tf",
      difference: removed(anItem({ kind: "terraform-resource", type: "aws_iam_role_policy" }, { role: "ci" })),
    };
    const [alone] = settleMoves([right]);
    expect(alone?.difference.before?.attributes.get("alone")).toBe(true);
    const part = {
      path: "a.tf",
      difference: removed(anItem({ kind: "terraform-resource", type: "aws_lambda_function", key: "orders" })),
    };
    expect(settleMoves([right, part])).toEqual([right, part]);
  });

  test("a package of Maven that its publisher made for another platform is the same package", () => {
    const artifact = (type: string): Item =>
      anItem({ kind: "dependency", type, key: type }, { ecosystem: "maven", version: "2.4.0" });
    const from = (type: string) => ({ path: "build.gradle", difference: removed(artifact(type)) });
    const to = (type: string) => ({ path: "build.gradle", difference: added(artifact(type)) });
    const [same, ...rest] = settleMoves([from("org.example:limits-boot3"), to("org.example:limits-boot4")]);
    expect([same?.difference.change, rest]).toEqual(["changed", []]);
    const others = [from("org.example:limits-boot3"), to("org.elsewhere:limits-boot4")];
    expect(settleMoves(others)).toEqual(others);
  });

  test("a package that a compiled list had before is not new to the list it is compiled from", () => {
    const compiled: Difference = {
      change: "changed",
      before: aPackage("5.3"),
      after: aPackage("5.2"),
      attributes: [{ attribute: "version" }],
    };
    const stated = (path: string) => ({ path, difference: added(aPackage("5.*")) });
    const beside = settleMoves([stated("hub/requirements.in"), { path: "hub/requirements.txt", difference: compiled }]);
    expect(beside.map(({ difference }) => difference.change)).toEqual(["changed", "changed"]);
    const elsewhere = settleMoves([
      stated("web/requirements.in"),
      { path: "hub/requirements.txt", difference: compiled },
    ]);
    expect(elsewhere.map(({ difference }) => difference.change)).toEqual(["added", "changed"]);
  });

  test("a lockfile is heard only where no manifest speaks of the package", () => {
    const manifest = { path: "requirements.in", difference: added(aPackage("5.4")) };
    const lock = { path: "requirements.txt", difference: added(aPackage("5.4.1", "locked-dependency")) };
    expect(settleMoves([manifest, lock])).toEqual([manifest]);
    expect(settleMoves([lock])).toEqual([lock]);
  });
});

describe("versions", () => {
  test.each([
    ["1.2.3", "1.2.3", "none"],
    ["^1.2.3", "~1.2.3", "none"],
    ["1.2.3", "1.2.4", "patch"],
    ["==1.2", "==1.2.1", "patch"],
    ["v1.2.3", "v1.3.0", "minor"],
    ["~> 7.0", "~> 8.0", "major"],
    [">=1,<2", ">=2,<3", "major"],
    ["0.19.0", "0.20.0", "minor"],
    ["0.9.1", "1.0.0", "major"],
    ["1.0.0-rc.1", "1.0.0", "patch"],
    ["v0.0.0-20240101000000-aaaaaaaaaaaa", "v0.0.0-20240201000000-bbbbbbbbbbbb", "patch"],
    ["main", "1.2.3", "other"],
    ["", "1.2.3", "other"],
    ["3.14.2-slim-trixie", "3.14.3-slim-trixie", "patch"],
    ["b74dcfd187a3", "a173c3a07a4a", "other"],
  ])("%s to %s is a step of kind %s", (before, after, step) => {
    expect(versionStep(before, after)).toBe(step);
  });

  test.each([
    ["1.2.3", "1.2.4", 1],
    ["2.0", "1.9.9", -1],
    ["1.0.0-rc.1", "1.0.0", 1],
    ["1.0.0", "1.0.0", 0],
    ["main", "1.0.0", 0],
  ])("from %s to %s the direction is %d", (before, after, direction) => {
    expect(Math.sign(compareVersions(before, after))).toBe(direction);
  });

  test("any two texts compare without an error and the other way round with the other sign", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (one, other) => {
        versionStep(one, other);
        expect(Math.sign(compareVersions(one, other)) + Math.sign(compareVersions(other, one))).toBe(0);
      }),
    );
  });
});
