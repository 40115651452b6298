import { expect, test } from "@jest/globals";
import { createDraughtsman } from "../../../src/shell/web/diagram.ts";

const minute = 60_000;

test("a drawing that failed is tried again after ten minutes, and one that came is drawn once", async () => {
  const asked: string[] = [];
  let now = 0;
  let isBusy = true;
  const draughtsman = createDraughtsman({
    now: () => now,
    drawApart: async (dot) => {
      asked.push(dot);
      return isBusy ? undefined : `<svg>${dot}</svg>`;
    },
  });
  expect(await draughtsman.draw("a")).toBeUndefined();
  isBusy = false;
  now = 9 * minute;
  expect([await draughtsman.draw("a"), await draughtsman.draw("b")]).toEqual([undefined, "<svg>b</svg>"]);
  now = 10 * minute;
  expect(await draughtsman.draw("a")).toBe("<svg>a</svg>");
  now = 10_000 * minute;
  expect([await draughtsman.draw("a"), await draughtsman.draw("b")]).toEqual(["<svg>a</svg>", "<svg>b</svg>"]);
  expect(asked).toEqual(["a", "b", "a"]);
});

test("one after the other, whatever became of the one before", async () => {
  const begun: string[] = [];
  const gates = new Map<string, () => void>();
  const draughtsman = createDraughtsman({
    now: () => 0,
    drawApart: (dot) => {
      begun.push(dot);
      return new Promise((resolve) => gates.set(dot, () => resolve(undefined)));
    },
  });
  const both = [draughtsman.draw("a"), draughtsman.draw("b")];
  await Promise.resolve();
  expect(begun).toEqual(["a"]);
  gates.get("a")?.();
  await both[0];
  await new Promise((resolve) => setImmediate(resolve));
  expect(begun).toEqual(["a", "b"]);
  gates.get("b")?.();
  expect(await Promise.all(both)).toEqual([undefined, undefined]);
});
