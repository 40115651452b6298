import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "@jest/globals";
import { mermaidOf } from "../../../src/core/diagram/mermaid.ts";
import type { ThreatModel } from "../../../src/core/domain/threat-model.ts";
import { convert, lossLines, type WrittenFormat, written, writtenFormats } from "../../../src/core/fill.ts";
import { readers } from "../../../src/core/readers/index.ts";
import { readOne } from "../../../src/core/readers/read-model.ts";
import { lossesBetween, writeModel } from "../../../src/core/writers/write-model.ts";
import fc from "../../make/fast-check.ts";
import { generatedModel, plainSentence } from "../../make/generated-model.ts";
import { anyHostileText } from "../../make/hostile-text.ts";
import { sample, samplesOf } from "../readers/sample.ts";

const folder = fileURLToPath(new URL("./expected/", import.meta.url));

/** What a format has no place for, as `part` or `part.field`; everything else must survive being written and read. */
const noPlace: Readonly<Record<WrittenFormat, readonly string[]>> = {
  native: [],
  otm: ["story", "validation", "acceptance", "review", "draft"],
  "threat-dragon": [
    "system.id",
    "system.users",
    "system.data",
    "system.links",
    "system.exposure",
    "element.type",
    "element.technology",
    "element.data",
    "element.files",
    "element.facts",
    "flow.data",
    "boundary.parent",
    "threat.stride",
    "threat.impact",
    "threat.likelihood",
    "threat.risk",
    "threat.status",
    "threat.controls",
    "threat.reason",
    "threat.mitigation",
    "control",
    "story",
    "validation",
    "acceptance",
    "review",
    "document.date",
    "draft",
  ],
  markdown: [
    "system.id",
    // Read without its article, and only from eight words on.
    "system.name",
    "system.description",
    "system.exposure",
    "element.type",
    "element.technology",
    "element.data",
    "element.files",
    "element.facts",
    "flow.data",
    "flow.protocol",
    "threat.controls",
    "threat.reason",
    "control",
    "story",
    "validation",
    "acceptance",
    "review",
    "draft",
  ],
  cyclonedx: [
    "system.id",
    "system.owner",
    "system.users",
    "system.data",
    "system.links",
    "system.exposure",
    "element.type",
    "element.data",
    "element.files",
    "element.facts",
    "flow.data",
    "threat",
    "control",
    "story",
    "validation",
    "acceptance",
    "review",
    "document.reviewers",
    "draft",
  ],
};

/** Losses that the format has no excuse for. */
function unexcused(model: ThreatModel, to: WrittenFormat): unknown[] {
  return written(model, to, "yaml").losses.filter(
    ({ part, field }) => !noPlace[to].includes(part) && !noPlace[to].includes(`${part}.${field}`),
  );
}

describe.each(writtenFormats)("a model written as %s", (to) => {
  const small = convert(sample("native/threat-model.yaml"), to);

  test("is this text", () => {
    if (!("text" in small)) throw new Error("The sample is a model.");
    expect(small.text).toBe(readFileSync(`${folder}${to}.txt`, "utf8"));
  });

  test("and this is what does not fit", () => {
    if (!("text" in small)) throw new Error("The sample is a model.");
    expect(lossLines(small).join("")).toBe(readFileSync(`${folder}${to}.losses.txt`, "utf8"));
  });

  test("is read as its own format, without a fault", () => {
    if (!("text" in small)) throw new Error("The sample is a model.");
    const read = readOne({ path: small.fileName, text: small.text });
    const formats = {
      cyclonedx: "cyclonedx-tmbom",
      native: "native",
      otm: "otm",
      markdown: "markdown",
      "threat-dragon": "threat-dragon",
    };
    expect([read.format, read.isModel]).toEqual([formats[to], true]);
    expect(read.problems.filter(({ severity }) => severity === "error")).toEqual([]);
  });

  test("is read without a fault, whatever the names are", () => {
    fc.assert(
      fc.property(generatedModel(anyHostileText().map((hostile) => `Part ${hostile.slice(0, 200)}`)), (model) => {
        const { text, fileName } = written(model, to, "yaml");
        expect(readOne({ path: fileName, text }).problems.filter(({ severity }) => severity === "error")).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  test("keeps what the format has a place for, whatever the names are", () => {
    const text =
      to === "markdown" ? plainSentence() : anyHostileText().map((hostile) => `Part ${hostile.slice(0, 200)}`);
    fc.assert(
      fc.property(generatedModel(text), (model) => {
        expect(unexcused(model, to)).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  test("twice is the same text", () => {
    if (!("text" in small)) throw new Error("The sample is a model.");
    const again = convert({ path: small.fileName, text: small.text }, to);
    if (!("text" in again)) throw new Error("What was written is a model.");
    const third = convert({ path: small.fileName, text: again.text }, to);
    expect("text" in third && third.text).toBe(again.text);
  });

  test("holds nothing raw that cannot be seen", () => {
    fc.assert(
      fc.property(generatedModel(anyHostileText().map((hostile) => `Part ${hostile.slice(0, 200)}`)), (model) => {
        expect(written(model, to, "yaml").text).not.toMatch(/(?![\n\u200d])[\p{Cc}\p{Cf}\u2028\u2029]/u);
      }),
      { numRuns: 40 },
    );
  });
});

test("a text of several lines whose first ends in a colon stays a text, in a list as well", () => {
  const { model } = readOne(sample("native/threat-model.yaml"));
  if (!model) throw new Error("The sample is a model.");
  const controls = model.controls.map((control) => ({ ...control, evidence: ["Seen in:\nthe log", "Two :\nlines"] }));
  expect(written({ ...model, controls }, "native", "yaml").losses).toEqual([]);
});

test("a description that only repeats the title is no loss where it is not read back", () => {
  const { model } = readOne(sample("native/threat-model.yaml"));
  if (!model) throw new Error("The sample is a model.");
  const threats = model.threats.map((threat) => ({ ...threat, description: threat.title }));
  const lost = written({ ...model, threats }, "markdown", "yaml").losses.filter(({ field }) => field === "description");
  expect(lost).toEqual([]);
});

test("what names a flow with an open end, which no file of ours can hold, keeps the words and no reference", () => {
  const cell = (id: string, type: string, more: object) => ({
    id,
    shape: type,
    data: { type: `tm.${type}`, name: id, ...more },
  });
  const flow = {
    ...cell("orders", "Flow", { threats: [{ id: "t1", title: "Orders are read", description: "On the way." }] }),
    source: { x: 900, y: 900 },
    target: { cell: "shop" },
  };
  const text = JSON.stringify({
    version: "2.2.0",
    summary: { title: "Shop" },
    detail: { diagrams: [{ cells: [cell("shop", "Process", {}), flow] }] },
  });
  const { model } = readOne({ path: "threat-model.json", text });
  if (model === undefined) throw new Error("no model");
  const { text: yaml, losses } = written(model, "native", "yaml");
  expect(readOne({ path: "threat-model.yaml", text: yaml }).problems).toEqual([]);
  expect(yaml).toContain("Concerns: orders");
  expect(losses.filter(({ part }) => part === "flow")).toMatchObject([{ part: "flow", id: "orders" }]);
});

test("of two flows alike, one that is not read back is told as lost, not as renamed to the other", () => {
  const { model } = readOne(sample("native/threat-model.yaml"));
  const [first] = model?.flows ?? [];
  if (model === undefined || first === undefined) throw new Error("no model");
  const twin = { ...first, id: "twin" };
  expect(lossesBetween({ ...model, flows: [first, twin] }, { ...model, flows: [first] })).toMatchObject([
    { part: "flow", id: "twin", value: { from: first.from } },
  ]);
  expect(lossesBetween({ ...model, flows: [twin] }, { ...model, flows: [first] })).toMatchObject([
    { part: "flow", id: "twin", field: "id", became: first.id },
  ]);
});

test("arrows to two boundaries with one name lead to an element in each", () => {
  const place = { path: "dfd.drawio", line: 1 };
  const boundary = (id: string) => ({ id, name: "trust boundary", place });
  const flow = (id: string, to: string) => ({ id, from: "web", to, data: [], facts: [], place });
  const { model } = readOne(sample("native/threat-model.yaml"));
  if (model === undefined) throw new Error("no model");
  const drawn: ThreatModel = {
    ...model,
    boundaries: [...model.boundaries, boundary("trust boundary"), boundary("trust boundary (7)")],
    flows: [...model.flows, flow("a", "trust boundary"), flow("b", "trust boundary (7)")],
  };
  const { text } = written(drawn, "native", "yaml");
  const back = readOne({ path: "threat-model.yaml", text });
  expect(back.problems).toEqual([]);
  expect(back.model?.elements.slice(-2).map(({ boundary }) => boundary)).toEqual([
    "trust-boundary",
    "trust-boundary-7",
  ]);
});

test("a risk that a tool let people state beside parts that come to another is kept, and the part that is not is told", () => {
  const { model } = readOne(sample("native/threat-model.yaml"));
  const [first] = model?.threats ?? [];
  if (!model || !first) throw new Error("The sample is a model.");
  const { riskStated: _, ...threat } = first;
  const threats = [
    {
      ...threat,
      id: "T-stated-higher",
      impact: "medium" as const,
      likelihood: "medium" as const,
      risk: "critical" as const,
    },
    { ...threat, id: "T-stated-lower", impact: "high" as const, likelihood: "high" as const, risk: "medium" as const },
    {
      ...threat,
      id: "T-as-its-parts",
      impact: "high" as const,
      likelihood: "high" as const,
      risk: "critical" as const,
    },
  ];
  const { text, losses } = written({ ...model, threats }, "native", "yaml");
  const back = readOne({ path: "threat-model.yaml", text }).model?.threats ?? [];
  expect(back.map(({ id, risk }) => [id, risk])).toEqual([
    ["T-stated-higher", "critical"],
    ["T-stated-lower", "medium"],
    ["T-as-its-parts", "critical"],
  ]);
  expect(losses.filter(({ part }) => part === "threat")).toEqual([
    { part: "threat", id: "T-stated-higher", field: "likelihood", value: "medium" },
    { part: "threat", id: "T-stated-lower", field: "likelihood", value: "high" },
  ]);
});

describe("every sample of every format", () => {
  const files = readers.flatMap(({ name }) => samplesOf(name)).filter((file) => readOne(file).isModel);

  test.each(files.map((file) => [file.path, file] as const))(
    "%s is written in our own format and read back",
    (_, file) => {
      const result = convert(file, "native");
      if (!("text" in result)) throw new Error("The sample is a model.");
      const back = readOne({ path: "threat-model.yaml", text: result.text });
      expect(back.problems.filter(({ severity }) => severity === "error")).toEqual([]);
      const given = readOne(file).model;
      expect(back.model?.threats.map(({ title }) => title.trim())).toEqual(
        given?.threats.map(({ title }) => title.trim()),
      );
      expect(back.model?.elements).toHaveLength(given?.elements.length ?? 0);
    },
  );

  test("loses nothing of our own format", () => {
    const result = convert(sample("native/threat-model.yaml"), "native");
    expect("losses" in result && result.losses).toEqual([]);
    const json = convert(sample("native/threat-model.yaml"), "native", "json");
    expect("losses" in json && [json.losses, json.fileName]).toEqual([[], "threat-model.json"]);
  });
});

test("there is an expected text for every format", () => {
  expect(readdirSync(folder).sort()).toEqual(
    writtenFormats.flatMap((name) => [`${name}.losses.txt`, `${name}.txt`]).sort(),
  );
});

test("a file that is no model is not converted", () => {
  expect("text" in convert(sample("markdown/template.md"), "native")).toBe(false);
});

test("a document reads back as many parts as were written, whatever a foreign file names without holding it", () => {
  const end = fc.constantFrom("element-0", "Elsewhere", "elsewhere ", "boundary-0", "Name of a boundary", "");
  const foreign = fc
    .tuple(generatedModel(plainSentence()), fc.array(fc.tuple(end, end), { maxLength: 4 }), fc.boolean())
    .map(([model, ends, isEmpty]): ThreatModel => {
      const { place } = model.boundaries[0] ?? { place: { path: "dfd.json" } };
      const [first, ...others] = model.elements;
      return {
        ...model,
        boundaries: [...model.boundaries, { id: "named", name: "Name of a boundary", parent: "Zone", place }],
        elements: isEmpty ? [] : [...(first === undefined ? [] : [{ ...first, boundary: "Other zone" }]), ...others],
        flows: [
          ...(isEmpty ? [] : model.flows),
          ...ends.map(([from, to], at) => ({ id: `drawn-${at}`, from, to, data: [], facts: [], place })),
        ],
      };
    });
  fc.assert(
    fc.property(foreign, (model) => {
      const { text, fitted, fileName } = writeModel(model, "markdown", "yaml", (one) => mermaidOf(one, "names"));
      const back = readOne({ path: fileName, text }).model;
      const names = (parts: readonly { readonly name: string }[]): string[] => parts.map(({ name }) => name).sort();
      expect(names(back?.elements ?? [])).toEqual(names(fitted.elements));
      expect(names(back?.boundaries ?? [])).toEqual(names(fitted.boundaries));
      expect(back?.flows).toHaveLength(fitted.flows.filter(({ from, to }) => from !== "" && to !== "").length);
    }),
    { numRuns: 60 },
  );
});

test("a flow that leads to nothing stands in the words of a document, and no arrow does", () => {
  const { model } = readOne(sample("native/threat-model.yaml"));
  const [first] = model?.elements ?? [];
  if (model === undefined || first === undefined) throw new Error("no model");
  const loose = {
    id: "loose",
    name: "sends receipts",
    from: first.id,
    to: "",
    data: [],
    facts: [],
    place: first.place,
  };
  const { text, losses } = written({ ...model, flows: [loose] }, "markdown", "yaml");
  expect(text).toContain(`| ${first.name} to nothing, sends receipts |`);
  expect(text).not.toMatch(/-->|not connected/);
  expect(losses.filter(({ part }) => part === "flow")).toMatchObject([{ value: { name: "sends receipts" } }]);
});
