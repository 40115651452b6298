import { describe, expect, test } from "@jest/globals";
import type { Structure } from "../../../../src/core/changes/structure.ts";
import { structures } from "../../../../src/core/changes/structures/index.ts";
import fc from "../../../make/fast-check.ts";
import { anyCharacters } from "../../../make/hostile-text.ts";

/** One path for each family, and for each notation a family knows. */
const paths = [
  "asyncapi.yaml",
  ".npmrc",
  ".gitmodules",
  "package.json",
  "package-lock.json",
  "yarn.lock",
  "pnpm-lock.yaml",
  "bun.lock",
  "requirements.txt",
  "pyproject.toml",
  "Pipfile",
  "setup.cfg",
  "setup.py",
  "uv.lock",
  "Pipfile.lock",
  "go.mod",
  "pom.xml",
  "build.gradle.kts",
  "gradle/libs.versions.toml",
  "Gemfile",
  "Gemfile.lock",
  "composer.json",
  "composer.lock",
  "Cargo.toml",
  "Cargo.lock",
  "src/Api.csproj",
  "packages.lock.json",
  "chart/Chart.yaml",
  "chart/values.yaml",
  "main.tf",
  ".terraform.lock.hcl",
  "production.tfvars",
  ".env.example",
  "application.properties",
  "compose.yaml",
  "deploy/api.yaml",
  "Dockerfile",
  ".github/workflows/ci.yml",
  "api.proto",
  "schema.graphql",
  "infra/template.json",
  "openapi.yaml",
  "swagger.json",
  "src/Shop.AppHost/Program.cs",
];

function readAll(path: string, text: string): Structure[] {
  const wanting = structures.filter((structure) => structure.wants(path));
  return wanting.flatMap((structure) => [
    structure.read(path, text),
    ...(structure.readFragment ? [structure.readFragment(path, text)] : []),
  ]);
}

/** Signs and words that mean something in one of the notations, in any order. */
const words = fc.constantFrom(
  ..."{ } [ ] ( ) < > = : , . - # // /* */ \" ' ` {{ }} {%  <<EOT EOT | > & * ! ? @ \\ ~ ^ % \n \t".split(" "),
  ..."resource data module locals dynamic content for true null services image ports environment kind apiVersion metadata spec".split(
    " ",
  ),
  ..."containers jobs on steps uses run permissions secrets.X paths get security components schemas properties FROM ARG RUN USER".split(
    " ",
  ),
  ..."dependencies version require replace implementation gem group do end install_requires <dependency> </dependency> <![CDATA[".split(
    " ",
  ),
  ["$", "{"].join(""),
  "\n  ",
  "\n    ",
  "\n- ",
  '"a"',
  "a = 1",
  "a: b",
);
const anyText = fc.oneof(
  anyCharacters(200),
  fc.array(words, { maxLength: 60 }).map((parts) => parts.join(" ")),
);

describe("whatever a file holds", () => {
  test("every family is wanted by a path here", () => {
    const unwanted = structures
      .filter((structure) => !paths.some((path) => structure.wants(path)))
      .map(({ name }) => name);
    expect(unwanted).toEqual([]);
  });

  test.each(paths)("%s is read without an error, each item with a line of the text", (path) => {
    fc.assert(
      fc.property(anyText, (text) => {
        const lines = text.split("\n").length;
        for (const structure of readAll(path, text)) {
          if ("unreadable" in structure) continue;
          for (const item of structure.items) {
            expect(item.line).toBeGreaterThanOrEqual(1);
            expect(item.line).toBeLessThanOrEqual(lines);
          }
        }
      }),
      { numRuns: 150 },
    );
  });

  test.each(paths)("%s that nests without end is refused or read, not fatal", (path) => {
    for (const open of ["[", "{", "(", "a {\n", "a = [", '{"a":', "- ", "<a>", "a:\n ", '"${', "x = {\n a = "]) {
      for (const text of [open.repeat(20_000), `a = ${open.repeat(20_000)}`])
        expect(() => readAll(path, text)).not.toThrow();
    }
  });

  test("a file with more items than can be compared is refused by name", () => {
    const text = Array.from({ length: 20_001 }, (_, index) => `package-${index}==1.0`).join("\n");
    expect(readAll("requirements.txt", text)).toEqual([{ unreadable: "more than 20000 items" }]);
  });
});
