import { describe, expect, test } from "@jest/globals";
import { Gone, TryAgainLater } from "../../src/shell/failures.ts";
import { openApp } from "../../src/shell/github/app.ts";
import { machineClock } from "../../src/shell/github/pace.ts";
import { githubPort } from "../../src/shell/github/port.ts";
import { run } from "../../src/shell/run.ts";
import { type Effect, effects } from "../github/faults.ts";
import { bucket, Stage } from "./stage.ts";

const policy = "version: 1\nmode: enforce\narchitects:\n  teams: [security-architects]\nriskThreshold: medium\n";

async function begin(): Promise<{ stage: Stage; number: number }> {
  const stage = await Stage.set({ policy });
  return { stage, number: stage.opened({ "infra/a.tf": bucket("a") }) };
}

/** Evaluates as the service does: what GitHub did not let be done is tried again. */
async function untilDone(stage: Stage, number: number, most = 30): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await stage.evaluated(number);
      return;
    } catch (error) {
      if (!(error instanceof TryAgainLater) || attempt === most) throw error;
    }
  }
}

function counted(stage: Stage, number: number): number[] {
  return [stage.checks(number).length, stage.reviews(number).length, stage.questions(number).length];
}

describe("a token that ends", () => {
  test("H082: in the middle of a job it is renewed once, the job goes on, and nothing is written twice", async () => {
    const { stage, number } = await begin();
    const world = stage.world();
    const { posts } = world;
    const outcome = await run(stage.subject(number), {
      ...world,
      posts: {
        begin: posts.begin.bind(posts),
        apply: posts.apply.bind(posts),
        observed: async (subject, snapshot) => {
          stage.github.identity.expireTokens();
          return posts.observed(subject, snapshot, undefined);
        },
      },
    });
    expect(outcome.results.map((result) => result.outcome)).toEqual(["done", "done", "done"]);
    expect(counted(stage, number)).toEqual([1, 1, 1]);
    const minted = stage.github.requests.of("apps/create-installation-access-token");
    expect(minted.filter(({ status }) => status === 201)).toHaveLength(2);
  });
});

describe("answers that are old (H083)", () => {
  test.each(["old", "empty"] as const)(
    "H083: a push that GitHub shows only later, files %s: nothing is judged of the wrong commit",
    async (files) => {
      const { stage, number } = await begin();
      await stage.evaluated(number);
      stage.github.lagBehind(1_500, files);
      stage.pushed(number, { "infra/b.tf": bucket("b") });
      const head = stage.pull(number).head.sha;
      const { id, privateKey, installation } = stage.github.app;
      const app = openApp({ appId: id, privateKeys: [privateKey], baseUrl: stage.github.url, clock: machineClock });
      const updatedAt = stage.pull(number).updatedAt;
      for (let attempt = 0; attempt < 20; attempt++) {
        const world = { ...stage.world(), ...githubPort(app.forRepository(installation, "shop")) };
        try {
          const { snapshot } = await run({ ...stage.subject(number), updatedAt }, world);
          if (snapshot.head === head) break;
        } catch (error) {
          if (!(error instanceof TryAgainLater)) throw error;
        }
        await new Promise((resolve) => setTimeout(resolve, 300));
      }
      expect(stage.checks(number).map(({ headSha, conclusion }) => [headSha, conclusion])).toEqual([[head, "failure"]]);
      expect(stage.questions(number).map(({ path }) => path)).toEqual(["infra/a.tf", "infra/b.tf"]);
    },
  );
});

describe("answers that are none", () => {
  const reads = ["pulls/list-files", "graphql/PullRequest", "graphql/Files"];
  const broken: readonly (readonly [string, Effect])[] = [
    ["cut off", effects.truncatedJson],
    ["a page for people", effects.htmlPage],
    ["errors of GitHub's own", { do: "answer", status: 200, body: { errors: [{ message: "Something went wrong" }] } }],
    ["not modified", { do: "answer", status: 304 }],
    ["null", { do: "answer", status: 200, body: null }],
  ];
  test.each(reads.flatMap((operation) => broken.map(([name, effect]) => [operation, name, effect] as const)))(
    "H084: %s, %s: asked again, and what comes of it is what a whole answer gives",
    async (operation, _, effect) => {
      const { stage, number } = await begin();
      stage.github.faults.add({ operation, effect, times: 2 });
      await untilDone(stage, number);
      expect(stage.check(number)).toMatchObject({ status: "completed", conclusion: "failure" });
      expect(counted(stage, number)).toEqual([1, 1, 1]);
      stage.github.faults.add({ operation, effect, times: 10_000 });
      const outcome = await stage.evaluated(number).then(
        (done) => done.assessment.conclusion,
        (error: unknown) => error,
      );
      // What is not asked for by this evaluation cannot fail it.
      if (outcome !== "failure") expect(outcome).toBeInstanceOf(TryAgainLater);
      expect(stage.check(number).conclusion).toBe("failure");
    },
  );

  test("H084: lists whose links go in a circle are read to their own end", async () => {
    const { stage, number } = await begin();
    const files = stage.github.requests.of("pulls/list-files").length;
    const link = `<${stage.github.url}/repos/acme/shop/pulls/${number}/files?page=1>; rel="next"`;
    const listed = [
      {
        sha: "b".repeat(40),
        filename: "infra/a.tf",
        status: "added",
        additions: 3,
        deletions: 0,
        changes: 3,
        blob_url: "https://x.example",
        raw_url: "https://x.example",
        contents_url: `https://x.example?ref=${stage.pull(number).head.sha}`,
        patch: `@@ -0,0 +1,3 @@\n${bucket("a")
          .trimEnd()
          .split("\n")
          .map((line) => `+${line}`)
          .join("\n")}`,
      },
    ];
    stage.github.faults.add({
      operation: "pulls/list-files",
      times: 10_000,
      effect: { do: "answer", status: 200, headers: { link }, body: listed },
    });
    await stage.evaluated(number);
    expect(stage.github.requests.of("pulls/list-files").length - files).toBe(1);
    expect(stage.check(number).conclusion).toBe("failure");
  });
});

describe("one call in five that goes wrong", () => {
  test.each([1, 2, 3])(
    "H079: 5xx, resets, lost answers, broken ones and slow ones (%d): everything is there once in the end",
    async (seed) => {
      const { stage, number } = await begin();
      const share = 0.04;
      const mixed: Effect[] = [
        effects.serverError(503),
        { do: "reset", when: "before" },
        effects.lostAfterApplying,
        effects.badGatewayAfterApplying,
        effects.truncatedJson,
      ];
      for (const [index, effect] of mixed.entries()) {
        stage.github.faults.add({ share, seed: seed * 1000 + index * 17, effect });
      }
      for (let round = 0; round < 4; round++) {
        stage.pushed(number, { [`infra/more-${round}.tf`]: bucket(`more${round}`) });
        await untilDone(stage, number);
      }
      stage.github.faults.clear();
      await stage.evaluated(number);
      expect(stage.asked.writing).toEqual([]);
      expect(stage.checks(number)).toHaveLength(1);
      const summaries = stage.reviews(number).filter(({ body }) => body.startsWith("<!-- threatgate:1 summary"));
      expect(summaries).toHaveLength(1);
      const asked = stage.questions(number).map(({ comments }) => /^<!-- .* -->/.exec(comments[0]?.body ?? "")?.[0]);
      expect(new Set(asked).size).toBe(asked.length);
      // What the model lacks is said once, beside the questions about the two changes.
      expect(asked).toHaveLength(2);
    },
  );
});

describe("a repository that refuses the lesser outputs", () => {
  test("H091: issues that are disabled, and a locked conversation: the check carries everything, and nothing is tried for ever", async () => {
    const { stage, number } = await begin();
    stage.github.administrator("olga").disableIssues(stage.name);
    stage.github.as("olga").lock(stage.name, number);
    const { results } = await stage.evaluated(number);
    expect(stage.check(number)).toMatchObject({ status: "completed", conclusion: "failure" });
    expect(stage.check(number).summary).toContain("infra/a.tf");
    const skipped = results.flatMap((result) => (result.outcome === "skipped" ? [result.why] : []));
    expect(skipped.join()).toMatch(/lock/i);
    const writes = stage.github.requests.writes.length;
    await stage.evaluated(number);
    // One more look at the conversation at most: it may have been unlocked.
    expect(stage.github.requests.writes.length - writes).toBeLessThanOrEqual(2);
    stage.github.as("olga").merge(stage.name, number);
    const merged = await stage.evaluated(number);
    expect(merged.results.filter(({ step }) => step.do === "create-issue").map(({ outcome }) => outcome)).toEqual(
      merged.results.filter(({ step }) => step.do === "create-issue").map(() => "skipped"),
    );
  });
});

describe("a name that is not ours to use", () => {
  test("H093: a repository of another installation is refused before any call to it, and tokens are for one repository and its organisation's own", async () => {
    const stage = await Stage.set({
      policy,
      seed: {
        organizations: [
          {
            login: "acme",
            owners: ["olga"],
            members: ["sam"],
            teams: [{ name: "security-architects", members: ["dana"] }],
          },
          { login: "beta", owners: ["lee"], teams: [{ name: "security-architects", members: ["mallory"] }] },
        ],
        repositories: [
          { name: "acme/shop", files: { "README.md": "# Shop\n" }, collaborators: { sam: "write" } },
          { name: "beta/safe", files: { "README.md": "# Safe\n" } },
        ],
      },
    });
    const { installation } = stage.github.app;
    const subject = { kind: "pull-request", owner: "beta", repository: "safe", number: 1, installation } as const;
    const { source } = githubPort(stage.app.forRepository(installation, "safe"));
    await expect(source.listing(subject)).rejects.toBeInstanceOf(Gone);
    expect(stage.github.requests.all.filter(({ path }) => path.includes("/beta/"))).toEqual([]);
    const number = stage.opened({ "infra/a.tf": bucket("a") });
    await stage.evaluated(number);
    const names = (ids: ReadonlySet<number> | undefined): string[] | undefined =>
      ids && [...ids].map((id) => stage.github.world.repositories.get(id)?.name ?? "").toSorted();
    for (const { repositories } of stage.github.identity.grants) {
      expect([["shop"], [".github", "shop"]]).toContainEqual(names(repositories));
    }
  });
});
