import { describe, expect, test } from "@jest/globals";
import { colourChart } from "../../../src/shell/web/charts.ts";

const none = { GREEN: 0, AMBER: 0, RED: 0, UNKNOWN: 0 };

describe("the chart of a year", () => {
  test("says in words, where nothing is known yet, when there will be something", async () => {
    const chart = await colourChart([{ week: "2026-11-16", ...none }]);
    expect(`${chart}`).toBe('<p class="empty">Drawn once a day: the first week appears by tomorrow.</p>');
  });

  test("tells those who cannot see it the first and the last week that are known", async () => {
    const chart = await colourChart([
      { week: "2026-11-02", ...none },
      { week: "2026-11-09", ...none, GREEN: 2 },
      { week: "2026-11-16", ...none, GREEN: 1, RED: 1 },
    ]);
    expect(`${chart}`).toContain(
      'aria-label="Systems by their worst indicator, week by week. 2026-11-09: 2 GREEN, 0 AMBER, 0 RED, 0 UNKNOWN. 2026-11-16: 1 GREEN, 0 AMBER, 1 RED, 0 UNKNOWN."',
    );
  });
});
