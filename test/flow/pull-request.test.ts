import { describe, expect, test } from "@jest/globals";
import { bucket, Stage } from "./stage.ts";

const enforce = "version: 1\nmode: enforce\narchitects:\n  teams: [security-architects]\n";
const advise = enforce.replace("enforce", "advise");
const exportPath = "infra/export.tf";
const invoicePath = "infra/invoices.tf";

describe("a pull request that changes no architecture", () => {
  test("gets a green check and silence, for one listing, one query and one write", async () => {
    const stage = await Stage.set({ policy: enforce });
    const number = stage.opened({ "README.md": "# Shop\n\nHow to run it.\n" });
    await stage.evaluated(number);

    expect(stage.asked.writing).toEqual(["checks/create"]);
    expect(stage.asked.reading.slice(0, 2)).toEqual(["pulls/list-files", "graphql/PullRequest"]);
    // The first look of all at a repository may ask once more: which team counts is known only when its policy was read.
    expect(stage.asked.reading.slice(2)).toEqual(["graphql/Files"]);
    expect(stage.check(number)).toMatchObject({
      conclusion: "success",
      title: "No threat-model change needed",
      detailsUrl: "https://threatgate.example/page",
    });
    expect(stage.check(number).summary).toMatch(/^1 file looked at; it does not change the architecture,/);
    expect(stage.seen(number)).toMatchObject({ reviews: [], questions: [], requested: [], issues: [] });

    const other = stage.opened({ "src/words.ts": "export const greeting = 'Hello';\n" }, { branch: "words" });
    await stage.evaluated(other);
    expect(stage.asked).toEqual({
      reading: ["pulls/list-files", "graphql/PullRequest"],
      writing: ["checks/create"],
    });
  });
});

describe("a pull request with a new data store", () => {
  test("gets a check, one review with the question on its line, and calls the architects", async () => {
    const stage = await Stage.set({ policy: enforce });
    const number = stage.opened({ [exportPath]: bucket("exports") });
    await stage.evaluated(number);

    expect(stage.asked.writing).toEqual(["checks/create", "pulls/create-review", "pulls/request-reviewers"]);
    expect(stage.check(number)).toMatchObject({
      conclusion: "failure",
      title: "Blocked: 1 question open, no threat model",
    });
    expect(stage.reviews(number).map((review) => review.state)).toEqual(["COMMENTED"]);
    expect(stage.reviews(number)[0]?.body).toContain("**Threat model: 1 question on this change**");
    expect(stage.questions(number)).toMatchObject([{ path: exportPath, line: 1, subject: "line" }]);
    expect(stage.questions(number)[0]?.comments[0]?.body).toContain("**New object store: aws_s3_bucket `exports`**");
    expect(stage.seen(number).requested).toEqual(["security-architects"]);
  });

  test("judged again without a change: two requests to look, nothing written", async () => {
    const stage = await Stage.set({ policy: enforce });
    const number = stage.opened({ [exportPath]: bucket("exports") });
    await stage.evaluated(number);
    const before = stage.seen(number);
    await stage.evaluated(number);
    expect(stage.asked).toEqual({ reading: ["pulls/list-files", "graphql/PullRequest"], writing: [] });
    expect(stage.seen(number)).toEqual(before);
  });

  test("a further push with one more store: one further review of one line, the summary edited in place, nothing said twice", async () => {
    const stage = await Stage.set({ policy: enforce });
    const number = stage.opened({ [exportPath]: bucket("exports") });
    await stage.evaluated(number);
    const [summary] = stage.reviews(number);
    const [question] = stage.questions(number);
    const asked = question?.comments[0]?.body;

    stage.pushed(number, { [invoicePath]: bucket("invoices") });
    await stage.evaluated(number);
    const [first, further, ...more] = stage.reviews(number);
    expect(first?.id).toBe(summary?.id);
    expect(first?.body).toContain("**Threat model: 2 questions on this change**");
    const address = `${stage.github.url}/acme/shop/pull/${number}#pullrequestreview-${first?.id}`;
    expect(further?.body).toBe(
      `<!-- threatgate:1 further ${number} -->\nBelongs to the [threat model summary](${address}).`,
    );
    expect(more).toEqual([]);
    expect(stage.questions(number).map((thread) => thread.path)).toEqual([exportPath, invoicePath]);
    expect(stage.questions(number)[0]?.comments.map((comment) => comment.body)).toEqual([asked]);
    expect(stage.asked.writing).toEqual(["checks/create", "pulls/update-review", "pulls/create-review"]);

    await stage.evaluated(number);
    expect(stage.asked.writing).toEqual([]);
  });

  test("a rebase says nothing: only the new head gets its check", async () => {
    const stage = await Stage.set({ policy: enforce });
    const number = stage.opened({ [exportPath]: bucket("exports") });
    await stage.evaluated(number);
    const { checks: _, ...before } = stage.seen(number);

    stage.github.as("sam").pushCommit(stage.name, { branch: "main", files: { "README.md": "# Shop, renamed\n" } });
    stage.pushed(number, { [exportPath]: `# Moved down a line\n${bucket("exports")}` }, { rebase: true });
    await stage.evaluated(number);
    const { checks, ...after } = stage.seen(number);
    expect(checks).toHaveLength(1);
    // The summary names lines; only its link to the moved line is brought up to date.
    const withoutReviews = ({ reviews: __, ...rest }: typeof after) => rest;
    expect(withoutReviews(after)).toEqual(withoutReviews(before));
    expect(stage.asked.writing).toEqual(["checks/create", "pulls/update-review"]);
    expect(stage.reviews(number)).toHaveLength(1);
  });

  test("a rebase that moves no line writes the check of the new head alone", async () => {
    const stage = await Stage.set({ policy: enforce });
    const number = stage.opened({ [exportPath]: bucket("exports") });
    await stage.evaluated(number);
    stage.github.as("sam").pushCommit(stage.name, { branch: "main", files: { "README.md": "# Shop, renamed\n" } });
    stage.pushed(number, { [exportPath]: bucket("exports") }, { rebase: true });
    await stage.evaluated(number);
    expect(stage.asked.writing).toEqual(["checks/create"]);
  });
});

describe("the conversation", () => {
  test("a thread that somebody answered is left alone, whatever becomes of the change", async () => {
    const stage = await Stage.set({ policy: advise });
    const number = stage.opened({ [exportPath]: bucket("exports"), [invoicePath]: bucket("invoices") });
    await stage.evaluated(number);
    const [exports] = stage.questions(number);
    stage.github.as("sam").replyInThread(stage.name, number, exports?.id ?? 0, "It holds nothing but logos.");

    stage.pushed(number, { [exportPath]: null });
    await stage.evaluated(number);
    const [answered, open] = stage.questions(number);
    expect(answered?.comments.map((comment) => comment.author?.login)).toEqual([stage.bot, "sam"]);
    expect(answered).toMatchObject({ resolved: false, comments: [{ minimized: undefined }, {}] });
    expect(open).toMatchObject({ resolved: false, comments: [{ minimized: undefined }] });
  });

  test("a question whose change is gone is put away, and comes back with it", async () => {
    const stage = await Stage.set({ policy: advise });
    const number = stage.opened({ [exportPath]: bucket("exports"), [invoicePath]: bucket("invoices") });
    await stage.evaluated(number);
    stage.pushed(number, { [invoicePath]: null });
    await stage.evaluated(number);
    const put = () => stage.questions(number).map((one) => one.resolved || one.comments[0]?.minimized !== undefined);
    expect(put()).toEqual([false, true]);
    expect(stage.reviews(number)).toHaveLength(1);
    expect(stage.reviews(number)[0]?.body).toContain("**Threat model: 1 question on this change**");

    stage.pushed(number, { [invoicePath]: bucket("invoices") });
    await stage.evaluated(number);
    expect(put()).toEqual([false, false]);
    expect(stage.reviews(number)).toHaveLength(1);
  });

  test("with the last question gone the summary is settled, and the check is green again", async () => {
    const stage = await Stage.set({ policy: enforce });
    const number = stage.opened({ [exportPath]: bucket("exports"), "README.md": "# Shop, with exports\n" });
    await stage.evaluated(number);
    stage.pushed(number, { [exportPath]: null });
    await stage.evaluated(number);
    expect(stage.check(number)).toMatchObject({ conclusion: "success", title: "No threat-model change needed" });
    expect(stage.reviews(number)).toHaveLength(1);
    expect(stage.reviews(number)[0]?.body).toMatch(/^<!-- threatgate:1 summary 1 -->\n/);
    expect(stage.reviews(number)[0]?.body).not.toContain("question on this change");
    await stage.evaluated(number);
    expect(stage.asked.writing).toEqual([]);
  });

  test("a draft gets its check and no word; ready for review, it is asked", async () => {
    const stage = await Stage.set({ policy: enforce });
    const number = stage.opened({ [exportPath]: bucket("exports") }, { draft: true });
    await stage.evaluated(number);
    expect(stage.asked.writing).toEqual(["checks/create"]);
    expect(stage.check(number)).toMatchObject({ conclusion: "failure" });
    expect(stage.check(number).title).toMatch(/^Draft, would be blocked: 1 question open/);

    stage.github.as("sam").markReady(stage.name, number);
    await stage.evaluated(number);
    expect(stage.reviews(number)).toHaveLength(1);
    expect(stage.seen(number).requested).toEqual(["security-architects"]);
    expect(stage.check(number).title).toBe("Blocked: 1 question open, no threat model");
  });
});

describe("how much is said and stopped is the policy's choice", () => {
  test.each([
    ["observe", "neutral", "Observed: ", 0, []],
    ["advise", "neutral", "Advice: ", 1, []],
    ["enforce", "failure", "Blocked: ", 1, ["security-architects"]],
  ] as const)("%s: %s", async (mode, conclusion, beginning, reviews, requested) => {
    const stage = await Stage.set({ policy: enforce.replace("enforce", mode) });
    const number = stage.opened({ [exportPath]: bucket("exports") });
    await stage.evaluated(number);
    expect(stage.check(number)).toMatchObject({ conclusion });
    expect(stage.check(number).title?.startsWith(beginning)).toBe(true);
    expect(stage.reviews(number)).toHaveLength(reviews);
    expect(stage.seen(number).requested).toEqual(requested);
  });

  test("without any policy it advises", async () => {
    const stage = await Stage.set();
    const number = stage.opened({ [exportPath]: bucket("exports") });
    await stage.evaluated(number);
    expect(stage.check(number)).toMatchObject({
      conclusion: "neutral",
      title: "Advice: 1 question open, no threat model",
    });
    expect(stage.asked.reading).toEqual(["pulls/list-files", "graphql/PullRequest", "git/get-tree"]);
  });
});

describe("after the merge", () => {
  test("an issue for each open threat, and judged again no second one", async () => {
    const stage = await Stage.set({ policy: `${advise}riskThreshold: medium\n` });
    const number = stage.opened({ [exportPath]: bucket("exports") });
    await stage.evaluated(number);
    stage.github.as("olga").merge(stage.name, number, "squash");
    await stage.evaluated(number);
    const titles = stage.issues().map((issue) => issue.title);
    expect(titles).toHaveLength(2);
    for (const title of titles) expect(title).toMatch(/^\[T-[0-9a-z]{6}\] .+ \(medium, .+\)$/);
    const writing = stage.asked.writing.filter((operation) => operation === "issues/create");
    expect(writing).toHaveLength(2);

    await stage.evaluated(number);
    expect(stage.asked.writing).toEqual([]);
    expect(stage.issues().map((issue) => issue.title)).toEqual(titles);
  });

  test("a person who closes such an issue is told once what would make it true", async () => {
    const stage = await Stage.set({ policy: `${advise}riskThreshold: medium\n` });
    const number = stage.opened({ [exportPath]: bucket("exports") });
    stage.github.as("olga").merge(stage.name, number);
    await stage.evaluated(number);
    const [issue] = stage.issues();
    stage.github.as("olga").changeIssue(stage.name, issue?.number ?? 0, { state: "closed" });
    await stage.evaluated(number);
    expect(issue?.comments.map((comment) => comment.author?.login)).toEqual([stage.bot]);
    expect(issue?.state).toBe("closed");
    await stage.evaluated(number);
    expect(stage.asked.writing).toEqual([]);
  });

  test.each(["observe", "advise", "enforce"] as const)("in %s issues follow as that mode says", async (mode) => {
    const stage = await Stage.set({ policy: `${enforce.replace("enforce", mode)}riskThreshold: medium\n` });
    const number = stage.opened({ [exportPath]: bucket("exports") });
    stage.github.as("olga").merge(stage.name, number);
    await stage.evaluated(number);
    expect(stage.issues()).toHaveLength(mode === "observe" ? 0 : 2);
  });

  test("a public repository gets none of high risk, and the plan says so", async () => {
    const stage = await Stage.set({
      policy: `${advise}riskThreshold: low\nsystems:\n  - name: shop\n    paths: ["**"]\n    riskClass: high\n`,
      repository: { private: false },
    });
    const number = stage.opened({ [exportPath]: bucket("exports", '  acl = "public-read"\n') });
    stage.github.as("olga").merge(stage.name, number);
    const { desired } = await stage.evaluated(number);
    expect(desired.withheld.length).toBeGreaterThan(0);
    for (const { why } of desired.withheld) expect(why).toBe("public repository (publish.issues)");
    for (const issue of stage.issues()) expect(issue.title).not.toMatch(/\((high|critical),/);
  });

  test("merged elsewhere than to the default branch, no issue", async () => {
    const stage = await Stage.set({ policy: advise });
    stage.github.as("sam").pushCommit(stage.name, { branch: "next", files: { "next.md": "next\n" } });
    const number = stage.github
      .as("sam")
      .openPullRequest(stage.name, { branch: "feature", base: "next", files: { [exportPath]: bucket("exports") } });
    stage.github.as("olga").merge(stage.name, number);
    await stage.evaluated(number);
    expect(stage.asked.writing).toEqual([]);
  });

  test("issues switched off: nothing is tried, nothing fails", async () => {
    const stage = await Stage.set({ policy: `${advise}riskThreshold: medium\n`, repository: { hasIssues: false } });
    const number = stage.opened({ [exportPath]: bucket("exports") });
    stage.github.as("olga").merge(stage.name, number);
    const { desired } = await stage.evaluated(number);
    expect(stage.asked.writing).toEqual([]);
    expect(desired.withheld).toEqual([{ output: "issues", why: "issues are switched off in this repository" }]);
  });
});

describe("where nothing may be written", () => {
  test("a pull request that was closed without a merge", async () => {
    const stage = await Stage.set({ policy: enforce });
    const number = stage.opened({ [exportPath]: bucket("exports") });
    stage.github.as("sam").close(stage.name, number);
    await stage.evaluated(number);
    expect(stage.asked.writing).toEqual([]);
  });

  test("an archived repository", async () => {
    const stage = await Stage.set({ policy: enforce });
    const number = stage.opened({ [exportPath]: bucket("exports") });
    stage.github.administrator("olga").archiveRepository(stage.name);
    const { desired } = await stage.evaluated(number);
    expect(stage.asked.writing).toEqual([]);
    expect(desired.withheld).toEqual([{ output: "everything", why: "the repository is archived" }]);
  });
});

describe("the order of events does not matter, only what is there (H010, H042)", () => {
  test("H010: judged only after closing, reopened and judged: the outputs of the right order", async () => {
    const stage = await Stage.set({ policy: enforce });
    const number = stage.opened({ [exportPath]: bucket("exports") });
    stage.pushed(number, { [invoicePath]: bucket("invoices") });
    stage.github.as("sam").close(stage.name, number);
    await stage.evaluated(number);
    expect(stage.seen(number)).toEqual({ checks: [], reviews: [], questions: [], requested: [], issues: [] });
    stage.github.as("sam").reopen(stage.name, number);
    await stage.evaluated(number);
    await stage.evaluated(number);

    const orderly = await Stage.set({ policy: enforce });
    const same = orderly.opened({ [exportPath]: bucket("exports"), [invoicePath]: bucket("invoices") });
    await orderly.evaluated(same);
    const bare = (of: Stage, one: number) => {
      const { checks, reviews, questions, requested } = of.seen(one);
      const local = (text: string | null) => text?.replaceAll(of.github.url, "").replaceAll(/[0-9a-f]{40}/g, "sha");
      return {
        checks: checks.map(({ conclusion, title, summary }) => [conclusion, title, local(summary)]),
        reviews: reviews.map(({ body }) => local(body)),
        questions: questions.map(({ path, said }) => [path, said.map(local)]),
        requested,
      };
    };
    expect(bare(stage, number)).toEqual(bare(orderly, same));
  });

  test("H042: the head moves while it is judged: the check stays on the judged commit, nobody is asked, the next look asks", async () => {
    const stage = await Stage.set({ policy: enforce });
    const number = stage.opened({ [exportPath]: bucket("exports") });
    const judged = stage.pull(number).head.sha;
    const world = stage.world();
    const { run } = await import("../../src/shell/run.ts");
    const moving = {
      ...world,
      posts: {
        begin: world.posts.begin.bind(world.posts),
        apply: world.posts.apply.bind(world.posts),
        observed: async (...given: Parameters<typeof world.posts.observed>) => {
          const observed = await world.posts.observed(...given);
          stage.pushed(number, { [invoicePath]: bucket("invoices") });
          return observed;
        },
      },
    };
    const { results } = await run(stage.subject(number), moving);
    expect(results.map(({ step, outcome }) => [step.do, outcome])).toEqual([
      ["create-check-run", "done"],
      ["create-review", "superseded"],
      ["request-review", "superseded"],
    ]);
    const head = stage.pull(number).head.sha;
    expect(head).not.toBe(judged);
    const [old] = stage.github.checkRuns(stage.name, judged);
    expect(old).toMatchObject({ conclusion: "failure", headSha: judged });
    expect(old?.summary).toContain(judged);
    expect(old?.summary).not.toContain(head);
    expect(stage.checks(number)).toEqual([]);

    await stage.evaluated(number);
    expect(stage.check(number).summary).toContain(head);
    expect(stage.reviews(number)).toHaveLength(1);
    expect(stage.questions(number)).toHaveLength(2);
  });
});
