import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { TryAgainLater } from "../../src/shell/failures.ts";
import { act, type Deed, deeds, differences, firstFile, visible } from "../make/pull-request-history.ts";
import { Stage } from "./stage.ts";

/*
 * What people do comes in an order; what the bot hears of it does not: webhooks overtake each other, come twice or never.
 * Whatever was heard meanwhile, one evaluation of the last state must leave what a bot that heard nothing before leaves.
 */

const enforce = "version: 1\nmode: enforce\narchitects:\n  teams: [security-architects]\nriskThreshold: medium\n";

/** Between two deeds: how often the bot evaluates (a webhook lost, heard, heard twice). */
interface Turn {
  readonly deed: Deed;
  readonly heard: 0 | 1 | 2;
}

const turns: fc.Arbitrary<Turn[]> = fc.array(fc.record({ deed: deeds, heard: fc.constantFrom<0 | 1 | 2>(0, 1, 2) }), {
  minLength: 1,
  maxLength: 12,
});

async function begin(): Promise<{ stage: Stage; number: number }> {
  const stage = await Stage.set({ policy: enforce });
  stage.github.as("sam").pushCommit(stage.name, { branch: "sandbox", files: { "SANDBOX.md": "Try.\n" } });
  const number = stage.opened(firstFile);
  return { stage, number };
}

async function evaluate(stage: Stage, number: number): Promise<void> {
  try {
    await stage.evaluated(number);
  } catch (error) {
    if (!(error instanceof TryAgainLater)) throw error;
  }
}

describe("whatever the bot heard on the way", () => {
  const runs = Number(process.env["ANY_ORDER_RUNS"] ?? 10);
  const seed = process.env["ANY_ORDER_SEED"] === undefined ? 20_260_304 : Number(process.env["ANY_ORDER_SEED"]);

  test(
    "the last evaluation leaves what one clean evaluation leaves",
    async () => {
      await fc.assert(
        fc.asyncProperty(turns, async (played) => {
          const noisy = await begin();
          const clean = await begin();
          try {
            for (const { deed: one, heard } of played) {
              act(noisy.stage, noisy.number, one);
              act(clean.stage, clean.number, one);
              for (let count = 0; count < heard; count++) await evaluate(noisy.stage, noisy.number);
            }
            // A draft and a closed pull request keep what was said before; ready and open they are compared.
            for (const does of ["reopen", "ready"] as const) {
              act(noisy.stage, noisy.number, { does });
              act(clean.stage, clean.number, { does });
            }
            await noisy.stage.evaluated(noisy.number);
            await clean.stage.evaluated(clean.number);
            expect(differences(visible(noisy.stage, noisy.number), visible(clean.stage, clean.number))).toEqual([]);
            await noisy.stage.evaluated(noisy.number);
            expect(noisy.stage.asked.writing).toEqual([]);
          } finally {
            await noisy.stage.close();
            await clean.stage.close();
          }
        }),
        { numRuns: runs, ...(Number.isNaN(seed) ? {} : { seed }) },
      );
    },
    30_000 + runs * 5_000,
  );
});
