import { describe, expect, test } from "@jest/globals";
import { readOne } from "../../../../src/core/readers/read-model.ts";
import { deliverablesOf } from "../sample.ts";

function read(text: string) {
  return readOne({ path: "docs/threat-model.md", text });
}

function threatsOf(text: string) {
  return (read(text).model?.threats ?? []).map(({ title, stride, riskStated, mitigation }) => [
    title,
    stride.join(""),
    riskStated ?? null,
    mitigation ?? null,
  ]);
}

describe("several threats in one place", () => {
  test("labels in a row share the answer that follows them, the next label opens another", () => {
    const text =
      "# M\n\n## Threats and mitigations\n\n### Import of files\n\n- Threat: an archive writes outside its folder.\n- Threat: a parser runs out of memory.\n- Mitigations: checked paths, a limit on size.\n\n### Sharing\n\n- Threat: a link is guessed by a stranger.\n- Mitigations: long random links.\n";
    expect(threatsOf(text)).toEqual([
      ["an archive writes outside its folder.", "", null, "checked paths, a limit on size."],
      ["a parser runs out of memory.", "", null, "checked paths, a limit on size."],
      ["Sharing", "", null, "long random links."],
    ]);
  });

  test("short names behind one label are each a threat, a sentence with commas is one", () => {
    const text =
      "# M\n\n## STRIDE\n\n### Spoofing\n\n- **Threats**: stolen sessions, forged tokens\n- **Mitigations**: short sessions\n\n### Tampering\n\n- **Threats**: Somebody changes a row, a column or a table of the shop.\n- **Mitigations**: signed rows\n";
    expect(threatsOf(text)).toEqual([
      ["stolen sessions", "S", null, "short sessions"],
      ["forged tokens", "S", null, "short sessions"],
      ["Somebody changes a row, a column or a table of the shop.", "T", null, "signed rows"],
    ]);
  });

  test("items led by how bad they are, and items with fields of their own", () => {
    const text =
      "# M\n\n## Vulnerabilities found\n\n### Orders\n\n- **High Risk**: Anybody may delete an order.\n- **Low Risk**: Orders carry no time of change.\n- **Mitigation**: Ask for the owner.\n\n### Keys\n\n1. **Keys never end** (High)\n   **Description**: A key lives for ever.\n   **Mitigation**: Keys of one day.\n\n2. **Keys in the source** (Medium)\n   **Description**: A key stands in the code.\n   **Mitigation**: A store of secrets.\n";
    expect(threatsOf(text)).toEqual([
      ["Anybody may delete an order.", "", "High", "Ask for the owner."],
      ["Orders carry no time of change.", "", "Low", "Ask for the owner."],
      ["Keys never end", "", "High", "Keys of one day."],
      ["Keys in the source", "", "Medium", "A store of secrets."],
    ]);
  });

  test("a heading over kinds of attacks is none of them", () => {
    const text =
      "# M\n\n## Threats\n\n### Threat: A forged invoice\n\n- **Description**: Somebody sends an invoice in our name.\n- **Mitigation**: Signed mail.\n\n## Attack vectors\n\n### Network attacks\n\n- **Listening** on the line\n- **Replies** sent twice\n- **Floods** of requests\n";
    expect(threatsOf(text)).toEqual([["A forged invoice", "", null, "Signed mail."]]);
  });
});

describe("tables that go on with each other", () => {
  const threats =
    "| # | Part | STRIDE | Threat | Risk |\n|---|---|---|---|---|\n| 1.1 | Header | T | Header lines are split by a newline | High |\n| 1.2 | Body | D | A body without end fills the memory | Low |\n";

  test("a second table with the same ids answers the first", () => {
    const text = `# M\n\n## Parser\n\n${threats}\nMitigations:\n\n| # | Threat | Existing |\n|---|---|---|\n| 1.1 | Split header lines | Newlines are refused |\n| 1.2 | Body without end | A limit of one megabyte |\n`;
    expect(threatsOf(text)).toEqual([
      ["Header lines are split by a newline", "T", "High", "Newlines are refused"],
      ["A body without end fills the memory", "D", "Low", "A limit of one megabyte"],
    ]);
  });

  test("another table that only counts from one again does not", () => {
    const text = `# M\n\n## Parser\n\n${threats}\n## Shop\n\n| # | Threat | Mitigation |\n|---|---|---|\n| 1.1 | Prices are guessed | Signed prices |\n| 1.2 | Orders vanish | Two copies |\n`;
    expect(threatsOf(text)).toHaveLength(4);
  });

  test("a column of threats that holds their numbers", () => {
    const text =
      "# M\n\n## Threats\n\n| Threat | Description | Mitigation |\n|---|---|---|\n| T-B4 | Hashes leak from memory | Wiped after use |\n| S1 | Stolen passwords | Second factor |\n";
    const model = read(text).model;
    expect(model?.threats.map(({ id, title }) => [id, title])).toEqual([
      ["T-B4", "Hashes leak from memory"],
      ["S1", "Stolen passwords"],
    ]);
  });

  test("what is left to others is no threat of this model", () => {
    const text =
      "# M\n\n## Threats\n\n| Threat | Mitigation |\n|---|---|\n| Forged cookie of a shopper | Signed cookies |\n\n## Out-of-scope threats\n\n| Threat | Reason |\n|---|---|\n| Theft of the server | The host answers for it |\n";
    expect(threatsOf(text)).toEqual([["Forged cookie of a shopper", "", null, "Signed cookies"]]);
  });
});

describe("what is in place and what is recommended", () => {
  const threat = (existing: string) =>
    `# M\n\n## Threats\n\n### T-01: Guessed links\n\n**Description:** Links are guessed one by one.\n\n**Impact:** High\n\n**Existing Mitigations:**\n- ${existing}\n\n**Recommended Controls:**\n1. Long random links\n2. A limit for each address\n`;

  test("both are its mitigation", () => {
    expect(threatsOf(threat("Requests are counted"))[0]?.[3]).toBe(
      "Requests are counted\nLong random links A limit for each address",
    );
  });

  test("none yet gives way to what is recommended", () => {
    expect(threatsOf(threat("None currently"))[0]?.[3]).toBe("Long random links A limit for each address");
  });

  test("the grade of an impact rates a threat that has no likelihood", () => {
    expect(deliverablesOf(read(threat("None currently")))?.risk).toMatchObject({
      state: "present",
      found: "1 of 1 threats rated.",
    });
  });
});

describe("what is said in passing", () => {
  const document = (more: string) =>
    `# Threat model of the shop\n\n## Threats\n\n| Threat | Mitigation |\n|---|---|\n| Forged cookie of a shopper | Signed cookies |\n\n${more}`;
  const stateOf = (more: string) => {
    const found = deliverablesOf(read(document(more)));
    return {
      validation: found?.validation.state,
      documentation: found?.documentation.state,
      dfd: found?.dfd.state,
    };
  };

  test.each([
    ["nothing", "## Notes\n\nThe shop was made in a hurry and it shows in places.", ["missing", "missing", "missing"]],
    ["a test by its kind", "## Plan\n\nA penetration test is bought each spring.", ["partial", "missing", "missing"]],
    [
      "somebody else's look",
      "## Plan\n\nAn independent security review comes first.",
      ["partial", "missing", "missing"],
    ],
    [
      "a file of tests",
      "## Attacks\n\nRefused, see tests/attacks/cookies_test.py for it.",
      ["partial", "missing", "missing"],
    ],
    ["when it was made", "*Report generated on: March 23, 2025*", ["missing", "partial", "missing"]],
    [
      "boundaries with what they hold",
      "## Trust boundaries\n\n- **Device**: keeps the keys of its owner.\n- **Relay**: forwards and keeps nothing.\n",
      ["missing", "missing", "partial"],
    ],
  ])("%s", (_what, more, [validation, documentation, dfd]) => {
    expect(stateOf(more)).toEqual({ validation, documentation, dfd });
  });

  test("the version of a document under its status", () => {
    const text = `# Threat model of the shop\n\n**Status:** v1.0, for the review\n\n## Threats\n\n| Threat | Mitigation |\n|---|---|\n| Forged cookie of a shopper | Signed cookies |\n`;
    expect(read(text).model?.documentation.version?.text).toBe("v1.0");
  });

  test("a bold line over a list of what is done", () => {
    const text =
      "# Threat model of the client\n\n## Diagram\n\n**Boundaries and mitigations**\n- Input is checked before use.\n- Each request has a scope.\n- Secrets are struck from the logs.\n- Modules are loaded from known packages alone, and each is looked at before.\n";
    expect(deliverablesOf(read(text))?.controls).toMatchObject({
      state: "partial",
      found: "In prose: a list of mitigations.",
    });
  });

  test("a bare address is a link to the architecture like any other", () => {
    const text = document("## Architecture\n\nSee https://example.com/design/shop.html, please.\n");
    expect(read(text).model?.system.links.map(({ text: link }) => link)).toEqual([
      "https://example.com/design/shop.html",
    ]);
  });
});

describe("PlantUML in a fence", () => {
  test("is read with its parts, flows and boundaries, with the lines of the document", () => {
    const text =
      '# Threat model of the shop\n\n## Data flow diagram\n\n```plantuml\n@startuml\nactor Shopper\nnode "Inside" {\n  component [Web API] as api\n  database Orders\n}\nShopper --> api : cookie\napi --> Orders : rows\n@enduml\n```\n';
    const model = read(text).model;
    expect({
      elements: model?.elements.map(({ name, kind, boundary, place }) => [name, kind, boundary ?? null, place.line]),
      flows: model?.flows.map(({ id, place }) => [id, place.line]),
      boundaries: model?.boundaries.map(({ name }) => name),
      diagrams: model?.diagrams.map(({ kind, isDataFlow, hasBoundaries }) => [kind, isDataFlow, hasBoundaries]),
    }).toEqual({
      elements: [
        ["Shopper", "external", null, 7],
        ["Web API", "process", "Inside", 9],
        ["Orders", "store", "Inside", 10],
      ],
      flows: [
        ["Shopper -> Web API: cookie", 12],
        ["Web API -> Orders: rows", 13],
      ],
      boundaries: ["Inside"],
      diagrams: [["plantuml", true, true]],
    });
  });

  test("a class diagram draws no system and stays a picture", () => {
    const text = "# Threat model\n\n## Design\n\n```plantuml\n@startuml\nclass Order\nOrder --> Line\n@enduml\n```\n";
    const model = read(text).model ?? read(text).unfilled;
    expect([model?.elements, model?.diagrams.map(({ kind }) => kind)]).toEqual([[], ["plantuml"]]);
  });
});

describe("what is no threat, however much it looks like one", () => {
  const threat =
    "## Threats\n\n| ID | Threat | Mitigation |\n|---|---|---|\n| T1 | Forged cookie of a shopper | Signed cookies |\n\n";

  test.each([
    [
      "who attacks, numbered and with fields",
      "## Threat actors\n\n### TA-001: Outside attacker\n\n| Attribute | Description |\n|---|---|\n| **Motivation** | Money |\n| **Attack Vectors** | The network, mail |\n",
    ],
    [
      "what the letters of STRIDE mean",
      "## Method\n\n| Category | Description | Security Property |\n|---|---|---|\n| Spoofing | Being somebody else | Authentication |\n| Tampering | Changing data or code | Integrity |\n",
    ],
    [
      "what was looked into and left",
      "## Investigated and dismissed\n\n| ID | Original Threat | Evidence | Conclusion |\n|---|---|---|---|\n| D1 | Paths lead out of the folder | src/paths.ts cleans them | Closed |\n",
    ],
    [
      "how threats follow on each other",
      "## Threats in depth\n\n### Threat chain analysis\n\n- **TC1 (T1 + T2)**: a forged cookie opens the rest.\n- **TC2 (T2)**: a guessed key does too.\n",
    ],
  ])("%s", (_what, more) => {
    expect(threatsOf(`# M\n\n${threat}${more}`).map(([title]) => title)).toEqual(["Forged cookie of a shopper"]);
  });

  test("a reason for acceptance is no test", () => {
    const text = `# M\n\n${threat}## Accepted risks\n\n| Risk ID | Description | Acceptance Rationale |\n|---|---|---|\n| RR-1 | Slow logs | The shop is small and closed |\n`;
    expect(read(text).model?.validations).toEqual([]);
  });
});

describe("labels in other words, and lists that run on", () => {
  test("overview, outcome and recommendation are the fields of a threat", () => {
    const text =
      "# M\n\n## Identified threats\n\n### Threat ID 1: Insider actor\n\nOverview: Somebody of the team changes the source.\n\nPossible Outcome: Loss of trust in the shop.\n\nRecommendation: Two people look at each change.\n";
    expect(threatsOf(text)).toEqual([["Insider actor", "", null, "Two people look at each change."]]);
  });

  test("a rating under a heading of its own", () => {
    const text =
      "# M\n\n## Threats\n\n### Stolen laptop\n\n**Threat Description**: The laptop of a clerk is stolen.\n**Mitigation**: Disks are encrypted.\n\n### DREAD Score: 6.2\n";
    expect(threatsOf(text)).toEqual([["Stolen laptop", "", "6.2", "Disks are encrypted."]]);
  });

  test("a label right after a list opens the next list", () => {
    const text =
      "# M\n\n## Threats\n\nThreats:\n- Prices are guessed by bots.\n- Orders are sent twice.\nAssumptions:\n- The clock is right in every shop.\n";
    expect(threatsOf(text).map(([title]) => title)).toEqual(["Prices are guessed by bots.", "Orders are sent twice."]);
  });

  test("a bracket that a label would cut in two belongs to the sentence", () => {
    const text =
      "# M\n\n## List of potential attacks\n\n* Admins read the rows [mitigation goal: **complete**]\n* Logs are lost on a train [mitigation goal: **none**]\n";
    expect(threatsOf(text).map(([title]) => title)).toEqual([
      "Admins read the rows [mitigation goal: complete]",
      "Logs are lost on a train [mitigation goal: none]",
    ]);
  });

  test("a table of boundaries with what they control", () => {
    const text =
      "# Threat model\n\n## Trust boundaries\n\n| ID | Boundary | Controls (inside) |\n|---|---|---|\n| TB1 | Caller to shop | Checks of input |\n| TB2 | Shop to store | Roles |\n";
    const found = read(text);
    expect((found.model ?? found.unfilled)?.boundaries.map(({ name }) => name)).toEqual([
      "Caller to shop",
      "Shop to store",
    ]);
  });
});

describe("what is lacking is said of what the file shows", () => {
  const lacking = (text: string, id: "dfd" | "stride" | "context") =>
    (deliverablesOf(read(text))?.[id].lacking ?? []).map(({ must, says }) => `${must}: ${says}`);
  const table =
    "## Threats\n\n| Threat | STRIDE | Mitigation |\n|---|---|---|\n| Forged cookie of a shopper | Spoofing | Signed cookies |\n\n";

  test("a drawing with characters has parts that we do not read, not none", () => {
    const text = `# Threat model\n\n## Trust boundaries\n\n\`\`\`\n[Internet]\n   |\n   v\n[Shop] --> [Store]\n\`\`\`\n\n${table}`;
    const says =
      "The diagram is drawn with characters: its parts are not read. Name its components, stores and external entities in a list, or draw it as Mermaid.";
    expect(lacking(text, "dfd")).toEqual([
      `components-and-stores: ${says}`,
      `external-entities: ${says}`,
      "data-classified: The diagram is drawn with characters: its parts are not read. Say beside it which classified data each store or flow holds.",
    ]);
  });

  test("a threat whose number is ours is named by its title, and all at once where no part is named", () => {
    const parts = "## Data flow diagram\n\n```mermaid\nflowchart LR\n  a[Shopper] --> b[Shop]\n```\n\n";
    expect(lacking(`# Threat model\n\n${parts}${table}`, "stride").slice(0, 2)).toEqual([
      "six-categories: No threat names the component that it concerns, so nothing shows that each was considered.",
      'threats-mapped: Threat "Forged cookie of a shopper" names no component of the model.',
    ]);
    expect(lacking(`# Threat model\n\n${table}`, "stride").slice(1, 2)).toEqual([
      "threats-mapped: The model names no components, flows or boundaries, so no threat can name the one that it concerns.",
    ]);
  });

  test.each([
    ["under a label", "## Trust boundaries and input\n\nTrust boundaries:\n- Internet to shop\n- Shop to store\n"],
    [
      "as headings",
      "## Trust boundaries\n\n### Internet to shop\n\nAnybody may come.\n\n### Shop to store\n\nOnly the shop.\n",
    ],
  ])("boundaries %s", (_how, boundaries) => {
    const found = read(`# Threat model\n\n${boundaries}\n${table}`).model;
    expect(found?.boundaries.map(({ name }) => name)).toEqual(["Internet to shop", "Shop to store"]);
  });

  test("a tree of attacks is no diagram of the system, and a threat to data is no asset", () => {
    const text = `# Threat model\n\n${table}### Threat: Exposure of sensitive data\n\n- **Description**: Rows leak through the log.\n- **Mitigation**: No rows in logs.\n\n## Attack trees\n\n\`\`\`\nGoal: steal\n├── ask -> answer\n├── look\n│   └── under\n└── take\n\`\`\`\n`;
    expect([read(text).model?.diagrams, read(text).model?.system.data]).toEqual([[], []]);
  });
});
