import { expect, test } from "@jest/globals";
import { structure } from "../../../../src/core/changes/structures/npm.ts";
import { toldPackages } from "../../../make/an-item.ts";

test("every kind of dependency, alias, repository, folder and override", () => {
  const text = `{
  "name": "orders",
  "scripts": { "start": "node .", "postinstall": "node setup.js" },
  "dependencies": {
    "Express": "^4.19.2",
    "lodash": "npm:@elsewhere/lodash@4.0.0",
    "toolbox": "github:example/toolbox#v2",
    "archive": "https://files.example.org/archive.tgz",
    "shared": "workspace:*"
  },
  "devDependencies": { "vitest": "^2.0.0", "Express": "^4.0.0" },
  "optionalDependencies": { "fsevents": "2.3.3" },
  "peerDependencies": { "react": ">=18" },
  "overrides": { "semver": "7.6.0", "tar": { ".": "7.0.0", "yallist": "5.0.0" } },
  "resolutions": { "**/ws": "8.18.0" }
}
`;
  expect(structure.wants("package.json")).toBe(true);
  expect(toldPackages(structure.read("package.json", text))).toBe(
    `5 express ^4.19.2 runtime
6 @elsewhere/lodash 4.0.0 runtime alias @elsewhere/lodash
7 toolbox v2 runtime git github:example/toolbox
8 archive any runtime url https://files.example.org/archive.tgz
9 shared any runtime path workspace:*
12 fsevents 2.3.3 optional
13 react >=18 peer
11 vitest ^2.0.0 dev
14 semver 7.6.0 runtime [dependency-override]
14 tar 7.0.0 runtime [dependency-override]
14 yallist 5.0.0 runtime [dependency-override]
15 ws 8.18.0 runtime [dependency-override]
3 postinstall [npm-script]`,
  );
});

test("what lies in a folder of tests does not run in production", () => {
  const text = `{ "dependencies": { "express": "4" } }`;
  expect(structure.wants("e2e/package.json")).toBe(true);
  expect(toldPackages(structure.read("e2e/package.json", text))).toBe(`1 express 4 test`);
});
