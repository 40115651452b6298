import type { RepositorySeed, Seed } from "../github/seed.ts";

/* The organisation that most tests play in, for the stand-in of GitHub. */

/** The repository of `aShopOnGitHub`. */
export const shop = "acme/shop";

/** A policy that blocks, with the Security Architects of `acme`. */
export const enforcing =
  "version: 1\nmode: enforce\narchitects:\n  teams: [security-architects]\nriskThreshold: medium\n";

/** `acme`: Olga owns it, Sam writes its code, Dana is its Security Architect. */
export const acme = {
  login: "acme",
  owners: ["olga"],
  members: ["sam"],
  teams: [{ name: "security-architects", members: ["dana"] }],
} as const;

/** A repository of `acme` that Sam may push to, with its architects. */
export function aRepositoryOfAcme(
  name: string,
  files: NonNullable<RepositorySeed["files"]> = {},
): RepositorySeed & { readonly name: string } {
  return {
    name,
    files: { "README.md": "# Shop\n", ".github/threatgate.yml": enforcing, ...files },
    collaborators: { sam: "write" },
    teams: { "security-architects": "write" },
  };
}

/** GitHub with `acme`, its shop and the App. */
export function aShopOnGitHub(bend: Partial<Seed> = {}): Seed {
  return {
    users: ["sam", "dana", "olga"],
    organizations: [acme],
    repositories: [aRepositoryOfAcme(shop)],
    apps: [{ slug: "threatgate" }],
    ...bend,
  };
}
