import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { Command } from "commander";
import { policyPath } from "../../core/domain/policy.ts";
import { showPlace } from "../../core/domain/problem.ts";
import type { PolicyTexts } from "../../core/domain/snapshot.ts";
import { asksProperties, configOutput, configText, unknownRuleIds } from "../../core/inspect.ts";
import { plainTerminal } from "../../core/judge.ts";
import { type PolicySubject, policyChange } from "../../core/policy.ts";
import { tokenClient } from "../../shell/github/client.ts";
import { readRepositoryPolicy } from "../../shell/github/repository-policy.ts";
import { checkoutSource, defaultBranch, topOf } from "../../shell/local/checkout.ts";
import { lastSteps } from "../../shell/local/history.ts";
import { localPosts } from "../../shell/local/print-plan.ts";
import { readRules } from "../../shell/local/rule-files.ts";
import { judgedBothWays } from "../../shell/policy-trial.ts";
import { organisationPolicyDemand } from "../organisation-policy.ts";
import { createMemory, forgetful, worldOf } from "../world.ts";
import { WrongUse } from "../wrong-use.ts";
import { formatOption } from "./format-option.ts";
import { givenPolicy } from "./given-files.ts";

interface Options {
  readonly format: string;
  readonly policy?: string;
}

/** `threatgate config`: the value of each setting and where it came from; `config validate`: the faults of a file. */
export function addConfigCommand(program: Command): void {
  const config = program
    .command("config")
    .description(
      "effective policy with the origin of each key; `config validate FILE` for the problems of a policy file",
    );
  const show = config
    .command("show", { isDefault: true })
    .description("every setting with where it came from")
    .argument("[target]", "a clone (default: here), or OWNER/REPO on GitHub")
    .addOption(formatOption("text", "json"))
    .option("--policy <file>", "judge by this policy file instead of the repository's")
    .action(async (target: string | undefined, options: Options) => {
      const remote = /^([A-Za-z0-9-]+)\/([A-Za-z0-9._-]+)$/.exec(target ?? "");
      const isRemote = remote !== null && !(await isFolder(target ?? ""));
      const { texts, repository } = isRemote
        ? await policyOnGitHub(remote[1] ?? "", remote[2] ?? "", options)
        : await policyInClone(target ?? ".", options);
      const output =
        options.format === "json"
          ? `${JSON.stringify(configOutput(texts, repository))}\n`
          : configText(texts, repository);
      process.stdout.write(output);
    });
  // Whoever asks for the help of `config` wants what it does without a further word.
  config.addHelpText("after", () => `\nWithout a command it is \`config show\`:\n\n${show.helpInformation()}`);
  config
    .command("try")
    .description("what a change of the policy would make of the last merges of a clone")
    .argument("[dir]", "a clone (default: here)")
    .option("--policy <file>", "the changed policy (default: `.github/threatgate.yml` as it stands in the folder)")
    .option("--last <number>", "how many merges of the default branch to try it on, at most 50", "10")
    .action(async (dir: string | undefined, options: Options & { readonly last: string }) => {
      const most = Number(options.last);
      if (!Number.isInteger(most) || most < 1 || most > 50) {
        throw new WrongUse(`--last ${options.last}: give a number from 1 to 50.`);
      }
      const lines = await tried(await topOf(dir ?? "."), options, most);
      process.stdout.write(`${lines.map(plainTerminal).join("\n")}\n`);
    });
  config
    .command("validate")
    .description("the faults of a policy file; exit 2 when it cannot be used")
    .argument("<file>", "a policy file of a repository or an organisation")
    .addOption(formatOption("text", "json"))
    .action(async (file: string, { format }: Options) => {
      const { text } = await givenPolicy(file);
      const texts = textsToValidate(file, text);
      const repository = { owner: "local", name: "repository" };
      const { usable: isUsable, problems: faults } = configOutput(texts, repository);
      const problems = [...faults, ...(isUsable ? unknownRuleIds(texts, repository, await readRules()) : [])];
      if (!isUsable) process.exitCode = 2;
      if (format === "json") {
        process.stdout.write(`${JSON.stringify({ schemaVersion: 1, usable: isUsable, problems })}\n`);
        return;
      }
      for (const problem of problems) {
        process.stdout.write(`${showPlace(problem)}: ${problem.severity}: ${problem.what} ${problem.hint}\n`);
        if (problem.example) process.stdout.write(`  example: ${problem.example}\n`);
      }
      if (isUsable) process.stdout.write(`${file} can be used.\n`);
      else process.stderr.write(`${file} cannot be used.\n`);
    });
}

interface Found {
  readonly texts: PolicyTexts;
  readonly repository: PolicySubject;
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

async function policyInClone(folder: string, options: Options): Promise<Found> {
  const directory = await topOf(folder);
  const policy = options.policy === undefined ? undefined : await givenPolicy(options.policy);
  const source = checkoutSource({ now: new Date().toISOString(), ...(policy ? { policy } : {}) });
  const subject = { kind: "local", directory, base: "HEAD" } as const;
  const snapshot = await source.snapshot(subject, { files: [], total: 0 }, { texts: [], look: [], teams: [] });
  return { texts: snapshot.policy, repository: snapshot.repository };
}

/** Whoever asks reads it with a token of their own, so that nothing is kept from them. */
async function policyOnGitHub(owner: string, name: string, options: Options): Promise<Found> {
  if (options.policy !== undefined) throw new WrongUse("--policy is for a local folder; a repository has its own.");
  const token = process.env["GITHUB_TOKEN"] ?? "";
  if (token === "") {
    throw new WrongUse("GITHUB_TOKEN is not set. Create a token that may read the repository (contents) and set it.");
  }
  const baseUrl = process.env["GITHUB_API_URL"] ?? "https://api.github.com";
  const client = tokenClient(token, "cli", { baseUrl, graphqlUrl: process.env["GITHUB_GRAPHQL_URL"] });
  const demand = organisationPolicyDemand(process.env["ORGANISATION_POLICY"]);
  const reading = await readRepositoryPolicy(client, { owner, name }, { demand });
  const repository = { owner: reading.owner, name: reading.name };
  if (!asksProperties(reading.texts, repository)) return { texts: reading.texts, repository };
  return { texts: reading.texts, repository: { ...repository, properties: await reading.properties() } };
}

/** The policy of the default branch against the one given, on the last merges: nothing is written, nothing asked of GitHub. */
async function tried(directory: string, options: Options, most: number): Promise<readonly string[]> {
  const path = options.policy ?? join(directory, policyPath);
  const { text } = await givenPolicy(path);
  const branch = await defaultBranch(directory);
  const now = new Date().toISOString();
  const { texts } = await policyInClone(directory, { format: "text" });
  const then: PolicyTexts = { ...texts, repository: { ...texts.repository, reading: { outcome: "present", text } } };
  const steps = await lastSteps(directory, branch, most);
  const world = worldOf({
    source: checkoutSource({ now }),
    posts: localPosts,
    store: forgetful,
    memory: createMemory(),
    rules: await readRules(),
    host: "https://github.com",
    requestId: "local",
  });
  const lines: string[] = [];
  let others = 0;
  for (const { id, parent, title } of steps) {
    const subject = { kind: "local", directory, base: parent, head: id } as const;
    const { before, after, why } = await judgedBothWays(
      subject,
      () => texts,
      () => then,
      world,
    );
    if (before === after) continue;
    others++;
    lines.push(`${id.slice(0, 10)} ${title.slice(0, 70)}`, `  ${before} -> ${after}, because: ${why}`);
  }
  const changed = policyChange(texts, then, (await policyInClone(directory, { format: "text" })).repository);
  return [
    ...(changed.length === 0 ? ["The settings stay as they are."] : changed.map((one) => one.replaceAll("`", ""))),
    "",
    `The last ${steps.length} steps of ${branch}, judged by the policy of ${branch} and by ${path}:`,
    ...lines,
    `${steps.length - others} of ${steps.length} stay as they are. Approvals and members of teams are not known in a clone.`,
  ];
}

/** The texts that a policy file is validated as. One with keys that only an organisation may write is judged as one. */
function textsToValidate(path: string, text: string): PolicyTexts {
  const file = { path, reading: { outcome: "present", text } } as const;
  const isOrganisation = /^(repositories|locked)\s*:/m.test(text);
  return isOrganisation
    ? { organisation: file, repository: { path: policyPath, reading: { outcome: "absent" } } }
    : { repository: file };
}
