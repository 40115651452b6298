import { describe, expect, test } from "@jest/globals";
import { judgeDeliverables } from "../../../../src/core/assess/deliverables.ts";
import { readOne } from "../../../../src/core/readers/read-model.ts";
import { deliverableRules } from "../sample.ts";

function read(text: string, path = "docs/threat-model.md") {
  return readOne({ path, text });
}

function threatsOf(text: string) {
  return (read(text).model?.threats ?? []).map(({ id, title, stride, mitigation }) => [
    id.startsWith("T-") && id.length > 8 ? "" : id,
    title,
    stride.join(""),
    mitigation ?? null,
  ]);
}

function states(text: string) {
  const { model } = read(text);
  if (model === undefined) throw new Error("no model");
  const verdicts = judgeDeliverables(model, deliverableRules(), { paths: [] });
  return Object.fromEntries(Object.entries(verdicts).map(([id, { state }]) => [id, state]));
}

describe("threats that are answered one by one", () => {
  test("a statement and its answer in turn, under a category with a heading for both", () => {
    expect(
      threatsOf(
        "# Kiosk\n\n## S — Spoofing\n\n### Assets at Risk\n\n- The cashier's badge\n\n### Attack Vectors and Controls\n\n**Badge replay**: a copied badge opens the till until it is locked.\n\n*Controls*: A badge is bound to one till and expires each night.\n\n**Guessed code**: a passer-by tries the four digits of the till.\n\n*Controls*: Three wrong codes lock the till.\n\n### Residual Risks\n\n- A badge that is lent is not noticed by anything at all.\n",
      ),
    ).toEqual([
      ["", "Badge replay", "S", "A badge is bound to one till and expires each night."],
      ["", "Guessed code", "S", "Three wrong codes lock the till."],
    ]);
  });

  test("items of a numbered list, each with its id and the answer nested under it", () => {
    expect(
      threatsOf(
        "# Vault\n\n## Attack Vectors\n\n### Ledger Attacks\n\n1. **V-LED-01: Forged entry**: A clerk writes an entry for a sale that never was.\n    *   *Mitigation*: Each entry carries the signature of the till.\n2. **V-LED-02: Lost page**: A page of the ledger is torn out at night.\n    *   *Mitigation*: Pages are numbered and photographed.\n",
      ),
    ).toEqual([
      ["V-LED-01", "Forged entry", "", "Each entry carries the signature of the till."],
      ["V-LED-02", "Lost page", "", "Pages are numbered and photographed."],
    ]);
  });

  test("a threat and its answer in one statement", () => {
    expect(
      threatsOf(
        "# Till\n\n## Threats by part\n\n### Drawer\n\n- **Threat:** a visitor reaches into the drawer. **Mitigation:** the drawer closes by itself.\n- **Threat:** a clerk keeps a coin. **Mitigation:** the coins are counted twice.\n",
      ).map(([, title, , mitigation]) => [title, mitigation]),
    ).toEqual([
      ["a visitor reaches into the drawer.", "the drawer closes by itself."],
      ["a clerk keeps a coin.", "the coins are counted twice."],
    ]);
  });

  test("answers in a table of their own, under a column that says what each addresses", () => {
    expect(
      threatsOf(
        "# Till\n\n## Threats\n\n| ID | STRIDE | Threat |\n|---|---|---|\n| T1.1 | Spoofing | A false badge opens the till |\n| T1.2 | Tampering | A coin is bent to fit the slot |\n\n## Mitigation strategy\n\n| Addresses | Mitigation | Priority |\n|---|---|---|\n| T1.1, T1.2 | A guard stands beside the till | Demo |\n",
      ).map(([id, , , mitigation]) => [id, mitigation]),
    ).toEqual([
      ["T1.1", "A guard stands beside the till"],
      ["T1.2", "A guard stands beside the till"],
    ]);
  });

  test("one answer after several statements is theirs together, as before", () => {
    expect(
      threatsOf(
        "# Kiosk\n\n## Tampering\n\n- Changed price: a label is swapped on the shelf.\n- Changed till: a coin is bent to fit the slot.\n- **Remediation**:\n  - A guard looks at the shelf every hour.\n",
      ).map(([, title, letter]) => [title, letter]),
    ).toEqual([
      ["Changed price", "T"],
      ["Changed till", "T"],
    ]);
  });
});

describe("categories without a column that says STRIDE", () => {
  test("a column of nothing but the letters", () => {
    expect(
      threatsOf(
        "# Client\n\n## Attackers\n\n### Attacker on the wire\n\n|   | Description | Mitigation |\n|---|---|---|\n| S | The server is played by another program | M-0 |\n| T | A parcel is changed on its way | M-1 |\n",
      ).map(([, title, letter]) => [title, letter]),
    ).toEqual([
      ["The server is played by another program", "S"],
      ["A parcel is changed on its way", "T"],
    ]);
  });

  test("ids that begin with the letters, when most do and several occur", () => {
    const text = ["S1", "T1", "R1", "I1"].map(
      (id) =>
        `### ${id} — Something bad at the counter\n\nA visitor reaches over the counter.\n\n- Mitigation: a glass pane\n\n`,
    );
    expect(threatsOf(`# Counter\n\n## Threats\n\n${text.join("")}`).map(([id, , letter]) => [id, letter])).toEqual([
      ["S1", "S"],
      ["T1", "T"],
      ["R1", "R"],
      ["I1", "I"],
    ]);
  });

  test("ids of one letter alone are no categories", () => {
    const text = ["T1", "T2", "T3", "T4"].map(
      (id) =>
        `### ${id} — Something bad at the counter\n\nA visitor reaches over the counter.\n\n- Mitigation: a glass pane\n\n`,
    );
    expect(threatsOf(`# Counter\n\n## Threats\n\n${text.join("")}`).map(([, , letter]) => letter)).toEqual([
      "",
      "",
      "",
      "",
    ]);
  });

  test("the name that begins a title, with its id, is one threat and not a list of them", () => {
    expect(
      threatsOf(
        "# Depot\n\n## Threats\n\n### T1 — Tampering with the delivery note\n\nA driver edits the note on the way.\n\n- Mitigation: the note is sealed\n- Residual risk: the seal can be bought\n",
      ),
    ).toEqual([["T1", "Tampering with the delivery note", "T", "the note is sealed"]]);
  });

  test("a heading that says what to do is no category", () => {
    expect(
      threatsOf(
        "# Switch\n\n## Overview\n\nA switch in a cupboard of the shop.\n\n## Settings\n\n### Enable MAC spoof filtering\n\nThis keeps one host from speaking for another one.\n",
      ),
    ).toEqual([]);
  });

  test("a label that names several categories", () => {
    expect(
      threatsOf(
        "# Library\n\n## Trust Domain\n\n### Level 1\n\nIt holds the key.\n\nThreat: Information disclosure, Elevation of privilege.\n",
      ).map(([, title, letter]) => [title, letter]),
    ).toEqual([
      ["Information disclosure", "I"],
      ["Elevation of privilege", "E"],
    ]);
  });
});

describe("what only sums up", () => {
  const rows = ["S", "T", "R", "I", "D", "E"].flatMap((letter) => [`${letter}1`, `${letter}2`]);
  const sections = [
    ["S — Spoofing", "S"],
    ["T — Tampering", "T"],
    ["R — Repudiation", "R"],
  ]
    .map(
      ([title, letter]) =>
        `## ${title}\n\n### ${letter}1: First trouble with the counter\n\nA visitor does it once.\n\n### ${letter}2: Second trouble with the counter\n\nA visitor does it twice.\n\n`,
    )
    .join("");

  test("a table with one row for each category above the sections that tell the threats", () => {
    const summary =
      "## Summary\n\n| Category | Key Risks | Primary Controls |\n|---|---|---|\n| Spoofing | a mask, a badge | guard |\n| Tampering | a bent coin, a label | scale |\n| Repudiation | a lost receipt | printer |\n\n";
    expect(threatsOf(`# Counter\n\n${summary}${sections}`)).toHaveLength(6);
  });

  test("scenarios beside a long table of numbered threats", () => {
    const table = rows.map((id) => `| ${id} | Trouble ${id} at the counter | ${id.charAt(0)} | a guard |`).join("\n");
    expect(
      threatsOf(
        `# Counter\n\n## Threats\n\n| ID | Threat | STRIDE | Mitigation |\n|---|---|---|---|\n${table}\n\n## Attack Scenarios\n\n### Scenario: A stolen badge\n\nThe thief walks in at noon.\n\n**Mitigations**:\n\n- a guard at the door\n`,
      ),
    ).toHaveLength(12);
  });

  test("a table that counts threats lists none", () => {
    expect(
      threatsOf(
        "# Mostrador\n\n## Matriz\n\n| Categoría | Amenazas Totales | Crítico | Alto |\n|---|---|---|---|\n| Spoofing | 3 | 0 | 2 |\n| Tampering | 5 | 1 | 1 |\n",
      ),
    ).toEqual([]);
  });
});

describe("signs of who, when and which version", () => {
  test("at the foot of the document", () => {
    const filler = "A visitor reaches over the counter and takes a coin.\n\n".repeat(15);
    const { model } = read(`# Counter\n\n## Threats\n\n${filler}---\n*Created by the Counter Team. Version 1.2.0.*\n`);
    expect(model?.documentation.authors.map(({ text }) => text)).toEqual(["the Counter Team"]);
    expect(model?.documentation.version?.text).toBe("1.2.0");
  });

  test("in Spanish", () => {
    const filler = "Un visitante toma una moneda del mostrador.\n\n".repeat(20);
    const { model } = read(
      `# Mostrador\n\n## Amenazas\n\n${filler}---\n\n**Última actualización**: 11 de noviembre de 2025\n**Responsable**: Equipo del mostrador\n`,
    );
    expect(model?.documentation.date?.text).toBe("11 de noviembre de 2025");
    expect(model?.documentation.authors.map(({ text }) => text)).toEqual(["Equipo del mostrador"]);
  });

  test("a version in the title, a lead, an owner in a sentence", () => {
    const { model } = read(
      "# Counter — Threat Model v0.3\n\n**Project security lead**: Ada\n\nLiving document owned by the till team.\n\n## Threats\n\n- A coin is bent to fit the slot of the till.\n- A note is copied on the office printer.\n",
    );
    expect(model?.documentation.version?.text).toBe("0.3");
    expect(model?.documentation.owner?.text).toBe("Ada");
  });

  test("an item that begins with contributors names none", () => {
    const { model } = read(
      "# Counter\n\n## Trust boundaries\n\n1. **Contributor to protected source:** what they send is looked at first.\n\n## Threats\n\n| Threat | Mitigation |\n|---|---|\n| Bent coin | scale |\n",
    );
    expect(model?.documentation.authors).toEqual([]);
  });
});

describe("context without a long description", () => {
  test.each([
    [
      "a sentence, the assets and who attacks",
      "# Counter\n\nThe counter takes coins from visitors and gives them tickets for the ferry that goes to the island every day of the year.\n\n## Assets\n\n- coins\n- tickets\n\n## Threat actors\n\n- A visitor without a coin who wants a ticket\n\n",
      "present",
    ],
    ["assets alone", "# Counter\n\n## Assets\n\n- coins\n- tickets\n\n", "partial"],
    [
      "what STRIDE stands for describes no system",
      "# Counter\n\n## Overview\n\nSTRIDE helps to identify risks by considering six categories of threats that a system can meet:\n\n- **S**poofing - Identity spoofing\n- **T**ampering - Data tampering\n- **R**epudiation - Denying actions taken by oneself\n\n## Scope\n\nThis model covers:\n\n- the counter in the harbour hall\n- the printer of tickets\n- the ledger of the day\n\n",
      "partial",
    ],
  ])("%s", (_title, text, expected) => {
    expect(states(`${text}## Threats\n\n| Threat | Mitigation |\n|---|---|\n| Bent coin | scale |\n`)["context"]).toBe(
      expected,
    );
  });
});

describe("other words for a rating, a flow, a plan", () => {
  test.each([
    ["Chinese", "高", "high"],
    ["Chinese, very high", "**极高**", "critical"],
    ["Korean", "낮음", "low"],
    ["Japanese", "中", "medium"],
  ])("%s", (_title, word, risk) => {
    const { model } = read(`# M\n\n| Threat | Risk | Mitigation |\n|---|---|---|\n| Bent coin | ${word} | scale |\n`);
    expect(model?.threats.map((threat) => threat.risk)).toEqual([risk]);
  });

  test("arrows of box characters between brackets, under trust boundaries", () => {
    expect(
      states(
        "# Till\n\n## Trust Boundaries\n\n```\n[visitor] ── coin ──> [till]\n   [till] ── note ──> [ledger]\n```\n\n## Threats\n\n| Threat | Mitigation |\n|---|---|\n| Bent coin | scale |\n",
      )["dfd"],
    ).toBe("present");
  });

  test("a register of mitigations that rates each risk", () => {
    expect(
      states(
        "# Till\n\n## STRIDE\n\n| Threat | Category | Mitigation |\n|---|---|---|\n| Bent coin | Tampering | scale |\n| False badge | Spoofing | guard |\n\n## Mitigations Matrix\n\n| Risk | Severity | Implemented |\n|---|---|---|\n| Coins that are bent | High | yes |\n| Badges that are lent | Low | no |\n",
      )["risk"],
    ).toBe("present");
  });

  test("boundaries in a table, each with what guards it", () => {
    const found = states(
      "# Plugin\n\nThis document captures the current trust boundaries.\n\n## Trust Boundaries\n\n| Boundary | Untrusted Input | Current Mitigation |\n|---|---|---|\n| Decode | the payload of a stranger | a ceiling of one mebibyte |\n| Files | the files of a stranger | a schema for each file |\n\n## Risks\n\n- a coin that is bent until it fits into the slot of the till: watched by the guard\n- a note that is copied on the printer of the office: watched by the guard\n",
    );
    expect([found["dfd"], found["controls"]]).toEqual(["partial", "partial"]);
  });
});
