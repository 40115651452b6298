import { describe, expect, test } from "@jest/globals";
import { parse, stringify } from "yaml";
import { modelDifference } from "../../src/core/assess/model-difference.ts";
import { deliverableIds, modelFormats } from "../../src/core/domain/threat-model.ts";
import { readModel, readOne } from "../../src/core/readers/read-model.ts";
import { inLimitedProcess } from "../make/limited-process.ts";
import { deliverablesOf, sample, samplesOf } from "./readers/sample.ts";

/* Files built to hurt, and models built to cheat, as they reach a verdict: through the face of the readers. */

const reader = new URL("../../src/core/readers/read-model.ts", import.meta.url).href;

/** The names under which each text is read: every family of parsers is asked. */
const names = [
  "threat-model.yaml",
  "threagile.yaml",
  "shop.otm",
  "tictaac.yml",
  "threat-model.json",
  "threat-model.md",
  "shop.hcl",
  "shop.tm7",
  "dfd.drawio",
  "dfd.puml",
];

/**
 * Reads texts one after the other, each under every name and twice, in one limited process. Gives what it said of each: a
 * word for each wrong reading and "done"; of one that ended the process, and of those after it, nothing.
 */
function inAProcess(expressions: readonly string[]): readonly (readonly string[])[] {
  const program = `
    import { readOne } from ${JSON.stringify(reader)};
    for (const make of [${expressions.map((expression) => `() => ${expression}`).join(", ")}]) {
      const text = make();
      const said = [];
      for (const path of ${JSON.stringify([...names, ...names])}) {
        const { isModel, problems } = readOne({ path, text: text + "" });
        // Prose is a document, whatever it says; how much it is worth is judged by its deliverables.
        if (isModel) { if (!path.endsWith(".md")) said.push(path + " is a model"); }
        else if (problems.length === 0) said.push(path + " says nothing");
      }
      console.log(JSON.stringify([...said, "done"]));
    }`;
  const { stdout, stderr } = inLimitedProcess(program, 60);
  const lines = stdout.trim() === "" ? [] : stdout.trim().split("\n");
  return [...lines.map((line): string[] => JSON.parse(line)), ...(stderr === "" ? [] : [[stderr]])];
}

describe("H055 to H061: no text ends or holds up the process, whatever its name, and none is taken for another tool's model", () => {
  const bomb = `["a: &a [x, x, x, x, x, x, x, x, x]", ..."bcdefghi".split("").map((name, at) => name + ": &" + name + " [" + Array(9).fill("*" + "abcdefgh"[at]).join(", ") + "]")].join("\\n")`;
  const texts: readonly (readonly [string, string])[] = [
    ["H055 nine levels of nine aliases", bomb],
    [
      "H055 the same where a model would stand",
      `"threagile_version: 1\\ntechnical_assets:\\n" + (${bomb}).replace(/^/gm, "  ")`,
    ],
    ["H055 an anchor inside itself", `"&a [*a]"`],
    [
      "H055 a hundred aliases of 9 KB",
      `"a: &a '" + "x".repeat(9000) + "'\\n" + Array.from({ length: 100 }, (_, at) => "b" + at + ": *a").join("\\n")`,
    ],
    ["H056 keys in each other", `"? ".repeat(500) + "x"`],
    ...[1_000, 5_000, 100_000].flatMap((n) => [
      [`H057 ${n} brackets`, `"[".repeat(${n}) + "]".repeat(${n})`] as const,
      [`H057 ${n} lists in each other`, `"- ".repeat(${n}) + "x"`] as const,
    ]),
    ["H058 40,000 keys", `Array.from({ length: 40000 }, (_, at) => "key" + at + ": v").join("\\n")`],
    ["H061 JSON 200,000 deep", `'{"a":'.repeat(200000)`],
    ["H061 JSON of a known format 200,000 deep", `'{"summary":{"title":"x"},"detail":' + "[".repeat(200000)`],
    ["H061 quotes 100,000 deep", `">".repeat(100000) + "x"`],
    ["H061 brackets of links", `"[".repeat(100000)`],
    ["H061 elements 100,000 deep", `"<ThreatModel>" + "<DrawingSurfaceList>".repeat(100000)`],
    [
      "H061 an entity bomb",
      `'<!DOCTYPE ThreatModel [<!ENTITY a "aaaaaaaaaa">' + Array.from({ length: 9 }, (_, at) => '<!ENTITY a' + at + ' "' + ("&a" + (at === 0 ? "" : at - 1) + ";").repeat(10) + '">').join("") + "]><ThreatModel>&a8;</ThreatModel>"`,
    ],
    ["H061 blocks of HCL", `'threatmodel "x" {'.repeat(20000)`],
  ];
  // One process for all: to start one takes longer than to read a text under ten names.
  const said = inAProcess(texts.map(([, expression]) => expression));

  test.each(texts.map(([name], index) => [name, index] as const))("%s", (_, index) => {
    expect(said[index]).toEqual(["done"]);
  });
});

describe("H059: a key given twice is refused with both lines, whatever else reads the file", () => {
  test.each([
    ["plain", "threat-model.yaml", "schemaVersion: 1\nsystem:\n  name: A\n  name: B\n", /3 and on line 4/],
    ["quoted", "threat-model.yaml", 'schemaVersion: 1\nsystem: {name: A, "name": B}\n', /on line 2 and on line 2/],
    ["a number in two spellings", "threat-model.yaml", "schemaVersion: 1\n1: a\n0x1: b\n", /on line 2 and on line 3/],
    [
      "a status that comes later",
      "threat-model.yaml",
      "schemaVersion: 1\nthreats:\n  - id: T-1\n    status: open\n    status: mitigated\n",
      /on line 4 and on line 5/,
    ],
    [
      "in another tool's JSON",
      "threat-model.json",
      '{"summary": {"title": "A"},\n"detail": {"diagrams": []},\n"detail": {}}',
      /Line 3.*first on line 2/,
    ],
  ])("%s", (_, path, text, both) => {
    const read = readOne({ path, text });
    expect([read.isModel, read.problems.length]).toEqual([false, 1]);
    expect(read.problems[0]?.what).toMatch(both);
  });

  test("in another tool's YAML both lines are told as well", () => {
    const text = sample("threagile/threagile.yaml").text;
    const read = readOne({ path: "threagile.yaml", text: `${text}\ntitle: Another\n` });
    expect(read.isModel).toBe(false);
    expect(read.problems[0]?.what).toMatch(/`title` is given twice: on line \d+ and on line \d+/);
  });
});

describe("H060: a header, an anchor or a merge key changes nothing unseen", () => {
  const foreign = ["threagile/threagile.yaml", "otm/booking.otm", "other-yaml/booking-threats.yaml"];

  test.each(foreign)("%s is the same with `%%YAML 1.1` before it", (path) => {
    const file = sample(path);
    const headed = readOne({ path: file.path, text: `%YAML 1.1\n---\n${file.text}` });
    const plain = readOne(file);
    expect(modelDifference(plain.model, headed.model).says).toEqual([]);
    expect(headed.model?.threats.map(({ status }) => status)).toEqual(plain.model?.threats.map(({ status }) => status));
  });

  test.each([
    ["an anchor", "schemaVersion: 1\nsystem: &s\n  name: A\n", "An anchor (`&name`) is used."],
    [
      "an alias and a merge key that bring in a status",
      "schemaVersion: 1\nthreats:\n  - &t {id: T-1, status: mitigated}\n  - <<: *t\n    id: T-2\n",
      "An anchor (`&name`) is used.",
    ],
    ["a merge key", "schemaVersion: 1\nthreats:\n  - id: T-2\n    <<: {status: mitigated}\n", "`<<`"],
    ["a header", "%YAML 1.1\n---\nschemaVersion: 1\nsystem:\n  name: yes\n", "%"],
  ])("in our own format %s is refused", (_, text, words) => {
    const read = readOne({ path: "threat-model.yaml", text });
    expect(read.isModel).toBe(false);
    expect(read.problems[0]?.what).toContain(words);
  });
});

describe("H061: nothing is opened, called or run", () => {
  test.each([
    [
      "shop.tm7",
      '<!DOCTYPE x [<!ENTITY e SYSTEM "http://evil.example/e">]><ThreatModel><MetaInformation><Owner>&e;</Owner></MetaInformation></ThreatModel>',
    ],
    ["shop.tm7", '<!doctype x SYSTEM "file:///etc/passwd"><ThreatModel></ThreatModel>'],
  ])("%s with a document type: %s", (path, text) => {
    expect(readOne({ path, text }).problems.map(({ what }) => what)).toEqual([
      "The file declares a document type or entities, which no model needs.",
    ]);
  });

  test("a pytm script is read by its lines", () => {
    const text =
      'from pytm import TM, Server\nimport os\nos.environ["PWNED"] = "1"\ntm = TM("Shop")\nweb = Server("Web")\ntm.process()\n';
    expect(readOne({ path: "tm.py", text }).model?.elements.map(({ name }) => name)).toEqual(["Web"]);
    expect(process.env["PWNED"]).toBeUndefined();
  });

  test("an include of PlantUML and a template of HCL bring nothing in", () => {
    const puml = readOne({
      path: "dfd.puml",
      text: "@startuml\n!include /etc/passwd\n!includeurl http://evil.example/x.puml\n[A] --> [B]\n@enduml\n",
    });
    expect(puml.model?.elements.map(({ name }) => name)).toEqual(["A", "B"]);
    const hcl = readOne({
      path: "shop.hcl",
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a template of HCL, not of JavaScript
      text: 'spec_version = "0.1.0"\nthreatmodel "Shop" {\n  description = "${file("/etc/passwd")}"\n  author = "sam"\n}\n',
    });
    expect(JSON.stringify(hcl)).not.toContain("root:");
  });
});

describe("H062: keys that name what every object has are data, and no other object changes", () => {
  const keys = ["__proto__", "constructor", "prototype", "hasOwnProperty"];

  test.each(keys)("%s", (key) => {
    const texts: readonly (readonly [string, string])[] = [
      ["threat-model.yaml", `schemaVersion: 1\n${key}: {polluted: 1}\nsystem:\n  name: A\n  ${key}: {polluted: 1}\n`],
      [
        "threat-model.json",
        `{"${key}": {"polluted": 1}, "summary": {"title": "A", "${key}": {"polluted": 1}}, "detail": {"diagrams": [{"cells": [{"${key}": {"polluted": 1}, "shape": "process", "id": "${key}", "data": {"name": "${key}"}}]}]}}`,
      ],
      [
        "threagile.yaml",
        `threagile_version: 1.0.0\n${key}: {polluted: 1}\ntechnical_assets:\n  ${key}:\n    id: ${key}\n    type: process\n`,
      ],
      [
        "shop.otm",
        `otmVersion: 0.2.0\nproject: {name: A, id: a, ${key}: {polluted: 1}}\ncomponents:\n  - {id: ${key}, name: ${key}, type: x, parent: {trustZone: ${key}}}\n`,
      ],
      [
        "shop.hcl",
        `threatmodel "${key}" {\n  author = "a"\n  ${key} = "polluted"\n  threat "${key}" {\n    description = "x y z"\n  }\n}\n`,
      ],
      [
        "threat-model.md",
        `# Threat model\n\n## Threats\n\n| ID | Threat | ${key} |\n|---|---|---|\n| ${key} | ${key} | ${key} |\n`,
      ],
    ];
    for (const [path, text] of texts) {
      const { problems, isModel } = readOne({ path, text });
      expect([path, isModel || problems.length > 0]).toEqual([path, true]);
    }
    expect(Reflect.get({}, "polluted")).toBeUndefined();
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(typeof {}.hasOwnProperty).toBe("function");
  });
});

describe("H063: tags and several documents are refused in our own format", () => {
  test.each(["!!js/function 'return 1'", "!!binary aGk=", "!!set {x, y}", "!!timestamp 2026-03-04", "!custom {k: v}"])(
    "%s",
    (value) => {
      const read = readOne({ path: "threat-model.yaml", text: `schemaVersion: 1\nsystem:\n  name: ${value}\n` });
      expect([read.isModel, read.problems.length]).toEqual([false, 1]);
      expect(read.problems[0]).toMatchObject({ line: 3, severity: "error" });
    },
  );

  test("a second document, which could say the opposite", () => {
    const text = "schemaVersion: 1\nsystem: {name: A}\n---\nschemaVersion: 1\nsystem: {name: B}\n";
    expect(readOne({ path: "threat-model.yaml", text }).isModel).toBe(false);
  });
});

describe("H064: what is not whole UTF-8 text is refused under every name", () => {
  const { text } = sample("native/threat-model.yaml");
  test.each([
    ["UTF-16", Buffer.from(text, "utf16le").toString("utf8")],
    ["a NUL", `${text}# \u0000\n`],
    ["invalid UTF-8", Buffer.from([...Buffer.from(text), 0xff, 0x0a]).toString("utf8")],
    ["an unpaired surrogate", `${text}# \ud800\n`],
  ])("%s", (_, hurt) => {
    for (const path of names) {
      const { isModel, problems } = readOne({ path, text: hurt });
      expect([path, isModel, problems.map(({ severity }) => severity)]).toEqual([path, false, ["error"]]);
    }
  });

  test.each(["\\u0000", "\\ud800"])("written as an escape in JSON: %s", (written) => {
    const dragon = sample("threat-dragon/booking-v2.json").text.replace('"title": "', `"title": "${written}`);
    const { isModel, problems } = readOne({ path: "threat-model.json", text: dragon });
    expect([isModel, problems[0]?.what]).toEqual([
      false,
      expect.stringContaining("half of a surrogate pair or a NUL character"),
    ]);
  });
});

describe("H066: a model of 1.5 MB", () => {
  const filler = (bytes: number) => "x".repeat(bytes);
  test("in our own format and in Markdown is refused by its size", () => {
    for (const path of ["threat-model.yaml", "threat-model.md"]) {
      const { isModel, problems } = readOne({ path, text: `# ${filler(1_500_000)}` });
      expect([isModel, problems.map(({ what }) => what)]).toEqual([
        false,
        ["The file has 1.4 MiB; at most 1 MiB are read."],
      ]);
    }
  });

  test("in another tool's format is read whole, and above 4 MiB refused", () => {
    const dragon = (bytes: number) =>
      JSON.stringify({ ...parse(sample("threat-dragon/booking-v2.json").text), filler: filler(bytes) });
    expect(readOne({ path: "threat-model.json", text: dragon(1_500_000) }).model?.elements).toHaveLength(3);
    expect(readOne({ path: "threat-model.json", text: dragon(5_000_000) }).problems.map(({ what }) => what)).toEqual([
      "The file has 4.8 MiB; at most 4 MiB are read.",
    ]);
  });
});

describe("H068: how a model is written is no update of it", () => {
  const turned = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map(turned)
      : typeof value === "object" && value !== null
        ? Object.fromEntries(
            Object.entries(value)
              .toReversed()
              .map(([key, inner]) => [key, turned(inner)]),
          )
        : value;
  const listsTurned = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map(listsTurned).toReversed()
      : typeof value === "object" && value !== null
        ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, listsTurned(inner)]))
        : value;
  const yamlFormats = ["native", "threagile", "otm", "other-yaml"];

  const rewritten = modelFormats
    .filter((format) => format !== "unknown")
    .flatMap((format) => samplesOf(format).map((file) => ({ format, file })))
    .filter(({ file }) => readOne(file).isModel)
    .flatMap(({ format, file }) => {
      const { text, path } = file;
      const forms: [string, string][] = [
        ["line ends of Windows", text.replaceAll("\n", "\r\n")],
        ["all dates moved to today", text.replace(/\b20\d\d-\d\d-\d\d/g, "2026-11-20")],
      ];
      if (text.trimStart().startsWith("{")) {
        const value: unknown = JSON.parse(text);
        forms.push(["other order of keys", JSON.stringify(turned(value))]);
        forms.push(["other order of entries", JSON.stringify(listsTurned(value))]);
        forms.push(["other white space", JSON.stringify(value, null, 7)]);
      } else if (yamlFormats.includes(format)) {
        const value: unknown = parse(text);
        forms.push(["other order of keys", stringify(turned(value))]);
        forms.push(["other order of entries", stringify(listsTurned(value))]);
        forms.push(["other quoting", stringify(value, { defaultStringType: "QUOTE_DOUBLE" })]);
        forms.push(["comments and empty lines", `# reviewed today\n\n${text}\n# end\n`]);
      }
      return forms.map(([how, bent]) => ({ path, how, text, bent }));
    });

  test.each(rewritten)("$path, $how", ({ path, text, bent }) => {
    const [before, after] = [readModel([{ path, text }]), readModel([{ path, text: bent }])];
    expect(after.isModel).toBe(true);
    expect(modelDifference(before.model, after.model).says).toEqual([]);
  });
});

describe("H076: what fills a deliverable without saying anything is not present", () => {
  const filled = (words: string) =>
    `# Threat model\n\n## Overview\n\n${words}\n\n## Data flow diagram\n\n${words}\n\n## STRIDE\n\n${["Spoofing", "Tampering", "Repudiation", "Information disclosure", "Denial of service", "Elevation of privilege"].map((one) => `### ${one}\n\n${words}\n`).join("\n")}\n## Risk assessment\n\n${words}\n\n## Mitigations\n\n${words}\n\n## User stories\n\n${words}\n\n## Validation plan\n\n${words}\n\n## Metadata\n\nOwner: ${words}\n`;

  test.each([
    "TBD",
    "N/A",
    "TODO",
    "-",
    "None",
    "Secure",
    "To be written.",
    "Describe the threats here.",
    "An attacker may attack the system.",
  ])("%j", (words) => {
    const read = readOne({ path: "threat-model.md", text: filled(words) });
    const deliverables = deliverablesOf(read);
    expect(deliverableIds.filter((id) => deliverables[id].state === "present")).toEqual([]);
  });

  test.each(["TBD", "N/A", "x"])("in the fields of our own format: %j", (words) => {
    const text = `schemaVersion: 1\nsystem:\n  name: ${words}\n  description: ${words}\n  owner: ${words}\nelements:\n  - {id: web, name: web, type: process}\nthreats:\n${["S", "T", "R", "I", "D", "E"].map((letter) => `  - {id: T-${letter}, element: web, stride: [${letter}], title: ${words}, description: ${words}, status: open}\n`).join("")}controls:\n  - {id: C-1, title: ${words}, status: implemented}\nstories:\n  - {id: S-1, threats: [T-S], as: ${words}, need: ${words}, so: ${words}, acceptance: [${words}]}\nvalidations:\n  - {id: V-1, control: C-1, kind: ${words}, how: ${words}, result: ${words}}\n`;
    const deliverables = deliverablesOf(readOne({ path: "threat-model.yaml", text }));
    expect(deliverableIds.filter((id) => deliverables[id].state === "present")).toEqual([]);
  });

  test("the template as it is handed out", () => {
    const read = readOne(sample("markdown/template.md"));
    expect(read.isModel).toBe(false);
  });
});
