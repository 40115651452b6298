import { expect, test } from "@jest/globals";
import { roleOf } from "../../../../src/core/changes/path-role.ts";
import type { Structure } from "../../../../src/core/changes/structure.ts";
import { structure } from "../../../../src/core/changes/structures/registry-settings.ts";

function addresses(read: Structure | { readonly unreadable: string }): readonly string[] {
  return "unreadable" in read ? [read.unreadable] : read.items.map(({ line, key, type }) => `${line} ${key} ${type}`);
}

test.each([
  [
    ".npmrc",
    "save-exact=true\n@shop:registry=https://npm.shop.example/\n",
    "2 @shop:registry https://npm.shop.example/",
  ],
  [
    "pip.conf",
    "[global]\nindex-url = https://pypi.shop.example/simple\n",
    "2 index-url https://pypi.shop.example/simple",
  ],
  [".yarnrc.yml", "npmRegistryServer: https://npm.shop.example\n", "1 npmRegistryServer https://npm.shop.example"],
  [
    ".cargo/config.toml",
    '[registries.shop]\nindex = "https://crates.shop.example"\n',
    "2 registries shop https://crates.shop.example",
  ],
  ["bunfig.toml", '[install]\nregistry = "https://npm.shop.example"\n', "2 install https://npm.shop.example"],
])("%s says where packages come from", (path, text, expected) => {
  expect(structure.wants(path)).toBe(true);
  expect(roleOf(path)).toBe("production");
  expect(addresses(structure.read(path, text))).toEqual([expected]);
});

test("the workspace of pnpm states versions for its members, and what replaces packages", () => {
  const text = `packages: [apps/*]
catalog:
  stripe: ^14.0.0
overrides:
  passport: github:someone/passport
`;
  const read = structure.read("pnpm-workspace.yaml", text);
  const items = "unreadable" in read ? [] : read.items;
  expect(items.map(({ kind, type, attributes }) => [kind, type, attributes.get("source")])).toEqual([
    ["managed-dependency", "stripe", "registry"],
    ["dependency-override", "passport", "git"],
  ]);
});
