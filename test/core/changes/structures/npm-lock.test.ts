import { describe, expect, test } from "@jest/globals";
import { structure } from "../../../../src/core/changes/structures/npm-lock.ts";
import { toldPackages } from "../../../make/an-item.ts";

test("npm: what was asked for, what came along, and from where", () => {
  const text = `{
  "lockfileVersion": 3,
  "packages": {
    "": { "dependencies": { "zod": "^3.0.0" }, "devDependencies": { "vitest": "^2.0.0" } },
    "node_modules/zod": { "version": "3.23.8", "resolved": "https://registry.npmjs.org/zod/-/zod-3.23.8.tgz" },
    "node_modules/vitest": { "version": "2.0.5", "resolved": "https://registry.npmjs.org/vitest/-/vitest-2.0.5.tgz", "dev": true },
    "node_modules/odd": { "version": "1.0.0", "resolved": "git+ssh://git@github.com/example/odd.git#0123456" },
    "node_modules/far": { "version": "1.0.0", "resolved": "https://packages.example.org/far/-/far-1.0.0.tgz" },
    "node_modules/zod/node_modules/deep": { "version": "9.9.9" }
  }
}
`;
  expect(structure.wants("package-lock.json")).toBe(true);
  expect(toldPackages(structure.read("package-lock.json", text))).toBe(
    `5 zod 3.23.8 runtime [locked-dependency]
6 vitest 2.0.5 dev [locked-dependency]
7 odd 1.0.0 runtime git git+ssh://git@github.com/example/odd.git indirect [locked-dependency]
8 far 1.0.0 runtime url https://packages.example.org indirect [locked-dependency]
9 zod/node_modules/deep any runtime indirect [locked-dependency]`,
  );
});

test("yarn, first and later form", () => {
  const text = `# yarn lockfile v1

"@scope/one@^1.0.0", "@scope/one@^1.1.0":
  version "1.2.0"
  resolved "https://registry.yarnpkg.com/@scope/one/-/one-1.2.0.tgz#abc"

two@^2.0.0:
  version "2.0.1"
  resolved "https://codeload.github.com/example/two/tar.gz/0123"

"lodash@npm:@elsewhere/lodash@4.0.0":
  version: 4.0.0
  resolution: "@elsewhere/lodash@npm:4.0.0"

"three@npm:^6.1.0, three@npm:^6.2.0":
  version: 6.2.1
  resolution: "three@npm:6.2.1"
`;
  expect(structure.wants("yarn.lock")).toBe(true);
  expect(toldPackages(structure.read("yarn.lock", text))).toBe(
    `3 @scope/one 1.2.0 runtime indirect [locked-dependency]
7 two 2.0.1 runtime git https://github.com/example/two indirect [locked-dependency]
11 @elsewhere/lodash 4.0.0 runtime alias @elsewhere/lodash indirect [locked-dependency]
15 three 6.2.1 runtime indirect [locked-dependency]`,
  );
});

test("pnpm", () => {
  const text = `lockfileVersion: '9.0'

importers:

  .:
    dependencies:
      zod:
        specifier: ^3.23.0
        version: 3.23.8
      '@scope/one':
        specifier: ^1.0.0
        version: 1.2.0(zod@3.23.8)
    devDependencies:
      vitest:
        specifier: ^2.0.0
        version: 2.0.5

packages:

  zod@3.23.8:
    resolution: {integrity: sha512-x}
`;
  expect(structure.wants("pnpm-lock.yaml")).toBe(true);
  expect(toldPackages(structure.read("pnpm-lock.yaml", text))).toBe(
    `7 zod 3.23.8 runtime [locked-dependency]
10 @scope/one 1.2.0 runtime [locked-dependency]
14 vitest 2.0.5 dev [locked-dependency]`,
  );
});

test("bun", () => {
  const text = `{
  "lockfileVersion": 1,
  "packages": {
    "zod": ["zod@3.23.8", "", {}, "sha512-x"],
    "lodash": ["@elsewhere/lodash@4.0.0", "", {}, "sha512-x"],
    "two": ["two@github:example/two#0123", {}, "x"],
  },
}
`;
  expect(structure.wants("bun.lock")).toBe(true);
  expect(toldPackages(structure.read("bun.lock", text))).toBe(
    `4 zod 3.23.8 runtime indirect [locked-dependency]
5 @elsewhere/lodash 4.0.0 runtime alias @elsewhere/lodash indirect [locked-dependency]
6 two github:example/two#0123 runtime git github:example/two indirect [locked-dependency]`,
  );
});

describe("what a lockfile brings in under a name", () => {
  test("yarn: several ranges of one package are no alias, another package behind one is", () => {
    const entry = (asked: string, resolution: string): string =>
      `"${asked}":\n  version: 6.1.1\n  resolution: "${resolution}"\n`;
    const same = entry("@scope/icons@npm:^6.1.0, @scope/icons@npm:^6.1.1", "@scope/icons@npm:6.1.1");
    expect(toldPackages(structure.read("yarn.lock", same))).toBe(
      "1 @scope/icons 6.1.1 runtime indirect [locked-dependency]",
    );
    const other = entry("icons@npm:@elsewhere/icons@^6.1.0", "@elsewhere/icons@npm:6.1.1");
    expect(toldPackages(structure.read("yarn.lock", other))).toContain("alias @elsewhere/icons");
  });

  const lockfile = (resolved: string) => `{
  "lockfileVersion": 3,
  "packages": {
    "": { "dependencies": { "zod": "^3.0.0" } },
    "node_modules/zod": { "version": "3.23.8" },
    "node_modules/zod/node_modules/@scope/deep": { "version": "9.9.9", "resolved": "${resolved}" },
    "packages/shop": { "version": "1.0.0" },
    "packages/shop/node_modules/deep": { "version": "2.0.0" }
  }
}
`;

  test("also deep down, where only its place counts and not its version", () => {
    expect(
      toldPackages(structure.read("package-lock.json", lockfile("https://packages.example.org/deep-9.9.9.tgz"))),
    ).toBe(
      `5 zod 3.23.8 runtime [locked-dependency]
6 zod/node_modules/@scope/deep any runtime url https://packages.example.org indirect [locked-dependency]
8 packages/shop/node_modules/deep any runtime indirect [locked-dependency]`,
    );
  });

  test.each([
    ["https://registry.npmjs.org/@scope/deep/-/deep-9.9.9.tgz", "6 zod/node_modules/@scope/deep any runtime indirect"],
    [
      "https://registry.npmjs.org/@scope%2fdeep/-/deep-9.9.9.tgz",
      "6 zod/node_modules/@scope/deep any runtime indirect",
    ],
    ["https://registry.npmjs.org/other/-/other-9.9.9.tgz", "6 other any runtime alias other indirect"],
    [
      "https://registry.yarnpkg.com/@elsewhere/deep/-/deep-9.9.9.tgz",
      "6 @elsewhere/deep any runtime alias @elsewhere/deep indirect",
    ],
  ])("%s", (resolved, told) => {
    const [, deep] = toldPackages(structure.read("package-lock.json", lockfile(resolved))).split("\n");
    expect(deep).toBe(`${told} [locked-dependency]`);
  });

  test("npm: as far as the lines around a change tell", () => {
    const lines = [
      '    "node_modules/zod": {',
      '      "version": "3.23.8",',
      '      "resolved": "https://packages.example.org/zod-3.23.8.tgz",',
      "",
      '      "version": "1.0.0",',
      '      "resolved": "https://packages.example.org/nobody-knows-whose.tgz",',
      '      "dev": true,',
      "    },",
      '    "node_modules/vitest": {',
      '      "version": "2.0.5",',
      '      "dev": true,',
    ];
    expect(toldPackages(structure.readFragment?.("package-lock.json", lines.join("\n")) ?? { items: [] })).toBe(
      `1 zod 3.23.8 runtime url https://packages.example.org indirect [locked-dependency]
9 vitest 2.0.5 dev indirect [locked-dependency]`,
    );
    const yarn =
      'kleur@^4.1.4:\n  version "4.1.5"\n\n  resolved "https://packages.example.org/nobody-knows-whose.tgz"\n';
    expect(toldPackages(structure.readFragment?.("yarn.lock", yarn) ?? { items: [] })).toBe(
      "1 kleur 4.1.5 runtime indirect [locked-dependency]",
    );
    for (const path of ["pnpm-lock.yaml", "bun.lock"])
      expect(structure.readFragment?.(path, "")).toEqual({ unreadable: "its whole text was not read" });
  });
});
