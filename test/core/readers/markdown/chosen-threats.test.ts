import { describe, expect, test } from "@jest/globals";
import { judgeDeliverables } from "../../../../src/core/assess/deliverables.ts";
import type { DeliverableId } from "../../../../src/core/domain/threat-model.ts";
import { readOne } from "../../../../src/core/readers/read-model.ts";
import { deliverableRules } from "../sample.ts";

/* Which of the lists and tables of a document are its threats, and which speak of something else or tell them again. */

function threats(text: string) {
  return readOne({ path: "docs/threat-model.md", text }).model?.threats ?? [];
}

function titles(text: string): string[] {
  return threats(text).map(({ title }) => title);
}

function verdict(text: string, id: DeliverableId) {
  const { model } = readOne({ path: "docs/threat-model.md", text });
  if (model === undefined) throw new Error("no model");
  return judgeDeliverables(model, deliverableRules(), { paths: [] })[id].state;
}

const ferry =
  "# Ferry\n\nThe ferry sells tickets at a kiosk on each pier and counts passengers at the gangway with a scanner.\n\n";

const register =
  "## Threats\n\n| ID | Threat | Mitigation |\n| --- | --- | --- |\n| F-01 | A ticket is copied | Each is scanned once |\n| F-02 | The scanner is unplugged | The gate stays shut |\n| F-03 | A clerk prints spare tickets | Prints are numbered |\n| F-04 | The list of passengers is read | It is encrypted |\n| F-05 | The kiosk is flooded with orders | Three orders a minute |\n\n";

describe("a document that numbers its threats", () => {
  test("a table by part without numbers or answers says what the threats are about", () => {
    expect(
      titles(
        `${ferry}## Parts\n\n### Kiosk\n\n| Component | Threat | Risk level |\n| --- | --- | --- |\n| Printer | Spare tickets, jammed paper | High |\n| Screen | Wrong prices are shown | Low |\n\n${register}`,
      ),
    ).toHaveLength(5);
  });

  test("statements without numbers that are answered stay threats of their own", () => {
    expect(
      titles(
        `${ferry}${register}## Privacy threats\n\n| Threat | Mitigation |\n| --- | --- |\n| Trips of one passenger are linked | Cards change each month |\n| Names are kept too long | Lists are erased at night |\n`,
      ),
    ).toHaveLength(7);
  });

  test("a list of what comes next under the same numbers tells them again", () => {
    const headings = ["F-01: Copied ticket at the gangway", "F-02: Unplugged scanner", "F-03: Spare tickets of a clerk"]
      .map(
        (title) =>
          `### ${title}\n\n**Impact:** passengers ride without paying.\n\n**Mitigation:** the mate checks.\n\n`,
      )
      .join("");
    expect(
      titles(
        `${ferry}## Threats\n\n${headings}## Plan\n\n### P1 threats\n\n**F-01**: Copied tickets\n\n1. Buy scanners\n`,
      ),
    ).toHaveLength(3);
  });

  test("where most numbers come twice, each part of the document counts for itself", () => {
    const pier = (name: string) =>
      `## ${name}\n\n### Threats\n\n${["F-01: Copied ticket", "F-02: Spare ticket", "F-03: Jammed gate"]
        .map(
          (title) => `#### ${title}\n\n**Impact:** passengers ride for nothing.\n\n**Mitigation:** the mate looks.\n\n`,
        )
        .join("")}`;
    expect(titles(`${ferry}${pier("Northern pier")}${pier("Southern pier")}`)).toHaveLength(6);
  });

  test("a number in a field of its own is the one that a matrix repeats", () => {
    const threat = (heading: string, id: string) =>
      `### Threat ${heading}\n\n**Threat ID**: ${id}\n\n**Impact**: passengers ride without paying.\n\n`;
    const found = threats(
      `${ferry}## Threat analysis\n\n${threat("S1: Borrowed badge of the mate", "F-S-001")}${threat("T1: Changed count", "F-T-001")}${threat("D1: Flooded kiosk", "F-D-001")}## Matrix\n\n| Threat ID | Category | Description | Likelihood | Impact |\n| --- | --- | --- | --- | --- |\n| F-S-001 | Spoofing | Borrowed badge | Low | High |\n| F-T-001 | Tampering | Count changed | Low | High |\n| F-D-001 | Denial of service | Kiosk flooded | High | Low |\n`,
    );
    expect(found.map(({ id, risk }) => [id, risk === undefined])).toEqual([
      ["F-S-001", false],
      ["F-T-001", false],
      ["F-D-001", false],
    ]);
  });
});

describe("a document that sorts its threats", () => {
  const sorted = [
    "Spoofing",
    "Tampering",
    "Repudiation",
    "Information disclosure",
    "Denial of service",
    "Elevation of privilege",
  ]
    .map((category) => `### ${category}\n\n- Somebody at the pier does this at night without being seen\n\n`)
    .join("");

  test("lists by part without a category or an answer led to those", () => {
    expect(
      titles(
        `${ferry}## Parts\n\n### Kiosk\n\n- Controls: a lock on the drawer and a lamp above it\n- Threats:\n  - The drawer may be opened by a clerk\n  - The lamp may be broken by a stone\n\n## STRIDE analysis\n\n${sorted}`,
      ),
    ).toHaveLength(6);
  });
});

describe("a number in place of a name", () => {
  test("items under a label are named by their words and keep their numbers", () => {
    const found = threats(
      `${ferry}## Kiosk\n\n**Threats:**\n\n- **F-KI-01**: A clerk prints spare tickets\n- **F-KI-02**: A passenger shakes the drawer\n`,
    );
    expect(found.map(({ id, title }) => [id, title])).toEqual([
      ["F-KI-01", "A clerk prints spare tickets"],
      ["F-KI-02", "A passenger shakes the drawer"],
    ]);
  });
});

test("a heading over a label such as Threat with several items is none itself", () => {
  const place = (name: string) =>
    `### Attack on the ${name}\n\n- **Threat:**\n  - A clerk of the ${name} prints spare tickets\n  - A passenger shakes the ${name}\n- **Mitigation:** prints are numbered\n\n`;
  expect(titles(`${ferry}## Security analysis\n\n${place("kiosk")}${place("gangway")}`)).toEqual([
    "A clerk of the kiosk prints spare tickets",
    "A passenger shakes the kiosk",
    "A clerk of the gangway prints spare tickets",
    "A passenger shakes the gangway",
  ]);
});

describe("rows that are no threats", () => {
  test("a number that names the rows for what they are: surfaces", () => {
    expect(
      titles(
        `${ferry}## Attack surfaces\n\n| Surface ID | Component | Attack vectors | Risk level |\n| --- | --- | --- | --- |\n| SU-1 | Kiosk | Copied cards, forged coins | High |\n| SU-2 | Gangway | Jumping the gate | Low |\n\n${register}`,
      ),
    ).toHaveLength(5);
  });

  test("tests by category examine what was built", () => {
    expect(
      titles(
        `${ferry}${register}## Test cases by category\n\n**Spoofing:**\n\n- FT-001: Show a copied ticket twice\n\n**Tampering:**\n\n- FT-002: Change the count at night\n\n**Denial of service:**\n\n- FT-003: Order a hundred tickets\n`,
      ),
    ).toHaveLength(5);
  });

  test("risks that were accepted or treated rate the threats once more", () => {
    const text = `${ferry}${register}## Treatment\n\n| Risk ID | Risk description | Residual risk level | Justification |\n| --- | --- | --- | --- |\n| R-1 | Tickets may be copied for a while | Medium | Scanners come in spring |\n| R-2 | Clerks may print spare tickets | Low | Prints are counted |\n`;
    expect(titles(text)).toHaveLength(5);
    expect(titles(text.replace(register, ""))).toHaveLength(2);
  });
});

describe("documents that are nothing but attacks", () => {
  const attack = (title: string, rest: string) =>
    `## ${title}\n\nA passenger with some patience may do this at any pier, and nobody on board will notice it before the evening.\n\n${rest}`;
  const answer = "### Countermeasures {#answer}\n\nThe mate looks at each ticket twice.\n\n";

  test("chapters of attacks, most with countermeasures of their own", () => {
    const text = `# Attacks and Mitigations {#attacks}\n\n${attack("Copied Tickets {#copied}", answer)}${attack("Borrowed Badges", answer)}${attack("Jumping the Gate", answer)}${attack("Shouting", "### Discussion\n\nThis is only a nuisance, and no ticket is lost by it.\n")}`;
    expect(titles(text)).toEqual(["Copied Tickets", "Borrowed Badges", "Jumping the Gate", "Shouting"]);
  });

  test("a summary by figures names the same attacks in fewer words, whatever their titles resemble", () => {
    const chapter = (number: number, title: string) =>
      `## ${number}. ${title}\n\n**Attack.** A passenger does it at the pier at night.\n\n**Defense.** The mate looks twice at each ticket.\n\n`;
    const all = [
      "Copied tickets of the season",
      "Borrowed badges",
      "Stale timetable presentation",
      "Jumping",
      "Queue DoS / lost tides",
    ];
    const text = `# Ferry threat model\n\n## Summary\n\n| # | Attack | Defense |\n| --- | --- | --- |\n| 1 | Copied season tickets | Scan once |\n| 2 | Borrowed badges | Photo |\n| 3 | Stale timetable presentation | Date |\n| 4 | Jumping | Gate |\n| 5 | Queue DoS | Numbers |\n\n${all.map((title, index) => chapter(index + 1, title)).join("")}`;
    expect(titles(text)).toHaveLength(5);
  });
});

describe("headings that are no threats", () => {
  test("how vulnerabilities are reported, and those of years past", () => {
    const text = `${ferry}## Response\n\n### Reporting Security Vulnerabilities\n\nWrite to the harbour master, who answers within two days and keeps your name to himself.\n\n### Past Vulnerabilities\n\n#### CVE-2020-0001\n\n- **Impact:** tickets could be printed by anybody\n- **Severity:** High\n`;
    expect(titles(text)).toEqual([]);
    expect(verdict(text, "stride")).toBe("missing");
  });
});

describe("chapters and numbers", () => {
  test("chapters of the level of the title stand below it", () => {
    const text =
      "# Introduction\n\nThe ferry sells tickets at a kiosk on each pier and counts its passengers.\n\n# Attackers\n\nPassengers without money.\n\n# Countermeasures\n\n- Each ticket is scanned once at the gangway\n- The gate stays shut without power\n- Prints are numbered\n";
    expect(verdict(text, "controls")).toBe("partial");
  });

  test("a numbered heading over a table of what is done", () => {
    const part = (title: string) =>
      `### ${title}\n\n| Property | Mitigation | Evidence |\n| --- | --- | --- |\n| Tickets | Each is scanned once | scan log |\n\n`;
    expect(
      threats(`${ferry}## Mitigations and evidence\n\n${part("T1 — Copied ticket")}${part("T2 — Spare ticket")}`).map(
        ({ id, mitigation }) => [id, mitigation],
      ),
    ).toEqual([
      ["T1", "Each is scanned once"],
      ["T2", "Each is scanned once"],
    ]);
  });
});

describe("threats told twice or not at all", () => {
  const part = (name: string, rows: readonly string[]) =>
    `### ${name}\n\n| Threat | Category | Risk | Control |\n| --- | --- | --- | --- |\n${rows.map((row) => `| ${row} | High | The mate looks |\n`).join("")}\n`;
  const analysis = `## Analysis\n\n${part("Kiosk", ["A clerk keeps a coin | Tampering", "Nobody knows who sold | Repudiation", "\u2014 | Spoofing"])}${part("Gangway", ["A copied ticket passes | Spoofing", "The gate is jammed | Denial of service", "The count is read | Information disclosure"])}`;

  test("a dash in place of a threat says that there is none", () => {
    expect(titles(ferry + analysis)).toHaveLength(5);
  });

  test.each(["Not really applicable on a ferry", "None identified"])("so does a cell that says %s", (none) => {
    expect(titles(ferry + analysis.replace("\u2014", none))).toHaveLength(5);
  });

  test("Vietnamese, Turkish, Czech, Ukrainian and Indonesian say threat and mitigation as well", () => {
    const labelled = (threat: string, mitigation: string) =>
      titles(
        `${ferry}## Kiosk one\n\n- **${threat}:** printed twice at night.\n- **${mitigation}:** each is scanned once.\n\n## Kiosk two\n\n- **${threat}:** a coin is kept.\n- **${mitigation}:** coins are counted.\n`,
      );
    expect(labelled("Mối đe dọa", "Biện pháp giảm thiểu")).toHaveLength(2);
    expect(labelled("Tehdit", "Önlem")).toHaveLength(2);
    expect(labelled("Hrozba", "Opatření")).toHaveLength(2);
    expect(labelled("Загроза", "Заходи")).toHaveLength(2);
    expect(labelled("Ancaman", "Penanggulangan")).toHaveLength(2);
  });

  test("a summary tells a few of them in other words", () => {
    expect(
      titles(
        `${ferry}${analysis}${analysis.replaceAll("Kiosk", "Bridge").replaceAll("A ", "Up there a ").replaceAll("The ", "Up there the ").replaceAll("Nobody", "Up there nobody")}## Risk register summary\n\n| Risk ID | Component | Threat | Risk level |\n| --- | --- | --- | --- |\n| R-001 | Gangway | Copies of tickets | High |\n| R-002 | Kiosk | Coins in pockets | Low |\n`,
      ),
    ).toHaveLength(10);
  });

  test("headings by goal over items that each name an attack", () => {
    expect(
      titles(
        `${ferry}## Description of threats\n\n### Ride for nothing\n\n- *Copy attack:* print a ticket of a friend once more at home.\n- *Jump attack:* climb over the gate while the mate sleeps.\n\n### Stop the ferry\n\n- *Rope attack:* bind the rudder at night.\n`,
      ),
    ).toEqual(["Copy attack", "Jump attack", "Rope attack"]);
  });
});

describe("Internet-Drafts", () => {
  test("front matter ends where the abstract begins, and names its authors", () => {
    const { model } = readOne({
      path: "draft-ferry.md",
      text: "---\ntitle: Ferry tickets\n# not a heading\nauthor:\n  -\n    name: A. Mate\n    org: Pier\n\n--- abstract\n\nThe ferry sells tickets at a kiosk.\n\n--- middle\n\n# Introduction\n\nPassengers show a ticket at the gangway.\n\n# Threats {#threats}\n\n## Copied ticket\n\nA passenger prints a ticket of a friend once more and rides without paying anything.\n\n--- back\n",
    });
    expect(model?.documentation.authors.map(({ text }) => text)).toEqual(["A. Mate"]);
    expect(JSON.stringify(model)).not.toMatch(/--- (?:middle|back)|not a heading/);
  });
});

describe("threats in few words", () => {
  test("what attackers may do, announced by a sentence", () => {
    expect(
      titles(
        "## Threat model\n\nIt is assumed that an attacker may perform one or more of the following actions:\n\n1. copy a ticket before it is scanned\n2. unplug the scanner at night\n3. bribe the clerk of the kiosk\n",
      ),
    ).toHaveLength(3);
  });

  test("a long plain list counts more than a single statement that is answered, a short one does not", () => {
    const cases = ["Riding with a copied ticket on Sundays", "Selling spare tickets at the northern pier"];
    const more = ["Reading the list of passengers over a shoulder", "Ordering a hundred tickets and paying none"];
    const listed = (all: readonly string[]) =>
      titles(
        `${ferry}## Abuse cases\n\n${all.map((one) => `- ${one}\n`).join("")}\n## Audit control\n\n### Lost log\n\n**Risk:** entries of the log may be lost at sea.\n\n**Mitigation:** a copy stays ashore.\n`,
      );
    expect(listed([...cases, ...more])).toEqual([...cases, ...more]);
    expect(listed(cases)).toEqual(["Lost log"]);
  });

  test.each(["Threat action", "Threat statement"])("a column for what the threat does: %s", (header) => {
    expect(
      titles(
        `${ferry}## Analysis\n\n| Threat ID | Threat source | ${header} | Existing controls |\n| --- | --- | --- | --- |\n| FT-1 | Passenger | Copies a ticket at home | Scanner |\n| FT-2 | Clerk | Prints spare tickets | Numbers |\n`,
      ),
    ).toEqual(["Copies a ticket at home", "Prints spare tickets"]);
  });

  test("a table of a number and a story in each row", () => {
    expect(
      titles(
        `${ferry}## Extension for winter\n\n| ID | Attacker story |\n| --- | --- |\n| FW-01 | A skater passes the gate on the ice and rides free |\n| FW-02 | A frozen scanner lets everybody pass |\n| FW-03 | A clerk sells summer tickets at night |\n`,
      ),
    ).toHaveLength(3);
  });

  test("a heading that calls itself a threat, whatever the heading over it says", () => {
    expect(
      titles(
        `${ferry}## Annoyance\n\nPassengers may be annoyed.\n\n### Threat: Unwanted calls\n\nSomebody calls the passengers of a list that lay open on the pier.\n\n### Threat: Forged timetable\n\nSomebody hangs a timetable of his own at the pier at night.\n`,
      ),
    ).toEqual(["Unwanted calls", "Forged timetable"]);
  });
});

describe("threats in the words of a defence", () => {
  const attacker = (title: string, answer: string) =>
    `### ${title}\n\nSomebody of this kind may stand at any pier at any hour of the day.\n\n- **${answer}** The mate looks at each ticket, and the gate stays shut.\n\n`;

  test("attackers that are gone through one by one, with what is done against each", () => {
    const found = threats(
      `${ferry}## Attacker model\n\n${attacker("Idle passenger", "Mitigated.")}${attacker("Clerk with a key", "Partially mitigated.")}${attacker("Owner of the pier", "Not mitigated.")}`,
    );
    expect(found.map(({ title, mitigation }) => [title, mitigation !== undefined])).toEqual([
      ["Idle passenger", true],
      ["Clerk with a key", true],
      ["Owner of the pier", false],
    ]);
  });

  test("attackers beside threats are no further ones, nor attackers of whom nothing is said", () => {
    const attackers = `## Attacker model\n\n${attacker("Idle passenger", "Mitigated.")}${attacker("Clerk with a key", "Mitigated.")}${attacker("Owner of the pier", "Mitigated.")}`;
    expect(titles(`${ferry}${attackers}${register}`)).toHaveLength(5);
    expect(titles(`${ferry}${attackers.replaceAll("Mitigated.", "Patient.")}`)).toEqual([]);
  });

  test("rows of failures with a status", () => {
    expect(
      titles(
        `${ferry}## Reading of tickets\n\n| # | Failure | Status | How |\n| --- | --- | --- | --- |\n| 1.1 | The scanner reads a copied ticket as a new one | covered | scan log |\n| 1.2 | The gate opens without a scan | planned | none |\n`,
      ),
    ).toHaveLength(2);
  });

  test("paragraphs led by a name in bold are named by it", () => {
    expect(
      titles(
        `${ferry}## Threats\n\n### Kiosk\n\n**Threat.** A clerk prints spare tickets at night.\n\n**Mitigation.** Prints are numbered.\n`,
      ),
    ).toEqual(["Kiosk"]);
    const flows = `${ferry}## Trust boundaries\n\n**Pier to kiosk.** Cash and cards cross it, and the clerk takes both.\n\n**Kiosk to office.** Counts cross it each night by radio.\n`;
    expect(verdict(flows, "dfd")).toBe("partial");
  });

  test("what is protected and what is not, in sections of their own", () => {
    const text = `${ferry}## What's protected\n\nThe owner of the pier cannot read the list of passengers, which is sealed on board.\n\n## What's not protected\n\nAnyone with the key of the kiosk sells as many tickets as there is paper.\n`;
    expect([verdict(text, "stride"), verdict(text, "controls")]).toEqual(["partial", "partial"]);
    expect(verdict(text.replace("What's protected", "Days of sailing"), "controls")).toBe("missing");
  });
});

describe("answers beside threats", () => {
  test("notes beside a status that says what is mitigated", () => {
    const found = threats(
      `${ferry}## STRIDE\n\n| STRIDE | Threat | Status | Notes |\n| --- | --- | --- | --- |\n| S | A badge is borrowed | mitigated | The photo of the mate is on the badge |\n| T | The count is changed | partial | Counts are printed twice, nobody compares them |\n`,
    );
    expect(found.map(({ mitigation, status }) => [mitigation !== undefined, status])).toEqual([
      [true, "mitigated"],
      [true, "open"],
    ]);
  });

  test("notes beside a status that answers nothing are no mitigation", () => {
    const found = threats(
      `${ferry}## STRIDE\n\n| STRIDE | Threat | Status | Notes |\n| --- | --- | --- | --- |\n| S | A badge is borrowed | open | Nobody looks at badges in the evening |\n| T | The count is changed | open | The paper can be replaced by anybody |\n`,
    );
    expect(found.filter(({ mitigation }) => mitigation !== undefined)).toEqual([]);
  });

  test("a column on the status of mitigations that tells them", () => {
    const found = threats(
      `${ferry}## Threats\n\n| Attacker class | Attack path | Mitigation status |\n| --- | --- | --- |\n| Passenger | Shows a copied ticket | Scanners refuse a ticket the second time |\n| Clerk | Prints spare tickets | Numbers of prints are compared each night |\n`,
    );
    expect(found.map(({ mitigation }) => mitigation)).toEqual([
      "Scanners refuse a ticket the second time",
      "Numbers of prints are compared each night",
    ]);
  });

  test("controls that the threats name by number", () => {
    const found = threats(
      `${ferry}## Threats\n\n| ID | Threat story |\n| --- | --- |\n| F-01 | A ticket is copied and shown twice; M-01 answers it |\n| F-02 | A scanner is unplugged by a passenger; see M-02 |\n| F-03 | A clerk keeps a coin from the drawer |\n\n## Controls\n\n| ID | Required control |\n| --- | --- |\n| M-01 | Each ticket is scanned once |\n| M-02 | The gate stays shut without power |\n`,
    );
    expect(found.map(({ mitigation }) => mitigation)).toEqual([
      "Each ticket is scanned once",
      "The gate stays shut without power",
      undefined,
    ]);
  });

  test.each([
    [
      "a table",
      "| Measure | Effect |\n| --- | --- |\n| Scan once | A copy is refused |",
      "Scan once A copy is refused",
    ],
    ["an example in code", "```\nrefuse if seen(ticket.number)\n```", "refuse if seen(ticket.number)"],
  ])("%s right below the label that announces it", (_, below, mitigation) => {
    const found = threats(
      `${ferry}## Threats\n\n### F-01: Copied ticket\n\n**Impact**: passengers ride without paying.\n\n**Mitigation**:\n\n${below}\n\n### F-02: Spare tickets\n\n**Impact**: a clerk sells them himself.\n`,
    );
    expect(found.map((threat) => threat.mitigation)).toEqual([mitigation, undefined]);
  });

  test("a score or a level in the last part of a heading rates it", () => {
    const found = threats(
      `${ferry}## Threats\n\n### F-01 — Copied ticket · DREAD 7.4 · High\n\n**Impact**: passengers ride without paying.\n\n### F-02 — Spare tickets — Low\n\n**Impact**: a clerk sells them himself.\n\n### F-03 — Jammed gate — CVSS: 9.1\n\n**Impact**: nobody comes on board.\n`,
    );
    expect(found.map(({ risk }) => risk)).toEqual(["high", "low", "critical"]);
  });

  test("action items and compensating mechanisms named by a label", () => {
    const attacks =
      "## Security analysis\n\nA passenger may ride without a ticket, and a clerk may sell spare ones.\n\n";
    const mechanisms = "- **Compensating Mechanisms**\n\n    - The gate is shut by the mate when the scanner is dark\n";
    const items = "- **Action items:**\n    1. Buy a second scanner for the northern pier\n";
    expect([verdict(ferry + attacks, "controls"), verdict(ferry + attacks, "stories")]).toEqual(["missing", "missing"]);
    expect(verdict(ferry + attacks + mechanisms, "controls")).toBe("partial");
    expect(verdict(ferry + attacks + items, "stories")).toBe("partial");
  });
});

describe("threats told again, and answers told beside them", () => {
  const threat = (title: string, fields: string) => `### ${title}\n\n${fields}\n\n`;

  test("a matrix of what is covered tells the rows of the tables before it again, in other words", () => {
    const part = (name: string, rows: string) =>
      `## ${name}\n\n| Threat | Attack vector | Mitigation |\n| --- | --- | --- |\n${rows}\n`;
    const tables =
      part(
        "Kiosk",
        "| Spoofing | A copied ticket is shown | Each is scanned once |\n| Tampering | Prices are rewritten | They are signed |",
      ) +
      part(
        "Gangway",
        "| Spoofing | The mate's badge is borrowed | A face on it |\n| Denial of service | The scanner is unplugged | The gate stays shut |",
      );
    const coverage =
      "## STRIDE coverage matrix\n\n| STRIDE category | Threat | Control |\n| --- | --- | --- |\n| Spoofing | Copies | Scanned once |\n| Spoofing | Badges | Faces |\n| Tampering | Wrong prices | Signatures |\n| Denial of service | No scanner | Shut gate |\n";
    const found = threats(`${ferry}${tables}${coverage}`);
    expect(found.map(({ title, stride }) => [title, stride.join("")])).toEqual([
      ["A copied ticket is shown", "S"],
      ["Prices are rewritten", "T"],
      ["The mate's badge is borrowed", "S"],
      ["The scanner is unplugged", "D"],
    ]);
  });

  test("rows that name a category and say what happens are threats, however many others there are", () => {
    const rows = (names: readonly string[]) =>
      `| Threat | Description | Mitigation |\n| --- | --- | --- |\n${names.map((name) => `| ${name} | Somebody at the pier does so | The mate looks |\n`).join("")}\n`;
    const six = ["Spoofing", "Tampering", "Repudiation", "Information disclosure", "Denial of service"];
    const more = [...six, "Spoofing", "Tampering"];
    expect(titles(`${ferry}## Pier threats\n\n${rows(six)}## Kiosk threats\n\n${rows(more)}`)).toHaveLength(12);
  });

  test("a heading that sounds like a control, with a risk and its controls under it", () => {
    const answered = "Risk: somebody does so at night.\n\nControls:\n- the mate looks\n- the gate is shut";
    expect(
      titles(
        `${ferry}## Threats and required controls\n\n${threat("Tickets are copied", answered)}${threat("Unwanted engine control", answered)}${threat("The scanner is unplugged", answered)}`,
      ),
    ).toEqual(["Tickets are copied", "Unwanted engine control", "The scanner is unplugged"]);
  });

  test("attackers that are each answered under a label", () => {
    const tier = (title: string, answer: string) =>
      threat(title, `**Capability:** Stands at any pier at any hour of the day.\n\n**${answer}`);
    const told = `${tier("A1 — Idle passenger", "Mitigation:** The mate looks at each ticket.")}${tier("A2 — Clerk with a key", "Mitigation:** Prints are numbered.")}${tier("A3 — Owner of the pier", "Note:** Nothing helps.")}`;
    expect(titles(`${ferry}## Adversary model\n\n${told}`)).toHaveLength(3);
  });

  test("what follows 'Risk:' in a sentence rates nothing", () => {
    const text = `${ferry}## Threats\n\n${threat("T1: Copied tickets", "Risk: copies, prints, borrowed badges and whatever else a guest brings.\n\nMitigations:\n- each is scanned once")}${threat("T2: Dead scanner", "Risk: no scan, a shut gate and a crowd that waits in the rain.\n\nMitigations:\n- a spare one")}`;
    expect(verdict(text, "risk")).toBe("missing");
  });

  test("a category under a label, alone in its line; what is done under a status", () => {
    const one = (title: string, category: string, state: string) =>
      threat(
        title,
        `**STRIDE**: ${category}\n**Attack vector**: Somebody at the pier\n\n**Mitigation**: ${state}\n- The mate looks at each ticket\n- The gate stays shut`,
      );
    const found = threats(
      `${ferry}## Threats\n\n${one("T1: Copied tickets", "Spoofing", "IMPLEMENTED")}${one("T2: Wrong prices", "Tampering", "NOT IMPLEMENTED")}`,
    );
    expect(found.map(({ stride, mitigation }) => [stride.join(""), mitigation !== undefined])).toEqual([
      ["S", true],
      ["T", false],
    ]);
  });

  test("classes of attacks with how each is noticed", () => {
    expect(
      titles(
        `${ferry}## In-scope attacks\n\n| # | Attack class | Since | Detection approach |\n| --- | --- | --- | --- |\n| A1 | Copied tickets at the gangway | 2024 | scan log |\n| A2 | Borrowed badges of the mate | 2025 | faces |\n\n### What "in scope" means here\n\nThe mate looks for these at each pier and tells the owner of them in the evening.\n`,
      ),
    ).toEqual(["Copied tickets at the gangway", "Borrowed badges of the mate"]);
  });

  test("the parts of a threat model, announced by a sentence", () => {
    const parts =
      "- **Copies of tickets shown at any gangway of ours.** Each is scanned once.\n- **Prices rewritten at the kiosk.** They are signed.\n";
    expect(
      titles(
        `${ferry}## Threat model\n\nThe following are the parts of the ferry's threat model:\n\n${parts}\n### Out of scope\n\nThe following are not part of the threat model:\n\n- **Storms.** Nobody sails.\n- **Ice.** Nobody sails.\n`,
      ),
    ).toHaveLength(2);
  });

  test("the day that ends the title, the auditor at its head, a scope with assumptions", () => {
    const dated = (title: string, line: string) =>
      `# ${title}\n\n${line}\n\nThe ferry sells tickets at each pier.\n\n${register}`;
    expect(verdict(dated("Ferry audit - 2025-03-04", "**Auditor**: A. Mate"), "documentation")).toBe("present");
    expect(verdict(dated("Ferry audit - 2025-03-04", "For the piers."), "documentation")).toBe("partial");
    expect(verdict(dated("Ferry audit of 2025-03-04 and later", "For the piers."), "documentation")).toBe("missing");
    const scope =
      "## Scope and assumptions\n\nThe ferry is a small boat that sells tickets to guests at each of its piers and carries them over the water by day, with one mate who looks at the tickets and one owner who counts them in the evening at home, where nobody else is about.\n\n## Assets\n\n- Tickets of the day\n- Prices of the season\n- The list of guests\n\n";
    expect(verdict(`# Threat model\n\n${scope}${register}`, "context")).toBe("present");
  });
});

describe("the same threats in a later table", () => {
  const rated =
    "## Register\n\n| ID | STRIDE | Threat | Mitigation |\n| --- | --- | --- | --- |\n| F-1 | Spoofing | A copied ticket is shown at the gangway | Each is scanned once |\n| F-2 | Tampering | Prices are rewritten at the kiosk | They are signed |\n| F-3 | Denial of Service | The scanner is unplugged by a guest | The gate stays shut |\n\n";

  test("rows with a number and a category say how those are rated, rows with a number where they are mended", () => {
    const summary =
      "## Residual risks in short\n\n| Part | Threat | STRIDE | Severity | Likelihood |\n| --- | --- | --- | --- | --- |\n| Gangway | F-1 | Spoofing | High | Low |\n| Kiosk | F-2 | Tampering | Low | Low |\n| Gangway | F-3 | DoS | Medium | Low |\n\n";
    const trace =
      "## Traceability\n\n| Threat | Status | Resolved by |\n| --- | --- | --- |\n| F-1 | Resolved | the scanner |\n| F-2 | Resolved | the press |\n| F-3 | Open | nobody |\n";
    expect(threats(`${ferry}${rated}${summary}${trace}`).map(({ title, risk }) => [title, risk])).toEqual([
      ["A copied ticket is shown at the gangway", "high"],
      ["Prices are rewritten at the kiosk", "low"],
      ["The scanner is unplugged by a guest", "medium"],
    ]);
  });

  test("rows with the titles of an earlier table say what became of them; short names are others in each part", () => {
    const table = (title: string, columns: string, rows: readonly string[]) =>
      `## ${title}\n\n| # | Finding | ${columns} |\n| --- | --- | --- |\n${rows.map((row, at) => `| ${at + 1} | ${row} | High |\n`).join("")}\n`;
    const long = ["Tickets are copied by guests", "Prices are rewritten at night", "Scanners are unplugged by guests"];
    const short = ["Copied tickets", "Wrong prices", "Dead scanners"];
    const twice = (names: readonly string[]) =>
      titles(`${ferry}${table("Summary of risks", "Severity", names)}${table("Remediation", "Severity", names)}`);
    expect([twice(long).length, twice(short).length]).toEqual([3, 6]);
  });

  test("findings under a label of the parts, and in the table before them", () => {
    const table =
      "## Risk summary\n\n| # | Title | Severity |\n| --- | --- | --- |\n| 1 | Tickets are copied by guests | High |\n| 2 | Prices are rewritten at night | Low |\n| 3 | Scanners are unplugged by guests | Low |\n\n";
    const part = (title: string, ...findings: readonly string[]) =>
      `### ${title}\n\n${findings.map((name) => `**Finding: ${name}**\n\n- **Issue**: Nobody looks at the pier at that hour.\n- **Severity**: Low\n- **Mitigation**: The mate looks.\n`).join("\n")}\n`;
    const parts = `## Analysis by part\n\n${part("Layer 1: Gangway", "Tickets are copied by guests", "Scanners are unplugged by guests")}${part("Layer 2: Kiosk", "Prices are rewritten at night")}`;
    expect(titles(`${ferry}${table}${parts}`)).toHaveLength(3);
    expect(titles(`${ferry}${parts}`)).toEqual([
      "Tickets are copied by guests",
      "Scanners are unplugged by guests",
      "Prices are rewritten at night",
    ]);
  });
});

describe("what a threat says in passing", () => {
  test("its answer, after a word in the middle of the paragraph", () => {
    const told = (title: string, answer: string) =>
      `### ${title}\n\nSomebody at the pier does so at night and tells nobody of it. ${answer}\n\n`;
    const found = threats(
      `${ferry}## Primary threats\n\n${told("Copied tickets", "Mitigation: each is scanned once.")}${told("Wrong prices", "Nobody mitigates this: it is cheap.")}`,
    );
    expect(found.map(({ title, mitigation }) => [title, mitigation])).toEqual([
      ["Copied tickets", "each is scanned once."],
      ["Wrong prices", undefined],
    ]);
  });

  test("issues told in sentences are threats, numbers of work items are not", () => {
    const table = (first: string, second: string) =>
      `${ferry}## Known open issues\n\n| ID | Issue | Severity |\n| --- | --- | --- |\n| P-01 | ${first} | High |\n| P-02 | ${second} | Low |\n| P-03 | ${second} | Low |\n`;
    expect([
      titles(table("A guest may copy the ticket of another", "The scanner may be unplugged by anybody")).length,
      titles(table("#12", "#14")).length,
    ]).toEqual([3, 0]);
  });
});

describe("what arrows lead to", () => {
  const items =
    "- Spare tickets are printed by a clerk → prints are numbered and counted\n- The scanner is unplugged at night → the gate stays shut\n- The list of guests is read → it is encrypted\n";

  test("the answer, in a list of threats and mitigations; the next step, elsewhere", () => {
    const found = (title: string) =>
      threats(`${ferry}## ${title}\n\n${items}`).map(({ title: name, mitigation }) => [name.slice(0, 13), mitigation]);
    expect(found("Ameaças e mitigações")[0]).toEqual(["Spare tickets", "prints are numbered and counted"]);
    expect(found("Main threats")[0]).toEqual(["Spare tickets", undefined]);
  });

  test("the other side of a boundary, in a table of them", () => {
    const table = (first: string) =>
      `${ferry}${register}## Trust boundaries\n\n| Boundary | What passes |\n| --- | --- |\n| ${first} | Orders |\n| Kiosk → Office | Sales |\n| Office → Bank | Money |\n`;
    expect([verdict(table("Guest → Kiosk"), "dfd"), verdict(table("The kiosk"), "dfd")]).toEqual([
      "present",
      "partial",
    ]);
  });

  test("columns named by how far they are trusted are zones", () => {
    const drawn = (left: string, right: string) =>
      `${ferry}${register}## Trust boundaries\n\n\`\`\`\n${left}            ${right}\nGuest    ──orders──> Kiosk\nMail     ──bounces──> Office\n\`\`\`\n`;
    expect([verdict(drawn("UNTRUSTED", "SEMI-TRUSTED"), "dfd"), verdict(drawn("Left", "Right"), "dfd")]).toEqual([
      "present",
      "partial",
    ]);
  });
});
