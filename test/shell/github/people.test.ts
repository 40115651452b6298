import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "@jest/globals";
import { effectivePolicy } from "../../../src/core/policy.ts";
import { TryAgainLater } from "../../../src/shell/failures.ts";
import { peopleOnGitHub } from "../../../src/shell/github/people.ts";

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** A server that answers everything alike, and counts. */
async function answering(
  status: number,
  headers: Record<string, string>,
  body = "",
): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? "");
    response.writeHead(status, headers).end(body);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

function peopleAt(host: string) {
  return peopleOnGitHub({ host, baseUrl: host, appId: 1, clientId: "Iv1", clientSecret: "s" });
}

describe("signing in at GitHub", () => {
  test("H100: a redirect of the host leads nowhere: no other address is called", async () => {
    const inside = await answering(200, {}, "{}");
    const host = await answering(302, { location: `${inside.url}/latest/meta-data` });
    await expect(peopleAt(host.url).tokenFor("code", "v", "http://localhost/cb")).rejects.toThrow(TryAgainLater);
    expect(inside.asked).toEqual([]);
  });

  test("a refusal of the code and an answer that is no JSON sign nobody in; a broken host is to be tried again", async () => {
    const refusing = await answering(200, { "content-type": "application/json" }, '{"error":"bad_verification_code"}');
    expect(await peopleAt(refusing.url).tokenFor("code", "v", "c")).toBeUndefined();
    const page = await answering(200, {}, "<html>");
    expect(await peopleAt(page.url).tokenFor("code", "v", "c")).toBeUndefined();
    const broken = await answering(502, {});
    await expect(peopleAt(broken.url).tokenFor("code", "v", "c")).rejects.toThrow(TryAgainLater);
  });

  test("the address to sign in at holds the challenge of PKCE and the state", () => {
    const address = new URL(
      peopleAt("https://github.com").signInAddress({ state: "s", challenge: "c", callback: "https://tg.example/cb" }),
    );
    expect(address.origin + address.pathname).toBe("https://github.com/login/oauth/authorize");
    expect(Object.fromEntries(address.searchParams)).toEqual({
      client_id: "Iv1",
      redirect_uri: "https://tg.example/cb",
      state: "s",
      code_challenge: "c",
      code_challenge_method: "S256",
    });
  });
});

test.each(["http://169.254.169.254/", "http://127.0.0.1:5432", "http://[::ffff:7f00:1]/", "http://2130706433/"])(
  "H100: a policy can name no address that would be called: %s",
  (address) => {
    const path = ".github/threatgate.yml";
    for (const text of [
      `tracker: ${address}`,
      `jira: { project: "${address}" }`,
      `webhook: ${address}`,
      `jira: { url: "${address}" }`,
    ]) {
      const reading = { outcome: "present", text: `version: 1\n${text}\n` } as const;
      const { problems } = effectivePolicy({ repository: { path, reading } }, { owner: "acme", name: "shop" });
      expect(problems.length).toBeGreaterThan(0);
    }
  },
);
