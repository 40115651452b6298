import { describe, expect, test } from "@jest/globals";
import { Pressure } from "../../../src/shell/queue/pressure.ts";

/** Pressure by a clock of the test's own; `during` happens at each of its times, in milliseconds. */
function pressed(during: Readonly<Record<number, () => void>> = {}) {
  let now = 0;
  const pressure = new Pressure(
    () => now,
    async (milliseconds) => {
      now += milliseconds;
      during[now]?.();
    },
  );
  const waited = async (): Promise<number> => {
    const began = now;
    await pressure.gone();
    return now - began;
  };
  return { pressure, waited, pass: (milliseconds: number) => (now += milliseconds) };
}

describe("while deliveries come", () => {
  test("an evaluation begins at once where they are stored quickly, and where there are none", async () => {
    const { pressure, waited } = pressed();
    expect(await waited()).toBe(0);
    for (let count = 0; count < 100; count++) pressure.stored(10);
    expect(await waited()).toBe(0);
  });

  test("one that took long is not yet a flood", async () => {
    const { pressure, waited } = pressed();
    pressure.stored(300);
    expect(await waited()).toBe(0);
  });

  test("an evaluation waits until they are stored quickly again", async () => {
    const many = (each: number): void => {
      for (let count = 0; count < 60; count++) pressure.stored(each);
    };
    const { pressure, waited } = pressed({ 200: () => many(80), 400: () => many(5) });
    many(80);
    expect(await waited()).toBe(400);
  });

  test("no longer than two seconds in the longest flood", async () => {
    const flood: Record<number, () => void> = {};
    for (let at = 25; at < 10_000; at += 25) flood[at] = () => pressure.stored(500);
    const { pressure, waited } = pressed(flood);
    for (let count = 0; count < 60; count++) pressure.stored(500);
    expect(await waited()).toBe(2000);
  });

  test("what was slow before a rest says nothing of now", async () => {
    const { pressure, waited, pass } = pressed();
    for (let count = 0; count < 60; count++) pressure.stored(500);
    pass(251);
    expect(await waited()).toBe(0);
    pressure.stored(100);
    expect(await waited()).toBe(0);
  });
});
