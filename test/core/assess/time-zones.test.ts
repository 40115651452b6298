import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "@jest/globals";

const module = (path: string): string =>
  `file://${fileURLToPath(new URL(`../../../src/core/${path}`, import.meta.url))}`;

/** Colours of a change that was merged 30, 31, 60 and 61 days before each of these days, on a host in a time zone. */
function coloursIn(zone: string): string {
  const program = `
    import { currencyOf } from ${JSON.stringify(module("assess/currency.ts"))};
    const day = 86400000;
    const colours = [];
    // Both days on which clocks change in Europe and in America, and the days around them; at the ends of the UTC day.
    for (const today of ["2026-03-08", "2026-03-29", "2026-03-30", "2026-10-25", "2026-11-01", "2026-11-02"])
      for (const time of ["00:00:00", "12:00:00", "23:59:59"])
        for (const ago of [30, 31, 60, 61]) {
          const merged = new Date(Date.parse(today + "T00:00:00Z") - ago * day).toISOString().slice(0, 10);
          const entry = { kind: "change", what: "a", reference: "#1", path: "a", elements: ["a"] };
          const verdict = currencyOf({
            timeline: { state: "complete", verifiedByGitHub: true, entries: [
              { ...entry, at: merged + "T23:59:59Z" },
              { kind: "update", at: "2025-12-01T00:00:00Z", reference: "#0", concerns: ["b"] },
            ] },
            system: { name: "s", covers: () => true }, hasModel: true,
            now: today + "T" + time + "Z", thresholds: { green: 30, amber: 60, review: 365 },
          });
          colours.push(verdict.rag);
        }
    console.log(colours.join(" "), new Date(2026, 0, 1).getTimezoneOffset());`;
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ["--input-type=module-typescript", "--no-warnings", "-e", program],
    { encoding: "utf8", env: { ...process.env, TZ: zone } },
  );
  return stdout.trim() + stderr;
}

describe("H070: whole UTC days, wherever the host stands and whenever its clocks change", () => {
  test.each([
    ["Pacific/Kiritimati", -840],
    ["America/Los_Angeles", 480],
    ["Europe/London", 0],
  ])("%s", (zone, offset) => {
    const once = "GREEN AMBER AMBER RED";
    expect(coloursIn(zone)).toBe(`${Array(18).fill(once).join(" ")} ${offset}`);
  });
});
