import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import examples from "@octokit/webhooks-examples" with { type: "json" };
import { parse } from "yaml";
import { handledEvents, readExternalId, wakeUpsOf, writeExternalId } from "../../../src/shell/github/events.ts";
import { installationEvents, noticeOf } from "../../../src/shell/github/notices.ts";
import fc from "../../make/fast-check.ts";

const ours = { appId: 12 };

const subject = {
  kind: "pull-request",
  owner: "acme",
  repository: "shop",
  number: 7,
  installation: 99,
  repositoryId: 1000,
};

const place = { repository: { id: 1000, name: "shop", owner: { login: "acme" } }, installation: { id: 99 } };

function pullRequest(action: string, more: object = {}, fields: object = {}): object {
  return { ...place, action, pull_request: { number: 7, merged: false, ...fields }, ...more };
}

function checkRun(action: string, appId: number, pulls: readonly object[], externalId = "x@7"): object {
  return { ...place, action, check_run: { app: { id: appId }, external_id: externalId, pull_requests: pulls } };
}

const here = { number: 7, base: { repo: { id: 1000 } } };
const elsewhere = { number: 8, base: { repo: { id: 2000 } } };

const wakes: [string, string, object][] = [
  ["opened", "pull_request", pullRequest("opened")],
  ["reopened", "pull_request", pullRequest("reopened")],
  ["pushed to", "pull_request", pullRequest("synchronize")],
  ["retargeted", "pull_request", pullRequest("edited", { changes: { base: { ref: { from: "main" } } } })],
  ["made ready", "pull_request", pullRequest("ready_for_review")],
  ["made a draft", "pull_request", pullRequest("converted_to_draft")],
  ["merged", "pull_request", pullRequest("closed", {}, { merged: true })],
  ["reviewed", "pull_request_review", { ...pullRequest("submitted"), review: { user: { type: "User" } } }],
  ["reviewed by a deleted account", "pull_request_review", { ...pullRequest("dismissed"), review: { user: null } }],
  ["a review edited", "pull_request_review", { ...pullRequest("edited"), review: { user: { type: "User" } } }],
  ["our check asked for again", "check_run", checkRun("rerequested", 12, [here, elsewhere])],
  ["the same on a fork, which GitHub does not name", "check_run", checkRun("rerequested", 12, [])],
  [
    "all checks asked for again",
    "check_suite",
    { ...place, action: "rerequested", check_suite: { app: { id: 12 }, pull_requests: [here, elsewhere] } },
  ],
];

function comment(action: string, body: string, more: object = {}): object {
  const said = { id: 501, node_id: "IC_501", body, user: { type: "User" }, ...more };
  return { ...place, action, issue: { number: 7, pull_request: {} }, pull_request: { number: 7 }, comment: said };
}

const silences: [string, string, object][] = [
  ["a new title", "pull_request", pullRequest("edited", { changes: { title: { from: "x" } } })],
  ["closed without a merge", "pull_request", pullRequest("closed")],
  ["labelled", "pull_request", pullRequest("labeled")],
  [
    "an App's review, ours too",
    "pull_request_review",
    { ...pullRequest("submitted"), review: { user: { type: "Bot" } } },
  ],
  ["another App's check asked for again", "check_run", checkRun("rerequested", 13, [here])],
  ["our own check written", "check_run", checkRun("completed", 12, [here])],
  ["our own check created", "check_run", checkRun("created", 12, [here])],
  [
    "another App's suite",
    "check_suite",
    { ...place, action: "completed", check_suite: { app: { id: 13 }, pull_requests: [here] } },
  ],
  ["a comment that asks for nothing", "issue_comment", comment("created", "LGTM, no /threat here")],
  ["a command that was edited in", "issue_comment", comment("edited", "/threat help")],
  ["a command that was deleted", "pull_request_review_comment", comment("deleted", "/threat help")],
  ["a bot's command", "issue_comment", comment("created", "/threat help", { user: { type: "Bot" } })],
  ["a command in an issue", "issue_comment", { ...comment("created", "/threat help"), issue: { number: 7 } }],
  ["an event of no installation", "pull_request", { ...pullRequest("opened"), installation: undefined }],
  ["an event under another name", "check_run", pullRequest("opened")],
];

describe("webhooks", () => {
  test.each(wakes)("wake: %s", (_, event, payload) => {
    expect(wakeUpsOf(event, "d-1", payload, ours).map((wakeUp) => wakeUp.subject)).toEqual([subject]);
  });

  test.each(silences)("are silent: %s", (_, event, payload) => {
    expect(wakeUpsOf(event, "d-1", payload, ours)).toEqual([]);
  });

  test.each([
    ["issue_comment", "conversation"],
    ["pull_request_review_comment", "thread"],
  ] as const)("of %s bring a command with the ids of its comment", (event, where) => {
    expect(wakeUpsOf(event, "d-1", comment("created", "Hello\n\n/threat help"), ours)).toEqual([
      { id: "d-1", why: `${event}.created`, subject, comment: { id: 501, nodeId: "IC_501", where } },
    ]);
  });

  test("carry the delivery, the reason and the age of what they saw", () => {
    const payload = pullRequest("synchronize", {}, { updated_at: "2026-03-04T12:00:00Z" });
    expect(wakeUpsOf("pull_request", "d-1", payload, ours)).toEqual([
      { id: "d-1", why: "pull_request.synchronize", subject: { ...subject, updatedAt: "2026-03-04T12:00:00Z" } },
    ]);
  });

  test("as GitHub sends them fit, and those of a pull request wake", () => {
    const woken = new Set<string>();
    for (const { name, examples: payloads } of examples as unknown as { name: string; examples: object[] }[]) {
      for (const payload of payloads) {
        for (const wakeUp of wakeUpsOf(name, "d", { ...payload, installation: { id: 1 } }, ours)) woken.add(wakeUp.why);
      }
    }
    expect([...woken].sort()).toEqual([
      "merge_group.checks_requested",
      "pull_request.converted_to_draft",
      "pull_request.opened",
      "pull_request.ready_for_review",
      "pull_request.reopened",
      "pull_request.synchronize",
      "pull_request_review.dismissed",
      "pull_request_review.submitted",
    ]);
  });

  test.each(["__proto__", "constructor", "toString", "hasOwnProperty", "", "x".repeat(10_240)])(
    "never throw: %.20s",
    (name) => {
      expect(wakeUpsOf(name, "d", pullRequest("opened"), ours)).toEqual([]);
    },
  );

  test("never throw, whatever the payload", () => {
    const event = fc.constantFrom(...handledEvents);
    fc.assert(
      fc.property(event, fc.anything(), (name, payload) => {
        expect(wakeUpsOf(name, "d", payload, ours)).toEqual([]);
      }),
    );
    const bent = fc.record({
      action: fc.constantFrom("opened", "rerequested", "submitted", "created"),
      rest: fc.object(),
    });
    fc.assert(
      fc.property(event, bent, (name, { action, rest }) => {
        wakeUpsOf(name, "d", { ...pullRequest(action), ...rest }, ours);
      }),
    );
  });
});

describe("the external id of a check run", () => {
  test("carries the pull request and gives the plan's own part back", () => {
    expect(writeExternalId("abc.def", 7)).toBe("abc.def@7");
    expect(readExternalId("abc.def@7")).toBe("abc.def");
    expect(readExternalId("abc.def")).toBe("abc.def");
  });
});

interface Manifest {
  readonly default_permissions: Readonly<Record<string, string>>;
  readonly default_events: readonly string[];
}

function manifestIn(file: string): { readonly text: string; readonly manifest: Manifest } {
  const text = readFileSync(new URL(`../../../${file}`, import.meta.url), "utf8");
  return { text, manifest: parse(text) as Manifest };
}

describe("app.full.yml", () => {
  const { manifest } = manifestIn("app.full.yml");
  const core = manifestIn("app.yml").manifest;

  test("subscribes to what is handled and handles what it subscribes to", () => {
    expect([...manifest.default_events].sort()).toEqual([...handledEvents].sort());
  });

  test("asks for all that app.yml asks for, and for what optional features need beside it", () => {
    expect(manifest.default_events).toEqual(expect.arrayContaining([...core.default_events]));
    expect(manifest.default_permissions).toEqual({
      ...core.default_permissions,
      contents: "write",
      security_events: "read",
      secret_scanning_alerts: "read",
      vulnerability_alerts: "read",
    });
  });

  test("each recorded payload of its events is read; what asks for nothing is passed over, and these are all", () => {
    const recorded = examples as unknown as {
      name: string;
      examples: { action?: string; check_run?: { app: { id: number } }; check_suite?: { app: { id: number } } }[];
    }[];
    const passedOver = new Set<string>();
    for (const { name, examples: payloads } of recorded) {
      if (!manifest.default_events.includes(name) && !installationEvents.has(name)) continue;
      for (const payload of payloads) {
        const given = { installation: { id: 1 }, ...payload };
        // As the App whose checks they are about would hear them.
        const { id: appId } = payload.check_run?.app ?? payload.check_suite?.app ?? { id: ours.appId };
        const wakeUps = wakeUpsOf(name, "d", given, { appId });
        if (wakeUps.length === 0 && noticeOf(name, given) === undefined) passedOver.add(`${name}.${payload.action}`);
      }
    }
    expect([...passedOver].sort()).toEqual([
      // What we and others write; our own buttons are none, so that nobody can press one.
      "check_run.completed",
      "check_run.created",
      "check_run.requested_action",
      // A recorded run without a pull request: ours carry its number in their external id.
      "check_run.rerequested",
      "check_suite.completed",
      "check_suite.requested",
      // Nothing can be written there; the installation's repositories are left alone until it works again.
      "installation.suspend",
      // Comments without a command, or edited.
      "issue_comment.created",
      "issue_comment.deleted",
      "issue_comment.edited",
      "issues.assigned",
      "issues.deleted",
      "issues.demilestoned",
      "issues.edited",
      "issues.locked",
      "issues.milestoned",
      "issues.opened",
      "issues.pinned",
      "issues.reopened",
      "issues.transferred",
      "issues.unassigned",
      "issues.unlocked",
      "issues.unpinned",
      "organization.member_invited",
      "pull_request.assigned",
      "pull_request.labeled",
      "pull_request.locked",
      "pull_request.review_request_removed",
      "pull_request.review_requested",
      "pull_request.unassigned",
      "pull_request.unlabeled",
      "pull_request.unlocked",
      "pull_request_review_comment.created",
      "pull_request_review_comment.deleted",
      "pull_request_review_comment.edited",
      // A draft that was saved; what was published without one is told by "published" as well.
      "release.created",
      // What a team may reach in GitHub, or how it is described: its members count all the same.
      "team.added_to_repository",
      "team.edited",
      "team.removed_from_repository",
    ]);
  });
});

describe("app.yml", () => {
  const { text, manifest } = manifestIn("app.yml");

  test("subscribes to nothing that is not handled", () => {
    expect(manifest.default_events.filter((event) => !handledEvents.has(event))).toEqual([]);
  });

  test("asks for the least, and for nothing that may push or administer", () => {
    expect(manifest.default_permissions).toEqual({
      metadata: "read",
      contents: "read",
      pull_requests: "write",
      checks: "write",
      statuses: "write",
      issues: "write",
      members: "read",
      merge_queues: "read",
    });
  });

  test("gives a reason for each permission and each event", () => {
    const lines = text.split("\n");
    const names = [...Object.keys(manifest.default_permissions), ...manifest.default_events];
    const without = names.filter((name) => {
      const at = lines.findIndex((line) => line.startsWith(`  ${name}:`) || line === `  - ${name}`);
      return !/^ {2}(#|- check_run)/.test(lines[at - 1] ?? "");
    });
    expect(without).toEqual([]);
  });
});
