import { afterEach, describe, expect, test } from "@jest/globals";
import { reconcile } from "../../../src/core/reconcile.ts";
import { openApp } from "../../../src/shell/github/app.ts";
import { type GitHubClient, tokenClient } from "../../../src/shell/github/client.ts";
import { machineClock } from "../../../src/shell/github/pace.ts";
import { githubPort } from "../../../src/shell/github/port.ts";
import { alwaysMayWrite } from "../../../src/shell/ports.ts";
import { Hosted, lines, nothingMore, organisation, repository, wanted } from "./hosted.ts";

let hosted: Hosted;

afterEach(async () => {
  const { github } = hosted;
  await github.close();
  github.expectNoContractFindings();
});

async function evaluate(client: GitHubClient, number: number) {
  const { source, posts } = githubPort(client);
  const subject = hosted.subject(number);
  const snapshot = await source.snapshot(subject, await source.listing(subject), nothingMore);
  const plan = reconcile(wanted(number), await posts.observed(subject, snapshot, undefined), snapshot.head);
  return { snapshot, plan, results: await posts.apply(subject, plan, alwaysMayWrite) };
}

describe("an Enterprise Server", () => {
  test("is spoken to below /api/v3 and /api/graphql", async () => {
    hosted = await Hosted.start();
    const { id, privateKey, installation } = hosted.github.app;
    const baseUrl = `${hosted.github.url}/api/v3`;
    const app = openApp({ appId: id, privateKeys: [privateKey], baseUrl, clock: hosted.clock });
    const number = hosted.open();
    const { results } = await evaluate(app.forRepository(installation, "shop"), number);
    expect(results.map((result) => result.outcome)).toEqual(["done", "done", "done"]);
  });
});

describe("a person's token", () => {
  test("reads all, and what it may not write is told with the reason", async () => {
    hosted = await Hosted.start({ ...organisation, tokens: { ghp_dana: "dana" } });
    const number = hosted.open();
    const client = tokenClient("ghp_dana", "cli", { baseUrl: hosted.github.url, clock: hosted.clock });
    const { snapshot, results } = await evaluate(client, number);
    expect(snapshot.door).toBe("cli");
    expect(results[0]).toMatchObject({
      outcome: "skipped",
      why: expect.stringContaining("this token may not write check runs: "),
    });
    expect(results[1]).toMatchObject({ outcome: "done" });
    expect((await evaluate(client, number)).plan.steps.map((step) => step.do)).toEqual(["create-check-run"]);
  });

  test("that may only read says of each output why it was not posted", async () => {
    hosted = await Hosted.start({
      ...organisation,
      users: [...(organisation.users ?? []), "rita"],
      repositories: (organisation.repositories ?? []).map((one) => ({
        ...one,
        collaborators: { ...one.collaborators, rita: "read" as const },
      })),
      tokens: { ghp_rita: "rita" },
    });
    const number = hosted.open();
    const client = tokenClient("ghp_rita", "action", { baseUrl: hosted.github.url, clock: hosted.clock });
    const { results } = await evaluate(client, number);
    expect(results[0]).toMatchObject({ outcome: "skipped" });
    expect(results[2]).toMatchObject({ outcome: "skipped" });
    expect(hosted.github.pullRequest(repository, number).requestedTeams).toEqual([]);
  });
});

describe("a fork", () => {
  test("is judged by what is in its commit, and GitHub is asked where its head is before people are told", async () => {
    const fork = { name: "stranger/shop", forkOf: repository };
    hosted = await Hosted.start({
      ...organisation,
      users: [...(organisation.users ?? []), "stranger"],
      repositories: [...(organisation.repositories ?? []), fork],
    });
    const number = hosted.github.as("stranger").openPullRequest(repository, {
      branch: "feature",
      fork: fork.name,
      files: { "infra/export.tf": lines(5) },
    });
    hosted.github.requests.clear();
    const { source } = hosted.port();
    const subject = hosted.subject(number);
    const snapshot = await source.snapshot(subject, await source.listing(subject), {
      texts: ["infra/export.tf"],
      look: [],
      teams: [],
    });
    expect(snapshot.pullRequest).toMatchObject({ isFork: true, author: { login: "stranger" } });
    expect(snapshot.headTexts).toEqual([{ path: "infra/export.tf", text: lines(5) }]);
    hosted.github.requests.clear();
    const { results } = await hosted.evaluate(number, wanted(number));
    expect(results.map((result) => result.outcome)).toEqual(["done", "done", "done"]);
    expect(hosted.operations()).toEqual([
      "pulls/list-files",
      "graphql/PullRequest",
      "checks/create",
      "graphql/Head",
      "pulls/create-review",
      "pulls/request-reviewers",
    ]);
  });
});

describe("GitHub that does not answer", () => {
  test("is not waited for longer than the limit", async () => {
    hosted = await Hosted.start({ ...organisation, tokens: { ghp_dana: "dana" } });
    const number = hosted.open();
    hosted.github.faults.add({ effect: { do: "delay", milliseconds: 2_500 }, times: 3 });
    const options = { baseUrl: hosted.github.url, clock: machineClock, timeout: 600 };
    const { source } = githubPort(tokenClient("ghp_dana", "cli", options));
    await expect(source.listing(hosted.subject(number))).rejects.toThrow("no whole answer within 0.6 s");
    await expect(source.listing(hosted.subject(number))).resolves.toMatchObject({ total: 1 });
  });
});
