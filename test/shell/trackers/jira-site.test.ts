import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "@jest/globals";
import { TryAgainLater, Uncertain } from "../../../src/shell/failures.ts";
import { type JiraCall, JiraSite } from "../../../src/shell/trackers/jira/site.ts";
import { StillClock } from "../github/still-clock.ts";

const servers = new Set<Server>();
afterEach(async () => {
  const all = [...servers];
  servers.clear();
  for (const server of all) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

/** A site that answers by this program, and how often it was asked. */
async function site(answer: RequestListener, timeout = 2_000) {
  const asked: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    asked.push(request.headers.authorization);
    answer(request, response);
  });
  servers.add(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const settings = { url: `${url}/`, email: "bot@acme.example", token: "secret-token", owners: ["acme"] };
  return { asked, jira: new JiraSite(settings, { clock: new StillClock(0), timeout }) };
}

const reading: JiraCall = { what: "say who we are", method: "GET", path: "/rest/api/3/myself", kind: "read" };
const writing: JiraCall = { what: "open an issue", method: "POST", path: "/rest/api/3/issue", kind: "once", body: {} };

describe("requests to Jira", () => {
  test("a server's fault is asked again, and a write that must not be made twice is not", async () => {
    const broken = await site((_, response) => response.writeHead(502).end("<html>"));
    await expect(broken.jira.ask(reading)).rejects.toBeInstanceOf(TryAgainLater);
    expect(broken.asked).toHaveLength(3);
    await expect(broken.jira.ask(writing)).rejects.toBeInstanceOf(Uncertain);
    expect(broken.asked).toHaveLength(4);
  });

  test("no answer, half of one and a page for people are no answer", async () => {
    for (const answer of [
      (() => {}) satisfies RequestListener,
      ((_, response) => response.writeHead(200).end('{"accountId": "a')) satisfies RequestListener,
      ((_, response) => response.writeHead(200).end("<html>Sign in</html>")) satisfies RequestListener,
    ]) {
      const { jira } = await site(answer, 200);
      await expect(jira.ask(writing)).rejects.toBeInstanceOf(Uncertain);
    }
  });

  test("an address that leads elsewhere is not followed: neither the token nor a threat goes there", async () => {
    const elsewhere = await site((_, response) => response.end("{}"));
    const { jira } = await site((_, response) =>
      response.writeHead(307, { location: `${elsewhere.jira.settings.url}/rest/api/3/issue` }).end(),
    );
    expect(await jira.ask(writing)).toEqual({ status: 307, data: undefined });
    expect(elsewhere.asked).toEqual([]);
  });

  test("what everybody may see is asked without the token, and no failure names it (H054)", async () => {
    const { jira, asked } = await site((_, response) => response.writeHead(500).end());
    const failure = await jira.ask({ ...reading, isAnonymous: true }).catch((error: unknown) => error);
    expect(asked).toEqual([undefined, undefined, undefined]);
    const told = await jira.ask(reading).catch((error: unknown) => error);
    expect(`${String(failure)}${String(told)}`).not.toMatch(/secret-token|c2VjcmV0/);
    expect(asked.at(-1)).toBe(`Basic ${Buffer.from("bot@acme.example:secret-token").toString("base64")}`);
  });
});
