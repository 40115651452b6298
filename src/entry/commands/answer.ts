import { lstat, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Command } from "commander";
import { answerLocally, evidenceWanted, patchOf, readLine } from "../../core/converse.ts";
import type { AnswerCommand } from "../../core/domain/command.ts";
import { checkoutSource, defaultBranch, topOf } from "../../shell/local/checkout.ts";
import { localPosts } from "../../shell/local/print-plan.ts";
import { readRules } from "../../shell/local/rule-files.ts";
import { run } from "../../shell/run.ts";
import { createMemory, forgetful, worldOf } from "../world.ts";
import { WrongUse } from "../wrong-use.ts";
import { instantOf } from "./check.ts";

interface Options {
  readonly mitigatedBy?: string;
  readonly notApplicable?: string;
  readonly acceptUntil?: string;
  readonly because?: string;
  readonly approver?: string;
  readonly reopen?: boolean;
  readonly base?: string;
  readonly asOf?: string;
  readonly dryRun?: boolean;
}

/** `threatgate answer`: writes an answer into the model of a checkout, the same change as the command in a comment shows. */
export function addAnswerCommand(program: Command): void {
  program
    .command("answer")
    .description("write the answer to a threat into the model of a checkout")
    .argument("<dir-or-threat...>", "a folder (default: here), then the id of the threat")
    .option("--mitigated-by <control>", "a control of the model, or a path with a line: infra/export.tf:20")
    .option("--not-applicable <reason>", "why the threat does not apply")
    .option("--accept-until <date>", "accept the risk until this day; with --because and --approver")
    .option("--because <reason>", "why the risk is accepted")
    .option("--approver <login>", "the Security Architect who accepts it, and then approves the pull request")
    .option("--reopen", "take the answer back")
    .option("--base <rev>", "revision that the change is compared with (default: the default branch)")
    .option("--as-of <instant>", "answer as of this time, such as 2026-03-04T00:00:00Z")
    .option("--dry-run", "print the difference and write nothing")
    .action(async (places: readonly string[], options: Options) => {
      const [threat = "", folder = ".", ...more] = places.toReversed();
      if (more.length > 0)
        throw new WrongUse(
          "answer takes a folder and the id of one threat: threatgate answer . T-7c1e2q --mitigated-by …",
        );
      const command = commandOf(threat, options);
      const directory = await topOf(folder);
      const now = instantOf(options.asOf);
      const source = checkoutSource({ now });
      const world = worldOf({
        source,
        posts: localPosts,
        store: forgetful,
        memory: createMemory(),
        rules: await readRules(),
        host: "https://github.com",
        requestId: "answer",
      });
      const subject = { kind: "local", directory, base: options.base ?? (await defaultBranch(directory)) } as const;
      const { snapshot, assessment } = await run(subject, world);
      const looked = await source.complete(subject, snapshot, {
        texts: evidenceWanted([command]),
        look: [],
        teams: [],
      });
      // Nobody's membership can be told here: the named approver's review of the pull request is what counts.
      const who = { login: options.approver ?? "", isArchitect: "yes", isAuthor: false } as const;
      const result = answerLocally(command, who, { snapshot: looked, assessment });
      if (result.outcome === "refused")
        throw new WrongUse([result.what, result.hint, ...exampleOf(result.example)].join(" "));
      if (result.outcome === "already") {
        process.stdout.write(`${result.file} says so already; nothing to do.\n`);
        return;
      }
      process.stdout.write(`${patchOf(result)}\n`);
      for (const note of result.notes) process.stderr.write(`${note}\n`);
      if (options.dryRun) return;
      await writeModel(directory, result.file, result.after);
      process.stderr.write(`Written to ${result.file}.\n`);
    });
}

/** The options as the command of a comment, so that both are read by the same rules. Throws WrongUse for what is none. */
function commandOf(threat: string, options: Options): AnswerCommand {
  const { mitigatedBy, notApplicable, acceptUntil, because, approver, reopen } = options;
  const given = [mitigatedBy, notApplicable, acceptUntil, reopen].filter((one) => one !== undefined);
  if (given.length !== 1)
    throw new WrongUse("Give one answer: --mitigated-by, --not-applicable, --accept-until or --reopen.");
  if (acceptUntil !== undefined && !/^[A-Za-z0-9][A-Za-z0-9-]{0,38}$/.test(approver ?? "")) {
    throw new WrongUse(
      "--accept-until needs --approver with the login of the Security Architect who accepts the risk.",
    );
  }
  const words = (text: string | undefined) => (text ?? "").replace(/\s+/g, " ").trim();
  const line =
    mitigatedBy !== undefined
      ? `mitigated ${threat} by ${words(mitigatedBy)}`
      : notApplicable !== undefined
        ? `not-applicable ${threat} because ${words(notApplicable)}`
        : acceptUntil !== undefined
          ? `accept ${threat} until ${words(acceptUntil)} because ${words(because)}`
          : `reopen ${threat}`;
  const read = readLine(`/threat ${line}`);
  if ("fault" in read) throw new WrongUse(read.fault.what);
  switch (read.command.name) {
    case "mitigated":
    case "not-applicable":
    case "accept":
    case "reopen":
      return read.command;
    default:
      throw new WrongUse("Give one answer: --mitigated-by, --not-applicable, --accept-until or --reopen.");
  }
}

function exampleOf(example: string | undefined): string[] {
  return example?.startsWith("/threat ") === false ? [`Right would be: ${example}`] : [];
}

/** Writes inside the checkout alone: never through a link that leads out of it. */
async function writeModel(directory: string, file: string, text: string): Promise<void> {
  const path = join(directory, file);
  for (let at = path; at !== directory && at !== dirname(at); at = dirname(at)) {
    const found = await lstat(at).catch(() => undefined);
    if (found?.isSymbolicLink())
      throw new WrongUse(`${file} lies behind a symbolic link; write the model to a file of the repository.`);
  }
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}
