import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { afterAcceptances, branchEvidence } from "../../src/entry/ended-acceptances.ts";
import { remembered, rememberLearnt } from "../../src/entry/history.ts";
import type { EvaluationRecord } from "../../src/shell/ports.ts";
import type { Outcome } from "../../src/shell/run.ts";
import type { Database } from "../../src/shell/store/database.ts";
import { repositoryNamed } from "../github/find.ts";
import { usualPermissions } from "../github/seed-apps.ts";
import type { DependabotAlert } from "../github/world.ts";
import { aCodeAlert, anAdvisory, withAlerts } from "../make/an-alert.ts";
import { openPrepared } from "../make/prepared-database.ts";
import { type Scenery, Stage } from "./stage.ts";

/*
 * What scanners, advisories and incidents say beside the model: read from GitHub's API, held against the model, told where
 * it matters, and never a reason to fail a pull request that did not touch the element.
 */

/** A shop whose search is said to be safe from injection, by a control. */
function model(more: { readonly status?: string; readonly text?: string; readonly note?: string } = {}): string {
  return `schemaVersion: 1
system:
  name: Shop
  description: ${more.note ?? "Sells things."}
elements:
  - {id: web, name: Web shop, type: web-app, files: [src/web/, package.json]}
  - {id: search, name: Search, type: process, files: [src/search/]}
threats:
  - id: search-injection
    element: search
    stride: T
    title: ${more.text ?? "Search words reach the database as SQL (CWE-89)"}
    impact: high
    likelihood: medium
    status: ${more.status ?? "mitigated"}
    controls: [parameters]
controls:
  - {id: parameters, title: Queries take parameters, status: implemented, evidence: [src/search/query.ts]}
`;
}

async function shop(
  repository: Scenery["repository"],
  scenery: Scenery = {},
  now = "2026-01-10T08:00:00Z",
): Promise<Stage> {
  const { seed, files, ...rest } = scenery;
  const stage = await Stage.set({
    policy: "version: 1\nmode: enforce\n",
    files: { "threat-model.yaml": model(), "package.json": "{}\n", ...files },
    repository: { ...repository },
    seed: { now, apps: [{ permissions: withAlerts }], ...seed },
    ...rest,
  });
  stage.github.clock.set("2026-03-04T09:00:00Z");
  return stage;
}

async function evaluated(stage: Stage, number: number): Promise<Outcome> {
  const { installation } = stage.github.app;
  return stage.evaluated(number, { evidence: stage.app.forEvidence(installation, "shop") });
}

/** A new route of the web shop: it changes the system, and not the search. */
const route = {
  "src/web/orders.ts": 'app.get("/orders/:id", (request, response) => response.json(orders.get(request)));\n',
};

function evidenceIn({ assessment }: Outcome) {
  if (!assessment.evidence) throw new Error("no evidence was read");
  return assessment.evidence;
}

const current = ({ assessment }: Outcome) => assessment.systems[0]?.indicators["TM-1"];

describe("alerts of code scanning", () => {
  test("an open one contradicts the claim of a control; a pull request that does not touch the element does not fail for it", async () => {
    const stage = await shop({ alerts: { codeScanning: [aCodeAlert()], dependabot: [], secretScanning: [] } });
    const outcome = await evaluated(stage, stage.opened(route));
    expect(evidenceIn(outcome).matches).toEqual([
      {
        verdict: "contradicts",
        system: "shop",
        threat: "search-injection",
        controls: ["parameters"],
        element: "Search",
        cwe: ["CWE-89"],
        alert: {
          source: "code-scanning",
          reference: "code-scanning alert 12",
          tool: "CodeQL",
          place: { path: "src/search/query.ts", line: 40 },
        },
        says: "`search-injection` is called mitigated, but CodeQL reports CWE-89 at `src/search/query.ts:40`: Database query built from user-controlled sources (code-scanning alert 12).",
        place: { path: "threat-model.yaml", line: 9 },
      },
    ]);
    expect(outcome.assessment.reasons.filter(({ says }) => says.includes("search-injection"))).toEqual([]);
    expect(stage.asked.reading).toEqual(
      expect.arrayContaining([
        "code-scanning/list-alerts-for-repo",
        "secret-scanning/list-alerts-for-repo",
        "dependabot/list-alerts-for-repo",
        "graphql/Incidents",
      ]),
    );
  });

  test("a pull request that makes the claim against an open alert fails in enforce, with the place of the claim", async () => {
    const stage = await shop(
      { alerts: { codeScanning: [aCodeAlert()], dependabot: [], secretScanning: [] } },
      { files: { "threat-model.yaml": model({ status: "open" }) } },
    );
    const outcome = await evaluated(stage, stage.opened({ "threat-model.yaml": model() }));
    expect(outcome.assessment.conclusion).toBe("failure");
    expect(outcome.assessment.reasons).toContainEqual({
      outcome: "failure",
      says: "`search-injection` is called mitigated, but CodeQL reports CWE-89 at `src/search/query.ts:40`: Database query built from user-controlled sources (code-scanning alert 12).",
      place: { path: "threat-model.yaml", line: 9 },
      next: "Fix what code-scanning alert 12 reports, dismiss it with a reason, or set `search-injection` to `open`.",
    });
  });

  test("a pull request that changes the reported file may be the repair, and is only told", async () => {
    const stage = await shop(
      { alerts: { codeScanning: [aCodeAlert()], dependabot: [], secretScanning: [] } },
      { files: { "threat-model.yaml": model({ status: "open" }), "src/search/query.ts": "export {};\n" } },
    );
    const number = stage.opened({ "threat-model.yaml": model(), "src/search/query.ts": "export { safe };\n" });
    const outcome = await evaluated(stage, number);
    const [told] = outcome.assessment.reasons.filter(({ says }) => says.includes("code-scanning alert 12"));
    expect(told?.outcome).toBe("success");
  });

  test("a fixed one supports the control's validation and changes no status; a dismissed one says nothing", async () => {
    const fixed = aCodeAlert({ state: "fixed", ended: "2026-03-01T08:00:00Z" });
    const dismissed = aCodeAlert({ number: 13, state: "dismissed", reason: "false positive" });
    const stage = await shop({ alerts: { codeScanning: [fixed, dismissed], dependabot: [], secretScanning: [] } });
    const outcome = await evaluated(stage, stage.opened(route));
    expect(evidenceIn(outcome).matches.map(({ says }) => says)).toEqual([
      "code-scanning alert 12 of CodeQL was fixed on 2026-03-01, which supports the validation of `parameters` for `search-injection`.",
    ]);
    expect(outcome.assessment.systems[0]?.model?.controls[0]?.status).toBe("implemented");
    expect(outcome.assessment.systems[0]?.indicators["TM-4"].rag).not.toBe("GREEN");
  });

  test("H095: what is withheld in a public repository decides there all the same", async () => {
    const claim = async (isPrivate: boolean, more: Readonly<Record<string, string>> = {}) => {
      const stage = await shop(
        { private: isPrivate, alerts: { codeScanning: [aCodeAlert()], dependabot: [], secretScanning: [] } },
        { files: { "threat-model.yaml": model({ status: "open" }), "src/search/query.ts": "export {};\n" } },
      );
      return (await evaluated(stage, stage.opened({ "threat-model.yaml": model(), ...more }))).assessment.conclusion;
    };
    expect([await claim(true), await claim(false)]).toEqual(["failure", "failure"]);
    const repair = { "src/search/query.ts": "export { safe };\n" };
    expect(await claim(false, repair)).toBe(await claim(true, repair));
  });

  test("H095: in a public repository an alert is named by its number alone", async () => {
    const alerts = { codeScanning: [aCodeAlert()], dependabot: [anAdvisory()], secretScanning: [] };
    const stage = await shop({ private: false, alerts });
    const number = stage.opened({ ...route, "threat-model.yaml": model({ note: "Sells nice things." }) });
    const outcome = await evaluated(stage, number);
    const check = stage.check(number);
    const seen = `${check.title}\n${check.summary}\n${check.text}\n${stage
      .reviews(number)
      .map(({ body }) => body)
      .join("\n")}`;
    for (const secret of ["CodeQL", "user-controlled", "query.ts:40", "left-parser", "GHSA-aaaa", "js/sql-injection"])
      expect(seen).not.toContain(secret);
    expect(evidenceIn(outcome).matches[0]?.says).toBe(
      "`search-injection` is called mitigated, and an open alert says otherwise (code-scanning alert 12).",
    );
    expect(current(outcome)?.why).toContain(
      "an advisory on a component known since 2026-01-20 (43 days ago, Dependabot alert 7)",
    );
  });
});

describe("what may not be read", () => {
  test("a permission that was not granted is said once and nothing is guessed", async () => {
    const alerts = { codeScanning: [aCodeAlert()], dependabot: [anAdvisory()], secretScanning: [] };
    const stage = await shop({ alerts }, { seed: { apps: [{ permissions: usualPermissions }] } });
    const number = stage.opened(route);
    const outcome = await evaluated(stage, number);
    const why = "the App was not granted the permission";
    expect(evidenceIn(outcome).read).toEqual([
      { source: "code-scanning", why, needs: "security_events: read" },
      { source: "secret-scanning", why, needs: "secret_scanning_alerts: read" },
      { source: "dependabot", why, needs: "vulnerability_alerts: read" },
    ]);
    expect(stage.asked.reading.filter((one) => one.includes("alerts-for-repo"))).toEqual([]);
    const text = stage.check(number).text ?? "";
    expect(text.split("alerts are not read").length).toBe(2);
    expect(evidenceIn(outcome).matches).toEqual([]);
  });

  test("a feature that is switched off is unknown with GitHub's words, and no verdict hangs on it", async () => {
    const stage = await shop({ alerts: {} });
    const outcome = await evaluated(stage, stage.opened(route));
    expect(evidenceIn(outcome).read).toEqual([
      expect.objectContaining({ source: "code-scanning", why: expect.stringContaining("no analysis found") }),
      expect.objectContaining({ source: "secret-scanning", why: expect.stringContaining("disabled") }),
      expect.objectContaining({ source: "dependabot", why: expect.stringContaining("disabled") }),
    ]);
    expect(outcome.assessment.couldNotEvaluate).toBe(false);
  });

  test("the policy chooses; what it leaves out is not asked for", async () => {
    const stage = await shop(
      { alerts: { codeScanning: [aCodeAlert()], dependabot: [anAdvisory()], secretScanning: [] } },
      { policy: "version: 1\nscanners: [dependabot]\n" },
    );
    const outcome = await evaluated(stage, stage.opened(route));
    expect(evidenceIn(outcome).read.map(({ source }) => source)).toEqual(["dependabot"]);
  });

  test("a pull request that changes nothing of the system costs no request for it", async () => {
    const stage = await shop({
      alerts: { codeScanning: [aCodeAlert()], dependabot: [anAdvisory()], secretScanning: [] },
    });
    await evaluated(stage, stage.opened({ "README.md": "# Our shop\n" }));
    expect(stage.asked.reading.filter((one) => one.includes("alerts") || one.includes("Incidents"))).toEqual([]);
  });
});

describe("threat intelligence", () => {
  test("an advisory on a component starts the clock, and TM-1 says why; Dependabot's date counts, not the advisory's", async () => {
    const stage = await shop({ alerts: { codeScanning: [], dependabot: [anAdvisory()], secretScanning: [] } });
    const outcome = await evaluated(stage, stage.opened(route));
    expect(current(outcome)).toMatchObject({
      rag: "AMBER",
      why: "advisory on `left-parser` (npm, high) in Web shop known since 2026-01-20 (43 days ago, GHSA-aaaa-bbbb-cccc) is not in the model.",
    });
    expect(evidenceIn(outcome).clock).toEqual([
      {
        kind: "intelligence",
        reference: "GHSA-aaaa-bbbb-cccc",
        what: "advisory on `left-parser` (npm, high) in Web shop",
        at: "2026-01-20T08:00:00Z",
        system: "shop",
        state: "running",
        days: 43,
      },
    ]);
  });

  test.each([
    ["only development uses it", anAdvisory({ scope: "development" })],
    ["another package brings it", anAdvisory({ relationship: "transitive" })],
    ["it is below the policy's risk", anAdvisory({ severity: "medium" })],
    ["it is fixed", anAdvisory({ state: "fixed", ended: "2026-02-01T08:00:00Z" })],
  ])("no clock where %s", async (_, alert) => {
    const stage = await shop({ alerts: { codeScanning: [], dependabot: [alert], secretScanning: [] } });
    const outcome = await evaluated(stage, stage.opened(route));
    expect(evidenceIn(outcome).clock).toEqual([]);
    expect(current(outcome)?.rag).toBe("GREEN");
  });

  test("an update of the model that names it, or its element, covers it; another one does not", async () => {
    const covering = [
      model({ text: "Search words reach the database as SQL (CWE-89), seen with GHSA-aaaa-bbbb-cccc" }),
      model().replace("name: Web shop", "name: Web shop, technology: Node.js"),
    ];
    for (const text of [...covering, model({ text: "Search words reach the database (CWE-89)" })]) {
      const stage = await shop({ alerts: { codeScanning: [], dependabot: [anAdvisory()], secretScanning: [] } });
      const outcome = await evaluated(stage, stage.opened({ ...route, "threat-model.yaml": text }));
      const isCovering = covering.includes(text);
      expect([isCovering, evidenceIn(outcome).clock[0]?.state]).toEqual([
        isCovering,
        isCovering ? "covered" : "running",
      ]);
      expect(current(outcome)?.rag).toBe(isCovering ? "GREEN" : "AMBER");
    }
  });

  test("dismissing it on GitHub with a reason stops the clock, and that is told", async () => {
    const dismissed = anAdvisory({
      state: "dismissed",
      ended: "2026-02-10T08:00:00Z",
      reason: "not_used",
      comment: "dead code",
    });
    const stage = await shop({ alerts: { codeScanning: [], dependabot: [dismissed], secretScanning: [] } });
    const number = stage.opened(route);
    const outcome = await evaluated(stage, number);
    expect(current(outcome)?.rag).toBe("GREEN");
    expect(evidenceIn(outcome).clock).toMatchObject([
      { reference: "GHSA-aaaa-bbbb-cccc", state: "settled", why: 'dismissed on GitHub: not used, "dead code"' },
    ]);
    expect(stage.check(number).text).toContain("dismissed on GitHub: not used");
  });
});

describe("incidents", () => {
  async function struck(
    at: string,
    words: { title?: string; body?: string; label?: string } = {},
    scenery: Scenery = {},
  ) {
    const stage = await shop({ alerts: {}, collaborators: { sam: "write" } }, scenery);
    stage.github.clock.set(at);
    const { title = "Session tokens stolen", body = "All of them.", label = "security-incident" } = words;
    const issue = stage.github.as("sam").openIssue(stage.name, { title, body, labels: [label] });
    stage.github.clock.set("2026-03-04T09:00:00Z");
    return { stage, issue };
  }

  test("an issue with the label starts the clock, and closing it does not stop it", async () => {
    const { stage, issue } = await struck("2026-01-02T08:00:00Z");
    stage.github.as("sam").changeIssue(stage.name, issue, { state: "closed" });
    const number = stage.opened(route);
    const outcome = await evaluated(stage, number);
    expect(current(outcome)).toMatchObject({
      rag: "RED",
      why: `incident "Session tokens stolen" recorded 2026-01-02 (61 days ago, #${issue}) is not in the model.`,
    });
    expect(stage.check(number).text).toContain("Session tokens stolen");
  });

  test("an update of the model that names the issue covers it; one that speaks of something else does not", async () => {
    for (const [text, rag] of [
      ['"Search words reach the database as SQL (CWE-89), as in #1"', "GREEN"],
      ["Search words reach the database as SQL (CWE-89), as issue 1 showed", "GREEN"],
      ['"Search words reach the database as SQL (CWE-89), as in #12 and shop#1"', "AMBER"],
    ] as const) {
      const { stage, issue } = await struck("2026-01-20T08:00:00Z");
      expect(issue).toBe(1);
      const outcome = await evaluated(stage, stage.opened({ ...route, "threat-model.yaml": model({ text }) }));
      expect(current(outcome)?.rag).toBe(rag);
    }
  });

  test("an issue that names an element concerns that element", async () => {
    const { stage } = await struck("2026-01-20T08:00:00Z", { body: "Somebody got in through the web shop." });
    const outcome = await evaluated(
      stage,
      stage.opened({ "threat-model.yaml": model().replace("name: Web shop", "name: Web shop, technology: Node.js") }),
    );
    expect(evidenceIn(outcome).clock).toMatchObject([{ kind: "incident", state: "covered" }]);
  });

  test("the label is the policy's; taking it off and putting it back moves nothing", async () => {
    const policy = "version: 1\nincidents:\n  label: breach\n";
    const { stage, issue } = await struck("2026-01-20T08:00:00Z", { label: "breach" }, { policy });
    stage.github.as("sam").changeIssue(stage.name, issue, { labels: [] });
    const number = stage.opened(route);
    expect(evidenceIn(await evaluated(stage, number)).clock).toEqual([]);
    stage.github.as("sam").changeIssue(stage.name, issue, { labels: ["breach"] });
    expect(evidenceIn(await evaluated(stage, number)).clock).toMatchObject([
      { at: expect.stringMatching(/^2026-01-20T08:00/), days: 43 },
    ]);
  });

  test("H048: a title with markup is inert, and an evaluation that is repeated changes nothing", async () => {
    const { stage } = await struck("2026-02-20T08:00:00Z", {
      title: "</details> @acme/security-architects <img src=x> #1",
    });
    const number = stage.opened(route);
    await evaluated(stage, number);
    const before = stage.seen(number);
    const again = await evaluated(stage, number);
    expect(again.plan.steps).toEqual([]);
    expect(stage.seen(number)).toEqual(before);
    const shown = `${stage.check(number).summary}${stage.check(number).text}`;
    expect(shown).not.toContain("<img");
    expect(shown).not.toMatch(/(?<![\w`\u200b])@acme/);
  });
});

describe("the default branch, of which no event tells", () => {
  test("an incident or an advisory after the merge starts the clock of its systems as the dashboard shows them, and opens no issue", async () => {
    const alerts = { codeScanning: [], dependabot: [] as DependabotAlert[], secretScanning: [] };
    const stage = await shop({ alerts }, { policy: "version: 1\nmode: enforce\nriskThreshold: medium\n" });
    const number = stage.opened({ "threat-model.yaml": model({ note: "Sells nice things." }) });
    stage.github.as("olga").merge(stage.name, number);
    const merged = await evaluated(stage, number);
    expect(current(merged)?.rag).toBe("GREEN");
    stage.github.administrator("olga").raiseAlert(stage.name, { codeScanning: aCodeAlert() });
    stage.github.administrator("olga").raiseAlert(stage.name, { dependabot: anAdvisory() });
    const records: EvaluationRecord[] = [];
    const world = {
      ...stage.world({ evidence: stage.app.forEvidence(stage.github.app.installation, "shop") }),
      store: { record: async (one: EvaluationRecord) => void records.push(one) },
    };
    await afterAcceptances({ id: "sweep", why: branchEvidence, subject: stage.subject(number) }, world);
    const [record] = records;
    const [system] = record?.standing?.merged?.systems ?? [];
    expect(system?.indicators["TM-1"]).toMatchObject({
      rag: "AMBER",
      why: expect.stringContaining("advisory on `left-parser` (npm, high) in Web shop known since 2026-01-20"),
    });
    expect(system?.uncovered.map(({ reference }) => reference)).toEqual(["GHSA-aaaa-bbbb-cccc"]);
    // The model alone says what is mitigated: a contradicted claim stays one, and the alert is its own ticket.
    expect(record?.plan.steps).toEqual([]);
    expect(stage.issues()).toEqual([]);
  });
});

describe("what the service remembers", () => {
  let database: Database;
  beforeAll(async () => {
    database = await openPrepared();
  });
  afterAll(() => database.close());

  test("an advisory once, however often it is seen, and that it is settled when no alert is open any more", async () => {
    const id = 200_001;
    const stage = await shop({ id, alerts: { codeScanning: [], dependabot: [anAdvisory()], secretScanning: [] } });
    const number = stage.opened(route);
    const { installation } = stage.github.app;
    const once = async (): Promise<Outcome> => {
      const evidence = stage.app.forEvidence(installation, "shop");
      const outcome = await stage.evaluated(number, { evidence, remembered: await remembered(database, id) });
      await rememberLearnt(database, outcome);
      return outcome;
    };
    const entries = async () => (await remembered(database, id)).entries.filter(({ kind }) => kind === "intelligence");
    await once();
    await once();
    expect(await entries()).toMatchObject([{ reference: "GHSA-aaaa-bbbb-cccc", at: "2026-01-20T08:00:00Z" }]);
    expect((await entries())[0]).not.toHaveProperty("settled");
    repositoryNamed(stage.github.world, stage.name).alerts = { codeScanning: [], dependabot: [], secretScanning: [] };
    const settled = { reference: "GHSA-aaaa-bbbb-cccc", settled: { why: "no alert of it is open any more" } };
    expect(evidenceIn(await once()).clock).toMatchObject([{ state: "settled" }]);
    expect(await entries()).toMatchObject([settled]);
    // Where the alerts cannot be read any more, what was remembered stands.
    repositoryNamed(stage.github.world, stage.name).alerts = {};
    await once();
    expect(await entries()).toMatchObject([settled]);
  });
});
