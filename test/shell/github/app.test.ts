import { createVerify, generateKeyPairSync } from "node:crypto";
import { beforeEach, describe, expect, test } from "@jest/globals";
import nock from "nock";
import { Forbidden, Gone } from "../../../src/shell/failures.ts";
import { type GitHubApp, openApp } from "../../../src/shell/github/app.ts";
import type { Call } from "../../../src/shell/github/client.ts";
import { interceptRequests } from "./intercepted.ts";
import { StillClock } from "./still-clock.ts";

const host = "https://api.github.com";
const key = generateKeyPairSync("rsa", { modulusLength: 2048 });
const other = generateKeyPairSync("rsa", { modulusLength: 2048 });
const pem = (pair: typeof key) => pair.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
const reading: Call = { what: "read a thing", needs: "Things: read", kind: "read" };
const tokens = "/app/installations/99/access_tokens";

let clock: StillClock;
let app: GitHubApp;

const open = (privateKeys = [pem(key)]) => openApp({ appId: 12, privateKeys, clock });
const readThing = (repository = "shop") => app.forRepository(99, repository).rest("GET /things", {}, reading);

function minted(token: string, minutes = 60): Record<string, unknown> {
  return { token, expires_at: new Date(clock.now() + minutes * 60_000).toISOString() };
}

interceptRequests();

beforeEach(() => {
  clock = new StillClock();
  app = open();
});

describe("installation tokens", () => {
  test("reach one repository and the organisation's own, with no more than judging needs", async () => {
    const asked: unknown[] = [];
    nock(host)
      .post(tokens, (body) => asked.push(body) > 0)
      .reply(201, minted("ghs_1"));
    nock(host, { reqheaders: { authorization: "bearer ghs_1" } })
      .get("/things")
      .times(2)
      .reply(200, {});
    await readThing();
    await readThing();
    expect(asked).toEqual([
      {
        repositories: ["shop", ".github"],
        permissions: {
          metadata: "read",
          contents: "read",
          pull_requests: "write",
          checks: "write",
          issues: "write",
          members: "read",
        },
      },
    ]);
  });

  test("are asked for with less where GitHub does not grant all of it, but never without the repository", async () => {
    const asked: { repositories: string[]; permissions?: unknown }[] = [];
    const refuse = () => nock(host).post(tokens, (body) => asked.push(body) > 0);
    for (let count = 0; count < 4; count++) refuse().reply(422, { message: "not granted" });
    const refused = readThing();
    await expect(refused).rejects.toBeInstanceOf(Gone);
    await expect(refused).rejects.toThrow("The repository shop does not belong to installation 99 of the App.");
    expect(asked.map(({ repositories, permissions }) => [repositories, permissions !== undefined])).toEqual([
      [["shop", ".github"], true],
      [["shop"], true],
      [["shop", ".github"], false],
      [["shop"], false],
    ]);
  });

  test("are not shared between repositories and are minted once for all who wait", async () => {
    nock(host).post(tokens).reply(201, minted("ghs_shop")).post(tokens).reply(201, minted("ghs_desk"));
    nock(host, { reqheaders: { authorization: "bearer ghs_shop" } })
      .get("/things")
      .times(2)
      .reply(200, {});
    nock(host, { reqheaders: { authorization: "bearer ghs_desk" } })
      .get("/things")
      .reply(200, {});
    await Promise.all([readThing("shop"), readThing("shop")]);
    await readThing("desk");
  });

  test("are renewed before they end", async () => {
    nock(host).post(tokens).reply(201, minted("ghs_1"));
    nock(host).get("/things").times(2).reply(200, {});
    await readThing();
    clock.pass(54 * 60_000);
    await readThing();
    clock.pass(2 * 60_000);
    nock(host).post(tokens).reply(201, minted("ghs_2"));
    nock(host, { reqheaders: { authorization: "bearer ghs_2" } })
      .get("/things")
      .reply(200, {});
    await readThing();
  });

  test("H082: that GitHub no longer takes are renewed once and the request goes on", async () => {
    nock(host).post(tokens).reply(201, minted("ghs_1")).post(tokens).reply(201, minted("ghs_2"));
    nock(host, { reqheaders: { authorization: "bearer ghs_1" } })
      .get("/things")
      .reply(401, { message: "Bad credentials" });
    nock(host, { reqheaders: { authorization: "bearer ghs_2" } })
      .get("/things")
      .reply(200, { ok: true });
    expect((await readThing()).data).toEqual({ ok: true });
  });

  test("a suspended or deleted installation is gone, anything else that is forbidden is not", async () => {
    nock(host).post(tokens).reply(404, { message: "Not Found" });
    await expect(readThing()).rejects.toBeInstanceOf(Gone);
    nock(host).post(tokens).reply(403, { message: "This installation has been suspended" });
    await expect(readThing()).rejects.toBeInstanceOf(Gone);
    nock(host).post(tokens).reply(403, { message: "Resource protected by an IP allow list" });
    await expect(readThing()).rejects.toBeInstanceOf(Forbidden);
  });
});

describe("the App's own token", () => {
  const claimsOf = (authorization: string) => {
    const [head = "", claims = "", signature = ""] = authorization.replace(/^bearer /, "").split(".");
    const isSigned = createVerify("RSA-SHA256")
      .update(`${head}.${claims}`)
      .verify(key.publicKey, signature, "base64url");
    return { isSigned, claims: JSON.parse(Buffer.from(claims, "base64url").toString()) as Record<string, unknown> };
  };

  /** Answers 200 to the requests whose token the check lets through, and 401 to the others. */
  function answerTo(path: string, times: number, accepts: (authorization: string) => boolean, date: string): void {
    const seen: string[] = [];
    const remember = (value: string | null) => seen.push(String(value)) > 0;
    nock(host, { reqheaders: { authorization: remember } })
      .get(path)
      .times(times)
      .reply(() => [accepts(seen.at(-1) ?? "") ? 200 : 401, {}, { date }]);
  }

  test("is signed by its key, begun a minute ago and ends within ten", async () => {
    const sent: string[] = [];
    answerTo("/app", 1, (authorization) => sent.push(authorization) > 0, new Date(clock.now()).toUTCString());
    await app.asApp().rest("GET /app", {}, reading);
    const now = clock.now() / 1000;
    expect(claimsOf(sent[0] ?? "")).toEqual({ isSigned: true, claims: { iat: now - 60, exp: now + 540, iss: "12" } });
  });

  test.each([
    ["slow", 600],
    ["fast", -600],
  ])("H085: keeps to GitHub's clock when ours is ten minutes %s", async (_, difference) => {
    const gitHubNow = clock.now() / 1000 + difference;
    const date = new Date(gitHubNow * 1000).toUTCString();
    const isInTime = (authorization: string) => {
      const { iat, exp } = claimsOf(authorization).claims;
      return Number(iat) <= gitHubNow && Number(exp) > gitHubNow && Number(exp) <= gitHubNow + 600;
    };
    answerTo("/app/installations", 2, isInTime, date);
    answerTo("/app", 1, isInTime, date);
    expect((await app.asApp().rest("GET /app/installations", {}, reading)).status).toBe(200);
  });

  test("is signed by the next key when one has been taken out of use", async () => {
    app = open([pem(other), pem(key)]);
    const date = new Date(clock.now()).toUTCString();
    const isSigned = (authorization: string) => claimsOf(authorization).isSigned;
    answerTo("/app/installations", 3, isSigned, date);
    answerTo("/app", 1, isSigned, date);
    expect((await app.asApp().rest("GET /app/installations", {}, reading)).status).toBe(200);
    expect((await app.asApp().rest("GET /app/installations", {}, reading)).status).toBe(200);
  });

  test("a key that is not one is refused at the start, without being shown", () => {
    expect(() => open(["-----BEGIN secret"])).toThrow("Private key 1 of the App is not an RSA key in PEM form.");
    expect(() => open([])).toThrow("No private key of the App was given.");
  });
});

test("ten installations that write at once do not wait for each other", async () => {
  for (let installation = 1; installation <= 10; installation++) {
    nock(host)
      .post(`/app/installations/${installation}/access_tokens`)
      .reply(201, minted(`ghs_${installation}`));
    nock(host).post("/things").reply(201, {});
  }
  const write: Call = { what: "write", needs: "Things: write", kind: "once", createsContent: true };
  await Promise.all(
    Array.from({ length: 10 }, (_, index) => app.forRepository(index + 1, "shop").rest("POST /things", {}, write)),
  );
  expect(clock.waits).toEqual([]);
});
