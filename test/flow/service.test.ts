import { createHmac } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { GitHub } from "../github/github.ts";
import { startGitHub } from "../github/server.ts";
import type { Delivery } from "../github/webhooks.ts";
import { aShopOnGitHub, shop } from "../make/a-shop-on-github.ts";
import { prepareDatabase } from "../make/prepared-database.ts";
import { eventually, RunningService, settingsFor, threatgate } from "./program.ts";
import { bucket } from "./stage.ts";

const repository = shop;
let github: GitHub;
let service: RunningService;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "threatgate-service-"));
  github = await startGitHub(
    aShopOnGitHub({ now: "2026-03-04T09:00:00Z", apps: [{ slug: "threatgate" }, { slug: "other-bot" }] }),
  );
  service = await RunningService.start(github, folder, { RETRY_SECONDS: "1" }, true);
});

afterAll(async () => {
  await service.end("SIGKILL");
  await github.close();
  await rm(folder, { recursive: true, force: true });
});

let branches = 0;

/** Sam opens a pull request with a new data store; resolves when the service has answered it. */
async function openedAndAnswered(): Promise<number> {
  branches++;
  const number = github.as("sam").openPullRequest(repository, {
    branch: `feature-${branches}`,
    files: { [`infra/store-${branches}.tf`]: bucket(`store${branches}`) },
  });
  await eventually("the pull request is answered", () => ours(number).requested.length > 0);
  await atRest();
  return number;
}

/** What we show on a pull request, counted. */
function ours(number: number) {
  const pull = github.pullRequest(repository, number);
  const bot = `${github.app.slug}[bot]`;
  return {
    checks: github.checkRuns(repository, number).filter((check) => check.app.id === github.app.id),
    reviews: pull.reviews.filter((review) => review.author?.login === bot),
    questions: pull.threads.filter((thread) => thread.comments[0]?.author?.login === bot),
    requested: pull.requestedTeams.map((team) => team.slug),
    issues: github.issues(repository).filter((issue) => issue.body?.includes(`/pull/${number})`)),
  };
}

function counted(number: number): number[] {
  const { checks, reviews, questions, requested, issues } = ours(number);
  return [checks.length, reviews.length, questions.length, requested.length, issues.length];
}

/** Nothing on its way, nothing waiting, nothing running: every evaluation that began has ended. */
async function atRest(): Promise<void> {
  await github.webhooks.idle();
  let before = -1;
  await eventually("the service is at rest", async () => {
    const now = github.requests.all.length;
    const still = now === before && (await service.isIdle());
    before = now;
    await new Promise((resolve) => setTimeout(resolve, 400));
    return still && github.requests.all.length === now;
  });
}

/** Sweeps that ended since the start; the next one comes ten minutes after the first. */
async function sweeps(): Promise<number> {
  const outcomes = ["whole", "partial"].map((outcome) => `{outcome="${outcome}"}`);
  const counts = await Promise.all(outcomes.map((outcome) => service.metric("threatgate_sweeps_total", outcome)));
  return counts.reduce((sum, count) => sum + count, 0);
}

function webhook(body: string, headers: Readonly<Record<string, string>>): Promise<Response> {
  return fetch(`${service.url}/api/github/webhooks`, { method: "POST", body, headers });
}

/** The last webhook about a pull request with this action. */
function latest(action: "opened" | "closed"): Delivery {
  const found = github.webhooks.deliveries.findLast(
    (one) => one.event === "pull_request" && one.action === action && one.app.id === github.app.id,
  );
  if (!found) throw new Error(`no pull request was ever ${action}`);
  return found;
}

describe("starting", () => {
  test("H001, H002: without its credentials it says so in one line and never listens", async () => {
    const { APP_ID = "", PRIVATE_KEY = "", WEBHOOK_SECRET = "" } = settingsFor(github);
    const cases: [string, Record<string, string>, RegExp][] = [
      ["nothing", { NODE_ENV: "production" }, /APP_ID is missing.*PRIVATE_KEY is missing.*WEBHOOK_SECRET is missing/],
      ["Probot's own secret", { APP_ID, PRIVATE_KEY, WEBHOOK_SECRET: "development" }, /a word that everybody knows/],
      ["a key that is none", { APP_ID, PRIVATE_KEY: "no key", WEBHOOK_SECRET }, /PRIVATE_KEY is not a private key/],
    ];
    const ends = await Promise.all(cases.map(([, variables]) => threatgate(["serve"], { ...variables, PORT: "0" })));
    for (const [index, { code, stdout, stderr }] of ends.entries()) {
      expect(code).toBe(2);
      expect(stdout).toBe("");
      expect(stderr).toMatch(/^threatgate: Threatgate cannot start: [^\n]+\n$/);
      expect(stderr).toMatch(cases[index]?.[2] ?? /never/);
      expect(stderr).not.toContain("no key");
    }
  });

  test("where a part cannot start, the whole process ends and says why", async () => {
    const folder = await mkdtemp(join(tmpdir(), "threatgate-"));
    await prepareDatabase(folder);
    const taken = new URL(service.metricsUrl).port;
    const ended = await threatgate(["serve"], {
      ...settingsFor(github),
      DATA_DIR: folder,
      HOST: "127.0.0.1",
      PORT: "0",
      METRICS_PORT: taken,
    });
    expect([ended.code, ended.stderr]).toEqual([expect.any(Number), expect.stringContaining(taken)]);
    expect(ended.code).not.toBe(0);
    await rm(folder, { recursive: true, force: true });
  });

  test("H002: there is no setup page of Probot", async () => {
    const paths = ["/probot", "/probot/setup", "/probot/import", "/probot/success"];
    for (const path of paths) expect((await fetch(`${service.url}${path}`)).status).toBe(404);
    expect((await fetch(`${service.url}/probot/setup`, { method: "POST" })).status).toBe(404);
  });

  test("it is healthy, ready and counts", async () => {
    expect(await (await fetch(`${service.url}/healthz`)).json()).toEqual({ ok: true });
    expect(await (await fetch(`${service.url}/readyz`)).json()).toEqual({ ready: true, reasons: [] });
    expect((await fetch(`${service.url}/metrics`)).status).toBe(404);
    expect((await fetch(`${service.metricsUrl}/metrics`)).status).toBe(200);
  });
});

describe("jobs that cannot be done", () => {
  test("H086: one that fails at every attempt is set aside, said in the check, counted, listed, and done again by one command", async () => {
    const disarm = github.faults.add({
      operation: "graphql/PullRequest",
      times: 10_000,
      effect: { do: "answer", status: 403, body: { message: "Resource not accessible by integration" } },
    });
    branches++;
    const number = github.as("sam").openPullRequest(repository, {
      branch: `feature-${branches}`,
      files: { [`infra/store-${branches}.tf`]: bucket(`store${branches}`) },
    });
    await eventually("it is set aside", async () => (await service.metric("threatgate_failed_jobs")) === 1);
    await eventually("the check says so", () => ours(number).checks.length === 1);
    expect(ours(number).checks[0]).toMatchObject({ status: "completed", conclusion: "failure" });
    const settings = { ...settingsFor(github), DATA_DIR: folder };
    const listed = await threatgate(["failed"], settings);
    expect([listed.code, listed.stderr]).toEqual([0, ""]);
    expect(listed.stdout).toMatch(/^[-0-9T:.]+Z {2}acme\/shop#\d+ {2}[a-z_.]+ {2}GitHub does not allow us to /);
    expect(listed.stdout).toMatch(/\n1 job failed\.\n$/);
    const again = await threatgate(["failed", "--again"], settings);
    disarm();
    expect(again.stdout).toMatch(/\n1 job put back into the queue\.\n$/);
    await eventually("it is answered", () => ours(number).requested.length === 1);
    expect((await threatgate(["failed"], settings)).stdout).toBe("0 jobs failed.\n");
  });
});

describe("a pull request, from its webhook to its page", () => {
  // It comes thirty seconds after the start, and what it asks is nobody's in particular: from here on requests are counted.
  beforeAll(() => eventually("the first sweep is over", async () => (await sweeps()) === 1));

  test("is answered with one check, one review and one call, in a bounded number of requests, and then there is silence (H088)", async () => {
    const before = github.requests.all.length;
    const number = await openedAndAnswered();
    expect(counted(number)).toEqual([1, 1, 1, 1, 0]);
    const [check] = ours(number).checks;
    expect(check).toMatchObject({ status: "completed", conclusion: "failure" });
    // Our own check, review and request for review came back as webhooks: they woke nobody.
    // Three more where the machine is so busy that it takes ten seconds: then the head shows that it is looked at.
    expect(github.requests.all.length - before).toBeLessThanOrEqual(14);
    const events = github.webhooks.deliveries.map((delivery) => delivery.event);
    expect(events).toEqual(expect.arrayContaining(["check_run", "pull_request_review"]));
  });

  test("the address in the check opens its page; without the signature, or for another number, there is none", async () => {
    const number = await openedAndAnswered();
    const address = new URL(ours(number).checks[0]?.detailsUrl ?? "");
    const page = await fetch(address);
    expect(page.status).toBe(200);
    expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
    const html = await page.text();
    expect(html).toContain("acme/shop");
    expect(html).toContain(`store${branches}`);
    expect(html).not.toContain("<script");
    const other = new URL(address);
    other.pathname = other.pathname.replace(/\d+$/, "1000");
    const unsigned = new URL(address);
    unsigned.search = "";
    for (const url of [other, unsigned]) expect((await fetch(url)).status).toBe(404);
  });

  test("merged: an issue for each open threat, and not one more when the event comes again", async () => {
    const number = await openedAndAnswered();
    github.as("olga").merge(repository, number, "squash");
    await eventually("the issues are there", () => ours(number).issues.length === 2);
    await atRest();
    github.webhooks.replay(latest("closed"));
    await atRest();
    expect(ours(number).issues).toHaveLength(2);
  });
});

describe("deliveries", () => {
  test("H003: what is not signed as it should be is refused without a word, counted, and not logged", async () => {
    const body = JSON.stringify({ action: "opened", note: "words-of-the-body" });
    const good = createHmac("sha256", github.app.webhookSecret).update(body).digest("hex");
    const wrong = createHmac("sha256", "another secret of at least 32 characters").update(body).digest("hex");
    const signatures = [
      "",
      `sha256=${wrong}`,
      `sha256=${good.slice(0, 40)}`,
      `sha256=${"z".repeat(64)}`,
      `SHA256=${good}`,
      `sha1=${good}`,
    ];
    const refused = () => service.metric("threatgate_deliveries_total", '{result="wrong-signature"}');
    const before = await refused();
    for (const [index, signature] of signatures.entries()) {
      const answer = await webhook(body, {
        "content-type": "application/json",
        "x-github-event": "pull_request",
        "x-github-delivery": `refused-${index}`,
        ...(signature === "" ? {} : { "x-hub-signature-256": signature }),
      });
      expect([answer.status, await answer.text()]).toEqual([401, ""]);
    }
    expect((await refused()) - before).toBe(signatures.length);
    expect(service.lines.join("\n")).not.toContain("words-of-the-body");
  });

  test("H006: a captured body under new ids causes nothing that can be seen", async () => {
    const number = await openedAndAnswered();
    const before = counted(number);
    const requests = github.requests.writes.length;
    const captured = latest("opened");
    const evaluated = () =>
      service.log.filter((line) => line.msg === "evaluated" && line.pullRequest === number).length;
    const judged = evaluated();
    for (let count = 0; count < 5; count++) github.webhooks.replay(captured);
    await eventually("it was looked at again", () => evaluated() > judged);
    await atRest();
    expect(counted(number)).toEqual(before);
    expect(github.requests.writes.length).toBe(requests);
  });

  test("H007: the same delivery twice at once is stored once, and both are taken", async () => {
    const number = await openedAndAnswered();
    const { body, headers } = latest("opened");
    const again = { ...headers, "x-github-delivery": "twice-at-once" };
    const answers = await Promise.all([webhook(body, again), webhook(body, again)]);
    expect(answers.map((answer) => answer.status)).toEqual([202, 202]);
    await atRest();
    const results = service.log.filter(
      (line) => "delivery" in line && line["delivery"] === "twice-at-once" && line.msg === "delivery",
    );
    expect(results.map((line) => line.result).toSorted()).toEqual(["duplicate", "queued"]);
    expect(counted(number)).toEqual([1, 1, 1, 1, 0]);
  });

  test("H009: a body under the name of another event is ignored or refused, never a fault of ours", async () => {
    const { body, headers } = latest("opened");
    const before = github.requests.all.length;
    const names = [
      "check_run",
      "check_suite",
      "pull_request_review",
      "push",
      "__proto__",
      "constructor",
      "toString",
      "x".repeat(10_000),
      "",
    ];
    for (const [index, event] of names.entries()) {
      const answer = await webhook(body, {
        ...headers,
        "x-github-event": event,
        "x-github-delivery": `event-${index}`,
      });
      expect([202, 400]).toContain(answer.status);
      expect(["", '{"ok":true}']).toContain(await answer.text());
    }
    await atRest();
    expect(github.requests.all.length).toBe(before);
  });

  test("H088: checks of other Apps, finished or asked for again, cause no request", async () => {
    const number = await openedAndAnswered();
    const before = github.requests.all.length;
    const { sha } = github.pullRequest(repository, number).head;
    github.as("sam").forgeCheck(repository, sha, "threat-model", "other-bot", "success");
    github.as("sam").forgeCheck(repository, sha, "build", "other-bot", "failure");
    const foreign = github.webhooks.deliveries.filter((one) => one.event.startsWith("check_"));
    expect(foreign.length).toBeGreaterThan(0);
    await atRest();
    expect(github.requests.all.length).toBe(before);
  });

  test("“Re-run” on our own check is answered on the same commit", async () => {
    const number = await openedAndAnswered();
    const before = github.requests.all.length;
    github.as("sam").pressCheckButton(repository, number, "threat-model");
    await eventually("it was asked again", () => github.requests.all.length > before);
    await atRest();
    expect(ours(number).checks.every((check) => check.status === "completed")).toBe(true);
    expect(counted(number).slice(1)).toEqual([1, 1, 1, 0]);
  });
});

describe("ending", () => {
  test("H043: killed between the check and the review, started again on the same folder: complete, and one of each", async () => {
    const disarm = github.faults.add({
      operation: "pulls/create-review",
      times: 100,
      effect: { do: "delay", milliseconds: 8_000 },
    });
    branches++;
    const number = github.as("sam").openPullRequest(repository, {
      branch: `feature-${branches}`,
      files: { [`infra/store-${branches}.tf`]: bucket(`store${branches}`) },
    });
    await eventually("the check is there", () => ours(number).checks.length === 1);
    await eventually("the review is being written", () =>
      github.requests.of("pulls/create-review").some((request) => request.path.endsWith(`/${number}/reviews`)),
    );
    await service.end("SIGKILL");
    expect(ours(number).requested).toEqual([]);
    disarm();

    service = await RunningService.start(github, folder, { RETRY_SECONDS: "1" });
    // Whoever asks at once, while the review of the dead process is on its way, is answered when it can be seen.
    github.as("sam").rerunAllChecks(repository, number, "threatgate");
    await eventually("everything is there", () => ours(number).requested.length === 1).catch(async (error: unknown) => {
      const ready = await fetch(`${service.url}/readyz`).then((answer) => answer.text(), String);
      throw new Error(`${String(error)}; ready: ${ready}; the service said:\n${service.lines.join("\n")}`);
    });
    await eventually("what the dead process sent is done as well", () =>
      github.requests.of("pulls/create-review").every(({ status }) => status > 0),
    );
    await atRest();
    expect(counted(number)).toEqual([1, 1, 1, 1, 0]);
  });

  test("its log is one JSON object a line and holds no secret; what it did is counted", async () => {
    const number = await openedAndAnswered();
    expect(service.log.some((line) => line.msg === "evaluated" && line.pullRequest === number)).toBe(true);
    const all = service.lines.join("\n");
    const key = github.app.privateKey.split("\n")[1] ?? "";
    for (const secret of [github.app.webhookSecret, key, "PRIVATE KEY", "ghs_", "Bearer ", "bearer "])
      expect(all).not.toContain(secret);
    expect(await service.metric("threatgate_evaluations_total", '{conclusion="failure"}')).toBeGreaterThan(0);
    expect(await service.metric("threatgate_writes_total", '{step="create-check-run",outcome="done"}')).toBeGreaterThan(
      0,
    );
    expect(await service.metric("threatgate_delivery_answer_seconds_count")).toBeGreaterThan(0);
  });

  test("SIGTERM: the job that runs is finished, and it ends with 0 within twenty seconds", async () => {
    branches++;
    const number = github.as("sam").openPullRequest(repository, {
      branch: `feature-${branches}`,
      files: { [`infra/store-${branches}.tf`]: bucket(`store${branches}`) },
    });
    await eventually("it has begun", () => ours(number).checks.length === 1);
    const late = setTimeout(() => service.end("SIGKILL"), 20_000);
    expect(await service.end("SIGTERM")).toBe(0);
    clearTimeout(late);
    expect(counted(number)).toEqual([1, 1, 1, 1, 0]);
    await expect(fetch(`${service.url}/healthz`)).rejects.toThrow();
    github.expectNoContractFindings();
  });
});
