import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { Desired } from "../../../src/core/domain/desired.ts";
import { writeMarker } from "../../../src/core/domain/marker.ts";
import { reconcile } from "../../../src/core/reconcile.ts";
import { Gone, TryAgainLater } from "../../../src/shell/failures.ts";
import { alwaysMayWrite } from "../../../src/shell/ports.ts";
import { effects } from "../../github/faults.ts";
import { Hosted, lines, organisation, question, repository, threatIssue, wanted } from "./hosted.ts";

let hosted: Hosted;

beforeEach(async () => {
  hosted = await Hosted.start();
});

afterEach(async () => {
  const { github } = hosted;
  await github.close();
  github.expectNoContractFindings();
});

const issuesOnly = (number: number, issues: Desired["issues"]): Desired => {
  const { checkRun: _, ...rest } = wanted(number);
  return { ...rest, review: "leave", reviewers: { teams: [], users: [] }, issues };
};

function posts(number: number) {
  const pull = hosted.github.pullRequest(repository, number);
  return {
    checks: hosted.github.checkRuns(repository, number).length,
    reviews: pull.reviews.filter((review) => review.state !== "PENDING").length,
    threads: pull.threads.length,
    issues: hosted.github.issues(repository).length,
  };
}

describe("an answer that is lost", () => {
  const lost = [
    ["a reset", effects.lostAfterApplying],
    ["a 502", effects.badGatewayAfterApplying],
  ] as const;

  test.each(
    ["checks/create", "pulls/create-review", "pulls/request-reviewers"].flatMap((operation) =>
      lost.map(([name, effect]) => [operation, name, effect] as const),
    ),
  )("%s, by %s: what was done is found and not done again", async (operation, _, effect) => {
    const number = hosted.open();
    hosted.github.faults.add({ operation, effect });
    const { results } = await hosted.evaluate(number, wanted(number));
    expect(results.map((result) => result.outcome)).toEqual(["done", "done", "done"]);
    expect(posts(number)).toEqual({ checks: 1, reviews: 1, threads: 1, issues: 0 });
    expect((await hosted.evaluate(number, wanted(number))).plan.steps).toEqual([]);
  });

  test.each(lost)("an issue, by %s", async (_, effect) => {
    const number = hosted.open();
    hosted.github.as("sam").merge(repository, number);
    hosted.github.faults.add({ operation: "issues/create", effect });
    const { results } = await hosted.evaluate(number, issuesOnly(number, [threatIssue("T-1")]));
    expect(results).toMatchObject([{ outcome: "done" }]);
    expect(posts(number).issues).toBe(1);
  });

  test("a review of questions on files, by a reset at its submission", async () => {
    const number = hosted.open();
    hosted.github.faults.add({ operation: "graphql/SubmitReview", effect: effects.lostAfterApplying });
    await hosted.evaluate(number, wanted(number, {}, [2, undefined]));
    expect(posts(number)).toMatchObject({ reviews: 1, threads: 2 });
  });

  test.each(["checks/create", "pulls/create-review"])(
    "%s, twice before it is done: given back, and whole the next time",
    async (operation) => {
      const number = hosted.open();
      hosted.github.faults.add({ operation, effect: effects.serverError(), times: 2 });
      await expect(hosted.evaluate(number, wanted(number))).rejects.toBeInstanceOf(TryAgainLater);
      await hosted.evaluate(number, wanted(number));
      expect(posts(number)).toEqual({ checks: 1, reviews: 1, threads: 1, issues: 0 });
    },
  );

  test("the second fifty annotations, by a reset: they are counted before they are sent again", async () => {
    const number = hosted.open({ "infra/export.tf": lines(100) });
    const annotations = Array.from({ length: 80 }, (_, index) => ({
      path: "infra/export.tf",
      start_line: index + 1,
      end_line: index + 1,
      annotation_level: "notice" as const,
      title: "t",
      message: "m",
    }));
    const desired = wanted(number);
    if (!desired.checkRun) throw new Error("a check was expected");
    hosted.github.faults.add({ operation: "checks/update", effect: effects.lostAfterApplying });
    await hosted.evaluate(number, { ...desired, checkRun: { ...desired.checkRun, annotations } });
    expect(hosted.github.checkRuns(repository, number).map((run) => run.annotations.length)).toEqual([80]);
  });

  test("one call in five, whatever it is: in the end everything is there once", async () => {
    const number = hosted.open();
    const disarm = [
      hosted.github.faults.add({ share: 0.1, seed: 7, effect: effects.lostAfterApplying }),
      hosted.github.faults.add({ share: 0.1, seed: 11, effect: effects.serverError(503) }),
    ];
    const desired = { ...wanted(number, {}, [1, 2, undefined]), issues: [threatIssue("T-1"), threatIssue("T-2")] };
    for (let attempt = 0; attempt < 12; attempt++) {
      await hosted.evaluate(number, desired).catch((error: unknown) => {
        if (!(error instanceof TryAgainLater)) throw error;
      });
    }
    for (const each of disarm) each();
    expect((await hosted.evaluate(number, desired)).plan.steps).toEqual([]);
    expect(posts(number)).toEqual({ checks: 1, reviews: 1, threads: 3, issues: 2 });
  });
});

describe("a place that GitHub refuses", () => {
  test("costs no other question: the line becomes the file, and people are told once", async () => {
    const number = hosted.open();
    const { results } = await hosted.evaluate(number, wanted(number, {}, [1, 500, 3]));
    expect(results[1]).toMatchObject({ outcome: "done" });
    const { threads, reviews } = hosted.github.pullRequest(repository, number);
    expect(threads.map((thread) => [thread.subject, thread.line])).toEqual([
      ["line", 1],
      ["line", 3],
      ["file", undefined],
    ]);
    expect(reviews).toHaveLength(1);
    expect((await hosted.evaluate(number, wanted(number, {}, [1, 500, 3]))).plan.steps).toEqual([]);
  });

  test("and whose file it refuses too is written below the body, and not asked again", async () => {
    const number = hosted.open();
    const desired = wanted(number, {}, [1]);
    if (desired.review === "leave" || !("ask" in desired.review)) throw new Error("a review was expected");
    const lost = question("rule-lost", "gone.tf", 4);
    const review = { ask: { ...desired.review.ask, comments: [...desired.review.ask.comments, lost] } };
    await hosted.evaluate(number, { ...desired, review });
    const pull = hosted.github.pullRequest(repository, number);
    expect(pull.threads).toHaveLength(1);
    expect(pull.reviews[0]?.body).toBe(`${desired.review.ask.summary}\n\n---\n\n${lost.body}`);
    const { observed } = await hosted.evaluate(number, { ...desired, review: "leave" });
    expect(observed.threads.map((thread) => [thread.fingerprint, thread.answered])).toContainEqual([
      lost.fingerprint,
      true,
    ]);
  });

  test.each([
    ["empty", "graphql/AddThreads", 1],
    ["with its questions", "graphql/SubmitReview", 2],
  ])("a pending review that was left behind %s does not stand in the way", async (_, operation, times) => {
    const number = hosted.open();
    hosted.github.faults.add({ operation, effect: effects.serverError(), times });
    await expect(hosted.evaluate(number, wanted(number, {}, [undefined]))).rejects.toBeInstanceOf(TryAgainLater);
    await hosted.evaluate(number, wanted(number, {}, [undefined]));
    expect(posts(number)).toMatchObject({ reviews: 1, threads: 1 });
  });
});

describe("a head that moves while it is judged", () => {
  test("gets the check on the commit that was judged, and nobody is told anything", async () => {
    const number = hosted.open();
    const { source, posts: ours } = hosted.port();
    const subject = hosted.subject(number);
    const snapshot = await source.snapshot(subject, await source.listing(subject), { texts: [], look: [], teams: [] });
    const plan = reconcile(wanted(number), await ours.observed(subject, snapshot, undefined), snapshot.head);
    const judged = hosted.github.pullRequest(repository, number).head.sha;
    hosted.github.as("sam").pushToPullRequest(repository, number, { files: { "more.txt": "x\n" } });
    const results = await ours.apply(subject, plan, alwaysMayWrite);
    expect(results.map((result) => result.outcome)).toEqual(["done", "superseded", "superseded"]);
    expect(hosted.github.checkRuns(repository, judged)).toHaveLength(1);
    expect(posts(number)).toEqual({ checks: 0, reviews: 0, threads: 0, issues: 0 });
  });

  test("a pull request that was closed meanwhile is not written to", async () => {
    const number = hosted.open();
    const { source, posts: ours } = hosted.port();
    const subject = hosted.subject(number);
    const snapshot = await source.snapshot(subject, await source.listing(subject), { texts: [], look: [], teams: [] });
    const plan = reconcile(wanted(number), await ours.observed(subject, snapshot, undefined), snapshot.head);
    hosted.github.as("sam").close(repository, number);
    const results = await ours.apply(subject, plan, alwaysMayWrite);
    expect(results.slice(1)).toMatchObject([
      { outcome: "superseded", why: "the pull request is closed" },
      { outcome: "superseded", why: "the pull request is closed" },
    ]);
    expect(posts(number)).toMatchObject({ reviews: 0, threads: 0 });
  });
});

describe("what a repository does not take", () => {
  test("issues that are disabled are told with their reason, and the check stands", async () => {
    const number = hosted.open();
    hosted.github.administrator("olga").disableIssues(repository);
    const { results } = await hosted.evaluate(number, { ...wanted(number), issues: [threatIssue("T-1")] });
    expect(results.map((result) => result.outcome)).toEqual(["done", "done", "done", "skipped"]);
    expect(results[3]).toMatchObject({ why: expect.stringMatching(/issues are disabled|disabled/i) });
  });

  test("a locked conversation is told with its reason, and the check stands", async () => {
    const number = hosted.open();
    hosted.github.as("olga").lock(repository, number);
    const { results } = await hosted.evaluate(number, wanted(number));
    expect(results.slice(0, 2)).toMatchObject([
      { outcome: "done" },
      { outcome: "skipped", why: expect.stringContaining("the review could not be posted: ") },
    ]);
  });

  test("a reviewer who cannot be asked does not cost the others", async () => {
    const number = hosted.open();
    const desired = wanted(number, { reviewers: { teams: ["security-architects"], users: ["nobody-here"] } });
    const { results } = await hosted.evaluate(number, desired);
    expect(results[2]).toMatchObject({ outcome: "done", reference: "not asked: nobody-here" });
    const { requestedTeams } = hosted.github.pullRequest(repository, number);
    expect(requestedTeams.map((team) => team.slug)).toEqual(["security-architects"]);
  });

  test("an archived repository takes nothing: it is gone, without a storm", async () => {
    const number = hosted.open();
    const { source, posts: ours } = hosted.port();
    const subject = hosted.subject(number);
    const snapshot = await source.snapshot(subject, await source.listing(subject), { texts: [], look: [], teams: [] });
    const plan = reconcile(wanted(number), await ours.observed(subject, snapshot, undefined), snapshot.head);
    hosted.github.administrator("olga").archiveRepository(repository);
    hosted.github.requests.clear();
    await expect(ours.apply(subject, plan, alwaysMayWrite)).rejects.toBeInstanceOf(Gone);
    expect(hosted.operations()).toEqual(["checks/create"]);
  });
});

describe("posts of others", () => {
  test("with our marker are not ours: not counted, not edited", async () => {
    const number = hosted.open();
    const forged = `${writeMarker({ kind: "summary", pullRequest: number })}\nAll GREEN.`;
    hosted.github.as("lee").review(repository, number, "comment", { body: forged });
    hosted.github
      .as("lee")
      .commentOnLine(
        repository,
        number,
        { path: "infra/export.tf", line: 2 },
        question("rule-0", "infra/export.tf", 2).body,
      );
    hosted.github
      .as("lee")
      .openIssue(repository, { title: "x", body: threatIssue("T-1").body, labels: ["threat-model"] });
    const { observed } = await hosted.evaluate(number, wanted(number));
    expect(observed).toMatchObject({ checkRuns: [], summaries: [], threads: [], issues: [] });
    const bodies = hosted.github.pullRequest(repository, number).reviews.map((review) => review.body);
    expect(bodies).toContain(forged);
    expect(posts(number)).toMatchObject({ threads: 2 });
  });

  test("a check of the same name by another is not ours", async () => {
    await hosted.github.close();
    hosted = await Hosted.start({ ...organisation, apps: [{}, { slug: "other-app" }] });
    const number = hosted.open();
    const { sha } = hosted.github.pullRequest(repository, number).head;
    hosted.github.as("sam").forgeCheck(repository, sha, "threat-model", "other-app", "success");
    const { observed } = await hosted.evaluate(number, wanted(number));
    expect(observed.checkRuns).toEqual([]);
    const conclusions = hosted.github.checkRuns(repository, number).map((run) => run.conclusion);
    expect(conclusions).toEqual(["success", "neutral"]);
  });

  test("a thread that somebody answered is theirs", async () => {
    const number = hosted.open();
    await hosted.evaluate(number, wanted(number));
    const [thread] = hosted.github.pullRequest(repository, number).threads;
    hosted.github.as("sam").replyInThread(repository, number, thread?.id ?? 0, "Only the export job.");
    const { plan } = await hosted.evaluate(number, { ...wanted(number), review: { settled: "Done." } });
    expect(plan.steps.map((step) => step.do)).toEqual(["update-summary"]);
  });
});
