import { describe, expect, test } from "@jest/globals";
import { Outage } from "../../../src/shell/queue/outage.ts";

/** An outage on a clock and a network of the test's own. */
function outage() {
  const world = { now: 0, reachable: false, asked: 0 };
  const watched = new Outage(
    async () => {
      world.asked++;
      return world.reachable;
    },
    () => world.now,
  );
  return { world, watched };
}

describe("H080: an outage of GitHub", () => {
  test("is found out by asking once for all that fail at the same time, and asked no more until the wait is over", async () => {
    const { world, watched } = outage();
    expect(watched.pause).toBe(0);
    expect(await Promise.all([watched.afterFailure(), watched.afterFailure(), watched.afterFailure()])).toEqual([
      15, 15, 15,
    ]);
    expect(world.asked).toBe(1);
    world.now = 5_000;
    expect([await watched.afterFailure(), watched.pause, world.asked]).toEqual([10, 10, 1]);
  });

  test("has longer waits up to two minutes, and short ones again after the return", async () => {
    const { world, watched } = outage();
    const waits: number[] = [];
    for (let count = 0; count < 6; count++) {
      const wait = await watched.afterFailure();
      waits.push(wait);
      world.now += wait * 1000;
    }
    expect(waits).toEqual([15, 30, 60, 120, 120, 120]);
    watched.over();
    expect(await watched.afterFailure()).toBe(15);
  });

  test("is none where GitHub answers: then the failure is the work's own", async () => {
    const { world, watched } = outage();
    world.reachable = true;
    expect([await watched.afterFailure(), watched.pause]).toEqual([0, 0]);
  });

  test("asking that fails is an answer too", async () => {
    const watched = new Outage(
      () => Promise.reject(new Error("no route")),
      () => 0,
    );
    expect(await watched.afterFailure()).toBe(15);
  });
});
