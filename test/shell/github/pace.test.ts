import { describe, expect, test } from "@jest/globals";
import { TryAgainLater } from "../../../src/shell/failures.ts";
import { Pace, Paces } from "../../../src/shell/github/pace.ts";
import { StillClock } from "./still-clock.ts";

const limits = { writeGap: 1000, burst: 1, perMinute: 3, perHour: 5, patience: 30_000 };

describe("the pace of an installation", () => {
  test("writes run one at a time, in order, a second apart", async () => {
    const clock = new StillClock();
    const pace = new Pace(limits, clock);
    const started: string[] = [];
    let running = 0;
    const write = (name: string) =>
      pace.write(false, async () => {
        running++;
        started.push(`${name} at ${clock.now() - start}, ${running} at once`);
        await Promise.resolve();
        running--;
      });
    const start = clock.now();
    await Promise.all([write("a"), write("b"), write("c")]);
    expect(started).toEqual(["a at 0, 1 at once", "b at 1000, 1 at once", "c at 2000, 1 at once"]);
  });

  test("a few may follow each other at once after a rest, and no more than one a second in the long run", async () => {
    const clock = new StillClock();
    const pace = new Pace({ ...limits, burst: 3 }, clock);
    const start = clock.now();
    const started: number[] = [];
    for (let count = 0; count < 7; count++) await pace.write(false, async () => void started.push(clock.now() - start));
    expect(started).toEqual([0, 0, 0, 1000, 2000, 3000, 4000]);
  });

  test("a write that fails does not hold up the next", async () => {
    const pace = new Pace(limits, new StillClock());
    const first = pace.write(false, async () => {
      throw new Error("no");
    });
    await expect(first).rejects.toThrow("no");
    expect(await pace.write(false, async () => "yes")).toBe("yes");
  });

  test("new content stays below the limit of a minute; a wait too long is given back", async () => {
    const clock = new StillClock();
    const pace = new Pace(limits, clock);
    for (let count = 0; count < 3; count++) await pace.write(true, async () => {});
    const tooSoon = pace.write(true, async () => {});
    await expect(tooSoon).rejects.toBeInstanceOf(TryAgainLater);
    await expect(tooSoon).rejects.toMatchObject({ afterSeconds: 58 });
    await pace.write(false, async () => {});
    clock.pass(57_000);
    await pace.write(true, async () => {});
  });

  test("new content stays below the limit of an hour", async () => {
    const clock = new StillClock();
    const pace = new Pace(limits, clock);
    for (let count = 0; count < 5; count++) {
      await pace.write(true, async () => {});
      clock.pass(60_000);
    }
    await expect(pace.write(true, async () => {})).rejects.toMatchObject({ afterSeconds: 3300 });
    clock.pass(3_300_000);
    await pace.write(true, async () => {});
  });

  test("one installation never waits for another", async () => {
    const clock = new StillClock();
    const paces = new Paces(limits, clock);
    for (let count = 0; count < 10; count++) await paces.of(String(count)).write(true, async () => {});
    expect(clock.waits).toEqual([]);
    expect(paces.of("1")).toBe(paces.of("1"));
  });
});
