import { expect, test } from "@jest/globals";
import { takeNotice } from "../../src/entry/notices.ts";
import type { Notice, WakeUp } from "../../src/shell/event.ts";
import { redrive } from "../../src/shell/queue/dead-letters.ts";
import { Intake } from "../../src/shell/queue/intake.ts";
import { evaluationQueue } from "../../src/shell/queue/jobs.ts";
import { noticeQueue } from "../../src/shell/queue/notices.ts";
import { keepAnswered, storedDeliveries, unanswered } from "../../src/shell/store/answered-comments.ts";
import { countOneOf } from "../../src/shell/store/author-evaluations.ts";
import { firstBrokenRecord } from "../../src/shell/store/chain.ts";
import type { Database } from "../../src/shell/store/database.ts";
import { countDeadLetters, deadLetters, failuresIn, keepDeadLetter } from "../../src/shell/store/dead-letters.ts";
import { branchAsked, branchesWithNewEvidence, keepMerged } from "../../src/shell/store/default-branches.ts";
import {
  acceptancesEndedBy,
  dueAsked,
  dueBy,
  keepAcceptance,
  postponeDue,
  waitUntil,
} from "../../src/shell/store/due.ts";
import {
  databaseNow,
  evidenceAsked,
  evidenceChanged,
  forgetOpen,
  keepOpen,
  openIn,
  openPullRequest,
  restingOn,
} from "../../src/shell/store/open-pull-requests.ts";
import { keepOpenedIssues, openedIssues } from "../../src/shell/store/opened-issues.ts";
import { closingsOf, keepClosings, keepOtherTracker, otherTrackers } from "../../src/shell/store/other-tracker.ts";
import { unknownStandings } from "../../src/shell/store/rebuilding.ts";
import { latestEvaluation } from "../../src/shell/store/records.ts";
import { followRenamings, renameOwner } from "../../src/shell/store/renamed-owner.ts";
import {
  knownInstallations,
  leaveRepositories,
  markSwept,
  progressOf,
  rememberProgress,
  seeRepository,
} from "../../src/shell/store/repositories.ts";
import { deleteOld } from "../../src/shell/store/retention.ts";
import { rememberTimeline, timelineOf } from "../../src/shell/store/timeline.ts";
import { isLatest, takeTurn } from "../../src/shell/store/turns.ts";
import { aJudged, recorded } from "./judged-rows.ts";

/** What holds of the store whichever engine is behind it: asked of the embedded database and of PostgreSQL. */
export function recoveryCases(open: () => Database): void {
  const taken = (notice: Notice, now?: number): Promise<readonly WakeUp[]> =>
    takeNotice(open(), notice, "d-1", { graceDays: 30, ...(now === undefined ? {} : { now }) });
  /** A later look at what was noticed then. */
  const lookedAgain = async (notice: Notice, noticed: string): Promise<number[]> =>
    numbers(await takeNotice(open(), notice, "d-1", { graceDays: 30, noticed }));
  const numbers = (wakeUps: readonly WakeUp[]): number[] => wakeUps.map(({ subject }) => subject.number);

  test("H028: people that change wake the pull requests whose verdict rests on them, of their organisation alone", async () => {
    const { kysely } = open();
    await keepOpen(kysely, aJudged(1, { teams: ["Security-Architects"], people: [5, 6] }));
    await keepOpen(kysely, aJudged(2, { teams: ["designers"], people: [6] }));
    await keepOpen(kysely, aJudged(3, { owner: "Other", teams: ["security-architects"], repositoryId: 8 }));
    const changed = (teams: readonly string[], people: readonly number[]): Notice => ({
      kind: "people-changed",
      organisation: "ACME",
      teams,
      people,
    });
    expect(numbers(await taken(changed(["security-architects"], [])))).toEqual([1]);
    expect(numbers(await taken(changed([], [6])))).toEqual([1, 2]);
    expect(numbers(await taken(changed(["security"], [55])))).toEqual([]);
    expect((await taken(changed(["designers"], [])))[0]).toEqual({
      id: "d-1",
      why: "people.changed",
      subject: { kind: "pull-request", owner: "acme", repository: "shop", number: 2, installation: 1, repositoryId: 7 },
    });
    expect(numbers(await taken({ kind: "policy-changed", owner: "acme", repositoryId: 7 }))).toEqual([1, 2]);
    await taken({ kind: "closed", repositoryId: 7, number: 1 });
    expect(await openPullRequest(kysely, 7, 1)).toBeUndefined();
  });

  test("alerts and labels note each pull request of their repository once; asked for, the next change notes it anew", async () => {
    const { kysely } = open();
    await keepOpen(kysely, aJudged(41, { repositoryId: 40, installation: 4, incidentLabel: "Breach" }));
    await keepOpen(kysely, aJudged(42, { repositoryId: 40, installation: 4, incidentLabel: "security-incident" }));
    await keepOpen(kysely, aJudged(43, { repositoryId: 44, installation: 4 }));
    const changed = async (most = 10) => (await evidenceChanged(kysely, most)).map(({ number }) => number);
    expect(numbers(await taken({ kind: "evidence-changed", repositoryId: 40, label: "BREACH" }))).toEqual([]);
    expect(await changed()).toEqual([41]);
    await taken({ kind: "evidence-changed", repositoryId: 40 });
    await taken({ kind: "evidence-changed", repositoryId: 40 });
    expect(await changed()).toEqual([41, 42]);
    expect(await changed(1)).toEqual([41]);
    await evidenceAsked(kysely, { repositoryId: 40, number: 41 });
    expect(await changed()).toEqual([42]);
    // Judged again for any other reason, what was noted stays noted until it is asked for.
    await keepOpen(kysely, aJudged(42, { repositoryId: 40, installation: 4 }));
    expect(await changed()).toEqual([42]);
    await taken({ kind: "evidence-changed", repositoryId: 40 });
    expect(await changed()).toEqual([42, 41]);
    for (const number of [41, 42]) await evidenceAsked(kysely, { repositoryId: 40, number });
  });

  test("and the default branch of its repository once, through its latest merge and under its present name", async () => {
    const { kysely } = open();
    const merge = (number: number, at: string) => keepMerged(kysely, 45, { number, at, incidentLabel: "Breach" });
    await merge(6, "2026-03-04T09:00:00Z");
    await merge(5, "2026-03-03T09:00:00Z");
    const changed = () => branchesWithNewEvidence(kysely, 9);
    await taken({ kind: "evidence-changed", repositoryId: 45, label: "bug" });
    await taken({ kind: "evidence-changed", repositoryId: 45, label: "BREACH" });
    // Of a repository that was left, or was never seen, nobody is asked.
    expect(await changed()).toEqual([]);
    const known = { id: 45, installation: 4, owner: "acme", name: "store" };
    await seeRepository(kysely, known);
    expect(await changed()).toEqual([
      { repositoryId: 45, number: 6, installation: 4, owner: "acme", repository: "store" },
    ]);
    await branchAsked(kysely, 45);
    expect(await changed()).toEqual([]);
    await taken({ kind: "evidence-changed", repositoryId: 45 });
    expect((await changed()).length).toBe(1);
    await leaveRepositories(
      kysely,
      { installation: 4, owner: "acme", ids: [45], whole: false },
      "2026-05-01T00:00:00Z",
    );
    expect(await changed()).toEqual([]);
    await seeRepository(kysely, known);
    await markSwept(kysely, known, "2026-03-05T09:00:00Z");
  });

  test("and of one installation no more branches at once than its pace allows, so that no other waits for it", async () => {
    const { kysely } = open();
    for (const [id, installation] of [
      [461, 46],
      [462, 46],
      [463, 46],
      [471, 47],
    ] as const) {
      const name = `repository-${id}`;
      await seeRepository(kysely, { id, installation, owner: `owner-${installation}`, name });
      await keepMerged(kysely, id, { number: 1, at: "2026-03-04T09:00:00Z", incidentLabel: "breach" });
      await taken({ kind: "evidence-changed", repositoryId: id });
    }
    const ids = (await branchesWithNewEvidence(kysely, 2)).map(({ repositoryId }) => repositoryId);
    expect(ids.filter((id) => id > 460)).toEqual([461, 462, 471]);
    for (const id of [461, 462, 463, 471]) await branchAsked(kysely, id);
  });

  test("and repositories that GitHub does not answer about keep no other from being rebuilt", async () => {
    const { kysely } = open();
    for (let id = 480; id < 492; id++)
      await seeRepository(kysely, { id, installation: 48, owner: "owner-48", name: `r-${id}` });
    // None of those that were given is marked: GitHub answered for none of them.
    const seen = new Set<number>();
    for (let sweep = 0; sweep < 200 && seen.size < 12; sweep++)
      for (const { id } of await unknownStandings(kysely, "2026-03-01T00:00:00Z", 10))
        if (id >= 480 && id < 492) seen.add(id);
    expect(seen.size).toBe(12);
  });

  test("more that is granted, and all checks of a commit asked for again, wake the pull requests concerned", async () => {
    const { kysely } = open();
    await keepOpen(kysely, aJudged(51, { repositoryId: 50, installation: 5, head: "a".repeat(40) }));
    await keepOpen(kysely, aJudged(52, { repositoryId: 50, installation: 5, head: "b".repeat(40) }));
    expect(numbers(await taken({ kind: "permissions-changed", installation: 5 }))).toEqual([51, 52]);
    const [woken] = await taken({ kind: "rerun-asked", repositoryId: 50, head: "b".repeat(40) });
    expect([woken?.why, woken?.subject.number]).toEqual(["check_suite.rerequested", 52]);
    expect(await taken({ kind: "rerun-asked", repositoryId: 50, head: "c".repeat(40) })).toEqual([]);
  });

  test("closings in another tracker are kept until they are looked at again, and go with the tracker", async () => {
    const { kysely } = open();
    const place = { tracker: "jira", project: "SHOP", issueType: "Task", mayBePublic: false } as const;
    const tracker = { number: 3, installation: 6, owner: "acme", repository: "shop", place };
    await keepOtherTracker(kysely, 60, tracker);
    expect(await otherTrackers(kysely, "2026-03-04T00:00:00Z", 9)).toEqual([
      { ...tracker, repositoryId: 60, closings: [] },
    ]);
    await keepClosings(kysely, 60, [{ threat: "T-1", name: "SHOP-1" }], "2026-03-04T00:00:00Z");
    expect(await otherTrackers(kysely, "2026-03-04T00:00:00Z", 9)).toEqual([]);
    await keepOtherTracker(kysely, 60, { ...tracker, number: 4 });
    expect(await closingsOf(kysely, 60)).toEqual([{ threat: "T-1", name: "SHOP-1" }]);
    await keepOtherTracker(kysely, 60, undefined);
    expect(await closingsOf(kysely, 60)).toBeUndefined();
  });

  test("the issues that we opened for a threat are remembered, the newest first", async () => {
    const { kysely } = open();
    const opened = [
      { threat: "T-1", number: 4 },
      { threat: "T-1", number: 9 },
      { threat: "T-2", number: 5 },
    ];
    for (const _ of ["twice", "is once"]) await keepOpenedIssues(kysely, 70, opened);
    expect(await openedIssues(kysely, 70, "T-1")).toEqual([9, 4]);
    expect(await openedIssues(kysely, 71, "T-1")).toEqual([]);
  });

  test("H071: what time changes is due from its instant on, few of each installation at once, until it was looked at", async () => {
    const { kysely } = open();
    for (const number of [11, 12, 13]) {
      await keepOpen(
        kysely,
        aJudged(number, { repositoryId: 10, installation: 2, due: `2026-04-0${number - 10}T00:00:00.000Z` }),
      );
    }
    const due = async (now: string, most = 10) => (await dueBy(kysely, now, most)).map(({ number }) => number);
    expect(await due("2026-03-31T23:59:59Z")).toEqual([]);
    expect(await due("2026-04-02T00:00:00Z")).toEqual([11, 12]);
    expect(await due("2026-04-09T00:00:00Z", 2)).toEqual([11, 12]);
    await waitUntil(kysely, { repositoryId: 10, number: 11 }, "2026-04-01T00:10:00Z", undefined);
    expect(await due("2026-04-09T00:00:00Z")).toEqual([12, 13]);
    const place = { number: 3, installation: 2, owner: "acme", repository: "shop" };
    await keepAcceptance(kysely, 10, { ...place, due: "2026-05-01T00:00:00.000Z" });
    expect(await acceptancesEndedBy(kysely, "2026-04-30T23:00:00Z", 9)).toEqual([]);
    expect(await acceptancesEndedBy(kysely, "2026-05-01T00:00:00Z", 9)).toEqual([
      { ...place, repositoryId: 10, due: "2026-05-01T00:00:00.000Z" },
    ]);
    await keepAcceptance(kysely, 10, undefined);
    expect(await acceptancesEndedBy(kysely, "2026-05-01T00:00:00Z", 9)).toEqual([]);
  });

  test("H071: what is due is asked for once, until it is due anew, put off, or lost for a day", async () => {
    const { kysely } = open();
    const first = { repositoryId: 90, number: 91 };
    await keepOpen(kysely, aJudged(91, { repositoryId: 90, installation: 9, due: "2026-04-01T00:00:00.000Z" }));
    const due = async (now: string) =>
      (await dueBy(kysely, now, 10)).filter(({ repositoryId }) => repositoryId === 90).map(({ number }) => number);
    expect(await due("2026-04-01T00:10:00Z")).toEqual([91]);
    await dueAsked(kysely, "open_pull_request", first, "2026-04-01T00:10:00Z");
    expect(await due("2026-04-01T00:20:00Z")).toEqual([]);
    // Its job was lost.
    expect(await due("2026-04-02T00:10:01Z")).toEqual([91]);
    // It was judged, by whatever asked for it, and another day will come.
    await keepOpen(kysely, aJudged(91, { repositoryId: 90, installation: 9, due: "2026-04-01T12:00:00.000Z" }));
    expect(await due("2026-04-01T12:00:00Z")).toEqual([91]);
    await dueAsked(kysely, "open_pull_request", first, "2026-04-01T12:00:00Z");
    await postponeDue(kysely, 90, 91, "2026-04-01T18:00:00Z");
    expect([await due("2026-04-01T17:00:00Z"), await due("2026-04-01T18:00:00Z")]).toEqual([[], [91]]);

    const place = { number: 3, installation: 9, owner: "acme", repository: "shop" };
    await keepAcceptance(kysely, 90, { ...place, due: "2026-05-01T00:00:00.000Z" });
    await dueAsked(kysely, "acceptance", { repositoryId: 90, number: 3 }, "2026-05-01T00:10:00Z");
    const ended = async (now: string) => (await acceptancesEndedBy(kysely, now, 9)).length;
    expect([await ended("2026-05-01T00:20:00Z"), await ended("2026-05-02T00:10:01Z")]).toEqual([0, 1]);
    await keepAcceptance(kysely, 90, undefined);
  });

  test("H028: who was being judged while people, a policy, permissions or alerts changed is judged again afterwards", async () => {
    const { kysely } = open();
    const place = { repositoryId: 95, installation: 95, owner: "late", teams: ["architects"], people: [5] };
    const people: Notice = { kind: "people-changed", organisation: "late", teams: ["architects"], people: [] };
    const all: readonly Notice[] = [
      people,
      { kind: "policy-changed", owner: "late", repositoryId: 95 },
      { kind: "permissions-changed", installation: 95 },
    ];
    const begins = (number: number) => takeTurn(kysely, 95, `#${number}`);
    // Judged before: woken at once, and not by a later look.
    await begins(96);
    await keepOpen(kysely, aJudged(96, place));
    await kysely
      .updateTable("open_pull_request")
      .set({ kept: "2026-03-04T09:00:00Z" })
      .where("number", "=", 96)
      .execute();
    // Begun before the notice and written after it: it was not there to be woken.
    await begins(97);
    expect(numbers(await taken(people))).toEqual([96]);
    const noticed = await databaseNow(kysely);
    for (const notice of all) expect(await lookedAgain(notice, noticed)).toEqual([]);
    await keepOpen(kysely, aJudged(97, place));
    // Begun after it: it read what is true now.
    await begins(98);
    await keepOpen(kysely, aJudged(98, place));
    for (const notice of all) expect(await lookedAgain(notice, noticed)).toEqual([97]);
    const evidence: Notice = { kind: "evidence-changed", repositoryId: 95 };
    await lookedAgain(evidence, noticed);
    const noted = async () => (await evidenceChanged(kysely, 9)).filter((one) => one.repositoryId === 95);
    expect((await noted()).map(({ number }) => number)).toEqual([97]);
    // Judged again, nothing is left to be looked at, however often it is.
    await begins(97);
    await keepOpen(kysely, aJudged(97, place));
    for (const notice of all) expect(await lookedAgain(notice, noticed)).toEqual([]);
    for (const number of [96, 97, 98]) await forgetOpen(kysely, 95, number);
  });

  test("H007: a notice is stored with its delivery, once", async () => {
    const { kysely, boss } = open();
    const notice: Notice = { kind: "closed", repositoryId: 7, number: 77 };
    const delivery = { id: "with-notice", event: "pull_request", wakeUps: [], notice };
    expect(await new Intake(kysely, boss).take(delivery)).toBe("queued");
    expect(await new Intake(kysely, boss).take(delivery)).toBe("duplicate");
    expect(await boss.findJobs(noticeQueue, { data: { id: "with-notice" } })).toHaveLength(1);
    expect([...(await storedDeliveries(kysely, ["with-notice", "never-seen"]))]).toEqual(["with-notice"]);
  });

  test("a comment that was answered is not asked for again", async () => {
    const { kysely } = open();
    const subject = { kind: "pull-request", owner: "acme", repository: "shop", number: 5, repositoryId: 7 } as const;
    const comment = { id: 9_000_000_001, nodeId: "IC_1", where: "conversation" } as const;
    await keepAnswered(kysely, subject, comment);
    await keepAnswered(kysely, subject, comment);
    const inThread = { ...comment, where: "thread" } as const;
    expect(await unanswered(kysely, 7, [comment, inThread])).toEqual([inThread]);
    expect(await unanswered(kysely, 8, [comment])).toEqual([comment]);
  });

  test("H086: a failed job is kept once, counted, and put back as it was", async () => {
    const { kysely, boss } = open();
    const wakeUp: WakeUp = {
      id: "poison",
      why: "pull_request.opened",
      subject: {
        kind: "pull-request",
        owner: "acme",
        repository: "shop",
        repositoryId: 7,
        installation: 1,
        number: 404,
      },
    };
    const failed = { id: "job-1", wakeUp, reason: "too much\u0000memory", failed: "2026-03-04T09:00:00.000Z" };
    await keepDeadLetter(kysely, failed);
    await keepDeadLetter(kysely, failed);
    expect(await countDeadLetters(kysely)).toBe(1);
    expect(await deadLetters(kysely)).toEqual([{ ...failed, reason: "too much\uFFFDmemory" }]);
    expect([...(await failuresIn(kysely, 7))]).toEqual([[404, failed.failed]]);
    await redrive(kysely, boss, await deadLetters(kysely));
    expect(await countDeadLetters(kysely)).toBe(0);
    const jobs = await boss.findJobs(evaluationQueue, { data: { wakeUp: { id: "poison" } } });
    expect(jobs.map(({ data }) => data)).toEqual([{ wakeUp }]);
  });

  test("old evaluations go from the beginning on, and the chain of the rest is verified from there", async () => {
    const database = open();
    const { kysely } = database;
    for (const [index, day] of ["2024-01-01", "2024-01-02", "2026-03-01", "2026-03-02"].entries()) {
      await recorded(database, 500, index + 1, `${day}T09:00:00Z`);
    }
    const since = { records: "2025-01-01T00:00:00Z", deliveries: "2025-01-01T00:00:00Z", now: "2026-03-04T00:00:00Z" };
    const deleted = await deleteOld(kysely, since);
    expect(deleted).toMatchObject({ evaluations: 2, audit: 2, repositories: 0 });
    expect(await deleteOld(kysely, since)).toEqual({ evaluations: 0, audit: 0, deliveries: 0, repositories: 0 });
    expect(await firstBrokenRecord(kysely, 500)).toBeUndefined();
    expect(await latestEvaluation(kysely, 500, 1)).toBeUndefined();
    // Whoever takes away one more is found out, and so is whoever changes what is left.
    const rows = await kysely
      .selectFrom("evaluation")
      .select("id")
      .where("repository_id", "=", 500)
      .orderBy("id")
      .execute();
    expect(rows).toHaveLength(2);
    await kysely
      .deleteFrom("evaluation")
      .where("id", "=", rows[0]?.id ?? 0)
      .execute();
    expect(await firstBrokenRecord(kysely, 500)).toBe(Number(rows[1]?.id));
  });

  test("the chain goes on where all of it was deleted", async () => {
    const database = open();
    await recorded(database, 501, 1, "2024-01-01T09:00:00Z");
    const since = { records: "2025-01-01T00:00:00Z", deliveries: "2025-01-01T00:00:00Z", now: "2026-03-04T00:00:00Z" };
    expect(await deleteOld(database.kysely, since)).toMatchObject({ evaluations: 1 });
    await recorded(database, 501, 2, "2026-03-01T09:00:00Z");
    expect(await firstBrokenRecord(database.kysely, 501)).toBeUndefined();
    const [row] = await database.kysely
      .selectFrom("evaluation")
      .select("previous")
      .where("repository_id", "=", 501)
      .execute();
    expect(row?.previous).toMatch(/^[0-9a-f]{64}$/);
  });

  test("H090: a repository that we left is looked at no more, and erased whole when its grace is over", async () => {
    const database = open();
    const { kysely } = database;
    const now = Date.parse("2026-03-04T00:00:00Z");
    for (const id of [600, 601]) {
      await seeRepository(kysely, { id, installation: 6, owner: "Leaving", name: `r-${id}` });
      await recorded(database, id, 1, "2026-03-01T09:00:00Z");
      await keepOpen(kysely, aJudged(1, { repositoryId: id, installation: 6, owner: "leaving" }));
      const entry = { kind: "update", at: "2026-01-01T00:00:00Z", reference: "#1", concerns: [] } as const;
      await rememberTimeline(kysely, id, [entry]);
    }
    expect(await knownInstallations(kysely)).toContain(6);
    await taken({ kind: "left", installation: 6, owner: "Leaving", repositories: [600, 602], whole: false }, now);
    expect([await openIn(kysely, 600), (await openIn(kysely, 601)).length]).toEqual([[], 1]);
    const since = (at: string) => ({ records: "2020-01-01T00:00:00Z", deliveries: "2020-01-01T00:00:00Z", now: at });
    expect(await deleteOld(kysely, since("2026-04-02T00:00:00Z"))).toMatchObject({ repositories: 0 });
    expect(await deleteOld(kysely, since("2026-04-04T00:00:00Z"))).toMatchObject({ repositories: 2 });
    expect(await timelineOf(kysely, 600)).toEqual([]);
    for (const table of ["evaluation", "audit"] as const) {
      const rows = await kysely
        .selectFrom(table)
        .select("repository_id")
        .where("repository_id", "in", [600, 601])
        .execute();
      expect(rows.map((row) => Number(row.repository_id))).toEqual([601]);
    }
    await taken({ kind: "left", installation: 6, owner: "Leaving", repositories: [], whole: true }, now);
    expect(await knownInstallations(kysely)).not.toContain(6);
    // Installed again before that: nothing is lost.
    await taken(
      { kind: "joined", installation: 61, owner: "Leaving", repositories: [{ id: 601, name: "r-601" }] },
      now,
    );
    expect(await deleteOld(kysely, since("2027-01-01T00:00:00Z"))).toMatchObject({ repositories: 0 });
    expect(await timelineOf(kysely, 601)).toHaveLength(1);
  });

  test("H085: an evaluation that runs keeps its turn, however far GitHub's clock is ahead of the database's", async () => {
    const { kysely } = open();
    const { turn } = await takeTurn(kysely, 99, "#1");
    const ahead = new Date(Date.now() + 400 * 86_400_000).toISOString();
    const long = "2026-01-01T00:00:00.000Z";
    await deleteOld(kysely, { records: long, deliveries: long, now: ahead });
    expect(await isLatest(kysely, turn)).toBe(true);
    await kysely
      .updateTable("turn")
      .set({ at: new Date(long) })
      .where("repository_id", "=", 99)
      .execute();
    await deleteOld(kysely, { records: long, deliveries: long, now: ahead });
    expect(await isLatest(kysely, turn)).toBe(false);
  });

  test("H085: what this hour brought is remembered, however far GitHub's clock is ahead of ours", async () => {
    const { kysely } = open();
    const renaming = { installation: 97, former: "before", owner: "after" };
    const subject = { kind: "pull-request", owner: "after", repository: "r", number: 1, repositoryId: 97 } as const;
    const comment = { id: 970, nodeId: "C", where: "conversation" } as const;
    expect(await countOneOf(kysely, 97, [7], 1)).toBeUndefined();
    await keepAnswered(kysely, subject, comment);
    await renameOwner(kysely, renaming, Date.now());
    const ahead = new Date(Date.now() + 400 * 86_400_000).toISOString();
    const long = "2026-01-01T00:00:00.000Z";
    await deleteOld(kysely, { records: long, deliveries: long, now: ahead });
    expect(await countOneOf(kysely, 97, [7], 1)).toBeDefined();
    expect(await unanswered(kysely, 97, [comment])).toEqual([]);
    const renamings = kysely.selectFrom("owner_renaming").select(["former", "owner"]).where("installation", "=", 97);
    expect(await renamings.execute()).toEqual([{ former: "before", owner: "after" }]);
  });

  test("H089: a repository that another installation holds now is not erased because the former one ended", async () => {
    const { kysely } = open();
    await seeRepository(kysely, { id: 700, installation: 70, owner: "old", name: "moved" });
    await seeRepository(kysely, { id: 700, installation: 71, owner: "new", name: "moved" });
    await leaveRepositories(
      kysely,
      { installation: 70, owner: "old", ids: [700], whole: true },
      "2026-03-04T00:00:00Z",
    );
    expect(await knownInstallations(kysely)).toContain(71);
  });

  test("H089: what an evaluation stores that began before its owner was renamed is found under the new login", async () => {
    const { kysely } = open();
    const began = Date.parse("2026-03-04T00:00:00Z");
    const renamed = (former: string, owner: string, at: number) =>
      taken({ kind: "owner-renamed", installation: 80, former, owner }, at);
    const stores = async (owner: string) => {
      await seeRepository(kysely, { id: 800, installation: 80, owner, name: "shop" });
      await keepOpen(kysely, aJudged(1, { repositoryId: 800, installation: 80, owner, teams: ["architects"] }));
      await followRenamings(kysely, { installation: 80, former: owner, began });
    };
    const owners = async () => [
      (await openPullRequest(kysely, 800, 1))?.owner,
      (await restingOn(kysely, "acme-group", ["architects"], [])).length,
    ];
    await stores("Acme");
    expect(await owners()).toEqual(["acme", 0]);
    await renamed("Acme", "Acme-Group", began + 5_000);
    expect(await owners()).toEqual(["acme-group", 1]);
    await stores("Acme");
    expect(await owners()).toEqual(["acme-group", 1]);
    await stores("Acme-Group");
    expect(await owners()).toEqual(["acme-group", 1]);
    await renamed("Acme-Group", "Acme", began + 9_000);
    await stores("Acme");
    expect(await owners()).toEqual(["acme", 0]);
    await stores("Acme-Group");
    expect(await owners()).toEqual(["acme", 0]);
    // Somebody else's installation, by the same login.
    await followRenamings(kysely, { installation: 81, former: "Acme", began });
    expect(await owners()).toEqual(["acme", 0]);
  });

  test("how far a search got is remembered", async () => {
    const { kysely } = open();
    expect(await progressOf(kysely, "deliveries")).toBeUndefined();
    for (const at of ["2026-03-04T00:00:00Z", "2026-03-05T00:00:00Z"])
      await rememberProgress(kysely, "deliveries", at, at);
    expect(await progressOf(kysely, "deliveries")).toBe("2026-03-05T00:00:00Z");
  });
}
