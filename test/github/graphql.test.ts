import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { asInstallation, asking, type Client } from "./ask.ts";
import type { GitHub } from "./github.ts";
import { openExample, startSmall } from "./scene.ts";
import { usualPermissions } from "./seed-apps.ts";

let github: GitHub;
let bot: Client;

beforeEach(async () => {
  github = await startSmall();
  bot = asInstallation(github);
});

afterEach(async () => {
  await github.close();
});

interface Result {
  readonly data: Record<string, unknown>;
  readonly errors: readonly { readonly type?: string; readonly path?: readonly unknown[]; readonly message: string }[];
}

async function run(query: string, variables: Record<string, unknown> = {}, client: Client = bot): Promise<Result> {
  const { status, body } = await client("POST", "/graphql", { query, variables });
  expect(status).toBe(200);
  const fields: Record<string, unknown> = typeof body === "object" && body !== null ? { ...body } : {};
  return {
    data: isObject(fields["data"]) ? fields["data"] : {},
    errors: isErrors(fields["errors"]) ? fields["errors"] : [],
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function isErrors(value: unknown): value is Result["errors"] {
  return Array.isArray(value);
}

const inShop = (inside: string): string => `{ repository(owner: "acme", name: "shop") { ${inside} } }`;

/** One query for everything that an evaluation may want to know of a pull request. */
const everything = `query Everything($owner: String!, $repo: String!, $number: Int!, $config: String!, $headTree: String!, $baseOid: String!, $headOid: String!, $team: String!) {
  rateLimit { cost remaining resetAt }
  repository(owner: $owner, name: $repo) {
    isArchived isPrivate
    config: object(expression: $config) { ...B }
    headModels: object(expression: $headTree) { ... on Tree { entries { path type mode object { ...B } } } }
    last: object(expression: $baseOid) { ... on Commit {
      readme: history(first: 1, path: "README.md") { nodes { ...H } }
      app: history(first: 1, path: "src/app.ts") { nodes { ...H } }
    } }
    pullRequest(number: $number) {
      id number title state isDraft isCrossRepository isInMergeQueue changedFiles
      author { __typename login }
      baseRefName baseRefOid headRefOid reviewDecision
      headRepository { nameWithOwner }
      labels(first: 50) { nodes { name } }
      latestOpinionatedReviews(first: 50) { pageInfo { hasNextPage endCursor } nodes {
        id state submittedAt authorCanPushToRepository author { __typename login } commit { oid }
        onBehalfOf(first: 5) { nodes { slug } } } }
      commits(last: 100) { totalCount nodes { commit { oid committer { user { databaseId login } } authors(first: 5) { nodes { user { databaseId login } } } } } }
      reviews(first: 100) { pageInfo { hasNextPage endCursor } nodes { id fullDatabaseId viewerDidAuthor isMinimized state body commit { oid } author { __typename login ... on User { databaseId } } } }
      reviewThreads(first: 100) { pageInfo { hasNextPage endCursor } nodes {
        id isResolved isOutdated path line
        comments(first: 1) { nodes { id fullDatabaseId viewerDidAuthor body } } } }
    }
    siblings: object(expression: $headOid) { ... on Commit { associatedPullRequests(first: 10) { nodes { number state baseRefName headRefOid isDraft } } } }
    issues(first: 100, labels: ["threat-model"], states: [OPEN]) { pageInfo { hasNextPage endCursor } nodes { number title body viewerDidAuthor } }
  }
  organisationConfig: repository(owner: $owner, name: ".github") { object(expression: "HEAD:.github/threatgate.yml") { ...B } }
  organization(login: $owner) { team(slug: $team) { members(first: 100, membership: ALL) { pageInfo { hasNextPage endCursor } nodes { login } } } }
}
fragment B on GitObject { ... on Blob { oid byteSize isTruncated isBinary text } }
fragment H on Commit { oid committedDate associatedPullRequests(first: 1) { nodes { number mergedAt baseRefName } } }`;

test("the one query of an evaluation is answered whole, for three points at most", async () => {
  const sam = github.as("sam");
  openExample(github);
  sam.pushToPullRequest("acme/shop", 1, {
    files: { "models/tm.yaml": "a: 1\n" },
    message: "With help\n\nCo-authored-by: dana <dana@users.noreply.github.com>",
  });
  sam.requestReview("acme/shop", 1, "acme/security-architects");
  const looked = github.pullRequest("acme/shop", 1).head.sha;
  github
    .as("dana")
    .review("acme/shop", 1, "approve", { comments: [{ path: "infra/export.tf", line: 2, body: "why?" }] });
  sam.pushToPullRequest("acme/shop", 1, { files: { "b.txt": "b\n" } });
  sam.openIssue("acme/shop", { title: "T", labels: ["threat-model"] });
  sam.openIssue("acme/shop", { title: "other", labels: ["bug"] });
  const { base, head } = github.pullRequest("acme/shop", 1);
  const { data, errors } = await run(everything, {
    owner: "acme",
    repo: "shop",
    number: 1,
    team: "security-architects",
    config: `${base.sha}:.github/threatgate.yml`,
    headTree: `${head.sha}:models`,
    baseOid: base.sha,
    headOid: head.sha,
  });
  expect(errors).toEqual([
    expect.objectContaining({
      type: "NOT_FOUND",
      path: ["organisationConfig"],
      message: "Could not resolve to a Repository with the name 'acme/.github'.",
    }),
  ]);
  expect(data["organisationConfig"]).toBeNull();
  expect(data["rateLimit"]).toMatchObject({ cost: 3 });
  expect(data["organization"]).toMatchObject({ team: { members: { nodes: [{ login: "dana" }] } } });
  expect(data["repository"]).toMatchObject({
    config: null,
    headModels: {
      entries: [{ path: "models/tm.yaml", type: "blob", mode: 0o100644, object: { text: "a: 1\n", isBinary: false } }],
    },
    last: { readme: { nodes: [{ oid: base.sha, associatedPullRequests: { nodes: [] } }] } },
    siblings: {
      associatedPullRequests: { nodes: [{ number: 1, state: "OPEN", baseRefName: "main", headRefOid: head.sha }] },
    },
    issues: { nodes: [{ number: 2, title: "T", viewerDidAuthor: false }] },
    pullRequest: {
      state: "OPEN",
      changedFiles: 4,
      author: { __typename: "User", login: "sam" },
      headRefOid: head.sha,
      latestOpinionatedReviews: {
        nodes: [
          {
            state: "APPROVED",
            authorCanPushToRepository: true,
            author: { login: "dana" },
            commit: { oid: looked },
            onBehalfOf: { nodes: [{ slug: "security-architects" }] },
          },
        ],
      },
      commits: {
        totalCount: 3,
        nodes: [
          { commit: { authors: { nodes: [{ user: { login: "sam" } }] } } },
          { commit: { authors: { nodes: [{ user: { login: "sam" } }, { user: { login: "dana" } }] } } },
          { commit: { committer: { user: { login: "sam" } } } },
        ],
      },
      reviewThreads: { nodes: [{ isResolved: false, isOutdated: false, path: "infra/export.tf", line: 2 }] },
    },
  });
  github.expectNoContractFindings();
});

describe("what is merged", () => {
  for (const method of ["merge", "squash"] as const) {
    test(`a commit that came by ${method} leads to its pull request`, async () => {
      openExample(github);
      const made = github.as("dana").merge("acme/shop", 1, method);
      const { data } = await run(
        inShop(
          `defaultBranchRef { target { oid ... on Commit { history(first: 1, path: "infra/export.tf") { nodes { associatedPullRequests(first: 1) { nodes { number merged mergedAt mergedBy { login } mergeCommit { oid } } } } } } } }`,
        ),
      );
      expect(data["repository"]).toMatchObject({
        defaultBranchRef: {
          target: {
            oid: made,
            history: {
              nodes: [
                {
                  associatedPullRequests: {
                    nodes: [{ number: 1, merged: true, mergedBy: { login: "dana" }, mergeCommit: { oid: made } }],
                  },
                },
              ],
            },
          },
        },
      });
    });
  }
});

test("lists are paged by cursor", async () => {
  for (let at = 1; at <= 5; at += 1) github.as("sam").openIssue("acme/shop", { title: `issue ${at}` });
  const page = async (words: string) => {
    const { data } = await run(
      inShop(
        `issues(${words}) { totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } nodes { number } }`,
      ),
    );
    return isObject(data["repository"]) ? data["repository"]["issues"] : undefined;
  };
  const first = await page("first: 2");
  expect(first).toMatchObject({
    totalCount: 5,
    pageInfo: { hasNextPage: true, hasPreviousPage: false },
    nodes: [{ number: 1 }, { number: 2 }],
  });
  const end = isObject(first) && isObject(first["pageInfo"]) ? String(first["pageInfo"]["endCursor"]) : "";
  expect(await page(`first: 2, after: "${end}"`)).toMatchObject({
    pageInfo: { hasPreviousPage: true },
    nodes: [{ number: 3 }, { number: 4 }],
  });
  const last = await page("last: 2");
  expect(last).toMatchObject({ pageInfo: { hasNextPage: false }, nodes: [{ number: 4 }, { number: 5 }] });
  const start = isObject(last) && isObject(last["pageInfo"]) ? String(last["pageInfo"]["startCursor"]) : "";
  expect(await page(`last: 2, before: "${start}"`)).toMatchObject({ nodes: [{ number: 2 }, { number: 3 }] });
});

describe("what is refused", () => {
  test("a connection without a page size, or with more than 100, as GitHub refuses it", async () => {
    expect((await run(inShop("issues { totalCount }"))).errors).toMatchObject([
      { type: "MISSING_PAGINATION_BOUNDARIES" },
    ]);
    expect((await run(inShop("issues(first: 101) { totalCount }"))).errors).toMatchObject([
      { type: "EXCESSIVE_PAGINATION" },
    ]);
    const deep =
      "pullRequests(first: 100) { nodes { commits(first: 100) { nodes { commit { authors(first: 100) { totalCount } } } } } }";
    expect((await run(inShop(deep))).errors).toMatchObject([{ type: "MAX_NODE_LIMIT_EXCEEDED" }]);
    expect(github.contract.findings).toHaveLength(3);
  });

  test("a field that GitHub does not have", async () => {
    const { errors } = await run(inShop("pullRequest(number: 1) { patch }"));
    expect(errors[0]?.message).toContain('Cannot query field "patch" on type "PullRequest"');
  });

  test("a field that GitHub has and the stand-in has not is a finding that names it", async () => {
    openExample(github);
    const { errors } = await run(inShop("pullRequest(number: 1) { bodyHTML }"));
    expect(errors[0]?.message).toBe("the stand-in has no PullRequest.bodyHTML");
    expect(() => github.expectNoContractFindings()).toThrow("PullRequest.bodyHTML");
  });

  test("what a permission does not cover is FORBIDDEN, the rest is answered", async () => {
    const poor = asInstallation(github, { metadata: "read", contents: "read" });
    const { data, errors } = await run(
      inShop(`isPrivate object(expression: "HEAD:README.md") { oid } issues(first: 1) { totalCount }`),
      {},
      poor,
    );
    expect(errors).toMatchObject([{ type: "FORBIDDEN", message: "Resource not accessible by integration" }]);
    expect(data["repository"]).toBeNull();
    const { errors: teamErrors } = await run(
      `{ organization(login: "acme") { team(slug: "security-architects") { name } } }`,
      {},
      poor,
    );
    expect(teamErrors).toMatchObject([{ type: "FORBIDDEN", path: ["organization", "team"] }]);
  });

  test("nobody and an App itself", async () => {
    expect((await asking(github.url)("POST", "/graphql", { query: "{ viewer { login } }" })).status).toBe(401);
  });
});

describe("threads", () => {
  const resolve = `mutation Resolve($thread: ID!) { resolveReviewThread(input: { threadId: $thread }) { thread { isResolved resolvedBy { login } } } }`;
  const thread = async () => {
    const { data } = await run(
      inShop("pullRequest(number: 1) { reviewThreads(first: 1) { nodes { id viewerCanResolve } } }"),
    );
    const [found] = JSON.stringify(data).match(/PRRT_\w+/) ?? [];
    return { id: found ?? "", data: JSON.stringify(data) };
  };

  beforeEach(() => {
    openExample(github);
    github.as("dana").commentOnLine("acme/shop", 1, { path: "infra/export.tf", line: 1 }, "why?");
  });

  test("an App resolves them only with write access to contents", async () => {
    const { id, data } = await thread();
    expect(data).toContain('"viewerCanResolve":false');
    expect((await run(resolve, { thread: id })).errors).toMatchObject([{ type: "FORBIDDEN" }]);
    bot = asInstallation(github, usualPermissions);
    const installation = github.world.installations[0];
    if (installation !== undefined) installation.permissions = { ...usualPermissions, contents: "write" };
    const writer = asInstallation(github);
    const done = await run(resolve, { thread: id }, writer);
    expect(done.data["resolveReviewThread"]).toEqual({
      thread: { isResolved: true, resolvedBy: { login: "threatgate" } },
    });
    expect(github.pullRequest("acme/shop", 1).threads[0]?.resolved).toBe(true);
  });

  test("a review is hidden by minimizing it", async () => {
    github.as("sam").review("acme/shop", 1, "comment", { body: "old summary" });
    const { data } = await run(inShop("pullRequest(number: 1) { reviews(last: 1) { nodes { id } } }"));
    const [id] = JSON.stringify(data).match(/PRR_\w+/) ?? [];
    const hide = `mutation Hide($id: ID!) { minimizeComment(input: { subjectId: $id, classifier: DUPLICATE }) { minimizedComment { isMinimized minimizedReason } } }`;
    expect((await run(hide, { id })).data["minimizeComment"]).toEqual({
      minimizedComment: { isMinimized: true, minimizedReason: "duplicate" },
    });
  });
});
