import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { Snapshot } from "../../../src/core/domain/snapshot.ts";
import { Gone, TryAgainLater } from "../../../src/shell/failures.ts";
import { openApp } from "../../../src/shell/github/app.ts";
import { machineClock } from "../../../src/shell/github/pace.ts";
import { githubPort } from "../../../src/shell/github/port.ts";
import { effects } from "../../github/faults.ts";
import { Hosted, lines, nothingMore, organisation, repository } from "./hosted.ts";

let hosted: Hosted;

beforeEach(async () => {
  hosted = await Hosted.start();
});

afterEach(async () => {
  const { github } = hosted;
  await github.close();
  github.expectNoContractFindings();
});

const needs = (more: Partial<typeof nothingMore>) => ({ ...nothingMore, ...more });
const paths = (files: readonly { readonly path: string }[]) => files.map((file) => file.path).sort();
const head = (number: number) => hosted.github.pullRequest(repository, number).head.sha;

async function restart(seed: typeof organisation): Promise<void> {
  await hosted.github.close();
  hosted = await Hosted.start(seed);
}

describe("a pull request", () => {
  test("is read whole in two requests", async () => {
    const number = hosted.open({ "infra/export.tf": lines(3) });
    const snapshot = await hosted.read(number, {
      texts: ["infra/export.tf"],
      look: ["docs/threat-model.md", "THREAT_MODEL.md"],
      teams: ["security-architects"],
    });
    expect(hosted.operations()).toEqual(["pulls/list-files", "graphql/PullRequest"]);
    expect(snapshot).toMatchObject({
      door: "app",
      repository: {
        owner: "acme",
        name: "shop",
        ownerIsOrganisation: true,
        defaultBranch: "main",
        isPrivate: true,
        isArchived: false,
        hasIssues: true,
      },
      head: head(number),
      base: hosted.github.pullRequest(repository, number).base.sha,
      files: [{ filename: "infra/export.tf", status: "added", additions: 3, deletions: 0, changes: 3 }],
      filesTotal: 1,
      headTexts: [{ path: "infra/export.tf", text: lines(3) }],
      models: [{ path: "docs/threat-model.md", text: "# Threats\n" }],
      policy: {
        organisation: { path: ".github/threatgate.yml", reading: { outcome: "absent" } },
        repository: { path: ".github/threatgate.yml", reading: { outcome: "present", text: "version: 1\n" } },
      },
      timeline: { state: "reading", verifiedByGitHub: true, entries: [] },
      notRead: [],
    });
    expect([...snapshot.headPaths].sort()).toEqual([".github/threatgate.yml", "README.md", "docs/threat-model.md"]);
    expect(snapshot.headPathsComplete).toBe(false);
    expect(Date.parse(snapshot.now)).toBe(Math.floor(hosted.github.clock.now().getTime() / 1000) * 1000);
    const [team] = snapshot.teams;
    expect(team?.members).toMatchObject({
      outcome: "present",
      accounts: [{ login: "dana", type: "User" }, { login: "lee" }],
    });
  });

  test("its people are told apart by GitHub's own words", async () => {
    const number = hosted.open();
    hosted.github.as("dana").review(repository, number, "approve", { body: "Fine." });
    hosted.github.as("lee").review(repository, number, "request changes", { body: "No." });
    const { pullRequest } = await hosted.read(number);
    expect(pullRequest).toMatchObject({
      author: { login: "sam", type: "User" },
      state: "open",
      isDraft: false,
      isFork: false,
      baseBranch: "main",
      contributors: [{ login: "sam", type: "User" }],
      contributorsComplete: true,
      reviews: [
        {
          author: { login: "dana", type: "User" },
          state: "APPROVED",
          commit: head(number),
          canPush: true,
          body: "Fine.",
        },
        { author: { login: "lee", type: "User" }, state: "CHANGES_REQUESTED", commit: head(number) },
      ],
      siblings: [],
    });
  });

  test("co-authors and committers are contributors, by account and not by what git says", async () => {
    const number = hosted.open();
    hosted.github.as("sam").pushToPullRequest(repository, number, {
      files: { "more.txt": "x\n" },
      message: "More\n\nCo-authored-by: Dana <nobody@example.org>\n",
    });
    const { pullRequest } = await hosted.read(number);
    expect(pullRequest?.contributors.map((account) => account.login)).toEqual(["sam"]);
  });

  test("another one with the same head is named", async () => {
    const number = hosted.open();
    hosted.github.as("sam").pushCommit(repository, { branch: "sandbox", files: { "s.txt": "s\n" } });
    const other = hosted.github.as("sam").openPullRequest(repository, { branch: "feature", base: "sandbox" });
    expect((await hosted.read(number)).pullRequest?.siblings).toEqual([{ number: other, baseBranch: "sandbox" }]);
    expect((await hosted.read(other)).pullRequest?.siblings).toEqual([{ number, baseBranch: "main" }]);
  });

  test("more files than one page are all listed", async () => {
    const files = Object.fromEntries(Array.from({ length: 130 }, (_, index) => [`src/f${index}.txt`, "x\n"]));
    const number = hosted.open(files);
    const snapshot = await hosted.read(number, needs({ texts: Object.keys(files) }));
    expect(snapshot.files).toHaveLength(130);
    expect(snapshot.headTexts).toHaveLength(130);
    expect(hosted.operations()).toEqual([
      "pulls/list-files",
      "pulls/list-files",
      "graphql/PullRequest",
      "graphql/Files",
      "graphql/Files",
    ]);
  });

  test("more commits, reviews and members than a page are all read", async () => {
    const users = Array.from({ length: 120 }, (_, index) => `architect-${index}`);
    await restart({
      ...organisation,
      users: [...(organisation.users ?? []), ...users],
      organizations: [
        {
          login: "acme",
          owners: ["olga"],
          members: ["sam", ...users],
          teams: [{ name: "security-architects", members: users }],
        },
      ],
    });
    const number = hosted.open();
    for (let count = 0; count < 105; count++) {
      hosted.github.as("sam").pushToPullRequest(repository, number, { files: { "n.txt": `${count}\n` } });
    }
    for (const user of users.slice(0, 40)) hosted.github.as(user).review(repository, number, "approve", { body: "ok" });
    const snapshot = await hosted.read(number, needs({ teams: ["security-architects"] }));
    const [team] = snapshot.teams;
    expect(team?.members.outcome === "present" && team.members.accounts).toHaveLength(120);
    expect(snapshot.pullRequest?.reviews).toHaveLength(40);
    expect(snapshot.pullRequest?.contributorsComplete).toBe(true);
    expect(hosted.operations().slice(2).sort()).toEqual(["graphql/Members", "graphql/Page", "graphql/Page"]);
  });
});

describe("policy", () => {
  test("comes from the default branch, whatever the pull request writes", async () => {
    const number = hosted.open({ ".github/threatgate.yml": "version: 1\nmode: observe\n", "a.txt": "a\n" });
    const { policy } = await hosted.read(number);
    expect(policy.repository.reading).toEqual({ outcome: "present", text: "version: 1\n" });
    expect(policy.repository.commit).toMatch(/^[0-9a-f]{40}$/);
    expect(policy.repository.commit).not.toBe(head(number));
  });

  test("of the organisation comes from its own repository", async () => {
    const text = "version: 1\nmode: enforce\nlocked: [mode]\n";
    const github = { name: "acme/.github", files: { ".github/threatgate.yml": text } };
    await restart({ ...organisation, repositories: [...(organisation.repositories ?? []), github] });
    const { policy } = await hosted.read(hosted.open());
    expect(policy.organisation).toMatchObject({ reading: { outcome: "present", text } });
  });

  test("is absent where there is no file, and refused where it is a link", async () => {
    await restart(bent({ files: { "README.md": "x\n" } }));
    expect((await hosted.read(hosted.open())).policy.repository.reading).toEqual({ outcome: "absent" });
    await restart(bent({ files: { ".github/threatgate.yml": { content: "../../etc/passwd", mode: "120000" } } }));
    expect((await hosted.read(hosted.open())).policy.repository.reading).toEqual({
      outcome: "refused",
      why: "a symbolic link: it is not followed",
    });
  });

  function bent(more: object): typeof organisation {
    return { ...organisation, repositories: (organisation.repositories ?? []).map((one) => ({ ...one, ...more })) };
  }
});

describe("texts", () => {
  const read = async (content: unknown): Promise<Pick<Snapshot, "headTexts" | "notRead">> => {
    const number = hosted.github
      .as("sam")
      .openPullRequest(repository, { branch: "x", files: { "m.yaml": content as string } });
    const { headTexts, notRead } = await hosted.read(number, needs({ texts: ["m.yaml"] }));
    return { headTexts, notRead };
  };

  test("that GraphQL cuts are read whole", async () => {
    const text = "a: 1 # äöü\n".repeat(70_000);
    expect(await read(text)).toEqual({ headTexts: [{ path: "m.yaml", text }], notRead: [] });
    expect(hosted.operations()).toContain("git/get-blob");
  });

  test.each([
    ["above the limit", "x".repeat(4 * 1024 * 1024 + 1), "4 MiB, above the limit of 4 MiB"],
    ["a binary file", Buffer.from([0, 1, 2, 255]), "a binary file"],
    ["not UTF-8", Buffer.from([0x61, 0xff, 0x62, 0x0a]), "not UTF-8 text"],
    ["a link", { content: "../../etc/passwd", mode: "120000" }, "a symbolic link: it is not followed"],
    ["a submodule", { submodule: `${"0".repeat(39)}1` }, "a submodule: it is not followed"],
  ])("that are %s are named with the reason", async (_, content, reason) => {
    expect(await read(content)).toEqual({ headTexts: [], notRead: [{ path: "m.yaml", reason }] });
  });

  test("that hold the replacement character themselves are read", async () => {
    expect(await read("a: \uFFFD\n")).toEqual({ headTexts: [{ path: "m.yaml", text: "a: \uFFFD\n" }], notRead: [] });
  });

  test("that the head no longer has are not asked for, and a folder is not a file", async () => {
    const number = hosted.github.as("sam").openPullRequest(repository, { branch: "x", files: { "README.md": null } });
    const snapshot = await hosted.read(number, needs({ texts: ["README.md"], look: ["docs"] }));
    expect(snapshot.headTexts).toEqual([]);
    expect(snapshot.notRead).toEqual([{ path: "docs", reason: "a folder, where a file was expected" }]);
  });

  test("with hostile names are read by their exact name", async () => {
    const name = 'evil"}) { x }\u202Eo`|](<!--.tf';
    const number = hosted.open({ [name]: "x\n" });
    expect((await hosted.read(number, needs({ texts: [name] }))).headTexts).toEqual([{ path: name, text: "x\n" }]);
  });
});

describe("what is read on", () => {
  test("texts, models and teams that only the policy names", async () => {
    const number = hosted.open({ "security/model.yaml": "a\n", "infra/export.tf": "b\n" });
    const { source } = hosted.port();
    const subject = hosted.subject(number);
    const first = await source.snapshot(
      subject,
      await source.listing(subject),
      needs({ look: ["docs/threat-model.md"] }),
    );
    hosted.github.requests.clear();
    const more = {
      texts: ["infra/export.tf"],
      look: ["security/model.yaml", "none.yaml"],
      teams: ["security-architects", "nobody"],
    };
    const snapshot = await source.complete(subject, first, more);
    expect(hosted.operations()).toEqual(["graphql/Files", "graphql/Files"]);
    expect(paths(snapshot.models)).toEqual(["docs/threat-model.md", "security/model.yaml"]);
    expect(paths(snapshot.headTexts)).toEqual(["infra/export.tf"]);
    expect(snapshot.teams.map((team) => [team.team, team.members.outcome])).toEqual([
      ["security-architects", "present"],
      ["nobody", "unknown"],
    ]);
    const posts = await hosted.port().posts.observed(subject, snapshot, undefined);
    expect(posts.checkRuns).toEqual([]);
  });

  test("nothing more costs nothing", async () => {
    const number = hosted.open();
    const { source } = hosted.port();
    const subject = hosted.subject(number);
    const first = await source.snapshot(subject, await source.listing(subject), nothingMore);
    hosted.github.requests.clear();
    await source.complete(subject, first, nothingMore);
    expect(hosted.operations()).toEqual([]);
  });

  test("the text before a change whose patch GitHub leaves out", async () => {
    await restart({
      ...organisation,
      repositories: (organisation.repositories ?? []).map((one) => ({
        ...one,
        files: { ...one.files, "package-lock.json": lines(10) },
      })),
    });
    const files = { "lock.json": { movedFrom: "package-lock.json", content: `${lines(10)}line 11\n` } };
    const number = hosted.github.as("sam").openPullRequest(repository, { branch: "x", files });
    hosted.github.as("sam").pushCommit(repository, { branch: "main", files: { "package-lock.json": "moved on\n" } });
    const { source } = hosted.port();
    const subject = hosted.subject(number);
    const listing = await source.listing(subject);
    const withoutPatches = { ...listing, files: listing.files.map(({ patch: _patch, ...file }) => file) };
    const snapshot = await source.snapshot(subject, withoutPatches, needs({ texts: ["lock.json"] }));
    expect(snapshot.headTexts).toEqual([{ path: "lock.json", text: `${lines(10)}line 11\n` }]);
    expect(snapshot.baseTexts).toEqual([{ path: "package-lock.json", text: lines(10) }]);
    const unneeded = await source.snapshot(subject, listing, needs({ texts: ["lock.json"] }));
    expect(unneeded.baseTexts).toEqual([]);
  });
});

describe("what may not be seen", () => {
  test("teams, where the permission was not given: unknown, with the reason", async () => {
    const number = hosted.open();
    const { installation } = hosted.github.app;
    const permissions = {
      metadata: "read",
      contents: "read",
      pull_requests: "write",
      checks: "write",
      issues: "write",
    } as const;
    hosted.github.administrator("olga").acceptPermissions(installation, permissions);
    const { teams } = await hosted.read(number, needs({ teams: ["security-architects"] }));
    expect(teams).toMatchObject([{ team: "security-architects", members: { outcome: "unknown" } }]);
  });

  test("a repository that is not in the installation is refused before any call to it", async () => {
    const { id, privateKey, installation } = hosted.github.app;
    const app = openApp({ appId: id, privateKeys: [privateKey], baseUrl: hosted.github.url, clock: hosted.clock });
    const { source } = githubPort(app.forRepository(installation, "not-there"));
    const subject = { ...hosted.subject(1), repository: "not-there" };
    await expect(source.listing(subject)).rejects.toBeInstanceOf(Gone);
    expect(hosted.operations()).toEqual([]);
  });

  test("a repository that took the name of another is not taken for it", async () => {
    const number = hosted.open();
    const { source } = hosted.port();
    const subject = { ...hosted.subject(number), repositoryId: 1 };
    await expect(source.snapshot(subject, await source.listing(subject), nothingMore)).rejects.toBeInstanceOf(Gone);
  });

  test("a pull request that is not there is gone", async () => {
    const { source } = hosted.port();
    const subject = hosted.subject(404);
    await expect(source.listing(subject)).rejects.toBeInstanceOf(Gone);
    await expect(source.snapshot(subject, { files: [], total: 0 }, nothingMore)).rejects.toBeInstanceOf(Gone);
  });
});

describe("GitHub right after a push", () => {
  const patient = async () => {
    const { id, privateKey, installation } = hosted.github.app;
    const app = openApp({ appId: id, privateKeys: [privateKey], baseUrl: hosted.github.url, clock: machineClock });
    return githubPort(app.forRepository(installation, "shop")).source;
  };

  test("that lists no files yet is asked again, and not believed", async () => {
    const number = hosted.open();
    const source = await patient();
    const subject = hosted.subject(number);
    const listing = { files: [], total: 0 };
    await expect(source.snapshot(subject, listing, nothingMore)).rejects.toThrow(
      "GitHub's answers do not fit together yet: 0 files are listed of 1.",
    );
  });

  test("that cannot read all texts in its time is asked for fewer at once", async () => {
    const files = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`src/f${index}.txt`, "x\n"]));
    const number = hosted.open(files);
    hosted.github.faults.add({ operation: "graphql/PullRequest", effect: effects.serverError(502), times: 3 });
    hosted.github.faults.add({ operation: "graphql/Files", effect: effects.serverError(502), times: 3 });
    const snapshot = await hosted.read(number, needs({ texts: Object.keys(files) }));
    expect(snapshot.headTexts).toHaveLength(30);
    expect(hosted.operations().slice(1)).toEqual([
      ...Array.from({ length: 4 }, () => "graphql/PullRequest"),
      ...Array.from({ length: 5 }, () => "graphql/Files"),
    ]);
  });

  test("whose listing is of a commit that is no longer the head is given back at once, to be read anew", async () => {
    const number = hosted.open();
    const source = await patient();
    const subject = hosted.subject(number);
    const listing = await source.listing(subject);
    hosted.github.as("sam").pushToPullRequest(repository, number, { files: { "b.txt": "b\n" } });
    const again = source.snapshot(subject, listing, nothingMore);
    await expect(again).rejects.toBeInstanceOf(TryAgainLater);
    await expect(again).rejects.toMatchObject({ afterSeconds: 1 });
  });

  test.each([
    ["cut off", effects.truncatedJson],
    ["a page for people", effects.htmlPage],
  ])("whose listing is %s is asked again or given back, never read as empty", async (_, effect) => {
    const number = hosted.open();
    const { source } = hosted.port();
    hosted.github.faults.add({ operation: "pulls/list-files", effect, times: 2 });
    expect((await source.listing(hosted.subject(number))).files).toHaveLength(1);
    hosted.github.faults.add({ operation: "pulls/list-files", effect, times: 3 });
    await expect(source.listing(hosted.subject(number))).rejects.toBeInstanceOf(TryAgainLater);
  });
});
