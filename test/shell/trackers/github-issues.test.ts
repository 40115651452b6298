import { describe, expect, test } from "@jest/globals";
import { writeMarker } from "../../../src/core/domain/marker.ts";
import type { IssueStep } from "../../../src/core/domain/plan.ts";
import { Gone, TryAgainLater, Uncertain } from "../../../src/shell/failures.ts";
import { tracker } from "../../../src/shell/trackers/github-issues.ts";
import type { CodeHost, TrackerCall } from "../../../src/shell/trackers/tracker.ts";

const shop = { owner: "acme", name: "shop" };
const body = `${writeMarker({ kind: "issue", threat: "T-1" })}\nTo do.`;
const issue = { threat: "T-1", title: "Bucket readable by anyone", body, labels: ["stride:I"], state: "open" } as const;
const create: IssueStep = { do: "create-issue", issue };
const page = "https://github.com/acme/shop/issues/3";

type Scripted = { readonly status: number; readonly data?: unknown } | Error;

/** A code host that answers what the script says, route by route, and remembers what was asked. */
class ScriptedHost implements CodeHost {
  readonly address = { rest: "https://api.github.com" };
  readonly asked: [string, Readonly<Record<string, unknown>>][] = [];
  readonly #answers: Map<string, Scripted[]>;

  constructor(answers: Readonly<Record<string, readonly Scripted[]>>) {
    this.#answers = new Map(Object.entries(answers).map(([route, list]) => [route, [...list]]));
  }

  async rest(route: string, parameters: Readonly<Record<string, unknown>>, call: TrackerCall) {
    const answer = this.#next(route, parameters);
    if (answer.status >= 400 && !call.accepts?.includes(answer.status)) throw new TryAgainLater(String(answer.status));
    return { status: answer.status, data: answer.data };
  }

  async graphql(document: string, variables: Readonly<Record<string, unknown>>) {
    const [, name = ""] = /^query (\w+)/.exec(document) ?? [];
    return { data: this.#next(name, variables).data as Readonly<Record<string, unknown>> };
  }

  async wait(): Promise<void> {}

  get routes(): string[] {
    return this.asked.map(([route]) => route.replace("/repos/{owner}/{repo}", ""));
  }

  #next(route: string, parameters: Readonly<Record<string, unknown>>): { status: number; data?: unknown } {
    this.asked.push([route, parameters]);
    const answer = this.#answers.get(route)?.shift();
    if (answer === undefined) throw new Error(`not scripted: ${route}`);
    if (answer instanceof Error) throw answer;
    return answer;
  }
}

const labels = "POST /repos/{owner}/{repo}/labels";
const issues = "POST /repos/{owner}/{repo}/issues";
const edit = "PATCH /repos/{owner}/{repo}/issues/{issue_number}";
const comments = "POST /repos/{owner}/{repo}/issues/{issue_number}/comments";
const opened = { status: 201, data: { html_url: page } };
const edited = { status: 200, data: { html_url: page } };
const found = (...nodes: object[]) => ({ status: 200, data: { repository: { issues: { nodes } } } });
const said = (...nodes: object[]) => ({ status: 200, data: { repository: { issue: { comments: { nodes } } } } });

async function play(step: IssueStep, answers: Readonly<Record<string, readonly Scripted[]>>) {
  const host = new ScriptedHost(answers);
  return { result: await tracker.open(host).apply(shop, step), host };
}

describe("opening an issue", () => {
  test("makes the label by which it is found again, and gives its address", async () => {
    const { result, host } = await play(create, { [labels]: [{ status: 201 }], [issues]: [opened] });
    expect(result).toEqual({ step: create, outcome: "done", reference: page });
    expect(host.asked[1]?.[1]).toEqual({
      owner: "acme",
      repo: "shop",
      title: issue.title,
      body,
      labels: ["threat-model", "stride:I"],
    });
  });

  test("makes the label once", async () => {
    const host = new ScriptedHost({ [labels]: [{ status: 422 }], [issues]: [opened, opened] });
    const connected = tracker.open(host);
    await connected.apply(shop, create);
    await connected.apply(shop, create);
    expect(host.routes).toEqual(["POST /labels", "POST /issues", "POST /issues"]);
  });

  test.each([
    [410, {}, "issues cannot be opened here: issues are disabled"],
    [
      403,
      { message: "Resource not accessible\nby integration" },
      "issues cannot be opened here: Resource not accessible by integration (403)",
    ],
    [422, { message: "Validation Failed" }, "issues cannot be opened here: Validation Failed (422)"],
    [404, undefined, "issues cannot be opened here: no reason given (404)"],
  ])("that is refused with %d is told with its reason and not tried for ever", async (status, data, why) => {
    const { result, host } = await play(create, { [labels]: [{ status: 201 }], [issues]: [{ status, data }] });
    expect(result).toEqual({ step: create, outcome: "skipped", why });
    expect(host.routes).toHaveLength(2);
  });

  test("is not done where its label cannot be made, because it would not be found again", async () => {
    const { result } = await play(create, { [labels]: [{ status: 403, data: { message: "no" } }] });
    expect(result).toMatchObject({ outcome: "skipped", why: 'the label "threat-model" cannot be made: no (403)' });
  });

  test("in an archived repository is gone", async () => {
    const archived = { status: 403, data: { message: "Repository was archived so is read-only." } };
    await expect(play(create, { [labels]: [archived] })).rejects.toBeInstanceOf(Gone);
  });

  test("whose answer was lost looks for it, and does not take a forged one for it", async () => {
    const answers = { [labels]: [{ status: 201 }], [issues]: [new Uncertain("lost")] };
    const own = { body, url: page, viewerDidAuthor: true };
    expect((await play(create, { ...answers, NewestIssues: [found(own)] })).result).toEqual({
      step: create,
      outcome: "done",
      reference: page,
    });
    const forged = { ...own, viewerDidAuthor: false };
    const second = { ...answers, [issues]: [new Uncertain("lost"), opened], NewestIssues: [found(forged)] };
    expect((await play(create, second)).host.routes).toEqual([
      "POST /labels",
      "POST /issues",
      "NewestIssues",
      "POST /issues",
    ]);
  });

  test("whose answer is lost twice is given back", async () => {
    const answers = { [labels]: [{ status: 201 }], [issues]: [new Uncertain("1"), new Uncertain("2")] };
    await expect(play(create, { ...answers, NewestIssues: [found(), found()] })).rejects.toBeInstanceOf(TryAgainLater);
  });
});

describe("an issue that is there", () => {
  test("is edited", async () => {
    const step: IssueStep = { do: "update-issue", number: 3, issue };
    const { host } = await play(step, { [edit]: [edited] });
    expect(host.asked).toEqual([[edit, { owner: "acme", repo: "shop", issue_number: 3, title: issue.title, body }]]);
  });

  test("is closed with its reason said once, after it", async () => {
    const step: IssueStep = { do: "close-issue", number: 3, issue: { ...issue, because: "Mitigated by C-1." } };
    const { result, host } = await play(step, { [edit]: [edited], [comments]: [new Uncertain("lost")] });
    expect(result.outcome).toBe("done");
    expect(host.asked.map(([route, parameters]) => [route, parameters.state ?? parameters.body])).toEqual([
      [edit, "closed"],
      [comments, "Mitigated by C-1."],
    ]);
  });

  test("is reopened with what it says now", async () => {
    const step: IssueStep = { do: "reopen-issue", number: 3, issue: { ...issue, because: "The control was removed." } };
    const { host } = await play(step, { [edit]: [edited], [comments]: [opened] });
    expect(host.asked[0]?.[1]).toMatchObject({ state: "open", title: issue.title, body });
    expect(host.routes).toHaveLength(2);
  });

  test("that cannot be edited is told, and nothing is said in it", async () => {
    const step: IssueStep = { do: "close-issue", number: 3, issue: { ...issue, because: "x" } };
    const { result, host } = await play(step, { [edit]: [{ status: 404, data: { message: "Not Found" } }] });
    expect(result).toMatchObject({ outcome: "skipped", why: "issue #3 cannot be edited: Not Found (404)" });
    expect(host.routes).toHaveLength(1);
  });

  test("is answered once when a person closed it, also when the answer was lost", async () => {
    const answer = `${writeMarker({ kind: "closing", threat: "T-1" })}\nStill open in the model.`;
    const step: IssueStep = { do: "comment-issue", number: 3, threat: "T-1", body: answer };
    const there = { body: answer, viewerDidAuthor: true };
    const first = await play(step, { [comments]: [new Uncertain("lost")], LatestComments: [said(there)] });
    expect(first.result.outcome).toBe("done");
    expect(first.host.routes).toHaveLength(2);
    const second = await play(step, { [comments]: [new Uncertain("lost"), opened], LatestComments: [said()] });
    expect(second.host.routes).toHaveLength(3);
  });

  test("in a locked conversation is told with the reason", async () => {
    const step: IssueStep = { do: "comment-issue", number: 3, threat: "T-1", body: "x" };
    const locked = { status: 403, data: { message: "Unable to create comment because issue is locked." } };
    expect((await play(step, { [comments]: [locked] })).result).toMatchObject({
      outcome: "skipped",
      why: "issue #3 takes no comments: Unable to create comment because issue is locked. (403)",
    });
  });
});
