import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { asApp, asInstallation, asking, type Client } from "./ask.ts";
import { repositoryNamed } from "./find.ts";
import type { GitHub } from "./github.ts";
import { Manifests } from "./manifests.ts";
import { allOperations } from "./rest/operations.ts";
import { openExample, shop, startSmall } from "./scene.ts";
import { usualPermissions } from "./seed-apps.ts";

/* Every operation of the stand-in answers as GitHub's own description of its API says. */

let github: GitHub;

beforeAll(async () => {
  github = await startSmall();
});

afterAll(() => github.close());

test("every operation is asked once, and neither the request nor the answer departs from GitHub's description", async () => {
  openExample(github);
  repositoryNamed(github.world, "acme/shop").alerts = { codeScanning: [], secretScanning: [], dependabot: [] };
  github.administrator("dana").acceptPermissions(github.app.installation, {
    ...usualPermissions,
    security_events: "read",
    secret_scanning_alerts: "read",
    vulnerability_alerts: "read",
  });
  github.as("dana").review("acme/shop", 1, "request changes", {
    comments: [{ path: "infra/export.tf", line: 1, body: "why?" }],
  });
  github.as("sam").comment("acme/shop", 1, "because");
  const { head } = github.pullRequest("acme/shop", 1);
  const [review] = github.pullRequest("acme/shop", 1).reviews;
  const [thread] = github.pullRequest("acme/shop", 1).threads;
  const comment = thread?.comments[0]?.id;
  const blob = "8e27be7d6154a1f68ea9160ef0e18691d20560dc";
  github.as("sam").pushCommit("acme/shop", {
    branch: "main",
    files: { "docs/x.md": "text\n", link: { content: "docs/x.md", mode: "120000" } },
  });
  github.sendWebhooksTo("http://127.0.0.1:9/nobody");
  github.as("sam").openIssue("acme/shop", { title: "an issue", labels: ["bug"] });
  await github.webhooks.idle();
  const delivery = github.webhooks.deliveries[0]?.id;
  const pull = `${shop}/pulls/1`;
  const bot = asInstallation(github);
  const app = asApp(github);
  const asked: readonly (readonly [Client, string, string, unknown?])[] = [
    [app, "GET", "/app"],
    [app, "GET", "/app/installations"],
    [app, "GET", `/app/installations/${github.app.installation}`],
    [app, "POST", `/app/installations/${github.app.installation}/access_tokens`, { repositories: ["shop"] }],
    [app, "GET", `${shop}/installation`],
    [app, "GET", "/app/hook/deliveries?per_page=1"],
    [app, "GET", `/app/hook/deliveries/${delivery}`],
    [app, "POST", `/app/hook/deliveries/${delivery}/attempts`],
    [bot, "GET", "/installation/repositories"],
    [asking(github.url, "token token-of-sam"), "GET", "/user"],
    [bot, "GET", "/rate_limit"],
    [bot, "GET", shop],
    [bot, "GET", `${shop}/branches`],
    [bot, "GET", `${shop}/activity?ref=refs/heads/feature`],
    [bot, "GET", `${shop}/properties/values`],
    [bot, "GET", `${shop}/code-scanning/alerts`],
    [bot, "GET", `${shop}/secret-scanning/alerts`],
    [bot, "GET", `${shop}/dependabot/alerts`],
    [bot, "GET", `${shop}/rules/branches/main`],
    [bot, "GET", `${shop}/contents/docs/x.md`],
    [bot, "GET", `${shop}/contents/link`],
    [bot, "GET", `${shop}/contents`],
    [bot, "GET", `${shop}/commits?path=src/app.ts`],
    [bot, "GET", `${shop}/commits/main`],
    [bot, "GET", `${shop}/compare/main...feature`],
    [bot, "GET", `${shop}/collaborators/sam/permission`],
    [bot, "GET", `${shop}/git/trees/main?recursive=1`],
    [bot, "GET", `${shop}/git/blobs/${blob}`],
    [bot, "GET", `${shop}/git/ref/heads/main`],
    [bot, "GET", `${shop}/git/commits/${head.sha}`],
    [bot, "GET", `${shop}/pulls?state=all`],
    [bot, "GET", pull],
    [bot, "GET", `${pull}/files`],
    [bot, "GET", `${pull}/commits`],
    [bot, "POST", `${pull}/requested_reviewers`, { team_reviewers: ["security-architects"], reviewers: ["lee"] }],
    [bot, "GET", `${pull}/requested_reviewers`],
    [bot, "DELETE", `${pull}/requested_reviewers`, { reviewers: ["lee"] }],
    [bot, "GET", `${shop}/commits/${head.sha}/pulls`],
    [bot, "GET", `${pull}/reviews`],
    [
      bot,
      "POST",
      `${pull}/reviews`,
      { event: "COMMENT", body: "b", comments: [{ path: "infra/export.tf", line: 2, body: "q" }] },
    ],
    [bot, "GET", `${pull}/reviews/${review?.id}`],
    [bot, "GET", `${pull}/reviews/${review?.id}/comments`],
    [bot, "PUT", `${pull}/reviews/${review?.id}/dismissals`, { message: "answered" }],
    [bot, "GET", `${pull}/comments`],
    [bot, "GET", `${shop}/pulls/comments/${comment}`],
    [
      bot,
      "POST",
      `${pull}/comments`,
      { body: "f", path: "infra/export.tf", commit_id: head.sha, subject_type: "file" },
    ],
    [bot, "POST", `${pull}/comments/${comment}/replies`, { body: "r" }],
    [bot, "POST", `${shop}/check-runs`, { name: "threat-model", head_sha: head.sha, status: "in_progress" }],
    [bot, "GET", `${shop}/commits/${head.sha}/check-runs`],
    [bot, "GET", `${shop}/issues?state=all`],
    [bot, "POST", `${shop}/issues`, { title: "t", body: "b", labels: ["threat-model"] }],
    [bot, "GET", `${shop}/issues/2`],
    [bot, "PATCH", `${shop}/issues/2`, { state: "closed" }],
    [bot, "GET", `${shop}/issues/1/comments`],
    [bot, "POST", `${shop}/issues/1/comments`, { body: "c" }],
    [bot, "GET", `${shop}/issues/2/labels`],
    [bot, "POST", `${shop}/issues/2/labels`, { labels: ["one"] }],
    [bot, "PUT", `${shop}/issues/2/labels`, { labels: ["one", "two"] }],
    [bot, "DELETE", `${shop}/issues/2/labels/one`],
    [bot, "GET", `${shop}/labels`],
    [bot, "POST", `${shop}/labels`, { name: "three", color: "ff0000", description: "d" }],
    [bot, "GET", `${shop}/labels/three`],
    [bot, "GET", "/orgs/acme/teams"],
    [bot, "GET", "/orgs/acme/teams/security-architects"],
    [bot, "GET", "/orgs/acme/teams/security-architects/members"],
    [bot, "GET", "/orgs/acme/teams/security-architects/memberships/dana"],
  ];
  const refused: string[] = [];
  for (const [client, method, path, body] of asked) {
    const answer = await client(method, path, body);
    if (answer.status >= 300) refused.push(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  }
  const run = github.checkRuns("acme/shop", 1)[0]?.id;
  const own = github.pullRequest("acme/shop", 1).reviews.find((one) => one.author?.type === "Bot")?.id;
  const ownComment = github.pullRequest("acme/shop", 1).threads[1]?.comments[0]?.id;
  const said = github.pullRequest("acme/shop", 1).comments[1]?.id;
  const annotations = [{ path: "a", start_line: 1, end_line: 1, annotation_level: "notice", message: "m" }];
  for (const [method, path, body] of [
    ["PUT", `${pull}/reviews/${own}`, { body: "b2" }],
    ["PATCH", `${shop}/pulls/comments/${ownComment}`, { body: "q2" }],
    ["DELETE", `${shop}/pulls/comments/${ownComment}`],
    ["GET", `${shop}/issues/comments/${said}`],
    ["PATCH", `${shop}/issues/comments/${said}`, { body: "c2" }],
    ["DELETE", `${shop}/issues/comments/${said}`],
    [
      "PATCH",
      `${shop}/check-runs/${run}`,
      { conclusion: "success", output: { title: "t", summary: "s", annotations } },
    ],
    ["GET", `${shop}/check-runs/${run}`],
    ["GET", `${shop}/check-runs/${run}/annotations`],
  ] as const) {
    const answer = await bot(method, path, body);
    if (answer.status >= 300) refused.push(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  }
  expect(refused).toEqual([]);
  github.expectNoContractFindings();
  const seen = new Set(github.requests.all.map((request) => request.operation));
  // These take a person's own token or the App's hook: test/shell/github/people.test.ts and test/flow/setup.test.ts and registration.test.ts ask them.
  const elsewhere = new Set([
    "apps/list-installations-for-authenticated-user",
    "apps/list-installation-repos-for-authenticated-user",
    "apps/delete-token",
    "apps/get-webhook-config-for-app",
    "apps/create-from-manifest",
    "repos/list-for-authenticated-user",
  ]);
  const unasked = allOperations(github.webhooks, github.limits, new Manifests(github.world)).filter(
    ({ id }) => !seen.has(id) && !elsewhere.has(id),
  );
  expect(unasked.map(({ id }) => id)).toEqual([]);
});

test("a request that is not as described is found, and so is one that nobody knows", async () => {
  const bot = asInstallation(github);
  github.contract.clear();
  await bot("POST", `${shop}/check-runs`, { name: "x", head_sha: "main", conclusion: "succes" });
  await bot("GET", `${shop}/nothing-of-the-kind`);
  expect(github.contract.findings.map(({ whose, what }) => [whose, what])).toEqual([
    ["client", "checks/create"],
    ["client", `GET ${shop}/nothing-of-the-kind`],
  ]);
  expect(() => github.expectNoContractFindings()).toThrow("must be equal to one of the allowed values");
});
