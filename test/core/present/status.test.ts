import { describe, expect, test } from "@jest/globals";
import type { TimelineEntry } from "../../../src/core/domain/timeline.ts";
import { statusText } from "../../../src/core/present/status.ts";
import { plainPalette } from "../../../src/core/present/terminal.ts";
import { anAssessment } from "../../make/an-assessment.ts";

function change(what: string, path: string, reference: string): TimelineEntry {
  return { kind: "change", at: "2026-03-04T09:00:00Z", what, path, reference, elements: [] };
}

/** The lines of the timeline alone. */
function timelineOf(...entries: readonly TimelineEntry[]): string[] {
  const text = statusText(
    anAssessment({ systems: [] }),
    { state: "complete", entries, verifiedByGitHub: true },
    plainPalette,
  );
  return text.slice(text.indexOf("timeline:")).trimEnd().split("\n").slice(1);
}

describe("the timeline of threatgate status", () => {
  test("names the file where the same sentence stands for several", () => {
    const says = "Access check added or changed in `route.ts`";
    expect(
      timelineOf(
        change(says, "src/orders/route.ts", "aaaaaaaaaaaa"),
        change(says, "src/users/route.ts", "bbbbbbbbbbbb"),
        change("New store `orders`", "infra/db.tf", "cccccccccccc"),
      ),
    ).toEqual([
      "  2026-03-04  aaaaaaaaaaaa  Access check added or changed in `route.ts` (src/orders/route.ts)",
      "  2026-03-04  bbbbbbbbbbbb  Access check added or changed in `route.ts` (src/users/route.ts)",
      "  2026-03-04  cccccccccccc  New store `orders`",
    ]);
  });

  test("is not made longer where one file changed again", () => {
    const says = "Access check added or changed in `route.ts`";
    const path = "src/orders/route.ts";
    expect(timelineOf(change(says, path, "aaaaaaaaaaaa"), change(says, path, "bbbbbbbbbbbb"))).toEqual([
      `  2026-03-04  aaaaaaaaaaaa  ${says}`,
      `  2026-03-04  bbbbbbbbbbbb  ${says}`,
    ]);
  });
});
