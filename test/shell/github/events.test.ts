import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import examples from "@octokit/webhooks-examples" with { type: "json" };
import fc from "fast-check";
import { parse } from "yaml";
import { handledEvents, readExternalId, wakeUpsOf, writeExternalId } from "../../../src/shell/github/events.ts";

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

describe("app.yml", () => {
  const text = readFileSync(new URL("../../../app.yml", import.meta.url), "utf8");
  const manifest = parse(text) as { default_permissions: Record<string, string>; default_events: string[] };

  test("subscribes to what is handled and handles what it subscribes to", () => {
    expect([...manifest.default_events].sort()).toEqual([...handledEvents].sort());
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
