import { describe, expect, test } from "@jest/globals";
import type { Desired, DesiredCheckRun, DesiredIssue, DesiredLineComment } from "../../src/core/domain/desired.ts";
import { readMarker, writeMarker } from "../../src/core/domain/marker.ts";
import { nothingObserved, type Observed } from "../../src/core/domain/observed.ts";
import { type Plan, type Step, tell } from "../../src/core/domain/plan.ts";
import { externalIdOf, reconcile } from "../../src/core/reconcile.ts";
import fc from "../make/fast-check.ts";

const head = "3f9c2e1";
const summaryMarker = writeMarker({ kind: "summary", pullRequest: 12 });

function aCheckRun(bend: Partial<DesiredCheckRun> = {}): DesiredCheckRun {
  return {
    name: "threat-model",
    conclusion: "neutral",
    title: "Advice",
    summary: "two changes",
    annotations: [],
    ...bend,
  };
}

function aComment(fingerprint: string, bend: Partial<DesiredLineComment> = {}): DesiredLineComment {
  const marker = writeMarker({ kind: "question", fingerprint });
  return { fingerprint, path: "infra/export.tf", line: 12, body: `${marker}\n${fingerprint}?`, ...bend };
}

function anIssue(threat: string, bend: Partial<DesiredIssue> = {}): DesiredIssue {
  const body = `${writeMarker({ kind: "issue", threat })}\nstory of ${threat}`;
  return {
    threat,
    title: `[${threat}] title`,
    body,
    labels: ["threat-model"],
    state: "open",
    whenClosedByHand: `${threat} is still open`,
    ...bend,
  };
}

const nothingDesired: Desired = { review: "leave", reviewers: { teams: [], users: [] }, issues: [], withheld: [] };

function asking(...comments: DesiredLineComment[]): Desired {
  return {
    ...nothingDesired,
    review: { ask: { summary: `${summaryMarker}\n${comments.length} questions`, comments } },
    pullRequestUrl: "https://github.com/acme/exports/pull/12",
  };
}

function aSummary(id: number, bend: Partial<Observed["summaries"][number]> = {}): Observed["summaries"][number] {
  return { id, nodeId: `PRR_${id}`, body: `${summaryMarker}\n1 questions`, isMinimized: false, ...bend };
}

function aThread(fingerprint: string, bend: Partial<Observed["threads"][number]> = {}): Observed["threads"][number] {
  return { nodeId: `PRRT_${fingerprint}`, fingerprint, isResolved: false, answered: false, ...bend };
}

function anObservedIssue(
  number: number,
  threat: string,
  bend: Partial<Observed["issues"][number]> = {},
): Observed["issues"][number] {
  const { title, body } = anIssue(threat);
  return { number, threat, title, body, state: "open", closedByUs: false, answeredClosing: false, ...bend };
}

function stepsOf(desired: Desired, observed: Partial<Observed> = {}): readonly Step[] {
  return reconcile(desired, { ...nothingObserved, ...observed }, head).steps;
}

function toldOf(desired: Desired, observed: Partial<Observed> = {}): string[] {
  return tell(reconcile(desired, { ...nothingObserved, ...observed }, head));
}

describe("the check run", () => {
  const desired: Desired = { ...nothingDesired, checkRun: aCheckRun() };
  const there = { id: 7, name: "threat-model", conclusion: "neutral", externalId: externalIdOf(aCheckRun(), head) };

  test("states the last record where it is written anyway, and is not written for a new record alone", () => {
    const digest = "9f".repeat(32);
    const textOf = (given: Desired, observed: Partial<Observed> = {}, last = digest) =>
      reconcile(given, { ...nothingObserved, ...observed }, head, last).steps.map((step) =>
        "checkRun" in step ? step.checkRun.text : step.do,
      );
    const line = `<sub>Record of this repository before this one: \`${digest}\`</sub>`;
    expect(textOf(desired)).toEqual([line]);
    expect(textOf({ ...desired, checkRun: aCheckRun({ text: "details" }) })).toEqual([`details\n\n${line}`]);
    expect(textOf(desired, {}, "")).toEqual([undefined]);
    expect(textOf(desired, { checkRuns: [there] })).toEqual([]);
    const full = "x".repeat(65_500);
    expect(textOf({ ...desired, checkRun: aCheckRun({ text: full }) })).toEqual([full]);
  });

  test("is created once, and left alone while it says the same", () => {
    expect(toldOf(desired)).toEqual(['create check threat-model: neutral, "Advice"']);
    expect(toldOf(desired, { checkRuns: [there] })).toEqual([]);
  });

  test("is updated when it says something else, without sending its annotations again", () => {
    const annotations = [
      { path: "a", start_line: 1, end_line: 1, annotation_level: "warning", title: "t", message: "m" },
    ] as const;
    const before = aCheckRun({ annotations });
    const after = aCheckRun({ annotations, summary: "one change" });
    const [step] = stepsOf(
      { ...nothingDesired, checkRun: after },
      { checkRuns: [{ ...there, externalId: externalIdOf(before, head) }] },
    );
    expect(step).toEqual({
      do: "update-check-run",
      id: 7,
      checkRun: { ...after, annotations: [] },
      externalId: externalIdOf(after, head),
    });
  });

  test("is created anew when its annotations differ, because GitHub only ever adds them", () => {
    const after = aCheckRun({
      annotations: [{ path: "a", start_line: 1, end_line: 1, annotation_level: "warning", title: "t", message: "m" }],
    });
    expect(toldOf({ ...nothingDesired, checkRun: after }, { checkRuns: [there] })).toEqual([
      'create check threat-model: neutral, "Advice"',
    ]);
  });

  test("that is in progress is completed, annotations and all", () => {
    const annotations = [
      { path: "a", start_line: 1, end_line: 1, annotation_level: "warning", title: "t", message: "m" },
    ] as const;
    const checkRun = aCheckRun({ annotations });
    const [step] = stepsOf(
      { ...nothingDesired, checkRun },
      { checkRuns: [{ ...there, conclusion: null, externalId: "" }] },
    );
    expect(step).toMatchObject({ do: "update-check-run", id: 7, checkRun: { annotations } });
  });

  test("of the same words on another commit is another one", () => {
    expect(externalIdOf(aCheckRun(), "a")).not.toBe(externalIdOf(aCheckRun(), "b"));
  });

  test("whose conclusion somebody changed is set right", () => {
    expect(toldOf(desired, { checkRuns: [{ ...there, conclusion: "success" }] })).toEqual([
      'update check threat-model: neutral, "Advice"',
    ]);
  });

  test("of the policy stands beside it", () => {
    const policyCheckRun = aCheckRun({ name: "threat-model/policy" });
    expect(toldOf({ ...desired, policyCheckRun }, { checkRuns: [there] })).toEqual([
      'create check threat-model/policy: neutral, "Advice"',
    ]);
  });
});

describe("the review", () => {
  test("is one created text with all questions", () => {
    const [step, ...more] = stepsOf(asking(aComment("a"), aComment("b")));
    expect(step).toMatchObject({
      do: "create-review",
      body: `${summaryMarker}\n2 questions`,
      comments: [{ fingerprint: "a" }, { fingerprint: "b" }],
    });
    expect(more).toEqual([]);
  });

  test("is never touched while it says the same, be it in CRLF or with white space at the end", () => {
    const body = `${summaryMarker}\r\n1 questions  \r\n`;
    expect(toldOf(asking(aComment("a")), { summaries: [aSummary(1, { body })], threads: [aThread("a")] })).toEqual([]);
  });

  test("is edited in place when it says something else, even if only inside a line", () => {
    const desired = asking(aComment("a"));
    const edited = aSummary(1, { body: `${summaryMarker}\n1  questions` });
    expect(toldOf(desired, { summaries: [edited], threads: [aThread("a")] })).toEqual(["edit the summary of review 1"]);
  });

  test("is followed by one further review for new questions, one line that links to the first", () => {
    const steps = stepsOf(asking(aComment("a"), aComment("b")), { summaries: [aSummary(1)], threads: [aThread("a")] });
    expect(steps.map((step) => step.do)).toEqual(["update-summary", "create-review"]);
    const created = steps.find((step) => step.do === "create-review");
    expect(created?.comments.map((comment) => comment.fingerprint)).toEqual(["b"]);
    expect(created?.body).toBe(
      "<!-- threatgate:1 further 12 -->\nBelongs to the [threat model summary](https://github.com/acme/exports/pull/12#pullrequestreview-1).",
    );
  });

  test("says a question once, although two changes ask it", () => {
    const [step] = stepsOf(asking(aComment("a"), aComment("a", { line: 30 })));
    expect(step).toMatchObject({ comments: [{ fingerprint: "a", line: 12 }] });
  });

  test("that is to be left is left, with everything in it", () => {
    expect(toldOf(nothingDesired, { summaries: [aSummary(1), aSummary(2)], threads: [aThread("a")] })).toEqual([]);
  });

  test("is settled in place, and not written when there is none", () => {
    const settled: Desired = { ...nothingDesired, review: { settled: `${summaryMarker}\nall answered` } };
    expect(toldOf(settled)).toEqual([]);
    expect(
      toldOf(settled, { summaries: [aSummary(1)], threads: [aThread("a"), aThread("b", { answered: true })] }),
    ).toEqual(["edit the summary of review 1", "resolve the thread of a"]);
  });

  test("keeps the questions below it that GitHub took at no line, until nothing is asked any more", () => {
    const folded = `\n\n---\n\n${aComment("b").body}`;
    const observed = {
      summaries: [aSummary(1, { body: `${summaryMarker}\r\n2 questions${folded.replaceAll("\n", "\r\n")}` })],
      threads: [aThread("a"), aThread("b", { answered: true })],
    };
    expect(toldOf(asking(aComment("a"), aComment("b")), observed)).toEqual([]);
    const [step] = stepsOf(asking(aComment("b")), observed);
    expect(step).toEqual({ do: "update-summary", id: 1, body: `${summaryMarker}\n1 questions${folded}` });
    const settled = { ...nothingDesired, review: { settled: `${summaryMarker}\nall answered` } };
    expect(stepsOf(settled, observed)[0]).toEqual({
      do: "update-summary",
      id: 1,
      body: `${summaryMarker}\nall answered`,
    });
  });

  test("twice there: the oldest stays, the other is minimised and becomes the link", () => {
    const steps = stepsOf(asking(aComment("a")), { summaries: [aSummary(1), aSummary(2)], threads: [aThread("a")] });
    expect(steps).toEqual([
      {
        do: "minimize-review",
        nodeId: "PRR_2",
        id: 2,
        body: "<!-- threatgate:1 further 12 -->\nBelongs to the [threat model summary](https://github.com/acme/exports/pull/12#pullrequestreview-1).",
      },
    ]);
  });
});

describe("threads", () => {
  const summaries = [aSummary(1)];

  test("whose question is gone are resolved, unless somebody answered", () => {
    const threads = [aThread("a"), aThread("b"), aThread("c", { answered: true }), aThread("d", { isResolved: true })];
    expect(toldOf(asking(aComment("a")), { summaries, threads })).toEqual(["resolve the thread of b"]);
  });

  test("of questions that found no room among the ten stay open", () => {
    const { review, ...rest } = asking(aComment("a"));
    if (review === "leave" || !("ask" in review)) throw new Error("asks");
    const desired: Desired = { ...rest, review: { ask: { ...review.ask, alsoOpen: ["b"] } } };
    expect(toldOf(desired, { summaries, threads: [aThread("a"), aThread("b")] })).toEqual([]);
  });

  test("that we resolved are opened again when the question is back; those that a person resolved are not", () => {
    const resolved = (answered: boolean) => ({ summaries, threads: [aThread("a", { isResolved: true, answered })] });
    expect(toldOf(asking(aComment("a")), resolved(false))).toEqual(["open the thread of a again"]);
    expect(toldOf(asking(aComment("a")), resolved(true))).toEqual([]);
  });

  test("are kept current until somebody answers", () => {
    const stale = { comment: { id: 5, body: "old" } };
    expect(toldOf(asking(aComment("a")), { summaries, threads: [aThread("a", stale)] })).toEqual([
      "edit the line comment of a",
    ]);
    expect(toldOf(asking(aComment("a")), { summaries, threads: [aThread("a", { ...stale, answered: true })] })).toEqual(
      [],
    );
  });

  test("twice there for one question: the answered one stays, the other is resolved", () => {
    const twice = [aThread("a"), aThread("a", { nodeId: "later", answered: true })];
    expect(stepsOf(asking(aComment("a")), { summaries, threads: twice })).toEqual([
      { do: "resolve-thread", nodeId: "PRRT_a", fingerprint: "a" },
    ]);
  });
});

describe("review requests", () => {
  const desired: Desired = {
    ...nothingDesired,
    reviewers: { teams: ["security-architects", "security-architects"], users: ["dana"] },
  };

  test("go to those who are not asked yet and have not reviewed, whatever the case of their names", () => {
    expect(toldOf(desired)).toEqual(["ask for review: team security-architects, @dana"]);
    expect(toldOf(desired, { requestedTeams: ["Security-Architects"] })).toEqual(["ask for review: @dana"]);
    expect(toldOf(desired, { reviewedBy: ["Dana", "security-architects"] })).toEqual([]);
  });
});

describe("issues", () => {
  const wanted = (bend: Partial<DesiredIssue> = {}): Desired => ({ ...nothingDesired, issues: [anIssue("T-1", bend)] });

  test.each<[string, Partial<DesiredIssue>, Observed["issues"], string[]]>([
    ["opened when there is none", {}, [], ['open issue "[T-1] title"']],
    ["not opened only to be closed", { state: "closed" }, [], []],
    ["left alone when right", {}, [anObservedIssue(3, "T-1")], []],
    [
      "updated when the title differs",
      { title: "[T-1] other" },
      [anObservedIssue(3, "T-1")],
      ['update issue #3 "[T-1] other"'],
    ],
    [
      "updated when the body differs",
      { body: "other" },
      [anObservedIssue(3, "T-1")],
      ['update issue #3 "[T-1] title"'],
    ],
    ["closed when the threat is", { state: "closed" }, [anObservedIssue(3, "T-1")], ['close issue #3 "[T-1] title"']],
    ["left closed", { state: "closed" }, [anObservedIssue(3, "T-1", { state: "closed" })], []],
    [
      "reopened when we had closed it",
      {},
      [anObservedIssue(3, "T-1", { state: "closed", closedByUs: true })],
      ['reopen issue #3 "[T-1] title"'],
    ],
    [
      "answered once when a person closed it",
      {},
      [anObservedIssue(3, "T-1", { state: "closed" })],
      ["answer the closing of issue #3"],
    ],
    ["not answered twice", {}, [anObservedIssue(3, "T-1", { state: "closed", answeredClosing: true })], []],
    [
      "one for a threat: the first stays, a second is closed",
      {},
      [anObservedIssue(4, "T-1"), anObservedIssue(3, "T-1")],
      ['close issue #4 "[T-1] title"'],
    ],
    [
      "left alone when the threat is gone from the model",
      { threat: "T-2", title: "[T-2] title" },
      [anObservedIssue(3, "T-1")],
      ['open issue "[T-2] title"'],
    ],
  ])("are %s", (_, bend, issues, told) => {
    expect(toldOf(wanted(bend), { issues })).toEqual(told);
  });

  test("are not answered where it is not known whether they were", () => {
    const { answeredClosing: _, ...unknown } = anObservedIssue(3, "T-1", { state: "closed" });
    expect(toldOf(wanted(), { issues: [unknown] })).toEqual([]);
  });

  test("find their threat although its id is too long for a marker", () => {
    const threat = "é".repeat(500);
    const marked = readMarker(writeMarker({ kind: "issue", threat }));
    if (marked?.kind !== "issue") throw new Error("a marker is read back");
    const there = anObservedIssue(3, marked.threat, { title: anIssue(threat).title, body: anIssue(threat).body });
    expect(toldOf({ ...nothingDesired, issues: [anIssue(threat)] }, { issues: [there] })).toEqual([]);
  });
});

/** What GitHub shows after the steps: enough of it to look again. */
function applied(observed: Observed, { steps }: Plan): Observed {
  let id =
    1_000 + observed.summaries.length + observed.threads.length + observed.issues.length + observed.checkRuns.length;
  let next = observed;
  for (const step of steps) next = applyStep(next, step, id++);
  return next;
}

function applyStep(observed: Observed, step: Step, id: number): Observed {
  const issues = (change: (issue: Observed["issues"][number]) => Observed["issues"][number]) => ({
    ...observed,
    issues: observed.issues.map((issue) => ("number" in step && issue.number === step.number ? change(issue) : issue)),
  });
  const threads = (bend: Partial<Observed["threads"][number]>) => ({
    ...observed,
    threads: observed.threads.map((thread) =>
      "nodeId" in step && thread.nodeId === step.nodeId ? { ...thread, ...bend } : thread,
    ),
  });
  switch (step.do) {
    case "create-check-run":
    case "update-check-run": {
      const { name, conclusion } = step.checkRun;
      const run = { id: step.do === "update-check-run" ? step.id : id, name, conclusion, externalId: step.externalId };
      return { ...observed, checkRuns: [run, ...observed.checkRuns.filter((other) => other.id !== run.id)] };
    }
    case "create-review": {
      const isSummary = readMarker(step.body)?.kind === "summary";
      const started = step.comments.map((comment, index) => ({
        ...aThread(comment.fingerprint, { nodeId: `new-${id}-${index}` }),
        comment: { id: id * 100 + index, body: comment.body },
      }));
      return {
        ...observed,
        summaries: isSummary
          ? [...observed.summaries, { id, nodeId: `PRR_${id}`, body: step.body, isMinimized: false }]
          : observed.summaries,
        threads: [...observed.threads, ...started],
      };
    }
    case "update-summary":
      return {
        ...observed,
        summaries: observed.summaries.map((one) => (one.id === step.id ? { ...one, body: `${step.body}\r\n` } : one)),
      };
    case "minimize-review":
      return {
        ...observed,
        summaries: observed.summaries.filter((one) => one.id !== step.id || readMarker(step.body)?.kind === "summary"),
      };
    case "resolve-thread":
      return threads({ isResolved: true });
    case "unresolve-thread":
      return threads({ isResolved: false });
    case "update-comment":
      return {
        ...observed,
        threads: observed.threads.map((thread) =>
          thread.comment?.id === step.id ? { ...thread, comment: { id: step.id, body: step.body } } : thread,
        ),
      };
    case "request-review":
      return {
        ...observed,
        requestedTeams: [...observed.requestedTeams, ...step.teams],
        requestedUsers: [...observed.requestedUsers, ...step.users],
      };
    case "create-issue":
      return {
        ...observed,
        issues: [
          ...observed.issues,
          { ...anObservedIssue(id, step.issue.threat), title: step.issue.title, body: step.issue.body },
        ],
      };
    case "update-issue":
      return issues((issue) => ({ ...issue, title: step.issue.title, body: step.issue.body }));
    case "close-issue":
      return issues((issue) => ({ ...issue, state: "closed", closedByUs: true }));
    case "reopen-issue":
      return issues((issue) => ({
        ...issue,
        state: "open",
        closedByUs: false,
        title: step.issue.title,
        body: step.issue.body,
      }));
    case "comment-issue":
      return issues((issue) => ({ ...issue, answeredClosing: true }));
  }
}

const names = fc.constantFrom("a", "b", "c", "d");
const few = { maxLength: 4 };

function anyDesired(): fc.Arbitrary<Desired> {
  const annotation = fc.record({
    path: names,
    start_line: fc.integer({ min: 1, max: 3 }),
    end_line: fc.constant(3),
    annotation_level: fc.constantFrom("notice" as const, "warning" as const),
    title: names,
    message: names,
  });
  const checkRun = fc.record({
    name: fc.constantFrom("threat-model" as const),
    conclusion: fc.constantFrom("success" as const, "neutral" as const, "failure" as const),
    title: names,
    summary: names,
    annotations: fc.array(annotation, { maxLength: 2 }),
  });
  const comments = fc
    .array(fc.tuple(names, names), few)
    .map((pairs) => pairs.map(([name, says]) => aComment(name, { body: `${aComment(name).body} ${says}` })));
  const ask = fc.record({
    summary: names.map((says) => `${summaryMarker}\n${says}`),
    comments,
    alsoOpen: fc.array(names, few),
  });
  const review = fc.oneof(
    fc.constant("leave" as const),
    names.map((says) => ({ settled: `${summaryMarker}\n${says} settled` })),
    ask.map((one) => ({ ask: one })),
  );
  const issue = fc
    .tuple(names, names, fc.constantFrom("open" as const, "closed" as const))
    .map(([threat, title, state]) => anIssue(threat, { title, state }));
  return fc
    .record({
      checkRun: fc.option(checkRun, { nil: undefined }),
      review,
      reviewers: fc.record({ teams: fc.array(names, few), users: fc.array(names, few) }),
      issues: fc.array(issue, few),
    })
    .map(({ checkRun: run, ...rest }) => ({ ...rest, withheld: [], ...(run ? { checkRun: run } : {}) }));
}

function anyObserved(): fc.Arbitrary<Observed> {
  const id = fc.integer({ min: 1, max: 99 });
  const thread = fc
    .tuple(names, id, fc.boolean(), fc.boolean(), fc.option(names))
    .map(([name, number, isResolved, answered, body]) =>
      aThread(name, {
        nodeId: `t${number}`,
        isResolved,
        answered,
        ...(body === null ? {} : { comment: { id: number, body } }),
      }),
    );
  const issue = fc
    .tuple(names, id, fc.constantFrom("open" as const, "closed" as const), fc.boolean(), fc.boolean())
    .map(([threat, number, state, closedByUs, answeredClosing]) =>
      anObservedIssue(number, threat, { state, closedByUs, answeredClosing }),
    );
  return fc.record({
    checkRuns: fc.uniqueArray(
      fc.record({
        id,
        name: fc.constant("threat-model"),
        conclusion: fc.constantFrom(null, "success", "neutral"),
        externalId: names,
      }),
      { ...few, selector: (run) => run.id },
    ),
    summaries: fc.uniqueArray(
      fc
        .tuple(id, names, fc.boolean())
        .map(([number, says, isMinimized]) => aSummary(number, { body: `${summaryMarker}\n${says}`, isMinimized })),
      { maxLength: 3, selector: (summary) => summary.id },
    ),
    threads: fc.uniqueArray(thread, { ...few, selector: (one) => one.nodeId }),
    requestedTeams: fc.array(names, few),
    requestedUsers: fc.array(names, few),
    reviewedBy: fc.array(names, few),
    issues: fc.uniqueArray(issue, { ...few, selector: (one) => one.number }),
  });
}

describe("any desired state, any state of GitHub", () => {
  test("a second look finds nothing to do", () => {
    fc.assert(
      fc.property(anyDesired(), anyObserved(), (desired, observed) => {
        const after = applied(observed, reconcile(desired, observed, head));
        expect(tell(reconcile(desired, after, head))).toEqual([]);
      }),
      { numRuns: 2_000 },
    );
  });

  test("at most one text is created, and nothing that people answered is touched", () => {
    fc.assert(
      fc.property(anyDesired(), anyObserved(), (desired, observed) => {
        const { steps } = reconcile(desired, observed, head);
        expect(steps.filter((step) => step.do === "create-review").length).toBeLessThanOrEqual(1);
        const answered = new Set(observed.threads.filter((thread) => thread.answered).map((thread) => thread.nodeId));
        for (const step of steps) {
          if (step.do === "resolve-thread" || step.do === "unresolve-thread")
            expect(answered.has(step.nodeId)).toBe(false);
        }
      }),
      { numRuns: 500 },
    );
  });

  test("two desired states in turn leave one summary, one thread a question and one open issue a threat", () => {
    fc.assert(
      fc.property(anyDesired(), anyDesired(), (one, other) => {
        let observed = nothingObserved;
        for (const desired of [one, other, one, other])
          observed = applied(observed, reconcile(desired, observed, head));
        expect(observed.summaries.length).toBeLessThanOrEqual(1);
        const questions = observed.threads.map((thread) => thread.fingerprint);
        expect(new Set(questions).size).toBe(questions.length);
        const threats = observed.issues.map((issue) => issue.threat);
        expect(new Set(threats).size).toBe(threats.length);
      }),
      { numRuns: 500 },
    );
  });
});
