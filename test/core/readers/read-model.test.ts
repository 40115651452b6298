import { describe, expect, test } from "@jest/globals";
import {
  countsOf,
  isModelPath,
  readModel,
  readOne,
  resolveImport,
  wellKnownModelPaths,
} from "../../../src/core/readers/read-model.ts";
import { sample } from "./sample.ts";

describe("names under which teams keep models", () => {
  test.each([
    "docs/THREAT_MODEL.md",
    "threatmodel.yaml",
    "docs/threat-model/README.md",
    ".github/threat-model.yaml",
    "docs/security/threat-modelling.md",
    "security/threat-models/api/model.json",
    "threagile.yaml",
    "models/plant.threagile.yaml",
    "docs/app.tm7",
    "docs/threat-model.tc.json",
    "model.otm",
    "threat_model.py",
    "docs/security/STRIDE.md",
    "docs/stride-analysis.md",
    "docs/security/threat-analysis.md",
  ])("%s is one", (path) => expect(isModelPath(path)).toBe(true));

  test.each([
    "src/threat-model.ts",
    "README.md",
    "node_modules/x/threat-model.md",
    "schemas/threat-model.schema.json",
    "docs/threat-model/diagram.png",
    "docs/threats.md",
    "layers/stride.json",
    "docs/strides.md",
    "threat-model",
  ])("%s is none", (path) => expect(isModelPath(path)).toBe(false));

  test("every well-known path is one", () =>
    expect(wellKnownModelPaths.filter((path) => !isModelPath(path))).toEqual([]));
});

describe("H065: what cannot be a model says why, each in its own words", () => {
  test.each([
    ["empty", " \n"],
    ["only comments", "# nothing yet\n# to come\n"],
    ["a web page", "<!DOCTYPE html><html></html>"],
    ["a Git LFS pointer", "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n"],
    ["merge conflict", "a: 1\n<<<<<<< HEAD\nb: 1\n=======\nb: 2\n>>>>>>> other\n"],
    ["an archive", "PK\u0003\u0004xxxx"],
    ["too large", `schemaVersion: 1\nsystem:\n  name: ${"x".repeat(6_000_000)}\n`],
  ])("%s", (_, text) => {
    const read = readOne({ path: "threat-model.yaml", text });
    expect([read.format, read.isModel, read.model]).toEqual(["native", false, undefined]);
    expect(read.problems).toHaveLength(1);
    expect(read.problems[0]).toMatchObject({ path: "threat-model.yaml", severity: "error" });
  });

  test("the messages differ", () => {
    const texts = [
      "",
      "# c\n",
      "<html>",
      "version https://git-lfs.github.com/spec/v1\n",
      "<<<<<<< a\n=======\n>>>>>>> b\n",
      "PK\u0003\u0004",
    ];
    const messages = texts.map((text) => readOne({ path: "threat-model.yaml", text }).problems[0]?.what);
    expect(new Set(messages).size).toBe(texts.length);
  });
});

test("H064: a byte order mark and Windows line ends change nothing but the file", () => {
  const { text } = sample("native/threat-model.yaml");
  const plain = readOne({ path: "threat-model.yaml", text });
  const marked = readOne({ path: "threat-model.yaml", text: `\uFEFF${text.replaceAll("\n", "\r\n")}` });
  expect(marked).toEqual(plain);
});

test("H061: a file is read by its content, whatever its name claims", () => {
  expect(readOne({ ...sample("threat-dragon/booking-v2.json"), path: "threat-model.tc.json" }).format).toBe(
    "threat-dragon",
  );
  expect(readOne({ ...sample("otm/booking.otm"), path: "threat-model.yaml" }).format).toBe("otm");
});

test("H061: a document type in a .tm7 is refused", () => {
  const text = `<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>\n${sample("tm7/booking.tm7").text}`;
  expect(readOne({ path: "a.tm7", text }).problems.map(({ what }) => what)).toEqual([
    "The file declares a document type or entities, which no model needs.",
  ]);
});

describe("several files, one model", () => {
  const dragon = sample("threat-dragon/booking-v2.json");
  const threat = "3f0a7c1e-1111-4222-8333-444455556666";

  test("our file beside a foreign one carries what that cannot, by the threat's id", () => {
    const own = {
      path: "threat-model.yaml",
      text: `schemaVersion: 1\nstories:\n  - id: s1\n    threats: [${threat}]\n    need: codes that nobody can guess\n    acceptance: [The sixth try is refused.]\nthreats:\n  - id: ${threat}\n    controls: [codes]\ncontrols:\n  - id: codes\n    title: Codes live five minutes\n    status: implemented\n`,
    };
    const read = readModel([dragon, own]);
    expect(read.problems).toEqual([]);
    expect(read.format).toBe("native");
    expect(read.model?.files).toEqual(["threat-model.yaml", dragon.path]);
    expect(read.model?.notCarried).toEqual([]);
    const merged = read.model?.threats.find(({ id }) => id === threat);
    expect(merged).toMatchObject({
      title: "A stranger books in a patient's name",
      status: "mitigated",
      controls: ["codes"],
      stride: ["S"],
    });
    expect(read.model?.threats).toHaveLength(3);
  });

  test("where they contradict each other ours holds, and it is told", () => {
    const own = {
      path: "threat-model.yaml",
      text: `schemaVersion: 1\nthreats:\n  - id: ${threat}\n    status: open\n`,
    };
    const read = readModel([own, dragon]);
    expect(read.model?.threats.find(({ id }) => id === threat)?.status).toBe("open");
    expect(read.problems.map(({ path, severity, what }) => [path, severity, what])).toEqual([
      [
        dragon.path,
        "warning",
        `Threat \`${threat}\` has the status \`mitigated\` here and \`open\` at threat-model.yaml:3.`,
      ],
    ]);
  });

  test("the same id for two different threats keeps both", () => {
    const table = (title: string): string =>
      `# Threats\n\n| ID | Threat | Mitigation |\n|--|--|--|\n| T-1 | ${title} | Watch the logs daily |\n`;
    const read = readModel([
      { path: "a/threat-model.md", text: table("Rows are changed") },
      { path: "b/threat-model.md", text: table("Mails are read") },
    ]);
    expect(read.model?.threats.map(({ title }) => title)).toEqual(["Rows are changed", "Mails are read"]);
    expect(new Set(read.model?.threats.map(({ id }) => id)).size).toBe(2);
    expect(read.problems.map(({ what }) => what)).toEqual([
      "The id `T-1` names another threat at a/threat-model.md:5.",
    ]);
  });

  test("a report beside its source does not double the threats", () => {
    const read = readModel([dragon, { ...dragon, path: "copy.json" }]);
    expect(read.model === undefined ? undefined : countsOf(read.model).threats).toBe(3);
    expect(read.problems).toEqual([]);
  });

  test("references are checked in our own file alone: other formats follow their own grammar", () => {
    const otm = {
      path: "model.otm",
      text: "otmVersion: 0.2.0\nproject: {name: x, id: x}\ntrustZones: [{id: net, name: Net}]\ncomponents: [{id: web, name: Web, parent: {trustZone: net}}]\ndataflows: [{id: f, name: F, source: net, destination: web}]\n",
    };
    const own = { path: "threat-model.yaml", text: "schemaVersion: 1\nthreats:\n  - id: t1\n    element: web\n" };
    expect(readModel([otm, own]).problems).toEqual([]);
  });

  test("imports are followed within the given files", () => {
    const main = {
      path: "docs/threat-model.yaml",
      text: "schemaVersion: 1\nimports: [parts/store.yaml]\nthreats:\n  - id: t1\n    element: db\n",
    };
    const part = {
      path: "docs/parts/store.yaml",
      text: "schemaVersion: 1\nelements:\n  - id: db\n    type: relational-db\n",
    };
    expect(readModel([main, part]).problems).toEqual([]);
    expect(readModel([main]).problems.map(({ line, severity, what }) => [line, severity, what])).toEqual([
      [2, "warning", "The import `parts/store.yaml` was not read."],
    ]);
  });

  test("H067: an import does not leave the repository", () => {
    expect(resolveImport("docs/threat-model.yaml", "../other.yaml")).toBe("other.yaml");
    expect(resolveImport("docs/threat-model.yaml", "../../etc/passwd")).toBeUndefined();
  });

  test("files that are no models leave their problems behind", () => {
    const read = readModel([sample("markdown/guide.md"), { path: "threat-model.yaml", text: "" }]);
    expect([read.isModel, read.problems.length]).toEqual([false, 2]);
  });
});

test("what no reader knows is said to be unknown", () => {
  const read = readOne({ path: "docs/threat-model.xml", text: "<threats><threat/></threats>\n" });
  expect([read.format, read.isModel, read.problems[0]?.what]).toEqual([
    "unknown",
    false,
    "The file is not a threat model in any format that is known.",
  ]);
});

describe("H058: many equal or faulty parts cost time in proportion to their number", () => {
  test("ten thousand equal rows are threats with ids of their own", () => {
    const text = `# Threats\n\n| Threat | Mitigation |\n|--|--|\n${"| Rows are changed | Watch the logs |\n".repeat(10_000)}`;
    const threats = readOne({ path: "threat-model.md", text }).model?.threats ?? [];
    expect([threats.length, new Set(threats.map(({ id }) => id)).size]).toEqual([10_000, 10_000]);
  });

  test("four thousand threats with one id, all told and all kept", () => {
    const text = `schemaVersion: 1\nthreats:\n${"  - {id: t, title: Rows are changed}\n".repeat(4_000)}`;
    const read = readOne({ path: "threat-model.yaml", text });
    expect([new Set(read.model?.threats.map(({ id }) => id)).size, read.problems.length]).toEqual([4_000, 3_999]);
  });

  test.each([
    ["comments never closed", "a.tm7", `<ThreatModel><DrawingSurfaceList>${"<!--".repeat(200_000)}`],
    ["attributes never closed", "a.tm7", `<ThreatModel><DrawingSurfaceList>${'<a b="'.repeat(200_000)}`],
    ["blocks never closed", "a.hcl", `threatmodel "x" {\n${'threat "a" {\n'.repeat(30_000)}`],
    ["a sea of blank lines", "threat_model.py", `${"\n".repeat(900_000)}from pytm import TM`],
    ["preformatted text never closed", "threat-model.md", `# Threats\n\n</pre>${"<pre>".repeat(8_000)}`],
  ])("%s", (_, path, text) => {
    const read = readOne({ path, text });
    expect([read.isModel, read.problems.length > 0]).toEqual([false, true]);
  });
});
