import { z } from "zod";
import type { Notice } from "../event.ts";

/*
 * Events that are about people, repositories and installations. Like all events they only wake: which pull requests they
 * concern is looked up in our own records, and those are then read from GitHub. A payload that does not fit its event is
 * ignored (H009). https://docs.github.com/webhooks/webhook-events-and-payloads
 */

const id = z.number().int().positive();
const name = z.string().min(1).max(100);
const account = z.object({ login: name });

/** A team as events show it; `parent` is the one above, whose members a team's members are too. */
const team = z.object({ slug: name, parent: z.object({ slug: name }).nullish() });

const membershipEvent = z.object({
  action: z.enum(["added", "removed"]),
  organization: account,
  member: z.object({ id }).nullish(),
  team: team.partial(),
});

const teamEvent = z.object({
  action: z.enum(["created", "deleted", "edited"]),
  organization: account,
  team,
  changes: z
    .object({ name: z.object({ from: name }) })
    .partial()
    .nullish(),
});

const organizationEvent = z.object({
  action: z.enum(["member_added", "member_removed"]),
  organization: account,
  membership: z.object({ user: z.object({ id }).nullish() }),
});

/** https://docs.github.com/webhooks/webhook-events-and-payloads?actionType=renamed#organization */
const renamedEvent = z.object({
  action: z.literal("renamed"),
  organization: account,
  installation: z.object({ id }),
  changes: z.object({ login: z.object({ from: name }) }),
});

/**
 * The account that the App is installed on, a person's or an organisation's, goes by another login; an enterprise has none.
 * https://docs.github.com/webhooks/webhook-events-and-payloads#installation_target
 */
const targetEvent = z.object({
  action: z.literal("renamed"),
  account: z.object({ login: name }),
  installation: z.object({ id }),
  changes: z.object({ login: z.object({ from: name }) }),
});

const closedEvent = z.object({
  action: z.literal("closed"),
  repository: z.object({ id }),
  pull_request: z.object({ number: id, merged: z.boolean().nullish() }),
});

const repositories = z.array(z.object({ id, name })).max(20_000);
const installation = z.object({ id, account: z.object({ login: name }).nullish() });

const installationEvent = z.object({
  action: z.enum(["created", "deleted", "new_permissions_accepted", "unsuspend"]),
  installation,
  repositories: repositories.nullish(),
});

/** https://docs.github.com/webhooks/webhook-events-and-payloads#check_suite */
const suiteEvent = z.object({
  action: z.literal("rerequested"),
  repository: z.object({ id }),
  check_suite: z.object({
    head_sha: z.string().regex(/^([0-9a-f]{40}|[0-9a-f]{64})$/),
    pull_requests: z.array(z.unknown()),
  }),
});

const alertEvent = z.object({ action: name, repository: z.object({ id }), alert: z.object({ number: id }) });

const issueEvent = z.object({
  action: z.enum(["labeled", "unlabeled"]),
  repository: z.object({ id }),
  label: z.object({ name }),
});

/** https://docs.github.com/webhooks/webhook-events-and-payloads#release */
const releaseEvent = z.object({
  action: z.enum(["published", "unpublished", "edited", "deleted", "prereleased", "released"]),
  repository: z.object({ id }),
  release: z.object({ id }),
});

const selectionEvent = z.object({
  action: z.enum(["added", "removed"]),
  installation,
  repositories_added: repositories.nullish(),
  repositories_removed: repositories.nullish(),
});

const readers: ReadonlyMap<string, (payload: unknown) => Notice | undefined> = new Map([
  ["membership", onMembership],
  ["team", onTeam],
  ["organization", onOrganization],
  ["pull_request", onPullRequest],
  ["installation", onInstallation],
  ["installation_repositories", onSelection],
  ["installation_target", onTarget],
  ["check_suite", onCheckSuite],
  ["code_scanning_alert", onAlert],
  ["secret_scanning_alert", onAlert],
  ["dependabot_alert", onAlert],
  ["issues", onIssue],
  ["release", onRelease],
]);

/** Events of this kind that `app.yml` subscribes to. */
export const peopleEvents: ReadonlySet<string> = new Set(["membership", "team", "organization"]);

/** Events of what others found out about a repository, that `app.full.yml` subscribes to: alerts, and labels of incidents. */
export const evidenceEvents: ReadonlySet<string> = new Set([
  "code_scanning_alert",
  "secret_scanning_alert",
  "dependabot_alert",
  "issues",
]);

/** Events of what went out, that `app.full.yml` subscribes to. */
export const releaseEvents: ReadonlySet<string> = new Set(["release"]);

/** Events that GitHub sends to every App, subscribed or not: who installed it, on what, and what they are called. */
export const installationEvents: ReadonlySet<string> = new Set([
  "installation",
  "installation_repositories",
  "installation_target",
]);

/** What a delivery says beside the pull requests that it names; undefined where that is nothing. Never throws. */
export function noticeOf(event: string, payload: unknown): Notice | undefined {
  return readers.get(event)?.(payload);
}

function onMembership(payload: unknown): Notice | undefined {
  const parsed = membershipEvent.safeParse(payload);
  if (!parsed.success) return undefined;
  const { organization, member, team: where } = parsed.data;
  const teams = [where.slug, where.parent?.slug].flatMap((slug) => slug?.toLowerCase() ?? []);
  return peopleChanged(organization.login, teams, member ? [member.id] : []);
}

/** A renamed team has another slug: verdicts may rest on the old one, and others may have waited for the new one. */
function onTeam(payload: unknown): Notice | undefined {
  const parsed = teamEvent.safeParse(payload);
  if (!parsed.success) return undefined;
  const { action, organization, team: now, changes } = parsed.data;
  // Who may see it, or what it is described as, changes nothing.
  if (action === "edited" && changes?.name === undefined) return undefined;
  const former = changes?.name === undefined ? [] : [slugOf(changes.name.from)];
  const above = now.parent ? [now.parent.slug.toLowerCase()] : [];
  return peopleChanged(organization.login, [now.slug.toLowerCase(), ...former, ...above], []);
}

/** GitHub makes a team's slug from its name: lower case, everything else than letters and digits a hyphen. */
function slugOf(teamName: string): string {
  return teamName
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replaceAll(/[^a-z0-9_]+/g, "-")
    .replace(/^-/, "")
    .replace(/-$/, "");
}

function onOrganization(payload: unknown): Notice | undefined {
  const renamed = renamedEvent.safeParse(payload);
  if (renamed.success) {
    const { organization: now, installation: of, changes } = renamed.data;
    return { kind: "owner-renamed", installation: of.id, former: changes.login.from, owner: now.login };
  }
  const parsed = organizationEvent.safeParse(payload);
  if (!parsed.success) return undefined;
  const { organization, membership } = parsed.data;
  return peopleChanged(organization.login, [], membership.user ? [membership.user.id] : []);
}

/** Of an organisation `organization.renamed` tells the same; taken twice it is as taken once. */
function onTarget(payload: unknown): Notice | undefined {
  const parsed = targetEvent.safeParse(payload);
  if (!parsed.success) return undefined;
  const { account: now, installation: of, changes } = parsed.data;
  return { kind: "owner-renamed", installation: of.id, former: changes.login.from, owner: now.login };
}

function peopleChanged(login: string, teams: readonly string[], people: readonly number[]): Notice | undefined {
  if (teams.length + people.length === 0) return undefined;
  return { kind: "people-changed", organisation: login, teams, people };
}

function onPullRequest(payload: unknown): Notice | undefined {
  const parsed = closedEvent.safeParse(payload);
  if (!parsed.success || parsed.data.pull_request.merged === true) return undefined;
  const { repository, pull_request } = parsed.data;
  return { kind: "closed", repositoryId: repository.id, number: pull_request.number };
}

function onInstallation(payload: unknown): Notice | undefined {
  const parsed = installationEvent.safeParse(payload);
  if (!parsed.success) return undefined;
  const { action, installation: of } = parsed.data;
  const named = parsed.data.repositories ?? [];
  const owner = of.account?.login ?? "";
  if (action === "new_permissions_accepted" || action === "unsuspend") {
    return { kind: "permissions-changed", installation: of.id };
  }
  if (action === "created") return { kind: "joined", installation: of.id, owner, repositories: named };
  return { kind: "left", installation: of.id, owner, repositories: named.map((one) => one.id), whole: true };
}

/** GitHub names no pull requests of forks; where it names some, they are woken by themselves. */
function onCheckSuite(payload: unknown): Notice | undefined {
  const parsed = suiteEvent.safeParse(payload);
  if (!parsed.success || parsed.data.check_suite.pull_requests.length > 0) return undefined;
  const { repository, check_suite: suite } = parsed.data;
  return { kind: "rerun-asked", repositoryId: repository.id, head: suite.head_sha };
}

/** Whatever became of it, the alerts are read anew; an assignment changes nothing that is read. */
function onAlert(payload: unknown): Notice | undefined {
  const parsed = alertEvent.safeParse(payload);
  if (!parsed.success || /assign/.test(parsed.data.action)) return undefined;
  return { kind: "evidence-changed", repositoryId: parsed.data.repository.id };
}

/** Which label is that of incidents only the policy knows: it is compared with what each pull request was judged by. */
function onIssue(payload: unknown): Notice | undefined {
  const parsed = issueEvent.safeParse(payload);
  if (!parsed.success || isOwnLabel(parsed.data.label.name)) return undefined;
  return { kind: "evidence-changed", repositoryId: parsed.data.repository.id, label: parsed.data.label.name };
}

/** Which releases there are is read from GitHub; a draft that was saved (`created`) is none yet. */
function onRelease(payload: unknown): Notice | undefined {
  const parsed = releaseEvent.safeParse(payload);
  return parsed.success ? { kind: "released", repositoryId: parsed.data.repository.id } : undefined;
}

/** The labels of our own issues are no news to us. */
function isOwnLabel(label: string): boolean {
  return label === "threat-model" || label.startsWith("risk: ");
}

function onSelection(payload: unknown): Notice | undefined {
  const parsed = selectionEvent.safeParse(payload);
  if (!parsed.success) return undefined;
  const { action, installation: of, repositories_added: added, repositories_removed: removed } = parsed.data;
  const owner = of.account?.login ?? "";
  if (action === "added") return { kind: "joined", installation: of.id, owner, repositories: added ?? [] };
  const repositories = (removed ?? []).map((one) => one.id);
  return { kind: "left", installation: of.id, owner, repositories, whole: false };
}
