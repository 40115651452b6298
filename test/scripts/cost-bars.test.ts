import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { type Occasion, occasions } from "../../scripts/cost/bars.ts";
import { beyond, type Cost, figuresOf, type Row, shared, told, unmet } from "../../scripts/cost/rows.ts";

const cost: Cost = { requests: 5, notModified: 0, graphql: 2, points: 3, writes: 2, content: 1, asApp: 1 };

function aRow(bend: Partial<Row> = {}): Row {
  return { name: "push", what: "a push", cost, bars: { requests: 5 }, asked: [], ...bend };
}

describe("bars on what is asked of GitHub", () => {
  test("a figure at its bar holds, one above it does not, one without a bar is only shown", () => {
    expect(unmet(aRow())).toEqual([]);
    expect(unmet(aRow({ bars: { requests: 4, points: 2, content: 1 } }))).toEqual([
      "requests: 5, at most 4",
      "points: 3, at most 2",
    ]);
    expect(unmet(aRow({ bars: {} }))).toEqual([]);
    expect(unmet(aRow({ bars: { content: 0 } }))).toEqual(["content: 1, at most 0"]);
  });

  test("a disturbed measurement holds nothing", () => {
    expect(unmet(aRow({ disturbed: "measure again" }))).toEqual(["measure again"]);
  });

  test("the table shows each figure beside its bar", () => {
    const [head, held, over] = told([aRow(), aRow({ what: "a merge", bars: { requests: 4 } })]).split("\n");
    expect(head?.trim().split(/\s+/)).toEqual(Object.keys(cost));
    expect(held).toMatch(/^a push {2}\s+5 ≤ 5 .* holds$/);
    expect(over).toMatch(/^a merge\s+5 ≤ 4 .* FAILS$/);
  });

  test("the last line has every figure, and what failed", () => {
    const rows = [aRow({ cost: shared(cost, 3) }), aRow({ name: "merge", bars: { requests: 4 } })];
    expect(figuresOf(rows)).toEqual({
      push: { requests: 1.67, notModified: 0, graphql: 0.67, points: 1, writes: 0.67, content: 0.33, asApp: 0.33 },
      merge: cost,
      failed: ["merge"],
    });
  });

  test("what one costs beyond another", () => {
    expect(beyond(cost, { ...cost, requests: 2, content: 0 })).toEqual({
      requests: 3,
      notModified: 0,
      graphql: 0,
      points: 0,
      writes: 0,
      content: 1,
      asApp: 0,
    });
  });
});

test("the page of operation shows every bar", () => {
  const page = readFileSync(new URL("../../docs/operation.md", import.meta.url), "utf8");
  const [, section = ""] = page.split("\n## What it costs at GitHub\n");
  const shown = (section.split("\n## ")[0] ?? "").split("\n").filter((line) => line.startsWith("|"));
  const rows = Object.values<Occasion>(occasions).map(({ what, bars }) =>
    ["", ` ${what} `, ...[bars.requests, bars.points, bars.content].map((bar) => ` ${bar ?? ""} `), ""].join("|"),
  );
  expect(shown).toEqual(["| | requests | points | told to people |", "|---|---:|---:|---:|", ...rows]);
});
