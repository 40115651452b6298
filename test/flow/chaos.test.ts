import { expect, test } from "@jest/globals";
import { histories } from "../../scripts/chaos/histories.ts";

// The fast part of `npm run chaos`; the whole of it takes half an hour.
test("random histories with crashes, losses, duplicates and reorderings end as the clean run does", async () => {
  const { figures, wrong } = await histories({ seconds: 0, seed: 20_260_304, patience: 0 }, 10);
  expect(wrong).toEqual([]);
  expect(figures["histories"]).toBe(10);
});
