import type { Command } from "commander";
import { tell } from "../../core/domain/plan.ts";
import { checkOutput, checkText, plainPalette, plainTerminal, sarifOutput } from "../../core/judge.ts";
import type { Subject } from "../../shell/event.ts";
import { tokenClient } from "../../shell/github/client.ts";
import { githubPort } from "../../shell/github/port.ts";
import { checkoutSource, defaultBranch, topOf } from "../../shell/local/checkout.ts";
import { dryPosts, localPosts } from "../../shell/local/print-plan.ts";
import { readRules } from "../../shell/local/rule-files.ts";
import { type Outcome, run } from "../../shell/run.ts";
import { jiraAccess } from "../jira.ts";
import { organisationPolicyDemand } from "../organisation-policy.ts";
import { terminalPalette } from "../palette.ts";
import { createMemory, forgetful, hostOf, issueTracker, worldOf } from "../world.ts";
import { explain, WrongUse } from "../wrong-use.ts";
import { clonesOf } from "./clones.ts";
import { formatOption } from "./format-option.ts";
import { givenPolicy } from "./given-files.ts";
import { readScans, withScans } from "./given-scans.ts";

interface Options {
  readonly base?: string;
  readonly head?: string;
  readonly format: string;
  readonly policy?: string;
  readonly clone?: readonly string[];
  readonly sarif?: readonly string[];
  readonly asOf?: string;
  readonly color: boolean;
  readonly post?: boolean;
  readonly dryRun?: boolean;
}

/** `threatgate check`: judges a local difference, or a pull request on GitHub. */
export function addCheckCommand(program: Command): void {
  program
    .command("check")
    .description("judge the difference between two revisions, or a pull request on GitHub")
    .argument("[target]", "a folder (default: here), or OWNER/REPO#N for a pull request")
    .option("--base <rev>", "revision to compare with (default: the default branch)")
    .option("--head <rev>", "revision to judge (default: the working tree)")
    .addOption(formatOption("text", "json", "markdown", "sarif"))
    .option("--policy <file>", "judge by this policy file instead of the repository's")
    .option("--clone <name=dir...>", "a clone of another repository that holds the model of a system, by its name")
    .option("--sarif <file...>", "results of scanners in SARIF 2.1.0, to hold against the model")
    .option("--as-of <instant>", "judge as of this time, such as 2026-03-04T00:00:00Z")
    .option("--dry-run", "with OWNER/REPO#N: say what would be written (the default)")
    .option("--post", "with OWNER/REPO#N: write it")
    .option("--no-color", "no colours")
    .action(async (target: string | undefined, options: Options) => {
      const now = instantOf(options.asOf);
      const remote = /^([A-Za-z0-9-]+)\/([A-Za-z0-9._-]+)#(\d+)$/.exec(target ?? "");
      const outcome = remote
        ? await checkPullRequest(remote[1] ?? "", remote[2] ?? "", Number(remote[3]), options)
        : await checkFolder(target ?? ".", options, now);
      print(outcome, options, remote !== null);
      process.exitCode = exitCodeOf(outcome);
      if (outcome.assessment.couldNotEvaluate) process.stderr.write(`threatgate: ${whyNot(outcome)}\n`);
    });
}

async function checkFolder(folder: string, options: Options, now: string): Promise<Outcome> {
  if (options.post) throw new WrongUse("--post needs a pull request: threatgate check OWNER/REPO#N --post.");
  const directory = await topOf(folder);
  const policy = options.policy === undefined ? undefined : await givenPolicy(options.policy);
  const subject: Subject = {
    kind: "local",
    directory,
    base: options.base ?? (await defaultBranch(directory)),
    ...(options.head === undefined ? {} : { head: options.head }),
  };
  const world = worldOf({
    source: withScans(
      checkoutSource({ now, ...(policy ? { policy } : {}), clones: clonesOf(options.clone) }),
      await readScans(options.sarif ?? [], directory),
    ),
    posts: localPosts,
    store: forgetful,
    memory: createMemory(),
    rules: await readRules(),
    host: "https://github.com",
    requestId: "local",
  });
  return run(subject, world);
}

async function checkPullRequest(owner: string, repository: string, number: number, options: Options): Promise<Outcome> {
  const token = process.env["GITHUB_TOKEN"] ?? "";
  if (token === "") {
    throw new WrongUse(
      "GITHUB_TOKEN is not set. Create a token that may read the repository (contents, pull requests, checks) and set it.",
    );
  }
  for (const option of ["base", "head", "policy", "clone", "sarif"] as const) {
    if (options[option] !== undefined)
      throw new WrongUse(`--${option} is for a local folder; a pull request has its own.`);
  }
  const baseUrl = process.env["GITHUB_API_URL"] ?? "https://api.github.com";
  const client = tokenClient(token, "cli", { baseUrl, graphqlUrl: process.env["GITHUB_GRAPHQL_URL"] });
  const { source, posts, trials } = githubPort(client, {
    evidence: { client },
    tracker: issueTracker(client, jiraAccess(process.env)),
    organisationPolicy: { demand: organisationPolicyDemand(process.env["ORGANISATION_POLICY"]) },
    ...(options.asOf === undefined ? {} : { now: instantOf(options.asOf) }),
  });
  const world = worldOf({
    source,
    trials,
    posts: options.post ? posts : dryPosts(posts),
    store: forgetful,
    memory: createMemory(),
    rules: await readRules(),
    host: hostOf(baseUrl),
    requestId: "command line",
  });
  return run({ kind: "pull-request", owner, repository, number }, world);
}

/** The instant a command judges as of. Throws WrongUse for anything that is not a whole ISO instant or date. */
export function instantOf(asOf: string | undefined): string {
  if (asOf === undefined) return new Date().toISOString();
  const whole = /^\d{4}-\d{2}-\d{2}$/.test(asOf) ? `${asOf}T00:00:00Z` : asOf;
  const isInstant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/.test(whole);
  const time = isInstant ? Date.parse(whole) : Number.NaN;
  if (Number.isNaN(time)) throw new WrongUse(`--as-of ${asOf} is not a time. Expected 2026-03-04T00:00:00Z.`);
  return new Date(time).toISOString();
}

function print({ assessment, desired, plan, results }: Outcome, options: Options, remote: boolean): void {
  switch (options.format) {
    case "json":
      process.stdout.write(`${JSON.stringify(checkOutput(assessment, desired), null, 2)}\n`);
      return;
    case "sarif":
      process.stdout.write(`${JSON.stringify(sarifOutput(assessment), null, 2)}\n`);
      return;
    case "markdown":
      process.stdout.write(`# ${desired.checkRun?.title ?? "Nothing to say"}\n\n${desired.checkRun?.summary ?? ""}\n`);
      return;
    default: {
      process.stdout.write(checkText(assessment, options.color ? terminalPalette() : plainPalette));
      if (!remote) return;
      const written = results.length > 0;
      process.stdout.write(
        written ? "\nwritten:\n" : plan.steps.length > 0 ? "\nwould write (--post does):\n" : "\nnothing to write\n",
      );
      for (const [index, line] of tell(plan).entries()) {
        const result = results[index];
        const ending = result && result.outcome !== "done" ? `  (${result.outcome}: ${result.why})` : "";
        process.stdout.write(`  ${plainTerminal(`${line}${ending}`)}\n`);
      }
    }
  }
}

/** On one line what stands in the way of a verdict. */
function whyNot({ assessment }: Outcome): string {
  const reason = assessment.reasons.find(({ outcome }) => outcome === "could-not-evaluate");
  return explain(new Error(reason?.says ?? "It could not be evaluated."));
}

function exitCodeOf({ assessment }: Outcome): number {
  if (assessment.couldNotEvaluate) return 2;
  return assessment.conclusion === "failure" || assessment.conclusion === "action_required" ? 1 : 0;
}
