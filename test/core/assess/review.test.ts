import { describe, expect, test } from "@jest/globals";
import { indicator } from "../../../src/core/assess/indicators/tm-3.ts";
import { reviewStanding } from "../../../src/core/assess/review.ts";
import type { Policy } from "../../../src/core/domain/policy.ts";
import type { PullRequestFacts, Snapshot } from "../../../src/core/domain/snapshot.ts";
import { anAccount, aPullRequest, aReview, aSnapshot, aTeam, earlierCommit } from "../../make/a-snapshot.ts";
import { aPolicy, theDeliverables } from "../../make/an-assessment.ts";

function verdict(snapshot: Snapshot, policy: Policy = aPolicy()) {
  const { verdict: review } = reviewStanding(snapshot, policy);
  return indicator.judge({
    system: "exports",
    statuses: [],
    deliverables: theDeliverables(),
    currency: { state: "no-model" },
    review,
    policy,
  });
}

function withPullRequest(bend: Partial<PullRequestFacts>): Snapshot {
  return aSnapshot({ pullRequest: aPullRequest(bend) });
}

/** `@login: why` for each review that does not count. */
function notCounted(snapshot: Snapshot, policy: Policy = aPolicy()): string[] {
  return reviewStanding(snapshot, policy).verdict.notCounted.map(({ account, why }) => `@${account.login}: ${why}`);
}

describe("TM-3", () => {
  test("an architect and a peer at the head are GREEN", () => {
    expect(verdict(aSnapshot())).toEqual({
      rag: "GREEN",
      why: "Approved by @dana (Security Architect) and @lee at `3f9c2e1`.",
      next: [],
    });
  });

  test("one of the two is AMBER and names the other", () => {
    expect(verdict(withPullRequest({ reviews: [aReview("lee")] }))).toEqual({
      rag: "AMBER",
      why: "Approved by @lee at `3f9c2e1`; no Security Architect has approved.",
      next: ["Ask team `security-architects` to approve this commit."],
    });
    expect(verdict(withPullRequest({ reviews: [aReview("dana")] })).why).toBe(
      "Approved by @dana (Security Architect) at `3f9c2e1`; no peer has approved.",
    );
  });

  test("nobody is RED, with what hinders the one who tried", () => {
    expect(verdict(withPullRequest({ reviews: [aReview("dana", { commit: earlierCommit })] }))).toMatchObject({
      rag: "RED",
      why: "Neither a peer nor a Security Architect has approved this commit. The review of @dana does not count: approved 81b0c7d, and the head is now 3f9c2e1.",
    });
  });

  test("two architects are an architect and a peer; one is not both", () => {
    expect(verdict(withPullRequest({ reviews: [aReview("dana"), aReview("ines")] })).rag).toBe("GREEN");
    expect(verdict(withPullRequest({ reviews: [aReview("dana")] })).rag).toBe("AMBER");
  });

  test("a local checkout is UNKNOWN", () => {
    const { pullRequest: _, ...local } = aSnapshot();
    expect(verdict(local)).toMatchObject({ rag: "UNKNOWN", why: "There are no reviews in a local checkout." });
  });
});

describe("approvals that do not count", () => {
  const dana = anAccount("dana");
  test.each<[string, Snapshot, string[]]>([
    [
      "the author's own (H021)",
      withPullRequest({ author: dana, reviews: [aReview("dana")] }),
      ["@dana: is the author of the pull request."],
    ],
    [
      "the author's, renamed since",
      withPullRequest({ author: { ...dana, login: "dana-old" }, reviews: [aReview("dana")] }),
      ["@dana: is the author of the pull request."],
    ],
    [
      "a contributor's (H022)",
      withPullRequest({ contributors: [dana], reviews: [aReview("dana")] }),
      ["@dana: contributed commits to the pull request."],
    ],
    [
      "a bot's, whatever its name (H023)",
      withPullRequest({ reviews: [aReview("dana", { author: { ...dana, type: "Bot" } })] }),
      ["@dana: is not a person's account."],
    ],
    [
      "one of an unknown kind",
      withPullRequest({ reviews: [aReview("dana", { author: { ...dana, type: "unknown" } })] }),
      ["@dana: GitHub does not say whether the account is a person."],
    ],
    [
      "one of an earlier commit, however late it was submitted (H024, H026)",
      withPullRequest({ reviews: [aReview("dana", { commit: earlierCommit, submittedAt: "2026-03-05T00:00:00Z" })] }),
      ["@dana: approved 81b0c7d, and the head is now 3f9c2e1."],
    ],
    [
      "a dismissed one",
      withPullRequest({ reviews: [aReview("dana", { state: "DISMISSED" })] }),
      ["@dana: the review was dismissed."],
    ],
    [
      "approve, then request changes (H027)",
      withPullRequest({
        reviews: [
          aReview("dana"),
          aReview("dana", { state: "CHANGES_REQUESTED", submittedAt: "2026-03-04T11:00:00Z" }),
        ],
      }),
      ["@dana: asked for changes."],
    ],
    [
      "a stranger's",
      withPullRequest({ reviews: [aReview("mallory", { canPush: false })] }),
      ["@mallory: has no write access here and is no Security Architect."],
    ],
    [
      "one whose rights are not known",
      withPullRequest({ reviews: [aReview("lee", { canPush: undefined as never })] }),
      ["@lee: GitHub does not say whether the account may push here."],
    ],
  ])("%s", (_, snapshot, expected) => {
    expect(notCounted(snapshot)).toEqual(expected);
    expect(verdict(snapshot).rag).toBe("RED");
  });

  test("a plain comment after an approval leaves it standing (H027)", () => {
    const reviews = [
      aReview("dana"),
      aReview("dana", { state: "COMMENTED", submittedAt: "2026-03-04T11:00:00Z" }),
      aReview("lee"),
      aReview("lee"),
    ];
    expect(verdict(withPullRequest({ reviews })).rag).toBe("GREEN");
  });

  test("who left the team is no architect any more (H028)", () => {
    expect(verdict(aSnapshot({ teams: [aTeam("security-architects", ["ines"])] })).why).toBe(
      "Approved by @dana, @lee at `3f9c2e1`; no Security Architect has approved.",
    );
  });

  test("a pinned user is known by the number, not by the name (H031)", () => {
    const policy = aPolicy({ architects: { teams: [], users: ["alice#42"] } });
    const stranger = withPullRequest({
      reviews: [aReview("alice", { author: anAccount("alice", { id: 99 }), canPush: false })],
    });
    expect(notCounted(stranger, policy)).toEqual([
      "@alice: the policy means account 42; this one has the same login and is another.",
    ]);
    const renamed = withPullRequest({ reviews: [aReview("alice-b", { author: anAccount("alice-b", { id: 42 }) })] });
    expect(verdict(renamed, policy).why).toBe(
      "Approved by @alice-b (Security Architect) at `3f9c2e1`; no peer has approved.",
    );
  });

  test("a user named without a number is who had the login when the policy was first read (H031)", () => {
    const policy = aPolicy({ architects: { teams: [], users: ["Alice"] } });
    const approved = (id: number, login = "alice") =>
      aSnapshot({
        pullRequest: aPullRequest({
          reviews: [aReview(login, { author: anAccount(login, { id }), canPush: false })],
        }),
        accounts: [{ login: "alice", id: 42 }],
      });
    expect(notCounted(approved(99), policy)).toEqual([
      "@alice: the policy means account 42, whose login this was when the policy was first read; to mean this one, write `alice#99`.",
    ]);
    for (const snapshot of [approved(42), approved(42, "alice-b")]) {
      expect(notCounted(snapshot, policy)).toEqual([]);
      expect(verdict(snapshot, policy).rag).toBe("AMBER");
    }
  });

  test("who pushed is no reviewer; where that is not known, it is said of an approval (H022)", () => {
    const pushed = {
      outcome: "present",
      accounts: [{ login: "", id: anAccount("dana").id as number, type: "unknown" }],
    } as const;
    expect(notCounted(withPullRequest({ pushers: pushed }))).toEqual(["@dana: pushed commits of the pull request."]);
    const unknown = { outcome: "unknown", why: "its branch is in a fork" } as const;
    const says = "Who pushed its commits is not known: its branch is in a fork.";
    expect(verdict(withPullRequest({ pushers: unknown })).why).toBe(
      `Approved by @dana (Security Architect) and @lee at \`3f9c2e1\`. ${says}`,
    );
    expect(verdict(withPullRequest({ pushers: unknown, reviews: [] })).why).not.toContain(says);
  });

  test("with peers named in the policy, write access alone makes none", () => {
    const policy = aPolicy({ peers: { teams: ["developers"], users: [] } });
    const snapshot = aSnapshot({ teams: [aTeam("security-architects", ["dana"]), aTeam("developers", ["kim"])] });
    expect(verdict(snapshot, policy).rag).toBe("AMBER");
    expect(
      verdict(
        { ...snapshot, pullRequest: aPullRequest({ reviews: [aReview("dana"), aReview("kim", { canPush: false })] }) },
        policy,
      ).rag,
    ).toBe("GREEN");
  });

  test("unread contributors are said", () => {
    expect(verdict(withPullRequest({ contributorsComplete: false })).why).toBe(
      "Approved by @dana (Security Architect) and @lee at `3f9c2e1`. Not all contributors of this pull request could be read.",
    );
  });
});

describe("when GitHub cannot tell who is an architect", () => {
  const reviews = [aReview("lee")];
  const none = aPolicy({ architects: { teams: [], users: [] } });
  const user = { ...aSnapshot().repository, ownerIsOrganisation: false };
  test.each<[string, Snapshot, Policy, string]>([
    [
      "the team may not be read (H029)",
      aSnapshot({
        pullRequest: aPullRequest({ reviews }),
        teams: [
          {
            team: "security-architects",
            members: { outcome: "unknown", why: "the permission `members: read` is missing" },
          },
        ],
      }),
      aPolicy(),
      "Cannot verify team `security-architects`: the permission `members: read` is missing.",
    ],
    [
      "the team was not read",
      aSnapshot({ pullRequest: aPullRequest({ reviews }), teams: [] }),
      aPolicy(),
      "Cannot verify team `security-architects`: its members were not read.",
    ],
    [
      "the team is empty (H030)",
      aSnapshot({ pullRequest: aPullRequest({ reviews }), teams: [aTeam("security-architects", [])] }),
      aPolicy(),
      "Nobody is in team `security-architects`: add a Security Architect to it.",
    ],
    [
      "all of the team wrote it (H030)",
      aSnapshot({ pullRequest: aPullRequest({ reviews }), teams: [aTeam("security-architects", ["sam"])] }),
      aPolicy(),
      "Every Security Architect contributed to this pull request: name another one in `architects`, or have it reviewed from outside the team.",
    ],
    [
      "the policy names none",
      withPullRequest({ reviews }),
      none,
      "The policy names no Security Architect: set `architects` to a team or to users.",
    ],
    [
      "a user's repository has no teams",
      aSnapshot({ repository: user, pullRequest: aPullRequest({ reviews }) }),
      aPolicy(),
      "The policy names no Security Architect: repositories of a user have no teams, so list them in `architects.users`.",
    ],
  ])("%s: UNKNOWN, never passed by itself", (_, snapshot, policy, why) => {
    expect(verdict(snapshot, policy)).toMatchObject({ rag: "UNKNOWN", why });
  });

  test("an architect who is known counts although another team could not be read", () => {
    const policy = aPolicy({ architects: { teams: ["security-architects", "secret"], users: [] } });
    expect(verdict(aSnapshot(), policy).rag).toBe("GREEN");
  });
});

describe("what else a formal review says", () => {
  const standing = (body: string, login = "dana") =>
    reviewStanding(withPullRequest({ reviews: [aReview(login, { body })] }), aPolicy());

  test("no change needed, by an architect", () => {
    expect(standing("Looked at it.\nNo change needed.").noChangeNeeded).toBe(true);
    expect(standing("No change needed.", "lee").noChangeNeeded).toBe(false);
    expect(standing("I doubt that no change needed is right").noChangeNeeded).toBe(false);
  });

  test("words that somebody else edited are none; the approval itself stands, and it is said (H039)", () => {
    const edited = (editedBy: string) =>
      reviewStanding(
        withPullRequest({ reviews: [aReview("dana", { body: undefined as never, editedBy })] }),
        aPolicy(),
      );
    expect(edited("sam")).toMatchObject({
      noChangeNeeded: false,
      verdict: {
        architects: [{ account: { login: "dana" } }],
        caveat: "The words of @dana's review were edited by @sam and count for nothing.",
      },
    });
    expect(edited("").verdict.caveat).toBe(
      "The words of @dana's review were edited by somebody else and count for nothing.",
    );
  });

  test("a waiver with its date and reason", () => {
    expect(standing("waive until 2026-03-10 because production is down").waiver).toEqual({
      by: anAccount("dana"),
      until: "2026-03-10",
      because: "production is down",
    });
  });

  test.each([
    ["by a peer", "waive until 2026-03-10 because production is down", "lee"],
    ["in the middle of a line", "please waive until 2026-03-10 because production is down", "dana"],
    ["in a quotation", "> waive until 2026-03-10 because production is down", "dana"],
    ["in the past", "waive until 2026-03-03 because production is down", "dana"],
    ["for ever", "waive until 9999-12-31 because production is down", "dana"],
    ["on a day that does not exist", "waive until 2026-02-30 because production is down", "dana"],
    ["for no reason", "waive until 2026-03-10 because TBD", "dana"],
  ])("none %s", (_, body, login) => {
    expect(standing(body, login).waiver).toBeUndefined();
  });
});
