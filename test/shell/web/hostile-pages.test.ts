import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { dashboardJsonSchema, type SystemRow } from "../../../src/core/domain/dashboard.ts";
import type { Framework } from "../../../src/core/domain/framework.ts";
import type { ReleaseList } from "../../../src/core/domain/release.ts";
import { columnsOf } from "../../../src/shell/store/system-columns.ts";
import { controlFigures } from "../../../src/shell/web/controls.ts";
import { createDraughtsman, inlineSvg } from "../../../src/shell/web/diagram.ts";
import { systemsCsv } from "../../../src/shell/web/downloads.ts";
import { measuresCsv, measuresPage } from "../../../src/shell/web/measures.ts";
import { pullRequestPage } from "../../../src/shell/web/pull-request.ts";
import { majorReleases, releasesCsv } from "../../../src/shell/web/releases.ts";
import { rollOutPage } from "../../../src/shell/web/roll-out.ts";
import { rulesPage, worthOf } from "../../../src/shell/web/rules.ts";
import { ownPath, Seal } from "../../../src/shell/web/session.ts";
import { systemPage } from "../../../src/shell/web/system.ts";
import { aHostileSystem, hostileName, hostileValues } from "../../make/a-hostile-system.ts";
import { aChange, anAssessment } from "../../make/an-assessment.ts";

const viewer = { id: 1, login: "dana" };
const [value] = hostileValues;

function aRow(bend: Partial<SystemRow> = {}): SystemRow {
  const repository = { id: 1, owner: "acme", name: "shop" };
  const pullRequest = { number: 7, title: value, state: "open", conclusion: "failure", waits: true } as const;
  const columns = columnsOf({ repository, mode: "enforce", pullRequest }, aHostileSystem());
  return {
    repositoryId: 1,
    repository: columns.repository,
    system: columns.system,
    team: columns.team,
    portfolio: value,
    riskClass: "high",
    mode: "enforce",
    indicators: { "TM-1": "RED", "TM-2": "RED", "TM-3": "RED", "TM-4": "RED" },
    complete: columns.complete,
    threats: columns.threats,
    open: { critical: columns.open_critical, high: 0, medium: 0, low: 0 },
    accepted: 1,
    acceptanceEnds: columns.acceptance_ends,
    modelUpdated: columns.model_updated,
    uncoveredSince: null,
    merged: "2026-11-19T10:00:00.000Z",
    pullRequest: 7,
    trend: "GARU",
    waiting: 1,
    waitingSince: "2026-11-01T00:00:00.000Z",
    ...bend,
  };
}

/** Releases of which every word is one of these. */
function aReleaseList(values: readonly string[]): ReleaseList {
  const indicators = { "TM-1": "RED", "TM-2": "GREEN", "TM-3": "UNKNOWN", "TM-4": "GREEN" } as const;
  return {
    schemaVersion: 1,
    owner: value,
    asOf: "2026-11-20T00:00:00Z",
    from: "2026-08-22",
    to: "2026-11-20",
    kinds: "major",
    total: values.length,
    all: values.length,
    evidence: { complete: 0, gaps: values.length, unknown: 0 },
    releases: values.map((word) => ({
      repositoryId: 1,
      repository: word,
      tag: word,
      name: word,
      kind: "major",
      published: "2026-11-19T10:00:00.000Z",
      commit: word,
      withdrawn: true,
      evidence: "gaps",
      asOf: "2026-11-18T10:00:00.000Z",
      pullRequest: 7,
      systems: [word, "other"].map((system) => ({
        system,
        indicators,
        complete: 7,
        open: 2,
        threshold: word,
        uncovered: 1,
        uncoveredSince: "2026-10-01T00:00:00.000Z",
      })),
    })),
  };
}

/** Names of the elements that a page holds, each once. */
function elementsIn(page: string): string[] {
  return [...new Set([...page.matchAll(/<([a-z][\w-]*)/gi)].map(([, name = ""]) => name.toLowerCase()))];
}

/** No element that could run or load something, and no attribute that could. */
function expectInert(page: string): void {
  const found = elementsIn(page).filter((name) =>
    ["script", "img", "iframe", "object", "embed", "style", "base"].includes(name),
  );
  expect(found).toEqual([]);
  for (const [tag] of page.matchAll(/<[a-z](?:"[^"]*"|[^">])*>/gi)) {
    expect(tag.replace(/"[^"]*"/g, '""')).not.toMatch(/\s(?:on\w+|style)\s*=/i);
    expect(tag).not.toMatch(/\s(?:href|src|action)="\s*(?:javascript|data|vbscript):/i);
  }
}

describe("hostile values", () => {
  test("H098: stand as text on the page of a system, in its diagram too", async () => {
    const sheet = aHostileSystem();
    const diagram = await createDraughtsman().draw(sheet.diagram ?? "");
    expect(diagram).toContain("&lt;");
    const page = String(
      await systemPage({
        repository: { id: 1, owner: "acme", name: "shop", viewer },
        onGitHub: "https://github.com/acme/shop",
        now: "2026-11-20T00:00:00Z",
        systems: [aRow(), aRow({ system: "other" })],
        row: aRow(),
        sheet,
        head: "0".repeat(40),
        judged: "2026-11-19T10:00:00Z",
        timeline: [
          { kind: "change", at: "2026-01-02T00:00:00Z", what: value, reference: value, path: value, elements: [value] },
        ],
        pullRequests: [{ number: 7, conclusion: "failure", head: "0", judged: "2026-11-19T10:00:00Z", title: value }],
        diagram,
        threatFilter: {},
        links: [],
      }),
    );
    expectInert(page);
    expect(page).toContain("&lt;/script&gt;&lt;svg onload");
  });

  test("H098: stand as text on the page of a pull request, names of rules and values of the policy too", async () => {
    const assessment = anAssessment({
      changes: [aChange({ says: value, why: value, path: value, evidence: value, rule: value })],
      reasons: [{ outcome: "failure", says: value, place: { path: value }, next: value }],
      underEnforce: {
        conclusion: "failure",
        reasons: [{ outcome: "failure", says: value, place: { path: value } }],
        comments: [],
        issues: 0,
      },
      problems: [{ path: value, severity: "error", what: value, hint: value }],
      notInspected: [{ path: value, reason: value }],
    });
    const page = String(
      await pullRequestPage({
        assessment,
        digest: "d",
        previous: "",
        writes: [{ at: new Date(0), step: value, outcome: "failed", detail: value }],
        address: "https://github.com/acme/shop/pull/7",
        rulePage: "https://example.org/{rule}.md",
        viewer,
      }),
    );
    expectInert(page);
    expect(page).toContain("is what this would be where the policy says");
  });

  test("H098: stand as text on the page of rules", async () => {
    const figure = {
      asked: 1,
      pullRequests: 1,
      mitigated: 0,
      accepted: 0,
      notApplicable: 0,
      resolved: 0,
      gone: 0,
      open: 1,
      liked: 0,
      disliked: 1,
      dislikedAlone: 1,
    };
    const rules = hostileValues.map((rule) => ({ rule, ...figure }));
    const list = { schemaVersion: 1, owner: "acme", asOf: "2026-11-20T00:00:00Z", since: "2026-01-01", rules } as const;
    expectInert(String(await rulesPage({ ...list, rules }, "https://example.org/{rule}.md", viewer)));
  });

  test("H098: stand as text on the page of the roll-out", async () => {
    const questions = { asked: 3, answered: 2, notApplicable: 1, resolved: 0 };
    const sums = {
      pullRequests: 3,
      blocked: 1,
      waited: 1,
      mergedAllTheSame: 1,
      quiet: 1,
      comments: 4,
      issues: 1,
      questions,
    };
    const moments = { firstJudged: "2026-11-18T00:00:00Z", lastJudged: "2026-11-19T00:00:00Z" };
    const page = await rollOutPage(
      {
        schemaVersion: 1,
        owner: value,
        asOf: "2026-11-20T00:00:00Z",
        days: 14,
        from: "2026-11-06T00:00:00Z",
        knownSince: "2026-11-18T00:00:00Z",
        repository: value,
        total: { repositories: 1, ...sums },
        repositories: hostileValues.map((name) => ({
          repository: name,
          mode: "observe",
          since: moments.firstJudged,
          ...sums,
        })),
        pullRequests: hostileValues.map((name) => ({
          repository: name,
          number: 7,
          title: name,
          state: "merged",
          mode: "observe",
          strictest: "failure",
          last: "success",
          because: [name],
          comments: 2,
          issues: 0,
          ...moments,
        })),
        rules: hostileValues.map((rule) => ({ rule, pullRequests: 1, ...questions })),
      },
      "https://example.org/{rule}.md",
      viewer,
    );
    expectInert(String(page));
    expect(String(page)).toContain("less than the days asked for");
  });

  test("H098: stand as text in the measures", async () => {
    const system = "=1+1";
    const moved = { openThreats: 1, opened: 1, mitigated: 0, accepted: 0, reopened: 0, covered: 0, daysToUpdate: null };
    const indicators = { "TM-1": "RED", "TM-2": "RED", "TM-3": "RED", "TM-4": "RED" } as const;
    const week = { week: "2026-11-16", indicators, ...moved };
    const answer = { schemaVersion: 1, owner: value, asOf: "2026-11-20T00:00:00Z", repository: value } as const;
    const measures = { ...answer, weeks: [], systems: [{ system, weeks: [week] }] };
    expectInert(String(await measuresPage(measures, 26, viewer)));
    expect(measuresCsv(measures)).toContain('"\'=1+1"');
  });

  test("H098: stand as text in the list of releases", async () => {
    const page = String(await majorReleases(aReleaseList(hostileValues)));
    expectInert(page);
    expect(page).toContain("&lt;/script&gt;");
    const lines = releasesCsv(aReleaseList(["=1+1"])).split("\r\n");
    expect(lines[1]).toContain('"\'=1+1"');
  });

  test.each(["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "|calc", "%0A"])(
    "H098: a cell that begins like a formula is text in the CSV: %j",
    (name) => {
      const [, line = ""] = systemsCsv([aRow({ system: name, team: "plain" })]).split("\r\n");
      expect(line).toContain(`"'${name}"`);
    },
  );

  test("H098: quotes, commas and line ends stay inside their cell", () => {
    const lines = systemsCsv([aRow({ repository: 'a "b", c', system: "x", team: "one\ntwo" })]);
    expect(lines).toContain('"a ""b"", c"');
    expect(lines).toContain('"one\ntwo"');
  });

  test.each([
    ["a script", "<svg><script>ran=1</script></svg>"],
    ["a link", '<svg><a href="javascript:ran=1"><text>x</text></a></svg>'],
    ["a handler", '<svg onload="ran=1"></svg>'],
    ["a style", '<svg><g style="background:url(//evil.example)"></g></svg>'],
    ["a picture", '<svg><image href="//evil.example/x.png"/></svg>'],
    ["a declaration", '<svg><!DOCTYPE x [<!ENTITY e "x">]></svg>'],
    ["no drawing", "nothing"],
  ])("H098: a drawing with %s is not shown", (_, drawn) => {
    expect(inlineSvg(drawn)).toBeUndefined();
  });

  test("a drawing of shapes and texts is shown as it is, without titles and comments", () => {
    const drawn =
      '<?xml version="1.0"?>\n<!-- x -->\n<svg width="1"><!-- n1 --><g id="n1"><title>n1</title><text>a &lt;b&gt;</text></g></svg>\n';
    expect(inlineSvg(drawn)).toBe('<svg width="1"><g id="n1"><text>a &lt;b&gt;</text></g></svg>');
  });

  test("the hostile name is the one that the browser is shown", () => {
    expect(aHostileSystem().system).toBe(hostileName);
  });
});

describe("the seal of sessions", () => {
  const secrets = ["first-secret-of-at-least-thirty-two-characters", "second-secret-of-at-least-thirty-two-characters"];
  const session = {
    id: "i".repeat(43),
    person: { id: 7, login: "dana" },
    token: "ghu_x",
    until: "2026-11-20T12:00:00.000Z",
  };
  const now = Date.parse("2026-11-20T09:00:00Z");

  test("opens what it sealed, with an older secret as well, until it ends", () => {
    const sealed = new Seal(secrets.slice(1)).session(session);
    expect(new Seal(secrets).openSession(sealed, now)).toEqual(session);
    expect(new Seal(secrets).openSession(sealed, Date.parse(session.until))).toBeUndefined();
    expect(new Seal(secrets.slice(0, 1)).openSession(sealed, now)).toBeUndefined();
  });

  test("a begun sign-in is no session, and every sealing differs", () => {
    const seal = new Seal(secrets);
    const begun = seal.begun({ state: "s".repeat(43), verifier: "v".repeat(43), returnTo: "/", until: session.until });
    expect(seal.openSession(begun, now)).toBeUndefined();
    expect(seal.session(session)).not.toBe(seal.session(session));
    expect(seal.session(session)).not.toContain("ghu_");
  });

  test.each([
    ["/orgs/acme?q=a", "/orgs/acme?q=a"],
    ["//evil.example", "/"],
    ["/\\evil.example", "/"],
    ["https://evil.example", "/"],
    ["/a\n//evil.example", "/"],
    [undefined, "/"],
    [`/${"a".repeat(2000)}`, "/"],
  ])("H097: %j leads to %j", (given, path) => {
    expect(ownPath(given)).toBe(path);
  });
});

test("the answers of the API are published as they are made", () => {
  const published: unknown = JSON.parse(
    readFileSync(new URL("../../../schemas/dashboard-api.schema.json", import.meta.url), "utf8"),
  );
  expect(published).toEqual(dashboardJsonSchema());
});

describe("figures", () => {
  test("each requirement is counted by its state; systems of which nothing is kept yet are not known", () => {
    const framework: Framework = {
      id: "cra",
      name: "CRA",
      themes: "cra",
      prefix: "",
      requirements: [
        { id: "I.1", name: "one", servedBy: [] },
        { id: "I.2", name: "two", servedBy: [] },
      ],
    };
    const themes = [
      { id: "A", name: "a", cra: ["I.1", "I.2"] },
      { id: "B", name: "b", cra: ["I.1"] },
    ];
    const { controls } = controlFigures(framework, themes, [
      { gap: ["I.1"], met: ["I.2"] },
      { met: ["I.1", "I.2"] },
      { planned: ["I.1"], "not-applicable": ["I.2"] },
      { "not-addressed": ["I.1"], unknown: ["I.2"] },
      {},
    ]);
    const none = { met: 0, planned: 0, gap: 0, notApplicable: 0, unknown: 0, silent: 0 };
    expect(controls).toEqual([
      { ...none, id: "I.1", name: "one", themes: ["a", "b"], met: 1, planned: 1, gap: 1, silent: 1, unknown: 1 },
      { ...none, id: "I.2", name: "two", themes: ["a"], met: 2, notApplicable: 1, unknown: 2 },
    ]);
  });

  const figure = {
    rule: "r",
    asked: 30,
    pullRequests: 9,
    gone: 0,
    open: 0,
    accepted: 0,
    liked: 0,
    disliked: 0,
    dislikedAlone: 0,
  };
  test.each([
    [{ mitigated: 9, notApplicable: 1, resolved: 0 }, "earns its keep"],
    [{ mitigated: 5, notApplicable: 4, resolved: 1 }, "mixed"],
    [{ mitigated: 1, notApplicable: 6, resolved: 3 }, "noise"],
    [{ mitigated: 3, notApplicable: 0, resolved: 0 }, "too early to say"],
    [{ mitigated: 4, notApplicable: 0, resolved: 1, dislikedAlone: 5 }, "mixed"],
  ] as const)("a rule with %j %s", (outcomes, worth) => {
    expect(worthOf({ ...figure, ...outcomes })).toBe(worth);
  });
});
