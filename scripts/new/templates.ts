/** What `npm run new` can write. */
interface Template {
  readonly says: string;
  readonly next: string;
  files(name: string): { readonly path: string; readonly text: string }[];
}

function camel(name: string): string {
  return name.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** Each template is a unit that works and whose test passes, to be changed into what is wanted. */
export const templates: Readonly<Record<string, Template>> = {
  change: {
    says: "a change to watch for: rules/changes/<name>.yml",
    next: "Change the watch and the examples, then: npm run check",
    files: (name) => [
      {
        path: `rules/changes/${name}.yml`,
        text: `id: ${name}
says: "A line that names ${name}: \`{name}\`"
why: Say in one sentence why a reviewer wants to be asked about this.
category: component
stride: [T]
element: { type: web-app, name: ${name} }
watch:
  text:
    paths: ["**/*.ts"]
    added: ["\\\\b${camel(name)}\\\\("]
asks: What must hold for this to be safe, and who says so?
confidence: low
mode: monitor
examples:
  fires:
    - why: a call is added
      path: src/example.ts
      patch: |
        @@ -1,1 +1,2 @@
         const before = 1;
        +${camel(name)}(before);
  silent:
    - why: only a comment speaks of it
      path: src/example.ts
      patch: |
        @@ -1,1 +1,2 @@
         const before = 1;
        +// ${camel(name)} is somewhere else
`,
      },
    ],
  },
  threat: {
    says: "a threat: rules/threats/<name>.yml",
    next: "Write it for an engineer who reads it once; then: npm run check",
    files: (name) => [
      {
        path: `rules/threats/${name}.yml`,
        text: `id: ${name}
title: Say the outcome, not the attack (${name})
why: Two lines on what happens to whom when this is forgotten.
stride: I
appliesTo:
  elements: [object-store]
  when: { yes: [personal-data] }
mitigatedBy:
  - control: What answers it, in a few words
    yes: [access-controlled]
likelihood: medium
impact: medium
cwe: [CWE-732]
theme: AUTHZ
countermeasure: What to do, concretely enough to start on.
story:
  as: owner of the data
  need: what must be so
  so: what does not happen
  acceptance:
    - The usual case works.
    - The forbidden case is refused.
    - The refusal is recorded.
acceptance: One observable test of the countermeasure
training:
  title: OWASP Threat Modeling Cheat Sheet
  url: https://cheatsheetseries.owasp.org/cheatsheets/Threat_Modeling_Cheat_Sheet.html
falsePositives: When it does not apply.
examples:
  fires:
    - why: personal data, and nobody says who may read it
      element: { type: object-store, facts: { personal-data: "yes" } }
  silent:
    - why: access is controlled
      element: { type: object-store, facts: { personal-data: "yes", access-controlled: "yes" } }
`,
      },
    ],
  },
  structure: {
    says: "a family of files that detection reads by meaning: src/core/changes/structures/<name>.ts",
    next: "Read the family in `read`, write rules for its items in rules/changes/; then: npm run check",
    files: (name) => [
      {
        path: `src/core/changes/structures/${name}.ts`,
        text: `import type { Item, StructureReader } from "../structure.ts";

/** Reads files ending in \`.${name}\`: one item for each line \`name = value\`. */
export const structure: StructureReader = {
  name: "${name}",
  wants: (path) => path.endsWith(".${name}"),
  read: (_path, text) => ({ items: text.split("\\n").flatMap(itemOf) }),
};

function itemOf(line: string, index: number): Item[] {
  const [, key, value] = /^\\s*([\\w.-]{1,100})\\s*=\\s*(.{0,500}?)\\s*$/.exec(line) ?? [];
  if (key === undefined || value === undefined) return [];
  return [
    {
      kind: "${name}-setting",
      type: key,
      key,
      name: key,
      attributes: new Map([["value", value]]),
      line: index + 1,
      lines: new Map([["value", index + 1]]),
    },
  ];
}
`,
      },
      {
        path: `test/core/changes/structures/${name}.test.ts`,
        text: `import { expect, test } from "@jest/globals";
import { structure } from "../../../../src/core/changes/structures/${name}.ts";

test("${name}: each setting is an item with its line", () => {
  const read = structure.read("a.${name}", "# words\\nport = 80\\n");
  expect("items" in read && read.items.map((item) => [item.type, item.attributes.get("value"), item.line])).toEqual([
    ["port", "80", 2],
  ]);
});
`,
      },
    ],
  },
  reader: {
    says: "a threat-model format: src/core/readers/<name>.ts",
    next: "Add the format to `modelFormats` in src/core/domain/threat-model.ts if it is new, read it, and put a sample under test/cases/models/; then: npm run check",
    files: (name) => [
      {
        path: `src/core/readers/${name}.ts`,
        text: `import { emptyModel } from "../domain/threat-model.ts";
import type { ModelReader } from "./reader.ts";

/** Reads ${name}: recognised by its first line, with the name of the system behind it. */
export const reader: ModelReader = {
  name: "unknown",
  wants: (path) => path.endsWith(".${name}"),
  recognises: (_path, text) => text.startsWith("${name}:"),
  read: (path, text) => {
    const name = text.slice("${name}:".length).split("\\n", 1)[0]?.trim() ?? "";
    const model = emptyModel("unknown", [path]);
    return {
      format: "unknown",
      isModel: name !== "",
      model: { ...model, system: { ...model.system, name: { text: name, place: { path, line: 1 } } } },
      problems: [],
    };
  },
};
`,
      },
      {
        path: `test/core/readers/${name}.test.ts`,
        text: `import { expect, test } from "@jest/globals";
import { reader } from "../../../src/core/readers/${name}.ts";

test("${name}: the system's name is read with its place", () => {
  expect(reader.read("a.${name}", "${name}: Payments\\n").model?.system.name).toEqual({
    text: "Payments",
    place: { path: "a.${name}", line: 1 },
  });
});
`,
      },
    ],
  },
};
