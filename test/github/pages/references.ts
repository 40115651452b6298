import { accountByLogin, fullName, organizationByLogin, repositoryByName } from "../lookups.ts";
import type { Repository, World } from "../world.ts";

/** Something that GitHub makes a link of: it notifies who is mentioned, and leaves a trace where an issue is named. */
export interface Reference {
  readonly kind: "account" | "team" | "issue" | "commit";
  /** Where it stands in the text. */
  readonly start: number;
  readonly end: number;
  /** `/login`, `/orgs/o/teams/t`, `/o/r/issues/1`, `/o/r/commit/sha`. */
  readonly target: string;
}

/** Login or team after `@`; `owner/repo#1`, `#1`, `GH-1`; a commit id. Letters and digits before them hide them. */
const pattern =
  /(?<![\w/])@(?<who>[a-z\d](?:[a-z\d-]*[a-z\d])?)(?:\/(?<team>[\w.-]+))?|(?<![\w&])(?:(?<repository>[\w.-]+\/[\w.-]+)?#|GH-)(?<number>\d+)\b|(?<![\w/])(?<commit>[0-9a-f]{7,40})\b/gi;

/** What plain text refers to. Names of nobody and numbers of nothing stay text, as on GitHub. */
export function referencesIn(world: World, repository: Repository, text: string): Reference[] {
  const found: Reference[] = [];
  for (const match of text.matchAll(pattern)) {
    const reference = targetOf(world, repository, match.groups ?? {});
    if (reference !== undefined) found.push({ ...reference, start: match.index, end: match.index + match[0].length });
  }
  return found;
}

function targetOf(
  world: World,
  repository: Repository,
  groups: Readonly<Record<string, string | undefined>>,
): Pick<Reference, "kind" | "target"> | undefined {
  const { who, team, number, commit } = groups;
  if (who !== undefined && team !== undefined) {
    const found = organizationByLogin(world, who)?.teams.find((one) => one.slug === team);
    return found === undefined ? undefined : { kind: "team", target: `/orgs/${who}/teams/${found.slug}` };
  }
  if (who !== undefined) {
    const account = accountByLogin(world, who);
    return account === undefined ? undefined : { kind: "account", target: `/${account.login}` };
  }
  if (number !== undefined) {
    const [owner = "", name = ""] = (groups["repository"] ?? fullName(repository)).split("/");
    const meant = repositoryByName(world, owner, name);
    const issue = meant?.issues.get(Number(number));
    if (meant === undefined || issue === undefined) return undefined;
    return { kind: "issue", target: `/${fullName(meant)}/${"head" in issue ? "pull" : "issues"}/${issue.number}` };
  }
  const known =
    commit === undefined ? [] : [...repository.store.commits.keys()].filter((oid) => oid.startsWith(commit));
  return known.length === 1 ? { kind: "commit", target: `/${fullName(repository)}/commit/${known[0]}` } : undefined;
}
