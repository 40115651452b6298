import { describe, expect, test } from "@jest/globals";
import { TryAgainLater } from "../../src/shell/failures.ts";
import fc from "../make/fast-check.ts";
import { act, type Deed, deeds, differences, firstFile, visible } from "../make/pull-request-history.ts";
import { type Happening, happenings } from "../make/repository-life.ts";
import { Life } from "./life.ts";
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

/** How many histories are played; the second kind takes seconds each, so that few are played where nobody asks for more. */
const asked = process.env["ANY_ORDER_RUNS"];
const runs = Number(asked ?? 8);
const lifeRuns = Number(asked ?? 3);
const seed = process.env["ANY_ORDER_SEED"] === undefined ? 20_260_304 : Number(process.env["ANY_ORDER_SEED"]);
const seeded = Number.isNaN(seed) ? {} : { seed };

/** The same with everything that happens around the pull request. */
const lives = fc.record({
  tracker: fc.constantFrom<"github" | "jira">("github", "jira"),
  order: fc.constantFrom<"as it was" | "the other way round">("as it was", "the other way round"),
  played: fc.array(
    fc.record({
      it: fc.oneof<{ arbitrary: fc.Arbitrary<Deed | Happening>; weight: number }[]>(
        { weight: 2, arbitrary: deeds },
        { weight: 3, arbitrary: happenings },
      ),
      heard: fc.constantFrom<0 | 1 | 2>(0, 1, 2),
    }),
    { minLength: 1, maxLength: 12 },
  ),
});

describe("whatever the bot heard on the way", () => {
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
        { numRuns: runs, ...seeded },
      );
    },
    300_000 + runs * 10_000,
  );

  test(
    "and so with alerts, incidents, teams, other names and owners, merges, and issues that people close in either tracker",
    async () => {
      await fc.assert(
        fc.asyncProperty(lives, async ({ tracker, order, played }) => {
          const noisy = await Life.begin(tracker);
          const clean = await Life.begin(tracker);
          try {
            for (const { it, heard } of played) {
              // What a person does about an issue is the same only where the issue is.
              if (it.does === "issue" && !isAlike(noisy, clean)) continue;
              noisy.does(it);
              clean.does(it);
              await noisy.heard(it, heard);
            }
            await noisy.settled(order);
            await clean.settled("as it was");
            expect(differences(noisy.seen().pull, clean.seen().pull)).toEqual([]);
            expect(differencesOfIssues(noisy, clean)).toEqual([]);
            expect(await noisy.moreWrites()).toEqual([]);
          } finally {
            await noisy.close();
            await clean.close();
          }
        }),
        { numRuns: lifeRuns, ...seeded },
      );
    },
    300_000 + lifeRuns * 20_000,
  );
});

const states = (life: Life): string => JSON.stringify(life.issues().map(({ title, isOpen }) => [title, isOpen]));

function isAlike(noisy: Life, clean: Life): boolean {
  return states(noisy) === states(clean);
}

/** The same threats have an open issue, none has two, and nobody is told anything twice. */
function differencesOfIssues(noisy: Life, clean: Life): readonly string[] {
  const open = (life: Life) => life.issues().flatMap(({ title, isOpen }) => (isOpen ? [title] : []));
  const found: string[] = [];
  if (JSON.stringify(open(noisy)) !== JSON.stringify(open(clean))) {
    found.push(`open are ${open(noisy).join(", ")}, not ${open(clean).join(", ")}`);
  }
  for (const life of [noisy, clean]) {
    const titles = life.issues().map(({ title }) => title);
    if (new Set(titles).size < titles.length) found.push(`two issues of one threat: ${titles.join(", ")}`);
    for (const { title, said } of life.issues()) {
      // What is said of a closing may be said again after a reopening, and never twice in a row.
      if (said.some((words, index) => words === said[index - 1]))
        found.push(`said twice at ${title}: ${said.join(" | ")}`);
    }
  }
  return found;
}
