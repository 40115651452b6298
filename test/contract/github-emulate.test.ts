import { generateKeyPairSync } from "node:crypto";
import { createServer, type Server } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { Webhooks } from "@octokit/webhooks";
import { createEmulator, type Emulator } from "emulate";
import { appToken, asking, type Client } from "../github/ask.ts";
import type { GitHub } from "../github/github.ts";
import { startGitHub } from "../github/server.ts";
import type { Permissions } from "../github/world.ts";

/*
 * A second opinion: `emulate` is a simulator of GitHub that others wrote. For the same seed and the same calls the
 * stand-in gives the same status and the same essential fields. Where they differ, the reason stands beside the call.
 */

const secret = "a webhook secret that both of them know";
const readme = "# shop\n\nWith ünïcode.\n";
const changed = "one\ntwo\n3\nfour\n";
const rich: Permissions = {
  metadata: "read",
  contents: "read",
  checks: "write",
  issues: "write",
  pull_requests: "write",
};
const poor: Permissions = { metadata: "read", checks: "write" };

interface Heard {
  readonly from: "emulate" | "stand-in";
  readonly event: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

interface Doors {
  readonly url: string;
  readonly app: Client;
  readonly forged: Client;
  readonly rich: Client;
  readonly poor: Client;
  readonly nobody: Client;
}

let emulator: Emulator;
let github: GitHub;
let receiver: Server;
let receiverUrl = "";
let theirs: Doors;
let ours: Doors;
const heard: Heard[] = [];

beforeAll(async () => {
  receiver = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
      const from = request.url === "/emulate" ? "emulate" : "stand-in";
      heard.push({
        from,
        event: headers["x-github-event"] ?? "",
        headers,
        body: Buffer.concat(chunks).toString("utf8"),
      });
      response.writeHead(202).end();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  const address = receiver.address();
  receiverUrl = address !== null && typeof address === "object" ? `http://127.0.0.1:${address.port}` : "";
  github = await startStandIn();
  const { privateKey } = github.app;
  emulator = await startEmulator(privateKey);
  theirs = await doors(emulator.url, privateKey);
  ours = await doors(github.url, privateKey);
});

afterAll(async () => {
  await emulator.close();
  await github.close();
  receiver.closeAllConnections();
  await new Promise((resolve) => receiver.close(resolve));
});

function startStandIn(): Promise<GitHub> {
  return startGitHub({
    users: ["dev"],
    organizations: [{ login: "acme", owners: ["dev"] }],
    repositories: [
      { name: "acme/shop", files: { "README.md": readme, "src/app.txt": "one\ntwo\nthree\nfour\n" } },
      { name: "acme/other" },
    ],
    apps: [
      {
        id: 1,
        slug: "rich",
        webhookSecret: secret,
        webhookUrl: `${receiverUrl}/stand-in`,
        permissions: rich,
        installations: [{ id: 100, account: "acme", repositories: ["acme/shop"] }],
      },
      {
        id: 2,
        slug: "poor",
        permissions: poor,
        installations: [{ id: 200, account: "acme", repositories: ["acme/shop"] }],
      },
    ],
  });
}

function startEmulator(privateKey: string): Promise<Emulator> {
  const app = (id: number, slug: string, permissions: Permissions) => ({
    app_id: id,
    slug,
    name: slug,
    private_key: privateKey,
    permissions,
    events: ["pull_request"],
    ...(slug === "rich" ? { webhook_url: `${receiverUrl}/emulate`, webhook_secret: secret } : {}),
    installations: [
      {
        installation_id: id * 100,
        account: "acme",
        repository_selection: "selected",
        repositories: ["acme/shop"],
        permissions,
        events: ["pull_request"],
      },
    ],
  });
  return createEmulator({
    service: "github",
    port: 0,
    seed: {
      tokens: { "token-of-dev": { login: "dev", scopes: ["repo"] } },
      github: {
        users: [{ login: "dev" }],
        orgs: [{ login: "acme", members: [{ login: "dev", role: "admin" }] }],
        repos: [
          { owner: "acme", name: "shop", private: true, default_branch: "main" },
          { owner: "acme", name: "other", private: true },
        ],
        apps: [app(1, "rich", rich), app(2, "poor", poor)],
      },
    },
  });
}

async function doors(url: string, privateKey: string): Promise<Doors> {
  const app = asking(url, `Bearer ${appToken(1, privateKey)}`);
  const { privateKey: wrongKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" },
  });
  const mint = async (id: number): Promise<Client> => {
    const client = asking(url, `Bearer ${appToken(id, privateKey)}`);
    const { body } = await client("POST", `/app/installations/${id * 100}/access_tokens`, {});
    return asking(url, `Bearer ${String(fieldsOf(body)["token"])}`);
  };
  return {
    url,
    app,
    forged: asking(url, `Bearer ${appToken(1, wrongKey)}`),
    rich: await mint(1),
    poor: await mint(2),
    nobody: asking(url),
  };
}

function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function listOf(value: unknown): readonly Record<string, unknown>[] {
  return Array.isArray(value) ? value.map(fieldsOf) : [];
}

const pick =
  (...names: readonly string[]) =>
  (body: unknown): unknown =>
    Object.fromEntries(names.map((name) => [name, fieldsOf(body)[name]]));

interface Row {
  readonly who: keyof Omit<Doors, "url">;
  readonly call: readonly [method: string, path: string, body?: unknown];
  /** What of the answer is compared; only for a good answer. */
  readonly essence?: (body: unknown) => unknown;
  /** emulate's status where it is known to differ, and why ours is GitHub's. */
  readonly differs?: { readonly emulate: number; readonly ours: number; readonly because: string };
}

const blobOfReadme = "/repos/acme/shop/git/blobs/";

/** The calls, in order: later ones see what earlier ones did. */
const rows: Readonly<Record<string, Row>> = {
  "an App proves itself": { who: "app", call: ["GET", "/app"], essence: pick("id", "slug") },
  "a wrong key is refused": { who: "forged", call: ["GET", "/app"] },
  "a wrong key gets no token": { who: "forged", call: ["POST", "/app/installations/100/access_tokens", {}] },
  "an installation that is not there": { who: "app", call: ["POST", "/app/installations/999/access_tokens", {}] },
  "another App's installation": { who: "app", call: ["POST", "/app/installations/200/access_tokens", {}] },
  "nobody sees a private repository": {
    who: "nobody",
    call: ["GET", "/repos/acme/shop"],
    differs: {
      emulate: 401,
      ours: 404,
      because: "GitHub answers 404 to who is not signed in: the repository may exist or not",
    },
  },
  "the repository": {
    who: "rich",
    call: ["GET", "/repos/acme/shop"],
    essence: pick("name", "full_name", "private", "default_branch", "archived"),
  },
  "a repository that was not selected": {
    who: "rich",
    call: ["GET", "/repos/acme/other"],
    differs: { emulate: 403, ours: 404, because: "GitHub does not tell that a private repository exists: 404" },
  },
  "a granted write": {
    who: "poor",
    call: [
      "POST",
      "/repos/acme/shop/check-runs",
      {
        name: "c",
        head_sha: "{head}",
        status: "completed",
        conclusion: "neutral",
        output: { title: "t", summary: "s" },
      },
    ],
    essence: pick("name", "status", "conclusion", "head_sha"),
  },
  "issues without the permission": { who: "poor", call: ["POST", "/repos/acme/shop/issues", { title: "t" }] },
  "contents without the permission": { who: "poor", call: ["GET", "/repos/acme/shop/contents/README.md"] },
  "pull requests without the permission": { who: "poor", call: ["GET", "/repos/acme/shop/pulls"] },
  "a file that is not there": { who: "rich", call: ["GET", "/repos/acme/shop/contents/nothing-here"] },
  "a file": { who: "rich", call: ["GET", "/repos/acme/shop/contents/README.md"], essence: (body) => fileOf(body) },
  "a blob": {
    who: "rich",
    call: ["GET", `${blobOfReadme}{readme}`],
    essence: (body) => ({ ...fileOf(body), ...fieldsOf(pick("size")(body)) }),
  },
  "a blob that is not there": { who: "rich", call: ["GET", `${blobOfReadme}${"0".repeat(40)}`] },
  "a tree": {
    who: "rich",
    call: ["GET", "/repos/acme/shop/git/trees/main?recursive=1"],
    essence: (body) =>
      listOf(fieldsOf(body)["tree"])
        .map(({ path, type, mode, sha }) => ({ path, type, mode, sha }))
        .sort((left, right) => String(left.path).localeCompare(String(right.path))),
  },
  "a branch": { who: "rich", call: ["GET", "/repos/acme/shop/git/ref/heads/main"], essence: pick("ref") },
  "a branch that is not there": { who: "rich", call: ["GET", "/repos/acme/shop/git/ref/heads/nothing"] },
  "a comparison": {
    who: "rich",
    call: ["GET", "/repos/acme/shop/compare/main...feature"],
    essence: (body) => ({
      ...fieldsOf(pick("status", "ahead_by", "behind_by")(body)),
      files: listOf(fieldsOf(body)["files"]).map(({ filename, status, additions, deletions, patch }) => ({
        filename,
        status,
        additions,
        deletions,
        patch,
      })),
    }),
  },
  "a pull request": {
    who: "rich",
    call: ["GET", "/repos/acme/shop/pulls/1"],
    essence: (body) => ({
      ...fieldsOf(pick("number", "state", "title", "draft", "merged")(body)),
      base: fieldsOf(fieldsOf(body)["base"])["ref"],
      head: fieldsOf(fieldsOf(body)["head"])["ref"],
    }),
  },
  "an issue with a label that is new": {
    who: "rich",
    call: ["POST", "/repos/acme/shop/issues", { title: "t", body: "b", labels: ["threat-model"] }],
    essence: (body) => ({
      ...fieldsOf(pick("title", "body", "state", "locked", "comments")(body)),
      author: fieldsOf(fieldsOf(body)["user"])["type"],
      labels: listOf(fieldsOf(body)["labels"]).map((label) => label["name"]),
    }),
  },
  "an issue without a title": { who: "rich", call: ["POST", "/repos/acme/shop/issues", { body: "b" }] },
  "a comment": {
    who: "rich",
    call: ["POST", "/repos/acme/shop/issues/2/comments", { body: "c" }],
    essence: pick("body"),
  },
  "closing an issue": {
    who: "rich",
    call: ["PATCH", "/repos/acme/shop/issues/2", { state: "closed", state_reason: "not_planned" }],
    essence: pick("state", "state_reason", "comments"),
  },
  "a label twice": {
    who: "rich",
    call: ["POST", "/repos/acme/shop/labels", { name: "threat-model", color: "ffffff" }],
  },
  "the checks of a commit": {
    who: "rich",
    call: ["GET", "/repos/acme/shop/commits/{head}/check-runs"],
    essence: (body) =>
      listOf(fieldsOf(body)["check_runs"]).map(({ name, status, conclusion }) => ({ name, status, conclusion })),
  },
  "a check with a conclusion that does not exist": {
    who: "rich",
    call: [
      "POST",
      "/repos/acme/shop/check-runs",
      { name: "c", head_sha: "{head}", status: "completed", conclusion: "succes" },
    ],
  },
};

function fileOf(body: unknown): Record<string, unknown> {
  const { sha, encoding, content } = fieldsOf(body);
  return { sha, encoding, text: Buffer.from(String(content), "base64").toString("utf8") };
}

describe("emulate and the stand-in agree", () => {
  const heads = { emulate: "", "stand-in": "" };
  let readmeId = "";

  beforeAll(async () => {
    const dev = asking(emulator.url, "token token-of-dev");
    const put = async (path: string, text: string, branch: string, message: string): Promise<void> => {
      const before = fieldsOf((await dev("GET", `/repos/acme/shop/contents/${path}?ref=${branch}`)).body);
      const sha = typeof before["sha"] === "string" ? { sha: before["sha"] } : {};
      const content = Buffer.from(text).toString("base64");
      await dev("PUT", `/repos/acme/shop/contents/${path}`, { message, content, branch, ...sha });
    };
    await put("README.md", readme, "main", "Begin");
    await put("src/app.txt", "one\ntwo\nthree\nfour\n", "main", "Begin");
    const main = fieldsOf(fieldsOf((await dev("GET", "/repos/acme/shop/git/ref/heads/main")).body)["object"])["sha"];
    await dev("POST", "/repos/acme/shop/git/refs", { ref: "refs/heads/feature", sha: main });
    await put("src/app.txt", changed, "feature", "Change");
    await dev("POST", "/repos/acme/shop/pulls", { title: "A change", head: "feature", base: "main" });
    heads.emulate = String(
      fieldsOf(fieldsOf((await dev("GET", "/repos/acme/shop/git/ref/heads/feature")).body)["object"])["sha"],
    );
    github
      .as("dev")
      .openPullRequest("acme/shop", { branch: "feature", title: "A change", files: { "src/app.txt": changed } });
    heads["stand-in"] = github.pullRequest("acme/shop", 1).head.sha;
    readmeId = String(fieldsOf((await ours.rich("GET", "/repos/acme/shop/contents/README.md")).body)["sha"]);
    await github.webhooks.idle();
  });

  const fill = (value: unknown, side: "emulate" | "stand-in"): unknown =>
    value === undefined
      ? undefined
      : JSON.parse(JSON.stringify(value).replaceAll("{head}", heads[side]).replaceAll("{readme}", readmeId));

  for (const [name, { who, call, essence, differs }] of Object.entries(rows)) {
    test(name, async () => {
      const [method, path, body] = call;
      const ask = async (doorsOf: Doors, side: "emulate" | "stand-in") => {
        const reply = await doorsOf[who](method, String(fill(path, side)), fill(body, side));
        const seen =
          reply.status < 300 && essence !== undefined
            ? JSON.stringify(essence(reply.body)).replaceAll(heads[side], "{head}")
            : undefined;
        return { status: reply.status, seen };
      };
      const [their, our] = [await ask(theirs, "emulate"), await ask(ours, "stand-in")];
      if (differs === undefined) {
        expect(our).toEqual(their);
        return;
      }
      expect([their.status, our.status]).toEqual([differs.emulate, differs.ours]);
    });
  }

  test("on the signature and the headers of a webhook, and on what the event is called", async () => {
    const opened = (from: Heard["from"]) => heard.find((one) => one.from === from && one.event === "pull_request");
    for (let wait = 0; wait < 100 && opened("emulate") === undefined; wait += 1)
      await new Promise((resolve) => setTimeout(resolve, 20));
    const verifier = new Webhooks({ secret });
    for (const from of ["emulate", "stand-in"] as const) {
      const one = opened(from);
      expect(await verifier.verify(one?.body ?? "", one?.headers["x-hub-signature-256"] ?? "")).toBe(true);
      expect(fieldsOf(JSON.parse(one?.body ?? "{}"))).toMatchObject({
        action: "opened",
        pull_request: { number: 1, title: "A change" },
        repository: { full_name: "acme/shop" },
        installation: { id: 100 },
      });
    }
    const names = (from: Heard["from"]) =>
      Object.keys(opened(from)?.headers ?? {}).filter((name) => name.startsWith("x-"));
    expect(names("stand-in")).toEqual(expect.arrayContaining(names("emulate")));
  });
});
