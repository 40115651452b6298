import { readdirSync, readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { Command } from "commander";
import { parse } from "yaml";
import { z } from "zod";
import { templates } from "../../scripts/new/templates.ts";
import { elementTypeIds } from "../../src/core/domain/element-type.ts";
import { organisationPolicySchema, repositoryPolicySchema } from "../../src/core/domain/policy.ts";
import { presets } from "../../src/core/domain/policy-presets.ts";
import { flattenPolicy } from "../../src/core/domain/policy-strictness.ts";
import { changeRuleSchema, threatRuleSchema } from "../../src/core/domain/rules.ts";
import { effectivePolicy } from "../../src/core/policy.ts";
import { nativeSchema } from "../../src/core/readers/native-schema.ts";
import { readOne } from "../../src/core/readers/read-model.ts";
import { commands } from "../../src/entry/command-table.ts";
import { handledEvents } from "../../src/shell/github/events.ts";
import { createMetrics } from "../../src/shell/web/metrics.ts";
import { deliverablesOf } from "../core/readers/sample.ts";
import { Contract } from "../github/contract.ts";

/*
 * The pages that people write are held to the code that they describe: tables, keys, defaults, names, commands, links.
 * The pages of rules are generated and checked by `npm run generate -- --check`.
 */

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const textOf = (path: string): string => readFileSync(join(root, path), "utf8");
const pages = readdirSync(join(root, "docs"))
  .filter((name) => name.endsWith(".md"))
  .map((name) => `docs/${name}`)
  .concat("README.md", "CONTRIBUTING.md", "SECURITY.md");

/** Rows of the table below a heading, each a list of cells. */
function tableBelow(path: string, heading: string): string[][] {
  const lines = textOf(path).split("\n");
  const start = lines.findIndex((line) => /^#+ /.test(line) && line.replace(/^#+ /, "") === heading);
  if (start < 0) throw new Error(`${path} has no heading "${heading}".`);
  const end = lines.findIndex((line, index) => index > start && /^#+ /.test(line));
  const rows = lines.slice(start, end < 0 ? undefined : end).filter((line) => line.startsWith("|"));
  return rows.slice(2).map((row) =>
    row
      .replace(/^\||\|\s*$/g, "")
      .split(/(?<!\\)\|/)
      .map((cell) => cell.trim()),
  );
}

const bare = (cell: string | undefined): string => (cell ?? "").replaceAll("`", "");

/** Names of all fields of a schema, at any depth. */
function fieldsOf(schema: z.ZodType): string[] {
  const names = new Set<string>();
  const visit = (node: unknown): void => {
    if (typeof node !== "object" || node === null) return;
    for (const [key, value] of Object.entries(node)) {
      if (key === "properties") for (const name of Object.keys(value as object)) names.add(name);
      visit(value);
    }
  };
  visit(z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }));
  return [...names].sort();
}

/** Dotted keys of a policy file as its JSON Schema gives them; what lies in a list belongs to the list. */
function keysOf(schema: z.ZodType): string[] {
  type Node = { readonly properties?: Readonly<Record<string, Node>> };
  const keys = (node: Node, prefix: string): string[] =>
    Object.entries(node.properties ?? {}).flatMap(([name, inner]) =>
      inner.properties ? keys(inner, `${prefix}${name}.`) : [`${prefix}${name}`],
    );
  return keys(z.toJSONSchema(schema, { io: "input" }) as Node, "");
}

const fenced = (path: string, language: string): string[] =>
  [...textOf(path).matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)]
    .filter(([, found]) => found === language)
    .map(([, , code = ""]) => code);

describe("for administrators", () => {
  const page = "docs/for-administrators.md";
  const [manifest, full] = ["app.yml", "app.full.yml"].map((name) =>
    z
      .object({ default_permissions: z.record(z.string(), z.string()), default_events: z.array(z.string()) })
      .parse(parse(textOf(name))),
  );
  if (!manifest || !full) throw new Error("a manifest is missing");

  test("the table of permissions is the manifest's", () => {
    const told = tableBelow(page, "Permissions").map(([name, access]) => [bare(name), bare(access)]);
    expect(Object.fromEntries(told)).toEqual(manifest.default_permissions);
  });

  test("the table of optional permissions is what the full manifest asks for beside", () => {
    const told = tableBelow(page, "Optional permissions").map(([name, access]) => [bare(name), bare(access)]);
    expect({ ...manifest.default_permissions, ...Object.fromEntries(told) }).toEqual(full.default_permissions);
  });

  test("the table of events is the manifest's, and each is handled", () => {
    const told = tableBelow(page, "Events").map(([name]) => bare(name));
    expect(told.sort()).toEqual(manifest.default_events.toSorted());
  });

  test("the table of optional events is what the full manifest subscribes to beside, and each is handled", () => {
    const told = tableBelow(page, "Optional events").map(([name]) => bare(name));
    expect([...manifest.default_events, ...told]).toEqual(full.default_events);
    expect([...handledEvents].sort()).toEqual(full.default_events.toSorted());
  });

  test("the ruleset is as GitHub describes its rules, and holds no key that it does not know", async () => {
    const description = z
      .object({ components: z.object({ schemas: z.record(z.string(), z.unknown()) }) })
      .parse(JSON.parse(textOf("test/github/github-openapi.json")));
    const { rules } = z
      .object({ rules: z.array(z.looseObject({ type: z.string(), parameters: z.record(z.string(), z.unknown()) })) })
      .parse(JSON.parse(textOf("docs/ruleset.json")));
    const contract = new Contract();
    await contract.ready();
    const origin = { ruleset_source_type: "Organization", ruleset_source: "acme", ruleset_id: 1 };
    contract.checkResponse(
      "repos/get-branch-rules",
      200,
      rules.map((rule) => ({ ...rule, ...origin })),
    );
    contract.expectNoFindings();
    for (const rule of rules) {
      const name = `repository-rule-${rule.type.replaceAll("_", "-")}`;
      const shape = z
        .object({ properties: z.object({ parameters: z.object({ properties: z.record(z.string(), z.unknown()) }) }) })
        .parse(description.components.schemas[name]);
      expect(Object.keys(shape.properties.parameters.properties)).toEqual(
        expect.arrayContaining(Object.keys(rule.parameters)),
      );
    }
  });

  test("the ruleset requires the check by its name", () => {
    const ruleset = z
      .object({ enforcement: z.string(), rules: z.array(z.object({ type: z.string(), parameters: z.unknown() })) })
      .parse(JSON.parse(textOf("docs/ruleset.json")));
    const required = ruleset.rules.find(({ type }) => type === "required_status_checks");
    expect(required?.parameters).toMatchObject({
      required_status_checks: [{ context: "threat-model", integration_id: expect.any(Number) }],
    });
  });
});

describe("the policy", () => {
  const page = "docs/policy.md";
  const rows = tableBelow(page, "Every key");

  test("every key is on the page, and no other", () => {
    const known = [...new Set([...keysOf(organisationPolicySchema), ...keysOf(repositoryPolicySchema)])];
    expect(rows.map(([key]) => bare(key)).sort()).toEqual(known.sort());
  });

  test("every default is the code's", () => {
    const told = rows.map(([key, , value]) => [bare(key), value?.startsWith("`") ? parse(bare(value)) : undefined]);
    const values = Object.fromEntries(told.filter(([, value]) => value !== undefined));
    const { acceptance, ...others } = presets.ukhsa;
    const flat = flattenPolicy({ ...others, acceptance: { maxDays: acceptance.maxDays } });
    expect(values).toEqual({ ...Object.fromEntries(flat), rules: {}, "acceptance.approvers": acceptance.approvers });
  });

  test("every preset differs from the default as the page says", () => {
    const base = flattenPolicy(presets.ukhsa);
    for (const [name, , changes] of tableBelow(page, "Presets").map((row) => row.map(bare))) {
      const preset = Object.entries(presets).find(([id]) => id === name)?.[1];
      const differing = [...flattenPolicy(preset ?? {})].filter(
        ([key, value]) => key !== "preset" && JSON.stringify(value) !== JSON.stringify(base.get(key)),
      );
      const told = differing.map(([key, value]) => `${key}: ${String(value)}`).join(", ");
      expect([name, changes]).toEqual([name, told === "" ? "nothing" : told]);
    }
  });

  test("every example can be used", () => {
    const examples = fenced(page, "yaml");
    expect(examples.length).toBeGreaterThan(2);
    for (const text of examples) {
      const path = ".github/threatgate.yml";
      const isOrganisation = /^(repositories|locked):/m.test(text);
      const file = { path, reading: { outcome: "present", text } } as const;
      const absent = { path, reading: { outcome: "absent" } } as const;
      const properties = { outcome: "present", values: {} } as const;
      const texts = isOrganisation ? { organisation: file, repository: absent } : { repository: file };
      expect(effectivePolicy(texts, { owner: "acme", name: "shop", properties }).problems).toEqual([]);
    }
  });
});

describe("the format of the threat model", () => {
  const page = "docs/threat-model-format.md";

  test("every field is on the page", () => {
    const text = textOf(page);
    expect(fieldsOf(nativeSchema).filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
    expect(elementTypeIds.filter((type) => !text.includes(`\`${type}\``))).toEqual([]);
  });

  test("the whole example is read without problems and completes all eight deliverables", () => {
    const [example = ""] = fenced(page, "yaml").filter((text) => /^schemaVersion: 1$/m.test(text));
    const read = readOne({ path: "threat-model.yaml", text: example });
    expect([read.format, read.problems]).toEqual(["native", []]);
    const short = Object.entries(deliverablesOf(read)).filter(
      ([, { state, lacking }]) => state !== "present" || lacking.length > 0,
    );
    expect(short.map(([id, { lacking }]) => [id, lacking.map(({ says }) => says)])).toEqual([]);
  });

  test("the first model for engineers is read without problems", () => {
    const [first = ""] = fenced("docs/for-engineers.md", "yaml").filter((text) => text.startsWith("schemaVersion"));
    const read = readOne({ path: "threat-model.yaml", text: first });
    expect([read.format, read.isModel, read.problems]).toEqual(["native", true, []]);
  });
});

describe("operation", () => {
  const page = "docs/operation.md";

  test("every variable of the environment is in the table with its default", () => {
    const source = textOf("src/entry/environment.ts");
    const [, schema = ""] = /^const schema = z\.object\(\{\n([\s\S]*?)^\}\);$/m.exec(source) ?? [];
    const settings = [...schema.matchAll(/^ {2}([A-Z_]+): ([\s\S]*?)(?=^ {2}[A-Z_]+: |(?![\s\S]))/gm)];
    const inCode = settings.map(([, name = "", rules = ""]) => [
      name,
      /\.default\("?([^")]*)"?\)/.exec(rules)?.[1] ?? (rules.includes(".optional()") ? "unset" : "required"),
    ]);
    expect(inCode.length).toBeGreaterThan(8);
    expect(tableBelow(page, "Environment").map(([name, value]) => [bare(name), bare(value)])).toEqual(inCode);
  });

  test("every metric of ours is in the table", async () => {
    const all = await createMetrics({}).registry.getMetricsAsJSON();
    const own = all.map(({ name }) => name).filter((name) => !/^threatgate_(process|nodejs)_/.test(name));
    expect(
      tableBelow(page, "Metrics")
        .map(([name]) => bare(name))
        .sort(),
    ).toEqual(own.sort());
  });
});

test("every message of the log is on the page of operation", () => {
  const files = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" });
  const texts = files.filter((name) => name.endsWith(".ts")).map((name) => textOf(`src/${name}`));
  // Parts of the service are given pino, which takes the message last, or a function that takes it after the level.
  const toPino = /\blog\.(?:info|warn|error)\((?:[^;]*?,\s*)?"([^"]+)",?\s*\)/g;
  const toFunction = /\.log\("(?:info|warn|error)", "([^"]+)"/g;
  const said = texts.flatMap((text) => [...text.matchAll(toPino), ...text.matchAll(toFunction)]);
  const messages = [...new Set(said.map(([, message = ""]) => message))];
  expect(messages.length).toBeGreaterThan(20);
  const logs = textOf("docs/operation.md").split("## Logs")[1]?.split("\n## ")[0] ?? "";
  expect(messages.filter((message) => !logs.includes(`\`${message}\``))).toEqual([]);
});

describe("commands", () => {
  const program = new Command("threatgate");
  beforeAll(async () => {
    const files = readdirSync(join(root, "src/entry/commands"));
    for (const load of Object.values(commands)) (await load())(program);
    const named = program.commands.map((command) => command.name());
    expect(named).toEqual(Object.keys(commands));
    // Every command has a file of its name, and beside them lies what they share.
    expect(named.filter((name) => !files.includes(`${name}.ts`))).toEqual([]);
  });

  test("every command and option is on the page of interfaces", () => {
    const text = textOf("docs/interfaces.md");
    const missing = program.commands.flatMap((command) =>
      [command, ...command.commands].flatMap((one) => [
        ...(text.includes(one.name()) ? [] : [one.name()]),
        ...one.options.flatMap(({ long }) => (long && !text.includes(long) ? [`${one.name()} ${long}`] : [])),
      ]),
    );
    expect(missing).toEqual([]);
  });

  test("no page names a command that is not there", () => {
    const { scripts } = z
      .object({ scripts: z.record(z.string(), z.string()) })
      .parse(JSON.parse(textOf("package.json")));
    const known = new Set(program.commands.map((command) => command.name()));
    const wrong = pages.flatMap((path) => [
      ...[...textOf(path).matchAll(/npm run ([a-z:-]+)/g)].filter(([, name = ""]) => !(name in scripts)),
      ...[...textOf(path).matchAll(/npx threatgate ([a-z]+)/g)].filter(([, name = ""]) => !known.has(name)),
    ]);
    expect(wrong.map(([found]) => found)).toEqual([]);
  });
});

test("every field of a rule, and every kind that can be scaffolded, is on the page of rules", () => {
  const text = textOf("docs/writing-rules.md");
  const fields = [...fieldsOf(changeRuleSchema), ...fieldsOf(threatRuleSchema)];
  expect([...new Set(fields)].filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
  expect(Object.keys(templates).filter((kind) => !text.includes(`npm run new -- ${kind}`))).toEqual([]);
});

test("every room that the layers name is on the page of the architecture", () => {
  const layers = z
    .object({ forbidden: z.array(z.object({ name: z.string(), from: z.object({ path: z.string().optional() }) })) })
    .parse(createRequire(import.meta.url)("../../.dependency-cruiser.cjs"));
  const rooms = layers.forbidden
    .filter(({ name }) => /^(room|shell)-/.test(name))
    .map(({ from }) => from.path?.replace(/^\^/, "") ?? "")
    .filter(
      (room) => statSync(join(root, room), { throwIfNoEntry: false }) && readdirSync(join(root, room)).length > 0,
    );
  expect(rooms.length).toBeGreaterThan(8);
  const text = textOf("docs/architecture.md");
  expect(rooms.filter((room) => !text.includes(`\`${room}\``))).toEqual([]);
});

describe("links", () => {
  /** GitHub's own anchors: lower case, punctuation dropped, spaces to hyphens. */
  const anchorsOf = (path: string): Set<string> =>
    new Set(
      [...textOf(path).matchAll(/^#{1,6} (.+)$/gm)].map(([, title = ""]) =>
        title
          .toLowerCase()
          .replace(/[^\p{L}\p{N}\s_-]/gu, "")
          .trim()
          .replace(/\s/g, "-"),
      ),
    );

  test("every picture is shown somewhere, so that somebody sees when it is out of date", () => {
    const prose = pages.map(textOf).join("\n");
    const unseen = readdirSync(join(root, "docs/pictures")).filter((name) => !prose.includes(`pictures/${name})`));
    expect(unseen).toEqual([]);
  });

  test.each(pages)("every relative link of %s leads somewhere", (path) => {
    const prose = textOf(path)
      .replace(/^```[\s\S]*?^```$/gm, "")
      .replace(/`[^`\n]*`/g, "");
    const targets = [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => target);
    const broken = targets.filter((target) => {
      if (/^[a-z]+:/.test(target)) return false;
      const [file = "", anchor] = target.split("#");
      const full = file === "" ? join(root, path) : join(root, dirname(path), file);
      if (!statSync(full, { throwIfNoEntry: false })) return true;
      return anchor !== undefined && !anchorsOf(relative(root, full)).has(anchor);
    });
    expect(broken).toEqual([]);
  });
});
