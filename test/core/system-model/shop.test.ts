import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "@jest/globals";
import { firstModel } from "../../../src/core/first-model.ts";
import { readOne } from "../../../src/core/readers/read-model.ts";
import { coverageLines, coverageOf } from "../../../src/core/system-model/coverage.ts";
import { deriveSystem } from "../../../src/core/system-model/system-model.ts";
import { readRules } from "../../../src/shell/local/rule-files.ts";
import { aSurvey, sampleRepository } from "../../make/a-survey.ts";
import fc from "../../make/fast-check.ts";
import { anyCharacters } from "../../make/hostile-text.ts";

const rules = await readRules();
const shop = sampleRepository("shop");
const repository = {
  name: "shop",
  paths: Object.keys(shop),
  texts: Object.entries(shop).map(([path, text]) => ({ path, text })),
  notRead: [],
};
const noPolicy = { repository: { path: ".github/threatgate.yml", reading: { outcome: "absent" } } } as const;
const first = firstModel(repository, noPolicy, rules);

/** The expected text beside the sample; `ACCEPT_TEXTS=1` writes it anew, to be looked at. */
function expected(name: string, text: string): string {
  const path = fileURLToPath(new URL(`../../cases/repositories/${name}`, import.meta.url));
  if (process.env["ACCEPT_TEXTS"] === "1") writeFileSync(path, text);
  return readFileSync(path, "utf8");
}

describe("the first model of a shop", () => {
  test("is this, up to the threats that the library derives", () => {
    const text = first.text
      .slice(0, first.text.indexOf("\nthreats:") + 1)
      .replace(/derives \d+ more/, "derives N more");
    expect(text).toBe(expected("shop.expected.yaml", text));
  });

  test("draws this", () => {
    expect(first.drawing).toBe(expected("shop.expected.md", first.drawing ?? ""));
  });

  test("reads back without a problem, and everything in it is a draft", () => {
    const { isModel, problems, model } = readOne({ path: "threat-model.yaml", text: first.text });
    expect([isModel, problems]).toEqual([true, []]);
    if (!model) throw new Error("no model");
    const ids = [...model.elements, ...model.flows, ...model.boundaries, ...model.threats].map(({ id }) => id);
    expect(ids.filter((id) => !model.drafts.includes(id))).toEqual([]);
    expect(model.elements.map(({ id }) => id)).toEqual(first.derived.model.elements.map(({ id }) => id));
    expect(model.flows.map(({ id }) => id)).toEqual(first.derived.model.flows.map(({ id }) => id));
  });

  test("holds the gravest threats, at most six of one element, and says how many more there are", () => {
    const { model } = readOne({ path: "threat-model.yaml", text: first.text });
    const threats = model?.threats ?? [];
    expect(threats.length).toBe(first.counts.threats);
    expect(threats.length).toBeGreaterThan(5);
    for (const [, same] of Map.groupBy(threats, ({ element }) => element)) expect(same.length).toBeLessThanOrEqual(6);
    for (const { element, impact, likelihood, stride } of threats)
      expect([typeof element, typeof impact, typeof likelihood, stride.length]).toEqual([
        "string",
        "string",
        "string",
        1,
      ]);
    if (first.moreThreats > 0) expect(first.text).toContain(`derives ${first.moreThreats} more threats`);
  });

  test("asks what no file states, and guesses nothing", () => {
    const { model } = readOne({ path: "threat-model.yaml", text: first.text });
    const questions = model?.questionnaire ?? [];
    expect(questions.length).toBe(first.counts.questions);
    expect(questions.filter(({ answer }) => answer !== undefined)).toEqual([]);
    expect(questions.map(({ fact }) => fact)).toContain("exposure");
    expect([model?.system.exposure, model?.system.criticality, model?.system.users]).toEqual([
      undefined,
      undefined,
      [],
    ]);
  });
});

describe("whatever the files are", () => {
  test("their order does not matter", () => {
    const entries = Object.entries(shop);
    const plain = JSON.stringify(deriveSystem(aSurvey(shop, rules)).model);
    fc.assert(
      fc.property(fc.shuffledSubarray(entries, { minLength: entries.length }), (shuffled) => {
        expect(JSON.stringify(deriveSystem(aSurvey(Object.fromEntries(shuffled), rules)).model)).toBe(plain);
      }),
      { numRuns: 15 },
    );
  });

  test("unrelated files change no id", () => {
    const before = deriveSystem(aSurvey(shop, rules)).model;
    const unrelated = fc.constantFrom(
      ["reports/compose.yaml", "services: {reports: {build: .}, reports-store: {image: 'mongo:8'}}"],
      [
        "k8s/search.yaml",
        "apiVersion: v1\nkind: Pod\nmetadata: {name: search}\nspec: {containers: [{name: s, image: elasticsearch}]}",
      ],
      ["infra/other.tf", 'resource "aws_dynamodb_table" "carts" {}\n'],
      ["tools/package.json", '{"dependencies": {"fastify": "5.0.0", "mongodb": "7.0.0"}}'],
      ["docs/notes.md", "# Notes\n"],
      ["jobs/Dockerfile", "FROM python:3.14\n"],
    );
    fc.assert(
      fc.property(fc.uniqueArray(unrelated, { selector: ([path]) => path }), (added) => {
        const after = deriveSystem(aSurvey({ ...shop, ...Object.fromEntries(added) }, rules)).model;
        const ids = new Set([...after.elements, ...after.flows, ...after.boundaries].map(({ id }) => id));
        expect(
          [...before.elements, ...before.flows, ...before.boundaries].map(({ id }) => id).filter((id) => !ids.has(id)),
        ).toEqual([]);
      }),
      { numRuns: 15 },
    );
  });

  test("H053 what a file says becomes neither a part of the model nor a sign for a terminal", () => {
    const wild = anyCharacters(60);
    fc.assert(
      fc.property(wild, wild, (name, value) => {
        const files = {
          "compose.yaml": JSON.stringify({
            services: {
              [`x${name}`]: { image: "postgres", environment: { URL: value } },
              api: { build: ".", depends_on: [`x${name}`] },
            },
          }),
          "README.md": `# A\n\n${value} and this is a sentence of more than six words.\n`,
        };
        const texts = Object.entries(files).map(([path, text]) => ({ path, text }));
        const { text } = firstModel(
          { name: `n${name}`, paths: Object.keys(files), texts, notRead: [{ path: `p${value}`, reason: value }] },
          noPolicy,
          rules,
        );
        expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e]/);
        expect(readOne({ path: "threat-model.yaml", text }).problems).toEqual([]);
      }),
      { numRuns: 15 },
    );
  });

  test("a large repository gives a model that a person can read, and every part is named", () => {
    const services = Array.from(
      { length: 120 },
      (_, index) => `  worker-${index}: { build: ./w${index} }\n  store-${index}: { image: redis }\n`,
    ).join("");
    const derived = deriveSystem(aSurvey({ "compose.yaml": `services:\n${services}` }, rules));
    expect(derived.model.elements.length).toBeLessThanOrEqual(40);
    expect(derived.components.length).toBe(240);
    const plain = derived.model.elements.filter(({ id }) => !derived.holds.has(id));
    expect([...derived.holds.values()].flat().length + plain.length).toBe(240);
    expect(derived.model.elements.length).toBeGreaterThan(30);
  });

  test("a repository in which nothing runs gives an empty model that says so", () => {
    const empty = firstModel(
      { name: "notes", paths: ["a.txt"], texts: [{ path: "a.txt", text: "a" }], notRead: [] },
      noPolicy,
      rules,
    );
    expect([empty.counts.elements, empty.counts.threats, empty.drawing]).toEqual([0, 0, undefined]);
    expect(
      readOne({ path: "threat-model.yaml", text: empty.text }).problems.filter(({ severity }) => severity === "error"),
    ).toEqual([]);
  });
});

describe("coverage", () => {
  const { components } = first.derived;
  const model = (text: string) => {
    const read = readOne({ path: "threat-model.yaml", text: `schemaVersion: 1\n${text}` });
    if (!read.model) throw new Error("no model");
    return read.model;
  };

  test("the first model covers everything it was derived from", () => {
    const { model: written } = readOne({ path: "threat-model.yaml", text: first.text });
    expect(written && coverageOf(components, written, repository.paths)).toEqual({
      found: components.length,
      modelled: components.length,
      unmodelled: [],
      gone: [],
    });
  });

  test("what runs and is not modelled is told with its place; so is what is modelled and gone", () => {
    const partial = model(
      "elements:\n  - {id: frontend, type: http-api, files: [web/**]}\n  - {id: old, type: process, name: Old job, files: [jobs/old.py]}\n  - {id: api, type: http-api}\n  - {id: orders, type: http-api}\n  - {id: redis, type: cache}\n",
    );
    expect(coverageLines(coverageOf(components, partial, repository.paths))).toEqual([
      "coverage: 4 of 13 parts that the repository's files state are in the model",
      "  not modelled  build and deployment (cicd-pipeline)  .github/workflows/release.yml",
      "  not modelled  Container registry (artifact-registry)  .github/workflows/release.yml:12",
      "  not modelled  db (relational-db)  compose.yaml:19",
      "  not modelled  invoices s3 bucket (object-store)  infra/main.tf:22",
      "  not modelled  invoicing lambda function (serverless-function)  infra/main.tf:37",
      "  not modelled  invoicing sqs queue (message-broker)  infra/main.tf:33",
      "  not modelled  queue (message-broker)  compose.yaml:24",
      "  not modelled  shop db instance (relational-db)  infra/main.tf:15",
      "  and 1 more that are not modelled; --format json lists all",
      "  gone          Old job  threat-model.yaml:4: nothing is left of jobs/old.py",
    ]);
  });

  test("an element without files is never called gone", () => {
    expect(coverageOf([], model("elements: [{id: a, type: process}]"), []).gone).toEqual([]);
  });
});
