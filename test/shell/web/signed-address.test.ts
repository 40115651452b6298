import { describe, expect, test } from "@jest/globals";
import { Hono } from "hono";
import type { DashboardData, StoredPullRequest } from "../../../src/shell/web/data.ts";
import { shutDoor } from "../../../src/shell/web/door.ts";
import { pullRequestPart } from "../../../src/shell/web/pull-request.ts";
import { signedPath, signedState } from "../../../src/shell/web/signed-address.ts";
import { anAssessment } from "../../make/an-assessment.ts";

const made = Date.parse("2026-11-20T09:00:00Z");
const shop = { repositoryId: 71, repository: "acme/shop", number: 7 };

function given(path: string) {
  const words = new URL(path, "http://localhost").searchParams;
  return { until: words.get("until") ?? undefined, sign: words.get("sign") ?? undefined };
}

describe("the signed address of a pull request's page", () => {
  const path = signedPath("secret", shop, made);

  test("is the same for a month, and ends with the second month after", () => {
    expect(path).toMatch(/^\/acme\/shop\/pull\/7\?of=71&until=2027-01-31&sign=/);
    expect(signedPath("secret", shop, Date.parse("2026-11-30T23:59:59Z"))).toBe(path);
    expect(signedPath("secret", shop, Date.parse("2026-12-01T00:00:00Z"))).toContain("until=2027-02-28");
  });

  test("H096: opens until its last day, and not on the day after", () => {
    const state = (at: string) => signedState("secret", shop, given(path), Date.parse(at));
    expect([state("2026-11-20T09:00:00Z"), state("2027-01-31T23:59:59Z"), state("2027-02-01T00:00:00Z")]).toEqual([
      "good",
      "good",
      "ended",
    ]);
  });

  test("H096: opens no other page, for no longer, and not without its signature", () => {
    const { sign, until } = given(path);
    const state = (page: Partial<typeof shop>, words: { until?: string | undefined; sign?: string | undefined } = {}) =>
      signedState("secret", { ...shop, ...page }, { until, sign, ...words }, made);
    expect(state({})).toBe("good");
    for (const other of [
      state({ repository: "acme/other" }),
      state({ repositoryId: 72 }),
      state({ number: 8 }),
      state({}, { until: "2099-01-31" }),
      state({}, { until: undefined }),
      state({}, { sign: "" }),
      state({}, { sign: `${sign}x` }),
      signedState("another", shop, given(path), made),
    ])
      expect(other).toBe("not-signed");
  });

  test("H089: goes on to open the page of the repository that it was signed for, and not of the one that has its name now", async () => {
    const pageOf = (head: string): StoredPullRequest => ({
      assessment: { ...anAssessment(), subject: { ...anAssessment().subject, head } },
      digest: "",
      previous: "",
      writes: [],
    });
    const heads = new Map([
      [71, "1".repeat(40)],
      [72, "2".repeat(40)],
    ]);
    const data: Pick<DashboardData, "now" | "pullRequest"> = {
      now: async () => new Date(made).toISOString(),
      pullRequest: async (repositoryId) => {
        const head = heads.get(repositoryId);
        return head === undefined ? undefined : pageOf(head);
      },
    };
    const routes = new Hono();
    const ground = { host: "https://github.com", secret: "secret", rulePage: "https://example.com/{rule}" };
    pullRequestPart(data as DashboardData, ground)(routes, shutDoor("It is off."));
    const html = await (await routes.request(path)).text();
    expect(html).toContain("111111111111");
    expect(html).not.toContain("222222222222");
    expect((await routes.request(path.replace("of=71", "of=72"))).status).toBe(404);
    expect((await routes.request(path.replace("of=71&", ""))).status).toBe(404);
  });
});
