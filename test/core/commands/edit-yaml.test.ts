import { describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import { addEntry, addText, dropItems, editYaml, entryWith, listAt } from "../../../src/core/commands/edit-yaml.ts";
import fc from "../../make/fast-check.ts";

const order = ["schemaVersion", "elements", "threats", "controls", "drafts"];

/** Settles threat `T-1` by control `C-9`, which is new. */
function settle(text: string | undefined): string {
  return editYaml(text, { schemaVersion: 1 }, (document) => {
    const entry =
      entryWith(document, "threats", "id", "T-1") ??
      addEntry(document, listAt(document, "threats", order), { id: "T-1" });
    entry.set("status", "mitigated");
    addText(document, entry, "controls", "C-9");
    addEntry(document, listAt(document, "controls", order), { id: "C-9", title: "Login" });
    dropItems(document, "drafts", (draft) => draft === "T-1");
  });
}

const files: [string, string | undefined, string][] = [
  [
    "a new file",
    undefined,
    "schemaVersion: 1\nthreats:\n  - id: T-1\n    status: mitigated\n    controls: [C-9]\ncontrols:\n  - id: C-9\n    title: Login\n",
  ],
  [
    "a file with comments, blank lines and its own spacing",
    "# Ours\nschemaVersion: 1   # first\n\nthreats:\n- id: T-1    # what we fear\n  status: open   # for now\n\n- id: T-2\n  status: 'open'\n",
    "# Ours\nschemaVersion: 1   # first\n\nthreats:\n- id: T-1    # what we fear\n  status: mitigated # for now\n  controls: [C-9]\n\n- id: T-2\n  status: 'open'\ncontrols:\n- id: C-9\n  title: Login\n",
  ],
  [
    "four spaces, and a list between the others",
    "schemaVersion: 1\nthreats:\n    -   id: T-1\n        status: open\ndrafts:\n    - T-1\n    - T-2\n",
    "schemaVersion: 1\nthreats:\n    - id: T-1\n      status: mitigated\n      controls: [C-9]\ncontrols:\n    - id: C-9\n      title: Login\ndrafts:\n    - T-2\n",
  ],
  [
    "entries on one line",
    "schemaVersion: 1\nthreats:\n  - { id: T-1, status: open, controls: [C-1] }\n  - { id: T-2, status: open }\n",
    "schemaVersion: 1\nthreats:\n  - { id: T-1, status: mitigated, controls: [ C-1, C-9 ] }\n  - { id: T-2, status: open }\ncontrols:\n  - id: C-9\n    title: Login\n",
  ],
  [
    "lists that are empty or left blank, and a draft that is confirmed",
    "schemaVersion: 1\nthreats: []\ncontrols:\ndrafts: [T-1]\n",
    "schemaVersion: 1\nthreats:\n  - id: T-1\n    status: mitigated\n    controls: [C-9]\ncontrols:\n  - id: C-9\n    title: Login\n",
  ],
  [
    "a long text that is folded, and one in a block",
    "schemaVersion: 1\nthreats:\n  - id: T-1\n    title: Somebody\n      reads it\n    description: |\n      One\n      two\n    status: open\n",
    "schemaVersion: 1\nthreats:\n  - id: T-1\n    title: Somebody\n      reads it\n    description: |\n      One\n      two\n    status: mitigated\n    controls: [C-9]\ncontrols:\n  - id: C-9\n    title: Login\n",
  ],
];

describe("a change of a YAML file", () => {
  test.each(files)("keeps everything else as it stands: %s", (_, before, after) => {
    expect(settle(before)).toBe(after);
  });

  test("keeps Windows line ends and a byte order mark", () => {
    const text = "\ufeffschemaVersion: 1\r\nthreats:\r\n- id: T-1\r\n  status: open\r\n";
    expect(settle(text)).toBe(
      "\ufeffschemaVersion: 1\r\nthreats:\r\n- id: T-1\r\n  status: mitigated\r\n  controls: [C-9]\r\ncontrols:\r\n- id: C-9\r\n  title: Login\r\n",
    );
  });

  test("means the change and nothing else, however the file is laid out", () => {
    const text = fc.constantFrom(
      "a",
      "two words",
      "'quoted'",
      '"q"',
      "x: y",
      "# no comment",
      "- item",
      "1",
      "true",
      "ü 😀",
      "",
    );
    const entry = fc.record({
      id: fc.constantFrom("T-2", "T-3", "X"),
      title: text,
      status: fc.constantFrom("open", "accepted"),
    });
    const layout = fc.constantFrom(2, 3, 4);
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 4 }), layout, fc.boolean(), (threats, indent, flow) => {
        const value = { schemaVersion: 1, threats: [{ id: "T-1", title: "It", status: "open" }, ...threats] };
        const before = flow
          ? `schemaVersion: 1\nthreats: ${JSON.stringify(value.threats)}\n`
          : JSON.stringify(value, null, indent);
        const expected = {
          schemaVersion: 1,
          threats: [{ id: "T-1", title: "It", status: "mitigated", controls: ["C-9"] }, ...threats],
          controls: [{ id: "C-9", title: "Login" }],
        };
        expect(parse(settle(before))).toEqual(expected);
      }),
    );
  });
});
