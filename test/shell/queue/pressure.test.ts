import { describe, expect, test } from "@jest/globals";
import { IntakePressure } from "../../../src/shell/queue/pressure.ts";

/** Pressure by a clock of the test's own; `during` happens at each of its times, in milliseconds. */
function pressed(during: Readonly<Record<number, () => void>> = {}) {
  let now = 0;
  const pressure = new IntakePressure(
    () => now,
    async (milliseconds) => {
      now += milliseconds;
      during[now]?.();
    },
  );
  const waited = async (): Promise<number> => {
    const began = now;
    await pressure.eased();
    return now - began;
  };
  const stored = (together: number, times: number): void => {
    for (let count = 0; count < times; count++) pressure.stored(together);
  };
  return { stored, waited, pass: (milliseconds: number) => (now += milliseconds) };
}

describe("while deliveries come", () => {
  test("an evaluation begins at once where they are stored as they come, and where there are none", async () => {
    const { stored, waited } = pressed();
    expect(await waited()).toBe(0);
    stored(1, 1000);
    stored(2, 1000);
    expect(await waited()).toBe(0);
  });

  test("a handful at one moment is not yet a flood", async () => {
    const { stored, waited } = pressed();
    stored(5, 1);
    expect(await waited()).toBe(0);
  });

  test("an evaluation waits until they are stored as they come again", async () => {
    const { stored, waited } = pressed({ 200: () => stored(12, 3), 400: () => stored(1, 200) });
    stored(12, 10);
    expect(await waited()).toBe(400);
  });

  test("no longer than a second in the longest flood", async () => {
    const flood: Record<number, () => void> = {};
    const { stored, waited } = pressed(flood);
    for (let at = 25; at < 10_000; at += 25) flood[at] = () => stored(50, 1);
    stored(50, 2);
    expect(await waited()).toBe(1000);
  });

  test("a flood before a rest says nothing of now", async () => {
    const { stored, waited, pass } = pressed();
    stored(50, 10);
    pass(251);
    expect(await waited()).toBe(0);
    stored(5, 1);
    expect(await waited()).toBe(0);
  });
});
