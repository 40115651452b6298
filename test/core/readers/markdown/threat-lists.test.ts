import { describe, expect, test } from "@jest/globals";
import { readOne } from "../../../../src/core/readers/read-model.ts";

/* Which structures of a document list its threats, and which repeat, announce or surround them. */

const ferry =
  "# Ferry\n\nThe ferry sells tickets at a kiosk on each pier and counts passengers at the gangway with a scanner.\n\n";

function threats(text: string) {
  return readOne({ path: "docs/threat-model.md", text: `${ferry}${text}` }).model?.threats ?? [];
}

function titles(text: string): string[] {
  return threats(text).map(({ title }) => title);
}

const categories = [
  ["Spoofing", "A guest boards with the badge of the mate"],
  ["Tampering", "The count of the scanner is changed by hand"],
  ["Repudiation", "A clerk denies that a ticket was sold twice"],
  ["Information disclosure", "The list of passengers is read on the quay"],
  ["Denial of service", "The kiosk is flooded with orders at noon"],
  ["Elevation of privilege", "A deckhand opens the fares of the office"],
] as const;

const stride = `## STRIDE analysis\n\n${categories
  .map(([name, threat]) => `### ${name}\n\n- ${threat}.\n\n#### Mitigations\n\n- The mate checks each trip.\n`)
  .join("\n")}\n`;

describe("lists of threats", () => {
  test("a heading with the word for a number before it is one threat", () => {
    const told = threats(
      "## Threat model\n\n### Threat ID 1 - A guest copies a ticket at home\n\n**Mitigation:**\n\n- Each is scanned once.\n\n### Threat No. 2 - A clerk unplugs the scanner\n\n**Mitigation:**\n\n- The gate stays shut.\n",
    );
    expect(told.map(({ id, title }) => [id, title])).toEqual([
      ["Threat-1", "A guest copies a ticket at home"],
      ["Threat-2", "A clerk unplugs the scanner"],
    ]);
  });

  test("one heading with the name of a category among others is a threat as they are", () => {
    const others = ["Copied tickets", "Unplugged scanner", "Passenger enumeration", "User enumeration"]
      .map((title) => `### ${title}\n\n- Tickets are numbered at the kiosk\n- The mate looks at each of them twice\n\n`)
      .join("");
    expect(
      titles(
        `## Threats & mitigations\n\n${others}### Kiosk DoS (noon)\n\n- Three orders a minute for each guest\n- The office is called when the kiosk is busy\n`,
      ),
    ).toEqual(["Copied tickets", "Unplugged scanner", "Passenger enumeration", "User enumeration", "Kiosk DoS (noon)"]);
  });

  test("steps of the answer to an incident are no threat", () => {
    expect(
      titles(
        `${stride}## Incident response\n\n### Procedures\n\n1. **Detection**: the mate hears the horn at the pier\n2. **Remediation**: the gate is shut until the office has called back\n3. **Recovery**: the count begins again\n`,
      ),
    ).toHaveLength(6);
  });

  test("what is left undefended on purpose is no threat", () => {
    expect(
      titles(
        `${stride}## Intentional non-defenses\n\n### No lock at the gangway\n\n- **Reason**: guests must get out\n- **Impact**: a guest may board without a ticket\n- **Mitigation**: the mate looks on\n`,
      ),
    ).toHaveLength(6);
  });

  test("a list that names the headings after it is their contents", () => {
    const chapter = (name: string, threat: string): string =>
      `## ${name}\n\n### Threat: ${threat}\n\nSomebody does so on a busy day in summer.\n\n**Mitigations:**\n\n- The mate looks on.\n\n`;
    expect(
      titles(
        `## Threat categories\n\n1. **Kiosk attacks**: what guests do at the kiosk\n2. **Gangway attacks**: what guests do on board\n\n${chapter("1. Kiosk attacks", "Copied ticket")}${chapter("2. Gangway attacks", "Borrowed badge")}`,
      ),
    ).toEqual(["Copied ticket", "Borrowed badge"]);
  });

  test("lists under a heading that comes back for each part are threats, whatever else the document tells", () => {
    const part = (name: string): string =>
      `### ${name}\n\n#### Attack vectors\n\n- **Copied card**: a guest copies a card of the ${name} at home\n- **Cut cable**: a guest cuts the cable of the ${name} at night\n\n#### Mitigations\n\n- The mate looks at the ${name} each hour.\n\n`;
    const scenario = (number: number): string =>
      `### Scenario ${number}: Guest ${number} rides without paying\n\n**Impact**: a fare is lost\n\n**Mitigation**: the mate looks on\n\n`;
    const told = threats(
      `## Attack surface analysis\n\n${["kiosk", "gate", "scanner"].map(part).join("")}## Threat scenarios\n\n${[1, 2, 3].map(scenario).join("")}`,
    );
    expect(told).toHaveLength(9);
    expect(told.every(({ mitigation }) => mitigation !== undefined)).toBe(true);
    // Under two headings alone it is no habit.
    expect(
      titles(
        `## Attack surface analysis\n\n${["kiosk", "gate"].map(part).join("")}## Threat scenarios\n\n${[1, 2, 3].map(scenario).join("")}`,
      ),
    ).toHaveLength(3);
  });

  test("numbered rows of what may happen are a register without ratings and answers", () => {
    const rows = (numbers: readonly string[]): string =>
      `## Gaps\n\n| Gap | Where | Risk | Status |\n| --- | --- | --- | --- |\n| ${numbers[0]} | gate | A guest slips past the scanner | open |\n| ${numbers[1]} | kiosk | A clerk prints spare tickets | closed |\n| ${numbers[2]} | quay | The list of names is read aloud | open |\n`;
    expect(titles(rows(["GAP-1", "GAP-2", "GAP-3"]))).toHaveLength(3);
    expect(titles(rows(["gate", "kiosk", "quay"]))).toEqual([]);
  });

  test("scenarios beside threats that are nearly all sorted by category play those through, even with their answers", () => {
    const scenario = (who: string): string =>
      `### ${who}\n\n- **Threats**: The guest goes on board and rides along without paying a fare.\n- **Controls**: The mate looks on.\n\n`;
    expect(titles(`${stride}## Threat scenarios\n\n${scenario("A guest at the quay")}`)).toHaveLength(6);
    expect(
      titles(
        `${stride}## Threat scenarios\n\n${["A guest at the quay", "A guest on board", "A clerk", "A deckhand"].map(scenario).join("")}`,
      ),
    ).toHaveLength(10);
  });

  test("a table that answers each category is no list of threats, and answers those sorted by it", () => {
    const sorted = `## What can go wrong\n\n| STRIDE | Threat |\n| --- | --- |\n${categories.map(([name, threat]) => `| ${name} | ${threat} |`).join("\n")}\n\n`;
    const told = threats(
      `${sorted}## What we do about it\n\n| Threat | Remediation |\n| --- | --- |\n${categories.map(([name]) => `| ${name} | The mate looks after ${name.toLowerCase()} each morning |`).join("\n")}\n`,
    );
    expect(told.map(({ title, mitigation }) => [title, mitigation])).toEqual(
      categories.map(([name, threat]) => [threat, `The mate looks after ${name.toLowerCase()} each morning`]),
    );
  });

  test("controls with the categories that they address are no threats", () => {
    expect(
      titles(
        `${stride}## Mapping\n\n| Control | Primary STRIDE categories addressed |\n| --- | --- |\n| Numbered tickets | Spoofing, Tampering |\n| Locked kiosk | Tampering |\n| Lists of trips | Repudiation |\n`,
      ),
    ).toHaveLength(6);
  });

  test("a category in a column named in Czech or German sorts the threats", () => {
    const told = threats(
      "## STRIDE\n\n| Kategorie | Bedrohung | Maßnahme |\n| --- | --- | --- |\n| **T** \u2014 Tampering | Der Zähler wird von Hand verstellt | Der Maat zählt nach |\n| **S** \u2014 Spoofing | Ein Gast zeigt einen fremden Ausweis | Der Maat vergleicht das Bild |\n",
    );
    expect(told.map((threat) => threat.stride)).toEqual([["T"], ["S"]]);
  });

  test("a register with as many rows as threats are told at length tells them again in other words", () => {
    const rows = [
      "False mate at the rail",
      "Turned dial",
      "Sold twice, said once",
      "Names overheard",
      "Queue without end",
      "Fares unlocked",
    ]
      .map((name, index) => `| T-00${index + 1} | ${name} | High | Low |`)
      .join("\n");
    const register = (title: string): string =>
      `## ${title}\n\n| ID | Threat | Likelihood | Impact |\n| --- | --- | --- | --- |\n${rows}\n`;
    expect(titles(`${stride}${register("Complete threat registry")}`)).toHaveLength(6);
    expect(titles(`${stride}${register("Threats at the other pier")}`)).toHaveLength(12);
  });

  test("a heading that says no more than attacks, below a category, holds threats and is none", () => {
    const attack = (title: string): string =>
      `#### ${title}\n\nA guest does so on a busy day in summer, and nobody sees it.\n\n**Mitigation:** the mate looks on.\n\n`;
    const told = threats(
      `## Denial of service\n\n### Attack vectors\n\n${attack("Blocked gangway")}${attack("Unplugged kiosk")}## Spoofing\n\n### Attack vectors\n\n${attack("Borrowed badge")}`,
    );
    expect(told.map(({ title, stride: letters }) => [title, letters])).toEqual([
      ["Blocked gangway", ["D"]],
      ["Unplugged kiosk", ["D"]],
      ["Borrowed badge", ["S"]],
    ]);
  });

  test("the number of a document is not that of a threat", () => {
    const text = `# ADR-0007: Threat model of the gangway\n\n- **Status**: accepted\n- **Description**: what guests may do at the gangway\n\n## Context\n\nThe ferry counts guests.\n\n## Decision\n\nThe scanner counts.\n\n## Threats\n\n| ID | Threat | Mitigation |\n| --- | --- | --- |\n| T1 | A ticket is copied at home | Each is scanned once |\n| T2 | The scanner is unplugged | The gate stays shut |\n`;
    const read = readOne({ path: "docs/threat-model.md", text }).model?.threats ?? [];
    expect(read.map(({ id }) => id)).toEqual(["T1", "T2"]);
  });

  test("classes of threats in a plain list are the threats where nothing else is", () => {
    expect(
      titles(
        "## Threat classes (blocked)\n\n1. **Copied tickets**: a guest prints a ticket at home.\n2. **Borrowed badges**: a guest shows the badge of the mate.\n\n## Controls\n\n| Control | Where |\n| --- | --- |\n| Scanner | gangway |\n",
      ),
    ).toEqual(["Copied tickets", "Borrowed badges"]);
  });
});
