import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { TryAgainLater } from "../../src/shell/failures.ts";
import { bucket, Stage } from "./stage.ts";

/*
 * What people do comes in an order; what the bot hears of it does not: webhooks overtake each other, come twice or never.
 * Whatever was heard meanwhile, one evaluation of the last state must leave what a bot that heard nothing before leaves.
 */

const enforce = "version: 1\nmode: enforce\narchitects:\n  teams: [security-architects]\nriskThreshold: medium\n";

const model = (status: string) =>
  `schemaVersion: 1
system: {name: shop, description: Sells things to people., owner: sam}
elements:
  - {id: exports, type: object-store, name: exports, files: [infra/**]}
threats:
  - {id: th-1, element: exports, stride: I, title: Anybody can read the exports, impact: high, likelihood: high, status: ${status}}
`;

/** Something that a person does to the pull request. */
type Deed =
  | { readonly does: "push"; readonly file: string; readonly text: string | null; readonly rebase: boolean }
  | { readonly does: "draft" | "ready" | "close" | "reopen" | "approve" | "dismiss" | "comment" }
  | { readonly does: "retarget"; readonly base: "main" | "sandbox" };

/** Between two deeds: how often the bot evaluates (a webhook lost, heard, heard twice). */
interface Turn {
  readonly deed: Deed;
  readonly heard: 0 | 1 | 2;
}

const files = ["infra/a.tf", "infra/b.tf", "src/http/routes.js", "threat-model.yaml", "README.md"] as const;
const textsOf: Readonly<Record<(typeof files)[number], readonly (string | null)[]>> = {
  "infra/a.tf": [bucket("a"), `# first\n\n${bucket("a")}`, bucket("a", '  acl = "public-read"\n'), null],
  "infra/b.tf": [bucket("b"), bucket("renamed"), null],
  "src/http/routes.js": [
    "app.get('/orders', show);\n",
    "app.get('/orders', show);\napp.post('/orders', login, save);\n",
    null,
  ],
  "threat-model.yaml": [model("open"), model("mitigated"), null],
  "README.md": ["# Shop\n\nMore.\n", "# Shop\n"],
};

const push = fc.constantFrom(...files).chain((file) =>
  fc.record({
    does: fc.constant("push" as const),
    file: fc.constant(file),
    text: fc.constantFrom(...textsOf[file]),
    rebase: fc.boolean(),
  }),
);
const deed: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 5, arbitrary: push },
  {
    weight: 3,
    arbitrary: fc.record({
      does: fc.constantFrom("draft", "ready", "close", "reopen", "approve", "dismiss", "comment"),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ does: fc.constant("retarget" as const), base: fc.constantFrom("main", "sandbox") }),
  },
);
const turns: fc.Arbitrary<Turn[]> = fc.array(fc.record({ deed, heard: fc.constantFrom<0 | 1 | 2>(0, 1, 2) }), {
  minLength: 1,
  maxLength: 12,
});

async function begin(): Promise<{ stage: Stage; number: number }> {
  const stage = await Stage.set({ policy: enforce });
  stage.github.as("sam").pushCommit(stage.name, { branch: "sandbox", files: { "SANDBOX.md": "Try.\n" } });
  const number = stage.opened({ "infra/a.tf": bucket("a") });
  return { stage, number };
}

/** Does it where it can be done just now; a deed that makes no sense is left out, on both stages alike. */
function act(stage: Stage, number: number, it: Deed): void {
  const pull = stage.pull(number);
  const sam = stage.github.as("sam");
  const dana = stage.github.as("dana");
  const isOpen = pull.state === "open";
  switch (it.does) {
    case "push": {
      // The branch of a closed pull request goes on without it.
      const there = stage.fileAt(stage.tipOf(pull.head.branch), it.file);
      if (there === (it.text ?? undefined)) return;
      if (it.rebase && pull.base.branch === "sandbox") return;
      stage.pushed(number, { [it.file]: it.text }, it.text === null ? {} : { rebase: it.rebase });
      return;
    }
    case "draft":
      if (isOpen && !pull.draft) sam.convertToDraft(stage.name, number);
      return;
    case "ready":
      if (isOpen && pull.draft) sam.markReady(stage.name, number);
      return;
    case "close":
      if (isOpen) sam.close(stage.name, number);
      return;
    case "reopen":
      if (!isOpen) sam.reopen(stage.name, number);
      return;
    case "approve":
      if (isOpen) dana.review(stage.name, number, "approve");
      return;
    case "dismiss": {
      const last = pull.reviews.findLast((review) => review.state === "APPROVED");
      if (isOpen && last) {
        stage.github.administrator("olga").setCollaborator(stage.name, "lee", "admin");
        stage.github.as("lee").dismiss(stage.name, number, last.id);
      }
      return;
    }
    case "comment":
      sam.comment(stage.name, number, "Looks fine to me.");
      return;
    case "retarget":
      if (isOpen && pull.base.branch !== it.base) sam.retarget(stage.name, number, it.base);
  }
}

/** What a person sees of ours, without what only tells of the way there: ids, times, and questions that were put away. */
function visible(stage: Stage, number: number) {
  const { head } = stage.pull(number);
  const summaries = stage.reviews(number).filter(({ body }) => body.startsWith("<!-- threatgate:1 summary"));
  const check = stage.checks(number).findLast(({ headSha }) => headSha === head.sha);
  const questions = stage
    .questions(number)
    .filter(({ resolved, comments }) => !resolved && comments[0]?.minimized === undefined)
    .map(({ path, comments }) => `${path} ${/^<!-- .* -->/.exec(comments[0]?.body ?? "")?.[0]}`);
  return {
    conclusion: check?.conclusion,
    summaries: summaries.filter(({ minimized }) => minimized === undefined).length,
    questions,
    issues: stage.issues().map(({ title, state }) => ({ title, state })),
    whole: { title: check?.title, summary: plain(stage, check?.summary) },
  };
}

/** The lines of a text in any order: of equals, what has a thread stands first. */
function plain(stage: Stage, text: string | null | undefined): string[] {
  return (text ?? "")
    .replaceAll(stage.github.url, "")
    .replaceAll("\u200b", "")
    .replace(/[0-9a-f]{40}|\b(?=[0-9a-f]*\d)[0-9a-f]{7}\b/g, "COMMIT")
    .replace(/\d{4}-\d\d-\d\d(T[\d:.]+Z)?/g, "DAY")
    .split("\n")
    .map((line) => line.replace(/^\| \d+ \|/, "|"))
    .sort();
}

/**
 * The verdict is the same, and nothing that would be asked is missing. What was asked on the way stays asked where its
 * subject is still there; where nothing of that kind is left, the texts are the same to the letter.
 */
function compare(noisy: ReturnType<typeof visible>, clean: ReturnType<typeof visible>): void {
  expect(noisy.conclusion).toBe(clean.conclusion);
  expect(noisy.issues).toEqual(clean.issues);
  expect(noisy.summaries).toBeLessThanOrEqual(1);
  expect(noisy.questions).toEqual(expect.arrayContaining(clean.questions));
  expect(new Set(noisy.questions).size).toBe(noisy.questions.length);
  if (noisy.questions.length === clean.questions.length) expect(noisy.whole).toEqual(clean.whole);
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
            compare(visible(noisy.stage, noisy.number), visible(clean.stage, clean.number));
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
