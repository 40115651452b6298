import { expect, test } from "@jest/globals";
import { barRow, isMet } from "../../scripts/eval-bars.ts";
import { changeBars } from "../../scripts/eval-change-bars.ts";

const good = {
  significant: 100,
  recall: 0.96,
  harmless: 100,
  falsePositiveRate: 0.01,
  places: 0.6,
  placesFound: 60,
  comments: 2.5,
};

test("every figure of detection is held against its bar", () => {
  const figures = { high: good, all: good, dependencyFalsePositives: 0.02, lowestRecall: 0.8 };
  expect(changeBars(figures).every(isMet)).toBe(true);
  const worse = [
    { ...figures, high: { ...good, recall: 0.949 } },
    { ...figures, high: { ...good, falsePositiveRate: 0.031 } },
    { ...figures, all: { ...good, recall: 0.899 } },
    { ...figures, all: { ...good, falsePositiveRate: 0.071 } },
    { ...figures, all: { ...good, places: 0.549 } },
    { ...figures, all: { ...good, comments: 3.01 } },
    { ...figures, lowestRecall: 0.799 },
    { ...figures, dependencyFalsePositives: 0.021 },
  ];
  expect(worse.map((one) => changeBars(one).filter((bar) => !isMet(bar)).length)).toEqual(worse.map(() => 1));
});

test("a bar is read as what was found, what is asked and whether it holds", () => {
  expect(barRow({ what: "surely harmless, spoken about", found: 0.031, most: 0.03 })).toBe(
    "  surely harmless, spoken about             3.1 %   at most 3.0 %     not met",
  );
  expect(barRow({ what: "comments on a significant change", found: 2.5, most: 3, isNumber: true })).toBe(
    "  comments on a significant change           2.50   at most 3.00      met",
  );
});
