import { expect, test } from "@jest/globals";
import type { Item } from "../../../../src/core/changes/structure.ts";
import { structure } from "../../../../src/core/changes/structures/workflow.ts";
import { told } from "../../../make/an-item.ts";

test("triggers, rights, secrets, actions, and what is published", () => {
  const text = `name: Release
on:
  release:
    types: [published]
  pull_request_target:
permissions:
  contents: read
jobs:
  publish:
    runs-on: ubuntu-latest
    environment: production
    permissions:
      packages: write
    steps:
      - uses: actions/checkout@v5
        with:
          ref: \${{ github.event.pull_request.head.sha }}
      - uses: example/notify@0123456789012345678901234567890123456789 # v1
        with:
          token: \${{ secrets.CHAT_TOKEN }}
      - run: |
          echo "\${{ github.event.pull_request.title }}"
          npm publish
        env:
          NODE_AUTH_TOKEN: \${{ secrets.NPM_TOKEN }}
  shared:
    uses: example/shared/.github/workflows/scan.yml@main
    secrets: inherit
`;
  expect(structure.wants(".github/workflows/release.yml")).toBe(true);
  expect(told(structure.read(".github/workflows/release.yml", text))).toBe(
    `2 workflow release.yml (workflow) Release
  3 on.release = true
  4 filter.release.types.0 = "published"
  5 on.pull_request_target = true
  7 permissions.contents = "read"
  21 publishes.publish.0 = "publishes to npm"
9 workflow-job publish (publish) publish
  13 permissions.packages = "write"
  13 writes.packages = true
  11 environment = "production"
  10 runs-on = "ubuntu-latest"
  17 checks-out-head = "\${{ github.event.pull_request.head.sha }}"
  20 secrets.CHAT_TOKEN = true
  25 secrets.NPM_TOKEN = true
  21 untrusted.0 = "github.event.pull_request.title"
  21 publishes.0 = "publishes to npm"
15 workflow-action actions/checkout (publish actions/checkout) actions/checkout
  15 ref = "v5"
  15 version = "v5"
  15 pinned = false
  15 official = true
  - job = "publish"
18 workflow-action example/notify (publish example/notify) example/notify
  18 ref = "0123456789012345678901234567890123456789"
  18 version = "0123456789012345678901234567890123456789"
  18 pinned = true
  18 official = false
  - job = "publish"
  20 secrets.CHAT_TOKEN = true
  20 credential.token = true
26 workflow-job shared (shared) shared
  28 secrets.inherit = true
  27 uses = "example/shared/.github/workflows/scan.yml"
27 workflow-action example/shared/.github/workflows/scan.yml (shared example/shared/.github/workflows/scan.yml) example/shared/.github/workflows/scan.yml
  27 ref = "main"
  27 version = "main"
  27 pinned = false
  27 official = false
  - job = "shared"`,
  );
});

test("of a fragment: rights to read where they hold for every job, and an environment by its name", () => {
  const text = `on: push
permissions:
  contents: read
  id-token: none
jobs:
  deploy:
    permissions:
      issues: read
    environment:
      name: production
`;
  expect(told(structure.readFragment?.(".github/workflows/deploy.yml", text) ?? { items: [] })).toBe(
    `1 workflow deploy.yml (workflow) deploy.yml
  1 on.push = true
  3 permissions.contents = "read"
  4 permissions.id-token = "none"
1 workflow-job deploy.yml (fragment) deploy.yml
  9 environment = "production"`,
  );
});

test("secrets that a step has a vault give out", () => {
  const text = `on: push
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - uses: partner/actions/get-keyvault-secrets@v1
        with:
          keyvault: shop
          secrets: "registry-password, signing-key"
      - uses: partner/actions/read-files@v1
        with:
          secrets: "names.txt"
`;
  const { items } = structure.read(".github/workflows/build.yml", text) as { items: readonly Item[] };
  const job = items.find(({ kind }) => kind === "workflow-job");
  expect([...(job?.attributes.keys() ?? [])].filter((name) => name.startsWith("secrets."))).toEqual([
    "secrets.registry-password",
    "secrets.signing-key",
  ]);
});
