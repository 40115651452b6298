import { expect, test } from "@jest/globals";
import type { Step } from "../../src/core/domain/plan.ts";
import { alwaysMayWrite } from "../../src/shell/ports.ts";
import type { Effect } from "../github/faults.ts";
import { expectTextBeside } from "../make/expected-text.ts";
import { bucket, Stage } from "./stage.ts";

/*
 * What the audit and the log say of a write that GitHub does not take, whole: `expected/skipped-writes.md`. GitHub's own
 * words stand in it as it answered them.
 */

const issue = { threat: "T-1", title: "Block it", body: "Words.", labels: [], state: "open" } as const;

const refused = (status: number, message: string): Effect => ({ do: "answer", status, body: { message } });
const noAccess = refused(403, "Resource not accessible by integration");
const notFound = refused(404, "Not Found");
const invalid = refused(422, "Validation Failed");
const refusedThere = (message: string): Effect => ({
  do: "answer",
  status: 200,
  body: { data: { m0: null }, errors: [{ type: "FORBIDDEN", path: ["m0"], message }] },
});

/** Each step with the operation that is refused, how, and in what words. */
const writes: readonly (readonly [Step, string, Effect])[] = [
  [{ do: "create-review", body: "Words.", comments: [] }, "pulls/create-review", noAccess],
  [{ do: "create-review", body: "Words.", comments: [] }, "pulls/create-review", invalid],
  [{ do: "update-summary", id: 1, body: "Words." }, "pulls/update-review", notFound],
  [{ do: "update-comment", id: 1, fingerprint: "f", body: "Words." }, "pulls/update-review-comment", notFound],
  [{ do: "minimize-review", nodeId: "PRR_1", id: 1, body: "Words." }, "pulls/update-review", notFound],
  [
    { do: "resolve-thread", nodeId: "PRRT_1", fingerprint: "f" },
    "graphql/Posts",
    refusedThere("Resource not accessible by integration"),
  ],
  [{ do: "unresolve-thread", nodeId: "PRRT_1", fingerprint: "f" }, "graphql/Posts", refusedThere("Not found")],
  [
    { do: "request-review", teams: ["security-architects"], users: [] },
    "pulls/request-reviewers",
    refused(422, "Reviews may only be requested from collaborators."),
  ],
  [{ do: "create-issue", issue }, "issues/create-label", noAccess],
  [{ do: "create-issue", issue }, "issues/create", refused(410, "Issues has been disabled in this repository.")],
  [{ do: "update-issue", number: 5, issue }, "issues/update", notFound],
  [{ do: "close-issue", number: 5, issue: { ...issue, state: "closed" } }, "issues/update", noAccess],
  [{ do: "reopen-issue", number: 5, issue }, "issues/update", invalid],
  [
    { do: "comment-issue", number: 5, threat: "T-1", body: "Words." },
    "issues/create-comment",
    refused(403, "Unable to create comment because issue is locked."),
  ],
];

test("H091: each lesser output that GitHub refuses is skipped with its reason, and told whole", async () => {
  const stage = await Stage.set({ policy: "version: 1\n" });
  const number = stage.opened({ "infra/export.tf": bucket("exports") });
  const { head } = stage.pull(number);
  const lines: string[] = [];
  for (const [step, operation, effect] of writes) {
    stage.github.faults.add({ operation, effect, times: 9 });
    const { posts } = stage.world();
    const [result] = await posts.apply(stage.subject(number), { head: head.sha, steps: [step] }, alwaysMayWrite);
    stage.github.faults.clear();
    lines.push(`${step.do}: ${result?.outcome === "skipped" ? result.why : `not skipped but ${result?.outcome}`}`);
  }
  const { posts } = stage.world();
  const elsewhere = {
    head: head.sha,
    steps: [{ do: "create-issue", issue }],
    issuesUnseen: "Jira does not answer",
  } as const;
  const [unseen] = await posts.apply(stage.subject(number), elsewhere, alwaysMayWrite);
  lines.push(`create-issue: ${unseen?.outcome === "skipped" ? unseen.why : ""}`);
  expect(lines.filter((line) => line.includes("not skipped"))).toEqual([]);
  expectTextBeside(import.meta.url, "skipped-writes", `${lines.join("\n")}\n`);
});
