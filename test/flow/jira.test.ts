import { afterEach, describe, expect, test } from "@jest/globals";
import { acceptanceEnded, afterAcceptances } from "../../src/entry/ended-acceptances.ts";
import { issueTracker } from "../../src/entry/world.ts";
import { TryAgainLater } from "../../src/shell/failures.ts";
import { githubPort } from "../../src/shell/github/port.ts";
import { type Outcome, run } from "../../src/shell/run.ts";
import { JiraAccess } from "../../src/shell/trackers/jira/access.ts";
import { JiraSite } from "../../src/shell/trackers/jira/site.ts";
import { wordsOf } from "../jira/adf.ts";
import { credentials, Jira, type JiraIssue, type ProjectSeed } from "../jira/server.ts";
import { StillClock } from "../shell/github/still-clock.ts";
import { bucket, type Scenery, Stage } from "./stage.ts";

/*
 * Issues in Jira, over real HTTP on two stand-ins. Every request to Jira and every answer of its stand-in is judged by
 * Jira's published description when a test ends.
 */

const exportPath = "infra/export.tf";
const policy = "version: 1\nmode: advise\nriskThreshold: medium\ntracker: jira\njira: {project: SHOP}\n";

const open = new Set<Both>();
afterEach(async () => {
  const all = [...open];
  open.clear();
  for (const both of all) await both.close();
});

/** A repository on GitHub and a project in Jira. */
class Both {
  readonly stage: Stage;
  readonly jira: Jira;
  access: JiraAccess;

  private constructor(stage: Stage, jira: Jira) {
    this.stage = stage;
    this.jira = jira;
    this.access = this.anew();
  }

  static async set(project: Partial<ProjectSeed> = {}, scenery: Scenery = {}): Promise<Both> {
    const jira = await Jira.start([{ key: "SHOP", ...project }]);
    const both = new Both(await Stage.set({ policy, ...scenery }), jira);
    open.add(both);
    return both;
  }

  /** As after a restart, which forgets what was known. */
  anew(owners: readonly string[] = ["acme"]): JiraAccess {
    const settings = { url: this.jira.url, ...credentials, owners };
    this.access = new JiraAccess(new JiraSite(settings, { clock: new StillClock(Date.now()) }));
    return this.access;
  }

  evaluated(number: number): Promise<Outcome> {
    return this.stage.evaluated(number, { tracker: issueTracker(this.stage.client, this.access) });
  }

  /** Opens a pull request with a new bucket and merges it; the outcome of the evaluation after it. */
  async merged(): Promise<{ readonly number: number; readonly outcome: Outcome }> {
    const number = this.stage.opened({ [exportPath]: bucket("exports") });
    this.stage.github.as("olga").merge(this.stage.name, number);
    return { number, outcome: await this.evaluated(number) };
  }

  /** Another pull request that is merged, whose evaluation looks at all threats of the model. */
  async mergedToo(files: Readonly<Record<string, string | null>>, branch: string): Promise<Outcome> {
    const number = this.stage.opened(files, { branch });
    this.stage.github.as("olga").merge(this.stage.name, number);
    return this.evaluated(number);
  }

  first(): JiraIssue {
    const [issue] = this.jira.issues;
    if (!issue) throw new Error("there is no issue in Jira");
    return issue;
  }

  async close(): Promise<void> {
    await this.jira.close();
    this.jira.expectNoContractFindings();
  }
}

/** A model with one threat, written by the team. */
function model(status: string, more = ""): string {
  return [
    "schemaVersion: 1",
    "system: {name: shop}",
    "elements:",
    "  - {id: api, type: web-service, name: Shop API}",
    "threats:",
    ...(status === "gone"
      ? ["  - {id: T-2, element: api, stride: [T], title: Orders changed, impact: low, likelihood: low, status: open}"]
      : [
          `  - {id: T-1, element: api, stride: [I], title: "Orders of others are shown", impact: high, likelihood: high, status: ${status}${more}}`,
          "  - {id: T-2, element: api, stride: [T], title: Orders changed, impact: low, likelihood: low, status: open}",
        ]),
    ...(status === "mitigated"
      ? [
          "controls:",
          "  - {id: C-1, title: Each order is looked up by its owner, status: implemented, evidence: [src/orders.ts]}",
        ]
      : []),
    "",
  ].join("\n");
}

const outcomes = ({ results }: Outcome): string[] =>
  results.map((result) => `${result.step.do}: ${result.outcome}${"why" in result ? ` (${result.why})` : ""}`);

describe("issues in Jira", () => {
  test("one for each open threat, with its day, its labels and its texts; judged again no second one", async () => {
    const both = await Both.set();
    const { number, outcome } = await both.merged();
    expect(outcomes(outcome)).toEqual(["create-issue: done", "create-issue: done"]);
    expect(both.stage.issues()).toEqual([]);
    const issue = both.first();
    expect(issue.summary).toMatch(/^\[T-[0-9a-z]{6}\] .+ \(medium, .+\)$/);
    expect(issue.duedate).toBe("2026-04-03");
    expect(issue.labels).toEqual([expect.stringMatching(/^threatgate-[0-9a-z]+$/), "threat-model", "risk-medium"]);
    const words = wordsOf(issue.description);
    for (const part of ["As ", "Done when", "How:", "Learn:", "From:"]) expect(words).toContain(part);
    expect(words).not.toMatch(/threatgate:1|control due|\*\*|&lt;|\\/);

    both.jira.asked.length = 0;
    expect(outcomes(await both.evaluated(number))).toEqual([]);
    expect(both.jira.operations).toEqual(["searchAndReconsileIssuesUsingJqlPost", "bulkFetchIssues"]);
  });

  test("while a pull request is open Jira is not asked, and the check says where issues will go", async () => {
    const both = await Both.set();
    const number = both.stage.opened({ [exportPath]: bucket("exports") });
    await both.evaluated(number);
    expect(both.jira.asked).toEqual([]);
    expect(both.stage.check(number).text).toContain("issues go to the Jira project `SHOP`");
  });

  test("updated when the threat changes, closed when the model says so with its evidence, reopened when it is lost", async () => {
    const files = { "threat-model.yaml": model("open") };
    const both = await Both.set({}, { files });
    await both.mergedToo({ "README.md": "# Shop 1\n" }, "one");
    const issue = both.first();
    expect(issue.summary).toContain("Orders of others are shown");

    const retitled = model("open").replace("Orders of others are shown", "Orders of other customers are shown");
    expect(outcomes(await both.mergedToo({ "threat-model.yaml": retitled }, "two"))).toEqual(["update-issue: done"]);
    expect(issue.summary).toContain("Orders of other customers are shown");

    const settled = { "threat-model.yaml": model("mitigated", ", controls: [C-1]"), "src/orders.ts": "export {};\n" };
    expect(outcomes(await both.mergedToo(settled, "three"))).toEqual(["close-issue: done"]);
    expect(issue.status.name).toBe("Done");
    expect(wordsOf(issue.comments.at(-1)?.body)).toContain("The model shows it as mitigated (threat-model.yaml:6)");

    expect(outcomes(await both.mergedToo({ "threat-model.yaml": model("open") }, "four"))).toEqual([
      "reopen-issue: done",
    ]);
    expect(issue.status.name).toBe("To Do");
    expect(wordsOf(issue.comments.at(-1)?.body)).toContain("open again");
    expect(both.jira.issues).toHaveLength(1);
  });

  test("closed by a person: the change of the model that would make it true is proposed once, and the threat stays open", async () => {
    const both = await Both.set({}, { files: { "threat-model.yaml": model("open") } });
    await both.mergedToo({ "README.md": "# Shop 1\n" }, "one");
    const issue = both.first();
    both.jira.move(issue, "Done");
    const outcome = await both.mergedToo({ "README.md": "# Shop 2\n" }, "two");
    expect(outcomes(outcome)).toEqual(["comment-issue: done"]);
    expect(outcome.assessment.systems[0]?.openThreats.map(({ id }) => id)).toContain("T-1");
    expect(issue.status.name).toBe("Done");
    const [said] = issue.comments.map(({ body }) => wordsOf(body));
    expect(said).toContain("/threat mitigated T-1 by <path of the control, or its id in the model>");
    expect(said).toContain("status: mitigated");
    expect(outcomes(await both.mergedToo({ "README.md": "# Shop 3\n" }, "three"))).toEqual([]);
    both.anew();
    expect(outcomes(await both.mergedToo({ "README.md": "# Shop 4\n" }, "four"))).toEqual([]);
    expect(issue.comments).toHaveLength(1);
  });

  test("an accepted risk that ends opens the issue of its threat there, once, or opens it again", async () => {
    const accepted = (until: string) =>
      model("accepted").replace("status: accepted", "status: accepted, reason: The pilot has ten customers.") +
      `acceptances:\n  - {threat: T-1, reason: The pilot has ten customers., compensating: Logs are read every day., level: critical, approver: olga, until: "${until}", review: "${until}"}\n`;
    const owned = `${policy}architects: {users: [olga]}\n`;
    for (const before of ["open", "accepted"] as const) {
      const text = before === "open" ? model("open") : accepted("2026-03-31");
      const both = await Both.set({}, { policy: owned, files: { "threat-model.yaml": text } });
      await both.mergedToo({ "README.md": "# Shop 1\n" }, "one");
      const number = both.stage.opened(
        { "threat-model.yaml": accepted("2026-03-31"), "README.md": "# Shop 2\n" },
        { branch: "two" },
      );
      both.stage.github.as("olga").review(both.stage.name, number, "approve");
      both.stage.github.as("olga").merge(both.stage.name, number);
      await both.evaluated(number);
      const open = () => both.jira.issues.filter(({ status }) => status.category !== "done").length;
      expect([before, open()]).toEqual([before, 0]);
      const port = githubPort(both.stage.client, { tracker: issueTracker(both.stage.client, both.access) });
      const ended = () =>
        afterAcceptances(
          { id: "sweep", why: acceptanceEnded, subject: both.stage.subject(number) },
          { ...both.stage.world(), ...port },
        );
      both.stage.github.clock.set("2026-03-31T23:00:00Z");
      expect((await ended())?.results).toEqual([]);
      both.stage.github.clock.set("2026-04-01T00:10:00Z");
      await ended();
      expect([before, open(), both.jira.issues.length]).toEqual([before, 1, 1]);
      expect((await ended())?.results).toEqual([]);
    }
  });

  test("H072 a deleted threat closes nothing: its issue says so once", async () => {
    const both = await Both.set({}, { files: { "threat-model.yaml": model("open") } });
    await both.mergedToo({ "README.md": "# Shop 1\n" }, "one");
    const issue = both.first();
    const number = both.stage.opened({ "threat-model.yaml": model("gone") }, { branch: "two" });
    both.stage.github.as("olga").merge(both.stage.name, number);
    expect(outcomes(await both.evaluated(number))).toEqual(["comment-issue: done"]);
    expect(outcomes(await both.evaluated(number))).toEqual([]);
    expect(issue.status.name).toBe("To Do");
    expect(wordsOf(issue.comments[0]?.body)).toContain("T-1 was deleted from threat-model.yaml");
  });

  test("H089 a repository that was renamed keeps its issues", async () => {
    const both = await Both.set();
    const { number } = await both.merged();
    both.stage.github.administrator("olga").renameRepository(both.stage.name, "store");
    const subject = { ...both.stage.subject(number), repository: "store" };
    const client = both.stage.app.forRepository(both.stage.github.app.installation, "store");
    const world = { ...both.stage.world(), ...githubPort(client, { tracker: issueTracker(client, both.access) }) };
    // Their texts lead to the new name; none is opened again.
    expect(outcomes(await run(subject, world))).toEqual(["update-issue: done", "update-issue: done"]);
    expect(both.jira.issues).toHaveLength(2);
  });
});

describe("never twice", () => {
  test("an issue whose answer was lost is found again and not opened a second time", async () => {
    const both = await Both.set();
    both.jira.fail("createIssue", "lost answer");
    const { outcome } = await both.merged();
    expect(outcomes(outcome)).toEqual(["create-issue: done", "create-issue: done"]);
    expect(both.jira.issues).toHaveLength(2);
  });

  test("where the search lags, nothing is opened again in doubt: the job is given back", async () => {
    const both = await Both.set();
    both.jira.indexesAtOnce = false;
    both.jira.fail("createIssue", "lost answer");
    await expect(both.merged()).rejects.toBeInstanceOf(TryAgainLater);
    expect(both.jira.issues).toHaveLength(1);
    both.jira.index();
    expect(outcomes(await both.evaluated(1))).toEqual(["create-issue: done"]);
    expect(both.jira.issues).toHaveLength(2);
  });

  test("the search is told of the newest issues, so that its lag does not show", async () => {
    const both = await Both.set();
    both.jira.indexesAtOnce = false;
    const { number } = await both.merged();
    expect(outcomes(await both.evaluated(number))).toEqual([]);
    expect(both.jira.issues).toHaveLength(2);
  });

  test("two that were opened within the lag become one: the second is closed as a duplicate", async () => {
    const both = await Both.set({}, { files: { "threat-model.yaml": model("open") } });
    both.jira.indexesAtOnce = false;
    await both.mergedToo({ "README.md": "# Shop 1\n" }, "one");
    both.anew();
    await both.mergedToo({ "README.md": "# Shop 2\n" }, "two");
    expect(both.jira.issues).toHaveLength(2);
    both.jira.index();
    expect(outcomes(await both.mergedToo({ "README.md": "# Shop 3\n" }, "three"))).toEqual(["close-issue: done"]);
    expect(both.jira.issues.map(({ status }) => status.name)).toEqual(["To Do", "Done"]);
    expect(wordsOf(both.jira.issues[1]?.comments[0]?.body)).toContain("Duplicate of SHOP-1.");
  });

  test("a limit is waited for, and a long one gives the job back with Jira's own time", async () => {
    const both = await Both.set();
    const soon = { status: 429, headers: { "retry-after": "7" } };
    both.jira.fail("createIssue", soon);
    await both.merged();
    expect(both.jira.issues).toHaveLength(2);
    const other = await Both.set();
    other.jira.fail("getCurrentUser", { status: 429, headers: { "retry-after": "600" } });
    await expect(other.merged()).rejects.toMatchObject({ name: "TryAgainLater", afterSeconds: 600 });
  });

  test("H036 H037 an issue by somebody else that bears our label and property is none of ours", async () => {
    const both = await Both.set();
    const { number } = await both.merged();
    const mine = both.first();
    both.jira.issues.push({ ...mine, id: "20001", key: "SHOP-99", creator: "account-mallory", summary: "Forged" });
    expect(outcomes(await both.evaluated(number))).toEqual([]);
  });
});

describe("where Jira may not be written to, the reason is said and nothing is", () => {
  const refusals: readonly [string, (both: Both) => void, string][] = [
    [
      "wrong credentials",
      ({ jira }) => jira.setToken("another"),
      "Jira does not accept the credentials of the service",
    ],
    [
      "no permission",
      ({ jira }) => jira.fail("getCurrentUser", { status: 403, says: "Basic authentication is off." }),
      "Basic authentication is off. (403)",
    ],
    [
      "no such project",
      ({ jira }) => jira.setProject({ key: "SHOP", isArchived: true }),
      "the Jira project SHOP is archived",
    ],
    [
      "no such type",
      ({ jira }) => jira.setProject({ key: "SHOP", issueTypes: ["Story"] }),
      'has no type of issue "Task" (it has: Story)',
    ],
    [
      "H095 a project that everybody can read",
      ({ jira }) => jira.setProject({ key: "SHOP", isPublic: true }),
      "everybody can read the Jira project SHOP (publish.issues)",
    ],
    [
      "H095 an owner whom the service does not name",
      (both) => void both.anew(["other"]),
      "this Jira takes no issues of acme (JIRA_OWNERS)",
    ],
  ];
  test.each(refusals)("%s", async (_, make, why) => {
    const both = await Both.set();
    make(both);
    const { outcome } = await both.merged();
    expect(outcome.results.map(({ outcome: came }) => came)).toEqual(["skipped", "skipped"]);
    for (const result of outcome.results) expect("why" in result ? result.why : "").toContain(why);
    expect(both.jira.issues).toEqual([]);
    expect(both.stage.issues()).toEqual([]);
  });

  test("H095 the policy publishes: a project that everybody can read is taken", async () => {
    const published = await Both.set({ isPublic: true }, { policy: `${policy}publish: {issues: true}\n` });
    expect(outcomes((await published.merged()).outcome)).toEqual(["create-issue: done", "create-issue: done"]);
  });

  test("H095 a policy without a project, and a process without Jira, open nothing anywhere", async () => {
    const both = await Both.set({}, { policy: policy.replace("jira: {project: SHOP}\n", "") });
    const { outcome } = await both.merged();
    expect(outcome.desired.withheld).toEqual([
      { output: "issues", why: "the policy names the tracker jira and no `jira.project`" },
    ]);
    const alone = await Both.set();
    const number = alone.stage.opened({ [exportPath]: bucket("exports") });
    alone.stage.github.as("olga").merge(alone.stage.name, number);
    expect(outcomes(await alone.stage.evaluated(number))[0]).toContain("not connected (JIRA_URL)");
    expect([both.jira.issues, both.stage.issues(), alone.jira.issues, alone.stage.issues()]).toEqual([[], [], [], []]);
  });

  test("H095 an issue that a person moved to a project that everybody reads is not updated there", async () => {
    const both = await Both.set({}, { files: { "threat-model.yaml": model("open") } });
    await both.mergedToo({ "README.md": "# Shop 1\n" }, "one");
    both.jira.setProject({ key: "OPEN", isPublic: true });
    both.first().project = "OPEN";
    const retitled = model("open").replace("Orders of others", "The orders of others");
    expect(outcomes(await both.mergedToo({ "threat-model.yaml": retitled }, "two"))).toEqual([
      "update-issue: skipped (everybody can read the Jira project OPEN (publish.issues))",
    ]);
    expect(both.first().summary).toContain("Orders of others");
  });

  test("a create screen without a due date: opened without one", async () => {
    const both = await Both.set({ hasNoDueDate: true });
    await both.merged();
    expect(both.jira.issues.map(({ duedate }) => duedate)).toEqual([null, null]);
  });

  test("a workflow that asks for more than we know, or knows only giving up: the issue stays and says why", async () => {
    const asks = { approver: { required: true } };
    for (const [done, why] of [
      [{ name: "Done", category: "done", asks } as const, 'the way to "Done" wants the field "approver"'],
      [{ name: "Won't do", category: "done" } as const, "no status that means closed from here (offered: Won't do)"],
    ] as const) {
      const statuses = [{ name: "To Do", category: "new" } as const, done];
      const both = await Both.set({ statuses }, { files: { "threat-model.yaml": model("open") } });
      await both.mergedToo({ "README.md": "# Shop 1\n" }, "one");
      const settled = { "threat-model.yaml": model("mitigated", ", controls: [C-1]"), "src/orders.ts": "export {};\n" };
      const [came] = outcomes(await both.mergedToo(settled, "two"));
      expect(came).toContain(why);
      expect(both.first().status.name).toBe("To Do");
    }
  });

  test("a resolution is given where the screen asks for one", async () => {
    const allowedValues = [{ name: "Won't Do" }, { name: "Done" }];
    const done = { name: "Closed", category: "done", asks: { resolution: { required: true, allowedValues } } } as const;
    const statuses = [{ name: "To Do", category: "new" } as const, done];
    const both = await Both.set({ statuses }, { files: { "threat-model.yaml": model("open") } });
    await both.mergedToo({ "README.md": "# Shop 1\n" }, "one");
    const settled = { "threat-model.yaml": model("mitigated", ", controls: [C-1]"), "src/orders.ts": "export {};\n" };
    expect(outcomes(await both.mergedToo(settled, "two"))).toEqual(["close-issue: done"]);
    expect(both.jira.asked.find(({ operation }) => operation === "doTransition")?.body).toMatchObject({
      fields: { resolution: { name: "Done" } },
    });
  });
});
