import type { GitHub } from "./github.ts";
import type { Seed } from "./seed.ts";
import { startGitHub } from "./server.ts";

/** A small organisation: a developer, an architect who owns it, a stranger, and a shop with a fork. */
export const smallSeed = {
  now: "2026-03-04T09:00:00Z",
  users: ["sam", "dana", "lee", "mallory"],
  organizations: [
    {
      login: "acme",
      owners: ["dana"],
      members: ["sam", "lee"],
      teams: [{ name: "security-architects", members: ["dana", "lee?"] }],
    },
  ],
  repositories: [
    {
      name: "acme/shop",
      labels: ["bug"],
      files: { "README.md": "# shop\n", "src/app.ts": "one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine\nten\n" },
      collaborators: { sam: "write" },
      teams: { "security-architects": "write" },
    },
    { name: "acme/secret" },
    { name: "mallory/shop", forkOf: "acme/shop" },
  ],
  tokens: { "token-of-sam": "sam", "token-of-mallory": "mallory" },
  apps: [
    { slug: "threatgate", installations: [{ account: "acme", repositories: ["acme/shop"] }] },
    { slug: "other-bot", installations: [{ account: "acme" }] },
  ],
} as const satisfies Seed;

export const shop = "/repos/acme/shop";

/** That organisation, running, with what differs. */
export function startSmall(different: Partial<Seed> = {}): Promise<GitHub> {
  return startGitHub({ ...smallSeed, ...different });
}

/** A pull request that adds a file and changes a line; its number is 1 in a fresh world. */
export function openExample(github: GitHub): number {
  return github.as("sam").openPullRequest("acme/shop", {
    branch: "feature",
    title: "Add an export",
    files: {
      "infra/export.tf": 'resource "aws_s3_bucket" "exports" {\n  bucket = "exports"\n}\n',
      "src/app.ts": "one\ntwo\n3\nfour\nfive\nsix\nseven\neight\nnine\nten\n",
    },
  });
}
