import { describe, expect, test } from "@jest/globals";
import type { Annotation } from "../../../src/core/domain/desired.ts";
import { Forbidden, Gone, TryAgainLater } from "../../../src/shell/failures.ts";
import { CheckRuns } from "../../../src/shell/github/check-runs.ts";
import type { Call, GitHubClient, Identity } from "../../../src/shell/github/client.ts";

const head = "a".repeat(40);
const target = { owner: "acme", name: "shop", number: 7, head };
const annotation: Annotation = {
  path: "a.tf",
  start_line: 1,
  end_line: 1,
  annotation_level: "notice",
  title: "t",
  message: "m",
};

const checkRun = (annotations: readonly Annotation[] = []) =>
  ({ name: "threat-model", conclusion: "failure", title: "T", summary: "S", annotations }) as const;
const create = (annotations?: readonly Annotation[]) =>
  ({ do: "create-check-run", checkRun: checkRun(annotations), externalId: "x.y" }) as const;
const update = (annotations?: readonly Annotation[]) =>
  ({ do: "update-check-run", id: 5, checkRun: checkRun(annotations), externalId: "x.y" }) as const;

type Reply = { readonly status: number; readonly data: unknown };

const run = (pulls: readonly object[] = []): Reply => ({
  status: 200,
  data: { id: 5, html_url: "https://github.com/acme/shop/runs/5", pull_requests: pulls },
});

/** A client that gives these answers in turn and remembers what it was asked. */
function scripted(replies: readonly Reply[], identity: Identity = { door: "app", appId: 12 }) {
  const asked: { route: string; parameters: Readonly<Record<string, unknown>> }[] = [];
  const left = [...replies];
  const client: GitHubClient = {
    identity,
    address: { rest: "https://api.github.com", graphql: "https://api.github.com/graphql" },
    rest: async (route, parameters, call: Call) => {
      asked.push({ route: route.split(" ")[0] ?? "", parameters });
      const reply = left.shift();
      if (!reply) throw new Error(`not scripted: ${route}`);
      if (reply.status >= 400 && !call.accepts?.includes(reply.status)) throw new TryAgainLater(String(reply.status));
      return { ...reply, headers: {} };
    },
    graphql: async () => {
      throw new Error("no query was expected");
    },
    wait: async () => {},
  };
  return { asked, runs: new CheckRuns(client) };
}

describe("a check run", () => {
  test("is completed on the commit that was judged, and carries the pull request in its id", async () => {
    const { asked, runs } = scripted([run()]);
    const { result } = await runs.create(target, create());
    expect(result).toMatchObject({ outcome: "done", reference: "https://github.com/acme/shop/runs/5" });
    expect(asked[0]?.parameters).toEqual({
      owner: "acme",
      repo: "shop",
      name: "threat-model",
      head_sha: head,
      status: "completed",
      conclusion: "failure",
      external_id: "x.y@7",
      output: { title: "T", summary: "S" },
    });
  });

  test.each([
    ["is the head of the pull request", [{ number: 7, head: { sha: head } }], true],
    ["has been pushed over", [{ number: 7, head: { sha: "b".repeat(40) } }], false],
    ["belongs to another one", [{ number: 8, head: { sha: head } }], false],
    ["is of a fork, which GitHub does not name", [], false],
  ])("tells whether its commit %s", async (_, pulls, isHead) => {
    expect((await scripted([run(pulls)]).runs.create(target, create())).isHead).toBe(isHead);
  });

  test("whose annotations GitHub refuses is written without them, and says so", async () => {
    const { asked, runs } = scripted([{ status: 422, data: { message: "Invalid request" } }, run()]);
    expect((await runs.create(target, create([annotation]))).result.outcome).toBe("done");
    expect(asked[1]?.parameters["output"]).toEqual({
      title: "T",
      summary: "S\n\nGitHub refused the 1 annotations of this check.",
    });
  });

  test("that holds annotations is left behind by a new one, because GitHub would keep the old ones too", async () => {
    const { asked, runs } = scripted([run()]);
    await runs.update(target, update([annotation]), 3);
    expect(asked.map(({ route }) => route)).toEqual(["POST"]);
  });

  test("that holds none is brought up to date", async () => {
    const { asked, runs } = scripted([run()]);
    await runs.update(target, update([annotation]), 0);
    expect(asked.map(({ route, parameters }) => [route, parameters["check_run_id"]])).toEqual([["PATCH", 5]]);
  });

  test("that is no longer there is written anew", async () => {
    const { asked, runs } = scripted([{ status: 404, data: { message: "Not Found" } }, run()]);
    expect((await runs.update(target, update(), 0)).result.outcome).toBe("done");
    expect(asked.map(({ route }) => route)).toEqual(["PATCH", "POST"]);
  });

  test("that the App may not write stops the evaluation, and with a token is told", async () => {
    const denied = { status: 403, data: { message: "Resource not accessible by integration" } };
    await expect(scripted([denied]).runs.create(target, create())).rejects.toBeInstanceOf(Forbidden);
    const { result } = await scripted([denied], { door: "cli" }).runs.create(target, create());
    expect(result).toMatchObject({
      outcome: "skipped",
      why: "this token may not write check runs: Resource not accessible by integration",
    });
  });

  test("in an archived repository is gone; of a commit that GitHub does not know yet it comes later", async () => {
    const archived = { status: 403, data: { message: "Repository was archived so is read-only." } };
    await expect(scripted([archived]).runs.create(target, create())).rejects.toBeInstanceOf(Gone);
    const unknown = { status: 422, data: { message: "No commit found for SHA" } };
    await expect(scripted([unknown]).runs.create(target, create())).rejects.toBeInstanceOf(TryAgainLater);
  });
});
