import { describe, expect, test } from "@jest/globals";
import { readOne } from "../../../../src/core/readers/read-model.ts";

function read(text: string, path = "docs/threat-model.md") {
  return readOne({ path, text });
}

function threatsOf(text: string) {
  return (read(text).model?.threats ?? []).map(({ title, stride, mitigation }) => [
    title,
    stride.join(""),
    mitigation ?? null,
  ]);
}

describe("tables of threats, by what their headers say", () => {
  test.each([
    ["German", "Bedrohung", "Gegenmaßnahme"],
    ["French", "Menace", "Contre-mesure"],
    ["Spanish", "Amenaza", "Contramedida"],
    ["Portuguese", "Ameaça", "Mitigação"],
    ["Italian", "Minaccia", "Contromisura"],
    ["Russian", "Угроза", "Меры защиты"],
    ["Chinese", "威胁", "缓解措施"],
    ["Japanese", "脅威", "対策"],
    ["Korean", "위협", "대응 방안"],
  ])("%s", (_language, threat, mitigation) => {
    expect(threatsOf(`# M\n\n| ${threat} | ${mitigation} |\n|---|---|\n| Forged cookie | Signed cookies |\n`)).toEqual([
      ["Forged cookie", "", "Signed cookies"],
    ]);
  });

  test("a word before the name, and another team's number for the id", () => {
    const model = read(
      "# M\n\n| Old ID | Identified Threat | Category | Mitigation Implemented |\n|---|---|---|---|\n| S-1 | Forged cookie of a shopper | **Spoofing** | Signed cookies |\n",
    ).model;
    expect(model?.threats.map(({ id, title, stride }) => [id, title, stride])).toEqual([
      ["S-1", "Forged cookie of a shopper", ["S"]],
    ]);
  });

  test("a category that stands among other schemes", () => {
    expect(
      threatsOf(
        "# M\n\n| # | Title | Severity | Framework |\n|---|---|---|---|\n| 1 | Port without a password | High | STRIDE:E / CWE-306 |\n",
      ),
    ).toEqual([["Port without a password", "E", null]]);
  });

  test("a mapping onto a catalogue lists no threats", () => {
    expect(
      threatsOf(
        "# Threat model\n\n## NIST mapping to controls\n\n| Function | Category | Control |\n|---|---|---|\n| Protect | Access Control | PR.AC-4 |\n",
      ),
    ).toEqual([]);
  });
});

describe("a register beside the threats", () => {
  const told =
    "# Threat model\n\n## Threats\n\n### T1: Forged session cookie\n\n**Description:** Somebody makes a cookie.\n**Impact:** Complete loss of the account\n\n### T2: Changed prices\n\n**Description:** Somebody posts other prices.\n**Impact:** Low - a few coins\n\n";

  test("adds its ratings to the threats of the same ids", () => {
    const text = `${told}## Risk matrix\n\n| Threat ID | Threat | Likelihood | Impact | Risk |\n|---|---|---|---|---|\n| T1 | Cookie forgery | Low | High | Medium |\n| T2 | Prices | Low | High | Medium |\n`;
    expect(
      read(text).model?.threats.map(({ id, title, impact, likelihood, risk }) => [id, title, impact, likelihood, risk]),
    ).toEqual([
      ["T1", "Forged session cookie", "high", "low", "medium"],
      ["T2", "Changed prices", "low", "low", "medium"],
    ]);
  });

  test("whose ids mean something else stays a list of its own", () => {
    const text = `${told}## Other threats\n\n| Threat ID | Threat | Mitigation |\n|---|---|---|\n| T1 | Broken backup tape | Two copies |\n| T2 | Flooded cellar | Another cellar |\n`;
    expect(read(text).model?.threats).toHaveLength(4);
  });
});

describe("mitigations that stand elsewhere", () => {
  test("a requirement names the id of the threat", () => {
    expect(
      threatsOf(
        "# Threat model\n\n## Threats\n\n* **S-1: Stolen session:** Somebody reads the cookie of another shopper.\n* **T-1: Changed prices:** Somebody posts other prices to the cart.\n\n## Security requirements\n\n* **SR1:** Cookies are read by the server alone (**S-1**).\n",
      ),
    ).toEqual([
      [
        "Stolen session: Somebody reads the cookie of another shopper.",
        "",
        "SR1: Cookies are read by the server alone (S-1).",
      ],
      ["Changed prices: Somebody posts other prices to the cart.", "", null],
    ]);
  });

  test("an id of figures alone is looked for nowhere", () => {
    expect(
      threatsOf(
        "# Threat model\n\n| ID | Threat | Status |\n|---|---|---|\n| 1 | Stolen session | Open |\n\n## Recommendations\n\n1. Buy 1 new server.\n",
      ),
    ).toEqual([["Stolen session", "", null]]);
  });
});

describe("fields and lists as people write them", () => {
  test("labels that end in a full stop, under headings of any name", () => {
    expect(
      threatsOf(
        "# What we defend against\n\n## 1. An injected prompt empties the wallet\n\n**Attack.** A page tells the agent to pay.\n\n**Our defense.** A mandate names the payee.\n\n**Residual risk.** The user signs anything.\n",
      ),
    ).toEqual([["An injected prompt empties the wallet", "", "A mandate names the payee."]]);
  });

  test("a field that follows a list without an empty line", () => {
    const [threat] =
      read(
        "# Threat model\n\n## Threats\n\n### T1: Read messages\n\n**Impact:** Critical - content exposed\n**Mitigations:**\n- Encryption end to end\n- No plain option\n**Residual Risk:** Low - the cipher would have to break\n",
      ).model?.threats ?? [];
    expect([threat?.impact, threat?.riskStated, threat?.risk, threat?.mitigation]).toEqual([
      "high",
      "Low",
      "low",
      "Encryption end to end No plain option",
    ]);
  });

  test("a list that a sentence announces", () => {
    expect(
      threatsOf(
        "# Threat model\n\n## Lower edge\n\nThe socket is shared. The threats at this level include:\n\n- **Sniffing**: somebody reads the packets of others.\n- **Flooding**: somebody sends more than we can take.\n\n## What we rely on\n\nWe are protected against these attacks from others:\n\n- **Theft**: the house is locked at night.\n- **Fire**: the house is of stone and steel.\n",
      ),
    ).toEqual([
      ["Sniffing", "", null],
      ["Flooding", "", null],
    ]);
  });

  test("sentences beside a table of a category are no threat of their own", () => {
    expect(
      threatsOf(
        "# STRIDE\n\n## S — Spoofing\n\n| Threat | Mitigation |\n|---|---|\n| Forged cookie | Signed cookies |\n\n**Residual risk:** whoever has both the session and the seed wins the account.\n",
      ),
    ).toEqual([["Forged cookie", "S", "Signed cookies"]]);
  });
});

describe("tests in tables of their own", () => {
  const head =
    "# Threat model\n\n## Threats\n\n| ID | Threat | STRIDE | Mitigation |\n|---|---|---|---|\n| T1 | Forged session cookie | S | Signed cookies |\n\n";

  test("by the id of the threat", () => {
    const model = read(
      `${head}## Validation plan\n\n| Threat ID | How it is tested | Result |\n|---|---|---|\n| T1 | Integration test with a forged cookie | passed |\n`,
    ).model;
    expect(model?.controls.map(({ title }) => title)).toEqual(["Signed cookies"]);
    expect(
      model?.validations.map(({ control, how, result }) => [control === model.controls[0]?.id, how, result]),
    ).toEqual([[true, "Integration test with a forged cookie", "passed"]]);
  });

  test("by the name of the control, with its result", () => {
    const model = read(
      `${head}## Checks\n\n| Control | Verification | Result |\n|---|---|---|\n| Limit at the gateway | Load test every night | passed |\n`,
    ).model;
    expect(model?.controls.map(({ title }) => title)).toEqual(["Limit at the gateway"]);
    expect(model?.validations.map(({ how, result }) => [how, result])).toEqual([["Load test every night", "passed"]]);
  });
});

describe("H076 what only looks like a model", () => {
  test("H076 an index of other documents", () => {
    const file = read(
      "# Threat model\n\nThe canonical threat model is [phase 7](../phase-7/threat-model.md).\n\n| Topic | Document |\n|---|---|\n| Backup | [Phase 8](../phase-8/backup.md) |\n",
      "docs/threat-model/README.md",
    );
    expect([file.isModel, file.problems.map(({ what }) => what)]).toEqual([
      false,
      ["The document only points to others: `../phase-7/threat-model.md`, `../phase-8/backup.md`."],
    ]);
  });

  test("H076 a guide with an example diagram", () => {
    const file = read(
      "# Threat Modeling in our clusters\n\nThe tool draws a graph that helps to reason about movement between services.\n\n## What is Threat Modeling?\n\nIt is the practice of asking what may go wrong in a system before somebody else does.\n\n## Example data flow\n\n```\n[pod] --> [account] --> [role]\n```\n",
      "docs/threat-modeling.md",
    );
    expect([file.isModel, file.problems.map(({ what }) => what)]).toEqual([
      false,
      ["The document is a guide to threat modelling, not a model of a system."],
    ]);
  });
});

describe("the least that teams write", () => {
  test("a heading over a plain list", () => {
    const text =
      "# Threat model\n\n## Main threats\n\n- Firmware replaced by a forged update.\n- Credentials read from the flash memory.\n";
    expect(threatsOf(text).map(([title]) => title)).toEqual([
      "Firmware replaced by a forged update.",
      "Credentials read from the flash memory.",
    ]);
  });

  test("which sums up, where threats are told with more than a line", () => {
    const text =
      "# Threat model\n\n## Threats\n\n- Somebody forges a session.\n- Somebody changes prices.\n\n## Details\n\n### T1: Forged session\n\n**Impact:** High\n**Mitigation:** Signed cookies\n";
    expect(threatsOf(text)).toEqual([["Forged session", "", "Signed cookies"]]);
  });

  test("a rating in the heading", () => {
    const text =
      "# Threat model\n\n## Spoofing — Severity: Critical\n\n- **Threat**: A forged token\n- **Mitigation**: Signatures\n\n## Threats\n\n### [High] An open port\n\n**Impact:** anybody may read\n**Mitigation:** A password\n\n### A weak cipher (Low)\n\n**Impact:** none yet\n**Mitigation:** Another one\n";
    expect(read(text).model?.threats.map(({ risk }) => risk)).toEqual(["critical", "high", "low"]);
  });
});

describe("headings, labels and tables that look like something else", () => {
  test("a heading with an id and a category is one threat, not a list of them", () => {
    const text =
      "# Threat model\n\n## STRIDE analysis\n\n### Radio\n\n#### T1.1: Spoofing — Fake adverts\n\n- **Type:** Spoofing\n- **Description:** Somebody sends adverts of a device that is none.\n- **Likelihood:** MEDIUM (needs to be near)\n- **Impact:** HIGH (a device of others in the mesh)\n- **Current Mitigation:**\n  - Only known prefixes\n- **Status:** MITIGATED\n";
    const [threat, ...others] = read(text).model?.threats ?? [];
    expect(others).toEqual([]);
    expect([
      threat?.id,
      threat?.stride,
      threat?.likelihood,
      threat?.impact,
      threat?.status,
      threat?.mitigation,
    ]).toEqual(["T1.1", ["S"], "medium", "high", "mitigated", "Only known prefixes"]);
  });

  test("lines that nothing marks as labels, over lists", () => {
    const text =
      "# Threat model\n\n## STRIDE\n\n### Spoofing Identity\n\nThreats\n\n- Stolen tokens of users\n- Sessions taken over by others\n\nCurrent Mitigations\n\n- Short lives\n\nGaps / Risks\n\n- No second factor\n";
    expect(threatsOf(text)).toEqual([
      ["Stolen tokens of users", "S", "Short lives"],
      ["Sessions taken over by others", "S", "Short lives"],
    ]);
  });

  test("threats of an asset, listed under its heading", () => {
    const text =
      "# Threats to our assets\n\n## Critical assets\n\n### Signing key\n\n**Threats**:\n- Theft of the key from the module\n- Use of the key by an insider\n\n**Countermeasures**:\n- A hardware module with two keepers\n";
    expect(threatsOf(text).map(([title]) => title)).toEqual([
      "Theft of the key from the module",
      "Use of the key by an insider",
    ]);
  });

  test("what explains the categories or counts by them lists no threats", () => {
    const text =
      "# Threat model\n\n## Method\n\n| Category | Definition | Examples |\n|---|---|---|\n| Spoofing | Taking another's name | A false mail |\n\n## Summary\n\n| STRIDE Category | Count | Mitigated |\n|---|---|---|\n| Spoofing | 3 | 2 |\n";
    expect(threatsOf(text)).toEqual([]);
  });

  test("several threats in one cell of a category", () => {
    const text =
      "# Threat model\n\n<table><tr><th>Thread</th><th>Issues</th></tr><tr><td>Spoofing</td><td><strong>Spoof.1</strong> - A stolen key signs in.<br><strong>Spoof.2</strong> - A contract looks like ours.</td></tr></table>\n";
    expect(read(text).model?.threats.map(({ id, title, stride }) => [id, title, stride])).toEqual([
      ["Spoof.1", "A stolen key signs in.", ["S"]],
      ["Spoof.2", "A contract looks like ours.", ["S"]],
    ]);
  });

  test("a drawing of brackets and arrows under trust boundaries is a data flow diagram", () => {
    const text =
      "# Threat model\n\n## Trust Boundaries\n\n```\n[Browser] --(HTTPS)--> [API]\n                          |\n                     [Database]\n```\n\n## Threats\n\n| Threat | Mitigation |\n|---|---|\n| Forged cookie | Signed cookies |\n";
    expect(read(text).model?.diagrams).toMatchObject([{ kind: "ascii", isDataFlow: true, hasBoundaries: true }]);
  });

  describe("boxes under trust boundaries are a data flow diagram when they show flows between parts", () => {
    const box = (...lines: readonly string[]): string =>
      ["+----------------+", ...lines.map((line) => `| ${line.padEnd(14)} |`), "+----------------+"].join("\n");
    const under = (drawing: string) =>
      read(
        `# Threat model\n\n## Trust boundaries\n\n\`\`\`\n${drawing}\n\`\`\`\n\n## Threats\n\n| Threat | Mitigation |\n|---|---|\n| Forged order | Signed orders |\n`,
      ).model?.diagrams.map(({ isDataFlow }) => isDataFlow);

    test.each([
      ["arrows down", [box("Untrusted", "Guest"), "   | HTTPS", "   v", box("Shop"), "   |", "   ▼", box("Orders")]],
      ["two arrows on one line", [box("Untrusted", "Guest"), "   v          v", box("Shop  | Mail")]],
      ["arrows along", [box("Untrusted zone"), "Guest --> Shop", "Shop -> Orders", box("Trusted zone")]],
      ["a bar alone below", [box("Untrusted"), "Guest --> Shop", "             |", "           Orders", box("Stock")]],
      ["a part beside another", [box("Internet"), "[Guest]  --> [Shop]"]],
      [
        "a fork without heads",
        [box("Untrusted"), "Guest --> Shop", "     |", "+----+----+", "|         |", box("Orders", "Mail")],
      ],
    ])("%s", (_, drawing) => {
      expect(under(drawing.join("\n"))).toEqual([true]);
    });

    test.each([
      ["one zone above another", [box("Untrusted", "Guests"), "   | HTTPS", "   v", box("Trusted", "Shop", "Orders")]],
      ["one zone beside another", [box("Seen"), "| Internet | ---> | Trusted zone |", box("Shop")]],
      ["remarks in a list", [box("Untrusted", "-> no keys", "-> no rights"), box("Trusted", "→ all keys")]],
      ["one chain of calls", [box("Untrusted"), "Guest --> [Parse] --> [Check] --> [Order]", box("Trusted")]],
    ])("not %s", (_, drawing) => {
      expect(under(drawing.join("\n"))).toEqual([false]);
    });
  });
});
