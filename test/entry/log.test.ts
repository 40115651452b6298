import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "@jest/globals";

const log = fileURLToPath(new URL("../../src/entry/log.ts", import.meta.url));

/** What the log writes for one record, in a process of its own: one line a record. */
function written(fields: unknown, message: string): string[] {
  const program = `import { createLog } from ${JSON.stringify(log)}; createLog("info").info(${JSON.stringify(fields)}, ${JSON.stringify(message)});`;
  const { stdout } = spawnSync(
    process.execPath,
    ["--disable-warning=ExperimentalWarning", "--input-type=module", "-e", program],
    {
      encoding: "utf8",
    },
  );
  return stdout.trimEnd().split("\n");
}

const secrets = {
  "an installation token of 2026": `ghs_4000_${"aB3-".repeat(60)}.${"c_D".repeat(60)}`,
  "an older token": `ghs_${"a1B2".repeat(9)}`,
  "a person's token": `github_pat_${"a1B2".repeat(10)}`,
  "a cloud key": "AKIAABCDEFGHIJKLMNOP",
  "a private key": "-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----",
  "a private key that is cut off": "-----BEGIN PRIVATE KEY-----\nMIIEow",
};

test.each(Object.entries(secrets))("H054: %s is masked in messages, fields and errors, on one line", (_, secret) => {
  const lines = written(
    { error: `refused: ${secret}`, deep: { url: `https://x:${secret}@h` } },
    `said ${secret} twice ${secret}`,
  );
  expect(lines).toHaveLength(1);
  const [line = ""] = lines;
  expect(JSON.parse(line)).toMatchObject({ msg: expect.stringContaining("[redacted]") });
  for (const part of secret.split("\n").filter((one) => one.length > 5)) expect(line).not.toContain(part);
});

test.each(["authorization", "token", "payload"])("H054: the field %s is never shown, whatever it holds", (name) => {
  const [line = ""] = written({ [name]: "plain-words", inner: { authorization: "plain-words" } }, "request");
  expect(line).not.toContain("plain-words");
});

test("H053: a name with line breaks stays on its line", () => {
  const lines = written({ error: "a\nb\u2028c\r\nd" }, "x\ny");
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? "")).toMatchObject({ error: "a\nb\u2028c\r\nd", msg: "x\ny" });
});
