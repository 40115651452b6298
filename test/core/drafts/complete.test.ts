import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { judgeDeliverables } from "../../../src/core/assess/deliverables.ts";
import { type Completed, completeModels } from "../../../src/core/complete.ts";
import { completedText } from "../../../src/core/completed-text.ts";
import type { Rules } from "../../../src/core/domain/rules.ts";
import type { FileText } from "../../../src/core/domain/snapshot.ts";
import { compileLibrary } from "../../../src/core/drafts/library.ts";
import { phrases } from "../../../src/core/drafts/phrases.ts";
import { readModel } from "../../../src/core/readers/read-model.ts";
import { readRules } from "../../../src/shell/local/rule-files.ts";
import { aThreatOfModel } from "../../make/a-model.ts";
import { sample } from "../readers/sample.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const history = { owner: "Maya Okafor", updated: "2026-03-01" };
let rules: Rules;
beforeAll(async () => {
  rules = await readRules();
});

async function complete(
  models: readonly FileText[],
  drawings: readonly FileText[] = [],
): Promise<readonly Completed[]> {
  const policy = { repository: { path: ".github/threatgate.yml", reading: { outcome: "absent" } as const } };
  return completeModels(
    { repository: { owner: "local", name: "booking" }, policy, models, drawings },
    rules,
    async () => history,
  );
}

/** The repository's files after the changes were written. */
function filesAfter(models: readonly FileText[], completed: readonly Completed[]): FileText[] {
  const files = new Map(models.map((file) => [file.path, file.text]));
  for (const { changes } of completed) for (const { path, text } of changes) files.set(path, text);
  return [...files].map(([path, text]) => ({ path, text }));
}

function statesOf(files: readonly FileText[]): Record<string, string> {
  const { model } = readModel(files.filter(({ path }) => /threat-model/.test(path)));
  if (model === undefined) throw new Error("There is no model.");
  const verdicts = judgeDeliverables(model, rules.deliverables, { paths: [] });
  return Object.fromEntries(Object.entries(verdicts).map(([id, { state }]) => [id, state]));
}

const booking: FileText = {
  path: "docs/threat-model.md",
  text: readFileSync(`${root}examples/fernhill/booking-service/main/docs/threat-model.md`, "utf8"),
};
const bare: FileText = {
  path: "threat-model.yaml",
  text: `# Kept by hand.
schemaVersion: 1
system:
  name: Relay   # the mail relay

elements:
  - {id: relay, type: http-api, name: Relay}
  - {id: queue, type: message-broker, name: Queue}
flows:
  - {id: in, from: relay, to: queue, protocol: AMQP}
threats:
  # the old one first
  - id: T-SQL
    element: relay
    stride: T
    title: SQL injection in the search form
    impact: high
    likelihood: medium
  - id: T-odd
    element: queue
    stride: D
    title: The moon stands in the way
  - {id: T-low, element: relay, stride: R, title: Nobody cares about this one, impact: low, likelihood: low}
`,
};

describe("a Markdown model", () => {
  test("gets a native file beside it, whose parts count as partial until a person confirms them", async () => {
    const completed = await complete([booking]);
    expect(completed.flatMap(({ changes }) => changes.map(({ path }) => path))).toEqual(["docs/threat-model.yaml"]);
    const files = filesAfter([booking], completed);
    expect(readModel(files).problems).toEqual([]);
    const before = statesOf([booking]);
    const drafted = statesOf(files);
    expect([before["stories"], before["validation"]]).toEqual(["missing", "partial"]);
    expect([drafted["stories"], drafted["validation"]]).toEqual(["partial", "partial"]);
    const confirmed = files.map(({ path, text }) => ({ path, text: text.replace(/^drafts:\n( {2}- .*\n)+/m, "") }));
    expect(confirmed.some(({ text }) => text.includes("drafts:"))).toBe(false);
    expect(statesOf(confirmed)).toMatchObject({ stories: "present", validation: "present", controls: "present" });
    // What the team wrote is judged as before.
    for (const id of ["context", "dfd", "stride", "risk", "controls", "documentation"])
      expect([id, drafted[id]]).toEqual([id, before[id]]);
  });

  test("keeps the status and title of each of its threats", async () => {
    for (const file of [booking, sample("markdown/threat-model.md"), sample("markdown/stride-headings.md")]) {
      const alone = readModel([file]).model;
      const files = filesAfter([file], await complete([file]));
      const together = readModel(files).model;
      expect(together?.threats.map(({ id, title, status }) => [id, title, status])).toEqual(
        alone?.threats.map(({ id, title, status }) => [id, title, status]),
      );
    }
  });
});

describe("a native model", () => {
  test("keeps its comments and order, and this is added", async () => {
    const [completed] = await complete([bare]);
    const text = completed?.changes.find(({ path }) => path === "threat-model.yaml")?.text ?? "";
    expect(text).toBe(readFileSync(`${root}test/core/drafts/expected/threat-model.yaml`, "utf8"));
  });

  test("owner and date from the history are drafts, too", async () => {
    const files = filesAfter([bare], await complete([bare]));
    expect(statesOf(files)["documentation"]).toBe("partial");
    const confirmed = files.map(({ path, text }) => ({ path, text: text.replace(/^ {2}- system\.\w+\n/gm, "") }));
    expect(statesOf(confirmed)["documentation"]).toBe("present");
  });

  test("that has a fault is left alone", async () => {
    const [completed] = await complete([{ ...bare, text: `${bare.text}thretas: []\n` }]);
    expect(completed?.changes).toEqual([]);
    expect(completed?.refused).toMatch(/thretas/);
  });
});

test("running it twice changes nothing", async () => {
  for (const file of [
    booking,
    bare,
    sample("markdown/threat-model.md"),
    sample("otm/booking.otm"),
    sample("threagile/threagile.yaml"),
  ]) {
    const files = filesAfter([file], await complete([file]));
    const drawings = files.filter(({ path }) => path.startsWith("docs/data-flow"));
    const again = await complete(
      files.filter((one) => !drawings.includes(one)),
      drawings,
    );
    expect(again.flatMap(({ changes }) => changes)).toEqual([]);
  }
});

test("missing STRIDE categories are questions, never threats", async () => {
  const completed = await complete([bare]);
  expect(completed[0]?.drafts?.questions).toEqual([
    "Relay: what about Spoofing (S), Information disclosure (I), Denial of service (D), Elevation of privilege (E)?",
    "Queue: what about Tampering (T), Repudiation (R), Information disclosure (I)?",
  ]);
  const threats = readModel(filesAfter([bare], completed).filter(({ path }) => path === "threat-model.yaml")).model
    ?.threats;
  expect(threats?.map(({ id }) => id)).toEqual(["T-SQL", "T-odd", "T-low"]);
  expect(completedText(completed, false)).toMatch(/Would change: threat-model\.yaml\n/);
});

test("the drawing is of our making, and one of somebody else's is left alone", async () => {
  const drawing = (await complete([bare]))[0]?.changes.find(({ path }) => path === "docs/data-flow-diagram.md");
  expect(drawing?.text).toContain('n1 -->|"AMQP"| n2');
  const theirs = await complete([bare], [{ path: "docs/data-flow-diagram.md", text: "# Ours\n" }]);
  expect(theirs[0]?.changes.map(({ path }) => path)).toEqual(["threat-model.yaml"]);
});

test("every drafted story has three to five acceptance criteria", async () => {
  for (const file of [booking, bare, sample("threagile/threagile.yaml")]) {
    const stories = (await complete([file])).flatMap(({ drafts }) => drafts?.stories ?? []);
    expect(stories.length).toBeGreaterThan(0);
    for (const { acceptance } of stories) expect([3, 4, 5]).toContain(acceptance.length);
  }
});

describe("the library", () => {
  test("holds every rule that a phrase leads to", () => {
    const known = new Set(rules.threats.map(({ id }) => id));
    expect(phrases.map(([, id]) => id).filter((id) => !known.has(id))).toEqual([]);
  });

  test.each([
    ["SQL injection in the search form", "sql-built-from-input"],
    ["Stored XSS in comments", "script-in-pages"],
    ["A patient reads or cancels another patient's appointment by changing the id", "another-users-record-by-id"],
    ["Appointments leak through logs", "secrets-and-people-in-the-logs"],
    ["Somebody signs in as a patient with a stolen password", undefined],
    ["The moon stands in the way", undefined],
  ])("%s", (title, id) => {
    expect(compileLibrary(rules.threats).match(aThreatOfModel("T-1", { title, stride: [] }), undefined)?.id).toBe(id);
  });

  test("a weakness that the threat names leads to the rule on the same kind of element", () => {
    const match = (title: string, type: "http-api" | "relational-db") =>
      compileLibrary(rules.threats).match(aThreatOfModel("T-1", { title, stride: [] }), type)?.id;
    expect(match("Objects are not checked (CWE-639)", "http-api")).toBe("another-users-record-by-id");
    expect(match("Objects are not checked (CWE-639)", "relational-db")).toBeUndefined();
  });
});

describe("how drafts read", () => {
  test("a mitigation of the team's own is the first criterion, and a control in place is told as done", async () => {
    const written: FileText = {
      path: "docs/threat-model.md",
      text: "# Kiln\n\nThe kiln fires pots by a program that the potter sends from her phone.\n\n## Threats\n\n| ID | Threat | Mitigation | Status |\n| --- | --- | --- | --- |\n| K-1 | A neighbour's phone starts the kiln | Must be paired by a button on the kiln itself | Mitigated |\n| K-2 | The kiln is left on over night | A second thermostat cuts the current | Open |\n",
    };
    const [completed] = await complete([written]);
    const drafts = completed?.drafts;
    expect(drafts?.controls.map(({ title, status }) => [title, status])).toEqual([
      ["Paired by a button on the kiln itself", "implemented"],
      ["A second thermostat cuts the current", "proposed"],
    ]);
    expect(drafts?.stories[1]).toEqual({
      id: "S-K-2",
      threats: ["K-2"],
      as: "the team that runs the system",
      need: "the system to withstand this threat",
      so: "this is prevented: The kiln is left on over night",
      acceptance: [
        "In place and tried out: A second thermostat cuts the current.",
        "What the threat describes is tried against the system, and fails.",
        "The attempt is recorded with the time and the source.",
        "The check runs again with every change of what it covers.",
      ],
    });
  });
});
