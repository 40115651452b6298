import { describe, expect, test } from "@jest/globals";
import { dayOf, showDay } from "../../../src/core/assess/days.ts";
import fc from "../../make/fast-check.ts";

describe("days", () => {
  test.each([
    ["1970-01-01", 0],
    ["2000-02-29", 11016],
    ["2026-03-04", 20516],
    ["2026-03-04T23:59:59Z", 20516],
    ["2026-03-04T23:59:59.999Z", 20516],
    ["2026-03-04T00:30:00+02:00", 20515],
    ["2026-03-04T23:30:00-05:00", 20517],
    ["2026-03-29T01:30:00+01:00", 20541],
  ])("%s is day %i", (text, day) => {
    expect(dayOf(text)).toBe(day);
  });

  test.each([
    "2024-02-30",
    "2023-02-29",
    "1900-02-29",
    "0000-01-01",
    "1969-12-31",
    "2026-13-01",
    "2026-00-10",
    "2026-03-04T24:00:00Z",
    "2026-03-04T10:00:00",
    "2026-03-04T10:00:00+99:99",
    "２０２６-03-04",
    "20260304",
    "1772582400",
    "today",
    " 2026-03-04",
    "2026-03-04 ",
    "",
  ])("%j is no day (H069)", (text) => {
    expect(dayOf(text)).toBeUndefined();
  });

  test("a day that is shown is read back, and agrees with the calendar of the platform", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 400_000 }), (day) => {
        expect(dayOf(showDay(day))).toBe(day);
        expect(showDay(day)).toBe(new Date(day * 86_400_000).toISOString().slice(0, 10));
      }),
    );
  });
});
