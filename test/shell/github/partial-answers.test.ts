import { describe, expect, test } from "@jest/globals";
import { writeMarker } from "../../../src/core/domain/marker.ts";
import type { Observed } from "../../../src/core/domain/observed.ts";
import type { Snapshot } from "../../../src/core/domain/snapshot.ts";
import { Forbidden, Gone, TryAgainLater } from "../../../src/shell/failures.ts";
import type { GitHubClient, GraphqlError, Identity } from "../../../src/shell/github/client.ts";
import { githubPort } from "../../../src/shell/github/port.ts";

const head = "a".repeat(40);
const subject = { kind: "pull-request", owner: "acme", repository: "shop", number: 7 } as const;
const listing = { files: [], total: 0, head };

type Tree = { [key: string]: unknown };

/** The whole answer to the first look; a test bends the part that it is about. */
function firstLook(): { viewer: Tree; repository: Tree & { pullRequest: Tree }; organisationPolicy: Tree | null } {
  const none = { nodes: [], pageInfo: { hasNextPage: false, endCursor: null } };
  return {
    viewer: { login: "threatgate[bot]" },
    repository: {
      databaseId: 1000,
      name: "shop",
      isPrivate: true,
      isArchived: false,
      hasIssuesEnabled: true,
      owner: { __typename: "Organization", login: "acme" },
      defaultBranchRef: { name: "main", target: { oid: "b".repeat(40), file: null } },
      issues: none,
      pullRequest: {
        id: "PR_1",
        number: 7,
        title: "Export",
        state: "OPEN",
        isDraft: false,
        isCrossRepository: false,
        baseRefName: "main",
        baseRefOid: "b".repeat(40),
        headRefOid: head,
        changedFiles: 0,
        author: null,
        contributions: { totalCount: 0, nodes: [], pageInfo: { hasPreviousPage: false, startCursor: null } },
        latestOpinionatedReviews: none,
        reviews: none,
        reviewThreads: none,
        reviewRequests: { nodes: [] },
        head: { nodes: [{ commit: { oid: head, tree: { entries: [] } } }] },
      },
    },
    organisationPolicy: { defaultBranchRef: null },
  };
}

type Look = ReturnType<typeof firstLook>;

/** A client that gives one answer to every query, and is never asked for more. */
function clientFor(
  look: object,
  errors: readonly GraphqlError[] = [],
  identity: Identity = { door: "app", appId: 12 },
): GitHubClient {
  return {
    identity,
    address: { rest: "https://api.github.com", graphql: "https://api.github.com/graphql" },
    rest: async () => {
      throw new Error("no REST request was expected");
    },
    graphql: async () => ({ data: { ...look }, errors, at: "2026-03-04T12:00:00.000Z" }),
    wait: async () => {},
  };
}

function error(type: string, ...path: (string | number)[]): GraphqlError {
  return { type, path, message: "Resource not accessible by integration" };
}

async function read(look: object, ...errors: GraphqlError[]): Promise<Snapshot> {
  return githubPort(clientFor(look, errors)).source.snapshot(subject, listing, {
    texts: [],
    look: [],
    teams: ["architects"],
  });
}

async function observe(look: Look, identity?: Identity): Promise<Observed> {
  const { source, posts } = githubPort(clientFor(look, [], identity));
  return posts.observed(
    subject,
    await source.snapshot(subject, listing, { texts: [], look: [], teams: [] }),
    undefined,
  );
}

describe("a part that GitHub does not show", () => {
  test.each([
    ["NOT_FOUND", { outcome: "unseen", why: expect.stringMatching(/^UNKNOWN: /), next: expect.any(String) }],
    ["FORBIDDEN", { outcome: "denied", needs: "Contents: read on acme/.github" }],
  ])("the organisation's policy, %s", async (type, reading) => {
    const snapshot = await read({ ...firstLook(), organisationPolicy: null }, error(type, "organisationPolicy"));
    expect(snapshot.policy.organisation?.reading).toEqual(reading);
  });

  test("the repository's policy: denied, and not absent", async () => {
    const snapshot = await read(firstLook(), error("FORBIDDEN", "repository", "defaultBranchRef", "target", "file"));
    expect(snapshot.policy.repository.reading).toEqual({ outcome: "denied", needs: "Contents: read on acme/shop" });
    expect(snapshot.policy.organisation?.reading).toEqual({ outcome: "absent" });
  });

  test.each([
    ["FORBIDDEN", "GitHub does not show it to us: it needs Members: read (organisation)"],
    ["NOT_FOUND", 'acme has no team "architects" that we may see'],
  ])("a team, %s: unknown", async (type, why) => {
    const snapshot = await read(firstLook(), error(type, "teams", "t0"));
    expect(snapshot.teams).toEqual([{ team: "architects", members: { outcome: "unknown", why } }]);
  });

  test("a review's commit: nothing is concluded without it", async () => {
    const path = ["repository", "pullRequest", "latestOpinionatedReviews", "nodes", 0, "commit"];
    await expect(read(firstLook(), error("FORBIDDEN", ...path))).rejects.toBeInstanceOf(Forbidden);
  });

  test("the names of teams that were asked for review: no verdict rests on them", async () => {
    const path = ["repository", "pullRequest", "reviewRequests", "nodes", 0, "requestedReviewer"];
    expect((await read(firstLook(), error("FORBIDDEN", ...path))).head).toBe(head);
  });

  test("the repository or the pull request", async () => {
    const look = { ...firstLook(), repository: null };
    await expect(read(look, error("NOT_FOUND", "repository"))).rejects.toBeInstanceOf(Gone);
    await expect(read(firstLook(), error("NOT_FOUND", "repository", "pullRequest"))).rejects.toBeInstanceOf(Gone);
    await expect(read(look, error("FORBIDDEN", "repository"))).rejects.toBeInstanceOf(Forbidden);
  });

  test.each(["organisationPolicy", "repository", "teams"])(
    "%s, for a reason we do not know: asked later, never absent",
    async (part) => {
      await expect(read(firstLook(), error("SERVICE_UNAVAILABLE", part))).rejects.toBeInstanceOf(TryAgainLater);
    },
  );

  test("half of the answer is none", async () => {
    const look = firstLook();
    delete look.repository.pullRequest.headRefOid;
    await expect(read(look)).rejects.toThrow("was not whole (at repository.pullRequest.headRefOid)");
  });
});

describe("GitHub right after a push", () => {
  const old = "c".repeat(40);

  /** GraphQL answers with the old head for a while; the listing is of the new one. */
  function laggingFor(answers: number, updatedAt?: string) {
    const waits: number[] = [];
    let asked = 0;
    const client: GitHubClient = {
      ...clientFor(firstLook()),
      rest: async () => ({
        status: 200,
        headers: {},
        data: [
          {
            filename: "a",
            status: "added",
            additions: 1,
            deletions: 0,
            changes: 1,
            contents_url: `https://x?ref=${head}`,
          },
        ],
      }),
      graphql: async () => {
        const look = firstLook();
        const isOld = asked++ < answers;
        const { pullRequest } = look.repository;
        if (updatedAt !== undefined) pullRequest.updatedAt = isOld ? "2026-03-04T11:00:00Z" : updatedAt;
        else if (isOld) pullRequest.headRefOid = old;
        return { data: { ...look }, errors: [], at: "2026-03-04T12:00:00.000Z" };
      },
      wait: async (milliseconds) => void waits.push(milliseconds),
    };
    const { source } = githubPort(client);
    return {
      waits,
      read: (seen = {}) => source.snapshot({ ...subject, ...seen }, listing, { texts: [], look: [], teams: [] }),
    };
  }

  test("an answer of another commit than the listing is asked for again until it fits", async () => {
    const { read: readIt, waits } = laggingFor(2);
    expect((await readIt()).head).toBe(head);
    expect(waits).toEqual([500, 1000]);
  });

  test("one that never fits is given back", async () => {
    await expect(laggingFor(99).read()).rejects.toThrow("GitHub's answers do not fit together yet");
  });

  test("an answer older than the event is asked for again, and believed at last", async () => {
    const seen = { updatedAt: "2026-03-04T11:59:00Z" };
    const late = laggingFor(1, seen.updatedAt);
    await late.read(seen);
    expect(late.waits).toEqual([500]);
    const never = laggingFor(99, seen.updatedAt);
    expect((await never.read(seen)).head).toBe(head);
    expect(never.waits).toEqual([500, 1000, 2000]);
  });
});

describe("a person's token without the scope to see organisations", () => {
  test("reads all but teams, whose members stay unknown", async () => {
    const refused = { type: "INSUFFICIENT_SCOPES", path: [], message: "The 'slug' field requires: ['read:org']" };
    const asked: string[] = [];
    const client: GitHubClient = {
      ...clientFor(firstLook(), [], { door: "cli" }),
      graphql: async (document) => {
        asked.push(document);
        const data = asked.length === 1 ? {} : { ...firstLook() };
        return { data, errors: asked.length === 1 ? [refused] : [], at: "2026-03-04T12:00:00.000Z" };
      },
    };
    const wanted = { texts: [], look: [], teams: ["architects"] };
    const snapshot = await githubPort(client).source.snapshot(subject, listing, wanted);
    expect(snapshot.teams[0]?.members.outcome).toBe("unknown");
    expect(asked).toHaveLength(2);
    expect(asked[1]).not.toContain("onBehalfOf");
  });
});

describe("an owner that is a person", () => {
  test("has no organisation policy and no teams", async () => {
    const look = firstLook();
    look.repository.owner = { __typename: "User", login: "acme" };
    const snapshot = await read(look, error("NOT_FOUND", "teams"));
    expect(snapshot.policy.organisation).toBeUndefined();
    expect(snapshot.teams).toEqual([
      { team: "architects", members: { outcome: "unknown", why: "acme is not an organisation and has no teams" } },
    ]);
  });
});

describe("the organisation's own repository", () => {
  test("holds the organisation's policy and none of its own", async () => {
    const look = firstLook();
    look.repository.name = ".github";
    const file = {
      type: "blob",
      mode: 0o100644,
      object: { oid: "c", byteSize: 11, isBinary: false, isTruncated: false, text: "version: 1\n" },
    };
    look.repository.defaultBranchRef = { name: "main", target: { oid: "b".repeat(40), file } };
    const { policy } = await read(look);
    expect(policy.organisation?.reading).toEqual({ outcome: "present", text: "version: 1\n" });
    expect(policy.repository.reading).toEqual({ outcome: "absent" });
  });
});

describe("our own check runs", () => {
  const run = {
    databaseId: 5,
    url: "https://github.com/acme/shop/runs/5",
    name: "threat-model",
    status: "COMPLETED",
    conclusion: "FAILURE",
    externalId: "x.y@7",
  };
  const suite = (more: Tree = {}, bent: Tree = {}) => ({
    status: "COMPLETED",
    app: { databaseId: 12, slug: "threatgate" },
    gate: { nodes: [{ ...run, ...bent }] },
    policyGate: { nodes: [] },
    ...more,
  });
  const withSuites = (...suites: Tree[]) => {
    const look = firstLook();
    look.repository.pullRequest.head = { nodes: [{ commit: { oid: head, checkSuites: { nodes: suites } } }] };
    return look;
  };

  test("are known by their App, newest first", async () => {
    const other = suite({ app: { databaseId: 13, slug: "threatgate" } }, { databaseId: 9 });
    const { checkRuns } = await observe(withSuites(suite(), other, suite({}, { databaseId: 6 })));
    expect(checkRuns).toEqual([
      { id: 6, name: "threat-model", conclusion: "failure", externalId: "x.y" },
      { id: 5, name: "threat-model", conclusion: "failure", externalId: "x.y" },
    ]);
  });

  test("with a token alone are known by the App whose account the token is", async () => {
    const look = withSuites(suite({ app: { databaseId: 15368, slug: "github-actions" } }), suite());
    look.viewer.login = "github-actions[bot]";
    expect((await observe(look, { door: "action" })).checkRuns).toHaveLength(1);
  });

  test("that were asked for again are not taken for a verdict", async () => {
    expect((await observe(withSuites(suite({ status: "QUEUED" })))).checkRuns[0]?.conclusion).toBeNull();
  });

  test.each([
    ["https://github.com/acme/shop/runs/68719476736", 68719476736],
    ["https://github.com/acme/shop/actions/runs/77/job/68719476736", 68719476736],
  ])("have the id of their page where GraphQL gives none: %s", async (url, id) => {
    expect((await observe(withSuites(suite({}, { databaseId: null, url })))).checkRuns[0]?.id).toBe(id);
  });
});

describe("our own threads", () => {
  const body = `${writeMarker({ kind: "question", fingerprint: "f1" })}\nWho may read it?`;
  const comment = { id: "C1", fullDatabaseId: "68719476736", viewerDidAuthor: true, body, url: "https://x" };
  const withThread = (thread: Tree, first: Tree = {}, ...others: Tree[]) => {
    const look = firstLook();
    const nodes = [{ ...comment, ...first }, ...others];
    const node = { id: "T1", isResolved: false, comments: { totalCount: nodes.length, nodes }, ...thread };
    look.repository.pullRequest.reviewThreads = { nodes: [node] };
    return look;
  };
  const standing = async (look: Look) => {
    const { threads } = await observe(look);
    return threads.map(({ isResolved, answered }) => [isResolved ? "resolved" : "open", answered ? "theirs" : "ours"]);
  };

  test("are found with the id of their comment", async () => {
    expect((await observe(withThread({}))).threads).toEqual([
      {
        nodeId: "T1",
        fingerprint: "f1",
        isResolved: false,
        answered: false,
        url: "https://x",
        comment: { id: 68719476736, body },
      },
    ]);
  });

  test.each<[string, Tree, Tree, Tree[], string[][]]>([
    ["left alone", {}, {}, [], [["open", "ours"]]],
    ["answered", {}, {}, [{ ...comment, viewerDidAuthor: false }], [["open", "theirs"]]],
    ["that we went on with", {}, {}, [comment], [["open", "ours"]]],
    ["longer than was read", { comments: { totalCount: 20, nodes: [comment] } }, {}, [], [["open", "theirs"]]],
    ["resolved by us", { isResolved: true, resolvedBy: { login: "threatgate[bot]" } }, {}, [], [["resolved", "ours"]]],
    ["resolved by somebody", { isResolved: true, resolvedBy: { login: "sam" } }, {}, [], [["resolved", "theirs"]]],
    ["hidden by us", {}, { isMinimized: true, minimizedReason: "outdated" }, [], [["resolved", "ours"]]],
    ["hidden as off-topic", {}, { isMinimized: true, minimizedReason: "off-topic" }, [], [["resolved", "theirs"]]],
    ["not submitted", {}, { state: "PENDING" }, [], []],
    ["of somebody else", {}, { viewerDidAuthor: false }, [], []],
    ["without our marker", {}, { body: `Look: ${body}` }, [], []],
  ])("%s", async (_, thread, first, others, expected) => {
    expect(await standing(withThread(thread, first, ...others))).toEqual(expected);
  });
});

describe("our own issues", () => {
  const body = `${writeMarker({ kind: "issue", threat: "T-1" })}\nDo it.`;
  const withIssue = (issue: Tree) => {
    const look = firstLook();
    look.repository.issues = {
      nodes: [{ number: 3, title: "t", body, state: "CLOSED", viewerDidAuthor: true, ...issue }],
    };
    return look;
  };
  const closedBy = (login: string) => ({ timelineItems: { nodes: [{ actor: { __typename: "Bot", login } }] } });

  test.each<[string, Tree, object[]]>([
    [
      "open",
      { state: "OPEN", comments: { totalCount: 0, nodes: [] } },
      [{ state: "open", closedByUs: false, answeredClosing: false }],
    ],
    ["closed by us", closedBy("threatgate"), [{ state: "closed", closedByUs: true }]],
    ["closed by somebody", closedBy("sam"), [{ state: "closed", closedByUs: false }]],
    ["by somebody else", { viewerDidAuthor: false }, []],
    ["without our marker", { body: "x" }, []],
  ])("%s", async (_, issue, expected) => {
    expect((await observe(withIssue(issue))).issues).toMatchObject(expected);
    expect((await observe(withIssue(issue))).issues).toHaveLength(expected.length);
  });

  test("tell whether their closing was answered, and say nothing when not all was read", async () => {
    const answer = { viewerDidAuthor: true, body: `${writeMarker({ kind: "closing", threat: "T-1" })}\nStill open.` };
    const of = async (comments: Tree) => (await observe(withIssue({ comments }))).issues[0]?.answeredClosing;
    expect(await of({ totalCount: 1, nodes: [answer] })).toBe(true);
    expect(await of({ totalCount: 1, nodes: [{ ...answer, viewerDidAuthor: false }] })).toBe(false);
    expect(await of({ totalCount: 30, nodes: [] })).toBeUndefined();
  });
});
