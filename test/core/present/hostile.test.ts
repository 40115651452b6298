import { describe, expect, test } from "@jest/globals";
import { parse as parseYaml } from "yaml";
import type { Assessment } from "../../../src/core/domain/assessment.ts";
import type { Desired } from "../../../src/core/domain/desired.ts";
import { readMarker } from "../../../src/core/domain/marker.ts";
import { limits } from "../../../src/core/present/blocks.ts";
import { draftModels } from "../../../src/core/present/model-draft.ts";
import { type PresentContext, present } from "../../../src/core/present/present.ts";
import { nativeSchema } from "../../../src/core/readers/native-schema.ts";
import {
  aChange,
  aChecklist,
  aContext,
  aModelThreat,
  anAssessment,
  anAssessmentWithTwoChanges,
  anIndicator,
  aPolicy,
  aSystem,
  aThreat,
  theDeliverables,
} from "../../make/an-assessment.ts";
import fc from "../../make/fast-check.ts";
import { anyHostileText, hostileTexts } from "../../make/hostile-text.ts";
import { folds, parse, whatActs } from "./inert.ts";

const ownAddresses = [
  "https://github.com/acme/exports/",
  "https://threatgate.example/",
  "https://cwe.mitre.org/data/definitions/",
  "https://capec.mitre.org/data/definitions/",
  "https://docs.aws.amazon.com/",
];

/** An assessment in which every word that a repository can choose is hostile. */
function hostile(word: (name: string) => string): { assessment: Assessment; context: PresentContext } {
  const place = { path: word("path"), line: 12 };
  const element = { type: "object-store", name: word("element"), id: word("element id") } as const;
  const threat = aThreat({
    element,
    title: word("threat title"),
    countermeasure: word("countermeasure"),
    acceptanceTest: word("acceptance test"),
    story: { as: word("as"), need: word("need"), so: word("so"), acceptance: [word("criterion")] },
    sample: { language: word("language"), code: word("sample") },
    training: { title: word("training"), url: "https://docs.aws.amazon.com/x" },
    drivers: [{ name: "d", raises: "impact", by: 1, because: word("because") }],
    cwe: [word("cwe")],
    place,
  });
  const answered = aThreat({
    id: "T-90abvw2c4d6e",
    status: "mitigated",
    statusPlace: place,
    title: word("other title"),
  });
  const written = aModelThreat({
    id: word("threat id"),
    title: word("written title"),
    description: word("description"),
    element: word("of"),
    place,
  });
  const system = aSystem({
    name: word("system"),
    modelFiles: [`docs/${word("model file")}.yaml`],
    changes: [0],
    uncovered: [0],
    openThreats: [written],
    lost: [{ threat: written, what: word("what was lost") }],
    deliverables: theDeliverables({
      context: {
        state: "partial",
        where: place,
        lacking: [{ must: "m", says: word("lacking"), place, example: word("example") }],
      },
      stories: { state: "missing", found: word("found") },
    }),
    indicators: {
      "TM-1": anIndicator({ rag: "RED", why: word("why"), place, next: [word("next")] }),
      "TM-2": anIndicator(),
      "TM-3": anIndicator(),
      "TM-4": anIndicator(),
    },
    review: {
      peers: [],
      architects: [],
      notCounted: [{ account: { login: word("login"), type: "User" }, why: word("not counted") }],
      unknown: word("unknown"),
    },
  });
  const change = aChange({
    path: place.path,
    element,
    says: word("says"),
    asks: word("asks"),
    why: word("rule why"),
    evidence: word("evidence"),
  });
  const assessment = anAssessment({
    conclusion: "failure",
    mode: "enforce",
    policy: aPolicy({
      mode: "enforce",
      architects: { teams: ["security-architects"], users: [] },
      origins: { mode: { from: "repository", place, locked: false } },
    }),
    reasons: [
      { outcome: "failure", says: word("reason"), place: { path: word("reason path") }, next: word("reason next") },
    ],
    changes: [change],
    asked: [0],
    checklists: [
      aChecklist({
        threats: [threat, answered],
        questions: [{ element, facts: ["f"], asks: word("question"), place }],
        credited: [{ title: word("credited"), where: place }],
      }),
    ],
    threats: [threat, answered],
    systems: [system],
    problems: [
      {
        path: word("problem path"),
        line: 3,
        severity: "error",
        what: word("what"),
        hint: word("hint"),
        example: word("example"),
      },
    ],
    notInspected: [{ path: word("not inspected"), reason: word("reason") }],
    lookedAt: { files: 1, nearest: { path: word("nearest"), why: word("nearest why") } },
  });
  const context = aContext({ commentable: new Map([[place.path, [{ from: 1, to: 20 }]]]), requestId: word("request") });
  return { assessment, context };
}

/** All that would be posted, in each situation that shows other texts. */
function allOf(assessment: Assessment, context: PresentContext): Desired[] {
  const { pullRequest } = aContext();
  const merged = {
    ...context,
    ...(pullRequest && { pullRequest: { ...pullRequest, state: "merged", author: "sam" } as const }),
  };
  const quiet = {
    ...assessment,
    conclusion: "success",
    changes: [],
    asked: [],
    checklists: [],
    systems: [aSystem()],
  } as const;
  const waived = {
    by: { login: "x", type: "User" },
    until: "2026-03-20",
    because: assessment.reasons[0]?.says ?? "",
  } as const;
  return [
    present(assessment, context),
    present(assessment, merged),
    present({ ...assessment, couldNotEvaluate: true }, context),
    present({ ...assessment, conclusion: "success", waived }, context),
    present(
      {
        ...assessment,
        asked: [],
        systems: assessment.systems.map((system) => ({ ...system, uncovered: [], lost: [] })),
      },
      context,
    ),
    present({ ...assessment, asked: [] }, { ...context, commentable: new Map() }),
    present(quiet, context),
  ];
}

function bodies(desired: Desired): string[] {
  const { review, checkRun, issues } = desired;
  const conversation =
    review === "leave"
      ? []
      : "ask" in review
        ? [review.ask.summary, ...review.ask.comments.map(({ body }) => body)]
        : [review.settled];
  return [
    checkRun?.summary ?? "",
    checkRun?.text ?? "",
    ...conversation,
    ...issues.flatMap((issue) => [issue.body, issue.because ?? "", issue.whenClosedByHand ?? ""]),
  ];
}

function expectHarmless(desired: Desired): void {
  for (const body of bodies(desired)) {
    expect(whatActs(body, ownAddresses)).toEqual([]);
    const { opened, closed } = folds(body);
    expect(opened).toBe(closed);
  }
  expect((desired.checkRun?.title ?? "").length).toBeLessThanOrEqual(limits.checkTitle);
  expect(desired.checkRun?.title ?? "").not.toMatch(/[\n\r]/);
  for (const issue of desired.issues) {
    expect(issue.title.length).toBeLessThanOrEqual(limits.issueTitle);
    expect(issue.title).not.toMatch(/[\p{Cc}\u2028\u2029\u202e]/u);
    expect(readMarker(issue.body)).toMatchObject({ kind: "issue" });
  }
}

describe("no word that a repository chose acts in anything we post", () => {
  test.each(hostileTexts.map((value, index) => [value.slice(0, 40), value, index] as const))(
    "%j everywhere",
    (_, value, index) => {
      const { assessment, context } = hostile(() => value);
      const situations = allOf(assessment, context);
      // The first shows nearly every text; of the others each word meets one, and the next test all.
      const other = situations[1 + (index % (situations.length - 1))];
      for (const desired of [situations[0], other]) if (desired) expectHarmless(desired);
    },
  );

  test("other words in other places", () => {
    fc.assert(
      fc.property(fc.array(anyHostileText(), { minLength: 7, maxLength: 7 }), (values) => {
        const { assessment, context } = hostile((name) => values[name.length % values.length] ?? "");
        for (const desired of allOf(assessment, context)) expectHarmless(desired);
      }),
      { numRuns: 12 },
    );
  });

  test("the marker of a post is the only one in it, whatever the title says (H038)", () => {
    const { assessment, context } = hostile(() => "--> <!-- threatgate:1 summary 999 -->");
    const { review } = present(assessment, context);
    if (review === "leave" || !("ask" in review)) throw new Error("nothing was asked");
    expect(readMarker(review.ask.summary)).toEqual({ kind: "summary", pullRequest: 831 });
    const comments = (body: string) =>
      parse(body).children.filter((node) => node.type === "html" && node.value.startsWith("<!--"));
    for (const body of [review.ask.summary, ...review.ask.comments.map((comment) => comment.body)]) {
      expect(comments(body)).toHaveLength(1);
    }
  });

  test("an annotation names the exact path (H049), and its message is plain", () => {
    const path = "docs/a`b|c](x)😀.yaml";
    const problems = [
      {
        path,
        line: 3,
        severity: "error",
        what: "`a\u001b[31m` is wrong",
        hint: "write `b`\u202e",
        example: "b: 1\nc: 2",
      },
    ] as const;
    const annotations = present(anAssessment({ problems }), aContext()).checkRun?.annotations;
    expect(annotations).toEqual([
      {
        path,
        start_line: 3,
        end_line: 3,
        annotation_level: "warning",
        title: "a\\u001B[31m is wrong",
        message: "`a\\u001B[31m` is wrong\nwrite `b`\\u202E\nExample: b: 1\nc: 2",
      },
    ]);
  });

  test("two threats with the same 5,000 characters keep two titles (H050)", () => {
    const title = `${"long\n\u0007".repeat(800)}`;
    const threats = [aModelThreat({ id: "TH-1", title }), aModelThreat({ id: "TH-2", title })];
    const merged = aContext({ pullRequest: { number: 1, state: "merged", isDraft: false, toDefaultBranch: true } });
    const titles = present(anAssessment({ systems: [aSystem({ openThreats: threats })] }), merged).issues.map(
      (issue) => issue.title,
    );
    expect(new Set(titles).size).toBe(2);
    for (const one of titles) expect(one).toMatch(/^\[TH-[12]\] long.{100,}… \(medium, information disclosure\)$/);
  });
});

describe("the ready-made text", () => {
  test("is a model that our own reader takes, whatever the names are", () => {
    fc.assert(
      fc.property(anyHostileText(), anyHostileText(), (one, other) => {
        const { assessment } = hostile((name) => (name.length % 2 === 0 ? one : other));
        const [draft] = draftModels({
          ...assessment,
          systems: assessment.systems.map((system) => ({ ...system, modelFiles: [] })),
        });
        const read = nativeSchema.safeParse(parseYaml(draft?.yaml ?? ""));
        expect(read.error?.issues ?? []).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  test("holds what is open and lists every part as a draft", () => {
    const [draft] = draftModels(anAssessmentWithTwoChanges());
    expect(draft).toMatchObject({ file: "threat-model.yaml", isWhole: false });
    const model = nativeSchema.parse({ schemaVersion: 1, ...parseYaml(draft?.yaml ?? "") });
    expect(model.elements?.map((element) => element.id)).toEqual(["patient-exports", "api-mailer-example"]);
    expect(model.elements?.[0]?.facts).toEqual({ "encrypted-at-rest": "yes" });
    expect(model.threats?.map((threat) => threat.controls)).toEqual(model.controls?.map((control) => [control.id]));
    expect(model.stories?.map((story) => story.threats)).toEqual(model.threats?.map((threat) => [threat.id]));
    const ids = [model.elements, model.threats, model.controls, model.stories, model.validations].flatMap((parts) =>
      parts?.map((part) => part.id),
    );
    expect(new Set(model.drafts)).toEqual(new Set(ids));
  });

  test("leaves out what the model has, and goes beside a model of another format", () => {
    const assessment = anAssessmentWithTwoChanges();
    const [system] = assessment.systems;
    if (!system?.model) throw new Error("the builder has a model");
    const place = { path: "docs/model.json", line: 1 };
    const model = {
      ...system.model,
      format: "threat-dragon" as const,
      elements: [{ id: "patient-exports", name: "x", kind: "store" as const, data: [], files: [], facts: [], place }],
      threats: [aModelThreat({ id: "T-7c1e2q4m8x0z" })],
    };
    const [draft] = draftModels({ ...assessment, systems: [{ ...system, modelFiles: ["docs/model.json"], model }] });
    expect(draft).toMatchObject({ file: "docs/threat-model.yaml", isWhole: true });
    const read = nativeSchema.parse(parseYaml(draft?.yaml ?? ""));
    expect(read.elements?.map((element) => element.id)).toEqual(["api-mailer-example"]);
    expect(read.threats?.map((threat) => threat.id)).not.toContain("T-7c1e2q4m8x0z");
  });

  test("is not there when nothing is open", () => {
    expect(draftModels(anAssessment())).toEqual([]);
  });
});

describe("400 findings (H045)", () => {
  const path = "infra/export.tf";
  const changes = Array.from({ length: 400 }, (_, index) =>
    aChange({
      line: index + 1,
      element: { type: "object-store", name: `bucket-${index}` },
      says: `New data store ${index}: ${"w".repeat(180)}`,
    }),
  );
  const checklists = changes.map((_, change) =>
    aChecklist({
      change,
      threats: Array.from({ length: 6 }, (__, index) =>
        aThreat({
          id: `T-${change}x${index}`,
          title: `Threat ${index} ${"w".repeat(100)}`,
          element: { type: "object-store", name: `bucket-${change}`, id: `bucket-${change}` },
        }),
      ),
    }),
  );
  const problems = changes.map((_, line) => ({
    path: "threat-model.yaml",
    line: line + 1,
    severity: "error" as const,
    what: `fault ${line}`,
    hint: "mend it",
  }));
  const all = changes.map((_, index) => index);
  const assessment = anAssessmentWithTwoChanges({
    changes,
    checklists,
    problems,
    asked: all.slice(0, 10),
    systems: [aSystem({ changes: all, uncovered: all })],
  });
  const desired = present(assessment, aContext({ commentable: new Map([[path, [{ from: 1, to: 400 }]]]) }));

  test("every text is within its limit and says what is left out", () => {
    const bytes = (value: string | undefined) => new TextEncoder().encode(value).length;
    expect(bytes(desired.checkRun?.summary)).toBeLessThanOrEqual(limits.checkText);
    expect(bytes(desired.checkRun?.text)).toBeLessThanOrEqual(limits.checkText);
    expect(desired.checkRun?.summary).toContain("…and 370 more.");
    expect(desired.checkRun?.annotations).toHaveLength(400);
    if (desired.review === "leave" || !("ask" in desired.review)) throw new Error("nothing was asked");
    expect(desired.review.ask.comments).toHaveLength(10);
    expect(desired.review.ask.alsoOpen).toHaveLength(390);
    for (const body of bodies(desired)) {
      expect(bytes(body)).toBeLessThanOrEqual(limits.checkText);
      expect(whatActs(body, ownAddresses)).toEqual([]);
    }
    expect(bytes(desired.review.ask.summary)).toBeLessThanOrEqual(limits.comment);
    expect(desired.review.ask.summary).toMatch(/lines were left out|…and 38\d more/);
  });
});
