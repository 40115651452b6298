import { appendFile, readFile } from "node:fs/promises";
import { z } from "zod";
import { checkText, plainPalette } from "../core/judge.ts";
import { tokenClient } from "../shell/github/client.ts";
import { githubPort } from "../shell/github/port.ts";
import { dryPosts } from "../shell/local/print-plan.ts";
import { readRules } from "../shell/local/rule-files.ts";
import { type Outcome, run } from "../shell/run.ts";
import { jiraAccess } from "./jira.ts";
import { organisationPolicyDemand } from "./organisation-policy.ts";
import { createMemory, forgetful, hostOf, issueTracker, worldOf } from "./world.ts";
import { explain, WrongUse } from "./wrong-use.ts";

const eventSchema = z.object({
  pull_request: z.object({ number: z.number().int().positive() }),
  repository: z.object({ name: z.string(), owner: z.object({ login: z.string() }) }),
});

/**
 * The GitHub Action. The event only names the pull request; everything judged is read from GitHub. Exit code 1 when the
 * policy blocks, 2 when nothing could be judged. With the read-only token of a fork it says what it could not post (H092).
 */
async function main(environment: NodeJS.ProcessEnv): Promise<void> {
  const token = environment["GITHUB_TOKEN"] ?? "";
  if (token === "") throw new WrongUse("The input `token` is empty; the default is the workflow's own token.");
  const { pull_request, repository } = await readEvent(environment["GITHUB_EVENT_PATH"]);
  const baseUrl = environment["GITHUB_API_URL"] ?? "https://api.github.com";
  const client = tokenClient(token, "action", { baseUrl, graphqlUrl: environment["GITHUB_GRAPHQL_URL"] });
  const port = githubPort(client, {
    evidence: { client },
    tracker: issueTracker(client, jiraAccess(environment)),
    organisationPolicy: { demand: organisationPolicyDemand(environment["ORGANISATION_POLICY"]) },
  });
  const outcome = await run(
    { kind: "pull-request", owner: repository.owner.login, repository: repository.name, number: pull_request.number },
    worldOf({
      source: port.source,
      trials: port.trials,
      posts: environment["THREATGATE_POST"] === "false" ? dryPosts(port.posts) : port.posts,
      store: forgetful,
      memory: createMemory(),
      rules: await readRules(),
      host: hostOf(baseUrl),
      requestId: `run ${environment["GITHUB_RUN_ID"] ?? "unknown"}`,
    }),
  );
  process.stdout.write(checkText(outcome.assessment, plainPalette));
  for (const result of outcome.results) {
    if (result.outcome !== "done")
      process.stdout.write(`::notice::Not posted (${result.step.do}): ${escapeCommand(result.why)}\n`);
  }
  await report(environment, outcome);
  if (outcome.assessment.couldNotEvaluate) process.exitCode = 2;
  else if (["failure", "action_required"].includes(outcome.assessment.conclusion)) process.exitCode = 1;
}

async function readEvent(path: string | undefined): Promise<z.infer<typeof eventSchema>> {
  const text = path === undefined ? "" : await readFile(path, "utf8").catch(() => "");
  let event: unknown;
  try {
    event = JSON.parse(text);
  } catch {
    event = undefined;
  }
  const checked = eventSchema.safeParse(event);
  if (!checked.success) throw new WrongUse("This event has no pull request. Run the Action on: pull_request.");
  return checked.data;
}

/** The job's summary page carries the check, because a fork's token may write no check run. */
async function report(environment: NodeJS.ProcessEnv, { assessment, desired }: Outcome): Promise<void> {
  const summary = environment["GITHUB_STEP_SUMMARY"];
  const output = environment["GITHUB_OUTPUT"];
  if (summary && desired.checkRun) {
    await appendFile(summary, `## ${desired.checkRun.title}\n\n${desired.checkRun.summary}\n`);
  }
  if (output) await appendFile(output, `conclusion=${assessment.conclusion}\n`);
}

/** https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands */
function escapeCommand(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

try {
  await main(process.env);
} catch (error) {
  process.stdout.write(`::error::${escapeCommand(explain(error))}\n`);
  process.exitCode = 2;
}
