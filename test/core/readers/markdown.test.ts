import { describe, expect, test } from "@jest/globals";
import { readMermaid } from "../../../src/core/readers/markdown/mermaid.ts";
import { modelOutput, readOne } from "../../../src/core/readers/read-model.ts";
import { deliverablesOf, expected, sample } from "./sample.ts";

function read(text: string, path = "docs/threat-model.md") {
  return readOne({ path, text });
}

function threatsOf(text: string) {
  return (read(text).model?.threats ?? []).map(({ id, title, stride, mitigation, status }) => ({
    id: id.replace(/^T-[0-9a-z]{12}$/, "derived"),
    title,
    stride: stride.join(""),
    mitigation: mitigation ?? null,
    status,
  }));
}

test("the whole JSON of one model", () => {
  const file = sample("markdown/threat-model.md");
  const model = readOne(file);
  expect(modelOutput(file.path, model, deliverablesOf(model))).toEqual(expected("markdown"));
});

describe("no model", () => {
  test("a guide to the practice", () => {
    expect(readOne(sample("markdown/guide.md")).problems.map(({ what }) => what)).toEqual([
      "The document is a guide to threat modelling, not a model of a system.",
    ]);
  });

  test("an unfilled template, with the headings that hold nothing", () => {
    expect(readOne(sample("markdown/template.md")).problems.map(({ line, what }) => [line, what])).toEqual([
      [undefined, "The document is an unfilled template: headings without content."],
      [3, "The heading `Overview` has nothing under it but placeholders."],
      [7, "The heading `Data flow diagram` has nothing under it but placeholders."],
      [17, "The heading `Mitigations` has nothing under it but placeholders."],
    ]);
  });

  test("a document about something else", () => {
    const model = read(
      `# Cooking\n\n${"Take two eggs and a pan and wait until the water boils. ".repeat(5)}`,
      "docs/cooking.md",
    );
    expect([model.isModel, model.problems.map(({ what }) => what)]).toEqual([
      false,
      ["The document does not speak of threats."],
    ]);
  });
});

describe("threats, in the forms in which teams write them", () => {
  test("headings with ids, and a second heading with the mitigation", () => {
    const text =
      "# Threat model\n\n## Spoofing\n\n### Threat-01-S - A forged sender\n\nAnybody can claim any address.\n\n### Threat-01-S Recommended mitigations\n\n* Check the certificate of the sender.\n";
    expect(threatsOf(text)).toEqual([
      {
        id: "Threat-01-S",
        title: "A forged sender",
        stride: "S",
        mitigation: "Check the certificate of the sender.",
        status: "unknown",
      },
    ]);
  });

  test("headings without a space after the signs, fields as labels", () => {
    const text =
      "# Threats\n\n###T-7: Replay of a token\n\n**Impact:** High\n**Likelihood:** Low\n**Mitigation:** Tokens carry a nonce.\n**Status:** Mitigated.\n";
    expect(threatsOf(text)).toEqual([
      { id: "T-7", title: "Replay of a token", stride: "", mitigation: "Tokens carry a nonce.", status: "mitigated" },
    ]);
  });

  test("bold categories in one list, mitigations for all of a category", () => {
    const text =
      "# Threat model\n\n* **Spoofing**: among others\n  * Forged source: packets carry any address.\n  * **Remediation**:\n    * Filter at the edge of the network.\n* **Tampering**:\n  * Rules are rewritten by a job\n* **Repudiation**:\n  * Nobody logs the deletions\n";
    expect(threatsOf(text).map(({ title, stride, mitigation }) => [title, stride, mitigation])).toEqual([
      ["Forged source", "S", "Filter at the edge of the network."],
      ["Rules are rewritten by a job", "T", null],
      ["Nobody logs the deletions", "R", null],
    ]);
  });

  test("lists under Threats and Mitigations, paragraphs with their own controls", () => {
    expect(threatsOf(sample("markdown/stride-headings.md").text)).toEqual([
      {
        id: "S1",
        title: "A laptop in the office sends as somebody else",
        stride: "S",
        mitigation: "Senders log in with their own certificate.",
        status: "unknown",
      },
      {
        id: "derived",
        title: "The queue on disk is edited",
        stride: "T",
        mitigation: "The queue is readable by the relay's account alone.",
        status: "unknown",
      },
      {
        id: "derived",
        title: "A plugin rewrites messages",
        stride: "T",
        mitigation: "The queue is readable by the relay's account alone.",
        status: "unknown",
      },
      { id: "derived", title: "One sender fills the queue.", stride: "D", mitigation: null, status: "unknown" },
    ]);
  });

  test("a table whose mitigation cell says that there is none", () => {
    const text =
      "# Threats\n\n| Threat | Impact | Mitigation |\n|--|--|--|\n| Tokens leak in logs | High | Not Mitigated |\n| Rows are read | Low | Encrypt the disk of the host |\n";
    expect(threatsOf(text).map(({ title, mitigation, status }) => [title, mitigation, status])).toEqual([
      ["Tokens leak in logs", null, "open"],
      ["Rows are read", "Encrypt the disk of the host", "unknown"],
    ]);
  });

  test("an HTML table inside details", () => {
    const text =
      "# Threat model\n\n<details>\n<summary>Threats</summary>\n\n<table>\n<tr><th>ID</th><th>Threat</th><th>STRIDE</th><th>Mitigation</th></tr>\n<tr><td>T1</td><td>Rows &amp; logs are read</td><td>Information disclosure</td><td>Encrypt the disk</td></tr>\n</table>\n\n</details>\n";
    expect(threatsOf(text)).toEqual([
      { id: "T1", title: "Rows & logs are read", stride: "I", mitigation: "Encrypt the disk", status: "unknown" },
    ]);
  });

  test("ids do not depend on the position, and differ for two threats of one title on two elements", () => {
    const table = (rows: string): string => `# Threats\n\n| Threat | Asset | Mitigation |\n|--|--|--|\n${rows}`;
    const one = "| Data leaks | API | Encrypt it |\n";
    const two = "| Data leaks | Store | Encrypt it |\n";
    const ids = (text: string): string[] => (read(text).model?.threats ?? []).map(({ id }) => id);
    expect(ids(table(one + two)).sort()).toEqual(ids(table(two + one)).sort());
    expect(new Set(ids(table(one + two))).size).toBe(2);
  });
});

describe("what a document says of itself", () => {
  test.each([
    [
      "labels",
      "# Threat model\n\n**Author:** Ada\n**Version:** 1.2\n\n## Threats\n\ntext",
      ["Ada", undefined, "1.2", 0],
    ],
    [
      "front matter",
      "---\nauthors: [Ada, Grace]\nlast_updated: 2026-03-04\n---\n# Threat model\n\n## Threats\n\ntext",
      ["Ada, Grace", "2026-03-04", undefined, 0],
    ],
    [
      "a metadata table",
      "# Threat model\n\n| Document | Information |\n|--|--|\n| Date | 19 January 2026 |\n| Reviewed by | Grace |\n",
      [undefined, "19 January 2026", undefined, 1],
    ],
    [
      "a date of its own near the top",
      "# Threat model\n\nDecember 2025\n\n## Threats\n\ntext",
      [undefined, "December 2025", undefined, 0],
    ],
    [
      "a template's words",
      "# Threat model\n\nAuthor: TBD\n\nDate: mmddyyyy\n\n<!-- Date: 2024-06-22 -->\n",
      [undefined, undefined, undefined, 0],
    ],
  ])("%s", (_, text, facts) => {
    const result = read(text);
    const { authors, date, version, reviewers } = (result.model ?? result.unfilled)?.documentation ?? {
      authors: [],
      reviewers: [],
    };
    expect([authors[0]?.text, date?.text, version?.text, reviewers.length]).toEqual(facts);
  });
});

describe("diagrams", () => {
  test("a flowchart: chains, labels on both sides, groups, stores, both directions", () => {
    const drawing = readMermaid(
      'flowchart LR\n  %% note\n  subgraph net["The Internet"]\n    U([User])\n  end\n  U -- asks --> A["API <br/> gateway"] & B{{Cache}}\n  A <-->|SQL| D[(Main DB)]:::store\n  classDef store fill:#fff\n  A -.-> X@{ shape: cyl, label: "Archive" }\n',
    );
    expect(drawing).toEqual({
      nodes: [
        { name: "User", kind: "external", boundary: "The Internet", line: 3 },
        { name: "API gateway", kind: "process", line: 5 },
        { name: "Cache", kind: "store", line: 5 },
        { name: "Main DB", kind: "store", line: 6 },
        { name: "Archive", kind: "store", line: 8 },
      ],
      flows: [
        { from: "User", to: "API gateway", label: "asks", line: 5 },
        { from: "User", to: "Cache", label: "asks", line: 5 },
        { from: "API gateway", to: "Main DB", label: "SQL", line: 6 },
        { from: "Main DB", to: "API gateway", label: "SQL", line: 6 },
        { from: "API gateway", to: "Archive", line: 8 },
      ],
      boundaries: [{ name: "The Internet", line: 2 }],
    });
  });

  test("a sequence diagram: each pair once", () => {
    const drawing = readMermaid(
      "sequenceDiagram\n  actor U as User\n  participant A as API\n  U->>A: login\n  A-->>U: token\n  U->>+A: book\n  Note over A: thinks\n",
    );
    expect(drawing?.nodes.map(({ name, kind }) => [name, kind])).toEqual([
      ["User", "external"],
      ["API", "process"],
    ]);
    expect(drawing?.flows.map(({ from, to, label }) => [from, to, label])).toEqual([
      ["User", "API", "login"],
      ["API", "User", "token"],
    ]);
  });

  test("a C4 diagram", () => {
    const drawing = readMermaid(
      'C4Container\n  Person(u, "User")\n  System_Boundary(b, "Shop") {\n    ContainerDb(d, "Orders", "PostgreSQL")\n  }\n  Rel(u, d, "reads")\n',
    );
    expect(drawing).toEqual({
      nodes: [
        { name: "User", kind: "external", line: 1 },
        { name: "Orders", kind: "store", boundary: "Shop", line: 3 },
      ],
      flows: [{ from: "User", to: "Orders", label: "reads", line: 5 }],
      boundaries: [{ name: "Shop", line: 2 }],
    });
  });

  test("boxes and arrows drawn with characters, pictures by their headings, no badges", () => {
    const text =
      "# Threat model\n\n![build](https://img.shields.io/x.svg)\n\n## Data flow\n\n![](images/level0.png)\n\n## Trust boundaries\n\n```\n+------+  TRUST BOUNDARY  +----+\n| user | ---------------> | db |\n+------+                  +----+\n```\n";
    expect(
      read(text).model?.diagrams.map(({ kind, isDataFlow, hasBoundaries, place }) => [
        kind,
        isDataFlow,
        hasBoundaries,
        place.line,
      ]),
    ).toEqual([
      ["image", true, false, 7],
      ["ascii", true, true, 11],
    ]);
  });
});

test("stories with criteria and a work item", () => {
  const [story] = readOne(sample("markdown/threat-model.md")).model?.stories ?? [];
  expect(story).toMatchObject({
    as: "patient",
    need: "my booking to be changed by the service alone",
    acceptance: ["A connection from another host is refused.", "The refusal is logged."],
    issue: "https://github.com/acme/booking/issues/12",
  });
});

describe("H061: hostile documents are refused, or read in proportion to their size", () => {
  test.each([
    ["nested quotes", ">".repeat(100_000)],
    ["nested brackets", "[".repeat(100_000)],
    ["open links", "[a](".repeat(20_000)],
    ["nested lists", `${"- ".repeat(5_000)}x`],
    ["one endless line", "x".repeat(300_000)],
  ])("%s", (_, text) => {
    const result = read(`# Threats\n\n${text}`);
    expect(result.isModel).toBe(false);
    expect(result.problems[0]).toMatchObject({ path: "docs/threat-model.md", severity: "error" });
  });
});
