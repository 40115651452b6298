import { describe, expect, test } from "@jest/globals";
import { judgeDeliverables } from "../../../../src/core/assess/deliverables.ts";
import { readOne } from "../../../../src/core/readers/read-model.ts";
import { namesTest } from "../../../../src/core/text/placeholders.ts";
import { deliverableRules } from "../sample.ts";

function modelOf(text: string) {
  const { model } = readOne({ path: "docs/threat-model.md", text });
  if (model === undefined) throw new Error("no model");
  return model;
}

function threatsOf(text: string) {
  return modelOf(text).threats.map(({ title, mitigation, status }) => [title, mitigation ?? null, status]);
}

function verdict(text: string, id: "context" | "dfd" | "risk" | "controls" | "stories" | "validation") {
  return judgeDeliverables(modelOf(text), deliverableRules(), { paths: [] })[id].state;
}

const orchard =
  "# Orchard scale\n\nThe scale weighs crates at the gate of the orchard and prints a slip for the driver. The office reads the day's slips.\n\n";

describe("controls told in prose", () => {
  const acting = [
    "Slips are signed by the scale before they leave it.",
    "The printer rejects a slip whose signature is wrong.",
    "The office verifies each slip against the log of the gate.",
    "The gate log is encrypted on the disk of the scale.",
    "Only the foreman's key protects the calibration screen.",
    "Three wrong codes in a row lock the screen, which prevents guessing.",
  ];

  test("six statements of what is done count in part, though no heading or column says so", () => {
    expect(verdict(`${orchard}## Threats\n\nA driver may forge a slip. ${acting.join(" ")}\n`, "controls")).toBe(
      "partial",
    );
  });

  test("five may be chance, and what cannot be done, is asked or is done by an attacker is no control", () => {
    const considered = [
      "The scale cannot prevent a lent key from being used.",
      "Is the log protected against the clerk?",
      "Attackers learn which slips are signed by the office.",
    ];
    expect(
      verdict(
        `${orchard}## Threats\n\nA driver may forge a slip. ${acting.slice(1).join(" ")} ${considered.join(" ")}\n`,
        "controls",
      ),
    ).toBe("missing");
  });

  test("a sentence that begins with the mitigations says it of itself", () => {
    expect(
      verdict(
        `${orchard}## Threats\n\nA driver may forge a slip at night.\n\nMitigations for this include a stamp of the foreman and a second scale.\n`,
        "controls",
      ),
    ).toBe("partial");
  });
});

describe("boundaries, scope and description", () => {
  test("boundaries in a plain list are a part of a data flow diagram", () => {
    expect(
      verdict(
        `${orchard}## Trust Boundaries\n\n- Drivers reach the scale through the window at the gate.\n- The office reads slips over its own cable.\n`,
        "dfd",
      ),
    ).toBe("partial");
  });

  test("zones written into a drawing make it one of trust under any heading", () => {
    const drawn =
      "```\n┌──────────────┐\n│ UNTRUSTED ZONE: driver │\n└──────┬───────┘\n       ▼ slip\n┌──────────────┐\n│ TRUSTED ZONE: scale │\n└──────┬───────┘\n       ▼ weight\n┌──────────────┐\n│ printer │\n└──────────────┘\n```\n";
    expect(verdict(`${orchard}## System architecture\n\n${drawn}`, "dfd")).toBe("present");
  });

  test("a sentence on what the model covers, with its assets, is a context", () => {
    const covers =
      "# Slips\n\nThis model focuses on weighing slips, calibration, the gate log, the printer and the nightly copy to the office.\n\n";
    const assets =
      "## Assets\n\n- The signing key of the scale, which lies in its chip\n- The calibration record that the foreman keeps in the office\n- The slips of the day until the office has read them\n";
    expect(verdict(covers + assets, "context")).toBe("present");
    expect(verdict(`# Slips\n\n${assets}`, "context")).toBe("partial");
  });

  test("a heading that only ends in the word scope, deep in a list of findings, covers nothing", () => {
    const words = "The key of the screen lay in the drawer of the desk and anybody could take it from there at night. ";
    expect(
      verdict(
        `# Findings\n\n## Trust boundaries\n\n- The gate and what is behind it\n- The office\n\n## Resolved\n\n### The drawer of the desk widened its key storage scope\n\n${words.repeat(4)}\n`,
        "context",
      ),
    ).toBe("partial");
  });
});

describe("names of the system and of its boundaries", () => {
  test("headings over the diagram and over the list are no boundaries, the one that names a boundary is", () => {
    const { boundaries, system } = modelOf(
      "# Scale (gate + office) threat model\n\nThe scale weighs crates at the gate for the drivers.\n\n## Trust boundaries\n\n### Data flow diagram (DFD)\n\nDrivers talk to the scale.\n\n### Key trust boundaries\n\nThere are several of them.\n\n### Gate of the orchard\n\nOutside of it are the drivers.\n\n## Threats\n\n- A driver forges a slip of the scale\n- A clerk changes a weight in the log\n",
    );
    expect(boundaries.map(({ name }) => name)).toEqual(["Gate of the orchard"]);
    expect(system.name?.text).toBe("Scale (gate + office)");
  });

  test("a document that begins with its introduction has no name", () => {
    expect(
      modelOf(
        `## Introduction\n\nThe scale weighs crates at the gate.\n\n## Threats\n\n- A driver forges a slip of the scale\n- A clerk changes a weight in the log\n`,
      ).system.name,
    ).toBeUndefined();
  });
});

describe("what is no further threat", () => {
  const scored =
    "| ID | Threat | Likelihood | Impact |\n| --- | --- | --- | --- |\n| S-1 | A driver signs with a borrowed key at the gate | High | High |\n| T-1 | A clerk changes the weight of a crate in the log | Low | High |\n\n";

  test("a table of answers whose rows hold nothing but the ids", () => {
    expect(
      threatsOf(
        `${orchard}## STRIDE analysis\n\n${scored}**Mitigations:**\n\n| Threat | Mitigation |\n| --- | --- |\n| S-1 | Keys are counted each evening |\n| T-1 | The log is append-only |\n`,
      ).map(([title, mitigation]) => [title, mitigation]),
    ).toEqual([
      ["A driver signs with a borrowed key at the gate", "Keys are counted each evening"],
      ["A clerk changes the weight of a crate in the log", "The log is append-only"],
    ]);
  });

  test("a summary by component that names the threats told before it", () => {
    expect(
      threatsOf(
        `${orchard}## Threats\n\n${scored}## Component threat summary\n\n| Component | Primary threats | Mitigations | Status |\n| --- | --- | --- | --- |\n| Gate | S-1 (borrowed key) | Count of keys | Implemented |\n| Log | T-1 (changed weight), S-1 (borrowed key) | Append-only log | Implemented |\n`,
      ),
    ).toHaveLength(2);
  });

  test("a boundary with an id, a description and its controls", () => {
    expect(
      threatsOf(
        `${orchard}## Trust boundaries\n\n### TB-1: The gate\n\n| Property | Description |\n| --- | --- |\n| Crosses | Slips and crates |\n| Controls | The foreman's stamp |\n\n## Threats\n\n${scored}`,
      ),
    ).toHaveLength(2);
  });
});

describe("threats by other signs", () => {
  test("headings side by side that each carry a rating, what was settled included", () => {
    expect(
      threatsOf(
        `${orchard}## Current issues\n\n### Calibration record is kept for ever (Low)\n\nIt grows without end.\n\n- Impact: the disk of the scale fills up.\n- Mitigation: delete records of last year.\n\n## Settled since the last review\n\n### Screen opened without any code at all (was High → Addressed)\n\nAnybody at the gate could calibrate; a code is asked for now.\n\n### Slips could be printed twice a day (was Low → Addressed)\n\nA second print is marked as a copy.\n`,
      ).map(([title]) => title),
    ).toEqual([
      "Calibration record is kept for ever (Low)",
      "Screen opened without any code at all (was High → Addressed)",
      "Slips could be printed twice a day (was Low → Addressed)",
    ]);
  });

  test("the state and the priority that a tool puts behind a title", () => {
    expect(
      threatsOf(
        "# Threat Modeling Report\n\n**Owner:** The orchard\n\n**Description:** The scale weighs crates at the gate and prints a slip for each driver.\n\n### Interaction: slip\n\n#### 1. Slip forged at the printer  [State: Mitigation Implemented]  [Priority: High]\n\n**Category:** Tampering\n\n**Description:** A driver prints a slip of his own.\n\n**Justification:** Slips carry the stamp of the scale.\n\n#### 2. Scale stops at harvest time  [State: Not Applicable]  [Priority: High]\n\n**Category:** Denial Of Service\n\n**Description:** The scale is overloaded by crates.\n\n**Justification:** A second scale stands beside it.\n",
      ),
    ).toEqual([
      ["Slip forged at the printer", "Slips carry the stamp of the scale.", "mitigated"],
      ["Scale stops at harvest time", "A second scale stands beside it.", "not-applicable"],
    ]);
  });

  test("how it is done, how bad it is and the fix, under a lettered heading", () => {
    expect(
      threatsOf(
        "# What could go wrong\n\n## 1. Attackers might:\n\n### A. Copy a key\n\n- **How**: Press it into clay\n- **Risk**: HIGH - slips are forged\n- **Fix**: Number the keys and count them\n\n### B. Guess the code\n\n- **How**: Try all of them\n- **Risk**: MEDIUM - the scale is changed\n- **Fix**: Lock after three tries\n",
      ).map(([, mitigation]) => mitigation),
    ).toEqual(["Number the keys and count them", "Lock after three tries"]);
  });

  test("risks in a plain list, each with what covers it behind the colon", () => {
    expect(
      threatsOf(
        `${orchard}## High-signal risks and coverage\n\n- forged slip at the gate: covered by the stamp of the foreman\n- wrong weight in the log: covered by the second scale\n`,
      ).map(([title, mitigation]) => [title, mitigation]),
    ).toEqual([
      ["forged slip at the gate", "covered by the stamp of the foreman"],
      ["wrong weight in the log", "covered by the second scale"],
    ]);
  });

  test("what each layer defends against", () => {
    expect(
      threatsOf(
        `${orchard}## Layer 1: the gate\n\n**Defends against:**\n\n- Crates that are weighed twice in a day\n- Drivers without a key of their own\n\n## Layer 2: the log\n\n**Defends against:**\n\n- Weights that are changed at night\n- Slips that were never printed\n`,
      ),
    ).toHaveLength(4);
  });
});

describe("tests by their names", () => {
  test.each([
    ["`nist_ia2_`", true],
    ["refuses_expired_slips", true],
    ["scale/gate.test.ts", true],
    ["SlipSignatureTest", true],
    ["tested", false],
    ["testing", false],
    ["yes", false],
    ["TODO_later now", false],
    ["manual", false],
    [undefined, false],
  ])("%p names a test: %p", (text, expected) => {
    expect(namesTest(text)).toBe(expected);
  });

  test("a column of names of tests beside the mechanisms validates them", () => {
    expect(
      verdict(
        `${orchard}## Guarantees\n\n| Guarantee | Mechanism | Test |\n| --- | --- | --- |\n| A slip cannot be forged | Signature of the scale | \`test_slip_forged_refused\` |\n| A weight cannot be changed | Append-only log of the gate | \`test_log_is_append_only\` |\n`,
        "validation",
      ),
    ).toBe("present");
  });
});
