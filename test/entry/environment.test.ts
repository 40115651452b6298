import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { readEnvironment, WrongEnvironment } from "../../src/entry/environment.ts";

const { privateKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  privateKeyEncoding: { type: "pkcs1", format: "pem" },
  publicKeyEncoding: { type: "spki", format: "pem" },
});
const secret = "a-secret-of-at-least-thirty-two-characters";
const right = { APP_ID: "12345", PRIVATE_KEY: privateKey, WEBHOOK_SECRET: secret };

describe("the environment of the service", () => {
  test("is complete with three variables; everything else has a default", () => {
    expect(readEnvironment(right)).toMatchObject({
      appId: 12345,
      webhookSecrets: [secret],
      githubApiUrl: "https://api.github.com",
      databaseUrl: undefined,
      dataDir: "data",
      port: 3000,
      logLevel: "info",
      organisationPolicy: "seen",
    });
  });

  // H001: Probot would accept webhooks signed with "development".
  test.each([
    ["unset", undefined, "WEBHOOK_SECRET is missing: it is the App's webhook secret, at least 32 characters"],
    ["empty", "", "WEBHOOK_SECRET is missing: it is the App's webhook secret, at least 32 characters"],
    ["Probot's own word", "development", "WEBHOOK_SECRET is a word that everybody knows"],
    ["short", "x".repeat(31), "WEBHOOK_SECRET is shorter than 32 characters"],
    ["one short of two", `${secret},short`, "WEBHOOK_SECRET is shorter than 32 characters"],
  ])("H001: a webhook secret that is %s is refused", (_, value, says) => {
    expect(() => readEnvironment({ ...right, WEBHOOK_SECRET: value })).toThrow(
      `Threatgate cannot start: ${says}. See docs/operation.md.`,
    );
  });

  // H002
  test("H002: a missing App id and key are both named, on one line", () => {
    const run = (): unknown => readEnvironment({ WEBHOOK_SECRET: secret, NODE_ENV: "production" });
    expect(run).toThrow(
      "Threatgate cannot start: APP_ID is missing: it is the numeric id of the GitHub App; PRIVATE_KEY is missing: it holds the App's private key (PEM, or base64 of it). See docs/operation.md.",
    );
    expect(run).toThrow(/^[^\n]*$/);
  });

  test("a key that is none is refused without being shown", () => {
    const run = (): unknown => readEnvironment({ ...right, PRIVATE_KEY: "not-a-key-but-private" });
    expect(run).toThrow("PRIVATE_KEY is not a private key (PEM, or base64 of it)");
    expect(run).not.toThrow(/not-a-key-but-private/);
  });

  test("a key may be base64, several keys and secrets may be in rotation", () => {
    const base64 = Buffer.from(privateKey).toString("base64");
    const read = readEnvironment({
      ...right,
      PRIVATE_KEY: `${base64},${base64}`,
      WEBHOOK_SECRET: `${secret}, ${secret}2`,
    });
    expect(read.privateKeys).toEqual([privateKey, privateKey]);
    expect(read.webhookSecrets).toEqual([secret, `${secret}2`]);
  });

  test("any secret may come from a file; a file that is not there is named by its variable", () => {
    const file = join(mkdtempSync(join(tmpdir(), "threatgate-")), "secret");
    writeFileSync(file, `${secret}\n`);
    expect(readEnvironment({ ...right, WEBHOOK_SECRET: undefined, WEBHOOK_SECRET_FILE: file }).webhookSecrets).toEqual([
      secret,
    ]);
    expect(() => readEnvironment({ ...right, WEBHOOK_SECRET_FILE: "/nowhere" })).toThrow(
      new WrongEnvironment(
        "Threatgate cannot start: WEBHOOK_SECRET_FILE names a file that cannot be read. See docs/operation.md.",
      ),
    );
  });

  test("a wrong port, address or level is named", () => {
    expect(() => readEnvironment({ ...right, PORT: "70000", GITHUB_API_URL: "ftp://x", LOG_LEVEL: "loud" })).toThrow(
      /GITHUB_API_URL .*; PORT .*; LOG_LEVEL /,
    );
  });
});
