import { describe, expect, test } from "@jest/globals";
import { diffItems } from "../../../src/core/changes/difference.ts";
import { structures } from "../../../src/core/changes/structures/index.ts";

/*
 * Whoever changes where a lockfile gets a package from installs something else under a name that everybody knows, and no
 * manifest shows it. Each lockfile with the public place of a package, and with another one.
 */

/** What lockfiles record; a path may be of several families, as far as their names tell. */
function recorded(path: string, text: string) {
  const read = structures.filter((reader) => reader.wants(path)).map((reader) => reader.read(path, text));
  const items = read.flatMap((one) => ("items" in one ? one.items : []));
  return items.filter(({ kind }) => kind === "locked-dependency");
}

/** Source and target of what differs between two lockfiles. */
function moved(path: string, before: string, after: string) {
  return diffItems(recorded(path, before), recorded(path, after)).map(({ after: item }) => [
    item?.attributes.get("source"),
    item?.attributes.get("target"),
  ]);
}

const lockfiles: readonly [string, string, (place: string) => string, string, string, readonly unknown[]][] = [
  [
    "yarn, another host",
    "yarn.lock",
    (place) => `dates@^1.0.0:\n  version "1.0.0"\n  resolved "${place}"\n`,
    "https://registry.yarnpkg.com/dates/-/dates-1.0.0.tgz#abc",
    "https://packages.example.org/dates-1.0.0.tgz#abc",
    ["url", "https://packages.example.org"],
  ],
  [
    "yarn since 2, another package",
    "yarn.lock",
    (place) => `"dates@npm:^1.0.0":\n  version: 1.0.0\n  resolution: "${place}"\n`,
    "dates@npm:1.0.0",
    "datez@npm:1.0.0",
    ["alias", "datez"],
  ],
  [
    "pnpm, an archive for what another package brings",
    "pnpm-lock.yaml",
    (place) => `packages:\n\n  dates@1.0.0:\n    resolution: {integrity: sha512-abc${place}}\n`,
    "",
    ", tarball: https://packages.example.org/dates.tgz",
    ["url", "https://packages.example.org"],
  ],
  [
    "pnpm, a second version from elsewhere, of what was asked for",
    "pnpm-lock.yaml",
    (place) =>
      `importers:\n\n  .:\n    dependencies:\n      dates:\n        specifier: ^1.0.0\n        version: 1.0.0\n\npackages:\n\n  dates@1.0.0:\n    resolution: {integrity: sha512-abc}\n\n  /dates/1.1.0:\n    resolution:\n      tarball: ${place}\n`,
    "https://registry.npmjs.org/dates/-/dates-1.1.0.tgz",
    "https://registry.npmjs.org/datez/-/datez-1.1.0.tgz",
    ["alias", "datez"],
  ],
  [
    "bun",
    "bun.lock",
    (place) => `{ "packages": { "dates": ["dates@${place}", "", {}, "sha512-abc"] } }`,
    "1.0.0",
    "https://packages.example.org/dates.tgz",
    ["url", "https://packages.example.org"],
  ],
  [
    "Bundler",
    "Gemfile.lock",
    (place) => `GEM\n  remote: ${place}\n  specs:\n    dates (1.0.0)\n\nDEPENDENCIES\n  dates\n`,
    "https://rubygems.org/",
    "https://gems.example.org/",
    ["url", "https://gems.example.org"],
  ],
  [
    "Composer, another repository of the same host",
    "composer.lock",
    (place) => `{ "packages": [{ "name": "acme/dates", "version": "1.0.0", "dist": { "url": "${place}" } }] }`,
    "https://api.github.com/repos/acme/dates/zipball/0123",
    "https://api.github.com/repos/mallory/dates/zipball/0123",
    ["git", "https://github.com/mallory/dates"],
  ],
  [
    "Composer, another host",
    "composer.lock",
    (place) => `{ "packages": [{ "name": "acme/dates", "version": "1.0.0", "source": { "url": "${place}" } }] }`,
    "https://github.com/acme/dates.git",
    "https://packages.example.org/dates.git",
    ["git", "https://packages.example.org"],
  ],
  [
    "Cargo",
    "Cargo.lock",
    (place) => `[[package]]\nname = "dates"\nversion = "1.0.0"\nsource = "${place}"\n`,
    "registry+https://github.com/rust-lang/crates.io-index",
    "sparse+https://crates.example.org/index/",
    ["url", "https://crates.example.org"],
  ],
  [
    "Poetry",
    "poetry.lock",
    (place) => `[[package]]\nname = "dates"\nversion = "1.0.0"\n${place}`,
    "",
    '\n[package.source]\ntype = "legacy"\nurl = "https://packages.example.org/simple"\nreference = "other"\n',
    ["url", "https://packages.example.org"],
  ],
  [
    "uv, the files of a package of the public index",
    "uv.lock",
    (place) =>
      `[[package]]\nname = "dates"\nversion = "1.0.0"\nsource = { registry = "https://pypi.org/simple" }\nwheels = [\n    { url = "${place}", hash = "sha256:abc" },\n]\n`,
    "https://files.pythonhosted.org/packages/dates-1.0.0.whl",
    "https://packages.example.org/dates-1.0.0.whl",
    ["url", "https://packages.example.org"],
  ],
  [
    "uv, an archive",
    "uv.lock",
    (place) => `[[package]]\nname = "dates"\nversion = "1.0.0"\nsource = { ${place} }\n`,
    'registry = "https://pypi.org/simple"',
    'url = "https://packages.example.org/dates.zip"',
    ["url", "https://packages.example.org"],
  ],
  [
    "Pipenv",
    "Pipfile.lock",
    (place) =>
      `{ "_meta": { "sources": [{ "name": "pypi", "url": "https://pypi.org/simple" }, { "name": "other", "url": "https://packages.example.org/simple" }] },\n  "default": { "dates": { "index": "${place}", "version": "==1.0.0" } } }`,
    "pypi",
    "other",
    ["url", "https://packages.example.org"],
  ],
];

describe("H077: a lockfile that gets a package from elsewhere", () => {
  test.each(lockfiles)("%s", (_, path, lockfile, before, after, place) => {
    expect(recorded(path, lockfile(before))).toHaveLength(1);
    expect(moved(path, lockfile(before), lockfile(after))).toEqual([place]);
  });
});

describe("what stays where it was", () => {
  test.each([
    [
      "yarn.lock",
      'dates@^1.0.0:\n  version "PLACE"\n  resolved "https://codeload.github.com/acme/dates/tar.gz/PLACE"\n',
    ],
    [
      "composer.lock",
      '{ "packages": [{ "name": "acme/dates", "version": "PLACE", "dist": { "url": "https://api.github.com/repos/acme/dates/zipball/PLACE" } }] }',
    ],
    ["Gemfile.lock", "GEM\n  remote: https://gems.example.org/\n  specs:\n    dates (PLACE)\n"],
    [
      "Gemfile.lock",
      "GEM\n  remote: https://rubygems.org/\n  remote: https://gems.example.org/\n  specs:\n    dates (PLACE)\n",
    ],
    ["Cargo.lock", '[[package]]\nname = "dates"\nversion = "PLACE"\nsource = "sparse+https://index.crates.io/"\n'],
  ])("%s: another version", (path, text) => {
    const differences = diffItems(
      recorded(path, text.replaceAll("PLACE", "1.0.0")),
      recorded(path, text.replaceAll("PLACE", "1.1.0")),
    );
    expect(differences.flatMap(({ attributes }) => attributes.map(({ attribute }) => attribute))).toEqual(["version"]);
  });
});
