import { createHash } from "node:crypto";
import { stat } from "node:fs/promises";
import { basename } from "node:path";
import type { Command } from "commander";
import type { EvidenceReport } from "../../core/domain/evidence-report.ts";
import type { Rules } from "../../core/domain/rules.ts";
import { type BundleVerdict, checkBundle, mostBytesOfLine } from "../../core/evidence-report/bundle.ts";
import { bundleLines } from "../../core/evidence-report/bundle-text.ts";
import { evidenceText, reportStyle } from "../../core/evidence-text.ts";
import { worthReading } from "../../core/first-model.ts";
import { gatherEvidence } from "../../core/gather-evidence.ts";
import { textsNeeded } from "../../core/inspect.ts";
import { plainTerminal } from "../../core/judge.ts";
import { rulesInForce } from "../../core/own-rules.ts";
import { timelineOfHistory } from "../../core/timeline.ts";
import { checkoutSource, defaultBranch, topOf } from "../../shell/local/checkout.ts";
import { withTexts } from "../../shell/local/history.ts";
import { LineTooLong, linesOf } from "../../shell/local/lines.ts";
import { historyOfPeriod, type Period, periodOf, periodOfRelease } from "../../shell/local/period.ts";
import { localPosts } from "../../shell/local/print-plan.ts";
import { readRules } from "../../shell/local/rule-files.ts";
import { readTree } from "../../shell/local/tree.ts";
import { run } from "../../shell/run.ts";
import { createMemory, forgetful, worldOf } from "../world.ts";
import { WrongUse } from "../wrong-use.ts";
import { instantOf } from "./check.ts";
import { clonesOf } from "./clones.ts";
import { formatOption } from "./format-option.ts";
import { givenPolicy } from "./given-files.ts";

interface Options {
  readonly from?: string;
  readonly to?: string;
  readonly release?: string;
  readonly framework?: readonly string[];
  readonly clone?: readonly string[];
  readonly asOf?: string;
  readonly policy?: string;
  readonly format: "markdown" | "html" | "json";
}

/** `threatgate evidence`: the report that an auditor asks for, of a period or a release of a clone. */
export function addEvidenceCommand(program: Command): void {
  const evidence = program
    .command("evidence")
    .description("the evidence report of a period or a release; `evidence verify BUNDLE` checks downloaded records");
  const report = evidence
    .command("report", { isDefault: true })
    .description("the report; what `evidence` is without a further word")
    .argument("[dir]", "a clone (default: here)")
    .option(
      "--from <rev-or-day>",
      "where the period begins: a tag, a commit, or a day such as 2026-01-01 (default: a year before its end)",
    )
    .option("--to <rev-or-day>", "where it ends (default: the default branch as it stands)")
    .option("--release <tag>", "the period from the release before this one to this one, instead of --from and --to")
    .option("--framework <id...>", "report only by these: cra, nis2, nis2-2690, iso27001, ssdf, asvs")
    .option("--clone <name=dir...>", "a clone of another repository that holds the model of a system, by its name")
    .option("--as-of <instant>", "judge as of this time, such as 2026-03-04T00:00:00Z")
    .option("--policy <file>", "judge by this policy file instead of the repository's")
    .addOption(formatOption("markdown", "html", "json"))
    .action(async (dir: string | undefined, options: Options) => {
      const rules = await readRules();
      const made = await reportOf(dir ?? ".", options, rules);
      const digest = createHash("sha256").update(reportStyle).digest("base64");
      process.stdout.write(evidenceText(made, options.format, digest));
    });
  // Whoever asks for the help of `evidence` wants the options of the report.
  evidence.addHelpText("after", () => `\nWithout a command it is \`evidence report\`:\n\n${report.helpInformation()}`);
  evidence
    .command("verify")
    .description("check a bundle of records offline: exit 1 names the first broken link")
    .argument("<bundle>", "a file downloaded from the service")
    .option("--digest <digest...>", "a digest that a check on GitHub states, which must be in the chain")
    .addOption(formatOption("text", "json"))
    .action(async (bundle: string, options: { readonly digest?: readonly string[]; readonly format: string }) => {
      const verdict = await verified(bundle, options.digest ?? []);
      process.stdout.write(
        options.format === "json"
          ? `${JSON.stringify({ schemaVersion: 1, ...verdict })}\n`
          : `${bundleLines(verdict).map(plainTerminal).join("\n")}\n`,
      );
      if (verdict.outcome === "unreadable") process.exitCode = 2;
      else if (verdict.outcome === "broken" || verdict.missing.length > 0) process.exitCode = 1;
    });
}

const digestPattern = /^[0-9a-fA-F]{12,64}$/;

/** Reads a bundle line by line; one that does not hold is not read to its end. */
async function verified(path: string, digests: readonly string[]): Promise<BundleVerdict> {
  const strange = digests.find((digest) => !digestPattern.test(digest));
  if (strange !== undefined)
    throw new WrongUse(`--digest ${strange}: give 12 to 64 hexadecimal digits, as a check states them.`);
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile()) throw new WrongUse(`${path}: no such file.`);
  const check = checkBundle(digests);
  try {
    for await (const line of linesOf(path, mostBytesOfLine)) {
      const fault = check.take(line);
      if (fault) return fault;
    }
  } catch (error) {
    if (error instanceof LineTooLong) return check.tooLong();
    throw new WrongUse(`${path}: it cannot be read (${error instanceof Error ? error.message : String(error)}).`);
  }
  return check.end();
}

async function reportOf(folder: string, options: Options, shipped: Rules): Promise<EvidenceReport> {
  const frameworks = frameworksOf(options.framework ?? [], shipped);
  if (options.release !== undefined && (options.from !== undefined || options.to !== undefined))
    throw new WrongUse("--release: leave --from and --to out; a release is a period by itself.");
  const directory = await topOf(folder);
  const branch = await defaultBranch(directory);
  const madeAt = instantOf(options.asOf);
  const period =
    options.release === undefined
      ? await periodOf(directory, branch, options, madeAt)
      : await periodOfRelease(directory, options.release);
  const given = options.policy === undefined ? undefined : await givenPolicy(options.policy);
  const world = worldOf({
    source: checkoutSource({
      now: period.to.at,
      ...(given ? { policy: given } : {}),
      clones: clonesOf(options.clone),
    }),
    posts: localPosts,
    store: forgetful,
    memory: createMemory(),
    rules: shipped,
    host: "https://github.com",
    requestId: "evidence",
  });
  const subject = { kind: "local", directory, base: period.to.commit, head: period.to.commit } as const;
  const { assessment, snapshot } = await run(subject, world);
  const { policy } = assessment;
  const { rules } = rulesInForce(shipped, snapshot, policy);
  const models = assessment.systems.flatMap(({ home, modelFiles }) => (home ? [] : modelFiles));
  const history = await historyOfPeriod(directory, period, models);
  const wanted = history.steps.flatMap(({ commit, files }) => {
    const paths = textsNeeded(files).slice(0, mostTexts);
    return paths.length > 0 ? [{ commit, paths }] : [];
  });
  const steps = await withTexts(directory, history.steps, wanted);
  return gatherEvidence(
    {
      assessment,
      source: "clone",
      branch,
      madeAt,
      period: { from: { ...period.from }, to: period.to },
      files: { name: basename(directory), ...(await readTree(directory, period.to.commit, worthReading)) },
      entries: timelineOfHistory(steps, policy, rules),
      reachesBeginning: history.reachesBeginning,
      commitOf: (reference, at) => {
        const commit = history.authors.get(reference);
        return { reference, at, ...(commit && { commit: commit.id, title: commit.title, author: commit.author }) };
      },
      approvalOf: () => ({ state: "unknown", says: "Git does not tell who approved." }),
      frameworks,
      unknown: notRead(period, history.notRead),
    },
    rules,
  );
}

/** Files of one step whose structure is compared: more is a move of the whole repository. */
const mostTexts = 60;

function notRead({ from }: Period, steps: number): string[] {
  return [
    ...(steps === 0 ? [] : [`The oldest ${steps} commits of the period were not read: there are more than 2,000.`]),
    ...(from === undefined
      ? []
      : ["Changes before the period were not read, so that one still uncovered when it began is not listed."]),
  ];
}

/** @throws WrongUse for a name that no framework has. */
function frameworksOf(given: readonly string[], { frameworks = [] }: Rules): string[] {
  const wanted = given.flatMap((one) => one.split(",")).map((one) => one.trim().toLowerCase());
  const known = frameworks.map(({ id }) => id);
  const strange = wanted.find((one) => !known.includes(one));
  if (strange !== undefined) throw new WrongUse(`--framework ${strange}: choose of ${known.join(", ")}.`);
  return wanted;
}
