import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { withOwnTexts } from "../../src/entry/own-texts.ts";
import { type Outcome, run, runFailed } from "../../src/shell/run.ts";
import type { Database } from "../../src/shell/store/database.ts";
import { effects } from "../github/faults.ts";
import { openPrepared } from "../make/prepared-database.ts";
import { bucket, Stage } from "./stage.ts";

let database: Database;

beforeAll(async () => {
  database = await openPrepared();
});

afterAll(() => database.close());

let repositories = 0;

/** A pull request with one question, answered by a service that remembers what it wrote. */
async function asked(): Promise<{
  stage: Stage;
  number: number;
  evaluated: () => Promise<Outcome>;
  repositoryId: number;
}> {
  repositories++;
  const repositoryId = 900_000 + repositories;
  const stage = await Stage.set({
    policy: "version: 1\narchitects:\n  teams: [security-architects]\n",
    repository: { id: repositoryId },
  });
  const number = stage.opened({ "infra/export.tf": bucket("exports") });
  const evaluated = () =>
    run(
      { ...stage.subject(number), repositoryId },
      withOwnTexts(stage.world(), database, { repositoryId, number }, stage.name),
    );
  await evaluated();
  return { stage, number, evaluated, repositoryId };
}

async function auditIn(repositoryId: number) {
  return database.kysely
    .selectFrom("audit")
    .select(["step", "outcome", "detail"])
    .where("repository_id", "=", repositoryId)
    .orderBy("id")
    .execute();
}

function firstQuestion(stage: Stage, number: number) {
  const comment = stage.questions(number)[0]?.comments[0];
  if (!comment) throw new Error("nothing was asked");
  return comment;
}

describe("H039: a maintainer edits or deletes what we wrote", () => {
  test("it is put back three times a day; then the check alone carries it and says so; each time is recorded", async () => {
    const { stage, number, evaluated, repositoryId } = await asked();
    const [check, text] = [stage.check(number).conclusion, firstQuestion(stage, number).body];
    const green = text.replaceAll("medium", "none");
    for (let time = 1; time <= 3; time++) {
      stage.github.as("olga").editComment(stage.name, number, firstQuestion(stage, number).id, green);
      const { assessment } = await evaluated();
      expect(firstQuestion(stage, number).body).toBe(text);
      // No decision is ever read from a comment.
      expect([stage.check(number).conclusion, assessment.asked.length]).toEqual([check, 1]);
    }
    stage.github.as("olga").editComment(stage.name, number, firstQuestion(stage, number).id, green);
    const { results } = await evaluated();
    expect(firstQuestion(stage, number).body).toBe(green);
    expect(results.filter(({ outcome }) => outcome === "skipped")).toHaveLength(1);
    expect(stage.check(number).conclusion).toBe(check);
    expect(stage.check(number).summary).toContain("put back three times within a day. They are left alone now");
    const writes = stage.github.requests.writes.length;
    await evaluated();
    expect(stage.github.requests.writes.length).toBe(writes);
    const audit = await auditIn(repositoryId);
    expect(audit.map(({ outcome, detail }) => [outcome, detail])).toEqual([
      ...Array.from({ length: 3 }, () => ["edited", "to be put back"]),
      ...Array.from({ length: 2 }, () => ["edited", "left as it is: put back three times within a day"]),
    ]);

    stage.github.clock.advance({ days: 1, minutes: 1 });
    await evaluated();
    expect(firstQuestion(stage, number).body).toBe(text);
    expect(stage.check(number).summary).not.toContain("left alone");
  });

  test("a comment that was deleted is asked again, at most three times", async () => {
    const { stage, number, evaluated, repositoryId } = await asked();
    for (let time = 1; time <= 4; time++) {
      stage.github.as("olga").deleteComment(stage.name, number, firstQuestion(stage, number).id);
      await evaluated();
      expect(stage.questions(number)).toHaveLength(time <= 3 ? 1 : 0);
      if (time > 3) break;
    }
    expect((await auditIn(repositoryId)).map(({ outcome }) => outcome)).toEqual([
      "deleted",
      "deleted",
      "deleted",
      "deleted",
    ]);
  });

  test("one whose words and hidden name were all replaced is asked anew beside it, and that is counted too", async () => {
    const { stage, number, evaluated, repositoryId } = await asked();
    const text = firstQuestion(stage, number).body;
    stage.github.as("olga").editComment(stage.name, number, firstQuestion(stage, number).id, "GREEN. All done.");
    await evaluated();
    expect(stage.questions(number).map(({ comments }) => comments[0]?.body)).toEqual(["GREEN. All done.", text]);
    expect((await auditIn(repositoryId)).map(({ outcome, detail }) => [outcome, detail])).toEqual([
      ["deleted", "to be put back"],
    ]);
  });

  test("what GitHub did not take was not put back: it counts for nothing, and is put back as soon as it can be", async () => {
    const { stage, number, evaluated } = await asked();
    const text = firstQuestion(stage, number).body;
    stage.github.as("olga").editComment(stage.name, number, firstQuestion(stage, number).id, "GREEN");
    for (let time = 1; time <= 3; time++) {
      const refusal = effects.serverError();
      stage.github.faults.add({ operation: "pulls/create-review", effect: refusal, times: 9 });
      await evaluated().catch(() => undefined);
      stage.github.faults.clear();
    }
    const { results } = await evaluated();
    expect(results.filter(({ outcome }) => outcome === "skipped")).toEqual([]);
    expect(stage.questions(number).map(({ comments }) => comments[0]?.body)).toContain(text);
    expect(stage.check(number).summary).not.toContain("left alone");
  });

  test("our own changes of a text count for nothing", async () => {
    const { stage, number, evaluated, repositoryId } = await asked();
    for (const count of [1, 2, 3, 4, 5]) {
      // Every push changes the words of the first question, or of the summary.
      stage.pushed(number, {
        "infra/export.tf": bucket("exports", `  # ${count}\n`),
        [`infra/more-${count}.tf`]: bucket(`more${count}`),
      });
      await evaluated();
    }
    expect(await auditIn(repositoryId)).toEqual([]);
    expect(stage.check(number).summary).not.toContain("left alone");
  });

  test("what failed for good in between has looked at none of our texts: they are known as before", async () => {
    const { stage, number, evaluated, repositoryId } = await asked();
    const subject = { ...stage.subject(number), repositoryId };
    const world = withOwnTexts(stage.world(), database, { repositoryId, number }, stage.name);
    await runFailed(subject, world, new Error("no answer"));
    stage.github.as("olga").editComment(stage.name, number, firstQuestion(stage, number).id, "GREEN");
    await evaluated();
    expect((await auditIn(repositoryId)).map(({ outcome, detail }) => [outcome, detail])).toEqual([
      ["deleted", "to be put back"],
    ]);
  });
});
