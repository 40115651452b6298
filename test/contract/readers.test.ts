import { describe, expect, test } from "@jest/globals";
import type { Place } from "../../src/core/domain/problem.ts";
import { deliverableIds, modelFormats, type ReadModel } from "../../src/core/domain/threat-model.ts";
import { readers } from "../../src/core/readers/index.ts";
import { countsOf, readOne } from "../../src/core/readers/read-model.ts";
import { deliverablesOf, samplesOf } from "../core/readers/sample.ts";
import fc from "../make/fast-check.ts";
import { anyCharacters } from "../make/hostile-text.ts";

/** Counts and states of each sample: components, flows, boundaries, threats, mitigated, open; P present, p partial, n not carried. */
const holds: Readonly<Record<string, readonly [string, string]>> = {
  "cyclonedx-tmbom/booking.cdx.json": ["2 1 1 0 0 -", "pPnnnnnP"],
  "drawio/booking.drawio": ["4 3 3 - - -", "pPnnnnnn"],
  "drawio/booking.drawio.svg": ["4 3 3 - - -", "pPnnnnnn"],
  "drawio/compressed.drawio": ["4 3 3 - - -", "pPnnnnnn"],
  "hcltm/booking.hcl": ["3 2 1 2 2 -", "PPPpPnnP"],
  "hcltm/booking.json": ["0 0 0 1 1 -", "P-p-Pnnp"],
  "markdown/stride-headings.md": ["- - - 4 3 -", "P-P-P---"],
  "markdown/threat-model.md": ["3 2 2 3 2 1", "PPPPPPpP"],
  "native/threat-model.yaml": ["3 2 2 3 2 1", "PPPPPPpP"],
  "other-json/booking-threats.json": ["2 1 1 1 1 1", "pPpPP---"],
  "other-yaml/booking-threats.yaml": ["3 2 1 2 2 1", "PPppP--P"],
  "otm/booking.otm": ["3 2 2 2 1 1", "pPpPpnnp"],
  "plantuml/booking.puml": ["4 3 3 - - -", "pPnnnnnn"],
  "plantuml/c4.puml": ["4 3 1 - - -", "pPnnnnnn"],
  "plantuml/sequence.puml": ["3 4 1 - - -", "pPnnnnnn"],
  "pytm/booking.json": ["3 2 2 - - -", "pPnn-nnn"],
  "pytm/booking.py": ["3 2 2 - - -", "PPnn-nnn"],
  "threagile/threagile.yaml": ["3 2 1 3 2 2", "PPppPppP"],
  "threat-composer/booking.tc.json": ["- - - 2 1 1", "PPPppnpn"],
  "threat-dragon/booking-v1.json": ["2 1 1 1 0 1", "pPpP-nn-"],
  "threat-dragon/booking-v2.json": ["3 2 1 3 2 1", "PPPPPnnP"],
  "tictaac/booking.yml": ["3 2 2 - - -", "pPnnnnnp"],
  "tm-library/booking.json": ["3 2 1 2 2 1", "PPpPPn-p"],
  "tm7/booking.tm7": ["2 1 1 2 1 1", "pPpPpnnP"],
};

const letters = { present: "P", partial: "p", missing: "-", "not-carried": "n" } as const;

function summary(read: ReadModel): readonly [string, string] {
  if (read.model === undefined) return ["no model", ""];
  const deliverables = deliverablesOf(read);
  const counts = Object.values(countsOf(read.model)).map((count: number | null) => count ?? "-");
  return [counts.join(" "), deliverableIds.map((id) => letters[deliverables[id].state]).join("")];
}

function placesOf(read: ReadModel): Place[] {
  const { model } = read;
  if (model === undefined) return [];
  return [
    ...model.elements,
    ...model.flows,
    ...model.boundaries,
    ...model.threats,
    ...model.controls,
    ...model.stories,
    ...model.validations,
    ...model.diagrams,
    ...model.passages,
  ].map(({ place }) => place);
}

test("every format but unknown has a reader, and none has two", () => {
  expect(readers.map(({ name }) => name).sort()).toEqual(modelFormats.filter((name) => name !== "unknown").sort());
});

describe.each(readers.map((reader) => [reader.name, reader] as const))("the %s reader", (name, reader) => {
  const samples = samplesOf(name);

  test("has samples of its own", () => {
    expect(samples.length).toBeGreaterThan(0);
  });

  test.each(samples)("reads $path as what it holds", (file) => {
    const read = readOne(file);
    const known = holds[file.path];
    expect(read.format).toBe(name);
    if (known === undefined) expect(read.isModel).toBe(false);
    else {
      expect(read.problems.filter(({ severity }) => severity === "error")).toEqual([]);
      expect(summary(read)).toEqual(known);
    }
  });

  test.each(samples)("gives every part of $path a line of the file", (file) => {
    const lines = file.text.split("\n").length;
    const wrong = placesOf(readOne(file)).filter(
      ({ path, line }) => path !== file.path || (line !== undefined && (line < 1 || line > lines)),
    );
    expect(wrong).toEqual([]);
  });

  test.each(samples)("is the only one of its rank that recognises $path", (file) => {
    const others = readers.filter(
      (other) =>
        other.lastResort === reader.lastResort && other.wants(file.path) && other.recognises(file.path, file.text),
    );
    expect(others.map((other) => other.name)).toEqual([name]);
  });

  test("survives its samples cut off anywhere, and with any character changed", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...samples),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.string({ maxLength: 3 }),
        ({ path, text }, at, put) => {
          const cut = Math.floor(at * text.length);
          const whole = reader.read(path, text.slice(0, cut));
          const changed = reader.read(path, text.slice(0, cut) + put + text.slice(cut + put.length));
          expect(whole.format).toBe(name);
          expect(changed.format).toBe(name);
          expect(Object.keys(deliverablesOf(changed))).toHaveLength(8);
        },
      ),
      { numRuns: 40 },
    );
  });

  test("survives nonsense", () => {
    const nonsense = fc.oneof(
      anyCharacters(400),
      fc.json(),
      fc.constantFrom(
        "\u0000",
        "{",
        "[",
        "<ThreatModel>",
        "---\n- &a [*a]",
        "threats: [",
        "a: {b: {c: [[[[",
        "| a |\n|--|\n|",
        "# \n## \n",
      ),
    );
    fc.assert(
      fc.property(nonsense, (text) => {
        const read = reader.read(samples[0]?.path ?? "x", text);
        expect(read.format).toBe(name);
        if (!read.isModel) expect(read.model).toBeUndefined();
      }),
      { numRuns: 100 },
    );
  });

  test("reads the same text the same way", () => {
    for (const file of samples) expect(readOne(file)).toEqual(readOne(file));
  });
});
