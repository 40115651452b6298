import { lstat, mkdir, open, realpath } from "node:fs/promises";
import { basename, dirname, join, resolve, sep } from "node:path";
import type { Command } from "commander";
import { type Completed, completeModels, type FileChange, modelCandidates } from "../../core/complete.ts";
import { completedText } from "../../core/completed-text.ts";
import { policyPath } from "../../core/domain/policy.ts";
import { historyOfFiles } from "../../shell/local/authors.ts";
import { git } from "../../shell/local/git.ts";
import { readRules } from "../../shell/local/rule-files.ts";
import { WrongUse } from "../wrong-use.ts";
import { formatOption } from "./format-option.ts";
import { filesBelow, textsBelow } from "./given-files.ts";

interface Options {
  readonly dryRun?: true;
  readonly format: "text" | "json";
}

/** `threatgate complete`: drafts what the models of a repository lack into its native model. */
export function addCompleteCommand(program: Command): void {
  program
    .command("complete")
    .description("draft what the threat models lack: stories, controls, validations, owner and date, a diagram")
    .argument("[dir]", "the repository (default: here)")
    .option("--dry-run", "show what would be written, and write nothing")
    .addOption(formatOption("text", "json"))
    .action(async (dir: string | undefined, options: Options) => {
      const directory = resolve(dir ?? ".");
      if (!(await lstat(directory).catch(() => undefined))) throw new WrongUse(`${dir} is not a folder.`);
      const completed = await completedIn(directory);
      const isDry = options.dryRun === true;
      if (!isDry) for (const { changes } of completed) for (const change of changes) await write(directory, change);
      if (options.format === "json") {
        process.stdout.write(
          `${JSON.stringify({ schemaVersion: 1, written: !isDry, systems: completed.map(jsonOf) }, null, 2)}\n`,
        );
        return;
      }
      if (completed.length === 0)
        process.stderr.write(
          "There is no threat model here that could be completed. `threatgate init` writes a first one.\n",
        );
      process.stdout.write(completedText(completed, !isDry));
      for (const { changes } of completed) for (const { diff } of changes) process.stdout.write(`\n${shown(diff)}`);
    });
}

async function completedIn(directory: string): Promise<readonly Completed[]> {
  const paths = await pathsOf(directory);
  const repository = { owner: "local", name: basename(directory) };
  const [policy] = await textsBelow(directory, [policyPath]);
  const texts = {
    repository: {
      path: policyPath,
      reading:
        policy === undefined ? ({ outcome: "absent" } as const) : ({ outcome: "present", text: policy.text } as const),
    },
  };
  const models = await textsBelow(directory, modelCandidates(paths, texts, repository));
  const drawings = await textsBelow(
    directory,
    paths.filter((path) => /^docs\/data-flow-diagram[^/]*\.md$/.test(path)),
  );
  return completeModels({ repository, policy: texts, models, drawings }, await readRules(), async (files) => {
    const { author, day } = await historyOfFiles(directory, files);
    return { ...(author === undefined ? {} : { owner: author }), ...(day === undefined ? {} : { updated: day }) };
  });
}

/** The files of a folder: those that git knows or would add, else all but what packages bring. */
async function pathsOf(directory: string): Promise<string[]> {
  const known = await git(directory, ["ls-files", "--cached", "--others", "--exclude-standard", "-z"]).then(
    (out) => out.toString("utf8").split("\0"),
    () => undefined,
  );
  if (known !== undefined) return known.filter((path) => path !== "").sort();
  const all = await filesBelow(directory);
  return all.filter((path) => !/(^|\/)(node_modules|\.git)\//.test(path));
}

/** Writes one file inside the folder. A link is never followed, neither as the file nor on the way to it. */
async function write(directory: string, { path, isNew, text }: FileChange): Promise<void> {
  const full = join(directory, path);
  await mkdir(dirname(full), { recursive: true });
  const top = await realpath(directory);
  const folder = await realpath(dirname(full));
  if (folder !== top && !folder.startsWith(`${top}${sep}`))
    throw new WrongUse(`${path} leads out of the repository by a link; nothing was written there.`);
  const found = await lstat(full).catch(() => undefined);
  if (found !== undefined && (isNew || !found.isFile()))
    throw new WrongUse(`${path} is there already and is no file that could be changed.`);
  const file = await open(full, isNew ? "wx" : "r+");
  try {
    await file.truncate(0);
    await file.writeFile(text);
  } finally {
    await file.close();
  }
}

/** A diff for a terminal: what others wrote sends no commands to it (H053). */
function shown(diff: string): string {
  return diff.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (sign) =>
    sign === "\n" || sign === "\t" || sign === "\u200d"
      ? sign
      : `\\u${(sign.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`,
  );
}

function jsonOf({ system, modelFiles, changes, drafts, problems, refused }: Completed): object {
  return {
    system,
    modelFiles,
    changes: changes.map(({ path, isNew, text }) => ({ path, isNew, text })),
    ...(drafts === undefined
      ? {}
      : {
          drafted: {
            owner: drafts.owner ?? null,
            updated: drafts.updated ?? null,
            controls: drafts.controls,
            stories: drafts.stories,
            validations: drafts.validations,
            fromLibrary: drafts.fromLibrary,
          },
          questions: drafts.questions,
          notDrafted: drafts.notDrafted,
        }),
    ...(refused === undefined ? {} : { refused }),
    problems,
  };
}
