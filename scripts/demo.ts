// `npm run demo`: the whole service on its embedded database, at work on the example organisation, against a stand-in for
// GitHub on this machine. `--once` plays the stories, prints what was written, and exits 0 when all is as expected.
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { z } from "zod";
import { startGitHub } from "../test/github/server.ts";
import { readExample } from "./demo/organisation.ts";
import { type Played, play } from "./demo/play.ts";
import { startServiceProcess } from "./demo/service-process.ts";
import { freePort, signInSettings } from "./demo/sign-in.ts";
import { visitDashboard } from "./demo/visit.ts";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const once = process.argv.includes("--once");
const manifest = z.object({ default_permissions: z.record(z.string(), z.enum(["read", "write", "admin"])) });

const example = await readExample(join(root, "examples", "fernhill"));
const { default_permissions: permissions } = manifest.parse(parse(await readFile(join(root, "app.yml"), "utf8")));
const webhookSecret = "demo-only-secret-of-thirty-two-characters-or-more";
const github = await startGitHub({
  ...example.seed,
  now: "2026-11-20T09:00:00Z",
  apps: [{ slug: "threatgate", webhookSecret, permissions }],
});
const dataDir = await mkdtemp(join(tmpdir(), "threatgate-demo-"));
const service = await startServiceProcess(root, {
  APP_ID: String(github.app.id),
  PRIVATE_KEY: github.app.privateKey,
  WEBHOOK_SECRET: github.app.webhookSecret,
  GITHUB_API_URL: github.url,
  DATA_DIR: dataDir,
  HOST: "127.0.0.1",
  ...signInSettings(github, await freePort()),
});
github.sendWebhooksTo(`${service.url}/api/github/webhooks`);

console.log(`GitHub stand-in  ${github.url}/  (pull requests as GitHub would show them)`);
console.log(
  `Threatgate       ${service.url}/  (sign in as dana-lindqvist: every system, why each check is as it is)\n`,
);

const played: Played[] = [];
for (const story of example.stories) played.push(await play(github, story, (line) => console.log(line)));

const missing = played.flatMap((one) => one.missing.map((words) => `${one.story.repository}#${one.number}: ${words}`));
const visit = await visitDashboard(service.url, github, example.organisation, played);
missing.push(...visit.missing);
let findings: string[] = [];
try {
  github.expectNoContractFindings();
} catch (error) {
  findings = [error instanceof Error ? error.message : String(error)];
}
summary();

if (once) {
  const code = await service.stop();
  await github.close();
  await rm(dataDir, { recursive: true, force: true });
  if (code !== 0) console.log(`The service exited with ${code}:\n${service.log.slice(-10).join("\n")}`);
  process.exit(missing.length + findings.length + code === 0 ? 0 : 1);
}
console.log("\nCtrl-C stops it.");
process.once("SIGINT", async () => {
  await service.stop();
  await github.close();
  await rm(dataDir, { recursive: true, force: true });
  process.exit(0);
});

function summary(): void {
  const runs = example.seed.repositories?.flatMap((repository) =>
    [...(github.world.repositories.values() ?? [])].filter(
      (one) => `${one.owner.login}/${one.name}` === repository.name,
    ),
  );
  const checks = runs?.flatMap((repository) => repository.checkRuns).length ?? 0;
  const issues =
    runs?.flatMap((repository) => [...repository.issues.values()].filter((issue) => !("head" in issue))) ?? [];
  const bot = `${github.app.slug}[bot]`;
  const pulls = played.map((one) => github.pullRequest(one.story.repository, one.number));
  const reviews = pulls.flatMap((pull) => pull.reviews.filter((review) => review.author?.login === bot)).length;
  const questions = pulls.flatMap((pull) =>
    pull.threads.filter((thread) => thread.comments[0]?.author?.login === bot),
  ).length;
  console.log(`\nWritten: ${checks} checks, ${reviews} reviews with ${questions} questions, ${issues.length} issues.`);
  console.log(
    `Requests: ${github.requests.all.length}, all checked against GitHub's own API description: ${findings.length === 0 ? "no findings" : findings.join("\n")}.`,
  );
  for (const one of played) {
    const check = github.checkRuns(one.story.repository, one.number).findLast((run) => run.name === "threat-model");
    console.log(
      `  ${github.url}/${one.story.repository}/pull/${one.number}  ${check?.conclusion ?? "no check"}  ${check?.detailsUrl ?? ""}`,
    );
  }
  console.log(`Dashboard: ${visit.seen}`);
  if (missing.length > 0) console.log(`\nNot as expected:\n  ${missing.join("\n  ")}`);
}
