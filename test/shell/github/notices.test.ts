import { describe, expect, test } from "@jest/globals";
import examples from "@octokit/webhooks-examples" with { type: "json" };
import { handledEvents } from "../../../src/shell/github/events.ts";
import { evidenceEvents, installationEvents, noticeOf, peopleEvents } from "../../../src/shell/github/notices.ts";
import fc from "../../make/fast-check.ts";

const organization = { login: "acme" };
const installation = { id: 9, account: organization };
const team = { id: 3, slug: "Security-Architects", name: "Security Architects" };

describe("notices", () => {
  test.each<[string, string, object, object]>([
    [
      "somebody left a team, and with it the team above",
      "membership",
      {
        action: "removed",
        scope: "team",
        organization,
        member: { id: 5 },
        team: { ...team, parent: { slug: "security" } },
      },
      { kind: "people-changed", organisation: "acme", teams: ["security-architects", "security"], people: [5] },
    ],
    [
      "somebody joined a team",
      "membership",
      { action: "added", organization, member: { id: 5 }, team },
      { kind: "people-changed", organisation: "acme", teams: ["security-architects"], people: [5] },
    ],
    [
      "a renamed team: both slugs",
      "team",
      {
        action: "edited",
        organization,
        team: { ...team, slug: "architects" },
        changes: { name: { from: "Sécurity  Architects!" } },
      },
      { kind: "people-changed", organisation: "acme", teams: ["architects", "security-architects"], people: [] },
    ],
    [
      "a deleted team",
      "team",
      { action: "deleted", organization, team },
      { kind: "people-changed", organisation: "acme", teams: ["security-architects"], people: [] },
    ],
    [
      "somebody left the organisation",
      "organization",
      { action: "member_removed", organization, membership: { user: { id: 5 } } },
      { kind: "people-changed", organisation: "acme", teams: [], people: [5] },
    ],
    [
      "an organisation with another name",
      "organization",
      {
        action: "renamed",
        organization: { login: "acme-group" },
        installation: { id: 9 },
        changes: { login: { from: "acme" } },
      },
      { kind: "owner-renamed", installation: 9, former: "acme", owner: "acme-group" },
    ],
    [
      "a person with another name, on whose account the App is installed",
      "installation_target",
      {
        action: "renamed",
        account: { id: 4, login: "samira", type: "User" },
        changes: { login: { from: "sam" } },
        installation: { id: 9, node_id: "MDIzOk" },
        target_type: "User",
      },
      { kind: "owner-renamed", installation: 9, former: "sam", owner: "samira" },
    ],
    [
      "a pull request closed and not merged",
      "pull_request",
      { action: "closed", repository: { id: 7 }, pull_request: { number: 3, merged: false } },
      { kind: "closed", repositoryId: 7, number: 3 },
    ],
    [
      "an App uninstalled",
      "installation",
      { action: "deleted", installation, repositories: [{ id: 7, name: "shop" }] },
      { kind: "left", installation: 9, owner: "acme", repositories: [7], whole: true },
    ],
    [
      "a repository taken away",
      "installation_repositories",
      { action: "removed", installation, repositories_removed: [{ id: 7, name: "shop" }], repositories_added: [] },
      { kind: "left", installation: 9, owner: "acme", repositories: [7], whole: false },
    ],
    [
      "a repository given",
      "installation_repositories",
      { action: "added", installation, repositories_removed: [], repositories_added: [{ id: 7, name: "shop" }] },
      { kind: "joined", installation: 9, owner: "acme", repositories: [{ id: 7, name: "shop" }] },
    ],
    [
      "permissions accepted",
      "installation",
      { action: "new_permissions_accepted", installation },
      { kind: "permissions-changed", installation: 9 },
    ],
    [
      "an installation that works again",
      "installation",
      { action: "unsuspend", installation },
      { kind: "permissions-changed", installation: 9 },
    ],
    [
      "all checks of a commit of a fork asked for again",
      "check_suite",
      { action: "rerequested", repository: { id: 7 }, check_suite: { head_sha: "a".repeat(40), pull_requests: [] } },
      { kind: "rerun-asked", repositoryId: 7, head: "a".repeat(40) },
    ],
    ...["code_scanning_alert", "secret_scanning_alert", "dependabot_alert"].map(
      (event): [string, string, object, object] => [
        `an alert by ${event}`,
        event,
        { action: "created", repository: { id: 7 }, alert: { number: 1 } },
        { kind: "evidence-changed", repositoryId: 7 },
      ],
    ),
    [
      "a release that went out",
      "release",
      { action: "published", repository: { id: 7 }, release: { id: 1 } },
      { kind: "released", repositoryId: 7 },
    ],
    [
      "a label that may be that of incidents",
      "issues",
      { action: "unlabeled", repository: { id: 7 }, label: { name: "breach" } },
      { kind: "evidence-changed", repositoryId: 7, label: "breach" },
    ],
  ])("%s", (_, event, payload, expected) => {
    expect(noticeOf(event, payload)).toEqual(expected);
  });

  test.each<[string, string, object]>([
    ["a draft of a release", "release", { action: "created", repository: { id: 7 }, release: { id: 1 } }],
    [
      "a merged pull request",
      "pull_request",
      { action: "closed", repository: { id: 7 }, pull_request: { number: 3, merged: true } },
    ],
    [
      "a team's new description",
      "team",
      { action: "edited", organization, team, changes: { description: { from: "x" } } },
    ],
    ["a team's new repository", "team", { action: "added_to_repository", organization, team }],
    ["somebody invited", "organization", { action: "member_invited", organization }],
    ["an installation suspended", "installation", { action: "suspend", installation }],
    [
      "a suite of a pull request that GitHub names",
      "check_suite",
      { action: "rerequested", repository: { id: 7 }, check_suite: { head_sha: "a".repeat(40), pull_requests: [{}] } },
    ],
    [
      "an alert that somebody was given",
      "code_scanning_alert",
      { action: "updated_assignment", repository: { id: 7 }, alert: { number: 1 } },
    ],
    ["our own label", "issues", { action: "labeled", repository: { id: 7 }, label: { name: "risk: high" } }],
    ["an issue opened", "issues", { action: "opened", repository: { id: 7 }, label: { name: "bug" } }],
    [
      "an enterprise with another name",
      "installation_target",
      {
        action: "renamed",
        account: { id: 4, slug: "big" },
        changes: { slug: { from: "small" } },
        installation: { id: 9 },
      },
    ],
    ["another event's payload", "membership", { action: "deleted", installation }],
    ["an event of no kind", "__proto__", {}],
  ])("%s says nothing", (_, event, payload) => {
    expect(noticeOf(event, payload)).toBeUndefined();
  });

  test("H009: whatever stands in a payload, it is read or passed over", () => {
    const events = [
      ...peopleEvents,
      ...installationEvents,
      ...evidenceEvents,
      "check_suite",
      "pull_request",
      "constructor",
    ];
    fc.assert(
      fc.property(fc.constantFrom(...events), fc.anything(), (event, payload) => void noticeOf(event, payload)),
    );
  });

  test("every recorded example of GitHub's is read or passed over, and some are read", () => {
    const all = examples as unknown as { name: string; examples: object[] }[];
    const named = all.filter(({ name }) => peopleEvents.has(name) || installationEvents.has(name));
    const kinds = named.flatMap(({ name, examples: payloads }) =>
      payloads.map((payload) => noticeOf(name, payload)?.kind),
    );
    expect([...new Set(kinds)].sort()).toEqual(expect.arrayContaining(["joined", "left", "people-changed"]));
  });

  test("events that GitHub sends to every App are none that the manifest subscribes to", () => {
    for (const event of peopleEvents) expect(handledEvents.has(event)).toBe(true);
    for (const event of installationEvents) expect(handledEvents.has(event)).toBe(false);
  });
});
