import { expect, test } from "@jest/globals";
import { structure } from "../../../../src/core/changes/structures/composer.ts";
import { toldPackages } from "../../../make/an-item.ts";

test("manifest", () => {
  const text = `{
  "require": { "php": "^8.3", "ext-gd": "*", "laravel/framework": "^11.0" },
  "require-dev": { "phpunit/phpunit": "^11.0" },
  "repositories": [{ "type": "vcs", "url": "https://github.com/example/toolbox" }]
}
`;
  expect(structure.wants("composer.json")).toBe(true);
  expect(toldPackages(structure.read("composer.json", text))).toBe(
    `2 laravel/framework ^11.0 runtime
3 phpunit/phpunit ^11.0 dev
4 https://github.com/example/toolbox [package-registry]`,
  );
});

test("lockfile", () => {
  const text = `{ "packages": [{ "name": "laravel/framework", "version": "v11.10.0" }], "packages-dev": [{ "name": "phpunit/phpunit", "version": "11.2.0" }] }`;
  expect(structure.wants("composer.lock")).toBe(true);
  expect(toldPackages(structure.read("composer.lock", text))).toBe(
    `1 laravel/framework v11.10.0 runtime indirect [locked-dependency]
1 phpunit/phpunit 11.2.0 dev indirect [locked-dependency]`,
  );
});
